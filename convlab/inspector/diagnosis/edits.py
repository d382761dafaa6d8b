"""Changes applied to a copy of a network: the one place where a model is altered."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from convlab import layers as keras_layers
from convlab.errors import ConvlabError
from convlab.inspector.diagnosis.change import Change
from convlab.layers.base import Layer
from convlab.layers.input_layer import InputLayer
from convlab.layers.node import Node, Spec, Tensor, replaced
from convlab.layers.outline import ARGUMENTS, Outline
from convlab.models.calls import Call, Wire, calls_of
from convlab.models.graph import Graph
from convlab.models.model import Model
from convlab.models.sequential import Sequential


def layers_with(model: Model, changes: Iterable[Change]) -> dict[int, Layer]:
    """The layers that changes put in the place of others, by the identity of the old one.

    Raises:
        ConvlabError: a layer does not accept an argument.
    """
    given: dict[str, dict[str, Any]] = {}
    found: dict[int, Layer] = {}
    for change in changes:
        if change.kind == "argument" and change.name is not None:
            given.setdefault(change.layer, {})[change.name] = change.new
        elif change.kind == "replace":
            layer = _named(model, change.layer)
            found[id(layer)] = _made(change, layer.name)
    for name, arguments in given.items():
        layer = _named(model, name)
        known = found.get(id(layer), layer)
        found[id(layer)] = known.replace(name=layer.name, **arguments)
    return found


def _named(model: Model, name: str) -> Layer:
    """A layer by its name in a trace; the input of a nested Sequential, too, which lists it not."""
    outer, _, last = name.rpartition("/")
    inner = model.get_layer(outer) if outer else model
    inputs = inner.inputs if isinstance(inner, Model) else []
    begun = [tensor.node.layer for tensor in inputs if tensor.node.layer.name == last]
    return begun[0] if begun else model.get_layer(name)


def inserted_layer(change: Change) -> Layer:
    """The layer that a change inserts."""
    return _made(change, change.layer.rpartition("/")[2])


def _made(change: Change, name: str) -> Layer:
    class_name, config = change.class_name or "", dict(change.config)
    if class_name in ARGUMENTS:
        return Outline(class_name, config, config.pop("layer", None), name=name)
    made: Layer = getattr(keras_layers, class_name)(**config, name=name)
    return made


def applied(model: Model, changes: Iterable[Change], specs: Sequence[Spec | None]) -> Model:
    """A copy of a model with changes; the model itself is not altered.

    Layers keep their names and, where they still fit, their weights.

    Args:
        model: the network.
        changes: what is to be changed.
        specs: what goes in, for each input, before the changes.

    Raises:
        ConvlabError: a layer does not accept an argument.
    """
    changes = tuple(changes)
    fed = {change.layer: tuple(change.new) for change in changes if change.kind == "input_shape"}
    begun = [
        Spec(fed[tensor.name], spec.dtype if spec else "float32") if tensor.name in fed else spec
        for tensor, spec in zip(model.inputs, specs, strict=True)
    ]
    made = _Copier(model, changes).copy(model, begun)
    _settle(made, begun)
    return made


class _Copier:
    """Copies a model and those that it holds, each layer once."""

    def __init__(self, model: Model, changes: tuple[Change, ...]) -> None:
        self.layers = layers_with(model, changes)
        self.removed = {change.layer for change in changes if change.kind == "remove"}
        self.inserts: dict[tuple[str | None, int, int], list[Change]] = {}
        for change in changes:
            if change.kind in ("insert", "permute"):
                place = (change.target, change.call, change.branch)
                self.inserts.setdefault(place, []).append(change)
        self.copies: dict[int, Layer] = {}

    def copy(self, model: Model, specs: Sequence[Spec | None], prefix: str = "") -> Model:
        """The copy of a model, with what goes in."""
        known: dict[int, Tensor] = {}
        for tensor, spec in zip(model.inputs, specs, strict=True):
            known[id(tensor)] = _begin(tensor, spec)
        times: dict[str, int] = {}
        nodes = [known[id(tensor)].node for tensor in model.inputs]
        for node in model.graph.calls:
            name = prefix + node.layer.name
            call = times[name] = times.get(name, -1) + 1
            given = [
                self._through(place, known[id(tensor)], nodes)
                for place, tensor in zip(_places(node, name, call), node.inputs, strict=True)
            ]
            if name in self.removed:
                known[id(node.output(0))] = given[0]
                continue
            made = _called(node, self._layer(node.layer, prefix), given)
            nodes.append(made)
            for index in range(max(len(node.outputs), 1)):
                known[id(node.output(index))] = made.output(index)
        numbers = iter(range(len(model.outputs)))

        def end(tensor: Tensor) -> Tensor:
            place = (None, 0, next(numbers)) if not prefix else ("", 0, 0)
            return self._through(place, known[id(tensor)], nodes)

        inputs = replaced(model.graph.inputs, lambda tensor: known[id(tensor)])
        return _model_like(model, inputs, replaced(model.graph.outputs, end), nodes)

    def _through(
        self, place: tuple[str | None, int, int], tensor: Tensor, nodes: list[Node]
    ) -> Tensor:
        for change in self.inserts.get(place, ()):
            node = Node(inserted_layer(change), (tensor,))
            nodes.append(node)
            tensor = node.output(0)
        return tensor

    def _nested_input(self, tensor: Tensor) -> Spec | None:
        """What a nested model takes, as its changed input says."""
        changed = self.layers.get(id(tensor.node.layer))
        return changed.spec if isinstance(changed, InputLayer) else tensor.spec

    def _layer(self, layer: Layer, prefix: str) -> Layer:
        if id(layer) not in self.copies:
            if isinstance(layer, Model):
                specs = [self._nested_input(tensor) for tensor in layer.inputs]
                made: Layer = self.copy(layer, specs, f"{prefix}{layer.name}/")
            elif id(layer) in self.layers:
                made = _with_weights(self.layers[id(layer)], layer)
            else:
                made = _copied(layer)
            self.copies[id(layer)] = made
        return self.copies[id(layer)]


def _places(node: Node, name: str, call: int) -> Iterator[tuple[str, int, int]]:
    """What stands for each input of a call where something is to be put before it."""
    layer = node.layer
    inner = layer.inputs if isinstance(layer, Model) else []
    for branch in range(len(node.inputs)):
        if branch < len(inner):  # of a nested model the input is meant
            yield f"{name}/{inner[branch].name}", call, 0
        else:
            yield name, call, branch


def _called(node: Node, layer: Layer, given: Sequence[Tensor]) -> Node:
    tensors = iter(given)
    args, kwargs = node.arguments(lambda _: next(tensors))
    return Node(layer, args, kwargs)


def _begin(tensor: Tensor, spec: Spec | None) -> Tensor:
    """A new input of the same name."""
    shape = (None,) if spec is None else spec.shape
    layer = InputLayer(batch_shape=shape, dtype=spec.dtype if spec else None, name=tensor.name)
    layer._named = tensor.node.layer._named
    return Node(layer).output(0, spec)


def _copied(layer: Layer) -> Layer:
    """The same layer with weights of its own, which have the same values."""
    made = copy.copy(layer)
    made.inbound_nodes = []
    anew = {id(weight): copy.copy(weight) for weight in layer.weights}
    made._weights = [anew[id(weight)] for weight in made._weights]
    for name, value in vars(made).items():
        if id(value) in anew:
            setattr(made, name, anew[id(value)])
        elif isinstance(value, tuple) and any(id(item) in anew for item in value):
            setattr(made, name, tuple(anew.get(id(item), item) for item in value))
    return made


def _with_weights(made: Layer, old: Layer) -> Layer:
    """A changed layer with the weights of the old one, where they still fit."""
    if not old.built or old.build_shape is None:
        return made
    with suppress(ConvlabError):
        made.build(old.build_shape)
    shapes = [weight.shape for weight in old.weights]
    if [weight.shape for weight in made.weights] == shapes:
        for new, weight in zip(made.weights, old.weights, strict=True):
            vars(new).update(vars(copy.copy(weight)))
    return made


def _model_like(model: Model, inputs: Any, outputs: Any, nodes: list[Node]) -> Model:
    """A model of the same kind and name, of calls whose shapes are not known yet."""
    if isinstance(model, Sequential):
        return _sequential_like(model, inputs, nodes)
    made = Model.__new__(Model)
    Layer.__init__(made, name=model.name)
    made._named = model._named
    made.connect(Graph(inputs, outputs))
    return made


def _sequential_like(model: Sequential, begin: Tensor, nodes: list[Node]) -> Sequential:
    chain = [node.layer for node in nodes if not isinstance(node.layer, InputLayer)]
    for layer in chain:
        layer.inbound_nodes = []
    made = Sequential.unchecked(chain, begin.spec, model.name, begin.name)
    made._named = model._named
    return made


def _settle(model: Model, specs: Sequence[Spec | None]) -> None:
    """Find the shapes of a model's tensors; layers whose weights do not fit any more lose them."""

    def settled(node: Node, wires: Sequence[Wire]) -> None:
        for index, wire in enumerate(wires):
            tensor = node.output(index)
            if tensor.spec is None:
                tensor.spec = wire.spec

    while sum(_forgotten(call) for call in calls_of(model, specs).calls):
        pass  # behind a layer that was refused, others may be
    calls_of(model, specs, settled)


def _forgotten(call: Call) -> bool:
    """Whether a layer lost its weights, since they do not fit what comes in."""
    layer = call.layer
    if call.error is None or not (layer.built and layer.weighted):
        return False
    _forget_weights(layer)
    return True


def _forget_weights(layer: Layer) -> None:
    """Make a layer one that is not built: its weights are made anew when they are asked for."""
    nodes = layer.inbound_nodes
    anew = layer.replace(name=layer.name)
    layer.__dict__ = anew.__dict__ | {"inbound_nodes": nodes}
