"""Why no input size does, in words: which equation fails, and that it fails for every size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from convlab.geometry.formula import Symbol
from convlab.geometry.residues import pace
from convlab.inspector.solving.bounds import in_words
from convlab.inspector.solving.network.conditions import Condition, sizes_of_all
from convlab.inspector.solving.network.fitting import TRACED, Fitting
from convlab.inspector.solving.network.size_set import SizeSet
from convlab.inspector.solving.network.varied import Axis

_MOST_DIFFERENCES = 6


def proof(found: Fitting) -> str:
    """Why no input size fits; empty where some do along every axis.

    Args:
        found: what was found of a network.
    """
    empty = [axis for axis in found.axes if not found.families[axis.name]]
    if not empty:
        return ""
    if not found.proved:
        return f"No size from 1 to {TRACED} fits: each was traced."
    lines = dict.fromkeys(line for axis in empty for line in _reasons(found, axis))
    return "\n".join(lines)


def _reasons(found: Fitting, axis: Axis) -> Iterator[str]:
    own = {axis.name: Symbol("n")}  # the input's size along this axis, as everywhere
    conditions = [c.named(own) for c in found.conditions if c.symbols <= {axis.name}]
    alone = [c for c in conditions if not sizes_of_all([c])]
    if alone:
        yield from (_never(condition, axis) for condition in alone[:1])
        return
    joins = [c for c in conditions if c.relation != "output"]
    for condition in (c for c in conditions if c.relation == "output"):
        fitting = sizes_of_all(joins)
        if fitting and not sizes_of_all([*joins, condition]):
            yield _misses(condition, fitting, axis)
            return
    for first, second in combinations(conditions, 2):
        if not sizes_of_all([first, second]):
            yield (f"{axis.name}: {_asks(first)}, and {_asks(second)}; no size is both.")
            return
    yield f"{axis.name}: no size fulfils all that is asked, over a whole period of the formulas."


def _never(condition: Condition, axis: Axis) -> str:
    """One equation that holds for no size."""
    left, right = condition.left, condition.right
    where = f"'{condition.place}'"
    if not condition.symbols:
        what = f"the output's axis {condition.axis} is {left}, and {right} is wanted"
        if condition.relation != "output":
            what = f"axis {condition.axis} of its inputs is {left} and {right}"
        return f"{where}: {what}, whatever the input's size."
    if condition.relation == "output":
        return _misses(condition, None, axis)
    told = f"{_from(condition.left_from, left)} and {_from(condition.right_from, right)}"
    paces = [pace(side) for side in (left, right)]
    rates = {one.advance / one.period for one in paces if one}
    if len(rates) > 1:
        return f"{where}, {axis.name}: {told} grow at different rates and are never equal."
    period = int(np.lcm.reduce([one.period for one in paces if one]))
    known = dict.fromkeys(condition.symbols, np.arange(period, 2 * period))
    apart = np.unique(np.abs(left.values(**known) - right.values(**known)))
    by = in_words([int(one) for one in apart[:_MOST_DIFFERENCES]])
    more = " or more" if len(apart) > _MOST_DIFFERENCES else ""
    return (
        f"{where}, {axis.name}: {told}, which differ by {by}{more}; as both repeat after n + "
        f"{period}, they differ for every n."
    )


def _from(source: str, size: object) -> str:
    return f"'{source}' gives {size}" if source else str(size)


def _misses(condition: Condition, fitting: SizeSet | None, axis: Axis) -> str:
    """A wanted output that is stepped over."""
    target = int(str(condition.right))
    sizes = np.asarray(_around(condition, fitting, target), dtype=np.int64)
    outputs = condition.left.values(n=sizes)
    below = [(int(n), int(m)) for n, m in zip(sizes, outputs, strict=True) if m < target][-1:]
    above = [(int(n), int(m)) for n, m in zip(sizes, outputs, strict=True) if m > target][:1]
    told = " and ".join(f"n = {n} gives {m}" for n, m in [*below, *above])
    which = f" (of the sizes that fit, {fitting})" if fitting is not None else ""
    return (
        f"'{condition.place}', {axis.name}: the output is {condition.left}, which never is "
        f"{target}: it does not fall as n grows, and {told}{which}."
    )


def _around(condition: Condition, fitting: SizeSet | None, target: int) -> Sequence[int]:
    """Sizes up to one whose output is larger than a target."""
    every = fitting if fitting is not None else SizeSet(residues=(0,))
    largest = 64
    while True:
        sizes = every.upto(largest)
        known = dict.fromkeys(condition.symbols, np.asarray(sizes, dtype=np.int64))
        if (sizes and condition.left.values(**known).max() > target) or largest > 2**24:
            return sizes
        largest *= 2


def _asks(condition: Condition) -> str:
    sizes = sizes_of_all([condition])
    what = {"output": "the output", "positive": "a size of 1 or more"}.get(condition.relation)
    return f"'{condition.place}' ({what or 'its inputs'}) asks for {sizes}"
