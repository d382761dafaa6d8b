"""Which Keras wrote a config: its first number, from the version or from the words it uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

DATA_FORMATS = {"tf": "channels_last", "th": "channels_first"}
"""Keras 1's `dim_ordering`, named after the backends that began with them."""

# Arguments and classes that no later Keras writes.
_KEYS = frozenset(
    {
        *("nb_filter", "nb_row", "nb_col", "filter_length", "kernel_dim1"),
        *("border_mode", "subsample", "subsample_length", "atrous_rate", "dim_ordering"),
        *("W_regularizer", "U_regularizer", "b_regularizer", "W_constraint", "b_constraint"),
        *("pool_length", "inner_init", "inner_activation", "input_dtype"),
    }
)
_CLASSES = frozenset(
    {
        *("Convolution1D", "Convolution2D", "Convolution3D", "Deconvolution2D"),
        *("AtrousConvolution1D", "AtrousConvolution2D", "SeparableConvolution2D"),
        *("TimeDistributedDense", "MaxoutDense", "Highway", "ParametricSoftplus", "SReLU"),
    }
)


def generation(version: object, class_name: str, config: Mapping[str, Any]) -> int | None:
    """The first number of the version that wrote a layer; 1 for all before Keras 2.

    Without a version it is told by words that only Keras 1 uses, and else not known (None).

    >>> generation("2.4.0-tf", "Dense", {})
    2
    >>> generation(None, "Dense", {"output_dim": 8, "W_regularizer": None})
    1
    """
    number = re.match(r"\d{1,3}(?=\.|$)", version) if isinstance(version, str) else None
    if number:
        return max(1, int(number[0]))
    return 1 if class_name in _CLASSES or not _KEYS.isdisjoint(config) else None


def is_keras1(config: Any, version: object = None) -> bool:
    """Whether a model's config (what `to_json` writes, or a part of it) is of Keras 1.

    Args:
        config: the config of a model.
        version: the `keras_version` that the file has elsewhere, as .h5 files do.

    >>> is_keras1({"class_name": "Sequential", "config": [], "keras_version": "1.2.2"})
    True
    >>> layer = {"class_name": "Dropout", "config": {"name": "d", "p": 0.5}}
    >>> convolution = {"class_name": "Convolution2D", "config": {"nb_filter": 8}}
    >>> is_keras1({"class_name": "Sequential", "config": [layer, convolution]})
    True
    """
    if version is None and isinstance(config, Mapping):
        version = config.get("keras_version")
    if isinstance(version, str):
        return generation(version, "", {}) == 1
    return any(generation(None, name, arguments) == 1 for name, arguments in _layers(config))


def data_format_of(config: Any) -> str | None:
    """The data format of a Keras 1 model, which some of its layers were written without.

    UpSampling2D, ZeroPadding2D, Cropping2D, their 3-D forms and SpatialDropout took theirs from
    the machine, and Keras 1 did not write it. It is the one that the model's convolutions and
    poolings name; None if they name none, or both.

    >>> data_format_of({"config": [{"class_name": "X", "config": {"dim_ordering": "th"}}]})
    'channels_first'
    """
    found = {
        DATA_FORMATS[ordering]
        for _, arguments in _layers(config)
        if isinstance(ordering := arguments.get("dim_ordering"), str) and ordering in DATA_FORMATS
    }
    return found.pop() if len(found) == 1 else None


def _layers(config: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The class and arguments of every layer in a config, however deep; not in their order."""
    remaining = [config]
    while remaining:
        item = remaining.pop()
        if isinstance(item, list | tuple):
            remaining.extend(item)
        elif isinstance(item, Mapping):
            remaining.extend(item.values())
            name, arguments = item.get("class_name"), item.get("config")
            if isinstance(name, str) and isinstance(arguments, Mapping):
                yield name, arguments
