"""From plain arrays, or from a layer and an input, to a scene."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import ShapeError
from convlab.scene.data import Axis, Geometry, Grid, LayerStep, Norm, Scene, Table, Values
from convlab.scene.words import facts


def convolution_step(
    names: Sequence[str],
    geometries: Sequence[Geometry],
    inputs: ArrayLike,
    kernel: ArrayLike,
    bias: ArrayLike | None,
    linear: ArrayLike,
    output: ArrayLike,
    *,
    activation: str = "linear",
    table: Table | None = None,
    colour: bool = False,
) -> LayerStep:
    """One convolution of one example, from plain arrays without a batch axis, channels last.

    Args:
        names: what the spatial axes are called.
        geometries: the relation along each spatial axis.
        inputs: `(dim_1, ..., dim_N, C)`.
        kernel: `(k_1, ..., k_N, C // groups, F)`.
        bias: `(F,)`, or None.
        linear: `(out_1, ..., out_N, F)`, before the activation.
        output: the same shape, after it.
        activation: the activation's name.
        table: the colour table of the input; by default chosen by its values.
        colour: whether the input's three channels are red, green and blue.

    Returns:
        The step, with every table that a view needs.

    Raises:
        ShapeError: the arrays do not fit the axes or one another.

    Example:
        >>> from convlab.geometry import AxisGeometry
        >>> ones = np.ones((4, 1), "float32")
        >>> step = convolution_step(
        ...     ["steps"], [AxisGeometry(4, kernel=2)], ones, np.ones((2, 1, 1)), None,
        ...     2 * ones[:3], 2 * ones[:3])
        >>> step.output.values[:, 0].tolist()
        [2.0, 2.0, 2.0]
    """
    axes = tuple(Axis.of(name, geometry) for name, geometry in zip(names, geometries, strict=True))
    x, w, z, y = (_values(array) for array in (inputs, kernel, linear, output))
    depth, filters = w.shape[-2:]
    _require("input", x.shape, (*(axis.size_in for axis in axes), x.shape[-1]))
    _require("kernel", w.shape, (*(axis.kernel for axis in axes), depth, filters))
    _require("linear output", z.shape, (*(axis.size_out for axis in axes), filters))
    _require("output", y.shape, z.shape)
    return LayerStep(
        axes=axes,
        input=Grid(x, Norm.of(x, table), colour=colour and x.shape[-1] == 3),
        kernel=Grid(w, Norm.of(w, "signed")),
        bias=None if bias is None else _values(bias),
        linear=z,
        output=Grid(y, Norm.of(y)),
        channels=_channels_read(x.shape[-1], depth, filters),
        activation=activation,
    )


def _require(name: str, received: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    if received != wanted:
        raise ShapeError(
            f"The {name} of a step has the sizes of its axes, {wanted}.",
            received=f"shape {received}",
            remedy=f"Give the {name} channels last and without its batch axis.",
        )


def _values(array: ArrayLike) -> Values:
    values = np.asarray(array)
    return values if values.dtype == np.float64 else values.astype(np.float32)


def _channels_read(channels: int, depth: int, filters: int) -> NDArray[np.int32]:
    """Which input channels each filter reads: groups are contiguous blocks, as in Keras."""
    groups, surplus = divmod(channels, depth)
    if surplus or filters % groups:
        raise ShapeError(
            "Channels and filters are divided into groups without remainder.",
            received=f"{channels} channels, a kernel of {depth} and {filters} filters",
            remedy="Use a kernel of shape (k_1, ..., k_N, C // groups, F).",
        )
    group = np.arange(filters)[:, None] // (filters // groups)
    return (group * depth + np.arange(depth)).astype(np.int32)


def layer_scene(
    step: LayerStep,
    *,
    layer: str = "Conv2D",
    code: str = "",
    data_format: str = "channels_last",
    dtype: str = "float32",
) -> Scene:
    """The scene of a layer of one step.

    Args:
        step: what the layer does.
        layer: the layer's class name.
        code: the call that makes it.
        data_format: "channels_last" or "channels_first": the order that indices are shown in.
        dtype: the name of the layer's compute dtype.

    Returns:
        The scene, with its shapes, costs and facts.
    """
    first = data_format == "channels_first"

    def batched(shape: tuple[int, ...]) -> tuple[int | None, ...]:
        *place, channels = shape
        return (None, channels, *place) if first else (None, *place, channels)

    kernel, output = step.kernel.values, step.output.values
    return Scene(
        layer=layer,
        code=code,
        data_format=data_format,
        dtype=dtype,
        input_shape=batched(step.input.values.shape),
        output_shape=batched(output.shape),
        parameters=kernel.size + (0 if step.bias is None else step.bias.size),
        macs=output.size * (kernel.size // kernel.shape[-1]),
        steps=(step,),
        facts=facts(step.axes),
    )
