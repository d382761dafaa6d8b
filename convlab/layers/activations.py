"""Activation functions, equal to `keras.activations` on TensorFlow.

They take an array of any shape and give one of the same shape and dtype (`glu` halves an axis).

    >>> import numpy as np
    >>> relu6(np.array([-1.0, 3.0, 9.0]))
    array([0., 3., 6.])
    >>> get("swish").__name__
    'silu'
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.layers import config, dtypes
from convlab.layers.registry import serialized

Array = NDArray[Any]
Activation = Callable[..., Any]

SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805
_erfc: Any = np.frompyfunc(math.erfc, 1, 1)

_known: dict[str, Activation] = {}


def as_floats(values: ArrayLike) -> Array:
    """The values as an array of floats: of their own dtype, or `config.floatx()` for integers.

    Raises:
        DataError: they are no real numbers.
    """
    x = dtypes.real(values, "An activation is a function of real numbers.")
    if np.issubdtype(x.dtype, np.floating):
        return x
    return x.astype("float32" if config.floatx() == "bfloat16" else config.floatx())


def _activation(function: Callable[..., Any]) -> Callable[..., Array]:
    """Register a function of a float array; overflow to inf is its business, not a warning's."""

    @wraps(function)
    def apply(x: ArrayLike, *args: Any, **kwargs: Any) -> Array:
        x = as_floats(x)
        with np.errstate(all="ignore"):
            return np.asarray(function(x, *args, **kwargs), x.dtype)

    _known[function.__name__] = apply
    return apply


@_activation
def linear(x: Array) -> Any:
    """`x` itself."""
    return x


@_activation
def relu(
    x: Array, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Any:
    """`max(x, 0)`.

    Args:
        x: the values.
        negative_slope: the slope below the threshold.
        max_value: the largest value of the result.
        threshold: below it, values are damped.
    """
    positive = np.where(x > threshold, x, 0) if threshold else np.maximum(x, 0)
    if max_value is not None:
        positive = np.clip(positive, 0, max_value)
    if not negative_slope:
        return positive
    return positive - negative_slope * np.maximum(threshold - x, 0)


@_activation
def relu6(x: Array) -> Any:
    """`min(max(x, 0), 6)`."""
    return np.clip(x, 0, 6)


@_activation
def leaky_relu(x: Array, negative_slope: float = 0.2) -> Any:
    """`x` above zero, `negative_slope * x` below."""
    return np.where(x > 0, x, negative_slope * x)


@_activation
def elu(x: Array, alpha: float = 1.0) -> Any:
    """`x` above zero, `alpha * (exp(x) - 1)` below."""
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


@_activation
def selu(x: Array) -> Any:
    """`elu` with alpha 1.6733, times 1.0507: keeps mean 0 and variance 1."""
    return SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0)))


@_activation
def celu(x: Array, alpha: float = 1.0) -> Any:
    """`max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1)`."""
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0) / alpha)


@_activation
def softplus(x: Array) -> Any:
    """`log(exp(x) + 1)`."""
    return np.logaddexp(x, x.dtype.type(0))


@_activation
def softsign(x: Array) -> Any:
    """`x / (|x| + 1)`."""
    return x / (np.abs(x) + 1)


@_activation
def squareplus(x: Array, b: float = 4) -> Any:
    """`(x + sqrt(x**2 + b)) / 2`."""
    return (x + np.sqrt(np.square(x) + b)) / 2


@_activation
def soft_shrink(x: Array, threshold: float = 0.5) -> Any:
    """`x` moved towards zero by `threshold`; zero within it."""
    return np.where(x > threshold, x - threshold, np.where(x < -threshold, x + threshold, 0))


@_activation
def hard_shrink(x: Array, threshold: float = 0.5) -> Any:
    """`x` where |x| is above `threshold`, else zero."""
    return np.where(np.abs(x) > threshold, x, 0)


@_activation
def tanh_shrink(x: Array) -> Any:
    """`x - tanh(x)`."""
    return x - np.tanh(x)


@_activation
def threshold(x: Array, threshold: float, default_value: float) -> Any:
    """`x` above `threshold`, else `default_value`."""
    return np.where(x > threshold, x, default_value)


@_activation
def tanh(x: Array) -> Any:
    """The hyperbolic tangent."""
    return np.tanh(x)


@_activation
def hard_tanh(x: Array) -> Any:
    """`x` cut at -1 and 1."""
    return np.clip(x, -1, 1)


@_activation
def sigmoid(x: Array) -> Any:
    """`1 / (1 + exp(-x))`."""
    return 1 / (1 + np.exp(-x))


@_activation
def log_sigmoid(x: Array) -> Any:
    """`-log(1 + exp(-x))`."""
    return -np.logaddexp(-x, x.dtype.type(0))


@_activation
def hard_sigmoid(x: Array) -> Any:
    """`relu6(x + 3) / 6`."""
    return np.clip(x + 3, 0, 6) / 6


@_activation
def sparse_sigmoid(x: Array) -> Any:
    """`(x + 1) / 2` cut at 0 and 1."""
    return np.where(x <= -1, 0, np.where(x >= 1, 1, 0.5 * (x + 1)))


@_activation
def sparse_plus(x: Array) -> Any:
    """0 up to -1, `(x + 1)**2 / 4` up to 1, then `x`."""
    return np.where(x <= -1, 0, np.where(x < 1, np.square(x + 1) / 4, x))


@_activation
def silu(x: Array) -> Any:
    """`x * sigmoid(x)`, also called swish."""
    return x / (1 + np.exp(-x))


@_activation
def hard_silu(x: Array) -> Any:
    """`x * hard_sigmoid(x)`, also called hard swish."""
    return x * (np.clip(x + 3, 0, 6) / 6)


