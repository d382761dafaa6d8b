"""An input for a network: the user's own, or something that can be recognized, of its size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import DataError, ShapeError
from convlab.widgets.inputs import pictures, signals

Array = NDArray[Any]

LARGEST_INPUT = 2**24
"""Numbers of an input at most."""


def usual_input(shape: Sequence[int | None], places: Sequence[int]) -> Array:
    """A photograph, a heartbeat or noise of a shape: one example, without the batch.

    Args:
        shape: the sizes, without the batch.
        places: the axes that are not the channels'.

    Raises:
        ShapeError: a size is not known, or it is too large.

    >>> usual_input((20, 30, 3), (0, 1)).shape, usual_input((3, 20, 30), (1, 2)).shape
    ((20, 30, 3), (3, 20, 30))
    >>> usual_input((50, 2), (0,)).shape, usual_input((7,), ()).shape
    ((50, 2), (7,))
    """
    if None in shape or math.prod(size or 0 for size in shape) > LARGEST_INPUT:
        raise ShapeError(
            f"Feature maps are shown of inputs of known sizes, {LARGEST_INPUT:,} numbers at most.",
            received=f"the shape {tuple(shape)}",
            remedy="Give input_shape=(height, width, channels).",
            argument="input_shape",
        )
    sizes = [size or 0 for size in shape]
    rest = [axis for axis in range(len(sizes)) if axis not in places]
    known = [sizes[axis] for axis in places]
    if len(rest) > 1 or not known or 0 in sizes:
        return np.random.default_rng(0).standard_normal(sizes).astype(np.float32)
    made = _made(known, sizes[rest[0]] if rest else 1)
    return np.moveaxis(made, -1, rest[0]) if rest else made[..., 0]


def is_picture(x: Array) -> bool:
    """Whether an example, channels last, can be shown in grey or in colour.

    >>> is_picture(np.ones((4, 4, 3))), is_picture(np.ones((4, 4, 8)))
    (True, False)
    """
    return x.ndim == 3 and x.shape[-1] in (1, 3) and bool(x.min() >= 0 and x.max() <= 1)


def _made(sizes: Sequence[int], channels: int) -> Array:
    """Along the places, channels last."""
    if len(sizes) == 1:
        wave = signals.heartbeat(max(sizes[0], 3))[: sizes[0]]
        return _with_channels(np.asarray(wave, np.float32), channels)
    name = "photograph" if channels == 3 else "photograph, grey"
    side = min(max(sizes[-2:]), pictures.LARGEST_SIDE)
    picture = _sampled(pictures.picture(name, side), sizes[-2], sizes[-1])
    picture = _with_channels(picture, channels)
    for size in reversed(sizes[:-2]):  # a volume, a film: the picture moves on by a cell a slice
        picture = np.stack([np.roll(picture, at, axis=-2) for at in range(size)])
    return picture


def _as_large(picture: Array, shape: Sequence[int | None], places: Sequence[int]) -> Array:
    """A picture as large as a shape, with its channels."""
    (height, width) = (shape[axis] or 1 for axis in places)
    (channel,) = (axis for axis in range(3) if axis not in places)
    made = _with_channels(_sampled(picture, height, width), shape[channel] or 1)
    return np.moveaxis(made, -1, channel)


def _sampled(picture: Array, height: int, width: int) -> Array:
    """A picture in so many rows and columns; each is the nearest of its own."""
    rows = np.arange(height) * picture.shape[0] // height
    columns = np.arange(width) * picture.shape[1] // width
    return np.asarray(picture[rows][:, columns], np.float32)


def _with_channels(values: Array, channels: int) -> Array:
    if values.shape[-1] == channels:
        return values
    return np.repeat(values.mean(axis=-1, keepdims=True), channels, axis=-1)


@dataclass(frozen=True, eq=False)
class Photo:
    """A picture of the viewer's, which is scaled to what a network reads.

    Args:
        values: float32 `(height, width, channels)` of 0 to 1.
    """

    values: Array


def given_input(x: ArrayLike | Photo, shape: Sequence[int | None], places: Sequence[int]) -> Array:
    """The user's input, with or without the batch, as one example of a shape.

    A photo is scaled to the shape, where that is one of pictures.

    Args:
        x: the input.
        shape: what the network reads, without the batch.
        places: the axes that are not the channels'.

    Raises:
        ShapeError: it has another shape.
        DataError: it holds no real numbers.
    """
    if isinstance(x, Photo) and len(shape) == 3 and len(places) == 2 and None not in shape:
        return _as_large(x.values, shape, places)
    try:
        array = np.asarray(x.values if isinstance(x, Photo) else x)
    except ValueError:
        array = np.empty(0, object)
    if array.dtype.kind not in "fiub":
        raise DataError(
            "An input is an array of real numbers.",
            received=f"{x!r:.60}",
            remedy="Give a NumPy array.",
            argument="x",
        )
    example = array[0] if array.ndim == len(shape) + 1 and len(array) else array
    fits = example.ndim == len(shape) and all(
        size in (None, own) for size, own in zip(shape, example.shape, strict=False)
    )
    if not fits:
        raise ShapeError(
            "The input has the shape that the network reads.",
            received=f"x of shape {array.shape}; the network reads {tuple(shape)}",
            remedy="Give one example, or another input_shape.",
            argument="x",
        )
    return example.astype(np.float32) if example.dtype.kind != "f" else example
