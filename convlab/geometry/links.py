"""Which cells of a layer's input a set of its outputs reads, over all axes but the batch.

Along most axes that is one `AxisGeometry`; other axes are read whole, in groups, or at fixed
places. A set of cells is an array with one entry per cell of each axis; an axis of length 1 stands
for cells that are all alike, so that a thousand channels cost what one does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.geometry.axis import AxisGeometry
from convlab.geometry.resampling import Resampling

Cells = NDArray[Any]
"""Booleans (is the cell in the set?) or whole numbers (how many paths lead to it?)."""

Relation = AxisGeometry | Resampling


@dataclass(frozen=True)
class Along:
    """The input's axis is read along an axis of the output.

    Attributes:
        axis: the output's axis; 0 is the batch.
        relation: which cells each output reads; None where output o reads cell o.
        beside: whether outputs that read none of this input read others that stand beside it.
    """

    axis: int
    relation: Relation | None = None
    beside: bool = False


@dataclass(frozen=True)
class Every:
    """Each output reads the whole axis."""


@dataclass(frozen=True)
class Grouped:
    """The outputs of a group read the inputs of that group, as channels in a depthwise layer.

    Attributes:
        axis: the output's axis; 0 is the batch.
        inputs: how many cells of the input a group has.
        outputs: how many of the output.
    """

    axis: int
    inputs: int
    outputs: int


@dataclass(frozen=True)
class At:
    """Every output reads these cells of the axis and no others."""

    indices: tuple[int, ...]


@dataclass(frozen=True)
class Picked:
    """Each output reads one cell of the axis, in an order of any kind, or none.

    Attributes:
        axis: the output's axis; 0 is the batch.
        indices: for each output the cell that it reads; -1 where it reads none.
    """

    axis: int
    indices: tuple[int, ...]


Link = Along | Every | Grouped | At | Picked


@dataclass(frozen=True)
class Product:
    """A dependence that is a product of axes: one link for each axis of the input but the batch.

    Attributes:
        links: for each axis how it is read.
        only: pairs of an axis of the output, which no link has, and a place there: outputs
            elsewhere read nothing.

    Example:
        A convolution of 3 taps over one axis, whose outputs read every channel:

        >>> from convlab.geometry import convolution
        >>> conv = Product((Along(1, convolution(6, 3)), Every()))
        >>> unit = np.zeros((4, 1), bool)
        >>> unit[2] = True
        >>> conv.pull(unit, (6, 5))[:, 0]
        array([False, False,  True,  True,  True, False])
    """

    links: tuple[Link, ...]
    only: tuple[tuple[int, int], ...] = ()

    def pull(self, cells: Cells, sizes: Sequence[int]) -> Cells:
        """The cells of the input that a set of outputs reads.

        Args:
            cells: booleans over the output's axes, or the number of paths to each output.
            sizes: the input's sizes, without the batch.

        Returns:
            The same over the input's axes: what is read, or through how many paths.
        """
        join = np.logical_or if cells.dtype == bool else np.add
        for axis, place in self.only:
            if cells.shape[axis - 1] > 1:  # else all places are alike
                cells = np.take(cells, [place], axis - 1)
        used = [link.axis - 1 for link in self.links if isinstance(link, Along | Grouped | Picked)]
        unused = tuple(axis for axis in range(cells.ndim) if axis not in used)
        kept = [axis for axis in range(cells.ndim) if axis in used]
        cells = join.reduce(cells, axis=unused) if unused else cells
        cells = np.transpose(cells, [kept.index(axis) for axis in used])
        for axis, (link, size) in enumerate(zip(self.links, sizes, strict=True)):
            match link:
                case Every():
                    cells = np.expand_dims(cells, axis)
                case At(indices):
                    cells = _placed(np.expand_dims(cells, axis), axis, indices, size)
                case Grouped():
                    cells = _grouped(cells, axis, link)
                case Picked(_, indices):
                    taps = np.array(indices, np.int64).reshape(-1, 1)
                    cells = _spread(cells, axis, taps, size, join)
                case Along(_, relation) if relation is not None:
                    once = isinstance(relation, AxisGeometry)
                    cells = _spread(cells, axis, relation.taps(), size, join, once=once)
        return cells


@dataclass(frozen=True)
class Reshaped:
    """The same cells in the same order under another shape: each output reads one input.

    Attributes:
        sizes_out: the output's sizes, without the batch.
        links: for the axes that the new shape keeps, `Along`; for others None.
        order: the input's axes in the order in which its cells are taken; empty is their own.
    """

    sizes_out: tuple[int | None, ...]
    links: tuple[Along | None, ...]
    order: tuple[int, ...] = ()

    @classmethod
    def between(cls, sizes_in: Sequence[int | None], sizes_out: Sequence[int | None]) -> Reshaped:
        """The dependence of a reshape, and which axes it keeps.

        >>> Reshaped.between((4, 5, 6), (4, 1, 30)).links == (Along(1), None, None)
        True
        """
        sizes_in, sizes_out = tuple(sizes_in), tuple(sizes_out)
        kept = [
            next((b for b in range(len(sizes_out)) if _same_axis(sizes_in, a, sizes_out, b)), None)
            for a in range(len(sizes_in))
        ]
        return cls(sizes_out, tuple(None if b is None else Along(b + 1) for b in kept))

    def pull(self, cells: Cells, sizes: Sequence[int]) -> Cells:
        """The cells of the input that a set of outputs reads."""
        if cells.size == 1:
            return np.reshape(cells, [1] * len(sizes))
        whole = np.broadcast_to(cells, [size or 0 for size in self.sizes_out])
        if not self.order:
            return np.reshape(whole, sizes)
        return np.reshape(whole, [sizes[a] for a in self.order]).transpose(np.argsort(self.order))


@dataclass(frozen=True)
class Recurrent:
    """Time, first of the axes: a state reads the input of its step and the state before.

    A state is taken to read the cell of its own place of the state before, too: so does an LSTM,
    whose gates read it through a kernel and whose memory keeps it.

    Attributes:
        step: how the state reads the input of its step, time left out.
        state: how it reads the state before.
        sequences: whether the output is the state of every step; else that of the last.
        backwards: whether the last step of the input comes first.
    """

    step: Product
    state: Product
    sequences: bool
    backwards: bool = False

    def pull(self, cells: Cells, sizes: Sequence[int]) -> Cells:
        """The cells of the input that a set of outputs reads."""
        join = np.logical_or if cells.dtype == bool else np.add
        times, *place = sizes
        given = [np.zeros_like(cells[0] if self.sequences else cells)] * times
        if self.sequences:
            given = list(np.broadcast_to(cells, (times, *cells.shape[1:])))
        elif times:
            given[-1] = cells
        state_sizes = [
            link.relation.size_in or 0 if isinstance(link, Along) and link.relation else 1
            for link in self.state.links
        ]
        state: Cells | None = None
        read = []
        for at_time in reversed(given):
            if state is None:
                state = at_time
            else:
                state = join(join(state, self.state.pull(state, state_sizes)), at_time)
            read.append(self.step.pull(state, place))
        if not self.backwards:
            read.reverse()
        return np.stack(read) if read else np.zeros([0] * len(sizes), cells.dtype)


Dependence = Product | Reshaped | Recurrent


def elementwise(rank: int) -> Product:
    """The dependence of a layer that reads, for each output, the input at the same place.

    Args:
        rank: how many axes the input has, the batch included.
    """
    return Product(tuple(Along(axis) for axis in range(1, rank)))


def broadcast(shape: Sequence[int | None], shape_out: Sequence[int | None]) -> Product:
    """The dependence on an operand that is stretched to the output's shape, as NumPy does.

    Args:
        shape: the operand's shape, batch included; it may lack leading axes.
        shape_out: the output's shape, batch included.
    """
    missing = len(shape_out) - len(shape)
    return Product(
        tuple(
            Every() if size == 1 != shape_out[axis + missing] else Along(axis + missing)
            for axis, size in enumerate(shape)
            if axis > 0
        )
    )


def _same_axis(one: Sequence[int | None], a: int, two: Sequence[int | None], b: int) -> bool:
    """Whether axis a of one shape is axis b of another, of as many cells in the same order."""
    before = (_cells(one[:a]), _cells(two[:b]))
    after = (_cells(one[a + 1 :]), _cells(two[b + 1 :]))
    equal = [pair[0] == pair[1] for pair in (before, after) if None not in pair]
    if one[a] is None or two[b] is None:
        return one[a] is two[b] and equal == [True, True]
    return one[a] == two[b] and any(equal)


def _cells(sizes: Sequence[int | None]) -> int | None:
    """How many cells there are of some sizes; None while one is not known."""
    return None if None in sizes else math.prod(size for size in sizes if size is not None)


def _placed(cells: Cells, axis: int, indices: tuple[int, ...], size: int) -> Cells:
    places = np.zeros(size, dtype=bool)
    places[list(indices)] = True
    return (
        cells & _on_axis(places, axis, cells.ndim)
        if cells.dtype == bool
        else np.where(_on_axis(places, axis, cells.ndim), cells, 0)
    )


def _on_axis(values: Cells, axis: int, rank: int) -> Cells:
    return values.reshape([-1 if a == axis else 1 for a in range(rank)])


def _grouped(cells: Cells, axis: int, link: Grouped) -> Cells:
    if cells.shape[axis] == 1 and link.outputs * link.inputs > 0:
        return cells  # all channels alike, before and after
    shape = cells.shape
    groups = shape[axis] // link.outputs
    parts = cells.reshape(*shape[:axis], groups, link.outputs, *shape[axis + 1 :])
    return np.repeat(parts.max(axis=axis + 1), link.inputs, axis=axis)  # a group counts once


def _equally_read(taps: Cells, size: int) -> int:
    """How often every cell of an axis is read, where that is the same for all; else 0."""
    counts = np.bincount(taps[taps >= 0], minlength=size)
    return int(counts[0]) if size and (counts == counts[0]).all() else 0


def _spread(
    cells: Cells, axis: int, taps: Cells, size: int, join: np.ufunc, *, once: bool = False
) -> Cells:
    """Along one axis: what the outputs read through their taps.

    `once` says that, through one tap, at most one output reads a cell, which is faster.
    """
    if cells.shape[axis] == 1 and (alike := _equally_read(taps, size)):
        return cells if cells.dtype == bool else cells * alike
    values = np.moveaxis(cells, axis, 0)
    values = np.broadcast_to(values, (len(taps), *values.shape[1:]))
    read = np.zeros((size, *values.shape[1:]), dtype=cells.dtype)
    for tap in range(taps.shape[1]):
        reads = taps[:, tap] >= 0
        if once:
            rows = taps[reads, tap]
            read[rows] = join(read[rows], values[reads])
        else:
            join.at(read, taps[reads, tap], values[reads])
    return np.moveaxis(read, 0, axis)
