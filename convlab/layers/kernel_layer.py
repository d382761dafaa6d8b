"""What the layers with a kernel share: its arguments, geometry, bias, activation, gradients."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ShapeError
from convlab.geometry import AxisGeometry, arguments, convolution
from convlab.geometry.links import Every, Link
from convlab.layers import (
    activation_gradients,
    activations,
    config,
    constraints,
    dtypes,
    initializers,
    refusals,
    regularizers,
)
from convlab.layers.base import Cost, Shape, standard_shape
from convlab.layers.registry import interpret
from convlab.layers.spatial import Spatial, each_axis
from convlab.layers.weight import Weight

Array = NDArray[Any]
Axes = tuple[AxisGeometry, ...]


# An axis never changes, and a layer asks for the same ones at every call.
_axis = lru_cache(maxsize=256)(convolution)


_MOST_SEEN = 16
"""For so many shapes of inputs a layer remembers how they are computed."""


class _Known(NamedTuple):
    """How inputs of one shape are computed, as long as the weights have these values."""

    compute: Callable[[Array], Array]
    weights: tuple[tuple[Weight, Array], ...]


class KernelLayer(Spatial):
    """A layer that computes `activation(sum over the taps + bias)`.

    A layer of the family says what shape its kernel has (`kernel_shape`), how many channels come
    out (`channels_out`), what it sums (`sum_taps`) and the gradients of that sum
    (`sum_gradients`).
    """

    def __init__(
        self,
        *,
        kernel_size: Any,
        strides: Any,
        padding: Any,
        data_format: str | None,
        dilation_rate: Any,
        activation: Any,
        use_bias: bool,
        bias_initializer: Any,
        bias_regularizer: Any,
        bias_constraint: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.kernel_size = arguments.tuple_of(kernel_size, self.rank, "kernel_size")
        self.strides = arguments.tuple_of(strides, self.rank, "strides")
        self.dilation_rate = arguments.tuple_of(dilation_rate, self.rank, "dilation_rate")
        self.padding = arguments.conv_padding(padding, allow_causal=self.causal_allowed)
        self.data_format = arguments.data_format(data_format, config.image_data_format())
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        interpret(self, initializers.get, bias_initializer=bias_initializer)
        interpret(self, regularizers.get, bias_regularizer=bias_regularizer)
        interpret(self, constraints.get, bias_constraint=bias_constraint)
        self.bias: Weight | None = None

    bias_initializer: Any
    bias_regularizer: Any
    bias_constraint: Any
    causal_allowed = False

    # What a layer of the family says

    def kernel_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The stored kernel's shape for an input shape; None where a size is not known."""
        raise NotImplementedError

    def channels_out(self, channels: int | None) -> Any:
        """The output's channels, for the input's."""
        raise NotImplementedError

    def create_kernels(self, input_shape: Shape) -> None:
        """Make the weights that come before the bias."""
        raise NotImplementedError

    def sum_taps(self, x: Array, bias: Array | None) -> Array:
        """The sum over the taps for an input in channels_last, plus the bias if there is one.

        Args:
            x: float32 or float64 `(batch, *sizes, channels)`, contiguous.
            bias: of the same dtype, `(channels out,)`, or None.
        """
        raise NotImplementedError

    def sum_gradients(self, x: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients of `sum_taps` for its input and for the weights before the bias.

        Args:
            x: as for `sum_taps`.
            dy: the gradient of the output, channels_last, of the same dtype.
        """
        raise NotImplementedError

    # Shapes

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a wrong rank, or other channels than at build."""
        if len(input_shape) != self.rank + 2:
            raise refusals.wrong_rank(self, input_shape)
        channels = input_shape[self.channel_axis]
        if self.built and channels not in (self._built_channels, None):
            raise refusals.wrong_channels(self, self._built_channels, input_shape)

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape for an input shape, in which any size may be None.

        Raises:
            ShapeError: the rank is wrong, or the kernel reaches further than the padded input.

        Example:
            >>> from convlab.layers import Conv2D
            >>> Conv2D(8, 3, strides=2, padding="same").compute_output_shape((None, 28, None, 1))
            (None, 14, None, 8)
        """
        shape = standard_shape(input_shape)
        sizes = tuple(axis.size_out for axis in self.geometry(shape)[-1])
        return self.whole_shape(shape[0], sizes, self.channels_out(shape[self.channel_axis]))

    def geometry(self, input_shape: Sequence[int | None]) -> tuple[Axes, ...]:
        """How input and output are related: one step, one `AxisGeometry` per spatial axis.

        Args:
            input_shape: the whole shape, batch included; any size may be None.

        Raises:
            ShapeError: the rank is wrong, or the kernel reaches further than the padded input.

        Example:
            >>> from convlab.layers import Conv2D
            >>> (height, width), = Conv2D(8, 3).geometry((None, 5, 7, 1))
            >>> height.size_out, width.size_out
            (3, 5)
        """
        shape = standard_shape(input_shape)
        if len(shape) != self.rank + 2:
            raise refusals.wrong_rank(self, shape)
        if not isinstance(self.padding, str):
            raise refusals.unsupported_padding(self.padding)
        axes, errors = self.axes(self.spatial_sizes(shape))
        if any(errors):
            raise refusals.no_output(self, shape, errors)
        return (axes,)

    def axes(self, sizes: Shape) -> tuple[Axes, list[ShapeError | None]]:
        """The geometry of each spatial axis, and per axis why it has none."""
        return each_axis(
            _axis,
            sizes,
            arguments.whole(self.kernel_size, "kernel_size"),
            arguments.whole(self.strides, "strides", allow_float=True),
            arguments.whole(self.dilation_rate, "dilation_rate", allow_float=True),
            (self.padding,) * self.rank,
        )

    def channel_link(self, shape: Shape) -> Link:  # noqa: ARG002
        """Which channels an output reads: all of them."""
        return Every()

    def known_channels(self, shape: Shape) -> int:
        """The input's channels.

        Raises:
            ArgumentTypeError: they are None.
        """
        channels = shape[self.channel_axis]
        if channels is None:
            raise refusals.unknown_channels(self, shape)
        return channels

    def cost(self, input_shape: Sequence[int | None]) -> Cost:
        """The number of weights and of multiply-adds for an input shape.

        Example:
            >>> from convlab.layers import Conv2D
            >>> Conv2D(8, 3).cost((None, 28, 28, 1))
            Cost(params=80, macs=48672)
        """
        self.check(input_shape)
        channels = self.known_channels(standard_shape(input_shape))
        weights = math.prod(size or 0 for size in self.kernel_shape(input_shape))
        cells = known_product(axis.size_out for axis in self.geometry(input_shape)[0])
        params = weights + self.channels_out(channels) * bool(self.use_bias)
        return Cost(params, None if cells is None else cells * weights)

    # Weights

    def create_weights(self, input_shape: Shape) -> None:
        """Make the kernel and the bias."""
        self._built_channels = self.known_channels(input_shape)
        self.create_kernels(input_shape)
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                (self.channels_out(self._built_channels),),
                self.bias_initializer,
                self.bias_regularizer,
                self.bias_constraint,
            )

    # The computation

    def __call__(self, inputs: Any, *more: Any, **arguments: Any) -> Any:
        """The output for an input array; see `Layer.__call__`.

        A further call with an array of a shape that was seen takes a shorter way to the kernel.
        """
        if type(inputs) is not np.ndarray or more or arguments:
            return super().__call__(inputs, *more, **arguments)
        seen = self.__dict__.setdefault("_seen", {})
        key = (inputs.shape, inputs.dtype)
        known = seen.get(key)
        if known is not None and all(weight.value is value for weight, value in known.weights):
            return known.compute(inputs)
        outputs = super().__call__(inputs)
        if len(seen) >= _MOST_SEEN:
            seen.clear()
        seen[key] = self._known(inputs)
        return outputs

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name != "_activity_losses":
            self.__dict__.pop("_seen", None)  # what was prepared may be another computation now

    def __getstate__(self) -> dict[str, Any]:
        """What a copy takes along: not the addresses in what was prepared."""
        return {name: value for name, value in self.__dict__.items() if name != "_seen"}

    def sum_prepared(self, shape: tuple[int, ...]) -> Callable[[Array], Array] | None:  # noqa: ARG002
        """`sum_taps` with the bias for inputs of one shape, if it can be prepared."""
        return None

    def _known(self, inputs: Array) -> _Known | None:
        """How an input like this one is computed, if there is no more to it than the kernel."""
        plain = (
            type(self).call is KernelLayer.call
            and type(self)._convolved is KernelLayer._convolved
            and self.activity_regularizer is None
            and self.data_format == "channels_last"
            and inputs.dtype == self.compute_dtype == self.variable_dtype
            and inputs.dtype.isnative
            and not any(weight.value.flags.writeable for weight in self._weights)
        )
        sums = self.sum_prepared(inputs.shape) if plain else None
        if sums is None:
            return None
        compute = sums
        if self.activation is not activations.linear:

            def compute(x: Array) -> Array:
                return dtypes.cast(self.activation(sums(x)), self.compute_dtype)

        return _Known(compute, tuple((weight, weight.value) for weight in self._weights))

    def convolve(self, inputs: Any) -> Array:
        """The output before the activation: the sum over the taps plus the bias.

        Args:
            inputs: an array as for a call.

        Returns:
            An array such that `layer.activation(layer.convolve(x))` is `layer(x)`.

        Example:
            >>> import numpy as np
            >>> from convlab.layers import Conv2D
            >>> layer = Conv2D(1, 1, activation="relu", kernel_initializer="ones")
            >>> x = np.array([-1.0, 2.0], "float32").reshape(1, 1, 2, 1)
            >>> layer.convolve(x).ravel(), layer(x).ravel()
            (array([-1.,  2.], dtype=float32), array([0., 2.], dtype=float32))
        """
        return self._convolved(self.prepare(inputs))

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        outputs = self.activation(self._convolved(inputs))
        return dtypes.cast(outputs, self.compute_dtype)

    def computed(self, values: Any) -> Array:
        """Weights or inputs as the kernels take them: rounded to the compute dtype."""
        exact = dtypes.kernel_dtype(self.compute_dtype)
        return dtypes.cast(values, self.compute_dtype).astype(exact, copy=False)

    def _convolved(self, x: Array) -> Array:
        x = self.channels_last(self.computed(x))
        bias = None if self.bias is None else self.computed(self.bias.value)
        if dtypes.kernel_dtype(self.compute_dtype) == self.compute_dtype:
            y = self.sum_taps(x, bias)
        else:  # 16 bits, as Keras: the sum is rounded before the bias is added
            y = dtypes.cast(self.sum_taps(x, None), self.compute_dtype)
            y = y if bias is None else dtypes.cast(y + bias, self.compute_dtype)
        return self.own_format(y)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients for a checked input and for each weight."""
        if self.activation is not activations.linear:
            dy = activation_gradients.gradient(self.activation, self._convolved(inputs), dy)
        dz = self.channels_last(self.computed(dy))
        dx, weights = self.sum_gradients(self.channels_last(self.computed(inputs)), dz)
        if self.bias is not None:
            weights.append(self.bias_gradient(dz))
        return self.own_format(dx), weights

    def bias_gradient(self, dz: Array) -> Array:
        """The gradient of the bias for that of the sums, channels_last."""
        total: Array = dz.reshape(-1, dz.shape[-1]).sum(axis=0, dtype=np.float64)
        return total


def known_product(sizes: Any) -> int | None:
    """The product of sizes, or None if one is not known."""
    values = list(sizes)
    return None if None in values else math.prod(values)
