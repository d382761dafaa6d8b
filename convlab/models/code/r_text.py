"""Values and calls as text of R.

>>> call("layer_conv_2d", {"filters": literal(8), "kernel_size": literal((3, 3))})
'layer_conv_2d(filters = 8L, kernel_size = c(3L, 3L))'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from convlab.errors import DataError
from convlab.layers.naming import printable


def literal(value: Any) -> str:
    r"""A plain value as R has it; tuples of numbers are vectors, lists are lists.

    Raises:
        DataError: it is no plain value.

    >>> literal(((1, 2), (0, 3))), literal([3]), literal(True), literal(0.5)
    ('list(c(1L, 2L), c(0L, 3L))', 'list(3L)', 'TRUE', '0.5')
    >>> print(literal('a"b\n'))
    "a\"b\u{a}"
    """
    match value:
        case None:
            return "NULL"
        case bool() | np.bool_():
            return "TRUE" if value else "FALSE"
        case int() | np.integer():
            return f"{int(value)}L" if abs(int(value)) < 2**31 else repr(float(value))
        case float() | np.floating():
            return _number(float(value))
        case str():
            return f'"{"".join(map(_character, value))}"'
        case np.ndarray():
            return literal(value.tolist())
        case tuple() if len(value) == 1 and not isinstance(value[0], tuple):
            return literal(value[0])
        case tuple() if not any(isinstance(item, tuple | list) or item is None for item in value):
            return f"c({', '.join(map(literal, value))})"
        case tuple() | list():
            return f"list({', '.join(map(literal, value))})"
    raise DataError(
        "Code holds plain values: numbers, text, TRUE, FALSE, NULL, and lists of these.",
        received=f"{printable(repr(value)):.80} (of type {type(value).__name__})",
        remedy="Use one of Keras's own names.",
    )


def _number(value: float) -> str:
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return repr(value).removesuffix(".0")


def _character(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if " " <= character <= "~" else f"\\u{{{ord(character):x}}}"


def call(function: str, words: Mapping[str, str]) -> str:
    """A call with arguments by name, each text of R."""
    return f"{function}({', '.join(f'{name} = {text}' for name, text in words.items())})"


def shape_of(sizes: tuple[int | None, ...]) -> str:
    """A shape, in which sizes that are not known are NA.

    >>> shape_of((28, 28, 1)), shape_of((None, 3))
    ('c(28L, 28L, 1L)', 'c(NA, 3L)')
    """
    return f"c({', '.join('NA' if size is None else literal(size) for size in sizes)})"
