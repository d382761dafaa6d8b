"""The window of an image that has the proportions of another size.

Source: `keras/src/backend/tensorflow/image.py`, which divides in single precision and cuts what is
behind the point.
"""

from __future__ import annotations

import numpy as np

Sizes = tuple[int, ...]
Windows = tuple[tuple[int, int | None], ...]


def cropped(sizes: Sizes, target: Sizes) -> Windows:
    """The largest window within an image that has the proportions of a size; in its middle.

    Args:
        sizes: the image's height and width.
        target: the height and width that it is resized to.

    Returns:
        For each axis, the window's first cell and how many cells it has.

    Example:
        >>> cropped((4, 8), (1, 1))
        ((0, 4), (2, 4))
    """
    windows = []
    for size, fitting in zip(sizes, _fitting(sizes, target), strict=True):
        length = max(min(size, fitting), 1)
        windows.append((_half(size - length), length))
    return tuple(windows)


def padded(sizes: Sizes, target: Sizes) -> Windows:
    """The smallest window around an image that has the proportions of a size.

    Both sides get equally many cells, so that it may lack one.

    Args:
        sizes: the image's height and width.
        target: the height and width that it is resized to.

    Returns:
        For each axis, the window's first cell, negative, and how many cells it has.

    Example:
        >>> padded((4, 8), (1, 1))
        ((-2, 8), (0, 8))
    """
    windows = []
    for size, fitting in zip(sizes, _fitting(sizes, target), strict=True):
        before = _half(max(size, fitting) - size)
        windows.append((-before, size + 2 * before))
    return tuple(windows)


def _fitting(sizes: Sizes, target: Sizes) -> Sizes:
    """The height that goes with the width, and the width that goes with the height."""
    (height, width), (new_height, new_width) = sizes, target
    return (
        int(np.float32(width * new_height) / np.float32(new_width)),
        int(np.float32(height * new_width) / np.float32(new_height)),
    )


def _half(cells: int) -> int:
    return int(np.float32(cells) / np.float32(2))
