"""Weighted sums along the middle axis of arrays `(outer, size, inner)`, C-contiguous.

Importing this module imports Numba; `convlab.kernels.resample` does so when it is needed.
"""

from __future__ import annotations

from typing import Any

from numba import njit
from numpy.typing import NDArray

from convlab.kernels.cache import cached

Array = NDArray[Any]


@cached
@njit(nogil=True, error_model="numpy")
def gather(taps: Array, weights: Array, x: Array, y: Array) -> None:
    """Add to each output the weighted inputs that it reads; `y` must be 0."""
    for image in range(y.shape[0]):
        for o in range(y.shape[1]):
            out = y[image, o]
            for t in range(taps.shape[1]):
                if taps[o, t] >= 0:
                    cell, weight = x[image, taps[o, t]], weights[o, t]
                    for c in range(len(out)):
                        out[c] += cell[c] * weight


@cached
@njit(nogil=True, error_model="numpy")
def blend(taps: Array, weights: Array, x: Array, y: Array) -> None:
    """Set each output between its two inputs: `a + (b - a) * weight of b`, as TensorFlow rounds."""
    for image in range(y.shape[0]):
        for o in range(y.shape[1]):
            out, a, b = y[image, o], x[image, taps[o, 0]], x[image, taps[o, 1]]
            weight = weights[o, 1]
            for c in range(len(out)):
                out[c] = a[c] + (b[c] - a[c]) * weight


@cached
@njit(nogil=True, error_model="numpy")
def scatter(taps: Array, weights: Array, dy: Array, dx: Array) -> None:
    """Give each input the weighted outputs that read it; `dx` must be 0."""
    for image in range(dy.shape[0]):
        for o in range(dy.shape[1]):
            pushed = dy[image, o]
            for t in range(taps.shape[1]):
                if taps[o, t] >= 0:
                    cell, weight = dx[image, taps[o, t]], weights[o, t]
                    for c in range(len(pushed)):
                        cell[c] += pushed[c] * weight
