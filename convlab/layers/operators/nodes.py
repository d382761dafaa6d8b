"""Operators from what tf.keras 2.0 to 2.3 writes of them: nodes of a graph of TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from convlab.layers.naming import snake_case
from convlab.layers.operators.layer import Operator
from convlab.layers.operators.reading import made

_SAME = {
    *("Maximum", "Minimum", "SquaredDifference", "Exp", "Log", "Sqrt", "Rsqrt", "Square"),
    *("Reciprocal", "Tanh", "Sigmoid", "Relu", "Relu6", "Elu", "Selu", "Softplus", "Identity"),
    *("Softmax", "Mean", "Sum", "Max", "Min", "Prod", "Reshape", "Transpose", "ExpandDims", "Tile"),
}
_OTHERS = {
    "Add": "add",
    "AddV2": "add",
    "BiasAdd": "add",
    "Sub": "subtract",
    "Mul": "multiply",
    "RealDiv": "true_divide",
    "FloorDiv": "floor_divide",
    "FloorMod": "mod",
    "Pow": "power",
    "Neg": "negative",
    "Abs": "absolute",
    "ConcatV2": "concatenate",
    "StridedSlice": "get_item",
}

_REDUCTIONS = ("mean", "sum", "max", "min", "prod")
_MASKS = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")


def from_node(config: Mapping[str, Any], args: Sequence[Any]) -> Operator | None:
    """The operator that a `TensorFlowOpLayer` is.

    Args:
        config: the layer's config: "node_def" is JSON, "constants" are inputs by their place.
        args: the list of its other inputs, or one alone, with a `Slot` for each.

    Returns:
        The operator; None where the node cannot be read or does what is not known.

    Example:
        >>> from convlab.layers.operators import Slot
        >>> config = {"node_def": '{"op": "AddV2"}', "constants": {"1": 2.0}, "name": "plus"}
        >>> from_node(config, [Slot(0)])
        Operator('add', [Slot(0), 2.0], class_name='TensorFlowOpLayer', name='plus')
    """
    try:
        written = config["node_def"]
        node = json.loads(written) if isinstance(written, str) else dict(written)
        operation = _OTHERS.get(node["op"]) or (
            snake_case(node["op"]) if node["op"] in _SAME else None
        )
        attributes = {name: dict(value) for name, value in node.get("attr", {}).items()}
        constants = {int(place): value for place, value in config.get("constants", {}).items()}
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return None
    given = list(args[0]) if args and isinstance(args[0], list | tuple) else list(args)
    for place in sorted(constants):
        given.insert(place, constants[place])
    if operation is None:
        return None
    kwargs: dict[str, Any] = {}
    if operation == "concatenate":
        given = [given[:-1], given[-1]]
    elif operation == "get_item":
        given = [given[0], _key(given[1:], attributes)]
    elif operation in _REDUCTIONS:
        kwargs["keepdims"] = bool(attributes.get("keep_dims", {}).get("b", False))
    return made(operation, given, kwargs, config.get("name"), "TensorFlowOpLayer")


def _key(ends: Sequence[Any], attributes: Mapping[str, Mapping[str, Any]]) -> list[Any] | None:
    """The key of a strided slice: for each axis a beginning, an end and a step, or a bit for it."""
    begins, stops, steps = ends
    begin, end, ellipsis, new, single = (int(attributes.get(m, {}).get("i", 0)) for m in _MASKS)
    key: list[Any] = []
    for axis, (first, last, step) in enumerate(zip(begins, stops, steps, strict=True)):
        bit = 1 << axis
        if ellipsis & bit:
            key.append(Ellipsis)
        elif new & bit:
            key.append(None)
        elif single & bit:
            key.append(first)
        else:
            key.append(slice(None if begin & bit else first, None if end & bit else last, step))
    return key
