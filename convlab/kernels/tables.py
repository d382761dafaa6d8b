"""How compiled work items find what they work on: the places of integers in their tables.

Everything is an int64. A descriptor says where the arrays of one call begin; the regions, chains
and runs of a plan say which of their numbers belong together. Offsets count numbers, not bytes.
"""

from __future__ import annotations


class Descriptor:
    """The descriptor of a convolution: addresses first, then what its shapes give."""

    X, Y, WEIGHTS, BIAS, REGIONS, CHAINS, RUNS = range(7)
    REGION_COUNT, IMAGE_IN, IMAGE_OUT, DEPTH, GROUP_FILTERS, GROUP_BLOCKS, ROWS = range(7, 14)
    TILES, TILE_PARTS, BLOCKS, BLOCK_PARTS = range(14, 18)
    FIELDS = 18


class Region:
    """Outputs that read the same taps, in lines and planes of equal distance.

    `IN` and `OUT` are where its first pixel begins in an image, `IN_0` to `OUT_2` the steps to the
    next one along each axis, `COUNT_1` and `COUNT_2` its pixels along the last two axes. Its tiles
    are numbered from `BEFORE` on; the first `LARGE` of them are large ones.
    """

    IN, IN_0, IN_1, IN_2, OUT, OUT_0, OUT_1, OUT_2, COUNT_1, COUNT_2, PIXELS = range(11)
    CHAIN, CHAINS, BEFORE, TILES, LARGE = range(11, 16)
    FIELDS = 16


class Chain:
    """Runs that are summed in one go."""

    RUN, RUNS = range(2)
    FIELDS = 2


class Run:
    """Numbers that lie side by side in the input, and so do their weights.

    `OFFSET` counts from where a pixel begins, `ROW` in rows of the weights.
    """

    OFFSET, ROW, LENGTH = range(3)
    FIELDS = 3
