"""Which values are tried of each argument, where the user does not say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from convlab.errors import ArgumentError
from convlab.geometry.rules import CONVOLUTION_PADDINGS

SIZES = range(1, 513)
"""The sizes that are tried where one is not given."""

LARGEST: Mapping[str, int] = {
    "kernel_size": 11,
    "pool_size": 11,
    "strides": 8,
    "dilation_rate": 4,
    "size": 8,
    "cropping": 16,
    "padding": 16,
}
"""The largest number that is tried of each argument; a layer's own is tried, too."""

_LEAST = {"cropping": 0, "padding": 0}


def usual(name: str, own: Iterable[Any], needed: int = 0) -> tuple[Any, ...]:
    """The values of an argument that are tried.

    Args:
        name: the argument.
        own: the values that the layer has, one for each axis.
        needed: a number that is to be among them.

    >>> usual("strides", (2, 2)), usual("padding", ("same",))
    ((1, 2, 3, 4, 5, 6, 7, 8), ('valid', 'same', 'causal'))
    """
    mine = [value for value in own if value is not None]
    if mine and isinstance(mine[0], str):
        return CONVOLUTION_PADDINGS
    flat = [one for value in mine for one in (value if isinstance(value, tuple) else (value,))]
    if name == "output_padding":
        return (None, *range(max([LARGEST["strides"] - 1, *flat]) + 1))
    return tuple(range(_LEAST.get(name, 1), max([LARGEST[name], needed, *flat]) + 1))


def asked(name: str, values: Any) -> tuple[Any, ...]:
    """The values that a user wants tried: one alone, or several.

    Raises:
        ArgumentError: they are no numbers (of a padding, names), or none.

    >>> asked("strides", 2), asked("kernel_size", range(1, 4)), asked("padding", "same")
    ((2,), (1, 2, 3), ('same',))
    """
    several = isinstance(values, Iterable) and not isinstance(values, str)
    found = tuple(values) if several else (values,)
    if found and all(map(_plain, found)):
        return tuple(dict.fromkeys(found))
    raise ArgumentError(
        "The bounds of an argument are the values to try: one, or several.",
        received=f"{name}={values!r:.60}",
        remedy=f"Use e.g. bounds={{'{name}': range(1, 8)}}.",
        argument="bounds",
    )


def _plain(value: Any) -> bool:
    if isinstance(value, int):
        return not isinstance(value, bool) and value >= 0
    return value is None or isinstance(value, str)


def in_words(values: Iterable[Any]) -> str:
    """Values in words, runs of numbers joined.

    >>> in_words((None, 0, 1, 2, 3)), in_words(("valid", "same"))
    ('None or 0 to 3', "'valid' or 'same'")
    """
    words: list[str] = []
    run: list[int] = []
    for value in [*values, "end"]:
        if run and value == run[-1] + 1:
            run.append(value)
            continue
        if run:
            words += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run)
        run = [value] if isinstance(value, int) else []
        if not run:
            words.append(repr(value))
    *head, last = words[:-1]
    return f"{', '.join(head)} or {last}" if head else last
