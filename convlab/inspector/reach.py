"""How far the units of one tensor reach along one axis of one input; and of two branches joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from convlab.geometry.span import Span

Sizes = tuple[int | None, ...]
"""Of a tensor, without the batch."""

Key = tuple[int, int]
"""Which input of the network, and which of its axes; 0 is the batch."""

Hull = tuple[int, int] | None
"""The first and the last cell that is read; None where none is, or it is not known."""


@dataclass(frozen=True)
class Reach:
    """What the units of a tensor read along one axis of one input.

    Attributes:
        axes: the tensor's axes along which they differ; none where all units read the same.
        span: which cells, apart from what is read as a whole; None where no span tells it.
        steady: whether there is but one such axis, and neighbours along it are neighbours; not so
            behind a Flatten.
        whole: the layer through which every unit reads the whole axis, or "".
        unknown: the layer whose dependence is not known, or "".
        size: how many cells the input's axis has; None where that is not known.
        hull: the first and the last cell that the units read together, apart from what the span
            tells of neighbours; None where that is all, or it is not known.
    """

    axes: tuple[int, ...]
    span: Span | None
    steady: bool = True
    whole: str = ""
    unknown: str = ""
    size: int | None = None
    hull: Hull = None

    def together(self, units: int | None) -> Hull:
        """The first and the last cell that so many neighbours along the axis read together."""
        span, size = self.span, self.size
        if not self.steady or span is None or not span.even or units is None or size is None:
            return self.hull
        phases = range(min(span.period, units))
        return _hull([self.hull, *(_read_by_phase(span, p, units, size) for p in phases)])


def _read_by_phase(span: Span, phase: int, units: int, size: int) -> Hull:
    """The cells of the input, from first to last, that every period-th of the units reads."""
    bounds = span.bounds(phase)
    if bounds is None:
        return None
    first, last = bounds
    step = span.advance or 1
    turns = -(-(units - phase) // span.period) if span.advance else 1
    begin = max(-(last // step), 0)  # of the first one that does not lie before the input
    end = min((size - 1 - first) // step, turns - 1)
    if begin > end:
        return None
    return max(first + begin * step, 0), min(last + end * step, size - 1)


Reaches = Mapping[Key, Reach]
"""Of one tensor: all axes of all inputs that its units read."""


def union(one: Reach, two: Reach, sizes: Sizes, rows: set[int]) -> Reach:
    """What units read through either of two branches.

    Args:
        one: a branch.
        two: another.
        sizes: those of the tensor, without the batch.
        rows: its axes along which the branches stand side by side.
    """
    whole, unknown = one.whole or two.whole, one.unknown or two.unknown
    axes = tuple(dict.fromkeys((*one.axes, *two.axes)))
    together = _hull_of_all([_together(reach, sizes) for reach in (one, two)])
    either = Reach(axes, None, False, whole, unknown, one.size, together)
    for local, other in ((one, two), (two, one)):
        if other.span is None and other.whole:  # it reads everything: the span is that of the rest
            return replace(local, whole=whole, unknown=unknown, hull=together)
    if one.span is None or two.span is None:
        return either
    if rows.intersection(axes):  # each unit reads through one of them
        wider = max(one.span, two.span, key=lambda span: span.size)
        return replace(either, span=replace(wider, placed=False))
    if one.axes != two.axes or one.steady != two.steady:
        return either
    hull = _hull([one.hull, two.hull]) if one.steady else together
    return replace(one, span=one.span.joined(two.span), whole=whole, unknown=unknown, hull=hull)


def _together(reach: Reach, sizes: Sizes) -> Hull:
    """What all units of a tensor read."""
    return reach.together(sizes[reach.axes[0] - 1] if len(reach.axes) == 1 else None)


def _hull(parts: Iterable[Hull]) -> Hull:
    known = [part for part in parts if part is not None]
    if not known:
        return None
    return min(first for first, _ in known), max(last for _, last in known)


def _hull_of_all(parts: Sequence[Hull]) -> Hull:
    return None if None in parts else _hull(parts)
