"""Calls on symbols that go on where shapes conflict, and the graph that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from convlab.layers.base import Layer
from convlab.layers.input_layer import InputLayer
from convlab.layers.node import Node, Spec, Tensor
from convlab.models.calls import likely_shape
from convlab.models.graph import Graph
from convlab.models.model import Model


@dataclass
class Forgiving:
    """A `Watcher` under which no call on symbols is refused; it keeps the calls and the errors.

    Attributes:
        nodes: the calls, in the order in which they were made.
        errors: why calls were refused, in that order; what is only a consequence of a shape that
            is not known does not count.
        refused_nodes: the calls that were refused, in that order.

    Example:
        >>> from convlab.layers import Conv2D, Dense, Flatten
        >>> from convlab.layers.input_layer import Input
        >>> from convlab.layers.node import watched_by
        >>> watcher = Forgiving()
        >>> with watched_by(watcher):
        ...     y = Conv2D(4, 5)(Input((3, 9, 1)))
        >>> y.shape, len(watcher.errors)
        ((None, None, 5, 4), 1)
    """

    nodes: list[Node] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    refused_nodes: list[Node] = field(default_factory=list)
    _refused: bool = False

    def refused(self, layer: Layer, args: tuple[Any, ...], error: Exception) -> Any:
        """The likely shape; see `Watcher`."""
        first = args[0] if args else None
        alone = isinstance(first, Spec)
        specs = [first] if alone else list(first or ())
        known = [spec for spec in specs if isinstance(spec, Spec)]
        if not known or len(known) < len(specs):
            return None
        self.errors.append(error)
        self._refused = True
        shapes = [spec.shape for spec in known]
        likely = likely_shape(layer, shapes[0] if alone else shapes)
        return None if likely is None else Spec(likely, known[0].dtype)

    def called(self, node: Node) -> None:
        """Keep the call."""
        self.nodes.append(node)
        if self._refused:
            self.refused_nodes.append(node)
            self._refused = False

    def networks(self) -> list[Model]:
        """The networks that were made, each as a model that ends where nothing reads on.

        What stands inside a model that was itself called is part of that.

        Raises:
            ConvlabError: two layers of a network have one name.
        """
        inner = {id(node) for model in _called(self.nodes) for node in model.graph.nodes}
        read = {id(tensor) for node in self.nodes for tensor in node.inputs}
        ends = [
            tensor
            for node in self.nodes
            for tensor in node.outputs
            if id(tensor) not in read and id(node) not in inner
        ]
        return [unchecked(together) for together in _parted(ends)]


def _called(nodes: Sequence[Node]) -> list[Model]:
    return [node.layer for node in nodes if isinstance(node.layer, Model)]


def unchecked(outputs: Sequence[Tensor], name: str = "network") -> Model:
    """The model behind some tensors, whose shapes are not looked at.

    Raises:
        ConvlabError: two layers of it have one name.
    """
    model = Model.__new__(Model)
    Layer.__init__(model, name=name)
    model.connect(Graph(_few(inputs_behind(outputs)), _few(list(outputs))))
    return model


def inputs_behind(tensors: Sequence[Tensor]) -> list[Tensor]:
    """What goes in of which some tensors are made."""
    return [tensor for tensor in _behind(tensors) if isinstance(tensor.node.layer, InputLayer)]


def _behind(tensors: Sequence[Tensor]) -> list[Tensor]:
    """The tensors of which some tensors are made, themselves among them, from the first on."""
    waiting, seen, found = list(tensors), set[int](), list[Tensor]()
    while waiting:
        tensor = waiting.pop()
        if id(tensor) not in seen:
            seen.add(id(tensor))
            found.append(tensor)
            waiting += tensor.node.inputs
    return found[::-1]


def _parted(ends: Sequence[Tensor]) -> list[list[Tensor]]:
    """The ends by the networks that they are ends of: those that share a layer are of one."""
    groups: list[tuple[set[int], list[Tensor]]] = []
    for end in ends:
        met = {id(tensor.node.layer) for tensor in _behind([end])}
        joined = [group for group in groups if group[0] & met]
        groups = [group for group in groups if group not in joined]
        together = [tensor for group in joined for tensor in group[1]]
        groups.append((met.union(*(group[0] for group in joined)), [*together, end]))
    return [together for _, together in groups]


def _few(tensors: list[Tensor]) -> Any:
    return tensors[0] if len(tensors) == 1 else tensors
