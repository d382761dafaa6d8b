"""Transposed convolutions: the scatter of which a convolution is the gather.

Keras's constructors of the three ranks differ in the order of their arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from numpy.typing import NDArray

from convlab import kernels
from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import arguments
from convlab.geometry.transposed import transposed
from convlab.layers import constraints, initializers, refusals, regularizers
from convlab.layers.base import Cost, Shape, standard_shape
from convlab.layers.kernel_layer import Axes, KernelLayer, known_product
from convlab.layers.registry import interpret
from convlab.layers.spatial import each_axis
from convlab.layers.weight import Weight

Array = NDArray[Any]

_axis = lru_cache(maxsize=256)(transposed)


class BaseConvTranspose(KernelLayer):
    """A transposed convolution over `rank` axes: every input cell stamps the kernel, weighted."""

    filters: Any
    output_padding: tuple[int, ...] | None
    kernel_initializer: Any
    kernel_regularizer: Any
    kernel_constraint: Any
    _kernel: Weight | None = None

    def __init__(
        self,
        *,
        filters: int,
        kernel_size: Any,
        output_padding: Any,
        kernel_initializer: Any,
        kernel_regularizer: Any,
        kernel_constraint: Any,
        **common: Any,
    ) -> None:
        super().__init__(kernel_size=kernel_size, **common)
        self.filters = refusals.plain_count(filters)
        interpret(self, initializers.get, kernel_initializer=kernel_initializer)
        interpret(self, regularizers.get, kernel_regularizer=kernel_regularizer)
        interpret(self, constraints.get, kernel_constraint=kernel_constraint)
        refusals.check_positive("filters", filters)
        refusals.check_strides_and_dilation(self.strides, self.dilation_rate)
        self.output_padding = None
        if output_padding is not None:
            self.output_padding = arguments.tuple_of(
                output_padding, self.rank, "output_padding", allow_zero=True
            )
            _check_output_padding(self.output_padding, self.strides)

    # Shapes

    def channels_out(self, channels: int | None) -> Any:  # noqa: ARG002
        """The number of filters, whatever the input's channels."""
        return self.filters

    def axes(self, sizes: Shape) -> tuple[Axes, list[ShapeError | None]]:
        """The geometry of each spatial axis, a scatter; a transposed axis refuses no size."""
        none = (None,) * self.rank
        return each_axis(
            _axis,
            sizes,
            arguments.whole(self.kernel_size, "kernel_size"),
            arguments.whole(self.strides, "strides", allow_float=True),
            arguments.whole(self.dilation_rate, "dilation_rate", allow_float=True),
            (self.padding,) * self.rank,
            none if self.output_padding is None else self.output_padding,
        )

    def kernel_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The kernel's shape `(*kernel_size, filters, channels)` for an input shape.

        Raises:
            ShapeError: the filters are no whole number.

        Example:
            >>> from convlab.layers import Conv2DTranspose
            >>> Conv2DTranspose(8, 3).kernel_shape((None, 14, 14, 4))
            (3, 3, 8, 4)
        """
        channels = standard_shape(input_shape)[self.channel_axis]
        refusals.check_whole("filters", self.filters, (*self.kernel_size, self.filters, channels))
        return (*arguments.whole(self.kernel_size, "kernel_size"), self.filters, channels)

    def cost(self, input_shape: Sequence[int | None]) -> Cost:
        """The number of weights and of multiply-adds: each input cell meets every weight once.

        Example:
            >>> from convlab.layers import Conv2DTranspose
            >>> Conv2DTranspose(8, 3, strides=2).cost((None, 14, 14, 1))
            Cost(params=80, macs=14112)
        """
        self.check(input_shape)
        shape = standard_shape(input_shape)
        self.known_channels(shape)
        weights = known_product(self.kernel_shape(shape)) or 0
        cells = known_product(self.spatial_sizes(shape))
        params = weights + self.filters * bool(self.use_bias)
        return Cost(params, None if cells is None else cells * weights)

    # Weights

    def create_kernels(self, input_shape: Shape) -> None:
        """Make the kernel `(*kernel_size, filters, channels)`."""
        self._kernel = self.add_weight(
            "kernel",
            self.kernel_shape(input_shape),
            self.kernel_initializer,
            self.kernel_regularizer,
            self.kernel_constraint,
        )

    @property
    def kernel(self) -> Weight:
        """The kernel, `(*kernel_size, filters, channels)`.

        Raises:
            AttributeError: the layer is not built.
        """
        if self._kernel is None:
            raise AttributeError("You must build the layer before accessing `kernel`.")
        return self._kernel

    # The computation

    def sum_taps(self, x: Array, bias: Array | None) -> Array:
        """The scatter of a channels_last input, plus the bias."""
        kernel = kernels.exchanged(self.computed(self.kernel.value))
        return kernels.convolve(x, kernel, bias, self.axes(x.shape[1:-1])[0])

    def sum_gradients(self, x: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients of the scatter for input and kernel: the input's is a convolution."""
        axes = self.axes(x.shape[1:-1])[0]
        dx = kernels.input_gradient(dy, kernels.exchanged(self.computed(self.kernel.value)), axes)
        return dx, [kernels.exchanged(kernels.kernel_gradient(x, dy, axes))]


