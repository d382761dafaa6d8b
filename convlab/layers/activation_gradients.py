"""The gradients of the activation functions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError
from convlab.layers import activations

Array = NDArray[Any]


def gradient(function: Any, x: Array, dy: Array) -> Array:
    """The gradient of `sum(function(x) * dy)` for `x`.

    Args:
        function: an activation of `convlab.activations`.
        x: where the function was evaluated.
        dy: the gradient of its output, of the output's shape.

    Raises:
        ArgumentError: a function whose gradient is not known.

    Example:
        >>> gradient(activations.relu, np.array([-1.0, 2.0]), np.array([5.0, 5.0]))
        array([0., 5.])
    """
    if function is activations.linear:
        return dy
    if function is activations.relu:
        return np.where(x > 0, dy, dy.dtype.type(0))
    raise ArgumentError(
        "The gradient of this activation is not known.",
        received=f"activation={function!r}",
        remedy="Use one of convlab's activations, by name.",
        argument="activation",
    )
