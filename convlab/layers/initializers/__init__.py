"""Initial values of weights, as `keras.initializers`: the same laws, bounds and arguments.

The stream of random numbers is our own: the same seed, or one instance called twice, gives the
same values, but not TensorFlow's bits.

    >>> import numpy as np
    >>> limit = np.sqrt(6 / (9 * 3 + 9 * 8))
    >>> weights = GlorotUniform(seed=1)((3, 3, 3, 8))
    >>> bool(np.abs(weights).max() <= limit), weights.dtype
    (True, dtype('float32'))
    >>> get("he_normal")
    HeNormal()
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from convlab.errors import ArgumentError
from convlab.layers.initializers.constant import (
    Constant,
    Identity,
    Initializer,
    Ones,
    Values,
    Zeros,
)
from convlab.layers.initializers.drawn import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    Orthogonal,
    RandomInitializer,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
    compute_fans,
)
from convlab.layers.registry import Registry, serialized

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "RandomInitializer",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "Values",
    "VarianceScaling",
    "Zeros",
    "compute_fans",
    "constant",
    "deserialize",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "serialize",
    "truncated_normal",
    "variance_scaling",
    "zeros",
]

_OWN = (
    *(Zeros, Ones, Constant, Identity, Orthogonal),
    *(RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling),
    *(GlorotNormal, GlorotUniform, HeNormal, HeUniform, LecunNormal, LecunUniform),
)
_registry = Registry(
    "initializer",
    _OWN,
    {
        "zero": Zeros,
        "one": Ones,
        "normal": RandomNormal,
        "uniform": RandomUniform,
        "IdentityInitializer": Identity,
        "OrthogonalInitializer": Orthogonal,
    },
)

zeros, ones, constant, identity, orthogonal = Zeros, Ones, Constant, Identity, Orthogonal
random_normal, random_uniform = RandomNormal, RandomUniform
truncated_normal, variance_scaling = TruncatedNormal, VarianceScaling
glorot_normal, glorot_uniform = GlorotNormal, GlorotUniform
he_normal, he_uniform = HeNormal, HeUniform
lecun_normal, lecun_uniform = LecunNormal, LecunUniform


def get(identifier: Any) -> Any:
    """The initializer that a name, dict, class, instance, callable or array stands for.

    None gives None, which is not the default: the weight then falls back to glorot_uniform, as in
    Keras.
    """
    if identifier is None:
        return None
    if isinstance(identifier, (np.ndarray, np.generic)):
        return Values(identifier)
    if isinstance(identifier, Mapping):
        return deserialize(identifier)
    if isinstance(identifier, str) and identifier in ("constant", "Constant"):
        raise ArgumentError(
            "The initializer 'constant' needs a value.",
            received=f"initializer={identifier!r}",
            remedy='Use {"class_name": "Constant", "config": {"value": 0.5}} or Constant(0.5).',
        )
    return _registry.get(identifier)


def serialize(initializer: Any) -> dict[str, Any] | None:
    """Keras's serialised form of an initializer."""
    if isinstance(initializer, Values):
        content = {"value": initializer.value.tolist(), "dtype": str(initializer.value.dtype)}
        return serialized("numpy", "__numpy__", content, None)
    return _registry.serialize(initializer)


def deserialize(config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The initializer that a serialised form stands for."""
    if config.get("class_name") == "__numpy__":
        return _given(config.get("config"))
    return _registry.deserialize(config, custom_objects)


def _given(content: Any) -> Values:
    """The values of an array that was serialised as numbers and a float type."""
    try:
        value, dtype = content["value"], np.dtype(content["dtype"])
        if not np.issubdtype(dtype, np.floating):
            raise TypeError(dtype)
        return Values(np.array(value, dtype))
    except (KeyError, TypeError, ValueError) as error:
        raise ArgumentError(
            "The initializer '__numpy__' needs numbers and a float type.",
            received=f"config={content!r:.80}",
            remedy="Use {'class_name': '__numpy__', 'config': {'value': [...], 'dtype': "
            "'float32'}}.",
        ) from error
