"""Separable convolutions: a depthwise step, then a pointwise one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from convlab import kernels
from convlab.geometry import AxisGeometry, arguments, convolution
from convlab.layers import constraints, dtypes, initializers, refusals, regularizers
from convlab.layers.base import Cost, Shape, standard_shape
from convlab.layers.depthwise import depthwise_shape
from convlab.layers.kernel_layer import Axes, KernelLayer, known_product
from convlab.layers.registry import interpret
from convlab.layers.weight import Weight

Array = NDArray[Any]


class BaseSeparableConv(KernelLayer):
    """A separable convolution over `rank` spatial axes; the bias and activation come last."""

    step_names = ("depthwise", "pointwise")

    depthwise_initializer: Any
    depthwise_regularizer: Any
    depthwise_constraint: Any
    pointwise_initializer: Any
    pointwise_regularizer: Any
    pointwise_constraint: Any
    depthwise_kernel: Weight
    pointwise_kernel: Weight

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
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
        self.filters = refusals.plain_count(filters)
        self.depth_multiplier = refusals.plain_count(depth_multiplier)
        interpret(
            self,
            initializers.get,
            depthwise_initializer=depthwise_initializer,
            pointwise_initializer=pointwise_initializer,
        )
        interpret(
            self,
            regularizers.get,
            depthwise_regularizer=depthwise_regularizer,
            pointwise_regularizer=pointwise_regularizer,
        )
        interpret(
            self,
            constraints.get,
            depthwise_constraint=depthwise_constraint,
            pointwise_constraint=pointwise_constraint,
        )
        refusals.check_positive("depth_multiplier", depth_multiplier)
        refusals.check_positive("filters", filters)

    # Shapes

    def channels_out(self, channels: int | None) -> Any:  # noqa: ARG002
        """The number of filters, whatever the input's channels."""
        return self.filters

    def geometry(self, input_shape: Sequence[int | None]) -> tuple[Axes, ...]:
        """How input and output are related: the depthwise step, then the pointwise one.

        Raises:
            ShapeError: the rank is wrong, or the kernel reaches further than the padded input.

        Example:
            >>> from convlab.layers import SeparableConv2D
            >>> depthwise, pointwise = SeparableConv2D(8, 3).geometry((None, 5, 7, 1))
            >>> [axis.size_out for axis in depthwise], [axis.kernel for axis in pointwise]
            ([3, 5], [1, 1])
        """
        (depthwise,) = super().geometry(input_shape)
        return depthwise, self._pointwise(axis.size_out for axis in depthwise)

    def _pointwise(self, sizes: Any) -> Axes:
        return tuple(convolution(size, kernel=1) for size in sizes)

    def kernel_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The depthwise kernel's shape `(*kernel_size, channels, depth_multiplier)`.

        Example:
            >>> from convlab.layers import SeparableConv2D
            >>> SeparableConv2D(8, 3).kernel_shape((None, 28, 28, 4))
            (3, 3, 4, 1)
        """
        channels = standard_shape(input_shape)[self.channel_axis]
        size = arguments.whole(self.kernel_size, "kernel_size")
        return depthwise_shape(size, channels, self.depth_multiplier)

    def pointwise_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The pointwise kernel's shape `(1, ..., channels * depth_multiplier, filters)`.

        Example:
            >>> from convlab.layers import SeparableConv2D
            >>> SeparableConv2D(8, 3).pointwise_shape((None, 28, 28, 4))
            (1, 1, 4, 8)
        """
        channels = standard_shape(input_shape)[self.channel_axis]
        made = None if channels is None else channels * self.depth_multiplier
        shape = (*(1,) * self.rank, made, self.filters)
        refusals.check_whole("filters", self.filters, shape)
        return shape

    def cost(self, input_shape: Sequence[int | None]) -> Cost:
        """The number of weights and of multiply-adds of both steps.

        Example:
            >>> from convlab.layers import SeparableConv2D
            >>> SeparableConv2D(8, 3).cost((None, 28, 28, 1))
            Cost(params=25, macs=11492)
        """
        self.check(input_shape)
        self.known_channels(standard_shape(input_shape))
        shapes = (self.kernel_shape(input_shape), self.pointwise_shape(input_shape))
        weights = sum(math.prod(size or 0 for size in shape) for shape in shapes)
        cells = known_product(axis.size_out for axis in self.geometry(input_shape)[0])
        params = weights + self.filters * bool(self.use_bias)
        return Cost(params, None if cells is None else cells * weights)

    # Weights

    def create_kernels(self, input_shape: Shape) -> None:
        """Make the depthwise and the pointwise kernel."""
        shapes = self.kernel_shape(input_shape), self.pointwise_shape(input_shape)
        self.depthwise_kernel = self.add_weight(
            "depthwise_kernel",
            shapes[0],
            self.depthwise_initializer,
            self.depthwise_regularizer,
            self.depthwise_constraint,
        )
        self.pointwise_kernel = self.add_weight(
            "pointwise_kernel",
            shapes[1],
            self.pointwise_initializer,
            self.pointwise_regularizer,
            self.pointwise_constraint,
        )

    # The computation

    def sum_taps(self, x: Array, bias: Array | None) -> Array:
        """Both steps for a channels_last input, plus the bias."""
        made, axes = self.depthwise_step(x)
        return kernels.convolve(made, self.computed(self.pointwise_kernel.value), bias, axes)

    def depthwise_step(self, x: Array) -> tuple[Array, tuple[AxisGeometry, ...]]:
        """What the depthwise step gives, and the axes of the pointwise one.

        Args:
            x: channels_last, as the kernels take it.
        """
        axes = self.axes(x.shape[1:-1])[0]
        made = kernels.depthwise(x, self.computed(self.depthwise_kernel.value), None, axes)
        made = dtypes.cast(made, self.compute_dtype).astype(x.dtype, copy=False)
        return made, self._pointwise(made.shape[1:-1])

    def sum_gradients(self, x: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients of both steps for the input and both kernels."""
        made, pointwise = self.depthwise_step(x)
        axes = self.axes(x.shape[1:-1])[0]
        second = self.computed(self.pointwise_kernel.value)
        dmade = kernels.input_gradient(dy, second, pointwise)
        first = self.computed(self.depthwise_kernel.value)
        return kernels.depthwise_input_gradient(dmade, first, axes), [
            kernels.depthwise_kernel_gradient(x, dmade, axes),
            kernels.kernel_gradient(made, dy, pointwise),
        ]


class SeparableConv1D(BaseSeparableConv):
    """Keras's `SeparableConv1D`: a depthwise convolution, then one over the channels alone.

    Args:
        filters: the number of output channels.
        kernel_size: of the depthwise step, an integer or (steps,).
        strides: the step of its window, an integer or (steps,).
        padding: `"valid"` (none) or `"same"` (an output has ceil(size / stride) cells).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        dilation_rate: the distance between taps, an integer or (steps,).
        depth_multiplier: how many channels the depthwise step makes of each.
        activation: a name or a function; None is linear.
        use_bias: whether each filter adds a number.
        depthwise_initializer: the depthwise kernel's initial values.
        pointwise_initializer: the pointwise kernel's initial values.
        bias_initializer: the bias's initial values.
        depthwise_regularizer: a penalty on the depthwise kernel.
        pointwise_regularizer: a penalty on the pointwise kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        depthwise_constraint: what an optimizer applies to the depthwise kernel.
        pointwise_constraint: what an optimizer applies to the pointwise kernel.
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
        >>> layer = SeparableConv1D(3, 4)
        >>> layer(np.ones((4, 10, 12))).shape
        (4, 7, 3)
    """

    rank = 1


class SeparableConv2D(BaseSeparableConv):
    """Keras's `SeparableConv2D`: a depthwise convolution, then one over the channels alone.

    Args:
        filters: the number of output channels.
        kernel_size: of the depthwise step, an integer or (height, width).
        strides: the step of its window, an integer or (height, width).
        padding: `"valid"` (none) or `"same"` (an output has ceil(size / stride) cells).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        dilation_rate: the distance between taps, an integer or (height, width).
        depth_multiplier: how many channels the depthwise step makes of each.
        activation: a name or a function; None is linear.
        use_bias: whether each filter adds a number.
        depthwise_initializer: the depthwise kernel's initial values.
        pointwise_initializer: the pointwise kernel's initial values.
        bias_initializer: the bias's initial values.
        depthwise_regularizer: a penalty on the depthwise kernel.
        pointwise_regularizer: a penalty on the pointwise kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        depthwise_constraint: what an optimizer applies to the depthwise kernel.
        pointwise_constraint: what an optimizer applies to the pointwise kernel.
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
        >>> layer = SeparableConv2D(8, 3, depth_multiplier=2)
        >>> layer(np.ones((1, 6, 6, 3))).shape
        (1, 4, 4, 8)
        >>> [weight.shape for weight in layer.weights]
        [(3, 3, 3, 2), (1, 1, 6, 8), (8,)]
    """

    rank = 2


SeparableConvolution1D, SeparableConvolution2D = SeparableConv1D, SeparableConv2D
