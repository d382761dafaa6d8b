"""Weights, biases and multiplications of a layer, told like the sizes: step by step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, mul

from convlab.geometry import Step
from convlab.geometry.formula import Expression, Symbol

MEANINGS = {
    "C": "input channels",
    "G": "groups",
    "F": "filters",
    "D": "depth multiplier",
    "T": "time steps",
    "c": "input channels that each filter reads",
    "W": "weights of the kernel",
    "W_d": "weights of the depthwise kernel",
    "W_p": "weights of the pointwise kernel",
    "W_x": "weights of the kernel on the input",
    "W_h": "weights of the kernel on the state",
    "B": "biases",
    "r": "rank of the low-rank update",
    "L": "weights of the low-rank update",
    "N": "parameters",
    "M": "multiplications for one example",
    "k": "kernel size",
    "n": "input size",
    "m": "output size",
}
_AXES = {"d": "depth", "h": "height", "w": "width"}

C, G, F, D, T, c, W, B, r, L = (Symbol(name) for name in "CGFDTcWBrL")
W_d, W_p, W_x, W_h = (Symbol(f"W_{part}", f"W_{{{part}}}") for part in "dpxh")

Line = tuple[str, Expression, str]
"""The symbol of a result, its formula, and why it is so."""


@dataclass(frozen=True)
class Count(Step):
    """One line of a layer's costs: a `Step` over the symbols of this module."""

    @property
    def terms(self) -> tuple[tuple[str, int | None, str], ...]:
        """The symbols of the formula: (symbol, value, meaning)."""
        return tuple((name, value, _meaning(name)) for name, value in self.values)


def tell(lines: Iterable[Line], known: Mapping[str, int | None]) -> tuple[Count, ...]:
    """The lines with their numbers; what one finds is known to those after it.

    Example:
        >>> for line in tell([("B", F, "Every filter adds one number.")], {"F": 8}):
        ...     print(line.name, "|", line)
        biases | B = F = 8
    """
    found = dict(known)
    return tuple(_count(symbol, formula, found, reason) for symbol, formula, reason in lines)


def along(letter: str, names: Sequence[str]) -> list[Symbol]:
    """`k_h` and `k_w` along height and width; plain `k` where there is one axis.

    >>> along("k", ["height", "width"]), along("k", ["steps"])
    ([Symbol(name='k_h', ...), Symbol(name='k_w', ...)], [Symbol(name='k', ...)])
    """
    if len(names) == 1:
        return [Symbol(letter)]
    return [Symbol(f"{letter}_{name[0]}") for name in names]


def product(*factors: Expression) -> Expression:
    """`a*b*c`."""
    return reduce(mul, factors)


def total(*parts: Expression) -> Expression:
    """`a + b + c`."""
    return reduce(add, parts)


def _meaning(symbol: str) -> str:
    """What a symbol means; `k_h` is the kernel's height."""
    if symbol in MEANINGS:
        return MEANINGS[symbol]
    letter, _, axis = symbol.partition("_")
    return MEANINGS[letter].replace("size", _AXES[axis])


def _count(symbol: str, formula: Expression, known: dict[str, int | None], reason: str) -> Count:
    """The line, whose result becomes known to the lines after it."""
    values = tuple((name, known[name]) for name in formula.symbols())
    numbers = {name: value for name, value in values if value is not None}
    known[symbol] = formula.value(**numbers) if len(numbers) == len(values) else None
    return Count(_meaning(symbol), symbol, formula, values, known[symbol], reason)
