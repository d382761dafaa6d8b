"""Names, attributes and items: what is known to have them gives them, all else stays unknown."""

from __future__ import annotations

from typing import Any

from convlab.errors import ConvlabError
from convlab.layers.base import Layer
from convlab.layers.node import Tensor
from convlab.models.code.reading import meanings
from convlab.models.code.reading.values import (
    Data,
    Function,
    Instance,
    Method,
    Name,
    Scope,
    Unknown,
    UserClass,
    unknown_in,
)
from convlab.models.model import Model

_BUILTINS = frozenset(
    {
        *("range", "len", "int", "float", "str", "bool", "list", "tuple", "dict", "min", "max"),
        *("sum", "abs", "round", "enumerate", "zip", "reversed", "sorted", "print", "super"),
        *("isinstance", "map"),
    }
)
_OF_LAYERS = ("name", "output", "input", "filters", "units", "kernel_size", "strides", "rate")
_OF_MODELS = ("inputs", "outputs", "layers", "input_shape", "output_shape")
_KNOWN = {"__name__": "__main__", "__file__": "__main__.py"}


def named(name: str, scope: Scope, line: int) -> Any:
    """What a name stands for: in the text, in Python, or in Keras."""
    known, value = scope.find(name)
    if known:
        return value
    if name in _KNOWN:
        return _KNOWN[name]
    if name in _BUILTINS:
        return Name(f"builtins.{name}")
    return meanings.common(name) or Unknown(
        f"the name {name!r}, which the text gives no value", line
    )


def attribute(owner: Any, name: str, line: int) -> Any:
    """`owner.name`, of what is known to have it."""
    if isinstance(owner, Unknown):
        return owner
    if isinstance(owner, Name):
        return meanings.name_of(f"{owner.path}.{name}")
    if isinstance(owner, Instance):
        if name in owner.attributes:
            return owner.attributes[name]
        found = owner.cls.find(name)
        if isinstance(found, Function):
            return Function(found.node, found.scope, owner)
        return Method(owner, name) if found is None else found
    if isinstance(owner, UserClass):
        return owner.find(name)
    if isinstance(owner, Data) and name == "shape":
        return owner.shape
    if isinstance(owner, Tensor) and name in ("shape", "_keras_shape", "ndim", "name", "dtype"):
        if owner.spec is None and name != "name":
            return Unknown(f"the {name} of a tensor behind a conflict", line)
        return getattr(owner, name.removeprefix("_keras_"))
    if isinstance(owner, Model) and name in _OF_MODELS:
        return _told(owner, name, line)
    if isinstance(owner, Layer) and name in _OF_LAYERS:
        return _told(owner, name, line)
    return Method(owner, name)


def _told(layer: Layer, name: str, line: int) -> Any:
    try:
        return getattr(layer, name)
    except (ConvlabError, AttributeError) as error:
        return Unknown(f"{layer.name}.{name}: {error}", line)


def item_of(owner: Any, key: Any, line: int) -> Any:
    """`owner[key]`, of what is known to have it."""
    if isinstance(owner, Unknown):
        return owner
    unknown = unknown_in(key)
    if unknown is not None:
        return unknown
    if isinstance(owner, Tensor):
        return owner[key]
    if isinstance(owner, Data) and isinstance(key, int) and len(owner.shape) > 1:
        return Data(owner.shape[1:])
    if isinstance(owner, list | tuple | str | dict | range):
        try:
            return owner[key]
        except (IndexError, KeyError, TypeError, ValueError) as error:
            return Unknown(f"{type(error).__name__}: {error!s:.80}", line)
    return Unknown("an item of what is no list", line)