def _check_output_padding(output_padding: tuple[int, ...], strides: tuple[int, ...]) -> None:
    for axis, (extra, stride) in enumerate(zip(output_padding, strides, strict=True)):
        if extra >= stride:
            most = tuple(min(e, s - 1) for e, s in zip(output_padding, strides, strict=True))
            raise ArgumentError(
                "`output_padding` must be strictly less than `strides` for all dimensions. At "
                f"dimension {axis}, output_padding={extra} and strides={stride}.",
                received=f"output_padding={output_padding}, strides={strides}",
                remedy=f"Use output_padding={most}, or None for Keras's choice.",
                argument="output_padding",
                fixes=[{"output_padding": most}, {"output_padding": None}],
            )


class Conv1DTranspose(BaseConvTranspose):
    """Keras's `Conv1DTranspose`: every input cell stamps each filter's kernel onto the output.

    Args:
        filters: the number of output channels.
        kernel_size: an integer or (steps,).
        strides: the distance between stamps in the output, an integer or (steps,).
        padding: `"valid"` (nothing is cropped) or `"same"` (the output has size * stride cells).
        output_padding: cells beyond the smallest output, less than the stride,
            an integer or (steps,); None, which is not 0,
            undoes the shape of a convolution.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        dilation_rate: the distance between taps, an integer or (steps,); not with strides.
        activation: a name or a function; None is linear.
        use_bias: whether each filter adds a number.
        kernel_initializer: the kernel's initial values: a name, object, function or array.
        bias_initializer: the bias's initial values.
        kernel_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        kernel_constraint: what an optimizer applies to the kernel.
        bias_constraint: what an optimizer applies to the bias.
        **kwargs: `name`, `trainable`, `dtype`, `autocast`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size` and `weights`.

    Input shape:
        (batch, steps, channels), or (batch, channels, steps) with channels_first.

    Output shape:
        The same with new sizes, and `filters` channels.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> layer = Conv1DTranspose(1, 3, strides=2, padding="same")
        >>> layer.build((None, 2, 1))
        >>> layer.set_weights([np.array([1, 2, 3]).reshape(3, 1, 1), np.zeros(1)])
        >>> layer(np.array([[[1.0], [10.0]]])).ravel()
        array([ 1.,  2., 13., 20.], dtype=float32)
    """

    rank = 1

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filters=filters,
            kernel_size=kernel_size,
            output_padding=output_padding,
            kernel_initializer=kernel_initializer,
            kernel_regularizer=kernel_regularizer,
            kernel_constraint=kernel_constraint,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            activation=activation,
            use_bias=use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            bias_constraint=bias_constraint,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )


