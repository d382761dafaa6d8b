"""Loops over windows that treat each channel alone: depthwise sums, sums and maxima.

Every array is `(images, size_0, size_1, size_2, channels)`, C-contiguous. A row of the output is
all its cells along the last axis; the innermost loop runs over the channels, so that it becomes
vector instructions. Importing this module imports Numba.
"""

from __future__ import annotations

from typing import Any

from numba import njit
from numpy.typing import NDArray

from convlab.kernels.cache import cached
from convlab.kernels.plan import TapTables

Array = NDArray[Any]


@njit(nogil=True, error_model="numpy", inline="always")
def _place(y: Array, row: int) -> tuple[int, int, int]:
    """The image and the output indices on the first two axes of a row."""
    line = row // y.shape[2]
    return line // y.shape[1], line % y.shape[1], row % y.shape[2]


@cached
@njit(nogil=True, error_model="numpy", fastmath={"contract"})  # fused: one rounding a product
def depthwise_rows(
    tables: TapTables, x: Array, weights: Array, bias: Array, y: Array, rows: tuple[int, int]
) -> None:
    """Weigh each channel's window, `multiplier` times; the chosen rows of `y` are overwritten.

    Args:
        tables: the tap tables.
        x: float, with C channels.
        weights: float `(kernel_0, kernel_1, kernel_2, C, multiplier)`.
        bias: float `(C * multiplier,)`.
        y: float, with `C * multiplier` channels: those of one input channel side by side.
        rows: the first row and the end.
    """
    channels, multiplier = weights.shape[3], weights.shape[4]
    for row in range(rows[0], rows[1]):
        image, o0, o1 = _place(y, row)
        for o2 in range(y.shape[3]):
            out = y[image, o0, o1, o2]
            out[:] = bias
            for t0 in range(tables.taps_0.shape[1]):
                for t1 in range(tables.taps_1.shape[1]):
                    i0, i1 = tables.taps_0[o0, t0], tables.taps_1[o1, t1]
                    for t2 in range(tables.taps_2.shape[1]):
                        i2 = tables.taps_2[o2, t2]
                        if i0 < 0 or i1 < 0 or i2 < 0:
                            continue
                        cell, weight = x[image, i0, i1, i2], weights[t0, t1, t2]
                        if multiplier == 1:
                            for c in range(channels):
                                out[c] += cell[c] * weight[c, 0]
                        else:
                            for c in range(channels):
                                for m in range(multiplier):
                                    out[c * multiplier + m] += cell[c] * weight[c, m]


@cached
@njit(nogil=True, error_model="numpy")
def sum_rows(tables: TapTables, x: Array, y: Array, rows: tuple[int, int]) -> None:
    """Sum each channel's window; the chosen rows of `y`, which must be 0, are filled."""
    for row in range(rows[0], rows[1]):
        image, o0, o1 = _place(y, row)
        for o2 in range(y.shape[3]):
            out = y[image, o0, o1, o2]
            for t0 in range(tables.taps_0.shape[1]):
                for t1 in range(tables.taps_1.shape[1]):
                    i0, i1 = tables.taps_0[o0, t0], tables.taps_1[o1, t1]
                    for t2 in range(tables.taps_2.shape[1]):
                        i2 = tables.taps_2[o2, t2]
                        if i0 >= 0 and i1 >= 0 and i2 >= 0:
                            cell = x[image, i0, i1, i2]
                            for c in range(len(out)):
                                out[c] += cell[c]


@cached
@njit(nogil=True, error_model="numpy")
def max_rows(tables: TapTables, x: Array, y: Array, rows: tuple[int, int]) -> None:
    """The largest number of each channel's window; `y` must hold the smallest integer, or NaN."""
    for row in range(rows[0], rows[1]):
        image, o0, o1 = _place(y, row)
        for o2 in range(y.shape[3]):
            out = y[image, o0, o1, o2]
            for t0 in range(tables.taps_0.shape[1]):
                for t1 in range(tables.taps_1.shape[1]):
                    i0, i1 = tables.taps_0[o0, t0], tables.taps_1[o1, t1]
                    for t2 in range(tables.taps_2.shape[1]):
                        i2 = tables.taps_2[o2, t2]
                        if i0 >= 0 and i1 >= 0 and i2 >= 0:
                            cell = x[image, i0, i1, i2]
                            for c in range(len(out)):
                                unset = out[c] != out[c]  # NaN, which no number is
                                out[c] = cell[c] if unset or cell[c] > out[c] else out[c]


@cached
@njit(nogil=True, error_model="numpy")
def add_to_maxima(tables: TapTables, x: Array, y: Array, dy: Array, dx: Array, every: bool) -> None:
    """Add each output's gradient to the first cell of its window that holds the maximum.

    Args:
        tables: the tap tables.
        x: the input of the pooling.
        y: its output.
        dy: the gradient of the output.
        dx: the gradient of the input; it is added to.
        every: whether all cells that hold it get the gradient.
    """
    for row in range(y.shape[0] * y.shape[1] * y.shape[2]):
        image, o0, o1 = _place(y, row)
        for o2 in range(y.shape[3]):
            for c in range(y.shape[4]):
                found = False
                for t0 in range(tables.taps_0.shape[1]):
                    for t1 in range(tables.taps_1.shape[1]):
                        i0, i1 = tables.taps_0[o0, t0], tables.taps_1[o1, t1]
                        for t2 in range(tables.taps_2.shape[1]):
                            i2 = tables.taps_2[o2, t2]
                            if found or i0 < 0 or i1 < 0 or i2 < 0:
                                continue
                            if x[image, i0, i1, i2, c] == y[image, o0, o1, o2, c]:
                                dx[image, i0, i1, i2, c] += dy[image, o0, o1, o2, c]
                                found = not every
