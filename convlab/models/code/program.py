"""What code is written of: calls of layers on named values, of a layer as of a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from convlab.layers.base import Layer, Shape
from convlab.layers.joining import Joining
from convlab.layers.naming import snake_case
from convlab.layers.node import Node, Tensor, leaves, replaced
from convlab.models.code.python_text import Names
from convlab.models.model import Model


@dataclass(frozen=True)
class Value:
    """What goes into a call or comes out of it.

    Attributes:
        name: the name of its variable.
        shape: its shape in Keras, batch first; None where that is not known.
        dtype: its dtype.
    """

    name: str
    shape: Shape | None
    dtype: str = "float32"


@dataclass(frozen=True)
class Call:
    """A call of a layer.

    Attributes:
        layer: the layer.
        args: what it is called on, with a `Value` in the place of each tensor.
        kwargs: the same for arguments by name.
        outputs: what it gives.
    """

    layer: Layer
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    outputs: tuple[Value, ...]

    @property
    def inputs(self) -> list[Value]:
        """The values among the arguments, in order."""
        return values_in((self.args, dict(self.kwargs)))


@dataclass(frozen=True)
class Program:
    """Calls in an order in which they can be made.

    Attributes:
        subject: the layer or model that they make up.
        inputs: what goes in.
        calls: the calls.
        outputs: what comes out, in the structure in which the model was made.
    """

    subject: Layer
    inputs: tuple[Value, ...]
    calls: tuple[Call, ...]
    outputs: Any

    @property
    def is_model(self) -> bool:
        """Whether it is that of a model, and not of one layer."""
        return isinstance(self.subject, Model)

    @property
    def is_chain(self) -> bool:
        """Whether each call reads what the one before gives, and nothing else."""
        before = list(self.inputs)
        for call in self.calls:
            if call.inputs != before or len(before) != 1:
                return False
            before = list(call.outputs)
        return values_in(self.outputs) == before and len(before) == 1


def values_in(structure: Any) -> list[Value]:
    """The values in nested lists, tuples and dictionaries, in order."""
    return [leaf for leaf in leaves(structure) if isinstance(leaf, Value)]


def of_layer(layer: Layer, input_shape: Any = None) -> Program:
    """The program that is one call of a layer.

    Args:
        layer: the layer.
        input_shape: the shape of its input, batch included, or of its several inputs; None is the
            one for which it was built.

    Raises:
        ShapeError: the layer cannot take such an input.
    """
    shape = layer.build_shape if input_shape is None else layer.standard(input_shape)
    if input_shape is not None:
        layer.check(shape)
    if not isinstance(layer, Joining):
        values = [Value("x", shape)]
    elif shape is None:
        values = [Value("a", None), Value("b", None)]
    else:
        names = "abcdefgh" if len(shape) < 9 else [f"x{n}" for n in range(len(shape))]
        values = [Value(*pair) for pair in zip(names, shape, strict=False)]
    given = list(values) if isinstance(layer, Joining) else values[0]
    outputs = [Value("y", None)]
    if getattr(layer, "return_state", False):
        outputs += [Value("h", None), Value("c", None)]
    call = Call(layer, (given,), {}, tuple(outputs))
    result = tuple(outputs) if len(outputs) > 1 else outputs[0]
    return Program(layer, tuple(values), (call,), result)


def of_model(model: Model, names: Names) -> Program:
    """The program of a model; its values are named after the layers that give them."""
    known: dict[int, Value] = {}

    def value(tensor: Tensor) -> Value:
        return known[id(tensor)]

    def name(tensor: Tensor) -> None:
        spec = tensor.spec
        wanted = tensor.name if len(tensor.node.outputs) < 2 else f"{tensor.name}_{tensor.index}"
        known[id(tensor)] = (
            Value(names.new(wanted), spec.shape, spec.dtype)
            if spec is not None
            else Value(names.new(wanted), None)
        )

    for tensor in model.graph.flat_inputs:
        name(tensor)
    calls = []
    for node in model.graph.calls:
        for tensor in node.outputs:
            name(tensor)
        calls.append(_call(node, value))
    inputs = tuple(map(value, model.graph.flat_inputs))
    return Program(model, inputs, tuple(calls), replaced(model.graph.outputs, value))


def _call(node: Node, value: Any) -> Call:
    args, kwargs = replaced((node.args, node.kwargs), value)
    return Call(node.layer, args, kwargs, tuple(map(value, node.outputs)))


def own_name(layer: Layer) -> str:
    """The name of one layer's variable: that of its class."""
    return snake_case(layer.class_name)


def has_weights(subject: Layer) -> bool:
    """Whether a layer has weights, or any layer of a model; neither needs to be built."""
    if isinstance(subject, Model):
        return any(map(has_weights, subject.operations))
    return subject.weighted
