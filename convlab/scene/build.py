"""From plain arrays, or from a layer and an input, to a scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import DataError, ShapeError
from convlab.geometry import axis_names
from convlab.layers import Cost, activations
from convlab.scene.axis import Axis, Geometry
from convlab.scene.data import Grid, LayerStep, Norm, Scene, Table, Values
from convlab.scene.words import activation as activation_words
from convlab.scene.words import facts

_ROUNDOFF = {"float16": 2.0**-11, "bfloat16": 2.0**-8, "float32": 2.0**-24, "float64": 2.0**-53}


def build_scene(
    layer: Any,
    x: ArrayLike,
    *,
    item: int = 0,
    picture: bool = False,
    output: ArrayLike | None = None,
) -> Scene:
    """The scene of a convolution at work on one example of a batch.

    Args:
        layer: a Conv2D; it is built when it is not yet.
        x: the batch, `(batch, height, width, channels)` or in the layer's own data format.
        item: which example to show; negative counts from the end.
        picture: whether the values are those of a picture, 0 to 1: one channel is then shown in
            grey, three in colour.
        output: a batch to show in the place of the layer's own output, which it is compared with.

    Returns:
        The scene. Its output holds the layer's own values unless others were given.

    Raises:
        DataError: the batch has no such example, or is no array of floats.
        ShapeError: the layer refuses the input's shape.

    Example:
        >>> from convlab.layers import Conv2D
        >>> layer = Conv2D(1, 2, kernel_initializer="ones")
        >>> scene = build_scene(layer, np.ones((1, 3, 3, 1), "float32"))
        >>> scene.steps[0].output.values[..., 0].tolist()
        [[4.0, 4.0], [4.0, 4.0]]
    """
    if layer.lora_rank:
        raise DataError(
            "A scene shows one kernel; LoRA adds two more to it.",
            received=f"lora_rank={layer.lora_rank}",
            remedy="Make the layer without lora_rank, with the kernel that they make together.",
            argument="lora_rank",
        )
    batch = np.asarray(x)
    if batch.ndim and not -len(batch) <= item < len(batch):
        raise DataError(
            "A scene shows one example of the batch.",
            received=f"item={item} of a batch of {len(batch)}",
            remedy="Give a batch of at least one example, and the index of one of them.",
            argument="item",
        )
    example = layer.prepare(batch[item:][:1] if batch.ndim else batch)
    shown_output = layer(example) if output is None else np.asarray(output)[item:][:1]
    activation = _activation_name(layer.activation)
    linear = shown_output if activation == "linear" else layer.convolve(example)
    if linear.shape != shown_output.shape:
        raise DataError(
            f"A scene shows an activation that keeps the shape; {activation} does not.",
            received=f"shape {linear.shape} before it and {shown_output.shape} after it",
            remedy="Show the layer with activation='linear', and apply the activation after it.",
            argument="activation",
        )

    def shown(array: Values) -> Values:
        return np.moveaxis(array[0], 0, -1) if layer.data_format == "channels_first" else array[0]

    (geometries,) = layer.geometry(example.shape)
    kernel, *bias = layer.get_weights()
    step = convolution_step(
        axis_names(len(geometries)),
        geometries,
        shown(example),
        kernel,
        bias[0] if bias else None,
        shown(linear),
        shown(shown_output),
        activation=activation,
        table="grey" if picture and np.min(example, initial=0) >= 0 else None,
        colour=picture,
    )
    note = activation_words(activation, layer.data_format, shown_output.shape)
    return layer_scene(
        replace(step, note=note),
        layer=type(layer).__name__,
        code=repr(layer),
        data_format=layer.data_format,
        dtype=layer.compute_dtype,
        cost=layer.cost(example.shape),
    )


def _activation_name(activation: Any) -> str:
    """What the activation is called; "linear" only of the identity itself."""
    if activation is activations.linear:
        return "linear"
    name = getattr(activation, "__name__", type(activation).__name__)
    return "linear (your own)" if name == "linear" else name


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
        weight_shape=w.shape,
        weight_index=(*(f"tap{axis}" for axis in range(len(axes))), "slice", "filter"),
        groups=x.shape[-1] // depth,
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
    cost: Cost,
) -> Scene:
    """The scene of a layer of one step.

    Args:
        step: what the layer does.
        layer: the layer's class name.
        code: the call that makes it.
        data_format: "channels_last" or "channels_first": the order that indices are shown in.
        dtype: the name of the layer's compute dtype.
        cost: how many weights and multiply-adds it has.

    Returns:
        The scene, with its shapes, costs and facts.
    """
    first = data_format == "channels_first"

    def batched(shape: tuple[int, ...]) -> tuple[int | None, ...]:
        *place, channels = shape
        return (None, channels, *place) if first else (None, *place, channels)

    return Scene(
        layer=layer,
        code=code,
        data_format=data_format,
        dtype=dtype,
        roundoff=_ROUNDOFF[dtype],
        input_shape=batched(step.input.values.shape),
        output_shape=batched(step.output.values.shape),
        parameters=cost.params,
        macs=cost.macs or 0,
        steps=(step,),
        facts=facts(step.axes),
    )
