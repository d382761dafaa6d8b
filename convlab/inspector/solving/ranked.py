"""The candidates of all axes put together, the smallest change first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError
from convlab.inspector.solving.candidates import Candidates, grid, reach
from convlab.inspector.solving.knobs import SYMBOLS, Knobs, Rule

Column = NDArray[np.int64]

MOST = 2_000_000
"""More answers than these are not put in order."""

WEIGHTS: Mapping[str, int] = {
    "padding": 1,
    "output_padding": 1,
    "cropping": 1,
    "size": 1,
    "strides": 2,
    "dilation_rate": 2,
    "pool_size": 2,
    "kernel_size": 3,  # trained weights no longer fit
}
"""What a change costs, where as many arguments change."""


@dataclass(frozen=True)
class Answers:
    """The answers under one rule, a row each, not yet in order.

    Attributes:
        rule: the rule.
        groups: for each group of axes that are alike, the candidates.
        rows: which candidate of each group an answer takes, `(answers, groups)`.
        order: what to sort by, `(answers, keys)`, the first key first.
    """

    rule: Rule
    groups: tuple[Candidates, ...]
    rows: Column
    order: Column


def answers(knobs: Knobs, rule: Rule, groups: Sequence[Candidates], axes: Sequence[int]) -> Answers:
    """Every answer of a rule.

    Args:
        knobs: the layer's arguments.
        rule: the rule.
        groups: the candidates of each group of axes that are alike.
        axes: the first axis of each group, whose own numbers are compared with.

    Raises:
        ArgumentError: there are more than can be put in order.
    """
    count = reduce(lambda total, group: total * len(group), groups, 1)
    if count > MOST:
        raise ArgumentError(
            f"More than {MOST:,} answers are not put in order.",
            received=f"{count:,} of them",
            remedy="Narrow the bounds, such as bounds={'kernel_size': range(1, 6)}.",
            argument="bounds",
        )
    places = grid({str(i): range(len(group)) for i, group in enumerate(groups)})
    rows = np.stack([places[str(i)] for i in range(len(groups))], axis=1)
    if not knobs.together:
        rows = rows[_apart(groups, rows)]
    return Answers(rule, tuple(groups), rows, _order(knobs, rule, groups, axes, rows))


def _apart(groups: Sequence[Candidates], rows: Column) -> NDArray[np.bool_]:
    """Where strides and dilation are not both more than 1, on different axes either."""
    strides, dilation = (
        np.max([group.numbers[name][rows[:, i]] for i, group in enumerate(groups)], axis=0)
        for name in "sd"
    )
    return np.asarray((strides == 1) | (dilation == 1))


def _order(
    knobs: Knobs, rule: Rule, groups: Sequence[Candidates], axes: Sequence[int], rows: Column
) -> Column:
    """What answers are sorted by: how many arguments change, which, by how much, their values."""
    count = np.zeros(len(rows), dtype=np.int64)
    weight, distance, uneven = count.copy(), count.copy(), count.copy()
    values: list[Column] = []
    for name in knobs.own:
        changed = np.zeros(len(rows), dtype=bool)
        for i, (group, axis) in enumerate(zip(groups, axes, strict=True)):
            own = _own(knobs, name, axis)
            columns = [group.numbers[s][rows[:, i]] for s in SYMBOLS[name] if s in group.numbers]
            for column, mine in zip(columns, own, strict=False):
                changed |= column != (-1 if mine is None else mine)
                distance += np.abs(column - (mine or 0))
            if len(columns) == 2:
                uneven += np.abs(columns[0] - columns[1])
            if name == "strides" and _tied(knobs):  # they follow the window
                changed &= columns[0] != group.numbers["k"][rows[:, i]]
            values += columns
        if name == "output_padding" and not rule.numbered:
            changed |= knobs.own[name] is not None
        count += changed
        weight += WEIGHTS[name] * changed
    if "padding" in rule.chosen:
        other = rule.chosen["padding"] != str(getattr(knobs.layer, "padding", "")).lower()
        count += other
        weight += WEIGHTS["padding"] * other
    refused = refused_by_tensorflow(rule, groups, rows)
    sizes = [group.numbers["n"][rows[:, i]] for i, group in enumerate(groups)]
    return np.stack([count + refused, weight, distance, *sizes, uneven, *values], axis=1)


def _own(knobs: Knobs, name: str, axis: int) -> tuple[Any, ...]:
    own = knobs.own[name]
    if own is None:
        return (None,)
    return own[axis] if len(SYMBOLS[name]) == 2 else (own[axis],)


def _tied(knobs: Knobs) -> bool:
    """Whether a pooling's strides are its window's, as where they are not given."""
    return "pool_size" in knobs.own and knobs.own["pool_size"] == knobs.own["strides"]


def refused_by_tensorflow(
    rule: Rule, groups: Sequence[Candidates], rows: Column
) -> NDArray[np.bool_]:
    """Answers that TensorFlow refuses in a call: "same", an even reach, output padding 0.

    Source: as for `convlab.inspector.notes.refused_by_tensorflow`.
    """
    found = np.zeros(len(rows), dtype=bool)
    if rule.numbered and rule.chosen["padding"] == "same":
        for i, group in enumerate(groups):
            even = reach(group.numbers) % 2 == 0
            found |= (even & (group.numbers["p"] == 0))[rows[:, i]]
    return found
