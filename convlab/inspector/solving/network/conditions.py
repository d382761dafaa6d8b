"""What an input size must fulfil for a network to fit together: equations between size formulas."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from convlab.geometry.formula import Expression, Number
from convlab.geometry.residues import Pace, pace
from convlab.inspector.solving.network.size_set import SizeSet
from convlab.inspector.symbols import Sizes
from convlab.layers.joining import Joining
from convlab.layers.merging import Concatenate
from convlab.models.calls import Call, Calls

_MOST = 2_000_000
"""Longer periods than these are not written out."""


@dataclass(frozen=True)
class Condition:
    """One thing that must hold of the sizes along one axis.

    Attributes:
        place: the layer's name.
        axis: the axis of its tensor.
        left: a size.
        right: another, or a number.
        relation: "equal"; "stretched" (equal, but 1 would do as well); "positive" (the left is at
            least the right); "output" (equal to what is wanted).
        left_from: the layer whose output the left size is; empty where that is clear.
        right_from: the same of the right size.
    """

    place: str
    axis: int
    left: Expression
    right: Expression
    relation: str
    left_from: str = ""
    right_from: str = ""

    @property
    def symbols(self) -> frozenset[str]:
        """The input sizes that it speaks of."""
        return frozenset(self.left.symbols() + self.right.symbols())

    def holds(self, sizes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """For which input sizes it holds; of one symbol."""
        known = dict.fromkeys(self.symbols, sizes)
        left, right = (
            np.broadcast_to(side.values(**known), sizes.shape) for side in (self.left, self.right)
        )
        if self.relation == "positive":
            return np.asarray(left >= right)
        return np.asarray(left == right)

    def named(self, names: Mapping[str, Expression]) -> Condition:
        """The same with other names for the input sizes."""
        return replace(self, left=self.left.reduce(**names), right=self.right.reduce(**names))

    def sizes(self) -> SizeSet | None:
        """All input sizes for which it holds; None where its formulas have no pace."""
        return sizes_of_all([self])


def sizes_of_all(conditions: Sequence[Condition]) -> SizeSet | None:
    """All input sizes for which every condition holds; None where that cannot be proved.

    Whether a condition holds repeats with the period of its formulas once their difference no
    longer changes sign, so that the sizes up to there and one period more decide for all.
    """
    paces = {side: pace(side) for c in conditions for side in (c.left, c.right)}
    if None in paces.values():
        return None
    known = {side: found for side, found in paces.items() if found is not None}
    period = math.lcm(*(found.period for found in known.values())) if known else 1
    if period > _MOST:
        return None
    last = max((_settled(c, known, period) for c in conditions), default=1)
    if last + period > _MOST:
        return None
    sizes = np.arange(1, last + period, dtype=np.int64)
    works = np.ones(len(sizes), dtype=bool)
    for condition in conditions:
        works &= condition.holds(sizes)
    return SizeSet.of_pattern(works, period)


def stretched_sizes(conditions: Sequence[Condition]) -> list[int]:
    """The input sizes for which a join stretches a size of 1 to another.

    What lies behind the join then has another size than the formulas say; these are few.
    """
    found: set[int] = set()
    for condition in conditions:
        if condition.relation != "stretched":
            continue
        paces = {side: pace(side) for side in (condition.left, condition.right)}
        known = {side: one for side, one in paces.items() if one is not None}
        period = math.lcm(*(one.period for one in known.values()))
        sizes = np.arange(1, _settled(condition, known, period) + 1, dtype=np.int64)
        names = dict.fromkeys(condition.symbols, sizes)
        left, right = condition.left.values(**names), condition.right.values(**names)
        found |= {int(n) for n in sizes[((left == 1) | (right == 1)) & (left != right)]}
    return sorted(found)


def _settled(condition: Condition, paces: Mapping[Expression, Pace], period: int) -> int:
    """The size from which on whether a condition holds repeats."""
    cells = np.arange(period, dtype=np.int64)
    known = dict.fromkeys(condition.symbols, cells)
    left, right = (
        np.broadcast_to(side.values(**known), cells.shape)
        for side in (condition.left, condition.right)
    )
    growth = [paces[side].over(period) for side in (condition.left, condition.right)]
    pairs = [(left - right, growth[0] - growth[1])]
    if condition.relation == "stretched":  # the sizes that are 1 lie before, too
        pairs += [(left - 1, growth[0]), (right - 1, growth[1])]
    turns = [
        math.ceil(int(np.abs(difference).max()) / abs(advance)) + 1
        for difference, advance in pairs
        if advance
    ]
    return max(turns, default=0) * period + 1


def conditions_of(calls: Calls, sizes: Mapping[int, Sizes]) -> Iterator[Condition]:
    """What must hold in a network: the inputs of a join agree, and no size is below 1.

    Args:
        calls: the network's calls for inputs of unknown sizes.
        sizes: the formulas of every tensor's sizes, by the id of its `Wire`.
    """
    for call in calls.calls:
        if isinstance(call.layer, Joining):
            yield from _joined(call, sizes)
        for wire in call.outputs:
            for axis, size in enumerate(sizes.get(id(wire), ()), 1):
                if size is not None and size.symbols():
                    yield Condition(call.name, axis, size, Number(1), "positive")


def _joined(call: Call, sizes: Mapping[int, Sizes]) -> Iterator[Condition]:
    """The sizes of a join's inputs that have to agree with those of its first input."""
    inputs = [sizes.get(id(wire), ()) for wire in call.inputs]
    if not inputs or len({*map(len, inputs)}) > 1:
        return
    rank = len(inputs[0]) + 1
    beside = call.layer.axis % rank if isinstance(call.layer, Concatenate) else None
    relation = "equal" if isinstance(call.layer, Concatenate) else "stretched"
    froms = [wire.source.name if wire.source else "" for wire in call.inputs]
    for axis, (first, *others) in enumerate(zip(*inputs, strict=True), 1):
        for source, other in zip(froms[1:], others, strict=True):
            if axis == beside or first is None or other is None or first == other:
                continue
            if relation == "stretched" and Number(1) in (first, other):
                continue
            yield Condition(call.name, axis, first, other, relation, froms[0], source)
