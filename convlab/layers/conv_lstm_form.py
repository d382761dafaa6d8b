"""The convolutional LSTM of any rank: its arguments, shapes and weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import AxisGeometry, arguments, convolution
from convlab.geometry.links import Along, Dependence, Every, Product, Recurrent
from convlab.layers import activations, config, constraints, initializers, refusals, regularizers
from convlab.layers.base import Cost, Shape, standard_shape
from convlab.layers.kernel_layer import known_product
from convlab.layers.lstm_cell import GATES
from convlab.layers.node import Spec
from convlab.layers.registry import interpret
from convlab.layers.spatial import Spatial, each_axis
from convlab.layers.weight import Weight

Array = NDArray[Any]
Axes = tuple[AxisGeometry, ...]


class ConvLSTMForm(Spatial):
    """What a convolutional LSTM is made of; time stands behind the batch."""

    step_names = ("input", "recurrent")

    kernel_initializer: Any
    recurrent_initializer: Any
    bias_initializer: Any
    kernel_regularizer: Any
    recurrent_regularizer: Any
    bias_regularizer: Any
    kernel_constraint: Any
    recurrent_constraint: Any
    bias_constraint: Any
    kernel: Weight
    recurrent_kernel: Weight

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.filters = refusals.plain_count(filters)
        self.kernel_size = arguments.tuple_of(kernel_size, self.rank, "kernel_size")
        self.strides = arguments.tuple_of(strides, self.rank, "strides", allow_zero=True)
        self.padding = arguments.conv_padding(padding)
        self.data_format = arguments.data_format(data_format, config.image_data_format())
        self.dilation_rate = arguments.tuple_of(dilation_rate, self.rank, "dilation_rate")
        refusals.check_recurrent_strides(self.strides, self.dilation_rate)
        self.activation = activations.get(activation)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.use_bias = use_bias
        self.unit_forget_bias = unit_forget_bias
        interpret(
            self,
            initializers.get,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
        )
        interpret(
            self,
            regularizers.get,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
        )
        interpret(
            self,
            constraints.get,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
        )
        self.dropout = _share("dropout", dropout)
        self.recurrent_dropout = _share("recurrent_dropout", recurrent_dropout)
        self.seed = seed
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.unroll = unroll
        self.zero_output_for_mask = zero_output_for_mask
        self.bias: Weight | None = None
        self.states: list[Array] | None = None
        self._random = np.random.default_rng(seed)

    # Shapes

    @property
    def channel_axis(self) -> int:
        """The axis of the channels: -1, or 2 with channels_first."""
        return -1 if self.data_format == "channels_last" else 2

    @property
    def input_rank(self) -> int:
        """How many axes an input has: batch, time, the spatial ones and the channels."""
        return self.rank + 3

    def spatial_sizes(self, shape: Shape) -> Shape:
        """The sizes of the spatial axes of a whole shape."""
        return shape[2:-1] if self.channel_axis == -1 else shape[3:]

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a wrong rank, or other channels than at build."""
        if len(input_shape) != self.input_rank:
            raise refusals.wrong_ndim(self, input_shape, ("time",))
        channels = input_shape[self.channel_axis]
        if self.built and channels not in (self._built_channels, None):
            raise refusals.wrong_channels(self, self._built_channels, input_shape)

    def geometry(self, input_shape: Sequence[int | None]) -> tuple[Axes, ...]:
        """How input and output are related: the input's convolution, then the state's.

        Raises:
            ShapeError: the rank is wrong, or the kernel reaches further than the padded input.

        Example:
            >>> from convlab.layers import ConvLSTM1D
            >>> (x,), (state,) = ConvLSTM1D(1, 3).geometry((None, 7, 5, 1))
            >>> x.size_out, state.size_out, state.pads
            (3, 3, (1, 1))
        """
        shape = standard_shape(input_shape)
        self.check_input_shape(shape)
        if not isinstance(self.padding, str):
            raise refusals.unsupported_padding(self.padding)
        axes, errors = self._axes(self.spatial_sizes(shape))
        if any(errors):
            raise refusals.no_output(self, shape, errors)
        return axes, self._state_axes(axes)

    def _axes(self, sizes: Shape) -> tuple[Axes, list[ShapeError | None]]:
        return each_axis(
            convolution,
            sizes,
            arguments.whole(self.kernel_size, "kernel_size"),
            arguments.whole(self.strides, "strides", allow_float=True),
            arguments.whole(self.dilation_rate, "dilation_rate", allow_float=True),
            (self.padding,) * self.rank,
        )

    def _state_axes(self, axes: Axes) -> Axes:
        return tuple(convolution(axis.size_out, axis.kernel, padding="same") for axis in axes)

    def dependence(self, input_shape: Any, output: int = 0) -> tuple[Dependence | None, ...]:
        """Which cells of the input the outputs read: those of their step, and of all before."""
        shape = standard_shape(input_shape)
        inputs, states = self.geometry(shape)
        first = 1 if self.channel_axis == -1 else 2  # of the state's spatial axes
        step, state = (
            Product(
                self.whole_shape(
                    None, (Along(first + a, axis) for a, axis in enumerate(axes)), Every()
                )[1:]
            )
            for axes in (inputs, states)
        )
        sequences = self.return_sequences and output == 0
        return (Recurrent(step, state, sequences, self.go_backwards),)

    def infer(self, inputs: Any, *_: Any, **__: Any) -> Any:
        """What a call would give: a `Spec`, or three of them with `return_state`."""
        self.check(inputs.shape)
        shapes = self.compute_output_shape(inputs.shape)
        dtype = self.compute_dtype
        return tuple(Spec(s, dtype) for s in shapes) if self.return_state else Spec(shapes, dtype)

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Any:
        """The output's shape; with `return_state` those of output, h and c.

        Raises:
            ShapeError: the rank is wrong, or the kernel reaches further than the padded input.

        Example:
            >>> from convlab.layers import ConvLSTM2D
            >>> ConvLSTM2D(8, 3, return_state=True).compute_output_shape((4, 10, 9, 9, 3))
            ((4, 7, 7, 8), (4, 7, 7, 8), (4, 7, 7, 8))
        """
        shape = standard_shape(input_shape)
        sizes = tuple(axis.size_out for axis in self.geometry(shape)[0])
        state = self.whole_shape(shape[0], sizes, self.filters)
        output = (state[0], shape[1], *state[1:]) if self.return_sequences else state
        return (output, state, state) if self.return_state else output

    def called_shape(self, input_shape: Shape) -> Shape:
        """The shape of the output alone in a call, for which the spatial sizes must be known."""
        if None in self.spatial_sizes(input_shape):
            raise ShapeError(
                "ConvLSTM layers only support static input shapes for the spatial dimension. "
                f"Received invalid input shape: input_shape={input_shape}",
                received=f"input shape {input_shape}",
                remedy="Give every spatial axis a size: the state has one.",
                argument="input_shape",
            )
        shapes = self.compute_output_shape(input_shape)
        output: Shape = shapes[0] if self.return_state else shapes
        return output

    def cost(self, input_shape: Sequence[int | None]) -> Cost:
        """The number of weights and of multiply-adds over all time steps.

        Example:
            >>> from convlab.layers import ConvLSTM1D
            >>> ConvLSTM1D(1, 3).cost((None, 10, 5, 1))
            Cost(params=28, macs=720)
        """
        shape = standard_shape(input_shape)
        self.check(shape)
        kernel, recurrent = self._kernel_shapes(self._known_channels(shape))
        weights = math.prod(kernel) + math.prod(recurrent)
        cells = known_product((shape[1], *(axis.size_out for axis in self.geometry(shape)[0])))
        bias = GATES * self.filters * bool(self.use_bias)
        return Cost(weights + bias, None if cells is None else cells * weights)

    def _known_channels(self, shape: Shape) -> int:
        channels = shape[self.channel_axis]
        if channels is None:
            raise ShapeError(
                f"{self!r} needs to know the number of input channels.",
                received=f"input shape {shape}, data_format={self.data_format!r}",
                remedy=f"Give axis {self.channel_axis} a size.",
                argument="input_shape",
            )
        return channels

    # Weights

    def _kernel_shapes(self, channels: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        size = arguments.whole(self.kernel_size, "kernel_size")
        refusals.check_whole("filters", self.filters, (*size, channels, self.filters))
        refusals.check_positive("filters", self.filters)
        gates = GATES * self.filters
        return (*size, channels, gates), (*size, self.filters, gates)

    def create_weights(self, input_shape: Shape) -> None:
        """Make kernel `(*k, C, 4F)`, recurrent kernel `(*k, F, 4F)` and bias `(4F,)`."""
        self._built_channels = self._known_channels(input_shape)
        shapes = self._kernel_shapes(self._built_channels)
        self.kernel = self.add_weight(
            "kernel",
            shapes[0],
            self.kernel_initializer,
            self.kernel_regularizer,
            self.kernel_constraint,
        )
        self.recurrent_kernel = self.add_weight(
            "recurrent_kernel",
            shapes[1],
            self.recurrent_initializer,
            self.recurrent_regularizer,
            self.recurrent_constraint,
        )
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                (GATES * self.filters,),
                self._first_bias if self.unit_forget_bias else self.bias_initializer,
                self.bias_regularizer,
                self.bias_constraint,
            )

    def _first_bias(self, shape: Sequence[int], dtype: Any = None) -> Array:
        """The initializer's values, but ones for the forget gate."""
        make = self.bias_initializer or initializers.get("glorot_uniform")
        ones = np.ones(self.filters, dtype)
        gates = shape[0] // self.filters
        parts = (make((self.filters,), dtype), ones, make(((gates - 2) * self.filters,), dtype))
        return np.concatenate([np.asarray(part, dtype) for part in parts])


def _share(name: str, share: Any) -> float:
    """A dropout as a number from 0 to 1, as Keras clips it."""
    if not isinstance(share, (int, float)):
        raise ArgumentError(
            f"`{name}` is a number from 0 to 1.",
            received=f"{name}={share!r}",
            remedy=f"Use {name}=0.0.",
            argument=name,
            fixes=[{name: 0.0}],
        )
    return min(1.0, max(0.0, share))
