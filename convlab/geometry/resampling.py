"""The relation of an axis that is resampled: several inputs, each with a weight.

Sources: TensorFlow's `tf.image.resize` with half-pixel centres and no antialiasing; for the cubic,
R. Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = -1/2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import sizes
from convlab.geometry.axis import PADDING, READ, Indices, Marks

if TYPE_CHECKING:
    from convlab.geometry.derivation import Step

Weights = NDArray[np.float64]

_TABLE = 1024
"""TensorFlow reads cubic weights from a table of so many fractions."""

INTERPOLATIONS = ("bilinear", "bicubic", "lanczos3", "lanczos5")


@dataclass(frozen=True)
class Resampling:
    """Which inputs each output mixes along one axis, and with which weights.

    The sibling of `AxisGeometry` for outputs that lie between the inputs: output `o` stands at the
    coordinate `(o + 1/2) / factor - 1/2` of the input.

    Args:
        size_in: the number of input cells, or None when it is not known.
        factor: how many times as many cells the output has.
        interpolation: "bilinear", "bicubic", "lanczos3" or "lanczos5".

    Raises:
        ArgumentError: another interpolation, or a factor below 1.

    Example:
        >>> axis = Resampling(3, factor=2, interpolation="bilinear")
        >>> axis.size_out
        6
        >>> axis.taps()[1], axis.weights()[1]
        (array([0, 1]), array([0.75, 0.25]))
    """

    size_in: int | None
    factor: int
    interpolation: str

    def __post_init__(self) -> None:
        if self.interpolation not in INTERPOLATIONS:
            raise ArgumentError(
                f"An axis is resampled by one of {', '.join(map(repr, INTERPOLATIONS))}.",
                received=f"interpolation={self.interpolation!r}",
                remedy='Use interpolation="bilinear".',
                argument="interpolation",
            )
        if self.factor < 1:
            raise ArgumentError(
                "A factor of upsampling is 1 or more.",
                received=f"factor={self.factor}",
                remedy="Use factor=2.",
                argument="size",
            )

    @property
    def kernel(self) -> int:
        """How many inputs an output mixes at most."""
        return {"bilinear": 2, "bicubic": 4, "lanczos3": 7, "lanczos5": 11}[self.interpolation]

    @property
    def size_out(self) -> int | None:
        """The number of output cells; None when the input's size is unknown."""
        if self.size_in is None:
            return None
        return sizes.UPSAMPLED_SIZE.value(n=self.size_in, r=self.factor)

    def taps(self) -> Indices:
        """The input index that each output reads through each tap; -1 where it reads none.

        An index may occur twice in a row: at the edge, a bilinear output reads one cell twice.

        Returns:
            int64 array of shape `(size_out, kernel)`, read-only.

        Raises:
            ShapeError: the input's size is not known.
        """
        return _tables(self._known())[0]

    def weights(self) -> Weights:
        """The weight of each input that is read, 0 where none is; every row adds up to 1.

        Returns:
            float64 array of shape `(size_out, kernel)`, read-only, of numbers of single precision.

        Raises:
            ShapeError: the input's size is not known.
        """
        return _tables(self._known())[1]

    def positions(self) -> tuple[Indices, Marks]:
        """Where each tap of each output falls, and whether an input cell is read there.

        Raises:
            ShapeError: the input's size is not known.
        """
        taps, _, coordinates = _tables(self._known())
        marks = np.where(taps >= 0, READ, PADDING).astype(np.uint8)
        return coordinates, marks

    def read_counts(self) -> Indices:
        """How many (output, tap) pairs read each input cell; int64 array `(size_in,)`."""
        taps = self.taps()
        return np.bincount(taps[taps >= 0], minlength=self.size_in or 0).astype(np.int64)

    def never_read(self) -> tuple[int, ...]:
        """The indices of the input cells that no output reads: none, when upsampling."""
        return tuple(np.flatnonzero(self.read_counts() == 0).tolist())

    def derivation(self) -> tuple[Step, ...]:
        """The arithmetic from input size to output size, step by step."""
        from convlab.geometry.derivation import derive_resampling

        return derive_resampling(self)

    def _known(self) -> Resampling:
        if self.size_in is None:
            raise ShapeError(
                "The index table of this axis is not known while the input's size is None.",
                received="size_in=None",
                remedy="Give the input a size along this axis.",
                argument="input_shape",
            )
        return self


def upsampling(size_in: int | None, factor: int, interpolation: str) -> Any:
    """The axis of an upsampling: an `AxisGeometry` where cells are repeated, else a `Resampling`.

    Args:
        size_in: the number of input cells, or None when it is not known.
        factor: how many times as many cells the output has.
        interpolation: "nearest", "area" (the same), "bilinear", "bicubic", "lanczos3", "lanczos5".

    Example:
        >>> upsampling(4, 2, "nearest").size_out, upsampling(4, 2, "bicubic").kernel
        (8, 4)
    """
    from convlab.geometry.moving import nearest

    if interpolation in ("nearest", "area"):
        return nearest(size_in, factor)
    return Resampling(size_in, factor, interpolation)


