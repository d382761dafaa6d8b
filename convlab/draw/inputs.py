"""Inputs for a figure: what was given as a batch, or a small one of our own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.input_layer import InputLayer
from convlab.models import Sequential
from convlab.scene.building.families import family_of

Array = NDArray[Any]


def as_batch(layer: Any, x: ArrayLike | None) -> Array:
    """An input with its batch axis and its channels, in the layer's data format.

    Args:
        layer: the layer that will read it, or several in a row.
        x: one channel, one example or a batch; for a convolutional LSTM with time before the
            spatial axes. None makes a small one: a signal of 24 steps, a ring of ones on 9 x 9
            zeros, a shell in a cube, or for a convolutional LSTM one of them that moves.

    Raises:
        ArgumentError: this is no layer that a scene shows.

    Example:
        >>> import convlab as cl
        >>> as_batch(cl.Conv2D(1, 3), [[1.0, 2.0]]).shape
        (1, 1, 2, 1)
        >>> as_batch(cl.Conv1D(1, 3), None).shape
        (1, 24, 1)
    """
    first = _first(layer)
    family_of(first)
    rank: int = first.rank
    timed = isinstance(first, ConvLSTM)
    array = _small(rank, timed) if x is None else np.asarray(x)
    if array.ndim == rank + timed:
        channels = -1 - rank if first.data_format == "channels_first" else -1
        array = np.expand_dims(array, channels)
    return array[None] if array.ndim == rank + timed + 1 else array


def _first(subject: Any) -> Any:
    """The first layer of a chain."""
    if isinstance(subject, Sequential):
        subject = [one for one in subject.operations if not isinstance(one, InputLayer)]
    return _first(subject[0]) if isinstance(subject, list | tuple) and subject else subject


def _small(rank: int, timed: bool) -> NDArray[np.float32]:
    """One channel of ones and zeros, or of a wave, `(dim_1, ..., dim_N)`, with time in front."""
    if not timed:
        return _signal() if rank == 1 else _shell(rank, 9 if rank == 2 else 6)
    still = _shell(rank, 12 if rank == 1 else 9 if rank == 2 else 6)
    return np.stack([np.roll(still, step, axis=-1) for step in range(3)])


def _signal(steps: int = 24) -> NDArray[np.float32]:
    """A slow wave with a quick one on its second half."""
    time = np.arange(steps)
    slow, quick = np.sin(time / 3.5), np.sin(time * 1.7) * (time >= steps // 2)
    return np.asarray(slow + 0.4 * quick, np.float32)


def _shell(rank: int, size: int) -> NDArray[np.float32]:
    """Ones at one distance from the middle, on zeros: it has an edge in every direction."""
    places = np.indices((size,) * rank) - (size - 1) / 2
    distance = np.sqrt((places**2).sum(axis=0))
    return np.asarray(np.abs(distance - size / 3) < 0.6, np.float32)
