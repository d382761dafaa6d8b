"""The arguments of an operation with places in which its inputs go, and how they are written.

>>> filled([Slot(0), {"y": 1.5}], ["x"])
['x', {'y': 1.5}]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from convlab.errors import ArgumentError


@dataclass(frozen=True)
class Slot:
    """The place of an input among the arguments of an operation.

    Attributes:
        index: which of the inputs.
    """

    index: int

    def __repr__(self) -> str:
        return f"Slot({self.index})"


def slots_in(structure: Any) -> Iterator[Slot]:
    """The slots in nested lists, tuples, dictionaries and slices, in order."""
    if isinstance(structure, Slot):
        yield structure
    elif isinstance(structure, Mapping):
        yield from slots_in(list(structure.values()))
    elif isinstance(structure, slice):
        yield from slots_in([structure.start, structure.stop, structure.step])
    elif isinstance(structure, list | tuple):
        for value in structure:
            yield from slots_in(value)


def filled(structure: Any, inputs: Sequence[Any]) -> Any:
    """The same nested structure with an input in the place of each slot."""
    if isinstance(structure, Slot):
        return inputs[structure.index]
    if isinstance(structure, Mapping):
        return {name: filled(value, inputs) for name, value in structure.items()}
    if isinstance(structure, list | tuple):
        return type(structure)(filled(value, inputs) for value in structure)
    return structure


def written(value: Any) -> Any:
    """An argument as JSON has it, in Keras's forms.

    >>> written(slice(1, None))
    {'class_name': '__slice__', 'config': {'start': 1, 'stop': None, 'step': None}}
    """
    match value:
        case Slot(index):
            return _form("__slot__", {"index": index})
        case slice():
            ends = {"start": value.start, "stop": value.stop, "step": value.step}
            return _form("__slice__", {name: written(end) for name, end in ends.items()})
        case tuple():
            return {"class_name": "__tuple__", "items": [written(item) for item in value]}
        case list():
            return [written(item) for item in value]
        case Mapping():
            return {name: written(item) for name, item in value.items()}
        case np.ndarray():
            return _form("__numpy__", {"value": value.tolist(), "dtype": value.dtype.name})
        case np.generic():
            return value.item()
    return _form("__ellipsis__", {}) if value is Ellipsis else value


def read(value: Any) -> Any:
    """The argument that a written form stands for; what is no such form stays as it is."""
    if isinstance(value, list | tuple):
        return type(value)(read(item) for item in value)
    if not isinstance(value, Mapping):
        return value
    items, config = value.get("items", []), value.get("config", {})
    try:
        match value.get("class_name"):
            case "__slot__":
                return Slot(config["index"])
            case "__slice__":
                return slice(*(read(config.get(end)) for end in ("start", "stop", "step")))
            case "__ellipsis__":
                return Ellipsis
            case "__tuple__":
                return tuple(read(item) for item in items)
            case "__numpy__":
                return _array(config["value"], str(config["dtype"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ArgumentError(
            f"The argument of an operation could not be read: {error}.",
            received=f"{value!r:.200}",
            remedy="Use what operator.get_config() gives.",
            argument="args",
        ) from error
    return {name: read(item) for name, item in value.items()}


def _array(value: Any, dtype: str) -> Any:
    kind = np.dtype(dtype)
    if kind.kind not in "fiub":
        raise ValueError(f"{dtype} is no dtype of numbers")
    return np.array(value, kind)


def _form(class_name: str, config: dict[str, Any]) -> dict[str, Any]:
    return {"class_name": class_name, "config": config}
