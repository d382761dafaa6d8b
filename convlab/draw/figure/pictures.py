"""Arrays of one, two or three spatial axes on the page, with one way to point at their cells.

Two axes are a grid. One axis is a strip: its channels are the rows. Three axes are slices along
the first, side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.artist import Artist
from numpy.typing import NDArray

from convlab.draw.figure.panel import Box, Corners, Panel, corners
from convlab.draw.figure.words import Word
from convlab.draw.reading.terms import Place

Pads = tuple[int, ...]


class Plane:
    """Two spatial axes: a grid of one channel, or of colours.

    Args:
        panel: the grid.
    """

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.box = panel.frame
        self.cell = panel.cell
        self.moving: list[Artist] = panel.moving

    def square(self, place: Place, inset: float = 0.0) -> Corners:
        """The corners of a cell."""
        row, column = place
        return self.panel.square(row, column, inset)

    def around(self, places: Sequence[Place]) -> list[Corners]:
        """The frame around cells."""
        if not places:
            return []
        rows, columns = zip(*places, strict=True)
        return [self.panel.around(min(rows), min(columns), max(rows), max(columns))]

    def after(self, place: Place) -> list[Corners]:
        """What lies behind a cell, row by row."""
        return list(self.panel.after(*place))

    def update(self, values: NDArray[Any]) -> None:
        """Show other values."""
        self.panel.update(values)

    def numbers(self) -> list[Word]:
        """Its values as words, of a picture that is live."""
        return self.panel.numbers()

    def paint_ticks(self) -> None:
        """Write the indices."""
        self.panel.paint_ticks()


class Strip:
    """One spatial axis: channels are the rows, steps the columns.

    Args:
        panel: the grid of `(channels, steps)`.
        rows: the first and the last channel that are lit.

    Attributes:
        curve: where a curve of its values stands, from top to bottom, if there is one.
    """

    curve: tuple[float, float] | None = None

    def __init__(self, panel: Panel, rows: tuple[int, int]) -> None:
        self.panel, self.rows = panel, rows
        self.box = panel.frame
        self.cell = panel.cell
        self.moving: list[Artist] = panel.moving

    def square(self, place: Place, inset: float = 0.0) -> Corners:
        """The corners of a step, through the channels that are lit."""
        first, last = self.rows
        return self.panel.square(first, place[0], inset, last)

    def around(self, places: Sequence[Place]) -> list[Corners]:
        """The frame around steps."""
        if not places:
            return []
        first, last = self.rows
        (steps,) = zip(*places, strict=True)
        return [self.panel.around(first, min(steps), last, max(steps))]

    def after(self, place: Place) -> list[Corners]:
        """The steps behind one, of all channels."""
        x0, x1 = self.panel.x(place[0] + 1), self.panel.x(self.panel.columns)
        strip = (self.panel.y(0), self.panel.y(self.panel.rows))
        heights = [strip] if self.curve is None else [strip, self.curve]
        return [corners((x0, top, x1 - x0, bottom - top)) for top, bottom in heights]

    def update(self, values: NDArray[Any]) -> None:
        """Show other values, `(steps, channels)`."""
        self.panel.update(values.T)

    def numbers(self) -> list[Word]:
        """Its values as words, of a picture that is live."""
        return self.panel.numbers()

    def paint_ticks(self, *, below: bool = False) -> None:
        """Write the indices, above or below."""
        self.panel.paint_ticks(below=below)


LABEL = 13  # pixels above a slice, for its number
GAP = 8


class Slices:
    """Three spatial axes: the slices along the first, each a grid with its number.

    Args:
        panels: the slices, those that are padding alone included.
        first: the number of the first of them.
        count: how many slices there are without padding.
    """

    def __init__(self, panels: Sequence[Panel], first: int, count: int) -> None:
        self.panels, self.first, self.count = panels, first, count
        left, top = (min(panel.frame[axis] for panel in panels) for axis in (0, 1))
        right = max(panel.frame[0] + panel.frame[2] for panel in panels)
        bottom = max(panel.frame[1] + panel.frame[3] for panel in panels)
        self.box: Box = (left, top - LABEL, right - left, bottom - top + LABEL)
        self.cell = min(panel.cell for panel in panels)
        self.moving: list[Artist] = [artist for panel in panels for artist in panel.moving]

    def _slice(self, at: int) -> Panel:
        return self.panels[at - self.first]

    def square(self, place: Place, inset: float = 0.0) -> Corners:
        """The corners of a cell in its slice."""
        at, row, column = place
        return self._slice(at).square(row, column, inset)

    def around(self, places: Sequence[Place]) -> list[Corners]:
        """One frame in each slice that the cells lie in."""
        found = []
        for at in sorted({place[0] for place in places}):
            _, rows, columns = zip(*(place for place in places if place[0] == at), strict=True)
            found.append(self._slice(at).around(min(rows), min(columns), max(rows), max(columns)))
        return found

    def after(self, place: Place) -> list[Corners]:
        """What lies behind a cell: in its slice, and the slices behind."""
        at, row, column = place
        later = [self._slice(other) for other in range(at + 1, self.count)]
        whole = [panel.around(0, 0, panel.rows - 1, panel.columns - 1) for panel in later]
        return [*self._slice(at).after(row, column), *whole]

    def update(self, values: NDArray[Any]) -> None:
        """Show other values."""
        for at, own in enumerate(values):
            self._slice(at).update(own)

    def numbers(self) -> list[Word]:
        """Its values as words, of a picture that is live."""
        return [word for at in range(self.count) for word in self._slice(at).numbers()]

    def paint_ticks(self) -> None:
        """Nothing: the slices have their numbers, and no room for those of rows and columns."""
