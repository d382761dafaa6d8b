"""The weights that the explorer gives a layer: known kernels by name, in one normal form.

The normal form is a scene's: `(k_1, ..., k_N, depth, filters)` however the layer keeps its kernel;
of a locally connected layer `(out_1, ..., out_N, k_1, ..., k_N, depth, filters)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.depthwise import BaseDepthwiseConv
from convlab.layers.locally_connected import LocallyConnected
from convlab.layers.lstm_cell import GATES
from convlab.widgets.filters import FILTERS, named_kernel

Array = NDArray[Any]

CUSTOM = "custom"
"""The name of a kernel that was edited, or came with a layer."""

GATE_NAMES = ("input", "forget", "cell", "output")
MIXES = ("mean", "difference", "one channel")
"""What a pointwise filter may do: the mean of all, those by turns added and taken away, one."""


@dataclass(frozen=True, eq=False)
class Form:
    """A weight of a built layer, and where each number of its normal form is kept.

    Args:
        name: what the layer calls it.
        shape: the shape in which the layer keeps it.
        order: int `(..., filters)`, in the normal form: the place of each number in the layer's
            own array, counted in C order.
        options: the names that a filter of it may have.
        first: the name that each filter opens with.
        rank: the number of spatial axes.
        local: whether each output place has a kernel of its own.
    """

    name: str
    shape: tuple[int, ...]
    order: NDArray[np.int64]
    options: tuple[str, ...]
    first: tuple[str, ...]
    rank: int
    local: bool = False

    @property
    def plain(self) -> str:
        """The name of a filter that changes nothing."""
        return MIXES[-1] if self.options == MIXES else "identity"

    def own(self, normal: Array) -> Array:
        """An array of the normal form as the layer keeps it."""
        own: Array = np.empty(self.order.size, dtype=normal.dtype)
        own[self.order.ravel()] = normal.ravel()
        return own.reshape(self.shape)

    def normal(self, own: Array) -> Array:
        """An array as the layer keeps it in the normal form: the inverse of `own`."""
        return np.asarray(np.asarray(own).ravel()[self.order])

    def following(self, name: str) -> str:
        """What a local layer has from `half` on: the kernel after the one named.

        Another kernel at another place is what such a layer is for.
        """
        known = list(FILTERS[self.rank])
        return known[(known.index(name) + 1) % len(known)]

    @property
    def half(self) -> int:
        """The output place along the last axis where the second half begins."""
        return (int(self.order.shape[self.rank - 1]) + 1) // 2

    def place(self, index: Sequence[int]) -> tuple[int, ...]:
        """Where in the normal form the layer's own index lies."""
        flat = np.ravel_multi_index(tuple(index), self.shape)
        return tuple(int(at) for at in np.argwhere(self.order == flat)[0])

    def bank(self, names: Sequence[str]) -> Array:
        """The kernels of these names, one for each filter; `CUSTOM` is left at zero.

        Every input channel gets the same kernel, divided by their number, so that a filter over a
        colour picture answers as it does to the mean of its channels.
        """
        bank = np.zeros(self.order.shape)
        for index, name in enumerate(names):
            if name in MIXES:
                bank[..., index] = _mixed(name, self.order.shape[-2], index)
            elif name != CUSTOM:
                bank[..., index] = self._named(name)
        return bank

    def _named(self, name: str) -> Array:
        sizes, depth = self.order.shape[:-2], self.order.shape[-2]
        taps = sizes[self.rank :] if self.local else sizes
        kernel: Array = np.repeat(named_kernel(name, taps)[..., None], depth, axis=-1) / depth
        if not self.local:
            return kernel
        other = named_kernel(self.following(name), taps)
        second = np.repeat(other[..., None], depth, axis=-1) / depth
        places = np.indices(sizes[: self.rank])[-1] >= self.half
        places = np.expand_dims(places, tuple(range(-kernel.ndim, 0)))
        return np.asarray(np.where(places, second, kernel))


