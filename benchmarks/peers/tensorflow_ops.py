"""TensorFlow: the raw operations, called eagerly and within a tf.function."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from workloads import Workload

from peers import Call

running = contextlib.nullcontext
ops = tf.raw_ops
tf.get_logger().setLevel("ERROR")  # many functions are traced: that is meant


def version() -> str:
    return tf.__version__


def use_threads(count: int) -> None:
    tf.config.threading.set_intra_op_parallelism_threads(count)
    tf.config.threading.set_inter_op_parallelism_threads(count)


def calls(work: Workload, x: np.ndarray, weights: list[np.ndarray]) -> dict[str, Call]:
    """The workload in both ways; a 1-D layer as a 2-D one of height 1, as TensorFlow has it."""
    if work.rank == 1:
        kernels = [w[None] if w.ndim > 1 else w for w in weights]
        lifted = calls(work.as_2d(), x[:, None], kernels)
        return {n: Call(c.run, lambda y, c=c: c.to_numpy(y)[:, 0]) for n, c in lifted.items()}
    operation = _OPERATIONS[work.family](work)
    graph = tf.function(operation)
    tensors = [tf.constant(a) for a in (x, *weights)]
    return {
        "raw": Call(lambda: operation(*tensors), lambda y: y.numpy()),
        "tf.function": Call(lambda: graph(*tensors), lambda y: y.numpy()),
    }


def _padding(work: Workload) -> dict[str, Any]:
    """What an operation is told of the padding; causal padding is explicit."""
    if work.arguments.get("padding") != "causal":
        return {"padding": work.arguments.get("padding", "valid").upper()}
    amounts = [amount for pad in work.pads() for amount in pad]
    return {"padding": "EXPLICIT", "explicit_paddings": [0, 0, *amounts, 0, 0]}


def _spread(work: Workload, argument: str) -> list[int]:
    return [1, *work.each_axis(argument), 1]


def _convolution(work: Workload) -> Callable:
    convolve = getattr(ops, f"Conv{work.rank}D")
    given = {
        "strides": _spread(work, "strides"),
        "dilations": _spread(work, "dilation_rate"),
        **_padding(work),
    }
    return lambda x, kernel, bias: ops.BiasAdd(
        value=convolve(input=x, filter=kernel, **given), bias=bias
    )


def _depthwise(work: Workload) -> Callable:
    """The operation wants equal strides: those of the width, as an axis of height 1 has none."""
    stride = work.each_axis("strides")[-1]
    given = {"strides": [1, stride, stride, 1], "padding": work.arguments["padding"].upper()}
    return lambda x, kernel, bias: ops.BiasAdd(
        value=ops.DepthwiseConv2dNative(input=x, filter=kernel, **given), bias=bias
    )


def _separable(work: Workload) -> Callable:
    ones = [1, 1, 1, 1]
    same = work.arguments["padding"].upper()

    def operation(x, depth, point, bias):
        middle = ops.DepthwiseConv2dNative(input=x, filter=depth, strides=ones, padding=same)
        sums = ops.Conv2D(input=middle, filter=point, strides=ones, padding="VALID")
        return ops.BiasAdd(value=sums, bias=bias)

    return operation


def _transposed(work: Workload) -> Callable:
    strides = work.each_axis("strides")
    sizes = [size * stride for size, stride in zip(work.shape[1:-1], strides, strict=True)]
    output_shape = tf.constant([work.shape[0], *sizes, work.channels_out])
    back = ops.Conv2DBackpropInput if work.rank == 2 else ops.Conv3DBackpropInputV2
    given = {
        "input_sizes": output_shape,
        "strides": [1, *strides, 1],
        "padding": work.arguments["padding"].upper(),
    }
    return lambda x, kernel, bias: ops.BiasAdd(
        value=back(filter=kernel, out_backprop=x, **given), bias=bias
    )


def _up_sampling(work: Workload) -> Callable:
    factors = work.each_axis("size")
    if work.rank == 3:
        return lambda x: _repeated(x, factors)
    sizes = [size * factor for size, factor in zip(work.shape[1:-1], factors, strict=True)]
    bilinear = work.arguments.get("interpolation") == "bilinear"
    resize = ops.ResizeBilinear if bilinear else ops.ResizeNearestNeighbor
    size = tf.constant(sizes)
    return lambda x: resize(images=x, size=size, half_pixel_centers=True)


def _repeated(x, factors):
    for axis, factor in enumerate(factors, 1):
        x = tf.repeat(x, factor, axis)
    return x


def _zero_padding(work: Workload) -> Callable:
    amount = work.arguments["padding"]
    amounts = tf.constant([[0, 0], *[[amount, amount]] * work.rank, [0, 0]])
    return lambda x: ops.Pad(input=x, paddings=amounts)


def _cropping(work: Workload) -> Callable:
    amount = work.arguments["cropping"]
    batch, *sizes, channels = work.shape
    begin = tf.constant([0, *[amount] * work.rank, 0])
    size = tf.constant([batch, *[n - 2 * amount for n in sizes], channels])
    return lambda x: ops.Slice(input=x, begin=begin, size=size)


_OPERATIONS = {
    "Conv": _convolution,
    "DepthwiseConv": _depthwise,
    "SeparableConv": _separable,
    "ConvTranspose": _transposed,
    "UpSampling": _up_sampling,
    "ZeroPadding": _zero_padding,
    "Cropping": _cropping,
}
