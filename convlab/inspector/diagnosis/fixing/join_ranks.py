"""What mends a join of tensors with several numbers of axes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from convlab.inspector.diagnosis.change import Change, argument, insert, remove
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.fixing.choosing import bounded, ranked
from convlab.inspector.diagnosis.fixing.meeting import place
from convlab.inspector.diagnosis.origins import rank_origin, size_origin
from convlab.layers.global_pooling import BaseGlobalPooling
from convlab.layers.reshaping import Flatten

Changes = tuple[Change, ...]


def join_rank_fixes(context: Context, finding: Finding) -> tuple[Fix, ...]:
    """The fixes of a join of tensors with several numbers of axes."""
    candidates = _join_candidates(context, finding.row or 0)
    return ranked(context.fixes(bounded(context, candidates), finding=finding))


def _join_candidates(context: Context, row: int) -> Iterator[Changes]:
    call = context.calls[row]
    ranks = [len(wire.spec.shape) if wire.spec else 0 for wire in call.inputs]
    for wire in call.inputs:
        origin = rank_origin(wire)
        layer = origin.layer if origin is not None else None
        if origin is not None and isinstance(layer, BaseGlobalPooling):
            yield (argument(origin.name, "keepdims", layer.keepdims, True),)
        if origin is not None and isinstance(layer, Flatten):
            yield (remove(origin.name),)
    found: list[Change] = []
    for branch, wire in enumerate(call.inputs):
        if ranks[branch] > min(ranks) == 2 and wire.source is not None:
            taken = [change.layer for change in found]
            found.append(
                insert(
                    "Flatten",
                    {},
                    name=context.new_name("Flatten", taken),
                    source=wire.source.name,
                    text=f"flatten after {wire.source.name}",
                    **place(context, row, branch),
                )
            )
    if found:
        yield tuple(found)
    yield from _as_the_other(context, row)
    yield from _raised(context, row, ranks)


def _as_the_other(context: Context, row: int) -> Iterator[Changes]:
    """One of two tensors with as many numbers in the other's shape."""
    call = context.calls[row]
    shapes = [wire.spec.shape[1:] if wire.spec else () for wire in call.inputs]
    if len(shapes) != 2 or any(None in shape for shape in shapes):
        return
    if math.prod(size or 0 for size in shapes[0]) != math.prod(size or 0 for size in shapes[1]):
        return
    for branch, target in ((0, shapes[1]), (1, shapes[0])):
        source = call.inputs[branch].source
        if source is not None:
            name = context.new_name("Reshape")
            where = place(context, row, branch)
            text = f"reshape to {' x '.join(map(str, target))} after {source.name}"
            config = {"target_shape": target}
            yield (insert("Reshape", config, name=name, source=source.name, text=text, **where),)


def stretched_fixes(context: Context, finding: Finding) -> tuple[Fix, ...]:
    """As many channels in one of the tensors of several ranks as in the other."""
    call = context.calls[finding.row or 0]
    sizes = [wire.spec.shape[-1] if wire.spec else None for wire in call.inputs]
    candidates: list[Changes] = []
    for wire in call.inputs:
        rank = len(wire.spec.shape) if wire.spec else 0
        origin = size_origin(context, wire, rank - 1)
        for size in dict.fromkeys(sizes):
            for name in ("units", "filters"):
                old = getattr(origin.layer, name, None) if origin is not None else None
                if origin is not None and isinstance(old, int) and size and size != old:
                    candidates.append((argument(origin.name, name, old, size),))
    return ranked(context.fixes(bounded(context, candidates), finding=finding))


def _raised(context: Context, row: int, ranks: Sequence[int]) -> Iterator[Changes]:
    """Axes of size 1 for the tensors that have fewer axes."""
    call = context.calls[row]
    for front in (False, True):
        found: list[Change] = []
        for branch, wire in enumerate(call.inputs):
            missing = max(ranks) - ranks[branch]
            if not missing or wire.spec is None or wire.source is None:
                continue
            sizes = tuple(-1 if size is None else size for size in wire.spec.shape[1:])
            target = (*(1,) * missing, *sizes) if front else (*sizes, *(1,) * missing)
            taken = [change.layer for change in found]
            found.append(
                insert(
                    "Reshape",
                    {"target_shape": target},
                    name=context.new_name("Reshape", taken),
                    source=wire.source.name,
                    text=f"reshape to {' x '.join(map(str, target))} after {wire.source.name}",
                    **place(context, row, branch),
                )
            )
        if found:
            yield tuple(found)
