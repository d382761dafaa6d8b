"""What a scene says, against the numbers of its tables."""

import itertools
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_scenes import CASES, scene_of_case

from convlab import layers
from convlab.geometry import transposed
from convlab.scene import Axis, build_scene
from convlab.scene.activation_words import activation
from convlab.scene.words import compared, facts, stamped


def facts_of(layer, *shape, **how):
    return build_scene(layer, np.ones(shape, "float32"), **how).facts


@pytest.mark.parametrize(
    ("layer", "shape", "expected"),
    [
        (layers.Conv2D(1, 3, strides=2), (1, 28, 5, 1), ["row 27 is never read"]),
        (
            layers.Conv1D(1, 2, padding="causal"),
            (1, 5, 1),
            ["each input cell is read 1 to 2 times", "causal: no output reads ahead"],
        ),
        (
            layers.Conv3D(4, 1, groups=2),
            (1, 2, 2, 2, 6),
            ["each input cell is read once", "2 groups: each filter reads 3 of 6 channels"],
        ),
        (
            layers.Conv2DTranspose(1, 3, strides=2, padding="same", output_padding=1),
            (1, 3, 3, 1),
            [
                "outputs collect 1, 2 or 4 taps in turn: a checkerboard can show",
                "cropped from the stamps: 1 row at the bottom, 1 column at the right",
                "output_padding adds 1 row at the top, 1 column at the left",
            ],
        ),
        (
            layers.Conv1DTranspose(1, 2, strides=3),
            (1, 3, 1),
            [
                "outputs collect 0 or 1 taps in turn: a checkerboard can show",
                "an output without a tap is the bias alone",
                "behind the last stamp: 1 cell at the end",
            ],
        ),
        (
            layers.Conv2DTranspose(1, 4, strides=2),
            (1, 3, 3, 1),
            ["away from the edges each output collects 4 taps"],
        ),
        (
            layers.DepthwiseConv2D(3, depth_multiplier=2),
            (1, 5, 5, 3),
            [
                "each input cell is read 1 to 9 times",
                "each channel has 2 kernels of its own and reads no other",
                "a full convolution: 168 parameters and 1,458 multiplications, 3.0 times as many",
            ],
        ),
        (
            layers.DepthwiseConv1D(1),
            (1, 5, 3),
            [
                "each input cell is read once",
                "each channel has a kernel of its own and reads no other",
                "a full convolution: 12 parameters and 45 multiplications, 3.0 times as many",
            ],
        ),
        (
            layers.SeparableConv2D(8, 3),
            (1, 6, 5, 4),
            [
                "each input cell is read 1 to 9 times",
                "a full convolution: 296 parameters and 3,456 multiplications, 4.2 times as many",
            ],
        ),
        (
            layers.LocallyConnected1D(2, 2, strides=2),
            (1, 5, 1),
            ["cell 4 is never read", "each of the 2 places has a kernel of its own"],
        ),
        (
            layers.MaxPooling2D(2),
            (1, 5, 4, 1),
            ["row 4 is never read", "the largest number of each window; nothing is trained"],
        ),
        (
            layers.AveragePooling1D(2, padding="same"),
            (1, 5, 1),
            [
                "each input cell is read once",
                "the mean of each window; nothing is trained",
                "padding does not count",
            ],
        ),
        (
            layers.GlobalMaxPooling3D(),
            (1, 2, 3, 4, 1),
            ["one number for each channel: the largest of its 24 cells"],
        ),
        (layers.Cropping1D((0, 2)), (1, 5, 1), ["cut off: 2 cells at the end"]),
        (layers.Cropping2D(0), (1, 5, 5, 1), ["nothing is cut off"]),
        (
            layers.ZeroPadding3D(((1, 0), (0, 0), (0, 2))),
            (1, 2, 2, 2, 1),
            ["zeros are added: 1 slice at the front, 2 columns at the right"],
        ),
        (layers.ZeroPadding1D(0), (1, 5, 1), ["nothing is added"]),
        (
            layers.UpSampling3D((1, 2, 3)),
            (1, 2, 2, 2, 1),
            ["each cell is repeated 1 x 2 x 3 = 6 times"],
        ),
        (
            layers.UpSampling2D(2, interpolation="bilinear"),
            (1, 3, 3, 1),
            ["bilinear: each output mixes up to 2 x 2 = 4 cells; their weights add up to 1"],
        ),
        (
            layers.ConvLSTM1D(1, 1, go_backwards=True),
            (1, 3, 4, 1),
            [
                "3 of 3 time steps made: it reads input 0",
                "the sequence is read from its end",
                "each input cell is read once",
            ],
        ),
    ],
)
def test_facts(layer, shape, expected):
    assert list(facts_of(layer, *shape)) == expected


