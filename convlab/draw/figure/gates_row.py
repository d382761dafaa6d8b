"""A convolutional LSTM on the page: what it reads, its gates, what it remembers and gives."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from convlab.draw.figure.arrangement import MARGIN, Picture
from convlab.draw.figure.painter import Painter, Surroundings
from convlab.draw.figure.panel import Box, paint_bar
from convlab.draw.figure.side_by_side import area
from convlab.draw.figure.words import Word, write
from convlab.draw.reading.gates import GatesReading, window
from convlab.draw.reading.terms import Place
from convlab.scene import Norm

SIZE = 164.0  # of a picture, in pixels
STRIP = 60.0  # how high it is, of one axis
COLUMNS = (44.0, 264.0, 442.0, 628.0, 818.0)  # where pictures stand, from left to right
BRACKETS = "inside the brackets: the sums over x and over h before"
LINE = 22  # pixels of a line of arithmetic


class GatesRow:
    """A convolutional LSTM on the page.

    Args:
        painter: what paints.
        reading: what is shown.
        top: where its room begins, in pixels.

    Attributes:
        bottom: where its room ends.
        moving: what is drawn anew in every frame.
    """

    def __init__(self, painter: Painter, reading: GatesReading, top: float) -> None:
        self.painter, self.reading, self.theme = painter, reading, painter.theme
        self.high = STRIP if len(reading.step.axes) == 1 else SIZE
        upper, lower = top + 38, top + 38 + self.high + 76
        self.pictures = self._paint_pictures(upper, lower)
        self._paint_arrows(upper, lower)
        self.base = lower + self.high + 64
        self.bottom = self.base + 4 * LINE + 4
        self._veil = PolyCollection([], fc=self.theme.back, alpha=0.94, lw=0, zorder=5)
        self._frames = [
            PolyCollection([], fc="none", ec=colour, lw=line, zorder=7)
            for colour, line in ((self.theme.halo, 4.0), (self.theme.accent, 2.0))
        ]
        self.moving: list[Artist] = [self._veil, *self._frames]
        for mark in (self._veil, *self._frames):
            painter.page.add_collection(mark, autolim=False)

    def select(self, place: Place) -> list[Word]:
        """Move to a cell; what is written changes with it."""
        reading, pictures = self.reading, self.pictures
        frames = pictures["x"].around(window(reading.input, place))
        frames += pictures["h before"].around(window(reading.state, place))
        for name, picture in pictures.items():
            if name not in ("x", "h before"):
                frames += picture.around([place])
        for collection in self._frames:
            collection.set_verts(frames)
        self._veil.set_verts(pictures["h"].after(place))
        return self._words(place)

    def _words(self, place: Place) -> list[Word]:
        ink, accent = self.theme.ink, self.theme.accent
        index = self.reading.scene.index(place, self.reading.filter)
        name = f"h[{', '.join(map(str, index))}]"
        *gates, rule, memory, given = self.reading.lines(place)
        middle = 420
        words = [
            Word(MARGIN, self.base + LINE * line, text, ink, 13) for line, text in enumerate(gates)
        ]
        words += [
            Word(middle, self.base, f"{name}  {BRACKETS}", self.theme.muted, 12),
            Word(middle, self.base + LINE, rule, ink, 13),
            Word(middle, self.base + 2 * LINE, memory, ink, 13),
            Word(middle, self.base + 3 * LINE, given, accent, 13, bold=True),
        ]  # fmt: skip
        return words

    # --- what stays ---------------------------------------------------------------------------

    def _paint_pictures(self, upper: float, lower: float) -> dict[str, Picture]:
        reading, gates, filter = self.reading, self.reading.gates, self.reading.filter
        grid, state = reading.input.input, reading.state.input
        x = grid.values if grid.colour else grid.values[..., reading.channel]
        unit, memory = Norm("magnitude", 0.0, 1.0), _shared(gates.c_before, gates.c)
        around_x = Surroundings.of_input(reading.input.axes)
        around_h = Surroundings.of_input(reading.state.axes)
        half = (upper + lower) / 2
        signed, output = Norm.of(gates.g), reading.step.output.norm
        placed = [
            ("x", "x, the input", x, None if grid.colour else grid.norm, 0, upper, around_x),
            ("h before", "h before", state.values[..., filter], state.norm, 0, lower, around_h),
            ("i", "i, input gate", gates.i[..., filter], unit, 1, upper, None),
            ("f", "f, forget gate", gates.f[..., filter], unit, 1, lower, None),
            ("g", "g, candidate", gates.g[..., filter], signed, 2, upper, None),
            ("o", "o, output gate", gates.o[..., filter], unit, 2, lower, None),
            ("c before", "c before", gates.c_before[..., filter], memory, 3, upper, None),
            ("c", "c, the memory", gates.c[..., filter], memory, 3, lower, None),
            ("h", "h, the output", gates.h_out[..., filter], output, 4, half, None),
        ]  # fmt: skip
        return {
            name: self._paint(
                title, values, norm, (COLUMNS[column], level, SIZE, self.high), around
            )
            for name, title, values, norm, column, level, around in placed
        }

    def _paint(
        self,
        title: str,
        values: NDArray[np.floating[Any]],
        norm: Norm | None,
        box: Box,
        around: Surroundings | None,
    ) -> Picture:
        """One picture with its title above and its colours below."""
        painter, step = self.painter, self.reading.step
        picture: Picture
        if len(step.axes) == 1:
            around = around or Surroundings.none(1)
            strip = values[:, None], norm or Norm("grey", 0.0, 1.0), box, around, False
            picture = painter.strip(*strip, rows=(0, 0), largest=(30.0, STRIP))
        else:
            picture = area(painter, step, values, norm, box, around)
        left, top, width, height = picture.box
        middle = left + width / 2
        word = Word(middle, top - 18, title, self.theme.ink, 13, align="center")
        write(painter.page, word)
        picture.paint_ticks()
        if norm is not None:
            paint_bar(painter.page, painter.theme, norm, middle, top + height + 12, width=76)
        return picture

    def _paint_arrows(self, upper: float, lower: float) -> None:
        middle = (upper + lower + self.high) / 2 + 9
        for right in (COLUMNS[1], COLUMNS[3], COLUMNS[4]):
            arrow = Word(right - 22, middle, "→", self.theme.muted, 24, align="center")
            write(self.painter.page, arrow)


def _shared(*arrays: NDArray[np.floating[Any]]) -> Norm:
    """One range of colours for several arrays."""
    return Norm.of(np.concatenate([array.ravel() for array in arrays]))
