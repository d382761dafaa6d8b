"""Branches that meet with sizes that differ: where they parted, and which layer rounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from convlab.geometry import AxisGeometry
from convlab.geometry.loss import rounds
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Finding, Step
from convlab.inspector.diagnosis.fixing.joins import join_fixes
from convlab.inspector.diagnosis.joins import clashes, is_concatenation, is_join
from convlab.inspector.diagnosis.walking import Hop, parting, steps_of, way_back
from convlab.inspector.diagnosis.words import listed, sizes_told
from convlab.models.calls import Call

Ways = dict[int, list[Hop]]
Clashes = Mapping[int, Sequence[int | None]]


def find(context: Context) -> Iterator[Finding]:
    """The joins whose inputs do not agree."""
    for row in context.network.errors:
        call = context.calls[row]
        if is_join(call):
            found = clashes(call, [wire.spec for wire in call.inputs])
            if found:
                yield _finding(context, row, found)


def _finding(context: Context, row: int, found: Clashes) -> Finding:
    call = context.calls[row]
    words = {axis: context.axis_word(call.inputs[0], axis) for axis in found}
    order = sorted(found, key=lambda axis: words[axis] in ("channels", "features", "batch"))
    axis = order[0]
    begin = parting(context, call.inputs)
    ways = {n: way_back(context, wire, axis, begin) for n, wire in enumerate(call.inputs)}
    branch, culprit = _culprit(ways, found[axis], parted=begin is not None)
    spatial = words[axis] not in ("channels", "features", "batch")
    finding = Finding(
        kind="join-sizes" if spatial or is_concatenation(call) else "channels",
        layer=call.name,
        message=_message(call, words, found, order, culprit if spatial else None),
        row=row,
        axis=words[axis],
        axes=tuple(words[a] for a in order),
        index=axis,
        rule=_rule(call),
        received=f"shapes {', '.join(str(wire.spec.shape) for wire in call.inputs if wire.spec)}",
        remedy="Crop or pad one of the branches, or feed a size that the strides divide.",
        culprit=culprit.call.name if culprit is not None and spatial else None,
        branch=branch if spatial else None,
        path=tuple(_path(context, begin, ways, axis)) if spatial else (),
    )
    return finding.with_fixes(join_fixes(context, finding, ways))


def _culprit(
    ways: Ways, sizes: Sequence[int | None], *, parted: bool
) -> tuple[int | None, Hop | None]:
    """The layer that made the sizes differ.

    It is the one that rounded, else one that strides where the other branch does not (if they
    parted somewhere, and did not come from several inputs), else the first that lost cells.
    """
    lossy = [(n, hop) for n, hops in ways.items() for hop in hops if hop.lost]
    rounding = [(n, hop) for n, hop in lossy if hop.relation is not None and rounds(hop.relation)]
    differing = [n for n, size in enumerate(sizes) if size != sizes[0]] or [0]
    # what all branches lost alike is not to blame
    alike = {
        _signature(hop) for n, hop in rounding if all(_has(ways[m], hop) for m in ways if m != n)
    }
    striding = [(n, hop) for n, hops in ways.items() for hop in hops if strides(hop)]
    uneven = striding if parted and len({_pace(hops) for hops in ways.values()}) > 1 else []
    for candidates in ([one for one in rounding if _signature(one[1]) not in alike], uneven, lossy):
        if candidates:
            return min(candidates, key=lambda one: one[0] not in differing and bool(one[0]))
    return None, None


def strides(hop: Hop) -> bool:
    """Whether a layer makes a size smaller or larger by a factor."""
    relation = hop.relation
    if relation is None:
        return False
    if isinstance(relation, AxisGeometry):
        return relation.stride > 1
    return (relation.factor or 1) > 1


def _pace(hops: Sequence[Hop]) -> Fraction:
    """How many cells of where branches part a cell of a branch stands for."""
    pace = Fraction(1)
    for hop in hops:
        relation = hop.relation
        if isinstance(relation, AxisGeometry):
            pace = pace / relation.stride if relation.transposed else pace * relation.stride
        elif relation is not None:
            pace /= relation.factor or 1
    return pace


def _signature(hop: Hop) -> tuple[object, ...]:
    relation = hop.relation
    size_in = relation.size_in if relation else None
    return size_in, relation.size_out if relation else None


def _has(hops: Sequence[Hop], other: Hop) -> bool:
    return any(_signature(hop) == _signature(other) for hop in hops)


def _message(
    call: Call, words: Mapping[int, str], found: Clashes, order: Sequence[int], culprit: Hop | None
) -> str:
    branches = []
    for n, wire in enumerate(call.inputs):
        source = wire.source.name if wire.source else f"input {n}"
        branches.append(f"{sizes_told([found[axis][n] for axis in order])} from '{source}'")
    axes = listed([words[axis] for axis in order])
    told = f"{call.layer.class_name} '{call.name}' joins {axes} {listed(branches)}"
    return told + (f": {_blame(culprit)}." if culprit is not None else ".")


def _blame(hop: Hop) -> str:
    """What the culprit did, in words."""
    relation, name = hop.relation, hop.call.name
    if relation is None:
        return f"'{name}' changed it"
    size_in, size_out = relation.size_in, relation.size_out
    if not hop.lost:
        return f"'{name}' makes {size_out} of {size_in}, which the other branch does not"
    if isinstance(relation, AxisGeometry) and rounds(relation):
        if hop.lost > 0 and relation.kernel <= relation.stride:
            return f"'{name}' makes {size_out} of {size_in} and drops what is left over"
        way = "down" if hop.lost > 0 else "up"
        return f"'{name}' rounds {size_in}/{relation.stride} {way} to {size_out}"
    if hop.lost > 0:
        return f"'{name}' makes {size_out} of {size_in}, {hop.lost} fewer than its stride asks for"
    return f"'{name}' makes {size_out} of {size_in}, {-hop.lost} more than its stride asks for"


def _rule(call: Call) -> str:
    if is_concatenation(call):
        return (
            f"A `{call.layer.class_name}` layer requires inputs with matching shapes except for "
            "the concatenation axis."
        )
    return "What is joined cell by cell has one shape; only sizes of 1 are stretched."


def _path(context: Context, begin: Call | None, ways: Ways, axis: int) -> Iterator[Step]:
    """The arithmetic of each branch, from where they part."""
    if begin is not None:
        first = next((hops[0] for hops in ways.values() if hops), None)
        place = axis if first is None else first.axis_in
        wire = begin.outputs[0]
        size = wire.spec.shape[place] if wire.spec and place < len(wire.spec.shape) else None
        word = context.axis_word(wire, place)
        yield Step(begin.name, word, f"{word} {size}; here the branches part", None, size)
    for n, hops in ways.items():
        yield from steps_of(context, hops, branch=n)
