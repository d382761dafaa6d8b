"""Changes of a network as changes of the text that builds it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from convlab import layers
from convlab.inspector.diagnosis.change import Change
from convlab.inspector.diagnosis.rewriting.inserting import inserted, removed
from convlab.inspector.diagnosis.rewriting.places import Source, makes, prefix
from convlab.layers.base import Layer
from convlab.models.code.python_text import call as call_text
from convlab.models.code.python_text import literal
from convlab.models.code.reading import CodeRead
from convlab.models.model import Model


def rewritten(text: str, read: CodeRead, changes: Sequence[Change]) -> str | None:
    """A text of code with changes made in it; None where the places cannot be told for sure.

    Args:
        text: the code.
        read: what was read of it.
        changes: the changes.
    """
    for group in _from_the_last(changes, read):
        source = Source.of(text)
        found = None if source is None else _changed(source, read, group)
        if found is None:
            return None
        text = found
    return text


def _from_the_last(changes: Sequence[Change], read: CodeRead) -> list[list[Change]]:
    """The changes from the last line to the first, so that lines before keep their numbers.

    What is put before one layer stands together.
    """

    def line(group: list[Change]) -> int:
        first = group[0]
        if not _is_insert(first):
            return read.made.get(_inner(first.layer), 0)
        if first.target is None:
            return max(read.called.values(), default=0) + 1
        return read.called.get(_inner(first.target), 0)

    groups: dict[object, list[Change]] = {}
    for number, change in enumerate(changes):
        key = (change.target, change.call) if _is_insert(change) else number
        groups.setdefault(key, []).append(change)
    return sorted(groups.values(), key=line, reverse=True)


def _is_insert(change: Change) -> bool:
    return change.kind in ("insert", "permute")


def _inner(name: str) -> str:
    return name.rpartition("/")[2]


def _changed(source: Source, read: CodeRead, group: Sequence[Change]) -> str | None:
    change = group[0]
    if _is_insert(change):
        return inserted(source, read, group)
    call = constructor(source, read, change.layer)
    if call is None:
        return None
    match change.kind:
        case "argument":
            return _argument(
                source, call, _class(read, change.layer), change.name or "", change.new
            )
        case "input_shape":
            return _fed(source, call, change.new)
        case "replace":
            made = call_text(change.class_name or "", **dict(change.config))
            return source.replaced(call, prefix(source, call) + made)
        case "remove":
            return removed(source, call)
    return None


def constructor(source: Source, read: CodeRead, name: str) -> ast.Call | None:
    """The call that makes a layer; None where several layers are made there, as in a loop."""
    inner = _inner(name)
    line = read.made.get(inner)
    if line is None:
        return None
    wanted = _class(read, name)
    calls = [call for call in source.calls(line) if call.lineno <= line and makes(call, wanted)]
    there = [
        other
        for other, where in read.made.items()
        if where == line and _class(read, other) == wanted
    ]
    return calls[there.index(inner)] if len(calls) == len(there) else None


def _class(read: CodeRead, name: str) -> str:
    """The class of a layer, by its name; "Input" of an input."""
    for model in (read.model, *read.models):
        layer = _layer(model, _inner(name))
        if layer is not None:
            return "Input" if layer.class_name == "InputLayer" else layer.class_name
    return ""


def _layer(model: Model, name: str) -> Layer | None:
    for node in model.graph.nodes:
        if node.layer.name == name:
            return node.layer
        if isinstance(node.layer, Model):
            found = _layer(node.layer, name)
            if found is not None:
                return found
    return None


def with_argument(text: str, line: int, class_name: str, changes: Mapping[str, Any]) -> str | None:
    """A text with other arguments in the one call on a line that makes a layer of a class."""
    for name, value in changes.items():
        source = Source.of(text)
        calls = [] if source is None else source.calls(line)
        calls = [call for call in calls if makes(call, class_name)]
        if source is None or len(calls) != 1:
            return None
        found = _argument(source, calls[0], class_name, name, value)
        if found is None:
            return None
        text = found
    return text


def _argument(source: Source, call: ast.Call, class_name: str, name: str, value: Any) -> str | None:
    """The text with another value of an argument, by name or by position."""
    keyword = next((one for one in call.keywords if one.arg == name), None)
    if keyword is not None:
        return source.replaced(keyword.value, literal(value))
    if any(one.arg is None for one in call.keywords) or any(
        isinstance(one, ast.Starred) for one in call.args
    ):
        return None  # *args or **kwargs: what stands where is not told
    places = _positions(class_name)
    if name in places and places.index(name) < len(call.args):
        return source.replaced(call.args[places.index(name)], literal(value))
    _, end = source.span(call)
    before = source.text[: end - 1].rstrip()
    comma = "" if before[-1] in "(," else ", "
    space = " " if before[-1] == "," else ""
    return f"{before}{comma}{space}{name}={literal(value)}{source.text[end - 1 :]}"


def _positions(class_name: str) -> list[str]:
    cls = getattr(layers, class_name, None)
    return list(inspect.signature(cls).parameters) if isinstance(cls, type) else []


_SHAPES = ("shape", "batch_shape", "batch_input_shape", "input_shape")


def _fed(source: Source, call: ast.Call, new: Sequence[int | None]) -> str | None:
    """The text with another shape of an input."""
    for keyword in call.keywords:
        if keyword.arg in _SHAPES:
            whole = keyword.arg.startswith("batch")
            return source.replaced(keyword.value, literal(tuple(new if whole else new[1:])))
    if call.args and not isinstance(call.args[0], ast.Starred):
        return source.replaced(call.args[0], literal(tuple(new[1:])))
    return None
