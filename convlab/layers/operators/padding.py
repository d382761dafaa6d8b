"""Padding: with a constant, or with the cells within as in a mirror."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ShapeError
from convlab.geometry.links import Along, Link
from convlab.geometry.moving import zero_padding
from convlab.layers.base import Shape
from convlab.layers.operators.operation import Kind, whole_numbers
from convlab.layers.operators.picking import Picking

Array = NDArray[Any]

_MIRRORED = {"reflect": 1, "symmetric": 0}
"""How many cells of an axis its mirror lacks."""


@dataclass(frozen=True)
class Pad(Picking):
    """More cells at the ends of the axes: a constant, or those within as in a mirror."""

    pad_width: Any
    mode: str = "constant"
    constant_values: Any = None

    @property
    def fill(self) -> Any:
        """The constant."""
        return self.constant_values or 0

    def check(self, shape: Shape) -> None:
        """Refuse what are no pairs of numbers, 0 or more, one for each axis."""
        pairs = self._pairs(len(shape))
        mirrored = _MIRRORED.get(self.mode)
        fits = len(pairs) == len(shape) and all(len(p) == 2 and min(p) >= 0 for p in pairs)
        if fits and mirrored is not None:
            sizes = zip(pairs, shape, strict=True)
            fits = all(size is None or max(pair) <= size - mirrored for pair, size in sizes)
        if not fits or (mirrored is None and self.mode != "constant"):
            raise ShapeError(
                "A pad has for each axis a pair of numbers, 0 or more; a mirror shows no more than "
                "there is.",
                received=f"pad_width={self.pad_width!r:.120}, mode={self.mode!r}, for an input of "
                f"shape {shape}",
                remedy='Use ((0, 0), (1, 1), (1, 1), (0, 0)) and mode="constant".',
                argument="pad_width",
            )

    def size(self, size: int | None, axis: int, rank: int) -> int | None:
        """So many more."""
        return None if size is None else size + sum(self._pairs(rank)[axis])

    def cells(self, size: int, axis: int, rank: int) -> Array | None:
        """Those within, and what the mode puts around them."""
        pair = self._pairs(rank)[axis]
        if not any(pair):
            return None
        before, after = pair
        places = np.arange(-before, size + after)
        lacks = _MIRRORED.get(self.mode)
        if lacks is None:
            return np.where((places >= 0) & (places < size), places, -1)
        mirrored = np.where(places < 0, -places - 1 + lacks, places)
        return np.where(mirrored >= size, 2 * size - 1 - lacks - mirrored, mirrored)

    def link(self, size: int | None, axis: int, rank: int) -> Link | None:
        """As padding with zeros."""
        pair = self._pairs(rank)[axis]
        if self.mode != "constant" and any(pair):
            return super().link(size, axis, rank)
        return Along(axis, zero_padding(size, *pair) if any(pair) else None)

    def _pairs(self, rank: int) -> list[tuple[int, ...]]:
        given = np.asarray(self.pad_width, dtype=object).tolist()
        if not isinstance(given, list):
            given = [[given, given]]
        elif given and not isinstance(given[0], list):
            given = [given]
        pairs = [tuple(whole_numbers(pair, "pad_width")) for pair in given]
        return pairs * rank if len(pairs) == 1 else pairs


OPERATIONS: dict[str, Kind] = {"pad": Kind(Pad)}
