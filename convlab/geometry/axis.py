"""The relation between one axis of the input and one axis of the output.

    gather   (convolution, pooling, cropping, padding):  i = o*stride + t*dilation - pad_before
    scatter  (transposed convolution, upsampling):       i = (o + crop_before - t*dilation) / stride

with `o` an output index, `t` a tap of the kernel and `i` the input index that is read; in a
scatter, `i` must be whole. Everything that convlab computes, explains or draws reads this object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import sizes

if TYPE_CHECKING:
    from convlab.geometry.derivation import Step

Indices = NDArray[np.int64]
Marks = NDArray[np.uint8]
_Scalar = TypeVar("_Scalar", bound=np.generic)
_Made = TypeVar("_Made")

_MOST_KEPT = 2**14
"""The tables of an axis are remembered up to so many (cell, tap) pairs: 128 kB each."""

_MOST = 2**28
"""Larger tables are refused: 2 GiB each."""

_MOST_INDEX = 2**60

READ, PADDING, HOLE = 0, 1, 2  # what `positions()` says of a coordinate
"""`READ`: an input cell. `PADDING`: beyond the input's edge. `HOLE`: between two input cells, where
a scatter with stride > 1 reads nothing."""


@dataclass(frozen=True)
class AxisGeometry:
    """Which inputs each output reads along one axis, and through which tap of the kernel.

    Args:
        size_in: the number of input cells, or None when it is not known.
        kernel: the number of taps.
        stride: the step of the window (gather), or the distance between stamps (scatter).
        dilation: the distance between neighbouring taps.
        pad_before: cells of padding before the first input cell; negative crops. None only where
            it depends on an unknown `size_in`. Gather only.
        pad_after: the same behind the last input cell.
        crop_before: cells cut from the front of the full scatter. Scatter only.
        crop_after: the same at its end; negative extends it.
        transposed: whether the relation is a scatter.
        output_padding: what the user asked for; kept for the explanation only, since it is folded
            into the crops already.
        padding: the rule that chose the pads or crops ("valid", "same", "causal"), kept for the
            explanation; "explicit" when they were given as numbers.

    Raises:
        ArgumentError: a count that must be positive is not.
        ShapeError: the output would have a negative size.

    Example:
        >>> axis = AxisGeometry(5, kernel=3, stride=2, pad_before=1, pad_after=1)
        >>> axis.size_out
        3
        >>> axis.taps()
        array([[-1,  0,  1],
               [ 1,  2,  3],
               [ 3,  4, -1]])
    """

    size_in: int | None
    kernel: int
    stride: int = 1
    dilation: int = 1
    pad_before: int | None = 0
    pad_after: int | None = 0
    crop_before: int = 0
    crop_after: int = 0
    transposed: bool = False
    output_padding: int | None = None
    padding: str = "explicit"

    def __post_init__(self) -> None:
        for name in ("kernel", "stride", "dilation"):
            if getattr(self, name) < 1:
                raise ArgumentError(
                    f"An axis needs a `{name}` of 1 or more.",
                    received=f"{name}={getattr(self, name)}",
                    remedy=f"Use {name}=1 or a larger integer.",
                    argument=name,
                )
        if (self.size_in or 0) < 0 or (self.size_out or 0) < 0:
            raise ShapeError(
                "No axis can have a negative size.",
                received=f"size_in={self.size_in}, from which the output size is {self.size_out}",
                remedy="Use a larger input, or crop less of it.",
            )

    @cached_property
    def reach(self) -> int:
        """How many cells the dilated kernel spans, holes included: `(kernel - 1)*dilation + 1`."""
        return sizes.REACH.value(k=self.kernel, d=self.dilation)

    @cached_property
    def size_out(self) -> int | None:
        """The number of output cells; None when the input's size is unknown."""
        if self.size_in is None:
            return None
        known = {"n": self.size_in, "s": self.stride, "K": self.reach}
        if self.transposed:
            crops = {"C_before": self.crop_before, "C_after": self.crop_after}
            return sizes.SCATTER_SIZE.value(f=sizes.FULL_SIZE.value(**known), **crops)
        before, after = self.pads
        # where not one window fits, the output has no cell
        return max(sizes.GATHER_SIZE.value(**known, P_before=before, P_after=after), 0)

    @property
    def pads(self) -> tuple[int, int]:
        """`pad_before` and `pad_after` as integers.

        Raises:
            ShapeError: they depend on an input size that is not known.
        """
        if self.pad_before is None or self.pad_after is None:
            raise self._unknown("The padding is")
        return self.pad_before, self.pad_after

    def taps(self) -> Indices:
        """The input index that each output reads through each tap; -1 where it reads none.

        Returns:
            int64 array of shape `(size_out, kernel)`, read-only.

        Raises:
            ShapeError: the input's size is not known.
        """
        return _taps(self._known())

    def positions(self) -> tuple[Indices, Marks]:
        """Where each tap of each output falls on the input's own scale, padding included.

        Returns:
            The coordinates, int64 `(size_out, kernel)`, which may lie outside of the input (in a
            hole, the coordinate is rounded down), and what each is: `READ`, `PADDING` or `HOLE`.

        Raises:
            ShapeError: the input's size is not known.
        """
        return _positions(self._known())

    def readers(self) -> Indices:
        """The output index that reads each input through each tap; -1 where none does.

        Returns:
            int64 array of shape `(size_in, kernel)`, read-only: the transpose of `taps()`.

        Raises:
            ShapeError: the input's size is not known.
        """
        return _readers(self._known())

    def read_counts(self) -> Indices:
        """How many (output, tap) pairs read each input cell; int64 array `(size_in,)`."""
        return np.asarray(np.count_nonzero(self.readers() >= 0, axis=1), dtype=np.int64)

    def read_pairs(self) -> int:
        """How many (output, tap) pairs read an input cell: not padding, and not a hole.

        They are counted by arithmetic: an axis of any size costs nothing.

        Raises:
            ShapeError: the input's size is not known.

        Example:
            >>> AxisGeometry(5, kernel=3, pad_before=1, pad_after=1).read_pairs()
            13
        """
        size_in, size_out = self._sizes()
        # seen from the input, a scatter's output i*stride + t*dilation - crop_before
        many, size = (size_in, size_out) if self.transposed else (size_out, size_in)
        before = self.crop_before if self.transposed else self.pads[0]
        up_to, too_early = (
            _pairs_below(bound, many, self.stride, self.kernel, self.dilation)
            for bound in (before + size, before)
        )
        return up_to - too_early

    def never_read(self) -> tuple[int, ...]:
        """The indices of the input cells that no output reads.

        Example:
            >>> AxisGeometry(6, kernel=3, stride=2).never_read()
            (5,)
        """
        return tuple(chain.from_iterable(self.unread()))

    def unread(self) -> Iterator[range]:
        """The runs of neighbouring input cells that no output reads, first to last.

        They are found one by one as they are asked for, by arithmetic: an axis of any size costs
        nothing. Only a gather with both stride and dilation looks at its table, and a scatter whose
        output is smaller than its dilation.

        Raises:
            ShapeError: the input's size is not known.

        Example:
            >>> list(AxisGeometry(6, kernel=1, stride=3).unread())
            [range(1, 3), range(4, 6)]
        """
        size_in, size_out = self._sizes()
        if self.transposed and size_out < self.dilation:
            return runs(np.flatnonzero(self.read_counts() == 0).tolist())
        if self.transposed:  # read is what overlaps the output, from its first tap to its last
            first = max(0, -((self.reach - 1 - self.crop_before) // self.stride))
            end = -((-size_out - self.crop_before) // self.stride)
            ends = (range(min(first, size_in)), range(end, size_in))
            return (run for run in (ends if first < end else (range(size_in),)) if run)
        # the windows are equal runs at equal distances, or else the cells of each tap are
        if self.dilation == 1 or self.kernel == 1:
            equal = (self.kernel, self.stride, size_out)
        elif self.stride == 1 or size_out <= 1:
            equal = (size_out, self.dilation, self.kernel if size_out else 0)
        else:
            return runs(np.flatnonzero(self.read_counts() == 0).tolist())
        return _gaps(size_in, -self.pads[0], *equal)

    def transpose(self) -> AxisGeometry:
        """The same relation with input and output exchanged: a gather's scatter, and back.

        Raises:
            ShapeError: the input's size is not known.
        """
        n, m = self._sizes()
        scattered, gathered = (n, m) if self.transposed else (m, n)
        before = self.crop_before if self.transposed else self.pads[0]
        full = sizes.FULL_SIZE.value(n=scattered, s=self.stride, K=self.reach)
        after = full - gathered - before
        pads, crops = ((before, after), (0, 0)) if self.transposed else ((0, 0), (before, after))
        return AxisGeometry(
            m,
            self.kernel,
            self.stride,
            self.dilation,
            *pads,
            *crops,
            transposed=not self.transposed,
        )

    def derivation(self) -> tuple[Step, ...]:
        """The arithmetic from input size to output size, step by step."""
        from convlab.geometry.derivation import derive

        return derive(self)

    def _sizes(self) -> tuple[int, int]:
        if self.size_in is None or self.size_out is None:
            raise self._unknown("The index table of this axis is")
        return self.size_in, self.size_out

    def _known(self) -> AxisGeometry:
        self._sizes()
        return self

    def _too_large(self) -> ShapeError:
        return ShapeError(
            f"The index table of an axis holds at most {_MOST} pairs of a cell and a tap, whose "
            "places are integers of 64 bits.",
            received=f"{max(self._sizes())} cells, {self.kernel} taps, stride={self.stride}, "
            f"dilation={self.dilation}",
            remedy="Use a smaller kernel, smaller strides, or a smaller input.",
        )

    def _unknown(self, what: str) -> ShapeError:
        return ShapeError(
            f"{what} not known while the input's size is None.",
            received="size_in=None",
            remedy="Give the input a size along this axis.",
            argument="input_shape",
        )


def _pairs_below(bound: int, many: int, stride: int, taps: int, dilation: int) -> int:
    """How many pairs `o < many, t < taps` have `o * stride + t * dilation < bound`.

    >>> _pairs_below(5, 4, 2, 3, 1)  # 0 1 2, 2 3 4, 4
    7
    """
    whole = min(max((bound - 1 - (taps - 1) * dilation) // stride + 1, 0), many)  # all their taps
    some = min(max((bound - 1) // stride + 1, whole), many) - whole
    left = bound - 1 - (whole + some - 1) * stride  # of the last of them
    return whole * taps + some + _floor_sum(some, dilation, stride, left)


def _floor_sum(count: int, divisor: int, step: int, start: int) -> int:
    """The sum of `(start + i * step) // divisor` for i below count, all at least 0, by Euclid.

    >>> _floor_sum(4, 3, 5, 1), sum((1 + i * 5) // 3 for i in range(4))
    (10, 10)
    """
    total = 0
    while count:
        total += count * (count - 1) // 2 * (step // divisor) + count * (start // divisor)
        step, start = step % divisor, start % divisor
        last = step * count + start
        count, start = last // divisor, last % divisor
        divisor, step = step, divisor
    return total


def runs(cells: Iterable[int]) -> Iterator[range]:
    """Rising indices as runs of neighbours.

    >>> list(runs([3, 4, 7]))
    [range(3, 5), range(7, 8)]
    """
    run = range(0)
    for cell in cells:
        if run and cell > run.stop:
            yield run
        run = range(run.start if run and cell == run.stop else cell, cell + 1)
    if run:
        yield run


def _gaps(size: int, first: int, length: int, period: int, count: int) -> Iterator[range]:
    """What `count` runs of one length, a period apart from `first` on, leave of `size` cells."""
    end = 0
    if length >= period and count:  # no gaps between them: one run
        length, count = length + (count - 1) * period, 1
    skipped = max(0, (-first - length) // period + 1)  # they end before the first cell
    for start in range(first + skipped * period, min(first + count * period, size), period):
        if start > end:
            yield range(end, start)
        end = start + length
    if end < size:
        yield range(end, size)


def _kept(make: Callable[[AxisGeometry], _Made]) -> Callable[[AxisGeometry], _Made]:
    """Remember the tables of an axis, unless they are large."""
    remembered = lru_cache(maxsize=128)(make)

    def table(axis: AxisGeometry) -> _Made:
        cells = max(axis._sizes()) * axis.kernel
        if cells > _MOST or max(axis._sizes()) * axis.stride + axis.reach > _MOST_INDEX:
            raise axis._too_large()
        return (remembered if cells <= _MOST_KEPT else make)(axis)

    return table


@_kept
def _positions(axis: AxisGeometry) -> tuple[Indices, Marks]:
    size_in, size_out = axis._sizes()
    outputs = np.arange(size_out, dtype=np.int64)[:, None]
    offsets = np.arange(axis.kernel, dtype=np.int64)[None, :] * axis.dilation
    if axis.transposed:
        coordinates, remainder = np.divmod(outputs + axis.crop_before - offsets, axis.stride)
    else:
        coordinates = outputs * axis.stride + offsets - axis.pads[0]
        remainder = np.zeros_like(coordinates)
    marks = np.where((coordinates >= 0) & (coordinates < size_in), READ, PADDING).astype(np.uint8)
    marks[remainder != 0] = HOLE
    return _frozen(coordinates), _frozen(marks)


@_kept
def _taps(axis: AxisGeometry) -> Indices:
    coordinates, marks = _positions(axis)
    return _frozen(np.where(marks == READ, coordinates, -1))


@_kept
def _readers(axis: AxisGeometry) -> Indices:
    size_in, _ = axis._sizes()
    taps = _taps(axis)
    readers = np.full((size_in, axis.kernel), -1, dtype=np.int64)
    outputs, tap = np.nonzero(taps >= 0)
    readers[taps[outputs, tap], tap] = outputs  # through one tap, at most one output reads a cell
    return _frozen(readers)


def _frozen(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    array.setflags(write=False)
    return array