class Conv2DTranspose(BaseConvTranspose):
    """Keras's `Conv2DTranspose`: every input cell stamps each filter's kernel onto the output.

    Args:
        filters: the number of output channels.
        kernel_size: an integer or (height, width).
        strides: the distance between stamps in the output, an integer or (height, width).
        padding: `"valid"` (nothing is cropped) or `"same"` (the output has size * stride cells).
        output_padding: cells beyond the smallest output, less than the stride,
            an integer or (height, width); None, which is not 0,
            undoes the shape of a convolution.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        dilation_rate: the distance between taps, an integer or (height, width); not with strides.
        activation: a name or a function; None is linear.
        use_bias: whether each filter adds a number.
        kernel_initializer: the kernel's initial values: a name, object, function or array.
        bias_initializer: the bias's initial values.
        kernel_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        kernel_constraint: what an optimizer applies to the kernel.
        bias_constraint: what an optimizer applies to the bias.
        **kwargs: `name`, `trainable`, `dtype`, `autocast`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size` and `weights`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first.

    Output shape:
        The same with new sizes, and `filters` channels.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> layer = Conv2DTranspose(1, 2, kernel_initializer="ones")
        >>> layer(np.array([1.0, 2.0]).reshape(1, 1, 2, 1))[0, :, :, 0]
        array([[1., 3., 2.],
               [1., 3., 2.]], dtype=float32)
        >>> Conv2DTranspose(8, 3, strides=2, padding="same").compute_output_shape((4, 14, 14, 16))
        (4, 28, 28, 8)
    """

    rank = 2

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filters=filters,
            kernel_size=kernel_size,
            output_padding=output_padding,
            kernel_initializer=kernel_initializer,
            kernel_regularizer=kernel_regularizer,
            kernel_constraint=kernel_constraint,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            activation=activation,
            use_bias=use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            bias_constraint=bias_constraint,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )


class Conv3DTranspose(BaseConvTranspose):
    """Keras's `Conv3DTranspose`: every input cell stamps each filter's kernel onto the output.

    Args:
        filters: the number of output channels.
        kernel_size: an integer or (depth, height, width).
        strides: the distance between stamps in the output, an integer or (depth, height, width).
        padding: `"valid"` (nothing is cropped) or `"same"` (the output has size * stride cells).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        output_padding: cells beyond the smallest output, less than the stride,
            an integer or (depth, height, width); None, which is not 0,
            undoes the shape of a convolution.
        dilation_rate: the distance between taps, an integer or (depth, height, width); not with
            strides.
        activation: a name or a function; None is linear.
        use_bias: whether each filter adds a number.
        kernel_initializer: the kernel's initial values: a name, object, function or array.
        bias_initializer: the bias's initial values.
        kernel_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        kernel_constraint: what an optimizer applies to the kernel.
        bias_constraint: what an optimizer applies to the bias.
        **kwargs: `name`, `trainable`, `dtype`, `autocast`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size` and `weights`.

    Input shape:
        (batch, depth, height, width, channels), or (batch, channels, depth, height, width) with
        channels_first.

    Output shape:
        The same with new sizes, and `filters` channels.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> layer = Conv3DTranspose(32, 2, strides=2)
        >>> layer.compute_output_shape((4, 10, 8, 12, 128))
        (4, 20, 16, 24, 32)
    """

    rank = 3

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: str | None = None,
        output_padding: Any = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filters=filters,
            kernel_size=kernel_size,
            output_padding=output_padding,
            kernel_initializer=kernel_initializer,
            kernel_regularizer=kernel_regularizer,
            kernel_constraint=kernel_constraint,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            activation=activation,
            use_bias=use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            bias_constraint=bias_constraint,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )


Convolution1DTranspose = Conv1DTranspose
Convolution2DTranspose = Deconvolution2D = Conv2DTranspose
Convolution3DTranspose = Deconvolution3D = Conv3DTranspose
