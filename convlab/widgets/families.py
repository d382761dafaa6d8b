"""The layers that the explorer shows, by family, and what each opens on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convlab import layers
from convlab.errors import ArgumentError, ArgumentTypeError
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.widgets.inputs import Input, Room, named_input, opening_input

FAMILIES: Mapping[str, tuple[type[layers.Layer], ...]] = {
    "Convolution": (layers.Conv1D, layers.Conv2D, layers.Conv3D),
    "Transposed convolution": (
        layers.Conv1DTranspose,
        layers.Conv2DTranspose,
        layers.Conv3DTranspose,
    ),
    "Depthwise": (layers.DepthwiseConv1D, layers.DepthwiseConv2D),
    "Separable": (layers.SeparableConv1D, layers.SeparableConv2D),
    "Locally connected (Keras 2)": (layers.LocallyConnected1D, layers.LocallyConnected2D),
    "Pooling": (
        layers.MaxPooling1D,
        layers.MaxPooling2D,
        layers.MaxPooling3D,
        layers.AveragePooling1D,
        layers.AveragePooling2D,
        layers.AveragePooling3D,
    ),
    "Global pooling": (
        layers.GlobalMaxPooling1D,
        layers.GlobalMaxPooling2D,
        layers.GlobalMaxPooling3D,
        layers.GlobalAveragePooling1D,
        layers.GlobalAveragePooling2D,
        layers.GlobalAveragePooling3D,
    ),
    "Upsampling": (layers.UpSampling1D, layers.UpSampling2D, layers.UpSampling3D),
    "Zero padding": (layers.ZeroPadding1D, layers.ZeroPadding2D, layers.ZeroPadding3D),
    "Cropping": (layers.Cropping1D, layers.Cropping2D, layers.Cropping3D),
    "Recurrent": (layers.ConvLSTM1D, layers.ConvLSTM2D, layers.ConvLSTM3D),
}
"""Family -> classes, in the order of the list."""

SHOWN: Mapping[str, type[layers.Layer]] = {
    cls.__name__: cls for classes in FAMILIES.values() for cls in classes
}
"""Class name -> class, of every layer that is shown."""

_OPENING: Mapping[str, Mapping[str, Any]] = {
    "Convolution": {"filters": 4, "kernel_size": 3, "padding": "same"},
    "Transposed convolution": {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"},
    "Depthwise": {"kernel_size": 3, "padding": "same", "depth_multiplier": 2},
    "Separable": {"filters": 4, "kernel_size": 3, "padding": "same", "depth_multiplier": 2},
    "Locally connected (Keras 2)": {"filters": 2, "kernel_size": 3},
    "Pooling": {"pool_size": 2},
    "Cropping": {"cropping": 2},
    "Recurrent": {"filters": 2, "kernel_size": 3, "padding": "same", "return_sequences": True},
}
"""Family -> the arguments that its layers open with, where Keras's defaults are not enough."""


def family_class(layer: Any) -> type[layers.Layer]:
    """The class of the table that a layer is one of.

    Raises:
        ArgumentTypeError: it is none of them.
        ArgumentError: it has more than one kernel where the picture shows one (LoRA).

    Example:
        >>> family_class(layers.MaxPool2D(2)).__name__
        'MaxPooling2D'
    """
    cls = shown_class(type(layer))
    if getattr(layer, "lora_rank", None):
        raise ArgumentError(
            "The explorer shows layers of one kernel; LoRA adds two more to it.",
            received=f"lora_rank={layer.lora_rank}",
            remedy="Make the layer without lora_rank, with the kernel that they make together.",
            argument="lora_rank",
        )
    return cls


def shown_class(cls: type) -> type[layers.Layer]:
    """The class of the table that a class is, or is derived from.

    Raises:
        ArgumentTypeError: it is none of them.
    """
    for base in cls.__mro__:
        if SHOWN.get(base.__name__) is base:
            return base
    raise ArgumentTypeError(
        "The explorer shows the layers that convolve, pool, pad, crop and resize.",
        received=f"{cls.__name__}",
        remedy="Give a layer such as convlab.Conv2D(8, 3).",
        argument="layer",
    )


def room_of(cls: type) -> Room:
    """How the input of a class lies.

    >>> room_of(layers.ConvLSTM2D)
    Room(rank=2, timed=True)
    """
    return Room(cls.rank, issubclass(cls, ConvLSTM))  # type: ignore[attr-defined]


def family_name(cls: type[layers.Layer]) -> str:
    """The family that a class is listed in.

    >>> family_name(layers.AveragePooling3D)
    'Pooling'
    """
    return next(name for name, classes in FAMILIES.items() if cls in classes)


def opening_arguments(cls: type[layers.Layer]) -> dict[str, Any]:
    """What the explorer makes of a class at first: something alive, and quickly read.

    >>> opening_arguments(layers.MaxPooling2D)
    {'pool_size': 2}
    """
    return dict(_OPENING.get(family_name(cls), {}))


def opening_input_of(cls: type[layers.Layer]) -> Input:
    """What a class reads at first: several channels where it treats each by itself.

    >>> opening_input_of(layers.DepthwiseConv2D).kind
    'photograph'
    """
    room = room_of(cls)
    if family_name(cls) not in ("Depthwise", "Separable"):
        return opening_input(room)
    return named_input({1: "brain waves, 4 channels", 2: "photograph"}[room.rank], room)
