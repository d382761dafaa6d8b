"""How far the units of every tensor of a network reach, along every axis of every input.

One pass from the inputs to the outputs; each call of a layer costs a few whole numbers, so that a
network of a thousand layers takes a moment. What a unit reads exactly, holes and all, is told by
`units`, which goes back from that unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from convlab.geometry.links import (
    Along,
    At,
    Dependence,
    Every,
    Grouped,
    Link,
    Picked,
    Product,
    Recurrent,
    Reshaped,
)
from convlab.geometry.span import Span
from convlab.inspector.reach import Key, Reach, Reaches, Sizes, union
from convlab.models.calls import Call, Calls, Wire


def reaches_of(calls: Calls) -> dict[int, dict[Key, Reach]]:
    """What the units of each tensor read, by the id of its `Wire`."""
    known: dict[int, dict[Key, Reach]] = {}
    begun = 0
    for call in calls.calls:
        if call.is_input:
            wire = call.outputs[0]
            shape = wire.spec.shape if wire.spec else ()
            known[id(wire)] = {
                (begun, axis): Reach((axis,), Span(), size=size)
                for axis, size in enumerate(shape)
                if axis
            }
            begun += 1
            continue
        for wire in call.outputs:
            known[id(wire)] = _joined_inputs(call, wire, known)
    return known


def _joined_inputs(call: Call, wire: Wire, known: Mapping[int, Reaches]) -> dict[Key, Reach]:
    found: dict[Key, Reach] = {}
    sizes_out = wire.spec.shape[1:] if wire.spec else ()
    for given, dependence in zip(call.inputs, dependences(call, wire.index), strict=True):
        sizes = given.spec.shape[1:] if given.spec else ()
        moved = _through(known.get(id(given), {}), dependence, call.name, sizes)
        rows = _rows(dependence)
        for key, reach in moved.items():
            found[key] = union(found[key], reach, sizes_out, rows) if key in found else reach
    return found


def _rows(dependence: Dependence | None) -> set[int]:
    """The axes of an output along which inputs stand side by side."""
    links = dependence.links if isinstance(dependence, Product) else ()
    return {link.axis for link in links if isinstance(link, Along) and link.beside}


def dependences(call: Call, output: int = 0) -> Sequence[Dependence | None]:
    """How a call's output reads each of its inputs; None where that is not known."""
    if call.error is None and call.shape is not None:
        try:
            found = call.layer.dependence(call.shape, output)
        except (NotImplementedError, ValueError, TypeError):
            found = ()
        missing = len(call.inputs) - len(found)  # a state that is handed in, for example
        return [*found[: len(call.inputs)], *[None] * missing]
    return [None] * len(call.inputs)


def _through(
    reaches: Reaches, dependence: Dependence | None, name: str, sizes: Sizes
) -> dict[Key, Reach]:
    """What the units of the output read, for what those of an input read."""
    if dependence is None:
        return {
            key: Reach((), None, whole=reach.whole, unknown=name, size=reach.size)
            for key, reach in reaches.items()
        }
    if isinstance(dependence, Product) and At(()) in dependence.links:
        return {}  # a part without a cell
    for moves in _stages(dependence, sizes):
        to = _Moves(name, moves, sizes)
        reaches = {key: _moved(reach, to) for key, reach in reaches.items()}
    return dict(reaches)


Move = Link | tuple[int, ...]
"""How an axis of the input is read, or among which axes of the output its cells are spread."""


@dataclass(frozen=True)
class _Moves:
    """How a layer of some name moves the axes of an input of some sizes."""

    name: str
    of: Mapping[int, Move]
    sizes: Sizes

    def units(self, axis: int) -> int | None:
        """How many units there are along an axis of the input."""
        return self.sizes[axis - 1] if axis <= len(self.sizes) else None


def _stages(dependence: Dependence, sizes: Sizes) -> Iterator[Mapping[int, Move]]:
    """The moves of each axis of the input; of a recurrent layer in several stages."""
    match dependence:
        case Product(links):
            yield dict(enumerate(links, 1))
        case Reshaped(sizes_out, links, order):
            taken = order or tuple(range(len(sizes)))
            spread = _spread_axes([sizes[axis] for axis in taken], sizes_out)
            yield {axis + 1: links[axis] or spread[place] for place, axis in enumerate(taken, 1)}
        case Recurrent(step, state, sequences):
            moves: dict[int, Move] = {1: Every()}
            yield moves | dict(enumerate(step.links, 2))
            yield {axis: _over_time(link, sizes[0]) for axis, link in enumerate(state.links, 1)}
            if sequences:  # time comes before the axes of the state
                yield {axis: Along(axis + 1) for axis in range(1, len(state.links) + 1)}


