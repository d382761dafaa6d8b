"""What of a scene is shown: which filter and channel, and whether outputs or inputs are played."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from convlab.draw.reading.gates import GatesReading
from convlab.draw.reading.looks import Gather, Reading, Scatter
from convlab.draw.reading.terms import Place
from convlab.errors import ArgumentError
from convlab.scene import Axis, LayerStep, Scene

READINGS = ("gather", "scatter")
MOST_STEPS = 4  # more do not fit on a page


class Choice:
    """A scene, and what of it is shown.

    Args:
        scene: what to show.
        filter: which channel of the output.
        channel: which of the channels that this filter reads, counted from 0.
        reading: "gather" plays the outputs, "scatter" the inputs of a transposed convolution.

    Attributes:
        readings: how each step is read, in order; of a convolutional LSTM, none.
        gates: how a convolutional LSTM is read; else None.

    Raises:
        ArgumentError: there is no such filter, channel or reading, or there are too many steps.
    """

    def __init__(self, scene: Scene, filter: int, channel: int, reading: str) -> None:
        self.scene, self.filter, self.channel = scene, filter, channel
        last = scene.steps[-1]
        filters, depth = last.channels.shape
        check_index("filter", filter, filters)
        if last.gates is not None:
            depth = scene.steps[-3].input.values.shape[-1]
        check_index("channel", channel, depth)
        self.reading = _checked_reading(reading, last)
        self.gates: GatesReading | None = None
        self.readings: tuple[Reading, ...] = ()
        if last.gates is not None and len(scene.steps) == 3:
            self.gates = GatesReading(scene, filter, channel)
        else:
            self.readings = tuple(self._read_back())[::-1]

    @property
    def sizes(self) -> Place:
        """The sizes of what is played."""
        return (self.gates or self.readings[-1]).sizes

    @property
    def cells(self) -> int:
        """How many cells are played."""
        return math.prod(self.sizes)

    @property
    def middle(self) -> int:
        """The number of the cell in the middle along every axis."""
        return int(np.ravel_multi_index([size // 2 for size in self.sizes], self.sizes))

    def selection(self, number: int) -> tuple[int, ...]:
        """The user's index of the output cell that is played, or of the first that is stamped."""
        return self.scene.index(self._output(self.place(number)), self.filter)

    def _output(self, place: Place) -> Place:
        if self.reading == "gather":
            return place
        axes = self.scene.steps[-1].axes
        return tuple(_first_stamped(axis, at) for axis, at in zip(axes, place, strict=True))

    def place(self, number: int) -> Place:
        """The place that is played at a step, counted row by row from 0."""
        return tuple(int(at) for at in np.unravel_index(number, self.sizes))

    def places(self, place: Place) -> tuple[Place, ...]:
        """For each step the cell that is selected, when the last step's is at `place`."""
        if self.gates is not None:
            return (place,)
        found = [place]
        for reading in self.readings[:0:-1]:
            found.append(found[-1] if reading.grows else _read_by(reading.step, found[-1]))
        return tuple(found[::-1])

    def _read_back(self) -> Iterator[Reading]:
        """The steps from the last to the first; each shows the channel that the next reads."""
        steps = self.scene.steps
        if len(steps) > MOST_STEPS or any(step.gates for step in steps):
            raise ArgumentError(
                f"A figure shows {MOST_STEPS} steps in a row at most, and no convolutional LSTM "
                "among other layers.",
                received=f"{len(steps)} steps: {', '.join(step.name for step in steps)}",
                remedy="Show fewer layers, or save a '.html' page, which holds them all.",
                argument="layer",
            )
        filter, depth = self.filter, self.channel
        for step in reversed(steps):
            kind = Scatter if self.reading == "scatter" and step is steps[-1] else Gather
            yield kind(self.scene, step, filter, depth)
            filter, depth = int(step.channels[filter][depth]), 0


def _read_by(step: LayerStep, place: Place) -> Place:
    """The middle one of the cells that an output reads along each axis; 0 where it reads none."""
    found = []
    for axis, at in zip(step.axes, place, strict=True):
        read = axis.taps[at][axis.taps[at] >= 0]
        found.append(int(read[len(read) // 2]) if len(read) else 0)
    return tuple(found)


def _first_stamped(axis: Axis, at: int) -> int:
    """The first output that an input reaches; 0 where all that it reaches is cropped."""
    reached = axis.readers[at][axis.readers[at] >= 0]
    return int(reached.min(initial=axis.size_out - 1)) if len(reached) else 0


def _checked_reading(reading: str, step: LayerStep) -> str:
    if reading not in READINGS:
        raise ArgumentError(
            f"The reading is one of {', '.join(map(repr, READINGS))}.",
            received=f"reading={reading!r}",
            remedy="Use reading='gather'.",
            argument="reading",
        )
    stamped = all(axis.transposed for axis in step.axes) and step.kernel is not None
    if reading == "scatter" and not stamped:
        raise ArgumentError(
            "Only a transposed convolution scatters: each input stamps the kernel on the output.",
            received=f"reading='scatter' of a step of {step.name}",
            remedy="Use reading='gather', or a layer such as Conv2DTranspose.",
            argument="reading",
        )
    return reading


def check_index(name: str, value: Any, count: int, *, negative: bool = False) -> None:
    """Refuse what is no index of `count` things."""
    low = -count if negative else 0
    if not isinstance(value, int | np.integer) or not low <= value < count:
        raise ArgumentError(
            f"There is no {name} {value!r}: there are {count}.",
            received=f"{name}={value!r}",
            remedy=f"Use an integer from {low} to {count - 1}.",
            argument=name,
        )
