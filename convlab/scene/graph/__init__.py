"""A network as a drawing: layers from top to bottom, as plain data, and what shows it."""

from convlab.scene.graph.building import Network, build_drawing, groups_of
from convlab.scene.graph.data import Drawing, Edge, Frame, Node
from convlab.scene.graph.maps import Small, packed, small_map, small_mask
from convlab.scene.graph.marking import Mark, Marks

__all__ = [
    "Drawing",
    "Edge",
    "Frame",
    "Mark",
    "Marks",
    "Network",
    "Node",
    "Small",
    "build_drawing",
    "groups_of",
    "packed",
    "small_map",
    "small_mask",
]
