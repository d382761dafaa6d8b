"""The gather convolution: every output sums what its taps read.

Importing this module imports Numba; `convlab.kernels` does so on the first computation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from convlab.kernels.cache import cached
from convlab.kernels.plan import ConvolutionPlan
from convlab.kernels.tile import TILE, sum_tile

Array = NDArray[Any]

PIXELS = TILE.pixels


@njit(nogil=True, error_model="numpy")
def _list_runs(
    plan: ConvolutionPlan,
    group: int,
    row_0: int,
    row_1: int,
    channels: tuple[int, int],
    merge: bool,
    runs: Array,
) -> int:
    """List the contiguous runs of numbers that a group's outputs read in one row.

    Args:
        plan: the plan.
        group: the group along the last axis.
        row_0: the row's output index on the first axis.
        row_1: the row's output index on the second axis.
        channels: channels of the input, and of one filter.
        merge: whether neighbouring taps may join: when a filter spans all channels.
        runs: int64 `(taps, 3)`; overwritten: offset in the input, row of the weights, length.

    Returns:
        How many runs there are.
    """
    count = 0
    kernel_1, kernel_2 = plan.taps_1.shape[1], plan.kernel_2
    for t0 in range(plan.taps_0.shape[1]):
        for t1 in range(kernel_1):
            i0, i1 = plan.taps_0[row_0, t0], plan.taps_1[row_1, t1]
            if i0 < 0 or i1 < 0:
                continue
            line = (i0 * plan.size_in[1] + i1) * plan.size_in[2]
            for t in range(plan.group_taps[group], plan.group_taps[group + 1]):
                offset = (line + plan.tap_offset[t]) * channels[0]
                weight = ((t0 * kernel_1 + t1) * kernel_2 + plan.tap_index[t]) * channels[1]
                if (
                    merge
                    and count
                    and runs[count - 1, 0] + runs[count - 1, 2] == offset
                    and runs[count - 1, 1] + runs[count - 1, 2] == weight
                ):
                    runs[count - 1, 2] += channels[1]
                else:
                    runs[count, 0] = offset
                    runs[count, 1] = weight
                    runs[count, 2] = channels[1]
                    count += 1
    return count


@njit(nogil=True, error_model="numpy")
def _end_of_chain(runs: Array, at: int, count: int, chain: int) -> int:
    """The run behind the last that is summed with the run `at`: as many as make a chain."""
    stop, length = at, 0
    while stop < count and (stop == at or length + runs[stop, 2] <= chain):
        length += runs[stop, 2]
        stop += 1
    return stop


@cached
@njit(nogil=True, error_model="numpy")
def convolve_rows(
    plan: ConvolutionPlan,
    x: Array,
    weights: Array,
    bias: Array,
    y: Array,
    channels: tuple[int, int],
    filters: tuple[int, int],
    chain: int,
    rows: tuple[int, int],
) -> None:
    """Compute some rows of the output (a row: all outputs along the last axis).

    Args:
        plan: the plan.
        x: float `(images * cells * channels,)`.
        weights: float `(groups * blocks * rows, lanes)`: per group and block of `lanes` filters
            the kernel's taps times channels; filters that do not exist are zero.
        bias: float `(filters,)`.
        y: float `(images * cells * filters,)`; the chosen rows are overwritten.
        channels: channels of the input, and of one filter.
        filters: filters in all, and of one group.
        chain: how many products are summed in one go; shorter sums are rounded less.
        rows: the first row and the end, counted through images, first and second axis.
    """
    groups, lanes = filters[0] // filters[1], weights.shape[1]
    blocks = (filters[1] + lanes - 1) // lanes
    taps = plan.taps_0.shape[1] * plan.taps_1.shape[1] * plan.kernel_2
    cells = plan.size_in[0] * plan.size_in[1] * plan.size_in[2]
    runs = np.empty((taps, 3), np.int64)
    positions = np.empty(PIXELS, np.int64)
    tile = np.empty((PIXELS, lanes), x.dtype)
    for row in range(rows[0], rows[1]):
        line = row // plan.size_out[1]
        image = line // plan.size_out[0]
        row_0, row_1 = line % plan.size_out[0], row % plan.size_out[1]
        for group in range(len(plan.group_taps) - 1):
            count = _list_runs(plan, group, row_0, row_1, channels, groups == 1, runs)
            end = plan.group_outputs[group + 1]
            for first in range(plan.group_outputs[group], end, PIXELS):
                for block in range(groups * blocks):
                    g = block // blocks
                    for m in range(PIXELS):
                        last = end - 1 - first  # beyond the end, the last pixel again
                        base = plan.bases[first + (m if m < last else last)]
                        positions[m] = (image * cells + base) * channels[0] + g * channels[1]
                    f = g * filters[1] + block % blocks * lanes
                    stop_f = (g + 1) * filters[1]
                    at = 0
                    while at == 0 or at < count:
                        stop = _end_of_chain(runs, at, count, chain)
                        row_of = block * taps * channels[1]
                        sum_tile(x, positions, runs[at:], stop - at, weights, row_of, tile)
                        for m in range(PIXELS):
                            if first + m < end:
                                pixel = row * plan.size_out[2] + plan.outputs[first + m]
                                for v in range(lanes if f + lanes < stop_f else stop_f - f):
                                    before = y[pixel * filters[0] + f + v] if at else bias[f + v]
                                    y[pixel * filters[0] + f + v] = before + tile[m, v]
                        at = max(stop, 1)
