"""The selected output number by number: value times weight, the sum, bias, activation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from convlab.draw.style import number
from convlab.geometry import PADDING
from convlab.scene import LayerStep

MOST_ROWS = 3

Item = TypeVar("Item")


@dataclass(frozen=True)
class Term:
    """One product of the sum.

    Args:
        tap: the number of the kernel's cell, counted row by row.
        row: where the window reads, on the input's own scale; outside of it in the padding.
        column: the same along the width.
        channel: the input channel.
        value: what is read there; 0 in the padding.
        weight: the kernel's value.
        padding: whether the cell lies in the padding.
    """

    tap: int
    row: int
    column: int
    channel: int
    value: float
    weight: float
    padding: bool

    @property
    def product(self) -> float:
        """Value times weight, in float64."""
        return self.value * self.weight


def terms(step: LayerStep, row: int, column: int, filter: int) -> tuple[Term, ...]:
    """The products whose sum is one output cell, channel by channel, row by row.

    Args:
        step: the pass of windows.
        row: the output's row.
        column: the output's column.
        filter: the output's channel.
    """
    return tuple(_terms(step, row, column, filter))


def _terms(step: LayerStep, row: int, column: int, filter: int) -> Iterator[Term]:
    height, width = step.axes
    for depth, channel in enumerate(step.channels[filter].tolist()):
        for tap in range(height.kernel * width.kernel):
            i, j = divmod(tap, width.kernel)
            at = (int(height.positions[row, i]), int(width.positions[column, j]))
            outside = PADDING in (height.marks[row, i], width.marks[column, j])
            value = 0.0 if outside else float(step.input.values[(*at, channel)])
            weight = float(step.kernel.values[i, j, depth, filter])
            yield Term(tap, *at, channel, value, weight, outside)


@dataclass(frozen=True)
class Slot:
    """One place in the sum on the page: a term, or several that are too many to be shown.

    Args:
        lines: value, weight and product; or a name, a count and a sum.
        tap: the kernel's cell, whose hue it takes; None for several.
    """

    lines: tuple[str, str, str]
    tap: int | None = None

    @classmethod
    def of(cls, term: Term) -> Slot:
        """The place of one term."""
        value = "padding 0" if term.padding else number(term.value, 3)
        lines = (value, f"× {number(term.weight, 3)}", f"= {number(term.product, 3)}")
        return cls(lines, term.tap)

    @classmethod
    def several(cls, name: str, products: Sequence[Term]) -> Slot:
        """The place of terms that are summed up."""
        total = sum(term.product for term in products)
        return cls((name, f"{len(products)} terms", f"= {number(total, 3)}"))


SlotRow = tuple[str, tuple[Slot, ...]]


def slot_rows(products: Sequence[Term], kernel_width: int, across: int) -> tuple[SlotRow, ...]:
    """The sum in labelled rows of at most `across` places.

    Each term has a place while they fill `MOST_ROWS` rows at most; beyond, they are summed up by
    input channel, or by kernel row where there is one channel only.
    """
    channels = _grouped(products, lambda term: term.channel)
    deep = len(channels) > 1
    rows = [
        (f"channel {channel}" if deep and not start else "", tuple(map(Slot.of, part)))
        for channel, own in channels.items()
        for start, part in _parts(own, across)
    ]
    if len(rows) <= MOST_ROWS:
        return tuple(rows)
    if deep:
        sums = [Slot.several(f"channel {key}", own) for key, own in channels.items()]
    else:
        lines = _grouped(products, lambda term: term.tap // kernel_width)
        sums = [Slot.several(f"kernel row {key}", own) for key, own in lines.items()]
    return tuple(("", tuple(part)) for _, part in _parts(sums, across))


def _grouped(products: Sequence[Term], key: Callable[[Term], int]) -> dict[int, list[Term]]:
    groups: dict[int, list[Term]] = {}
    for term in products:
        groups.setdefault(key(term), []).append(term)
    return groups


def _parts(items: Sequence[Item], length: int) -> Iterator[tuple[int, Sequence[Item]]]:
    yield from ((start, items[start : start + length]) for start in range(0, len(items), length))


def conclusion(
    step: LayerStep,
    row: int,
    column: int,
    filter: int,
    products: Sequence[Term],
    roundoff: float = 2.0**-24,
) -> str:
    """From the sum of the products to the output's value, in words.

    The values are the arrays' own; where the sum in float64 is another one, so much is said.

    Args:
        step: the pass of windows.
        row: the output's row.
        column: the output's column.
        filter: the output's channel.
        products: the terms of the sum.
        roundoff: the largest relative error of one rounding in the layer's dtype.
    """
    total = float(np.sum([term.product for term in products]))
    bias = 0.0 if step.bias is None else float(step.bias[filter])
    linear = float(step.linear[row, column, filter])
    output = float(step.output.values[row, column, filter])
    magnitude = abs(bias) + sum(abs(term.product) for term in products)
    bound = (len(products) + 2) * roundoff * magnitude
    words = [] if step.bias is None else [f"= {number(total)}", f"+ bias {number(bias)}"]
    words += [f"= {number(linear)}{_rounding(linear, total + bias, bound)}"]
    if step.activation != "linear":
        words += [f"→ {step.activation} → {number(output)}"]
    return "  ".join(words)


def _rounding(value: float, exact: float, bound: float) -> str:
    """By how much a value differs from the exact one, and whether rounding explains it."""
    difference = value - exact
    if value == exact or (math.isnan(value) and math.isnan(exact)):
        return ""
    why = "rounding" if abs(difference) <= bound else "more than rounding"
    return f" ({why} {'+' if difference > 0 else ''}{number(difference, 2)})"
