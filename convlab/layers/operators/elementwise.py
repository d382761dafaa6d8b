"""Operations cell by cell, with sizes of 1 stretched as in NumPy."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError
from convlab.geometry.links import Dependence, broadcast
from convlab.layers import config
from convlab.layers.base import Shape
from convlab.layers.joining import summed_to
from convlab.layers.operators.operation import Kind, Operation, Shapes, broadcast_shape
from convlab.layers.operators.promotion import promoted

Array = NDArray[Any]


class Elementwise(Operation):
    """An operation each output of which reads the operands at its own place.

    Args:
        function: of the operands.
        slopes: of the output's gradient, the output and the operands: the gradient of each
            operand before it is summed over what was stretched. None: nothing flows back.
        kind: "float" if integers become floats, "bool" if it tells true from false.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        slopes: Callable[..., tuple[Any, ...]] | None = None,
        kind: str = "",
    ) -> None:
        self.function = function
        self.slopes = slopes
        self.kind = kind

    def dtype(self, kinds: Sequence[str]) -> str:
        """The dtype that the operands share; a float or boolean if the operation says so."""
        return "bool" if self.kind == "bool" else promoted(*kinds, *self._weak())

    def cast(self, arrays: Sequence[Array], kinds: Sequence[str]) -> list[Array]:
        """The operands in the dtype that they share."""
        return super().cast(arrays, [*kinds, *self._weak()])

    def shape(self, shapes: Shapes) -> Shape:
        """The shape to which the operands can be stretched."""
        return broadcast_shape(shapes)

    def value(self, arrays: list[Array]) -> Array:
        """The output."""
        return np.asarray(self.function(*arrays))

    def gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """The gradient of each operand."""
        if self.slopes is None:
            return [np.zeros_like(x) for x in arrays]
        found = self.slopes(dy, self.value(arrays), *arrays)
        return [
            summed_to(np.broadcast_to(gradient, dy.shape), x.shape)
            for gradient, x in zip(found, arrays, strict=True)
        ]

    def links(self, shapes: Shapes, output: int) -> list[Dependence | None]:  # noqa: ARG002
        """Each output reads its own place; not known of an operand that lacks the batch."""
        shape_out = broadcast_shape(shapes)
        return [
            broadcast(shape, shape_out) if shape and len(shape) == len(shape_out) else None
            for shape in shapes
        ]

    def _weak(self) -> list[str]:
        return ["float"] if self.kind == "float" else []


def of_one(function: Callable[..., Any], slope: Any = None, kind: str = "") -> Kind:
    """An operation of one operand; `slope` is its derivative, of the output and the operand."""
    found = Elementwise(function, slope and (lambda dy, y, x: (dy * slope(y, x),)), kind)
    return Kind(lambda: found)


def _two(
    function: Callable[..., Any],
    slopes: Callable[..., tuple[Any, ...]] | None = None,
    kind: str = "",
) -> Kind:
    found = Elementwise(function, slopes, kind)
    return Kind(lambda: found, ("x1", "x2"))


def _power_slopes(dy: Array, y: Array, a: Array, b: Array) -> tuple[Any, Any]:
    """As TensorFlow, the logarithm of what is not above zero counts as 0."""
    logarithm = np.where(a > 0, np.log(np.where(a > 0, a, 1)), 0)
    return dy * b * np.power(a, b - 1), dy * y * logarithm


def _chosen(better: Callable[[Array, Array], Any]) -> Callable[..., tuple[Any, Any]]:
    """The gradient goes to the operand that was chosen; where both are equal, to the first."""

    def slopes(dy: Array, y: Array, a: Array, b: Array) -> tuple[Any, Any]:  # noqa: ARG001
        share = better(a, b).astype(dy.dtype)
        return dy * share, dy * (1 - share)

    return slopes


def _floor_divide(a: Array, b: Array) -> Any:
    return np.floor(a / b) if a.dtype.kind == "f" else np.floor_divide(a, b)


def _sqrt_slope(dy: Array, y: Array, _: Array) -> tuple[Any]:
    """As TensorFlow, 0 where nothing flows back, at 0 too."""
    return (np.where(dy == 0, 0, 0.5 * dy / y),)


def _sum(*arrays: Array) -> Any:
    return reduce(np.add, arrays)


def _absolute(x: Array) -> Array:
    return x if x.dtype.kind == "b" else np.abs(x)


