"""Numbers that do not fill the shape into which they are put."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations, pairwise

from convlab.inspector.diagnosis.change import Change, argument
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fixing.channels import with_size
from convlab.inspector.diagnosis.fixing.choosing import bounded, ranked
from convlab.inspector.diagnosis.origins import size_origin
from convlab.layers.reshaping import Reshape


def find(context: Context) -> Iterator[Finding]:
    """The `Reshape` layers whose target has another number of cells than comes in."""
    for row in context.network.errors:
        call = context.calls[row]
        layer, shape = call.layer, call.shape
        if isinstance(layer, Reshape) and isinstance(shape, tuple) and None not in shape[1:]:
            yield _finding(context, row, layer, shape[1:])


def _finding(context: Context, row: int, layer: Reshape, sizes: tuple[int, ...]) -> Finding:
    call, target = context.calls[row], layer.target_shape
    given, filled = math.prod(sizes), math.prod(size for size in target if size != -1)
    told = "whole rows of" if -1 in target else "exactly"
    finding = Finding(
        kind="reshape",
        layer=call.name,
        message=f"Reshape '{call.name}' has {given} numbers of {sizes}, and its target {target} "
        f"takes {told} {filled}.",
        row=row,
        rule="The total size of the tensor must be unchanged.",
        received=f"input shape {sizes} of {given} numbers, target_shape={target}",
        remedy=f"Use sizes whose product is {given}; one of them may be -1.",
    )
    candidates = bounded(context, _candidates(context, row, layer, given))
    return finding.with_fixes(ranked(context.fixes(candidates, finding=finding)))


def _candidates(
    context: Context, row: int, layer: Reshape, given: int
) -> Iterator[tuple[Change, ...]]:
    call, target = context.calls[row], layer.target_shape

    def unlikely(place: int) -> tuple[bool, int]:
        """Whether a size that would be kept is none of those that come in; then the last first."""
        kept = [*target[:place], *target[place + 1 :]]
        return any(size not in call.shape[1:] for size in kept), -place

    for place in sorted(range(len(target)), key=unlikely):
        others = math.prod(size for n, size in enumerate(target) if n != place and size != -1)
        if -1 not in target[:place] + target[place + 1 :] and others and given % others == 0:
            new = (*target[:place], given // others, *target[place + 1 :])
            if new != target:
                yield (argument(call.name, "target_shape", target, new),)
    wire = call.inputs[0]
    if wire.spec is not None and -1 not in target:
        rank = len(wire.spec.shape)
        rest = math.prod(wire.spec.shape[axis] or 1 for axis in range(1, rank - 1))
        filled = math.prod(target)
        if filled % rest == 0:
            origin = size_origin(context, wire, rank - 1)
            yield from with_size(context, origin, row, rank - 1, filled // rest)
    for new in _grouped(call.shape[1:], len(target)):
        if new != target:
            yield (argument(call.name, "target_shape", target, new),)
    yield (argument(call.name, "target_shape", target, (-1, *target[1:])),)
    yield (argument(call.name, "target_shape", target, (*target[:-1], -1)),)


def _grouped(sizes: tuple[int, ...], number: int) -> Iterator[tuple[int, ...]]:
    """Shapes of so many axes, in which neighbouring axes are taken together.

    >>> list(_grouped((25, 6, 256), 2))
    [(25, 1536), (150, 256)]
    """
    for cuts in combinations(range(1, len(sizes)), number - 1):
        ends = (0, *cuts, len(sizes))
        yield tuple(math.prod(sizes[a:b]) for a, b in pairwise(ends))
