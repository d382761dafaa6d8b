"""The browser's part of the stage as text: one ES module and one style sheet.

The module is kept in files of one purpose each, in `stage/`, which import one another and run as
they are from any server. A notebook and a page that stands alone take a single module, so the
files are joined here. Each becomes a function that returns its exports, so that what a file keeps
to itself stays there.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const|let) (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_ENTRY = "widget"


@cache
def stage_module() -> str:
    """The stage as one ES module: it exports `createStage`, and anywidget's `{ render }`.

    Returns:
        JavaScript source without imports.

    Example:
        >>> "export const { createStage }" in stage_module(), "import {" in stage_module()
        (True, False)
    """
    scopes = [_scope(name) for name in _in_order(_ENTRY)]
    exports = ["export const { createStage } = $stage;", f"export default ${_ENTRY}.main;"]
    return "\n".join([*scopes, *exports, ""])


def _scope(name: str) -> str:
    """One file as `const $name = (() => { ...; return { its exports }; })();`."""
    source = _IMPORT.sub(r"const \1 = $\2;\n", _read(f"{name}.js"))
    exports = _EXPORT.findall(source)
    source = _EXPORT.sub("", source)
    if _DEFAULT.search(source):
        source = _DEFAULT.sub("const main = ", source)
        exports.append("main")
    return f"const ${name} = (() => {{\n{source}\nreturn {{ {', '.join(exports)} }};\n}})();"


@cache
def stage_style() -> str:
    """The stage's style sheet."""
    return _read("stage.css")


def _read(name: str) -> str:
    return (files("convlab.scene") / "stage" / name).read_text(encoding="utf-8")


def _in_order(name: str, seen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The files that `name` needs, each after those that it imports, `name` last."""
    for _, needed in _IMPORT.findall(_read(f"{name}.js")):
        if needed not in seen:
            seen = _in_order(needed, seen)
    return (*seen, name)
