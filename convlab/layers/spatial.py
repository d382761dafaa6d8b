"""Layers over spatial axes: where the channels stand, and which sizes are spatial."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ShapeError
from convlab.geometry import AxisGeometry
from convlab.geometry.links import Along, Dependence, Link, Product
from convlab.layers.base import Layer, Shape

Array = NDArray[Any]


class Spatial(Layer):
    """A layer over `rank` spatial axes, in either data format.

    A layer of this kind takes `(batch, *sizes, channels)`, or `(batch, channels, *sizes)` with
    channels_first.
    """

    rank: ClassVar[int]
    data_format: str = "channels_last"
    step_names: ClassVar[tuple[str, ...]] = ()
    """What the steps of `geometry` are called, where there are several."""

    @property
    def input_rank(self) -> int:
        """How many axes an input has, batch and channels included."""
        return self.rank + 2

    @property
    def channel_axis(self) -> int:
        """The axis of the channels: -1, or 1 with channels_first."""
        return -1 if self.data_format == "channels_last" else 1

    def spatial_sizes(self, shape: Shape) -> Shape:
        """The sizes of the spatial axes of a whole shape."""
        return shape[1:-1] if self.channel_axis == -1 else shape[2:]

    def whole_shape(self, batch: Any, sizes: Iterable[Any], channels: Any) -> tuple[Any, ...]:
        """A whole shape from its parts, in the layer's data format."""
        if self.channel_axis == -1:
            return (batch, *sizes, channels)
        return (batch, channels, *sizes)

    def channel_link(self, shape: Shape) -> Link:
        """Which channels an output reads: here, the one of its own number."""
        return Along(self.channel_axis % len(shape))

    def dependence(self, input_shape: Any, output: int = 0) -> tuple[Dependence | None, ...]:  # noqa: ARG002
        """Which cells of the input the outputs read: one relation for each axis.

        Raises:
            ShapeError: the layer cannot take such an input.

        Example:
            >>> from convlab.layers import MaxPooling1D
            >>> product, = MaxPooling1D(2).dependence((None, 6, 3))
            >>> product.links[1], product.links[0].relation.stride
            (Along(axis=2, relation=None, beside=False), 2)
        """
        shape = self.standard(input_shape)
        places = [axis for axis in range(1, len(shape)) if axis != self.channel_axis % len(shape)]
        links = (Along(*pair) for pair in zip(places, self.geometry(shape)[0], strict=True))
        whole = self.whole_shape(None, links, self.channel_link(shape))
        return (Product(whole[1:]),)

    def channels_last(self, x: Array) -> Array:
        """An array in the layer's data format as channels_last; contiguous."""
        return np.ascontiguousarray(x if self.channel_axis == -1 else np.moveaxis(x, 1, -1))

    def own_format(self, y: Array) -> Array:
        """A channels_last array in the layer's data format; contiguous."""
        return y if self.channel_axis == -1 else np.ascontiguousarray(np.moveaxis(y, -1, 1))


def each_axis(
    rule: Callable[..., AxisGeometry], *arguments: Sequence[Any]
) -> tuple[tuple[AxisGeometry, ...], list[ShapeError | None]]:
    """Apply a rule of the geometry to every axis.

    Args:
        rule: makes the geometry of one axis.
        *arguments: for each of the rule's arguments, its value per axis.

    Returns:
        The geometries, and per axis the refusal or None; the geometries are complete where no axis
        refused.
    """
    axes: list[AxisGeometry] = []
    errors: list[ShapeError | None] = []
    for values in zip(*arguments, strict=True):
        try:
            axes.append(rule(*values))
            errors.append(None)
        except ShapeError as error:
            errors.append(error)
    return tuple(axes), errors
