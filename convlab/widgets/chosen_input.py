"""Which input the kernel slides over, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import ArgumentError, DataError, ShapeError
from convlab.widgets import inputs

if TYPE_CHECKING:
    import PIL.Image

Array = NDArray[Any]


@dataclass(frozen=True)
class Input:
    """Which input the kernel slides over.

    Args:
        kind: a key of `inputs.PICTURES` or `inputs.GRIDS`, or "numbers" (typed in), "upload" (the
            user's file) or "array" (handed over from Python).
        size: height and width in pixels; of an upload, its longer side. Not used by the others.
        text: the numbers, as typed.
        image: the user's file, decoded and scaled down to `inputs.LARGEST_SIDE`.
        file: what the user's file is called; shown, and used for nothing else.
        array: the array, `(height, width, channels)`.
    """

    kind: str = "photograph, grey"
    size: int = 28
    text: str = "0 0 0 0 0\n0 1 1 1 0\n0 1 2 1 0\n0 1 1 1 0\n0 0 0 0 0"
    image: PIL.Image.Image | None = field(default=None, repr=False)
    file: str = ""
    array: Array | None = field(default=None, repr=False, compare=False)

    @property
    def is_picture(self) -> bool:
        """Whether the values are those of a picture, scaled to 0-1."""
        return self.kind in inputs.PICTURES or self.kind == "upload"

    def values(self) -> Array:
        """The input itself, `(height, width, channels)`.

        Raises:
            DataError: the typed numbers or the file cannot be used.
            ArgumentError: there is no such input.
        """
        if self.kind in inputs.PICTURES:
            return inputs.picture(self.kind, self.size)
        if self.kind in inputs.GRIDS:
            return inputs.grid(self.kind, self.size)
        if self.kind == "numbers":
            return inputs.typed(self.text)
        if self.kind == "upload" and self.image is not None:
            return inputs.scaled(self.image, self.size)
        if self.kind == "array" and self.array is not None:
            return self.array
        raise ArgumentError(
            "There is no such input yet.",
            received=f"input={self.kind!r}",
            remedy="Choose a file, or another input.",
            argument="input",
        )


def input_of(x: ArrayLike, data_format: str) -> Input:
    """An array handed over from Python as an input.

    Args:
        x: `(height, width)`, `(height, width, channels)` or, in channels_first,
            `(channels, height, width)`; with a batch axis, its first example is taken.
        data_format: "channels_last" or "channels_first".

    Raises:
        DataError: it holds no real numbers.
        ShapeError: it has another rank, or no example.

    Example:
        >>> input_of(np.ones((5, 6, 6, 3)), "channels_last").array.shape
        (6, 6, 3)
    """
    array = _numbers(x)
    if array.ndim not in (2, 3, 4) or array.size == 0:
        raise ShapeError(
            "The explorer shows one example: (height, width, channels).",
            received=f"shape {array.shape}",
            remedy="Give 2, 3 or 4 axes, none of them empty.",
            argument="input",
        )
    array = array[0] if array.ndim == 4 else array
    if array.ndim == 2:
        array = array[..., None]
    elif data_format == "channels_first":
        array = np.moveaxis(array, 0, -1)
    return Input(kind="array", array=np.ascontiguousarray(array))


def input_with(channels: int) -> Input:
    """An input of so many channels: a photograph if it can be, else repeatable random numbers.

    >>> input_with(3).kind, input_with(5).values().shape
    ('photograph', (28, 28, 5))
    """
    if channels in (1, 3):
        return Input(kind="photograph" if channels == 3 else "photograph, grey")
    return Input(kind="array", array=np.random.default_rng(0).random((28, 28, channels)))


def _numbers(x: ArrayLike) -> Array:
    """The array as floats, if it is one of real numbers."""
    try:
        array = np.asarray(x)
    except ValueError as error:  # lists of different lengths
        raise _not_numbers(str(error)) from None
    if array.dtype.name == "bfloat16" or array.dtype.kind in "iub":
        return array.astype(np.float32)
    if array.dtype.kind != "f":
        raise _not_numbers(f"an array of dtype {array.dtype}")
    return array


def _not_numbers(received: str) -> DataError:
    return DataError(
        "An input is an array of real numbers.",
        received=received,
        remedy="Give a NumPy array of floats, or rows of equal length.",
        argument="input",
    )
