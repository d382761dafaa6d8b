"""One scale for the two strips of an axis: an output stands under the middle of what it reads.

Nothing is computed of a layer here: where an output stands is read from its table of taps.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlab.draw.figure.painter import Surroundings
from convlab.scene import Axis

WIDEST = 48.0  # pixels of an input cell
WIDEST_OUTPUT = 96.0
EVEN = 6.0  # pixels from which on cells take whole ones


class Scale(NamedTuple):
    """Where the cells of a strip stand.

    Args:
        origin: where cell 0 begins, in pixels.
        wide: how wide a cell is.
    """

    origin: float
    wide: float


def shared_scale(
    axis: Axis, around: tuple[Surroundings, Surroundings], left: float, right: float
) -> tuple[Scale, Scale]:
    """The scales of an axis's input and output between two places of the page.

    Args:
        axis: the axis.
        around: what stands around the input and around the output.
        left: where the room for both begins, in pixels.
        right: where it ends.
    """
    start, by = _relation(axis)
    pace = _pace(axis, by)
    (before, after), (before_out, after_out) = ((one.before[0], one.after[0]) for one in around)
    low = min(-before - 0.5, start - by * before_out - pace / 2)
    high = max(axis.size_in + after - 0.5, start + by * (axis.size_out + after_out - 1) + pace / 2)
    least = min(1.0, pace)
    widest = min(WIDEST, WIDEST_OUTPUT / pace) if axis.size_out > 1 else WIDEST
    cell = least * min((right - left) / (high - low), widest)
    unit = (float(int(cell)) if cell >= EVEN else cell) / least
    edge = left - (low + 0.5) * unit
    return Scale(edge, unit), Scale(edge + (start - pace / 2 + 0.5) * unit, pace * unit)


def _relation(axis: Axis) -> tuple[float, float]:
    """Where outputs stand, in input cells: output o at start + by * o."""
    if axis.stamps is not None:
        start, by = _line(axis.stamps)
        return -start / by, 1 / by  # the same line, read backwards
    start, by = _line(axis.positions)
    if by <= 0:
        return start, 1.0  # every output reads the same
    causal = axis.size_in == axis.size_out and by == 1 and axis.pad_after == 0
    return (0.0, 1.0) if causal else (start, by)  # causal: below its own step


def _line(table: NDArray[Any]) -> tuple[float, float]:
    """The line through the middles of a table's first and last row: at row 0, for each further."""
    first, last = float(np.mean(table[0])), float(np.mean(table[-1]))
    return first, (last - first) / (len(table) - 1) if len(table) > 1 else 1.0


def _pace(axis: Axis, by: float) -> float:
    """How many input cells wide an output is where its cells touch; a lone one as its window."""
    if axis.size_out > 1 or axis.stamps is not None:
        return by
    return float(axis.positions.max() - axis.positions.min() + 1)
