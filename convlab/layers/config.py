"""Global defaults, as `keras.config` has them: data format, float type, epsilon.

They start from `keras.json` (in `$KERAS_HOME`, else in `~/.keras`), which is read once and never
written. A missing, unreadable or odd file means Keras's own defaults.

    >>> from convlab.layers import config
    >>> config.set_image_data_format("channels_first")
    >>> config.image_data_format()
    'channels_first'
    >>> config.set_image_data_format("channels_last")
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from convlab.errors import ArgumentError

DATA_FORMATS = ("channels_first", "channels_last")
FLOAT_TYPES = ("bfloat16", "float16", "float32", "float64")

_chosen: dict[str, Any] = {}


@cache
def _keras_json() -> dict[str, Any]:
    home = os.environ.get("KERAS_HOME")
    try:
        folder = Path(home).expanduser() if home else Path.home() / ".keras"
        settings = json.loads((folder / "keras.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RuntimeError):  # RuntimeError: a user without a home
        return {}
    return settings if isinstance(settings, dict) else {}


def image_data_format() -> str:
    """The data format that `data_format=None` means: `"channels_last"` unless told otherwise."""
    value = _chosen.get("image_data_format", _keras_json().get("image_data_format"))
    return value if value in DATA_FORMATS else "channels_last"


def set_image_data_format(data_format: str) -> None:
    """Set the data format that `data_format=None` means.

    Args:
        data_format: `"channels_first"` or `"channels_last"`, in any case.

    Raises:
        ArgumentError: for anything else.
    """
    value = str(data_format).lower()
    if value not in DATA_FORMATS:
        raise ArgumentError(
            "The `data_format` argument must be one of {'channels_first', 'channels_last'}. "
            f"Received: data_format={data_format}",
            argument="data_format",
            fixes=[{"data_format": known} for known in reversed(DATA_FORMATS)],
        )
    _chosen["image_data_format"] = value


def floatx() -> str:
    """The float type of a layer whose `dtype` is None: `"float32"` unless told otherwise."""
    value = _chosen.get("floatx", _keras_json().get("floatx"))
    return value if value in FLOAT_TYPES else "float32"


def set_floatx(value: str) -> None:
    """Set the float type of a layer whose `dtype` is None.

    Args:
        value: `"bfloat16"`, `"float16"`, `"float32"` or `"float64"`.

    Raises:
        ArgumentError: for anything else.
    """
    if value not in FLOAT_TYPES:
        raise ArgumentError(
            f"Unknown `floatx` value: {value}. Expected one of {set(FLOAT_TYPES)}",
            argument="floatx",
        )
    _chosen["floatx"] = str(value)


def epsilon() -> float:
    """The small number that keeps a division from zero, 1e-7 unless told otherwise."""
    value = _chosen.get("epsilon", _keras_json().get("epsilon"))
    return value if isinstance(value, float) else 1e-7


def set_epsilon(value: float) -> None:
    """Set the small number that keeps a division from zero."""
    _chosen["epsilon"] = float(value)
