"""Weighted sums along one axis after the other: resampling by weights of the geometry."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.geometry.resampling import Resampling
from convlab.kernels.convolution import plain

Array = NDArray[Any]
Axes = tuple[Resampling, ...]


def resampled(x: Array, axes: Axes) -> Array:
    """Mix the inputs of each output, along the last spatial axis first.

    Args:
        x: float32 or float64 `(batch, *sizes, channels)`.
        axes: how each spatial axis is resampled.

    Returns:
        An array of the same dtype, `(batch, *output sizes, channels)`.

    Example:
        >>> x = np.array([0, 4, 8], "float32").reshape(1, 3, 1)
        >>> resampled(x, (Resampling(3, 6, "bilinear"),)).ravel()
        array([0., 1., 3., 5., 7., 8.], dtype=float32)
    """
    for number, axis in reversed(list(enumerate(axes, start=1))):
        x = _along(x, number, axis, forward=True)
    return x


def picked(x: Array, axes: Axes) -> Array:
    """Copy the input of each output, of any dtype, where no output mixes several.

    Args:
        x: an array `(batch, *sizes, channels)`.
        axes: how each spatial axis is resampled, with one tap.

    Example:
        >>> picked(np.array([[[5], [7]]]), (Resampling(2, 4, "nearest"),)).ravel()
        array([5, 5, 7, 7])
    """
    for number, axis in enumerate(axes, start=1):
        x = np.take(x, axis.taps()[:, 0], axis=number)
    return x


def resampled_gradient(dy: Array, axes: Axes) -> Array:
    """The gradient of `sum(resampled(x) * dy)` for `x`: the weights run the other way."""
    for number, axis in enumerate(axes, start=1):
        dy = _along(dy, number, axis, forward=False)
    return dy


def _along(x: Array, number: int, axis: Resampling, *, forward: bool) -> Array:
    """Resample one axis of an array, or undo it in the sense of a gradient."""
    size = (axis.size_out if forward else axis.size_in) or 0
    y = np.zeros((*x.shape[:number], size, *x.shape[number + 1 :]), x.dtype)
    if x.size and y.size:
        from convlab.kernels import mixing  # imports Numba

        outer = int(np.prod(x.shape[:number]))
        arrays = (plain(x).reshape(outer, x.shape[number], -1), y.reshape(outer, size, -1))
        mix = mixing.gather if forward else mixing.scatter
        if forward and axis.interpolation == "bilinear" and not axis.antialias:
            mix = mixing.blend
        mix(axis.taps(), axis.weights().astype(x.dtype), *arrays)
    return y
