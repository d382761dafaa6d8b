"""The short sentences that a scene says about a layer on an input."""

from __future__ import annotations

import math
from collections.abc import Sequence

from convlab.inspector.notes import never_read
from convlab.scene.data import Axis


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
    never = tuple(never_read(axis.name, axis.never_read) for axis in axes if axis.never_read)
    if never:
        return never
    counts = [axis.read_counts() for axis in axes]
    least, most = (math.prod(int(pick(count)) for count in counts) for pick in (min, max))
    times = f"{most} times" if least == most else f"{least} to {most} times"
    return (f"each input cell is read {'once' if most == 1 else times}",)
