"""Which arguments of a layer turn one size into another: all of them, the smallest change first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from convlab.errors import ArgumentError
from convlab.geometry import axis_names
from convlab.inspector.notes import layer_notes
from convlab.inspector.solving.bounds import SIZES, asked
from convlab.inspector.solving.candidates import Candidates, candidates
from convlab.inspector.solving.knobs import SYMBOLS, Knobs, Rule, knobs_of
from convlab.inspector.solving.proofs import Goal, proof
from convlab.inspector.solving.ranked import Answers, answers
from convlab.inspector.solving.solution import Solution, Solutions
from convlab.inspector.solving.solved import Solved
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.spatial import Spatial

Sizes = tuple[int | None, ...]


def solve_layer(
    layer: Spatial,
    size_in: Any,
    size_out: Any,
    bounds: Mapping[str, Any],
    vary: Iterable[str] | None,
    *,
    of_class: bool = False,
) -> Solved:
    """What `convlab.solve` finds for a layer; its arguments are told there."""
    before = _sizes("size_in", size_in, layer.rank)
    after = _sizes("size_out", size_out, layer.rank)
    if before == after == (None,) * layer.rank:
        raise ArgumentError(
            "At least one of the sizes is given.",
            received="size_in=None, size_out=None",
            remedy="Use e.g. solve(layer, size_in=28, size_out=14).",
            argument="size_in",
        )
    known = {name: value for name, value in bounds.items() if name != "size_in"}
    unknown = any(None in pair for pair in zip(before, after, strict=True))
    if vary is None and unknown:
        vary = known  # where a size is missing it is the size that is looked for
    knobs = knobs_of(layer, known, vary, _needed(before, after))
    sizes = _tried_sizes(bounds)
    goals = _goals(layer.rank, knobs, before, after, sizes)
    by_rule = [_answers(knobs, rule, goals) for rule in knobs.rules]
    tables = [table for table in by_rule if table is not None]
    found = _Found(knobs, goals, [table for table in tables if len(table.rows)], of_class)
    empty = [
        rule
        for rule, table in zip(knobs.rules, by_rule, strict=True)
        if table is None or not len(table.rows)
    ]
    tried: dict[str, Any] = dict(knobs.tried)
    if None in before:
        tried["size_in"] = sizes
    return Solved(
        subject=layer.class_name if of_class else repr(layer),
        size_in=size_in,
        size_out=size_out,
        solutions=Solutions(len(found.places), found.solution),
        proof="\n".join(filter(None, (proof(knobs, rule, goals) for rule in empty))),
        bounds=tried,
    )


def _sizes(name: str, given: Any, rank: int) -> Sizes:
    """A size for each axis."""
    several = isinstance(given, Sequence) and not isinstance(given, str)
    sizes = tuple(given) if several else (given,) * rank
    good = all(s is None or (isinstance(s, int | np.integer) and s > 0) for s in sizes)
    if len(sizes) != rank or not good:
        raise ArgumentError(
            f"`{name}` is a whole number of 1 or more, or {rank} of them.",
            received=f"{name}={given!r:.60}",
            remedy=f"Use e.g. {name}=28: the channels and the batch are no part of it.",
            argument=name,
        )
    return tuple(None if s is None else int(s) for s in sizes)


def _needed(before: Sizes, after: Sizes) -> int:
    pairs = [(n, m) for n, m in zip(before, after, strict=True) if n and m]
    return max((abs(n - m) for n, m in pairs), default=0)


def _tried_sizes(bounds: Mapping[str, Any]) -> Sequence[int]:
    return asked("size_in", bounds["size_in"]) if "size_in" in bounds else SIZES


def _goals(
    rank: int, knobs: Knobs, before: Sizes, after: Sizes, sizes: Sequence[int]
) -> tuple[Goal, ...]:
    """The axes that are alike together: of the same sizes, and of the same own arguments."""
    groups: dict[Any, list[int]] = {}
    for axis in range(rank):
        own = tuple(None if values is None else values[axis] for values in knobs.own.values())
        groups.setdefault((before[axis], after[axis], own), []).append(axis)
    names = axis_names(rank)
    return tuple(
        Goal(
            tuple(axes),
            " and ".join(names[axis] for axis in axes),
            tuple(sizes) if n is None else (n,),
            m,
        )
        for (n, m, _), axes in groups.items()
    )


def _answers(knobs: Knobs, rule: Rule, goals: Sequence[Goal]) -> Answers | None:
    """The answers of a rule; None where some axis has none."""
    groups: list[Candidates] = []
    for goal in goals:
        found = candidates(knobs, rule, goal.axes[0], goal.sizes_in, goal.size_out)
        if not len(found):
            return None
        groups.append(found)
    return answers(knobs, rule, groups, [goal.axes[0] for goal in goals])


class _Found:
    """The answers of all rules in one order."""

    def __init__(
        self, knobs: Knobs, goals: Sequence[Goal], tables: Sequence[Answers], of_class: bool
    ) -> None:
        self.knobs, self.goals, self.tables, self.of_class = knobs, goals, tables, of_class
        self.places = _in_order(tables)

    def solution(self, place: int) -> Solution:
        """The solution at a place."""
        table_index, row = self.places[place]
        table = self.tables[table_index]
        arguments, before, after = self._told(table, table.rows[row])
        changes = {name: value for name, value in arguments.items() if self._changed(name, value)}
        layer = self.knobs.layer
        note = ""
        if isinstance(layer, BaseConvTranspose):
            made = layer.replace(**{"name": layer.name, **changes})
            note = next(iter(layer_notes(made, None)), "")
        short = {name: _short(value, layer, name) for name, value in arguments.items()}
        changes = {name: short[name] for name in changes}
        sizes = _one_or_all(before), _one_or_all(after)
        return Solution(layer, short, changes, *sizes, note, self.of_class)

    def _told(self, table: Answers, row: Any) -> tuple[dict[str, Any], list[int], list[int]]:
        """The arguments, each a tuple with an item an axis, and the sizes."""
        rank = self.knobs.layer.rank
        before, after = [0] * rank, [0] * rank
        numbers: dict[str, list[Any]] = {name: [None] * rank for name in self.knobs.own}
        for goal, group, index in zip(self.goals, table.groups, row, strict=True):
            for axis in goal.axes:
                before[axis] = int(group.numbers["n"][index])
                after[axis] = int(group.size_out[index])
                for name in self.knobs.own:
                    symbols = [s for s in SYMBOLS[name] if s in group.numbers]
                    found = tuple(int(group.numbers[symbol][index]) for symbol in symbols)
                    numbers[name][axis] = found[0] if len(found) == 1 else found
        arguments: dict[str, Any] = {name: tuple(items) for name, items in numbers.items()}
        if "output_padding" in table.rule.chosen and not table.rule.numbered:
            arguments["output_padding"] = None
        if "padding" in table.rule.chosen:
            arguments["padding"] = table.rule.chosen["padding"]
        return arguments, before, after

    def _changed(self, name: str, value: Any) -> bool:
        if name in self.knobs.own:
            return bool(value != self.knobs.own[name])
        return bool(value != str(getattr(self.knobs.layer, name)).lower())


def _in_order(tables: Sequence[Answers]) -> list[tuple[int, int]]:
    """Which table and which of its rows comes first, second and so on."""
    if not tables:
        return []
    width = max(table.order.shape[1] for table in tables)
    keys = np.concatenate(
        [np.pad(table.order, ((0, 0), (0, width - table.order.shape[1]))) for table in tables]
    )
    which = np.concatenate([np.full(len(t.rows), i) for i, t in enumerate(tables)])
    rows = np.concatenate([np.arange(len(t.rows)) for t in tables])
    order = np.lexsort((which, *keys.T[::-1]))
    return list(zip(which[order].tolist(), rows[order].tolist(), strict=True))


def _short(value: Any, layer: Spatial, name: str) -> Any:
    """An argument in the shortest form that means the same."""
    if not isinstance(value, tuple):
        return value
    if layer.rank == 1 and name in ("cropping", "padding"):
        value = value[0]  # a pair, which is not one number
        return value[0] if value[0] == value[1] else value
    items = tuple(_pair(item) for item in value)
    alike = len(set(items)) == 1
    if alike and not isinstance(items[0], tuple):
        return items[0]
    return value if any(isinstance(item, tuple) for item in items) else items


def _pair(item: Any) -> Any:
    return item[0] if isinstance(item, tuple) and item[0] == item[1] else item


def _one_or_all(sizes: Sequence[int]) -> Any:
    return sizes[0] if len(set(sizes)) == 1 else tuple(sizes)
