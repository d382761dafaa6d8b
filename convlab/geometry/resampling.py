"""The relation of an axis that is resampled: several inputs, each with a weight.

Sources: TensorFlow's `tf.image.resize` with half-pixel centres and no antialiasing; for the cubic,
R. Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = -1/2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import sizes
from convlab.geometry.axis import HOLE, PADDING, READ, Indices, Marks

if TYPE_CHECKING:
    from convlab.geometry.derivation import Step

Weights = NDArray[np.float64]

_TABLE = 1024
"""TensorFlow reads cubic weights from a table of so many fractions."""

INTERPOLATIONS = ("bilinear", "bicubic", "lanczos3", "lanczos5")
"""Those that mix several inputs, however much larger the output is."""

RESIZINGS = (*INTERPOLATIONS, "nearest", "area")
"""All of them: when an axis shrinks, outputs stand between the inputs even where one is copied."""

_RADIUS = {"bilinear": 1, "bicubic": 2, "lanczos3": 3, "lanczos5": 5}


@dataclass(frozen=True)
class Resampling:
    """Which inputs each output mixes along one axis, and with which weights.

    The sibling of `AxisGeometry` for outputs that lie between the inputs: output `o` stands at the
    coordinate `(o + 1/2) * size_in / size_out - 1/2` of the input.

    Args:
        size_in: the number of input cells, or None when it is not known.
        size_out: the number of output cells, or None when it is not known.
        interpolation: "nearest", "bilinear", "bicubic", "lanczos3", "lanczos5" or "area".
        antialias: whether an axis that shrinks is smoothed, so that every input counts; nearest
            and area never are.
        factor: how many times as many cells the output has, where that is what is given.
        start: the first input cell of a window that is resampled in the place of the whole axis;
            negative where cells of padding come before the input.
        length: how many cells the window has; None is `size_in`.

    Raises:
        ArgumentError: another interpolation, or a factor below 1.
        ShapeError: no cell is resampled, or none comes out.

    Example:
        >>> axis = Resampling(3, 6, "bilinear")
        >>> axis.taps()[1], axis.weights()[1]
        (array([0, 1]), array([0.75, 0.25]))
        >>> Resampling(4, 2, "area").weights()
        array([[0.5, 0.5],
               [0.5, 0.5]])
    """

    size_in: int | None
    size_out: int | None
    interpolation: str
    antialias: bool = False
    factor: int | None = None
    start: int = 0
    length: int | None = None

    def __post_init__(self) -> None:
        if self.interpolation not in RESIZINGS:
            raise ArgumentError(
                f"An axis is resampled by one of {', '.join(map(repr, RESIZINGS))}.",
                received=f"interpolation={self.interpolation!r}",
                remedy='Use interpolation="bilinear".',
                argument="interpolation",
            )
        if self.factor is not None and self.factor < 1:
            raise ArgumentError(
                "A factor of upsampling is 1 or more.",
                received=f"factor={self.factor}",
                remedy="Use factor=2.",
                argument="size",
            )
        if self.factor is None and 0 in (self.window, self.size_out):
            raise ShapeError(
                "An axis of no cells cannot be resized, nor can one be made.",
                received=f"{self.window} cells, from which {self.size_out} are made",
                remedy="Use sizes of 1 or more.",
            )

    @property
    def window(self) -> int | None:
        """How many cells are resampled: those of the window, or of the whole axis."""
        return self.size_in if self.length is None else self.length

    @property
    def inside(self) -> Resampling:
        """The relation on the cells of the window alone."""
        return replace(self, size_in=self.window, start=0, length=None)

    @property
    def rate(self) -> tuple[int, int]:
        """`(period, advance)`: after so many outputs, the pattern repeats so many inputs on.

        Raises:
            ShapeError: a size is not known, from which it follows.

        Example:
            >>> Resampling(6, 4, "bilinear").rate
            (2, 3)
        """
        if self.factor is not None:
            return self.factor, 1
        known = self._known()
        common = math.gcd(known.window or 0, known.size_out or 0)
        return (known.size_out or 0) // common, (known.window or 0) // common

    def widened(self, turns: int) -> Resampling:
        """The same relation on as many cells as the pattern needs to repeat so often."""
        period, advance = self.rate
        return replace(self, size_in=turns * advance, size_out=turns * period, start=0, length=None)

    @property
    def shrinks_by(self) -> float:
        """How many inputs there are for each output, in single precision; 1 if fewer."""
        if self.factor is not None or self.window is None or self.size_out is None:
            return 1.0
        return max(float(1 / _growth(self)), 1.0)

    @property
    def kernel(self) -> int:
        """How many inputs an output mixes at most."""
        if self.interpolation == "nearest":
            return 1
        if self.interpolation == "area":
            period, advance = self.rate
            return (advance + period - 2) // period + 1
        if self.antialias or self.interpolation.startswith("lanczos"):
            wide = self.shrinks_by if self.antialias else 1.0
            return 2 * math.ceil(_RADIUS[self.interpolation] * wide) + 1
        return 2 * _RADIUS[self.interpolation]

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
        """Where each tap of each output falls, and what is there.

        Returns:
            The coordinates, int64 `(size_out, kernel)`, and what each is: `READ`; `PADDING`, where
            a window hangs over the input; or `HOLE`, where nothing is read: no weight falls there,
            or it is shared out among those that do.

        Raises:
            ShapeError: the input's size is not known.

        Example:
            >>> coordinates, marks = Resampling(2, 4, "bilinear").positions()
            >>> coordinates[0], marks[0]  # the edge is read twice
            (array([0, 0]), array([0, 0], dtype=uint8))
        """
        known = self._known()
        taps, _, coordinates = _tables(known)
        places = coordinates - known.start
        in_window = (places >= 0) & (places < (known.window or 0))
        outside = (coordinates < 0) | (coordinates >= (known.size_in or 0))
        marks = np.where(in_window & outside, PADDING, HOLE)
        marks = np.where(taps >= 0, READ, marks).astype(np.uint8)
        return np.where(taps >= 0, taps, coordinates), marks

    def readers(self) -> Indices:
        """The outputs that read each input, one for each tap through which they do; -1 fills up.

        Unlike those of an `AxisGeometry`, several outputs may read a cell through the same tap.

        Returns:
            int64 array of shape `(size_in, most)`, each row rising, with -1 at its end.

        Raises:
            ShapeError: the input's size is not known.

        Example:
            >>> Resampling(2, 4, "bilinear").readers()
            array([[0, 0, 1, 2],
                   [1, 2, 3, 3]])
        """
        taps = self.taps()
        outputs, _ = np.nonzero(taps >= 0)
        cells = taps[taps >= 0]
        order = np.argsort(cells, kind="stable")
        counts = self.read_counts()
        readers = np.full((len(counts), counts.max(initial=0)), -1, dtype=np.int64)
        readers[np.arange(readers.shape[1]) < counts[:, None]] = outputs[order]
        return readers

    def read_counts(self) -> Indices:
        """How many (output, tap) pairs read each input cell; int64 array `(size_in,)`."""
        taps = self.taps()
        return np.bincount(taps[taps >= 0], minlength=self.size_in or 0).astype(np.int64)

    def never_read(self) -> tuple[int, ...]:
        """The indices of the input cells that no output reads: some, when an axis shrinks."""
        return tuple(np.flatnonzero(self.read_counts() == 0).tolist())

    def derivation(self) -> tuple[Step, ...]:
        """The arithmetic from input size to output size, step by step."""
        from convlab.geometry.derivation import derive_resampling

        return derive_resampling(self)

    def _known(self) -> Resampling:
        if self.size_in is None or self.size_out is None:
            raise ShapeError(
                "The index table of this axis is not known while the input's size is None.",
                received=f"size_in={self.size_in}",
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
    size_out = None if size_in is None else sizes.UPSAMPLED_SIZE.value(n=size_in, r=factor)
    return Resampling(size_in, size_out, interpolation, factor=factor)


def _growth(axis: Resampling) -> np.float32:
    """How many outputs there are for each input, in single precision as TensorFlow computes it."""
    return np.float32(axis.size_out or 0) / np.float32(axis.window or 1)


@lru_cache(maxsize=128)
def _tables(axis: Resampling) -> tuple[Indices, Weights, Indices]:
    """Taps, weights and unclipped coordinates, on the scale of the whole input."""
    window, size = axis.window or 0, axis.size_in or 0
    smooth = axis.antialias and axis.interpolation in _RADIUS
    make = _smoothed if smooth else _MAKE[axis.interpolation]
    coordinates, weights = make(axis)
    if axis.interpolation == "bilinear" and not axis.antialias:
        taps = np.clip(coordinates, 0, max(window - 1, 0))
    else:
        inside = (coordinates >= 0) & (coordinates < window) & (weights != 0)
        taps = np.where(inside, coordinates, -1)
    shifted = taps + axis.start
    taps = np.where((taps >= 0) & (shifted >= 0) & (shifted < size), shifted, -1)
    weights = np.where(taps >= 0, weights, 0)
    coordinates = coordinates + axis.start
    for array in (taps, weights, coordinates):
        array.setflags(write=False)
    return taps, weights, coordinates


def _outputs(axis: Resampling) -> NDArray[np.float32]:
    return np.arange(axis.size_out or 0, dtype=np.float32)


def _source(axis: Resampling) -> NDArray[np.float32]:
    """The coordinates in the window, in single precision as TensorFlow computes them."""
    scale = np.float32(axis.window or 0) / np.float32(axis.size_out or 1)
    centres: NDArray[np.float32] = (_outputs(axis) + np.float32(0.5)) * scale
    centres -= np.float32(0.5)
    return centres


def _nearest(axis: Resampling) -> tuple[Indices, Weights]:
    scale = np.float32(axis.window or 0) / np.float32(axis.size_out or 1)
    cells = np.floor((_outputs(axis) + np.float32(0.5)) * scale).astype(np.int64)
    taps = np.minimum(cells, (axis.window or 1) - 1)[:, None]
    return taps, np.ones(taps.shape)


def _linear(axis: Resampling) -> tuple[Indices, Weights]:
    at = _source(axis)
    low = np.floor(at)
    fraction = (at - low).astype(np.float64)
    # On a cell, both neighbours are that cell: TensorFlow does not read the next one.
    neighbours = np.stack([low, np.ceil(at)], 1).astype(np.int64)
    return neighbours, np.stack([1 - fraction, fraction], 1)


def _cubic(axis: Resampling) -> tuple[Indices, Weights]:
    at = _source(axis)
    low = np.floor(at)
    step = np.rint((at - low) * np.float32(_TABLE)).astype(np.int64)
    distance = step / _TABLE
    weights = np.stack(
        [_keys(1 + distance), _keys(distance), _keys(1 - distance), _keys(2 - distance)], 1
    ).astype(np.float32)
    coordinates = low.astype(np.int64)[:, None] + np.arange(-1, 3)
    weights[(coordinates < 0) | (coordinates >= (axis.window or 0))] = 0
    return coordinates, _normalized(weights)


def _area(axis: Resampling) -> tuple[Indices, Weights]:
    """Each output is the mean of the stretch of the input that it covers."""
    scale = np.float32(axis.window or 0) / np.float32(axis.size_out or 1)
    low, high = _outputs(axis) * scale, (_outputs(axis) + np.float32(1)) * scale
    period, advance = axis.rate
    first = np.arange(axis.size_out or 0, dtype=np.int64) * advance // period
    coordinates = first[:, None] + np.arange(axis.kernel)
    cells = coordinates.astype(np.float32)
    covered = np.minimum(cells + np.float32(1), high[:, None]) - np.maximum(cells, low[:, None])
    new, old = axis.size_out or 0, axis.window or 0
    outputs = np.arange(new, dtype=np.int64)[:, None]
    touched = (coordinates * new < (outputs + 1) * old) & ((coordinates + 1) * new > outputs * old)
    weights = np.where(touched, np.maximum(covered, 0) / scale, 0)  # no cell by a rounding alone
    return np.minimum(coordinates, (axis.window or 1) - 1), weights.astype(np.float64)


def _smoothed(axis: Resampling) -> tuple[Indices, Weights]:
    """A kernel around each output's place, wider where the axis shrinks and is smoothed."""
    window, radius = axis.window or 0, _RADIUS[axis.interpolation]
    inverse = np.float32(1) / _growth(axis)
    wide = max(inverse, np.float32(1)) if axis.antialias else np.float32(1)
    half = np.float32(0.5)
    at = (_outputs(axis) + half) * inverse
    first = np.ceil(at - np.float32(radius) * wide - half).astype(np.int64)
    last = np.floor(at + np.float32(radius) * wide - half).astype(np.int64)[:, None]
    coordinates = first[:, None] + np.arange(axis.kernel)
    places = coordinates.astype(np.float32) + half
    distance = np.abs((places - at[:, None]) * (np.float32(1) / wide)).astype(np.float32)
    weights = _WINDOWS[axis.interpolation](distance).astype(np.float32)
    weights[(coordinates < 0) | (coordinates >= window) | (coordinates > last)] = 0
    return coordinates, _normalized(weights)


