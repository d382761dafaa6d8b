"""A model's structure as Keras 3 writes it: the config of a model, and the JSON of it.

Source: keras/src/models/functional.py, `get_config`, and sequential.py.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from convlab.errors import ArgumentTypeError
from convlab.layers.base import Layer
from convlab.layers.node import Node, Tensor, replaced, with_leaves
from convlab.layers.opaque import Opaque
from convlab.layers.operators import Operator
from convlab.layers.operators.table import class_name_of
from convlab.layers.operators.template import filled, written
from convlab.layers.outline import Outline
from convlab.models.model import Model
from convlab.models.sequential import Sequential

_OPERATIONS = "keras.src.ops."
_HOMES = {
    "math": ("rsqrt", "erf", "logsumexp"),
    "core": ("stop_gradient", "cast", "unstack"),
    "image": ("resize",),
    "nn": (
        *("sigmoid", "softplus", "softsign", "silu", "hard_sigmoid", "hard_silu", "selu"),
        *("log_sigmoid", "hard_tanh", "tanh_shrink", "sparse_plus", "sparse_sigmoid", "relu"),
        *("relu6", "leaky_relu", "elu", "celu", "gelu", "softmax", "log_softmax"),
        *("max_pool", "average_pool"),
    ),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
"""In which of Keras's modules an operation is; all others are in "numpy"."""


def config_of(model: Model) -> dict[str, Any]:
    """The config of a model, in Keras 3's form; weights are not part of it."""
    told = {"name": model.name, "trainable": model.trainable}
    return told | (_of_chain(model) if isinstance(model, Sequential) else _of_graph(model))


def json_of(model: Model, **options: Any) -> str:
    """The JSON that `to_json()` of Keras 3 gives for a model.

    Raises:
        ArgumentTypeError: a layer has a function of one's own, which is no text.
    """

    def refuse(value: Any) -> Any:
        raise ArgumentTypeError(
            "A model in JSON has numbers and names, and no functions or arrays of one's own.",
            received=f"{value!r:.120}",
            remedy="Use activations and initializers by their names.",
        )

    return json.dumps(_entry(model), default=refuse, **options)


def _of_chain(model: Sequential) -> dict[str, Any]:
    listed = [_entry(layer) for layer in model.operations]
    begin = model.inputs[0]
    if begin.spec is None:
        return {"layers": listed}
    first = _entry(begin.node.layer)
    return {"layers": [first, *listed], "build_input_shape": begin.shape}


def _of_graph(model: Model) -> dict[str, Any]:
    calls: defaultdict[int, list[Node]] = defaultdict(list)
    for node in model.graph.nodes:
        calls[id(node.layer)].append(node)

    def history(tensor: Tensor) -> list[Any]:
        number = calls[id(tensor.node.layer)].index(tensor.node)
        return [tensor.name, number, tensor.index]

    def end(tensor: Tensor) -> list[Any]:
        name, number, index = history(tensor)
        layer = tensor.node.layer  # Keras counts a nested model's own graph as its first call
        own = isinstance(layer, Model) and not isinstance(layer, Sequential)
        return [name, number + own, index]

    def form(tensor: Tensor) -> dict[str, Any]:
        config: dict[str, Any] = {"keras_history": history(tensor)}
        if tensor.spec is not None:  # behind a conflict it is not known
            config |= {"shape": list(tensor.shape), "dtype": tensor.dtype}
        return {"class_name": "__keras_tensor__", "config": config}

    entries = []
    for layer in model.operations:
        nodes = [node for node in calls[id(layer)] if node.inputs]
        inbound = [_arguments(node, form) for node in nodes]
        entries.append(_entry(layer) | {"name": layer.name, "inbound_nodes": inbound})
    return {
        "layers": entries,
        "input_layers": with_leaves(model.input, end),
        "output_layers": with_leaves(model.output, end),
    }


def _arguments(node: Node, form: Any) -> dict[str, Any]:
    """The arguments of a call; those of an operator have the symbols in their places."""
    args, kwargs = node.args, node.kwargs
    if isinstance(node.layer, Operator):
        args, kwargs = (
            filled(given, node.inputs) for given in (node.layer.args, node.layer.kwargs or {})
        )
    filled_args, named = replaced(list(args), form), replaced(kwargs, form)
    return {"args": written(_listed(filled_args)), "kwargs": written(_listed(named))}


def _entry(layer: Layer) -> dict[str, Any]:
    """A layer as it stands in a list: whose class it is, and its config."""
    module, class_name, registered = _class_of(layer)
    config: dict[str, Any] = {"name": layer.name}
    if not isinstance(layer, Operator):
        config = layer.get_config()
    if isinstance(layer, Outline) and layer.inner is not None:  # which may be a whole model
        config["layer"] = _entry(layer.inner)
    return {
        "module": module,
        "class_name": class_name,
        "config": written(_plain(config)),
        "registered_name": registered,
    }


def _class_of(layer: Layer) -> tuple[str | None, str, str | None]:
    """Module, class and registered name, as Keras tells them."""
    if isinstance(layer, Sequential):
        return "keras", "Sequential", None
    if isinstance(layer, Model):
        return "keras.src.models.functional", "Functional", "Functional"
    if isinstance(layer, Operator):
        class_name = class_name_of(layer.operation)
        return _OPERATIONS + _HOME.get(layer.operation, "numpy"), class_name, class_name
    if isinstance(layer, Outline):
        return "keras.layers", layer.class_name, None
    own = not type(layer).__module__.startswith("convlab.") or isinstance(layer, Opaque)
    if own:
        return None, layer.class_name, f"Custom>{layer.class_name}"
    return "keras.layers", layer.class_name, None


def _plain(config: Mapping[str, Any]) -> dict[str, Any]:
    """A config with lists for tuples, as JSON has them."""
    return {name: _listed(value) for name, value in config.items()}


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _plain(value)
    return [_listed(one) for one in value] if isinstance(value, list | tuple) else value
