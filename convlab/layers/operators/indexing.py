"""Indexing with integers, slices, `...` and new axes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ArgumentTypeError, ShapeError
from convlab.geometry import AxisGeometry
from convlab.geometry.links import Along, At, Dependence, Link, Picked, Product
from convlab.layers.base import Shape
from convlab.layers.operators.operation import Kind, Operation, Shapes, whole_numbers

Array = NDArray[Any]
Index = int | slice | None

_MOST_LISTED = 2**20
"""A longer axis is not told cell by cell."""


@dataclass(frozen=True)
class GetItem(Operation):
    """`x[key]`, where a key is an integer, a slice, `...`, None, or several of them."""

    key: Any

    def shape(self, shapes: Shapes) -> Shape:
        """The sizes that the slices leave; a slice of a size that is not known has None."""
        (shape,) = shapes
        return tuple(
            1 if axis is None else _length(shape[axis], index)
            for axis, index in _indices(shape, self.key)
            if not isinstance(index, int)
        )

    def value(self, arrays: list[Array]) -> Array:
        """The output."""
        return arrays[0][self._whole_key(arrays[0].shape)].copy()

    def gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """The output's gradient in its place, and zero elsewhere."""
        dx = np.zeros(arrays[0].shape, dy.dtype)
        dx[self._whole_key(dx.shape)] = dy
        return [dx]

    def links(self, shapes: Shapes, output: int) -> list[Dependence | None]:  # noqa: ARG002
        """Each output reads one cell; not known where the batch is cut or its axis moves."""
        (shape,) = shapes
        links: list[Link] = []
        place = 0
        for axis, index in _indices(shape, self.key):
            whole = isinstance(index, slice) and index == slice(None)
            if place == 0 and (axis != 0 or not whole):
                return [None]
            if axis:
                link = _link(shape[axis], index, place)
                if link is None:
                    return [None]
                links.append(link)
            place += not isinstance(index, int)
        return [Product(tuple(links))]

    def _whole_key(self, shape: Shape) -> tuple[Index, ...]:
        return tuple(index for _, index in _indices(shape, self.key))


def _indices(shape: Shape, key: Any) -> Iterator[tuple[int | None, Index]]:
    """For every axis of the operand its index, and None for the axis where one is new.

    >>> list(_indices((None, 8, 3), (..., None, -1)))
    [(0, slice(None, None, None)), (1, slice(None, None, None)), (None, None), (2, -1)]
    """
    parts = list(key) if isinstance(key, list | tuple) else [key]
    used = sum(part is not None and part is not Ellipsis for part in parts)
    if used > len(shape) or sum(part is Ellipsis for part in parts) > 1:
        raise ShapeError(
            f"Array has shape {shape} but slice has to many indices. Received: `{key}`",
            received=f"a key of {used} indices, `{key}`",
            remedy=f"Use at most {len(shape)} indices, and `...` once.",
            argument="key",
        )
    if not any(part is Ellipsis for part in parts):
        parts.append(Ellipsis)
    axis = 0
    for part in parts:
        if part is Ellipsis:
            for _ in range(len(shape) - used):
                yield axis, slice(None)
                axis += 1
        elif part is None:
            yield None, None
        else:
            yield axis, _checked(part, shape, axis)
            axis += 1


def _checked(part: Any, shape: Shape, axis: int) -> Index:
    size = shape[axis]
    if isinstance(part, slice):
        whole_numbers([e for e in (part.start, part.stop, part.step) if e is not None], "key")
        if part.step == 0:
            raise ArgumentError(
                "The step of a slice is not 0.",
                received=f"key={part}",
                remedy="Use a step of 1 or more, or a negative one.",
                argument="key",
            )
        return part
    if isinstance(part, bool) or not isinstance(part, int | np.integer):
        raise ArgumentTypeError(
            f"Unsupported key type for array slice. Received: `{part!r:.80}`",
            received=f"a key of type {type(part).__name__}",
            remedy="Use integers, slices, `...` and None.",
            argument="key",
        )
    if size is not None and not -size <= part < size:
        raise ShapeError(
            f"Array has shape {shape} but out-of-bounds index {part} was requested.",
            received=f"index {part} on axis {axis} of size {size}",
            remedy=f"Use an index from {-size} to {size - 1}.",
            argument="key",
        )
    return int(part)


def _length(size: int | None, index: Index) -> int | None:
    return None if size is None else len(range(*_slice(index).indices(size)))


def _slice(index: Index) -> slice:
    return index if isinstance(index, slice) else slice(None)


def _link(size: int | None, index: Index, axis_out: int) -> Link | None:
    """How an axis is read; None where that depends upon a size that is not known."""
    if isinstance(index, int):
        return None if size is None else At((index % size,))
    if index == slice(None):
        return Along(axis_out)
    index = _slice(index)
    step = 1 if index.step is None else int(index.step)
    if size is None:
        return None if step < 0 else _open_link(index, step, axis_out)
    cells = range(*index.indices(size))
    if step < 0:
        return Picked(axis_out, tuple(cells)) if len(cells) <= _MOST_LISTED else None
    behind = size - 1 - cells[-1] if cells else size - cells.start
    relation = AxisGeometry(size, 1, step, pad_before=-cells.start, pad_after=-behind)
    return Along(axis_out, relation)


def _open_link(index: slice, step: int, axis_out: int) -> Link | None:
    """Of an axis of unknown size: known where both ends are counted from their own side."""
    start, stop = index.start or 0, index.stop
    if start < 0 or (stop is not None and stop >= 0):
        return None
    return Along(axis_out, AxisGeometry(None, 1, step, pad_before=-start, pad_after=stop or 0))


OPERATIONS: dict[str, Kind] = {"get_item": Kind(GetItem)}
