"""The terms of an output cell as places on the page, and how its value comes of them, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from convlab.draw.reading.terms import Place, Term
from convlab.draw.style import number
from convlab.geometry import HOLE, READ
from convlab.scene import LayerStep

ACROSS = 9  # places in a row
MOST_ROWS = 3

Item = TypeVar("Item")


@dataclass(frozen=True)
class Slot:
    """One place in the sum on the page: a term, or several that are too many to be shown.

    Args:
        lines: value, weight and product; or a name, a count and a sum.
        tap: the kernel's cell, whose hue it takes; None for several.
        strong: whether it is the one that is taken.
    """

    lines: tuple[str, str, str]
    tap: int | None = None
    strong: bool = False


SlotRow = tuple[str, tuple[Slot, ...]]


def slot_rows(step: LayerStep, products: Sequence[Term]) -> tuple[SlotRow, ...]:
    """The terms in labelled rows of at most `ACROSS` places.

    Each term has a place while they fill `MOST_ROWS` rows at most; beyond, they are summed up by
    input channel, or where there is one channel only by the first axis of the kernel, or by taps.
    """
    channels = _grouped(products, lambda term: term.channel)
    deep = len(channels) > 1
    best = _best(step, products)
    rows = [
        (
            f"channel {channel}" if deep and not start else "",
            tuple(_slot(step, term, term is best) for term in part),
        )
        for channel, own in channels.items()
        for start, part in _parts(own, ACROSS)
    ]
    if len(rows) <= MOST_ROWS:
        return tuple(rows)
    if deep:
        groups = [(f"channel {key}", own) for key, own in channels.items()]
    elif len(step.axes) > 1:
        lines = _grouped(products, lambda term: term.taps[0])
        groups = [(f"kernel row {key}", own) for key, own in lines.items()]
    else:
        length = math.ceil(len(products) / (MOST_ROWS * ACROSS))
        groups = [
            (f"taps {own[0].tap} to {own[-1].tap}", list(own))
            for _, own in _parts(products, length)
        ]
    most = MOST_ROWS * ACROSS
    if len(groups) > most:
        rest = [term for _, own in groups[most - 1 :] for term in own]
        groups = [*groups[: most - 1], (f"{len(groups) - most + 1} more", rest)]
    several = [_several(step, name, own, best in own) for name, own in groups]
    return tuple(("", tuple(part)) for _, part in _parts(several, ACROSS))


def _slot(step: LayerStep, term: Term, best: bool) -> Slot:
    """The place of one term."""
    weight = "" if term.weight is None else f"× {_three(term.weight)}"
    if term.mark == READ:
        if term.weight is None:
            return Slot((_three(term.value), "largest" if best else "", ""), term.tap, best)
        return Slot((_three(term.value), weight, f"= {_three(term.product)}"), term.tap)
    if term.mark == HOLE or step.axes[0].transposed:
        return Slot(("no input", "", ""), term.tap)
    if step.reduce != "sum":
        return Slot(("padding", "left out", ""), term.tap)
    if term.weight is None:
        return Slot(("added 0", "", ""), term.tap)
    return Slot(("padding 0", weight, f"= {_three(term.product)}"), term.tap)


def _several(step: LayerStep, name: str, products: Sequence[Term], best: bool) -> Slot:
    """The place of terms that are summed up."""
    count = f"{len(products)} terms"
    if step.reduce == "max":
        largest = _best(step, products)
        return Slot((name, count, f"up to {_three(largest.value)}" if largest else ""), strong=best)
    return Slot((name, count, f"= {_three(sum(term.product for term in products))}"))


def _three(value: float) -> str:
    return number(value, 3)


def _best(step: LayerStep, products: Sequence[Term]) -> Term | None:
    """The first of the largest values, where the largest is what is taken; NaN never is."""
    read = [term for term in products if term.mark == READ and not math.isnan(term.value)]
    return max(read, key=lambda term: term.value) if step.reduce == "max" and read else None


def _grouped(products: Sequence[Term], key: Callable[[Term], int]) -> dict[int, list[Term]]:
    groups: dict[int, list[Term]] = {}
    for term in products:
        groups.setdefault(key(term), []).append(term)
    return groups


def _parts(items: Sequence[Item], length: int) -> Iterator[tuple[int, Sequence[Item]]]:
    yield from ((start, items[start : start + length]) for start in range(0, len(items), length))


def conclusion(
    step: LayerStep,
    place: Place,
    filter: int,
    products: Sequence[Term],
    roundoff: float = 2.0**-24,
) -> str:
    """From the terms to the output's value, in words.

    The values are the arrays' own; where float64 gives another one, so much is said.

    Args:
        step: the pass of windows.
        place: the output's place, one integer per spatial axis.
        filter: the output's channel.
        products: the terms of the sum.
        roundoff: the largest relative error of one rounding in the layer's dtype.
    """
    linear = float(step.linear[(*place, filter)])
    output = float(step.output.values[(*place, filter)])
    words, exact = _reduced(step, place, filter, products)
    magnitude = abs(_bias(step, place, filter)) + sum(abs(term.product) for term in products)
    bound = (len(products) + 2) * roundoff * magnitude
    words += [f"= {number(linear)}{_rounding(linear, exact, bound)}"]
    if step.activation != "linear":
        words += [f"→ {step.activation} → {number(output)}"]
    return "  ".join(words)


def _reduced(
    step: LayerStep, place: Place, filter: int, products: Sequence[Term]
) -> tuple[list[str], float]:
    """What is done to the terms, in words, and what it gives in float64."""
    read = [term.product for term in products if term.mark == READ]
    total = float(np.sum([term.product for term in products]))
    if step.reduce == "max":
        numbers = [value for value in read if not math.isnan(value)]
        return [f"largest of {len(read)}"], max(numbers, default=math.nan)
    if step.reduce == "mean":
        return [f"= {number(total)} ÷ {len(read)}"], total / len(read) if read else math.nan
    if step.bias is None:
        return [], total
    bias = _bias(step, place, filter)
    return [f"= {number(total)}", f"+ bias {number(bias)}"], total + bias


def _bias(step: LayerStep, place: Place, filter: int) -> float:
    if step.bias is None:
        return 0.0
    return float(step.bias[(*place, filter) if step.local else filter])


def _rounding(value: float, exact: float, bound: float) -> str:
    """By how much a value differs from the exact one, and whether rounding explains it."""
    difference = value - exact
    if value == exact or (math.isnan(value) and math.isnan(exact)):
        return ""
    why = "rounding" if abs(difference) <= bound else "more than rounding"
    return f" ({why} {'+' if difference > 0 else ''}{number(difference, 2)})"
