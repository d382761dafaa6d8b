"""What mends a size that would be zero or negative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from convlab.inspector.diagnosis.change import Change, argument, exchange, remove
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.fixing import arguments
from convlab.inspector.diagnosis.fixing.choosing import bounded, ranked
from convlab.inspector.diagnosis.fixing.completing import completed
from convlab.inspector.diagnosis.fixing.inputs import other_sizes
from convlab.inspector.diagnosis.fixing.meeting import fitted
from convlab.inspector.diagnosis.network import Tried
from convlab.inspector.diagnosis.walking import way_back
from convlab.layers.pooling import BaseMaxPooling, BasePooling
from convlab.models.calls import Call

Changes = tuple[Change, ...]

MOST_LAYERS = 16


def too_small_fixes(context: Context, finding: Finding, axes: Sequence[int]) -> tuple[Fix, ...]:
    """The fixes of a layer that has no output along some axes, ranked."""
    return ranked(_fixes(context, finding, axes))


def _fixes(context: Context, finding: Finding, axes: Sequence[int]) -> Iterator[Fix]:
    row = finding.row or 0
    yield from context.fixes(_here(context, row), finding=finding)
    changes = completed(context, same_at, row=row)
    if changes:
        yield from context.fixes([changes], finding=finding)
    yield from other_sizes(context, finding)
    before = _before(context, row, axes)
    yield from context.fixes(bounded(context, before), finding=finding)
    padded = context.fixes(_padded(context, row, axes), finding=finding)
    yield from islice(padded, 1)  # more zeros do as well, and are no better


def same_at(context: Context, tried: Tried, row: int) -> Changes | None:
    """`padding="same"` in the layer itself, or a padding of zeros before one that has none."""
    call = context.calls[row]
    layer = tried.layer(call)
    if arguments.has_padding(layer) and getattr(layer, "padding", None) == "valid":
        return (argument(call.name, "padding", "valid", "same"),)
    return None


def _here(context: Context, row: int) -> Iterator[Changes]:
    """Another argument of the layer itself, or the layer replaced."""
    call = context.calls[row]
    layer = call.layer
    within = getattr(layer, "inner", None) or layer
    fixes = getattr(call.error, "fixes", ())
    for fix in fixes:
        yield tuple(
            argument(call.name, name, getattr(within, name), new) for name, new in fix.items()
        )
    if isinstance(layer, BasePooling):
        kind = "Max" if isinstance(layer, BaseMaxPooling) else "Average"
        given = {"keepdims": True}
        if layer.data_format == "channels_first":
            given |= {"data_format": "channels_first"}  # type: ignore[dict-item]
        yield (exchange(call.name, f"Global{kind}Pooling{layer.rank}D", given),)
        yield (remove(call.name),)


def _before(context: Context, row: int, axes: Sequence[int]) -> Iterator[Changes]:
    """Less shrinking on the way: a pooling left out, another padding or stride."""
    call = context.calls[row]
    hops = [
        hop for hop in way_back(context, call.inputs[0], axes[0]) if hop.lost or _down(hop.call)
    ]
    for hop in hops[::-1][:MOST_LAYERS]:
        layer, name = hop.call.layer, hop.call.name
        for given in arguments.other_padding(layer):
            yield tuple(argument(name, key, getattr(layer, key), new) for key, new in given.items())
        if isinstance(layer, BasePooling):
            yield (remove(name),)
        strides = getattr(layer, "strides", None)
        if isinstance(strides, tuple) and any(int(one) > 1 for one in strides):
            yield (argument(name, "strides", strides, 1),)


def _down(call: Call) -> bool:
    strides = getattr(call.layer, "strides", ())
    return isinstance(strides, tuple) and any(int(one) > 1 for one in strides)


def _padded(context: Context, row: int, axes: Sequence[int]) -> Iterator[Changes]:
    """Zeros before the layer, as many as its window lacks."""
    call = context.calls[row]
    (wire, *_) = call.inputs
    if wire.spec is None:
        return
    for amount in (1, 2, 3, 4, 6, 8, 12, 16):
        found = fitted(context, wire, wire.spec, dict.fromkeys(axes, amount), row, 0, [])
        if found:
            yield found
