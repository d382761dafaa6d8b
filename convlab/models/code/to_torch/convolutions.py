"""Convolutions in PyTorch.

The kernels of both are cross-correlations; the axes of their weights stand in other orders.
"""

from __future__ import annotations

from typing import Any

from convlab.geometry import arguments
from convlab.layers.base import Shape
from convlab.layers.base_conv import BaseConv
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.depthwise import BaseDepthwiseConv
from convlab.layers.kernel_layer import KernelLayer
from convlab.layers.separable import BaseSeparableConv
from convlab.layers.spatial import Spatial
from convlab.models.code.python_text import call, short
from convlab.models.code.refused import no_equal, unknown_shape
from convlab.models.code.to_torch import activations
from convlab.models.code.to_torch.padding import Windows, words
from convlab.models.code.to_torch.piece import FIRST, IN_ORDER, Piece, Place, Step, state


def standing(layer: Spatial) -> int:
    """Where the last axis of a spatial layer's input must stand: channels first in PyTorch."""
    return FIRST if layer.channel_axis == -1 else IN_ORDER


def channels_of(layer: Spatial, place: Place) -> int | None:
    """The number of input channels; None where it is not known."""
    return None if place.shape is None else place.shape[layer.channel_axis]


def sizes_of(layer: Spatial, place: Place) -> Shape | None:
    """The sizes of the spatial axes; None where they are not known."""
    return None if place.shape is None else layer.spatial_sizes(place.shape)


def windows(layer: Any, place: Place) -> Windows:
    """The windows of a convolution."""
    return Windows(
        arguments.whole(layer.kernel_size, "kernel_size"),
        arguments.whole(layer.strides, "strides"),
        arguments.whole(layer.dilation_rate, "dilation_rate"),
        layer.padding,
        sizes_of(layer, place),
    )


def reordered(rank: int, weight: str = "{w}") -> str:
    """Keras's kernel in PyTorch's order: the last two axes first, the last one before the other.

    >>> reordered(2)
    '{w}.permute(3, 2, 0, 1)'
    """
    order = ", ".join(map(str, (rank + 1, rank, *range(rank))))
    return f"{weight}.permute({order})"


def module(name: str, rank: int, channels: int | None, *args: Any, **options: Any) -> str:
    """The call that makes a module; lazily, where the number of input channels is not known.

    >>> module("Conv", 2, None, 8, 3, stride=1, bias=False)
    'nn.LazyConv2d(8, 3, bias=False)'
    """
    defaults = {"stride": 1, "padding": None, "dilation": 1, "groups": 1, "bias": True}
    given = {n: v for n, v in options.items() if v != defaults.get(n, 0)}
    if channels is None:
        return call(f"nn.Lazy{name}{rank}d", *args, **given)
    return call(f"nn.{name}{rank}d", channels, *args, **given)


def convolution(layer: BaseConv, place: Place) -> Piece:
    """Conv1D, Conv2D, Conv3D."""
    if layer.lora_rank:
        raise no_equal(
            layer,
            "torch",
            "its kernel has a low-rank update",
            "Add the update to the kernel of a layer without lora_rank.",
        )
    window = windows(layer, place)
    return _padded(
        layer,
        window,
        module(
            "Conv",
            layer.rank,
            channels_of(layer, place),
            layer.filters,
            short(window.kernel),
            stride=short(window.stride),
            padding=window.padded().argument,
            dilation=short(window.dilation),
            groups=layer.groups,
            bias=bool(layer.use_bias),
        ),
        (_state(layer, reordered(layer.rank)),),
    )


def depthwise(layer: BaseDepthwiseConv, place: Place) -> Piece:
    """DepthwiseConv1D, DepthwiseConv2D."""
    window = windows(layer, place)
    made = _depthwise(layer, window, place, bias=bool(layer.use_bias))
    return _padded(layer, window, made, (_state(layer, _depthwise_weight(layer.rank)),))


def separable(layer: BaseSeparableConv, place: Place) -> Piece:
    """SeparableConv1D, SeparableConv2D: a depthwise convolution, then a pointwise one."""
    window, channels = windows(layer, place), channels_of(layer, place)
    first = _depthwise(layer, window, place, bias=False)
    made = (channels or 0) * layer.depth_multiplier
    second = module("Conv", layer.rank, made, layer.filters, 1, bias=bool(layer.use_bias))
    names = {"0.weight": _depthwise_weight(layer.rank), "1.weight": reordered(layer.rank)}
    names |= {"1.bias": "{w}"} if layer.use_bias else {}
    return _padded(layer, window, f"nn.Sequential({first}, {second})", (state(**names),))


def _depthwise(layer: Any, window: Windows, place: Place, *, bias: bool) -> str:
    channels = channels_of(layer, place)
    if channels is None:
        raise unknown_shape(layer, "a number of channels")
    return module(
        "Conv",
        layer.rank,
        channels,
        channels * layer.depth_multiplier,
        short(window.kernel),
        stride=short(window.stride),
        padding=window.padded().argument,
        dilation=short(window.dilation),
        groups=channels,
        bias=bias,
    )


def _depthwise_weight(rank: int) -> str:
    """`(*kernel_size, channels, multiplier)` as `(channels * multiplier, 1, *kernel_size)`."""
    order = ", ".join(map(str, (rank, rank + 1, *range(rank))))
    return f"{{w}}.permute({order}).flatten(0, 1).unsqueeze(1)"


def transposed(layer: BaseConvTranspose, place: Place) -> Piece:
    """Conv1DTranspose, Conv2DTranspose, Conv3DTranspose.

    PyTorch crops `padding` cells at both ends, and `output_padding` fewer of them at the end.
    """
    window = windows(layer, place)
    axes = layer.axes((None,) * layer.rank)[0]
    before = tuple(axis.crop_before for axis in axes)
    fewer = tuple(max(axis.crop_before - axis.crop_after, 0) for axis in axes)
    more = tuple(max(axis.crop_after - axis.crop_before, 0) for axis in axes)
    made = module(
        "ConvTranspose",
        layer.rank,
        channels_of(layer, place),
        layer.filters,
        short(window.kernel),
        stride=short(window.stride),
        padding=short(before) or None,
        output_padding=short(fewer),
        dilation=short(window.dilation),
        bias=bool(layer.use_bias),
    )
    steps = [Step("{self}({x})")]
    if any(more):
        cut = ", ".join(":" if not cells else f":-{cells}" for cells in more)
        crops = words(tuple((axis.crop_before, axis.crop_after) for axis in axes))
        why = f"Keras crops the scatter {crops}; PyTorch's padding crops both ends alike."
        steps.append(Step(f"{{x}}[:, :, {cut}]", why))
    return _piece(layer, tuple(steps), made, (_state(layer, reordered(layer.rank)),))


def _state(layer: KernelLayer, weight: str) -> str:
    return state(weight=weight, **({"bias": "{w}"} if layer.use_bias else {}))


def _padded(layer: KernelLayer, window: Windows, made: str, weights: tuple[str, ...]) -> Piece:
    padding = window.padded()
    steps = (*padding.steps, Step("{self}({x})"))
    return _piece(layer, steps, made, weights, padding.helpers)


def _piece(
    layer: KernelLayer,
    steps: tuple[Step, ...],
    made: str,
    weights: tuple[str, ...],
    helpers: tuple[str, ...] = (),
) -> Piece:
    """The piece of a layer with a kernel: its steps, then its activation."""
    last = standing(layer)
    return Piece(
        (*steps, *activations.steps(layer, layer.activation, last)),
        made,
        weights,
        (last,),
        (last,),
        helpers + activations.helpers(layer, layer.activation),
    )
