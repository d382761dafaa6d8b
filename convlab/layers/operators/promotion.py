"""Which dtype an operation computes in, as Keras says: JAX's lattice, in which Python's are weak.

Source: `keras/src/backend/common/dtypes.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from convlab.layers import config

_WEAK = {"f": "float", "i": "int", "u": "int", "b": "bool"}


def kind_of(constant: Any) -> str:
    """The dtype of a constant: of an array its own, of Python's numbers "int" or "float".

    >>> kind_of(1.5), kind_of([1, 2]), kind_of(np.ones(2))
    ('float', 'int', 'float64')
    """
    if isinstance(constant, np.ndarray | np.generic):
        return str(constant.dtype)
    return _WEAK.get(np.asarray(constant).dtype.kind, "")


def promoted(*kinds: str) -> str:
    """The dtype in which numbers of several dtypes meet.

    Args:
        *kinds: names of dtypes; "int" and "float" are weak and give way to all others.

    Example:
        >>> promoted("float16", "float"), promoted("int32", "float"), promoted("int64", "float32")
        ('float16', 'float32', 'float32')
    """
    strong = set(kinds) - {"int", "float"}
    floats = {kind for kind in strong if "float" in kind}
    if floats:
        return floats.pop() if len(floats) == 1 else _widest(floats)
    if "float" in kinds:
        return config.floatx()
    if not strong or (strong == {"bool"} and "int" in kinds):
        return "int32" if "int" in kinds else "bool"
    met = np.result_type(*strong)
    return config.floatx() if met.kind == "f" else met.name


def _widest(floats: set[str]) -> str:
    return "float64" if "float64" in floats else "float32"
