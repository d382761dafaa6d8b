"""The layer that is an activation function, and the one that does nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import DataError
from convlab.layers import activation_gradients, activations, dtypes
from convlab.layers.elementwise import Elementwise

Array = NDArray[Any]

_KEEP_INTEGERS = (activations.linear, activations.relu, activations.relu6)
_TAKE_INTEGERS = (
    *_KEEP_INTEGERS,
    activations.leaky_relu,
    activations.tanh,
    activations.exponential,
)
_TAKE_BOOLEANS = (activations.linear, activations.tanh, activations.exponential)
_ALONG_ONE_AXIS = (
    activations.softmax,
    activations.log_softmax,
    activations.sparsemax,
    activations.glu,
)


class Activation(Elementwise):
    """Keras's `Activation`: an activation function as a layer.

    Args:
        activation: a function or its name.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        Any.

    Output shape:
        The input's; `glu` halves the last axis.

    Raises:
        ArgumentError: a function that is not known.

    Example:
        >>> import numpy as np
        >>> Activation("relu")(np.array([-3.0, 2.0]))
        array([0., 2.], dtype=float32)
    """

    accepts = "fiub"

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def mixed_axes(self, shape: Any) -> tuple[int, ...]:
        """The last axis, for softmax and its like; none for other functions."""
        return (len(shape) - 1,) if self.activation in _ALONG_ONE_AXIS else ()

    def called_shape(self, input_shape: Any) -> Any:
        """The output's shape in a call, in which `glu` halves the last axis."""
        if self.activation is not activations.glu or not input_shape or input_shape[-1] is None:
            return super().called_shape(input_shape)
        halves = np.empty((0, input_shape[-1]))
        return (*input_shape[:-1], activations.glu(halves).shape[-1])

    def output_dtype(self, *dtypes_in: str) -> str:
        """The compute dtype for floats; integers stay, or become floats."""
        if "float" in dtypes_in[0] or self.activation in _KEEP_INTEGERS:
            return super().output_dtype(*dtypes_in)
        return str(activations.as_floats(np.zeros(0, "int32")).dtype)

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        kind = inputs.dtype.kind
        if kind == "f":
            return dtypes.cast(self.activation(inputs), self.compute_dtype)
        refused = not hasattr(self.activation, "__wrapped__")  # a function of one's own
        if not refused and self.activation not in (
            _TAKE_BOOLEANS if kind == "b" else _TAKE_INTEGERS
        ):
            raise DataError(
                f"{self!r} needs floats.",
                received=f"an array of dtype {inputs.dtype}",
                remedy='Use x.astype("float32").',
            )
        if self.activation is activations.linear:
            return inputs
        y: Array = self.activation(inputs)
        return y.astype(inputs.dtype) if self.activation in _KEEP_INTEGERS else y

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradient for a checked input; there are no weights."""
        return activation_gradients.gradient(self.activation, inputs, dy), []


class Identity(Elementwise):
    """Keras's `Identity`: the input itself.

    Args:
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Example:
        >>> import numpy as np
        >>> Identity()(np.array([1, 2], "uint8"))
        array([1, 2], dtype=uint8)
    """

    accepts = "fiub"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def call(self, inputs: Array) -> Array:
        """The checked input."""
        return inputs

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:  # noqa: ARG002
        """The gradient passes."""
        return dy, []
