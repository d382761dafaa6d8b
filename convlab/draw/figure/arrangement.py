"""The pictures of one step at their places on the page."""

from __future__ import annotations

from dataclasses import dataclass

from convlab.draw.figure.pictures import Plane, Slices, Strip

WIDTH = 1000
MARGIN = 24

Picture = Plane | Strip | Slices


@dataclass(frozen=True)
class Arrangement:
    """The pictures of a step at their places.

    Args:
        input: what is read.
        kernel: the weights, or None.
        output: what comes out.
        bottom: where they end, in pixels.
        linked: whether lines go from the input's cells to the output's, which stands below.
    """

    input: Picture
    kernel: Picture | None
    output: Picture
    bottom: float
    linked: bool = False
