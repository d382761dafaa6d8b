"""Why a rule gives no answer, in words that are read off the rule's own numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.geometry.sizing import size_formula
from convlab.inspector.solving.bounds import in_words
from convlab.inspector.solving.candidates import Candidates, candidates, grid, possible, wanted
from convlab.inspector.solving.knobs import SYMBOLS, Knobs, Rule

_MOST = 3_000_000
"""Beyond the bounds, tables of more rows are not made."""

_DRIVERS = ("s", "r", "k", "d")
"""The number by which what a rule gives is told, the first that is tried with several values."""


@dataclass(frozen=True)
class Goal:
    """What axes that are alike are to do.

    Attributes:
        axes: which axes they are.
        name: what they are called.
        sizes_in: the input sizes that are tried.
        size_out: the output size that is wanted; None where any is.
    """

    axes: tuple[int, ...]
    name: str
    sizes_in: tuple[int, ...]
    size_out: int | None


def proof(knobs: Knobs, rule: Rule, goals: Sequence[Goal]) -> str:
    """Why no arguments under a rule do what is wanted.

    Args:
        knobs: the layer's arguments.
        rule: a rule that has no answer.
        goals: what is wanted of each axis.

    Returns:
        A line for each axis that cannot; none where no number at all is legal under the rule.
    """
    told = []
    for goal in goals:
        axis = goal.axes[0]
        if not possible(knobs, rule, axis):
            return ""
        if len(candidates(knobs, rule, axis, goal.sizes_in, goal.size_out)):
            continue
        every = candidates(knobs, rule, axis, goal.sizes_in)
        where = f" ({goal.name})" if len(goals) > 1 else ""
        told.append(f"{where}: {' '.join(_reasons(knobs, rule, goal, every))}")
    if not told:
        told = [": each axis alone can, but strides and dilation would both be more than 1."]
    head = _label(rule)
    return "\n".join(f"{head}{line}" for line in told)


def _label(rule: Rule) -> str:
    """What a rule is called."""
    words = [f'padding="{rule.chosen["padding"]}"'] if "padding" in rule.chosen else []
    if rule.numbered:
        words.append("a number for output_padding")
    elif "output_padding" in rule.chosen:
        words.append("output_padding=None")
    if rule.parity is not None:
        words.append("an odd kernel" if rule.parity else "an even kernel")
    *most, last = words or ["every value"]
    return f"{', '.join(most)} and {last}" if most else last


def _reasons(knobs: Knobs, rule: Rule, goal: Goal, every: Candidates) -> Iterator[str]:
    yield f"m = {size_formula(rule.axis)}."
    if not len(every):
        none = "no cell comes out of" if rule.scatters else "no window fits into the cells of"
        yield f"{_given(knobs, goal)} {none} {in_words(goal.sizes_in)}."
        return
    yield f"From n = {in_words(goal.sizes_in)} {_reached(knobs, every, goal)}."
    yield from _never_times_stride(rule, goal, every)
    beyond = _beyond(knobs, rule, goal)
    if beyond is None:
        yield "That holds inside the bounds."
    elif len(beyond):
        nearest = _arguments(knobs, beyond, _nearest(knobs, goal, beyond))
        yield f"Outside of the bounds {nearest} does."
    else:
        yield "Larger numbers do not help either."


def _given(knobs: Knobs, goal: Goal) -> str:
    own = [f"{n} {in_words(knobs.values(n, goal.axes[0]))}" for n in knobs.numbers]
    return f"With {', '.join(own)}" if own else "Here"


def _reached(knobs: Knobs, every: Candidates, goal: Goal) -> str:
    """What is given next to what is wanted, by the stride or whatever decides."""
    m, sizes = goal.size_out or 0, np.unique(every.size_out)
    lead = ""
    if sizes[-1] < m:
        lead = f"it gives at most {sizes[-1]}, never {m}"
    elif sizes[0] > m:
        lead = f"it gives at least {sizes[0]}, never {m}"
    driver = next((s for s in _DRIVERS if len(np.unique(every.numbers.get(s, 0))) > 1), None)
    if driver is None:
        return lead or f"it gives {in_words(_next_to(sizes, m))}, never {m}"
    words = [
        f"{_argument(knobs, driver)}={value} gives {_extent(run, m)}"
        for value, run in _around(every, driver, m)
    ]
    return f"{lead}: {' and '.join(words)}" if lead else f"{' and '.join(words)}, never {m}"


def _around(every: Candidates, driver: str, m: int) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """The driver's values whose sizes lie around or next to what is wanted, with these sizes."""
    column = every.numbers[driver]
    runs = {int(v): np.unique(every.size_out[column == v]) for v in np.unique(column)}
    told = {v for v, run in runs.items() if run[0] < m < run[-1]}
    below = [v for v, run in runs.items() if run[-1] < m]
    above = [v for v, run in runs.items() if run[0] > m]
    told |= {*sorted(below, key=lambda v: m - runs[v][-1])[:1]}
    told |= {*sorted(above, key=lambda v: runs[v][0] - m)[:1]}
    return ((v, runs[v]) for v in sorted(told))


