"""`Sequential` models of more than layers: those that begin with tensors, or with the text's own.

They are read as the calls that they make, one after another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlab.layers.input_layer import InputLayer
from convlab.layers.node import Tensor
from convlab.models.code.reading import making
from convlab.models.code.reading.values import Inline, Instance, unknown_in
from convlab.models.forgiving import unchecked
from convlab.models.model import Model
from convlab.models.sequential import Sequential

if TYPE_CHECKING:
    from convlab.models.code.reading.interpreter import Interpreter


def added(to: Interpreter, model: Sequential, layer: Any, line: int) -> bool:
    """Put something at the end of a chain that is no plain list of layers; False of any other."""
    begun = to.chains.get(id(model))
    if begun is None and isinstance(layer, Tensor):
        if isinstance(layer.node.layer, InputLayer):
            return False
        _begin(to, model, layer)
        return True
    if begun is None and isinstance(layer, Instance | Inline):
        begun = _so_far(to, model, layer, line)
    if begun is None:
        return False
    _begin(to, model, begun)
    found = to.call(layer, [begun], {}, line)
    if isinstance(found, Tensor):
        to.chains[id(model)] = found
    return True


def end_of(to: Interpreter, model: Any) -> Tensor | None:
    """What a model gives, of which more is made; it is no network of its own from now on."""
    if id(model) in to.chains:
        return to.chains[id(model)]
    if not isinstance(model, Model) or not model.built or len(model.outputs) != 1:
        return None
    to.models = [one for one in to.models if one is not model]
    return model.outputs[0]


def whole(to: Interpreter, model: Model) -> Model:
    """The model that is called: of a chain that was read call by call, the network of these."""
    end = to.chains.get(id(model))
    return model if end is None else unchecked([end], model.name)


def _begin(to: Interpreter, model: Sequential, tensor: Tensor) -> None:
    to.chains[id(model)] = tensor
    to.models = [one for one in to.models if one is not model]


def _so_far(to: Interpreter, model: Sequential, layer: Any, line: int) -> Tensor | None:
    """What is handed to the first that is no layer; None where that is not told."""
    if model.operations:
        return end_of(to, model)
    if model.built:
        return model.inputs[0]
    shape = layer.input_shape if isinstance(layer, Inline) else None
    if shape is None or unknown_in(shape) is not None:
        return None
    return making.input_of(to, (None, *shape), line)
