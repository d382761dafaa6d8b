"""From a model's config, as a file has it, to a `Model`; shapes are not looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from convlab.errors import ConvlabError, FileRefused
from convlab.layers import operators
from convlab.layers.base import Layer
from convlab.layers.input_layer import InputLayer
from convlab.layers.node import Node, Spec
from convlab.layers.opaque import Opaque
from convlab.layers.operators import Operator, Slot
from convlab.models.graph import Graph
from convlab.models.legacy import as_graph, modern, modern_name
from convlab.models.limits import Limits
from convlab.models.making import Custom, is_keras, layer_from
from convlab.models.model import Model
from convlab.models.references import (
    Arguments,
    Reference,
    calls_in,
    ends,
    references_in,
    shape_in,
    with_each,
)
from convlab.models.sequential import Sequential

_KERAS_OPERATORS = ("keras.src.ops", "keras.ops")
_TF_OPERATORS = ("TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer")


@dataclass
class Builder:
    """What is the same for a whole file.

    Attributes:
        version: which Keras wrote it, or None where that is not told.
        own: custom objects by name.
        limits: its bounds.
        data_format: for the layers that Keras 1 wrote without one.
        count: how many layers were read so far.
        sizes: for each model within, how many calls it spreads out to, by its identity.
    """

    version: str | None
    own: Custom
    limits: Limits = field(default_factory=Limits)
    data_format: str | None = None
    count: int = 0
    sizes: dict[int, int] = field(default_factory=dict)

    def model(self, entry: Any) -> Model:
        """The model that `{"class_name": ..., "config": ...}` describes.

        Raises:
            FileRefused: it describes none.
        """
        entry = as_graph(entry)
        class_name, config = _class_and_config(entry)
        if class_name == "Sequential" or isinstance(config, list):
            return _frozen(self._sequential(config), config)
        if _is_functional(config):
            return _frozen(self._functional(class_name, config), config)
        raise FileRefused(
            "A file describes a Sequential or Functional model by its layers.",
            received=f"class_name={class_name!r:.60}, without layers and connections",
            remedy="A model that is a class of its own cannot be read without that class; save a "
            "functional model.",
        )

    # A chain

    def _sequential(self, config: Any) -> Sequential:
        entries = config.get("layers") if isinstance(config, Mapping) else config
        name = config.get("name") if isinstance(config, Mapping) else None
        made: list[Layer] = []
        begin: Spec | None = None
        input_name = None
        for entry in _listed(entries):
            layer = self.layer(entry)
            if not made and begin is None:
                begin = _begin_of(layer, entry)
            if isinstance(layer, InputLayer):
                input_name = layer.name
            else:
                made.append(layer)
        if begin is None and isinstance(config, Mapping):
            shape = shape_in(config.get("build_input_shape") or config.get("batch_input_shape"))
            begin = None if shape is None else Spec(shape, "float32")
        if begin is not None:
            self._check_rank(begin.shape)
        _check_names(made)
        model = Sequential.unchecked(made, begin, _text_or_none(name), input_name)
        self._check_size(model, [(layer, 1) for layer in made])
        return model

    # A graph

    def _functional(self, class_name: str, config: Mapping[str, Any]) -> Model:
        entries = [_Entry.of(one) for one in _listed(config["layers"])]
        by_name = {entry.name: entry for entry in entries}
        if len(by_name) < len(entries):
            twice = next(e.name for e in entries if by_name[e.name] is not e)
            raise _refused("All layers of a model have names of their own.", f"{twice!r:.60} twice")
        for entry in entries:
            entry.read(self)
        outer = ends(config["input_layers"]), ends(config["output_layers"])
        outer = _without_own_nodes(entries, outer)
        shapes = _told_shapes(entries)
        for entry in entries:
            entry.connect(by_name, shapes)
        inputs, outputs = (with_each(end, lambda ref: _tensor(ref, by_name)) for end in outer)
        for entry in entries:
            if isinstance(entry.layer, InputLayer):
                entry.nodes[0].output(0, entry.layer.spec)
        model = Model.__new__(Model)
        Layer.__init__(model, name=_text_or_none(config.get("name")))
        model.connect(_graph(inputs, outputs))
        model.listed = [entry.layer for entry in entries if not entry.layer.is_operator]
        self._check_size(model, [(entry.layer, len(entry.nodes)) for entry in entries])
        del class_name
        return model

    def _check_size(self, model: Model, called: list[tuple[Layer, int]]) -> None:
        """Bound the calls of a model: ten of a model that calls one ten times are a hundred."""
        calls = sum(self.sizes.get(id(layer), 1) * times for layer, times in called)
        self.sizes[id(model)] = calls
        if calls > self.limits.layers:
            raise _refused(
                f"A model spreads out to at most {self.limits.layers:,} calls of layers.",
                f"{calls:,} calls in {model.name!r:.60}",
            )

    def _check_rank(self, shape: tuple[int | None, ...]) -> None:
        if len(shape) > self.limits.rank:
            raise _refused(
                f"An input has at most {self.limits.rank} axes.", f"one of {len(shape):,} axes"
            )

    # A layer

    def layer(self, entry: Any, calls: list[Arguments] | None = None) -> Layer:
        """The layer that an entry of a model's list describes, and that is called so."""
        self.count += 1
        if self.count > self.limits.layers:
            raise _refused(
                f"A model has at most {self.limits.layers:,} layers.",
                f"more than {self.count - 1:,}",
            )
        class_name, config = _class_and_config(entry)
        if isinstance(config, list) or class_name == "Sequential" or _is_functional(config):
            made: Layer = self.model(entry)
            made.name = _text_or_none(entry.get("name")) or made.name
            return made
        if class_name == "InputLayer":
            begin = _input_layer(config, entry)
            self._check_rank(begin.spec.shape)
            return begin
        if calls and self._is_operator(class_name, config, entry.get("module")):
            made = _operator(class_name, config, calls) or Opaque(class_name, config)
        else:
            if is_keras(entry.get("module"), class_name):
                class_name, config = modern(class_name, config, self.version, self.data_format)
            made = layer_from(class_name, config, entry, self.own, self._wrapped(config))
        named = _text_or_none(entry.get("name"))
        if named:
            made.name = named
        return made

    def _wrapped(self, config: Mapping[str, Any]) -> Model | None:
        """The model that a layer wraps, as `TimeDistributed` may."""
        entry = config.get("layer")
        if not isinstance(entry, Mapping) or "class_name" not in entry:
            return None
        within = entry["class_name"] == "Sequential" or _is_functional(entry.get("config"))
        return self.model(entry) if within else None

    def _is_operator(self, class_name: str, config: Mapping[str, Any], module: Any) -> bool:
        """Whether an entry is what tensors were added, indexed or otherwise operated on by."""
        if class_name in _TF_OPERATORS or str(module or "").startswith(_KERAS_OPERATORS):
            return True
        # an .h5 file of Keras 3 names no modules, but only layers can be trainable or not
        named = bool(module) or not str(self.version).startswith("3")
        return not named and "trainable" not in config and operators.known(class_name) is not None


