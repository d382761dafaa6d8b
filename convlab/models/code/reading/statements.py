"""Statements: names are given values, loops are unrolled, functions and classes are kept."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from convlab.layers.base import Layer
from convlab.models.code.reading import meanings, plain
from convlab.models.code.reading.refusing import CodeRefused, not_known
from convlab.models.code.reading.values import (
    Function,
    Instance,
    Scope,
    Unknown,
    UserClass,
)
from convlab.models.sequential import Sequential

if TYPE_CHECKING:
    from convlab.models.code.reading.interpreter import Interpreter

_MOST_TURNS = 10_000
_NODES_PER_STEP = 8
"""Pieces of a statement that is passed over that count as a step."""


class Returned(Exception):  # noqa: N818 -- it is no error
    """A function of the text's own ends with a value."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class Left(Exception):  # noqa: N818 -- it is no error
    """A loop is left; `again` says that it goes on with the next turn."""

    def __init__(self, *, again: bool) -> None:
        super().__init__()
        self.again = again


def run(to: Interpreter, statement: ast.stmt, scope: Scope) -> None:
    """Read one statement."""
    match statement:
        case ast.Import() | ast.ImportFrom():
            _import(statement, scope)
        case ast.Assign(targets=targets, value=value):
            found = to.evaluate(value, scope)
            for target in targets:
                assign(to, target, found, scope)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            assign(to, target, to.evaluate(value, scope), scope)
        case ast.AugAssign():
            _augment(to, statement, scope)
        case ast.Expr(value=value):
            to.evaluate(value, scope)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            scope.names[name] = Function(statement, scope)
        case ast.ClassDef(name=name):
            scope.names[name] = _class(to, statement, scope)
        case ast.Return(value=value):
            raise Returned(None if value is None else to.evaluate(value, scope))
        case ast.If(test=test, body=body, orelse=orelse):
            _branch(to, to.evaluate(test, scope), body, orelse, scope)
        case ast.For():
            _for(to, statement, scope)
        case ast.While():
            _while(to, statement, scope)
        case ast.With(items=items, body=body):
            for item in items:
                if item.optional_vars is not None:
                    found = to.evaluate(item.context_expr, scope)
                    assign(to, item.optional_vars, found, scope)
            to.run(body, scope)
        case ast.Try(body=body, orelse=orelse, finalbody=final):
            to.run([*body, *orelse, *final], scope)
        case ast.Break() | ast.Continue():
            raise Left(again=isinstance(statement, ast.Continue))
        case ast.Pass() | ast.Global() | ast.Nonlocal() | ast.Delete() | ast.Assert():
            pass
        case ast.AnnAssign():
            pass
        case _:
            raise CodeRefused(
                "What is read are assignments, layer calls, loops, functions and classes.",
                line=statement.lineno,
                received=type(statement).__name__,
                remedy="Leave the statement out.",
            )


def _import(statement: ast.Import | ast.ImportFrom, scope: Scope) -> None:
    module = getattr(statement, "module", None)
    for alias in statement.names:
        path = f"{module}.{alias.name}" if module else alias.name
        if alias.name == "*":
            continue  # what Keras calls something is known without
        if alias.asname is None and module is None:
            path = name = path.partition(".")[0]
        else:
            name = alias.asname or alias.name
        scope.names[name] = meanings.name_of(path)


def assign(to: Interpreter, target: ast.expr, value: Any, scope: Scope) -> None:
    """Give a name, or what else stands on the left, a value."""
    match target:
        case ast.Name(id=name):
            scope.names[name] = value
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part, one in zip(parts, _spread(parts, value, target.lineno), strict=True):
                assign(to, part.value if isinstance(part, ast.Starred) else part, one, scope)
        case ast.Attribute(value=owner, attr=name):
            found = to.evaluate(owner, scope)
            if isinstance(found, Instance):
                found.attributes[name] = value
            elif isinstance(found, Layer):
                to.own[id(found), name] = value
        case ast.Subscript(value=owner, slice=key):
            found, place = to.evaluate(owner, scope), to.evaluate(key, scope)
            known = isinstance(found, list) and isinstance(place, int) and place < len(found)
            named = isinstance(found, dict) and isinstance(place, str | int)
            if known or named:
                found[place] = value


