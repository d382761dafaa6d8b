"""The table of inputs: for so many axes, with time or without, what there is to choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from numpy.typing import NDArray

from convlab.widgets.inputs import films, numbers, patterns, pictures, signals, volumes
from convlab.widgets.inputs.feature_maps import MOST, maps_of

Array = NDArray[Any]


class Room(NamedTuple):
    """How an input lies: how many spatial axes, and whether time runs before them."""

    rank: int
    timed: bool = False


@dataclass(frozen=True)
class Kind:
    """An input that can be chosen by name.

    Args:
        about: what it is and where it comes from, in a line.
        make: the values of a size, of so many frames in a room with time, and of so many channels
            where they are free: `(time, *sizes, channels)` or `(*sizes, channels)`.
        size: the cells along each axis that it opens with.
        picture: whether its values are grey or colour of 0 to 1.
        channels: how many it opens with, where they are free; 0 where it has its own.
    """

    about: str
    make: Callable[..., Array]
    size: int
    picture: bool = False
    channels: int = 0


class Bounds(NamedTuple):
    """What the sliders of a room allow, both ends included."""

    smallest: int
    largest: int
    frames: int  # at most; 0 without time
    channels: int  # at most, where they are free


BOUNDS: Mapping[Room, Bounds] = {
    Room(1): Bounds(3, 512, 0, MOST),
    Room(2): Bounds(3, pictures.LARGEST_SIDE, 0, MOST),
    Room(3): Bounds(3, 32, 0, MOST),
    Room(1, True): Bounds(3, 64, 24, 16),
    Room(2, True): Bounds(3, 48, 24, 16),
    Room(3, True): Bounds(3, 12, 12, 16),
}
FRAMES = 6  # that a film opens with


def _patterns(rank: int, size: int) -> dict[str, Kind]:
    return {
        name: Kind(about, partial(patterns.pattern, name, rank), size)
        for name, about in patterns.PATTERNS.items()
    }


def _maps(of: str, make: Callable[..., Array], rank: int, size: int) -> dict[str, Kind]:
    about = f"The edges of the {of}: a channel for each direction, then smoother ones"
    return {"feature maps": Kind(about, partial(maps_of, make, rank), size, channels=8)}


_EEG = "Brain waves, an EEG that matplotlib ships"
_TURNS = "which moves by one cell a frame and turns at the border"

KINDS: Mapping[Room, Mapping[str, Kind]] = {
    Room(1): {
        "heartbeat": Kind(
            "An electrocardiogram computed by the formula of McSharry et al., 2003",
            signals.heartbeat,
            72,
        ),
        "brain wave": Kind(f"{_EEG}: one electrode", signals.brain_wave, 72),
        "brain waves, 4 channels": Kind(f"{_EEG}: four electrodes", signals.brain_waves, 72),
        "sine sweep": Kind("A sine that gets quicker and quicker", signals.sweep, 72),
        "steps": Kind("A level that changes every quarter", signals.stairs, 24),
        **_maps("heartbeat", signals.heartbeat, 1, 72),
        **_patterns(1, 12),
    },
    Room(2): {
        **{
            name: Kind(about, partial(pictures.picture, name), 28, picture=True)
            for name, about in pictures.PICTURES.items()
        },
        **_maps("photograph", partial(pictures.picture, "photograph, grey"), 2, 28),
        **_patterns(2, 7),
    },
    Room(3): {
        "head phantom": Kind(
            "The ellipsoids of Shepp and Logan's head phantom in three dimensions",
            volumes.phantom,
            12,
            picture=True,
        ),
        "ball": Kind("1 within a ball, 0 around it", volumes.ball, 9, picture=True),
        **_maps("head", volumes.phantom, 3, 12),
        **_patterns(3, 5),
    },
    Room(1, True): {
        "moving pulse": Kind(f"A pulse {_TURNS}", partial(films.square, 1), 16),
        **_maps("pulse", partial(films.square, 1), 1, 16),
        "flash": Kind("1 in the middle of the first frame alone", partial(films.flash, 1), 9),
    },
    Room(2, True): {
        "bouncing digit": Kind(f"A seven {_TURNS}", films.digit, 14, picture=True),
        "bouncing square": Kind(f"A square {_TURNS}", partial(films.square, 2), 10, picture=True),
        **_maps("digit", films.digit, 2, 14),
        "flash": Kind("1 in the middle of the first frame alone", partial(films.flash, 2), 7),
    },
    Room(3, True): {
        "bouncing cube": Kind(f"A cube {_TURNS}", partial(films.square, 3), 6, picture=True),
        **_maps("cube", partial(films.square, 3), 3, 6),
        "flash": Kind("1 in the middle of the first frame alone", partial(films.flash, 3), 5),
    },
}
"""Room -> name -> kind; the first is what a room opens with."""

TYPED: Mapping[Room, tuple[Callable[[str], Array], str, str]] = {
    Room(1): (
        numbers.typed_signal,
        "0 0 0 1 1 1 2 2 1 0 0 0",
        "A line a channel, numbers separated by spaces or commas",
    ),
    Room(2): (
        numbers.typed,
        "0 0 0 0 0\n0 1 1 1 0\n0 1 2 1 0\n0 1 1 1 0\n0 0 0 0 0",
        "A line a row, numbers separated by spaces or commas",
    ),
    Room(3): (
        numbers.typed_blocks,
        "0 0 0\n0 1 0\n0 0 0\n\n0 1 0\n1 2 1\n0 1 0\n\n0 0 0\n0 1 0\n0 0 0",
        "A line a row, an empty line between slices",
    ),
    Room(1, True): (
        numbers.typed,
        "1 0 0 0 0\n0 1 0 0 0\n0 0 1 0 0",
        "A line a frame, numbers separated by spaces or commas",
    ),
    Room(2, True): (
        numbers.typed_blocks,
        "1 0 0\n0 0 0\n0 0 0\n\n0 0 0\n0 1 0\n0 0 0\n\n0 0 0\n0 0 0\n0 0 1",
        "A line a row, an empty line between frames",
    ),
}
"""Room -> what reads typed numbers, what stands there at first, how they are typed."""
