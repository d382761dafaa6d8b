"""Weight constraints, equal to `keras.constraints`: functions from a weight to a weight.

They act where an optimizer would apply them: `layer.apply_constraints()` does what one step would.

    >>> import numpy as np
    >>> MaxNorm(2)(np.array([[3.0], [4.0]])).round(4)
    array([[1.2],
           [1.6]])
    >>> get("non_neg")
    NonNeg()
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.layers import config
from convlab.layers.registry import Configurable, Registry

Axis = int | Sequence[int]
Array = NDArray[Any]


class Constraint(Configurable):
    """The base of constraints: leaves the weight as it is."""

    def __call__(self, w: ArrayLike) -> Array:
        """The constrained weight, of the same shape and dtype."""
        return np.asarray(w)


class MaxNorm(Constraint):
    """Scale weights down to a norm of at most `max_value`.

    Args:
        max_value: the largest norm.
        axis: the axis or axes over which a norm is taken; `[0, 1, 2]` gives one per filter of a
            2-D convolution.
    """

    def __init__(self, max_value: float = 2, axis: Axis = 0) -> None:
        self.max_value = max_value
        self.axis = axis

    def __call__(self, w: ArrayLike) -> Array:
        """The constrained weight, of the same shape and dtype."""
        norms = _norms(w, self.axis)
        return _rescale(w, norms, np.clip(norms, 0, self.max_value))


class NonNeg(Constraint):
    """Set negative weights to zero."""

    def __call__(self, w: ArrayLike) -> Array:
        """The constrained weight, of the same shape and dtype."""
        result: Array = np.maximum(np.asarray(w), 0)
        return result


class UnitNorm(Constraint):
    """Scale weights to norm 1.

    Args:
        axis: the axis or axes over which a norm is taken.
    """

    def __init__(self, axis: Axis = 0) -> None:
        self.axis = axis

    def __call__(self, w: ArrayLike) -> Array:
        """The constrained weight, of the same shape and dtype."""
        return np.asarray(w) / (config.epsilon() + _norms(w, self.axis))


class MinMaxNorm(Constraint):
    """Bring norms between `min_value` and `max_value`.

    Args:
        min_value: the smallest norm.
        max_value: the largest norm.
        rate: the part of the way to go in one step; 1 goes all of it.
        axis: the axis or axes over which a norm is taken.
    """

    def __init__(
        self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: Axis = 0
    ) -> None:
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate
        self.axis = axis

    def __call__(self, w: ArrayLike) -> Array:
        """The constrained weight, of the same shape and dtype."""
        norms = _norms(w, self.axis)
        desired = self.rate * np.clip(norms, self.min_value, self.max_value)
        return _rescale(w, norms, desired + (1 - self.rate) * norms)


def _norms(w: ArrayLike, axis: Axis) -> Array:
    axes = axis if isinstance(axis, int) else tuple(axis)
    result: Array = np.sqrt(np.sum(np.square(np.asarray(w)), axis=axes, keepdims=True))
    return result


def _rescale(w: ArrayLike, norms: Array, desired: Array) -> Array:
    result: Array = np.asarray(w) * (desired / (config.epsilon() + norms))
    return result


_registry = Registry("constraint", (Constraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm))

max_norm, min_max_norm, non_neg, unit_norm = MaxNorm, MinMaxNorm, NonNeg, UnitNorm


def get(identifier: Any) -> Any:
    """The constraint that a name, dict, class, instance or callable stands for; None for None."""
    return None if identifier is None else _registry.get(identifier)


def serialize(constraint: Any) -> dict[str, Any] | None:
    """Keras's serialised form of a constraint."""
    return _registry.serialize(constraint)


def deserialize(config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The constraint that a serialised form stands for."""
    return _registry.deserialize(config, custom_objects)