def _next_to(values: NDArray[np.int64], m: int) -> list[int]:
    """The values on both sides of a size that is not among them."""
    place = int(np.searchsorted(values, m))
    return [int(value) for value in values[max(place - 1, 0) : place + 1]]


def _extent(values: NDArray[np.int64], m: int) -> str:
    """Which sizes are reached: all where they lie on one side, else those next to the wanted."""
    if values[0] < m < values[-1]:
        return in_words(_next_to(values, m))
    if len(values) == values[-1] - values[0] + 1:
        return in_words([int(value) for value in values])
    return f"{values[0]} to {values[-1]}"


def _never_times_stride(rule: Rule, goal: Goal, every: Candidates) -> Iterator[str]:
    """With "same", an even kernel and a given output padding, the largest size is n*s - 1."""
    n, m = goal.sizes_in[0], goal.size_out or 0
    if rule.parity != 0 or len(goal.sizes_in) > 1:
        return
    strides = np.unique(every.numbers["s"])
    largest = [int(every.size_out[every.numbers["s"] == s].max()) for s in strides]
    short = [n * int(s) - found for s, found in zip(strides, largest, strict=True)]
    if m in n * strides and set(short) == {1}:
        yield (
            f"output_padding is at most s - 1, so that m is at most n*s - 1 for every stride, "
            f"and {m} = {n}*{m // n} is not reached: only output_padding=None gives n*s."
        )


def _beyond(knobs: Knobs, rule: Rule, goal: Goal) -> Candidates | None:
    """The answers among all numbers that could matter; None where those are too many to try.

    A larger kernel or stride than these gives no window, or what the largest of these gives.
    """
    if len(goal.sizes_in) > 1 or goal.size_out is None:
        return None
    n, m = goal.sizes_in[0], goal.size_out
    most = max(n, m) + 1
    columns: dict[str, Sequence[int]] = {"n": (n,)}
    for name in knobs.numbers:
        values = knobs.values(name, goal.axes[0])
        if len(SYMBOLS[name]) == 2:
            pair = [(one,) for one in values[0]] if name in knobs.held else [range(most)] * 2
            columns |= dict(zip(SYMBOLS[name], pair, strict=True))
        elif name in knobs.held:
            columns[SYMBOLS[name][0]] = values
        elif name == "dilation_rate" and "kernel_size" not in knobs.held:
            columns["d"] = (1,)  # another dilation only makes the reach longer
        else:
            columns[SYMBOLS[name][0]] = range(1, most + 1)
    if rule.scatters and n > 1 and "strides" not in knobs.held:
        columns["s"] = range(1, m // (n - 1) + 2)
    if rule.numbered:
        held = "output_padding" in knobs.held
        own = [p for p in knobs.values("output_padding", goal.axes[0]) if p is not None]
        columns["p"] = own if held else range(max(columns["s"]))
    if prod(len(values) for values in columns.values()) > _MOST:
        return None
    return wanted(grid(columns), rule, knobs.together, m)


def _nearest(knobs: Knobs, goal: Goal, found: Candidates) -> int:
    """The row that changes the layer's own numbers least."""
    distance = np.zeros(len(found), dtype=np.int64)
    for name in knobs.numbers:
        own: Any = (knobs.own[name] or ())[goal.axes[0]]
        pairs = zip(SYMBOLS[name], own if isinstance(own, tuple) else (own,), strict=True)
        for symbol, mine in pairs:
            distance += np.abs(found.numbers[symbol] - mine)
    return int(np.argmin(distance))


def _arguments(knobs: Knobs, found: Candidates, row: int) -> str:
    """The numbers of a row as arguments."""
    words = []
    for name in knobs.own:
        numbers = [int(found.numbers[s][row]) for s in SYMBOLS[name] if s in found.numbers]
        if numbers and not (name == "dilation_rate" and numbers == [1]):
            words.append(f"{name}={numbers[0] if len(numbers) == 1 else tuple(numbers)}")
    return ", ".join(words)


def _argument(knobs: Knobs, symbol: str) -> str:
    """The argument that a symbol stands for."""
    names: Mapping[str, tuple[str, ...]] = SYMBOLS
    return next(name for name in knobs.own if symbol in names[name])
