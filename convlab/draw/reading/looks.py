"""The two ways to read a step, cell by cell: what lights up, and which numbers stand below.

Gather: one output cell collects the inputs that it is made of. Scatter, for a transposed
convolution: one input cell stamps the kernel onto the outputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from convlab.draw.reading.sums import ACROSS, MOST_ROWS, Slot, SlotRow, conclusion, slot_rows
from convlab.draw.reading.terms import Place, most_terms, terms
from convlab.draw.style import number
from convlab.geometry import HOLE
from convlab.scene import Grid, LayerStep, Scene

Lit = tuple[tuple[Place, int], ...]
"""Cells that are lit, each with the tap whose hue it takes."""


@dataclass(frozen=True)
class Look:
    """One moment of a step.

    Args:
        name: what the selected cell is called, such as "y[3, 4, 0]".
        total: what becomes of it, in words.
        slots: the numbers, in rows.
        lit_input: the cells of the input that are lit.
        lit_output: the cells of the output that are lit.
        frame_input: the cells of the input that are framed.
        frame_output: the cells of the output that are framed.
        hidden: the output's place behind which cells are still to come; None hides none.
        kernel: the filter's weights at this place, where each place has its own: `(..., depth)`.
        output: the numbers of the filter's output up to now, where they come to be one by one.
    """

    name: str
    total: str
    slots: tuple[SlotRow, ...]
    lit_input: Lit
    lit_output: Lit
    frame_input: tuple[Place, ...]
    frame_output: tuple[Place, ...]
    hidden: Place | None = None
    kernel: NDArray[Any] | None = None
    output: NDArray[Any] | None = None


class Gather:
    """A step read from its outputs.

    Args:
        scene: what the step belongs to.
        step: the step.
        filter: the channel of its output.
        channel: which of the channels that the filter reads, counted from 0.
    """

    grows = False  # whether the output comes to be number by number

    def __init__(self, scene: Scene, step: LayerStep, filter: int, channel: int) -> None:
        self.scene, self.step, self.filter, self.depth = scene, step, filter, channel
        self.sizes: Place = tuple(axis.size_out for axis in step.axes)
        self.lines = len(slot_rows(step, most_terms(step, filter)))

    @property
    def shown_channel(self) -> int:
        """The number of the input channel that is shown."""
        return int(self.step.channels[self.filter][self.depth])

    def look(self, place: Place) -> Look:
        """What there is to see of the output cell at `place`."""
        step, filter = self.step, self.filter
        products = terms(step, place, filter)
        shown = [
            term for term in products if term.channel == self.shown_channel and term.mark != HOLE
        ]
        read = tuple(term.place for term in shown)
        weights = None
        if step.kernel is not None and step.local:
            weights = step.kernel.values[place][..., filter]
        return Look(
            name=cell_name(self.scene, step, place, filter),
            total=conclusion(step, place, filter, products, self.scene.roundoff),
            slots=slot_rows(step, products),
            lit_input=tuple((term.place, term.tap) for term in shown),
            lit_output=(),
            frame_input=read,
            frame_output=(place,),
            hidden=place,
            kernel=weights,
        )


class Scatter:
    """A transposed step read from its inputs: the output grows stamp by stamp.

    Args:
        scene: what the step belongs to.
        step: a step all of whose axes are transposed.
        filter: the channel of its output.
        channel: which of the channels that the filter reads, counted from 0.
    """

    grows = True

    def __init__(self, scene: Scene, step: LayerStep, filter: int, channel: int) -> None:
        self.scene, self.step, self.filter, self.depth = scene, step, filter, channel
        self.sizes: Place = tuple(axis.size_in for axis in step.axes)
        self._stamps = [axis.stamps for axis in step.axes if axis.stamps is not None]
        self.kernel: Place = tuple(axis.kernel for axis in step.axes)
        self.lines = len(self._slot_rows((0,) * len(self.sizes)))

    @property
    def shown_channel(self) -> int:
        """The number of the input channel that is shown."""
        return int(self.step.channels[self.filter][self.depth])

    def look(self, place: Place) -> Look:
        """What there is to see of the input cell at `place`."""
        step, depth = self.step, self.step.channels.shape[1]
        stamped = self._stamped(place)
        kept = [at for at, _ in stamped if self._inside(at)]
        index = ", ".join(map(str, self.scene.index(place, self.shown_channel)))
        value = number(float(step.input.values[(*place, self.shown_channel)]))
        lost = len(stamped) - len(kept)
        words = [f"= {value}" if depth == 1 else f"and its {depth - 1} other channels"]
        words += [f"stamp {len(stamped)} products", f"{lost} of them cropped" if lost else ""]
        return Look(
            name=f"x[{index}]",
            total="  ".join(word for word in words if word),
            slots=self._slot_rows(place),
            lit_input=(),
            lit_output=stamped,
            frame_input=(place,),
            frame_output=tuple(at for at, _ in stamped),
            output=self._so_far(place),
        )

    def _stamped(self, place: Place) -> Lit:
        """Where each tap falls on the output's scale."""
        rows = [stamps[at] for stamps, at in zip(self._stamps, place, strict=True)]
        return tuple(
            (tuple(int(row[t]) for row, t in zip(rows, taps, strict=True)), tap)
            for tap, taps in enumerate(np.ndindex(self.kernel))
        )

    def _inside(self, at: Place) -> bool:
        return all(0 <= i < axis.size_out for i, axis in zip(at, self.step.axes, strict=True))

    def _weights(self) -> NDArray[np.float64]:
        """float64 `(taps, depth)` of the filter."""
        kernel = cast("Grid", self.step.kernel)  # a transposed step has one
        weights = kernel.values[..., self.filter].astype(np.float64)
        return weights.reshape(-1, weights.shape[-1])

    def _slot_rows(self, place: Place) -> tuple[SlotRow, ...]:
        """One place for each tap, or for each row of the kernel where they are too many."""
        slots = self._slots(place)
        if len(slots) > MOST_ROWS * ACROSS:
            size = len(slots) // self.kernel[0]
            slots = tuple(
                Slot((f"kernel row {row}", f"{size} products", ""))
                for row in range(min(self.kernel[0], MOST_ROWS * ACROSS))
            )
        return tuple(("", slots[at : at + ACROSS]) for at in range(0, len(slots), ACROSS))

    def _slots(self, place: Place) -> tuple[Slot, ...]:
        values = self.step.input.values[place][self.step.channels[self.filter]].astype(np.float64)
        found = []
        for (at, tap), weights in zip(self._stamped(place), self._weights(), strict=True):
            product = float(values @ weights)
            how = f"× {number(float(weights[0]), 3)}"
            how = how if len(values) == 1 else f"{len(values)} channels"
            where = f"y[{', '.join(map(str, at))}]" if self._inside(at) else "cropped"
            found.append(Slot((where, how, f"+ {number(product, 3)}"), tap))
        return tuple(found)

    def _so_far(self, last: Place) -> NDArray[np.float64]:
        """The output before its activation, made of the inputs up to the one at `last`."""
        step = self.step
        values = step.input.values[..., step.channels[self.filter]].astype(np.float64)
        number_of = np.arange(np.prod(self.sizes)).reshape(self.sizes)
        values = np.where((number_of <= number_of[last])[..., None], values, 0.0)
        sizes = tuple(axis.size_out for axis in step.axes)
        output = np.full(sizes, 0.0 if step.bias is None else float(step.bias[self.filter]))
        for taps, weights in zip(np.ndindex(self.kernel), self._weights(), strict=True):
            onto = [stamps[:, t] for stamps, t in zip(self._stamps, taps, strict=True)]
            kept = [(at >= 0) & (at < size) for at, size in zip(onto, sizes, strict=True)]
            places = np.ix_(*(at[keep] for at, keep in zip(onto, kept, strict=True)))
            output[places] += values[np.ix_(*kept)] @ weights
        return output


Reading = Gather | Scatter


def cell_name(scene: Scene, step: LayerStep, place: Place, filter: int) -> str:
    """What an output cell is called; between two steps it is on its way, and has another letter."""
    letter = "y" if step is scene.steps[-1] else "z"
    index = scene.index(place, filter) if step is scene.steps[-1] else (*place, filter)
    return f"{letter}[{', '.join(map(str, index))}]"
