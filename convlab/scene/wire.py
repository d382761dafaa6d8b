"""A scene as JSON-like data with binary buffers: what travels to the browser.

Every array becomes `{"dtype", "shape", "data"}`, little-endian and in C order; `data` is bytes,
or with `embed` a base64 string, for a page that stands alone.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.scene.data import Scene

_SENT = {"f": "<f4", "i": "<i4", "u": "|u1"}  # by NumPy kind; float64 keeps its own width


def as_plain(scene: Scene) -> dict[str, Any]:
    r"""The scene as dicts, lists, numbers, strings and arrays of bytes.

    Args:
        scene: what to send.

    Returns:
        A dict that anywidget splits into JSON and binary buffers.

    Example:
        >>> from convlab.scene import Norm
        >>> plain(Norm("grey", 0.0, 1.0))
        {'table': 'grey', 'low': 0.0, 'high': 1.0}
        >>> plain(np.array([1, 2]))
        {'dtype': 'int32', 'shape': [2], 'data': b'\x01\x00\x00\x00\x02\x00\x00\x00'}
    """
    result: dict[str, Any] = plain(scene)
    result["selectable"] = list(scene.selectable)
    result["rank"] = scene.rank
    result["activation_note"] = scene.steps[-1].note
    return result


def plain(value: Any) -> Any:
    """Any part of a scene as plain data."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def embed(value: Any) -> Any:
    """Plain data with its bytes as base64 text, so that it is JSON.

    >>> embed({"data": b"abc"})
    {'data': 'YWJj'}
    """
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, dict):
        return {key: embed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [embed(item) for item in value]
    return value


def _array(values: NDArray[Any]) -> dict[str, Any]:
    sent = "<f8" if values.dtype == np.float64 else _SENT[values.dtype.kind]
    array = np.ascontiguousarray(values, dtype=sent)
    return {"dtype": array.dtype.name, "shape": list(values.shape), "data": array.tobytes()}
