"""Two or three spatial axes: input, kernel and output from left to right."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.draw.figure.arrangement import Arrangement, Picture
from convlab.draw.figure.captions import norms, notes, titles
from convlab.draw.figure.painter import Painter, Surroundings
from convlab.draw.figure.panel import LARGEST, Box, paint_bar
from convlab.draw.figure.words import Word, write
from convlab.draw.reading.looks import Reading
from convlab.scene import Grid, LayerStep, Norm

KERNEL = (458.0, 156.0)  # where the kernel stands, and how wide it may be
SHORTEST = 100.0
TITLE, BELOW = 44, 62  # pixels above the pictures for their titles, and below for bars and notes


def side_by_side(painter: Painter, reading: Reading, top: float, body: float) -> Arrangement:
    """Paint a step's pictures with their titles.

    Args:
        painter: what paints.
        reading: the step, and the filter and channel to show.
        top: where their room begins, in pixels.
        body: how high the pictures may be.
    """
    step, level, muted = reading.step, top + TITLE, painter.theme.muted
    kernel = None
    wide, arrow = ((48.0, 420.0), (556.0, 420.0)), 512.0
    if step.kernel is not None:
        wide, arrow = ((48.0, 360.0), (688.0, 288.0)), 640.0
    body = min(body, _needed(step, *(width for _, width in wide)))
    boxes: list[Box] = [(left, level, width, body) for left, width in wide]
    if step.kernel is not None:
        kernel = _kernel(painter, reading, step.kernel, (KERNEL[0], level, KERNEL[1], body))
        times = Word(433, level + body / 2 + 9, "×", muted, 26, align="center")
        write(painter.page, times)
    write(painter.page, Word(arrow, level + body / 2 + 9, "→", muted, 26, align="center"))
    inputs, output = _input(painter, reading, boxes[0]), _output(painter, reading, boxes[1])
    pictures = inputs, kernel, output
    for picture, title, norm, note in zip(
        pictures, titles(step, reading), norms(step, reading), _three(step, reading), strict=True
    ):
        if picture is not None:
            _caption(painter, picture, top + 20, title, norm, note)
    inputs.paint_ticks()
    output.paint_ticks()
    return Arrangement(inputs, kernel, output, level + body + BELOW)


def _needed(step: LayerStep, input_width: float, output_width: float) -> float:
    """How high the pictures get when their cells are as large as their width lets them be."""
    if len(step.axes) > 2:
        return math.inf
    read = [axis.pad_before + axis.size_in + axis.pad_after for axis in step.axes]
    made = [axis.crop_before + axis.size_out + axis.crop_after for axis in step.axes]
    taps = [axis.kernel for axis in step.axes]
    rooms = [(read, input_width), (made, output_width)]
    rooms += [] if step.kernel is None else [(taps, KERNEL[1])]
    return max(
        SHORTEST, *(rows * min(width / columns, LARGEST) for (rows, columns), width in rooms)
    )


def _three(step: LayerStep, reading: Reading) -> tuple[str, str, str]:
    inputs, output = notes(step, reading)
    return inputs, "", output


def _caption(
    painter: Painter, picture: Picture, top: float, title: str, norm: Norm | None, note: str
) -> None:
    """The title above a picture; its colours, and what its patterns mean, below."""
    left, upper, width, height = picture.box
    middle, bottom = left + width / 2, upper + height
    ink, muted = painter.theme.ink, painter.theme.muted
    write(painter.page, Word(middle, top, title, ink, 13, align="center"))
    if norm is not None:
        paint_bar(painter.page, painter.theme, norm, middle, bottom + 14)
    write(painter.page, Word(middle, bottom + 40, note, muted, 11, align="center"))


def _input(painter: Painter, reading: Reading, box: Box) -> Picture:
    """The input through the channel that is shown, or in its colours."""
    step, grid = reading.step, reading.step.input
    values = grid.values if grid.colour else grid.values[..., reading.shown_channel]
    # What is scattered meets no edge: nothing beyond the input is read.
    around = None if reading.grows else Surroundings.of_input(step.axes)
    return area(painter, step, values, norms(step, reading)[0], box, around)


def _kernel(painter: Painter, reading: Reading, kernel: Grid, box: Box) -> Picture:
    """The weights for the channel that is shown; at first those of the first place."""
    step = reading.step
    values = kernel.values[..., reading.depth, reading.filter]
    values = values[(0,) * len(step.axes)] if step.local else values
    return area(painter, step, values, kernel.norm, box, live=step.local)


def _output(painter: Painter, reading: Reading, box: Box) -> Picture:
    """The output of the filter that is shown."""
    step = reading.step
    values = (step.linear if reading.grows else step.output.values)[..., reading.filter]
    around = Surroundings.of_output(step.axes)
    return area(painter, step, values, norms(step, reading)[2], box, around, live=reading.grows)


def area(
    painter: Painter,
    step: LayerStep,
    values: NDArray[np.floating[Any]],
    norm: Norm | None,
    box: Box,
    around: Surroundings | None = None,
    *,
    live: bool = False,
) -> Picture:
    """An array of as many spatial axes as the step has, two or three."""
    rank = len(step.axes)
    paint = painter.slices if rank == 3 else painter.plane
    return paint(values, norm, box, around or Surroundings.none(rank), live)
