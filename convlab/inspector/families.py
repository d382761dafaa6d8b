"""What each family of layers has to count: the formulas of its weights and multiplications.

Source: the shapes in which Keras 3 stores the weights, such as `(k_h, k_w, C // G, F)` for a
convolution and `(k_h, k_w, F, C)` for a transposed one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from convlab.geometry import axis_names
from convlab.geometry.formula import Expression, Symbol
from convlab.inspector.counts import (
    B,
    C,
    Count,
    D,
    F,
    G,
    L,
    Line,
    T,
    W,
    W_d,
    W_h,
    W_p,
    W_x,
    along,
    c,
    product,
    r,
    tell,
    total,
)
from convlab.layers.base import Layer, Shape
from convlab.layers.base_conv import BaseConv
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.depthwise import BaseDepthwiseConv
from convlab.layers.locally_connected import LocallyConnected
from convlab.layers.separable import BaseSeparableConv
from convlab.layers.spatial import Spatial

_PLACES = "Each weight is used once at every place, padding included."


class _Symbols:
    """The symbols along the axes, and what is known of them."""

    def __init__(self, layer: Any, shape: Shape) -> None:
        names = axis_names(layer.rank)
        axes = layer.geometry(shape)[0]
        self.k, self.n, self.m = (along(letter, names) for letter in "knm")
        values = [
            [axis.kernel for axis in axes],
            [axis.size_in for axis in axes],
            [axis.size_out for axis in axes],
        ]
        self.known: dict[str, int | None] = {"C": shape[layer.channel_axis]}
        for symbols, found in zip((self.k, self.n, self.m), values, strict=True):
            self.known |= dict(zip(map(str, symbols), found, strict=True))
        for symbol, argument in (("F", "filters"), ("D", "depth_multiplier"), ("G", "groups")):
            self.known[symbol] = getattr(layer, argument, None)
        self.known |= {"r": getattr(layer, "lora_rank", None), "T": shape[1]}


def _convolution(layer: BaseConv, at: _Symbols) -> Iterator[Line]:
    read: Symbol = C
    if layer.groups > 1:
        read = c
        yield "c", C // G, "A filter reads the channels of its own group only."
    weights = product(*at.k, read, F)
    yield "W", weights, "Every filter has one weight for each tap and channel."
    parts: list[Expression] = [W]
    if layer.use_bias:
        parts.append(B)
        yield "B", F, "Every filter adds one number to its sums."
    if layer.lora_rank:
        parts.append(L)
        update = product(*at.k, read, r) + r * F
        yield "L", update, "LoRA adds to the kernel a product of two smaller matrices."
    kept = "are kept" if layer.lora_rank else "can be trained"
    yield "N", total(*parts), f"So many numbers {kept}."
    yield "M", product(*at.m, W), _PLACES


def _transposed(layer: BaseConvTranspose, at: _Symbols) -> Iterator[Line]:
    yield "W", product(*at.k, F, C), "Every filter has one weight for each tap and channel."
    yield from _parameters(layer.use_bias, [W], F, "Every filter adds one number to its cells.")
    yield "M", product(*at.n, W), "Each input cell is multiplied by every weight of its channel."


def _depthwise(layer: BaseDepthwiseConv, at: _Symbols) -> Iterator[Line]:
    yield "W", product(*at.k, C, D), "Every input channel has D kernels of its own."
    yield from _parameters(layer.use_bias, [W], C * D, "Every output channel adds one number.")
    yield "M", product(*at.m, W), _PLACES


def _separable(layer: BaseSeparableConv, at: _Symbols) -> Iterator[Line]:
    yield "W_d", product(*at.k, C, D), "Every input channel has D kernels of its own."
    yield "W_p", product(C, D, F), "Every filter weighs all that the depthwise step gives."
    yield from _parameters(layer.use_bias, [W_d, W_p], F, "Every filter adds one number.")
    yield "M", product(*at.m, W_d + W_p), "Each weight of both steps is used once at every place."


def _recurrent(layer: ConvLSTM, at: _Symbols) -> Iterator[Line]:
    four = "three gates and the candidate"
    yield "W_x", 4 * product(*at.k, C, F), f"The input is convolved for {four}."
    yield "W_h", 4 * product(*at.k, F, F), f"So is the state, for the same {four}."
    yield from _parameters(layer.use_bias, [W_x, W_h], 4 * F, "One number for each of the four.")
    yield "M", product(T, *at.m, W_x + W_h), "Each weight is used once at every place and time."


def _unshared(layer: LocallyConnected, at: _Symbols) -> Iterator[Line]:
    yield "W", product(*at.m, *at.k, C, F), "Every place has a kernel of its own."
    yield from _parameters(
        layer.use_bias, [W], product(*at.m, F), "Every output cell adds a number of its own."
    )
    yield "M", W, "Each weight is used once."


def _parameters(
    use_bias: bool, weights: Sequence[Expression], biases: Expression, reason: str
) -> Iterator[Line]:
    if use_bias:
        yield "B", biases, reason
    yield "N", total(*weights, *[B] * bool(use_bias)), "So many numbers can be trained."


_FAMILIES: tuple[tuple[type[Layer], Callable[..., Iterator[Line]]], ...] = (
    (BaseConv, _convolution),
    (BaseConvTranspose, _transposed),
    (BaseSeparableConv, _separable),
    (BaseDepthwiseConv, _depthwise),
    (ConvLSTM, _recurrent),
    (LocallyConnected, _unshared),
)


def layer_counts(layer: Spatial, shape: Shape) -> tuple[Count, ...]:
    """The parameters and multiplications of a layer, line by line; none where nothing is trained.

    Args:
        layer: any of the family.
        shape: its input's shape, batch included.

    Example:
        >>> from convlab.layers import Conv2D, MaxPooling2D
        >>> for line in layer_counts(Conv2D(8, 3), (None, 16, 16, 1)):
        ...     print(line.name, "|", line)
        weights of the kernel | W = k_h*k_w*C*F = 3*3*1*8 = 72
        biases | B = F = 8
        parameters | N = W + B = 72 + 8 = 80
        multiplications for one example | M = m_h*m_w*W = 14*14*72 = 14112
        >>> layer_counts(MaxPooling2D(2), (None, 16, 16, 1))
        ()
    """
    lines = next((lines for cls, lines in _FAMILIES if isinstance(layer, cls)), None)
    if lines is None:
        return ()
    at = _Symbols(layer, shape)
    return tell(lines(layer, at), at.known)
