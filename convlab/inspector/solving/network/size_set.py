"""Sets of sizes that repeat: "multiples of 32", "188 + 16 k", "27 or 28"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, takewhile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.geometry.residues import smallest_period
from convlab.inspector.solving.bounds import in_words

_MOST_CLASSES = 4


@dataclass(frozen=True)
class SizeSet:
    """Some sizes of 1 or more.

    Attributes:
        few: those below `start`, in order.
        start: from here on a size is in the set by what is left of it by the period.
        period: the period, the shortest there is.
        residues: what may be left, in order; none for a finite set.
        limit: the largest size that was looked at, where nothing is known beyond; else None.
    """

    few: tuple[int, ...] = ()
    start: int = 1
    period: int = 1
    residues: tuple[int, ...] = ()
    limit: int | None = None

    @classmethod
    def of_pattern(cls, works: NDArray[np.bool_], period: int) -> SizeSet:
        """The set of what works.

        Args:
            works: whether size 1, 2, 3 and so on works; the last `period` of them repeat for ever.
            period: the period.

        Example:
            >>> print(SizeSet.of_pattern(np.arange(1, 65) % 16 == 0, 32))
            multiples of 16
        """
        last = len(works) - period + 1  # the first size of the last period
        tail = works[last - 1 :]
        short = smallest_period(tail)
        residues = sorted({(last + int(place)) % short for place in np.flatnonzero(tail)})
        sizes = np.arange(1, len(works) + 1)
        expected = np.isin(sizes % short, residues)
        wrong = np.flatnonzero(works != expected)
        start = int(wrong[-1]) + 2 if len(wrong) else 1
        few = tuple(int(size) for size in np.flatnonzero(works[: start - 1]) + 1)
        return cls(few, start, short, tuple(residues))

    @classmethod
    def of_sizes(cls, sizes: Sequence[int], limit: int) -> SizeSet:
        """The set of some sizes, of which nothing is known beyond a limit."""
        return cls(tuple(sizes), limit + 1, 1, (), limit)

    def with_sizes(self, sizes: Sequence[int]) -> SizeSet:
        """The set with some more sizes."""
        more = {size for size in sizes if size not in self}
        if not more:
            return self
        last = max(self.start, *more) + self.period
        works = np.array([size in self or size in more for size in range(1, last + 1)])
        return SizeSet.of_pattern(works, self.period)

    def __contains__(self, size: Any) -> bool:
        if size < self.start:
            return size in self.few
        return size % self.period in self.residues

    def __iter__(self) -> Iterator[int]:
        """The sizes in order; without end where there are residues."""
        yield from self.few
        if self.residues:
            yield from (size for size in count(self.start) if size % self.period in self.residues)

    def __bool__(self) -> bool:
        return bool(self.few or self.residues)

    def upto(self, largest: int) -> list[int]:
        """The sizes up to a largest one."""
        return list(takewhile(lambda size: size <= largest, self))

    def nearest(self, size: int, many: int = 1) -> list[int]:
        """The sizes nearest to one, the nearest first; of two as near the smaller.

        Example:
            >>> SizeSet(period=32, residues=(0,)).nearest(100, 3)
            [96, 128, 64]
        """
        reach = max(size, self.start) + (many + 1) * self.period
        return sorted(self.upto(reach), key=lambda one: (abs(one - size), one))[:many]

    def __and__(self, other: SizeSet) -> SizeSet:
        """The sizes that are in both."""
        period = int(np.lcm(self.period, other.period))
        start = max(self.start, other.start)
        works = np.array([size in self and size in other for size in range(1, start + period)])
        found = SizeSet.of_pattern(works, period)
        limits = [one.limit for one in (self, other) if one.limit is not None]
        return SizeSet(
            found.few, found.start, found.period, found.residues, min(limits, default=None)
        )

    def __str__(self) -> str:
        if not self.residues:
            return in_words(self.few) if self.few else "no size"
        few = [in_words(self.few)] if self.few else []
        return ", or ".join([*few, self._family()])

    def _family(self) -> str:
        firsts = sorted(self._first(residue) for residue in self.residues)
        if len(self.residues) == self.period:
            return f"every size from {self.start} on" if self.start > 1 else "every size"
        if self.residues == (0,):
            beginning = f" from {firsts[0]} on" if firsts[0] > self.period else ""
            return f"multiples of {self.period}{beginning}"
        in_a_row = len(firsts) > 2 and firsts[-1] - firsts[0] == len(firsts) - 1
        if len(firsts) <= _MOST_CLASSES and not in_a_row:
            return " or ".join(f"{first} + {self.period} k" for first in firsts)
        return f"{in_words(firsts)}, each + {self.period} k"

    def _first(self, residue: int) -> int:
        return self.start + (residue - self.start) % self.period
