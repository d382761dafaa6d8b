"""A page that stands alone: the stage and one scene in a single HTML file.

It asks nothing of any host and keeps all that the stage does in the browser: hovering, playing,
the numbers and their reasons. Scripts and styles are let through by their hashes alone, so that
nothing else runs in it, also where it is opened from disk. What is long is deflated.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError
from convlab.scene.assets import stage_module, stage_style
from convlab.scene.data import Scene
from convlab.scene.wire import as_plain

THEMES = ("light", "dark", "projector", "auto")
SPEEDS = (1, 2, 5, 10, 20, 30, 60)
"""Steps a second that the stage offers."""

ALIKE = 0.2  # the share of equal numbers from which on they are worth being left out

Bytes = NDArray[np.uint8]

_PLACE = re.compile(r"\[\[(\w+)\]\]")


def html_page(
    scene: Scene,
    *,
    theme: str = "light",
    tables: Mapping[str, bytes] | None = None,
    title: str | None = None,
    beside: Scene | None = None,
    **state: Any,
) -> str:
    """One HTML file that shows a scene, without a kernel and without a network.

    Args:
        scene: what to show.
        theme: "light", "dark", "projector" or "auto" (as the browser prefers).
        tables: the colours of each kind of values, 256 of red, green, blue and alpha each; grey
            without them.
        title: the page's heading; by default the call that makes the layer.
        beside: another scene to compare it with: it stands beside it, and both move together.
        state: what else the stage's `update` takes, such as `selection=(3, 4, 0)` or `speed=5`.

    Returns:
        The page's text; write it as UTF-8.

    Raises:
        ArgumentError: there is no such theme.

    Example:
        >>> import numpy as np
        >>> from convlab.layers import Conv2D
        >>> from convlab.scene import build_scene
        >>> page = html_page(build_scene(Conv2D(1, 3), np.ones((1, 5, 5, 1), "float32")))
        >>> page[:15], "<title>Conv2D(1, 3)</title>" in page
        ('<!doctype html>', True)
    """
    if theme not in THEMES:
        raise ArgumentError(
            f"The theme is one of {', '.join(map(repr, THEMES))}.",
            received=f"theme={theme!r}",
            remedy="Use theme='light'.",
            argument="theme",
        )
    module = stage_module() + _read("start.js")
    unpack = _read("unpack.js")
    styles = (_read("page.css"), stage_style())
    scenes = [scene] if beside is None else [scene, beside]
    every = {"tables": dict(tables or {}), "theme": theme}
    stages = [{"scene": as_plain(one), "code": one.code, **every} for one in scenes]
    stages[0] |= state
    parts = {
        "title": escape(title or " and ".join(one.code for one in scenes)),
        "policy": _policy(scripts=(unpack, module), styles=styles),
        "style": styles[0],
        "packed": _packed(module, styles[1], stages),
        "unpack": unpack,
    }
    return _PLACE.sub(lambda place: parts[place[1]], _read("page.html"))


def _policy(scripts: tuple[str, ...], styles: tuple[str, ...]) -> str:
    """Nothing but these scripts and style sheets; no request at all."""
    script, style = (" ".join(map(_source, texts)) for texts in (scripts, styles))
    return (
        f"default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    """A text as a policy names it, by its hash."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _packed(module: str, style: str, stages: list[dict[str, Any]]) -> str:
    """All that is long, deflated, as base64: the length of a JSON text, the text, its arrays."""
    arrays: dict[tuple[bytes, int], int] = {}
    content: dict[str, Any] = {
        "module": module,
        "style": style,
        "stages": json.dumps(_numbered(stages, arrays), allow_nan=False),
    }
    placed = _placed(arrays)
    content["arrays"] = [(array.size, array.shape[1], base) for array, base in placed]
    text = json.dumps(content).encode()
    parts = [len(text).to_bytes(4, "little"), text]
    parts += [_planes(array, None if base is None else placed[base][0]) for array, base in placed]
    return base64.b64encode(zlib.compress(b"".join(parts), level=9)).decode("ascii")


def _numbered(value: Any, arrays: dict[tuple[bytes, int], int], width: int = 1) -> Any:
    """Plain data with `{"#": number}` for bytes: their place in `arrays`, which grows.

    An array is kept once with the width of its numbers in bytes.
    """
    if isinstance(value, bytes):
        return {"#": arrays.setdefault((value, width), len(arrays))}
    if isinstance(value, Mapping):
        packed = "data" in value and "dtype" in value
        own = np.dtype(value["dtype"]).itemsize if packed else 1
        return {key: _numbered(item, arrays, own) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_numbered(item, arrays) for item in value]
    return value


def _placed(arrays: Iterable[tuple[bytes, int]]) -> list[tuple[Bytes, int | None]]:
    """Each array, uint8 `(numbers, width)`, and which one of its shape before it is much like it.

    What relu gives is such an array: its numbers are those before relu, or zero.
    """
    placed: list[tuple[Bytes, int | None]] = []
    for data, width in arrays:
        array = np.frombuffer(data, np.uint8).reshape(-1, width)
        alike = (
            number
            for number, (other, _) in enumerate(placed)
            if other.shape == array.shape and (other == array).all(axis=1).mean() > ALIKE
        )
        placed.append((array, next(alike, None)))
    return placed


def _planes(array: Bytes, base: Bytes | None) -> bytes:
    """The first bytes of all numbers, then their second, ...: so they deflate better.

    Where a number is the same in `base` it is left at zero, and a one for it follows behind.

    >>> _planes(np.frombuffer(b"aAbBcC", np.uint8).reshape(3, 2), None)
    b'abcABC'
    """
    if base is None:
        return array.T.tobytes()
    same = (array == base).all(axis=1)
    others = np.where(same[:, None], np.uint8(0), array)
    return bytes(others.T.tobytes() + same.tobytes())


@cache
def _read(name: str) -> str:
    return (files("convlab.scene") / "standalone" / name).read_text(encoding="utf-8")
