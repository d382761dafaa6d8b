"""Kernels that people know by name, at any size.

Each is built from three one-dimensional pieces, so that the 3x3 form is the textbook's and larger
ones are their usual extensions:

    point       one tap in the middle
    smooth      the row of Pascal's triangle, 1 2 1 for three taps
    slope       the smoothed central difference, -1 0 1 for three taps
    curvature   the smoothed second difference, 1 -2 1 for three taps

Sources: Sobel's operator as in R. C. Gonzalez and R. E. Woods, "Digital Image Processing";
binomial smoothing as in B. Jaehne, "Digital Image Processing".
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError

Kernel = NDArray[np.float64]

LONG = 25  # taps; beyond them the numbers are no longer the textbook's integers


def point(taps: int) -> Kernel:
    """One in the middle; of an even number of taps, the first of the middle two.

    >>> point(3)
    array([0., 1., 0.])
    """
    row = np.zeros(taps)
    row[(taps - 1) // 2] = 1
    return row


def smooth(taps: int) -> Kernel:
    """A row of Pascal's triangle; a long one, whose numbers grow huge, is divided by its largest.

    >>> smooth(5)
    array([1., 4., 6., 4., 1.])
    """
    row = np.ones(1)
    for _ in range(taps - 1):
        row = np.convolve(row, [1, 1])
        if len(row) > LONG:
            row /= row.max()
    return row


def slope(taps: int) -> Kernel:
    """The smoothed central difference; one tap has no slope.

    >>> slope(3), slope(5)
    (array([-1.,  0.,  1.]), array([-1., -2.,  0.,  2.,  1.]))
    """
    if taps < 3:
        return np.array([-1.0, 1.0]) if taps == 2 else np.zeros(1)
    return np.convolve(smooth(taps - 2), [-1, 0, 1])


def curvature(taps: int) -> Kernel:
    """The smoothed second difference; fewer than three taps have none.

    >>> curvature(3)
    array([ 1., -2.,  1.])
    """
    return np.convolve(smooth(taps - 2), [1, -2, 1]) if taps >= 3 else np.zeros(taps)


def _identity(rows: int, columns: int) -> Kernel:
    return np.outer(point(rows), point(columns))


def _box(rows: int, columns: int) -> Kernel:
    return np.full((rows, columns), 1 / (rows * columns))


def _gaussian(rows: int, columns: int) -> Kernel:
    kernel = np.outer(smooth(rows), smooth(columns))
    return np.asarray(kernel / kernel.sum())


def _laplacian(rows: int, columns: int) -> Kernel:
    return np.outer(curvature(rows), point(columns)) + np.outer(point(rows), curvature(columns))


def _sharpen(rows: int, columns: int) -> Kernel:
    return _identity(rows, columns) - _laplacian(rows, columns)


def _sobel_x(rows: int, columns: int) -> Kernel:
    return np.outer(smooth(rows), slope(columns))


def _sobel_y(rows: int, columns: int) -> Kernel:
    return np.outer(slope(rows), smooth(columns))


def _emboss(rows: int, columns: int) -> Kernel:
    down = np.arange(rows) - (rows - 1) // 2
    right = np.arange(columns) - (columns - 1) // 2
    return np.add.outer(down, right) + _identity(rows, columns)


def _random(rows: int, columns: int) -> Kernel:
    limit = np.sqrt(6 / (2 * rows * columns))  # Glorot's, for one channel in and one out
    return np.random.default_rng(rows * 100 + columns).uniform(-limit, limit, (rows, columns))


FILTERS: dict[str, Callable[[int, int], Kernel]] = {
    "sobel x": _sobel_x,
    "sobel y": _sobel_y,
    "box blur": _box,
    "gaussian": _gaussian,
    "sharpen": _sharpen,
    "laplacian": _laplacian,
    "emboss": _emboss,
    "identity": _identity,
    "random": _random,
}
"""Name -> function of (rows, columns) that returns the kernel."""


def named_kernel(name: str, rows: int, columns: int) -> Kernel:
    """The kernel of this name.

    Args:
        name: one of `FILTERS`.
        rows: taps along the height.
        columns: taps along the width.

    Returns:
        float64 array of shape `(rows, columns)`.

    Raises:
        ArgumentError: no kernel has that name.

    Example:
        >>> named_kernel("sobel x", 3, 3)
        array([[-1.,  0.,  1.],
               [-2.,  0.,  2.],
               [-1.,  0.,  1.]])
    """
    if name not in FILTERS:
        raise ArgumentError(
            "No kernel has that name.",
            received=f"kernel={name!r}",
            remedy=f"Use one of {', '.join(FILTERS)}.",
            argument="kernel",
        )
    return FILTERS[name](rows, columns)


def filter_bank(names: tuple[str, ...], kernel_shape: tuple[int, int, int, int]) -> Kernel:
    """Named kernels as the weights of a Conv2D.

    Every input channel gets the same kernel, divided by their number, so that a filter over a
    colour picture answers as it does to the mean of its channels.

    Args:
        names: the kernel of each filter; filters beyond them take the next in `FILTERS`' order.
        kernel_shape: `(rows, columns, channels // groups, filters)`, as Keras stores it.

    Returns:
        float64 array of that shape.

    Example:
        >>> filter_bank(("box blur",), (2, 2, 1, 1))[..., 0, 0]
        array([[0.25, 0.25],
               [0.25, 0.25]])
    """
    rows, columns, channels, filters = kernel_shape
    kernels = [named_kernel(filter_name(names, f), rows, columns) for f in range(filters)]
    return np.repeat(np.stack(kernels, axis=-1)[:, :, None, :], channels, axis=2) / channels


def filter_name(names: tuple[str, ...], index: int) -> str:
    """The kernel's name at one filter: the given one, or the next in order.

    >>> filter_name(("sobel x",), 1)
    'sobel y'
    """
    return names[index] if index < len(names) else tuple(FILTERS)[index % len(FILTERS)]
