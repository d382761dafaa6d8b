"""Everything that makes one picture, as one frozen value: what undo goes back to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab import layers
from convlab.errors import ArgumentError
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


class History:
    """The settings so far, and where in them the viewer is.

    >>> history = History("a")
    >>> history.add("b"); history.undo(); history.present
    'a'
    >>> history.redo(); history.present
    'b'
    """

    LIMIT = 200

    def __init__(self, first: Any) -> None:
        self._first = first
        self._past: list[Any] = [first]
        self._position = 0

    @property
    def present(self) -> Any:
        """Where the viewer is."""
        return self._past[self._position]

    @property
    def first(self) -> Any:
        """Where the viewer began: what a reset goes to."""
        return self._first

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return self._position > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a step forward."""
        return self._position + 1 < len(self._past)

    def add(self, setting: Any) -> None:
        """A new step; what had been undone is forgotten, and so are the oldest of too many."""
        self._past[self._position + 1 :] = [setting]
        del self._past[: -self.LIMIT]
        self._position = len(self._past) - 1

    def undo(self) -> None:
        """One step back, if there is one."""
        self._position -= self.can_undo

    def redo(self) -> None:
        """One step forward, if there is one."""
        self._position += self.can_redo
