"""Films: something that moves, for layers with a time axis; float32 `(time, *sizes, 1)`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Film = NDArray[np.float32]

_SEVEN = ("11111", "00001", "00010", "00100", "01000", "01000", "01000")


def bouncing(shape: NDArray[np.float32], size: int, frames: int) -> Film:
    """A shape that moves by one cell a frame along every axis, and back when it meets the border.

    Args:
        shape: the shape, its values on a rectangle; cut off where the film is smaller.
        size: the cells along each axis.
        frames: how many pictures.

    Returns:
        `(frames, size, ..., size, 1)`.

    Example:
        >>> bouncing(np.ones(1, "float32"), 3, 4)[..., 0].tolist()
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    shape = shape[tuple(slice(0, size) for _ in range(shape.ndim))]
    film = np.zeros((frames, *(size,) * shape.ndim, 1), dtype=np.float32)
    for frame in range(frames):
        starts = [
            _there_and_back(frame + axis, size - length) for axis, length in enumerate(shape.shape)
        ]
        window: tuple[Any, ...] = tuple(
            slice(start, start + length) for start, length in zip(starts, shape.shape, strict=True)
        )
        film[(frame, *window, 0)] = shape
    return film


def square(rank: int, size: int, frames: int) -> Film:
    """A pulse, a square or a cube of a third of the size that bounces."""
    return bouncing(np.ones((max(1, size // 3),) * rank, dtype=np.float32), size, frames)


def digit(size: int, frames: int) -> Film:
    """A seven of 7 x 5 cells that bounces."""
    cells = [[float(cell) for cell in row] for row in _SEVEN]
    return bouncing(np.array(cells, dtype=np.float32), size, frames)


def flash(rank: int, size: int, frames: int) -> Film:
    """A single 1 in the middle of the first picture: what comes later is memory."""
    film = np.zeros((frames, *(size,) * rank, 1), dtype=np.float32)
    film[(0, *(size // 2,) * rank, 0)] = 1
    return film


def _there_and_back(step: int, room: int) -> int:
    if room <= 0:
        return 0
    along = step % (2 * room)
    return min(along, 2 * room - along)
