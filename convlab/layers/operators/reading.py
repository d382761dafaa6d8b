"""Operators from what Keras 3 writes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from convlab.errors import ConvlabError
from convlab.layers.operators.layer import Operator
from convlab.layers.operators.table import KINDS, known

_OF_ALL = ("name", "trainable")


def from_keras3(
    class_name: str, config: Mapping[str, Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Operator | None:
    """The operator that an operation of Keras 3 is.

    Args:
        class_name: its class in `keras.src.ops`, such as "Mean".
        config: its settings, such as {"name": "mean", "axis": [1, 2], "keepdims": False}.
        args: what it was called on, with a `Slot` in the place of each tensor.
        kwargs: the same for arguments by name.

    Returns:
        The operator; None where the operation, or one of its settings, is not known.

    Example:
        >>> from convlab.layers.operators import Slot
        >>> from_keras3("Mean", {"name": "m", "axis": [1, 2], "keepdims": False}, [Slot(0)], {})
        Operator('mean', [Slot(0)], kwargs={'axis': [1, 2], 'keepdims': False}, name='m')
    """
    operation = known(class_name)
    if operation is None:
        return None
    names = KINDS[operation].names
    settings = {name: value for name, value in config.items() if name not in _OF_ALL}
    given = {
        name: value
        for name, value in {**settings, **kwargs}.items()
        if name in names or value is not None
    }
    return made(operation, args, given, config.get("name"), class_name)


def made(
    operation: str, args: Sequence[Any], kwargs: Mapping[str, Any], name: Any, class_name: str
) -> Operator | None:
    """An operator; None where it cannot be made of these arguments."""
    named = name if isinstance(name, str) and "/" not in name else None
    try:
        return Operator(operation, args, kwargs, name=named, class_name=class_name)
    except ConvlabError:
        return None
