"""A network in which each layer reads the one before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from numpy.typing import NDArray

from convlab.errors import ArgumentError, ArgumentTypeError
from convlab.layers import dtypes
from convlab.layers.base import Layer, standard_shape
from convlab.layers.input_layer import InputLayer
from convlab.layers.naming import automatic_name
from convlab.layers.node import Node, Spec, Tensor
from convlab.models.entering import in_order
from convlab.models.graph import Graph
from convlab.models.model import Model

Array = NDArray[Any]


class Sequential(Model):
    """A chain of layers.

    Args:
        layers: the layers, the first of which may be an `Input`; or None.
        trainable: whether the weights count as trainable.
        name: a name, or None for an automatic one.

    Raises:
        ArgumentTypeError: something in `layers` is no layer.
        ShapeError: a layer cannot take what the one before gives.

    Example:
        >>> import convlab as cl
        >>> from convlab import layers
        >>> model = cl.Sequential([cl.Input((28, 28, 1)), layers.Conv2D(8, 3), layers.Flatten()])
        >>> model.add(layers.Dense(10, activation="softmax"))
        >>> model.output_shape, model.count_params()
        ((None, 10), 54170)
    """

    def __init__(
        self, layers: Iterable[Any] | None = None, trainable: bool = True, name: str | None = None
    ) -> None:
        super().__init__(name=name, trainable=trainable)
        self.listed = []
        self._chain: list[Layer] = []
        self._begin: Tensor | None = None
        self._end: Tensor | None = None
        self._graph_or_none: Graph | None = None
        for layer in layers or ():
            self._append(layer)
        self._count_as_keras()

    @classmethod
    def unchecked(
        cls,
        layers: Sequence[Layer],
        begin: Spec | None,
        name: str | None,
        input_name: str | None = None,
    ) -> Sequential:
        """A chain whose shapes are not looked at, as a file tells it.

        Args:
            layers: the layers, without an `InputLayer`.
            begin: what goes in, or None where the file does not say.
            name: the model's name.
            input_name: that of its input.
        """
        model = cls(name=name)
        model._chain = list(layers)
        model._link_unchecked(begin, input_name)
        return model

    def add(self, layer: Any) -> None:
        """Put a layer at the end.

        Args:
            layer: a layer; as the first one, `Input(shape)` too.

        Raises:
            ArgumentTypeError: it is no layer.
            ShapeError: it cannot take what the layer before gives; it is not added.
        """
        self._append(layer)
        self._count_as_keras()

    def _append(self, layer: Any) -> None:
        if isinstance(layer, Tensor):
            layer = layer.node.layer
        if not isinstance(layer, Layer):
            raise ArgumentTypeError(
                f"Only instances of `keras.Layer` can be added to a Sequential model. Received: "
                f"{layer!r:.80} (of type {type(layer)})",
                received=f"{layer!r:.80}",
                remedy="Add a layer, such as Conv2D(8, 3).",
                argument="layer",
            )
        if layer is self:
            raise ArgumentError(
                "A Sequential model is no layer of its own.",
                received=f"{self.name}.add({self.name})",
                remedy="Add another model.",
                argument="layer",
            )
        if any(one.name == layer.name for one in self._chain):
            raise ArgumentError(
                "All layers added to a Sequential model should have unique names. "
                f"Name '{layer.name}' is already the name of a layer in this model.",
                received=f"a second layer named '{layer.name}'",
                remedy="Update the `name` argument to pass a unique name.",
                argument="name",
            )
        if not self._begun:
            self._begin = self._end = None
        if isinstance(layer, InputLayer):
            self._start(layer)
            return
        if self._end is None and not self._chain:
            found = _begins_with(layer)
            if found is not None:
                self._start(InputLayer(batch_shape=found.shape, dtype=found.dtype))
        if self._end is not None:
            self._end = layer(self._end)
        self._chain.append(layer)
        self._graph_or_none = None
        self.built = self._end is not None

    def pop(self) -> Layer:
        """Take the last layer away, and give it.

        Raises:
            ArgumentError: there is none.
        """
        if not self._chain:
            raise ArgumentError(
                "There are no layers in the model.",
                received="an empty model",
                remedy="Add a layer first.",
            )
        layer = self._chain.pop()
        if self._end is not None:
            self._end = self._end.node.inputs[0]
        self._graph_or_none = None
        self._count_as_keras()
        return layer

    def _start(self, layer: InputLayer) -> None:
        if self._chain or self._begin is not None:
            raise ArgumentError(
                f"Sequential model '{self.name}' has already been configured to use another input.",
                received=f"the input {layer.batch_shape}, after other layers",
                remedy="Add the input first, and only one.",
            )
        self._begin = self._end = Node(layer).output(0, layer.spec)
        self._graph_or_none = None

    @property
    def _begun(self) -> bool:
        """Whether it is known what goes in."""
        return self._begin is not None and self._begin.spec is not None

    def _link(self, layer: InputLayer) -> None:
        """Call the layers, one after another, on what goes in; all of them or none."""
        begin = tensor = Node(layer).output(0, layer.spec)
        try:
            for one in self._chain:
                tensor = one(tensor)
        except Exception:
            _forget_calls(tensor)
            raise
        if self._end is not None:  # calls from before the shapes were known
            _forget_calls(self._end)
        self._begin, self._end, self._graph_or_none, self.built = begin, tensor, None, True
        self._count_as_keras()

    def _count_as_keras(self) -> None:
        """Use up the automatic name of the functional model of which Keras's chain consists."""
        if self._chain and self._begun:
            automatic_name("Functional")

    def _link_unchecked(self, begin: Spec | None, name: str | None = None) -> None:
        """Chain the layers up behind an input whose shape may not fit, or not be known."""
        shape = (None,) if begin is None else begin.shape
        layer = InputLayer(batch_shape=shape, name=name or f"{self.name}_input")
        tensor = self._begin = Node(layer).output(0, begin)
        for one in self._chain:
            tensor = Node(one, (tensor,)).output(0)
        self._end, self._graph_or_none, self.built = tensor, None, begin is not None

    @property
    def graph(self) -> Graph:
        """The calls of the layers."""
        if self._end is None:
            self._link_unchecked(None)
        if self._graph_or_none is None:
            nodes: list[Node] = []
            tensor: Tensor = self._end  # type: ignore[assignment]
            while tensor is not self._begin:
                nodes.append(tensor.node)
                tensor = tensor.node.inputs[0]
            nodes.append(tensor.node)
            self._graph_or_none = Graph(self._begin, self._end, nodes[::-1])
        return self._graph_or_none

    @property
    def operations(self) -> list[Layer]:
        """The layers, without the input."""
        return list(self._chain)

    def build(self, input_shape: Any = None) -> None:
        """Say what goes in, batch first, and make the weights.

        Raises:
            ArgumentError: there are no layers.
            ShapeError: a layer cannot take what comes in.
        """
        if input_shape is not None and not self._begun:
            if not self._chain:
                raise ArgumentError(
                    f"Sequential model {self.name} cannot be built because it has no layers.",
                    received=f"input_shape={input_shape}, and no layers",
                    remedy="Call `model.add(layer)`.",
                )
            shape = standard_shape(input_shape)
            self._link(InputLayer(batch_shape=shape, dtype=self._chain[0].compute_dtype))
        self.build_layers()

    def build_for(self, inputs: Any, *_: Any) -> None:
        """Take what the model is called on as what goes in, if that was not known."""
        if isinstance(inputs, Spec) and not self._begun:
            self._link(InputLayer(batch_shape=inputs.shape, dtype=inputs.dtype))

    def checked_inputs(self, inputs: Any) -> list[Array]:
        """What goes in; its shape is the model's from now on, if none was known."""
        if not self._begun:
            (x,) = in_order(self, inputs)
            self.build(dtypes.real(x, "The input of a model holds real numbers.").shape)
        return super().checked_inputs(inputs)

    def input_specs(self) -> list[Spec]:
        """What goes in.

        Raises:
            ArgumentError: that is not known yet.
        """
        if self.inputs[0].spec is None:
            raise ArgumentError(
                f"Sequential model '{self.name}' has no defined input shape yet.",
                received="layers alone",
                remedy="Begin with Input(shape), or call build(input_shape).",
                argument="input_shape",
            )
        return super().input_specs()


def _forget_calls(last: Tensor) -> None:
    """Forget the calls that led to a tensor."""
    node: Node | None = last.node
    while node is not None:
        node.layer.inbound_nodes.remove(node)
        node = node.inputs[0].node if node.inputs else None


def _begins_with(layer: Layer) -> Spec | None:
    """What a first layer says of the input, if it does."""
    if isinstance(layer, Model):
        tensor = layer.inputs[0] if len(layer.inputs) == 1 else None
        return tensor.spec if tensor is not None else None
    if layer.batch_input_shape is None:
        return None
    return Spec(layer.batch_input_shape, "float32")
