"""The recorded layers of a network, as the config of a model for one shape of the input."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from convlab.layers.naming import numbered_from, snake_case

Shape = tuple[int | None, ...]

CLASSES = 1000
"""How many classes the recorded tops tell apart."""


@dataclass(frozen=True)
class Structure:
    """A network as it is recorded.

    Attributes:
        name: the model's name.
        default: one example's shape where none is given, with the top.
        free: the same without the top.
        least: the least height and width.
        body: the name of the last layer before the top.
        ending: the entries of what stands in the place of the top without it.
        pooling: the names of the global poolings, by how they pool.
        layers: the entries of the layers.
    """

    name: str
    default: Shape
    free: Shape
    least: int
    body: str
    ending: list[dict[str, Any]]
    pooling: Mapping[str, str]
    layers: list[dict[str, Any]]

    def name_for(self, rows: int | None, weights: Any) -> str:
        """The model's name, in which a MobileNet has the height that it is for."""
        known = weights is None or rows in _OF_WEIGHTS
        return re.sub(r"_224$", f"_{rows}", self.name) if known else self.name

    def config(self, shape: Shape, include_top: bool, classes: int, name: str) -> dict[str, Any]:
        """The config of a model; what Keras numbers by itself goes on being numbered."""
        entries = deepcopy(self.layers if include_top else [*self._before_top(), *self.ending])
        for entry in entries:
            _fit(entry, shape, classes)
        renamed = _renamed(entries)
        entries = [_with_names(entry, renamed) for entry in entries]
        return {
            "class_name": "Functional",
            "config": {
                "name": name,
                "layers": entries,
                "input_layers": [[entries[0]["name"], 0, 0]],
                "output_layers": [[entries[-1]["name"], 0, 0]],
            },
        }

    def _before_top(self) -> list[dict[str, Any]]:
        names = [entry["name"] for entry in self.layers]
        return self.layers[: names.index(self.body) + 1]

    def pooling_name(self, pooling: str) -> str | None:
        """The name of a global pooling; None where Keras numbers it."""
        name = self.pooling[pooling]
        return None if _NUMBERED.fullmatch(name) else name


_OF_WEIGHTS = (96, 128, 160, 192, 224)
"""The heights for which Keras has weights of a MobileNet."""

_NUMBERED = re.compile(r"global_(average|max)_pooling2d(_\d+)?")


@cache
def structure_of(name: str) -> Structure:
    """What is recorded of a network."""
    path = resources.files(__package__) / "recorded" / f"{name}.json.gz"
    told = json.loads(gzip.decompress(path.read_bytes()))
    size = told["size"]
    return Structure(
        told["name"],
        (size, size, 3),
        tuple(told["free"]),
        told["least"],
        told["body"],
        told["ending"],
        told["pooling"],
        told["layers"],
    )


def _fit(entry: dict[str, Any], shape: Shape, classes: int) -> None:
    """Change what depends on the shape of the input, and on the number of classes."""
    config = entry["config"]
    if entry["class_name"] == "InputLayer":
        config["batch_shape"] = [None, *shape]
    if "halved" in entry:
        config["padding"] = _padding(config["padding"], shape, entry.pop("halved"))
    for argument in ("units", "filters"):
        if config.get(argument) == CLASSES:
            config[argument] = classes
    if config.get("target_shape") == [CLASSES]:
        config["target_shape"] = [classes]


def _padding(recorded: list[list[int]], shape: Shape, halved: int) -> list[list[int]]:
    """Zeros before a stride of 2: one less before the first cell where the size is even.

    Source: `correct_pad` in `keras/src/applications/imagenet_utils.py`; what is padded was halved,
    rounded up, so many times before.
    """
    most = [after for _, after in recorded]
    sizes = [None if size is None else -(-size // 2**halved) for size in shape[:2]]
    even = [size is not None and size % 2 == 0 for size in sizes]
    return [[pad - less, pad] for pad, less in zip(most, even, strict=True)]


def _renamed(entries: list[dict[str, Any]]) -> Callable[[str], str]:
    """The names, of which those that Keras numbers go on from the last number of this program."""
    numbers: dict[str, tuple[str, int]] = {}
    for entry in entries:
        prefix = snake_case(entry["class_name"])
        found = re.fullmatch(rf"{re.escape(prefix)}(?:_(\d+))?", entry["name"])
        if found:
            numbers[entry["name"]] = prefix, int(found[1] or 0)
    most: dict[str, int] = {}
    for prefix, number in numbers.values():
        most[prefix] = max(most.get(prefix, 0), number + 1)
    begun = {prefix: numbered_from(prefix, many) for prefix, many in most.items()}

    def renamed(name: str) -> str:
        if name not in numbers:
            return name
        prefix, number = numbers[name]
        number += begun[prefix]
        return f"{prefix}_{number}" if number else prefix

    return renamed


def _with_names(entry: dict[str, Any], renamed: Callable[[str], str]) -> dict[str, Any]:
    """An entry with the names of its layer, and of those that it reads."""

    def walked(value: Any) -> Any:
        if isinstance(value, Mapping):
            found = {key: walked(one) for key, one in value.items()}
            if "keras_history" in found:
                found["keras_history"] = [renamed(value["keras_history"][0]), 0, 0]
                found.pop("shape", None)
            return found
        return [walked(one) for one in value] if isinstance(value, list) else value

    name = renamed(entry["name"])
    config = {**entry["config"], "name": name}
    told = {"name": name, "config": config, "inbound_nodes": walked(entry["inbound_nodes"])}
    return {"module": "keras.layers", **entry, **told}
