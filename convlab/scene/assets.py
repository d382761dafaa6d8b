"""The browser's part of the stage as text: one ES module and one style sheet.

The module is kept in files of one purpose each, in `stage/`, which import one another and run as
they are from any server. A notebook and a page that stands alone take a single module, so the
files are joined here: their imports of one another are dropped, nothing else is changed.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+)\.js";\n', re.MULTILINE)


@cache
def stage_module() -> str:
    """The stage as one ES module: it exports `createStage`, and anywidget's `{ render }`.

    Returns:
        JavaScript source without imports.

    Example:
        >>> "export function createStage" in stage_module(), "import {" in stage_module()
        (True, False)
    """
    return "\n".join(_IMPORT.sub("", _read(f"{name}.js")) for name in _in_order("widget"))


@cache
def stage_style() -> str:
    """The stage's style sheet."""
    return _read("stage.css")


def _read(name: str) -> str:
    return (files("convlab.scene") / "stage" / name).read_text(encoding="utf-8")


def _in_order(name: str, seen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The files that `name` needs, each after those that it imports, `name` last."""
    for needed in _IMPORT.findall(_read(f"{name}.js")):
        if needed not in seen:
            seen = _in_order(needed, seen)
    return (*seen, name)
