"""Depthwise convolutions: no channel reads another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from convlab import kernels
from convlab.geometry import arguments
from convlab.geometry.links import Grouped, Link
from convlab.layers import constraints, initializers, refusals, regularizers
from convlab.layers.base import Shape, standard_shape
from convlab.layers.kernel_layer import KernelLayer
from convlab.layers.registry import interpret
from convlab.layers.weight import Weight

Array = NDArray[Any]


class BaseDepthwiseConv(KernelLayer):
    """A depthwise convolution over `rank` spatial axes."""

    depthwise_initializer: Any
    depthwise_regularizer: Any
    depthwise_constraint: Any
    _kernel: Weight | None = None

    def __init__(
        self,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            kernel_size=kernel_size,
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
        self.depth_multiplier = refusals.plain_count(depth_multiplier)
        interpret(self, initializers.get, depthwise_initializer=depthwise_initializer)
        interpret(self, regularizers.get, depthwise_regularizer=depthwise_regularizer)
        interpret(self, constraints.get, depthwise_constraint=depthwise_constraint)
        refusals.check_positive("depth_multiplier", depth_multiplier)

    def channels_out(self, channels: int | None) -> Any:
        """So many channels for each of the input's."""
        if channels is None:
            return None
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        refusals.check_whole("depth_multiplier", self.depth_multiplier, shape)
        return channels * self.depth_multiplier

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape for an input shape, in which any size but the channels may be None.

        Raises:
            ShapeError: the rank is wrong, or the kernel reaches further than the padded input.
            ArgumentTypeError: the channels are None, of which the output has a multiple.
        """
        shape = super().compute_output_shape(input_shape)
        self.known_channels(shape)
        return shape

    def channel_link(self, shape: Shape) -> Link:
        """Which channels an output reads: the one that it was made from."""
        return Grouped(self.channel_axis % len(shape), 1, self.depth_multiplier)

    def kernel_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The kernel's shape `(*kernel_size, channels, depth_multiplier)` for an input shape.

        Raises:
            ShapeError: the multiplier is no whole number.

        Example:
            >>> from convlab.layers import DepthwiseConv2D
            >>> DepthwiseConv2D(3, depth_multiplier=2).kernel_shape((None, 28, 28, 4))
            (3, 3, 4, 2)
        """
        channels = standard_shape(input_shape)[self.channel_axis]
        size = arguments.whole(self.kernel_size, "kernel_size")
        return depthwise_shape(size, channels, self.depth_multiplier)

    def create_kernels(self, input_shape: Shape) -> None:
        """Make the kernel `(*kernel_size, channels, depth_multiplier)`."""
        self._kernel = self.add_weight(
            "kernel",
            self.kernel_shape(input_shape),
            self.depthwise_initializer,
            self.depthwise_regularizer,
            self.depthwise_constraint,
        )

    @property
    def kernel(self) -> Weight:
        """The kernel, `(*kernel_size, channels, depth_multiplier)`.

        Raises:
            AttributeError: the layer is not built.
        """
        if self._kernel is None:
            raise AttributeError("You must build the layer before accessing `kernel`.")
        return self._kernel

    def sum_taps(self, x: Array, bias: Array | None) -> Array:
        """The depthwise convolution of a channels_last input, plus the bias."""
        axes = self.axes(x.shape[1:-1])[0]
        return kernels.depthwise(x, self.computed(self.kernel.value), bias, axes)

    def sum_gradients(self, x: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients of the depthwise convolution for input and kernel."""
        axes = self.axes(x.shape[1:-1])[0]
        dx = kernels.depthwise_input_gradient(dy, self.computed(self.kernel.value), axes)
        return dx, [kernels.depthwise_kernel_gradient(x, dy, axes)]


def depthwise_shape(
    kernel_size: tuple[int, ...], channels: int | None, multiplier: Any
) -> tuple[Any, ...]:
    """The shape of a depthwise kernel; refuses a multiplier that is no whole number."""
    shape = (*kernel_size, channels, multiplier)
    refusals.check_whole("depth_multiplier", multiplier, shape)
    return shape


class DepthwiseConv1D(BaseDepthwiseConv):
    """Keras's `DepthwiseConv1D`: each channel is convolved with kernels of its own.

    Args:
        kernel_size: an integer or (steps,).
        strides: the step of the window, an integer or (steps,).
        padding: `"valid"` (none) or `"same"` (an output has ceil(size / stride) cells).
        depth_multiplier: how many output channels each input channel has.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        dilation_rate: the distance between taps, an integer or (steps,).
        activation: a name or a function; None is linear.
        use_bias: whether each output channel adds a number.
        depthwise_initializer: the kernel's initial values: a name, object, function or array.
        bias_initializer: the bias's initial values.
        depthwise_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        depthwise_constraint: what an optimizer applies to the kernel.
        bias_constraint: what an optimizer applies to the bias.
        **kwargs: `name`, `trainable`, `dtype`, `autocast`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size` and `weights`.

    Input shape:
        (batch, steps, channels), or (batch, channels, steps) with channels_first.

    Output shape:
        The same with new sizes, and channels * depth_multiplier channels: those of the first
        input channel come first.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> layer = DepthwiseConv1D(2, depthwise_initializer="ones")
        >>> layer(np.array([[[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]]))[0]
        array([[ 3., 30.],
               [ 5., 50.]], dtype=float32)
    """

    rank = 1


class DepthwiseConv2D(BaseDepthwiseConv):
    """Keras's `DepthwiseConv2D`: each channel is convolved with kernels of its own.

    Args:
        kernel_size: an integer or (height, width).
        strides: the step of the window, an integer or (height, width).
        padding: `"valid"` (none) or `"same"` (an output has ceil(size / stride) cells).
        depth_multiplier: how many output channels each input channel has.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        dilation_rate: the distance between taps, an integer or (height, width).
        activation: a name or a function; None is linear.
        use_bias: whether each output channel adds a number.
        depthwise_initializer: the kernel's initial values: a name, object, function or array.
        bias_initializer: the bias's initial values.
        depthwise_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        depthwise_constraint: what an optimizer applies to the kernel.
        bias_constraint: what an optimizer applies to the bias.
        **kwargs: `name`, `trainable`, `dtype`, `autocast`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size` and `weights`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first.

    Output shape:
        The same with new sizes, and channels * depth_multiplier channels: those of the first
        input channel come first.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> layer = DepthwiseConv2D(3, padding="same", depth_multiplier=2)
        >>> layer(np.ones((1, 4, 4, 3))).shape
        (1, 4, 4, 6)
        >>> [weight.shape for weight in layer.weights]
        [(3, 3, 3, 2), (6,)]
    """

    rank = 2