@dataclass
class _Entry:
    """A layer of a functional model, as the file lists it."""

    name: str
    written: Mapping[str, Any]
    calls: list[Arguments]
    layer: Any = None
    nodes: list[Node] = field(default_factory=list)

    @classmethod
    def of(cls, written: Any) -> _Entry:
        _, config = _class_and_config(written)
        inner = config.get("name") if isinstance(config, Mapping) else None
        name = written.get("name", inner)
        if not isinstance(name, str) or not name:
            raise _refused("Each layer of a functional model has a name.", f"name={name!r:.60}")
        return cls(name, written, list(calls_in(written.get("inbound_nodes", []))))

    def read(self, builder: Builder) -> None:
        """Make the layer, and a call for each that the file has."""
        self.layer = builder.layer(self.written, self.calls)
        if isinstance(self.layer, InputLayer):
            self.calls = []
            self.nodes = [Node(self.layer)]
        else:
            self.nodes = [Node(self.layer) for _ in self.calls]

    def connect(self, entries: Mapping[str, _Entry], shapes: Mapping[Any, Any]) -> None:
        """Give the calls their arguments; an input has none."""
        if not self.calls:
            return
        for number, (node, (args, kwargs)) in enumerate(zip(self.nodes, self.calls, strict=True)):
            if self.layer.is_operator:
                flat = list(references_in((args, kwargs)))
                args, kwargs = [flat], {}
            filled = with_each((tuple(args), kwargs), lambda ref: _tensor(ref, entries))
            node.args, node.kwargs = filled
            if isinstance(self.layer, Opaque):
                self._record(number, (args, kwargs), shapes)

    def _record(self, number: int, arguments: Any, shapes: Mapping[Any, Any]) -> None:
        given = [shapes.get((ref.layer, ref.node, ref.output)) for ref in references_in(arguments)]
        known = None if None in given or not given else given[0] if len(given) == 1 else given
        found = [
            shape
            for (name, node, _), shape in shapes.items()
            if (name, node) == (self.name, number)
        ]
        if found:
            self.layer.record(known, found)


