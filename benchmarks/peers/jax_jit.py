"""JAX: one jitted function for the whole layer, awaited with block_until_ready."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from workloads import Workload

from peers import Call

running = contextlib.nullcontext


def version() -> str:
    return jax.__version__


def use_threads(count: int) -> None:
    """JAX counts the processors that the process may use (`peers.limit_threads`)."""


def calls(work: Workload, x: np.ndarray, weights: list[np.ndarray]) -> dict[str, Call]:
    arrays = [jnp.asarray(a) for a in (x, *weights)]

    def call(operation: Callable) -> Call:
        jitted = jax.jit(operation)
        return Call(lambda: jitted(*arrays).block_until_ready(), np.asarray)

    return {name: call(f) for name, f in _OPERATIONS[work.family](work).items()}


def _layout(work: Workload) -> tuple[str, str, str]:
    axes = "DHW"[3 - work.rank :]
    return (f"N{axes}C", f"{axes}IO", f"N{axes}C")


def _convolve(work: Workload, x, kernel, groups: int = 1):
    return lax.conv_general_dilated(
        x, kernel, work.each_axis("strides"), work.pads(),
        rhs_dilation=work.each_axis("dilation_rate"),
        dimension_numbers=_layout(work), feature_group_count=groups,
    )  # fmt: skip


def _depthwise_sum(work: Workload, x, kernel):
    channels = x.shape[-1]
    return _convolve(work, x, kernel.reshape(*kernel.shape[:-2], 1, channels), channels)


def _convolution(work: Workload) -> dict[str, Callable]:
    groups = work.arguments.get("groups", 1)
    return {"jit": lambda x, kernel, bias: _convolve(work, x, kernel, groups) + bias}


def _depthwise(work: Workload) -> dict[str, Callable]:
    return {"jit": lambda x, kernel, bias: _depthwise_sum(work, x, kernel) + bias}


def _separable(work: Workload) -> dict[str, Callable]:
    def operation(x, depth, point, bias):
        return jnp.matmul(_depthwise_sum(work, x, depth), point[(0,) * work.rank]) + bias

    return {"jit": operation}


def _transposed(work: Workload) -> dict[str, Callable]:
    def operation(x, kernel, bias):
        sums = lax.conv_transpose(
            x, kernel, work.each_axis("strides"), "SAME",
            dimension_numbers=_layout(work), transpose_kernel=True,
        )  # fmt: skip
        return sums + bias

    return {"jit": operation}


def _up_sampling(work: Workload) -> dict[str, Callable]:
    factors = work.each_axis("size")
    mode = work.arguments.get("interpolation", "nearest")

    def resized(x):
        sizes = [n * factor for n, factor in zip(x.shape[1:-1], factors, strict=True)]
        return jax.image.resize(x, (x.shape[0], *sizes, x.shape[-1]), mode)

    def repeated(x):
        for axis, factor in enumerate(factors, 1):
            x = jnp.repeat(x, factor, axis)
        return x

    ways = {"resize": resized}
    return ways | {"repeat": repeated} if mode == "nearest" else ways


def _zero_padding(work: Workload) -> dict[str, Callable]:
    amount = work.arguments["padding"]
    amounts = [(0, 0), *[(amount, amount)] * work.rank, (0, 0)]
    return {"jit": lambda x: jnp.pad(x, amounts)}


def _cropping(work: Workload) -> dict[str, Callable]:
    amount = work.arguments["cropping"]
    part = (slice(None), *(slice(amount, -amount),) * work.rank)
    return {"jit": lambda x: x[part]}


_OPERATIONS = {
    "Conv": _convolution,
    "DepthwiseConv": _depthwise,
    "SeparableConv": _separable,
    "ConvTranspose": _transposed,
    "UpSampling": _up_sampling,
    "ZeroPadding": _zero_padding,
    "Cropping": _cropping,
}
