"""All arguments that turn one size into another along one axis: a table, made at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.geometry import sizes
from convlab.geometry.sizing import sizes_out
from convlab.inspector.solving.knobs import SYMBOLS, Knobs, Rule

Column = NDArray[np.int64]


@dataclass(frozen=True)
class Candidates:
    """Numbers that are legal together, a row each.

    Attributes:
        numbers: the columns by symbol: `n` the input size, `k` the kernel, and so on.
        size_out: the size that each row gives.
    """

    numbers: Mapping[str, Column]
    size_out: Column

    def __len__(self) -> int:
        return len(self.size_out)

    def where(self, mask: NDArray[np.bool_]) -> Candidates:
        """The rows of a mask."""
        return Candidates(
            {name: column[mask] for name, column in self.numbers.items()}, self.size_out[mask]
        )


def candidates(
    knobs: Knobs, rule: Rule, axis: int, sizes_in: Sequence[int], size_out: int | None = None
) -> Candidates:
    """The rows of a rule along one axis, for some input sizes.

    Args:
        knobs: the layer's arguments.
        rule: the rule.
        axis: which of the layer's axes it is.
        sizes_in: the input sizes.
        size_out: the output size that is wanted; None is every one that is possible.
    """
    return wanted(_combined(knobs, rule, axis, sizes_in), rule, knobs.together, size_out)


def possible(knobs: Knobs, rule: Rule, axis: int) -> bool:
    """Whether any numbers are legal under a rule, such as an even kernel among those tried."""
    every = _combined(knobs, rule, axis, [1])
    return len(_legal(every, rule, knobs.together)["n"]) > 0


def _combined(knobs: Knobs, rule: Rule, axis: int, sizes_in: Sequence[int]) -> dict[str, Column]:
    """Every combination of the numbers that are tried."""
    columns: dict[str, Sequence[int]] = {"n": sizes_in}
    for name in knobs.numbers:
        symbols = SYMBOLS[name]
        values = knobs.values(name, axis)
        if len(symbols) == 1:
            columns[symbols[0]] = values
        else:  # a pair, which is held or tried number by number
            held = [(one,) for one in values[0]] if name in knobs.held else [values] * 2
            columns |= dict(zip(symbols, held, strict=True))
    if rule.numbered:
        columns["p"] = [one for one in knobs.values("output_padding", axis) if one is not None]
    return grid(columns)


def grid(columns: Mapping[str, Sequence[int]]) -> dict[str, Column]:
    """Every combination of the values of some columns.

    >>> {name: column.tolist() for name, column in grid({"k": (1, 3), "s": (1, 2)}).items()}
    {'k': [1, 1, 3, 3], 's': [1, 2, 1, 2]}
    """
    axes = [np.asarray(values, dtype=np.int64) for values in columns.values()]
    meshes = np.meshgrid(*axes, indexing="ij")
    return {name: mesh.ravel() for name, mesh in zip(columns, meshes, strict=True)}


def wanted(
    numbers: Mapping[str, Column], rule: Rule, together: bool, size_out: int | None
) -> Candidates:
    """Those combinations that are legal under a rule and give the size."""
    numbers = _legal(numbers, rule, together)
    sizes = np.broadcast_to(sizes_out(rule.axis, **numbers), numbers["n"].shape)
    found = Candidates(numbers, sizes)
    return found.where(sizes >= 1 if size_out is None else sizes == size_out)


def _legal(numbers: Mapping[str, Column], rule: Rule, together: bool) -> Mapping[str, Column]:
    good = np.ones(numbers["n"].shape, dtype=bool)
    strides, dilation = (numbers.get(name, np.asarray(1)) for name in "sd")
    if not together:
        good &= (strides == 1) | (dilation == 1)
    if "p" in numbers:
        good &= numbers["p"] < strides
    if rule.parity is not None:
        good &= reach(numbers) % 2 == rule.parity
    return {name: column[good] for name, column in numbers.items()}


def reach(numbers: Mapping[str, Any]) -> Column:
    """How many cells the kernel of each row spans."""
    return sizes.REACH.values(k=numbers["k"], d=numbers.get("d", 1))
