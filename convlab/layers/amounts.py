"""Arguments that are one number within bounds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from convlab.errors import ArgumentError, ArgumentTypeError


def within(name: str, value: Any, low: float, high: float = math.inf) -> bool:
    """Whether a number lies between two others, ends included.

    Args:
        name: the argument's name, for the message.
        value: what the user gave.
        low: the smallest number that does.
        high: the largest.

    Raises:
        ArgumentTypeError: it cannot be compared with a number.

    Example:
        >>> within("rate", 0.5, 0, 1), within("rate", -1, 0, 1)
        (True, False)
    """
    try:
        return bool(low <= value <= high)
    except (TypeError, ValueError):
        raise ArgumentTypeError(
            f"The argument `{name}` is one number.",
            received=f"{name}={value!r}",
            remedy=f"Use a number without quotes or brackets, such as {name}=0.5.",
            argument=name,
        ) from None


def added(value: Any) -> float:
    """An `epsilon`, which is added before a root is taken.

    Raises:
        ArgumentError: it is no number.

    Example:
        >>> added(0.001)
        0.001
    """
    if isinstance(value, int | float | np.number):
        return float(value)
    raise ArgumentError(
        "The argument `epsilon` is one number.",
        received=f"epsilon={value!r}",
        remedy="Use epsilon=0.001.",
        argument="epsilon",
        fixes=[{"epsilon": 0.001}],
    )
