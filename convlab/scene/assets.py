"""The browser's part of the stage and of the graph as text: one ES module and one style sheet each.

A module is kept in files of one purpose each, in `stage/` and `graph/`, which import one another
and run as they are from any server. A notebook and a page that stands alone take a single module,
so the files are joined here. Each becomes a function that returns its exports, so that what a file
keeps to itself stays there.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "(\.\.?/(?:\w+/)?[\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const|let) (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_HEARING = "stage/hearing"


@cache
def stage_module() -> str:
    """The stage as one ES module: it exports `createStage`, and anywidget's `{ render }`.

    Returns:
        JavaScript source without imports.

    Example:
        >>> "export const { createStage }" in stage_module(), "import {" in stage_module()
        (True, False)
    """
    return _module("stage/widget", "stage/stage", "createStage")


@cache
def graph_module() -> str:
    """The graph as one ES module: it exports `createGraph`, and anywidget's `{ render }`.

    Returns:
        JavaScript source without imports.

    Example:
        >>> "export const { createGraph }" in graph_module(), "import {" in graph_module()
        (True, False)
    """
    return _module("graph/widget", "graph/graph", "createGraph")


def heard(source: str) -> str:
    """A widget's module, whose default export is `{ render }`, such that it hears Python however
    late it is loaded; see `stage/hearing.js`.

    Example:
        >>> heard("export default { render };").splitlines()[-2:]
        ['const main = { render };', 'export default { ...$hearing, ...main };']
    """  # noqa: D205
    own = _DEFAULT.sub("const main = ", source).rstrip()
    return f"{_scope(_HEARING)}\n{own}\nexport default {{ ...$hearing, ...main }};\n"


def _module(entry: str, home: str, export: str) -> str:
    scopes = [_scope(path) for path in (_HEARING, *_in_order(entry))]
    exports = [
        f"export const {{ {export} }} = {_symbol(home)};",
        f"export default {{ ...$hearing, ...{_symbol(entry)}.main }};",
    ]
    return "\n".join([*scopes, *exports, ""])


def _symbol(path: str) -> str:
    """What a file's exports are called: of the stage its name, of others their folder's too."""
    folder, name = path.split("/")
    return f"${name}" if folder == "stage" else f"${folder}_{name}"


def _scope(path: str) -> str:
    """One file as `const $name = (() => { ...; return { its exports }; })();`."""
    source = _IMPORT.sub(
        lambda found: f"const {found[1]} = {_symbol(_resolved(path, found[2]))};\n",
        _read(f"{path}.js"),
    )
    exports = _EXPORT.findall(source)
    source = _EXPORT.sub("", source)
    if _DEFAULT.search(source):
        source = _DEFAULT.sub("const main = ", source)
        exports.append("main")
    return (
        f"const {_symbol(path)} = (() => {{\n{source}\nreturn {{ {', '.join(exports)} }};\n}})();"
    )


def _resolved(path: str, imported: str) -> str:
    """The path of what a file imports, as "./name" or "../folder/name"."""
    if imported.startswith("../"):
        return imported.removeprefix("../")
    return f"{path.split('/')[0]}/{imported.removeprefix('./')}"


@cache
def stage_style() -> str:
    """The stage's style sheet."""
    return _read("stage/stage.css")


@cache
def graph_style() -> str:
    """The graph's style sheet."""
    return _read("graph/graph.css")


def _read(path: str) -> str:
    return files("convlab.scene").joinpath(path).read_text(encoding="utf-8")


def _in_order(path: str, seen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The files that one needs, each after those that it imports, itself last."""
    for _, imported in _IMPORT.findall(_read(f"{path}.js")):
        needed = _resolved(path, imported)
        if needed not in seen:
            seen = _in_order(needed, seen)
    return (*seen, path)
