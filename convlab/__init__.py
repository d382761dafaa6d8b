"""convlab: see, step through and debug a convolutional layer.

    >>> import numpy as np
    >>> import convlab as cl
    >>> layer = cl.Conv2D(1, 3, padding="same", kernel_initializer="ones")
    >>> layer(np.ones((1, 4, 4, 1), "float32"))[0, :, :, 0]
    array([[4., 6., 6., 4.],
           [6., 9., 9., 6.],
           [6., 9., 9., 6.],
           [4., 6., 6., 4.]], dtype=float32)

Names are imported when they are first used, so that `import convlab` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convlab import layers as layers
    from convlab.draw import animate
    from convlab.inspector import explain
    from convlab.layers import (
        AveragePooling1D,
        AveragePooling2D,
        AveragePooling3D,
        AvgPool1D,
        AvgPool2D,
        AvgPool3D,
        Conv1D,
        Conv1DTranspose,
        Conv2D,
        Conv2DTranspose,
        Conv3D,
        Conv3DTranspose,
        ConvLSTM1D,
        ConvLSTM2D,
        ConvLSTM3D,
        Convolution1D,
        Convolution1DTranspose,
        Convolution2D,
        Convolution2DTranspose,
        Convolution3D,
        Convolution3DTranspose,
        Cost,
        Cropping1D,
        Cropping2D,
        Cropping3D,
        Deconvolution2D,
        Deconvolution3D,
        DepthwiseConv1D,
        DepthwiseConv2D,
        GlobalAveragePooling1D,
        GlobalAveragePooling2D,
        GlobalAveragePooling3D,
        GlobalAvgPool1D,
        GlobalAvgPool2D,
        GlobalAvgPool3D,
        GlobalMaxPool1D,
        GlobalMaxPool2D,
        GlobalMaxPool3D,
        GlobalMaxPooling1D,
        GlobalMaxPooling2D,
        GlobalMaxPooling3D,
        Layer,
        LocallyConnected1D,
        LocallyConnected2D,
        MaxPool1D,
        MaxPool2D,
        MaxPool3D,
        MaxPooling1D,
        MaxPooling2D,
        MaxPooling3D,
        SeparableConv1D,
        SeparableConv2D,
        SeparableConvolution1D,
        SeparableConvolution2D,
        UpSampling1D,
        UpSampling2D,
        UpSampling3D,
        ZeroPadding1D,
        ZeroPadding2D,
        ZeroPadding3D,
        activations,
        config,
        constraints,
        convolutional,
        initializers,
        regularizers,
    )
    from convlab.widgets import explore

__version__ = "0.1.0"

# public name -> (module, attribute); attribute None means the module itself
_HOME = {
    "layers": ("convlab.layers", None),
    "activations": ("convlab.layers.activations", None),
    "config": ("convlab.layers.config", None),
    "constraints": ("convlab.layers.constraints", None),
    "initializers": ("convlab.layers.initializers", None),
    "regularizers": ("convlab.layers.regularizers", None),
    "convolutional": ("convlab.layers.convolutional", None),
    "explain": ("convlab.inspector", "explain"),
    "explore": ("convlab.widgets", "explore"),
    "animate": ("convlab.draw", "animate"),
}

__all__ = [
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "AvgPool1D",
    "AvgPool2D",
    "AvgPool3D",
    "Conv1D",
    "Conv1DTranspose",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Conv3DTranspose",
    "ConvLSTM1D",
    "ConvLSTM2D",
    "ConvLSTM3D",
    "Convolution1D",
    "Convolution1DTranspose",
    "Convolution2D",
    "Convolution2DTranspose",
    "Convolution3D",
    "Convolution3DTranspose",
    "Cost",
    "Cropping1D",
    "Cropping2D",
    "Cropping3D",
    "Deconvolution2D",
    "Deconvolution3D",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalAveragePooling3D",
    "GlobalAvgPool1D",
    "GlobalAvgPool2D",
    "GlobalAvgPool3D",
    "GlobalMaxPool1D",
    "GlobalMaxPool2D",
    "GlobalMaxPool3D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GlobalMaxPooling3D",
    "Layer",
    "LocallyConnected1D",
    "LocallyConnected2D",
    "MaxPool1D",
    "MaxPool2D",
    "MaxPool3D",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "SeparableConv1D",
    "SeparableConv2D",
    "SeparableConvolution1D",
    "SeparableConvolution2D",
    "UpSampling1D",
    "UpSampling2D",
    "UpSampling3D",
    "ZeroPadding1D",
    "ZeroPadding2D",
    "ZeroPadding3D",
    "activations",
    "animate",
    "config",
    "constraints",
    "convolutional",
    "explain",
    "explore",
    "initializers",
    "layers",
    "regularizers",
]

_HOME |= {name: ("convlab.layers", name) for name in __all__ if name not in _HOME}


def __getattr__(name: str) -> Any:
    try:
        module_name, attribute = _HOME[name]
    except KeyError:
        raise AttributeError(f"module 'convlab' has no attribute {name!r}") from None
    module = import_module(module_name)
    value = module if attribute is None else getattr(module, attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
