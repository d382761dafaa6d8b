"""Copies: cropping, padding with zeros, repeating. NumPy does them as fast as memory allows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.geometry import AxisGeometry
from convlab.kernels.windows import window_sums

Array = NDArray[Any]
Axes = tuple[AxisGeometry, ...]


def moved(x: Array, axes: Axes) -> Array:
    """Copy each output cell from the one input cell that it reads; 0 where it reads none.

    Args:
        x: `(batch, *sizes, channels)`, of any dtype.
        axes: the geometry of each spatial axis, through which an output reads at most one input.

    Returns:
        An array of the same dtype, `(batch, *output sizes, channels)`.

    Example:
        >>> pad = AxisGeometry(2, kernel=1, pad_before=1)
        >>> crop = AxisGeometry(2, kernel=1, pad_before=-1)
        >>> moved(np.array([[1, 2], [3, 4]]).reshape(1, 2, 2, 1), (pad, crop)).ravel()
        array([0, 2, 4])
    """
    for axis, geometry in enumerate(axes, start=1):
        index = geometry.taps().max(axis=1)
        read = np.flatnonzero(index >= 0)
        here: tuple[Any, ...] = (slice(None),) * axis
        if _is_run(index[read]):
            cells = x[(*here, _span(index[read]))]
            if len(read) == len(index):
                x = cells
                continue
            x = np.zeros((*x.shape[:axis], len(index), *x.shape[axis + 1 :]), x.dtype)
            x[(*here, _span(read))] = cells
        else:  # every cell is read: a repetition
            x = x.take(index, axis)
    return np.array(x, order="C")


def moved_back(dy: Array, axes: Axes) -> Array:
    """The gradient of `sum(moved(x) * dy)` for `x`: each input gets what its readers got.

    Example:
        >>> crop = AxisGeometry(3, kernel=1, pad_before=-1)
        >>> moved_back(np.array([[[5.0], [6.0]]]), (crop,)).ravel()
        array([0., 5., 6.])
    """
    return window_sums(dy, tuple(axis.transpose() for axis in axes))


def _is_run(index: Array) -> bool:
    return bool((np.diff(index) == 1).all())


def _span(index: Array) -> slice:
    return slice(int(index[0]), int(index[-1]) + 1) if len(index) else slice(0, 0)
