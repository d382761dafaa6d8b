"""Everything that makes one picture, as one frozen value: what undo goes back to."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab import layers
from convlab.errors import ArgumentError, ArgumentTypeError
from convlab.layers import activations, initializers
from convlab.widgets.chosen_input import Input, input_with
from convlab.widgets.filters import filter_bank, filter_name

Array = NDArray[Any]

CUSTOM = "custom"
"""The name of a kernel that was edited, or came with a layer."""


@dataclass(frozen=True)
class Setting:
    """The layer's arguments, its weights and its input.

    Args:
        arguments: Keras's arguments of the layer, in its normal forms.
        input: what the kernel slides over.
        names: the kernel of each filter by name; filters beyond them take the next in order.
        kernel: the weights when they are not the named ones alone; None otherwise.
        bias: the biases, or None for zeros.

    Example:
        >>> layer, x = Setting({"filters": 1, "kernel_size": (3, 3)}).build()
        >>> layer(x[None]).shape
        (1, 26, 26, 1)
    """

    arguments: Mapping[str, Any]
    input: Input = field(default_factory=Input)
    names: tuple[str, ...] = ()
    kernel: Array | None = field(default=None, repr=False, compare=False)
    bias: Array | None = field(default=None, repr=False, compare=False)

    @property
    def data_format(self) -> str:
        """The layer's data format, in its normal form."""
        return str(layers.Conv2D(**self.arguments).data_format)

    def build(self) -> tuple[layers.Conv2D, Array]:
        """The layer with its weights, and one input of its data format, without the batch axis.

        Raises:
            ConvlabError: the arguments, or the input's shape, are refused.
        """
        layer = layers.Conv2D(**self.arguments)
        x = self.input.values()
        if layer.data_format == "channels_first":
            x = np.ascontiguousarray(np.moveaxis(x, -1, 0))
        layer.build((None, *x.shape))
        weights = layer.get_weights()
        weights[0] = self._fitted(weights[0].shape)
        if len(weights) > 1:
            weights[1] = _fit_bias(self.bias, weights[1].shape)
        layer.set_weights(weights)
        return layer, x

    def with_arguments(self, **changes: Any) -> Setting:
        """The setting with other arguments for the layer."""
        return replace(self, arguments={**self.arguments, **changes})

    def with_input(self, **changes: Any) -> Setting:
        """The setting with another input."""
        return replace(self, input=replace(self.input, **changes))

    def with_name(self, index: int, name: str, kernel_shape: tuple[int, ...]) -> Setting:
        """The setting with a named kernel in one filter; the other filters keep theirs."""
        rows, columns, channels, _ = kernel_shape
        kernel = self._fitted(kernel_shape).copy()
        kernel[..., index] = filter_bank((name,), (rows, columns, channels, 1))[..., 0]
        return replace(self, names=self._renamed(index, name, kernel_shape[-1]), kernel=kernel)

    def with_weight(
        self, index: tuple[int, ...], value: float, kernel_shape: tuple[int, ...]
    ) -> Setting:
        """The setting with another value in one cell of the kernel."""
        kernel = self._fitted(kernel_shape).copy()
        kernel[index] = value
        return replace(
            self, names=self._renamed(index[-1], CUSTOM, kernel_shape[-1]), kernel=kernel
        )

    def with_bias(self, index: int, value: float, filters: int) -> Setting:
        """The setting with another bias in one filter."""
        bias = _fit_bias(self.bias, (filters,)).copy()
        bias[index] = value
        return replace(self, bias=bias)

    def name_of(self, index: int) -> str:
        """The kernel's name at one filter."""
        return CUSTOM if CUSTOM in self.names[index : index + 1] else filter_name(self.names, index)

    def _renamed(self, index: int, name: str, filters: int) -> tuple[str, ...]:
        names = [self.name_of(i) for i in range(max(filters, len(self.names)))]
        names[index] = name
        return tuple(names)

    def _fitted(self, shape: tuple[int, ...]) -> Array:
        """The weights at this shape: named kernels anew, edited ones cut or widened by zeros."""
        if self.kernel is not None and self.kernel.shape == shape:
            return self.kernel
        rows, columns, channels, filters = shape
        names = [self.name_of(f) for f in range(filters)]
        known = tuple("identity" if name == CUSTOM else name for name in names)
        bank = filter_bank(known, (rows, columns, channels, filters))
        for f in [f for f, name in enumerate(names) if name == CUSTOM]:
            if self.kernel is not None and f < self.kernel.shape[-1]:
                bank[..., f] = _centred(self.kernel[..., f], shape[:-1])
        return bank


