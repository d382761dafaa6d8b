"""What stands in the box of a layer, and on an edge: short, in Keras's terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from convlab.layers.base import Layer
from convlab.layers.base_conv import BaseConv
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.depthwise import BaseDepthwiseConv
from convlab.layers.global_pooling import BaseGlobalPooling
from convlab.layers.input_layer import InputLayer
from convlab.layers.joining import Joining
from convlab.layers.locally_connected import LocallyConnected
from convlab.layers.pooling import BasePooling
from convlab.layers.separable import BaseSeparableConv
from convlab.layers.spatial import Spatial

FAMILIES: Mapping[str, tuple[type, ...]] = {
    "input": (InputLayer,),
    "transposed": (BaseConvTranspose,),
    "convolution": (
        BaseConv,
        BaseDepthwiseConv,
        BaseSeparableConv,
        LocallyConnected,
        ConvLSTM,
    ),
    "pooling": (BasePooling, BaseGlobalPooling),
    "join": (Joining,),
    "resizing": (Spatial,),
}
"""Family -> classes; the first that fits counts. What fits none has no places, or keeps them."""

_WIDE = ("kernel_size", "pool_size", "size", "cropping")
_TOLD = (
    "filters",
    "units",
    *_WIDE,
    "strides",
    "dilation_rate",
    "padding",
    "output_padding",
    "groups",
    "depth_multiplier",
    "activation",
    "rate",
    "dims",
    "target_shape",
    "height",
    "width",
    "axis",
)
_PLAIN: Mapping[str, Any] = {
    "strides": 1,
    "dilation_rate": 1,
    "padding": "valid",
    "groups": 1,
    "depth_multiplier": 1,
    "output_padding": None,
    "activation": "linear",
    "axis": -1,
}


def family_of(layer: Layer) -> str:
    """The family of a layer.

    >>> from convlab.layers import Add, Conv2D, Dense, UpSampling2D
    >>> [family_of(layer) for layer in (Conv2D(1, 3), UpSampling2D(), Add(), Dense(1))]
    ['convolution', 'resizing', 'join', 'other']
    """
    return next((name for name, known in FAMILIES.items() if isinstance(layer, known)), "other")


def detail_of(layer: Layer) -> str:
    """The arguments of a layer in short; those that are as Keras has them are left out.

    >>> from convlab.layers import Concatenate, Conv2D, MaxPooling2D, UpSampling2D
    >>> detail_of(Conv2D(8, (3, 5), strides=2, padding="same", activation="relu"))
    '8, 3×5, strides 2, same, relu'
    >>> detail_of(MaxPooling2D()), detail_of(UpSampling2D((2, 3))), detail_of(Concatenate())
    ('2×2', '2×3', '')
    >>> from convlab.layers import Cropping2D, ZeroPadding2D
    >>> detail_of(ZeroPadding2D(3)), detail_of(Cropping2D(((0, 1), (0, 2))))
    ('3 at each side', '0,1×0,2')
    """
    return ", ".join(_parts(layer))


def _parts(layer: Layer) -> Iterator[str]:
    if isinstance(layer, InputLayer):
        return
    given = layer.arguments()
    for name in _TOLD:
        if name not in given:
            continue
        value = given[name]
        alike = _alike(value)
        if callable(value):
            alike = getattr(value, "__name__", "")
        if alike in (None, "") or alike == _PLAIN.get(name):
            continue
        if name == "strides" and alike == _alike(given.get("pool_size")):
            continue
        yield _part(name, value, alike)


def _part(name: str, value: Any, alike: Any) -> str:
    if isinstance(alike, int) and isinstance(value, list | tuple) and _has_sides(value):
        return f"{alike} at each side"
    if name in ("filters", "units", "padding", "activation"):
        return _times(value) if isinstance(value, list | tuple) else str(alike)
    if name in _WIDE:
        return _times(value)
    return f"{name.removesuffix('_rate')} {_times(value) if alike is value else alike}"


def _has_sides(value: Sequence[Any]) -> bool:
    return any(isinstance(one, list | tuple) for one in value)


def _alike(value: Any) -> Any:
    """One number for several that are the same."""
    if isinstance(value, list | tuple) and value and len({str(one) for one in value}) == 1:
        return _alike(value[0])
    return value


def _times(value: Any) -> str:
    """Sizes along axes with a cross between them; sides of one axis with a comma."""
    if not isinstance(value, list | tuple):
        return str(value)
    return "×".join(
        ",".join(map(str, one)) if isinstance(one, list | tuple) else str(one) for one in value
    )


def shape_text(shape: Any) -> str:
    """A shape on an edge: without the batch, with crosses; a size that is not known is "?".

    >>> shape_text((None, 28, None, 3)), shape_text((None, 10)), shape_text(None)
    ('28 × ? × 3', '10', '?')
    """
    if shape is None:
        return "?"
    sizes = tuple(shape)[1:] if len(shape) > 1 else tuple(shape)
    return " × ".join("?" if size is None else str(size) for size in sizes)