@given(st.lists(st.tuples(*[st.integers(1, 5)] * 2, st.integers(1, 3)), min_size=1, max_size=2))
@settings(max_examples=60)
def test_how_many_taps_outputs_collect_is_counted_in_the_middle(axes):
    """Far from the edges: the numbers that are told are those that occur, and all of them."""
    inner = []
    for kernel, stride, dilation in axes:
        counts = Axis.of("steps", transposed(40, kernel, stride, dilation)).tap_counts()
        middle = len(counts) // 2
        inner.append(set(counts[middle : middle + stride].tolist()))
    products = sorted({math.prod(pick) for pick in itertools.product(*inner)})
    told = next(stamped([transposed(40, k, s, d) for k, s, d in axes]))
    numbers = [int(number) for number in re.findall(r"\d+", told)]
    if " to " in told:
        assert [products[0], products[-1]] == numbers
        assert len(products) > 4
    else:
        assert products == numbers
    assert ("checkerboard" in told) == (len(products) > 1)


@pytest.mark.parametrize(
    "name", ["DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"]
)
def test_the_full_convolution_is_a_layer_of_that_cost(name):
    rank = int(name[-2])
    own = {"depth_multiplier": 3, "kernel_size": 2, "padding": "same", "strides": 2}
    layer = getattr(layers, name)(**own, **({"filters": 4} if "Separable" in name else {}))
    shape = (1, *(5, 6)[:rank], 2)
    scene = build_scene(layer, np.ones(shape, "float32"))
    filters = scene.output_shape[-1]
    full = getattr(layers, f"Conv{rank}D")(filters, 2, padding="same", strides=2).cost(shape)
    assert scene.full_cost == full
    assert compared(layer.cost(shape), full) in scene.facts


@pytest.mark.parametrize(("name", "data_format"), CASES)
def test_every_layer_has_something_to_say(name, data_format):
    _, _, scene = scene_of_case(name, data_format, 1)
    assert scene.facts
    assert all(fact[0] == fact[0].lower() and not fact.endswith(".") for fact in scene.facts)
    for step in scene.steps:
        for axis in step.axes:
            assert all(note.endswith(".") for note in axis.notes)


def test_padding_is_zeros_only_where_it_is_multiplied():
    x = np.ones((1, 7, 1), "float32")
    (axis,) = build_scene(layers.MaxPooling1D(3, padding="same"), x).steps[0].axes
    assert axis.notes == ('"same" adds 2 cells of padding: 1 at the start, 1 at the end.',)
    (axis,) = build_scene(layers.Conv1D(1, 3, padding="same"), x).steps[0].axes
    assert axis.notes == ('"same" adds 2 cells of zeros: 1 at the start, 1 at the end.',)


def test_what_is_never_read_is_said_of_every_axis():
    axes = [Axis.of("height", transposed(5, 1, 1)), Axis.of("width", transposed(5, 2, 2))]
    assert facts(axes) == ("each input cell is read 2 times",)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((1, 4, 7), "softmax: e^x / Σ e^x over the steps of 7, the last axis, not the filters"),
        (
            (1, 4, 5, 6, 7),
            "softmax: e^x / Σ e^x over the width of 7, the last axis, not the filters",
        ),
    ],
)
def test_an_activation_over_an_axis_names_it(shape, words):
    assert activation("softmax", "channels_first", shape) == words
