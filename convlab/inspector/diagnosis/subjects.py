"""What was handed over, as a network that can be followed."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convlab.errors import ArgumentError, DataError
from convlab.inspector.given import given_specs
from convlab.layers.base import Layer, standard_shape
from convlab.layers.input_layer import InputLayer
from convlab.layers.joining import Joining
from convlab.layers.node import Node, Spec, Tensor
from convlab.models.graph import Graph
from convlab.models.model import Model

if TYPE_CHECKING:
    from convlab.inspector.failing import Failure
    from convlab.models.code.reading import CodeRead, CodeRefused
    from convlab.models.making import LayerRefused


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
        read: what was read of it.
        refusal: why it could not be read.
        remembered: what was found out once, by name.
    """

    given: Any
    model: Model | None
    specs: tuple[Spec | None, ...] = ()
    layer: Layer | None = None
    failure: Failure | None = None
    source: str | None = None
    read: CodeRead | None = None
    refusal: CodeRefused | LayerRefused | None = None
    remembered: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def as_given(self, model: Model) -> Any:
        """A changed network as what was handed over: a layer where it was one layer."""
        made = [layer for layer in model.operations if not isinstance(layer, InputLayer)]
        return made[0] if self.layer is not None and len(made) == 1 else model


class Text(str):
    """Text that is read as such, and never as the name of a file: code, JSON, or a traceback."""

    __slots__ = ()


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
    if isinstance(given, BaseException):
        return _of_failure(given, given, input_shape)
    if isinstance(given, str | os.PathLike):
        return of_text_or_path(given, input_shape)
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
    return Subject(given, model, tuple(specs_for(model, input_shape)), **more)


def specs_for(model: Model, input_shape: Any) -> Sequence[Spec | None]:
    """What goes in, of another rank than the input too: what is wrong with it is then found.

    A shape that begins with None is whole; another one that is no whole shape is one example's.
    """
    spec = model.inputs[0].spec if len(model.inputs) == 1 else None
    if spec is None or not isinstance(input_shape, list | tuple) or not input_shape:
        return given_specs(model, input_shape)
    nested = any(isinstance(one, list | tuple) for one in input_shape)
    missing = len(spec.shape) - len(input_shape)
    whole = input_shape[0] is None and missing
    if nested or (missing in (0, 1) and not whole):
        return given_specs(model, input_shape)
    shape = standard_shape(input_shape)
    return [Spec(shape if whole else (None, *shape), spec.dtype)]


def _of_failure(given: Any, subject: BaseException | str, input_shape: Any) -> Subject:
    """An exception, or the text of a traceback, with the network up to the call that failed."""
    from convlab.inspector.failing import failure_of

    failure = failure_of(subject)
    if failure.model is None:
        return Subject(given, None, failure=failure)
    shape = failure.input_shapes if input_shape is None else input_shape
    specs = tuple(_whole_specs(failure.model, shape))
    return Subject(given, failure.model, specs, failure=failure)


def _whole_specs(model: Model, shape: Any) -> Sequence[Spec | None]:
    """What goes in, where shapes have their batch and may be of another rank than the inputs."""
    if shape is None:
        return [tensor.spec for tensor in model.inputs]
    nested = isinstance(shape, list) and all(isinstance(one, list | tuple) for one in shape)
    shapes = list(shape) if nested else [shape]
    if len(shapes) != len(model.inputs):
        return given_specs(model, shape)
    return [
        Spec(standard_shape(one), tensor.spec.dtype if tensor.spec else "float32")
        for one, tensor in zip(shapes, model.inputs, strict=True)
    ]


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


def of_text_or_path(given: str | os.PathLike[str], input_shape: Any) -> Subject:
    """Text, or the file that it names."""
    if isinstance(given, str) and (isinstance(given, Text) or not _is_path(given)):
        return _of_text(given, given, input_shape)
    path = Path(given)
    try:
        head = path.read_bytes()[:64] if path.suffix not in TEXTS else b""
        text = "" if head else path.read_text(errors="replace")
    except OSError as error:
        raise DataError(
            "The file can be opened.",
            received=f"{given}: {error.strerror}",
            remedy="Check the path.",
        ) from None
    if not head:
        return _of_text(given, text, input_shape)
    from convlab.models.making import LayerRefused
    from convlab.models.reading import load_model

    try:
        model = load_model(path, weights=False)
    except LayerRefused as refusal:
        return Subject(given, None, refusal=refusal)
    return _of_model(given, model, input_shape)


TEXTS = (".py", ".txt", ".log", ".md", "")
"""How the names of files end that hold code or a traceback."""


def _is_path(text: str) -> bool:
    """Whether text can only be the name of a file: one short line that ends like one."""
    return (
        len(text) < 1000
        and not any(mark in text for mark in "\n({=")
        and Path(text).suffix in (".keras", ".h5", ".hdf5", ".json", ".py", ".txt", ".log")
    )


def _of_text(given: Any, text: str, input_shape: Any) -> Subject:
    """JSON, code of plain layer calls, or a traceback."""
    from convlab.models.code.reading import CodeRefused, read_code

    if text.lstrip()[:1] == "{":
        return _of_json(given, text, input_shape)
    if _is_traceback(text):
        return _of_failure(given, str(text), input_shape)
    try:
        read = read_code(text)
    except CodeRefused as refusal:
        return Subject(given, None, refusal=refusal, source=text)
    shape = read.input_shapes if input_shape is None else input_shape
    model = read.model
    specs = _whole_specs(model, shape) if input_shape is None else specs_for(model, shape)
    return Subject(given, model, tuple(specs), source=text, read=read)


def _of_json(given: Any, text: str, input_shape: Any) -> Subject:
    from convlab.models.making import LayerRefused
    from convlab.models.reading import model_from_json

    try:
        model = model_from_json(text)
    except LayerRefused as refusal:
        return Subject(given, None, refusal=refusal, source=text)
    return _of_model(given, model, input_shape)


def _is_traceback(text: str) -> bool:
    """Whether text is what Python prints of an exception, and no code."""
    if "Traceback (most recent call last)" in text:
        return True
    return bool(re.search(r"^\S{0,200}(Error|Exception)\b[^\n=(]{0,200}:", text, re.MULTILINE))
