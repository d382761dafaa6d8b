"""convlab: see, step through and debug a convolutional layer.

    >>> import numpy as np
    >>> import convlab as cl
    >>> layer = cl.Conv2D(1, 3, padding="same", kernel_initializer="ones")
    >>> layer(np.ones((1, 4, 4, 1), "float32"))[0, :, :, 0]
    array([[4., 6., 6., 4.],
           [6., 9., 9., 6.],
           [6., 9., 9., 6.],
           [4., 6., 6., 4.]], dtype=float32)

Names are imported when they are first used, so that `import convlab` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convlab import layers as layers
    from convlab.draw import animate
    from convlab.inspector import explain
    from convlab.layers import (
        Conv2D,
        activations,
        config,
        constraints,
        initializers,
        regularizers,
    )
    from convlab.widgets import explore

__version__ = "0.1.0"

# public name -> (module, attribute); attribute None means the module itself
_HOME = {
    "layers": ("convlab.layers", None),
    "activations": ("convlab.layers.activations", None),
    "config": ("convlab.layers.config", None),
    "constraints": ("convlab.layers.constraints", None),
    "initializers": ("convlab.layers.initializers", None),
    "regularizers": ("convlab.layers.regularizers", None),
    "Conv2D": ("convlab.layers", "Conv2D"),
    "explain": ("convlab.inspector", "explain"),
    "explore": ("convlab.widgets", "explore"),
    "animate": ("convlab.draw", "animate"),
}

__all__ = [
    "Conv2D",
    "activations",
    "animate",
    "config",
    "constraints",
    "explain",
    "explore",
    "initializers",
    "layers",
    "regularizers",
]


def __getattr__(name: str) -> Any:
    try:
        module_name, attribute = _HOME[name]
    except KeyError:
        raise AttributeError(f"module 'convlab' has no attribute {name!r}") from None
    module = import_module(module_name)
    value = module if attribute is None else getattr(module, attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
