"""What mends a number of channels: other filters before, another input, other groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from convlab.inspector.diagnosis.change import Change, argument, input_shape, insert
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.fixing.choosing import bounded, ranked
from convlab.inspector.diagnosis.fixing.feeding import as_declared
from convlab.inspector.diagnosis.fixing.meeting import place
from convlab.layers.base_conv import BaseConv
from convlab.layers.refusals import nearest_divisors, nearest_multiples
from convlab.layers.reshaping import Flatten
from convlab.models.calls import Call

Changes = tuple[Change, ...]

COUNTS = ("filters", "units")


def channel_fixes(
    context: Context, finding: Finding, axis: int, built: int, origin: Call | None
) -> tuple[Fix, ...]:
    """The fixes of a layer whose weights are for other channels."""
    candidates = [
        *with_size(context, origin, finding.row or 0, axis, built),
        *as_declared(context),
        *projected(context, finding.row or 0, 0, axis, built),
    ]
    return ranked(context.fixes(bounded(context, candidates), finding=finding))


def with_size(
    context: Context, origin: Call | None, row: int, axis: int, wanted: int
) -> Iterator[Changes]:
    """Another number of channels where they come from: at the input, or of filters or units.

    Args:
        context: the network.
        origin: the call that decides the number.
        row: the call that reads them.
        axis: their place in what is read.
        wanted: how many there should be.
    """
    if origin is None or wanted < 1:
        return
    shape = origin.outputs[0].spec
    now = context.calls[row].inputs[0].spec
    if origin.is_input and shape is not None and now is not None:
        rank = len(shape.shape)
        place_in = axis if rank == len(now.shape) else rank - 1
        if shape.shape[place_in] == now.shape[axis]:
            new = (*shape.shape[:place_in], wanted, *shape.shape[place_in + 1 :])
            yield (input_shape(origin.name, shape.shape, new),)
    for name in COUNTS:
        old = getattr(origin.layer, name, None)
        if isinstance(old, int):
            yield (argument(origin.name, name, old, wanted),)


def projected(context: Context, row: int, branch: int, axis: int, wanted: int) -> Iterator[Changes]:
    """A convolution of one tap, or a dense layer, that makes as many channels as are wanted."""
    call = context.calls[row]
    wire = call.inputs[branch]
    if wire.spec is None or wire.source is None or isinstance(wire.source.layer, Flatten):
        return
    rank = len(wire.spec.shape) - 2
    if axis not in (1, rank + 1):
        return
    given: dict[str, Any] = {"units": wanted}
    class_name = "Dense"
    if 1 <= rank <= 3:
        class_name, given = f"Conv{rank}D", {"filters": wanted, "kernel_size": 1}
        given |= {"data_format": "channels_first"} if axis == 1 else {}
    yield (
        insert(
            class_name,
            given,
            name=context.new_name(class_name),
            source=wire.source.name,
            text=f"{class_name} to {wanted} {context.axis_word(wire, axis)} after "
            f"{wire.source.name}",
            **place(context, row, branch),
        ),
    )


def group_fixes(
    context: Context, finding: Finding, axis: int, origin: Call | None
) -> tuple[Fix, ...]:
    """The fixes of a layer whose groups do not divide what comes in."""
    row = finding.row or 0
    call = context.calls[row]
    layer = call.layer
    if not isinstance(layer, BaseConv):
        return ()
    candidates = _group_candidates(context, row, axis, origin, layer)
    return ranked(context.fixes(bounded(context, candidates), finding=finding))


def _group_candidates(
    context: Context, row: int, axis: int, origin: Call | None, layer: BaseConv
) -> Iterator[Changes]:
    call = context.calls[row]
    channels = call.shape[axis] or 0
    near = nearest_divisors(channels, layer.groups)
    for groups in dict.fromkeys((*near, 1)):
        if layer.filters % groups == 0:
            yield (argument(call.name, "groups", layer.groups, groups),)
    for wanted in nearest_multiples(channels, layer.groups):
        yield from with_size(context, origin, row, axis, wanted)
    for groups in near:
        for filters in nearest_multiples(layer.filters, groups):
            yield (
                argument(call.name, "groups", layer.groups, groups),
                argument(call.name, "filters", layer.filters, filters),
            )
