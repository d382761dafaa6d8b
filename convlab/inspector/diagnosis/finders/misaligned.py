"""Branches that are joined although one lies a cell or more beside the other.

The units of two branches that a layer joins should be centred at the same place of the input. A
shift of less than one cell of the joined tensors is common and harmless: "same" with an even size
puts it beside each strided shortcut. A cell or more means that neighbours are joined, as behind a
crop that takes everything from one side.

Causal branches, which read nothing ahead, are shifted on purpose and are not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from convlab.errors import ConvlabError
from convlab.geometry.span import Span
from convlab.inspector.diagnosis.change import Change, argument
from convlab.inspector.diagnosis.edits import applied
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.relations import both
from convlab.inspector.fields import Fields
from convlab.layers.cropping import BaseCropping
from convlab.layers.joining import Joining
from convlab.layers.zero_padding import BaseZeroPadding
from convlab.models.calls import Call, calls_of

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.context import Context


@dataclass(frozen=True)
class Shift:
    """How far the branches of a join lie apart along an axis of an input.

    Attributes:
        axis: the word of the input's axis.
        index: its place in the input's shape.
        cells: how many cells of the joined tensors lie between the outermost centres.
        branch: the input of the join whose units are centred farthest to the front.
    """

    axis: str
    index: int
    cells: Fraction
    branch: int


def find(context: Context) -> Iterator[Finding]:
    """The joins whose branches lie a cell or more apart, where those before them do not."""
    for call in context.calls:
        row = context.row(call)
        joins = isinstance(call.layer, Joining) and len(call.inputs) > 1
        if joins and call.error is None and row not in context.doubtful:
            shifts = list(shifts_of(context.fields, call))
            if shifts:
                finding = _finding(context, call, shifts)
                yield finding.with_fixes(tuple(_fixes(context, call, finding)))


def shifts_of(fields: Fields, call: Call) -> Iterator[Shift]:
    """The axes along which the branches of a join lie a cell or more apart."""
    for which, axes in enumerate(fields.spatial):
        for axis, word in zip(axes, fields.names[which], strict=True):
            known = [fields.reaches.get(id(wire), {}).get((which, axis)) for wire in call.inputs]
            spans = {n: reach.span for n, reach in enumerate(known) if reach and reach.span}
            if len(spans) > 1:
                shift = _shift(spans)
                if shift:
                    yield Shift(word, axis, *shift)


def _shift(spans: dict[int, Span]) -> tuple[Fraction, int] | None:
    """How many cells the branches lie apart, and which lies farthest to the front."""
    strides = {span.stride for span in spans.values()}
    steady = all(span.even and span.placed for span in spans.values())
    if len(strides) > 1 or not steady or not all(strides):
        return None
    if all(_reads_nothing_ahead(span) for span in spans.values()):
        return None
    centres = {n: (span.low + span.high) / 2 for n, span in spans.items()}
    cells = (max(centres.values()) - min(centres.values())) / strides.pop()
    return (cells, min(centres, key=lambda n: centres[n])) if cells >= 1 else None


def _reads_nothing_ahead(span: Span) -> bool:
    bounds = span.bounds(0)
    return bounds is not None and bounds[1] <= 0


def _finding(context: Context, call: Call, shifts: list[Shift]) -> Finding:
    axes = tuple(shift.axis for shift in shifts)
    names = [wire.source.name for wire in call.inputs if wire.source]
    first = shifts[0]
    cells = f"{float(first.cells):g} cell{'s' * (first.cells != 1)}"
    return Finding(
        "misaligned",
        call.name,
        f"{call.name} joins {' and '.join(names)}, which are {cells} apart along {both(axes)}: "
        "each of its units joins what lies at different places of the input.",
        severity="advice",
        row=context.row(call),
        axis=first.axis,
        axes=axes,
        index=first.index,
        branch=first.branch,
        rule="The branches of a join are centred at the same place of the input.",
        received=f"centres {cells} of {call.name} apart along {both(axes)}",
        remedy="Crop or pad equally at both ends.",
    )


def _fixes(context: Context, call: Call, finding: Finding) -> Iterator[Fix]:
    """Croppings and paddings on the branches, the same amounts put equally at both ends."""
    row = context.row(call)
    for changes in _balanced(call):
        if _aligned_with(context, changes, row):
            fix = context.fix(
                changes, finding=finding, goal=lambda _: True, note="the same cells at both ends"
            )
            if fix:
                yield fix


def _balanced(call: Call) -> Iterator[tuple[Change, ...]]:
    for layer_call in _behind(call):
        layer = layer_call.layer
        if isinstance(layer, BaseCropping | BaseZeroPadding):
            name = "cropping" if isinstance(layer, BaseCropping) else "padding"
            old = getattr(layer, name)
            new = _halved(old)
            if new != old:
                yield (argument(layer_call.name, name, old, new),)


def _halved(amounts: Any) -> Any:
    """The same amounts in all, as equal at both ends as may be.

    >>> _halved(((0, 4), (1, 1))), _halved((0, 3))
    (((2, 2), (1, 1)), (1, 2))
    """
    if isinstance(amounts[0], tuple):
        return tuple(map(_halved, amounts))
    before = sum(amounts) // 2
    return before, sum(amounts) - before


def _behind(call: Call) -> Iterator[Call]:
    """The calls from which a call is made, the nearest first."""
    seen: set[int] = set()
    open_ = [call]
    while open_:
        for wire in open_.pop(0).inputs:
            if wire.source and id(wire.source) not in seen:
                seen.add(id(wire.source))
                open_.append(wire.source)
                yield wire.source


def _aligned_with(context: Context, changes: tuple[Change, ...], row: int) -> bool:
    """Whether the branches lie together in a copy with the changes."""
    model, specs = context.network.model, context.network.specs
    try:
        calls = calls_of(applied(model, changes, specs), specs)
    except ConvlabError:
        return False
    join = calls.calls[row]
    return join.error is None and not any(shifts_of(Fields(calls), join))
