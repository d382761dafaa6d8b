"""The short sentences that a scene says about a layer on an input."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from convlab.geometry import AxisGeometry
from convlab.geometry.span import pattern
from convlab.inspector.notes import ENDS, LINES, never_read
from convlab.layers import Cost
from convlab.scene.axis import Axis
from convlab.scene.data import Time


def shape(sizes: Sequence[int | None]) -> str:
    """A shape in the one style: `(None, 28, 28, 1)`.

    >>> shape([None, 14, 14, 8]), shape([3])
    ('(None, 14, 14, 8)', '(3,)')
    """
    return str(tuple(sizes))


def facts(axes: Sequence[Axis]) -> tuple[str, ...]:
    """What is never read, or how often each input cell is.

    >>> from convlab.geometry import convolution
    >>> facts([Axis.of("height", convolution(6, 3, stride=2))])
    ('row 5 is never read',)
    >>> facts([Axis.of("height", convolution(6, 3)), Axis.of("width", convolution(6, 3))])
    ('each input cell is read 1 to 9 times',)
    """
    never = unread(axes)
    if never:
        return never
    counts = [axis.read_counts() for axis in axes]
    least, most = (math.prod(int(pick(count)) for count in counts) for pick in (min, max))
    times = f"{most} times" if least == most else f"{least} to {most} times"
    return (f"each input cell is read {'once' if most == 1 else times}",)


def unread(axes: Sequence[Axis]) -> tuple[str, ...]:
    """What is never read, axis by axis.

    >>> from convlab.geometry import convolution
    >>> unread([Axis.of("steps", convolution(6, 3, stride=2))])
    ('cell 5 is never read',)
    """
    return tuple(never_read(axis.name, axis.never_read) for axis in axes if axis.never_read)


def at_the_ends(amounts: Iterable[tuple[str, int, int]]) -> str:
    """How many lines stand at either end of each axis: its name, how many before and after.

    >>> at_the_ends([("height", 1, 2), ("width", 0, 1)])
    '1 row at the top, 2 rows at the bottom, 1 column at the right'
    >>> at_the_ends([("steps", 3, 0)]), at_the_ends([("height", 2, 2), ("width", 2, 2)])
    ('3 cells at the start', '2 at every end of every axis')
    """
    axes = list(amounts)
    every = {count for _, *counts in axes for count in counts}
    if len(axes) > 1 and len(every) == 1 and every != {0}:
        return f"{every.pop()} at every end of every axis"
    parts = []
    for name, *counts in axes:
        for count, end in zip(counts, ENDS.get(name, ("start", "end")), strict=True):
            one, many = LINES.get(name, ("cell", "cells"))
            if count:
                parts.append(f"{count} {one if count == 1 else many} at the {end}")
    return ", ".join(parts)


def stamped(geometries: Sequence[AxisGeometry]) -> Iterator[str]:
    """How many taps the outputs of a transposed convolution collect, away from the edges.

    Where the numbers differ, a pattern can show that is not in the input: see A. Odena, V. Dumoulin
    and C. Olah, "Deconvolution and checkerboard artifacts", Distill, 2016.

    >>> from convlab.geometry import transposed
    >>> list(stamped([transposed(5, 4, 2)] * 2))
    ['away from the edges each output collects 4 taps']
    >>> list(stamped([transposed(5, 3, 2)] * 2))
    ['outputs collect 1, 2 or 4 taps in turn: a checkerboard can show']
    """
    counts = {1}
    for geometry in geometries:
        found = pattern(geometry)
        if found is None:
            return
        counts = {many * len(cells) for many in counts for cells in found.offsets}
    *fewer, most = sorted(counts)
    if not fewer:
        yield f"away from the edges each output collects {most} tap{'' if most == 1 else 's'}"
        return
    listed = f"{fewer[0]} to" if len(fewer) > 3 else f"{', '.join(map(str, fewer))} or"
    yield f"outputs collect {listed} {most} taps in turn: a checkerboard can show"
    if not fewer[0]:
        yield "an output without a tap is the bias alone"


def trimmed(axes: Sequence[Axis], output_padding: Sequence[int] | None) -> Iterator[str]:
    """What of the stamps of a transposed convolution is cropped, and what is added to them.

    >>> from convlab.geometry import transposed
    >>> axis = Axis.of("height", transposed(4, 3, 2, padding="same"))
    >>> list(trimmed([axis], None))
    ['cropped from the stamps: 1 row at the bottom']
    >>> axis = Axis.of("height", transposed(4, 3, 2, output_padding=1))
    >>> list(trimmed([axis], (1,)))
    ['output_padding adds 1 row at the bottom']
    """
    cropped = at_the_ends((axis.name, axis.crop_before, axis.crop_after) for axis in axes)
    if cropped:
        yield f"cropped from the stamps: {cropped}"
    added = at_the_ends((axis.name, axis.added_before, axis.added_after) for axis in axes)
    if added and output_padding is None:
        yield f"behind the last stamp: {added}"
    elif added:
        yield f"output_padding adds {added}"


def repeated(factors: Sequence[int]) -> str:
    """How often an upsampling repeats each cell.

    >>> repeated((2, 3)), repeated((2,))
    ('each cell is repeated 2 x 3 = 6 times', 'each cell is repeated 2 times')
    """
    product = " x ".join(map(str, factors))
    total = f" = {math.prod(factors)}" if len(factors) > 1 else ""
    return f"each cell is repeated {product}{total} times"


def mixed(axes: Sequence[Axis], interpolation: str) -> str:
    """How many cells an output of a resampling is made of.

    >>> from convlab.geometry import upsampling
    >>> mixed([Axis.of("height", upsampling(4, 2, "bilinear"))] * 2, "bilinear")
    'bilinear: each output mixes up to 2 x 2 = 4 cells; their weights add up to 1'
    """
    most = [0 if axis.weights is None else int((axis.weights != 0).sum(1).max()) for axis in axes]
    product = f"{' x '.join(map(str, most))} = {math.prod(most)}"
    return f"{interpolation}: each output mixes up to {product} cells; their weights add up to 1"


def compared(cost: Cost, full: Cost) -> str:
    """What a cheaper convolution saves.

    >>> compared(Cost(25, 11492), Cost(80, 48672))
    'a full convolution: 80 parameters and 48,672 multiplications, 4.2 times as many'
    """
    told = f"a full convolution: {full.params:,} parameters and {full.macs or 0:,} multiplications"
    return f"{told}, {full.macs / cost.macs:.1f} times as many" if cost.macs and full.macs else told


def timed(time: Time) -> str:
    """Which time step is shown.

    >>> timed(Time(0, 3, 2)), timed(Time(2, 3, 2))
    ('1 of 3 time steps made: it reads input 2', '3 of 3 time steps made: it reads input 2')
    """
    return f"{time.step + 1} of {time.steps} time steps made: it reads input {time.read}"
