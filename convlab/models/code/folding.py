"""Long lines of code, broken at the commas of their outermost brackets; of Python as of R.

>>> print(fold("x = f(alpha, g(beta, gamma), 'a, b')", Folding(width=30)))
x = f(
    alpha,
    g(beta, gamma),
    'a, b',
)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_OPEN, _CLOSE = "([{", ")]}"


class Folding(NamedTuple):
    """How long lines are broken.

    Attributes:
        width: the most characters of a line.
        indent: what the items are indented by.
        last_comma: what stands behind the last item.
    """

    width: int = 100
    indent: str = " " * 4
    last_comma: str = ","


PYTHON = Folding()
R = Folding(80, "  ", "")


def fold(line: str, how: Folding = PYTHON) -> str:
    """A statement on one line, or on several where it is too long.

    Args:
        line: the statement, perhaps indented.
        how: the language's way.
    """
    if len(line) <= how.width or line.lstrip().startswith("#"):
        return line
    return _broken(line, how)


def _broken(line: str, how: Folding) -> str:
    """A statement with each item of its brackets on a line."""
    brackets = _largest(line)
    if brackets is None:
        return line
    start, end = brackets
    indent = line[: len(line) - len(line.lstrip())]
    items = [item.strip() for item in _items(line[start + 1 : end])]
    if len(items) == 1 and items[0][0] in _OPEN:  # a list alone: f([ ... ])
        return f"{line[: start + 1]}{_broken(indent + items[0], how).lstrip()}{line[end:]}"
    # behind one item alone a comma would make a tuple of it, (a + b,), unless it is one
    several = len(items) > 1 or line[:end].rstrip().endswith(",")
    ends = [*[","] * (len(items) - 1), how.last_comma if several else ""]
    lines = [
        fold(f"{indent}{how.indent}{item}{after}", how)
        for item, after in zip(items, ends, strict=True)
    ]
    return "\n".join([line[: start + 1], *lines, indent + line[end:]])


def _marks(line: str) -> Iterator[tuple[int, str, int]]:
    """The brackets and commas outside of quotes: place, character, depth around it."""
    quote, depth, skipped = "", 0, False
    for place, character in enumerate(line):
        if quote:
            quote = "" if character == quote and not skipped else quote
            skipped = character == "\\" and not skipped
        elif character in "\"'":
            quote = character
        elif character == "#":
            return
        elif character in _OPEN:
            yield place, character, depth
            depth += 1
        elif character in _CLOSE:
            depth -= 1
            yield place, character, depth
        elif character == ",":
            yield place, character, depth


def _largest(line: str) -> tuple[int, int] | None:
    """The outermost brackets that hold most; none where there is nothing in them."""
    found: tuple[int, int] | None = None
    start = 0
    for place, character, depth in _marks(line):
        if depth == 0 and character in _OPEN:
            start = place
        if depth == 0 and character in _CLOSE and place > start + 1:
            larger = found is None or place - start > found[1] - found[0]
            found = (start, place) if larger else found
    return found


def _items(text: str) -> Iterator[str]:
    start = 0
    for place, character, depth in _marks(text):
        if depth == 0 and character == ",":
            yield text[start:place]
            start = place + 1
    if text[start:].strip():
        yield text[start:]
