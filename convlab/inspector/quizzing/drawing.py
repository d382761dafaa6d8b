"""Layers drawn at random, each level with more arguments than the one before."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any

from convlab import layers
from convlab.errors import ShapeError
from convlab.layers.spatial import Spatial

SIZES = (16, 20, 24, 27, 28, 32, 33, 48, 64)
"""Input sizes, most of them even, some not."""


def convolution(draw: Random, level: int) -> Spatial:
    """A convolution; from level 2 on with dilation, depthwise and grouped ones, too."""
    given: dict[str, Any] = {"padding": draw.choice(["valid", "same"])}
    kernel = draw.choice([3, 5] if level == 1 else [2, 3, 4, 5, 7])
    if draw.random() < 0.6 or level == 1:
        given["strides"] = draw.choice([1, 2] if level == 1 else [2, 3])
    elif level > 1:
        given["dilation_rate"] = draw.choice([2, 3])
    filters = draw.choice([4, 8, 16])
    cls: Any = layers.Conv2D
    if level > 1:
        cls = draw.choice([layers.Conv1D, layers.Conv2D, layers.Conv2D, layers.SeparableConv2D])
    if level > 2 and draw.random() < 0.25:
        cls = layers.Conv3D
    if cls is layers.Conv1D and draw.random() < 0.4:
        given["padding"] = "causal"
    made: Spatial = cls(filters, kernel, **_plain(given))
    return made


def pooling(draw: Random, level: int) -> Spatial:
    """A pooling; from level 2 on with strides of its own."""
    cls = draw.choice([layers.MaxPooling2D, layers.AveragePooling2D])
    size = draw.choice([2, 3])
    given: dict[str, Any] = {"padding": draw.choice(["valid", "same"])}
    if level > 1:
        given["strides"] = draw.choice([1, 2, 3])
    made: Spatial = cls(size, **_plain(given))
    return made


def transposed(draw: Random, level: int) -> Spatial:
    """A transposed convolution; from level 3 on with output padding."""
    stride = draw.choice([2, 2, 3])
    given: dict[str, Any] = {"strides": stride, "padding": draw.choice(["valid", "same"])}
    kernel = draw.choice([2, 3, 4, 5])
    if level > 2 and draw.random() < 0.6:
        least = 1 if given["padding"] == "same" and kernel % 2 == 0 else 0
        given["output_padding"] = draw.randrange(least, stride)
    made: Spatial = layers.Conv2DTranspose(draw.choice([4, 8]), kernel, **_plain(given))
    return made


def moving(draw: Random, level: int) -> Spatial:  # noqa: ARG001 - they are alike at every level
    """A layer that copies: cropping, padding, upsampling."""
    amounts = [draw.randint(0, 3) for _ in range(4)]
    pairs = ((amounts[0], amounts[1]), (amounts[2], amounts[3]))
    made: Spatial = draw.choice(
        [layers.Cropping2D(pairs), layers.ZeroPadding2D(pairs), layers.UpSampling2D((2, 3))]
    )
    return made


def any_layer(draw: Random, level: int) -> Spatial:
    """A layer of a kind that the level asks for."""
    kinds = (
        [convolution, pooling] if level == 1 else [convolution, convolution, pooling, transposed]
    )
    if level > 1:
        kinds.append(moving)
    return draw.choice(kinds)(draw, level)


def input_shape(draw: Random, layer: Spatial, channels: int | None = None) -> tuple[Any, ...]:
    """A shape that the layer takes, with the batch; height and width may differ."""
    channels = channels or draw.choice([1, 3, 4])
    while True:
        sizes = [draw.choice(SIZES)] * layer.rank
        if layer.rank == 2 and draw.random() < 0.3:
            sizes[1] = draw.choice(SIZES)
        shape: tuple[Any, ...] = layer.whole_shape(None, sizes, channels)
        with suppress(ShapeError):  # a window that reaches too far for these sizes
            layer.check(shape)
            return shape


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    """Without what is the default anyway."""
    defaults = {"padding": "valid", "strides": 1}
    return {name: value for name, value in given.items() if value != defaults.get(name)}
