"""A network as calls in an order in which they can be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from convlab.errors import ArgumentError, ShapeError
from convlab.layers.input_layer import InputLayer
from convlab.layers.node import Node, Tensor, replaced, tensors_in


class Graph:
    """What lies between some tensors and what is made of them.

    Args:
        inputs: the tensors that go in, in a list or dictionary, or alone.
        outputs: what comes out, likewise.
        nodes: the calls in order; None finds them, in the order in which Keras lists layers.

    Raises:
        ArgumentError: the inputs or outputs are no tensors.
        ShapeError: an output needs an input that is not among the inputs, or a cycle.
    """

    def __init__(self, inputs: Any, outputs: Any, nodes: Sequence[Node] | None = None) -> None:
        for name, structure in (("inputs", inputs), ("outputs", outputs)):
            if not list(tensors_in(structure)):
                raise ArgumentError(
                    f"The `{name}` of a model are symbolic tensors.",
                    received=f"{name}={structure!r:.80}",
                    remedy="Use Input(shape), and what layers give for it.",
                    argument=name,
                )
        self.inputs, self.outputs = inputs, outputs
        self.flat_inputs = list(tensors_in(inputs))
        self.flat_outputs = list(tensors_in(outputs))
        self.nodes = list(nodes) if nodes is not None else _ordered(self)
        self._last_use = _last_uses(self.nodes)

    @property
    def calls(self) -> list[Node]:
        """The calls of layers that compute something: all but the inputs."""
        given = {id(tensor.node) for tensor in self.flat_inputs}
        return [node for node in self.nodes if id(node) not in given]

    def flow(
        self, given: Sequence[Any], step: Callable[[Node, Callable[[Tensor], Any]], Any]
    ) -> Any:
        """Pass something from the inputs to the outputs, call by call.

        Args:
            given: what the inputs are, in order.
            step: makes of a call, and of what its tensors are, what its outputs are: a sequence.
                What no later call needs is forgotten.

        Returns:
            What the outputs are, in the structure of `outputs`.
        """
        known: dict[int, Any] = {}
        kept = {id(tensor) for tensor in self.flat_outputs}
        for tensor, value in zip(self.flat_inputs, given, strict=True):
            known[id(tensor)] = value
        for place, node in enumerate(self.nodes):
            if not any(id(output) in known for output in node.outputs):
                values = step(node, lambda tensor: known[id(tensor)])
                for index, value in enumerate(values):
                    known[id(node.output(index))] = value
            for tensor in self._last_use.get(place, ()):
                if id(tensor) not in kept:
                    known.pop(id(tensor), None)
        return replaced(self.outputs, lambda tensor: known[id(tensor)])


def begun_anew(inputs: Any, outputs: Any) -> tuple[Any, Any]:
    """The same calls behind new inputs, where an input is what a layer gave, as Keras does it."""
    within = [t for t in tensors_in(inputs) if not isinstance(t.node.layer, InputLayer)]
    if not within:
        return inputs, outputs
    anew: dict[int, Tensor] = {}
    for tensor in within:
        name = f"{tensor.name}_input" + (f"_{tensor.index}" if tensor.index else "")
        layer = InputLayer(batch_shape=tensor.shape, dtype=tensor.dtype, name=name)
        anew[id(tensor)] = Node(layer).output(0, layer.spec)

    def moved(structure: Any) -> Any:
        return replaced(structure, lambda tensor: anew.get(id(tensor), tensor))

    met = _by_depth_first(list(tensors_in(inputs)), list(tensors_in(outputs)))
    for node in met.order:
        if id(node) not in met.leaves:
            call = Node(node.layer, moved(node.args), moved(node.kwargs))
            for tensor in node.outputs:
                anew[id(tensor)] = call.output(tensor.index, tensor.spec)
    return moved(inputs), moved(outputs)


def _ordered(graph: Graph) -> list[Node]:
    """The calls by falling depth, as Keras lists its layers; of one depth, as they are met."""
    met = _by_depth_first(graph.flat_inputs, graph.flat_outputs)
    depth: dict[int, int] = {}
    of_layer: dict[int, int] = {}
    for node in met.order:
        depth[id(node)] = 0
    for node in reversed(met.order):
        deepest = max(depth[id(node)], of_layer.get(id(node.layer), 0))
        depth[id(node)] = of_layer[id(node.layer)] = deepest
        for tensor in [] if id(node) in met.leaves else node.inputs:
            above = id(tensor.node)
            depth[above] = max(depth.get(above, 0), deepest + 1)
    return sorted(met.order, key=lambda node: (-depth[id(node)], met.index[id(node.layer)]))


class _Met:
    """The calls behind some tensors, from the first to the last."""

    def __init__(self, leaves: Iterable[Node]) -> None:
        self.order: list[Node] = []
        self.index: dict[int, int] = {}
        self.leaves = {id(node) for node in leaves}


def _by_depth_first(inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> _Met:
    met = _Met(tensor.node for tensor in inputs)
    done: set[int] = set()
    open_: set[int] = set()
    for output in outputs:
        stack: list[tuple[Node, bool]] = [(output.node, False)]
        while stack:
            node, left = stack.pop()
            if left:
                open_.discard(id(node))
                done.add(id(node))
                met.order.append(node)
                continue
            if id(node) in done:
                continue
            if id(node) in open_:
                raise _cycle(node)
            met.index.setdefault(id(node.layer), len(met.index))
            open_.add(id(node))
            stack.append((node, True))
            if id(node) in met.leaves:
                continue
            if isinstance(node.layer, InputLayer):
                raise _disconnected(node)
            stack += [(tensor.node, False) for tensor in reversed(node.inputs)]
    unused = [tensor.node for tensor in inputs if id(tensor.node) not in done]
    for node in unused:
        met.index.setdefault(id(node.layer), -1)
        met.order.append(node)
    return met


def _last_uses(nodes: Sequence[Node]) -> dict[int, list[Tensor]]:
    """For each place in the order, the tensors that no later call needs."""
    last: dict[int, tuple[int, Tensor]] = {}
    for place, node in enumerate(nodes):
        for tensor in (*node.inputs, *node.outputs):
            last[id(tensor)] = (place, tensor)
    places: dict[int, list[Tensor]] = {}
    for place, tensor in last.values():
        places.setdefault(place, []).append(tensor)
    return places


def _cycle(node: Node) -> ShapeError:
    return ShapeError(
        "A network has no cycles.",
        received=f"layer '{node.layer.name}' reads what is made of its own output",
        remedy="Connect it to an earlier layer.",
    )


def _disconnected(node: Node) -> ShapeError:
    return ShapeError(
        "Graph disconnected: every input that the outputs need is among the inputs.",
        received=f"the outputs need the input '{node.layer.name}'",
        remedy="Add it to `inputs`.",
    )
