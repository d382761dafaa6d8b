"""Windows that treat each channel alone: allocate, and let the kernels fill."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ShapeError
from convlab.geometry import AxisGeometry
from convlab.kernels.convolution import plain
from convlab.kernels.plan import RANK, TapTables, tap_tables
from convlab.kernels.threads import over_rows

Array = NDArray[Any]
Axes = tuple[AxisGeometry, ...]

_SERIAL_WORK = 8_000_000
"""Sums or comparisons below which a second thread costs more than it saves."""


def depthwise(x: Array, kernel: Array, bias: Array | None, axes: Axes) -> Array:
    """Convolve each channel with kernels of its own.

    Args:
        x: float32 or float64 `(batch, *sizes, channels)`.
        kernel: the same dtype, `(*kernel sizes, channels, multiplier)`.
        bias: the same dtype, `(channels * multiplier,)`, or None.
        axes: the geometry of each of one to three spatial axes.

    Returns:
        An array `(batch, *output sizes, channels * multiplier)`; the outputs of one channel stand
        side by side.

    Example:
        >>> x = np.array([[[1, 10], [2, 20]]], "float32")
        >>> kernel = np.array([[[1], [2]], [[1], [2]]], "float32")
        >>> depthwise(x, kernel, None, (AxisGeometry(2, kernel=2),))
        array([[[ 3., 60.]]], dtype=float32)
    """
    _check(x, axes)
    channels, multiplier = kernel.shape[-2:]
    y = _empty(x, axes, channels * multiplier)
    if kernel.shape[:-1] != (*(axis.kernel for axis in axes), x.shape[-1]):
        raise _misfit(x, axes, f", kernel {kernel.shape}")
    if y.size:
        from convlab.kernels import sliding  # imports Numba

        weights = plain(kernel).reshape(*_lead(axes), *kernel.shape)
        start = np.zeros(channels * multiplier, x.dtype) if bias is None else plain(bias)
        arguments = (tap_tables(axes), _whole(x, axes), weights, start, _whole(y, axes))
        over_rows(
            lambda part: sliding.depthwise_rows(*arguments, part),
            math.prod(y.shape[:-2]),
            shared=y.size * math.prod(kernel.shape[:-2]) > _SERIAL_WORK,
        )
    return y


def depthwise_input_gradient(dy: Array, kernel: Array, axes: Axes) -> Array:
    """The gradient of `sum(depthwise(x, kernel) * dy)` for `x`."""
    back = tuple(axis.transpose() for axis in axes)
    *_, channels, multiplier = kernel.shape
    each = dy.reshape(*dy.shape[:-1], channels, multiplier)
    parts = (
        depthwise(
            np.ascontiguousarray(each[..., m]),
            np.ascontiguousarray(kernel[..., m : m + 1]),
            None,
            back,
        )
        for m in range(multiplier)
    )
    total: Array = sum(parts, start=np.zeros((), dy.dtype))
    return total


def window_sums(x: Array, axes: Axes) -> Array:
    """The sum of each window, channel by channel.

    Example:
        >>> x = np.array([1, 2, 4], "float32").reshape(1, 3, 1)
        >>> window_sums(x, (AxisGeometry(3, kernel=2),)).ravel()
        array([3., 6.], dtype=float32)
    """
    _check(x, axes)
    y = _empty(x, axes, x.shape[-1])
    y[...] = 0
    return _filled("sum_rows", x, y, axes)


def window_maxima(x: Array, axes: Axes) -> Array:
    """The largest number of each window, channel by channel; NaN loses against every number.

    Example:
        >>> x = np.array([1, 2, -4], "int32").reshape(1, 3, 1)
        >>> window_maxima(x, (AxisGeometry(3, kernel=2),)).ravel()
        array([2, 2], dtype=int32)
    """
    _check(x, axes)
    y = _empty(x, axes, x.shape[-1])
    y[...] = np.nan if np.issubdtype(x.dtype, np.floating) else np.iinfo(x.dtype).min
    return _filled("max_rows", x, y, axes)


def maxima_gradient(x: Array, y: Array, dy: Array, axes: Axes, *, every: bool = False) -> Array:
    """The gradient of `sum(window_maxima(x) * dy)` for `x`.

    Args:
        x: the input.
        y: its window maxima.
        dy: their gradient.
        axes: the geometry of each spatial axis.
        every: whether each of equal maxima gets the gradient, or the first of them alone.
    """
    _check(x, axes)
    dx = np.zeros_like(x, order="C")
    if y.size:
        from convlab.kernels import sliding  # imports Numba

        arrays = (_whole(array, axes) for array in (x, y, dy, dx))
        sliding.add_to_maxima(_read_tables(axes), *arrays, every)
    return dx


def _filled(kernel: str, x: Array, y: Array, axes: Axes) -> Array:
    if y.size:
        from convlab.kernels import sliding  # imports Numba

        fill, tables = getattr(sliding, kernel), _read_tables(axes)
        whole_x, whole_y = _whole(x, axes), _whole(y, axes)
        work = y.size * math.prod(axis.kernel for axis in axes)
        rows, shared = math.prod(y.shape[:-2]), work > _SERIAL_WORK
        over_rows(lambda part: fill(tables, whole_x, whole_y, part), rows, shared=shared)
    return y


@lru_cache(maxsize=256)
def _read_tables(axes: Axes) -> TapTables:
    """The tap tables without the taps that read nothing: a window may be wider than the input."""
    return TapTables(
        *(np.ascontiguousarray(taps[:, (taps >= 0).any(axis=0)]) for taps in tap_tables(axes))
    )


def _lead(axes: Axes) -> tuple[int, ...]:
    return (1,) * (RANK - len(axes))


def _whole(array: Array, axes: Axes) -> Array:
    """The array with three spatial axes."""
    array = plain(array)
    return array.reshape(len(array), *_lead(axes), *array.shape[1:])


def _empty(x: Array, axes: Axes, channels: int) -> Array:
    return np.empty((len(x), *(axis.size_out or 0 for axis in axes), channels), x.dtype)


def _check(x: Array, axes: Axes) -> None:
    """Refuse what does not fit: the kernels look at no index."""
    if x.shape[1:-1] != tuple(axis.size_in for axis in axes):
        raise _misfit(x, axes, "")


def _misfit(x: Array, axes: Axes, more: str) -> ShapeError:
    return ShapeError(
        "The arrays of a window do not fit its geometry.",
        received=f"x {x.dtype} {x.shape}{more}, {axes}",
        remedy="Make the geometry for the input's sizes.",
    )
