"""The gradients of the activation functions, as TensorFlow has them, at corners too."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.layers import activations

Array = NDArray[Any]
Slope = Callable[[Array], Any]
Pull = Callable[[Array, Array], Any]

_ALPHA, _SCALE = activations.SELU_ALPHA, activations.SELU_SCALE


def gradient(function: Any, x: Array, dy: Array) -> Array:
    """The gradient of `sum(function(x) * dy)` for `x`: what `activations.vjp` promises.

    Args:
        function: a function of `activations`, or one with an attribute `gradient`.
        x: floats, where the function was evaluated.
        dy: floats, of the output's shape.
    """
    expected = activations.glu(x).shape if function is activations.glu else x.shape
    if dy.shape != expected:
        raise ShapeError(
            "The gradient of an activation's output has the output's shape.",
            received=f"a gradient of shape {dy.shape}, for an output of shape {expected}",
            remedy=f"Give an array of shape {expected}.",
        )
    with np.errstate(all="ignore"):
        if function in _SLOPES:
            return np.asarray(dy * _SLOPES[function](x), x.dtype)
        if function in _PULLS:
            return np.asarray(_PULLS[function](x, dy), x.dtype)
    if not hasattr(function, "gradient"):
        raise ArgumentError(
            "The gradient of this activation is not known.",
            received=f"activation={getattr(function, '__name__', function)!r}",
            remedy="Use one of convlab's activations, by name, or give the function an attribute "
            "`gradient`, a function of x and dy.",
            argument="activation",
        )
    found = np.asarray(function.gradient(x, dy), x.dtype)
    if found.shape != x.shape:
        raise ShapeError(
            "The gradient of an activation's input has the input's shape.",
            received=f"one of shape {found.shape} from the function's `gradient`, for an input of "
            f"shape {x.shape}",
            remedy=f"Let it return an array of shape {x.shape}.",
        )
    return found


def _sigmoid(x: Array) -> Any:
    return np.asarray(activations.sigmoid(x))


def _between(x: Array, low: float, high: float) -> Any:
    """Where a function that is cut at both ends has its slope: inside, without the ends."""
    return (x > low) & (x < high)


def _erf_slope(x: Array) -> Any:
    """Of x * Phi(x): Phi(x) + x * phi(x)."""
    density = np.exp(-0.5 * np.square(x)) / math.sqrt(2 * math.pi)
    return activations.normal_cdf(x) + x * density


def _mish(x: Array) -> Any:
    inner = np.tanh(np.logaddexp(x, x.dtype.type(0)))
    return inner + x * (1 - np.square(inner)) * _sigmoid(x)


def _squareplus(x: Array) -> Any:
    return 0.5 * (1 + x / np.hypot(x, x.dtype.type(2)))  # which does not overflow, as x**2 would


def _sparse_plus(x: Array) -> Any:
    return np.where(x <= -1, 0, np.where(x < 1, (x + 1) / 2, 1))


def _silu(x: Array) -> Any:
    s = _sigmoid(x)
    return s * (1 + x * (1 - s))


def _hard_sigmoid(x: Array) -> Any:
    return _between(x + 3, 0, 6) / x.dtype.type(6)


def _hard_silu(x: Array) -> Any:
    return activations.hard_sigmoid(x) + x * _hard_sigmoid(x)


def _elu(x: Array) -> Any:
    return np.where(x < 0, np.exp(np.minimum(x, 0)), 1)


def _celu(x: Array) -> Any:
    """Both of its parts, `max(x, 0)` and `min(x, 0)`, have a slope at 0 in TensorFlow: 2."""
    return (x >= 0) + np.where(x <= 0, np.exp(np.minimum(x, 0)), 0)


_SLOPES: dict[Any, Slope] = {
    activations.linear: np.ones_like,
    activations.relu: lambda x: x > 0,
    activations.relu6: lambda x: _between(x, 0, 6),
    activations.leaky_relu: lambda x: np.where(x > 0, 1, x.dtype.type(0.2)),
    activations.elu: _elu,
    activations.selu: lambda x: _SCALE * np.where(x < 0, _ALPHA, 1) * _elu(x),
    activations.celu: _celu,
    activations.softplus: _sigmoid,
    activations.softsign: lambda x: 1 / np.square(1 + np.abs(x)),
    activations.squareplus: _squareplus,
    activations.soft_shrink: lambda x: np.abs(x) > 0.5,
    activations.hard_shrink: lambda x: np.abs(x) > 0.5,
    activations.tanh_shrink: lambda x: np.square(np.tanh(x)),
    activations.tanh: lambda x: 1 - np.square(np.tanh(x)),
    activations.hard_tanh: lambda x: np.abs(x) <= 1,
    activations.sigmoid: lambda x: _sigmoid(x) * _sigmoid(-x),
    activations.log_sigmoid: lambda x: _sigmoid(-x),
    activations.hard_sigmoid: _hard_sigmoid,
    activations.sparse_sigmoid: lambda x: x.dtype.type(0.5) * ~((x <= -1) | (x >= 1)),
    activations.sparse_plus: _sparse_plus,
    activations.silu: _silu,
    activations.hard_silu: _hard_silu,
    activations.gelu: _erf_slope,
    activations.mish: _mish,
    activations.exponential: np.exp,
}
"""The derivative of each function that works number by number."""


def _softmax(x: Array, dy: Array) -> Any:
    y = activations.softmax(x)
    return y * (dy - np.sum(y * dy, axis=-1, keepdims=True))


def _log_softmax(x: Array, dy: Array) -> Any:
    return dy - activations.softmax(x) * np.sum(dy, axis=-1, keepdims=True)


def _glu(x: Array, dy: Array) -> Any:
    a, b = np.split(x, 2, axis=-1)
    s = _sigmoid(b)
    return np.concatenate([dy * s, dy * a * s * _sigmoid(-b)], axis=-1)


def _sparsemax(x: Array, dy: Array) -> Any:
    """Of Keras's formula: tau is the mean of the running sums over the support, less a part.

    The number in place r of the falling order is in all the running sums from r on: its weight in
    tau is the number of those in the support, divided by the size of the support.
    """
    tau, support = activations.sparsemax_threshold(x)
    size = np.sum(support, axis=-1, keepdims=True, dtype=x.dtype)
    following = np.cumsum(support[..., ::-1], axis=-1, dtype=x.dtype)[..., ::-1]
    in_tau = np.empty_like(x)
    order = np.argsort(-x, axis=-1, kind="stable")
    np.put_along_axis(in_tau, order, following / np.maximum(size, 1), axis=-1)
    kept = dy * (x - tau >= 0)
    return kept - in_tau * np.sum(kept, axis=-1, keepdims=True)


_PULLS: dict[Any, Pull] = {
    activations.softmax: _softmax,
    activations.log_softmax: _log_softmax,
    activations.sparsemax: _sparsemax,
    activations.glu: _glu,
}
"""The gradient of each function that mixes the numbers of the last axis."""
