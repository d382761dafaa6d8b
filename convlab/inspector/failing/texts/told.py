"""What a message tells beside its kind: shapes, a class, arguments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Shape = tuple[int | None, ...]

_LIMIT = 2**31
RANK = 8
"""Axes beyond which nothing is taken for a shape."""
_S = r"[(\[]([^()\[\]]{0,120})[)\]]"


@dataclass(frozen=True)
class Told:
    """What a message tells.

    Attributes:
        shapes: what went in, batch first where the message has it.
        layer_class: the class of the layer, where the sentence is of one class alone.
        arguments: arguments of the layer, by name.
        wanted: the shape that was wanted of the output.
        expected: the shape that was expected of the input; None in it stands for any size.
        kind: the kind of finding, where the shapes decide it.
    """

    shapes: tuple[Shape, ...] = ()
    layer_class: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    wanted: Shape | None = None
    expected: Shape | None = None
    kind: str | None = None


def sizes(text: str) -> Shape | None:
    """A shape from its text: `None`, `?` and `-1` are sizes that are not known.

    >>> sizes("None, 28, 28, 1"), sizes("?,28"), sizes("None 6 6 4"), sizes("3 x 3"), sizes("a")
    ((None, 28, 28, 1), (None, 28), (None, 6, 6, 4), (3, 3), None)
    """
    parts = [part for part in re.split(r"[\s,x]+", text.strip()) if part]
    if len(parts) > RANK or not all(re.fullmatch(r"\d{1,10}|None|\?|-1", one) for one in parts):
        return None
    found = tuple(None if part in ("None", "?", "-1") else int(part) for part in parts)
    return found if all(size is None or size < _LIMIT for size in found) else None


def shapes_in(text: str) -> tuple[Shape, ...]:
    """The shapes in a piece of text, in order.

    >>> shapes_in("input_shape=[(None, 9, 9, 4), (None, 8, 8, 4)]")
    ((None, 9, 9, 4), (None, 8, 8, 4))
    """
    found = (sizes(one) for one in re.findall(_S, text[:4000]))
    return tuple(shape for shape in found if shape)


def unlike(found: Shape, expected: Shape) -> str | None:
    """What is wrong with the rank of a model's input; None where the rank is right.

    >>> unlike((28, 28, 1), (None, 28, 28, 1)), unlike((60000, 28, 28), (None, 28, 28, 1))
    ('missing-batch-axis', 'missing-channel-axis')
    """
    if len(found) == len(expected):
        return None
    if len(found) != len(expected) - 1 or not found:
        return "rank"
    channels_missing = expected[-1] == 1 != found[-1]
    return "missing-channel-axis" if channels_missing else "missing-batch-axis"
