"""Which builder and which words belong to which layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from convlab.errors import ArgumentError
from convlab.layers.base_conv import BaseConv
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.cropping import BaseCropping
from convlab.layers.depthwise import BaseDepthwiseConv
from convlab.layers.global_pooling import BaseGlobalPooling
from convlab.layers.locally_connected import LocallyConnected
from convlab.layers.pooling import BasePooling
from convlab.layers.separable import BaseSeparableConv
from convlab.layers.up_sampling import BaseUpSampling
from convlab.layers.zero_padding import BaseZeroPadding
from convlab.scene.building import kernels, recurrent, told, windows
from convlab.scene.building.work import Made, Work


@dataclass(frozen=True)
class Family:
    """How the layers of a family are shown.

    Args:
        make: makes the steps.
        tell: says what there is to say about them, most important first.
        spares: whether a full convolution would cost more.
    """

    make: Callable[[Work], Made]
    tell: Callable[[Work, Made], Iterator[str]]
    spares: bool = False


_FAMILIES: tuple[tuple[type, Family], ...] = (
    (BaseConv, Family(kernels.convolution, told.convolution)),
    (BaseConvTranspose, Family(kernels.transposed, told.transposed)),
    (BaseDepthwiseConv, Family(kernels.depthwise, told.depthwise, spares=True)),
    (BaseSeparableConv, Family(kernels.separable, told.separable, spares=True)),
    (LocallyConnected, Family(kernels.locally_connected, told.locally_connected)),
    (BasePooling, Family(windows.pooling, told.pooling)),
    (BaseGlobalPooling, Family(windows.pooling, told.global_pooling)),
    (BaseCropping, Family(windows.copying, told.cropping)),
    (BaseZeroPadding, Family(windows.copying, told.padding)),
    (BaseUpSampling, Family(windows.upsampling, told.upsampling)),
    (ConvLSTM, Family(recurrent.recurrent, told.recurrent)),
)


def family_of(layer: Any) -> Family:
    """How a layer is shown.

    Raises:
        ArgumentError: it is none of the convolutional layers.

    Example:
        >>> from convlab.layers import MaxPooling2D
        >>> family_of(MaxPooling2D(2)).make.__name__
        'pooling'
    """
    for cls, family in _FAMILIES:
        if isinstance(layer, cls):
            return family
    raise ArgumentError(
        "A scene shows convolutional layers, and those that pool, pad, crop or resize.",
        received=f"{layer!r:.80}",
        remedy="Give a layer such as Conv2D(8, 3), or a list of such layers.",
        argument="layer",
    )
