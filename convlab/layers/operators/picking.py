"""Operations that put the cells of an axis in another order: flipped, rolled, repeated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry.links import Along, Dependence, Link, Picked, Product
from convlab.geometry.moving import nearest
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


class Picking(Operation):
    """An operation that works axis by axis: each output is a copy of one cell, or a constant.

    A class of the family says for an axis how many outputs there are (`size`) and of which cells
    they are copies (`cells`); None leaves the axis as it is.
    """

    fill: Any = 0

    def check(self, shape: Shape) -> None:
        """Refuse a shape that does not fit the settings."""

    def size(self, size: int | None, axis: int, rank: int) -> int | None:  # noqa: ARG002
        """The output's size along an axis."""
        return size

    def cells(self, size: int, axis: int, rank: int) -> Array | None:
        """For each output along an axis the cell of which it is a copy; -1 for the constant."""
        raise NotImplementedError

    def link(self, size: int | None, axis: int, rank: int) -> Link | None:
        """How an axis is read; None where that is not known."""
        if size is None or (self.size(size, axis, rank) or 0) > _MOST_LISTED:
            return None
        cells = self.cells(size, axis, rank)
        return Along(axis) if cells is None else Picked(axis, tuple(cells.tolist()))

    def shape(self, shapes: Shapes) -> Shape:
        """The output's shape."""
        (shape,) = shapes
        self.check(shape)
        return tuple(self.size(size, axis, len(shape)) for axis, size in enumerate(shape))

    def value(self, arrays: list[Array]) -> Array:
        """The output."""
        (y,) = arrays
        for axis, size in enumerate(y.shape):
            cells = self.cells(size, axis, y.ndim)
            if cells is None:
                continue
            copied = cells >= 0
            kept = np.take(y, cells[copied], axis)
            if copied.all():
                y = kept
                continue
            y = np.full((*y.shape[:axis], len(cells), *y.shape[axis + 1 :]), self.fill, y.dtype)
            y[(slice(None),) * axis + (copied,)] = kept
        return y

    def gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """Each cell gets the gradients of its copies."""
        for axis, size in enumerate(arrays[0].shape):
            cells = self.cells(size, axis, dy.ndim)
            if cells is not None:
                copied = cells >= 0
                dx = np.zeros((size, *np.delete(dy.shape, axis)), dy.dtype)
                np.add.at(dx, cells[copied], np.moveaxis(dy, axis, 0)[copied])
                dy = np.moveaxis(dx, 0, axis)
        return [dy]

    def links(self, shapes: Shapes, output: int) -> list[Dependence | None]:  # noqa: ARG002
        """Each output reads one cell or none; not known where examples change places."""
        (shape,) = shapes
        self.check(shape)
        rank = len(shape)
        moved = not shape or self.cells(1, 0, rank) is not None
        links = [self.link(size, axis, rank) for axis, size in enumerate(shape) if axis]
        if moved or None in links:
            return [None]
        return [Product(tuple(link for link in links if link is not None))]


@dataclass(frozen=True)
class Flip(Picking):
    """The cells of some axes in the opposite order; None means all axes."""

    axis: Any = None

    def check(self, shape: Shape) -> None:
        """Refuse axes that there are not."""
        axes_of(self.axis, len(shape))

    def cells(self, size: int, axis: int, rank: int) -> Array | None:
        """Last to first."""
        return np.arange(size)[::-1] if axis in axes_of(self.axis, rank) else None


@dataclass(frozen=True)
class Roll(Picking):
    """The cells of an axis moved on; those that leave it at the end come in at the front."""

    shift: Any
    axis: Any = None

    def check(self, shape: Shape) -> None:
        """Refuse another number of shifts than of axes."""
        shifts, axes = _listed(self.shift), _listed(self.axis)
        whole_numbers(shifts, "shift")
        if len(shifts) != len(axes):
            raise ArgumentError(
                "A roll has one shift for each axis.",
                received=f"shift={self.shift!r}, axis={self.axis!r}",
                remedy="Use shift=1, axis=1.",
                argument="shift",
            )
        for axis in axes:
            axis_of(axis, len(shape))

    def cells(self, size: int, axis: int, rank: int) -> Array | None:
        """From the shift on."""
        pairs = zip(_listed(self.shift), _listed(self.axis), strict=True)
        shifts = [shift for shift, a in pairs if axis_of(a, rank) == axis]
        return np.roll(np.arange(size), sum(shifts)) if shifts else None


