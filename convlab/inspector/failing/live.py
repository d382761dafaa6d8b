"""Live objects of Keras, told by their classes' names: Keras itself is never imported."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

Shape = tuple[int | None, ...]

_ROOTS = ("keras", "tf_keras", "tensorflow", "keras_core")
_BASES = ("Layer", "Operation")
_LARGEST = 10_000
"""Numbers in a constant beyond which its shape is enough."""


def is_layer(value: Any) -> bool:
    """Whether something is a layer, a model or an operation of Keras."""
    return not isinstance(value, type) and any(name in _BASES for name in _lineage(value))


def is_graph(value: Any) -> bool:
    """Whether something is a model that knows which layers it has, and how they are called."""
    return is_chain(value) or "Functional" in _lineage(value)


def is_chain(value: Any) -> bool:
    """Whether something is a Sequential model."""
    return "Sequential" in _lineage(value)


def is_own(value: Any) -> bool:
    """Whether something is a layer or model whose class is the user's: its inside is code."""
    return is_layer(value) and _root(type(value)) not in _ROOTS


def _lineage(value: Any) -> Iterator[str]:
    return (cls.__name__ for cls in type(value).__mro__ if _root(cls) in _ROOTS)


def _root(cls: type) -> str:
    return str(getattr(cls, "__module__", "")).partition(".")[0]


def class_name(layer: Any) -> str:
    """The name of a layer's class in a file: tf.keras's Model of a graph is "Functional"."""
    return type(layer).__name__


def name_of(layer: Any) -> str:
    """A layer's name; that of its class where it does not tell one. Names hold no "/"."""
    try:
        name = layer.name
    except Exception:  # of a foreign object anything may come
        name = None
    return (name if isinstance(name, str) and name else class_name(layer)).replace("/", "_")


def shape_of(tensor: Any) -> Shape | None:
    """The shape of an array or tensor of any framework; None where there is none."""
    try:
        return tuple(None if size is None else int(size) for size in tensor.shape)
    except Exception:  # of a foreign object anything may come
        return None


def tensors_in(structure: Any) -> Iterator[Any]:
    """What has a shape in nested lists, tuples and dictionaries."""
    if isinstance(structure, Mapping):
        structure = list(structure.values())
    if isinstance(structure, list | tuple):
        for value in structure:
            yield from tensors_in(value)
    elif _has_shape(structure):
        yield structure


def _has_shape(value: Any) -> bool:
    try:
        return hasattr(value, "shape")
    except Exception:  # of a foreign object anything may come
        return False


def history(tensor: Any) -> tuple[Any, int, int] | None:
    """The layer, the number of its call and of the output that made a symbolic tensor."""
    try:
        layer, node, output = tensor._keras_history
        return layer, int(node), int(output)
    except Exception:  # of a foreign object anything may come
        return None


def call_of(layer: Any, number: int) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of a call that a layer remembers, in the words of Keras 3 and of Keras 2."""
    node = layer._inbound_nodes[number]
    arguments: Any = getattr(node, "arguments", None)
    if hasattr(arguments, "args"):
        return tuple(arguments.args), dict(arguments.kwargs)
    if hasattr(node, "call_args"):
        return tuple(node.call_args), dict(node.call_kwargs)
    tensors = node.input_tensors
    return (tensors,), dict(arguments or {})


def config_of(layer: Any) -> dict[str, Any]:
    """The arguments of a layer as plain values; empty where it does not tell them."""
    try:
        return {str(name): plain(value) for name, value in layer.get_config().items()}
    except Exception:  # a layer of the user's need not have get_config
        return {}


def plain(value: Any, depth: int = 0) -> Any:
    """A value as JSON has it; what JSON does not have is None."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if depth > 60:
        return None
    if isinstance(value, Mapping):
        return {str(name): plain(one, depth + 1) for name, one in value.items()}
    if isinstance(value, list | tuple) or type(value).__name__ in ("ListWrapper", "TensorShape"):
        return [plain(one, depth + 1) for one in value]
    if isinstance(value, np.ndarray) and value.size <= _LARGEST:
        return value.tolist()
    return None


def argument(value: Any, tensor: Any, depth: int = 0) -> Any:
    """An argument of a call as Keras 3 writes it in a file.

    Args:
        value: the argument.
        tensor: makes of a tensor what stands for it; None for one that is a constant.
        depth: how deep it is nested.
    """
    if _has_shape(value):
        return tensor(value) or _constant(value)
    if isinstance(value, slice):
        parts = {name: argument(getattr(value, name), tensor) for name in _SLICE}
        return {"class_name": "__slice__", "config": parts}
    if value is Ellipsis:
        return {"class_name": "__ellipsis__", "config": {}}
    if depth > 20:
        return None
    if isinstance(value, Mapping):
        return {str(name): argument(one, tensor, depth + 1) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [argument(one, tensor, depth + 1) for one in value]
    return plain(value)


_SLICE = ("start", "stop", "step")


def _constant(value: Any) -> Any:
    try:
        array = np.asarray(value)
    except Exception:  # a symbol of TensorFlow's has no values
        return None
    if array.size > _LARGEST or array.dtype.kind not in "biuf":
        return None
    config = {"value": array.tolist(), "dtype": array.dtype.name}
    return {"class_name": "__numpy__", "config": config}


def versions() -> dict[str, str]:
    """The versions of the frameworks that are loaded, by name."""
    names = ("keras", "tf_keras", "tensorflow", "jax", "torch")
    found = {name: getattr(sys.modules.get(name), "__version__", None) for name in names}
    return {name: version for name, version in found.items() if isinstance(version, str)}


def keras_version(layer: Any) -> str:
    """The version of the Keras to which a layer belongs."""
    homes = [_root(cls) for cls in type(layer).__mro__ if _root(cls) in _ROOTS]
    known = versions()
    if homes and homes[-1] == "tensorflow":  # tensorflow.python.keras, before 2.6
        return "2.4.0"
    return known.get(homes[-1] if homes else "keras", "3")
