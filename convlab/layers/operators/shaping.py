"""Operations that give the same numbers another shape or order of axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry.links import Along, Dependence, Every, Product, Reshaped
from convlab.layers.base import Shape
from convlab.layers.operators.operation import (
    Kind,
    Operation,
    Shapes,
    axes_of,
    axis_of,
    whole_numbers,
)

Array = NDArray[Any]


@dataclass(frozen=True)
class Reshape(Operation):
    """The same numbers in the same order under another shape; one size may be -1."""

    newshape: Any

    def shape(self, shapes: Shapes) -> Shape:
        """The new shape; -1 stands for None while a size is not known."""
        (shape,) = shapes
        given = [-1 if size is None else size for size in _several(self.newshape)]
        target = tuple(whole_numbers(given, "newshape"))
        whole = None if None in shape else math.prod(size or 0 for size in shape)
        known = math.prod(size for size in target if size != -1)
        free = target.count(-1)
        fits = whole is None or (whole == known if not free else known and not whole % known)
        if free > 1 or min(target, default=0) < -1 or not fits:
            raise ShapeError(
                "The total size of the tensor must be unchanged. Received: "
                f"input_shape={shape}, target_shape={target}",
                received=f"input_shape={shape}, target_shape={target}",
                remedy="Use sizes whose product is that of the input; one of them may be -1.",
                argument="newshape",
            )
        filled = None if whole is None else whole // max(known, 1)
        return tuple(filled if size == -1 else size for size in target)

    def value(self, arrays: list[Array]) -> Array:
        """The output."""
        (x,) = arrays
        return x.reshape(_sizes(self.shape([x.shape])))

    def gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """The output's gradient in the operand's shape."""
        return [dy.reshape(arrays[0].shape)]

    def links(self, shapes: Shapes, output: int) -> list[Dependence | None]:  # noqa: ARG002
        """Each output reads one cell; not known where examples are mixed."""
        (shape,) = shapes
        shape_out = self.shape(shapes)
        if not _keeps_batch(shape, shape_out):
            return [None]
        return [Reshaped.between(shape[1:], shape_out[1:])]


def _keeps_batch(shape: Shape, shape_out: Shape) -> bool:
    if not shape or not shape_out:
        return False
    if None in (*shape[1:], *shape_out[1:]):
        return shape[0] is not None and shape[0] == shape_out[0]
    return math.prod(_sizes(shape[1:])) == math.prod(_sizes(shape_out[1:]))


def _sizes(shape: Shape) -> list[int]:
    return [size or 0 for size in shape]


class Rearranging(Operation):
    """An operation that puts axes in another order, adds axes of size 1, or takes them away.

    A class of the family says where each axis of the output comes from.
    """

    def sources(self, shape: Shape) -> list[int | None]:
        """For each axis of the output the operand's axis, or None for a new one of size 1.

        Raises:
            ShapeError: the operand cannot be rearranged so.
        """
        raise NotImplementedError

    def shape(self, shapes: Shapes) -> Shape:
        """The operand's sizes in their new places."""
        (shape,) = shapes
        return tuple(1 if a is None else shape[a] for a in self.sources(shape))

    def value(self, arrays: list[Array]) -> Array:
        """The output."""
        (x,) = arrays
        return x.transpose(self._order(x)).reshape(_sizes(self.shape([x.shape])))

    def gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """The output's gradient with the axes in the operand's order."""
        (x,) = arrays
        order = self._order(x)
        return [dy.reshape([x.shape[a] for a in order]).transpose(np.argsort(order))]

    def links(self, shapes: Shapes, output: int) -> list[Dependence | None]:  # noqa: ARG002
        """Each output reads one cell; not known where the batch moves."""
        (shape,) = shapes
        sources = self.sources(shape)
        if not sources or sources[0] != 0:
            return [None]
        links = (Along(sources.index(a)) if a in sources else Every() for a in range(1, len(shape)))
        return [Product(tuple(links))]

    def _order(self, x: Array) -> list[int]:
        """The axes as they stand in the output, then those of size 1 that it lacks."""
        kept = [a for a in self.sources(x.shape) if a is not None]
        return kept + [a for a in range(x.ndim) if a not in kept]


@dataclass(frozen=True)
class Transpose(Rearranging):
    """The axes in the order of `axes`; None turns the order round."""

    axes: Any = None

    def sources(self, shape: Shape) -> list[int | None]:
        """The axes as given."""
        rank = len(shape)
        order = [axis_of(a, rank) for a in (range(rank)[::-1] if self.axes is None else self.axes)]
        if sorted(order) != [*range(rank)]:
            raise ShapeError(
                f"The axes of a transpose are those of its input, {rank}, each once.",
                received=f"axes={self.axes!r}, for an input of shape {shape}",
                remedy=f"Use an order of {', '.join(map(str, range(rank)))}.",
                argument="axes",
            )
        return [*order]


@dataclass(frozen=True)
class Moveaxis(Rearranging):
    """Some axes in other places, the others in their order."""

    source: Any
    destination: Any

    def sources(self, shape: Shape) -> list[int | None]:
        """The axes with some moved."""
        rank = len(shape)
        moved = [axis_of(axis, rank) for axis in _several(self.source)]
        places = [axis_of(axis, rank) for axis in _several(self.destination)]
        if not len(moved) == len(places) == len({*moved}) == len({*places}):
            raise ArgumentError(
                "As many axes are moved as there are places for them, each once.",
                received=f"source={self.source!r}, destination={self.destination!r}",
                remedy="Use source=1, destination=-1.",
                argument="source",
            )
        order = [axis for axis in range(rank) if axis not in moved]
        for place, axis in sorted(zip(places, moved, strict=True)):
            order.insert(place, axis)
        return [*order]


def _swapaxes(axis1: int, axis2: int) -> Moveaxis:
    """Two axes in each other's place."""
    return Moveaxis((axis1, axis2), (axis2, axis1) if axis1 != axis2 else (axis1, axis2))


@dataclass(frozen=True)
class ExpandDims(Rearranging):
    """New axes of size 1."""

    axis: Any

    def sources(self, shape: Shape) -> list[int | None]:
        """The axes with new ones among them."""
        rank = len(shape) + len(_several(self.axis))
        new = axes_of(self.axis, rank)
        old = iter(range(len(shape)))
        return [None if a in new else next(old) for a in range(rank)]


@dataclass(frozen=True)
class Squeeze(Rearranging):
    """Axes of size 1 taken away; None takes all of them."""

    axis: Any = None

    def sources(self, shape: Shape) -> list[int | None]:
        """The axes that stay."""
        ones = [a for a, size in enumerate(shape) if size == 1]
        gone = ones if self.axis is None else axes_of(self.axis, len(shape))
        if any(shape[a] not in (1, None) for a in gone):
            raise ShapeError(
                f"Cannot squeeze axis={self.axis}, because the dimension is not 1.",
                received=f"an input of shape {shape}",
                remedy=f"The axes of size 1 are {ones}.",
                argument="axis",
            )
        return [a for a in range(len(shape)) if a not in gone]


def _several(axes: Any) -> Sequence[Any]:
    return list(axes) if isinstance(axes, list | tuple | np.ndarray) else [axes]


OPERATIONS: dict[str, Kind] = {
    "reshape": Kind(Reshape),
    "ravel": Kind(lambda: Reshape((-1,))),
    "transpose": Kind(Transpose),
    "swapaxes": Kind(_swapaxes),
    "moveaxis": Kind(Moveaxis),
    "expand_dims": Kind(ExpandDims),
    "squeeze": Kind(Squeeze),
}
