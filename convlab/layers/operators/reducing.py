"""Operations that sum up whole axes: sums, means, extremes; and softmax, which keeps the axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.geometry.links import Along, Dependence, Every, Product
from convlab.layers import activations
from convlab.layers.base import Shape
from convlab.layers.operators.operation import Kind, Operation, Shapes, axes_of
from convlab.layers.operators.promotion import promoted

Array = NDArray[Any]
Slope = Callable[[Array, Array, tuple[int, ...]], Any]


class Reducing(Operation):
    """An operation whose outputs each read all cells of some axes.

    Args:
        function: of the operand, `axis` and `keepdims`.
        slope: of the operand, the output with its axes kept, and the axes: the derivative. None:
            nothing flows back.
        kind: "float" if integers become floats, "sum" if short integers become longer ones,
            "bool" if it tells true from false.
        axis: the axes; None is all of them.
        keepdims: whether they stay, of size 1.
    """

    def __init__(
        self, function: Callable[..., Any], slope: Slope | None, kind: str, axis: Any, keepdims: Any
    ) -> None:
        self.function = function
        self.slope = slope
        self.kind = kind
        self.axis = axis
        self.keepdims = bool(keepdims)

    def dtype(self, kinds: Sequence[str]) -> str:
        """The operand's dtype, or what the operation makes of integers."""
        dtype = self._shared(kinds)
        if self.kind == "sum" and dtype in ("bool", "int8", "int16", "uint8", "uint16"):
            return "uint32" if dtype.startswith("u") else "int32"
        return "bool" if self.kind == "bool" else dtype

    def cast(self, arrays: Sequence[Array], kinds: Sequence[str]) -> list[Array]:
        """Floats are summed in double precision, of which the output is rounded."""
        floats = "float" in self._shared(kinds)
        return [np.asarray(x, "float64" if floats else self.dtype(kinds)) for x in arrays]

    def shape(self, shapes: Shapes) -> Shape:
        """The operand's shape without the axes, or with sizes of 1 there."""
        (shape,) = shapes
        axes = axes_of(self.axis, len(shape))
        kept = [1 if a in axes else size for a, size in enumerate(shape)]
        return tuple(size for a, size in enumerate(kept) if self.keepdims or a not in axes)

    def value(self, arrays: list[Array]) -> Array:
        """The output."""
        (x,) = arrays
        axes = axes_of(self.axis, x.ndim)
        return np.asarray(self.function(x, axis=axes, keepdims=self.keepdims))

    def gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """Each cell's share of the gradient of the output that reads it."""
        (x,) = arrays
        if self.slope is None:
            return [np.zeros_like(x)]
        axes = axes_of(self.axis, x.ndim)
        y = np.asarray(self.function(x, axis=axes, keepdims=True))
        dy = dy if self.keepdims else np.expand_dims(dy, axes)
        return [np.broadcast_to(dy * self.slope(x, y, axes), x.shape)]

    def links(self, shapes: Shapes, output: int) -> list[Dependence | None]:  # noqa: ARG002
        """Each output reads the axes whole."""
        (shape,) = shapes
        axes = axes_of(self.axis, len(shape))
        if 0 in axes or not shape:
            return [None]
        left = [a for a in range(len(shape)) if self.keepdims or a not in axes]
        links = (Every() if a in axes else Along(left.index(a)) for a in range(1, len(shape)))
        return [Product(tuple(links))]

    def _shared(self, kinds: Sequence[str]) -> str:
        return promoted(*kinds, *(["float"] if self.kind == "float" else []))


