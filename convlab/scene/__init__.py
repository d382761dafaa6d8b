"""What to show, as plain data, and the browser module that plays it."""

from convlab.inspector.notes import indices
from convlab.scene.assets import graph_module, graph_style, stage_module, stage_style
from convlab.scene.axis import Axis, Line
from convlab.scene.building import build_scene
from convlab.scene.data import Gates, Grid, LayerStep, Norm, Scene, Time
from convlab.scene.wire import as_plain, input_as_plain
from convlab.scene.words import facts, shape

__all__ = [
    "Axis",
    "Gates",
    "Grid",
    "LayerStep",
    "Line",
    "Norm",
    "Scene",
    "Time",
    "as_plain",
    "build_scene",
    "facts",
    "graph_module",
    "graph_style",
    "indices",
    "input_as_plain",
    "shape",
    "stage_module",
    "stage_style",
]
