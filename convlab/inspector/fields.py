"""From what the units of a tensor read to their receptive fields, and how branches lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from convlab.geometry import axis_names
from convlab.geometry.span import Span
from convlab.inspector.field import Join, Number, ReceptiveField
from convlab.inspector.reaches import Reach, Reaches
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.spatial import Spatial
from convlab.models.calls import Call, Calls, Wire


def fields_of(calls: Calls, reaches: Reaches, name: str) -> dict[int, ReceptiveField]:
    """The field in each input that is reached, by the input's number."""
    begun = [call for call in calls.calls if call.is_input]
    return {
        which: _field(calls, call, which, reaches, name)
        for which, call in enumerate(begun)
        if any(key[0] == which for key in reaches)
    }


def _field(calls: Calls, begin: Call, which: int, reaches: Reaches, name: str) -> ReceptiveField:
    axes = spatial_axes(calls, begin)
    sizes = begin.outputs[0].spec.shape if begin.outputs[0].spec else ()
    told = [_axis(reaches.get((which, axis)), sizes[axis]) for axis in axes]
    columns = [tuple(one[part] for one in told) for part in range(8)] if told else [()] * 8
    names = _names(calls, begin, len(axes))
    return ReceptiveField(name, begin.name, names, *columns)


def _axis(reach: Reach | None, size: int | None) -> tuple[Any, ...]:
    """Size, stride, padding, centre, aligned, offset, reader of all, local size."""
    if reach is None:
        return 0, None, None, None, None, None, "", 0
    span = reach.span
    local = span.size if span else None
    aligned, offset = alignment(span)
    if reach.whole and not reach.unknown:
        centre = None if size is None else (size - 1) / 2
        return size, None, 0, centre, aligned, offset, reach.whole, local
    if reach.unknown or span is None:
        return None, None, None, None, None, None, reach.whole, None
    assert span is not None
    if not reach.steady:
        return local, None, None, None, aligned, offset, "", local
    bounds = span.bounds(0)
    known = bounds is not None and span.placed
    return (
        local,
        _plain(span.stride),
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


def spatial_axes(calls: Calls, begin: Call) -> tuple[int, ...]:
    """The axes of an input that are spatial: all but the batch and the channels."""
    spec = begin.outputs[0].spec
    rank = len(spec.shape) if spec else 0
    reader = _first_reader(calls, begin)
    channel = reader.channel_axis % rank if reader and rank == reader.input_rank else rank - 1
    return tuple(axis for axis in range(1, rank) if axis != channel)


def _first_reader(calls: Calls, begin: Call) -> Spatial | None:
    rank = len(begin.outputs[0].spec.shape) if begin.outputs[0].spec else 0
    layers = (call.layer for call in calls.calls)
    return next(
        (one for one in layers if isinstance(one, Spatial) and one.input_rank == rank), None
    )


def _names(calls: Calls, begin: Call, rank: int) -> tuple[str, ...]:
    reader = _first_reader(calls, begin)
    if isinstance(reader, ConvLSTM) and rank > 1:
        return ("time", *axis_names(rank - 1))
    return tuple(axis_names(rank)) if 0 < rank <= 3 else tuple(f"axis {a + 1}" for a in range(rank))


def joins_behind(
    calls: Calls, reaches: Mapping[int, Reaches], wire: Wire, which: int, spatial: Sequence[int]
) -> tuple[Join, ...]:
    """The joins on the way to a tensor."""
    before = _behind(calls, wire)
    told = (join_of(call, reaches, which, spatial) for call in calls.calls if id(call) in before)
    return tuple(join for join in told if join is not None)


def _behind(calls: Calls, wire: Wire) -> set[int]:
    """The calls that a tensor is made of."""
    needed = {id(wire)}
    found: set[int] = set()
    for call in reversed(calls.calls):
        if any(id(output) in needed for output in call.outputs):
            found.add(id(call))
            needed |= {id(given) for given in call.inputs}
    return found


def join_of(
    call: Call, known: Mapping[int, Reaches], which: int, spatial: Sequence[int]
) -> Join | None:
    """How the branches that a call joins lie to one another; None where it joins none."""
    branches = [
        given
        for given in call.inputs
        if any(reach.span for key, reach in known.get(id(given), {}).items() if key[0] == which)
    ]
    if len(branches) < 2:
        return None
    reaches = known.get(id(call.outputs[0]), {})
    told = [alignment(reach.span if (reach := reaches.get((which, a))) else None) for a in spatial]
    return Join(
        call.name,
        tuple(aligned is not False for aligned, _ in told),
        tuple(offset for _, offset in told),
    )
