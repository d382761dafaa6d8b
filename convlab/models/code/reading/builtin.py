"""Python's own functions, and those of NumPy and others that only tell a shape or a number."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from convlab.layers.node import Tensor
from convlab.models.code.reading import plain
from convlab.models.code.reading.refusing import CodeRefused
from convlab.models.code.reading.values import Data, Name, Unknown, unknown_in

NOTHING = object()
"""Says that nothing is known of a function."""


def _rounded(number: Any, digits: Any = None) -> Any:
    """As `round`, which would write out 10 to the power of any number of digits."""
    return round(number, digits if digits is None else max(-400, min(digits, 400)))


_PLAIN: Mapping[str, Callable[..., Any]] = {
    "range": range,
    "len": len,
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "min": min,
    "max": max,
    "sum": sum,
    "abs": abs,
    "round": _rounded,
    "list": list,
    "tuple": tuple,
    "dict": dict,
    "sorted": sorted,
    "enumerate": lambda items, start=0: list(enumerate(items, start)),
    "zip": lambda *lists: list(zip(*lists, strict=False)),
    "reversed": lambda items: list(reversed(items)),
}
_NUMBERS: Mapping[str, Callable[..., Any]] = {
    "ceil": math.ceil,
    "floor": math.floor,
    "sqrt": math.sqrt,
    "log2": math.log2,
    "prod": lambda items, **_: math.prod(items),
    "int": int,
}
_FILLED = ("zeros", "ones", "empty", "full", "random_sample", "random", "normal", "uniform")
_SPREAD = ("rand", "randn")


def call(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], line: int) -> Any:
    """The value of a call of one of Python's own functions."""
    if name in ("print", "parent", "__init__", "build") or name not in _PLAIN:
        return None
    unknown = unknown_in((args, kwargs))
    if unknown is not None and name not in ("list", "tuple", "len", "enumerate", "zip"):
        return unknown
    if isinstance(unknown, Unknown) and any(isinstance(one, Unknown) for one in args):
        return unknown
    if any(isinstance(one, Tensor) for one in args):
        return Unknown(f"{name}() of a tensor", line)
    try:
        found = _PLAIN[name](*args, **kwargs)
        if isinstance(found, range) and len(found) > plain.MAX_ITEMS:
            return Unknown(f"a range of {len(found):,} numbers, which is not followed", line)
        return plain.bounded(found, line)
    except (TypeError, ValueError, OverflowError) as error:
        raise CodeRefused(
            "What the text computes are small numbers, texts and lists.",
            line=line,
            received=f"{name}(...): {error}",
            remedy="Write the value itself.",
        ) from None


def of_library(callee: Name, args: Sequence[Any], kwargs: Mapping[str, Any], line: int) -> Any:
    """A number or a shape that a function of a library tells; `NOTHING` where none is known."""
    name = callee.last
    if name in ("int_shape", "get_shape") and args and isinstance(args[0], Tensor | Data):
        known = args[0] if isinstance(args[0], Data) else args[0].spec
        return (
            Unknown("the shape of a tensor behind a conflict", line)
            if known is None
            else (known.shape)
        )
    root = callee.path.partition(".")[0]
    if root in ("numpy", "math") and name in _NUMBERS and plain.is_plain(list(args)):
        return _number(name, args, line)
    if root in ("numpy", "tensorflow", "keras", "jax", "torch") and name in (*_FILLED, *_SPREAD):
        return _data(name, args, kwargs, line)
    return NOTHING


def _number(name: str, args: Sequence[Any], line: int) -> Any:
    try:
        return plain.bounded(_NUMBERS[name](*args), line)
    except (TypeError, ValueError, ArithmeticError) as error:
        return Unknown(f"{name}(...): {error}", line)


def _data(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], line: int) -> Any:
    """An array of which the text tells the shape."""
    shape = args if name in _SPREAD else kwargs.get("shape", kwargs.get("size", _first(args)))
    shape = (shape,) if isinstance(shape, int) else shape
    whole = isinstance(shape, list | tuple) and all(
        isinstance(size, int) and not isinstance(size, bool) and size >= 0 for size in shape
    )
    if whole and 0 < len(shape) <= 8:
        return Data(tuple(shape))
    return Unknown(f"an array that {name}(...) makes", line)


def _first(args: Sequence[Any]) -> Any:
    """The shape among the arguments: the last of NumPy's, the first elsewhere."""
    shapes = [one for one in args if isinstance(one, list | tuple)]
    return shapes[0] if shapes else args[0] if len(args) == 1 else None
