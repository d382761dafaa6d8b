"""Numbers typed in: rows of them, and tables of a user's file, bounded before they are read."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import DataError

Array = NDArray[np.float32]

MAX_TYPED_CELLS = 4096
MAX_TYPED_TEXT = 64 * MAX_TYPED_CELLS  # characters
MAX_TABLE_BYTES = 2**20
MAX_TABLE_ROWS, MAX_TABLE_COLUMNS = 512, 16  # of a table, what is kept
_SEPARATORS = re.compile(r"[,;\s]+")


def typed(text: str) -> Array:
    r"""Numbers typed in rows, as a picture of one channel.

    Args:
        text: numbers separated by spaces or commas, rows by new lines or semicolons.

    Returns:
        float32 `(rows, columns, 1)`.

    Raises:
        DataError: no number, rows of different lengths, something else than a number, or more
            than `MAX_TYPED_CELLS` numbers.

    Example:
        >>> typed("1 2 3\n4, 5, 6")[..., 0]
        array([[1., 2., 3.],
               [4., 5., 6.]], dtype=float32)
    """
    (block,) = _blocks(text, split=False)
    return block[..., None]


def typed_signal(text: str) -> Array:
    r"""A line of numbers a channel: float32 `(steps, channels)`.

    Example:
        >>> typed_signal("1 2 3\n4 5 6").tolist()
        [[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]
    """
    (block,) = _blocks(text, split=False)
    return np.ascontiguousarray(block.T)


def typed_blocks(text: str) -> Array:
    r"""Rectangles with an empty line between them: float32 `(blocks, rows, columns, 1)`.

    Example:
        >>> typed_blocks("1 2\n3 4\n\n5 6\n7 8").shape
        (2, 2, 2, 1)
    """
    blocks = _blocks(text, split=True)
    shapes = {block.shape for block in blocks}
    if len(shapes) > 1:
        told = ", ".join(f"{rows} x {columns}" for rows, columns in sorted(shapes)[:4])
        raise _refused(f"blocks of {told}", "Make all blocks equally large.")
    return np.stack(blocks)[..., None]


def table(content: bytes | memoryview) -> Array:
    r"""A user's table of numbers (CSV): a line a step, a column a channel.

    Args:
        content: the file's bytes: text with commas, semicolons, tabs or spaces between numbers. A
            first line of names is passed over.

    Returns:
        float32 `(steps, channels)`: the first `MAX_TABLE_ROWS` lines.

    Raises:
        DataError: too large, no text, no rectangle of numbers, or too many columns.

    Example:
        >>> table(b"time;volt\n0;0.5\n1;0.25\n").tolist()
        [[0.0, 0.5], [1.0, 0.25]]
    """
    if len(content) > MAX_TABLE_BYTES:
        raise _not_a_table(f"{len(content) / 2**20:.1f} MiB", "Keep it below 1 MiB.")
    try:
        lines = bytes(content).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise _not_a_table("bytes that are no text", "Save it as CSV, in UTF-8.") from None
    rows = [_SEPARATORS.split(line.strip(" ,;\t")) for line in lines if line.strip(" ,;\t")]
    if rows and not _are_numbers(rows[0]):
        rows = rows[1:]
    rows = rows[:MAX_TABLE_ROWS]
    if not rows:
        raise _not_a_table("no line of numbers", "Give a line of numbers for each step.")
    if len({len(row) for row in rows}) > 1 or len(rows[0]) > MAX_TABLE_COLUMNS:
        widths = ", ".join(str(width) for width in sorted({len(row) for row in rows})[:6])
        raise _not_a_table(
            f"lines of {widths} columns",
            f"Give every line the same number of columns, {MAX_TABLE_COLUMNS} at most.",
        )
    try:
        return _checked(rows, _not_a_table)
    except ValueError as error:
        raise _not_a_table(_word(error), "Use plain numbers such as 1, -0.5 or 2e3.") from None


def _blocks(text: str, *, split: bool) -> list[Array]:
    if len(text) > MAX_TYPED_TEXT:
        raise _refused(f"{len(text):,} characters", f"Type {MAX_TYPED_TEXT:,} at most.")
    lines = text.replace(";", "\n").splitlines()
    groups: list[list[list[str]]] = [[]]
    for line in lines:
        words = line.replace(",", " ").split()
        if words:
            groups[-1].append(words)
        elif split and groups[-1]:
            groups.append([])
    groups = [group for group in groups if group]
    count = sum(len(row) for group in groups for row in group)
    if not 0 < count <= MAX_TYPED_CELLS:
        raise _refused(f"{count} numbers", f"Type 1 to {MAX_TYPED_CELLS}.")
    return [_rectangle(group) for group in groups]


def _rectangle(rows: list[list[str]]) -> Array:
    lengths = [len(row) for row in rows]
    if len(set(lengths)) > 1:
        raise _refused(f"rows of {', '.join(map(str, lengths[:8]))}", "Make them equal.")
    try:
        return _checked(rows, _refused)
    except ValueError as error:
        raise _refused(_word(error), "Use plain numbers such as 1, -0.5 or 2e3.") from None


def _checked(rows: list[list[str]], refuse: Any) -> Array:
    cells = np.array([[_number(word) for word in row] for row in rows], dtype=np.float64)
    finite = cells[np.isfinite(cells)]
    if np.abs(finite).max(initial=0) > np.finfo(np.float32).max:
        raise refuse("a number beyond float32", "Use numbers below 3.4e38.")
    return cells.astype(np.float32)


def _number(word: str) -> float:
    if "_" in word:  # Python reads 1_0 as 10
        raise ValueError(f"no number: {word!r}")
    return float(word)


def _word(error: ValueError) -> str:
    if isinstance(error, DataError):
        raise error
    return str(error).rpartition(":")[2].strip()[:40]


def _are_numbers(words: list[str]) -> bool:
    try:
        [_number(word) for word in words]
    except ValueError:
        return False
    return True


def _refused(received: str, remedy: str) -> DataError:
    return DataError(
        "An input is a rectangle of numbers: a line a row, all rows equally long.",
        received=received,
        remedy=remedy,
        argument="numbers",
    )


def _not_a_table(received: str, remedy: str) -> DataError:
    return DataError(
        "A table is a text of numbers: a line a step, a column a channel.",
        received=received,
        remedy=remedy,
        argument="input",
    )
