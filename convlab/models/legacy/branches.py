"""A Sequential that begins with a Merge, as Keras 1 and 2.0 had it, as a graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convlab.errors import FileRefused

Entry = Mapping[str, Any]

_DEEPEST = 32  # of branches within branches


def as_graph(entry: Any) -> Any:
    """The graph that a Sequential is whose first layer merges branches; all else, as it is.

    The branches' layers become layers of the graph, under their own names: so Keras 1 lists them
    in its .h5 files, too. A layer that two branches name is one layer, called twice.

    Args:
        entry: `{"class_name": "Sequential", "config": [...]}` and what stands beside; not changed.

    Returns:
        `{"class_name": "Model", "config": {"layers": ..., ...}}`, in Keras 1's form of a graph.

    Raises:
        FileRefused: the branches are no layers, or do not say the shape of their input.

    >>> def dense(name, **more):
    ...     return {"class_name": "Dense", "config": {"name": name, "output_dim": 1, **more}}
    >>> branches = [
    ...     {"class_name": "Sequential", "config": [dense(name, batch_input_shape=[None, 4])]}
    ...     for name in ("left", "right")
    ... ]
    >>> merge = {"class_name": "Merge", "config": {"name": "sum", "layers": branches}}
    >>> graph = as_graph({"class_name": "Sequential", "config": [merge, dense("top")]})["config"]
    >>> [layer["name"] for layer in graph["layers"]]
    ['left_input', 'left', 'right_input', 'right', 'sum', 'top']
    >>> graph["input_layers"], graph["output_layers"]
    ([['left_input', 0, 0], ['right_input', 0, 0]], [['top', 0, 0]])
    """
    listed = _listed(entry)
    if not listed or not _branches(listed[0]):
        return entry
    graph = _Graph()
    last = graph.chain(listed)
    config: dict[str, Any] = {
        "layers": list(graph.layers.values()),
        "input_layers": list(graph.inputs.values()),
        "output_layers": [last],
    }
    own = entry["config"].get("name") if isinstance(entry["config"], Mapping) else None
    if isinstance(name := entry.get("name", own), str):
        config["name"] = name
    return {**entry, "class_name": "Model", "config": config}


def _listed(entry: Any) -> list[Any]:
    """The layers of a Sequential; none of anything else."""
    if not isinstance(entry, Mapping) or entry.get("class_name") != "Sequential":
        return []
    config = entry.get("config")
    listed = config.get("layers") if isinstance(config, Mapping) else config
    return listed if isinstance(listed, list) else []


def _branches(entry: Any) -> list[Any]:
    """What a Merge merges, if it is written in it."""
    if not isinstance(entry, Mapping) or entry.get("class_name") != "Merge":
        return []
    config = entry.get("config")
    branches = config.get("layers") if isinstance(config, Mapping) else None
    return branches if isinstance(branches, list) else []


class _Graph:
    """The layers of a graph, with the calls of each, as they are found."""

    def __init__(self) -> None:
        self.layers: dict[str, dict[str, Any]] = {}
        self.inputs: dict[str, list[Any]] = {}

    def chain(self, listed: list[Any], depth: int = 0) -> list[Any]:
        """Add the layers of a Sequential; gives its output, as `[name, call, 0]`."""
        if depth > _DEEPEST:
            raise _refused("A model's branches are nested at most 32 deep.", "deeper ones")
        branches = _branches(listed[0])
        if branches:
            ends = [self.chain(_listed(one) or [one], depth + 1) for one in branches]
        else:
            ends = [self.input(listed[0])]
        for entry in listed:
            ends = [self.call(entry, ends)]
        return ends[0]

    def input(self, first: Any) -> list[Any]:
        """Add the input that Keras 1 made for the first layer of a branch."""
        name, config = f"{_name(first)}_input", _first_config(first)
        own = {
            "batch_input_shape": config["batch_input_shape"],
            "input_dtype": config.get("input_dtype", "float32"),
            "name": name,
        }
        entry = {"class_name": "InputLayer", "config": own, "name": name, "inbound_nodes": []}
        self.layers.setdefault(name, entry)
        return self.inputs.setdefault(name, [name, 0, 0])

    def call(self, entry: Any, ends: list[list[Any]]) -> list[Any]:
        """Add a call of a layer, and the layer if it is new."""
        name = _name(entry)
        layer = self.layers.setdefault(name, {**entry, "name": name, "inbound_nodes": []})
        layer["inbound_nodes"].append(ends)
        return [name, len(layer["inbound_nodes"]) - 1, 0]


def _name(entry: Any) -> str:
    """The name of a layer; of a Sequential, which had none in a list, one after its first layer."""
    config = entry.get("config") if isinstance(entry, Mapping) else None
    name = config.get("name") if isinstance(config, Mapping) else None
    if isinstance(name, str):
        return name
    if listed := _listed(entry):
        return f"sequential_of_{_name(listed[0])}"
    raise _refused("Each layer of a branch has a name.", f"{entry!r:.80}")


def _first_config(entry: Any) -> Mapping[str, Any]:
    """The config that says the shape of a branch's input: its first layer's, however deep."""
    for _ in range(_DEEPEST):
        listed = _listed(entry)
        if not listed:
            break
        entry = listed[0]
    config = entry.get("config") if isinstance(entry, Mapping) else None
    if isinstance(config, Mapping) and "batch_input_shape" in config:
        return config
    raise _refused("Each branch of a model says the shape of its input.", f"{entry!r:.80}")


def _refused(rule: str, received: str) -> FileRefused:
    return FileRefused(
        rule,
        received=received,
        remedy="Build it again as a functional model, and write that one.",
    )
