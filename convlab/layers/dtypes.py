"""Dtype policies, as Keras's: what a layer computes in, and what it keeps its weights in.

NumPy has no bfloat16: such numbers are kept as float32 that is rounded to bfloat16's 8 bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import ArgumentError, DataError
from convlab.layers import config
from convlab.layers.registry import Configurable, serialized

Array = NDArray[Any]

_MIXED = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16"}


class DTypePolicy(Configurable):
    """The float types of a layer.

    Args:
        name: a float type, or `"mixed_float16"` or `"mixed_bfloat16"` (16 bits to compute, float32
            weights); None is `config.floatx()`.

    Raises:
        ArgumentError: for anything else.

    Example:
        >>> policy = DTypePolicy("mixed_float16")
        >>> policy.compute_dtype, policy.variable_dtype
        ('float16', 'float32')
    """

    def __init__(self, name: str | None = None) -> None:
        self.name = config.floatx() if name is None else name
        if not isinstance(self.name, str) or self.name not in (*config.FLOAT_TYPES, *_MIXED):
            raise ArgumentError(
                f"Cannot convert '{name}' to a mixed precision DTypePolicy. Valid policies include "
                "'mixed_float16', 'mixed_bfloat16', and the name of any float dtype such as "
                "'float32'.",
                received=f"dtype={name!r}",
                remedy="Use a float type, such as dtype='float32'.",
                argument="dtype",
                fixes=[{"dtype": "float32"}],
            )

    @property
    def compute_dtype(self) -> str:
        """The float type of inputs, computation and outputs."""
        return _MIXED.get(self.name, self.name)

    @property
    def variable_dtype(self) -> str:
        """The float type of the weights."""
        return "float32" if self.name in _MIXED else self.name

    def serialized(self) -> dict[str, Any]:
        """Keras's serialised form."""
        return serialized("keras", "DTypePolicy", {"name": self.name}, None)


def get(identifier: Any) -> DTypePolicy:
    """The policy that a name, a NumPy dtype, a policy or a serialised form stands for."""
    if isinstance(identifier, DTypePolicy):
        return identifier
    if isinstance(identifier, Mapping):
        config = identifier.get("config", identifier)
        name = config.get("name") if isinstance(config, Mapping) else None
        identifier = repr(dict(identifier)) if name is None else name
    elif isinstance(identifier, (np.dtype, type)):
        try:
            identifier = np.dtype(identifier).name
        except TypeError:
            identifier = repr(identifier)
    elif hasattr(identifier, "compute_dtype"):  # Keras's own policy
        identifier = identifier.name
    return DTypePolicy(identifier)


def cast(values: ArrayLike, dtype: str) -> Array:
    """The values in a float type; bfloat16 as rounded float32. Does not copy without need."""
    if dtype != "bfloat16":
        with np.errstate(over="ignore"):
            return np.asarray(values, dtype)
    single = np.asarray(values, np.float32)
    bits = np.ascontiguousarray(single).view(np.uint32)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & np.uint32(0xFFFF0000)  # half to even
    result: Array = np.where(np.isnan(single), single, rounded.view(np.float32))
    return result.reshape(single.shape)


def real(values: ArrayLike, rule: str) -> Array:
    """The values as an array of real numbers: floats, integers or booleans.

    Args:
        values: an array, or what makes one.
        rule: what is broken otherwise, as a sentence.

    Raises:
        DataError: complex numbers, words, objects.
    """
    x = np.asarray(values)
    if x.dtype.kind in "fiub" or x.dtype.name == "bfloat16":
        return x
    raise DataError(
        rule, received=f"an array of dtype {x.dtype}", remedy='Use x.astype("float32").'
    )


def saturated(values: Array, dtype: np.dtype[Any]) -> Array:
    """Whole numbers in an integer type; what is beyond its ends becomes the end."""
    ends = np.iinfo(dtype)
    inside = np.clip(values.astype(np.float64), ends.min, ends.max)
    with np.errstate(invalid="ignore"):
        result = np.where(inside >= float(ends.max), ends.max, inside.astype(dtype))
    return result.astype(dtype)


def kernel_dtype(dtype: str) -> str:
    """The float type that the kernels compute in: 16 bits are summed in float32, as TensorFlow."""
    return "float64" if dtype == "float64" else "float32"
