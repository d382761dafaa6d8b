"""Layers and shapes from source text, read as data: nothing in the text is ever evaluated."""

from __future__ import annotations

import ast
import difflib
import inspect
import re
import warnings
from typing import Any

from convlab import layers
from convlab.errors import ArgumentError
from convlab.layers.base import Layer

MAX_CHARACTERS = 10_000
MAX_NESTING = 12

_EXAMPLE = "Conv2D(8, 3, strides=2, padding='same')"
_VALUES = "numbers, quoted text, True, False, None, and tuples, lists or dicts of these"


def parse_call(text: str) -> Layer:
    """The layer that one plain layer call describes, such as `Conv2D(8, 3, strides=2)`.

    The call may carry a dotted prefix (`layers.`, `keras.layers.`, `cl.`). Its arguments are
    plain values; the text is read as data with `ast`, and no part of it is executed.

    Args:
        text: the call, at most `MAX_CHARACTERS` long and nested at most `MAX_NESTING` deep.

    Returns:
        A new layer.

    Raises:
        ArgumentError: the text is no single layer call, names an unknown layer, or passes
            something other than a plain value. The layer's own refusals pass through.

    >>> parse_call("keras.layers.Conv2D(8, 3, strides=2)").compute_output_shape((None, 28, 28, 1))
    (None, 13, 13, 8)
    """
    call = _expression(text)
    if not isinstance(call, ast.Call):
        raise ArgumentError(
            "Expected one layer call.",
            received=_quote(call),
            remedy=f"Write the layer with its arguments, such as {_EXAMPLE}.",
        )
    cls = _layer_class(call.func)
    args = [_value(node, f"argument {i} of {cls.__name__}") for i, node in enumerate(call.args, 1)]
    kwargs = _keywords(call, cls.__name__)
    try:
        inspect.signature(cls).bind(*args, **kwargs)
    except TypeError as error:
        raise ArgumentError(
            f"{cls.__name__}: {error}.",
            received=_quote(call),
            remedy=f"The arguments are {cls.__name__}{_argument_names(cls)}.",
        ) from None
    return cls(*args, **kwargs)


def parse_shape(text: str) -> tuple[int | None, ...]:
    """The shape that a text such as `28,28,1`, `28x28x1` or `(None, 28, 28, 1)` names.

    Raises:
        ArgumentError: a size is neither a whole number nor None, or there are none.

    >>> parse_shape("None, 28, 28, 1")
    (None, 28, 28, 1)
    """
    body = re.fullmatch(r"\s*[(\[]?(.*?),?\s*[)\]]?\s*", text[:MAX_CHARACTERS], re.DOTALL)
    sizes = re.split(r"\s*[,x×]\s*", body[1].strip()) if body else []
    if not sizes or not all(re.fullmatch(r"[0-9]{1,18}|None", size) for size in sizes):
        raise ArgumentError(
            "A shape is a list of sizes, each a whole number or None.",
            received=repr(text[:80]),
            remedy="Write the sizes with commas between them, such as 28,28,1.",
            argument="input_shape",
        )
    return tuple(None if size == "None" else int(size) for size in sizes)


def _expression(text: str) -> ast.expr:
    if len(text) > MAX_CHARACTERS:
        raise ArgumentError(
            f"A layer call may have at most {MAX_CHARACTERS} characters.",
            received=f"{len(text)} characters",
            remedy="Paste one layer call only.",
        )
    try:
        with warnings.catch_warnings():  # a dubious escape in a string is no concern of the user's
            warnings.simplefilter("ignore")
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        reason = getattr(error, "msg", None) or "it cannot be read"
        raise ArgumentError(
            f"This is not one layer call: {reason}.",
            received=repr(text if len(text) <= 80 else text[:79] + "…"),
            remedy=f"Write one call, such as {_EXAMPLE}.",
        ) from None


