"""Layers that multiply by given or learned numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry.links import Dependence, broadcast
from convlab.layers import config, dtypes, initializers, input_spec
from convlab.layers.base import Shape, standard_shape
from convlab.layers.elementwise import Elementwise
from convlab.layers.joining import summed_to
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
        ArgumentError: in a call, numbers that are none.
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

    def called_shape(self, input_shape: Shape) -> Shape:
        """The output's shape in a call, in which several numbers stretch a size of 1."""
        for name, value in (("scale", self._scale()), ("offset", self._number("offset"))):
            stretched = _stretched(input_shape, value.shape)
            if stretched is None:
                raise ShapeError(
                    f"The `{name}` is one number, or one for each channel of the input.",
                    received=f"{name} of shape {value.shape}, input shape {input_shape}",
                    remedy=f"Use one number, or {input_shape[-1] if input_shape else 1}.",
                    argument=name,
                )
            input_shape = stretched
        return input_shape

    def dependence(
        self,
        input_shape: Any,
        output: int = 0,  # noqa: ARG002
    ) -> tuple[Dependence | None, ...]:
        """Each output reads the input at its place."""
        shape = standard_shape(input_shape)
        return (broadcast(shape, self.called_shape(shape)),)

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        x = dtypes.cast(inputs, self.compute_dtype)
        with np.errstate(all="ignore"):
            y = dtypes.cast(x * self._scale(), self.compute_dtype)
            y = y + self._number("offset")
        return dtypes.cast(y, self.compute_dtype)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradient, times the scale."""
        return summed_to(dy * self._scale(), inputs.shape), []

    def _number(self, name: str) -> Array:
        try:
            value = np.asarray(getattr(self, name))
        except ValueError:  # lists of several lengths
            value = np.asarray(None)
        if value.dtype.kind not in "fiub":
            raise ArgumentError(
                f"The `{name}` is a number, or a list of numbers.",
                received=f"{name}={getattr(self, name)!r}",
                remedy=f"Use e.g. {name}=0.5.",
                argument=name,
            )
        return dtypes.cast(value, self.compute_dtype)

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
        (..., projection_dim), or one of them is 1.

    Output shape:
        The input's, its last size stretched to projection_dim.

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
        if _stretched(input_shape, (self.projection_dim,)) is None:
            input_spec.check_sizes(self, input_shape, {-1: self.projection_dim})

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape for an input shape: one channel becomes several.

        Raises:
            ShapeError: another number of channels.
        """
        shape = standard_shape(input_shape)
        self.check_input_shape(shape)
        return _stretched(shape, (self.projection_dim,)) or shape

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
        dgamma = summed_to((inputs * dy).astype(np.float64), (self.projection_dim,))
        return summed_to(dy * self._factors(), inputs.shape), [dgamma]

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


def _stretched(shape: Shape, other: tuple[int, ...]) -> Shape | None:
    """The shape to which two are stretched as NumPy does; None if they cannot be."""
    rank = max(len(shape), len(other))
    first, second = (1,) * (rank - len(shape)) + shape, (1,) * (rank - len(other)) + other
    pairs = list(zip(first, second, strict=True))
    if any(size not in (1, of, None) and of != 1 for size, of in pairs):
        return None
    return tuple(size if of == 1 else of for size, of in pairs)


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
