"""Channels that come first where layers take them last, or the other way round.

Seen is what such a network does: a size becomes negative, a join or a group does not fit. It is
taken for swapped axes where the input looks like it, and where swapping them mends everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finders.negative_size import too_small
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.fixing.choosing import ranked
from convlab.inspector.diagnosis.fixing.formats import format_candidates, formats, swapped_inputs
from convlab.layers.spatial import Spatial
from convlab.models.calls import Call


def find(context: Context) -> Iterator[Finding]:
    """The first layer that fails because channels stand where it takes height or width."""
    if not context.network.errors:
        return
    row = min(context.network.errors)
    call = context.calls[row]
    swapped = swapped_inputs(context)
    mixed = len(formats(context)) > 1
    if (not isinstance(call.layer, Spatial) and not mixed) or not (swapped or mixed):
        return
    fixes = _fixes(context, swapped)
    if fixes:
        yield _finding(context, row, swapped, fixes)


def _fixes(context: Context, swapped: Sequence[Call]) -> tuple[Fix, ...]:
    def mended(tried: object) -> bool:
        return not getattr(tried, "errors", True)

    candidates = list(format_candidates(context, swapped))
    return ranked(context.fixes(candidates, goal=mended))


def _finding(
    context: Context, row: int, swapped: Sequence[Call], fixes: tuple[Fix, ...]
) -> Finding:
    call = context.calls[row]
    axes = too_small(call) or [context.channel_axis(call.inputs[0])]
    words = [context.axis_word(call.inputs[0], axis) for axis in axes]
    begun = swapped[0] if swapped else next(one for one in context.calls if one.is_input)
    spec = begun.outputs[0].spec
    takes = getattr(call.layer, "data_format", "channels_last")
    return Finding(
        kind="data-format",
        layer=call.name,
        message=f"{call.layer.class_name} '{call.name}' takes {takes.replace('_', ' ')} and fails "
        f"on {call.shape}: the channels of the input {spec.shape if spec else ''} stand where "
        "layers take height or width."
        if swapped
        else f"{call.layer.class_name} '{call.name}' takes {takes.replace('_', ' ')} and fails on "
        f"{call.shape}: the layers do not agree where the channels stand.",
        row=row,
        axis=words[0],
        axes=tuple(words),
        index=axes[0],
        rule="data_format says where the channels stand: last in channels_last, behind the batch "
        "in channels_first.",
        received=f"input shape {spec.shape if spec else None}, data_format={takes!r}",
        remedy="Give the input its channels where the layers take them.",
        culprit=begun.name,
        fixes=fixes,
    )