def _normalized(weights: NDArray[np.float32]) -> Weights:
    """Every row divided by its sum, unless that is next to nothing."""
    total = weights.sum(axis=1, keepdims=True, dtype=np.float32)
    enough = np.abs(total) >= 1000 * np.finfo(np.float32).tiny
    return np.where(enough, weights / np.where(enough, total, 1), weights).astype(np.float64)


def _keys(t: NDArray[Any]) -> NDArray[Any]:
    """The cubic of Keys with a = -1/2, and 0 beyond a distance of 2."""
    a = -0.5
    near = ((a + 2) * t - (a + 3)) * t * t + 1
    far = ((a * t - 5 * a) * t + 8 * a) * t - 4 * a
    values: NDArray[Any] = np.where(t <= 1, near, np.where(t < 2, far, 0))
    return values


def _sinc_window(t: NDArray[np.float32], radius: int) -> NDArray[np.float32]:
    """`radius * sin(pi t) * sin(pi t / radius) / (pi t)**2`, 1 at 0, and 0 beyond the radius."""
    safe = np.where(t > 1e-3, t, 1).astype(np.float64)
    value = radius * np.sin(math.pi * safe) * np.sin(math.pi * safe / radius)
    value = np.where(t > 1e-3, value / (math.pi * safe) ** 2, 1)
    window: NDArray[np.float32] = np.where(t > radius, 0, value).astype(np.float32)
    return window


_MAKE: dict[str, Callable[[Resampling], tuple[Indices, Weights]]] = {
    "nearest": _nearest,
    "bilinear": _linear,
    "bicubic": _cubic,
    "lanczos3": _smoothed,
    "lanczos5": _smoothed,
    "area": _area,
}

_WINDOWS: dict[str, Callable[[NDArray[np.float32]], NDArray[Any]]] = {
    "bilinear": lambda t: np.maximum(1 - t, 0),
    "bicubic": _keys,
    "lanczos3": lambda t: _sinc_window(t, 3),
    "lanczos5": lambda t: _sinc_window(t, 5),
}
"""The weight at a distance, in cells or in widths of a smoothed kernel."""
