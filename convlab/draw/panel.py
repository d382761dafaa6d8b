"""A grid of numbers at its place on the page: cells, padding, colours, ticks, colour bar.

The page is measured in pixels, y downwards, so that cells have whole sizes and crisp edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from convlab.draw.style import TABLES, Theme, fitted, ink_on, number
from convlab.draw.words import Word, write
from convlab.scene import Norm

TEXT_CELL = 24  # below this many pixels no number is readable
LINE_CELL = 5
GLYPH = 0.62  # the width of a digit, of the font's size

LEAST = 7  # pixels of a frame, so that it can be seen around the smallest cell

Pad = tuple[int, int]
Bounds = tuple[float, float, float, float]


class Panel:
    """One grid on the page.

    Args:
        page: the axes, in pixels.
        theme: the colours.
        values: `(rows, columns)`, or `(rows, columns, 3)` of colours 0-1.
        norm: how values become colours; None for colours.
        box: (left, top, width, height) of the room there is, in pixels.
        before: lines of padding above, and columns of padding at the left.
        after: the same below and at the right.
        never_read: the rows and the columns that no output reads.
    """

    def __init__(
        self,
        page: Axes,
        theme: Theme,
        values: NDArray[Any],
        norm: Norm | None,
        box: tuple[float, float, float, float],
        before: Pad = (0, 0),
        after: Pad = (0, 0),
        never_read: tuple[Sequence[int], Sequence[int]] = ((), ()),
    ) -> None:
        self.page, self.theme, self.values, self.norm = page, theme, values, norm
        self.rows, self.columns = values.shape[:2]
        self.before: Pad = before
        self.lines = before[0] + self.rows + after[0]
        self.across = before[1] + self.columns + after[1]
        left, top, width, height = box
        cell = min(width / self.across, height / self.lines, 64.0)
        self.cell: float = float(int(cell)) if cell >= 6 else cell
        self.left: float = round(left + (width - self.across * self.cell) / 2)
        self.top: float = round(top + (height - self.lines * self.cell) / 2)
        self._paint(never_read)

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """(left, top, width, height) of the whole, padding included."""
        return self.left, self.top, self.across * self.cell, self.lines * self.cell

    def x(self, column: float) -> float:
        """The left edge of a column; columns of padding are negative."""
        return self.left + (column + self.before[1]) * self.cell

    def y(self, row: float) -> float:
        """The top edge of a row; rows of padding are negative."""
        return self.top + (row + self.before[0]) * self.cell

    def square(self, row: float, column: float, inset: float = 0.0) -> list[tuple[float, float]]:
        """The corners of a cell, moved inwards by some pixels."""
        x0, y0 = self.x(column) + inset, self.y(row) + inset
        x1, y1 = self.x(column + 1) - inset, self.y(row + 1) - inset
        return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]

    @property
    def middle(self) -> float:
        """The middle of the whole from left to right."""
        return self.left + self.frame[2] / 2

    def around(self, top: int, left: int, bottom: int, right: int) -> Bounds:
        """(x, y, width, height) of a frame around cells, at least large enough to be seen."""
        x, y = self.x(left) - 1, self.y(top) - 1
        width, height = self.x(right + 1) + 1 - x, self.y(bottom + 1) + 1 - y
        grow_x, grow_y = max(0.0, LEAST - width) / 2, max(0.0, LEAST - height) / 2
        return x - grow_x, y - grow_y, width + 2 * grow_x, height + 2 * grow_y

    def after(self, row: int, column: int) -> tuple[Bounds, Bounds]:
        """(x, y, width, height) of the rest of a row behind a cell, and of the rows below it."""
        rest, below = self.columns - column - 1, self.rows - row - 1
        return (
            (self.x(column + 1), self.y(row), rest * self.cell, self.cell),
            (self.x(0), self.y(row + 1), self.columns * self.cell, below * self.cell),
        )

    def _paint(self, never_read: tuple[Sequence[int], Sequence[int]]) -> None:
        left, top, width, height = self.frame
        if (self.lines, self.across) != (self.rows, self.columns):
            self._patch(left, top, width, height, self.theme.hatch_back, hatch="//////")
        x0, y0, x1, y1 = self.x(0), self.y(0), self.x(self.columns), self.y(self.rows)
        self.page.imshow(
            self._colours(), extent=(x0, x1, y1, y0), interpolation="nearest", zorder=2
        )
        for row in never_read[0]:
            self._fade(x0, self.y(row), x1 - x0, self.cell)
        for column in never_read[1]:
            self._fade(self.x(column), y0, self.cell, y1 - y0)
        if self.cell >= LINE_CELL:
            self._paint_lines()
        self.page.add_patch(
            Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, ec=self.theme.muted, lw=0.8, zorder=4)
        )
        if self.cell >= TEXT_CELL and self.values.ndim == 2:
            self._paint_numbers()

    def _colours(self) -> NDArray[Any]:
        """`(rows, columns, 3 or 4)`: the colour of each cell."""
        if self.norm is None:
            colours: NDArray[Any] = np.clip(self.values, 0, 1)
            return colours
        low, high = self.norm.low, self.norm.high
        table = matplotlib.colormaps[TABLES[self.norm.table]].with_extremes(
            bad=self.theme.hatch_back  # NaN
        )
        return np.asarray(table((self.values.astype(np.float64) - low) / (high - low)))

    def _patch(
        self, x: float, y: float, width: float, height: float, back: str, hatch: str
    ) -> None:
        self.page.add_patch(
            Rectangle(
                (x, y), width, height, fc=back, ec=self.theme.hatch, hatch=hatch, lw=0, zorder=1
            )
        )

    def _fade(self, x: float, y: float, width: float, height: float) -> None:
        """Veil cells that are never read, and strew dots over them."""
        veil = Rectangle((x, y), width, height, fc=self.theme.back, alpha=0.72, lw=0, zorder=3)
        dots = Rectangle(
            (x, y), width, height, fill=False, ec=self.theme.muted, hatch="...", lw=0, zorder=3
        )
        self.page.add_patch(veil)
        self.page.add_patch(dots)

    def _paint_lines(self) -> None:
        left, top, width, height = self.frame
        levels = [top + line * self.cell for line in range(self.lines + 1)]
        uprights = [left + column * self.cell for column in range(self.across + 1)]
        segments = [[(left, y), (left + width, y)] for y in levels]
        segments += [[(x, top), (x, top + height)] for x in uprights]
        alpha = 0.3 if self.cell < 9 else 0.55
        self.page.add_collection(
            LineCollection(segments, colors=self.theme.line, alpha=alpha, lw=0.6, zorder=3)
        )

    def _paint_numbers(self) -> None:
        """Write the values into the cells, if they all fit: a picture with gaps would mislead."""
        size = min(14.0, max(9.5, self.cell * 0.21))
        room = int((self.cell - 7) / (GLYPH * size))
        texts = [fitted(float(value), room) for value in self.values.flat]
        if None in texts:
            return
        colours = self._colours()
        for (row, column), text in zip(np.ndindex(self.values.shape), texts, strict=True):
            x, y = self.x(column + 0.5), self.y(row + 0.5) + 0.36 * size
            ink = ink_on(*colours[row, column, :3])
            write(self.page, Word(x, y, text or "", ink, size, align="center"), zorder=4)

    def paint_ticks(self) -> None:
        """Write the indices of rows and columns outside of the frame."""
        left, top, *_ = self.frame
        every = next(
            step
            for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**6)
            if step * self.cell >= 24
        )
        ink = self.theme.muted
        for column in range(0, self.columns, every):
            x = self.x(column + 0.5)
            write(self.page, Word(x, top - 4, str(column), ink, 10, align="center"))
        for row in range(0, self.rows, every):
            y = self.y(row + 0.5)
            write(self.page, Word(left - 4, y + 3.6, str(row), ink, 10, align="right"))

    def paint_bar(self, width: float = 120) -> None:
        """Draw the colour bar with its range below the grid."""
        if self.norm is None:
            return
        left, top, across, high = self.frame
        x0, y0 = left + across / 2 - width / 2, top + high + 14
        ramp = np.linspace(0, 1, 256)[None, :]
        table = matplotlib.colormaps[TABLES[self.norm.table]]
        self.page.imshow(table(ramp), extent=(x0, x0 + width, y0 + 9, y0), zorder=2)
        self.page.add_patch(
            Rectangle((x0, y0), width, 9, fill=False, ec=self.theme.muted, lw=0.6, zorder=3)
        )
        ends = ((x0 - 5, self.norm.low, "right"), (x0 + width + 5, self.norm.high, "left"))
        for x, value, side in ends:
            word = Word(x, y0 + 8.5, number(value, 3), self.theme.muted, 10.5, align=side)
            write(self.page, word)
