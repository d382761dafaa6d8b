"""The gradients of a convolution, which are convolutions again: the tables run the other way."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.geometry import AxisGeometry
from convlab.kernels.convolution import convolve

Array = NDArray[Any]
Axes = tuple[AxisGeometry, ...]


def exchanged(kernel: Array, groups: int = 1) -> Array:
    """A kernel with the roles of input and output channels exchanged, group by group.

    Args:
        kernel: `(*kernel sizes, channels / groups, filters)`.
        groups: into how many parts channels and filters are divided.

    Returns:
        `(*kernel sizes, filters / groups, channels)`.
    """
    *sizes, depth, filters = kernel.shape
    parts = kernel.reshape(*sizes, depth, groups, filters // groups)
    turned = parts.swapaxes(-1, -3)  # (*sizes, filters of a group, groups, depth)
    return np.ascontiguousarray(turned.reshape(*sizes, filters // groups, groups * depth))


def input_gradient(dy: Array, kernel: Array, axes: Axes, groups: int = 1) -> Array:
    """The gradient of `sum(convolve(x, kernel) * dy)` for `x`: the transposed convolution of `dy`.

    Args:
        dy: `(batch, *output sizes, filters)`.
        kernel: `(*kernel sizes, channels / groups, filters)`.
        axes: the geometry of the convolution, from `x` to `y`.
        groups: into how many parts channels and filters are divided.

    Returns:
        An array `(batch, *input sizes, channels)`.

    Example:
        >>> kernel = np.array([1, 10], "float32").reshape(2, 1, 1)
        >>> dy = np.ones((1, 3, 1), "float32")
        >>> input_gradient(dy, kernel, (AxisGeometry(4, kernel=2),)).ravel()
        array([ 1., 11., 11., 10.], dtype=float32)
    """
    back = tuple(axis.transpose() for axis in axes)
    return convolve(dy, exchanged(kernel, groups), None, back, groups)


def kernel_gradient(x: Array, dy: Array, axes: Axes, groups: int = 1) -> Array:
    """The gradient of `sum(convolve(x, kernel) * dy)` for `kernel`.

    Args:
        x: `(batch, *input sizes, channels)`.
        dy: `(batch, *output sizes, filters)`.
        axes: the geometry of the convolution, from `x` to `y`.
        groups: into how many parts channels and filters are divided.

    Returns:
        An array `(*kernel sizes, channels / groups, filters)`.

    Example:
        >>> x = np.array([1, 2, 4], "float32").reshape(1, 3, 1)
        >>> dy = np.ones((1, 2, 1), "float32")
        >>> kernel_gradient(x, dy, (AxisGeometry(3, kernel=2),)).ravel()
        array([3., 6.], dtype=float32)
    """
    depth, width = x.shape[-1] // groups, dy.shape[-1] // groups
    gradient = np.zeros((*(axis.kernel for axis in axes), groups, depth, width))
    for tap, read, pushed in _pairs(x, dy, axes):
        grouped = read.reshape(-1, groups, depth).transpose(1, 2, 0)
        gradient[tap] = grouped @ pushed.reshape(-1, groups, width).swapaxes(0, 1)
    whole = gradient.swapaxes(-2, -3).reshape(*gradient.shape[:-3], depth, groups * width)
    return np.ascontiguousarray(whole, x.dtype)


def depthwise_kernel_gradient(x: Array, dy: Array, axes: Axes) -> Array:
    """The gradient of `sum(depthwise(x, kernel) * dy)` for `kernel`.

    Args:
        x: `(batch, *input sizes, channels)`.
        dy: `(batch, *output sizes, channels * multiplier)`.
        axes: the geometry of the convolution, from `x` to `y`.

    Returns:
        An array `(*kernel sizes, channels, multiplier)`.
    """
    channels = x.shape[-1]
    multiplier = dy.shape[-1] // channels
    gradient = np.zeros((*(axis.kernel for axis in axes), channels, multiplier))
    for tap, read, pushed in _pairs(x, dy, axes):
        each = pushed.reshape(len(pushed), channels, multiplier)
        gradient[tap] = np.einsum("pc,pcm->cm", read, each)
    return gradient.astype(x.dtype)


def _pairs(x: Array, dy: Array, axes: Axes) -> Iterator[tuple[tuple[int, ...], Array, Array]]:
    """For each tap, the input cells that are read through it and the outputs that read them.

    They are float64: sums over all cells of a batch are long, and lose digits otherwise.
    """
    x, dy = x.astype(np.float64), dy.astype(np.float64)
    tables = [axis.taps() for axis in axes]
    for tap in itertools.product(*(range(axis.kernel) for axis in axes)):
        columns = [table[:, t] for table, t in zip(tables, tap, strict=True)]
        outputs = [np.flatnonzero(column >= 0) for column in columns]
        inputs = [column[o] for column, o in zip(columns, outputs, strict=True)]
        yield tap, _at(x, inputs), _at(dy, outputs)


def _at(array: Array, indices: list[Array]) -> Array:
    """The cells at a grid of indices, as a matrix `(cells, channels)`."""
    grid = np.ix_(np.arange(len(array)), *indices)
    cells: Array = array[grid]
    return cells.reshape(-1, array.shape[-1])
