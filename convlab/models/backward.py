"""The backward pass through a network: what each layer's own backward pass gives, joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.layers import dtypes
from convlab.layers.base import Gradients
from convlab.layers.input_layer import InputLayer
from convlab.layers.node import Node, Tensor, leaves
from convlab.models.model import Model, layer_named

Array = NDArray[Any]


def gradients(model: Model, inputs: Any, output_gradient: Any) -> Gradients:
    """The gradients of `sum(model(inputs) * output_gradient)`.

    Args:
        model: the network.
        inputs: as for a call.
        output_gradient: an array of the output's shape; for several outputs a list, in which None
            stands for no gradient.

    Raises:
        ArgumentError: a layer has no backward pass.
        ShapeError: a gradient has another shape than its output.
    """
    arrays = model.checked_inputs(inputs)
    tape = _Tape(model, arrays)
    several = len(model.outputs) > 1
    given = list(output_gradient) if several else [output_gradient]
    if len(given) != len(model.outputs):
        raise ShapeError(
            "There is a gradient for each output; None stands for no gradient.",
            received=f"{len(given)} gradients for {len(model.outputs)} outputs",
            remedy="Give a list of as many.",
        )
    dx = tape.pulled(given)
    weights = [
        tape.weights.get(id(weight), np.zeros(weight.shape, dtypes.kernel_dtype(weight.dtype)))
        for weight in model.weights
    ]
    return Gradients(dx if len(dx) > 1 else dx[0], weights)


class _Tape:
    """What the calls of a network read and gave, for one input."""

    def __init__(self, model: Model, arrays: Sequence[Array]) -> None:
        self.model = model
        self.values: dict[int, Array] = {}
        self.inner: dict[int, _Tape] = {}
        self.weights: dict[int, Array] = {}
        for tensor, array in zip(model.inputs, arrays, strict=True):
            self.values[id(tensor)] = array

        def step(node: Node, known: Callable[[Tensor], Any]) -> Sequence[Array]:
            args, kwargs = node.arguments(known)
            with layer_named(node.layer):
                if isinstance(node.layer, Model):
                    tape = self.inner[id(node)] = _Tape(
                        node.layer, node.layer.checked_inputs(args[0])
                    )
                    found = [tape.values[id(tensor)] for tensor in node.layer.outputs]
                else:
                    output = node.layer(*args, **kwargs)
                    found = list(leaves(output))
            for index, value in enumerate(found):
                self.values[id(node.output(index))] = value
            return found

        model.graph.flow(arrays, step)

    def pulled(self, given: Sequence[Any]) -> list[Array]:
        """The gradients of the inputs, from those of the outputs."""
        slopes: dict[int, Array] = {}
        for tensor, gradient in zip(self.model.outputs, given, strict=True):
            if gradient is not None:
                dy = dtypes.real(gradient, "A gradient holds real numbers.")
                expected = self.values[id(tensor)].shape
                if dy.shape != expected:
                    raise ShapeError(
                        "The gradient of the output has the output's shape.",
                        received=f"a gradient of shape {dy.shape}, for the output shape {expected}",
                        remedy=f"Give an array of shape {expected}, such as np.ones({expected}).",
                    )
                _add(slopes, tensor, dy)
        given_nodes = {id(tensor.node) for tensor in self.model.inputs}
        for node in reversed(self.model.graph.nodes):
            if id(node) not in given_nodes:
                self._pull(node, slopes)
        return [
            slopes.get(id(tensor), np.zeros_like(self.values[id(tensor)]))
            for tensor in self.model.inputs
        ]

    def _pull(self, node: Node, slopes: dict[int, Array]) -> None:
        dys = [slopes.pop(id(output), None) for output in node.outputs]
        if all(dy is None for dy in dys):
            return
        with layer_named(node.layer):
            for tensor, dx in zip(node.inputs, self._of_inputs(node, dys), strict=True):
                if dx is not None:
                    _add(slopes, tensor, dx)

    def _of_inputs(self, node: Node, dys: list[Any]) -> list[Any]:
        layer = node.layer
        if isinstance(layer, InputLayer):
            return dys
        if isinstance(layer, Model):
            tape = self.inner[id(node)]
            found = tape.pulled(dys[: len(layer.outputs)])
            for key, slope in tape.weights.items():
                self._add_weight(key, slope)
            return found
        if len(dys) > 1:
            dys = [
                np.zeros_like(self.values[id(output)]) if dy is None else dy
                for output, dy in zip(node.outputs, dys, strict=True)
            ]
        args, _ = node.arguments(lambda tensor: self.values[id(tensor)])
        x = args[0]
        try:
            inputs, weights = layer.vjp(x, dys[0] if len(dys) == 1 else dys)
        except NotImplementedError:
            raise ArgumentError(
                f"The backward pass of {layer.class_name} is not known.",
                received=f"the layer '{layer.name}'",
                remedy="Ask for the gradient of a layer before it.",
            ) from None
        for weight, slope in zip(layer.weights, weights, strict=True):
            self._add_weight(id(weight), slope)
        found = list(inputs) if isinstance(x, list | tuple) else [inputs]
        return found + [None] * (len(node.inputs) - len(found))

    def _add_weight(self, key: int, slope: Array) -> None:
        self.weights[key] = self.weights[key] + slope if key in self.weights else slope


def _add(slopes: dict[int, Array], tensor: Tensor, dx: Array) -> None:
    known = slopes.get(id(tensor))
    slopes[id(tensor)] = dx if known is None else known + dx
