"""The arrays of an older layer, in the order and layout that its modern form takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.models.legacy.era import generation
from convlab.models.legacy.layers import modern

Array = NDArray[Any]

# Axes of a kernel (filters, channels, *space), in the order that the modern layer has them.
_CHANNELS_FIRST = {
    "Conv2D": (2, 3, 1, 0),
    "SeparableConv2D": (2, 3, 1, 0),
    "ConvLSTM2D": (2, 3, 1, 0),
    "Conv3D": (2, 3, 4, 1, 0),
    "Conv2DTranspose": (2, 3, 0, 1),
}
_CONVOLVING = {
    **{f"Conv{n}D": 1 for n in (1, 2, 3)},
    **{f"Conv{n}DTranspose": 1 for n in (2, 3)},
    "DepthwiseConv2D": 1,
    "SeparableConv1D": 1,
    "SeparableConv2D": 1,
    "ConvLSTM2D": 2,
}
"""How many kernels, counted from the first, Theano turns round before it slides them."""


def modern_weights(
    class_name: str,
    config: Mapping[str, Any],
    weights: Sequence[ArrayLike],
    version: str | None = None,
    backend: str | None = None,
) -> list[Array]:
    """A layer's arrays as the layer of `modern(class_name, config, version)` takes them.

    The layouts are those of `preprocess_weights_for_loading` in Keras 2. Beyond it, the kernels
    of Keras 1's separable convolution and of its channels-first ConvLSTM2D are read, on which it
    fails, and Theano's separable and depthwise kernels are turned round as its others are. An
    array that has not the rank of its rule stays, so that the layer refuses it.

    Args:
        class_name: the class as written.
        config: the layer's config as written.
        weights: the arrays, in the file's order.
        version: the file's `keras_version`. A file of weights without one is of Keras 1.
        backend: the file's `backend`; `"theano"` slides kernels that are turned round, which no
            other does. Keras 1 did not write it.

    Returns:
        The arrays.

    Raises:
        FileRefused: the class is no text, or the config no dictionary.

    >>> config = {"nb_filter": 8, "nb_row": 3, "nb_col": 5, "dim_ordering": "th"}
    >>> kernel, bias = modern_weights(
    ...     "Convolution2D", config, [np.ones((8, 1, 3, 5)), np.ones(8)], "1.2.2"
    ... )
    >>> kernel.shape
    (3, 5, 1, 8)
    """
    arrays = [np.asarray(array) for array in weights]
    name, arguments = modern(class_name, config, version)
    inner = config.get("layer")
    if name == "TimeDistributed" and isinstance(inner, Mapping):
        layer = inner.get("class_name"), inner.get("config")
        if isinstance(layer[0], str) and isinstance(layer[1], Mapping):
            return modern_weights(layer[0], layer[1], arrays, version, backend)
    if not arrays:
        return arrays
    if generation(version, class_name, config) == 1:
        arrays = _relaid(name, arguments, arrays)
    if backend == "theano":
        turned = _CONVOLVING.get(name, 0)
        arrays = [*map(_turned_round, arrays[:turned]), *arrays[turned:]]
    return arrays


def _relaid(name: str, arguments: Mapping[str, Any], arrays: list[Array]) -> list[Array]:
    """The arrays of a layer of Keras 1, in Keras 2's layout."""
    axes = _CHANNELS_FIRST.get(name, ())
    if arguments.get("data_format") != "channels_first":
        axes = (0, 1, 3, 2) if name == "Conv2DTranspose" else ()
    arrays = [array.transpose(axes) if array.ndim == len(axes) else array for array in arrays]
    if name == "Conv1D":
        return [_of_one_axis(arrays[0], arguments), *arrays[1:]]
    if name == "ConvLSTM2D" and len(arrays) == 12:
        return _gates_together(arrays)
    return arrays


def _of_one_axis(kernel: Array, arguments: Mapping[str, Any]) -> Array:
    """A kernel that Keras 1 kept for a picture of one column, without the column.

    It was `(length, 1, channels, filters)`, before 1.2 `(filters, channels, length, 1)`.
    """
    if kernel.ndim != 4:
        return kernel
    filters, size = arguments.get("filters"), arguments.get("kernel_size")
    length = size[0] if isinstance(size, list | tuple) and size else size
    if kernel.shape[:2] != (length, 1) or kernel.shape[3] != filters:
        kernel = kernel.transpose(2, 3, 1, 0)
    return kernel[:, 0] if kernel.shape[1] == 1 else kernel


def _gates_together(arrays: list[Array]) -> list[Array]:
    """Kernel, recurrent kernel and bias of the gates i, c, f, o: one array each, as i, f, c, o."""
    by_gate = [arrays[start : start + 3] for start in (0, 6, 3, 9)]
    try:
        return [np.concatenate(kind, axis=-1) for kind in zip(*by_gate, strict=True)]
    except ValueError:
        return arrays


def _turned_round(kernel: Array) -> Array:
    """The kernel with every axis of space reversed; the last two are the channels."""
    space = tuple(range(kernel.ndim - 2))
    return np.flip(kernel, space) if 3 <= kernel.ndim <= 5 else kernel
