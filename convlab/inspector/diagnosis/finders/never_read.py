"""Rows and columns that no layer reads: what a stride leaves over at the end, and gaps.

Told is what no reader of a tensor reads, where it is a loss: not cells that are padding anyway, not
what a cropping takes away on purpose, and not the cells between those that a kernel of 1 with a
stride reads, which is how networks such as ResNet halve a size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from convlab.geometry import AxisGeometry
from convlab.inspector.diagnosis.change import Change, argument, input_shape
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.network import Tried
from convlab.inspector.diagnosis.relations import Relation, both, per_axis, relations
from convlab.inspector.notes import never_read
from convlab.layers.cropping import BaseCropping
from convlab.layers.zero_padding import BaseZeroPadding
from convlab.models.calls import Call, Wire

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.context import Context

_MOST_FINDINGS = 8
_MOST_CELLS = 2**14
_FARTHEST = 64
"""So many cells more or less an input is tried with."""


def find(context: Context) -> Iterator[Finding]:
    """The layers that leave cells of their input unread, from the first on."""
    now, found = context.network.tried(()), 0
    for call in context.calls:
        if call.repeated or context.row(call) in context.doubtful or found == _MOST_FINDINGS:
            continue
        lost = list(_lost(context, now, call))
        if lost:
            found += 1
            finding = _finding(context, call, lost)
            yield finding.with_fixes(tuple(_fixes(context, now, call, finding)))


def _lost(context: Context, tried: Tried, call: Call) -> Iterator[tuple[Relation, list[int]]]:
    """The axes along which cells are lost in a call, and which cells."""
    if not call.inputs or isinstance(call.layer, BaseCropping):
        return
    wire = call.inputs[0]
    for relation in _relations(tried, call):
        if not _loses(relation.geometry):
            continue
        cells = set(relation.geometry.never_read()) - _padding(tried, wire, relation.place)
        for reader in context.readers[id(wire)]:
            if reader is not call:
                cells &= _unread_by(tried, reader, relation.place)
        if cells:
            yield relation, sorted(cells)


def _relations(tried: Tried, call: Call) -> tuple[Relation, ...]:
    spec = tried.spec(call.inputs[0]) if call.inputs else None
    return relations(tried.layer(call), spec.shape if spec else None)


def _loses(axis: AxisGeometry) -> bool:
    """Whether cells are left unread, and not on purpose."""
    known = axis.size_in is not None and axis.size_in <= _MOST_CELLS
    subsampling = axis.reach == 1 and axis.stride > 1
    if not known or axis.transposed or subsampling or min(axis.pads) < 0:
        return False
    return next(axis.unread(), None) is not None


def _unread_by(tried: Tried, call: Call, index: int) -> set[int]:
    """What another reader of the same tensor leaves unread; nothing where that is not known."""
    for relation in _relations(tried, call):
        if relation.place == index and relation.geometry.size_in is not None:
            return set(relation.geometry.never_read())
    return set()


def _padding(tried: Tried, wire: Wire, index: int) -> set[int]:
    """The cells that a ZeroPadding before put there."""
    source = wire.source
    if source is None or not isinstance(source.layer, BaseZeroPadding):
        return set()
    for relation in _relations(tried, source):
        if relation.place == index:
            read = (relation.geometry.taps() >= 0).any(axis=1)
            return set(np.flatnonzero(~read).tolist())
    return set()


def _finding(context: Context, call: Call, lost: Sequence[tuple[Relation, list[int]]]) -> Finding:
    relation = lost[0][0]
    axes = tuple(one.axis for one, _ in lost)
    told = " and ".join(never_read(one.axis, cells) for one, cells in lost)
    source = call.inputs[0].source
    of = f"the output of {source.name}" if source and not source.is_input else "the input"
    axis = relation.geometry
    return Finding(
        "never-read",
        call.name,
        f"{call.name} reads {of} in steps of {axis.stride} with a window of {axis.reach}: {told}.",
        severity="advice",
        row=context.row(call),
        axis=relation.axis,
        axes=axes,
        index=relation.place,
        rule="The windows of a layer cover its input where the stride divides what the kernel "
        "leaves: (size + padding - kernel) % stride == 0.",
        received=f"{call.layer!r} on {both(axes)} of "
        f"{' x '.join(str(one.geometry.size_in) for one, _ in lost)}",
        remedy="Use padding='same', or another size of the input.",
        culprit=call.name,
    )


def _fixes(context: Context, now: Tried, call: Call, finding: Finding) -> Iterator[Fix]:
    """Padding, strides as small as the window, or the nearest sizes of the input."""
    whole = [other for other in context.calls if not any(_lost(context, now, other))]
    note = "every cell is then read"

    def all_read(tried: Tried) -> bool:
        return not any(any(_lost(context, tried, one)) for one in (call, *whole))

    yield from context.fixes(_other_arguments(call), finding=finding, goal=all_read, note=note)
    for way in (-1, 1):
        inputs = (_other_input(context, finding, way * by) for by in range(1, _FARTHEST))
        found = context.fixes(filter(None, inputs), finding=finding, goal=all_read, note=note)
        yield from islice(found, 1)


def _other_arguments(call: Call) -> Iterator[tuple[Change, ...]]:
    """Padding, strides no larger than the window, and both."""
    layer = call.layer
    window = getattr(layer, "pool_size", None) or getattr(layer, "kernel_size", None)
    strides = getattr(layer, "strides", None)
    padded: tuple[Change, ...] = ()
    closer: tuple[Change, ...] = ()
    if getattr(layer, "padding", None) == "valid":
        padded = (argument(call.name, "padding", "valid", "same"),)
    if window and strides and any(s > k for s, k in zip(strides, window, strict=True)):
        smaller = tuple(min(pair) for pair in zip(strides, window, strict=True))
        closer = (argument(call.name, "strides", per_axis(strides), per_axis(smaller)),)
    yield from dict.fromkeys(filter(None, (padded, closer, padded + closer)))


def _other_input(context: Context, finding: Finding, by: int) -> tuple[Change, ...]:
    """Another size of the input along the axes of the finding, for a network of one input."""
    begun = [call for call in context.calls if call.is_input]
    spec = begun[0].outputs[0].spec if len(begun) == 1 else None
    if spec is None:
        return ()
    words = [context.axis_word(begun[0].outputs[0], index) for index in range(len(spec.shape))]
    shape = tuple(
        size + by if size is not None and word in finding.axes else size
        for size, word in zip(spec.shape, words, strict=True)
    )
    if shape == spec.shape or any(size is not None and size < 1 for size in shape[1:]):
        return ()
    return (input_shape(begun[0].name, spec.shape, shape),)
