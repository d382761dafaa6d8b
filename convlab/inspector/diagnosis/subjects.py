"""What was handed over, as a network that can be followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from convlab.errors import ArgumentError
from convlab.inspector.given import given_specs
from convlab.layers.base import Layer, standard_shape
from convlab.layers.input_layer import InputLayer
from convlab.layers.joining import Joining
from convlab.layers.node import Node, Spec, Tensor
from convlab.models.graph import Graph
from convlab.models.model import Model


@dataclass(frozen=True)
class Subject:
    """What is diagnosed.

    Attributes:
        given: what was handed over.
        model: the network; None where only text could be read.
        specs: what goes in, for each input.
        layer: the layer, where one alone was handed over.
        failure: what is known of an exception or of a traceback's text.
        source: the user's own code, where it is known.
    """

    given: Any
    model: Model | None
    specs: tuple[Spec | None, ...] = ()
    layer: Layer | None = None
    failure: Any = None
    source: str | None = None

    def as_given(self, model: Model) -> Any:
        """A changed network as what was handed over: a layer where it was one layer."""
        made = [layer for layer in model.operations if not isinstance(layer, InputLayer)]
        return made[0] if self.layer is not None and len(made) == 1 else model


def subject_of(given: Any, input_shape: Any = None) -> Subject:
    """What was handed over, as a `Subject`.

    Args:
        given: a model, a live Keras model, a layer, an exception, text, or a path.
        input_shape: what goes in instead.

    Raises:
        ArgumentError: it is none of these.
    """
    if isinstance(given, Model):
        return _of_model(given, given, input_shape)
    if isinstance(given, Layer):
        return _of_layer(given, input_shape)
    if isinstance(given, Path):
        return _of_model(given, _read(given), input_shape)
    if hasattr(given, "to_json") and hasattr(given, "layers"):
        from convlab.models.reading import from_keras

        return _of_model(given, from_keras(given), input_shape)
    raise ArgumentError(
        "What is diagnosed is a model, a layer, an exception, text, or a file.",
        received=f"{given!r:.80} (of type {type(given).__name__})",
        remedy="Use diagnose(model), diagnose(layer, input_shape) or diagnose(error).",
        argument="subject",
    )


def _of_model(given: Any, model: Model, input_shape: Any, **more: Any) -> Subject:
    return Subject(given, model, tuple(given_specs(model, input_shape)), **more)


def _of_layer(layer: Layer, input_shape: Any) -> Subject:
    """A layer as a network of its own."""
    shape = layer.build_shape if input_shape is None else input_shape
    shape = layer.batch_input_shape if shape is None else shape
    if shape is None:
        raise ArgumentError(
            "A layer is diagnosed for an input shape.",
            received=f"{layer!r}, and no input_shape",
            remedy="Use diagnose(layer, input_shape=(28, 28, 1)).",
            argument="input_shape",
        )
    several = isinstance(layer, Joining)
    shapes = [_batched(layer, one) for one in (shape if several else [shape])]
    names = [f"input_{n + 1}" if several else "input" for n in range(len(shapes))]
    begun = [_input(shape, name) for shape, name in zip(shapes, names, strict=True)]
    node = Node(layer, (begun if several else begun[0],))
    layer.inbound_nodes.remove(node)  # the layer itself stays as it was
    model = Model.__new__(Model)
    Layer.__init__(model, name="layer")
    model.connect(Graph(begun if several else begun[0], node.output(0)))
    specs: Sequence[Spec | None] = [tensor.spec for tensor in begun]
    return Subject(layer, model, tuple(specs), layer=layer)


def _input(shape: tuple[int | None, ...], name: str) -> Tensor:
    layer = InputLayer(batch_shape=shape, name=name)
    return Node(layer).output(0, layer.spec)


def _batched(layer: Layer, given: Any) -> tuple[int | None, ...]:
    """A shape with the batch, which may be left out."""
    shape = standard_shape(given)
    rank = getattr(layer, "input_rank", None)
    return (None, *shape) if rank is not None and len(shape) == rank - 1 else shape


def _read(path: Path) -> Model:
    from convlab.models.reading import load_model

    try:
        return load_model(path, weights=False)
    except OSError as error:
        raise ArgumentError(
            "The file can be opened.",
            received=f"{path}: {error.strerror}",
            remedy="Check the path.",
        ) from None
