"""What the network itself says goes in, where something else is fed."""

from __future__ import annotations

from collections.abc import Iterator

from convlab.inspector.diagnosis.change import Change, input_shape
from convlab.inspector.diagnosis.context import Context


def as_declared(context: Context) -> Iterator[tuple[Change, ...]]:
    """The shapes that the network's own inputs name, where others are fed."""
    changes = []
    begun = [call for call in context.calls if call.is_input]
    for call, tensor in zip(begun, context.network.model.inputs, strict=True):
        now, own = call.outputs[0].spec, tensor.spec
        if now is not None and own is not None and now.shape[1:] != own.shape[1:]:
            changes.append(input_shape(call.name, now.shape, own.shape))
    if changes:
        yield tuple(changes)
