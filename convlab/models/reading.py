"""Models from files, from JSON, and from live Keras models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from convlab.errors import ArgumentError, ConvlabError, FileRefused
from convlab.layers.node import Node
from convlab.layers.opaque import Opaque
from convlab.models import json_text
from convlab.models.archive import read_keras_archive
from convlab.models.building import Builder
from convlab.models.calls import Wire, calls_of
from convlab.models.hdf5 import read_attributes
from convlab.models.legacy import data_format_of
from convlab.models.limits import Limits
from convlab.models.model import Model
from convlab.models.span import Source, kind_of, span_of
from convlab.models.weights import (
    WeightFile,
    attach_by_layer,
    attach_by_path,
    attach_live,
    live_layers,
)


def load_model(
    path: Source,
    weights: bool | None = None,
    custom_objects: Mapping[str, Any] | None = None,
    limits: Limits | None = None,
) -> Model:
    """Read a model from a file, without Keras, and without running anything that it contains.

    Args:
        path: a `.keras` file (Keras 3), a `.h5` file (Keras 1, 2, 3 and tf.keras) or a file of
            `to_json()`; or the bytes of one, or an open file.
        weights: None reads the structure now and the weights when they are first asked for; True
            reads both now; False never reads weights, and new ones are drawn.
        custom_objects: what layers of your own are, by the names of their classes: a convlab
            layer class, or a function that makes the output's shape of the input's.
        limits: how large a file may be.

    Raises:
        FileRefused: the file is damaged, too large, or no model.

    Example:
        `convlab.load_model("unet.keras").summary()`
    """
    limits = limits or Limits()
    span = span_of(path, limits)
    kind = kind_of(span.part(0, min(span.size, 64)).read())
    own = dict(custom_objects or {})
    if kind == "json":
        model = model_from_json(span.read(), own, limits)
    elif kind == "zip":
        archive = read_keras_archive(span.origin, limits)
        entry = json_text.parse(archive.config, limits)
        model = _model(entry, str(archive.metadata.get("keras_version") or "3"), own, limits)
        if archive.weights is not None and weights is not False:
            _with_weights(model, WeightFile(archive.weights, limits), entry, weights)
    else:
        told = read_attributes(span, limits)
        if told["model_config"] is None:
            raise FileRefused(
                "A model's file has the configuration of the model.",
                received="an HDF5 file of weights alone",
                remedy="Build the model, and give it the file: model.load_weights(path).",
            )
        entry = json_text.parse(told["model_config"], limits)
        model = _model(entry, told["keras_version"] or "1", own, limits)
        if weights is not False:
            _with_weights(model, WeightFile(span, limits, told), entry, weights)
    return model


def load_weights(model: Model, path: Source, limits: Limits | None = None) -> None:
    """Take the weights of a file into a model; what `Model.load_weights` promises."""
    limits = limits or Limits()
    span = span_of(path, limits)
    if kind_of(span.part(0, min(span.size, 64)).read()) == "zip":
        weights = read_keras_archive(span.origin, limits).weights
        if weights is None:
            raise FileRefused(
                "A .keras file has the weights of its model.",
                received="an archive without model.weights.h5",
                remedy="Save the model again with Keras.",
            )
        span = weights
    model.build_layers()
    file = WeightFile(span, limits)
    _with_weights(model, file, None, True)


def model_from_json(
    text: str | bytes,
    custom_objects: Mapping[str, Any] | None = None,
    limits: Limits | None = None,
) -> Model:
    """Make a model of what `to_json()` of Keras 1, 2 or 3 gave.

    Args:
        text: the JSON.
        custom_objects: what layers of your own are, as for `load_model`.
        limits: how large it may be.

    Raises:
        FileRefused: it is no JSON, or describes no model.

    Example:
        >>> text = '{"class_name": "Sequential", "config": {"layers": [{"class_name": "Conv2D", '
        >>> text += '"config": {"filters": 8, "kernel_size": 3, "batch_input_shape": [null, 28, '
        >>> text += '28, 1]}}]}}'
        >>> model_from_json(text).output_shape
        (None, 26, 26, 8)
    """
    limits = limits or Limits()
    entry = json_text.parse(text, limits)
    return _model(entry, _version(entry), dict(custom_objects or {}), limits)


def model_from_config(
    config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Model:
    """Make a model of what `get_config()` of Keras 3 gave, or of convlab."""
    class_name = "Functional" if "input_layers" in config else "Sequential"
    entry = {"class_name": class_name, "config": config}
    return _model(entry, "3", dict(custom_objects or {}), Limits())


def from_keras(
    model: Any, weights: bool = True, custom_objects: Mapping[str, Any] | None = None
) -> Model:
    """Make a model of a live Keras model, with its weights; Keras itself is not imported.

    Args:
        model: a Sequential or functional model of Keras 3 or tf.keras.
        weights: whether to copy the weights.
        custom_objects: what layers of your own are, as for `load_model`.

    Raises:
        ArgumentError: it is no such model.
        FileRefused: what it tells of itself cannot be read.
    """
    if isinstance(model, Model):
        return model
    if not hasattr(model, "to_json") or not hasattr(model, "layers"):
        raise ArgumentError(
            "from_keras takes a live Keras model.",
            received=f"{model!r:.80}",
            remedy="For a file use convlab.load_model(path).",
            argument="model",
        )
    try:
        text = model.to_json()
    except Exception as error:
        raise ArgumentError(
            "A Sequential or functional model tells its structure by to_json().",
            received=f"{type(error).__name__}: {str(error)[:200]}",
            remedy="A subclassed model has no graph; give its layers get_config, and build it of "
            "Input and layers.",
            argument="model",
        ) from error
    # a live model is no stranger: its own size is no reason to refuse it
    limits = Limits(config_bytes=2**30, nodes=10**8, depth=512, layers=10**6)
    entry = json_text.parse(text, limits)
    version = _version(entry)
    made = _model(entry, version, dict(custom_objects or {}), limits, live=model)
    if weights:
        attach_live(made, model)
    return made


def _version(entry: Any) -> str | None:
    """Which Keras wrote a configuration; Keras 3 and the first Keras do not say."""
    if not isinstance(entry, Mapping):
        raise FileRefused(
            "A model is written as a JSON object.",
            received=f"{entry!r:.80}",
            remedy="Give the text that model.to_json() gave.",
        )
    told = entry.get("keras_version")
    if isinstance(told, str):
        return told
    return "3" if "module" in entry else None


def _model(
    entry: Any, version: str | None, own: Mapping[str, Any], limits: Limits, live: Any = None
) -> Model:
    model = Builder(version, own, limits, data_format_of(entry)).model(entry)
    if live is not None:
        _tell_opaque(model, live)
    settle(model)
    return model


def settle(model: Model) -> None:
    """Find the shapes of a model's tensors and build its layers, as far as they can be."""
    specs = [tensor.spec for tensor in model.inputs]
    if None in specs:
        return

    def settled(node: Node, wires: Sequence[Wire]) -> None:
        for index, wire in enumerate(wires):
            tensor = node.output(index)
            if tensor.spec is None:
                tensor.spec = wire.spec
        known = all(tensor.spec is not None for tensor in node.inputs)
        if known and wires[0].spec is not None and not node.layer.built:
            args, _ = node.arguments(lambda tensor: tensor.spec)
            with suppress(
                ConvlabError
            ):  # a weight too large for this machine: told when it is used
                node.layer.build_for(*args)

    calls_of(model, specs, settled)


def _tell_opaque(model: Model, live: Any) -> None:
    """What a live model knows of layers that convlab does not have."""
    found = live_layers(live)
    for layer in model.operations:
        theirs = found.get(layer.name)
        if isinstance(layer, Model):
            _tell_opaque(layer, theirs)
        elif isinstance(layer, Opaque) and theirs is not None:
            _tell(layer, theirs)


def _tell(layer: Opaque, theirs: Any) -> None:
    try:
        layer.params = int(theirs.count_params())
        given, made = theirs.input, theirs.output
    except Exception:  # of a class that we do not know, anything may come
        return
    many = given if isinstance(given, list | tuple) else [given]
    outs = made if isinstance(made, list | tuple) else [made]
    shapes = [tuple(one.shape) for one in many]
    layer.record(shapes[0] if len(shapes) == 1 else shapes, [tuple(one.shape) for one in outs])


def _with_weights(model: Model, file: WeightFile, entry: Any, now: bool | None) -> None:
    if file.by_layer is None:
        attach_by_path(model, file)
    else:
        attach_by_layer(model, file, entry)
    if now:
        file.read()
