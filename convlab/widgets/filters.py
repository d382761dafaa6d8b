"""Kernels that people know by name, at any size, over one, two or three axes.

Each is built from four one-dimensional pieces, so that the 3x3 form is the textbook's and larger
ones are their usual extensions:

    point       one tap in the middle
    smooth      the row of Pascal's triangle, 1 2 1 for three taps
    slope       the smoothed central difference, -1 0 1 for three taps
    curvature   the smoothed second difference, 1 -2 1 for three taps

Sources: Sobel's operator as in R. C. Gonzalez and R. E. Woods, "Digital Image Processing";
binomial smoothing as in B. Jaehne, "Digital Image Processing".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError

Kernel = NDArray[np.float64]
Maker = Callable[[Sequence[int]], Kernel]

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


def _product(rows: Sequence[Kernel]) -> Kernel:
    """The outer product of one row per axis."""
    return np.asarray(reduce(np.multiply.outer, rows))


def _identity(shape: Sequence[int]) -> Kernel:
    return _product([point(taps) for taps in shape])


def _box(shape: Sequence[int]) -> Kernel:
    return np.full(shape, 1 / np.prod(shape))


def _gaussian(shape: Sequence[int]) -> Kernel:
    kernel = _product([smooth(taps) for taps in shape])
    return np.asarray(kernel / kernel.sum())


def _laplacian(shape: Sequence[int]) -> Kernel:
    axes = range(len(shape))
    parts = [_product([(curvature if a == b else point)(shape[b]) for b in axes]) for a in axes]
    return np.asarray(np.sum(parts, axis=0))


def _sharpen(shape: Sequence[int]) -> Kernel:
    return _identity(shape) - _laplacian(shape)


def _sobel(axis: int) -> Maker:
    """The slope along one axis, counted from the last, smoothed along the others."""

    def kernel(shape: Sequence[int]) -> Kernel:
        along = len(shape) - 1 - axis
        return _product([(slope if a == along else smooth)(taps) for a, taps in enumerate(shape)])

    return kernel


def _emboss(shape: Sequence[int]) -> Kernel:
    ramps = [np.arange(taps) - (taps - 1) // 2 for taps in shape]
    return np.asarray(reduce(np.add.outer, ramps) + _identity(shape))


def _random(shape: Sequence[int]) -> Kernel:
    limit = np.sqrt(6 / (2 * np.prod(shape)))  # Glorot's, for one channel in and one out
    seed = int(np.dot(shape, 100 ** np.arange(len(shape))[::-1]))
    return np.random.default_rng(seed).uniform(-limit, limit, shape)


_BLURS: Mapping[str, Maker] = {"box blur": _box, "gaussian": _gaussian, "sharpen": _sharpen}
_LAST: Mapping[str, Maker] = {"identity": _identity, "random": _random}

FILTERS: Mapping[int, Mapping[str, Maker]] = {
    1: {"derivative": _sobel(0), **_BLURS, "second derivative": _laplacian, **_LAST},
    2: {
        "sobel x": _sobel(0),
        "sobel y": _sobel(1),
        **_BLURS,
        "laplacian": _laplacian,
        "emboss": _emboss,
        **_LAST,
    },
    3: {
        "sobel x": _sobel(0),
        "sobel y": _sobel(1),
        "sobel z": _sobel(2),
        **_BLURS,
        "laplacian": _laplacian,
        **_LAST,
    },
}
"""Number of spatial axes -> name -> function of the taps per axis that returns the kernel."""


def named_kernel(name: str, shape: Sequence[int]) -> Kernel:
    """The kernel of this name.

    Args:
        name: one of `FILTERS` for so many axes.
        shape: the taps along each axis.

    Returns:
        float64 array of that shape.

    Raises:
        ArgumentError: no kernel has that name.

    Example:
        >>> named_kernel("sobel x", (3, 3))
        array([[-1.,  0.,  1.],
               [-2.,  0.,  2.],
               [-1.,  0.,  1.]])
        >>> named_kernel("sharpen", (3,))
        array([-1.,  3., -1.])
    """
    known = FILTERS[len(shape)]
    if name not in known:
        raise ArgumentError(
            "No kernel has that name.",
            received=f"kernel={name!r:.80}",
            remedy=f"Use one of {', '.join(known)}.",
            argument="kernel",
        )
    return known[name](shape)
