"""One relation between integers per axis, and everything that follows from it."""

from convlab.geometry.arguments import axis_names
from convlab.geometry.axis import HOLE, PADDING, READ, AxisGeometry
from convlab.geometry.derivation import MEANINGS, Step
from convlab.geometry.rules import convolution

__all__ = [
    "HOLE",
    "MEANINGS",
    "PADDING",
    "READ",
    "AxisGeometry",
    "Step",
    "axis_names",
    "convolution",
]
