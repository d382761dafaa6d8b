"""The transposed convolution of any rank: the scatter of which a convolution is the gather."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
        extra: tuple[int | None, ...] = (None,) * self.rank
        if self.output_padding is not None:
            extra = arguments.whole(self.output_padding, "output_padding")
        return each_axis(
            _axis,
            sizes,
            arguments.whole(self.kernel_size, "kernel_size"),
            arguments.whole(self.strides, "strides", allow_float=True),
            arguments.whole(self.dilation_rate, "dilation_rate", allow_float=True),
            (self.padding,) * self.rank,
            extra,
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
        kernel, axes = self.computed(self.kernel.value), self.axes(x.shape[1:-1])[0]
        return kernels.convolve(x, kernel, bias, axes, exchanged=True)

    def sum_prepared(self, shape: tuple[int, ...]) -> Callable[[Array], Array] | None:
        """The scatter of inputs of one shape, plus the bias, planned and packed."""
        if type(self).sum_taps is not BaseConvTranspose.sum_taps:
            return None
        bias = None if self.bias is None else self.bias.value
        axes = self.axes(shape[1:-1])[0]
        return kernels.prepared(shape, self.kernel.value, bias, axes, exchanged=True)

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
