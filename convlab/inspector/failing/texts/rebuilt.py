"""The failing call alone, made anew of what a text tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from convlab.errors import ConvlabError
from convlab.inspector.failing.texts.names import known_class
from convlab.inspector.failing.texts.told import Shape, Told
from convlab.layers.base import Layer
from convlab.layers.input_layer import InputLayer
from convlab.layers.joining import Joining
from convlab.layers.merging import Concatenate
from convlab.layers.node import Node, Tensor
from convlab.models.forgiving import unchecked
from convlab.models.model import Model
from convlab.models.reading import settle


def layer_from(class_name: str | None, name: str | None, told: Told) -> Layer | None:
    """The layer that a text tells of; None where its class or an argument that it needs is not."""
    cls = known_class(class_name or told.layer_class)
    if cls is None or issubclass(cls, InputLayer):
        return None
    plain = {key: value for key, value in told.arguments.items() if value is not None}
    if name and "/" not in name:
        plain["name"] = name
    if cls is Concatenate:
        plain |= _axis(told.shapes)
    with suppress(ConvlabError, TypeError, ValueError):
        return cls(**plain)
    return None


def _axis(shapes: Sequence[Shape]) -> dict[str, int]:
    """The axis of a `Concatenate` that refused shapes: not the last, if nothing else differs.

    It is then taken to be the first behind the batch, where the channels of other times stood.

    >>> _axis([(None, 9, 9, 4), (None, 9, 9, 8)]), _axis([(None, 9, 8, 4), (None, 9, 9, 8)])
    ({'axis': 1}, {})
    """
    same = len({shape[:-1] for shape in shapes}) == 1 and len({len(shape) for shape in shapes}) == 1
    return {"axis": 1} if same and shapes and len(shapes[0]) > 2 else {}


def model_of(layer: Layer, told: Told) -> Model | None:
    """The layer behind inputs of the shapes that it was given; None where these are not told.

    A layer that was built for another number of channels is called on an input of that number
    first: it is what its weights remember.
    """
    if not told.shapes:
        return None
    inputs = [_input(shape) for shape in told.shapes]
    outputs: list[Tensor] = []
    with suppress(ConvlabError):
        if isinstance(layer, Joining):
            outputs = [Node(layer, (inputs,)).output(0)]
        else:
            built_for = _filled(told.shapes[0], told.expected)
            if built_for is not None:
                outputs = [Node(layer, (_input(built_for),)).output(0)]
            outputs.append(Node(layer, (inputs[0],)).output(0))
        model = unchecked(outputs, "failing_call")
        settle(model)
        return model
    return None


def _input(shape: Shape) -> Tensor:
    batch, *rest = shape
    layer = InputLayer(batch_shape=(None, *rest) if len(shape) > 2 else (batch, *rest))
    return Node(layer).output(0, layer.spec)


def _filled(shape: Shape, expected: Sequence[Any] | None) -> Shape | None:
    """The shape that was expected, its open sizes as they came; None if it is not another."""
    if expected is None or len(expected) != len(shape) or all(size is None for size in expected):
        return None
    found = tuple(
        given if size is None else size for given, size in zip(shape, expected, strict=True)
    )
    return found if found != shape else None
