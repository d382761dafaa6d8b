"""Arithmetic on plain values, bounded: a text must not make a reader slow or large."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from convlab.models.code.reading.refusing import CodeRefused, too_much

MAX_ITEMS = 10_000
MAX_INTEGER = 2**53

_ODD_FIELD = re.compile(r"%[^a-zA-Z%]*(?:\d{4,}|\*)|\{[^{}]*(?:\d{4,}|\{)|\{[^{}:!]*\.")
"""A field that is wide, of a width that is a value itself, or of an attribute."""

OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_UNARY: Mapping[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
}
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}


def is_plain(value: Any) -> bool:
    """Whether a value is a number, a text or nothing, or a list of such."""
    if isinstance(value, list | tuple):
        return all(is_plain(one) for one in value)
    return value is None or isinstance(value, bool | int | float | str | range)


def binary(kind: type[ast.operator], left: Any, right: Any, line: int) -> Any:
    """`left + right` and the like, of plain values or of lists.

    Raises:
        CodeRefused: it is too large, or Python would refuse it.

    >>> binary(ast.FloorDiv, 7, 2, 1), binary(ast.Mod, "conv%d", 3, 1)
    (3, 'conv3')
    """
    if kind is ast.Pow:
        _check_power(left, right, line)
    if kind is ast.Mult:
        _check_repeat(left, right, line)
    if kind is ast.Mod and isinstance(left, str):
        return formatted(lambda: left % right, left, line)
    if kind not in OPERATORS:
        raise _odd(f"{kind.__name__} is not read", line)
    try:
        return bounded(OPERATORS[kind](left, right), line)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise _odd(f"{type(error).__name__}: {error}", line) from None


def unary(kind: type[ast.unaryop], value: Any, line: int) -> Any:
    """`-value`, `+value` and `not value`."""
    if kind not in _UNARY:
        raise _odd(f"{kind.__name__} is not read", line)
    try:
        return _UNARY[kind](value)
    except TypeError as error:
        raise _odd(str(error), line) from None


def compared(kind: type[ast.cmpop], left: Any, right: Any, line: int) -> bool:
    """`left < right` and the like."""
    try:
        return bool(_COMPARE[kind](left, right))
    except TypeError as error:
        raise _odd(str(error), line) from None


def formatted(make: Callable[[], str], template: str, line: int) -> str:
    """A text from a template that may ask neither for wide fields nor for attributes."""
    if _ODD_FIELD.search(template):
        raise _odd("a format with a width or an attribute", line)
    try:
        return str(bounded(make(), line))
    except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        raise _odd(f"{type(error).__name__}: {error}", line) from None


def bounded(value: Any, line: int) -> Any:
    """A value that is not too large.

    Raises:
        CodeRefused: it is.
    """
    if isinstance(value, int) and not -MAX_INTEGER <= value <= MAX_INTEGER:
        raise _odd("a whole number of more than 15 digits", line)
    if isinstance(value, str | range) and len(value) > MAX_ITEMS:
        raise too_much("items in a list or text", MAX_ITEMS, line)
    weight(value, line)
    return value


def weight(value: Any, line: int) -> int:
    """How many items are in a value, those of lists within it counted as often as they stand there.

    A list that is in itself, or twice in one that is twice in another and so on, is small in
    memory, and endless for all who walk through it.

    Raises:
        CodeRefused: there are too many.

    >>> weight([[1, 2], {"a": (3,)}], 1)
    6
    """
    found, left = 0, [value]
    while left:
        one = left.pop()
        if isinstance(one, list | tuple):
            found += len(one)
            more = one
        elif isinstance(one, dict):
            found += len(one)
            more = [*one.keys(), *one.values()]
        else:
            found += len(one) // 8 if isinstance(one, str) else 0
            more = ()
        if found > MAX_ITEMS:
            raise too_much("items in a list or text", MAX_ITEMS, line)
        left += more
    return found


def _check_power(left: Any, right: Any, line: int) -> None:
    whole = isinstance(left, int) and isinstance(right, int)
    if whole and right > 0 and abs(left) > 1 and abs(left).bit_length() * right > 64:
        raise _odd("a whole number of more than 15 digits", line)


def _check_repeat(left: Any, right: Any, line: int) -> None:
    for one, other in ((left, right), (right, left)):
        repeats = isinstance(one, str | list | tuple) and isinstance(other, int)
        if repeats and len(one) * max(other, 0) > MAX_ITEMS:
            raise too_much("items in a list or text", MAX_ITEMS, line)


def _odd(received: str, line: int) -> CodeRefused:
    return CodeRefused(
        "What the text computes are small numbers, texts and lists.",
        line=line,
        received=received,
        remedy="Write the value itself.",
    )
