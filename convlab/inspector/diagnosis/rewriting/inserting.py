"""Layers put into, and taken out of, a text of code."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from convlab.inspector.diagnosis.change import Change
from convlab.inspector.diagnosis.rewriting.places import Source, last_name, prefix
from convlab.models.code.python_text import call as call_text
from convlab.models.code.reading import CodeRead


def inserted(source: Source, read: CodeRead, group: Sequence[Change]) -> str | None:
    """The text with layers before another one, or at the end of a network.

    Args:
        source: the text.
        read: what was read of it.
        group: the layers; they have one target.
    """
    change = group[0]
    made = [call_text(one.class_name or "", **dict(one.config)) for one in group]
    branches = [one.branch for one in group]
    if change.target is None:
        return _at_end(source, made[0], change.branch) if len(group) == 1 else None
    name = change.target.rpartition("/")[2]
    line = read.called.get(name)
    there = [other for other, where in read.called.items() if where == line]
    if line is None or change.call:
        return None
    calls = [call for call in source.calls(line) if _is_layer_call(call)]
    if len(calls) == len(there):
        return _in_call(source, calls[there.index(name)], made, branches)
    if len(group) > 1:
        return None
    return _in_chain(source, read.made.get(name, line), name, read, made[0])


def _is_layer_call(call: ast.Call) -> bool:
    """Whether a call may be of a layer on tensors: `layer(x)`, `Conv2D(8, 3)(x)`, `add([a, b])`."""
    if isinstance(call.func, ast.Call):
        return True
    listed = bool(call.args) and isinstance(call.args[0], ast.List | ast.Tuple)
    return listed and last_name(call) in _FUNCTIONS  # `add` is a method of models too


_FUNCTIONS = ("concatenate", "add", "subtract", "multiply", "average", "maximum", "minimum")


def _in_call(
    source: Source, call: ast.Call, made: Sequence[str], branches: Sequence[int]
) -> str | None:
    """The text with things that a call reads behind new layers."""
    if not call.args:
        return None
    read = call.args[0]
    items = read.elts if isinstance(read, ast.List | ast.Tuple) else [read]
    if max(branches) >= len(items):
        return None
    constructor = call.func if isinstance(call.func, ast.Call) else call
    lead = prefix(source, constructor)
    text = source.text
    wrapped: dict[int, str] = {}
    for layer, branch in zip(made, branches, strict=True):
        wrapped[branch] = f"{lead}{layer}({wrapped.get(branch, source.segment(items[branch]))})"
    for branch in sorted(wrapped, reverse=True):
        begin, end = source.span(items[branch])
        text = text[:begin] + wrapped[branch] + text[end:]
    return text


def _in_chain(source: Source, line: int, name: str, read: CodeRead, made: str) -> str | None:
    """The text with a layer before one of a `Sequential`: in its list, or by `add`."""
    there = [other for other, where in read.made.items() if where == line]
    layers_there = [call for call in source.calls(line) if last_name(call)[:1].isupper()]
    layers_there = [call for call in layers_there if last_name(call) not in ("Sequential", "Model")]
    layers_there = [call for call in layers_there if call.lineno == line]
    if len(layers_there) != len(there) or name not in there:
        return None
    call = layers_there[there.index(name)]
    lead = prefix(source, call)
    statement = source.statement(call)
    if statement is None:
        return None
    if _adds(statement):
        begin, _ = source.span(statement)
        adding = statement.value.func  # type: ignore[attr-defined]
        indent = source.indent(statement)
        line_text = f"{source.segment(adding)}({lead}{made})\n{indent}"
        return source.text[:begin] + line_text + source.text[begin:]
    begin, _ = source.span(call)
    alone = source.text[:begin].rsplit("\n", 1)[-1].strip() == ""
    indent = " " * (len(source.text[:begin].rsplit("\n", 1)[-1]))
    between = f",\n{indent}" if alone else ", "
    return source.text[:begin] + lead + made + between + source.text[begin:]


def _adds(statement: ast.stmt) -> bool:
    """Whether a statement is `model.add(layer)`."""
    value = getattr(statement, "value", None)
    return isinstance(value, ast.Call) and last_name(value) == "add" and len(value.args) == 1


def _at_end(source: Source, made: str, branch: int) -> str | None:
    """The text with a layer behind what a `Model` gives."""
    models = [
        call
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call) and last_name(call) == "Model"
    ]
    if len(models) != 1:
        return _after_last_add(source, made)
    call = models[0]
    outputs = next((one.value for one in call.keywords if one.arg == "outputs"), None)
    if outputs is None and len(call.args) > 1:
        outputs = call.args[1]
    if isinstance(outputs, ast.List | ast.Tuple):
        outputs = outputs.elts[branch] if branch < len(outputs.elts) else None
    if outputs is None:
        return None
    lead = _any_prefix(source)
    return source.replaced(outputs, f"{lead}{made}({source.segment(outputs)})")


def _after_last_add(source: Source, made: str) -> str | None:
    adds = [one for one in ast.walk(source.tree) if isinstance(one, ast.Expr) and _adds(one)]
    if not adds:
        return None
    last = max(adds, key=lambda one: one.lineno)
    _, end = source.span(last)
    adding = last.value.func  # type: ignore[attr-defined]
    layer = last.value.args[0]  # type: ignore[attr-defined]
    lead = prefix(source, layer) if isinstance(layer, ast.Call) else ""
    text = f"\n{source.indent(last)}{source.segment(adding)}({lead}{made})"
    return source.text[:end] + text + source.text[end:]


def _any_prefix(source: Source) -> str:
    """What stands before the layers' names, as at the last one."""
    calls = [one for one in ast.walk(source.tree) if isinstance(one, ast.Call)]
    layers_ = [one for one in calls if isinstance(one.func, ast.Call)]
    constructors = [one.func for one in layers_ if isinstance(one.func, ast.Call)]
    return prefix(source, constructors[-1]) if constructors else ""


def removed(source: Source, call: ast.Call) -> str | None:
    """The text without a layer: what it is called on stands in its place."""
    statement = source.statement(call)
    if statement is None:
        return None
    if _adds(statement):
        begin, end = source.span(statement)
        line = source.text[:begin].rfind("\n") + 1
        return source.text[:line] + source.text[end:].lstrip("\n")
    for outer in ast.walk(statement):
        if isinstance(outer, ast.Call) and outer.func is call and len(outer.args) == 1:
            return source.replaced(outer, source.segment(outer.args[0]))
    for outer in ast.walk(statement):
        if isinstance(outer, ast.List) and any(item is call for item in outer.elts):
            _, end = source.span(call)
            begin, _ = source.span(call)
            rest = source.text[end:]
            tail = rest.lstrip()
            cut = rest[len(rest) - len(tail) + 1 :].lstrip() if tail[:1] == "," else rest
            return source.text[:begin] + cut
    return None
