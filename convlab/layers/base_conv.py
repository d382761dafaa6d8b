"""The convolution of any rank: Conv1D, Conv2D and Conv3D differ in their rank alone."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab import kernels
from convlab.geometry import arguments
from convlab.geometry.links import Every, Grouped, Link
from convlab.layers import constraints, initializers, refusals, regularizers
from convlab.layers.base import Cost, Shape, standard_shape
from convlab.layers.kernel_layer import KernelLayer
from convlab.layers.registry import interpret
from convlab.layers.weight import Weight

Array = NDArray[Any]


class BaseConv(KernelLayer):
    """A convolution over `rank` spatial axes: `activation(convolve(input, kernel) + bias)`.

    As everywhere in this field, the kernel is not flipped: it is a cross-correlation.
    """

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
        self.groups = refusals.plain_count(groups)
        interpret(self, initializers.get, kernel_initializer=kernel_initializer)
        interpret(self, regularizers.get, kernel_regularizer=kernel_regularizer)
        interpret(self, constraints.get, kernel_constraint=kernel_constraint)
        self.lora_rank = refusals.checked_lora_rank(lora_rank)
        self.lora_alpha = lora_rank if lora_alpha is None else lora_alpha
        self._kernel: Weight | None = None
        refusals.check_filters_and_groups(filters, groups)
        refusals.check_strides_and_dilation(self.strides, self.dilation_rate)

    kernel_initializer: Any
    kernel_regularizer: Any
    kernel_constraint: Any

    @property
    def causal_allowed(self) -> bool:  # type: ignore[override]
        """Whether `padding="causal"` is accepted: in one dimension."""
        return self.rank == 1

    # Shapes

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a wrong rank, other channels than at build, channels that groups do not divide."""
        super().check_input_shape(input_shape)
        channels = input_shape[self.channel_axis]
        if channels is not None and channels % self.groups:
            raise refusals.undivided_channels(self, channels, input_shape)

    def channels_out(self, channels: int | None) -> Any:  # noqa: ARG002
        """The number of filters, whatever the input's channels."""
        return self.filters

    def channel_link(self, shape: Shape) -> Link:
        """Which channels an output reads: those of its group."""
        channels = shape[self.channel_axis]
        if self.groups == 1 or channels is None:
            return Every()
        axis = self.channel_axis % len(shape)
        return Grouped(axis, channels // self.groups, self.filters // self.groups)

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
        cost = super().cost(input_shape)
        if not self.lora_rank:
            return cost
        *taps, filters = (size or 0 for size in self.kernel_shape(input_shape))
        update = (math.prod(taps) + filters) * self.lora_rank
        return dataclasses.replace(cost, params=cost.params + update)

    # Weights

    def create_weights(self, input_shape: Shape) -> None:
        """Make kernel and bias, and the low-rank update if there is one."""
        super().create_weights(input_shape)
        if self.lora_rank:
            self._add_lora(self.kernel, self.lora_rank)

    def create_kernels(self, input_shape: Shape) -> None:
        """Make the kernel `(*kernel_size, channels / groups, filters)`."""
        shape = self.kernel_shape(input_shape)
        if self.lora_rank and self.kernel_constraint:
            raise refusals.constrained_lora(self.kernel_constraint, self.lora_rank)
        self._kernel = self.add_weight(
            "kernel",
            shape,
            self.kernel_initializer,
            self.kernel_regularizer,
            self.kernel_constraint,
        )

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

    def sum_taps(self, x: Array, bias: Array | None) -> Array:
        """The convolution of a channels_last input, plus the bias."""
        kernel = self.computed(self._effective_kernel())
        return kernels.convolve(x, kernel, bias, self.axes(x.shape[1:-1])[0], self.groups)

    def sum_prepared(self, shape: tuple[int, ...]) -> Callable[[Array], Array] | None:
        """The convolution of inputs of one shape, plus the bias, planned and packed."""
        if self.lora_rank or type(self).sum_taps is not BaseConv.sum_taps:
            return None
        bias = None if self.bias is None else self.bias.value
        axes = self.axes(shape[1:-1])[0]
        return kernels.prepared(shape, self.kernel.value, bias, axes, self.groups)

    def sum_gradients(self, x: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients of the convolution for input and kernel (and its low-rank update)."""
        axes = self.axes(x.shape[1:-1])[0]
        kernel = self.computed(self._effective_kernel())
        dx = kernels.input_gradient(dy, kernel, axes, self.groups)
        return dx, [kernels.kernel_gradient(x, dy, axes, self.groups)]

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients for a checked input and for each weight."""
        dx, gradients = super().backward(inputs, dy)
        if not self.lora_rank:
            return dx, gradients
        scale = (self.lora_alpha or 0) / self.lora_rank
        a, b = (weight.value for weight in self._lora)
        dk = gradients[0] * np.float32(scale)
        da = dk @ b.T
        db = a.reshape(-1, a.shape[-1]).T @ dk.reshape(-1, dk.shape[-1])
        return dx, [*gradients, da, db]

    # Config

    def get_config(self) -> dict[str, Any]:
        """The arguments, normalised and serialised as Keras does."""
        own = super().get_config()
        if not self.lora_rank:
            del own["lora_rank"], own["lora_alpha"]
        return own
