"""Keras's activation functions in PyTorch, with Keras's constants."""

from __future__ import annotations

from typing import Any

from convlab.layers import activations
from convlab.layers.base import Layer
from convlab.models.code.refused import no_equal
from convlab.models.code.to_torch.piece import Step

_EXPRESSIONS = {
    "relu": "F.relu({x})",
    "relu6": "F.relu6({x})",
    "leaky_relu": "F.leaky_relu({x}, 0.2)",
    "elu": "F.elu({x})",
    "selu": "F.selu({x})",
    "celu": "F.celu({x})",
    "softplus": "F.softplus({x})",
    "softsign": "F.softsign({x})",
    "squareplus": "({x} + ({x}.square() + 4).sqrt()) / 2",
    "soft_shrink": "F.softshrink({x}, 0.5)",
    "hard_shrink": "F.hardshrink({x}, 0.5)",
    "tanh_shrink": "F.tanhshrink({x})",
    "tanh": "torch.tanh({x})",
    "hard_tanh": "F.hardtanh({x})",
    "sigmoid": "torch.sigmoid({x})",
    "log_sigmoid": "F.logsigmoid({x})",
    "hard_sigmoid": "F.hardsigmoid({x})",
    "sparse_sigmoid": "(({x} + 1) / 2).clamp(0, 1)",
    "sparse_plus": "torch.where({x} < 1, ({x}.clamp(min=-1) + 1).square() / 4, {x})",
    "silu": "F.silu({x})",
    "hard_silu": "F.hardswish({x})",
    "gelu": "F.gelu({x})",
    "mish": "F.mish({x})",
    "exponential": "torch.exp({x})",
    "softmax": "F.softmax({x}, dim={dim})",
    "log_softmax": "F.log_softmax({x}, dim={dim})",
    "sparsemax": "sparsemax({x}, dim={dim})",
    "glu": "F.glu({x}, dim={dim})",
}

_WHY = {
    "leaky_relu": "Keras's slope is 0.2; PyTorch's own is 0.01.",
    "hard_sigmoid": "Keras 3's hard_sigmoid, relu6(x + 3) / 6, is PyTorch's too.",
    "sparsemax": "Keras's own sparsemax, which is not the textbook's.",
}

NAMES = tuple(_EXPRESSIONS)
"""Keras's names of the activations that PyTorch computes."""

ALONG_AN_AXIS = ("softmax", "log_softmax", "sparsemax", "glu")
"""Functions that mix the numbers along an axis: in Keras the last one, in either data format."""


def name_of(layer: Layer, function: Any) -> str:
    """Keras's name of an activation function.

    Raises:
        DataError: it is no function of Keras's.
    """
    name = activations.serialize(function)
    if isinstance(name, str) and (name == "linear" or name in _EXPRESSIONS):
        return name
    raise no_equal(
        layer,
        "torch",
        "its activation is a function of your own",
        "Use one of Keras's activations by name, and write yours behind the layer.",
    )


def expression(name: str, x: str, dim: int) -> str:
    """An activation of an expression.

    >>> expression("softmax", "x", 1)
    'F.softmax(x, dim=1)'
    """
    return _EXPRESSIONS[name].format(x=x, dim=dim) if name != "linear" else x


def steps(layer: Layer, function: Any, dim: int) -> tuple[Step, ...]:
    """The statement of an activation; none for the linear one.

    Args:
        layer: whose activation it is.
        function: the activation.
        dim: where Keras's last axis stands.
    """
    name = name_of(layer, function)
    if name == "linear":
        return ()
    why = _WHY.get(name, "")
    if name in ALONG_AN_AXIS and dim == 1:
        why = why or "Along Keras's last axis, the channels."
    return (Step(expression(name, "{x}", dim), why),)


def helpers(layer: Layer, *functions: Any) -> tuple[str, ...]:
    """The helper functions that some activations call."""
    return ("sparsemax",) if "sparsemax" in (name_of(layer, f) for f in functions) else ()
