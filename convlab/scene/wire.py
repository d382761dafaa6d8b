"""A scene as JSON-like data with binary buffers: what travels to the browser.

Every array becomes `{"dtype", "shape", "data", "id"}`, little-endian and in C order; `data` is
bytes. An array that comes again, such as the output of a step that the next one reads, travels
once: then it is `{"same": id}`. The input may travel apart: most settings leave it as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.scene.data import Scene

_SENT = {"f": "<f4", "i": "<i4", "u": "|u1"}  # by NumPy kind; float64 keeps its own width

INPUT = "input"
"""The `id` of a scene's input where it travels apart."""

_Known = dict[tuple[Any, ...], int | str]


def as_plain(scene: Scene, *, input_apart: bool = False) -> dict[str, Any]:
    r"""The scene as dicts, lists, numbers, strings and arrays of bytes.

    Args:
        scene: what to send.
        input_apart: whether the input is named only; `input_as_plain` is what it names.

    Returns:
        A dict that anywidget splits into JSON and binary buffers.

    Example:
        >>> from convlab.scene import Norm
        >>> plain(Norm("grey", 0.0, 1.0))
        {'table': 'grey', 'low': 0.0, 'high': 1.0}
        >>> two = np.array([1, 2])
        >>> plain([two, two])
        [{'dtype': 'int32', 'shape': [2], 'data': b'\x01\x00\x00\x00\x02\x00\x00\x00', 'id': 0},
        {'same': 0}]
    """
    known: _Known = {_identity(scene.steps[0].input.values): INPUT} if input_apart else {}
    result: dict[str, Any] = plain(scene, known)
    result["selectable"] = list(scene.selectable)
    result["rank"] = scene.rank
    result["activation_note"] = scene.steps[-1].note
    return result


def input_as_plain(scene: Scene) -> dict[str, Any]:
    """The input of a scene's first step as it travels apart."""
    return {**_packed(scene.steps[0].input.values), "id": INPUT}


def plain(value: Any, known: _Known | None = None) -> Any:
    """Any part of a scene as plain data.

    Args:
        value: the part.
        known: the arrays that were met before it, by what they are.
    """
    known = {} if known is None else known
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name), known) for field in fields(value)}
    if isinstance(value, np.ndarray):
        return _array(value, known)
    if isinstance(value, Mapping):
        return {key: plain(item, known) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item, known) for item in value]
    return value


def _array(values: NDArray[Any], known: _Known) -> dict[str, Any]:
    identity = _identity(values)
    if identity in known:
        return {"same": known[identity]}
    known[identity] = number = len(known)
    return {**_packed(values), "id": number}


def _identity(values: NDArray[Any]) -> tuple[Any, ...]:
    place = values.__array_interface__["data"][0]
    return (place, values.dtype, values.shape, values.strides)


def _packed(values: NDArray[Any]) -> dict[str, Any]:
    sent = "<f8" if values.dtype == np.float64 else _SENT[values.dtype.kind]
    array = np.ascontiguousarray(values, dtype=sent)
    return {"dtype": array.dtype.name, "shape": list(values.shape), "data": array.tobytes()}