@dataclass(frozen=True)
class Softmax(Operation):
    """Softmax: each output reads whole axes, and all axes stay."""

    axis: Any = -1

    def dtype(self, kinds: Sequence[str]) -> str:
        """A float."""
        return promoted(*kinds, "float")

    def cast(self, arrays: Sequence[Array], kinds: Sequence[str]) -> list[Array]:
        """The operand as floats."""
        return super().cast(arrays, [*kinds, "float"])

    def shape(self, shapes: Shapes) -> Shape:
        """The operand's shape."""
        (shape,) = shapes
        axes_of(self.axis, len(shape))
        return shape

    def value(self, arrays: list[Array]) -> Array:
        """The output."""
        return activations.softmax(arrays[0], axis=self._axes(arrays[0]))

    def gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """The gradient of the operand."""
        axes = self._axes(arrays[0])
        y = activations.softmax(arrays[0], axis=axes)
        return [y * (dy - np.sum(y * dy, axis=axes, keepdims=True))]

    def links(self, shapes: Shapes, output: int) -> list[Dependence | None]:  # noqa: ARG002
        """Each output reads the axes whole."""
        (shape,) = shapes
        axes = axes_of(self.axis, len(shape))
        links = (Every() if a in axes else Along(a) for a in range(1, len(shape)))
        return [None if 0 in axes else Product(tuple(links))]

    def _axes(self, x: Array) -> Any:
        return axes_of(self.axis, x.ndim)


class LogSoftmax(Softmax):
    """The logarithm of softmax."""

    def value(self, arrays: list[Array]) -> Array:
        """The output."""
        return activations.log_softmax(arrays[0], axis=self._axes(arrays[0]))

    def gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """The gradient of the operand."""
        axes = self._axes(arrays[0])
        y = activations.softmax(arrays[0], axis=axes)
        return [dy - y * np.sum(dy, axis=axes, keepdims=True)]


def _logsumexp(x: Array, axis: tuple[int, ...], keepdims: bool) -> Any:
    largest = np.max(x, axis=axis, keepdims=True)
    largest = np.where(np.isfinite(largest), largest, 0)
    total = np.log(np.sum(np.exp(x - largest), axis=axis, keepdims=True)) + largest
    return total if keepdims else np.squeeze(total, axis=axis)


def _share(x: Array, y: Array, axes: tuple[int, ...]) -> Any:
    """The cells that are the extreme share its gradient."""
    chosen = x == y
    return chosen / np.sum(chosen, axis=axes, keepdims=True)


def _others(x: Array, _: Array, axes: tuple[int, ...]) -> Any:
    """The product of all other cells, also where some are zero."""
    filled = np.where(x == 0, 1, x)
    rest = np.prod(filled, axis=axes, keepdims=True) / filled
    other_zeros = np.sum(x == 0, axis=axes, keepdims=True) - (x == 0)
    return np.where(other_zeros, 0, rest)


def _from_mean(x: Array, axes: tuple[int, ...]) -> Any:
    return x - np.mean(x, axis=axes, keepdims=True)


def _count(x: Array, axes: tuple[int, ...]) -> int:
    return math.prod(x.shape[a] for a in axes)


def _kind(function: Callable[..., Any], slope: Slope | None = None, kind: str = "") -> Kind:
    def make(axis: Any = None, keepdims: bool = False) -> Reducing:
        return Reducing(function, slope, kind, axis, keepdims)

    return Kind(make)


OPERATIONS: dict[str, Kind] = {
    "sum": _kind(np.sum, lambda x, *_: np.ones_like(x), "sum"),
    "mean": _kind(np.mean, lambda x, _, axes: 1 / _count(x, axes), "float"),
    "max": _kind(np.max, _share),
    "min": _kind(np.min, _share),
    "prod": _kind(np.prod, _others, "sum"),
    "var": _kind(np.var, lambda x, _, axes: 2 * _from_mean(x, axes) / _count(x, axes), "float"),
    "std": _kind(np.std, lambda x, y, axes: _from_mean(x, axes) / (_count(x, axes) * y), "float"),
    "logsumexp": _kind(_logsumexp, lambda x, y, _: np.exp(x - y), "float"),
    "all": _kind(np.all, kind="bool"),
    "any": _kind(np.any, kind="bool"),
    "softmax": Kind(Softmax),
    "log_softmax": Kind(LogSoftmax),
}