def _frozen(model: Model, config: Any) -> Model:
    """The model, whose weights no training changes where its own config says so."""
    if isinstance(config, Mapping) and config.get("trainable") is False:
        model.trainable = False
    return model


def _graph(inputs: Any, outputs: Any) -> Graph:
    try:
        return Graph(inputs, outputs)
    except ConvlabError as error:
        raise _refused(error.rule, error.received) from None


def _tensor(ref: Reference, entries: Mapping[str, _Entry]) -> Any:
    entry = entries.get(ref.layer)
    if entry is None:
        raise _refused("A layer reads only layers of its model.", f"no layer {ref.layer!r:.60}")
    if ref.node >= len(entry.nodes):
        raise _refused(
            "A layer reads only calls that the file has.",
            f"call {ref.node} of {len(entry.nodes)} calls of the layer {ref.layer!r:.60}",
        )
    return entry.nodes[ref.node].output(ref.output)


def _without_own_nodes(entries: list[_Entry], outer: Any) -> Any:
    """Count the calls of nested models from 0, where Keras counts their own graph as call 0.

    Keras 1 and 2 do so everywhere, Keras 3 at times where it says what comes out of the whole.

    Args:
        entries: the layers; their calls are changed.
        outer: what goes in and what comes out.

    Returns:
        `outer`, with calls that the layers have.
    """
    nested = {entry.name: entry for entry in entries if isinstance(entry.layer, Model)}
    if not nested:
        return outer
    seen: dict[str, set[int]] = {name: set() for name in nested}
    for ref in references_in((outer, [entry.calls for entry in entries])):
        if ref.layer in seen:
            seen[ref.layer].add(ref.node)
    shifted = {
        name for name, nodes in seen.items() if nodes and max(nodes) >= len(nested[name].calls)
    }

    def moved(ref: Reference) -> Reference:
        if ref.layer in shifted and ref.node > 0:
            return Reference(ref.layer, ref.node - 1, ref.output, ref.shape)
        return ref

    for entry in entries:
        entry.calls = [with_each(call, moved) for call in entry.calls]
    return with_each(outer, moved)


def _told_shapes(entries: list[_Entry]) -> dict[tuple[str, int, int], Any]:
    """The shapes of outputs that the file tells, by layer, call and output."""
    shapes: dict[tuple[str, int, int], Any] = {}
    for entry in entries:
        for ref in references_in(entry.calls):
            if ref.shape is not None:
                shapes[ref.layer, ref.node, ref.output] = ref.shape
        built = entry.written.get("build_config")
        shape = shape_in(built.get("input_shape")) if isinstance(built, Mapping) else None
        if shape is not None and len(entry.calls) == 1:
            refs = list(references_in(entry.calls))
            if len(refs) == 1:
                ref = refs[0]
                shapes.setdefault((ref.layer, ref.node, ref.output), shape)
    return shapes


