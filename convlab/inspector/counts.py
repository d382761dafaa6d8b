"""Weights, biases and multiplications of a convolution, told like the sizes: step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, mul

from convlab.geometry import Step
from convlab.geometry.formula import Expression, Symbol

MEANINGS = {
    "C": "input channels",
    "G": "groups",
    "F": "filters",
    "c": "input channels that each filter reads",
    "W": "weights of the kernel",
    "B": "biases",
    "r": "rank of the low-rank update",
    "L": "weights of the low-rank update",
    "N": "parameters",
    "M": "multiplications for one example",
    "k": "kernel size",
    "m": "output size",
}
_AXES = {"d": "depth", "h": "height", "w": "width"}

C, G, F, c, W, B, r, L = (Symbol(name) for name in "CGFcWBrL")


@dataclass(frozen=True)
class Count(Step):
    """One line of a layer's costs: a `Step` over the symbols of this module."""

    @property
    def terms(self) -> tuple[tuple[str, int | None, str], ...]:
        """The symbols of the formula: (symbol, value, meaning)."""
        return tuple((name, value, _meaning(name)) for name, value in self.values)


def convolution_counts(
    kernel: Mapping[str, int],
    outputs: Mapping[str, int | None],
    channels: int | None,
    filters: int,
    groups: int = 1,
    *,
    bias: bool = True,
    lora_rank: int = 0,
) -> tuple[Count, ...]:
    """The parameters and multiplications of one convolution.

    Args:
        kernel: the kernel's size along each spatial axis, by the axis's name.
        outputs: the output's size along each; None where it is not known.
        channels: the input's channels, or None.
        filters: the filters, which are the output's channels.
        groups: into how many blocks channels and filters are divided.
        bias: whether each filter adds a bias.
        lora_rank: the rank of a low-rank update of the kernel; 0 for none.

    Returns:
        A line each for the weights, the biases, their sum and the multiplications.

    Source: Keras 3 stores a kernel as `(k_1, ..., k_N, C // G, F)` and a bias as `(F,)`.

    Example:
        >>> sizes = {"height": 3, "width": 3}, {"height": 14, "width": 14}
        >>> for line in convolution_counts(*sizes, channels=1, filters=8):
        ...     print(line.name, "|", line)
        weights of the kernel | W = k_h*k_w*C*F = 3*3*1*8 = 72
        biases | B = F = 8
        parameters | N = W + B = 72 + 8 = 80
        multiplications for one example | M = m_h*m_w*W = 14*14*72 = 14112
    """
    taps, cells = _symbols("k", kernel), _symbols("m", outputs)
    known: dict[str, int | None] = {"C": channels, "G": groups, "F": filters, "r": lora_rank}
    known |= dict(zip(map(str, taps), kernel.values(), strict=True))
    known |= dict(zip(map(str, cells), outputs.values(), strict=True))
    return tuple(
        _count(symbol, formula, known, reason)
        for symbol, formula, reason in _lines(taps, cells, groups, bias, lora_rank > 0)
    )


def _meaning(symbol: str) -> str:
    """What a symbol means; `k_h` is the kernel's height."""
    letter, _, axis = symbol.partition("_")
    return MEANINGS[letter].replace("size", _AXES[axis]) if axis else MEANINGS[letter]


def _lines(
    taps: Sequence[Symbol], cells: Sequence[Symbol], groups: int, bias: bool, lora: bool
) -> Iterator[tuple[str, Expression, str]]:
    """Symbol, formula and reason of each line."""
    read = C if groups == 1 else c
    if groups > 1:
        yield "c", C // G, "A filter reads the channels of its own group only."
    yield (
        "W",
        reduce(mul, [*taps, read, F]),
        "Every filter has one weight for each tap and channel.",
    )
    if bias:
        yield "B", F, "Every filter adds one number to its sums."
    if lora:
        down = reduce(mul, [*taps, read, r])
        yield "L", down + r * F, "LoRA adds to the kernel a product of two smaller matrices."
    parts = [W, *[B] * bias, *[L] * lora]
    yield "N", reduce(add, parts), f"So many numbers {'are kept' if lora else 'can be trained'}."
    yield (
        "M",
        reduce(mul, [*cells, W]),
        "Each weight is used once at every place, padding included.",
    )


def _symbols(letter: str, axes: Mapping[str, object]) -> list[Symbol]:
    """`k_h` and `k_w` along height and width; plain `k` where there is one axis."""
    if len(axes) == 1:
        return [Symbol(letter)]
    return [Symbol(f"{letter}_{axis[0]}") for axis in axes]


def _count(symbol: str, formula: Expression, known: dict[str, int | None], reason: str) -> Count:
    """The line, whose result becomes known to the lines after it."""
    values = tuple((name, known[name]) for name in formula.symbols())
    numbers = {name: value for name, value in values if value is not None}
    known[symbol] = formula.value(**numbers) if len(numbers) == len(values) else None
    return Count(MEANINGS[symbol], symbol, formula, values, known[symbol], reason)
