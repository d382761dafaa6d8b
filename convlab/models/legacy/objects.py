"""What stands in a layer's arguments: initializers, regularizers, constraints, activations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.layers.activations import as_floats

Array = NDArray[Any]

_INITIALIZERS = {
    "zero": "zeros",
    "one": "ones",
    "uniform": "random_uniform",
    "normal": "random_normal",
}
_REGULARIZERS = {
    "WeightRegularizer": "L1L2",
    "ActivityRegularizer": "L1L2",
    "L1L2Regularizer": "L1L2",
}
_CONSTRAINTS = {"maxnorm": "MaxNorm", "nonneg": "NonNeg", "unitnorm": "UnitNorm"}
_CONSTRAINT_ARGUMENTS = {"m": "max_value", "low": "min_value", "high": "max_value"}
_BOTH = {"class_name": "L1L2", "config": {"l1": 0.01, "l2": 0.01}}
_REGULARIZER_WORDS: dict[str, Any] = {
    "activity_l1": "l1",
    "activity_l2": "l2",
    **dict.fromkeys(("l1l2", "activity_l1l2", "l1_l2"), _BOTH),
}


def initializer(value: Any) -> Any:
    """An initializer as Keras 3 takes it.

    >>> initializer("zero")
    'zeros'
    >>> initializer({"class_name": "Zeros", "config": {"dtype": "float32"}})
    {'class_name': 'Zeros', 'config': {}}
    """
    if isinstance(value, str):
        return _INITIALIZERS.get(value, value)
    if isinstance(value, Mapping) and isinstance(value.get("config"), Mapping):
        # tf.keras of TensorFlow 1 writes the dtype, which is the layer's anyway.
        kept = {key: item for key, item in value["config"].items() if key != "dtype"}
        return {**value, "config": kept}
    return value


def regularizer(value: Any) -> Any:
    """A regularizer as Keras 3 takes it.

    >>> regularizer({"name": "WeightRegularizer", "l1": 0.0, "l2": 0.5})
    {'class_name': 'L1L2', 'config': {'l1': 0.0, 'l2': 0.5}}
    """
    if isinstance(value, str):
        return _REGULARIZER_WORDS.get(value, value)
    return _classed(value, _REGULARIZERS, {})


def constraint(value: Any) -> Any:
    """A constraint as Keras 3 takes it.

    >>> constraint({"name": "MaxNorm", "m": 2, "axis": 0})
    {'class_name': 'MaxNorm', 'config': {'max_value': 2, 'axis': 0}}
    >>> constraint("nonneg")
    'NonNeg'
    """
    if isinstance(value, str):
        return _CONSTRAINTS.get(value, value)
    return _classed(value, _CONSTRAINTS, _CONSTRAINT_ARGUMENTS)


def _classed(value: Any, classes: Mapping[str, str], arguments: Mapping[str, str]) -> Any:
    """Keras 1's `{"name": ..., argument: ...}` as `{"class_name": ..., "config": {...}}`."""
    if not isinstance(value, Mapping) or "class_name" in value:
        return value
    name = value.get("name")
    if not isinstance(name, str):
        return value
    config = {arguments.get(key, key): item for key, item in value.items() if key != "name"}
    return {"class_name": classes.get(name, name), "config": config}


def activation(value: Any, before_keras3: bool) -> Any:
    """An activation as Keras 3 takes it; of a layer that serves as one, its form is kept.

    >>> activation({"class_name": "function", "config": "relu6"}, True)
    'relu6'
    >>> activation("hard_sigmoid", True).__name__
    'keras2_hard_sigmoid'
    """
    if isinstance(value, Mapping) and isinstance(value.get("config"), str):
        value = value["config"]
    if not isinstance(value, str):
        return value
    if value == "softmax_v2":  # the name of tf.nn.softmax, given as a function
        return "softmax"
    return keras2_hard_sigmoid if before_keras3 and value == "hard_sigmoid" else value


def keras2_hard_sigmoid(x: ArrayLike) -> Array:
    """What Keras 1 and 2 call hard_sigmoid: `0.2 * x + 0.5` cut at 0 and 1.

    Keras 3 gave the name to `x / 6 + 0.5`, so that a layer of older Keras needs this one.

    >>> keras2_hard_sigmoid([-3.0, 0.0, 1.0])
    array([0. , 0.5, 0.7])
    """
    x = as_floats(x)
    y: Array = np.clip(x * x.dtype.type(0.2) + x.dtype.type(0.5), 0, 1)
    return y


def _gradient(x: Array, dy: Array) -> Array:
    return np.where(np.abs(x) <= 2.5, dy * x.dtype.type(0.2), 0)


keras2_hard_sigmoid.gradient = _gradient  # type: ignore[attr-defined]

BY_ENDING: dict[str, Callable[[Any], Any]] = {
    "initializer": initializer,
    "regularizer": regularizer,
    "constraint": constraint,
}
"""What makes the object of an argument modern, by how the argument's name ends."""
