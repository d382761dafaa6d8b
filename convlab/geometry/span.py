"""How far along an axis of a network's input one unit reaches: layer after layer, exactly.

A span says, for unit o of a tensor's axis, the first and the last input cell that it reads if the
input went on without an end. Cells repeat with a period: unit `o + period` reads what unit o
reads, `advance` cells further on. A chain of gathers has a period of 1; an upsampling by r has r.

Sources: the recurrence is that of A. Araujo, W. Norris and J. Sim, "Computing receptive fields of
convolutional neural networks", Distill, 2019; the phases of scatters and resamplings are ours.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from convlab.geometry.axis import AxisGeometry
from convlab.geometry.resampling import Resampling

Offsets = tuple[Sequence[int], ...]

_MOST = 2**15
"""A pattern of more cells is not followed: no network needs it, and a hostile file could ask it."""


@dataclass(frozen=True)
class Pattern:
    """The cells that outputs read along an axis without an end.

    Attributes:
        period: after so many outputs the pattern repeats ...
        advance: ... so many inputs further on.
        offsets: for each output of the first period, the inputs that it reads, rising.
        placed: False where the padding before the first cell is not known, and taken as 0.
    """

    period: int
    advance: int
    offsets: Offsets
    placed: bool = True

    @property
    def centre(self) -> Fraction:
        """Where output 0 stands on the input's scale, on the average over a period."""
        step = Fraction(self.advance, self.period)
        middles = [
            Fraction(cells[0] + cells[-1], 2) - step * o
            for o, cells in enumerate(self.offsets)
            if cells
        ]
        return sum(middles, Fraction()) / max(len(middles), 1)


@lru_cache(maxsize=1024)
def pattern(relation: AxisGeometry | Resampling) -> Pattern | None:
    """The pattern of an axis's relation; None where its sizes do not tell it, or it is too long.

    >>> from convlab.geometry import convolution, nearest
    >>> pattern(convolution(9, 3, stride=2))
    Pattern(period=1, advance=2, offsets=(range(0, 3),), placed=True)
    >>> pattern(nearest(9, 2))
    Pattern(period=2, advance=1, offsets=(range(0, 1), range(0, 1)), placed=True)
    """
    if isinstance(relation, Resampling):
        return _resampled(relation)
    if relation.transposed:
        return _scattered(relation)
    before = relation.pad_before or 0
    reach = range(-before, relation.reach - before, relation.dilation)
    return Pattern(1, relation.stride, (reach,), relation.pad_before is not None)


@dataclass(frozen=True)
class Span:
    """What the units along one axis of a tensor read of one axis of the network's input.

    Attributes:
        period: after so many units the pattern repeats ...
        advance: ... so many input cells further on.
        first: for each unit of the first period, the first cell that it reads; None where it
            reads none.
        last: the same for the last cell.
        low: where unit 0 is centred along the path that lies farthest to the front; paths are
            compared by their averages over a period.
        high: the same for the path that lies farthest to the end.
        even: whether all paths have the same stride, so that their centres can be compared.
        placed: whether the padding before the first cell is known along all paths.
    """

    period: int = 1
    advance: int = 1
    first: tuple[int | None, ...] = (0,)
    last: tuple[int | None, ...] = (0,)
    low: Fraction = Fraction()
    high: Fraction = Fraction()
    even: bool = True
    placed: bool = True

    @property
    def stride(self) -> Fraction:
        """How many input cells lie between neighbouring units, on the average."""
        return Fraction(self.advance, self.period)

    @property
    def size(self) -> int:
        """The most cells from first to last that a unit reads, holes included."""
        pairs = zip(self.first, self.last, strict=True)
        return max((b - a + 1 for a, b in pairs if a is not None and b is not None), default=0)

    def bounds(self, unit: int) -> tuple[int, int] | None:
        """The first and the last cell that a unit reads, beyond the input's edges too.

        >>> from convlab.geometry import convolution
        >>> Span().through(convolution(9, 3, padding="same")).bounds(0)
        (-1, 1)
        """
        turns, phase = divmod(unit, self.period)
        first, last = self.first[phase], self.last[phase]
        if first is None or last is None:
            return None
        return first + turns * self.advance, last + turns * self.advance

    def through(self, relation: AxisGeometry | Resampling | None) -> Span | None:
        """The span of the outputs of a layer whose inputs have this span."""
        if relation is None:
            return self
        found = pattern(relation)
        return None if found is None else _composed(self, found)

    def only(self, *units: int) -> Span:
        """The span of outputs that all read the same few units.

        >>> from convlab.geometry import convolution
        >>> Span().through(convolution(9, 3, stride=2)).only(3).bounds(0)
        (6, 8)
        """
        known = [found for unit in units if (found := self.bounds(unit))]
        return replace(
            self,
            period=1,
            advance=0,
            first=(min((first for first, _ in known), default=None),),
            last=(max((last for _, last in known), default=None),),
            low=self.low + self.stride * min(units),
            high=self.high + self.stride * max(units),
        )

    def joined(self, other: Span) -> Span | None:
        """The span of units that read what both spans' units of the same place read."""
        if self == other:
            return self
        period = math.lcm(self.period, other.period)
        if period > _MOST:
            return None
        one, two = self._over(period), other._over(period)
        even = self.even and other.even and self.stride == other.stride
        pairs_first = zip(one.first, two.first, strict=True)
        pairs_last = zip(one.last, two.last, strict=True)
        return Span(
            period,
            one.advance,
            tuple(_least(a, b) for a, b in pairs_first),
            tuple(_most(a, b) for a, b in pairs_last),
            min(self.low, other.low),
            max(self.high, other.high),
            even,
            self.placed and other.placed,
        )

    def _over(self, period: int) -> Span:
        """The same span told over a longer period."""
        turns = period // self.period
        shifts = [turn * self.advance for turn in range(turns)]
        return replace(
            self,
            period=period,
            advance=turns * self.advance,
            first=tuple(_moved(cell, by) for by in shifts for cell in self.first),
            last=tuple(_moved(cell, by) for by in shifts for cell in self.last),
        )

    def reduced(self) -> Span:
        """The same span told over its shortest period."""
        for period in range(1, self.period):
            if self.period % period or self.advance * period % self.period:
                continue
            advance = self.advance * period // self.period
            short = replace(
                self,
                period=period,
                advance=advance,
                first=self.first[:period],
                last=self.last[:period],
            )
            whole = short._over(self.period)
            if (whole.first, whole.last) == (self.first, self.last):
                return short
        return self


