"""How much a control or a link may ask for, so that a page never waits for minutes."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from convlab.errors import DataError

Shape = tuple[int | None, ...]


class Work(NamedTuple):
    """What one picture costs: multiply-adds, and numbers that travel to the browser."""

    macs: int
    cells: int


MOST = Work(macs=6 * 10**9, cells=2 * 10**7)  # some two seconds, and 80 MB


def work_of(layer: Any, shape: Shape) -> Work:
    """The work of a layer on an input shape.

    >>> from convlab.layers import Conv2D
    >>> work_of(Conv2D(64, 3), (None, 226, 226, 64))
    Work(macs=1849688064, cells=3211264)
    """
    output = layer.compute_output_shape(shape)
    return Work(layer.cost(shape).macs or 0, math.prod(size or 1 for size in output))


def check_work(work: Work, allowed: Work = MOST) -> None:
    """Refuses what takes long.

    Raises:
        DataError: it is more than is allowed.
    """
    if work.macs > allowed.macs or work.cells > allowed.cells:
        raise DataError(
            f"The explorer's controls and links go up to {allowed.macs:,} multiply-adds and "
            f"{allowed.cells:,} outputs.",
            received=f"{work.macs:,} multiply-adds for {work.cells:,} outputs",
            remedy="Choose a smaller input or fewer channels; from Python, "
            "convlab.explore(layer, x) shows any size.",
        )
