"""A grid of numbers at its place on the page: cells, padding, colours, ticks, colour bar.

The page is measured in pixels, y downwards, so that cells have whole sizes and crisp edges.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from convlab.draw.figure.words import Word, write
from convlab.draw.style import TABLES, Theme, fitted, ink_on, number
from convlab.scene import Norm

TEXT_CELL = 24  # below this many pixels no number is readable
LARGEST = 64.0  # pixels of a cell, unless told otherwise
LINE_CELL = 5
GLYPH = 0.62  # the width of a digit, of the font's size

LEAST = 7  # pixels of a frame, so that it can be seen around the smallest cell

Pad = tuple[int, int]
Box = tuple[float, float, float, float]
"""(left, top, width, height) in pixels."""
Corners = list[tuple[float, float]]


@dataclass(frozen=True)
class Frame:
    """What stands around and on the cells of a grid.

    Args:
        before: lines of padding above, and columns of padding at the left.
        after: the same below and at the right.
        never_read: the rows and the columns that no output reads.
        hatch: the strokes of what is around: "/" for padding, "x" for what is cropped.
        added: how many first and last rows, and columns, there are by output_padding alone.
        blank: whether there are no cells at all, but hatch only.
    """

    before: Pad = (0, 0)
    after: Pad = (0, 0)
    never_read: tuple[Sequence[int], Sequence[int]] = ((), ())
    hatch: str = "/"
    added: tuple[Pad, Pad] = ((0, 0), (0, 0))
    blank: bool = False


class Panel:
    """One grid on the page.

    Args:
        page: the axes, in pixels.
        theme: the colours.
        values: `(rows, columns)`, or `(rows, columns, 3)` of colours 0-1.
        norm: how values become colours; None for colours.
        box: the room there is.
        frame: what stands around the cells.
        largest: the largest width and height of a cell, in pixels.
        square: whether cells are as high as wide.
        live: whether the values change: then they are drawn anew in every frame.
    """

    def __init__(
        self,
        page: Axes,
        theme: Theme,
        values: NDArray[Any],
        norm: Norm | None,
        box: Box,
        frame: Frame | None = None,
        *,
        largest: tuple[float, float] = (LARGEST, LARGEST),
        square: bool = True,
        live: bool = False,
    ) -> None:
        frame = Frame() if frame is None else frame
        self.page, self.theme, self.values, self.norm = page, theme, values, norm
        self.rows, self.columns = values.shape[:2]
        self.before: Pad = frame.before
        self.lines = frame.before[0] + self.rows + frame.after[0]
        self.across = frame.before[1] + self.columns + frame.after[1]
        left, top, width, height = box
        wide = min(width / max(self.across, 1), largest[0])
        high = min(height / max(self.lines, 1), largest[1])
        self.wide, self.high = map(_whole, (min(wide, high),) * 2 if square else (wide, high))
        self.cell = min(self.wide, self.high)
        self.left: float = round(left + (width - self.across * self.wide) / 2)
        self.top: float = round(top + (height - self.lines * self.high) / 2)
        self.moving: list[Artist] = []
        self._live = live
        self._paint(frame)

    @property
    def frame(self) -> Box:
        """(left, top, width, height) of the whole, padding included."""
        return self.left, self.top, self.across * self.wide, self.lines * self.high

    def x(self, column: float) -> float:
        """The left edge of a column; columns of padding are negative."""
        return self.left + (column + self.before[1]) * self.wide

    def y(self, row: float) -> float:
        """The top edge of a row; rows of padding are negative."""
        return self.top + (row + self.before[0]) * self.high

    def square(
        self, row: float, column: float, inset: float = 0.0, last: float | None = None
    ) -> Corners:
        """The corners of a cell, or of those down to the row `last`, moved inwards by pixels."""
        x0, y0 = self.x(column) + inset, self.y(row) + inset
        x1 = self.x(column + 1) - inset
        y1 = self.y((row if last is None else last) + 1) - inset
        return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]

    @property
    def middle(self) -> float:
        """The middle of the whole from left to right."""
        return self.left + self.frame[2] / 2

    def around(self, top: int, left: int, bottom: int, right: int) -> Corners:
        """The corners of a frame around cells, at least large enough to be seen."""
        x, y = self.x(left) - 1, self.y(top) - 1
        width, height = self.x(right + 1) + 1 - x, self.y(bottom + 1) + 1 - y
        grow_x, grow_y = max(0.0, LEAST - width) / 2, max(0.0, LEAST - height) / 2
        return corners((x - grow_x, y - grow_y, width + 2 * grow_x, height + 2 * grow_y))

    def after(self, row: int, column: int) -> tuple[Corners, Corners]:
        """The corners of the rest of a row behind a cell, and of the rows below it."""
        rest, below = self.columns - column - 1, self.rows - row - 1
        return (
            corners((self.x(column + 1), self.y(row), rest * self.wide, self.high)),
            corners((self.x(0), self.y(row + 1), self.columns * self.wide, below * self.high)),
        )

    def update(self, values: NDArray[Any]) -> None:
        """Show other values; of a panel that is live."""
        self.values = values
        self._image.set_data(self._colours())

    def numbers(self) -> list[Word]:
        """The values as words, if they all fit: a picture with gaps would mislead."""
        if self.cell < TEXT_CELL or self.values.ndim > 2:
            return []
        size = min(14.0, max(9.5, self.wide * 0.21))
        room = int((self.wide - 7) / (GLYPH * size))
        texts = [fitted(float(value), room) for value in self.values.flat]
        if None in texts:
            return []
        colours = self._colours()
        words = []
        for (row, column), text in zip(np.ndindex(self.values.shape), texts, strict=True):
            x, y = self.x(column + 0.5), self.y(row + 0.5) + 0.36 * size
            ink = ink_on(*colours[row, column, :3])
            words.append(Word(x, y, text or "", ink, size, align="center"))
        return words

    def _paint(self, frame: Frame) -> None:
        left, top, width, height = self.frame
        if frame.blank or (self.lines, self.across) != (self.rows, self.columns):
            self._patch(left, top, width, height, frame.hatch * 6)
        if frame.blank:
            return
        x0, y0, x1, y1 = self.x(0), self.y(0), self.x(self.columns), self.y(self.rows)
        self._image = self.page.imshow(
            self._colours(), extent=(x0, x1, y1, y0), interpolation="nearest", zorder=2
        )
        for row in frame.never_read[0]:
            self._fade(x0, self.y(row), x1 - x0, self.high)
        for column in frame.never_read[1]:
            self._fade(self.x(column), y0, self.wide, y1 - y0)
        above: list[Artist] = [self._paint_lines()] if self.cell >= LINE_CELL else []
        edge = Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, ec=self.theme.muted, lw=0.8)
        edge.set_zorder(4)
        above += [self.page.add_patch(edge), *self._paint_added(frame.added)]
        if self._live:
            self.moving = [self._image, *above]
        else:
            for word in self.numbers():
                write(self.page, self._on_dots(word, frame), zorder=4.5)

    def _on_dots(self, word: Word, frame: Frame) -> Word:
        """A number as it can be read in a cell that is never read: on a ground of its own."""
        row, column = int((word.y - self.y(0)) / self.high), int((word.x - self.x(0)) / self.wide)
        if row not in frame.never_read[0] and column not in frame.never_read[1]:
            return word
        width, high = len(word.text) * GLYPH * word.size + 4, word.size * 1.25
        corner = (word.x - width / 2, word.y - word.size)
        back = Rectangle(corner, width, high, fc=self.theme.back, lw=0, zorder=4)
        self.page.add_patch(back)
        return replace(word, colour=self.theme.muted)

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

    def _patch(self, x: float, y: float, width: float, height: float, hatch: str) -> None:
        back = self.theme.hatch_back
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

    def _paint_lines(self) -> Artist:
        left, top, width, height = self.frame
        levels = [top + line * self.high for line in range(self.lines + 1)]
        uprights = [left + column * self.wide for column in range(self.across + 1)]
        segments = [[(left, y), (left + width, y)] for y in levels]
        segments += [[(x, top), (x, top + height)] for x in uprights]
        alpha = 0.3 if self.cell < 9 else 0.55
        return self.page.add_collection(
            LineCollection(segments, colors=self.theme.line, alpha=alpha, lw=0.6, zorder=3)
        )

    def _paint_added(self, added: tuple[Pad, Pad]) -> list[Artist]:
        """A dashed line between the rows and columns that output_padding adds and the others."""
        x0, x1 = self.x(0), self.x(self.columns)
        y0, y1 = self.y(0), self.y(self.rows)
        (above, below), (left, right) = added
        levels = [self.y(above)] * (above > 0) + [self.y(self.rows - below)] * (below > 0)
        uprights = [self.x(left)] * (left > 0) + [self.x(self.columns - right)] * (right > 0)
        segments = [[(x0, level), (x1, level)] for level in levels]
        segments += [[(upright, y0), (upright, y1)] for upright in uprights]
        if not segments:
            return []
        lines = LineCollection(segments, colors=self.theme.accent, lw=1.6, ls="--", zorder=4)
        return [self.page.add_collection(lines)]

    def paint_ticks(self, *, below: bool = False) -> None:
        """Write the indices of rows and columns outside of the frame, above it or below."""
        left, top, _, height = self.frame
        ink = self.theme.muted
        level = top + height + 12 if below else top - 4
        for column in range(0, self.columns, _every(self.wide, 24)):
            x = self.x(column + 0.5)
            write(self.page, Word(x, level, str(column), ink, 10, align="center"))
        for row in range(0, self.rows, _every(self.high, 14)):
            y = self.y(row + 0.5)
            write(self.page, Word(left - 4, y + 3.6, str(row), ink, 10, align="right"))


def paint_bar(
    page: Axes, theme: Theme, norm: Norm, middle: float, top: float, width: float = 120
) -> None:
    """Draw a colour bar with its range."""
    x0, y0 = middle - width / 2, top
    ramp = np.linspace(0, 1, 256)[None, :]
    table = matplotlib.colormaps[TABLES[norm.table]]
    page.imshow(table(ramp), extent=(x0, x0 + width, y0 + 9, y0), zorder=2)
    page.add_patch(Rectangle((x0, y0), width, 9, fill=False, ec=theme.muted, lw=0.6, zorder=3))
    ends = ((x0 - 5, norm.low, "right"), (x0 + width + 5, norm.high, "left"))
    for x, value, side in ends:
        write(page, Word(x, y0 + 8.5, number(value, 3), theme.muted, 10.5, align=side))


def corners(box: Box) -> Corners:
    """The corners of a box."""
    x, y, width, height = box
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def _whole(cell: float) -> float:
    """Whole pixels, where the loss is small."""
    return float(int(cell)) if cell >= 6 else cell


def _every(cell: float, room: float) -> int:
    """How many cells lie between two indices that are written."""
    steps: Iterable[int] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**6)
    return next(step for step in steps if step * cell >= room)
