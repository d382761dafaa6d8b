"""What a layer expects of an input's shape: the number of axes, and the sizes of some.

Source: `keras/src/layers/input_spec.py`, whose sentences these are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from convlab.errors import ShapeError

if TYPE_CHECKING:
    from convlab.layers.base import Layer, Shape


def check_rank(
    layer: Layer, shape: Shape, *, exactly: int | None = None, at_least: int = 0, order: str = ""
) -> None:
    """Refuse a shape with too few or too many axes.

    Args:
        layer: whose input it is.
        shape: the whole input shape.
        exactly: how many axes it must have.
        at_least: how many it must have at least.
        order: what the axes mean, for the remedy, such as "(batch, features)".

    Raises:
        ShapeError: it has another number of axes.
    """
    if exactly is not None and len(shape) != exactly:
        expected = f"ndim={exactly}"
    elif len(shape) < at_least:
        expected = f"min_ndim={at_least}"
    else:
        return
    order = order or f"of {exactly or f'{at_least} or more'} axes, the batch included"
    raise ShapeError(
        f'Input 0 of layer "{layer.name}" is incompatible with the layer: expected {expected}, '
        f"found ndim={len(shape)}. Full shape received: {shape}",
        received=f"input of shape {shape}",
        remedy=f"{layer!r} needs an input {order}.",
        argument="input_shape",
    )


def check_sizes(layer: Layer, shape: Shape, sizes: Mapping[int, int | None]) -> None:
    """Refuse other sizes than those that a layer was built with; a size of None passes.

    Args:
        layer: whose input it is.
        shape: the whole input shape, of the right rank.
        sizes: for some axes, the size there.

    Raises:
        ShapeError: a size is another one.
    """
    for axis, size in sizes.items():
        if None not in (size, shape[axis]) and shape[axis] != size:
            raise ShapeError(
                f'Input 0 of layer "{layer.name}" is incompatible with the layer: expected axis '
                f"{axis} of input shape to have value {size}, but received input with shape "
                f"{shape}",
                received=f"input with shape {shape}",
                remedy=f"Give axis {axis} the size {size}, or make a new layer.",
                argument="input_shape",
            )


def known_size(layer: Layer, shape: Shape, axis: int) -> int:
    """The size of an axis, which a layer's weights depend upon.

    Raises:
        ShapeError: it is None.
    """
    size = shape[axis]
    if size is None:
        raise ShapeError(
            f"Axis {axis} of the input should have a defined dimension, on which the weights of "
            f"{layer!r} depend, but the layer received an input with shape {shape}.",
            received=f"input shape {shape}",
            remedy=f"Give axis {axis} a size.",
            argument="input_shape",
        )
    return size