def _over_time(link: Link, times: int | None) -> Link:
    """What the last state reads of the first, along an axis of the state."""
    if not isinstance(link, Along) or link.relation is None:
        return link
    if times is None:
        return Every()  # of enough steps
    axis: Any = link.relation
    steps = max(times - 1, 0)
    before, after = (steps * pad for pad in axis.pads)
    wide = replace(axis, kernel=before + after + 1, dilation=1, pad_before=before, pad_after=after)
    return Along(link.axis, wide)


def _spread_axes(
    sizes_in: Sequence[int | None], sizes_out: Sequence[int | None]
) -> dict[int, tuple[int, ...]]:
    """Among which axes of the new shape the cells of each axis are spread.

    >>> _spread_axes((7, 7, 512), (49, 512))
    {1: (1,), 2: (1,), 3: (2,)}
    """
    if None in sizes_in or None in sizes_out:
        everywhere = tuple(range(1, len(sizes_out) + 1))
        return dict.fromkeys(range(1, len(sizes_in) + 1), everywhere)
    ends_in, ends_out = _ends(sizes_in), _ends(sizes_out)
    common = sorted(set(ends_in) & set(ends_out))
    found: dict[int, tuple[int, ...]] = {}
    for a in range(len(sizes_in)):
        if sizes_in[a] == 1:
            found[a + 1] = ()
            continue
        low = max((c for c in common if c <= (ends_in[a - 1] if a else 1)), default=1)
        high = min((c for c in common if c >= ends_in[a]), default=ends_in[-1])
        found[a + 1] = tuple(
            b + 1
            for b in range(len(sizes_out))
            if (ends_out[b - 1] if b else 1) < high and ends_out[b] > low
        )
    return found


def _ends(sizes: Sequence[int | None]) -> list[int]:
    """How many cells the axes up to each one have."""
    return [math.prod(size or 0 for size in sizes[: a + 1]) for a in range(len(sizes))]


def _moved(reach: Reach, moves: _Moves) -> Reach:
    """A reach along the axes of an input, as one along those of the output."""
    if not reach.axes:
        return reach
    if reach.steady:
        return _moved_along(reach, reach.axes[0], moves)
    axes: list[int] = []
    alike = reach.span is not None and reach.span.period == 1  # whichever units are taken
    kept, every = True, False
    for axis in reach.axes:
        match moves.of[axis]:
            case tuple() as places:
                axes += places
            case Along(place, relation, beside):
                axes.append(place)
                kept &= relation is None or beside
            case Grouped(place):
                axes.append(place)
                kept = False
            case Picked(place):
                axes.append(place)
                kept &= alike
            case At():
                kept &= alike
            case Every():
                kept, every = False, True
    if not axes and every:
        return replace(reach, axes=(), span=None, whole=moves.name)
    places = tuple(dict.fromkeys(axes))
    return replace(reach, axes=places, span=reach.span if kept else None)


def _moved_along(reach: Reach, axis: int, moves: _Moves) -> Reach:
    """The same for a reach along one axis."""
    span, units = reach.span, moves.units(axis)
    match moves.of[axis]:
        case Along(place, relation):
            return replace(reach, axes=(place,), span=span.through(relation) if span else None)
        case Every():
            hull = reach.together(units)
            return replace(reach, axes=(), span=None, whole=moves.name, hull=hull)
        case tuple() as places if len(places) > 0:
            return replace(reach, axes=places, steady=False, hull=reach.together(units))
        case tuple():  # the one unit that there is
            return replace(reach, axes=(), span=span.only(0) if span else None)
        case At(indices):
            only = span.only(*indices) if span else None
            return replace(reach, axes=(), span=only)
        case Picked(place):
            alike = span is not None and span.period == 1
            hull = reach.together(units)
            kept = span if alike else None
            return replace(reach, axes=(place,), span=kept, steady=False, hull=hull)
        case Grouped(place):
            return replace(reach, axes=(place,), span=None, steady=False)
