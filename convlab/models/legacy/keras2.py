"""The differences between the configs of Keras 2 (and tf.keras 2) and Keras 3's arguments.

One difference has no argument and is not made up for: Keras 2.2.3 to 2.3.1 resampled in
`UpSampling2D(interpolation="bilinear")` from the corners of cells, as TensorFlow 1 did; tf.keras 2
and Keras 3 do it from their centres. Shapes are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_CLASSES = {
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "SyncBatchNormalization": "BatchNormalization",  # it differs in training only
}

_ANY = object()
_KERNEL = dict.fromkeys(("kernel_initializer", "kernel_regularizer", "kernel_constraint"), _ANY)
_RANDOM = {"rng_type": _ANY}  # which generator draws, in training
_CONV_LSTM = {"unroll": _ANY, "implementation": _ANY, "time_major": False}
_IDLE: dict[str, Mapping[str, Any]] = {
    "InputLayer": {"sparse": False, "ragged": False, "trainable": _ANY},
    # Inherited from a convolution with one kernel; these have two, or name theirs otherwise.
    "DepthwiseConv1D": {"groups": 1, "filters": _ANY, **_KERNEL},
    "DepthwiseConv2D": {"groups": 1, "filters": _ANY, **_KERNEL},
    "SeparableConv1D": {"groups": 1, **_KERNEL},
    "SeparableConv2D": {"groups": 1, **_KERNEL},
    **{f"Conv{n}DTranspose": {"groups": 1} for n in (1, 2, 3)},
    **{f"ConvLSTM{n}D": _CONV_LSTM for n in (1, 2, 3)},
    **{
        f"SpatialDropout{n}D": _RANDOM | {"noise_shape": None, "trainable": _ANY} for n in (1, 2, 3)
    },
    **{f"{kind}Dropout": _RANDOM for kind in ("", "Alpha", "Gaussian")},
    "GaussianNoise": _RANDOM,
    **{f"Random{kind}": _RANDOM for kind in ("Flip", "Rotation", "Translation", "Zoom")},
    **{f"Random{kind}": _RANDOM for kind in ("Contrast", "Brightness")},
    # `fused` chooses an implementation; batches in parts are another computation.
    "BatchNormalization": {"fused": _ANY, "virtual_batch_size": None, "adjustment": None},
}
"""Arguments that Keras 3 has dropped, with the value at which they do nothing (`_ANY`: at any)."""

_ONE_AXIS = frozenset(
    {
        *("Conv1D", "SeparableConv1D", "LocallyConnected1D", "MaxPooling1D", "AveragePooling1D"),
        *("GlobalMaxPooling1D", "GlobalAveragePooling1D"),
    }
)
_NUMBERS = {
    "ReLU": ("max_value", "negative_slope", "threshold"),
    "LeakyReLU": ("negative_slope",),
    "ELU": ("alpha",),
    "ThresholdedReLU": ("theta",),
    "BatchNormalization": ("axis",),
    "LayerNormalization": ("axis",),
    "GroupNormalization": ("axis",),
}
"""Numbers that were also written as a list of one."""


def translated(class_name: str, config: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """A layer of Keras 2 with Keras 3's class name and arguments; a layer of Keras 3 is kept.

    >>> translated("InputLayer", {"batch_input_shape": [None, 8], "ragged": False})
    ('InputLayer', {'batch_shape': [None, 8]})
    """
    class_name = _CLASSES.get(class_name, class_name)
    idle = _IDLE.get(class_name, {})
    arguments = {
        key: value
        for key, value in config.items()
        if key not in idle or not (idle[key] is _ANY or idle[key] == value)
    }
    if class_name == "InputLayer":
        _rename(arguments, "batch_input_shape", "batch_shape")
    if class_name == "LeakyReLU":
        _rename(arguments, "alpha", "negative_slope")
    if class_name in _ONE_AXIS or class_name == "Flatten":
        # Keras 2 gave these a data format in its course; before, they had but one way. Keras 3
        # would take a missing one from its settings.
        arguments.setdefault("data_format", "channels_last")
    for key in _NUMBERS.get(class_name, ()):
        value = arguments.get(key)
        if isinstance(value, list | tuple) and len(value) == 1:
            arguments[key] = value[0]
    _settle_dtype(arguments)
    if isinstance(name := arguments.get("name"), str):
        arguments["name"] = modern_name(name)
    return class_name, arguments


def modern_name(name: str) -> str:
    """A layer's name without "/", which in Keras 3 parts a model from its layers.

    tf.keras's DenseNet and MobileNetV3 have such names.

    >>> modern_name("conv1/bn")
    'conv1_bn'
    """
    return name.replace("/", "_")


def _rename(arguments: dict[str, Any], old: str, new: str) -> None:
    """Give an argument its new name, unless there is one of that name already."""
    if old in arguments and new not in arguments:
        arguments[new] = arguments.pop(old)


def _settle_dtype(arguments: dict[str, Any]) -> None:
    """The dtype policy by its name; none where Keras 2 left it to the first input."""
    policy = arguments.get("dtype")
    if isinstance(policy, Mapping) and isinstance(policy.get("config"), Mapping):
        policy = policy["config"].get("name", policy)
    if not isinstance(policy, str):
        return
    arguments["dtype"] = policy
    if policy in ("_infer", "infer"):
        del arguments["dtype"]
