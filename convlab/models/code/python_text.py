"""Values and calls as text of Python.

Names and values may come from a stranger's file: text becomes a quoted literal, a name one made of
letters, digits and underscores, and nothing else is written.

>>> call("Conv2D", 8, (3, 3), strides=2, padding="same")
'Conv2D(8, (3, 3), strides=2, padding="same")'
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from convlab.errors import DataError
from convlab.layers.naming import printable
from convlab.models.code.folding import PYTHON


class Raw(str):
    """Text that stands in code as it is: an expression, not a quoted literal."""

    __slots__ = ()


def literal(value: Any) -> str:
    """A plain value as Python has it.

    Raises:
        DataError: it is no plain value.

    >>> literal({"a": (1,), "b": [None, 0.5]}), literal(float("inf"))
    ('{"a": (1,), "b": [None, 0.5]}', 'float("inf")')
    """
    match value:
        case Raw():
            return value
        case str():
            text = repr(value)
            return f'"{text[1:-1]}"' if text[0] == "'" and '"' not in text else text
        case np.generic():
            return literal(value.item())
        case bool() | None:
            return repr(value)
        case int():
            return repr(int(value))
        case float():
            return repr(value) if np.isfinite(value) else f'float("{value}")'
        case np.ndarray():
            return literal(value.tolist())
        case tuple():
            return f"({_listed(value)},)" if len(value) == 1 else f"({_listed(value)})"
        case list():
            return f"[{_listed(value)}]"
        case Mapping():
            pairs = (f"{literal(key)}: {literal(item)}" for key, item in value.items())
            return f"{{{', '.join(pairs)}}}"
        case slice():
            return call("slice", value.start, value.stop, value.step)
    if value is Ellipsis:
        return "..."
    raise DataError(
        "Code holds plain values: numbers, text, True, False, None, and lists of these.",
        received=f"{printable(repr(value)):.80} (of type {type(value).__name__})",
        remedy="Use one of Keras's own names.",
    )


def _listed(values: Iterable[Any]) -> str:
    return ", ".join(map(literal, values))


def call(function: str, *args: Any, **kwargs: Any) -> str:
    """A call of a function on plain values, or on `Raw` expressions."""
    words = [*map(literal, args), *(f"{name}={literal(value)}" for name, value in kwargs.items())]
    return f"{function}({', '.join(words)})"


def index(value: Any) -> str:
    """An index as it stands between brackets.

    >>> index((slice(None), slice(1, None), None, ...))
    ':, 1:, None, ...'
    """
    return ", ".join(_part(item) for item in index_items(value))


def index_items(value: Any) -> tuple[Any, ...]:
    """What an index has for each axis; files have a list for a tuple."""
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def _part(item: Any) -> str:
    if not isinstance(item, slice):
        return literal(item)
    ends = ["" if end is None else literal(end) for end in (item.start, item.stop, item.step)]
    return ":".join(ends if ends[2] else ends[:2])


def short(values: tuple[int, ...]) -> Any:
    """One number where all are equal, as a layer takes it.

    >>> short((3, 3)), short((3, 5))
    (3, (3, 5))
    """
    return values[0] if len(set(values)) == 1 else values


def comment(text: str, indent: str = "") -> list[str]:
    """Lines of comment, whatever the text holds."""
    words, lines = printable(" ".join(text.split())).split(" "), [f"{indent}#"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > PYTHON.width and lines[-1] != f"{indent}#":
            lines.append(f"{indent}#")
        lines[-1] += f" {word}"
    return lines


def identifier(name: str) -> str:
    """A name as Python's names are made.

    >>> identifier("block 1/conv"), identifier("1x1"), identifier("lambda")
    ('block_1_conv', '_1x1', 'lambda_')
    """
    name = re.sub(r"[^A-Za-z0-9_]", "_", name) or "_"
    name = f"_{name}" if name[0].isdigit() else name
    return f"{name}_" if keyword.iskeyword(name) else name


class Names:
    """Names of variables, each given once.

    Args:
        taken: names that stand for something else.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def new(self, wanted: str) -> str:
        """A name like the wanted one that no other has.

        >>> names = Names(["keras"])
        >>> names.new("keras"), names.new("conv"), names.new("conv")
        ('keras_2', 'conv', 'conv_2')
        """
        name, count = identifier(wanted), 1
        while (numbered := name if count == 1 else f"{name}_{count}") in self._taken:
            count += 1
        self._taken.add(numbered)
        return numbered