def _mixed(name: str, depth: int, filter: int) -> Array:
    if name == "mean":
        return np.full(depth, 1 / depth)
    if name == "difference":
        return np.asarray(np.where(np.arange(depth) % 2, -1.0, 1.0) / depth)
    return np.asarray(np.arange(depth) == filter % depth, dtype=float)


def forms(layer: Any) -> dict[str, Form]:
    """The kernels of a built layer by the names of its weights, in their order; no biases.

    Example:
        >>> from convlab.layers import SeparableConv2D
        >>> layer = SeparableConv2D(4, 3, depth_multiplier=2)
        >>> layer.build((None, 8, 8, 3))
        >>> {name: form.order.shape for name, form in forms(layer).items()}
        {'depthwise_kernel': (3, 3, 1, 6), 'pointwise_kernel': (1, 1, 6, 4)}
    """
    kernels = [weight for weight in layer.weights if weight.name != "bias"]
    return {weight.name: _form(layer, weight.name, tuple(weight.shape)) for weight in kernels}


def bias_form(layer: Any) -> Form | None:
    """The bias of a built layer, `(filters,)` or for each place; None where it has none."""
    for weight in layer.weights:
        if weight.name == "bias":
            shape = tuple(weight.shape)
            order = np.arange(np.prod(shape)).reshape(shape)
            if isinstance(layer, LocallyConnected):
                order = layer.placed(order)
            return Form("bias", shape, order, (), (), layer.rank)
    return None


def _form(layer: Any, name: str, shape: tuple[int, ...]) -> Form:
    order = _normal(layer, name, np.arange(np.prod(shape)).reshape(shape))
    local = isinstance(layer, LocallyConnected)
    pointwise = name == "pointwise_kernel"
    options = MIXES if pointwise else tuple(FILTERS[layer.rank])
    first = _first_names(layer, name, options, shape, order.shape[-1])
    return Form(name, shape, order, options, first, layer.rank, local)


def _normal(layer: Any, name: str, kernel: Array) -> Array:
    """A kernel as the layer keeps it in the normal form."""
    if isinstance(layer, BaseConvTranspose):
        return np.swapaxes(kernel, -1, -2)
    if isinstance(layer, BaseDepthwiseConv) or name == "depthwise_kernel":
        return kernel.reshape(*kernel.shape[:-2], 1, -1)
    if isinstance(layer, LocallyConnected):
        axes = layer.geometry(layer.build_shape or ())[0]
        places = tuple(axis.size_out or 0 for axis in axes)
        taps = tuple(axis.kernel for axis in axes)
        if layer.data_format == "channels_first":  # Keras 2 keeps the channels before the taps
            whole = kernel.reshape(*places, -1, *taps, kernel.shape[-1])
            return np.moveaxis(whole, layer.rank, -2)
        return kernel.reshape(*places, *taps, -1, kernel.shape[-1])
    return kernel


def _first_names(
    layer: Any, name: str, options: Sequence[str], shape: tuple[int, ...], filters: int
) -> tuple[str, ...]:
    """The name that each filter opens with."""
    if isinstance(layer, ConvLSTM):
        return _gate_names(options, name, filters // GATES)
    if isinstance(layer, BaseConvTranspose):  # smooth steps first: what upsampling is used for
        options = ["gaussian", *(option for option in options if option != "gaussian")]
    each = shape[-1] if "depthwise" in name or isinstance(layer, BaseDepthwiseConv) else filters
    return tuple(options[index % each % len(options)] for index in range(filters))


def _gate_names(options: Sequence[str], name: str, filters: int) -> tuple[str, ...]:
    """Gates that look at the neighbourhood, and a candidate that sees edges of it."""
    recurrent = name == "recurrent_kernel"
    seen = [
        "identity" if recurrent or not index else options[(index - 1) % len(options)]
        for index in range(filters)
    ]
    soft = ["gaussian"] * filters
    each: Mapping[str, list[str]] = {gate: seen if gate == "cell" else soft for gate in GATE_NAMES}
    return tuple(name for gate in GATE_NAMES for name in each[gate])
