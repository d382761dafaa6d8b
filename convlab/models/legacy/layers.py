"""One layer of an older Keras, in the terms of Keras 3."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from convlab.errors import FileRefused
from convlab.models.legacy import keras1, keras2
from convlab.models.legacy.era import generation
from convlab.models.legacy.objects import BY_ENDING, activation

_KERAS_PATH = re.compile(r"(tensorflow\.|tf\.)?(python\.)?(tf_)?keras(\.|$)")
_DEEPEST = 8  # of tuples in an argument; a cropping has 2


def modern(
    class_name: str,
    config: Mapping[str, Any],
    version: str | None = None,
    data_format: str | None = None,
) -> tuple[str, dict[str, Any]]:
    """The class and the constructor's arguments, in Keras 3's terms, of a layer in a file.

    Args:
        class_name: the class as written.
        config: its config as written; it is not changed.
        version: the `keras_version` of the file, such as `"1.2.2"` or `"2.4.0-tf"`. A layer of
            Keras 3 is given back as it is. Without a version, Keras 1 is told by its words.
        data_format: for the layers that Keras 1 wrote without one; see `data_format_of`.

    Returns:
        The class name, and the arguments. A class without counterpart keeps its name and its
        config; an argument without counterpart stays, so that the layer refuses it.

    Raises:
        FileRefused: the class is no text, or the config no dictionary.

    >>> modern("Convolution2D", {"nb_filter": 8, "nb_row": 3, "nb_col": 5, "border_mode": "same"})
    ('Conv2D', {'filters': 8, 'padding': 'same', 'kernel_size': (3, 5)})
    >>> modern("LeakyReLU", {"alpha": 0.1}, "2.15.0")
    ('LeakyReLU', {'negative_slope': 0.1})
    """
    if not isinstance(class_name, str) or not isinstance(config, Mapping):
        raise FileRefused(
            "A layer is a class's name and a dictionary of arguments.",
            received=f"class_name={class_name!r:.80}, config={config!r:.80}",
            remedy="Write the model again, with model.save() or model.to_json().",
        )
    era = generation(version, class_name, config)
    if era is not None and era > 2:
        return class_name, dict(config)
    arguments = {key: _plain(value) for key, value in config.items()}
    class_name = _own_name(class_name)
    if era == 1 or class_name == "Merge":  # Keras 2.0 still wrote it
        class_name, arguments = keras1.translated(class_name, arguments, data_format)
    class_name, arguments = keras2.translated(class_name, arguments)
    before_keras3 = era is not None
    for key, value in arguments.items():
        ending = str(key).rpartition("_")[2]
        if ending in BY_ENDING:
            arguments[key] = BY_ENDING[ending](value)
        elif ending == "activation":
            arguments[key] = _layer(activation(value, before_keras3), version, data_format)
        elif ending == "layer":
            arguments[key] = _layer(value, version, data_format)
    return class_name, arguments


def _layer(value: Any, version: str | None, data_format: str | None) -> Any:
    """A layer within a layer's arguments, in its serialised form; what is none, as it is."""
    if not isinstance(value, Mapping):
        return value
    name, config = value.get("class_name"), value.get("config")
    if not isinstance(name, str) or not isinstance(config, Mapping):
        return value
    name, arguments = modern(name, config, version, data_format)
    return {**value, "class_name": name, "config": arguments}


def _own_name(class_name: str) -> str:
    """The class's own name, where Keras's path stands before it; others' packages are theirs.

    >>> _own_name("keras.layers.experimental.preprocessing.Rescaling")
    'Rescaling'
    >>> _own_name("Addons>GroupNormalization")
    'Addons>GroupNormalization'
    """
    path, _, name = class_name.rpartition(".")
    return name if _KERAS_PATH.match(path) and name.isidentifier() else class_name


def _plain(value: Any, depth: int = 0) -> Any:
    """Tuples, shapes and arrays that Keras wrote as dictionaries, as plain lists and numbers.

    >>> _plain({"class_name": "__tuple__", "items": [2, None]})
    [2, None]
    >>> _plain({"type": "ndarray", "value": 0.5})
    0.5
    """
    if isinstance(value, Mapping):
        if value.get("class_name") in ("__tuple__", "TensorShape") and "items" in value:
            return _plain(value["items"], depth)
        if value.get("type") == "ndarray" and "value" in value:
            return value["value"]
    if isinstance(value, list) and depth < _DEEPEST:
        return [_plain(item, depth + 1) for item in value]
    return value
