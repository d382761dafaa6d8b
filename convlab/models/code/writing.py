"""Code that computes the same: the one function, and which of the writers it asks."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from convlab.layers.base import Layer
from convlab.models.code.refused import FRAMEWORKS, no_layer, unknown_framework


def to_code(subject: Any, framework: str, input_shape: Any = None) -> str:
    """Code that computes the same as a layer or a model.

    The code runs as it stands, and ends with the variable `layer` or `model`. It holds no numbers:
    set the weights that `get_weights()` gives.

    - "keras": Python for Keras 3: `layer.set_weights(weights)`, then `layer(x)`.
    - "torch": Python for PyTorch: an `nn.Module` on tensors with their channels first.
      `layer.set_weights(weights)` takes Keras's weights and brings them into PyTorch's order;
      `run(x)` takes and gives arrays as Keras has them. Where the frameworks differ, as in the
      padding of "same", the code does what Keras does, and a comment says so.
    - "r": R, with the package keras3: `set_weights(layer, weights)`, then `layer(x)`.

    Args:
        subject: a layer or a model.
        framework: "keras", "torch" or "r".
        input_shape: for one layer, the shape of its input, batch first, or a list of them; None is
            the one for which it was built. PyTorch's layers are made for a number of channels.

    Returns:
        The text of the code.

    Raises:
        ArgumentError: another framework, or what is neither a layer nor a model.
        DataError: the framework has no equal of a layer, or what it is made for is not known.
        ShapeError: the layer cannot take such an input.

    Example:
        >>> from convlab.layers import Conv2D
        >>> print(to_code(Conv2D(8, 3, padding="same", activation="relu"), "keras"))
        from keras import layers
        <BLANKLINE>
        layer = layers.Conv2D(8, 3, padding="same", activation="relu")
        # layer.set_weights(weights)  # a list, as get_weights() gives it
    """
    if not isinstance(subject, Layer):
        raise no_layer(subject)
    if not isinstance(framework, str) or framework not in FRAMEWORKS:
        raise unknown_framework(framework)
    writer = import_module(f"convlab.models.code.to_{framework}")  # many modules, first used here
    text: str = writer.written(subject, input_shape)
    return text
