"""Arrays to pictures: of one, two or three spatial axes, with what stands around them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from convlab.draw.figure.panel import Box, Frame, Pad, Panel
from convlab.draw.figure.pictures import GAP, LABEL, Plane, Slices, Strip
from convlab.draw.figure.words import Word, write
from convlab.draw.style import Theme
from convlab.scene import Axis, Norm

Pads = tuple[int, ...]


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