def _spread(parts: Sequence[ast.expr], value: Any, line: int) -> list[Any]:
    """A value for each part of what stands on the left."""
    stars = [place for place, part in enumerate(parts) if isinstance(part, ast.Starred)]
    if isinstance(value, list | tuple | str | range):
        values = list(value[: plain.MAX_ITEMS])
        if stars and len(values) >= len(parts) - 1:
            first, after = stars[0], len(parts) - stars[0] - 1
            last = len(values) - after
            return [*values[:first], values[first:last], *values[last:]]
        if len(values) == len(parts):
            return values
    why = value if isinstance(value, Unknown) else Unknown("a value of unknown parts", line)
    return [why] * len(parts)


def _augment(to: Interpreter, statement: ast.AugAssign, scope: Scope) -> None:
    load = ast.copy_location(
        ast.BinOp(left=statement.target, op=statement.op, right=statement.value), statement
    )
    assign(to, statement.target, to.evaluate(load, scope), scope)


def _class(to: Interpreter, statement: ast.ClassDef, scope: Scope) -> UserClass:
    bases = tuple(to.evaluate(base, scope) for base in statement.bases)
    inner = Scope(outer=scope)
    to.run(statement.body, inner)
    return UserClass(statement.name, bases, inner.names, statement.lineno)


def _branch(
    to: Interpreter, test: Any, body: list[ast.stmt], orelse: list[ast.stmt], scope: Scope
) -> None:
    if isinstance(test, Unknown):
        why = Unknown(f"what depends on a condition that is not known: {test.why}", test.line)
        _all_unknown(to, [*body, *orelse], why, scope)
        return
    to.run(body if truth(test) else orelse, scope)


def truth(value: Any) -> bool:
    """Whether a value counts as true: everything but plain values that Python counts as false."""
    return bool(value) if plain.is_plain(value) or isinstance(value, dict) else True


def _all_unknown(to: Interpreter, body: Sequence[ast.stmt], why: Unknown, scope: Scope) -> None:
    """What statements that are not read give values to is not known behind them."""
    for statement in body:
        nodes = list(ast.walk(statement))
        to.step(statement.lineno, 1 + len(nodes) // _NODES_PER_STEP)
        for node in nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                scope.names[node.id] = why


def items_of(value: Any, line: int) -> list[Any] | Unknown:
    """What a loop goes through."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, range | list | tuple | str | dict):
        if len(value) > _MOST_TURNS:
            plain.bounded(value, line)
        return list(value)
    return Unknown("a loop over what is no list", line)


def _for(to: Interpreter, statement: ast.For, scope: Scope) -> None:
    items = items_of(to.evaluate(statement.iter, scope), statement.lineno)
    if isinstance(items, Unknown):
        why = Unknown(f"a loop whose turns are not known: {items.why}", items.line)
        if _builds(statement, scope):
            raise not_known("How often a loop that adds layers goes round", items.why, items.line)
        _all_unknown(to, [statement], why, scope)
        return
    for item in items:
        assign(to, statement.target, item, scope)
        try:
            to.run(statement.body, scope)
        except Left as left:
            if not left.again:
                return
    to.run(statement.orelse, scope)


def _builds(loop: ast.For, scope: Scope) -> bool:
    """Whether a loop adds layers to a model: to pass it over would make another network of it."""
    for node in ast.walk(loop):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="add")):
                if isinstance(scope.find(name)[1], Sequential):
                    return True
    return False


def _while(to: Interpreter, statement: ast.While, scope: Scope) -> None:
    while True:
        test = to.evaluate(statement.test, scope)
        if isinstance(test, Unknown):
            raise not_known("The condition of a loop", test.why, statement.lineno)
        if not truth(test):
            return
        try:
            to.run(statement.body, scope)
        except Left as left:
            if not left.again:
                return


def run_function(to: Interpreter, function: Function, names: dict[str, Any]) -> Any:
    """Read the body of a function of the text's own, and give what it returns."""
    scope = Scope(names, function.scope)
    if isinstance(function.node, ast.Lambda):
        return to.evaluate(function.node.body, scope)
    try:
        to.run(function.node.body, scope)
    except Returned as returned:
        return returned.value
    return None