def normal_cdf(x: Array) -> Array:
    """The normal distribution function of `x`, through erfc: no cancellation below zero."""
    return 0.5 * np.asarray(_erfc(x * -math.sqrt(0.5)), x.dtype)


@_activation
def gelu(x: Array, approximate: bool = False) -> Any:
    """`x` times the normal distribution function of `x`; a formula with tanh if approximate."""
    if approximate:
        return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return x * normal_cdf(x)


@_activation
def mish(x: Array) -> Any:
    """`x * tanh(softplus(x))`."""
    return x * np.tanh(np.logaddexp(x, x.dtype.type(0)))


@_activation
def exponential(x: Array) -> Any:
    """`exp(x)`."""
    return np.exp(x)


@_activation
def softmax(x: Array, axis: int = -1) -> Any:
    """`exp(x)` divided by its sum along `axis`."""
    if not x.size:
        return x
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


@_activation
def log_softmax(x: Array, axis: int = -1) -> Any:
    """The logarithm of `softmax`."""
    if not x.size:
        return x
    shifted = x - np.max(x, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


@_activation
def sparsemax(x: Array, axis: int = -1) -> Any:
    """Keras's own sparsemax, which is not the textbook's: `max(x - tau, 0)`.

    tau = (sum over the support of the running sums - 1) / size of the support
    """
    tau, _ = sparsemax_threshold(x, axis)
    return np.maximum(x - tau, 0)


def sparsemax_threshold(x: Array, axis: int = -1) -> tuple[Array, Array]:
    """The tau of `sparsemax`, and which places of the falling order are in its support."""
    ordered = -np.sort(-x, axis=axis)
    running = np.cumsum(ordered, axis=axis, dtype=x.dtype)
    ranks = np.arange(1, x.shape[axis] + 1, dtype=x.dtype)
    ranks = ranks.reshape([-1 if a == axis % x.ndim else 1 for a in range(x.ndim)])
    support = ordered - (running - 1) / ranks > 0
    total = np.sum(np.where(support, running, 0), axis=axis, keepdims=True)
    return (total - 1) / np.sum(support, axis=axis, keepdims=True, dtype=x.dtype), support


@_activation
def glu(x: Array, axis: int = -1) -> Any:
    """`a * sigmoid(b)`, where a and b are the halves of `x` along `axis`."""
    if not x.ndim or x.shape[axis] % 2:
        raise ShapeError(
            f"axis size must be divisible by 2. Received: x.shape={x.shape} with axis={axis}",
            received=f"x.shape={x.shape} with axis={axis}",
            remedy="Use an even size along that axis.",
            argument="activation",
        )
    a, b = np.split(x, 2, axis=axis)
    return a / (1 + np.exp(-b))


_ALIASES = {"swish": silu, "hard_swish": hard_silu}
swish, hard_swish = silu, hard_silu
NAMES = tuple(sorted(_known))


def get(identifier: Any) -> Activation:
    """The function that a name, a callable or a serialised form stands for; None is linear.

    Raises:
        ArgumentError: for an unknown name. Names are exact: `"relu"`, not `"ReLU"`.
    """
    if identifier is None:
        return linear
    if isinstance(identifier, Mapping):
        return deserialize(identifier)
    found = {**_known, **_ALIASES}.get(identifier) if isinstance(identifier, str) else identifier
    if callable(found):
        return found
    close = identifier.lower() if isinstance(identifier, str) else None
    raise ArgumentError(
        f"Could not interpret activation function identifier: {identifier}",
        received=f"activation={identifier!r}",
        remedy=f"Use one of {', '.join(NAMES)}, or a function.",
        argument="activation",
        fixes=[{"activation": close if close in _known else None}],
    )


def vjp(function: Any, x: ArrayLike, dy: ArrayLike) -> Array:
    """The backward pass of an activation: the gradient of `sum(function(x) * dy)` for `x`.

    At corners it is what TensorFlow takes: 0 for `relu` at 0, for example.

    Args:
        function: an activation, as a name or as a function of this module, with its default
            arguments; or a function of your own with an attribute `gradient`, a function of `x`
            and `dy`.
        x: where the function was evaluated, of any shape.
        dy: the gradient of its output, of the output's shape.

    Returns:
        An array of the shape and dtype of `x` (integers become floats).

    Raises:
        ArgumentError: the gradient of the function is not known.
        DataError: the values are no real numbers.
        ShapeError: `dy` has another shape than the output.

    Example:
        >>> vjp("relu", np.array([-1.0, 0.0, 2.0]), np.array([5.0, 5.0, 5.0]))
        array([0., 0., 5.])
        >>> def cube(x):
        ...     return x**3
        >>> cube.gradient = lambda x, dy: 3 * x**2 * dy
        >>> vjp(cube, np.array([1.0, 2.0]), np.array([1.0, 1.0]))
        array([ 3., 12.])
    """
    from convlab.layers.activation_gradients import gradient  # it stands upon this module

    return gradient(get(function), as_floats(x), as_floats(dy))


def serialize(activation: Activation) -> Any:
    """The name of one of Keras's functions; the serialised form of another."""
    name = getattr(activation, "__name__", type(activation).__name__)
    if _known.get(name) is activation:
        return name
    if hasattr(activation, "get_config"):
        cls = type(activation)
        return serialized(cls.__module__, name, activation.get_config(), name)
    return serialized("builtins", "function", name, name)


def deserialize(
    config: str | Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Activation:
    """The function that a name or a serialised form stands for."""
    name = config.get("config") if isinstance(config, Mapping) else config
    if custom_objects and isinstance(name, str) and name in custom_objects:
        found: Activation = custom_objects[name]
        return found
    return get(name if isinstance(name, str) else str(config))
