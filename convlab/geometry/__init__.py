"""One relation between integers per axis, and everything that follows from it."""

from convlab.geometry.arguments import axis_names
from convlab.geometry.axis import HOLE, PADDING, READ, AxisGeometry
from convlab.geometry.derivation import MEANINGS, Step
from convlab.geometry.moving import cropping, nearest, zero_padding
from convlab.geometry.resampling import Resampling, upsampling
from convlab.geometry.rules import convolution
from convlab.geometry.transposed import transposed

__all__ = [
    "HOLE",
    "MEANINGS",
    "PADDING",
    "READ",
    "AxisGeometry",
    "Resampling",
    "Step",
    "axis_names",
    "convolution",
    "cropping",
    "nearest",
    "transposed",
    "upsampling",
    "zero_padding",
]
