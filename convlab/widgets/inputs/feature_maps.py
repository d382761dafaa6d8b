"""Feature maps: what a layer deep in a network reads, so many channels of one picture.

Channel by channel they are the edges that a first layer would find: the slope along one direction
of a grid, towards each neighbour in turn, of a picture that is smoothed more and more. Negative
slopes are cut off, as a relu does, and each map is divided by its largest value.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

Maps = NDArray[np.float32]

MOST = 64  # channels that may be chosen


def directions(rank: int) -> list[tuple[int, ...]]:
    """The neighbours of a cell: along one axis first, then across several.

    >>> directions(2)
    [(1, 0), (0, 1), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)]
    """
    every = [place for place in product((1, 0, -1), repeat=rank) if any(place)]
    return sorted(every, key=lambda place: (sum(map(abs, place)), -min(place)))


def feature_maps(cells: Maps, axes: int, channels: int) -> Maps:
    """So many maps of one channel.

    Args:
        cells: `(*sizes)`, with time before it; at least two cells along each axis.
        axes: how many of them, the last ones, are spatial.
        channels: how many maps.

    Returns:
        `(*sizes, channels)`, values 0-1.

    Example:
        >>> maps = feature_maps(np.array([0, 0, 2, 0, 0], "float32"), 1, 2)
        >>> maps[:, 0].tolist(), maps[:, 1].tolist()
        ([0.0, 1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 0.0])
    """
    maps = np.empty((*cells.shape, channels), dtype=np.float32)
    ways = directions(axes)
    spatial = tuple(range(cells.ndim - axes, cells.ndim))
    for begin in range(0, channels, len(ways)):
        slopes = [np.gradient(cells, axis=axis) for axis in spatial]
        for channel, way in enumerate(ways[: channels - begin], begin):
            slope = sum(sign * along for sign, along in zip(way, slopes, strict=True))
            maps[..., channel] = _rectified(np.asarray(slope))
        cells = _smoothed(cells, spatial)
    return maps


@lru_cache(maxsize=2)
def maps_of(make: Callable[..., Maps], axes: int, *sizes: int) -> Maps:
    """The feature maps of an input.

    Args:
        make: gives the input of a size, and of so many frames where it has time.
        axes: the number of its spatial axes.
        *sizes: what `make` takes, and how many maps.
    """
    *size, channels = sizes
    maps = feature_maps(make(*size).mean(axis=-1), axes, channels)
    maps.setflags(write=False)  # it is kept for the next call
    return maps


def _rectified(slope: Maps) -> Maps:
    positive = np.maximum(slope, 0)
    largest = positive.max()
    return positive / largest if largest > 0 else positive


def _smoothed(cells: Maps, spatial: tuple[int, ...]) -> Maps:
    """The weighted mean 1 2 1 of each cell and its neighbours; the border is continued."""
    for axis in spatial:
        width = [(int(a == axis), int(a == axis)) for a in range(cells.ndim)]
        wide: Maps = np.moveaxis(np.pad(cells, width, mode="edge"), axis, 0)
        cells = np.moveaxis((wide[:-2] + 2 * wide[1:-1] + wide[2:]) / np.float32(4), 0, axis)
    return cells
