"""Small patterns of one channel over any number of axes: float32 `(*sizes, 1)`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PATTERNS = {
    "counting": "0, 1, 2, ... cell by cell",
    "one cell": "a single 1: the output shows the kernel, turned round",
    "edge": "0 before the middle, 1 behind it",
    "checkerboard": "0 and 1 by turns",
    "ones": "1 everywhere: the output shows where the padding is",
}


def pattern(name: str, rank: int, size: int) -> NDArray[np.float32]:
    """One of `PATTERNS` over `rank` axes of `size` cells.

    Example:
        >>> pattern("counting", 2, 3)[..., 0]
        array([[0., 1., 2.],
               [3., 4., 5.],
               [6., 7., 8.]], dtype=float32)
        >>> pattern("edge", 1, 4).ravel()
        array([0., 0., 1., 1.], dtype=float32)
    """
    places = np.indices((size,) * rank)
    cells = {
        "counting": np.arange(size**rank).reshape((size,) * rank),
        "one cell": (places == size // 2).all(axis=0),
        "edge": places[-1] >= size // 2,
        "checkerboard": places.sum(axis=0) % 2,
        "ones": np.ones((size,) * rank),
    }[name]
    return np.asarray(cells, dtype=np.float32)[..., None]
