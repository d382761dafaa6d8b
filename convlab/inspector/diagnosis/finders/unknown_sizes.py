"""Weights that depend on a size that is not known, such as a Dense after a Flatten of None."""

from __future__ import annotations

from collections.abc import Iterator

from convlab.inspector.diagnosis.change import Change, exchange, input_shape
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fixing.choosing import bounded, ranked
from convlab.inspector.diagnosis.origins import rank_origin
from convlab.layers.reshaping import Flatten
from convlab.models.calls import Call

SIZES = (224, 128, 64, 32, 28)
"""Sizes that are tried in the place of None, where nothing says which is meant."""

OF_MAPS = (28, 14, 7)
"""The same where more channels come in than a picture has: what another network made of one."""

COLOURS = 4
"""So many channels a picture has at most."""


def find(context: Context) -> Iterator[Finding]:
    """The layers whose weights cannot be made, since a size is None that no conflict hides."""
    for row, error in context.network.errors.items():
        call = context.calls[row]
        if call.inputs and call.error is None and row not in context.doubtful:
            yield _finding(context, row, error)


def _finding(context: Context, row: int, error: Exception) -> Finding:
    call = context.calls[row]
    origin = rank_origin(call.inputs[0])
    flatten = origin if origin is not None and isinstance(origin.layer, Flatten) else None
    read = flatten.shape if flatten is not None else call.shape
    because = f": '{flatten.name}' flattens {read}" if flatten is not None else ""
    finding = Finding(
        kind="unknown-size",
        layer=call.name,
        message=f"The weights of {call.layer.class_name} '{call.name}' depend on a size that is "
        f"not known, in {call.shape}{because}.",
        row=row,
        rule=getattr(error, "rule", str(error)),
        received=f"input shape {call.shape}",
        remedy="Pool over the open axes instead of flattening them, or give the input a size.",
        culprit=flatten.name if flatten is not None else None,
    )
    candidates = bounded(context, _candidates(context, flatten))
    return finding.with_fixes(ranked(context.fixes(candidates, finding=finding)))


def _candidates(context: Context, flatten: Call | None) -> Iterator[tuple[Change, ...]]:
    if flatten is not None and isinstance(flatten.shape, tuple):
        rank = len(flatten.shape) - 2
        first = context.channel_axis(flatten.inputs[0]) == 1 and rank > 0
        given = {"data_format": "channels_first"} if first else {}
        if 1 <= rank <= 3:
            for kind in ("Average", "Max"):
                name = f"Global{kind}Pooling{rank}D"
                yield (
                    exchange(flatten.name, name, given, f"{name} in the place of {flatten.name}"),
                )
    yield from _fed(context)


def _fed(context: Context) -> Iterator[tuple[Change, ...]]:
    """Inputs with sizes in the place of None."""
    begun = [call for call in context.calls if call.is_input]
    shapes = [call.outputs[0].spec.shape for call in begun if call.outputs[0].spec]
    maps = any((shape[-1] or 0) > COLOURS for shape in shapes if len(shape) > 3)
    for size in OF_MAPS if maps else SIZES:
        changes = []
        for call in begun:
            spec = call.outputs[0].spec
            if spec is None or None not in spec.shape[1:]:
                continue
            channel = context.channel_axis(call.outputs[0])
            known = [one for a, one in enumerate(spec.shape) if a not in (0, channel) and one]
            side = known[0] if known else size
            new = tuple(
                (3 if a == channel else side) if a and one is None else one
                for a, one in enumerate(spec.shape)
            )
            changes.append(input_shape(call.name, spec.shape, new))
        if changes:
            yield tuple(changes)
