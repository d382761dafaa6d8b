"""The steps of layers with a kernel, which is brought into one normal form."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import DataError
from convlab.layers.base_conv import BaseConv
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.depthwise import BaseDepthwiseConv
from convlab.layers.locally_connected import LocallyConnected
from convlab.layers.separable import BaseSeparableConv
from convlab.scene.axis import Axis
from convlab.scene.building.work import (
    Made,
    Work,
    activated,
    axes_of,
    channels_read,
    output_grid,
    require,
    shown,
    sizes_out,
    values,
)
from convlab.scene.data import Coordinate, Grid, LayerStep, Norm

Array = NDArray[Any]


def kernel_step(
    axes: Sequence[Axis],
    source: Grid,
    kernel: ArrayLike,
    bias: ArrayLike | None,
    linear: ArrayLike,
    output: ArrayLike,
    **particulars: Any,
) -> LayerStep:
    """One pass of a kernel over one example, from plain arrays without a batch, channels last.

    Args:
        axes: the spatial axes.
        source: what is read, `(dim_1, ..., dim_N, C)`.
        kernel: `(k_1, ..., k_N, C // groups, F)`, led by the output's sizes if `local`.
        bias: `(F,)`, or None.
        linear: `(out_1, ..., out_N, F)`, before the activation.
        output: the same shape, after it.
        **particulars: the other fields of a `LayerStep`.

    Returns:
        The step, with every table that a view needs.

    Raises:
        ShapeError: the arrays do not fit the axes or one another.

    Example:
        >>> from convlab.geometry import AxisGeometry
        >>> axis = Axis.of("steps", AxisGeometry(4, kernel=2))
        >>> ones = np.ones((4, 1), "float32")
        >>> step = kernel_step(
        ...     [axis], output_grid(ones), np.ones((2, 1, 1)), None, 2 * ones[:3], 2 * ones[:3])
        >>> step.output.values[:, 0].tolist()
        [2.0, 2.0, 2.0]
    """
    x = source.values
    w, z, y = (values(array) for array in (kernel, linear, output))
    depth, filters = w.shape[-2:]
    places = sizes_out(axes) if particulars.get("local") else ()
    taps = tuple(axis.kernel for axis in axes)
    require("input", x.shape, (*(axis.size_in for axis in axes), x.shape[-1]))
    require("kernel", w.shape, (*places, *taps, depth, filters))
    require("linear output", z.shape, (*sizes_out(axes), filters))
    require("output", y.shape, z.shape)
    return LayerStep(
        axes=tuple(axes),
        input=source,
        kernel=Grid(w, Norm.of(w, "signed")),
        bias=None if bias is None else values(bias),
        linear=z,
        output=output_grid(y),
        channels=channels_read(x.shape[-1], depth, filters),
        groups=x.shape[-1] // depth,
        **{"activation": "linear", **particulars},
    )


def convolution(work: Work) -> Made:
    """Conv1D, Conv2D, Conv3D."""
    layer: BaseConv = work.layer
    if layer.lora_rank:
        raise DataError(
            "A scene shows one kernel; LoRA adds two more to it.",
            received=f"lora_rank={layer.lora_rank}",
            remedy="Make the layer without lora_rank, with the kernel that they make together.",
            argument="lora_rank",
        )
    kernel = layer.computed(layer.kernel.value)
    return _one_step(work, kernel, kernel, (*_taps(layer.rank), "slice", "filter"), "convolution")


def transposed(work: Work) -> Made:
    """Conv1DTranspose, Conv2DTranspose, Conv3DTranspose: kernel `(*k, filters, channels)`."""
    layer: BaseConvTranspose = work.layer
    kernel = layer.computed(layer.kernel.value)
    index = (*_taps(layer.rank), "filter", "channel")
    return _one_step(work, kernel, np.swapaxes(kernel, -1, -2), index, "transposed convolution")


def depthwise(work: Work) -> Made:
    """DepthwiseConv1D, DepthwiseConv2D: kernel `(*k, channels, multiplier)`."""
    layer: BaseDepthwiseConv = work.layer
    kernel = layer.computed(layer.kernel.value)
    return _one_step(
        work,
        kernel,
        _side_by_side(kernel),
        (*_taps(layer.rank), "channel", "multiplier"),
        "depthwise",
        multiplier=kernel.shape[-1],
    )


def separable(work: Work) -> Made:
    """SeparableConv1D, SeparableConv2D: a depthwise step, then a pointwise one."""
    layer: BaseSeparableConv = work.layer
    first, second = layer.geometry(work.x.shape)
    kernels = [layer.computed(layer.depthwise_kernel.value)]
    kernels += [layer.computed(layer.pointwise_kernel.value)]
    between = layer.depthwise_step(layer.channels_last(layer.computed(work.x)))[0][0]
    sums, output, activation = activated(layer, work.x)
    taps = _taps(layer.rank)
    depthwise_step = kernel_step(
        axes_of(first),
        work.input,
        _side_by_side(kernels[0]),
        None,
        between,
        between,
        name="depthwise",
        weight_name="depthwise_kernel",
        weight_shape=kernels[0].shape,
        weight_index=(*taps, "channel", "multiplier"),
        multiplier=kernels[0].shape[-1],
    )
    pointwise_step = kernel_step(
        axes_of(second),
        depthwise_step.output,
        kernels[1],
        _bias(layer),
        shown(layer, sums),
        shown(layer, output),
        name="pointwise",
        weight_name="pointwise_kernel",
        weight_shape=kernels[1].shape,
        weight_index=(*taps, "slice", "filter"),
        **activation,
    )
    return Made((depthwise_step, pointwise_step), output)


def locally_connected(work: Work) -> Made:
    """LocallyConnected1D, LocallyConnected2D: kernel `(places, taps * channels, filters)`.

    In channels_first, Keras 2 keeps the channels before the taps.
    """
    layer: LocallyConnected = work.layer
    kernel = layer.computed(layer.kernel.value)
    axes = layer.geometry(work.x.shape)[0]
    places = tuple(axis.size_out or 0 for axis in axes)
    taps = tuple(axis.kernel for axis in axes)
    depth, filters = work.input.values.shape[-1], kernel.shape[-1]
    names = _taps(layer.rank)
    if layer.data_format == "channels_first":
        window, order = (depth, *taps), ("slice", *names)
        normal = np.moveaxis(kernel.reshape(*places, *window, filters), layer.rank, -2)
    else:
        window, order = (*taps, depth), (*names, "slice")
        normal = kernel.reshape(*places, *window, filters)
    at = _flattened([f"out{axis}" for axis in range(layer.rank)], places)
    index: tuple[Coordinate, ...] = (at, _flattened(order, window), "filter")
    return _one_step(work, kernel, normal, index, "locally connected", local=True)


def _one_step(
    work: Work,
    kernel: Array,
    normal: Array,
    index: tuple[Coordinate, ...],
    name: str,
    **particulars: Any,
) -> Made:
    """A layer of one step: its kernel as it keeps it, and in the normal form."""
    layer = work.layer
    sums, output, activation = activated(layer, work.x)
    step = kernel_step(
        axes_of(layer.geometry(work.x.shape)[0]),
        work.input,
        normal,
        _bias(layer),
        shown(layer, sums),
        shown(layer, output),
        name=name,
        weight_shape=kernel.shape,
        weight_index=index,
        **activation,
        **particulars,
    )
    return Made((step,), output)


def _bias(layer: Any) -> Array | None:
    if layer.bias is None:
        return None
    bias: Array = layer.computed(layer.bias.value)
    return layer.placed(bias) if isinstance(layer, LocallyConnected) else bias


def _taps(rank: int) -> tuple[str, ...]:
    return tuple(f"tap{axis}" for axis in range(rank))


def _side_by_side(kernel: Array) -> Array:
    """A depthwise kernel `(*k, C, M)` as one of filters that read one channel: `(*k, 1, C * M)`."""
    return kernel.reshape(*kernel.shape[:-2], 1, -1)


def _flattened(names: Sequence[str], sizes: Sequence[int]) -> tuple[tuple[str, int], ...]:
    """The coordinates that lie in one axis, row-major, each with how far its neighbours are apart.

    >>> _flattened(["out0", "out1"], [4, 5])
    (('out0', 5), ('out1', 1))
    """
    return tuple((name, math.prod(sizes[axis + 1 :])) for axis, name in enumerate(names))
