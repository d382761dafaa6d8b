"""One answer for a whole picture, where a network gives one for each place of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from convlab.inspector.diagnosis.change import Change, insert
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.fixing.meeting import place
from convlab.layers.dense import Dense
from convlab.models.calls import Call, Wire

Changes = tuple[Change, ...]


def one_answer(context: Context, wire: Wire, units: int, branch: int) -> Iterator[Changes]:
    """Changes that may make (units,) of what is (height, width, channels) or the like.

    Args:
        context: the network.
        wire: an output of it.
        units: how many numbers are wanted.
        branch: which of the outputs it is.
    """
    shape = wire.spec.shape if wire.spec else ()
    rank = len(shape) - 2
    if not 1 <= rank <= 3 or context.channel_axis(wire) != rank + 1:
        return
    first = _first_dense(wire)
    kinds = [f"Global{kind}Pooling{rank}D" for kind in ("Average", "Max")]
    if first is not None:
        row = context.row(first)
        for class_name in (*kinds, "Flatten"):
            yield (_put(context, class_name, {}, first.inputs[0], row, 0),)
    if shape[-1] == units:
        for class_name in kinds:
            yield (_put(context, class_name, {}, wire, None, branch),)
    for class_name in kinds:
        dense = _put(context, "Dense", {"units": units}, wire, None, branch)
        yield (_put(context, class_name, {}, wire, None, branch), dense)


def _first_dense(wire: Wire) -> Call | None:
    """The first of the `Dense` layers at the end, through layers that keep their shape."""
    found, call = None, wire.source
    while call is not None and len(call.inputs) == 1:
        given, made = call.inputs[0].spec, call.outputs[0].spec
        if isinstance(call.layer, Dense):
            found = call
        elif given != made:
            break
        call = call.inputs[0].source
    return found


def _put(
    context: Context, class_name: str, given: dict[str, Any], wire: Wire, row: int | None, at: int
) -> Change:
    source = wire.source.name if wire.source is not None else ""
    name = context.new_name(class_name)
    return insert(class_name, given, name=name, source=source, **place(context, row, at))
