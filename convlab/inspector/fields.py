"""From what the units of a tensor read to their receptive fields, and how branches lie."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from convlab.geometry import axis_names
from convlab.geometry.span import Span
from convlab.inspector.channels import first_reader, input_channel
from convlab.inspector.field import Join, Number, ReceptiveField
from convlab.inspector.reach import Reach, Reaches
from convlab.inspector.reaches import reaches_of
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.models.calls import Call, Calls, Wire


class Fields:
    """The fields in a network's inputs.

    Args:
        calls: the network.
    """

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.reaches = reaches_of(calls)
        self.begun = [call for call in calls.calls if call.is_input]
        self.spatial = [self._spatial_axes(which) for which in range(len(self.begun))]
        self.names = [self._names(which) for which in range(len(self.begun))]

    def of(self, wire: Wire, name: str) -> dict[int, ReceptiveField]:
        """The field of a tensor's units in each input that is reached, by the input's number."""
        reaches = self.reaches.get(id(wire), {})
        return {
            which: self._field(which, reaches, name)
            for which in dict.fromkeys(which for which, _ in reaches)
        }

    def _field(self, which: int, reaches: Reaches, name: str) -> ReceptiveField:
        spec, axes = self.begun[which].outputs[0].spec, self.spatial[which]
        sizes = spec.shape if spec else ()
        told = [_axis(reaches.get((which, axis)), sizes[axis]) for axis in axes]
        columns = [tuple(one[part] for one in told) for part in range(8)] if told else [()] * 8
        return ReceptiveField(name, self.begun[which].name, self.names[which], *columns)

    def _spatial_axes(self, which: int) -> tuple[int, ...]:
        """The axes of an input that are spatial: all but the batch and the channels."""
        spec = self.begun[which].outputs[0].spec
        channel = input_channel(self.calls, self.reaches, which)
        return tuple(axis for axis in range(1, len(spec.shape) if spec else 0) if axis != channel)

    def _names(self, which: int) -> tuple[str, ...]:
        reader, rank = first_reader(self.calls, self.reaches, which), len(self.spatial[which])
        if isinstance(reader, ConvLSTM) and rank > 1:
            return ("time", *axis_names(rank - 1))
        if 0 < rank <= 3:
            return tuple(axis_names(rank))
        return tuple(f"axis {a + 1}" for a in range(rank))

    def joins_behind(self, wire: Wire, which: int) -> tuple[Join, ...]:
        """The joins on the way from an input to a tensor."""
        before = _behind(self.calls, wire)
        told = (self.join(call, which) for call in self.calls.calls if id(call) in before)
        return tuple(join for join in told if join is not None)

    def join(self, call: Call, which: int) -> Join | None:
        """How the branches that a call joins lie to one another; None where it joins none."""
        branches = [
            given
            for given in call.inputs
            if any(
                reach.span
                for key, reach in self.reaches.get(id(given), {}).items()
                if key[0] == which
            )
        ]
        if len(branches) < 2:
            return None
        reaches = self.reaches.get(id(call.outputs[0]), {})
        told = [
            alignment(reach.span if (reach := reaches.get((which, a))) else None)
            for a in self.spatial[which]
        ]
        return Join(
            call.name,
            tuple(aligned is not False for aligned, _ in told),
            tuple(offset for _, offset in told),
        )


def _axis(reach: Reach | None, size: int | None) -> tuple[Any, ...]:
    """Size, stride, padding, centre, aligned, offset, reader of all, local size."""
    if reach is None:
        return 0, None, None, None, None, None, "", 0
    span = reach.span
    local = span.size if span and span.even else None
    aligned, offset = alignment(span)
    if reach.whole and not reach.unknown:
        if size is None:
            return None, None, None, None, aligned, offset, reach.whole, local
        first, last = reach.hull or (0, size - 1)
        centre = (first + last) / 2
        return last - first + 1, None, -first, centre, aligned, offset, reach.whole, local
    if reach.unknown or span is None:
        return None, None, None, None, None, None, reach.whole, None
    if not span.even:  # the size differs from unit to unit
        return None, None, None, None, aligned, offset, "", None
    if not reach.steady:
        return local, None, None, None, aligned, offset, "", local
    bounds = span.bounds(0)
    known = bounds is not None and span.placed
    return (
        local,
        _plain(span.stride) if reach.axes else None,
        -bounds[0] if bounds and known else None,
        sum(bounds) / 2 if bounds and known else None,
        aligned,
        offset,
        "",
        local,
    )


def alignment(span: Span | None) -> tuple[bool | None, Number | None]:
    """Whether the paths of a span are centred at one place, and how far apart they are."""
    if span is None or not span.placed:
        return None, None
    if not span.even:
        return False, None
    apart = span.high - span.low
    return apart == 0, _plain(apart)


def _plain(number: Fraction) -> Number:
    return int(number) if number.denominator == 1 else number


def _behind(calls: Calls, wire: Wire) -> set[int]:
    """The calls that a tensor is made of."""
    needed = {id(wire)}
    found: set[int] = set()
    for call in reversed(calls.calls):
        if any(id(output) in needed for output in call.outputs):
            found.add(id(call))
            needed |= {id(given) for given in call.inputs}
    return found
