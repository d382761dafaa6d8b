"""Where a tensor got its rank, or its channels."""

from __future__ import annotations

from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.walking import way_back
from convlab.models.calls import Call, Wire


def rank_origin(wire: Wire) -> Call | None:
    """The call that gave a tensor its number of axes; an input's, where that is the input."""
    rank = len(wire.spec.shape) if wire.spec else 0
    call = wire.source
    while call is not None and not call.is_input:
        before = call.inputs[0] if call.inputs else None
        if before is None or before.spec is None or len(before.spec.shape) != rank:
            return call
        call = before.source
    return call


def size_origin(context: Context, wire: Wire, axis: int) -> Call | None:
    """The call that decided the size of an axis: of channels the layer whose filters they are."""
    hops = way_back(context, wire, axis)
    return hops[0].wire.source if hops else wire.source
