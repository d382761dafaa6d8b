"""Regions of a convolution's output whose pixels read the same taps: no padding is multiplied.

A region is a group of each axis; together they cover the output. What is listed here are the
integers of `tables`, for one image.
"""

from __future__ import annotations

import itertools
import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlab.geometry import AxisGeometry
from convlab.kernels.plan import COUNT, IN, IN_STEP, OUT, OUT_STEP, RANK, AxisPlan, axis_plan
from convlab.kernels.tables import Region

Indices = NDArray[np.int64]


class Shapes(NamedTuple):
    """What the regions depend on beside the axes.

    Attributes:
        channels: of the input.
        depth: channels of one filter.
        filters: of the output.
        chain: how many products are summed in one go, about.
        pixels: of a large tile.
        few: of a small tile.
    """

    channels: int
    depth: int
    filters: int
    chain: int
    pixels: int
    few: int


class Regions(NamedTuple):
    """The tables of a convolution.

    Attributes:
        regions: int64 `(regions, Region.FIELDS)`.
        chains: int64 `(chains, Chain.FIELDS)`.
        runs: int64 `(runs, Run.FIELDS)`.
        tiles: how many tiles an image has.
        cells_in: cells of an input image.
        cells_out: cells of an output image.
        taps: of the whole kernel.
    """

    regions: Indices
    chains: Indices
    runs: Indices
    tiles: int
    cells_in: int
    cells_out: int
    taps: int


@lru_cache(maxsize=256)
def regions(axes: tuple[AxisGeometry, ...], shapes: Shapes) -> Regions:
    """The regions of a convolution over one to three axes of known size."""
    full = (AxisGeometry(1, kernel=1),) * (RANK - len(axes)) + axes
    plans = [axis_plan(axis) for axis in full]
    steps_in = _steps([plan.size_in for plan in plans], shapes.channels)
    steps_out = _steps([plan.size_out for plan in plans], shapes.filters)
    rows: list[list[int]] = []
    chains: list[tuple[int, int]] = []
    runs: list[Indices] = []
    tiles = count = 0
    for numbers in itertools.product(*(range(len(plan.groups)) for plan in plans)):
        groups = [plan.groups[n].tolist() for plan, n in zip(plans, numbers, strict=True)]
        listed = _runs(plans, numbers, shapes)
        cut = [(count + first, n) for first, n in _chains(listed[:, 2], shapes.chain)]
        pixels = groups[0][COUNT] * groups[1][COUNT] * groups[2][COUNT]
        large, small = _tiles(pixels, shapes)
        rows.append(
            [
                *_walk(groups, steps_in, IN, IN_STEP),
                *_walk(groups, steps_out, OUT, OUT_STEP),
                groups[1][COUNT],
                groups[2][COUNT],
                pixels,
                len(chains),
                len(cut),
                tiles,
                large + small,
                large,
            ]
        )
        tiles += large + small
        count += len(listed)
        chains += cut
        runs.append(listed)
    return Regions(
        np.array(rows, np.int64).reshape(-1, Region.FIELDS),
        np.array(chains, np.int64).reshape(-1, 2),
        np.concatenate([np.empty((0, 3), np.int64), *runs]),
        tiles,
        math.prod(plan.size_in for plan in plans),
        math.prod(plan.size_out for plan in plans),
        math.prod(plan.kernel for plan in plans),
    )


def _steps(sizes: list[int], numbers: int) -> list[int]:
    """How many numbers lie between neighbours along each axis."""
    return [sizes[1] * sizes[2] * numbers, sizes[2] * numbers, numbers]


def _walk(groups: list[list[int]], steps: list[int], first: int, step: int) -> list[int]:
    """Where a region's first pixel begins, and the steps to the next one along each axis."""
    begin = sum(group[first] * one for group, one in zip(groups, steps, strict=True))
    return [begin, *(group[step] * one for group, one in zip(groups, steps, strict=True))]


def _runs(plans: list[AxisPlan], numbers: tuple[int, ...], shapes: Shapes) -> Indices:
    """The numbers that a region's pixels read, from where each of them begins; merged."""
    taps = [plan.taps[n] for plan, n in zip(plans, numbers, strict=True)]
    steps = _steps([plan.size_in for plan in plans], shapes.channels)
    rows = _steps([plan.kernel for plan in plans], shapes.depth)
    offset, row = (
        (
            one[0][0][column][:, None, None] * one[0][1]
            + one[1][0][column][:, None] * one[1][1]
            + one[2][0][column] * one[2][1]
        ).reshape(-1)
        for column, one in (
            (1, list(zip(taps, steps, strict=True))),
            (0, list(zip(taps, rows, strict=True))),
        )
    )
    begins = np.ones(len(offset), bool)
    if shapes.depth == shapes.channels:
        apart = (np.diff(offset) != shapes.depth) | (np.diff(row) != shapes.depth)
        begins[1:] = apart
    first = np.flatnonzero(begins)
    lengths = np.diff(np.r_[first, len(offset)]) * shapes.depth
    return np.stack([offset[first], row[first], lengths], axis=1)


def _chains(lengths: Indices, longest: int) -> list[tuple[int, int]]:
    """The runs that are summed in one go: the first of each chain, and how many; at least one."""
    cut, first, length = [], 0, 0
    for run, one in enumerate(lengths.tolist()):
        if length and length + one > longest:
            cut.append((first, run - first))
            first, length = run, 0
        length += one
    return [*cut, (first, len(lengths) - first)]


def _tiles(pixels: int, shapes: Shapes) -> tuple[int, int]:
    """How many large and small tiles cover a region."""
    large, rest = divmod(pixels, shapes.pixels)
    if large and rest > 2 * shapes.few:
        return large + 1, 0  # the last one overlaps its neighbour
    return large, -(-rest // shapes.few)
