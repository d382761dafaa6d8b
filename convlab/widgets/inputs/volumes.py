"""Volumes computed by a formula: float32 `(depth, height, width, 1)`."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Volume = NDArray[np.float32]

# The head phantom of L. A. Shepp and B. F. Logan (IEEE Trans. Nucl. Sci. 21, 1974) in three
# dimensions, with P. Toft's stronger contrast, as M. Schabel tabulates it: added value, half axes
# along x, y, z, centre x, y, z, and the turn about z in degrees.
_ELLIPSOIDS = (
    (1.0, 0.6900, 0.920, 0.810, 0.0, 0.0, 0.0, 0),
    (-0.8, 0.6624, 0.874, 0.780, 0.0, -0.0184, 0.0, 0),
    (-0.2, 0.1100, 0.310, 0.220, 0.22, 0.0, 0.0, -18),
    (-0.2, 0.1600, 0.410, 0.280, -0.22, 0.0, 0.0, 18),
    (0.1, 0.2100, 0.250, 0.410, 0.0, 0.35, -0.15, 0),
    (0.1, 0.0460, 0.046, 0.050, 0.0, 0.1, 0.25, 0),
    (0.1, 0.0460, 0.046, 0.050, 0.0, -0.1, 0.25, 0),
    (0.1, 0.0460, 0.023, 0.050, -0.08, -0.605, 0.0, 0),
    (0.1, 0.0230, 0.023, 0.020, 0.0, -0.606, 0.0, 0),
    (0.1, 0.0230, 0.046, 0.020, 0.06, -0.605, 0.0, 0),
)


@lru_cache(maxsize=8)
def phantom(size: int) -> Volume:
    """The head phantom of Shepp and Logan in `size` cells along each axis, values 0-1.

    Example:
        >>> head = phantom(8)
        >>> head.shape, head[:, 4, 4, 0].round(2).tolist()
        ((8, 8, 8, 1), [0.0, 0.20..., 0.20..., 0.0, 0.0, 0.20..., 0.20..., 0.0])
    """
    z, y, x = _places(size)
    head = np.zeros((size,) * 3)
    for value, a, b, c, x0, y0, z0, degrees in _ELLIPSOIDS:
        turn = np.radians(degrees)
        u = (x - x0) * np.cos(turn) + (y - y0) * np.sin(turn)
        v = (y - y0) * np.cos(turn) - (x - x0) * np.sin(turn)
        head[(u / a) ** 2 + (v / b) ** 2 + ((z - z0) / c) ** 2 <= 1] += value
    volume = np.clip(head, 0, 1).astype(np.float32)[:, ::-1, :, None]  # rows count downwards
    volume.setflags(write=False)
    return volume


def ball(size: int) -> Volume:
    """1 within a ball of 0.7 of the half width, 0 around it.

    Example:
        >>> int(ball(7).sum())
        81
    """
    distance = np.sqrt(sum(axis**2 for axis in _places(size)))
    return (distance <= 0.7).astype(np.float32)[..., None]


def _places(size: int) -> list[NDArray[np.float64]]:
    """The coordinates of the cells' middles along each axis, between -1 and 1."""
    middles = (2 * np.arange(size) + 1) / size - 1
    return list(np.meshgrid(middles, middles, middles, indexing="ij"))
