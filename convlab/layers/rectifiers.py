"""Rectifiers: activations that are layers of their own, with arguments or with weights."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.layers import activations, constraints, dtypes, initializers, input_spec, regularizers
from convlab.layers.amounts import within
from convlab.layers.base import Shape
from convlab.layers.elementwise import Elementwise
from convlab.layers.registry import interpret
from convlab.layers.weight import Weight

Array = NDArray[Any]


class ReLU(Elementwise):
    """Keras's `ReLU`: `max(x, 0)`, with a slope below, a threshold, and a largest value.

    Args:
        max_value: the largest value of the output; None is no limit.
        negative_slope: the slope below the threshold.
        threshold: below it, values are damped.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        Any; of floats or integers.

    Output shape:
        The input's.

    Raises:
        ArgumentError: a negative argument, or None for one that may not be.

    Example:
        >>> import numpy as np
        >>> ReLU(max_value=6.0, negative_slope=0.5)(np.array([-4.0, 3.0, 9.0]))
        array([-2.,  3.,  6.], dtype=float32)
    """

    accepts = "fiu"

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if max_value is not None and not within("max_value", max_value, 0):
            raise ArgumentError(
                "max_value of a ReLU layer cannot be a negative value. "
                f"Received: max_value={max_value}",
                received=f"max_value={max_value}",
                remedy="Use 0 or more, or None for no limit.",
                argument="max_value",
                fixes=[{"max_value": None}],
            )
        for name, value in (("negative_slope", negative_slope), ("threshold", threshold)):
            if value is None or not within(name, value, 0):
                raise ArgumentError(
                    f"{name} of a ReLU layer cannot be None or a negative value. "
                    f"Received: {name}={value}",
                    received=f"{name}={value}",
                    remedy=f"Use {name}=0.0 or more.",
                    argument=name,
                    fixes=[{name: 0.0}],
                )
        self.max_value = max_value
        self.negative_slope = negative_slope
        self.threshold = threshold

    def output_dtype(self, *dtypes_in: str) -> str:
        """The compute dtype for floats; integers stay, unless a slope makes floats of them."""
        if "float" in dtypes_in[0] or not self.negative_slope:
            return super().output_dtype(*dtypes_in)
        return _float_type()

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        if inputs.dtype.kind != "f" and not self.negative_slope:
            positive = np.where(inputs > int(self.threshold), inputs, 0).astype(inputs.dtype)
            if self.max_value is None:
                return positive
            limited: Array = np.minimum(positive, inputs.dtype.type(self.max_value))
            return limited
        y = activations.relu(inputs, self.negative_slope, self.max_value, self.threshold)
        return self._rounded(y, inputs)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradient; at the corners, what TensorFlow takes."""
        above = inputs > self.threshold
        if self.max_value is not None:
            native = self.max_value == 6 and not self.threshold  # TensorFlow's own relu6
            above &= inputs < 6 if native else inputs <= self.max_value
        slope = above.astype(dy.dtype)
        if self.negative_slope:
            plain = self.max_value is None and not self.threshold
            below = ~above if plain else inputs < self.threshold
            slope += dy.dtype.type(self.negative_slope) * below
        return dy * slope, []

    def _rounded(self, y: Array, inputs: Array) -> Array:
        return dtypes.cast(y, self.compute_dtype) if inputs.dtype.kind == "f" else y


