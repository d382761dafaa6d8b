"""Which input a layer reads, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import ArgumentError, DataError, ShapeError
from convlab.geometry import axis_names
from convlab.widgets.inputs import pictures
from convlab.widgets.inputs.kinds import BOUNDS, FRAMES, KINDS, TYPED, Room

if TYPE_CHECKING:
    import PIL.Image

Array = NDArray[Any]

PLANE = Room(2)
OTHERS = ("numbers", "upload", "array")
"""The kinds beside the named ones: typed in, the user's file, handed over from Python."""


@dataclass(frozen=True)
class Input:
    """Which input a layer reads.

    Args:
        kind: a name of `KINDS` in this room, or one of `OTHERS`.
        size: the cells along each spatial axis; of an uploaded picture, its longer side. Typed
            numbers, tables and arrays have sizes of their own.
        room: how many spatial axes, and whether there is time.
        frames: how many pictures, in a room with time.
        channels: how many, of an input whose channels are free.
        text: the numbers as typed; None is an example of them.
        image: the user's picture, decoded and scaled down to `pictures.LARGEST_SIDE`.
        file: what the user's file is called; shown, and used for nothing else.
        array: the array or the user's table, `(*sizes, channels)` with time before it.
    """

    kind: str = "photograph, grey"
    size: int = 28
    room: Room = PLANE
    frames: int = FRAMES
    channels: int = 1
    text: str | None = None
    image: PIL.Image.Image | None = field(default=None, repr=False)
    file: str = ""
    array: Array | None = field(default=None, repr=False, compare=False)

    @property
    def is_picture(self) -> bool:
        """Whether the values are those of a picture, scaled to 0-1."""
        named = KINDS[self.room].get(self.kind)
        return named.picture if named else self.kind == "upload" and self.image is not None

    @property
    def has_size(self) -> bool:
        """Whether `size` says how large it is."""
        return self.kind in KINDS[self.room] or (self.kind == "upload" and self.image is not None)

    @property
    def typed(self) -> str:
        """The numbers as typed, or the example of this room."""
        if self.text is not None:
            return self.text
        return TYPED[self.room][1] if self.room in TYPED else ""

    def values(self) -> Array:
        """The input itself, `(*sizes, channels)` with time before it in a room with time.

        Raises:
            DataError: the typed numbers or the file cannot be used.
            ArgumentError: there is no such input, or its size is out of bounds.
        """
        named = KINDS[self.room].get(self.kind)
        if self.has_size:
            self._check_size()
        if named is not None:
            frames = (self.frames,) if self.room.timed else ()
            return named.make(self.size, *frames, *((self.channels,) if named.channels else ()))
        if self.kind == "numbers" and self.room in TYPED:
            return TYPED[self.room][0](self.typed)
        if self.kind == "upload" and self.image is not None:
            return pictures.scaled(self.image, self.size)
        if self.kind in ("array", "upload") and self.array is not None:
            return self.array
        raise ArgumentError(
            "There is no such input yet.",
            received=f"input={self.kind!r:.80}",
            remedy="Choose a file, or another input.",
            argument="input",
        )

    def _check_size(self) -> None:
        smallest, largest, frames, channels = BOUNDS[self.room]
        if not smallest <= self.size <= largest or (frames and not 1 <= self.frames <= frames):
            told = f", and 1 to {frames} frames" if frames else ""
            raise ArgumentError(
                f"An input has {smallest} to {largest} cells along each axis{told}.",
                received=f"size={self.size}" + (f", frames={self.frames}" if frames else ""),
                remedy="Choose a size within these bounds.",
                argument="size",
            )
        if not 1 <= self.channels <= channels:
            raise ArgumentError(
                f"An input has 1 to {channels} channels to choose from.",
                received=f"channels={self.channels}",
                remedy="Choose a number within these bounds.",
                argument="channels",
            )


def opening_input(room: Room) -> Input:
    """What a room opens with.

    >>> opening_input(Room(1)).kind, opening_input(Room(2, timed=True)).kind
    ('heartbeat', 'bouncing digit')
    """
    name = next(iter(KINDS[room]))
    return named_input(name, room)


def named_input(name: str, room: Room) -> Input:
    """An input by name, at the size that it opens with."""
    kind = KINDS[room][name]
    return Input(name, kind.size, room, channels=kind.channels or 1)


def input_of(x: ArrayLike, data_format: str, room: Room = PLANE) -> Input:
    """An array handed over from Python as an input.

    Args:
        x: one channel `(*sizes)`, one example `(*sizes, channels)` or, in channels_first,
            `(channels, *sizes)`; with a batch axis, its first example is taken. In a room with
            time, time stands before all of these.
        data_format: "channels_last" or "channels_first".
        room: how many spatial axes, and whether there is time.

    Raises:
        DataError: it holds no real numbers.
        ShapeError: it has another rank, or no example.

    Example:
        >>> input_of(np.ones((5, 6, 6, 3)), "channels_last").array.shape
        (6, 6, 3)
        >>> input_of(np.ones(8), "channels_last", Room(1)).array.shape
        (8, 1)
    """
    array = _numbers(x)
    least = room.rank + room.timed
    if array.ndim not in (least, least + 1, least + 2) or array.size == 0:
        names = (*(("time",) if room.timed else ()), *axis_names(room.rank))
        raise ShapeError(
            f"The explorer shows one example: ({', '.join(names)}, channels).",
            received=f"shape {array.shape}",
            remedy=f"Give {least}, {least + 1} or {least + 2} axes, none of them empty.",
            argument="input",
        )
    array = array[0] if array.ndim == least + 2 else array
    if array.ndim == least:
        array = array[..., None]
    elif data_format == "channels_first":
        array = np.moveaxis(array, int(room.timed), -1)
    return Input(kind="array", room=room, array=np.ascontiguousarray(array))


def input_with(channels: int, room: Room = PLANE) -> Input:
    """An input of so many channels: one that has a name, else repeatable random numbers.

    >>> input_with(3).kind, input_with(5).kind, input_with(4, Room(1)).kind
    ('photograph', 'feature maps', 'brain waves, 4 channels')
    >>> input_with(100).values().shape
    (28, 28, 100)
    """
    for name, kind in KINDS[room].items():
        named = named_input(name, room)
        if kind.channels and channels <= BOUNDS[room].channels:
            named = replace(named, channels=channels)
        if named.values().shape[-1] == channels:
            return named
    shape = (*opening_input(room).values().shape[:-1], channels)
    return Input(kind="array", room=room, array=np.random.default_rng(0).random(shape))


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
