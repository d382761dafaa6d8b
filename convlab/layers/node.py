"""A call on a symbol: what a layer gives before there are numbers, and where it came from.

`Conv2D(8, 3)(Input((28, 28, 1)))` computes nothing. It gives a `Tensor`, which knows its shape and
the `Node` that made it; a model is what the nodes lead back to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from convlab.errors import ArgumentTypeError, ShapeError

if TYPE_CHECKING:
    from convlab.layers.base import Layer

Shape = tuple[int | None, ...]


class Spec(NamedTuple):
    """What is known of an array before it exists."""

    shape: Shape
    dtype: str


class Node:
    """One call of a layer.

    Args:
        layer: the layer called.
        args: the call's arguments; where an array would stand, a `Tensor`.
        kwargs: the same for arguments by name.
    """

    def __init__(self, layer: Layer, args: tuple[Any, ...] = (), kwargs: Any = None) -> None:
        self.layer = layer
        self.args = args
        self.kwargs = dict(kwargs or {})
        self.outputs: list[Tensor] = []
        layer.inbound_nodes.append(self)

    @property
    def inputs(self) -> list[Tensor]:
        """The tensors among the arguments, in order."""
        return list(tensors_in((self.args, self.kwargs)))

    def output(self, index: int, spec: Spec | None = None) -> Tensor:
        """One of the tensors that the call gives; made when it is first asked for."""
        while len(self.outputs) <= index:
            self.outputs.append(Tensor(self, len(self.outputs)))
        if spec is not None:
            self.outputs[index].spec = spec
        return self.outputs[index]

    def arguments(self, fill: Callable[[Tensor], Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The call's arguments with something in the place of each tensor."""
        return replaced(self.args, fill), replaced(self.kwargs, fill)

    def __repr__(self) -> str:
        return f"<call of {self.layer.name} on {[t.name for t in self.inputs]}>"


class Tensor:
    """What a layer gives for a symbol: a shape, a dtype, and the call that made it.

    It can be added, subtracted, multiplied, divided, raised to a power and indexed, each of which
    is a layer of its own, as in Keras.
    """

    __array_priority__ = 100
    __array_ufunc__ = None  # an array on the left leaves the operator to us

    def __init__(self, node: Node, index: int = 0, spec: Spec | None = None) -> None:
        self.node = node
        self.index = index
        self.spec = spec

    @property
    def shape(self) -> Shape:
        """The shape, batch first; a size that is not known is None."""
        return self._known().shape

    @property
    def dtype(self) -> str:
        """The dtype."""
        return self._known().dtype

    @property
    def ndim(self) -> int:
        """How many axes it has, batch included."""
        return len(self.shape)

    @property
    def name(self) -> str:
        """The name of the layer that made it."""
        return self.node.layer.name

    def _known(self) -> Spec:
        if self.spec is None:
            raise ShapeError(
                "The shape of this tensor is not known yet.",
                received=repr(self),
                remedy="Trace the model: convlab.trace(model, input_shape).",
            )
        return self.spec

    def __repr__(self) -> str:
        known = f"shape={self.spec.shape}, dtype={self.spec.dtype}, " if self.spec else ""
        return f"<Tensor {known}name={self.name}>"

    def __add__(self, other: Any) -> Any:
        return _operate("add", self, other)

    def __radd__(self, other: Any) -> Any:
        return _operate("add", other, self)

    def __sub__(self, other: Any) -> Any:
        return _operate("subtract", self, other)

    def __rsub__(self, other: Any) -> Any:
        return _operate("subtract", other, self)

    def __mul__(self, other: Any) -> Any:
        return _operate("multiply", self, other)

    def __rmul__(self, other: Any) -> Any:
        return _operate("multiply", other, self)

    def __truediv__(self, other: Any) -> Any:
        return _operate("true_divide", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return _operate("true_divide", other, self)

    def __pow__(self, other: Any) -> Any:
        return _operate("power", self, other)

    def __neg__(self) -> Any:
        return _operate("negative", self)

    def __abs__(self) -> Any:
        return _operate("absolute", self)

    def __getitem__(self, key: Any) -> Any:
        return _operate("get_item", self, key)

    def __iter__(self) -> Iterator[Any]:
        raise ArgumentTypeError(
            "Iterating over a symbolic tensor is not supported.",
            received=repr(self),
            remedy="Index it: x[:, 0].",
        )


def _operate(operation: str, *args: Any) -> Any:
    from convlab.layers.operators import operate  # it stands upon layers

    return operate(operation, *args)


def leaves(structure: Any) -> Iterator[Any]:
    """What nested lists, tuples and dictionaries hold, in order; dictionaries by their keys.

    >>> list(leaves([1, {"b": 2, "a": (3, 4)}]))
    [1, 3, 4, 2]
    """
    if isinstance(structure, Mapping):
        for key in _keys(structure):
            yield from leaves(structure[key])
    elif isinstance(structure, list | tuple) and not isinstance(structure, Spec):
        for value in structure:
            yield from leaves(value)
    else:
        yield structure


def with_leaves(structure: Any, fill: Callable[[Any], Any]) -> Any:
    """The same nested structure with something in the place of each leaf, in the same order."""
    if isinstance(structure, Mapping):
        return {key: with_leaves(structure[key], fill) for key in _keys(structure)}
    if isinstance(structure, list | tuple) and not isinstance(structure, Spec):
        return type(structure)(with_leaves(value, fill) for value in structure)
    return fill(structure)


def _keys(structure: Mapping[Any, Any]) -> list[Any]:
    """The keys in the order in which Keras flattens a dictionary: sorted."""
    try:
        return sorted(structure)
    except TypeError:
        return list(structure)


def tensors_in(structure: Any) -> Iterator[Tensor]:
    """The tensors in nested lists, tuples and dictionaries, in order."""
    return (leaf for leaf in leaves(structure) if isinstance(leaf, Tensor))


def replaced(structure: Any, fill: Callable[[Tensor], Any]) -> Any:
    """The same nested structure with something in the place of each tensor."""
    return with_leaves(structure, lambda leaf: fill(leaf) if isinstance(leaf, Tensor) else leaf)


class Watcher(Protocol):
    """What is told of the calls on symbols, and may let one go on that is refused."""

    def refused(self, layer: Layer, args: tuple[Any, ...], error: Exception) -> Any:
        """What the call is taken to give: `Spec`s, with None for what nobody can know.

        Args:
            layer: the layer called.
            args: the `Spec` of each argument; None where a tensor's is not known.
            error: why it was refused.
        """

    def called(self, node: Node) -> None:
        """Told of each call that was made."""


_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Tell somebody of every call on symbols inside; where it cares, no call is refused."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def connect(layer: Layer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a layer on symbols: builds it, and gives the tensors of its output.

    Returns:
        A `Tensor`, or a tuple, list or dictionary of them where the layer gives several.
    """
    filled, named = replaced((args, kwargs), lambda tensor: tensor.spec)
    watcher = _watcher.get()
    try:
        specs = layer.infer(*filled, **named)
        layer.build_for(*filled)
    except Exception as error:
        if watcher is None:
            raise
        specs = watcher.refused(layer, filled, error)
    node, number = Node(layer, args, kwargs), count()
    outputs = with_leaves(specs, lambda spec: node.output(next(number), spec))
    if watcher is not None:
        watcher.called(node)
    return outputs
