"""Arrays of one, two or three spatial axes on the page, with one way to point at their cells.

Two axes are a grid. One axis is a strip: its channels are the rows. Three axes are slices along
the first, side by side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from numpy.typing import NDArray

from convlab.draw.panel import Box, Corners, Frame, Pad, Panel, corners
from convlab.draw.style import Theme
from convlab.draw.terms import Place
from convlab.draw.words import Word, write
from convlab.scene import Axis, Norm

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


@dataclass(frozen=True)
class Surroundings:
    """What stands around an array, for each of its spatial axes.

    Args:
        before: how many cells of padding, or cropped ones, there are before.
        after: the same behind.
        never_read: the cells that no output reads.
        hatch: see `Frame`.
        added: how many first and last cells there are by output_padding alone.
    """

    before: Pads
    after: Pads
    never_read: tuple[Sequence[int], ...]
    hatch: str = "/"
    added: tuple[Pad, ...] = ()

    @classmethod
    def none(cls, rank: int) -> Surroundings:
        """Nothing around it."""
        return cls((0,) * rank, (0,) * rank, ((),) * rank, added=((0, 0),) * rank)

    @classmethod
    def of_input(cls, axes: Sequence[Axis]) -> Surroundings:
        """The padding around an input, and what is never read of it."""
        return cls(
            tuple(axis.pad_before for axis in axes),
            tuple(axis.pad_after for axis in axes),
            tuple(axis.never_read for axis in axes),
            added=((0, 0),) * len(axes),
        )

    @classmethod
    def of_output(cls, axes: Sequence[Axis]) -> Surroundings:
        """What is cropped around an output of stamps, and what is added to it."""
        return cls(
            tuple(axis.crop_before for axis in axes),
            tuple(axis.crop_after for axis in axes),
            ((),) * len(axes),
            hatch="x",
            added=tuple((axis.added_before, axis.added_after) for axis in axes),
        )

    def frame(self, first: int, *, blank: bool = False) -> Frame:
        """Those of the two axes from `first` on."""
        last = first + 1
        before, after = ((pads[first], pads[last]) for pads in (self.before, self.after))
        never = (self.never_read[first], self.never_read[last])
        added = (self.added[first], self.added[last])
        return Frame(before, after, never, self.hatch, added, blank)


@dataclass(frozen=True)
class Painter:
    """What paints arrays onto a page.

    Args:
        page: the axes, in pixels.
        theme: the colours.
    """

    page: Axes
    theme: Theme

    def plane(
        self, values: NDArray[Any], norm: Norm | None, box: Box, around: Surroundings, live: bool
    ) -> Plane:
        """An array `(rows, columns)`, or `(rows, columns, 3)` of colours."""
        return Plane(Panel(self.page, self.theme, values, norm, box, around.frame(0), live=live))

    def strip(
        self,
        values: NDArray[Any],
        norm: Norm | None,
        box: Box,
        around: Surroundings,
        live: bool,
        *,
        rows: tuple[int, int],
        largest: tuple[float, float],
    ) -> Strip:
        """An array `(steps, channels)`, standing on its side."""
        (before,), (after,), (never,), (added,) = (
            around.before, around.after, around.never_read, around.added,
        )  # fmt: skip
        frame = Frame((0, before), (0, after), ((), never), around.hatch, ((0, 0), added))
        panel = Panel(
            self.page, self.theme, values.T, norm, box, frame,
            largest=largest, square=False, live=live,
        )  # fmt: skip
        return Strip(panel, rows)

    def slices(
        self, values: NDArray[Any], norm: Norm | None, box: Box, around: Surroundings, live: bool
    ) -> Slices:
        """An array `(slices, rows, columns)`, or with 3 colours."""
        count, before = len(values), around.before[0]
        lines, across = (
            around.before[axis] + values.shape[axis] + around.after[axis] for axis in (1, 2)
        )
        panels = []
        for tile, room in enumerate(_tiles(before + count + around.after[0], lines, across, box)):
            at = tile - before
            inside = 0 <= at < count
            shown = values[at] if inside else np.zeros_like(values[0])
            frame = around.frame(1, blank=not inside)
            if at in around.never_read[0]:
                frame = replace(frame, never_read=(range(values.shape[1]), ()))
            live_too = live and inside
            panels.append(Panel(self.page, self.theme, shown, norm, room, frame, live=live_too))
            first, last = around.added[0]
            added = inside and not first <= at < count - last
            x, y, *_ = panels[-1].frame
            colour = self.theme.accent if added else self.theme.muted
            write(self.page, Word(x, y - 3, f"{at}{' added' if added else ''}", colour, 10))
        return Slices(panels, -before, count)


def _tiles(count: int, lines: int, across: int, box: Box) -> list[Box]:
    """Boxes for so many slices, in rows, with the largest cells that fit."""
    left, top, width, height = box

    def room(columns: int) -> tuple[float, float]:
        rows = math.ceil(count / columns)
        return (width - GAP * (columns - 1)) / columns, height / rows - LABEL

    def cell(columns: int) -> float:
        wide, high = room(columns)
        return min(wide / across, high / lines)

    columns = max(range(1, count + 1), key=cell)
    wide, high = room(columns)
    return [
        (left + (wide + GAP) * (tile % columns), top + (high + LABEL) * (tile // columns) + LABEL,
         wide, high)
        for tile in range(count)
    ]  # fmt: skip
