"""A layer of one tap on the shorter way to a join, wherever the channels do not agree."""

from __future__ import annotations

from convlab.inspector.diagnosis.change import Change, insert
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.fixing.meeting import place
from convlab.inspector.diagnosis.joins import clashes, is_concatenation, is_join
from convlab.inspector.diagnosis.network import Tried
from convlab.inspector.diagnosis.walking import ancestors


def projecting_at(context: Context, tried: Tried, row: int) -> tuple[Change, ...] | None:
    """Bring what goes by a block to the channels that come out of it."""
    call = context.calls[row]
    if not is_join(call) or is_concatenation(call) or len(call.inputs) != 2:
        return None
    specs = [tried.spec(wire) for wire in call.inputs]
    channel = context.channel_axis(call.inputs[0])
    if set(clashes(call, specs)) != {channel}:
        return None
    lengths = [len(ancestors(context, wire)) for wire in call.inputs]
    branch = lengths.index(min(lengths))
    wire, other = call.inputs[branch], specs[1 - branch]
    rank = len(other.shape) - 2 if other is not None else 0
    wanted = other.shape[channel] if other is not None else None
    if wanted is None or wire.source is None or not 1 <= rank <= 3:
        return None
    given = {"filters": wanted, "kernel_size": 1}
    more = {"data_format": "channels_first"} if channel == 1 else {}
    class_name = f"Conv{rank}D"
    name = context.new_name(class_name, [change.layer for change in tried.changes])
    return (
        insert(
            class_name,
            {**given, **more},
            name=name,
            source=wire.source.name,
            text=f"{class_name} to {wanted} channels after {wire.source.name} on the way to "
            f"{call.name}",
            **place(context, row, branch),
        ),
    )