@lru_cache(maxsize=128)
def _tables(axis: Resampling) -> tuple[Indices, Weights, Indices]:
    """Taps, weights and unclipped coordinates."""
    size = axis.size_in or 0
    outputs = np.arange(axis.size_out or 0, dtype=np.int64)
    make: Callable[..., tuple[Indices, Weights]] = {
        "bilinear": _linear,
        "bicubic": _cubic,
        "lanczos3": lambda *given: _lanczos(*given, radius=3),
        "lanczos5": lambda *given: _lanczos(*given, radius=5),
    }[axis.interpolation]
    coordinates, weights = make(outputs, axis.factor, size)
    if axis.interpolation == "bilinear":
        taps = np.clip(coordinates, 0, max(size - 1, 0))
    else:
        taps = np.where((coordinates >= 0) & (coordinates < size) & (weights != 0), coordinates, -1)
    weights = np.where(taps >= 0, weights, 0)
    for array in (taps, weights, coordinates):
        array.setflags(write=False)
    return taps, weights, coordinates


def _source(outputs: Indices, factor: int) -> NDArray[np.float32]:
    """The coordinates in the input, in single precision as TensorFlow computes them."""
    scale = np.float32(1) / np.float32(factor)
    centres: NDArray[np.float32] = (outputs.astype(np.float32) + np.float32(0.5)) * scale
    centres -= np.float32(0.5)
    return centres


def _linear(outputs: Indices, factor: int, size: int) -> tuple[Indices, Weights]:  # noqa: ARG001
    at = _source(outputs, factor)
    low = np.floor(at)
    fraction = (at - low).astype(np.float64)
    # On a cell, both neighbours are that cell: TensorFlow does not read the next one.
    neighbours = np.stack([low, np.ceil(at)], 1).astype(np.int64)
    return neighbours, np.stack([1 - fraction, fraction], 1)


def _cubic(outputs: Indices, factor: int, size: int) -> tuple[Indices, Weights]:
    at = _source(outputs, factor)
    low = np.floor(at)
    step = np.rint((at - low) * np.float32(_TABLE)).astype(np.int64)
    distance = step / _TABLE
    weights = np.stack(
        [_keys(1 + distance), _keys(distance), _keys(1 - distance), _keys(2 - distance)], 1
    ).astype(np.float32)
    coordinates = low.astype(np.int64)[:, None] + np.arange(-1, 3)
    weights[(coordinates < 0) | (coordinates >= size)] = 0
    total = weights.sum(axis=1, keepdims=True, dtype=np.float32)
    scaled = np.where(np.abs(total) >= 1000 * np.finfo(np.float32).tiny, weights / total, weights)
    return coordinates, scaled.astype(np.float64)


def _keys(t: NDArray[Any]) -> NDArray[Any]:
    """The cubic of Keys with a = -1/2, at a distance of 0 to 2."""
    a = -0.5
    near = ((a + 2) * t - (a + 3)) * t * t + 1
    far = ((a * t - 5 * a) * t + 8 * a) * t - 4 * a
    values: NDArray[Any] = np.where(t <= 1, near, far)
    return values


def _lanczos(outputs: Indices, factor: int, size: int, *, radius: int) -> tuple[Indices, Weights]:
    at = (outputs + np.float32(0.5)).astype(np.float32) / np.float32(factor)
    first = np.ceil(at - radius - np.float32(0.5)).astype(np.int64)
    coordinates = first[:, None] + np.arange(2 * radius + 1)
    distance = np.abs(coordinates + np.float32(0.5) - at[:, None]).astype(np.float32)
    weights = _sinc_window(distance, radius)
    last = np.floor(at + radius - np.float32(0.5)).astype(np.int64)[:, None]
    weights[(coordinates < 0) | (coordinates >= size) | (coordinates > last)] = 0
    total = weights.sum(axis=1, keepdims=True, dtype=np.float32)
    return coordinates, (weights / np.where(total == 0, 1, total)).astype(np.float64)


def _sinc_window(t: NDArray[np.float32], radius: int) -> NDArray[np.float32]:
    """`radius * sin(pi t) * sin(pi t / radius) / (pi t)**2`, 1 at 0, and 0 beyond the radius."""
    safe = np.where(t > 1e-3, t, 1).astype(np.float64)
    value = radius * np.sin(math.pi * safe) * np.sin(math.pi * safe / radius)
    value = np.where(t > 1e-3, value / (math.pi * safe) ** 2, 1)
    window: NDArray[np.float32] = np.where(t > radius, 0, value).astype(np.float32)
    return window
