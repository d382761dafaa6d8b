"""The fully connected layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError
from convlab.geometry.links import Along, Dependence, Every, Product
from convlab.layers import (
    activation_gradients,
    activations,
    constraints,
    dtypes,
    initializers,
    input_spec,
    refusals,
    regularizers,
)
from convlab.layers.base import Cost, Layer, Shape, standard_shape
from convlab.layers.registry import interpret
from convlab.layers.weight import Weight

Array = NDArray[Any]


class Dense(Layer):
    """Keras's `Dense`: `activation(dot(input, kernel) + bias)` over the last axis.

    Args:
        units: how many numbers come out, a positive integer.
        activation: a function or its name; None is linear.
        use_bias: whether a bias is added.
        kernel_initializer: what gives the kernel's first values.
        bias_initializer: the same for the bias.
        kernel_regularizer: a penalty on the kernel.
        bias_regularizer: the same for the bias.
        activity_regularizer: a penalty on the output.
        kernel_constraint: a constraint of the kernel.
        bias_constraint: the same for the bias.
        lora_rank: the rank of a low-rank update of the kernel; None for none.
        lora_alpha: in Keras, of no effect: a layer with an update is built with `lora_rank`.
        quantization_config: None; quantized weights are refused.
        **kwargs: `name`, `trainable`, `dtype`, and older Keras's `input_shape`, `input_dim`,
            `batch_input_shape`, `batch_size`, `weights`.

    Input shape:
        (batch, ..., features), of 2 axes or more.

    Output shape:
        (batch, ..., units).

    Raises:
        ArgumentError: an argument that Keras refuses, or a quantization.

    Example:
        >>> import numpy as np
        >>> layer = Dense(2, kernel_initializer="ones", activation="relu")
        >>> layer(np.array([[1.0, 2.0, 4.0]]))
        array([[7., 7.]], dtype=float32)
    """

    accepts = "fiub"

    def __init__(
        self,
        units: int,
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
        quantization_config: Any = None,
        **kwargs: Any,
    ) -> None:
        _check_units(units)
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.units = int(units)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        interpret(
            self,
            initializers.get,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
        )
        interpret(
            self,
            regularizers.get,
            kernel_regularizer=kernel_regularizer,
            bias_regularizer=bias_regularizer,
        )
        interpret(
            self,
            constraints.get,
            kernel_constraint=kernel_constraint,
            bias_constraint=bias_constraint,
        )
        self.lora_rank = refusals.checked_lora_rank(lora_rank)
        self.lora_alpha = lora_rank if lora_alpha is None else lora_alpha
        self.quantization_config = _checked_quantization(quantization_config)
        self._kernel: Weight | None = None
        self._lora: tuple[Weight, ...] = ()
        self.bias: Weight | None = None

    kernel_initializer: Any
    bias_initializer: Any
    kernel_regularizer: Any
    bias_regularizer: Any
    kernel_constraint: Any
    bias_constraint: Any

    # Shapes

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse less than two axes, or other features than at build."""
        input_spec.check_rank(self, input_shape, at_least=2, order="(batch, ..., features)")
        if self._kernel is not None:
            input_spec.check_sizes(self, input_shape, {-1: self._kernel.shape[0]})

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape for an input shape, in which any size may be None.

        Raises:
            ShapeError: it has less than two axes, or other features than at build.

        Example:
            >>> Dense(10).compute_output_shape((None, 7, 512))
            (None, 7, 10)
        """
        shape = standard_shape(input_shape)
        self.check_input_shape(shape)
        return (*shape[:-1], self.units)

    def output_dtype(self, *dtypes_in: str) -> str:  # noqa: ARG002
        """The compute dtype, of integers too."""
        return self.compute_dtype

    def cost(self, input_shape: Sequence[int | None]) -> Cost:
        """The number of weights, and of multiply-adds: one for each number of the kernel, per row.

        Example:
            >>> Dense(10).cost((None, 512))
            Cost(params=5130, macs=5120)
        """
        self.check(input_shape)
        shape = standard_shape(input_shape)
        features = input_spec.known_size(self, shape, -1)
        rows = None if None in shape[1:-1] else math.prod(size or 0 for size in shape[1:-1])
        kernel = features * self.units
        update = (features + self.units) * (self.lora_rank or 0)
        params = kernel + update + self.units * bool(self.use_bias)
        return Cost(params, None if rows is None else rows * kernel)

    def dependence(
        self,
        input_shape: Any,
        output: int = 0,  # noqa: ARG002
    ) -> tuple[Dependence | None, ...]:
        """Each output reads every feature of its row."""
        rank = len(standard_shape(input_shape))
        return (Product((*(Along(axis) for axis in range(1, rank - 1)), Every())),)

    # Weights

    def create_weights(self, input_shape: Shape) -> None:
        """Make kernel `(features, units)`, bias, and the low-rank update if there is one."""
        features = input_spec.known_size(self, input_shape, -1)
        if self.lora_rank and self.kernel_constraint:
            raise refusals.constrained_lora(self.kernel_constraint, self.lora_rank)
        self._kernel = self.add_weight(
            "kernel",
            (features, self.units),
            self.kernel_initializer,
            self.kernel_regularizer,
            self.kernel_constraint,
        )
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                (self.units,),
                self.bias_initializer,
                self.bias_regularizer,
                self.bias_constraint,
            )
        if self.lora_rank:
            self._add_lora(features, self.lora_rank)

    def _add_lora(self, features: int, rank: int) -> None:
        self.lora_alpha = rank  # as Keras's Dense does, other than its convolutions
        kinds = (("a", (features, rank), "he_uniform"), ("b", (rank, self.units), "zeros"))
        self._lora = tuple(
            self.add_weight(
                f"lora_kernel_{part}", shape, start, self.kernel_regularizer, dtype="float32"
            )
            for part, shape, start in kinds
        )
        self.kernel.trainable = False

    @property
    def kernel(self) -> Weight:
        """The kernel, `(features, units)`.

        Raises:
            AttributeError: the layer is not built.
        """
        if self._kernel is None:
            raise AttributeError("You must build the layer before accessing `kernel`.")
        return self._kernel

    @property
    def _scale(self) -> np.float32:
        """What the low-rank update is multiplied by."""
        return np.float32((self.lora_alpha or 0) / (self.lora_rank or 1))

    def _used_kernel(self) -> Array:
        """The kernel with the low-rank update, if there is one, as it is multiplied with."""
        kernel = self.kernel.value
        if self._lora:
            a, b = (weight.value for weight in self._lora)
            kernel = kernel + self._scale * (a @ b)
        return self._computed(kernel)

    # The computation

    def _computed(self, values: Any) -> Array:
        """Numbers rounded to the compute dtype, in a type that is summed in."""
        exact = dtypes.kernel_dtype(self.compute_dtype)
        return dtypes.cast(values, self.compute_dtype).astype(exact, copy=False)

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        return dtypes.cast(self.activation(self._sums(inputs)), self.compute_dtype)

    def _sums(self, inputs: Array) -> Array:
        """What the activation is applied to."""
        x = self._computed(inputs)
        with np.errstate(all="ignore"):
            y = x.reshape(-1, x.shape[-1]) @ self._used_kernel()
            if dtypes.kernel_dtype(self.compute_dtype) != self.compute_dtype:
                y = dtypes.cast(y, self.compute_dtype)  # 16 bits, as Keras: rounded before the bias
            if self.bias is not None:
                y += self._computed(self.bias.value).astype(y.dtype, copy=False)
        return dtypes.cast(y, self.compute_dtype).reshape(*x.shape[:-1], self.units)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients for a checked input and for each weight."""
        if self.activation is not activations.linear:
            dy = activation_gradients.gradient(self.activation, self._sums(inputs), dy)
        dz = self._computed(dy).reshape(-1, self.units)
        rows = self._computed(inputs).reshape(-1, inputs.shape[-1])
        dkernel = rows.T @ dz
        weights = [dkernel]
        if self.bias is not None:
            weights.append(dz.sum(axis=0, dtype=np.float64))
        if self._lora:
            a, b = (weight.value for weight in self._lora)
            weights += [self._scale * (dkernel @ b.T), self._scale * (a.T @ dkernel)]
        return (dz @ self._used_kernel().T).reshape(inputs.shape), weights

    # Config

    def get_config(self) -> dict[str, Any]:
        """The arguments, normalised and serialised as Keras does."""
        own = super().get_config()
        if not self.lora_rank:
            del own["lora_rank"], own["lora_alpha"]
        if self.activity_regularizer is None:
            del own["activity_regularizer"]
        return own


def _check_units(units: Any) -> None:
    if not isinstance(units, int) or units <= 0:
        raise ArgumentError(
            "Received an invalid value for `units`, expected a positive integer. "
            f"Received: units={units}",
            received=f"units={units}",
            remedy="Use a whole number of 1 or more, such as units=8.",
            argument="units",
            fixes=[{"units": int(units)}] if isinstance(units, np.integer) and units > 0 else [],
        )


def _checked_quantization(config: Any) -> Any:
    if config is not None:
        raise ArgumentError(
            "Quantized weights are not computed here.",
            received=f"quantization_config={config!r}",
            remedy="Use quantization_config=None, and weights of floats.",
            argument="quantization_config",
            fixes=[{"quantization_config": None}],
        )
    return config