def _centred(kernel: Array, shape: tuple[int, ...]) -> Array:
    """The kernel's middle laid on the middle of zeros of another shape."""
    fitted = np.zeros(shape, dtype=kernel.dtype)
    shifts = [(new - 1) // 2 - (old - 1) // 2 for old, new in zip(kernel.shape, shape, strict=True)]
    shifts[-1] = 0  # channels have no middle
    source = tuple(
        slice(max(0, -shift), max(0, min(old, new - shift)))
        for shift, old, new in zip(shifts, kernel.shape, shape, strict=True)
    )
    target = tuple(
        slice(part.start + shift, part.stop + shift)
        for part, shift in zip(source, shifts, strict=True)
    )
    fitted[target] = kernel[source]
    return fitted


def _fit_bias(bias: Array | None, shape: tuple[int, ...]) -> Array:
    fitted = np.zeros(shape)
    if bias is not None:
        shared = min(len(bias), len(fitted))
        fitted[:shared] = bias[:shared]
    return fitted


_NOT_SHOWN = ("name", "weights", "input_shape", "batch_input_shape", "batch_size")


def setting_of(layer: layers.Conv2D, chosen: Input | None = None) -> Setting:
    """The setting that shows a layer.

    A built layer shows its weights, and so does one whose initializers say what they will be. Only
    a layer that would begin at random shows named kernels in their place.

    Args:
        layer: a Conv2D.
        chosen: the input; by default one with as many channels as the layer was built for.

    Raises:
        ArgumentTypeError: it is no Conv2D.
        ArgumentError: it has more than one kernel (LoRA).
        ShapeError: it refuses the input.

    Example:
        >>> setting_of(layers.Conv2D(2, 3)).arguments["kernel_size"]
        (3, 3)
    """
    _check_shown(layer)
    arguments = {k: v for k, v in layer.arguments().items() if k not in _NOT_SHOWN}
    name = activations.serialize(layer.activation)
    arguments["activation"] = name if isinstance(name, str) else layer.activation
    setting = Setting(arguments, chosen or input_with(channels_of(layer) or 1))
    shape = _shape(setting)
    layer.check(shape)
    if not layer.built and _begins_at_random(layer):
        return setting
    if not layer.built:
        layer = deepcopy(layer)  # the caller's own stays as it is
        layer.build(shape)
    kernel, *rest = layer.get_weights()
    names = (CUSTOM,) * kernel.shape[-1]
    return replace(setting, names=names, kernel=kernel, bias=rest[0] if rest else None)


def channels_of(layer: Any) -> int | None:
    """The channels that a layer was built for; None before it is built."""
    _check_shown(layer)
    return layer.kernel.shape[2] * layer.groups if layer.built else None


def _check_shown(layer: Any) -> None:
    if not isinstance(layer, layers.Conv2D):
        raise ArgumentTypeError(
            "The explorer shows a Conv2D.",
            received=f"{type(layer).__name__}",
            remedy="Give a convlab.Conv2D, such as Conv2D(8, 3).",
            argument="layer",
        )
    if layer.lora_rank:
        raise ArgumentError(
            "The explorer shows layers of one kernel; LoRA adds two more to it.",
            received=f"lora_rank={layer.lora_rank}",
            remedy="Make the layer without lora_rank, with the kernel that they make together.",
            argument="lora_rank",
        )


def _begins_at_random(layer: layers.Conv2D) -> bool:
    plain = type(layer)(1, 1)
    return layer.given_weights is None and all(
        initializers.serialize(getattr(layer, name)) == initializers.serialize(getattr(plain, name))
        for name in ("kernel_initializer", "bias_initializer")
    )


def _shape(setting: Setting) -> tuple[int | None, ...]:
    height, width, channels = setting.input.values().shape
    first = setting.data_format == "channels_first"
    return (None, channels, height, width) if first else (None, height, width, channels)
