"""How a file says on what a layer was called: the arguments of its calls, as plain data.

Keras 3 writes `{"args": [...], "kwargs": {...}}` with tensors as dictionaries; Keras 1 and 2 write
`["name", call, output, {...}]`, in which a list of that form may stand for a tensor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from convlab.errors import FileRefused

Shape = tuple[int | None, ...]
Arguments = tuple[list[Any], dict[str, Any]]

_MOST_OUTPUTS = 1000
_CONSTANT = "_CONSTANT_VALUE"
_IGNORED = ("training", "mask", "name")
"""Arguments that change nothing here: networks are computed as they are used."""


@dataclass(frozen=True)
class Reference:
    """A tensor as a file names it.

    Attributes:
        layer: the name of the layer that gives it.
        node: in which of the layer's calls.
        output: which of the call's outputs.
        shape: its shape where the file tells it.
    """

    layer: str
    node: int
    output: int
    shape: Shape | None = None


def reference(layer: Any, node: Any, output: Any, shape: Any = None) -> Reference:
    """A reference from what a file holds.

    Raises:
        FileRefused: a name that is no text, or a place that is no small whole number.
    """
    places = (node, output)
    whole = all(isinstance(place, int) and not isinstance(place, bool) for place in places)
    if not isinstance(layer, str) or not whole or node < 0 or not 0 <= output < _MOST_OUTPUTS:
        raise FileRefused(
            "A tensor is named by a layer, the number of a call, and that of an output.",
            received=f"[{layer!r:.60}, {node!r:.20}, {output!r:.20}]",
            remedy="Save the model again with Keras.",
        )
    return Reference(layer, node, output, shape_in(shape))


def shape_in(value: Any) -> Shape | None:
    """A shape that a file tells, or None for what is none."""
    if isinstance(value, Mapping):
        value = value.get("items", value.get("config"))
    if not isinstance(value, list | tuple):
        return None
    good = all(
        size is None or (isinstance(size, int) and not isinstance(size, bool) and size >= 0)
        for size in value
    )
    return tuple(value) if good and value else None


def calls_in(inbound: Any) -> Iterator[Arguments]:
    """The arguments of each call of a layer, with a `Reference` for each tensor.

    Args:
        inbound: what a file has under "inbound_nodes".

    Raises:
        FileRefused: it has another form.
    """
    if not isinstance(inbound, list):
        raise _odd(inbound)
    for call in inbound:
        if isinstance(call, Mapping):
            yield _modern(call)
        elif isinstance(call, list):
            yield _older(call)
        else:
            raise _odd(call)


def _modern(call: Mapping[str, Any]) -> Arguments:
    args, kwargs = call.get("args", []), call.get("kwargs", {})
    if not isinstance(args, list) or not isinstance(kwargs, Mapping):
        raise _odd(call)
    named = {name: value(argument) for name, argument in kwargs.items() if name not in _IGNORED}
    return [value(argument) for argument in args], named


def value(written: Any) -> Any:
    """An argument that Keras 3 wrote: tensors, arrays, slices and tuples are dictionaries.

    >>> value({"class_name": "__slice__", "config": {"start": 1, "stop": None, "step": None}})
    slice(1, None, None)
    """
    if isinstance(written, list):
        return [value(one) for one in written]
    if not isinstance(written, Mapping):
        return written
    config = written.get("config")
    read = _FORMS.get(str(written.get("class_name")))
    if read is None:
        return {name: value(one) for name, one in written.items()}
    try:
        return read(config if isinstance(config, Mapping) else written)
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        if isinstance(error, FileRefused):
            raise
        raise _odd(written) from None


def _keras_tensor(config: Mapping[str, Any]) -> Reference:
    layer, node, output = config["keras_history"]
    return reference(layer, node, output, config.get("shape"))


def _array(config: Mapping[str, Any]) -> Any:
    return np.asarray(config["value"], np.dtype(str(config.get("dtype", "float32"))))


def _slice(config: Mapping[str, Any]) -> slice:
    return slice(*(value(config.get(name)) for name in ("start", "stop", "step")))


def _tuple(config: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(value(one) for one in config.get("items", config.get("value", ())))


_FORMS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "__keras_tensor__": _keras_tensor,
    "__numpy__": _array,
    "__tensor__": _array,
    "__slice__": _slice,
    "__tuple__": _tuple,
    "__ellipsis__": lambda config: ...,  # noqa: ARG005
}


def _older(call: list[Any]) -> Arguments:
    """A call as Keras 1 and 2 wrote it: tensors in a list, or one alone."""
    if call and not isinstance(call[0], list):
        call, alone = [call], True
    else:
        alone = len(call) == 1
    tensors: list[Any] = []
    kwargs: dict[str, Any] = {}
    for item in call:
        if not isinstance(item, list) or not 3 <= len(item) <= 4:
            raise _odd(item)
        name, node, output, *more = item
        tensors.append(output if name == _CONSTANT else reference(name, node, output))
        if more and isinstance(more[0], Mapping):
            kwargs |= more[0]
    named = {name: _older_value(one) for name, one in kwargs.items() if name not in _IGNORED}
    return [tensors[0] if alone else tensors], named


def _older_value(written: Any) -> Any:
    """An argument that Keras 2 wrote; a list of a name and two numbers is a tensor."""
    if isinstance(written, list):
        if len(written) == 3 and written[0] == _CONSTANT:
            return written[2]
        if len(written) == 3 and [type(part) for part in written] == [str, int, int]:
            return reference(*written)
        return [_older_value(one) for one in written]
    if isinstance(written, Mapping):
        if set(written) == {"start", "stop", "step"}:
            return slice(*(_older_value(written[name]) for name in ("start", "stop", "step")))
        return {name: _older_value(one) for name, one in written.items()}
    return written


def references_in(structure: Any) -> Iterator[Reference]:
    """The references in nested lists, tuples, dictionaries and slices, in order."""
    if isinstance(structure, Reference):
        yield structure
    elif isinstance(structure, Mapping):
        for one in structure.values():
            yield from references_in(one)
    elif isinstance(structure, slice):
        yield from references_in((structure.start, structure.stop, structure.step))
    elif isinstance(structure, list | tuple):
        for one in structure:
            yield from references_in(one)


def with_each(structure: Any, fill: Callable[[Reference], Any]) -> Any:
    """The same nested structure with something in the place of each reference."""
    if isinstance(structure, Reference):
        return fill(structure)
    if isinstance(structure, Mapping):
        return {name: with_each(one, fill) for name, one in structure.items()}
    if isinstance(structure, slice):
        parts = (structure.start, structure.stop, structure.step)
        return slice(*(with_each(part, fill) for part in parts))
    if isinstance(structure, list | tuple):
        return type(structure)(with_each(one, fill) for one in structure)
    return structure


def ends(written: Any) -> Any:
    """The inputs or outputs of a model: a reference, or a list or dictionary of them.

    >>> ends([["conv", 0, 0]])
    Reference(layer='conv', node=0, output=0, shape=None)
    """
    if isinstance(written, Mapping):
        return {str(name): ends(one) for name, one in written.items()}
    if not isinstance(written, list) or not written:
        raise _odd(written)
    if isinstance(written[0], str):
        if len(written) != 3:
            raise _odd(written)
        return reference(*written)
    found = [ends(one) for one in written]
    return found[0] if len(found) == 1 else found


def _odd(value: Any) -> FileRefused:
    return FileRefused(
        "The calls of a layer are lists of tensors and arguments, as Keras writes them.",
        received=f"{value!r:.120}",
        remedy="Save the model again with Keras.",
    )
