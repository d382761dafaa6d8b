"""Initial values that are given: zeros, ones, one value, the identity, an array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from convlab.errors import ShapeError
from convlab.layers import config
from convlab.layers.registry import Configurable

Array = NDArray[Any]
Shape = Sequence[int]


class Initializer(Configurable):
    """The base of initializers: `initializer(shape, dtype)` gives the values of a weight."""

    def __call__(self, shape: Shape, dtype: DTypeLike | None = None) -> Array:
        """The values, of the given shape; the dtype is `config.floatx()` unless given."""
        dtype = dtype or (config.floatx() if config.floatx() != "bfloat16" else "float32")
        return np.asarray(self.values(tuple(shape)), dtype, order="C")

    def values(self, shape: tuple[int, ...]) -> Array:
        """The values in float64."""
        raise NotImplementedError


class Zeros(Initializer):
    """All zeros."""

    def values(self, shape: tuple[int, ...]) -> Array:
        """The values in float64."""
        return np.zeros(shape)


class Ones(Initializer):
    """All ones."""

    def values(self, shape: tuple[int, ...]) -> Array:
        """The values in float64."""
        return np.ones(shape)


class Constant(Initializer):
    """One value everywhere."""

    def __init__(self, value: float = 0.0) -> None:
        self.value = value

    def values(self, shape: tuple[int, ...]) -> Array:
        """The values in float64."""
        return np.full(shape, self.value, np.float64)


class Identity(Initializer):
    """The identity matrix times `gain`; only for two dimensions."""

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def values(self, shape: tuple[int, ...]) -> Array:
        """The values in float64."""
        if len(shape) != 2:
            raise ShapeError(
                "Identity matrix initializer can only be used for 2D matrices. "
                f"Received: shape={shape} of rank {len(shape)}.",
                received=f"shape={shape} of rank {len(shape)}",
                remedy="Use another initializer, such as 'glorot_uniform' or an array.",
            )
        return self.gain * np.eye(*shape)


class Values(Initializer):
    """The values of a given array, whose shape must be that of the weight."""

    def __init__(self, value: ArrayLike) -> None:
        self.value = np.asarray(value)

    def values(self, shape: tuple[int, ...]) -> Array:
        """The values, as given."""
        if self.value.shape != shape:
            raise ShapeError(
                f"Expected `shape` to be {self.value.shape} for direct tensor as initializer. "
                f"Received shape={shape}",
                received=f"shape={shape}",
                remedy=f"Give an array of shape {shape}.",
            )
        return self.value
