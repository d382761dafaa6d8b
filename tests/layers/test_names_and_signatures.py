"""The same names and the same arguments in the same order as Keras."""

import inspect

import pytest

from convlab import layers
from convlab.layers import convolutional

FAMILY = ("Conv", "Pool", "Cropping", "ZeroPadding", "UpSampling")
# arguments that Keras takes by keyword, or refuses, and convlab names
OWN = {"lora_rank", "lora_alpha", "unroll", "zero_output_for_mask", "kwargs"}


def _names(keras):
    found = [n for n in dir(keras.layers) if any(word in n for word in FAMILY)]
    return [name for name in found if name != "AdaptivePooling" and "Adaptive" not in name]


@pytest.mark.keras
def test_every_name_of_keras_is_there(keras):
    missing = [name for name in _names(keras) if not hasattr(layers, name)]
    assert missing == []


@pytest.mark.keras
def test_signatures(keras):
    for name in _names(keras):
        theirs = _arguments(getattr(keras.layers, name))
        ours = [a for a in _arguments(getattr(layers, name)) if a[0] not in OWN]
        assert ours == [a for a in theirs if a[0] not in OWN], name


def _arguments(cls):
    parameters = inspect.signature(cls.__init__).parameters.values()
    return [(p.name, _listed(p.default)) for p in parameters if p.name not in ("self", "args")]


def _listed(value):
    """(1, 1) and 1 mean the same."""
    while isinstance(value, tuple) and len(set(value)) == 1:
        value = value[0]
    return value


def test_aliases_are_the_same_layers():
    pairs = {
        "Convolution1D": "Conv1D",
        "Convolution2D": "Conv2D",
        "Convolution3D": "Conv3D",
        "Convolution1DTranspose": "Conv1DTranspose",
        "Convolution2DTranspose": "Conv2DTranspose",
        "Convolution3DTranspose": "Conv3DTranspose",
        "Deconvolution2D": "Conv2DTranspose",
        "Deconvolution3D": "Conv3DTranspose",
        "SeparableConvolution1D": "SeparableConv1D",
        "SeparableConvolution2D": "SeparableConv2D",
        "MaxPool1D": "MaxPooling1D",
        "MaxPool2D": "MaxPooling2D",
        "MaxPool3D": "MaxPooling3D",
        "AvgPool1D": "AveragePooling1D",
        "AvgPool2D": "AveragePooling2D",
        "AvgPool3D": "AveragePooling3D",
        "GlobalMaxPool1D": "GlobalMaxPooling1D",
        "GlobalMaxPool2D": "GlobalMaxPooling2D",
        "GlobalMaxPool3D": "GlobalMaxPooling3D",
        "GlobalAvgPool1D": "GlobalAveragePooling1D",
        "GlobalAvgPool2D": "GlobalAveragePooling2D",
        "GlobalAvgPool3D": "GlobalAveragePooling3D",
    }
    for alias, name in pairs.items():
        assert getattr(layers, alias) is getattr(layers, name)


def test_the_older_module_has_the_convolutional_layers():
    for name in convolutional.__all__:
        assert getattr(convolutional, name) is getattr(layers, name)
    assert {"Conv2D", "Cropping3D", "UpSampling1D", "ZeroPadding2D"} <= set(convolutional.__all__)
    assert {"LocallyConnected2D", "SeparableConv1D"} <= set(convolutional.__all__)


def test_layers_are_at_the_top_of_the_package_too():
    import convlab

    for name in layers.__all__:
        assert getattr(convlab, name) is getattr(layers, name)