@lru_cache(maxsize=4096)
def _composed(span: Span, through: Pattern) -> Span | None:
    period = through.period * span.period // math.gcd(span.period, through.advance)
    longest = max(len(cells) for cells in through.offsets)
    if period * min(longest, 2 * span.period) > _MOST:
        return None
    turns = period // through.period
    first, last = [], []
    for unit in range(period):
        turn, phase = divmod(unit, through.period)
        cells = [cell + turn * through.advance for cell in _outer(through.offsets[phase], span)]
        bounds = [found for cell in cells if (found := span.bounds(cell))]
        first.append(min((a for a, _ in bounds), default=None))
        last.append(max((b for _, b in bounds), default=None))
    moved = span.stride * through.centre
    return Span(
        period,
        turns * through.advance * span.advance // span.period,
        tuple(first),
        tuple(last),
        span.low + moved,
        span.high + moved,
        span.even,
        span.placed and through.placed,
    ).reduced()


def _outer(cells: Sequence[int], span: Span) -> Iterator[int]:
    """The cells among which those are whose units read farthest to the front and to the end.

    What a unit reads that stands a period further on lies further on.
    """
    few = span.period
    if isinstance(cells, range) and len(cells) > 2 * few:
        yield from cells[:few]
        yield from cells[-few:]
    else:
        yield from cells


def _scattered(axis: AxisGeometry) -> Pattern | None:
    """The pattern of a scatter: of each phase, the inputs whose taps fall on it."""
    stride, dilation = axis.stride, axis.dilation
    if stride > _MOST:
        return None
    common = math.gcd(stride, dilation)
    apart, back = stride // common, dilation // common
    inverse = pow(back, -1, apart)
    offsets = []
    for place in range(axis.crop_before, axis.crop_before + stride):
        tap = place // common * inverse % apart  # the first with place - tap * dilation in stride
        read = len(range(tap, axis.kernel, apart)) if place % common == 0 else 0
        last = (place - tap * dilation) // stride
        offsets.append(range(last - (read - 1) * back, last + 1, back))
    return Pattern(stride, 1, tuple(offsets))


def _resampled(axis: Resampling) -> Pattern | None:
    """The pattern of a resampling: that of outputs far from the edges."""
    if axis.factor is None and (axis.window is None or axis.size_out is None):
        return None
    period, advance = axis.rate
    if (period + advance) * axis.kernel > _MOST:
        return None
    turns = axis.kernel // advance + 1
    wide = axis.widened(2 * turns + 1)
    rows = slice(turns * period, (turns + 1) * period)
    shift = axis.start - turns * advance
    offsets = [
        tuple(sorted({int(cell) + shift for cell in cells[(cells >= 0) & (shares != 0)]}))
        for cells, shares in zip(wide.taps()[rows], wide.weights()[rows], strict=True)
    ]
    return Pattern(period, advance, tuple(offsets))


def _moved(cell: int | None, by: int) -> int | None:
    return None if cell is None else cell + by


def _least(a: int | None, b: int | None) -> int | None:
    return min((cell for cell in (a, b) if cell is not None), default=None)


def _most(a: int | None, b: int | None) -> int | None:
    return max((cell for cell in (a, b) if cell is not None), default=None)
