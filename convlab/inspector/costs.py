"""What a layer costs: parameters, multiply-adds, operations, memory. The counting rules.

MACs     multiply-adds of inputs with kernels: of convolutions, dense and recurrent layers. A
tap that falls on padding counts, as profilers count it (nominal); of a transposed
convolution, each input cell is multiplied by every weight. `executed` leaves out the
products with padding, and those that are cropped away.
FLOPs    two for each MAC, and one for each bias that is added, each value that an activation
gives, each value that a pooling looks at, each value less one that is joined, and
two for each value that is normalised or scaled. Copies are free. A recurrent layer adds a bias
for each gate, and applies an activation to each gate and to its state, at every step.
memory   the bytes of the output for one example, in its dtype.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from convlab.geometry import AxisGeometry
from convlab.inspector.weights import weight_shapes
from convlab.layers import activations
from convlab.layers.base import Layer, Shape
from convlab.layers.base_augmentation import Augmentation
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.depthwise import BaseDepthwiseConv
from convlab.layers.global_pooling import BaseGlobalPooling
from convlab.layers.joining import Joining
from convlab.layers.lstm_cell import GATES
from convlab.layers.merging import Concatenate
from convlab.layers.noise import Noise
from convlab.layers.opaque import Opaque
from convlab.layers.operators import Operator
from convlab.layers.operators.table import COPYING, REDUCING
from convlab.layers.pooling import BasePooling
from convlab.layers.rectifiers import PReLU
from convlab.layers.separable import BaseSeparableConv
from convlab.layers.spatial import Spatial
from convlab.models.calls import Call

_SCALING = (
    "BatchNormalization",
    "LayerNormalization",
    "GroupNormalization",
    "UnitNormalization",
    "RMSNormalization",
    "Normalization",
    "LayerScale",
    "CustomScaleLayer",
    "Rescaling",
)
_FREE = (
    "InputLayer",
    "ActivityRegularization",
    "Identity",
    "Flatten",
    "Reshape",
    "Permute",
    "RepeatVector",
)


@dataclass(frozen=True)
class Costs:
    """What one call of a layer costs, for one example; None where it is not known.

    Attributes:
        params: the numbers in its weights.
        trainable_params: those that training would change.
        macs: multiply-adds, those with padding too.
        executed_macs: multiply-adds with cells of the input that reach the output.
        flops: operations.
        activation_bytes: the memory of the output.
    """

    params: int | None
    trainable_params: int | None
    macs: int | None
    executed_macs: int | None
    flops: int | None
    activation_bytes: int | None


def costs_of(call: Call) -> Costs:
    """What a call costs."""
    params, trainable = _params(call)
    if call.error is not None or any(wire.spec is None for wire in call.outputs):
        return Costs(params, trainable, None, None, None, None)
    macs = _macs(call)
    executed = _executed(call, macs)
    return Costs(params, trainable, macs, executed, _flops(call, macs), _bytes(call))


def _params(call: Call) -> tuple[int | None, int | None]:
    layer = call.layer
    if isinstance(layer, Opaque):
        return layer.params, layer.params
    if layer.built and layer.weighted:
        trainable = {id(weight) for weight in layer.trainable_weights}
        sizes = [(math.prod(weight.shape), id(weight) in trainable) for weight in layer.weights]
        return sum(n for n, _ in sizes), sum(n for n, counts in sizes if counts)
    if not layer.weighted:
        return 0, 0
    try:
        shapes = weight_shapes(layer, call.shape) if call.shape is not None else None
    except (ValueError, TypeError):
        shapes = None
    if shapes is None:
        return None, None
    total = sum(math.prod(size or 0 for size in shape) for shape in shapes.values())
    return total, total if layer.trainable else 0


def _macs(call: Call) -> int | None:
    try:
        return call.layer.cost(call.shape).macs
    except (NotImplementedError, ValueError, TypeError):
        return None


def _executed(call: Call, macs: int | None) -> int | None:
    """The multiply-adds that are no product with padding, and reach the output."""
    layer = call.layer
    if not macs or not isinstance(layer, Spatial):
        return macs
    steps = layer.geometry(call.shape)
    shares = [_share(axes) for axes in steps]
    if isinstance(layer, ConvLSTM):
        kernels = [math.prod(weight[:-1]) * weight[-1] for weight in _kernels(call)[:2]]
    elif isinstance(layer, BaseSeparableConv):
        kernels = [math.prod(weight) for weight in _kernels(call)[:2]]
    else:
        return int(macs * shares[0])
    total = sum(kernels)
    return int(sum(Fraction(macs * k, total) * s for k, s in zip(kernels, shares, strict=True)))


def _kernels(call: Call) -> list[tuple[int, ...]]:
    shapes = weight_shapes(call.layer, call.shape).values()
    return [tuple(size or 0 for size in shape) for shape in shapes]


def _share(axes: Iterable[Any]) -> Fraction:
    """Which part of the pairs of a cell and a tap reads an input cell."""
    share = Fraction(1)
    for axis in axes:
        if isinstance(axis, AxisGeometry):
            places = (axis.size_in if axis.transposed else axis.size_out) or 0
            if places:
                share *= Fraction(axis.read_pairs(), places * axis.kernel)
    return share


def _values(call: Call) -> int | None:
    """How many values the call gives for one example."""
    counts = [_count(wire.spec.shape) if wire.spec else None for wire in call.outputs]
    return None if None in counts else sum(count or 0 for count in counts)


def _count(shape: Shape) -> int | None:
    """How many values one example has."""
    return None if None in shape[1:] else math.prod(size or 0 for size in shape[1:])


def _flops(call: Call, macs: int | None) -> int | None:
    layer, values = call.layer, _values(call)
    if values is None or macs is None:
        return None
    if layer.class_name in _FREE or isinstance(layer, Concatenate | Noise | Augmentation):
        return 0
    if isinstance(layer, Operator):
        return _flops_of_operator(layer, call, values, macs)
    if layer.class_name in _SCALING:
        return 2 * values
    if isinstance(layer, BasePooling):
        window: tuple[int, ...] = layer.pool_size
        return values * math.prod(window)
    if isinstance(layer, BaseGlobalPooling):
        return _count(call.shape)
    if isinstance(layer, Joining):
        return values * max(len(call.inputs) - 1, 1)
    if isinstance(layer, ConvLSTM):
        steps = 1 if layer.return_sequences else call.shape[1] or 0
        return 2 * macs + values * steps * (GATES * (bool(layer.use_bias) + 1) + 1)
    biases = values if getattr(layer, "use_bias", False) else 0
    return 2 * macs + biases + (values if _activates(layer) else 0)


def _flops_of_operator(layer: Operator, call: Call, values: int, macs: int) -> int | None:
    if layer.operation in COPYING:
        return 0
    if layer.operation in REDUCING:
        return _count(call.shape[0])
    return 2 * macs or values * max(len(call.inputs) - 1, 1)


def _activates(layer: Layer) -> bool:
    """Whether a layer applies a function to each value."""
    function = getattr(layer, "activation", None)
    if function is not None:
        return function is not activations.linear
    if isinstance(layer, PReLU):
        return True
    return not layer.weighted and not isinstance(layer, Spatial | BaseDepthwiseConv)


def _bytes(call: Call) -> int | None:
    total = 0
    for wire in call.outputs:
        values = math.prod(size or 0 for size in wire.spec.shape[1:]) if wire.spec else 0
        if wire.spec is None or None in wire.spec.shape[1:]:
            return None
        total += values * _itemsize(wire.spec.dtype)
    return total


def _itemsize(dtype: str) -> int:
    return 2 if dtype == "bfloat16" else np.dtype(dtype).itemsize if dtype != "string" else 1
