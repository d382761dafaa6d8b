"""The workloads that convlab is judged by: layers of real networks, and the explorer's own sizes.

Each is a Keras layer with its arguments, the shape of its input (channels_last) and a dtype. The
dense ones name what they are to reach: the most of the best peer's time, and the least part of the
processor's peak.
"""

from __future__ import annotations

import dataclasses
import math
import re
from typing import Any, NamedTuple

import numpy as np


class Target(NamedTuple):
    """What a workload is to reach.

    Args:
        ratio: our time over the best peer's, at most.
        peak: the part of the processor's peak, at least; None where memory sets the pace.
        microseconds: of one call, at most.
    """

    ratio: float = 1.0
    peak: float | None = None
    microseconds: float = math.inf


ANY = Target()
TINY = Target(ratio=0.6, microseconds=10)
SMALL = Target(ratio=0.4, microseconds=10)
DENSE = Target(peak=0.9)
THREE = Target(ratio=0.6, peak=0.9)  # 3x3, stride 1


@dataclasses.dataclass(frozen=True)
class Workload:
    """One layer on one input.

    Args:
        name: as the table shows it.
        layer: the class, as Keras and convlab call it.
        arguments: of the class.
        shape: of the input, batch first, channels last.
        dtype: of the input and the weights.
        target: what it is to reach.
        group: whose geometric mean it enters.
    """

    name: str
    layer: str
    arguments: dict[str, Any]
    shape: tuple[int, ...]
    dtype: str = "float32"
    target: Target = ANY
    group: str = ""

    @property
    def family(self) -> str:
        """The class without its rank: Conv, DepthwiseConv, SeparableConv, ConvTranspose, ..."""
        return re.sub(r"\dD", "", self.layer)

    @property
    def rank(self) -> int:
        return len(self.shape) - 2

    def each_axis(self, argument: str) -> tuple[int, ...]:
        """An argument of the layer, one number an axis; 1 where it is not given."""
        value = self.arguments.get(argument, 1)
        return value if isinstance(value, tuple) else (value,) * self.rank

    def pads(self) -> list[tuple[int, int]]:
        """The zeros before and after each axis of a convolution: TensorFlow's rule."""
        found = []
        for size, kernel, stride, dilation in zip(
            self.shape[1:-1],
            *map(self.each_axis, ("kernel_size", "strides", "dilation_rate")),
            strict=True,
        ):
            reach = (kernel - 1) * dilation + 1
            before = {
                "valid": 0,
                "causal": reach - 1,
                "same": max((-(-size // stride) - 1) * stride + reach - size, 0),
            }[self.arguments.get("padding", "valid")]
            both = self.arguments.get("padding") == "same"
            found.append((before // 2, before - before // 2) if both else (before, 0))
        return found

    def arrays(self) -> tuple[np.ndarray, list[np.ndarray]]:
        """The input and the weights, in Keras's order and shapes: always the same numbers."""
        numbers = np.random.default_rng(0)

        def draw(shape: tuple[int, ...], scale: float = 1.0) -> np.ndarray:
            return (numbers.standard_normal(shape) * scale).astype(self.dtype)

        weights = []
        for shape in self._kernel_shapes():
            taps = math.prod(shape) // max(shape[-2:])
            weights.append(draw(shape, taps**-0.5))
        if weights:
            weights.append(draw((self.channels_out,), 0.1))
        return draw(self.shape), weights

    @property
    def channels_out(self) -> int:
        return self.arguments.get("filters", self.shape[-1])

    def _kernel_shapes(self) -> list[tuple[int, ...]]:
        channels, filters, groups = self.shape[-1], self.channels_out, self.arguments.get("groups")
        size = self.each_axis("kernel_size")
        return {
            "Conv": [(*size, channels // (groups or 1), filters)],
            "ConvTranspose": [(*size, filters, channels)],
            "DepthwiseConv": [(*size, channels, 1)],
            "SeparableConv": [(*size, channels, 1), (*(1,) * self.rank, channels, filters)],
        }.get(self.family, [])

    def operations(self, output_shape: tuple[int, ...]) -> int:
        """Multiplications and additions, taps in the padding included; 0 without a kernel."""
        counted = self.shape if self.family == "ConvTranspose" else output_shape
        return 2 * math.prod(counted[:-1]) * sum(map(math.prod, self._kernel_shapes()))

    def as_2d(self) -> Workload:
        """The same work of a 1-D layer on an input of height 1: `(batch, 1, steps, channels)`."""
        lifted = {
            name: (1, *self.each_axis(name))
            for name in ("kernel_size", "strides", "dilation_rate")
            if name in self.arguments
        }
        return dataclasses.replace(
            self,
            layer=self.layer.replace("1D", "2D"),
            arguments=self.arguments | lifted,
            shape=(self.shape[0], 1, *self.shape[1:]),
        )


def _same(filters: int | None, kernel_size: int, **more: Any) -> dict[str, Any]:
    """The arguments of a layer with padding='same'; filters=None for a depthwise one."""
    chosen = {} if filters is None else {"filters": filters}
    return {**chosen, "kernel_size": kernel_size, "padding": "same", **more}


DOUBLE = {"size": 2}
BILINEAR = {"size": 2, "interpolation": "bilinear"}

F32, F64 = "float32", "float64"
_TABLE: dict[str, list[tuple[Any, ...]]] = {
    "explorer": [
        ("12x12x1, 3x3", "Conv2D", {"filters": 1, "kernel_size": 3}, (1, 12, 12, 1), F32, TINY),
        ("28x28x1, 3x3 -> 8", "Conv2D", _same(8, 3), (1, 28, 28, 1), F32, SMALL),
        ("28x28x3, 5x5/2 -> 16", "Conv2D", _same(16, 5, strides=2), (1, 28, 28, 3), F32, SMALL),
        ("28x28x3, bilinear", "UpSampling2D", BILINEAR, (1, 28, 28, 3), F32, SMALL),
    ],
    "2-D": [
        ("stem 7x7/2, 224x224x3", "Conv2D", _same(64, 7, strides=2), (1, 224, 224, 3), F32, DENSE),
        ("3x3, 56x56x64", "Conv2D", _same(64, 3), (1, 56, 56, 64), F32, THREE),
        ("3x3, 14x14x256", "Conv2D", _same(256, 3), (1, 14, 14, 256), F32, THREE),
        ("1x1, 28x28x512 -> 128", "Conv2D", _same(128, 1), (1, 28, 28, 512), F32, DENSE),
        ("dilated 2, 28x28x128", "Conv2D", _same(128, 3, dilation_rate=2), (1, 28, 28, 128),
         F32, DENSE),
        ("dilated 4, 28x28x128", "Conv2D", _same(128, 3, dilation_rate=4), (1, 28, 28, 128),
         F32, DENSE),
        ("32 groups, 56x56x128", "Conv2D", _same(128, 3, groups=32), (1, 56, 56, 128)),
    ],
    "batch 8": [
        ("3x3, 8x56x56x64", "Conv2D", _same(64, 3), (8, 56, 56, 64), F32, THREE),
        ("3x3, 8x14x14x256", "Conv2D", _same(256, 3), (8, 14, 14, 256), F32, THREE),
        ("1x1, 8x28x28x512 -> 128", "Conv2D", _same(128, 1), (8, 28, 28, 512), F32, DENSE),
        ("transposed 4x4/2, 8x8x8x512 -> 256", "Conv2DTranspose", _same(256, 4, strides=2),
         (8, 8, 8, 512), F32, DENSE),
    ],
    "depthwise": [
        ("depthwise 3x3, 112x112x32", "DepthwiseConv2D", _same(None, 3), (1, 112, 112, 32)),
        ("depthwise 3x3/2, 112x112x32", "DepthwiseConv2D", _same(None, 3, strides=2),
         (1, 112, 112, 32)),
        ("depthwise 3x3, 14x14x512", "DepthwiseConv2D", _same(None, 3), (1, 14, 14, 512)),
        ("separable 3x3, 56x56x64 -> 128", "SeparableConv2D", _same(128, 3), (1, 56, 56, 64)),
        ("depthwise 5, 4000x64", "DepthwiseConv1D", _same(None, 5), (1, 4000, 64)),
    ],
    "1-D": [
        ("WaveNet 2, dilation 512, 16000x64", "Conv1D",
         {"filters": 64, "kernel_size": 2, "dilation_rate": 512, "padding": "causal"},
         (1, 16000, 64), F32, DENSE),
        ("3, 1000x128", "Conv1D", _same(128, 3), (1, 1000, 128), F32, DENSE),
    ],
    "3-D": [
        ("3x3x3, 16x56x56x64", "Conv3D", _same(64, 3), (1, 16, 56, 56, 64), F32, DENSE),
        ("stem 3x3x3, 16x112x112x3", "Conv3D", _same(64, 3), (1, 16, 112, 112, 3), F32, DENSE),
    ],
    "transposed": [
        ("transposed 4x4/2, 8x8x512 -> 256", "Conv2DTranspose", _same(256, 4, strides=2),
         (1, 8, 8, 512), F32, DENSE),
        ("transposed 4x4/2, 64x64x64 -> 3", "Conv2DTranspose", _same(3, 4, strides=2),
         (1, 64, 64, 64)),
        ("transposed 4/2, 1000x64", "Conv1DTranspose", _same(64, 4, strides=2), (1, 1000, 64)),
        ("transposed 4x4x4/2, 8x16x16x64 -> 32", "Conv3DTranspose", _same(32, 4, strides=2),
         (1, 8, 16, 16, 64), F32, DENSE),
    ],
    "moving data": [
        ("nearest, 112x112x64", "UpSampling2D", DOUBLE, (1, 112, 112, 64)),
        ("bilinear, 112x112x64", "UpSampling2D", BILINEAR, (1, 112, 112, 64)),
        ("nearest, 8x28x28x64", "UpSampling3D", DOUBLE, (1, 8, 28, 28, 64)),
        ("zero padding 3, 112x112x64", "ZeroPadding2D", {"padding": 3}, (1, 112, 112, 64)),
        ("cropping 3, 112x112x64", "Cropping2D", {"cropping": 3}, (1, 112, 112, 64)),
    ],
    "float64": [
        ("3x3, 56x56x64, float64", "Conv2D", _same(64, 3), (1, 56, 56, 64), F64, THREE),
        ("1x1, 28x28x512 -> 128, float64", "Conv2D", _same(128, 1), (1, 28, 28, 512), F64, DENSE),
        ("depthwise 3x3, 112x112x32, float64", "DepthwiseConv2D", _same(None, 3),
         (1, 112, 112, 32), F64, ANY),
    ],
}  # fmt: skip

WORKLOADS = [Workload(*row, group=group) for group, rows in _TABLE.items() for row in rows]
