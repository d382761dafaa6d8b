"""The convolution of any rank, of which Conv2D is the one of rank two."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from convlab import kernels
from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import AxisGeometry, arguments, convolution
from convlab.layers import (
    activations,
    config,
    constraints,
    dtypes,
    initializers,
    refusals,
    regularizers,
)
from convlab.layers.base import Cost, Layer, Shape, standard_shape
from convlab.layers.registry import interpreted
from convlab.layers.weight import Weight

Array = NDArray[Any]


# An axis never changes, and a layer asks for the same ones at every call.
_axis = lru_cache(maxsize=256)(convolution)


class BaseConv(Layer):
    """A convolution over `rank` spatial axes: `activation(convolve(input, kernel) + bias)`.

    As everywhere in this field, the kernel is not flipped: it is a cross-correlation.
    """

    rank: ClassVar[int]

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        groups: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.filters = int(filters) if isinstance(filters, (bool, np.integer)) else filters
        self.groups = int(groups) if isinstance(groups, (bool, np.integer)) else groups
        self.kernel_size = arguments.tuple_of(kernel_size, self.rank, "kernel_size")
        self.strides = arguments.tuple_of(strides, self.rank, "strides")
        self.dilation_rate = arguments.tuple_of(dilation_rate, self.rank, "dilation_rate")
        self.padding = arguments.conv_padding(padding, allow_causal=self.rank == 1)
        self.data_format = arguments.data_format(data_format, config.image_data_format())
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = interpreted(
            "kernel_initializer", initializers.get, kernel_initializer
        )
        self.bias_initializer = interpreted("bias_initializer", initializers.get, bias_initializer)
        self.kernel_regularizer = interpreted(
            "kernel_regularizer", regularizers.get, kernel_regularizer
        )
        self.bias_regularizer = interpreted("bias_regularizer", regularizers.get, bias_regularizer)
        self.kernel_constraint = interpreted(
            "kernel_constraint", constraints.get, kernel_constraint
        )
        self.bias_constraint = interpreted("bias_constraint", constraints.get, bias_constraint)
        self.lora_rank = refusals.checked_lora_rank(lora_rank)
        self.lora_alpha = lora_rank if lora_alpha is None else lora_alpha
        self._kernel: Weight | None = None
        self.bias: Weight | None = None
        refusals.check_filters_and_groups(filters, groups)
        refusals.check_strides_and_dilation(self.strides, self.dilation_rate)

    # Shapes

    @property
    def channel_axis(self) -> int:
        """The axis of the channels: -1, or 1 with channels_first."""
        return -1 if self.data_format == "channels_last" else 1

    def _spatial(self, shape: Shape) -> Shape:
        return shape[1:-1] if self.data_format == "channels_last" else shape[2:]

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a wrong rank, other channels than at build, channels that groups do not divide."""
        if len(input_shape) != self.rank + 2:
            raise refusals.wrong_rank(self, input_shape)
        channels = input_shape[self.channel_axis]
        if self.built and channels not in (self._built_channels, None):
            raise refusals.wrong_channels(self, self._built_channels, input_shape)
        if channels is not None and channels % self.groups:
            raise refusals.undivided_channels(self, channels, input_shape)

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
        sizes = tuple(axis.size_out for axis in self.geometry(shape)[0])
        channels = (self.filters,)
        after_batch = sizes + channels if self.channel_axis == -1 else channels + sizes
        return (shape[0], *after_batch)

    def geometry(self, input_shape: Sequence[int | None]) -> tuple[tuple[AxisGeometry, ...], ...]:
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
        axes: list[AxisGeometry] = []
        errors: list[ShapeError | None] = []
        for size, kernel, stride, dilation in zip(
            self._spatial(shape),
            arguments.whole(self.kernel_size, "kernel_size"),
            arguments.whole(self.strides, "strides", allow_float=True),
            arguments.whole(self.dilation_rate, "dilation_rate", allow_float=True),
            strict=True,
        ):
            try:
                axes.append(_axis(size, kernel, stride, dilation, self.padding))
                errors.append(None)
            except ShapeError as error:
                errors.append(error)
        if any(errors):
            raise refusals.no_output(self, shape, errors)
        return (tuple(axes),)

    def _known_channels(self, shape: Shape) -> int:
        channels = shape[self.channel_axis]
        if channels is None:
            raise refusals.unknown_channels(self, shape)
        return channels

    def kernel_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The kernel's shape for an input shape; its channels are None where they are not known.

        Raises:
            ShapeError: the filters, or the channels of a group, are no whole number.

        Example:
            >>> from convlab.layers import Conv2D
            >>> Conv2D(8, 3, groups=2).kernel_shape((None, 28, 28, 4))
            (3, 3, 2, 8)
        """
        channels = standard_shape(input_shape)[self.channel_axis]
        depth = None if channels is None else channels // self.groups
        shape = (*arguments.whole(self.kernel_size, "kernel_size"), depth, self.filters)
        refusals.check_kernel_shape(self, shape)
        return shape

    def cost(self, input_shape: Sequence[int | None]) -> Cost:
        """The number of weights and of multiply-adds for an input shape.

        Example:
            >>> from convlab.layers import Conv2D
            >>> Conv2D(8, 3).cost((None, 28, 28, 1))
            Cost(params=80, macs=48672)
        """
        self.check(input_shape)
        self._known_channels(standard_shape(input_shape))
        *taps, filters = (size or 0 for size in self.kernel_shape(input_shape))
        weights, update = math.prod(taps) * filters, 0
        if self.lora_rank:
            update = (math.prod(taps) + filters) * self.lora_rank
        sizes = [axis.size_out for axis in self.geometry(input_shape)[0]]
        known = [size for size in sizes if size is not None]
        macs = math.prod(known) * weights if len(known) == len(sizes) else None
        return Cost(weights + filters * bool(self.use_bias) + update, macs)

    # Weights

    def create_weights(self, input_shape: Shape) -> None:
        """Make kernel `(*kernel_size, channels / groups, filters)` and bias `(filters,)`."""
        self._built_channels = self._known_channels(input_shape)
        shape = self.kernel_shape(input_shape)
        if self.lora_rank and self.kernel_constraint:
            raise ArgumentError(
                "Lora is incompatible with kernel constraints. In order to enable lora on this "
                "layer, remove the `kernel_constraint` argument.",
                received=f"kernel_constraint={self.kernel_constraint!r}, "
                f"lora_rank={self.lora_rank}",
                remedy="Use kernel_constraint=None or lora_rank=None.",
                argument="kernel_constraint",
                fixes=[{"kernel_constraint": None}, {"lora_rank": None}],
            )
        self._kernel = self.add_weight(
            "kernel",
            shape,
            self.kernel_initializer,
            self.kernel_regularizer,
            self.kernel_constraint,
        )
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                (self.filters,),
                self.bias_initializer,
                self.bias_regularizer,
                self.bias_constraint,
            )
        if self.lora_rank:
            self._add_lora(self._kernel, self.lora_rank)

    def _add_lora(self, kernel: Weight, rank: int) -> None:
        shapes = {"a": (*kernel.shape[:-1], rank), "b": (rank, self.filters)}
        starts = {"a": "he_uniform", "b": "zeros"}
        self._lora = tuple(
            self.add_weight(
                f"lora_kernel_{part}",
                shapes[part],
                starts[part],
                self.kernel_regularizer,
                dtype="float32",
            )
            for part in shapes
        )
        kernel.trainable = False

    @property
    def kernel(self) -> Weight:
        """The kernel, `(*kernel_size, channels / groups, filters)`.

        Raises:
            AttributeError: the layer is not built.
        """
        if self._kernel is None:
            raise AttributeError("You must build the layer before accessing `kernel`.")
        return self._kernel

    def _effective_kernel(self) -> Array:
        """The kernel that is used: with the low-rank update, if there is one."""
        if not self.lora_rank:
            return self.kernel.value
        a, b = (weight.value for weight in self._lora)
        scale = (self.lora_alpha or 0) / self.lora_rank
        update: Array = self.kernel.value + np.float32(scale) * (a @ b)
        return update

    # The computation

    def convolve(self, inputs: Any) -> Array:
        """The output before the activation: convolution plus bias.

        Args:
            inputs: an array as for a call.

        Returns:
            An array such that `layer.activation(layer.convolve(x))` is `layer(x)`.

        Example:
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

    def _convolved(self, x: Array) -> Array:
        axes = self.geometry(x.shape)[0]
        exact = dtypes.kernel_dtype(self.compute_dtype)
        sixteen_bits = exact != self.compute_dtype
        kernel = dtypes.cast(self._effective_kernel(), self.compute_dtype).astype(exact)
        bias = None
        if self.bias is not None:
            bias = dtypes.cast(self.bias.value, self.compute_dtype).astype(exact)
        if self.channel_axis == 1:
            x = np.moveaxis(x, 1, -1)
        x = np.ascontiguousarray(x, exact)
        if sixteen_bits:  # as Keras: the sum is rounded before the bias is added
            y = dtypes.cast(
                kernels.convolve(x, kernel, None, axes, self.groups), self.compute_dtype
            )
            y = y if bias is None else dtypes.cast(y + bias, self.compute_dtype)
        else:
            y = kernels.convolve(x, kernel, bias, axes, self.groups)
        return y if self.channel_axis == -1 else np.ascontiguousarray(np.moveaxis(y, -1, 1))

    # Config

    def get_config(self) -> dict[str, Any]:
        """The arguments, normalised and serialised as Keras does."""
        own = {
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "data_format": self.data_format,
            "dilation_rate": self.dilation_rate,
            "groups": self.groups,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
        }
        if self.lora_rank:
            own |= {"lora_rank": self.lora_rank, "lora_alpha": self.lora_alpha}
        return super().get_config() | own
