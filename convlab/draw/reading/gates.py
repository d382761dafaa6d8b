"""One time step of a convolutional LSTM, cell by cell: its arithmetic in numbers."""

from __future__ import annotations

from itertools import product
from typing import cast

from convlab.draw.reading.terms import Place
from convlab.draw.style import number
from convlab.geometry import HOLE
from convlab.scene import Gates, LayerStep, Scene


class GatesReading:
    """A convolutional LSTM at one time, read from its outputs.

    Args:
        scene: a scene of three steps: the input's sums, the state's, the gates.
        filter: the channel of its output.
        channel: the channel of its input.
    """

    def __init__(self, scene: Scene, filter: int, channel: int) -> None:
        self.scene, self.filter, self.channel = scene, filter, channel
        self.input, self.state, self.step = scene.steps
        self.gates = cast("Gates", self.step.gates)
        self.sizes: Place = tuple(axis.size_out for axis in self.step.axes)

    def lines(self, place: Place) -> list[str]:
        """The arithmetic at a place: the four gates, what is remembered, what is given."""
        gates, at = self.gates, (*place, self.filter)
        filters = gates.i.shape[-1]
        lines = []
        for part, letter in enumerate("ifgo"):
            channel = (*place, part * filters + self.filter)
            x, h = number(float(gates.x.values[channel])), number(float(gates.h.values[channel]))
            value = number(float(getattr(gates, letter)[at]))
            lines.append(f"{letter} = {gates.activations[part]}({x} + {h}) = {value}")
        i, f, g, o, c, before, shown, h = (
            number(float(values[at]))
            for values in (
                gates.i, gates.f, gates.g, gates.o,
                gates.c, gates.c_before, gates.shown, gates.h_out,
            )
        )  # fmt: skip
        lines.append("c = f · c before + i · g")
        lines.append(f"  = {f} × {before} + {i} × {g} = {c}")
        lines.append(f"h = o · {gates.output_activation}(c) = {o} × {shown} = {h}")
        return lines


def window(step: LayerStep, place: Place) -> tuple[Place, ...]:
    """The cells that a sum at a place reads, those of the padding included."""
    along = (
        axis.positions[at][axis.marks[at] != HOLE].tolist()
        for axis, at in zip(step.axes, place, strict=True)
    )
    return tuple(product(*along))
