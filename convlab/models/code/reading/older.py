"""Calls as Keras 1 spelt them, in Keras 3's words: most public questions are that old.

The words are translated by `convlab.models.legacy`, as those of files are; here are the places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from convlab.models.legacy import modern
from convlab.models.legacy.era import generation

_ROWS = ("nb_filter", "nb_row", "nb_col")
_PLACES: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("Convolution1D", "AtrousConvolution1D"), ("nb_filter", "filter_length")),
    **dict.fromkeys(("Convolution2D", "AtrousConvolution2D", "SeparableConvolution2D"), _ROWS),
    "Deconvolution2D": (*_ROWS, "output_shape"),
    "Convolution3D": ("nb_filter", "kernel_dim1", "kernel_dim2", "kernel_dim3"),
    "ConvLSTM2D": _ROWS,
    "Conv1D": ("nb_filter", "filter_length"),
    "Conv2D": _ROWS,
    "Conv3D": ("nb_filter", "kernel_dim1", "kernel_dim2", "kernel_dim3"),
    "Dense": ("output_dim",),
    "TimeDistributedDense": ("output_dim",),
    "MaxPooling1D": ("pool_length", "stride"),
    "AveragePooling1D": ("pool_length", "stride"),
    "UpSampling1D": ("length",),
    "Dropout": ("p",),
    "merge": ("inputs", "mode"),
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN"), ("output_dim",)),
}
"""The names of Keras 1 for arguments that are given by their place."""

_OLD_NAMES = ("AtrousConvolution", "Deconvolution2D", "TimeDistributedDense")
_OLD_WORDS = ("init", "bias", "inner_init")
_NEW_WORDS = frozenset(
    {"padding", "kernel_size", "use_bias", "data_format", "dilation_rate", "kernel_initializer"}
)
"""Arguments that Keras 1 has not: beside them 3, 3 is a kernel of 3 and a stride of 3."""

_NO_SHAPE = ("init", "bias", "_init", "_regularizer", "_constraint")


def names() -> frozenset[str]:
    """The names of Keras 1 that Keras 3 has no more."""
    return frozenset(
        {"merge", "Merge", "AtrousConvolution1D", "AtrousConvolution2D", "TimeDistributedDense"}
    )


def modern_call(
    name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[str, dict[str, Any]] | None:
    """The class and the arguments of a call of Keras 1; None for one that is none.

    >>> modern_call("Convolution2D", [32, 3, 5], {"border_mode": "same"})
    ('Conv2D', {'filters': 32, 'padding': 'same', 'kernel_size': (3, 5)})
    >>> modern_call("Conv2D", [32, 3], {"padding": "same"})
    """
    if not _is_old(name, args, kwargs):
        return None
    places = _PLACES.get(name, ())
    by_place = dict(zip(places, args, strict=False)) if places else _by_modern_place(name, args)
    config = {
        key: value
        for key, value in (by_place | dict(kwargs)).items()
        if not key.endswith(_NO_SHAPE)
    }
    if name == "BatchNormalization":
        config.pop("mode", None)  # which numbers are averaged: the shape is the same
    if name in ("LSTM", "GRU", "SimpleRNN"):
        units = config.pop("output_dim", config.pop("units", None))
        return name, {"units": units, **config}
    if name != "merge":
        return modern(name, config, "1.2.2")
    inputs = config.pop("inputs", None)
    class_name, arguments = modern("Merge", config, "1.2.2")
    return class_name, {"inputs": inputs, **arguments}


def _is_old(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    """Whether a call is one of Keras 1: by a name, by a word, or by a kernel number by number."""
    if name == "merge" or name.startswith(_OLD_NAMES[0]) or name == _OLD_NAMES[2]:
        return True
    if name == "Embedding":  # whose output_dim is its own
        return False
    if generation(None, "", kwargs) == 1 or _has_old_words(name, kwargs):
        return name not in _PLACES or not any(isinstance(one, tuple | list) for one in args[:2])
    if name == "BatchNormalization" and "mode" in kwargs:
        return True
    if not _NEW_WORDS.isdisjoint(kwargs):
        return False
    numbers = [one for one in args if isinstance(one, int)]
    kernel = len(_PLACES.get(name, ())) if name.startswith("Convolution") else 0
    return kernel > 2 and len(numbers) == len(args) >= kernel


def _has_old_words(name: str, kwargs: Mapping[str, Any]) -> bool:
    """Whether an argument has a name of Keras 1 that is none of the kernel's."""
    own = () if "Conv" in name else _PLACES.get(name, ())
    return not kwargs.keys().isdisjoint((*_OLD_WORDS, *own))


def _by_modern_place(name: str, args: Sequence[Any]) -> dict[str, Any]:
    """Arguments by the places that they have to this day: of poolings, paddings and the like."""
    first = "pool_size" if "Pooling" in name else "padding" if "Padding" in name else "size"
    if name.startswith("Cropping"):
        first = "cropping"
    return dict(zip((first, "strides"), args, strict=False))