def _operator(class_name: str, config: Any, calls: list[Arguments]) -> Operator | None:
    """The operator that an entry describes; None if it is none that is known."""
    numbers: Iterator[int] = iter(range(10**6))
    args, kwargs = with_each(calls[0], lambda ref: Slot(next(numbers)))  # noqa: ARG005
    try:
        if class_name in _TF_OPERATORS:
            return operators.from_tf(str(config.get("function")), args, kwargs, config)
        return operators.from_keras3(class_name, config, args, kwargs)
    except (ConvlabError, TypeError, ValueError, KeyError, IndexError, AttributeError):
        return None


def _input_layer(config: Mapping[str, Any], entry: Mapping[str, Any]) -> InputLayer:
    shape = shape_in(_input_shape(config))
    if shape is None:
        raise _refused("An input has a shape.", f"config={dict(config)!r:.200}")
    dtype = config.get("dtype") or config.get("input_dtype")
    name = _text_or_none(config.get("name")) or _text_or_none(entry.get("name"))
    try:
        return InputLayer(
            batch_shape=shape, dtype=dtype if isinstance(dtype, str) else None, name=name
        )
    except ConvlabError as error:
        raise _refused(
            f"An input is described by a shape and a dtype: {error}", "another"
        ) from error


def _input_shape(config: Mapping[str, Any]) -> Any:
    """The input's shape, batch first, in any of the words that Keras had for it."""
    for name in ("batch_shape", "batch_input_shape"):
        if config.get(name) is not None:
            return config[name]
    if isinstance(config.get("input_shape"), list | tuple):
        return [config.get("batch_size"), *config["input_shape"]]
    if config.get("input_dim") is not None:
        lengths = [config["input_length"]] if "input_length" in config else []
        return [None, *lengths, config["input_dim"]]
    return None


def _begin_of(layer: Layer, entry: Any) -> Spec | None:
    """What the first layer of a chain says of the input."""
    if isinstance(layer, InputLayer):
        return layer.spec
    if isinstance(layer, Model):
        return layer.inputs[0].spec if len(layer.inputs) == 1 else None
    shape = layer.batch_input_shape or shape_in(_input_shape(entry["config"]))
    if shape is None and isinstance(entry.get("build_config"), Mapping):
        shape = shape_in(entry["build_config"].get("input_shape"))
    return None if shape is None else Spec(shape, "float32")


def _class_and_config(entry: Any) -> tuple[str, Any]:
    if isinstance(entry, Mapping):
        class_name, config = entry.get("class_name"), entry.get("config")
        if isinstance(class_name, str) and isinstance(config, Mapping | list):
            return class_name, config
    raise _refused('A layer is written as {"class_name": ..., "config": {...}}.', f"{entry!r:.120}")


def _is_functional(config: Any) -> bool:
    parts = ("layers", "input_layers", "output_layers")
    return isinstance(config, Mapping) and all(part in config for part in parts)


def _listed(entries: Any) -> list[Any]:
    if not isinstance(entries, list):
        raise _refused("A model has a list of layers.", f"layers={entries!r:.80}")
    return entries


def _check_names(made: list[Layer]) -> None:
    names: set[str] = set()
    for layer in made:
        if layer.name in names:
            raise _refused(
                "All layers of a model have names of their own.", f"{layer.name!r} twice"
            )
        names.add(layer.name)


def _text_or_none(value: Any) -> str | None:
    return modern_name(value) if isinstance(value, str) and value else None


def _refused(rule: str, received: str) -> FileRefused:
    return FileRefused(rule, received=received, remedy="Save the model again with Keras.")
