"""What a scene tells of each family of layers: its facts, and the cost that it is compared with."""

from __future__ import annotations

import math
from collections.abc import Iterator

from convlab.layers import Cost
from convlab.layers.base_conv import BaseConv
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.depthwise import BaseDepthwiseConv
from convlab.layers.separable import BaseSeparableConv
from convlab.scene import words
from convlab.scene.building.work import Made, Work


def convolution(work: Work, made: Made) -> Iterator[str]:
    """Conv1D, Conv2D, Conv3D."""
    layer: BaseConv = work.layer
    (step,) = made.steps
    yield from words.facts(step.axes)
    if layer.padding == "causal":
        yield "causal: no output reads ahead"
    if layer.groups > 1:
        depth, channels = step.channels.shape[1], step.input.values.shape[-1]
        yield f"{layer.groups} groups: each filter reads {depth} of {channels} channels"


def transposed(work: Work, made: Made) -> Iterator[str]:
    """Conv1DTranspose, Conv2DTranspose, Conv3DTranspose."""
    layer: BaseConvTranspose = work.layer
    (step,) = made.steps
    yield from words.stamped(layer.geometry(work.x.shape)[0])
    yield from words.trimmed(step.axes, layer.output_padding)
    yield from words.unread(step.axes)


def depthwise(work: Work, made: Made) -> Iterator[str]:
    """DepthwiseConv1D, DepthwiseConv2D."""
    (step,) = made.steps
    yield from words.facts(step.axes)
    own = "a kernel" if step.multiplier == 1 else f"{step.multiplier} kernels"
    yield f"each channel has {own} of its own and reads no other"
    yield _compared(work)


def separable(work: Work, made: Made) -> Iterator[str]:
    """SeparableConv1D, SeparableConv2D."""
    yield from words.facts(made.steps[0].axes)
    yield _compared(work)


def locally_connected(_: Work, made: Made) -> Iterator[str]:
    """LocallyConnected1D, LocallyConnected2D."""
    (step,) = made.steps
    yield from words.facts(step.axes)
    places = math.prod(axis.size_out for axis in step.axes)
    yield f"each of the {places:,} places has a kernel of its own"


def pooling(_: Work, made: Made) -> Iterator[str]:
    """Max and average pooling."""
    (step,) = made.steps
    yield from words.facts(step.axes)
    largest = step.reduce == "max"
    yield f"the {'largest number' if largest else 'mean'} of each window; nothing is trained"
    if any(axis.pad_before or axis.pad_after for axis in step.axes):
        yield "padding never wins" if largest else "padding does not count"


def global_pooling(_: Work, made: Made) -> Iterator[str]:
    """Global max and average pooling."""
    (step,) = made.steps
    cells = math.prod(axis.size_in for axis in step.axes)
    what = "largest" if step.reduce == "max" else "mean"
    yield f"one number for each channel: the {what} of its {cells:,} cells"


def cropping(work: Work, made: Made) -> Iterator[str]:
    """Cropping1D, Cropping2D, Cropping3D."""
    cut = _sides(work, made, -1)
    yield f"cut off: {cut}" if cut else "nothing is cut off"


def padding(work: Work, made: Made) -> Iterator[str]:
    """ZeroPadding1D, ZeroPadding2D, ZeroPadding3D."""
    zeros = _sides(work, made, 1)
    yield f"zeros are added: {zeros}" if zeros else "nothing is added"


def upsampling(work: Work, made: Made) -> Iterator[str]:
    """UpSampling1D, UpSampling2D, UpSampling3D."""
    (step,) = made.steps
    if step.axes[0].weights is None:
        yield words.repeated(work.layer.factors)
    else:
        yield words.mixed(step.axes, work.layer.interpolation)


def recurrent(work: Work, made: Made) -> Iterator[str]:
    """ConvLSTM1D, ConvLSTM2D, ConvLSTM3D."""
    layer: ConvLSTM = work.layer
    if made.time is not None:
        yield words.timed(made.time)
    if layer.go_backwards:
        yield "the sequence is read from its end"
    if layer.stateful:
        yield "the state begins at zero here, not at what the layer keeps"
    yield from words.facts(made.steps[0].axes)


def _sides(work: Work, made: Made, sign: int) -> str:
    """How many cells there are more, or with a negative sign fewer, at the ends of each axis."""
    axes = work.layer.geometry(work.x.shape)[0]
    (step,) = made.steps
    pads = [[sign * pad for pad in axis.pads] for axis in axes]
    named = zip(step.axes, pads, strict=True)
    return words.at_the_ends((axis.name, before, after) for axis, (before, after) in named)


def _compared(work: Work) -> str:
    return words.compared(work.layer.cost(work.x.shape), full_cost(work))


def full_cost(work: Work) -> Cost:
    """What a convolution that mixes all channels at once would cost in a layer's place.

    Its weights are `k_1 * ... * k_N * C * F`, each used once at every place.
    """
    layer: BaseDepthwiseConv | BaseSeparableConv = work.layer
    channels = work.input.values.shape[-1]
    filters = layer.channels_out(channels)
    axes = layer.geometry(work.x.shape)[0]
    weights = math.prod(axis.kernel for axis in axes) * channels * filters
    places = math.prod(axis.size_out or 0 for axis in axes)
    return Cost(weights + filters * bool(layer.use_bias), places * weights)
