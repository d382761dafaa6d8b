"""The steps of layers without weights: pooling, padding, cropping, upsampling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from convlab.layers.cropping import BaseCropping
from convlab.layers.global_pooling import BaseGlobalMaxPooling
from convlab.layers.pooling import BaseMaxPooling
from convlab.layers.up_sampling import BaseUpSampling
from convlab.scene.axis import Axis
from convlab.scene.building.work import Made, Work, axes_of, channels_read, shown
from convlab.scene.data import Grid, LayerStep, Norm, Reduce, Values


def pooling(work: Work) -> Made:
    """Max and average pooling, of windows or of all cells."""
    largest = isinstance(work.layer, BaseMaxPooling | BaseGlobalMaxPooling)
    return _made(work, "pooling", "max" if largest else "mean")


def copying(work: Work) -> Made:
    """Padding with zeros, and cropping."""
    return _made(work, "cropping" if isinstance(work.layer, BaseCropping) else "padding")


def upsampling(work: Work) -> Made:
    """Cells that are repeated, or mixed; mixed whole numbers are rounded."""
    layer: BaseUpSampling = work.layer
    made = _made(work, "upsampling")
    (step,) = made.steps
    if work.x.dtype.kind not in "iu" or step.axes[0].weights is None:
        return made
    mixed = shown(layer, layer(work.x.astype("float32")))
    note = f"round: to a whole number, half to even, within what {work.x.dtype} holds"
    return replace(made, steps=(replace(step, linear=mixed, activation="round", note=note),))


def _made(work: Work, name: str, reduce: Reduce = "sum") -> Made:
    """One step in which every channel is treated alike."""
    output = work.layer(work.x)
    axes = axes_of(work.layer.geometry(work.x.shape)[0], padding="padding")
    result = shown(work.layer, output)
    channels = result.shape[-1]
    step = LayerStep(
        axes=axes,
        input=work.input,
        kernel=None,
        bias=None,
        linear=result,
        output=_alike(result, work.input, axes),
        channels=channels_read(channels, 1, channels),
        activation="linear",
        name=name,
        reduce=reduce,
        weight_name="",
        groups=channels,
    )
    return Made((step,), output)


def _alike(result: Values, source: Grid, axes: tuple[Axis, ...]) -> Grid:
    """The result in the colours of what it was made from, unless it leaves their range."""
    within = np.all((result >= source.norm.low) & (result <= source.norm.high))
    if within or all(axis.weights is None for axis in axes):
        return Grid(result, source.norm, source.colour)
    table = None if source.norm.table == "magnitude" else source.norm.table
    return Grid(result, Norm.of(result, table), source.colour)
