"""A network spread out: the calls of single layers, those inside nested models too.

Shapes are passed through it without a stop: where they conflict, the call is marked, and what lies
behind it is followed as far as it can be known without the sizes that are in dispute.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from convlab.errors import ConvlabError, ShapeError
from convlab.layers.base import Layer, Shape
from convlab.layers.input_layer import InputLayer
from convlab.layers.joining import Joining
from convlab.layers.merging import Concatenate
from convlab.layers.node import Node, Spec, Tensor, leaves
from convlab.layers.opaque import NotKnown
from convlab.layers.spatial import Spatial
from convlab.models.model import Model


@dataclass(eq=False)
class Wire:
    """One value on its way from the call that makes it to those that read it.

    Attributes:
        spec: its shape and dtype; None where they are not known.
        source: the call that makes it; None for what is handed in.
        index: which of the call's outputs it is.
    """

    spec: Spec | None
    source: Call | None = None
    index: int = 0


@dataclass(eq=False)
class Call:
    """One call of one layer.

    Attributes:
        name: the layer's name, those of the models around it before it: "outer/inner".
        layer: the layer.
        inputs: what it reads.
        outputs: what it gives.
        shape: the shape that goes in, or a list of them; None where one is not known.
        error: what is wrong with it, if something is.
        repeated: whether an earlier call is of the same layer.
        node: the call in the graph; None for an input.
    """

    name: str
    layer: Layer
    inputs: list[Wire]
    outputs: list[Wire] = field(default_factory=list)
    shape: Any = None
    error: Exception | None = None
    repeated: bool = False
    node: Node | None = None

    @property
    def is_input(self) -> bool:
        """Whether it is where the whole network begins."""
        return isinstance(self.layer, InputLayer) and not self.inputs


@dataclass(frozen=True)
class Calls:
    """The calls of a network in order, and what it gives."""

    calls: tuple[Call, ...]
    outputs: tuple[Wire, ...]


def calls_of(
    model: Model,
    specs: Sequence[Spec | None],
    settled: Callable[[Node, Sequence[Wire]], None] | None = None,
) -> Calls:
    """The calls of a network for inputs of some shapes; never raises on a conflict.

    Args:
        model: the network.
        specs: what goes in, for each input; None where it is not known.
        settled: told of each call in order, and of what it gives.

    Example:
        >>> from convlab import layers
        >>> from convlab.layers.input_layer import Input
        >>> x = Input((8, 8, 3))
        >>> model = Model(x, layers.Conv2D(4, 5, name="conv")(x))
        >>> found = calls_of(model, [Spec((None, 4, 4, 3), "float32")])
        >>> [(call.name, call.outputs[0].spec.shape) for call in found.calls if call.error]
        [('conv', (None, None, None, 4))]
    """
    calls: list[Call] = []
    outputs = _spread(model, [Wire(spec) for spec in specs], "", _Pass(calls, settled))
    seen: set[int] = set()
    for call in calls:
        call.repeated = id(call.layer) in seen
        seen.add(id(call.layer))
    return Calls(tuple(calls), tuple(outputs))


@dataclass(frozen=True)
class _Pass:
    """Where calls are put, and who is told of them."""

    calls: list[Call]
    settled: Callable[[Node, Sequence[Wire]], None] | None


def _spread(model: Model, given: Sequence[Wire], prefix: str, to: _Pass) -> list[Wire]:
    begun = [
        _begin(tensor, wire, prefix, to) for tensor, wire in zip(model.inputs, given, strict=True)
    ]

    def step(node: Node, known: Callable[[Tensor], Wire]) -> Sequence[Wire]:
        wires = [known(tensor) for tensor in node.inputs]
        count = max(len(node.outputs), 1)
        if isinstance(node.layer, Model) and len(wires) == len(node.layer.inputs):
            found = _spread(node.layer, wires, f"{prefix}{node.layer.name}/", to)
        else:
            found = _called(node, wires, prefix, to)
        if to.settled:
            to.settled(node, found)
        return [*found, *(Wire(None) for _ in range(count - len(found)))]

    return list(leaves(model.graph.flow(begun, step)))


def _begin(tensor: Tensor, given: Wire, prefix: str, to: _Pass) -> Wire:
    """The call of an input layer: of the whole network it is the first, of a nested one a link."""
    layer = tensor.node.layer
    if not isinstance(layer, InputLayer):
        return given
    inputs = [given] if prefix else []
    shape = given.spec.shape if given.spec else None
    call = Call(prefix + layer.name, layer, inputs, shape=shape)
    call.error = misfit(layer, given.spec) if inputs else None
    call.outputs = [Wire(given.spec, call)]
    to.calls.append(call)
    return call.outputs[0]


def misfit(layer: InputLayer, spec: Spec | None) -> ShapeError | None:
    """Why a nested model does not take a shape at one of its inputs, if it does not.

    As in Keras, a last axis of one cell may be missing on either side, and sizes that are not
    known fit all.

    >>> misfit(InputLayer((28, 28, 3)), Spec((None, 28, 28, 1), "float32"))
    >>> misfit(InputLayer((28, 28, 3)), Spec((None, 24, 28, 3), "float32")).received
    'the shape (None, 24, 28, 3)'
    """
    if spec is None:
        return None
    taken, given = (
        shape[:-1] if shape[-1:] == (1,) else shape for shape in (layer.batch_shape, spec.shape)
    )
    if all(None in pair or pair[0] == pair[1] for pair in zip(taken, given, strict=False)):
        return None
    return ShapeError(
        f"The input '{layer.name}' of a nested model has the shape {layer.batch_shape}.",
        received=f"the shape {spec.shape}",
        remedy="Give the nested model's input that shape, or sizes of None.",
        argument="batch_shape",
        fixes=({"batch_shape": (layer.batch_shape[0], *spec.shape[1:])},),
    )


def _called(node: Node, wires: list[Wire], prefix: str, to: _Pass) -> list[Wire]:
    call = Call(prefix + node.layer.name, node.layer, wires, node=node)
    to.calls.append(call)
    call.shape, found, call.error = outcome(node, node.layer, [wire.spec for wire in wires])
    call.outputs = [Wire(spec, call, index) for index, spec in enumerate(found)]
    return call.outputs


def outcome(
    node: Node, layer: Layer, specs: Sequence[Spec | None]
) -> tuple[Any, list[Spec | None], Exception | None]:
    """What a call gives for inputs of some shapes; never raises on a conflict.

    Args:
        node: the call.
        layer: the layer that is called; the node's own, or one to try in its place.
        specs: what the node's inputs are, in order.

    Returns:
        The shape that goes in (a list for several), what comes out, and what is wrong.
    """
    if None in specs:
        return None, [None], None
    given = iter(specs)
    args, kwargs = node.arguments(lambda _: next(given))
    shape = _shapes(args[0]) if args else None
    try:
        return shape, list(leaves(layer.infer(*args, **kwargs))) or [None], None
    except NotKnown:
        return shape, [None], None  # nobody has told what an opaque layer does
    except Exception as error:  # whatever it is, the node is marked and the rest goes on
        likely = likely_shape(layer, shape)
        found = None if likely is None else Spec(likely, specs[0].dtype)  # type: ignore[union-attr]
        return shape, [found], error


def likely_shape(layer: Layer, shape: Any) -> Any:
    """What a layer would give if a conflict were mended: sizes in dispute are None.

    >>> from convlab.layers import Concatenate, Conv2D
    >>> likely_shape(Concatenate(), [(None, 9, 8, 3), (None, 8, 8, 5)])
    (None, None, 8, 8)
    >>> likely_shape(Conv2D(4, 5), (None, 3, 3, 1))
    (None, None, None, 4)
    >>> likely_shape(Conv2D(4, 5), (None, 3, 9, 1))
    (None, None, 5, 4)
    """
    if isinstance(layer, Joining) and isinstance(shape, list) and len(set(map(len, shape))) == 1:
        axis = layer.axis % len(shape[0]) if isinstance(layer, Concatenate) else None
        return tuple(
            _total(sizes) if a == axis else _agreed(sizes)
            for a, sizes in enumerate(zip(*shape, strict=True))
        )
    if not isinstance(layer, Spatial) or len(shape or ()) != layer.input_rank:
        return None
    return _axis_by_axis(layer, shape)


def _axis_by_axis(layer: Spatial, shape: Shape) -> Shape | None:
    """What a layer gives along each axis as if it were the only one that is known."""
    open_ = tuple(
        size if axis in (0, layer.channel_axis % len(shape)) else None
        for axis, size in enumerate(shape)
    )
    try:
        found = layer.compute_output_shape(open_)
    except ConvlabError:
        return None
    if len(found) != len(shape):
        return found
    sizes = list(found)
    for axis, size in enumerate(shape):
        if sizes[axis] is None:
            with suppress(ConvlabError):
                alone = (*open_[:axis], size, *open_[axis + 1 :])
                sizes[axis] = layer.compute_output_shape(alone)[axis]
    return tuple(sizes)


def _total(sizes: Sequence[int | None]) -> int | None:
    return None if None in sizes else sum(size or 0 for size in sizes)


def _agreed(sizes: Sequence[int | None]) -> int | None:
    return sizes[0] if len(set(sizes)) == 1 else None


def _shapes(inputs: Any) -> Any:
    if isinstance(inputs, Spec):
        return inputs.shape
    return [_shapes(one) for one in inputs] if isinstance(inputs, list | tuple) else None
