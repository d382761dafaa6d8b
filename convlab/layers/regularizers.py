"""Penalties on weights and outputs, equal to `keras.regularizers`.

>>> import numpy as np
>>> float(L1L2(l1=0.5, l2=2.0)(np.array([1.0, -3.0])))
22.0
>>> get("l2")
L2()
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.layers.registry import Configurable, Registry

Array = NDArray[Any]


class Regularizer(Configurable):
    """The base of regularizers: no penalty."""

    def __call__(self, x: Array) -> Any:
        """The penalty, a scalar of the dtype of `x`."""
        return x.dtype.type(0)


class L1L2(Regularizer):
    """The penalty `l1 * sum|x| + l2 * sum x**2`."""

    def __init__(self, l1: float | None = 0.0, l2: float | None = 0.0) -> None:
        self.l1 = _factor(0.0 if l1 is None else l1, "l1")
        self.l2 = _factor(0.0 if l2 is None else l2, "l2")

    def __call__(self, x: Array) -> Any:
        """The penalty, a scalar of the dtype of `x`."""
        penalty = x.dtype.type(0)
        if self.l1:
            penalty += self.l1 * np.sum(np.abs(x))
        if self.l2:
            penalty += self.l2 * np.sum(np.square(x))
        return penalty


class L1(Regularizer):
    """The penalty `l1 * sum|x|`."""

    def __init__(self, l1: float | None = 0.01) -> None:
        self.l1 = _factor(0.01 if l1 is None else l1, "l1")

    def __call__(self, x: Array) -> Any:
        """The penalty, a scalar of the dtype of `x`."""
        return self.l1 * np.sum(np.abs(x))

    def get_config(self) -> dict[str, Any]:
        """The arguments; Keras keeps this one in float32, and files show it."""
        return {"l1": float(np.float32(self.l1))}


class L2(Regularizer):
    """The penalty `l2 * sum x**2`."""

    def __init__(self, l2: float | None = 0.01) -> None:
        self.l2 = _factor(0.01 if l2 is None else l2, "l2")

    def __call__(self, x: Array) -> Any:
        """The penalty, a scalar of the dtype of `x`."""
        return self.l2 * np.sum(np.square(x))


class OrthogonalRegularizer(Regularizer):
    """The penalty `factor` times the mean |cosine| between different rows (or columns).

    Args:
        factor: the weight of the penalty.
        mode: `"rows"` or `"columns"`.
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows") -> None:
        self.factor = _factor(factor, "factor")
        if mode not in ("rows", "columns"):
            raise ArgumentError(
                "Invalid value for argument `mode`. Expected one of "
                f'{{"rows", "columns"}}. Received: mode={mode}',
                received=f"mode={mode}",
                remedy="Use mode='rows' or mode='columns'.",
                argument="mode",
                fixes=[{"mode": "rows"}, {"mode": "columns"}],
            )
        self.mode = mode

    def __call__(self, x: Array) -> Any:
        """The penalty, a scalar of the dtype of `x`.

        Raises:
            ShapeError: unless `x` has rank 2, which the kernel of a convolution never has.
        """
        if x.ndim != 2:
            raise ShapeError(
                "Inputs to OrthogonalRegularizer must have rank 2. "
                f"Received: inputs.shape={x.shape}",
                received=f"inputs.shape={x.shape}",
                remedy="Use it on a matrix; a convolution's kernel has a higher rank.",
            )
        rows = x if self.mode == "rows" else x.T
        lengths = np.sqrt(np.sum(np.square(rows), axis=1, keepdims=True))
        rows = rows / np.where(lengths == 0, 1, lengths)
        cosines = rows @ rows.T * (1 - np.eye(len(rows), dtype=x.dtype))
        pairs = len(rows) * (len(rows) - 1) / 2
        return self.factor * 0.5 * np.sum(np.abs(cosines)) / pairs

    def get_config(self) -> dict[str, Any]:
        """The arguments; Keras keeps the factor in float32, and files show it."""
        return {"factor": float(np.float32(self.factor)), "mode": self.mode}


def _factor(value: Any, name: str) -> float:
    if not isinstance(value, (float, int)) or not 0 <= value < math.inf:
        raise ArgumentError(
            f"Invalid value for argument {name}: expected a non-negative float. "
            f"Received: {name}={value}",
            received=f"{name}={value}",
            remedy=f"Use {name}=0 or a larger number, such as {name}=0.01.",
            argument=name,
        )
    return float(value)


_registry = Registry("regularizer", (Regularizer, L1, L2, L1L2, OrthogonalRegularizer))

l1, l2, l1_l2, orthogonal_regularizer = L1, L2, L1L2, OrthogonalRegularizer


def get(identifier: Any) -> Any:
    """The regularizer that a name, dict, class, instance or callable stands for; None for None."""
    return None if identifier is None else _registry.get(identifier)


def serialize(regularizer: Any) -> dict[str, Any] | None:
    """Keras's serialised form of a regularizer."""
    return _registry.serialize(regularizer)


def deserialize(config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The regularizer that a serialised form stands for."""
    return _registry.deserialize(config, custom_objects)
