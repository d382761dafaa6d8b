"""The shapes of a layer's weights, found without making them."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from convlab.layers.base import Layer, Shape


def weight_shapes(layer: Layer, input_shape: Shape) -> dict[str, Shape]:
    """The names and shapes of the weights that a layer makes for an input shape, in order.

    The layer itself stays as it is, and no weight is filled: a kernel of any size costs nothing.

    Raises:
        ArgumentTypeError: the channels are not known.

    Example:
        >>> from convlab.layers import Conv2D
        >>> weight_shapes(Conv2D(8, 3), (None, 28, 28, 1))
        {'kernel': (3, 3, 1, 8), 'bias': (8,)}
    """
    shapes: dict[str, Shape] = {}

    def note(name: str, shape: Sequence[int], *_: Any, **__: Any) -> Any:
        shapes[name] = tuple(shape)
        return SimpleNamespace(name=name, shape=tuple(shape), trainable=True)

    sketch: Any = copy.copy(layer)
    sketch.add_weight = note
    sketch.create_weights(input_shape)
    return shapes