def _layer_class(func: ast.expr) -> type[Layer]:
    name = _dotted_name(func)
    known = _layer_names()
    if name in known:
        return known[name]
    own_names = [public for public, cls in known.items() if cls.__name__ == public]  # no aliases
    near = difflib.get_close_matches(name, own_names, n=3, cutoff=0.5)
    near = near or [own for own in own_names if own.lower() == name.lower()]
    raise ArgumentError(
        f"There is no layer named {name!r}.",
        received=_quote(func),
        remedy=f"Did you mean {' or '.join(near)}?" if near else f"Write e.g. {_EXAMPLE}.",
        fixes=tuple({"layer": public} for public in near),
    )


def _layer_names() -> dict[str, type[Layer]]:
    public = {name: getattr(layers, name) for name in dir(layers) if not name.startswith("_")}
    return {
        name: cls
        for name, cls in public.items()
        if isinstance(cls, type) and issubclass(cls, Layer) and cls is not Layer
    }


def _dotted_name(func: ast.expr) -> str:
    """The last part of `Conv2D` or `keras.layers.Conv2D`; only names and dots are let through."""
    prefix = func
    while isinstance(prefix, ast.Attribute):
        prefix = prefix.value
    if not isinstance(prefix, ast.Name):
        raise ArgumentError(
            "A layer is named by its class, with or without a dotted prefix.",
            received=_quote(func),
            remedy=f"Write the class's name, such as in {_EXAMPLE}.",
        )
    return func.attr if isinstance(func, ast.Attribute) else prefix.id


def _keywords(call: ast.Call, layer: str) -> dict[str, Any]:
    kwargs: dict[str, Any] = {}
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in kwargs:
            raise ArgumentError(
                f"Each keyword argument of {layer} is written out, once.",
                received=f"**{_quote(keyword.value)}" if keyword.arg is None else keyword.arg,
                remedy="Write each argument as name=value.",
            )
        kwargs[keyword.arg] = _value(keyword.value, keyword.arg)
    return kwargs


def _value(node: ast.expr, where: str, depth: int = 0) -> Any:
    """The plain value that `node` spells."""
    if depth > MAX_NESTING:
        raise ArgumentError(
            f"Values may be nested at most {MAX_NESTING} deep.",
            received=f"deeper nesting in {where}",
            remedy="Write a number or a flat tuple.",
            argument=where,
        )
    match node:
        case ast.Constant(value=bool() | int() | float() | str() | None as value):
            return value
        case ast.UnaryOp(
            op=ast.USub() | ast.UAdd() as sign,
            operand=ast.Constant(value=int() | float() as number),
        ) if not isinstance(number, bool):
            return -number if isinstance(sign, ast.USub) else number
        case ast.Tuple(elts=items):
            return tuple(_value(item, where, depth + 1) for item in items)
        case ast.List(elts=items):
            return [_value(item, where, depth + 1) for item in items]
        case ast.Dict(keys=keys, values=values) if all(
            isinstance(key, ast.Constant) and isinstance(key.value, str) for key in keys
        ):
            names = [key.value for key in keys if isinstance(key, ast.Constant)]
            items = [_value(value, where, depth + 1) for value in values]
            return dict(zip(names, items, strict=True))
    raise ArgumentError(
        f"The arguments of a layer call are plain values: {_VALUES}.",
        received=f"{where}={_quote(node)}"
        if where.isidentifier()
        else f"{_quote(node)} as {where}",
        remedy=_remedy(node),
        argument=where if where.isidentifier() else None,
    )


def _remedy(node: ast.expr) -> str:
    if isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        return f"Write the value itself, or a name in quotes, such as {name!r}."
    return "Write the value itself: the text is read as data and nothing in it is computed."


def _argument_names(cls: type[Layer]) -> str:
    parameters = inspect.signature(cls).parameters.values()
    return f"({', '.join(p.name for p in parameters if p.kind is not p.VAR_KEYWORD)})"


def _quote(node: ast.expr) -> str:
    """The node as the user wrote it, near enough, and short."""
    try:
        text = ast.unparse(node)
    except (RecursionError, ValueError):
        return "a deeply nested expression"
    return text if len(text) <= 80 else text[:79] + "…"
