"""From the history of live tensors to a graph of ours, by the way that files take: as a config."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convlab.inspector.failing import live
from convlab.inspector.failing.frames import LayerCall
from convlab.layers.base import Layer
from convlab.models.building import Builder
from convlab.models.limits import Limits
from convlab.models.model import Model
from convlab.models.reading import settle

_LIMITS = Limits(config_bytes=2**30, nodes=10**8, depth=512, layers=10**5)
_INPUTS = ("InputLayer",)


def graph_up_to(call: LayerCall, after: Sequence[Any] = ()) -> Model:
    """The graph of what a failing call reads, that call, and the layers that follow it in a chain.

    Args:
        call: a call on symbolic tensors.
        after: layers that would have been called on its output, one after another.

    Raises:
        ConvlabError: the layers cannot be read.
    """
    graph = _Graph()
    ends = [graph.remembered(call.layer, number) for number in _earlier(call.layer)]
    last = graph.add(call.layer, None, call.args, call.kwargs)
    for layer in after:
        last = graph.follow(layer, last)
    return _read(graph.config([*ends, last]), live.keras_version(call.layer))


def model_of(model: Any) -> Model:
    """A live Sequential or functional model as one of ours; its shapes may conflict.

    Raises:
        ConvlabError: its layers cannot be read.
    """
    entry = _entry(model, live.config_of(model).get("name") or "model")
    return _read(entry, live.keras_version(model))


def layer_of(layer: Any) -> Layer:
    """A live layer or model of Keras as one of ours.

    Raises:
        ConvlabError: it cannot be read.
    """
    entry = _entry(layer, live.name_of(layer))
    return Builder(live.keras_version(layer), {}, _LIMITS).layer(entry)


def alone(call: LayerCall, keep_batch: bool = False) -> Model:
    """A failing layer behind inputs of the shapes that it was called on.

    Args:
        call: a call on arrays or tensors of any kind.
        keep_batch: whether the first size is kept as it was; where the rank is what is wrong, it
            may be no batch at all.

    Raises:
        ConvlabError: the layer cannot be read, or it was called on no tensor.
    """
    graph = _Graph(open_inputs=True, keep_batch=keep_batch)
    last = graph.add(call.layer, None, call.args, call.kwargs)
    return _read(graph.config([last]), live.keras_version(call.layer))


def _earlier(layer: Any) -> range:
    """The calls by which a layer got its weights: of a shared layer they are part of the story."""
    built = bool(getattr(layer, "weights", None))
    return range(min(len(getattr(layer, "_inbound_nodes", ())), 1) if built else 0)


def _read(entry: dict[str, Any], version: str) -> Model:
    model = Builder(version, {}, _LIMITS).model(entry)
    settle(model)
    return model


class _Graph:
    """The layers met on the way back from a call, as a file lists them."""

    def __init__(self, *, open_inputs: bool = False, keep_batch: bool = False) -> None:
        self.open_inputs, self.keep_batch = open_inputs, keep_batch
        self.entries: list[dict[str, Any]] = []
        self.by_layer: dict[int, dict[str, Any]] = {}
        self.names: dict[int, str] = {}
        self.places: dict[tuple[int, int | None], int] = {}
        self.inputs: list[str] = []

    def remembered(self, layer: Any, number: int) -> tuple[str, int]:
        """Add a call that a layer remembers."""
        return self.add(layer, number, *live.call_of(layer, number))

    def add(self, layer: Any, number: int | None, args: Any, kwargs: Any) -> tuple[str, int]:
        """Add a call, and before it, those that made what it reads; without recursion.

        Returns:
            The name of the layer, and which of its calls it is.
        """
        last = id(layer), number
        waiting = [(layer, number, args, kwargs)]
        while waiting:
            layer, number, args, kwargs = waiting[-1]
            key = (id(layer), number)
            missing = None if key in self.places else self._missing((args, kwargs))
            if missing is not None:
                waiting.append((*missing, *live.call_of(*missing)))
                continue
            waiting.pop()
            if key not in self.places:
                self._write(layer, number, args, kwargs)
        return self.names[last[0]], self.places[last]

    def _missing(self, arguments: Any) -> tuple[Any, int] | None:
        """A call that made one of the arguments and has not been added; None if there is none."""
        for tensor in live.tensors_in(arguments):
            made = live.history(tensor)
            if made is not None and (id(made[0]), made[1]) not in self.places:
                return made[0], made[1]
        return None

    def _write(self, layer: Any, number: int | None, args: Any, kwargs: Any) -> None:
        entry = self._entry_of(layer)
        self.places[id(layer), number] = len(entry["inbound_nodes"])
        if entry["class_name"] in _INPUTS:
            return
        written = live.argument((list(args), kwargs), self._tensor)
        entry["inbound_nodes"].append({"args": written[0], "kwargs": written[1]})

    def _entry_of(self, layer: Any) -> dict[str, Any]:
        if id(layer) not in self.by_layer:
            name = self._free(live.name_of(layer))
            entry = _entry(layer, name) | {"inbound_nodes": []}
            self.names[id(layer)] = name
            self.by_layer[id(layer)] = entry
            self.entries.append(entry)
            if entry["class_name"] in _INPUTS:
                self.inputs.append(name)
        return self.by_layer[id(layer)]

    def _free(self, name: str) -> str:
        taken = {entry["name"] for entry in self.entries}
        free, count = name, 1
        while free in taken:
            free, count = f"{name}_{count}", count + 1
        return free

    def _tensor(self, tensor: Any) -> dict[str, Any] | None:
        """What stands for a tensor; None for one that is a constant of the graph."""
        made, shape = live.history(tensor), live.shape_of(tensor)
        if made is not None:
            layer, number, output = made
            place = self.places[id(layer), number]
            return _reference([self.names[id(layer)], place, output], shape)
        if not self.open_inputs or shape is None:
            return None
        if shape and not self.keep_batch:
            shape = (None, *shape[1:])
        name = self._free("input")
        config = {"batch_shape": list(shape), "dtype": "float32", "name": name}
        entry = {"class_name": "InputLayer", "module": "keras.layers", "config": config}
        self.entries.append(entry | {"name": name, "inbound_nodes": []})
        self.inputs.append(name)
        return _reference([name, 0, 0], shape)

    def follow(self, layer: Any, last: tuple[str, int]) -> tuple[str, int]:
        """Add a call of a layer on the output of the one before."""
        entry = self._entry_of(layer)
        written = _reference([last[0], last[1], 0], None)
        entry["inbound_nodes"].append({"args": [written], "kwargs": {}})
        return entry["name"], len(entry["inbound_nodes"]) - 1

    def config(self, ends: Sequence[tuple[str, int]]) -> dict[str, Any]:
        """The whole as a file has it, and which calls are its ends."""
        config = {
            "name": "up_to_the_failure",
            "layers": self.entries,
            "input_layers": [[name, 0, 0] for name in self.inputs],
            "output_layers": [[*end, 0] for end in ends],
        }
        return {"class_name": "Functional", "module": "keras", "config": config}


def _reference(where: list[Any], shape: Any) -> dict[str, Any]:
    told = None if shape is None else list(shape)
    config = {"shape": told, "dtype": "float32", "keras_history": where}
    return {"class_name": "__keras_tensor__", "config": config}


def _entry(layer: Any, name: str) -> dict[str, Any]:
    """A layer as a file lists it; a class of the user's keeps its name, and stays closed."""
    own = live.is_own(layer)
    config = live.config_of(layer) | {"name": name}
    class_name = live.class_name(layer)
    if live.is_graph(layer) and not own:
        class_name = "Sequential" if live.is_chain(layer) else "Functional"
    module = type(layer).__module__
    registered = f"Custom>{class_name}" if own else None
    return {
        "class_name": class_name,
        "module": None if own else module,
        "config": config,
        "registered_name": registered,
        "name": name,
    }
