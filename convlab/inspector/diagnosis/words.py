"""Sizes, shapes and lists as words of a sentence."""

from __future__ import annotations

from collections.abc import Sequence


def listed(words: Sequence[str]) -> str:
    """Words with commas and an "and".

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def sizes_told(sizes: Sequence[int | None]) -> str:
    """Sizes along several axes.

    >>> sizes_told([24, 24]), sizes_told([7]), sizes_told([4, None])
    ('24 x 24', '7', '4 x None')
    """
    return " x ".join(map(str, sizes))


def count(number: int, word: str, words: str = "") -> str:
    """A number of things.

    >>> count(1, "row"), count(2, "row"), count(2, "axis", "axes")
    ('1 row', '2 rows', '2 axes')
    """
    return f"{number} {word if number == 1 else words or word + 's'}"


_CELLS = {"height": "row", "width": "column", "depth": "slice", "steps": "step"}


def cells(number: int, axis: str) -> str:
    """Cells along an axis.

    >>> cells(1, "height"), cells(3, "width"), cells(2, "axis 6")
    ('1 row', '3 columns', '2 cells')
    """
    return count(number, _CELLS.get(axis, "cell"))
