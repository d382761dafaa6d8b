"""What one output cell is made of: for each tap a value, what it is multiplied by, the product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from convlab.geometry import HOLE, PADDING, READ
from convlab.scene import LayerStep

Place = tuple[int, ...]


@dataclass(frozen=True)
class Term:
    """One value that an output cell reads, or would read.

    Args:
        tap: the number of the kernel's cell, counted row by row.
        taps: its place in the kernel, one integer per spatial axis.
        place: where the window reads, on the input's own scale; outside of it in the padding.
        channel: the input channel.
        value: what is read there; 0 where nothing is.
        weight: what it is multiplied by; None in a step without weights.
        mark: `READ`, `PADDING` or `HOLE`: whether an input cell is there.
    """

    tap: int
    taps: Place
    place: Place
    channel: int
    value: float
    weight: float | None
    mark: int

    @property
    def product(self) -> float:
        """Value times weight, in float64."""
        return self.value if self.weight is None else self.value * self.weight

    @property
    def padding(self) -> bool:
        """Whether the cell lies beside the input."""
        return self.mark == PADDING


def terms(step: LayerStep, place: Place, filter: int) -> tuple[Term, ...]:
    """What one output cell is made of, channel by channel, row by row.

    In a step with a kernel every tap has its term, also where it meets no input.

    Args:
        step: the pass of windows.
        place: the output's place, one integer per spatial axis.
        filter: the output's channel.
    """
    every = _terms(step, place, filter)
    return tuple(term for term in every if step.kernel is not None or term.mark != HOLE)


def most_terms(step: LayerStep, filter: int) -> tuple[Term, ...]:
    """The terms of an output cell that has as many as any."""
    counts = [(axis.marks != HOLE).sum(axis=1) for axis in step.axes]
    return terms(step, tuple(int(np.argmax(count)) for count in counts), filter)


def _terms(step: LayerStep, place: Place, filter: int) -> Iterator[Term]:
    kernel = tuple(axis.kernel for axis in step.axes)
    along = list(zip(step.axes, place, strict=True))
    weighted = step.kernel is not None or any(axis.weights is not None for axis in step.axes)
    for depth, channel in enumerate(step.channels[filter].tolist()):
        for tap, taps in enumerate(np.ndindex(kernel)):
            marks = [int(axis.marks[at, t]) for (axis, at), t in zip(along, taps, strict=True)]
            mark = HOLE if HOLE in marks else max(marks)
            at = tuple(
                int(axis.positions[out, t]) for (axis, out), t in zip(along, taps, strict=True)
            )
            value = float(step.input.values[(*at, channel)]) if mark == READ else 0.0
            weight = _weight(step, place, taps, depth, filter) if weighted else None
            yield Term(tap, taps, at, channel, value, weight, mark)


def _weight(step: LayerStep, place: Place, taps: Place, depth: int, filter: int) -> float:
    """The kernel's value, times the weights that the axes themselves have."""
    weight = 1.0
    if step.kernel is not None:
        own = place if step.local else ()
        weight = float(step.kernel.values[(*own, *taps, depth, filter)])
    for axis, at, tap in zip(step.axes, place, taps, strict=True):
        if axis.weights is not None:
            weight *= float(axis.weights[at, tap])
    return weight