class Where(Elementwise):
    """One operand where a condition holds, and the other elsewhere."""

    def __init__(self) -> None:
        super().__init__(np.where, lambda dy, _, c, *__: (0 * dy, dy * c, dy * ~c))

    def dtype(self, kinds: Sequence[str]) -> str:
        """The dtype that the two share."""
        return promoted(*kinds[1:])

    def cast(self, arrays: Sequence[Array], kinds: Sequence[str]) -> list[Array]:
        """The condition as true or false, the two in the dtype that they share."""
        return [np.asarray(arrays[0], bool), *super().cast(arrays[1:], kinds[1:])]


class Cast(Elementwise):
    """The same numbers in another dtype."""

    def __init__(self, to: str) -> None:
        super().__init__(np.copy)
        self.to = to

    def dtype(self, kinds: Sequence[str]) -> str:  # noqa: ARG002
        """The dtype asked for."""
        return self.to

    def gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """The output's gradient; nothing flows back through integers."""
        return [dy if "float" in self.to else np.zeros_like(arrays[0])]


def _cast(dtype: Any) -> Cast:
    known = (
        "bool",
        *config.FLOAT_TYPES,
        *(f"{u}int{bits}" for u in ("", "u") for bits in (8, 16, 32, 64)),
    )
    if dtype not in known:
        raise ArgumentError(
            "Numbers are cast to a dtype of numbers.",
            received=f"dtype={dtype!r:.80}",
            remedy=f"Use one of {', '.join(known)}.",
            argument="dtype",
        )
    return Cast(dtype)


_erf: Any = np.frompyfunc(math.erf, 1, 1)

_ARITHMETIC = {
    "add": _two(np.add, lambda dy, *_: (dy, dy)),
    "subtract": _two(np.subtract, lambda dy, *_: (dy, -dy)),
    "multiply": _two(np.multiply, lambda dy, _, a, b: (dy * b, dy * a)),
    "true_divide": _two(np.true_divide, lambda dy, y, _, b: (dy / b, -dy * y / b), "float"),
    "floor_divide": _two(_floor_divide),
    "mod": _two(np.mod, lambda dy, _, a, b: (dy, -dy * np.floor(a / b))),
    "power": _two(np.power, _power_slopes),
    "maximum": _two(np.maximum, _chosen(np.greater_equal)),
    "minimum": _two(np.minimum, _chosen(np.less_equal)),
    "squared_difference": _two(
        lambda a, b: np.square(a - b), lambda dy, _, a, b: (2 * dy * (a - b), -2 * dy * (a - b))
    ),
}

_FUNCTIONS = {
    "negative": of_one(np.negative, lambda *_: -1),
    "absolute": of_one(_absolute, lambda _, x: np.sign(x)),
    "exp": of_one(np.exp, lambda y, _: y, "float"),
    "expm1": of_one(np.expm1, lambda y, _: y + 1, "float"),
    "log": of_one(np.log, lambda _, x: 1 / x, "float"),
    "log1p": of_one(np.log1p, lambda _, x: 1 / (1 + x), "float"),
    "sqrt": Kind(lambda: Elementwise(np.sqrt, _sqrt_slope, "float")),
    "rsqrt": of_one(lambda x: 1 / np.sqrt(x), lambda y, _: -0.5 * y**3, "float"),
    "square": of_one(np.square, lambda _, x: 2 * x),
    "reciprocal": of_one(lambda x: 1 / x, lambda y, _: -y * y, "float"),
    "sin": of_one(np.sin, lambda _, x: np.cos(x), "float"),
    "cos": of_one(np.cos, lambda _, x: -np.sin(x), "float"),
    "erf": of_one(
        lambda x: np.asarray(_erf(x), x.dtype),
        lambda _, x: 2 / math.sqrt(math.pi) * np.exp(-np.square(x)),
        "float",
    ),
    "floor": of_one(np.floor, kind="float"),
    "ceil": of_one(np.ceil, kind="float"),
    "sign": of_one(np.sign),
    "identity": of_one(np.copy, lambda *_: 1),
    "stop_gradient": Kind(lambda: Elementwise(np.copy), ("variable",)),
}

_COMPARISONS = {
    "equal": np.equal,
    "not_equal": np.not_equal,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
    "less": np.less,
    "less_equal": np.less_equal,
    "logical_and": np.logical_and,
    "logical_or": np.logical_or,
}

OPERATIONS: dict[str, Kind] = {
    **_ARITHMETIC,
    **_FUNCTIONS,
    "where": Kind(Where, ("condition", "x1", "x2")),
    "cast": Kind(_cast),
    "add_n": Kind(
        lambda: Elementwise(_sum, lambda dy, _, *xs: (dy,) * len(xs)), ("xs",), listed=True
    ),
    **{name: _two(function, kind="bool") for name, function in _COMPARISONS.items()},
}
