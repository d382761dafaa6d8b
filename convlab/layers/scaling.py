"""Layers that multiply by given or learned numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ArgumentTypeError, ShapeError
from convlab.layers import config, dtypes, initializers, input_spec
from convlab.layers.base import Shape, standard_shape
from convlab.layers.elementwise import Elementwise
from convlab.layers.merging import Merge
from convlab.layers.weight import Weight

Array = NDArray[Any]


class Rescaling(Elementwise):
    """Keras's `Rescaling`: `x * scale + offset`.

    Args:
        scale: a number, or one for each channel.
        offset: the same.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        Any, of floats or integers.

    Output shape:
        The input's.

    Raises:
        ArgumentTypeError: in a call, numbers that are none.
        ShapeError: in a call, numbers that do not fit the input.

    Example:
        >>> import numpy as np
        >>> Rescaling(1 / 127.5, offset=-1.0)(np.array([0, 255], "uint8"))
        array([-1.,  1.], dtype=float32)
    """

    accepts = "fiub"
    built_at_once = False
    plain_tuples = True

    def __init__(self, scale: Any, offset: Any = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scale = scale
        self.offset = offset

    def output_dtype(self, *dtypes_in: str) -> str:  # noqa: ARG002
        """The compute dtype, of integers too."""
        return self.compute_dtype

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse numbers that are none, and such as do not fit the input."""
        sizes = tuple(1 if size is None else size for size in input_shape)
        for name, value in (("scale", self._scale()), ("offset", self._number("offset"))):
            try:
                fits = np.broadcast_shapes(value.shape, sizes) == sizes
            except ValueError:
                fits = False
            known = None not in input_shape[max(len(input_shape) - value.ndim, 0) :]
            if not fits and (known or value.ndim > len(sizes)):
                raise ShapeError(
                    f"The `{name}` is one number, or one for each channel of the input.",
                    received=f"{name} of shape {value.shape}, input shape {input_shape}",
                    remedy=f"Use one number, or {input_shape[-1] if input_shape else 1}.",
                    argument=name,
                )

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        x = dtypes.cast(inputs, self.compute_dtype)
        with np.errstate(all="ignore"):
            y = dtypes.cast(x * self._scale(), self.compute_dtype)
            y = y + self._number("offset")
        return dtypes.cast(y, self.compute_dtype)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:  # noqa: ARG002
        """The gradient, times the scale."""
        return dy * self._scale(), []

    def _number(self, name: str) -> Array:
        try:
            return dtypes.cast(getattr(self, name), self.compute_dtype)
        except (TypeError, ValueError):
            raise ArgumentTypeError(
                f"The `{name}` is a number, or a list of numbers.",
                received=f"{name}={getattr(self, name)!r}",
                remedy=f"Use e.g. {name}=0.5.",
                argument=name,
            ) from None

    def _scale(self) -> Array:
        """The scale; one for each channel stands where the global data format has the channels."""
        scale = self._number("scale")
        if scale.ndim and config.image_data_format() == "channels_first":
            return scale.reshape(scale.shape + (1,) * (3 - scale.ndim))
        return scale

    def get_config(self) -> dict[str, Any]:
        """The arguments; arrays in Keras's serialised form."""
        own = super().get_config()
        return own | {name: _serialized(own[name]) for name in ("scale", "offset")}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Make the layer again from `get_config()`."""
        known = {
            name: _deserialized(config[name]) for name in ("scale", "offset") if name in config
        }
        return super().from_config({**config, **known})


class LayerScale(Elementwise):
    """The `LayerScale` of `keras.applications`' ConvNeXt: `x * gamma`, one weight a channel.

    Args:
        init_values: the first value of each weight.
        projection_dim: how many channels there are.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`, `weights`.

    Input shape:
        (..., projection_dim), or (..., 1).

    Output shape:
        (..., projection_dim).

    Raises:
        ShapeError: another number of channels.

    Example:
        >>> import numpy as np
        >>> LayerScale(0.5, 2)(np.array([[2.0, 4.0]]))
        array([[1., 2.]], dtype=float32)
    """

    weighted = True
    built_at_once = False
    accepts = "fiu"

    def __init__(self, init_values: float, projection_dim: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.init_values = init_values
        self.projection_dim = projection_dim
        self._gamma: Weight | None = None

    @property
    def gamma(self) -> Weight:
        """What the channels are multiplied by, `(projection_dim,)`.

        Raises:
            AttributeError: the layer is not built.
        """
        if self._gamma is None:
            raise AttributeError("You must build the layer before accessing `gamma`.")
        return self._gamma

    def output_dtype(self, *dtypes_in: str) -> str:  # noqa: ARG002
        """The compute dtype, of integers too."""
        return self.compute_dtype

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse another number of channels."""
        input_spec.check_rank(self, input_shape, at_least=1)
        if input_shape[-1] != 1:
            input_spec.check_sizes(self, input_shape, {-1: self.projection_dim})

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape for an input shape: one channel becomes several.

        Raises:
            ShapeError: another number of channels.
        """
        shape = standard_shape(input_shape)
        self.check_input_shape(shape)
        return (*shape[:-1], self.projection_dim)

    def count_weights(self, shape: Shape) -> int:  # noqa: ARG002
        """One for each channel."""
        return self.projection_dim

    def create_weights(self, input_shape: Shape) -> None:  # noqa: ARG002
        """Make `gamma`."""
        start = initializers.Constant(self.init_values)
        self._gamma = self.add_weight("gamma", (self.projection_dim,), start)

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        return dtypes.cast(
            inputs.astype(self._factors().dtype, copy=False) * self._factors(), self.compute_dtype
        )

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients for a checked input and for `gamma`."""
        pushed = (inputs * dy).reshape(-1, self.projection_dim).sum(axis=0, dtype=np.float64)
        dx = dy * self._factors()
        stretched = inputs.shape[-1] != self.projection_dim
        return (dx.sum(axis=-1, keepdims=True) if stretched else dx), [pushed]

    def _factors(self) -> Array:
        return dtypes.cast(self.gamma.value, self.compute_dtype)


class CustomScaleLayer(Merge):
    """The `CustomScaleLayer` of `keras.applications`' Inception-ResNet: `a + b * scale`.

    Args:
        scale: what the second input is multiplied by.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`.

    Input shape:
        A list of two arrays of one shape, or of shapes that can be stretched to one.

    Output shape:
        That shape.

    Raises:
        ShapeError: another number of inputs, or shapes that do not fit.

    Example:
        >>> import numpy as np
        >>> a = np.array([[1.0, 2.0]])
        >>> CustomScaleLayer(0.5)([a, np.full((1, 2), 4.0)]).tolist()
        [[3.0, 4.0]]
    """

    def __init__(self, scale: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scale = scale

    def check_input_shape(self, input_shape: Any) -> None:
        """Refuse any number of inputs but two."""
        super().check_input_shape(input_shape)
        if len(input_shape) != 2:
            raise ShapeError(
                "A `CustomScaleLayer` is called on exactly 2 inputs.",
                received=f"{len(input_shape)} inputs",
                remedy="Use CustomScaleLayer(scale)([a, b]).",
                argument="input_shape",
            )

    def merged(self, arrays: list[Array]) -> Array:
        """The first and a part of the second."""
        first, second = arrays
        y: Array = second * second.dtype.type(self.scale)
        y += first
        return y

    def merged_gradients(self, arrays: list[Array], dy: Array) -> list[Array]:  # noqa: ARG002
        """The output's gradient, and a part of it."""
        return [dy, dy * dy.dtype.type(self.scale)]


def _serialized(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        if not value.ndim:
            return value.item()
        return {
            "class_name": "__numpy__",
            "config": {"value": value.tolist(), "dtype": value.dtype.name},
        }
    if isinstance(value, list | tuple):
        return [_serialized(item) for item in value]
    return value


def _deserialized(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    inner = value.get("config")
    if value.get("class_name") != "__numpy__" or not isinstance(inner, Mapping):
        raise ArgumentError(
            "A number in a config is a number, a list of them, or an array in Keras's form.",
            received=f"{dict(value)}",
            remedy="Use what layer.get_config() gives.",
        )
    return np.array(inner.get("value"), inner.get("dtype"))
