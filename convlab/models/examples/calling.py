"""Calls whose shapes are not looked at, so that a network that fails can be written down."""

from __future__ import annotations

from typing import Any

from convlab.layers.base import Layer
from convlab.layers.node import Node, Tensor


def call(layer: Layer, *tensors: Tensor) -> Tensor:
    """What a layer gives for one tensor or, as a list, for several; no weights are made.

    >>> from convlab.layers import Add, Input
    >>> call(Add(), Input((3,)), Input((4,))).spec is None
    True
    """
    given: Any = tensors[0] if len(tensors) == 1 else list(tensors)
    return Node(layer, (given,)).output(0)


def chain(tensor: Tensor, *layers: Layer) -> Tensor:
    """What layers in a row give."""
    for layer in layers:
        tensor = call(layer, tensor)
    return tensor
