"""What the normalizations share: the weights gamma and beta, and a wide type to compute in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.layers import constraints, dtypes, initializers, regularizers
from convlab.layers.elementwise import Elementwise
from convlab.layers.registry import interpret
from convlab.layers.weight import Weight

Array = NDArray[Any]


class Affine(Elementwise):
    """A layer that multiplies by a weight `gamma` and adds a weight `beta`, each if asked for.

    It computes 16 bits in float32, and rounds the output, as Keras does.
    """

    weighted = True
    built_at_once = False
    accepts = "fiub"

    def __init__(
        self,
        *,
        center: bool,
        scale: bool,
        beta_initializer: Any,
        gamma_initializer: Any,
        beta_regularizer: Any,
        gamma_regularizer: Any,
        beta_constraint: Any,
        gamma_constraint: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.center = center
        self.scale = scale
        interpret(
            self,
            initializers.get,
            beta_initializer=beta_initializer,
            gamma_initializer=gamma_initializer,
        )
        interpret(
            self,
            regularizers.get,
            beta_regularizer=beta_regularizer,
            gamma_regularizer=gamma_regularizer,
        )
        interpret(
            self,
            constraints.get,
            beta_constraint=beta_constraint,
            gamma_constraint=gamma_constraint,
        )
        self.gamma: Weight | None = None
        self.beta: Weight | None = None

    beta_initializer: Any
    gamma_initializer: Any
    beta_regularizer: Any
    gamma_regularizer: Any
    beta_constraint: Any
    gamma_constraint: Any

    def add_gamma_and_beta(
        self, shape: Sequence[int], gamma: bool | None = None, beta: bool | None = None
    ) -> None:
        """Make the weights, gamma first.

        Args:
            shape: the shape of each.
            gamma: whether to make it; None is what the layer was asked for.
            beta: the same.
        """
        if self.scale if gamma is None else gamma:
            self.gamma = self.add_weight(
                "gamma",
                shape,
                self.gamma_initializer,
                self.gamma_regularizer,
                self.gamma_constraint,
            )
        if self.center if beta is None else beta:
            self.beta = self.add_weight(
                "beta", shape, self.beta_initializer, self.beta_regularizer, self.beta_constraint
            )

    def output_dtype(self, *dtypes_in: str) -> str:  # noqa: ARG002
        """The compute dtype, of integers too."""
        return self.compute_dtype

    def affine_gradients(self, normal: Array, dy: Array, axes: Sequence[int]) -> list[Array]:
        """The gradients of gamma and beta.

        Args:
            normal: what gamma is multiplied with.
            dy: the gradient of the output, of the same shape.
            axes: the axes of the weights, rising.
        """
        others = tuple(axis for axis in range(dy.ndim) if axis not in axes)
        products = [normal * dy] if self.gamma is not None else []
        products += [dy] if self.beta is not None else []
        return [product.sum(axis=others, dtype=np.float64) for product in products]


def wide(x: Array) -> Array:
    """The numbers in float32, or in float64 if they are of float64."""
    return x.astype(np.float64 if x.dtype == np.float64 else np.float32, copy=False)


def in_dtype(y: Array, dtype: np.dtype[Any]) -> Array:
    """Numbers in the dtype of an input; Keras cuts those of integers off, within their range."""
    if dtype.kind in "iu":
        return dtypes.saturated(np.trunc(y), dtype)
    return y.astype(dtype, copy=False)


def spread(weight: Weight | None, axes: Sequence[int], x: Array, default: float) -> Array:
    """A weight in the dtype of `x`, in a shape that broadcasts along some axes of it.

    Args:
        weight: the weight, its numbers in the order of the axes of `x`; or None.
        axes: the axes of `x` along which they lie.
        x: what it is combined with.
        default: what stands for a weight that there is not.
    """
    if weight is None:
        return np.asarray(default, x.dtype)
    sizes = [size if axis in axes else 1 for axis, size in enumerate(x.shape)]
    return weight.value.astype(x.dtype, copy=False).reshape(sizes)
