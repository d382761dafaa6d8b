r"""Formulas that are evaluated and printed from one object.

A size rule is written once, as an expression over named integers; its value is what the layers
use, its text and LaTeX are what the inspector shows. So a formula on screen cannot disagree with
the number computed.

    >>> n, k, s = Symbol("n"), Symbol("k"), Symbol("s")
    >>> size = (n - k) // s + 1
    >>> str(size)
    '(n - k)//s + 1'
    >>> print(size.latex())
    \left\lfloor\frac{n - k}{s}\right\rfloor + 1
    >>> size.value(n=28, k=3, s=2)
    13
    >>> str(size.substitute(n=28, k=3, s=2))
    '(28 - 3)//2 + 1'

An unknown size stays symbolic and is folded as far as it goes:

    >>> str(size.reduce(k=3, s=2))
    '(n - 1)//2'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TIGHT = 9  # binds tighter than any operator: names, numbers, function calls


class Expression:
    """An integer expression. Build it with `+ - * //`, `ceil_div` and `maximum`."""

    precedence = _TIGHT

    def __add__(self, other: Expression | int) -> Expression:
        return Operation("+", self, _wrap(other))

    def __sub__(self, other: Expression | int) -> Expression:
        return Operation("-", self, _wrap(other))

    def __mul__(self, other: Expression | int) -> Expression:
        return Operation("*", self, _wrap(other))

    def __floordiv__(self, other: Expression | int) -> Expression:
        return Operation("//", self, _wrap(other))

    def __radd__(self, other: int) -> Expression:
        return Number(other) + self

    def __rsub__(self, other: int) -> Expression:
        return Number(other) - self

    def __rmul__(self, other: int) -> Expression:
        return Number(other) * self

    def value(self, **names: int) -> int:
        """The integer that the expression has for these values of its names."""
        raise NotImplementedError

    def values(self, **names: Any) -> NDArray[np.int64]:
        """The integers that it has where names stand for arrays, cell by cell.

        >>> n = Symbol("n")
        >>> ceil_div(n, 2).values(n=np.arange(5))
        array([0, 1, 1, 2, 2])
        """
        return np.asarray(self.value(**names), dtype=np.int64)

    def substitute(self, **names: int | None) -> Expression:
        """The same expression with numbers in the place of names; None leaves a name."""
        raise NotImplementedError

    def reduce(self, **names: int | Expression | None) -> Expression:
        """Substitutes, then folds: a number when every name is known, else the short form.

        A name may stand for another expression, such as a size for the one that it comes from:

        >>> n = Symbol("n")
        >>> str(ceil_div(n, 2).reduce(n=ceil_div(n, 2).reduce()))
        '(n + 3)//4'
        """
        raise NotImplementedError

    def symbols(self) -> tuple[str, ...]:
        """The names in the expression, each once, in reading order."""
        raise NotImplementedError

    def latex(self) -> str:
        """The expression in LaTeX, without dollar signs."""
        raise NotImplementedError


@dataclass(frozen=True)
class Symbol(Expression):
    """A named integer such as the stride."""

    name: str
    tex: str = ""

    def value(self, **names: int) -> int:
        return names[self.name]

    def substitute(self, **names: int | None) -> Expression:
        value = names.get(self.name)
        return self if value is None else Number(value)

    def reduce(self, **names: int | Expression | None) -> Expression:
        value = names.get(self.name)
        return self if value is None else _wrap(value)

    def symbols(self) -> tuple[str, ...]:
        return (self.name,)

    def latex(self) -> str:
        return self.tex or self.name

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Number(Expression):
    """A plain integer."""

    number: int

    def value(self, **names: int) -> int:
        return self.number

    def substitute(self, **names: int | None) -> Expression:
        return self

    def reduce(self, **names: int | Expression | None) -> Expression:
        return self

    def symbols(self) -> tuple[str, ...]:
        return ()

    def latex(self) -> str:
        return str(self)

    def __str__(self) -> str:
        # a negative number stands in brackets, since it is printed where a name stood
        return str(self.number) if self.number >= 0 else f"({self.number})"


@dataclass(frozen=True)
class _Operator:
    """What one operator computes, and how it is written."""

    compute: Callable[[int, int], int]
    text: str
    tex: str
    precedence: int


def _larger(a: Any, b: Any) -> Any:
    """The larger of two integers, or of each pair in two arrays."""
    whole = isinstance(a, int) and isinstance(b, int)
    return max(a, b) if whole else np.maximum(a, b)


_OPERATORS: Mapping[str, _Operator] = {
    "+": _Operator(lambda a, b: a + b, "{} + {}", "{} + {}", 1),
    "-": _Operator(lambda a, b: a - b, "{} - {}", "{} - {}", 1),
    "*": _Operator(lambda a, b: a * b, "{}*{}", r"{} \cdot {}", 2),
    "//": _Operator(
        lambda a, b: a // b, "{}//{}", r"\left\lfloor\frac{{{}}}{{{}}}\right\rfloor", 2
    ),
    "ceil": _Operator(
        lambda a, b: -(-a // b),
        "ceil({} / {})",
        r"\left\lceil\frac{{{}}}{{{}}}\right\rceil",
        _TIGHT,
    ),
    "max": _Operator(_larger, "max({}, {})", r"\max({}, {})", _TIGHT),
}


@dataclass(frozen=True)
class Operation(Expression):
    """Two expressions joined by an operator."""

    operator: str
    left: Expression
    right: Expression

    @property
    def precedence(self) -> int:  # type: ignore[override]
        return _OPERATORS[self.operator].precedence

    def value(self, **names: int) -> int:
        compute = _OPERATORS[self.operator].compute
        return compute(self.left.value(**names), self.right.value(**names))

    def substitute(self, **names: int | None) -> Expression:
        return Operation(
            self.operator, self.left.substitute(**names), self.right.substitute(**names)
        )

    def reduce(self, **names: int | Expression | None) -> Expression:
        return _fold(self.operator, self.left.reduce(**names), self.right.reduce(**names))

    def symbols(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.left.symbols() + self.right.symbols()))

    def __str__(self) -> str:
        # "/" inside ceil binds like a product
        left, right = self._operands(str, 2 if self.operator == "ceil" else self.precedence)
        return _OPERATORS[self.operator].text.format(left, right)

    def latex(self) -> str:
        # the bar of a fraction groups its terms without brackets
        by_bar = self.operator in ("//", "ceil")
        left, right = self._operands(_latex, 0 if by_bar else self.precedence)
        return _OPERATORS[self.operator].tex.format(left, right)

    def _operands(self, write: Callable[[Expression], str], binding: int) -> tuple[str, str]:
        """Both operands written, in brackets where they bind less tightly than the operator."""
        left, right = write(self.left), write(self.right)
        if binding in (0, _TIGHT):
            return left, right
        if self.left.precedence < binding:
            left = f"({left})"
        # a + (b - c) needs no brackets; a - (b + c), a*(b//c) and a//(b*c) do
        if self.right.precedence < binding + (self.operator != "+"):
            right = f"({right})"
        return left, right


def _latex(expression: Expression) -> str:
    return expression.latex()


def _fold(operator: str, left: Expression, right: Expression) -> Expression:
    """The short form of an operation on operands that are folded already."""
    if isinstance(left, Number) and isinstance(right, Number):
        return Number(_OPERATORS[operator].compute(left.number, right.number))
    if operator == "ceil" and isinstance(right, Number):
        return _fold("//", _fold("+", left, Number(right.number - 1)), right)
    a, b = _Linear.of(left), _Linear.of(right)
    if operator in "+-" and (a.unknown == b.unknown or not a.factor or not b.factor):
        sign = 1 if operator == "+" else -1
        unknown = a.unknown if a.factor else b.unknown
        return _Linear(a.factor + sign * b.factor, unknown, a.rest + sign * b.rest).expression()
    if operator == "*" and isinstance(right, Number):
        return _Linear(a.factor * b.rest, a.unknown, a.rest * b.rest).expression()
    if operator == "*" and isinstance(left, Number):
        return _Linear(b.factor * a.rest, b.unknown, b.rest * a.rest).expression()
    if operator == "//" and isinstance(right, Number):
        match left:
            case Operation("//", inner, Number(divisor)):  # (n//2)//2 is n//4
                return _fold("//", inner, Number(divisor * right.number))
    if operator == "//" and isinstance(right, Number) and a.factor % right.number == 0:
        return _Linear(a.factor // b.rest, a.unknown, a.rest // b.rest).expression()
    return Operation(operator, left, right)


@dataclass(frozen=True)
class _Linear:
    """`factor * unknown + rest`: what sums and products of one unknown fold into."""

    factor: int
    unknown: Expression
    rest: int

    @classmethod
    def of(cls, expression: Expression) -> _Linear:
        match expression:
            case Number(number):
                return cls(0, expression, number)
            case Operation("+", inner, Number(rest)):
                return cls.of(inner)._moved(rest)
            case Operation("-", inner, Number(rest)):
                return cls.of(inner)._moved(-rest)
            case Operation("*", Number(factor), inner):
                part = cls.of(inner)
                return cls(factor * part.factor, part.unknown, factor * part.rest)
            case Operation("//", inner, Number(divisor)):
                # (n - 4)//4 is n//4 - 1: what is whole stands outside, so that it can cancel
                part = cls.of(inner)
                whole, rest = divmod(part.rest, divisor)
                if whole:
                    shown = cls(part.factor, part.unknown, rest).expression()
                    return cls(1, Operation("//", shown, Number(divisor)), whole)
        return cls(1, expression, 0)

    def _moved(self, by: int) -> _Linear:
        return _Linear(self.factor, self.unknown, self.rest + by)

    def expression(self) -> Expression:
        if not self.factor:
            return Number(self.rest)
        match self.unknown:
            case Operation("//", inner, Number(divisor)) if (
                self.rest and not self.rest % self.factor
            ):
                # (n - 3)//2 + 1 reads better as (n - 1)//2
                moved = _fold("+", inner, Number(self.rest // self.factor * divisor))
                return _Linear(self.factor, Operation("//", moved, Number(divisor)), 0)._plain()
        return self._plain()

    def _plain(self) -> Expression:
        product = self.unknown if self.factor == 1 else Number(self.factor) * self.unknown
        if self.rest < 0:
            return product - -self.rest
        return product + self.rest if self.rest else product


def _wrap(value: Expression | int) -> Expression:
    return value if isinstance(value, Expression) else Number(value)


def ceil_div(a: Expression | int, b: Expression | int) -> Expression:
    """The quotient rounded up."""
    return Operation("ceil", _wrap(a), _wrap(b))


def maximum(a: Expression | int, b: Expression | int) -> Expression:
    """The larger of two."""
    return Operation("max", _wrap(a), _wrap(b))
