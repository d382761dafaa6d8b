"""Calls that make no weights and refuse no shapes, so that a network that fails can be written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convlab.errors import ShapeError
from convlab.layers.base import Layer
from convlab.layers.node import Node, Spec, Tensor


def call(layer: Layer, *tensors: Tensor) -> Tensor:
    """What a layer gives for one tensor or, as a list, for several.

    >>> from convlab.layers import Add, Input
    >>> call(Add(), Input((3,)), Input((3,))).shape, call(Add(), Input((3,)), Input((4,))).spec
    ((None, 3), None)
    """
    given: Any = tensors[0] if len(tensors) == 1 else list(tensors)
    return Node(layer, (given,)).output(0, _spec(layer, [tensor.spec for tensor in tensors]))


def _spec(layer: Layer, specs: Sequence[Spec | None]) -> Spec | None:
    """The shape that comes out; None where what goes in does not fit, or is not known."""
    if None in specs:
        return None
    try:
        found: Spec = layer.infer(specs[0] if len(specs) == 1 else list(specs))
    except ShapeError:
        return None
    return found


def chain(tensor: Tensor, *layers: Layer) -> Tensor:
    """What layers in a row give."""
    for layer in layers:
        tensor = call(layer, tensor)
    return tensor
