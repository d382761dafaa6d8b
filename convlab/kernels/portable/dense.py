"""The work items of a convolution as plain loops; see `vector.dense`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from convlab.kernels.cache import cached
from convlab.kernels.tables import Chain, Descriptor, Region, Run

Array = NDArray[Any]

# Numba knows no attributes of classes.
_IMAGE_IN, _IMAGE_OUT, _DEPTH = Descriptor.IMAGE_IN, Descriptor.IMAGE_OUT, Descriptor.DEPTH
_GROUP_FILTERS, _GROUP_BLOCKS = Descriptor.GROUP_FILTERS, Descriptor.GROUP_BLOCKS
_TILES, _TILE_PARTS = Descriptor.TILES, Descriptor.TILE_PARTS
_BLOCKS, _BLOCK_PARTS = Descriptor.BLOCKS, Descriptor.BLOCK_PARTS
_IN, _OUT, _COUNT_1, _COUNT_2 = Region.IN, Region.OUT, Region.COUNT_1, Region.COUNT_2
_PIXELS, _CHAIN, _CHAINS = Region.PIXELS, Region.CHAIN, Region.CHAINS
_BEFORE, _REGION_TILES, _LARGE = Region.BEFORE, Region.TILES, Region.LARGE
_RUN, _RUNS = Chain.RUN, Chain.RUNS
_OFFSET, _ROW, _LENGTH = Run.OFFSET, Run.ROW, Run.LENGTH


@cached
@njit(nogil=True, error_model="numpy")
def do_items(
    d: Array,
    tables: tuple[Array, Array, Array],
    arrays: tuple[Array, Array, Array, Array],
    tile: tuple[int, int],
    numbers: tuple[int, int],
) -> None:
    """Do some work items.

    Args:
        d: the descriptor.
        tables: the regions, chains and runs.
        arrays: the input and the output as `(numbers,)`, weights `(blocks, rows, width)` and bias
            `(blocks, width)`.
        tile: pixels of a large and of a small tile.
        numbers: the first item, and the end.
    """
    regions = tables[0]
    sums = np.empty(arrays[3].shape[1], arrays[1].dtype)
    for number in range(numbers[0], numbers[1]):
        image, part = divmod(number, d[_TILE_PARTS] * d[_BLOCK_PARTS])
        tile_part, block_part = divmod(part, d[_BLOCK_PARTS])
        first = d[_TILES] * tile_part // d[_TILE_PARTS]
        end = d[_TILES] * (tile_part + 1) // d[_TILE_PARTS]
        first_block = d[_BLOCKS] * block_part // d[_BLOCK_PARTS]
        end_block = d[_BLOCKS] * (block_part + 1) // d[_BLOCK_PARTS]
        for region in regions:
            for t in range(max(first - region[_BEFORE], 0), region[_REGION_TILES]):
                if t + region[_BEFORE] >= end:
                    break
                if t < region[_LARGE]:
                    pixel, count = min(t * tile[0], region[_PIXELS] - tile[0]), tile[0]
                else:
                    behind = region[_LARGE] * tile[0] + (t - region[_LARGE]) * tile[1]
                    pixel, count = min(behind, max(region[_PIXELS] - tile[1], 0)), tile[1]
                for block in range(first_block, end_block):
                    for one in range(pixel, min(pixel + count, region[_PIXELS])):
                        _do_pixel(d, region, tables, arrays, image, block, one, sums)


@njit(nogil=True, error_model="numpy")
def _do_pixel(
    d: Array,
    region: Array,
    tables: tuple[Array, Array, Array],
    arrays: tuple[Array, Array, Array, Array],
    image: int,
    block: int,
    pixel: int,
    sums: Array,
) -> None:
    """One output pixel, for a block of filters."""
    x, y, weights, bias = arrays
    _, chains, runs = tables
    row, column = divmod(pixel, region[_COUNT_2])
    plane, line = divmod(row, region[_COUNT_1])
    group, place = divmod(block, d[_GROUP_BLOCKS])
    begun = place * weights.shape[2]
    filters = min(d[_GROUP_FILTERS] - begun, weights.shape[2])
    cell, out = image * d[_IMAGE_IN] + group * d[_DEPTH], image * d[_IMAGE_OUT]
    out += group * d[_GROUP_FILTERS] + begun
    cell += (
        region[_IN] + plane * region[_IN + 1] + line * region[_IN + 2] + column * region[_IN + 3]
    )
    out += region[_OUT] + plane * region[_OUT + 1]
    out += line * region[_OUT + 2] + column * region[_OUT + 3]
    for f in range(filters):
        y[out + f] = bias[block, f]
    for chain in chains[region[_CHAIN] : region[_CHAIN] + region[_CHAINS]]:
        sums[:] = 0
        for run in runs[chain[_RUN] : chain[_RUN] + chain[_RUNS]]:
            for r in range(run[_LENGTH]):
                number, products = x[cell + run[_OFFSET] + r], weights[block, run[_ROW] + r]
                for f in range(filters):
                    sums[f] += number * products[f]
        for f in range(filters):
            y[out + f] += sums[f]
