"""PyTorch: the functional calls under inference_mode, in NCHW and in channels_last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from workloads import Workload

from peers import Call

running = torch.inference_mode
FORMATS = {2: torch.channels_last, 3: torch.channels_last_3d}


def version() -> str:
    return torch.__version__


def use_threads(count: int) -> None:
    torch.set_num_threads(count)


def calls(work: Workload, x: np.ndarray, weights: list[np.ndarray]) -> dict[str, Call]:
    """The workload in both layouts; a 1-D layer has channels_last as a 2-D one of height 1."""
    found = {"NCHW": _call(work, x, weights, torch.contiguous_format)}
    if work.rank > 1:
        found["channels_last"] = _call(work, x, weights, FORMATS[work.rank])
    else:
        kernels = [w[None] if w.ndim > 1 else w for w in weights]
        lifted = _call(work.as_2d(), x[:, None], kernels, torch.channels_last)
        found["channels_last"] = Call(lifted.run, lambda y: lifted.to_numpy(y)[:, 0])
    return found


def _call(work: Workload, x: np.ndarray, weights: list[np.ndarray], layout: Any) -> Call:
    def placed(array: np.ndarray) -> Tensor:
        tensor = torch.from_numpy(np.ascontiguousarray(array))
        return tensor.contiguous(memory_format=layout) if array.ndim > 1 else tensor

    tensor = placed(np.moveaxis(x, -1, 1))
    parameters = [placed(w) for w in _weights(work, weights)]
    if work.family == "Cropping":
        run = _cropping(work, tensor, layout)
    else:
        run = _RUNS[work.family](work, tensor, *parameters)
    return Call(run, lambda y: np.moveaxis(y.numpy(), 1, -1))


def _weights(work: Workload, weights: list[np.ndarray]) -> Iterator[np.ndarray]:
    """Kernels as `(out, in, *size)`: `(in, out, *size)` for a transposed convolution."""
    depthwise_first = work.family in ("DepthwiseConv", "SeparableConv")
    for number, w in enumerate(weights):
        if w.ndim == 1:
            yield w
        elif depthwise_first and number == 0:
            yield np.moveaxis(w, (-2, -1), (0, 1)).reshape(-1, 1, *w.shape[:-2])
        else:
            yield np.moveaxis(w, (-1, -2), (0, 1))


def _convolution(work: Workload, x: Tensor, kernel: Tensor, bias: Tensor | None) -> Callable:
    """A convolution of any groups.

    Causal padding is taken on both sides, and the end of the output left away. What PyTorch cannot
    pad by itself ('same' with strides, more zeros after than before) is padded beforehand.
    """
    function = getattr(functional, f"conv{work.rank}d")
    strides, dilation = work.each_axis("strides"), work.each_axis("dilation_rate")
    groups = x.shape[1] // kernel.shape[1]
    pads = work.pads()
    if work.arguments.get("padding") == "causal":
        before, steps = [pad for pad, _ in pads], x.shape[-1]
        return lambda: function(x, kernel, bias, strides, before, dilation, groups)[..., :steps]
    if any(before != after for before, after in pads):
        x = functional.pad(x, [amount for pad in reversed(pads) for amount in pad])
        pads = [(0, 0)] * work.rank
    both = [before for before, _ in pads]
    return lambda: function(x, kernel, bias, strides, both, dilation, groups)


def _separable(work: Workload, x: Tensor, depth: Tensor, point: Tensor, bias: Tensor) -> Callable:
    function = getattr(functional, f"conv{work.rank}d")
    both = [before for before, _ in work.pads()]
    channels = x.shape[1]
    return lambda: function(function(x, depth, None, 1, both, 1, channels), point, bias)


def _transposed(work: Workload, x: Tensor, kernel: Tensor, bias: Tensor) -> Callable:
    function = getattr(functional, f"conv_transpose{work.rank}d")
    strides = work.each_axis("strides")
    sizes = zip(work.each_axis("kernel_size"), strides, strict=True)
    crops = [(size - stride) // 2 for size, stride in sizes]
    return lambda: function(x, kernel, bias, strides, crops)


def _up_sampling(work: Workload, x: Tensor) -> Callable:
    mode = work.arguments.get("interpolation", "nearest")
    scale = [float(factor) for factor in work.each_axis("size")]
    return lambda: functional.interpolate(x, scale_factor=scale, mode=mode)


def _zero_padding(work: Workload, x: Tensor) -> Callable:
    amounts = [work.arguments["padding"]] * (2 * work.rank)
    return lambda: functional.pad(x, amounts)


def _cropping(work: Workload, x: Tensor, layout: Any) -> Callable:
    amount = work.arguments["cropping"]
    part = (slice(None), slice(None), *(slice(amount, -amount),) * work.rank)
    return lambda: x[part].clone(memory_format=layout)


_RUNS = {
    "Conv": _convolution,
    "DepthwiseConv": _convolution,
    "SeparableConv": _separable,
    "ConvTranspose": _transposed,
    "UpSampling": _up_sampling,
    "ZeroPadding": _zero_padding,
}
