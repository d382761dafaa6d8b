"""All operations by name, and Keras's names of their classes."""

from __future__ import annotations

from convlab.errors import ArgumentError
from convlab.layers.naming import snake_case
from convlab.layers.operators import (
    elementwise,
    indexing,
    layered,
    nonlinear,
    padding,
    parts,
    picking,
    products,
    reducing,
    shaping,
)
from convlab.layers.operators.operation import Kind

KINDS: dict[str, Kind] = {
    **elementwise.OPERATIONS,
    **nonlinear.OPERATIONS,
    **reducing.OPERATIONS,
    **shaping.OPERATIONS,
    **indexing.OPERATIONS,
    **layered.OPERATIONS,
    **padding.OPERATIONS,
    **parts.OPERATIONS,
    **picking.OPERATIONS,
    **products.OPERATIONS,
}

_ALIASES = {
    "abs": "absolute",
    "amax": "max",
    "amin": "min",
    "copy": "identity",
    "divide": "true_divide",
}
"""Further names of Keras's for the same operation."""


COPYING = frozenset().union(
    indexing.OPERATIONS,
    padding.OPERATIONS,
    parts.OPERATIONS,
    picking.OPERATIONS,
    shaping.OPERATIONS,
)
"""Operations that compute nothing: what they give are values of their inputs, elsewhere."""

REDUCING = frozenset(reducing.OPERATIONS) - {"softmax", "log_softmax"}
"""Operations that make one value of many."""


def known(class_name: str) -> str | None:
    """The operation that a class of `keras.src.ops` does; None if it is not one of ours.

    >>> known("TrueDivide"), known("Amax"), known("Cholesky")
    ('true_divide', 'max', None)
    """
    name = snake_case(class_name)
    name = _ALIASES.get(name, name)
    return name if name in KINDS else None


def class_name_of(name: str) -> str:
    """Keras's class name of an operation.

    >>> class_name_of("get_item")
    'GetItem'
    """
    return "".join(part.capitalize() for part in name.split("_"))


def kind(name: str) -> Kind:
    """How an operation is made, by its name.

    Raises:
        ArgumentError: there is none.
    """
    found = KINDS.get(name) if isinstance(name, str) else None
    if found is None:
        raise ArgumentError(
            "An operator does one of Keras's operations that convlab knows.",
            received=f"operation={name!r}",
            remedy=f"Use one of {', '.join(sorted(KINDS))}.",
            argument="operation",
            fixes=[{"operation": "add"}],
        )
    return found
