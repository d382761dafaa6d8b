"""Normalizations by the root of a sum of squares, without a mean."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ShapeError
from convlab.layers import config, dtypes, input_spec
from convlab.layers.affine import in_dtype, wide
from convlab.layers.amounts import added
from convlab.layers.base import Shape
from convlab.layers.elementwise import Elementwise, axes_within
from convlab.layers.layer_normalization import one_or_several
from convlab.layers.weight import Weight

Array = NDArray[Any]

_LARGEST = 1e12
"""Keras divides by no norm below 1e-12."""


class UnitNormalization(Elementwise):
    """Keras's `UnitNormalization`: each vector divided by its length.

    Args:
        axis: the axis or axes that a vector spans.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        Any with such axes.

    Output shape:
        The input's.

    Raises:
        ArgumentTypeError: an axis that is no integer and no list of them.
        ShapeError: there is no such axis.

    Example:
        >>> import numpy as np
        >>> UnitNormalization()(np.array([[3.0, 4.0]]))
        array([[0.6, 0.8]], dtype=float32)
    """

    def __init__(self, axis: Any = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = one_or_several(axis)

    def mixed_axes(self, shape: Shape) -> tuple[int, ...]:
        """The axes that a vector spans."""
        return axes_within(self.axis, shape)

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a shape that lacks an axis."""
        self.mixed_axes(input_shape)

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        with np.errstate(all="ignore"):
            return dtypes.cast(inputs * self._inverse(inputs), self.compute_dtype)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradient; where the length counts as 1e-12, it does not depend on the input."""
        inverse = self._inverse(inputs)
        axes = self.mixed_axes(inputs.shape)
        along = np.where(inverse < _LARGEST, np.sum(dy * inputs, axis=axes, keepdims=True), 0)
        unit = inputs * inverse
        return inverse * dy - unit * (np.square(inverse) * along), []

    def _inverse(self, x: Array) -> Array:
        """One over each vector's length, in the dtype of the input."""
        axes = self.mixed_axes(x.shape)
        with np.errstate(all="ignore"):
            total = np.square(x).sum(axis=axes, keepdims=True, dtype=wide(x[:0]).dtype)
            inverse: Array = np.minimum(1 / np.sqrt(total.astype(x.dtype)), x.dtype.type(_LARGEST))
            return inverse


class RMSNormalization(Elementwise):
    """Keras's `RMSNormalization`: `x / sqrt(mean(x**2) + epsilon) * scale`.

    Args:
        axis: the axis or axes over which the mean is taken.
        epsilon: what is added to the mean square.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`, `weights`.

    Input shape:
        Any with such axes, whose sizes must be known. The weight has their sizes and is applied
        to the last axes, so that other axes than those are of little use.

    Output shape:
        The input's.

    Raises:
        ShapeError: there is no such axis, its size is not known, or the weight does not fit.

    Example:
        >>> import numpy as np
        >>> RMSNormalization(epsilon=0.0)(np.array([[3.0, -3.0]]))
        array([[ 1., -1.]], dtype=float32)
    """

    weighted = True
    built_at_once = False
    accepts = "fiub"

    def __init__(self, axis: Any = -1, epsilon: float = 1e-6, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis
        self.epsilon = epsilon
        self._scale: Weight | None = None

    @property
    def scale(self) -> Weight:
        """What the normalized numbers are multiplied by, of the sizes of the axes.

        Raises:
            AttributeError: the layer is not built.
        """
        if self._scale is None:
            raise AttributeError("You must build the layer before accessing `scale`.")
        return self._scale

    @property
    def added_epsilon(self) -> float:
        """What is added to the mean square; None is `config.epsilon()`."""
        return config.epsilon() if self.epsilon is None else added(self.epsilon)

    def mixed_axes(self, shape: Shape) -> tuple[int, ...]:
        """The axes over which the mean is taken."""
        return axes_within(self.axis, shape)

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a shape that lacks an axis, or that the weight does not fit."""
        _ = self.added_epsilon
        self.mixed_axes(input_shape)
        sizes = self._scale.shape if self._scale else self.scale_shape(input_shape)
        last = input_shape[len(input_shape) - len(sizes) :]
        if any(
            size not in (1, of) and of is not None for size, of in zip(sizes, last, strict=True)
        ):
            raise ShapeError(
                "The weight `scale` is applied to the last axes.",
                received=f"axis={self.axis}, so that it has the shape {sizes}; "
                f"input shape {input_shape}",
                remedy="Use axis=-1, the last one.",
                argument="axis",
                fixes=[{"axis": -1}],
            )

    def scale_shape(self, shape: Shape) -> tuple[int, ...]:
        """The sizes of the axes, in the order of Keras's weight: as the arguments sort."""
        several = isinstance(self.axis, list | tuple)
        axes = sorted(self.axis) if several else [self.axis]
        return tuple(input_spec.known_size(self, shape, axis) for axis in axes)

    def count_weights(self, shape: Shape) -> int:
        """One number for each cell of the axes."""
        return int(np.prod(self.scale_shape(shape)))

    def create_weights(self, input_shape: Shape) -> None:
        """Make `scale`; from here on, `axis` is a list, as in Keras."""
        self._scale = self.add_weight("scale", self.scale_shape(input_shape), "ones")
        self.axis = sorted(self.axis) if isinstance(self.axis, list | tuple) else [self.axis]

    def call(self, inputs: Array) -> Array:
        """The output for a checked input; integers stay, as in Keras."""
        x = wide(inputs)
        with np.errstate(all="ignore"):
            y = x * self._inverse(x)
            y *= self._factors(x)
            if inputs.dtype.kind != "f":
                return in_dtype(y, inputs.dtype)
        return dtypes.cast(y, self.compute_dtype)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients for a checked input and for `scale`."""
        x, dy = wide(inputs), wide(dy)
        inverse, factors = self._inverse(x), self._factors(x)
        axes = self.mixed_axes(x.shape)
        pushed = dy * factors
        normal = x * inverse
        dx = pushed - normal * (pushed * normal).mean(axis=axes, keepdims=True)
        sizes = self.scale.shape
        total = (dy * normal).sum(axis=tuple(range(x.ndim - len(sizes))), dtype=np.float64)
        ones = tuple(axis for axis, size in enumerate(sizes) if size == 1)
        return dx * inverse, [total.sum(axis=ones, keepdims=True)]

    def _inverse(self, x: Array) -> Array:
        axes = self.mixed_axes(x.shape)
        mean = np.square(x).mean(axis=axes, keepdims=True, dtype=np.float64).astype(x.dtype)
        inverse: Array = 1 / np.sqrt(mean + x.dtype.type(self.added_epsilon))
        return inverse

    def _factors(self, x: Array) -> Array:
        return dtypes.cast(self.scale.value, self.compute_dtype).astype(x.dtype, copy=False)
