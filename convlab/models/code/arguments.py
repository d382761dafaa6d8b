"""A layer's arguments as code has them, in either language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from convlab.layers import activations, constraints, initializers, regularizers
from convlab.layers.base import Layer
from convlab.layers.dtypes import DTypePolicy
from convlab.layers.initializers import Values
from convlab.layers.naming import snake_case
from convlab.layers.registry import Configurable
from convlab.models.code.refused import no_equal

_KINDS = {
    "initializer": initializers,
    "regularizer": regularizers,
    "constraint": constraints,
}


@dataclass(frozen=True)
class Made:
    """An object of Keras's that is an argument: `keras.regularizers.L2(0.1)`.

    Attributes:
        kind: "initializer", "regularizer" or "constraint".
        name: its class.
        config: its arguments.
    """

    kind: str
    name: str
    config: Mapping[str, Any]


def arguments_of(layer: Layer, framework: str, *, keep_name: bool) -> dict[str, Any]:
    """The arguments that differ from Keras's defaults, as plain values or `Made` objects.

    Args:
        layer: the layer.
        framework: for which the code is, for an error.
        keep_name: whether a name is kept that is not automatic.

    Raises:
        DataError: an argument is a function of one's own, or an object of another package.
    """
    given, objects = layer.changed_arguments(), layer.arguments()
    for name in ("data_format", "input_shape", "input_dim", "batch_input_shape", "batch_size"):
        given.pop(name, None)  # the code says the shape itself, and the format whatever the default
    if "name" in given and (not keep_name or automatic(layer)):
        del given["name"]
    if objects.get("data_format") == "channels_first":
        given["data_format"] = "channels_first"
    plain = {name: _plain(layer, framework, name, given[name], objects[name]) for name in given}
    return {name: value for name, value in plain.items() if value is not _LEFT_OUT}


_LEFT_OUT = object()


def _plain(layer: Layer, framework: str, name: str, shown: Any, value: Any) -> Any:
    if isinstance(value, Values):
        return _LEFT_OUT  # the weights are set, whatever they were at first
    if isinstance(value, DTypePolicy) or value is None:
        return shown
    kind = name.rpartition("_")[2]
    if kind == "activation":
        found = activations.serialize(value)
        if isinstance(found, str):
            return found
        raise _own(layer, framework, name)
    if kind in _KINDS:
        if isinstance(shown, str) and isinstance(value, Configurable):
            return shown
        form = _KINDS[kind].serialize(value)
        if isinstance(value, Configurable) and form["module"] == f"keras.{kind}s":
            return Made(kind, form["class_name"], form["config"])
        raise _own(layer, framework, name)
    return shown


def _own(layer: Layer, framework: str, name: str) -> Exception:
    return no_equal(
        layer,
        framework,
        f"its {name} is an object of your own",
        "Use one of Keras's by name, and put yours in its place in the code.",
    )


def automatic(layer: Layer) -> bool:
    """Whether a layer has a name such as Keras gives by itself.

    >>> from convlab.layers import Conv2D
    >>> automatic(Conv2D(1, 1, name="conv2d_7")), automatic(Conv2D(1, 1, name="stem"))
    (True, False)
    """
    return bool(re.fullmatch(rf"{re.escape(snake_case(layer.class_name))}(_\d+)?", layer.name))
