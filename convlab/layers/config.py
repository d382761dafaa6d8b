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
from convlab.geometry import arguments

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
    return value if value in arguments.DATA_FORMATS else "channels_last"


def set_image_data_format(data_format: str) -> None:
    """Set the data format that `data_format=None` means.

    Args:
        data_format: `"channels_first"` or `"channels_last"`, in any case.

    Raises:
        ArgumentError: for anything else.
    """
    _chosen["image_data_format"] = arguments.data_format(str(data_format), default="")


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
            received=f"floatx={value!r}",
            remedy="Use 'float32', the default.",
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
