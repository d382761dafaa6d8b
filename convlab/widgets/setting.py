"""Everything that makes one picture, as one frozen value: what undo goes back to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab import layers
from convlab.errors import ArgumentError, ShapeError
from convlab.widgets import inputs
from convlab.widgets.filters import filter_bank, filter_name

Array = NDArray[Any]

CUSTOM = "custom"
"""The name of a kernel that was edited, or came with a layer."""


@dataclass(frozen=True)
class Input:
    """Which input the kernel slides over.

    Args:
        kind: a key of `inputs.PICTURES` or `inputs.GRIDS`, or "numbers" (typed in), "upload" (the
            user's file) or "array" (handed over from Python).
        size: height and width in pixels; of an upload, its longer side. Not used by the others.
        text: the numbers, as typed.
        content: the file's bytes.
        array: the array, `(height, width, channels)`.
    """

    kind: str = "photograph, grey"
    size: int = 28
    text: str = "0 0 0 0 0\n0 1 1 1 0\n0 1 2 1 0\n0 1 1 1 0\n0 0 0 0 0"
    content: bytes = field(default=b"", repr=False)
    array: Array | None = field(default=None, repr=False, compare=False)

    @property
    def is_picture(self) -> bool:
        """Whether the values are those of a picture, scaled to 0-1."""
        return self.kind in inputs.PICTURES or self.kind == "upload"

    def values(self) -> Array:
        """The input itself, `(height, width, channels)`.

        Raises:
            DataError: the typed numbers or the file cannot be used.
            ArgumentError: there is no such input.
        """
        if self.kind in inputs.PICTURES:
            return inputs.picture(self.kind, self.size)
        if self.kind in inputs.GRIDS:
            return inputs.grid(self.kind, self.size)
        if self.kind == "numbers":
            return inputs.typed(self.text)
        if self.kind == "upload" and self.content:
            return inputs.uploaded(self.content, self.size)
        if self.kind == "array" and self.array is not None:
            return self.array
        raise ArgumentError(
            "There is no such input yet.",
            received=f"input={self.kind!r}",
            remedy="Choose a file, or another input.",
            argument="input",
        )


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
    input: Input = Input()
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
        x = self.input.values().astype(layer.dtype)
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


def setting_of(layer: layers.Conv2D) -> Setting:
    """The setting that shows a layer; its weights, when it is built.

    Example:
        >>> setting_of(layers.Conv2D(2, 3)).arguments["kernel_size"]
        (3, 3)
    """
    arguments = {name: value for name, value in layer.get_config().items() if name != "name"}
    if not layer.built:
        return Setting(arguments)
    kernel, *rest = layer.get_weights()
    channels = kernel.shape[2] * layer.groups
    return Setting(
        arguments,
        input=_input_with(channels),
        names=(CUSTOM,) * kernel.shape[-1],
        kernel=kernel,
        bias=rest[0] if rest else None,
    )


def input_of(x: ArrayLike, data_format: str) -> Input:
    """An array handed over from Python as an input.

    Args:
        x: `(height, width)`, `(height, width, channels)` or, in channels_first,
            `(channels, height, width)`; with a batch axis, its first example is taken.
        data_format: "channels_last" or "channels_first".

    Raises:
        ShapeError: it has another rank, or no example.

    Example:
        >>> input_of(np.ones((5, 6, 6, 3)), "channels_last").array.shape
        (6, 6, 3)
    """
    array = np.asarray(x)
    if array.ndim not in (2, 3, 4) or array.size == 0:
        raise ShapeError(
            "The explorer shows one example: (height, width, channels).",
            received=f"shape {array.shape}",
            remedy="Give 2, 3 or 4 axes, none of them empty.",
            argument="input",
        )
    array = array[0] if array.ndim == 4 else array
    if array.ndim == 2:
        array = array[..., None]
    elif data_format == "channels_first":
        array = np.moveaxis(array, 0, -1)
    return Input(kind="array", array=np.ascontiguousarray(array))


def _input_with(channels: int) -> Input:
    """An input of so many channels: a photograph if it can be, else repeatable random numbers."""
    if channels in (1, 3):
        return Input(kind="photograph" if channels == 3 else "photograph, grey")
    return Input(kind="array", array=np.random.default_rng(0).random((28, 28, channels)))