@dataclass(frozen=True)
class Repeat(Picking):
    """Each cell of an axis so many times in a row."""

    repeats: Any
    axis: Any = None

    def check(self, shape: Shape) -> None:
        """Refuse what is not one number, 0 or more, along one axis."""
        axis_of(self.axis, len(shape))
        self._count()

    def size(self, size: int | None, axis: int, rank: int) -> int | None:
        """So many times as large."""
        here = axis == axis_of(self.axis, rank)
        return size * self._count() if here and size is not None else size

    def cells(self, size: int, axis: int, rank: int) -> Array | None:
        """Each in a row."""
        here = axis == axis_of(self.axis, rank)
        return np.repeat(np.arange(size), self._count()) if here else None

    def link(self, size: int | None, axis: int, rank: int) -> Link | None:
        """As upsampling to the nearest."""
        if axis != axis_of(self.axis, rank) or not self._count():
            return super().link(size, axis, rank)
        return Along(axis, nearest(size, self._count()))

    def _count(self) -> int:
        (count, *more) = whole_numbers(_listed(self.repeats), "repeats")
        if more or count < 0:
            raise ArgumentError(
                "All cells of an axis are repeated the same number of times.",
                received=f"repeats={self.repeats!r:.80}",
                remedy="Use repeats=2.",
                argument="repeats",
            )
        return count


@dataclass(frozen=True)
class Tile(Picking):
    """The whole of each axis so many times in a row."""

    repeats: Any

    def check(self, shape: Shape) -> None:
        """Refuse more numbers than axes, and negative ones."""
        counts = whole_numbers(_listed(self.repeats), "repeats")
        if len(counts) > len(shape) or min(counts, default=0) < 0:
            raise ShapeError(
                "A tile has a number, 0 or more, for each axis.",
                received=f"repeats={self.repeats!r:.80}, for an input of shape {shape}",
                remedy=f"Use {len(shape)} numbers.",
                argument="repeats",
            )

    def size(self, size: int | None, axis: int, rank: int) -> int | None:
        """So many times as large."""
        return None if size is None else size * self._count(axis, rank)

    def cells(self, size: int, axis: int, rank: int) -> Array | None:
        """First to last, again and again."""
        count = self._count(axis, rank)
        return None if count == 1 else np.tile(np.arange(size), count)

    def _count(self, axis: int, rank: int) -> int:
        counts = _listed(self.repeats)
        return int([*[1] * (rank - len(counts)), *counts][axis])


@dataclass(frozen=True)
class Take(Picking):
    """The cells of an axis at given places."""

    indices: Any
    axis: Any = None

    def check(self, shape: Shape) -> None:
        """Refuse places beyond the axis."""
        size = shape[axis_of(self.axis, len(shape))]
        places = whole_numbers(self.indices, "indices")
        if size is not None and any(not -size <= place < size for place in places):
            raise ShapeError(
                f"The places on an axis of {size} are from {-size} to {size - 1}.",
                received=f"indices={self.indices!r:.80}",
                remedy="Use smaller indices, or a larger input.",
                argument="indices",
            )

    def size(self, size: int | None, axis: int, rank: int) -> int | None:
        """As many as there are places."""
        return len(self.indices) if axis == axis_of(self.axis, rank) else size

    def cells(self, size: int, axis: int, rank: int) -> Array | None:
        """The places."""
        if axis != axis_of(self.axis, rank):
            return None
        places = np.asarray(self.indices, np.int64)
        return np.where(places < 0, places + size, places)


_MOST_LISTED = 2**20
"""A longer axis is not told cell by cell."""


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | np.ndarray) else [value]


OPERATIONS: dict[str, Kind] = {
    "flip": Kind(Flip),
    "roll": Kind(Roll),
    "repeat": Kind(Repeat),
    "tile": Kind(Tile),
    "take": Kind(Take),
}
