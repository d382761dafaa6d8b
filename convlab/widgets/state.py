"""The state of an explorer as plain data, and as a text in an address.

What is read is not trusted: a name that is not known, a value of another type, a size beyond the
bounds is refused before anything is computed.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from convlab.errors import DataError
from convlab.layers import activations
from convlab.widgets.arguments import Control, controls_of
from convlab.widgets.families import SHOWN, room_of, shown_class
from convlab.widgets.inputs import BOUNDS, KINDS, TYPED, Input, opening_input
from convlab.widgets.inputs.numbers import MAX_TYPED_TEXT
from convlab.widgets.setting import Kernel, Setting
from convlab.widgets.stage import LARGEST
from convlab.widgets.weights import CUSTOM, MIXES
from convlab.widgets.work import check_work, work_of

VERSION = 1
MAX_TEXT = 2**16  # characters of a link
MAX_PLAIN = 2**20  # bytes that it unpacks to
MAX_NUMBERS = 4096  # of a kernel that travel
BEYOND = 4  # times a control's own bound: what Python may have set beyond it

_KEYS = ("version", "layer", "arguments", "input", "kernels", "bias", "left out")


def told_setting(setting: Setting) -> dict[str, Any]:
    """A setting as plain data that JSON can hold; under "left out", in words, what it cannot.

    Example:
        >>> told_setting(Setting({"filters": 2, "kernel_size": (3, 3)}))["arguments"]
        {'kernel_size': [3, 3], 'filters': 2}
    """
    cls = shown_class(setting.layer_class)
    out: list[str] = []
    arguments = {}
    for name, control in controls_of(cls).items():
        if name not in setting.arguments:
            continue
        value = setting.arguments[name]
        if callable(value):
            out.append(f"{control.label}: a function of your own")
        else:
            arguments[name] = _listed(value)
    state = {
        "version": VERSION,
        "layer": cls.__name__,
        "arguments": arguments,
        "input": _told_input(setting.input, out),
        "kernels": {
            name: _told_kernel(name, kernel, out) for name, kernel in setting.kernels.items()
        },
        "bias": None if setting.bias is None else _numbers_of(setting.bias, "bias", out),
    }
    return {**state, "left out": out} if out else state


def read_setting(state: Any) -> Setting:
    """The setting that plain data tells: the inverse of `told_setting`.

    Raises:
        DataError: it is no such data, or is beyond the bounds.

    Example:
        >>> read_setting({"version": 1, "layer": "MaxPooling1D"}).layer_class.__name__
        'MaxPooling1D'
    """
    known = _mapping(state, "state", _KEYS)
    if known.get("version") != VERSION:
        raise _refused("version", known.get("version"), f"Use version {VERSION}.")
    name = known.get("layer")
    if not isinstance(name, str) or name not in SHOWN:
        raise _refused("layer", name, f"Use one of {', '.join(SHOWN)}.")
    cls = SHOWN[name]
    controls = controls_of(cls)
    given = _mapping(known.get("arguments", {}), "arguments", tuple(controls))
    rank: int = cls.rank  # type: ignore[attr-defined]
    arguments = {name: _read_value(controls[name], value, rank) for name, value in given.items()}
    kernels = _mapping(known.get("kernels", {}), "kernels", None)
    bias = known.get("bias")
    setting = Setting(
        arguments,
        _read_input(known.get("input", {}), cls),
        cls,
        {_weight_name(name): _read_kernel(told) for name, told in kernels.items()},
        None if bias is None else _read_numbers(bias),
    )
    _check_work(setting)
    return setting


def encoded(state: Mapping[str, Any]) -> str:
    """A state as a text that may stand in an address.

    >>> decoded(encoded({"a": [1, 2.5]}))
    {'a': [1, 2.5]}
    """
    packed = zlib.compress(json.dumps(state, separators=(",", ":")).encode(), 9)
    return base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def decoded(text: str) -> Any:
    """The state that a text in an address holds: the inverse of `encoded`.

    Raises:
        DataError: it is no such text, or unpacks to too much.
    """
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise _refused("link", f"{len(text)} characters", f"A link has {MAX_TEXT:,} at most.")
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(packed, MAX_PLAIN)
        if unpacker.unconsumed_tail:
            raise _refused("link", "more than 1 MiB", "Copy the link anew from the app.")
        return json.loads(plain, parse_constant=_no_constant)
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        if isinstance(error, DataError):
            raise
        raise _refused("link", text[:40], "Copy the whole link from the app.") from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _listed(value: Any) -> Any:
    return [_listed(item) for item in value] if isinstance(value, tuple | list) else value


def _told_input(chosen: Input, out: list[str]) -> dict[str, Any]:
    if chosen.kind in ("upload", "array"):
        out.append("your file" if chosen.kind == "upload" else "the array from Python")
        chosen = opening_input(chosen.room)
    told: dict[str, Any] = {"kind": chosen.kind, "size": chosen.size}
    if chosen.room.timed:
        told["frames"] = chosen.frames
    if chosen.channels != 1:
        told["channels"] = chosen.channels
    if chosen.kind == "numbers":
        told["text"] = chosen.typed
    return told


def _told_kernel(name: str, kernel: Kernel, out: list[str]) -> dict[str, Any]:
    values = None if kernel.values is None else _numbers_of(kernel.values, name, out)
    return {"names": list(kernel.names), "values": values}


def _numbers_of(values: Any, name: str, out: list[str]) -> dict[str, Any] | None:
    array = np.asarray(values, dtype=float)
    if array.size > MAX_NUMBERS or not np.isfinite(array).all():
        out.append(f"the numbers of the {name.replace('_', ' ')}")
        return None
    return {"shape": list(array.shape), "values": array.ravel().tolist()}


def _read_value(control: Control, value: Any, rank: int) -> Any:
    value = _tupled(value)
    items = _flat(value)
    if len(items) > 2 * rank or not all(_is_allowed(control, item) for item in items):
        raise _refused(control.name, value, "Choose a value that its control offers.")
    return value


def _is_allowed(control: Control, item: Any) -> bool:
    if control.allows(item):
        return True
    if isinstance(item, str):
        return control.name.endswith("activation") and item in activations.NAMES
    whole = isinstance(item, int) and not isinstance(item, bool)
    numeric = not control.options or None in control.options
    return whole and numeric and 0 <= item <= BEYOND * max(control.high, 8)


def _tupled(value: Any) -> Any:
    return tuple(_tupled(item) for item in value[:8]) if isinstance(value, list | tuple) else value


def _flat(value: Any) -> list[Any]:
    if not isinstance(value, tuple):
        return [value]
    return [item for part in value for item in _flat(part)]


def _read_input(told: Any, cls: type) -> Input:
    room = room_of(cls)
    given = _mapping(told, "input", ("kind", "size", "frames", "channels", "text"))
    first = opening_input(room)
    kind = given.get("kind", first.kind)
    if not isinstance(kind, str) or (
        kind not in KINDS[room] and not (kind == "numbers" and room in TYPED)
    ):
        raise _refused("input", kind, f"Use one of {', '.join(KINDS[room])}.")
    bounds = BOUNDS[room]
    size = given.get("size", KINDS[room][kind].size if kind in KINDS[room] else first.size)
    frames = given.get("frames", first.frames)
    if type(size) is not int or not bounds.smallest <= size <= bounds.largest:
        raise _refused("size", size, f"Use {bounds.smallest} to {bounds.largest}.")
    if room.timed and (type(frames) is not int or not 1 <= frames <= bounds.frames):
        raise _refused("frames", frames, f"Use 1 to {bounds.frames}.")
    free = kind in KINDS[room] and KINDS[room][kind].channels
    channels = given.get("channels", free or 1)
    if type(channels) is not int or not 1 <= channels <= (bounds.channels if free else 1):
        raise _refused("channels", channels, f"Use 1 to {bounds.channels if free else 1}.")
    text = given.get("text")
    if text is not None and (not isinstance(text, str) or len(text) > MAX_TYPED_TEXT):
        raise _refused("text", text, f"Use a text of {MAX_TYPED_TEXT:,} characters at most.")
    chosen = Input(kind, size, room, channels=channels, text=text)
    return replace(chosen, frames=frames) if room.timed else chosen


_WEIGHTS = ("kernel", "depthwise_kernel", "pointwise_kernel", "recurrent_kernel")


def _weight_name(name: str) -> str:
    if name not in _WEIGHTS:
        raise _refused("kernels", name, f"Use one of {', '.join(_WEIGHTS)}.")
    return name


def _read_kernel(told: Any) -> Kernel:
    given = _mapping(told, "kernels", ("names", "values"))
    names = given.get("names", [])
    if (
        not isinstance(names, list)
        or len(names) > MAX_NUMBERS
        or not all(isinstance(name, str) and len(name) < 40 for name in names)
    ):
        raise _refused("names", names, f"Use a list of names, such as {CUSTOM!r} or {MIXES[0]!r}.")
    values = given.get("values")
    return Kernel(tuple(names), None if values is None else _read_numbers(values))


def _read_numbers(told: Any) -> Any:
    given = _mapping(told, "values", ("shape", "values"))
    shape, values = given.get("shape"), given.get("values")
    good = (
        isinstance(shape, list)
        and 0 < len(shape) <= 8
        and all(type(size) is int and 0 < size <= MAX_NUMBERS for size in shape)
        and isinstance(values, list)
        and len(values) == math.prod(shape) <= MAX_NUMBERS
        and all(type(value) in (int, float) and abs(value) <= LARGEST for value in values)
    )
    if not good:
        raise _refused("values", told, "Use {'shape': [...], 'values': [...]} of plain numbers.")
    return np.array(values, dtype=float).reshape(shape)


def _check_work(setting: Setting) -> None:
    """Refuses a setting that would take long to compute; one that is no layer is told later."""
    try:
        layer = setting.made()
        x = setting.input.values()
        shape = (None, *(np.moveaxis(x, -1, int(setting.room.timed)) if _first(layer) else x).shape)
        work = work_of(layer, shape)
    except (ValueError, TypeError):
        return
    check_work(work)


def _first(layer: Any) -> bool:
    return bool(layer.data_format == "channels_first")


def _mapping(value: Any, name: str, keys: tuple[str, ...] | None) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise _refused(name, value, "Use a mapping of names.")
    unknown = [key for key in value if keys is not None and key not in keys]
    if unknown:
        raise _refused(name, unknown[0], f"It may hold {', '.join(keys or ())}.")
    return value


def _refused(name: str, value: Any, remedy: str) -> DataError:
    return DataError(
        f"A saved state has no such {name}.",
        received=f"{name}={value!r:.80}",
        remedy=remedy,
        argument=name,
    )
