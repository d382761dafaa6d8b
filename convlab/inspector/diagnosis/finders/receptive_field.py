"""Receptive fields that are much smaller than the input, or far larger.

Small: where a network sums a picture up (a global pooling), no unit before it should have to judge
by less than half of the picture; of the networks that `tests/models/recorded` has, the smallest
field at that place is 0.95 of the input. A network whose output is a map may well see little of
it (SRCNN 13 pixels, PatchGAN 70): there the limit is a twentieth of the input.

Large: a field much larger than the input is common (DenseNet-121: 9 times, InceptionResNetV2: 10),
since most of it carries little weight (Luo et al., 2016). Told is a field 16 times the input. Taps
that meet nothing but padding are told by `idle_taps`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convlab.errors import ConvlabError
from convlab.inspector.diagnosis.change import Change, argument, input_shape
from convlab.inspector.diagnosis.edits import applied
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.relations import both, per_axis
from convlab.inspector.fields import Fields
from convlab.layers.base_conv import BaseConv
from convlab.layers.global_pooling import BaseGlobalPooling
from convlab.models.calls import Call, Calls, Wire, calls_of

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.context import Context

OF_THE_WHOLE, OF_A_MAP, FAR_LARGER = 1 / 2, 1 / 20, 16
"""The share of the input that is too little before a global pooling, and for a map; and how many
times the input is far larger."""

_MOST_DILATION = 8


@dataclass(frozen=True)
class Seen:
    """What the units of a tensor see of an input along one axis.

    Attributes:
        input: the input's name.
        axis: the word of the axis.
        index: its place in the input's shape.
        cells: how many cells a unit sees, from the first to the last.
        size: how many there are.
    """

    input: str
    axis: str
    index: int
    cells: int
    size: int


def find(context: Context) -> Iterator[Finding]:
    """What is too small, then what is far too large, at each output."""
    if context.network.errors:
        return  # with other shapes it will be another field
    for row, limit, what in _judged(context):
        seen = _seen(context.fields, _looked_at(context.calls[row]))
        small = [one for one in seen if one.cells < limit * one.size]
        large = [one for one in seen if one.cells >= FAR_LARGER * one.size]
        if small:
            finding = _small(context.calls[row], row, small, what)
            yield finding.with_fixes(tuple(_wider(context, finding, small, limit)))
        if large:
            finding = _large(context.calls[row], row, large)
            yield finding.with_fixes(tuple(_larger_inputs(context, finding, large, limit)))


def _judged(context: Context) -> Iterator[tuple[int, float, str]]:
    """The calls at which the field is looked at, the share that is too little, and why."""
    told: set[int] = set()
    for wire in context.network.outputs:
        rank = len(wire.spec.shape) if wire.spec else 0
        if rank == 2:
            ends = [(call, OF_THE_WHOLE) for call in _poolings_before(wire)]
        else:
            ends = [(wire.source, OF_A_MAP)] if wire.source and rank > 2 else []
        for call, limit in ends:
            row = context.row(call)
            if row not in told and not call.is_input:
                told.add(row)
                pooled = "a global pooling mixes them, but none judges by the whole"
                yield row, limit, pooled if limit == OF_THE_WHOLE else "nothing else is seen"


def _looked_at(call: Call) -> Wire:
    """The tensor whose units are judged: what a global pooling reads, or what a layer gives."""
    return call.inputs[0] if isinstance(call.layer, BaseGlobalPooling) else call.outputs[0]


def _poolings_before(wire: Wire) -> Iterator[Call]:
    """The nearest global poolings from which an output is made."""
    open_, seen = [wire.source], set()
    while open_:
        call = open_.pop()
        if call is None or id(call) in seen:
            continue
        seen.add(id(call))
        if isinstance(call.layer, BaseGlobalPooling):
            yield call
        else:
            open_ += [given.source for given in call.inputs]


def _seen(fields: Fields, wire: Wire) -> list[Seen]:
    """What the units of a tensor see, along each axis of each input where that is known.

    Where a layer reads a whole axis beside, as the gate of a squeeze-and-excitation does, it is
    what the other paths see.
    """
    found = []
    for which, field in fields.of(wire, "").items():
        spec = fields.begun[which].outputs[0].spec
        for at, index in enumerate(fields.spatial[which]):
            cells, size = field.local_size[at], spec.shape[index] if spec else None
            if cells and size and size > 1:
                found.append(Seen(field.input, field.axes[at], index, cells, size))
    return found


def _small(call: Call, row: int, small: list[Seen], what: str) -> Finding:
    first = small[0]
    share = f"{first.cells} of {first.size} cells"
    return Finding(
        "receptive-field-small",
        call.name,
        f"{call.name}: each unit sees {share} of {first.input} along "
        f"{both(tuple(one.axis for one in small))}; {what}.",
        severity="advice",
        row=row,
        axis=first.axis,
        axes=tuple(one.axis for one in small),
        index=first.index,
        rule="A unit can only judge by what lies within its receptive field.",
        received=f"a receptive field of {' x '.join(str(one.cells) for one in small)} in an input "
        f"of {' x '.join(str(one.size) for one in small)}",
        remedy="Use more strides, poolings or dilation, larger kernels, or a smaller input.",
    )


def _large(call: Call, row: int, large: list[Seen]) -> Finding:
    first = large[0]
    return Finding(
        "receptive-field-large",
        call.name,
        f"{call.name}: the receptive field of {first.cells} cells is {first.cells // first.size} "
        f"times the {first.axis} of {first.input}, {first.size}: most of what its units read is "
        "padding.",
        severity="advice",
        row=row,
        axis=first.axis,
        axes=tuple(one.axis for one in large),
        index=first.index,
        rule="What lies beyond the input is zeros: layers whose field is far larger see no more.",
        received=f"a receptive field of {first.cells} in an input of {first.size}",
        remedy="Use fewer layers or strides, or a larger input.",
    )


def _wider(context: Context, finding: Finding, small: list[Seen], limit: float) -> Iterator[Fix]:
    """A smaller input; or more dilation in the last convolution before."""
    wanted = {one.index: max(int(one.cells / limit), 1) for one in small}
    smaller = _other_input(context, small, wanted)
    yield from _checked(context, finding, smaller, limit, "the picture scaled down")
    for call in reversed(context.calls[: (finding.row or 0) + 1]):
        layer: Any = call.layer
        plain = isinstance(layer, BaseConv) and set(layer.strides) == {1}
        if plain and layer.padding == "same" and max(layer.kernel_size) > 1:
            for rate in range(max(layer.dilation_rate) + 1, _MOST_DILATION + 1):
                old = per_axis(layer.dilation_rate)
                changes = (argument(call.name, "dilation_rate", old, rate),)
                found = list(_checked(context, finding, changes, limit))
                if found:
                    yield found[0]
                    return
            return


def _larger_inputs(
    context: Context, finding: Finding, large: list[Seen], limit: float
) -> Iterator[Fix]:
    wanted = {one.index: one.cells // FAR_LARGER + 1 for one in large}
    yield from _checked(context, finding, _other_input(context, large, wanted), limit)


def _other_input(context: Context, seen: list[Seen], wanted: dict[int, int]) -> tuple[Change, ...]:
    """The input with other sizes; nothing of a network of several inputs."""
    begun = context.fields.begun
    spec = begun[0].outputs[0].spec if len(begun) == 1 else None
    if spec is None:
        return ()
    shape = tuple(wanted.get(index, size) for index, size in enumerate(spec.shape))
    return (input_shape(seen[0].input, spec.shape, shape),)


def _checked(
    context: Context,
    finding: Finding,
    changes: tuple[Change, ...],
    limit: float,
    note: str = "",
) -> Iterator[Fix]:
    """The changes as a fix, if in a copy with them the field is neither small nor far larger."""
    row = finding.row or 0

    def within(calls: Calls) -> bool:
        seen = _seen(Fields(calls), _looked_at(calls.calls[row]))
        return bool(seen) and all(limit <= one.cells / one.size < FAR_LARGER for one in seen)

    if changes and _holds_in_copy(context, changes, within):
        fix = context.fix(changes, finding=finding, goal=lambda _: True, note=note)
        if fix:
            yield fix


def _holds_in_copy(
    context: Context, changes: tuple[Change, ...], goal: Callable[[Calls], bool]
) -> bool:
    try:
        made = applied(context.network.model, changes, context.network.specs)
        return goal(calls_of(made, [tensor.spec for tensor in made.inputs]))
    except ConvlabError:
        return False
