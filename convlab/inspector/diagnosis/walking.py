"""The way of one axis through a network: from a tensor back to where branches part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from convlab.geometry.links import Along, Product, Recurrent, Relation, Reshaped
from convlab.geometry.loss import lost
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Step
from convlab.inspector.diagnosis.joins import is_join
from convlab.inspector.reaches import dependences
from convlab.inspector.symbols import dependence_shift
from convlab.models.calls import Call, Wire


@dataclass(frozen=True)
class Hop:
    """One layer on the way of an axis.

    Attributes:
        call: the call of the layer.
        wire: what it reads on this way.
        axis_in: the axis's place in what it reads.
        axis_out: its place in what it gives.
        relation: how the sizes are related; None where the size is kept.
    """

    call: Call
    wire: Wire
    axis_in: int
    axis_out: int
    relation: Relation | None

    @property
    def lost(self) -> int:
        """The cells that the layer drops or, negative, adds; see `convlab.geometry.loss`."""
        return 0 if self.relation is None else lost(self.relation)


def ancestors(context: Context, wire: Wire) -> set[int]:
    """The rows of the calls of which a tensor is made."""
    found: set[int] = set()
    open_ = [wire]
    while open_:
        source = open_.pop().source
        if source is not None and (row := context.row(source)) not in found:
            found.add(row)
            open_ += source.inputs
    return found


def parting(context: Context, wires: Sequence[Wire]) -> Call | None:
    """The last call of which all tensors are made; None where they have none in common."""
    common = set.intersection(*(ancestors(context, wire) for wire in wires))
    return context.calls[max(common)] if common else None


def way_back(context: Context, wire: Wire, axis: int, to: Call | None = None) -> list[Hop]:
    """The layers on the way of an axis, from the call `to` (or an input) to a tensor, in order.

    Where branches were joined on the way, one is followed: the first that leads to `to`.

    Args:
        context: the network.
        wire: the tensor.
        axis: the axis's place in its shape, the batch counted as 0.
        to: where to stop; the way begins behind it.
    """
    hops: list[Hop] = []
    wanted = None if to is None else context.row(to)
    while (call := wire.source) is not None and call is not to:
        hop = next(_hops(context, call, wire.index, axis, wanted), None)
        if hop is None:
            break
        hops.append(hop)
        wire, axis = hop.wire, hop.axis_in
    return hops[::-1]


def _hops(
    context: Context, call: Call, output: int, axis: int, wanted: int | None
) -> Iterator[Hop]:
    """The inputs of a call along which an axis of its output came."""
    if call.node is None:  # a nested model's input hands on what it is given
        yield from (Hop(call, wire, axis, axis, None) for wire in call.inputs)
        return
    clashing = call.error is not None and is_join(call)  # its axes are known all the same
    for wire, dependence in zip(call.inputs, dependences(call, output), strict=True):
        if wanted is not None and len(call.inputs) > 1 and wanted not in ancestors(context, wire):
            continue
        if clashing:
            yield Hop(call, wire, axis, axis, None)
        for axis_in, place, relation in _moves(call, dependence):
            if place == axis:
                yield Hop(call, wire, axis_in, axis, relation)


def _moves(call: Call, dependence: object) -> Iterator[tuple[int, int, Relation | None]]:
    """For each axis of an input: its place, its place in the output, and the relation."""
    links: Iterable[object] = ()
    shift = 0
    if isinstance(dependence, Product | Reshaped):
        links = dependence.links
    elif isinstance(dependence, Recurrent):
        links, shift = (None, *dependence.step.links), dependence_shift(call)
    for place, link in enumerate(links, 1):
        if isinstance(link, Along):
            yield place, link.axis + shift, None if link.beside else link.relation


def steps_of(
    context: Context,
    hops: Sequence[Hop],
    branch: int | None = None,
    every: bool = False,
) -> Iterator[Step]:
    """The hops as arithmetic; layers that keep the size are left out, unless all are wanted."""
    for hop in hops:
        given = hop.wire.spec.shape[hop.axis_in] if hop.wire.spec else None
        made = next(
            (
                wire.spec.shape[hop.axis_out]
                for wire in hop.call.outputs
                if wire.spec and len(wire.spec.shape) > hop.axis_out
            ),
            None,
        )
        if not every and (hop.relation is None or given == made):
            continue
        word = context.axis_word(hop.wire, hop.axis_in)
        yield Step(hop.call.name, word, _text(hop, given, made), given, made, branch, hop.lost)


def _text(hop: Hop, given: int | None, made: int | None) -> str:
    """The arithmetic of a layer: "25 -> (25 - 2)//2 + 1 = 12"."""
    told = f"{given} -> {made}"
    if hop.relation is None:
        return told
    step = next((one for one in hop.relation.derivation() if one.symbol == "m"), None)
    if step is None:
        return told
    numbers = str(step.substituted)
    return f"{given} -> {numbers} = {made}" if numbers != str(made) else told
