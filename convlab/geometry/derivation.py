"""The arithmetic of an axis, told step by step as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from convlab.geometry import sizes
from convlab.geometry.axis import AxisGeometry
from convlab.geometry.formula import Expression, Number, maximum
from convlab.geometry.resampling import Resampling
from convlab.geometry.transposed import TRANSPOSED_PADDINGS, size_rule

MEANINGS = {
    "n": "input size",
    "m": "output size",
    "k": "kernel size",
    "s": "stride",
    "d": "dilation",
    "K": "reach of the kernel",
    "P": "padding in all",
    "P_before": "padding before the first cell",
    "P_after": "padding after the last cell",
    "C_before": "cells cropped from the front",
    "C_after": "cells cropped from the end",
    "E": "cells in excess",
    "f": "size of the full scatter",
    "p": "output padding",
    "r": "times as many cells",
    "o": "output index",
    "t": "tap of the kernel",
    "i": "input index",
    "u": "cells left over",
}
"""What each symbol of a formula means."""

_STAMPS = "Each input cell stamps the kernel, s cells apart."


@dataclass(frozen=True)
class Step:
    """One line of a derivation: a formula, the numbers in it, and what comes out.

    Attributes:
        name: what the line finds, such as "output size".
        symbol: the symbol of the result, such as "m".
        formula: the expression over symbols.
        values: the symbols of the formula with their values; None where one is not known.
        result: the value, or None while a size is not known.
        reason: why the line is so, in a sentence.

    Example:
        >>> from convlab.geometry import convolution
        >>> for step in convolution(28, 3, stride=2, padding="same").derivation():
        ...     print(step.name, "|", step)
        reach of the kernel | K = (k - 1)*d + 1 = (3 - 1)*1 + 1 = 3
        output size | m = ceil(n / s) = ceil(28 / 2) = 14
        padding in all | P = max((m - 1)*s + K - n, 0) = max((14 - 1)*2 + 3 - 28, 0) = 1
        padding before the first cell | P_before = P//2 = 1//2 = 0
        padding after the last cell | P_after = P - P_before = 1 - 0 = 1
        input index | i = s*o + d*t - P_before = 2*o + 1*t - 0 = 2*o + t
    """

    name: str
    symbol: str
    formula: Expression
    values: tuple[tuple[str, int | None], ...]
    result: int | None
    reason: str

    @property
    def substituted(self) -> Expression:
        """The formula with numbers in the place of the symbols that are known."""
        return self.formula.substitute(**dict(self.values))

    @property
    def outcome(self) -> str:
        """The result as text: a number, or the short symbolic form."""
        return str(self._reduced())

    def _reduced(self) -> Expression:
        return (
            self.formula.reduce(**dict(self.values)) if self.result is None else Number(self.result)
        )

    @property
    def terms(self) -> tuple[tuple[str, int | None, str], ...]:
        """The symbols of the formula: (symbol, value, meaning)."""
        return tuple((name, value, MEANINGS[name]) for name, value in self.values)

    def parts(self) -> tuple[str, ...]:
        """What stands between the equals signs, without repeats: "m", formula, numbers, result."""
        return tuple(
            dict.fromkeys((self.symbol, str(self.formula), str(self.substituted), self.outcome))
        )

    def __str__(self) -> str:
        return " = ".join(self.parts())

    def latex(self) -> str:
        """The line in LaTeX, without dollar signs."""
        outcome = self._reduced().latex()
        symbol = getattr(sizes, self.symbol, None)
        name = symbol.latex() if isinstance(symbol, Expression) else self.symbol
        parts = (name, self.formula.latex(), self.substituted.latex(), outcome)
        return " = ".join(dict.fromkeys(parts))


def derive(axis: AxisGeometry) -> tuple[Step, ...]:
    """The derivation of an axis's output size, padding and index relation."""
    return tuple(_Teller(axis).steps())


def derive_resampling(axis: Resampling) -> tuple[Step, ...]:
    """The derivation of a resampled axis: its size, and where its outputs stand."""
    teller = _Teller(None)
    known = axis.factor is not None or None not in (axis.window, axis.size_out)
    mixed = f"Output o mixes {f'up to {axis.kernel}' if known else 'the'} inputs around this one."
    if axis.factor is None:
        teller.known |= {"n": axis.window, "m": axis.size_out}
        if axis.interpolation == "nearest":
            mixed = "Output o copies the input at or next to this one."
        if axis.length is not None:
            mixed += f" The n cells of a window are resampled; it begins at cell {axis.start}."
        return (teller.step("i", sizes.RESIZED_CENTRE, mixed),)
    teller.known |= {"n": axis.size_in, "r": axis.factor}
    return (
        teller.step("m", sizes.UPSAMPLED_SIZE, "The output has r times as many cells."),
        teller.step("i", sizes.CENTRE, mixed),
    )


