"""How a size repeats: adding a whole period to the input adds a whole number to the size.

Every size formula is made of sums, whole factors and rounded quotients of the input's size `n`. So
there are a period `P` and an advance `A` with `f(n + P) = f(n) + A` for every n, and what holds of
two sizes for `P` neighbouring inputs holds for all: that is how a family of sizes is proved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convlab.geometry.formula import Expression, Number, Operation, Symbol


@dataclass(frozen=True)
class Pace:
    """How a size grows.

    Attributes:
        period: so many more cells in the input,
        advance: give so many more in the size.
    """

    period: int
    advance: int

    def over(self, period: int) -> int:
        """How many cells a longer period adds."""
        return self.advance * (period // self.period)

    def divided(self, divisor: int) -> Pace:
        """The pace of the rounded quotient."""
        turns = divisor // math.gcd(self.advance, divisor)
        return Pace(self.period * turns, self.advance * turns // divisor)


def pace(size: Expression) -> Pace | None:
    """The pace of a size in the one name that it has; None where it has several, or a maximum.

    >>> n = Symbol("n")
    >>> pace((n - 1) // 2 * 3 + 5)
    Pace(period=2, advance=3)
    >>> pace(n // 2 // 3)
    Pace(period=6, advance=1)
    """
    if len(size.symbols()) > 1:
        return None
    match size:
        case Number():
            return Pace(1, 0)
        case Symbol():
            return Pace(1, 1)
        case Operation("+" | "-" as sign, left, right):
            return _sum(pace(left), pace(right), 1 if sign == "+" else -1)
        case Operation("*", Number(factor), part) | Operation("*", part, Number(factor)):
            found = pace(part)
            return Pace(found.period, found.advance * factor) if found else None
        case Operation("//" | "ceil", part, Number(divisor)):
            found = pace(part)
            return found.divided(divisor) if found else None
    return None


def _sum(left: Pace | None, right: Pace | None, sign: int) -> Pace | None:
    if left is None or right is None:
        return None
    period = math.lcm(left.period, right.period)
    return Pace(period, left.over(period) + sign * right.over(period))


def smallest_period(pattern: NDArray[np.bool_]) -> int:
    """The shortest period that divides a pattern's length and repeats to it.

    >>> smallest_period(np.array([True, False, True, False]))
    2
    """
    length = len(pattern)
    divisors = (period for period in range(1, length + 1) if length % period == 0)
    return next(p for p in divisors if np.array_equal(np.tile(pattern[:p], length // p), pattern))
