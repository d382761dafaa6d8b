"""What a user names: the shape that goes in, and a layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convlab.errors import ArgumentError, ShapeError
from convlab.layers.base import standard_shape
from convlab.layers.elementwise import Elementwise
from convlab.layers.node import Spec, Tensor
from convlab.layers.spatial import Spatial
from convlab.models.calls import Call, Calls, Wire
from convlab.models.model import Model


def given_specs(model: Model, input_shape: Any) -> list[Spec | None]:
    """What goes in: what the model says, or what the user says instead.

    Args:
        model: the network.
        input_shape: a shape with or without the batch; a list or dictionary of them for several
            inputs; None for the model's own.

    Raises:
        ShapeError: it is no shape, has another rank than the input, or there are not as many.
    """
    tensors = model.inputs
    if input_shape is None:
        return [tensor.spec for tensor in tensors]
    if isinstance(input_shape, dict):
        shapes = [input_shape.get(tensor.name) for tensor in tensors]
        if None in shapes or len(shapes) != len(input_shape):
            raise _not_as_many(model, input_shape)
    elif len(tensors) == 1 and not _nested(input_shape):
        shapes = [input_shape]
    else:
        shapes = list(input_shape) if _nested(input_shape) else []
    if len(shapes) != len(tensors):
        raise _not_as_many(model, input_shape)
    return [_spec(model, tensor, shape) for tensor, shape in zip(tensors, shapes, strict=True)]


def _nested(shape: Any) -> bool:
    return isinstance(shape, Sequence) and any(isinstance(one, list | tuple) for one in shape)


def _spec(model: Model, tensor: Tensor, given: Any) -> Spec:
    shape = standard_shape(given)
    dtype = tensor.spec.dtype if tensor.spec else "float32"
    if tensor.spec is None:
        alone = len(shape) == (_first_rank(model) or 4) - 1 or len(shape) == 1
        return Spec((None, *shape), dtype) if alone else Spec(shape, dtype)
    rank = len(tensor.spec.shape)
    if len(shape) == rank - 1:
        shape = (None, *shape)
    if len(shape) != rank:
        raise ShapeError(
            f"The input '{tensor.name}' has {rank} axes with the batch.",
            received=f"input_shape={given!r}",
            remedy=f"Give a shape such as {tuple(tensor.spec.shape[1:])}.",
            argument="input_shape",
        )
    return Spec(shape, dtype)


def _first_rank(model: Model) -> int | None:
    """How many axes the first layer of a chain takes, if it or one behind it says so."""
    for layer in model.layers:
        if isinstance(layer, Spatial):
            return layer.input_rank
        if isinstance(layer, Model):
            return _first_rank(layer)
        if not isinstance(layer, Elementwise):
            return None
    return None


def _not_as_many(model: Model, input_shape: Any) -> ShapeError:
    names = ", ".join(tensor.name for tensor in model.inputs)
    return ShapeError(
        "There is a shape for each input.",
        received=f"input_shape={input_shape!r}, for the inputs {names}",
        remedy="Give a list of shapes in this order, or a dictionary by name.",
        argument="input_shape",
    )


def outputs_named(model: Model, calls: Calls, layer: str | int | None) -> Wire:
    """The tensor that a layer gives; of one that is called more than once, its last call's.

    Raises:
        ArgumentError: there is no such layer.
    """
    if layer is None:
        return calls.outputs[0]
    name = model.get_layer(index=layer).name if isinstance(layer, int) else str(layer)
    found: Call | None = None
    for call in calls.calls:
        if call.name == name or call.name.startswith(f"{name}/"):
            found = call
    if found is None:
        known = ", ".join(call.name for call in calls.calls[:40])
        raise ArgumentError(
            f"No such layer: {name}.",
            received=f"layer={layer!r}",
            remedy=f"The layers are: {known}{', ...' if len(calls.calls) > 40 else ''}.",
            argument="layer",
        )
    return found.outputs[0]
