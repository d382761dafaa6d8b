"""Locally connected layers: windows as a convolution's, with a kernel of its own for each.

Keras 3 has none; these are Keras 2's, with its weights: kernel `(places, taps * channels, filters)`
and bias `(*output sizes, filters)`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import arguments
from convlab.layers import constraints, initializers, refusals, regularizers
from convlab.layers.base import Cost, Shape, standard_shape
from convlab.layers.kernel_layer import Axes, KernelLayer, known_product
from convlab.layers.registry import interpret
from convlab.layers.weight import Weight

Array = NDArray[Any]


class LocallyConnected(KernelLayer):
    """A layer whose every output place has a kernel of its own, over `rank` spatial axes."""

    kernel_initializer: Any
    kernel_regularizer: Any
    kernel_constraint: Any
    kernel: Weight

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: str | None = None,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        implementation: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            kernel_size=kernel_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=1,
            activation=activation,
            use_bias=use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            bias_constraint=bias_constraint,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
        self.filters = refusals.plain_count(filters)
        self.implementation = implementation
        interpret(self, initializers.get, kernel_initializer=kernel_initializer)
        interpret(self, regularizers.get, kernel_regularizer=kernel_regularizer)
        interpret(self, constraints.get, kernel_constraint=kernel_constraint)
        refusals.check_positive("filters", filters)
        _check_implementation(implementation)
        if self.padding != "valid":
            raise ArgumentError(
                'Invalid border mode for a locally connected layer (only "valid" is supported): '
                f"{padding}",
                received=f"padding={padding!r}",
                remedy='Use padding="valid", behind a ZeroPadding layer if need be.',
                argument="padding",
                fixes=[{"padding": "valid"}],
            )

    # Shapes

    def channels_out(self, channels: int | None) -> Any:  # noqa: ARG002
        """The number of filters, whatever the input's channels."""
        return self.filters

    def called_shape(self, input_shape: Shape) -> Shape:
        """The output's shape in a call, for which the spatial sizes must be known."""
        if None in self.spatial_sizes(input_shape):
            raise ShapeError(
                "The spatial dimensions of the inputs to a locally connected layer should be "
                f"fully-defined, but layer received an inputs shape of {input_shape}",
                received=f"input shape {input_shape}",
                remedy="Give every spatial axis a size: each place has a kernel.",
                argument="input_shape",
            )
        return super().called_shape(input_shape)

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a wrong rank, or another shape than at build."""
        super().check_input_shape(input_shape)
        if not self.built or self.build_shape is None:
            return
        if self.spatial_sizes(input_shape) != self.spatial_sizes(self.build_shape):
            raise ShapeError(
                f"Input 0 of layer '{self.name}' is incompatible with the layer: expected shape="
                f"{(None, *self.build_shape[1:])}, found shape={input_shape}",
                received=f"input with shape {input_shape}",
                remedy="Each place has a kernel: keep the sizes, or make a new layer.",
                argument="input_shape",
            )

    def kernel_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The kernel's shape `(places, taps * channels, filters)` for an input shape.

        Example:
            >>> from convlab.layers import LocallyConnected2D
            >>> LocallyConnected2D(8, 3).kernel_shape((None, 5, 5, 2))
            (9, 18, 8)
        """
        shape = standard_shape(input_shape)
        places = known_product(axis.size_out for axis in self.geometry(shape)[0])
        taps = math.prod(arguments.whole(self.kernel_size, "kernel_size"))
        read = known_product((taps, shape[self.channel_axis]))
        refusals.check_whole("filters", self.filters, (places, read, self.filters))
        return (places, read, self.filters)

    def cost(self, input_shape: Sequence[int | None]) -> Cost:
        """The number of weights, each of which is used once.

        Example:
            >>> from convlab.layers import LocallyConnected2D
            >>> LocallyConnected2D(8, 3).cost((None, 5, 5, 2))
            Cost(params=1368, macs=1296)
        """
        self.check(input_shape)
        self.known_channels(standard_shape(input_shape))
        places, read, filters = (size or 0 for size in self.kernel_shape(input_shape))
        weights = places * read * filters
        return Cost(weights + places * filters * bool(self.use_bias), weights)

    # Weights

    def create_weights(self, input_shape: Shape) -> None:
        """Make the kernel and the bias."""
        self._built_channels = self.known_channels(input_shape)
        self.kernel = self.add_weight(
            "kernel",
            self.kernel_shape(input_shape),
            self.kernel_initializer,
            self.kernel_regularizer,
            self.kernel_constraint,
        )
        if self.use_bias:
            sizes = [axis.size_out for axis in self.geometry(input_shape)[0]]
            self.bias = self.add_weight(
                "bias",
                (*sizes, self.filters),
                self.bias_initializer,
                self.bias_regularizer,
                self.bias_constraint,
            )

    # The computation

    def sum_taps(self, x: Array, bias: Array | None) -> Array:
        """The products of each window with its own kernel, plus the bias of its place."""
        axes = self.axes(x.shape[1:-1])[0]
        patches = self._ordered(_patches(x, axes))  # (places, batch, taps * channels)
        with np.errstate(invalid="ignore", over="ignore"):  # NaN and infinity pass through
            sums = patches @ self.computed(self.kernel.value)
        sizes = [axis.size_out or 0 for axis in axes]
        y = np.ascontiguousarray(np.moveaxis(sums, 0, 1)).reshape(len(x), *sizes, self.filters)
        return y if bias is None else y + self.placed(bias)

    def placed(self, bias: Array) -> Array:
        """The bias of each output cell, channels_last.

        In channels_first, Keras 2 reads the numbers of its `(*sizes, filters)` in the order
        `(filters, *sizes)`; so a file of its weights is read here.
        """
        if self.channel_axis == -1:
            return bias
        return np.moveaxis(bias.reshape(bias.shape[-1], *bias.shape[:-1]), 0, -1)

    def sum_gradients(self, x: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients of the products for input and kernel."""
        axes = self.axes(x.shape[1:-1])[0]
        patches = self._ordered(_patches(x, axes))
        pushed = np.moveaxis(dy.reshape(len(x), len(patches), self.filters), 1, 0)
        dkernel = np.swapaxes(patches, 1, 2) @ pushed
        dpatches = pushed @ np.swapaxes(self.computed(self.kernel.value), 1, 2)
        taps = math.prod(axis.kernel for axis in axes)
        order = (x.shape[-1], taps) if self._channels_lead else (taps, x.shape[-1])
        each = dpatches.reshape(*dpatches.shape[:2], *order)
        each = np.swapaxes(each, 2, 3) if self._channels_lead else each
        dx = np.zeros_like(x)
        np.add.at(dx, _cells(axes), np.moveaxis(each, 0, 1))
        return dx, [dkernel]

    def bias_gradient(self, dz: Array) -> Array:
        """Each place has a bias of its own: the sum runs over the batch alone."""
        total: Array = dz.sum(axis=0)
        if self.channel_axis == -1:
            return total
        return np.moveaxis(total, -1, 0).reshape(total.shape)

    @property
    def _channels_lead(self) -> bool:
        """Whether a patch is ordered channels before taps, as Keras 2 has it in channels_first."""
        return self.channel_axis == 1

    def _ordered(self, patches: Array) -> Array:
        patches = np.swapaxes(patches, 2, 3) if self._channels_lead else patches
        return patches.reshape(*patches.shape[:2], math.prod(patches.shape[2:]))


def _cells(axes: Axes) -> Any:
    """The index of all (place, tap) pairs in an input: along each axis `(places, taps)`."""
    tables = np.meshgrid(*(axis.taps().ravel() for axis in axes), indexing="ij")
    rank = len(axes)
    split = [n for axis in axes for n in (axis.size_out or 0, axis.kernel)]
    order = (*range(0, 2 * rank, 2), *range(1, 2 * rank, 2))
    places = math.prod(split[::2])
    grid = (table.reshape(split).transpose(order).reshape(places, -1) for table in tables)
    return (slice(None), *grid)


def _patches(x: Array, axes: Axes) -> Array:
    """The cells of every window, `(places, batch, taps, channels)`."""
    cells: Array = x[_cells(axes)]
    return np.ascontiguousarray(np.moveaxis(cells, 1, 0))


def _check_implementation(implementation: Any) -> None:
    if implementation not in (1, 2, 3):
        raise ArgumentError(
            f"Unrecognized implementation mode: {implementation}.",
            received=f"implementation={implementation!r}",
            remedy="Use implementation=1.",
            argument="implementation",
            fixes=[{"implementation": 1}],
        )


class LocallyConnected1D(LocallyConnected):
    """Keras 2's `LocallyConnected1D`: a convolution whose kernel differs from place to place.

    Args:
        filters: the number of output channels.
        kernel_size: an integer or (steps,).
        strides: the step of the window, an integer or (steps,).
        padding: `"valid"` alone, as in Keras 2.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        activation: a name or a function; None is linear.
        use_bias: whether every output cell adds a number of its own.
        kernel_initializer: the kernel's initial values: a name, object, function or array.
        bias_initializer: the bias's initial values.
        kernel_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        kernel_constraint: what an optimizer applies to the kernel.
        bias_constraint: what an optimizer applies to the bias.
        implementation: 1; the others differ from it in their speed and memory alone.
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
        >>> layer = LocallyConnected1D(1, 2, kernel_initializer="ones")
        >>> layer(np.array([[[1.0], [10.0], [100.0]]])).ravel()
        array([ 11., 110.], dtype=float32)
        >>> [weight.shape for weight in layer.weights]
        [(2, 2, 1), (2, 1)]
    """

    rank = 1


class LocallyConnected2D(LocallyConnected):
    """Keras 2's `LocallyConnected2D`: a convolution whose kernel differs from place to place.

    Args:
        filters: the number of output channels.
        kernel_size: an integer or (height, width).
        strides: the step of the window, an integer or (height, width).
        padding: `"valid"` alone, as in Keras 2.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        activation: a name or a function; None is linear.
        use_bias: whether every output cell adds a number of its own.
        kernel_initializer: the kernel's initial values: a name, object, function or array.
        bias_initializer: the bias's initial values.
        kernel_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        kernel_constraint: what an optimizer applies to the kernel.
        bias_constraint: what an optimizer applies to the bias.
        implementation: 1; the others differ from it in their speed and memory alone.
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
        >>> layer = LocallyConnected2D(64, 3)
        >>> layer.build((None, 32, 32, 3))
        >>> layer.compute_output_shape((None, 32, 32, 3)), layer.count_params()
        ((None, 30, 30, 64), 1612800)
    """

    rank = 2
