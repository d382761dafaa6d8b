"""Nested models that are handed another shape than their input has."""

from __future__ import annotations

from collections.abc import Iterator

from convlab.inspector.diagnosis.change import argument
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fixing.channels import projected
from convlab.inspector.diagnosis.fixing.choosing import bounded, ranked
from convlab.inspector.diagnosis.fixing.ranks import as_named
from convlab.inspector.diagnosis.fixing.shapes import Changes, Wanted, shape_candidates
from convlab.inspector.diagnosis.words import listed, sizes_told
from convlab.layers.input_layer import InputLayer


def find(context: Context) -> Iterator[Finding]:
    """The inputs of nested models that do not take what comes in."""
    for row in context.network.errors:
        call = context.calls[row]
        if isinstance(call.layer, InputLayer) and call.inputs and call.inputs[0].spec is not None:
            yield _finding(context, row, call.layer)


def _finding(context: Context, row: int, layer: InputLayer) -> Finding:
    call = context.calls[row]
    (wire, *_) = call.inputs
    at = Wanted(wire, layer.batch_shape, row, 0)
    shape = at.spec.shape
    same_rank = len(shape) == len(layer.batch_shape)
    channel = context.channel_axis(wire)
    axes = sorted(at.axes, key=lambda axis: axis == channel) if same_rank else []
    words = [context.axis_word(wire, axis) for axis in axes]
    source = wire.source.name if wire.source else "the input"
    told = f"{listed(words)} {sizes_told([shape[axis] for axis in axes])}" if axes else f"{shape}"
    want = sizes_told([at.target[axis] for axis in axes]) if axes else f"{layer.batch_shape}"
    kind = "rank" if not same_rank else "channels" if axes == [channel] else "output-size"
    finding = Finding(
        kind=kind,
        layer=call.name,
        message=f"The nested model's input '{call.name}' takes {want}, and reads {told} from "
        f"'{source}'.",
        row=row,
        axis=words[0] if words else None,
        axes=tuple(words),
        index=axes[0] if axes else None,
        rule=getattr(call.error, "rule", ""),
        received=f"the shape {shape}",
        remedy="Give the nested model's input that shape, or hand it what it takes.",
    )
    candidates = bounded(context, _candidates(context, row, at))
    return finding.with_fixes(ranked(context.fixes(candidates, finding=finding)))


def _candidates(context: Context, row: int, at: Wanted) -> Iterator[Changes]:
    call = context.calls[row]
    found = at.spec.shape
    if at.wire.source is not None and len(found) != len(at.shape):
        yield from as_named(context, at.wire.source, len(at.shape))
    if None in found[1:] and len(found) == len(at.shape):  # a size that is in dispute stays
        known = tuple(one or own for one, own in zip(found, at.shape, strict=True))
        yield (argument(call.name, "batch_shape", at.shape, known),)
    for fix in getattr(call.error, "fixes", ()):
        yield tuple(
            argument(call.name, name, getattr(call.layer, name), new) for name, new in fix.items()
        )
    yield from shape_candidates(context, at)
    channel = context.channel_axis(at.wire)
    size = at.shape[channel] if len(at.shape) == len(at.spec.shape) else None
    if at.spec.shape[channel] != size and size is not None:
        yield from projected(context, row, 0, channel, size)