class LeakyReLU(Elementwise):
    """Keras's `LeakyReLU`: `x` above zero, `negative_slope * x` below.

    Args:
        negative_slope: the slope below zero; older Keras's `alpha` means the same.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `alpha`, `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Raises:
        ArgumentError: a slope that is negative or None.

    Example:
        >>> import numpy as np
        >>> LeakyReLU(0.5)(np.array([-4.0, 3.0]))
        array([-2.,  3.], dtype=float32)
    """

    accepts = "fiu"

    def __init__(self, negative_slope: float = 0.3, **kwargs: Any) -> None:
        if "alpha" in kwargs:
            negative_slope = kwargs.pop("alpha")
            warnings.warn(
                "Argument `alpha` is deprecated. Use `negative_slope` instead.", stacklevel=2
            )
        super().__init__(**kwargs)
        if negative_slope is None or not within("negative_slope", negative_slope, 0):
            raise ArgumentError(
                "The negative_slope value of a Leaky ReLU layer cannot be None or negative value. "
                f"Expected a float. Received: negative_slope={negative_slope}",
                received=f"negative_slope={negative_slope}",
                remedy="Use 0.0 or more, such as negative_slope=0.3.",
                argument="negative_slope",
                fixes=[{"negative_slope": 0.3}],
            )
        self.negative_slope = negative_slope

    def output_dtype(self, *dtypes_in: str) -> str:
        """The compute dtype for floats; floats for integers."""
        return self.compute_dtype if "float" in dtypes_in[0] else _float_type()

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        y = activations.leaky_relu(inputs, self.negative_slope)
        return dtypes.cast(y, self.compute_dtype) if inputs.dtype.kind == "f" else y

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradient; at 0, that of the slope below."""
        return np.where(inputs > 0, dy, dy * dy.dtype.type(self.negative_slope)), []


class PReLU(Elementwise):
    """Keras's `PReLU`: `x` above zero, `alpha * x` below, with a weight `alpha` for each cell.

    Args:
        alpha_initializer: what gives the first values.
        alpha_regularizer: a penalty on them.
        alpha_constraint: a constraint of them.
        shared_axes: the axes, counted from 1, along which the cells share one value; None for
            none.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`, `weights`.

    Input shape:
        (batch, ...); all sizes but those of the shared axes must be known.

    Output shape:
        The input's.

    Example:
        >>> import numpy as np
        >>> PReLU("ones", shared_axes=1)(np.array([[-4.0, 3.0]]))
        array([[-4.,  3.]], dtype=float32)
    """

    weighted = True
    built_at_once = False

    def __init__(
        self,
        alpha_initializer: Any = "Zeros",
        alpha_regularizer: Any = None,
        alpha_constraint: Any = None,
        shared_axes: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        interpret(self, initializers.get, alpha_initializer=alpha_initializer)
        interpret(self, regularizers.get, alpha_regularizer=alpha_regularizer)
        interpret(self, constraints.get, alpha_constraint=alpha_constraint)
        several = isinstance(shared_axes, list | tuple)
        self.shared_axes = (
            None if shared_axes is None else list(shared_axes) if several else [shared_axes]
        )
        self._alpha: Weight | None = None

    alpha_initializer: Any
    alpha_regularizer: Any
    alpha_constraint: Any

    @property
    def alpha(self) -> Weight:
        """The slopes below zero, of the input's shape without the batch, 1 along shared axes.

        Raises:
            AttributeError: the layer is not built.
        """
        if self._alpha is None:
            raise AttributeError("You must build the layer before accessing `alpha`.")
        return self._alpha

    def alpha_shape(self, input_shape: Shape) -> Shape:
        """The shape of `alpha` for an input shape; None where a size is not known.

        Raises:
            ShapeError: there is no such axis as a shared one.
        """
        shape = list(input_shape[1:])
        for axis in self.shared_axes or ():
            try:
                shape[axis - 1] = 1
            except (IndexError, TypeError):
                raise ShapeError(
                    f"The `shared_axes` are axes of the input, from 1 to {len(shape)}.",
                    received=f"shared_axes={self.shared_axes}, input shape {input_shape}",
                    remedy="Leave out the batch, which is axis 0.",
                    argument="shared_axes",
                    fixes=[{"shared_axes": None}],
                ) from None
        return tuple(shape)

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse other axes than at build, and sizes to which the weights cannot be stretched."""
        if self._alpha is None:
            input_spec.check_rank(self, input_shape, at_least=1)
            self.alpha_shape(input_shape)
            return
        sizes = self._alpha.shape
        input_spec.check_rank(self, input_shape, exactly=len(sizes) + 1)
        fixed = {axis: size for axis, size in enumerate(sizes, 1) if size != 1}
        input_spec.check_sizes(self, input_shape, fixed)

    def count_weights(self, shape: Shape) -> int:
        """One number for each cell, shared along the shared axes."""
        sizes = [1, *self.alpha_shape(shape)]
        return int(
            np.prod([input_spec.known_size(self, tuple(sizes), a) for a in range(1, len(sizes))])
        )

    def create_weights(self, input_shape: Shape) -> None:
        """Make `alpha`."""
        shape = (1, *self.alpha_shape(input_shape))
        self._alpha = self.add_weight(
            "alpha",
            [input_spec.known_size(self, shape, axis) for axis in range(1, len(shape))],
            self.alpha_initializer,
            self.alpha_regularizer,
            self.alpha_constraint,
        )

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        y = np.maximum(inputs, 0) + self._slopes(inputs) * np.minimum(inputs, 0)
        return dtypes.cast(y, self.compute_dtype)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients for a checked input and for `alpha`; at 0, both sides have none."""
        dx = dy * ((inputs > 0) + self._slopes(inputs) * (inputs < 0))
        pushed = (dy * np.minimum(inputs, 0)).sum(axis=0, dtype=np.float64)
        sizes = self.alpha.shape
        shared = tuple(axis for axis, size in enumerate(sizes) if size != pushed.shape[axis])
        return dx.astype(dy.dtype), [pushed.sum(axis=shared, keepdims=True).reshape(sizes)]

    def _slopes(self, inputs: Array) -> Array:
        return dtypes.cast(self.alpha.value, self.compute_dtype).astype(inputs.dtype, copy=False)


class ELU(Elementwise):
    """Keras's `ELU`: `x` above zero, `alpha * (exp(x) - 1)` below.

    Args:
        alpha: minus the value far below zero.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Example:
        >>> import numpy as np
        >>> ELU(2.0)(np.array([-100.0, 3.0]))
        array([-2.,  3.], dtype=float32)
    """

    def __init__(self, alpha: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alpha = alpha

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        return dtypes.cast(activations.elu(inputs, self.alpha), self.compute_dtype)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradient; at 0, that of the curve below unless alpha is 1."""
        below = dy.dtype.type(self.alpha) * np.exp(np.minimum(inputs, 0))
        return (dy * np.where(inputs > 0, 1, below)).astype(dy.dtype), []


class ThresholdedReLU(Elementwise):
    """Keras 2's `ThresholdedReLU`: `x` above `theta`, zero elsewhere.

    Args:
        theta: the threshold.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Raises:
        ArgumentError: a threshold that is negative or None.

    Example:
        >>> import numpy as np
        >>> ThresholdedReLU(2.0)(np.array([1.0, 2.0, 3.0]))
        array([0., 0., 3.], dtype=float32)
    """

    def __init__(self, theta: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if theta is None or not within("theta", theta, 0):
            rule = (
                "Theta of a Thresholded ReLU layer cannot be None, expecting a float."
                if theta is None
                else "The theta value of a Thresholded ReLU layer should be >=0."
            )
            raise ArgumentError(
                f"{rule} Received: {theta}",
                received=f"{theta}",
                remedy="Use 0.0 or more, such as theta=1.0.",
                argument="theta",
                fixes=[{"theta": 1.0}],
            )
        self.theta = float(theta)

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        return inputs * (inputs > self.theta)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradient passes above the threshold."""
        return dy * (inputs > self.theta), []


def _float_type() -> str:
    """The float type that integers become."""
    return str(activations.as_floats(np.zeros(0, "int32")).dtype)
