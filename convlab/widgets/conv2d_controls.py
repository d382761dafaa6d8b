"""What the explorer offers of a Conv2D: its arguments in groups, and what it opens on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convlab.widgets.controls import Control

ACTIVATIONS = (
    "linear", "relu", "leaky_relu", "relu6", "elu", "selu", "gelu", "silu", "sigmoid",
    "hard_sigmoid", "tanh", "softplus", "softsign", "softmax",
)  # fmt: skip

GROUPS: Mapping[str, tuple[Control, ...]] = {
    "Geometry": (
        Control(
            "kernel_size", "kernel size", "How many cells the window covers", 1, 11, per_axis=True
        ),
        Control("strides", "strides", "How far the window moves at each step", 1, 8, per_axis=True),
        Control(
            "padding",
            "padding",
            "valid: the window stays inside; same: zeros around keep the size",
            options=("valid", "same"),
        ),
        Control("dilation_rate", "dilation", "How far apart the taps lie", 1, 8, per_axis=True),
    ),
    "Channels": (
        Control("filters", "filters", "How many kernels, and so output channels", 1, 32),
        Control("groups", "groups", "Into how many blocks channels and filters are divided", 1, 8),
        Control(
            "data_format",
            "data format",
            "Where the channels stand in the shape",
            options=("channels_last", "channels_first"),
        ),
    ),
    "Activation": (
        Control(
            "activation", "activation", "What is done to each sum at the end", options=ACTIVATIONS
        ),
    ),
}

DEFAULTS: Mapping[str, Any] = {"filters": 4, "kernel_size": (3, 3), "padding": "same"}
"""What the explorer opens on: four kernels known by name, over a photograph."""
