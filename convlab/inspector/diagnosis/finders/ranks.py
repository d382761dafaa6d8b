"""Too few or too many axes: a batch or a channel axis forgotten, or a layer of another rank."""

from __future__ import annotations

from collections.abc import Iterator

from convlab.geometry import axis_names
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fixing.join_ranks import join_rank_fixes, stretched_fixes
from convlab.inspector.diagnosis.fixing.ranks import COLOURS, lacks_channels, rank_fixes
from convlab.inspector.diagnosis.joins import is_concatenation, is_join
from convlab.inspector.diagnosis.origins import rank_origin
from convlab.inspector.diagnosis.words import count, listed
from convlab.layers.base import Layer
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.dense import Dense
from convlab.layers.outline import Outline, rank_of
from convlab.layers.resizing import Resizing
from convlab.layers.spatial import Spatial
from convlab.models.calls import Call


def find(context: Context) -> Iterator[Finding]:
    """The layers that read another number of axes than they take, and the joins of several."""
    for row in context.network.errors:
        call = context.calls[row]
        if is_join(call):
            ranks = {len(wire.spec.shape) for wire in call.inputs if wire.spec}
            if len(ranks) > 1:
                yield _channels(context, row) or _join(context, row)
        elif isinstance(call.shape, tuple):
            wanted = taken_rank(call.layer)
            if wanted is None and isinstance(call.layer, Outline) and len(call.shape) < 3:
                wanted = 3  # the batch and the steps, and what is in each
            if wanted is not None and wanted != len(call.shape):
                yield _finding(context, row, wanted)


def taken_rank(layer: Layer) -> int | None:
    """How many axes a layer takes, the batch included; None where several numbers will do."""
    if isinstance(layer, Resizing):
        return None
    return rank_of(layer)


def _finding(context: Context, row: int, wanted: int) -> Finding:
    call = context.calls[row]
    shape = call.shape
    origin = rank_origin(call.inputs[0])
    kind, axis, index = _kind(call, wanted, origin)
    told = f"{call.layer.class_name} '{call.name}' takes {_order(call.layer, wanted)}"
    culprit = None if origin is None or origin.is_input else origin.name
    because = f"; '{culprit}' gives it so" if culprit and origin is not call else ""
    finding = Finding(
        kind=kind,
        layer=call.name,
        message=f"{told}, and reads {count(len(shape), 'axis', 'axes')}, {shape}{because}.",
        row=row,
        axis=axis,
        axes=(axis,) if axis else (),
        index=index,
        rule=f"expected ndim={wanted}, found ndim={len(shape)}",
        received=f"input shape {shape}",
        remedy="Give the input the axes that the layer takes.",
        culprit=culprit,
    )
    return finding.with_fixes(rank_fixes(context, finding, wanted, origin))


def _kind(call: Call, wanted: int, origin: Call | None) -> tuple[str, str | None, int | None]:
    """The kind of finding, and the axis that is missing or too many."""
    shape = call.shape
    from_input = origin is not None and origin.is_input
    if len(shape) == wanted + 1:
        return "rank", "batch" if from_input else None, 1 if from_input else None
    if len(shape) != wanted - 1:
        return "rank", None, None
    if isinstance(call.layer, ConvLSTM):
        return "rank", "time", 1
    if from_input and shape[0] is not None and shape[-1] in COLOURS:
        return "missing-batch-axis", "batch", 0
    reshaped = origin is not None and origin.layer.class_name == "Reshape"
    if not (from_input or reshaped or _is_dense(origin)):
        return "rank", None, None
    if isinstance(call.layer, Outline) and not lacks_channels(call):
        return "rank", "time", 1
    first = getattr(call.layer, "channel_axis", -1) == 1
    return "missing-channel-axis", "channels", 1 if first else wanted - 1


def _is_dense(origin: Call | None) -> bool:
    return origin is not None and isinstance(origin.layer, Dense)


def _order(layer: Layer, wanted: int) -> str:
    """The axes that a layer takes, in words."""
    number = count(wanted, "axis", "axes")
    if not isinstance(layer, Spatial):
        return number
    spatial = axis_names(layer.rank)
    order = (*spatial, "channels") if layer.channel_axis == -1 else ("channels", *spatial)
    lead = ("batch", "time") if isinstance(layer, ConvLSTM) else ("batch",)
    return f"{number} ({', '.join((*lead, *order))})"


def _channels(context: Context, row: int) -> Finding | None:
    """A join cell by cell that stretches the tensor of fewer axes, if only its channels differ."""
    call = context.calls[row]
    shapes = [wire.spec.shape for wire in call.inputs if wire.spec]
    if is_concatenation(call) or len({shape[-1] for shape in shapes}) < 2:
        return None
    if sum(len(shape) > 2 for shape in shapes) > 1:
        return None
    told = [
        f"{wire.spec.shape[-1]} from '{wire.source.name if wire.source else n}'"
        for n, wire in enumerate(call.inputs)
        if wire.spec
    ]
    finding = Finding(
        kind="channels",
        layer=call.name,
        message=f"{call.layer.class_name} '{call.name}' joins channels {listed(told)}.",
        row=row,
        axis="channels",
        axes=("channels",),
        index=max(map(len, shapes)) - 1,
        rule="What is joined cell by cell has one shape; only sizes of 1 are stretched.",
        received=f"shapes {', '.join(map(str, shapes))}",
        remedy="Give both the same number of channels.",
    )
    return finding.with_fixes(stretched_fixes(context, finding))


def _join(context: Context, row: int) -> Finding:
    call = context.calls[row]
    told = [
        f"{wire.spec.shape} from '{wire.source.name if wire.source else n}'"
        for n, wire in enumerate(call.inputs)
        if wire.spec
    ]
    finding = Finding(
        kind="rank",
        layer=call.name,
        message=f"{call.layer.class_name} '{call.name}' joins tensors of several ranks: "
        f"{listed(told)}.",
        row=row,
        rule="What is joined has one number of axes.",
        received=f"shapes {', '.join(str(wire.spec.shape) for wire in call.inputs if wire.spec)}",
        remedy="Flatten or reshape one of them.",
    )
    return finding.with_fixes(join_rank_fixes(context, finding))
