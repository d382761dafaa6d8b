"""Activation functions as operations, with the parameters that `keras.ops` gives them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.layers import activations
from convlab.layers.operators.elementwise import Elementwise, of_one
from convlab.layers.operators.operation import Kind

Array = NDArray[Any]


def _plain(name: str) -> Kind:
    """An activation without parameters."""
    function = activations.get(name)
    found = Elementwise(function, lambda dy, _, x: (activations.vjp(function, x, dy),), "float")
    return Kind(lambda: found)


def _leaky_relu(negative_slope: float = 0.2) -> Elementwise:
    return Elementwise(
        lambda x: activations.leaky_relu(x, negative_slope),
        lambda dy, _, x: (dy * np.where(x > 0, 1, negative_slope),),
        "float",
    )


def _elu(alpha: float = 1.0) -> Elementwise:
    return Elementwise(
        lambda x: activations.elu(x, alpha),
        lambda dy, _, x: (dy * np.where(x < 0, alpha * np.exp(np.minimum(x, 0)), 1),),
        "float",
    )


def _celu(alpha: float = 1.0) -> Elementwise:
    """Both of its parts, `max(x, 0)` and `min(x, 0)`, have a slope at 0 in TensorFlow."""

    def slope(x: Array) -> Any:
        return (x >= 0) + np.where(x <= 0, np.exp(np.minimum(x, 0) / alpha), 0)

    return Elementwise(
        lambda x: activations.celu(x, alpha), lambda dy, _, x: (dy * slope(x),), "float"
    )


def _gelu(approximate: bool = True) -> Elementwise:
    slope = _approximate_slope if approximate else _erf_slope
    return Elementwise(
        lambda x: activations.gelu(x, approximate), lambda dy, _, x: (dy * slope(x),), "float"
    )


def _erf_slope(x: Array) -> Any:
    """Of `x` times the normal distribution function of `x`."""
    return activations.normal_cdf(x) + x * np.exp(-0.5 * np.square(x)) / math.sqrt(2 * math.pi)


def _approximate_slope(x: Array) -> Any:
    """Of `x * (1 + tanh(u)) / 2`, where u is a cubic of `x`."""
    root = math.sqrt(2 / math.pi)
    inner = np.tanh(root * (x + 0.044715 * x**3))
    slope_of_u = root * (1 + 3 * 0.044715 * np.square(x))
    return 0.5 * (1 + inner) + 0.5 * x * (1 - np.square(inner)) * slope_of_u


def _clip(x_min: Any, x_max: Any) -> Elementwise:
    """As TensorFlow, the upper end first: a `x_min` above `x_max` wins."""
    return Elementwise(
        lambda x: np.maximum(np.minimum(x, x_max), x_min).astype(x.dtype),
        lambda dy, _, x: (dy * ((x >= x_min) & (x <= x_max)),),
    )


_PLAIN = (
    *("sigmoid", "tanh", "softplus", "softsign", "silu", "hard_sigmoid", "hard_silu", "selu"),
    *("log_sigmoid", "hard_tanh", "tanh_shrink", "sparse_plus", "sparse_sigmoid"),
)

OPERATIONS: dict[str, Kind] = {
    **{name: _plain(name) for name in _PLAIN},
    "relu": of_one(lambda x: np.maximum(x, 0), lambda _, x: x > 0),
    "relu6": of_one(lambda x: np.clip(x, 0, 6), lambda _, x: (x > 0) & (x < 6)),
    "leaky_relu": Kind(_leaky_relu),
    "elu": Kind(_elu),
    "celu": Kind(_celu),
    "gelu": Kind(_gelu),
    "clip": Kind(_clip),
}