class _Teller:
    """Tells the steps of one axis; knows the values of the symbols found so far."""

    def __init__(self, axis: AxisGeometry | None) -> None:
        self.known: dict[str, int | None] = {}
        if axis is not None:
            self.axis = axis
            self.known = {
                "n": axis.size_in,
                "k": axis.kernel,
                "s": axis.stride,
                "d": axis.dilation,
            }

    def steps(self) -> Iterator[Step]:
        copying = {
            "cropping": self._cropping,
            "zero_padding": self._zero_padding,
            "nearest": self._nearest,
        }
        if self.axis.padding in copying:
            yield from copying[self.axis.padding]()
            return
        yield self.step("K", sizes.REACH, self._why_reach())
        if self.axis.transposed:
            yield from self._scatter()
            return
        tell = {"valid": self._valid, "same": self._same, "causal": self._causal}
        yield from tell.get(self.axis.padding, self._explicit)()
        yield from self._left_over()
        yield self.step("i", sizes.INDEX, "Output o reads this input cell through tap t.")

    def step(self, symbol: str, formula: Expression, reason: str) -> Step:
        names = formula.symbols()
        values = tuple((name, self.known.get(name)) for name in names)
        complete = all(value is not None for _, value in values)
        result = formula.value(**{k: v for k, v in values if v is not None}) if complete else None
        self.known[symbol] = result
        return Step(MEANINGS[symbol], symbol, formula, values, result, reason)

    def size(self, formula: Expression, reason: str) -> Step:
        """The line of the output's size; no windows are never less than none."""
        return self.step("m", maximum(formula, 0) if self.axis.size_out == 0 else formula, reason)

    def _why_reach(self) -> str:
        if self.axis.dilation == 1:
            return "The taps lie side by side."
        return f"The taps lie {self.axis.dilation} cells apart; the cells between are skipped."

    def _valid(self) -> Iterator[Step]:
        self.known |= {"P_before": 0, "P_after": 0}
        yield self.size(sizes.VALID_SIZE, "Without padding the window must lie inside the input.")

    def _same(self) -> Iterator[Step]:
        stride = self.axis.stride
        kept = "keeps the size" if stride == 1 else f"keeps one cell in {stride}, rounded up"
        yield self.step("m", sizes.SAME_SIZE, f'padding="same" {kept}.')
        if self.axis.pad_before is None:
            return  # `same` with a stride and an unknown size: the padding is not decided yet
        if self.known["m"] is None:
            self.known |= {"P_before": self.axis.pad_before, "P_after": self.axis.pad_after}
            return
        yield self.step("P", sizes.SAME_PADDING, "So many cells the last window lacks.")
        yield self.step("P_before", sizes.SAME_BEFORE, "Half of it, rounded down, goes before.")
        yield self.step("P_after", sizes.SAME_AFTER, "The rest, with the odd cell, goes after.")

    def _causal(self) -> Iterator[Step]:
        self.known["P_after"] = 0
        yield self.step(
            "P_before", sizes.CAUSAL_BEFORE, "All padding goes before: no output reads ahead."
        )
        yield self.size(sizes.GATHER_SIZE, "So many windows fit into the padded input.")

    def _explicit(self) -> Iterator[Step]:
        self.known |= {"P_before": self.axis.pad_before, "P_after": self.axis.pad_after}
        yield self.size(sizes.GATHER_SIZE, "So many windows fit into the padded input.")

    def _cropping(self) -> Iterator[Step]:
        before, after = self.axis.pads
        self.known |= {"C_before": -before, "C_after": -after}
        yield self.step("m", sizes.CROPPED_SIZE, "What is left after cropping.")
        yield self.step("i", sizes.CROPPED_INDEX, "Output o is a copy of this input cell.")

    def _zero_padding(self) -> Iterator[Step]:
        before, after = self.axis.pads
        self.known |= {"P_before": before, "P_after": after}
        yield self.step("m", sizes.PADDED_SIZE, "The zeros are added to the input's cells.")
        yield self.step("i", sizes.PADDED_INDEX, "Output o copies this cell, if there is one.")

    def _nearest(self) -> Iterator[Step]:
        self.known["r"] = self.axis.kernel
        yield self.step("m", sizes.UPSAMPLED_SIZE, "Every cell is repeated r times.")
        yield self.step("i", sizes.REPEATED_INDEX, "Output o is a copy of this input cell.")

    def _scatter(self) -> Iterator[Step]:
        if self.axis.padding in TRANSPOSED_PADDINGS:
            yield from self._transposed()
        else:
            self.known |= {"C_before": self.axis.crop_before, "C_after": self.axis.crop_after}
            yield self.step("f", sizes.FULL_SIZE, _STAMPS)
            yield self.step("m", sizes.SCATTER_SIZE, "What is left after cropping.")
        yield self.step(
            "i",
            sizes.SCATTER_INDEX,
            "Output o reads this input cell through tap t if the division leaves no remainder.",
        )

    def _transposed(self) -> Iterator[Step]:
        padding, given = self.axis.padding, self.axis.output_padding
        self.known["p"] = given
        asked = "without output_padding" if given is None else "with this output_padding"
        yield self.step("m", size_rule(padding, given), f'padding="{padding}" {asked} asks for it.')
        yield self.step("f", sizes.FULL_SIZE, _STAMPS)
        excess = self.axis.crop_before + self.axis.crop_after
        told = "So many of them are cropped." if excess >= 0 else "Cells are added behind them."
        yield self._plain("E", sizes.EXCESS, told, excess)
        self.known["C_before"] = 0
        if padding == "same":
            half = "Half of them, rounded down, at the front."
            yield self.step("C_before", sizes.SAME_CROP_BEFORE, half)
        yield self.step("C_after", sizes.CROP_AFTER, "The rest at the end.")

    def _plain(self, symbol: str, formula: Expression, reason: str, result: int) -> Step:
        """A step whose result is known although a size in it is not."""
        step = replace(self.step(symbol, formula, reason), result=result)
        self.known[symbol] = result
        return step

    def _left_over(self) -> Iterator[Step]:
        """Told only when the stride leaves input cells unread at the end."""
        axis = self.axis
        if not axis.size_in or not axis.size_out:
            return
        left = self.step(
            "u", sizes.UNREAD, "The stride does not divide: the last cells are unread."
        )
        if (left.result or 0) > axis.pads[1]:
            yield left
