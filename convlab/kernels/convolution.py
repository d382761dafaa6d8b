"""A convolution of arrays: plan, pack, allocate, and let the kernel fill."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ShapeError
from convlab.geometry import AxisGeometry
from convlab.kernels.plan import convolution_plan
from convlab.kernels.threads import over_rows

Array = NDArray[Any]


def convolve(
    x: Array, kernel: Array, bias: Array | None, axes: tuple[AxisGeometry, ...], groups: int = 1
) -> Array:
    """Convolve (as the field means it: the kernel is not flipped), and add the bias.

    Args:
        x: float32 or float64 `(batch, *sizes, channels)`.
        kernel: the same dtype, `(*kernel sizes, channels / groups, filters)`.
        bias: the same dtype, `(filters,)`, or None.
        axes: the geometry of each of one to three spatial axes.
        groups: into how many equal parts channels and filters are divided.

    Returns:
        An array of the same dtype, `(batch, *output sizes, filters)`.

    Raises:
        ShapeError: the arrays do not fit the geometry.

    Example:
        >>> x = np.arange(4, dtype="float32").reshape(1, 4, 1)
        >>> kernel = np.array([1, 10], "float32").reshape(2, 1, 1)
        >>> convolve(x, kernel, None, (AxisGeometry(4, kernel=2),)).ravel()
        array([10., 21., 32.], dtype=float32)
    """
    _check(x, kernel, bias, axes, groups)
    from convlab.kernels import gather, tile  # imports Numba

    filters = kernel.shape[-1]
    sizes = tuple(axis.size_out or 0 for axis in axes)
    y = np.empty((len(x), *sizes, filters), x.dtype)
    if not y.size:
        return y
    rows = math.prod(y.shape[:-2])
    arguments = (
        convolution_plan(axes),
        plain(x).reshape(-1),
        _packed(kernel, groups, tile.TILE.lanes(x.dtype)),
        np.zeros(filters, x.dtype) if bias is None else plain(bias),
        y.reshape(-1),
        (x.shape[-1], kernel.shape[-2]),
        (filters, filters // groups),
        _chain(axes, kernel),
    )
    work = y.size // filters * kernel.size
    over_rows(lambda part: gather.convolve_rows(*arguments, part), rows, work)
    return y


def _chain(axes: tuple[AxisGeometry, ...], kernel: Array) -> int:
    """How many products are summed in one go: about as many as TensorFlow, which is as accurate.

    A transposed convolution with strides it computes tap by tap.
    """
    strided = any(axis.transposed and axis.stride > 1 for axis in axes)
    return max(64, kernel.shape[-2]) if strided else 768


def plain(array: Array) -> Array:
    """The array, C-contiguous and writeable: Numba would compile anew for another kind."""
    return np.require(array, requirements=["C_CONTIGUOUS", "WRITEABLE"])


def _packed(kernel: Array, groups: int, lanes: int) -> Array:
    """The weights in the order in which the tile reads them: `(group, block, row)` by lanes."""
    filters = kernel.shape[-1] // groups
    blocks = -(-filters // lanes)
    rows = kernel.size // kernel.shape[-1]
    packed = np.zeros((rows, groups, blocks * lanes), kernel.dtype)
    packed[:, :, :filters] = kernel.reshape(rows, groups, filters)
    ordered = packed.reshape(rows, groups * blocks, lanes).transpose(1, 0, 2)
    return np.ascontiguousarray(ordered).reshape(-1, lanes)


def _check(
    x: Array, kernel: Array, bias: Array | None, axes: tuple[AxisGeometry, ...], groups: int
) -> None:
    """Refuse what does not fit: the kernel itself looks at no index."""
    channels, filters = kernel.shape[-2:]
    fits = (
        x.dtype == kernel.dtype == (kernel if bias is None else bias).dtype
        and x.dtype in (np.float32, np.float64)
        and x.shape[1:] == (*(axis.size_in for axis in axes), channels * groups)
        and kernel.shape[:-2] == tuple(axis.kernel for axis in axes)
        and filters % groups == 0
        and (bias is None or bias.shape == (filters,))
    )
    if not fits:
        raise ShapeError(
            "The arrays of a convolution do not fit its geometry.",
            received=f"x {x.dtype} {x.shape}, kernel {kernel.dtype} {kernel.shape}, "
            f"bias {None if bias is None else bias.shape}, groups={groups}, {axes}",
        )
