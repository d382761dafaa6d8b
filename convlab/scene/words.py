"""The short sentences that a scene says about a layer on an input."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from convlab.scene.data import Axis

LINES = {"height": ("row", "rows"), "width": ("column", "columns")}
"""What a single index along an axis is called, one and many."""


def shape(sizes: Sequence[int | None]) -> str:
    """A shape in the one style: `(None, 28, 28, 1)`.

    >>> shape([None, 14, 14, 8]), shape([3])
    ('(None, 14, 14, 8)', '(3,)')
    """
    return str(tuple(sizes))


def indices(numbers: Sequence[int]) -> str:
    """Indices in words, runs joined.

    >>> indices([3]), indices([3, 4]), indices([0, 5, 6, 7])
    ('3', '3 and 4', '0 and 5 to 7')
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [
        piece
        for run in runs
        for piece in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))
    ]
    head, last = words[:-1], words[-1:]
    return " and ".join([*([", ".join(head)] if head else []), *last])


def facts(axes: Sequence[Axis]) -> tuple[str, ...]:
    """What is never read, or how often each input cell is.

    >>> from convlab.geometry import convolution
    >>> facts([Axis.of("height", convolution(6, 3, stride=2))])
    ('row 5 is never read',)
    >>> facts([Axis.of("height", convolution(6, 3)), Axis.of("width", convolution(6, 3))])
    ('each input cell is read 1 to 9 times',)
    """
    never = tuple(_never_read(axes))
    if never:
        return never
    counts = [axis.read_counts() for axis in axes]
    least, most = (math.prod(int(pick(count)) for count in counts) for pick in (min, max))
    times = f"{most} times" if least == most else f"{least} to {most} times"
    return (f"each input cell is read {'once' if most == 1 else times}",)


def _never_read(axes: Sequence[Axis]) -> Iterator[str]:
    for axis in axes:
        if axis.never_read:
            one, many = LINES.get(axis.name, (f"{axis.name} index", f"{axis.name} indices"))
            single = len(axis.never_read) == 1
            verb = "is" if single else "are"
            yield f"{one if single else many} {indices(axis.never_read)} {verb} never read"
