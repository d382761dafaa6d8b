"""One spatial axis: the input above the output, with a line for each tap between them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from convlab.draw.figure.arrangement import MARGIN, WIDTH, Arrangement
from convlab.draw.figure.captions import norms, notes, titles
from convlab.draw.figure.painter import Painter, Surroundings
from convlab.draw.figure.panel import paint_bar
from convlab.draw.figure.pictures import Strip
from convlab.draw.figure.scale import Scale, shared_scale
from convlab.draw.figure.words import Word, write
from convlab.draw.reading.looks import Reading
from convlab.geometry import PADDING, READ
from convlab.scene import Axis, Grid, Norm

ROW, ROWS = 30.0, 140.0  # the height of a channel at most, and of all of them, in pixels
CURVE = 46  # the height of a signal
BETWEEN = 84  # between the strips, for the lines
FEWEST = 16  # steps from which on a curve says more than numbers
MOST_LINES = 4000


def strips(painter: Painter, reading: Reading, top: float) -> Arrangement:
    """Paint a step's pictures with their titles.

    Args:
        painter: what paints.
        reading: the step, and the filter and channel to show.
        top: where their room begins, in pixels.
    """
    step = reading.step
    (axis,) = step.axes
    left = 48.0 if step.kernel is None else 250.0
    around_in = Surroundings.none(1) if reading.grows else Surroundings.of_input(step.axes)
    around_out = Surroundings.of_output(step.axes)
    upper, lower = shared_scale(axis, (around_in, around_out), left, WIDTH - MARGIN)
    room = _Room(painter, axis, left)
    (first, kernel_title, last), (one, _, two) = (
        titles(step, reading),
        norms(step, reading),
    )
    notes_in, notes_out = notes(step, reading)
    room.head(top + 20, first, one, notes_in)
    level = top + 44
    values = step.input.values
    if axis.size_in >= FEWEST:
        room.curve(level - 12, upper, values[:, reading.shown_channel])
        level += CURVE + 4
    read = step.channels[reading.filter]
    norm = one or step.input.norm
    inputs = room.strip(level, upper, values, norm, around_in, (int(read.min()), int(read.max())))
    inputs.paint_ticks()
    between = level + _high(values)
    level = between + BETWEEN
    values, rows = step.output.values, (reading.filter, reading.filter)
    if reading.grows:
        values, rows = step.linear[:, [reading.filter]], (0, 0)
    output = room.strip(level, lower, values, two, around_out, rows, live=reading.grows)
    output.paint_ticks(below=True)
    room.lines(inputs, output)
    level += _high(values) + 20
    if axis.size_out >= FEWEST and not reading.grows:
        room.curve(level, lower, values[:, reading.filter])
        output.curve = (level, level + CURVE)
        level += CURVE + 4
    room.head(level + 16, last, two, notes_out)
    kernel = None
    if step.kernel is not None:
        kernel = _taps(painter, reading, kernel_title, step.kernel, between + BETWEEN / 2)
    return Arrangement(inputs, kernel, output, level + 44, linked=True)


def _high(values: NDArray[Any]) -> float:
    """How high a strip `(steps, channels)` is."""
    return min(ROWS, ROW * int(values.shape[1]))


class _Room:
    """Where both strips stand, with their titles and curves.

    Args:
        painter: what paints.
        axis: the axis of the step.
        left: where the room begins, in pixels.
    """

    def __init__(self, painter: Painter, axis: Axis, left: float) -> None:
        self.painter, self.axis, self.left = painter, axis, left

    def strip(
        self,
        top: float,
        scale: Scale,
        values: NDArray[Any],
        norm: Norm | None,
        around: Surroundings,
        rows: tuple[int, int],
        *,
        live: bool = False,
    ) -> Strip:
        """A strip whose cells stand as the scale says."""
        before, cells = around.before[0], around.before[0] + len(values) + around.after[0]
        high = _high(values)
        box = (scale.origin - scale.wide * before, top, scale.wide * cells, high)
        size = scale.wide, high / values.shape[1]
        return self.painter.strip(values, norm, box, around, live, rows=rows, largest=size)

    def head(self, base: float, title: str, norm: Norm | None, note: str) -> None:
        """A title at the left, what the patterns mean behind it, the colours at the right."""
        page, theme = self.painter.page, self.painter.theme
        write(page, Word(self.left, base, title, theme.ink, 13))
        write(page, Word(self.left + 8.2 * len(title) + 24, base, note, theme.muted, 11))
        if norm is not None:
            paint_bar(page, theme, norm, WIDTH - MARGIN - 100, base - 9)

    def curve(self, top: float, place: Scale, values: NDArray[Any]) -> None:
        """The values as a line over the steps."""
        page, theme = self.painter.page, self.painter.theme
        finite = values[np.isfinite(values)].astype(np.float64)
        low, high = float(finite.min(initial=0)), float(finite.max(initial=0))
        scale = (CURVE - 8) / (high - low) if high > low else 0.0
        x = place.origin + place.wide * (np.arange(len(values)) + 0.5)
        y = top + CURVE - 4 - (values.astype(np.float64) - low) * scale
        zero = top + CURVE - 4 + low * scale
        ends = [(place.origin, zero), (place.origin + place.wide * len(values), zero)]
        page.add_collection(LineCollection([ends], colors=theme.line, lw=0.8, zorder=2))
        page.plot(x, y, color=theme.ink, lw=1.3, zorder=3)

    def lines(self, inputs: Strip, output: Strip) -> None:
        """A faint line for every tap of every output."""
        axis = self.axis
        if axis.positions.size > MOST_LINES or min(inputs.cell, output.cell) < 5:
            return
        drawn = (READ,) if axis.transposed else (READ, PADDING)
        x, top, bottom = inputs.panel.x, inputs.box[1] + inputs.box[3], output.box[1]
        segments = [
            [(x(int(at) + 0.5), top), (output.panel.x(out + 0.5), bottom)]
            for (out, tap), at in np.ndenumerate(axis.positions)
            if axis.marks[out, tap] in drawn
        ]
        colour = self.painter.theme.line
        self.painter.page.add_collection(LineCollection(segments, colors=colour, lw=0.6, zorder=1))


def _taps(painter: Painter, reading: Reading, title: str, kernel: Grid, middle: float) -> Strip:
    """The filter's weights, `(taps, depth)`, left of the strips."""
    step = reading.step
    values = kernel.values[..., reading.filter]
    values = values[0] if step.local else values
    depth = values.shape[1]
    high = min(40.0, 200.0 / depth)
    top, width = middle - high * depth / 2, 190.0
    strip = painter.strip(
        values,
        kernel.norm,
        (MARGIN, top, width, high * depth),
        Surroundings.none(1),
        step.local,
        rows=(0, depth - 1),
        largest=(48.0, high),
    )
    x = strip.box[0] + strip.box[2] / 2
    write(painter.page, Word(x, top - 22, title, painter.theme.ink, 13, align="center"))
    strip.paint_ticks()
    paint_bar(painter.page, painter.theme, kernel.norm, x, top + high * depth + 14)
    return strip
