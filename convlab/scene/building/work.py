"""A layer at work on one example, and what is made of it: what all builders of steps share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import DataError, ShapeError
from convlab.geometry import axis_names
from convlab.layers import activations
from convlab.scene.activation_words import activation as activation_words
from convlab.scene.axis import Axis, Geometry
from convlab.scene.data import Grid, LayerStep, Norm, Time, Values

Array = NDArray[Any]


@dataclass(frozen=True)
class Work:
    """A layer, and the example that it is shown on.

    Args:
        layer: a built layer of the family.
        x: the example as a batch of one, prepared for the layer, in its own data format.
        input: the example as it is shown.
        time: the time step to show, of a recurrent layer.
    """

    layer: Any
    x: Array
    input: Grid
    time: int = -1


@dataclass(frozen=True)
class Made:
    """What a layer does, and what it gives.

    Args:
        steps: the steps of the layer, in order.
        output: the batch of one that it gives, in its own data format.
        time: the time step that is shown, of a recurrent layer.
    """

    steps: tuple[LayerStep, ...]
    output: Array
    time: Time | None = None


def values(array: ArrayLike) -> Values:
    """Numbers as they are shown: float32, or float64 where that is needed to hold them.

    >>> values([True, False]).dtype, values([2**40]).dtype
    (dtype('float32'), dtype('float64'))
    """
    found = np.asarray(array)
    wide = found.dtype == np.float64 or (found.dtype.kind in "iu" and found.dtype.itemsize > 2)
    return np.asarray(found, np.float64 if wide else np.float32)


def shown(layer: Any, array: Array) -> Values:
    """One example of a batch, channels last; sequences keep their time in front."""
    one = values(array[0])
    if one.ndim == 1:  # a global pooling's: as if at one place
        return one.reshape(*(1,) * layer.rank, -1)
    return np.moveaxis(one, -1 - layer.rank, -1) if layer.data_format == "channels_first" else one


_axis = lru_cache(maxsize=32)(Axis.of)  # most changes of a layer leave its axes as they are


def axes_of(geometries: Iterable[Geometry], padding: str = "zeros") -> tuple[Axis, ...]:
    """The tables of a step's axes, by their names; `padding` is what lies beyond the edge."""
    found = tuple(geometries)
    named = zip(axis_names(len(found)), found, strict=True)
    return tuple(_axis(name, geometry, padding) for name, geometry in named)


def output_grid(array: Values) -> Grid:
    """Numbers that a layer computed, by their own range."""
    return Grid(array, Norm.of(array))


def require(what: str, received: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    """Refuse an array of a step that has other sizes than its axes ask for."""
    if received != wanted:
        raise ShapeError(
            f"The {what} of a step has the sizes of its axes, {wanted}.",
            received=f"shape {received}",
            remedy=f"Give the {what} channels last and without its batch axis.",
        )


def channels_read(channels: int, depth: int, filters: int) -> NDArray[np.int32]:
    """Which input channels each filter reads: groups are contiguous blocks, as in Keras.

    >>> channels_read(4, 2, 2).tolist(), channels_read(2, 1, 4).tolist()  # grouped, depthwise
    ([[0, 1], [2, 3]], [[0], [0], [1], [1]])
    """
    groups, surplus = divmod(channels, depth)
    if surplus or filters % groups:
        raise ShapeError(
            "Channels and filters are divided into groups without remainder.",
            received=f"{channels} channels, a kernel of {depth} and {filters} filters",
            remedy="Use a kernel of shape (k_1, ..., k_N, C // groups, F).",
        )
    group = np.arange(filters)[:, None] // (filters // groups)
    return (group * depth + np.arange(depth)).astype(np.int32)


def activation_name(activation: Any) -> str:
    """What an activation is called; "linear" only of the identity itself."""
    if activation is activations.linear:
        return "linear"
    name = getattr(activation, "__name__", type(activation).__name__)
    return "linear (your own)" if name == "linear" else name


def activated(layer: Any, x: Array) -> tuple[Array, Array, dict[str, str]]:
    """The sums of a layer with a kernel, its output, and what is between them, in words.

    Raises:
        DataError: the activation changes the shape.
    """
    output = layer(x)
    name = activation_name(layer.activation)
    sums = output if name == "linear" else layer.convolve(x)
    if sums.shape != output.shape:
        raise DataError(
            f"A scene shows an activation that keeps the shape; {name} does not.",
            received=f"shape {sums.shape} before it and {output.shape} after it",
            remedy="Show the layer with activation='linear', and apply the activation after it.",
            argument="activation",
        )
    note = activation_words(name, layer.data_format, output.shape)
    return sums, output, {"activation": name, "note": note}


def sizes_out(axes: Sequence[Axis]) -> tuple[int, ...]:
    """How many output cells there are along each axis."""
    return tuple(axis.size_out for axis in axes)
