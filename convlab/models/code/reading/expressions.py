"""Expressions: plain values are computed, names of libraries followed, all else stays unknown."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from convlab.layers.base import Layer
from convlab.layers.node import Tensor
from convlab.models.code.reading import plain
from convlab.models.code.reading.attributes import attribute, item_of, named
from convlab.models.code.reading.refusing import CodeRefused
from convlab.models.code.reading.statements import assign, items_of, truth
from convlab.models.code.reading.values import (
    Function,
    Name,
    Scope,
    Unknown,
    unknown_in,
)

if TYPE_CHECKING:
    from convlab.models.code.reading.interpreter import Interpreter


def evaluate(to: Interpreter, node: ast.expr, scope: Scope) -> Any:
    """The value of an expression; `Unknown` where the text does not tell it."""
    line = node.lineno
    match node:
        case ast.Constant(value=value):
            return plain.bounded(value, line) if plain.is_plain(value) else _constant(value, line)
        case ast.Name(id=name):
            return named(name, scope, line)
        case ast.Attribute(value=owner, attr=name):
            found = to.evaluate(owner, scope)
            own = to.own.get((id(found), name)) if isinstance(found, Layer) else None
            return attribute(found, name, line) if own is None else own
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            found = _items(to, parts, scope)
            return tuple(found) if isinstance(node, ast.Tuple) else found
        case ast.Dict(keys=keys, values=values):
            return _dictionary(to, keys, values, scope, line)
        case ast.BinOp(left=left, op=op, right=right):
            found = _binary(to.evaluate(left, scope), type(op), to.evaluate(right, scope), line)
            return _counted(to, found, line)
        case ast.UnaryOp(op=op, operand=operand):
            return _counted(to, _unary(type(op), to.evaluate(operand, scope), line), line)
        case ast.BoolOp(op=op, values=values):
            return _both_or_either(to, op, values, scope)
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _compare(to, to.evaluate(left, scope), ops, others, scope)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            found = to.evaluate(test, scope)
            if isinstance(found, Unknown):
                return found
            return to.evaluate(body if truth(found) else orelse, scope)
        case ast.Subscript(value=owner, slice=key):
            whole, place = to.evaluate(owner, scope), to.evaluate(key, scope)
            if isinstance(whole, Tensor):
                to.count_layer(line)
            return item_of(whole, place, line)
        case ast.Slice(lower=lower, upper=upper, step=step):
            ends = [
                None if end is None else to.evaluate(end, scope) for end in (lower, upper, step)
            ]
            return unknown_in(ends) or slice(*ends)
        case ast.JoinedStr(values=values):
            return _joined(to, values, scope, line)
        case ast.Lambda():
            return Function(node, scope)
        case ast.ListComp(elt=elt, generators=loops) | ast.GeneratorExp(elt=elt, generators=loops):
            return _comprehension(to, elt, loops, scope, line)
        case ast.NamedExpr(target=target, value=value):
            found = to.evaluate(value, scope)
            assign(to, target, found, scope)
            return found
        case ast.Call():
            return _call(to, node, scope)
    return Unknown(f"{_shown(node)}, which is not read", line)


def _counted(to: Interpreter, found: Any, line: int) -> Any:
    """A tensor that an operator gives is the call of a layer."""
    if isinstance(found, Tensor):
        to.count_layer(line)
    return found


def _constant(value: Any, line: int) -> Any:
    return value if value is Ellipsis else Unknown(f"the value {value!r:.40}", line)


def _items(to: Interpreter, parts: list[ast.expr], scope: Scope) -> list[Any]:
    found: list[Any] = []
    for part in parts:
        if isinstance(part, ast.Starred):
            items = items_of(to.evaluate(part.value, scope), part.lineno)
            found += [items] if isinstance(items, Unknown) else items
        else:
            found.append(to.evaluate(part, scope))
    return found


def _dictionary(
    to: Interpreter, keys: list[ast.expr | None], values: list[ast.expr], scope: Scope, line: int
) -> Any:
    made: dict[Any, Any] = {}
    for key, value in zip(keys, values, strict=True):
        found = to.evaluate(value, scope)
        if key is None:
            if not isinstance(found, dict):
                return Unknown("a dictionary of unknown parts", line)
            made |= found
            continue
        name = to.evaluate(key, scope)
        if not plain.is_plain(name) or isinstance(name, list):
            return Unknown("a dictionary of unknown names", line)
        made[name] = found
    return made


def _binary(left: Any, op: type[ast.operator], right: Any, line: int) -> Any:
    plain.weight((left, right), line)  # the one may have made the other grow
    tensors = [one for one in (left, right) if isinstance(one, Tensor)]
    unknown = unknown_in((left, right))
    if unknown is not None and not isinstance(left, list):
        return unknown
    if tensors:
        return _of_tensors(left, op, right, line)
    if _computable(left) and _computable(right):
        return plain.binary(op, left, right, line)
    return Unknown("arithmetic with what is no number", line)


def _computable(value: Any) -> bool:
    return isinstance(value, list | tuple) or plain.is_plain(value)


def _of_tensors(left: Any, op: type[ast.operator], right: Any, line: int) -> Any:
    """An operator between tensors, which is a layer of its own."""
    if not all(isinstance(one, Tensor | int | float) for one in (left, right)):
        return Unknown("arithmetic of a tensor with what is no number", line)
    if op not in plain.OPERATORS or op in (ast.FloorDiv, ast.Mod):
        return Unknown(f"{op.__name__} of tensors", line)
    return plain.OPERATORS[op](left, right)


def _unary(op: type[ast.unaryop], value: Any, line: int) -> Any:
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Tensor) and op is ast.USub:
        return -value
    return plain.unary(op, value, line) if plain.is_plain(value) else op is not ast.Not


def _both_or_either(to: Interpreter, op: ast.boolop, values: list[ast.expr], scope: Scope) -> Any:
    found: Any = None
    for value in values:
        found = to.evaluate(value, scope)
        if isinstance(found, Unknown):
            return found
        if truth(found) != isinstance(op, ast.And):
            return found
    return found


def _compare(
    to: Interpreter, left: Any, ops: list[ast.cmpop], others: list[ast.expr], scope: Scope
) -> Any:
    for op, other in zip(ops, others, strict=True):
        right = to.evaluate(other, scope)
        plain.weight((left, right), other.lineno)  # the one may have made the other grow
        unknown = unknown_in((left, right))
        if unknown is not None:
            return unknown
        if isinstance(op, ast.Is | ast.IsNot) and None in (left, right):
            holds = (left is right) == isinstance(op, ast.Is)
        elif (plain.is_plain(left) or isinstance(left, dict)) and (
            plain.is_plain(right) or isinstance(right, dict)
        ):
            holds = plain.compared(type(op), left, right, other.lineno)
        else:
            return Unknown("a comparison of what is no plain value", other.lineno)
        if not holds:
            return False
        left = right
    return True


def _joined(to: Interpreter, values: list[ast.expr], scope: Scope, line: int) -> Any:
    parts: list[str] = []
    for value in values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
            continue
        inner = value.value if isinstance(value, ast.FormattedValue) else value
        found = to.evaluate(inner, scope)
        if not plain.is_plain(found):
            return unknown_in(found) or Unknown("a text with what is no plain value", line)
        wide = value.format_spec if isinstance(value, ast.FormattedValue) else None
        spec = "" if wide is None else _joined(to, getattr(wide, "values", []), scope, line)
        if not isinstance(spec, str):
            return spec
        parts.append(plain.formatted(lambda f=found, s=spec: format(f, s), spec, line))  # type: ignore[misc]
    return plain.bounded("".join(parts), line)


def _comprehension(
    to: Interpreter, elt: ast.expr, loops: list[ast.comprehension], scope: Scope, line: int
) -> Any:
    if not loops:
        return [to.evaluate(elt, scope)]
    loop, *rest = loops
    items = items_of(to.evaluate(loop.iter, scope), line)
    if isinstance(items, Unknown):
        return items
    found: list[Any] = []
    for item in items:
        inner = Scope(outer=scope)
        assign(to, loop.target, item, inner)
        tests = [to.evaluate(test, inner) for test in loop.ifs]
        if unknown_in(tests):
            return unknown_in(tests)
        if all(map(truth, tests)):
            more = _comprehension(to, elt, rest, inner, line)
            if isinstance(more, Unknown):
                return more
            found += more
    return plain.bounded(found, line)


def _call(to: Interpreter, node: ast.Call, scope: Scope) -> Any:
    callee = to.evaluate(node.func, scope)
    args = _items(to, node.args, scope)
    kwargs: dict[str, Any] = {}
    for keyword in node.keywords:
        value = to.evaluate(keyword.value, scope)
        if keyword.arg is not None:
            kwargs[keyword.arg] = value
        elif isinstance(value, dict) and all(isinstance(name, str) for name in value):
            kwargs |= value
        else:
            raise CodeRefused(
                "Arguments after ** are a dictionary that the text writes out.",
                line=node.lineno,
                received=_shown(keyword.value),
                remedy="Write each argument as name=value.",
            )
    if callee == Name("builtins.super"):
        return Name("builtins.parent")
    return to.call(callee, args, kwargs, node.lineno, _shown(node.func))


_LONGEST_SHOWN = 400


def _shown(node: ast.expr) -> str:
    """The expression as the user wrote it, near enough, and short."""
    end = getattr(node, "end_col_offset", None) or 0
    short = node.lineno == node.end_lineno and end - node.col_offset <= _LONGEST_SHOWN
    if not short:
        return "a long expression"
    try:
        text = ast.unparse(node)
    except (RecursionError, ValueError):
        return "a deeply nested expression"
    return text if len(text) <= 80 else text[:79] + "…"
