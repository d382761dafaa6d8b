"""What `explain` derives, against the layers themselves, and how it prints."""

import html.parser
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

import convlab as cl
from convlab.errors import ArgumentError, ShapeError
from convlab.inspector import explain


@st.composite
def _arguments(draw):
    strides = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    dilation = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    groups = draw(st.integers(1, 3))
    return {
        "filters": groups * draw(st.integers(1, 4)),
        "kernel_size": draw(st.tuples(st.integers(1, 4), st.integers(1, 4))),
        "strides": strides if max(dilation) == 1 else 1,
        "padding": draw(st.sampled_from(["valid", "same"])),
        "data_format": draw(st.sampled_from(["channels_last", "channels_first"])),
        "dilation_rate": dilation,
        "groups": groups,
        "use_bias": draw(st.booleans()),
    }


_SIZES = st.tuples(st.none() | st.integers(1, 12), st.none() | st.integers(1, 12))


def _shape(layer, sizes, channels):
    first = layer.data_format == "channels_first"
    return (None, channels, *sizes) if first else (None, *sizes, channels)


@settings(deadline=None)
@given(_arguments(), _SIZES, st.integers(1, 3))
def test_the_numbers_are_the_layer_s_own(arguments, sizes, multiple):
    layer = cl.Conv2D(**arguments)
    shape = _shape(layer, sizes, multiple * layer.groups)
    try:
        output_shape = layer.compute_output_shape(shape)
    except ShapeError as refusal:
        with pytest.raises(ShapeError, match=re.escape(refusal.rule)):
            explain(layer, shape)
        return
    explained = explain(layer, shape)
    cost = layer.cost(shape)
    assert explained.output_shape == output_shape
    assert (explained.parameters, explained.macs) == (cost.params, cost.macs)
    for axis, (geometry,) in zip(explained.axes, zip(layer.geometry(shape)[0]), strict=True):
        assert axis.geometry == geometry
        found = {step.symbol: step.result for step in axis.steps}
        assert found["m"] == geometry.size_out
        assert found["K"] == geometry.reach
        if geometry.size_in is not None and layer.padding == "same":
            assert (found["P_before"], found["P_after"]) == geometry.pads
    layer.build(shape)
    assert explained.kernel_shape == layer.get_weights()[0].shape
    assert explained.parameters == layer.count_params()


@settings(deadline=None)
@given(_arguments(), _SIZES, st.integers(1, 3))
def test_every_line_holds_for_the_numbers_printed_in_it(arguments, sizes, multiple):
    """Python itself agrees with each printed equation: formula, numbers, result."""
    layer = cl.Conv2D(**arguments)
    try:
        explained = explain(layer, _shape(layer, sizes, multiple * layer.groups))
    except ShapeError:
        return
    steps = [step for axis in explained.axes for step in axis.steps] + list(explained.counts)
    checked = 0
    for step in steps:
        if step.result is None:
            continue
        names = {"ceil": lambda value: int(np.ceil(value)), "max": max} | dict(step.values)
        printed = (str(step.formula), str(step.substituted), step.outcome)
        assert {eval(text, {"__builtins__": {}}, names) for text in printed} == {step.result}
        checked += 1
    assert checked >= 4


def test_a_shape_may_come_with_or_without_its_batch():
    layer = cl.Conv2D(8, 3, strides=2, padding="same")
    assert explain(layer, (28, 28, 1)) == explain(layer, [None, 28, 28, 1])
    assert explain(layer, (4, 28, 28, 1)).output_shape == (4, 14, 14, 8)
    assert explain(layer, np.zeros((28, 28, 1)).shape).input_shape == (None, 28, 28, 1)


@pytest.mark.parametrize(
    ("layer", "height", "in_words"),
    [
        (cl.Conv2D(1, 3, strides=2), None, "(n - 1)//2"),
        (cl.Conv2D(1, 3, strides=2, padding="same"), None, "(n + 1)//2"),
        (cl.Conv2D(1, 3), None, "n - 2"),
        (cl.Conv2D(1, 3, padding="same"), None, "n"),
        (cl.Conv2D(1, 3, strides=2), 29, "14"),
    ],
)
def test_an_unknown_size_stays_symbolic(layer, height, in_words):
    explained = explain(layer, (height, 28, 1))
    assert explained.axes[0].size_out == in_words
    assert f"height: {height or 'n'} -> {in_words}" in str(explained)
    assert (explained.macs is None) == (height is None)


@pytest.mark.parametrize(
    ("layer", "shape", "note"),
    [
        (cl.Conv2D(1, 3, strides=2), (28, 27, 1), "height: row 27 is never read."),
        (cl.Conv2D(1, 1, strides=3), (6, 7, 1), "height: rows 1, 2, 4 and 5 are never read."),
        (
            cl.Conv2D(1, 3, strides=2, padding="same"),
            (28, 28, 1),
            'width: "same" adds 1 column of zeros: 0 at the left, 1 at the right.',
        ),
        (
            cl.Conv2D(1, 4, padding="same"),
            (9, 9, 1),
            'height: "same" adds 3 rows of zeros: 1 at the top, 2 at the bottom.',
        ),
        (cl.Conv2D(1, 1, padding="same"), (9, 9, 1), 'height: "same" needs no padding here.'),
        (
            cl.Conv2D(1, 3, strides=2, padding="same"),
            (None, 9, 1),
            'height: "same" pads according to the height, which is not known.',
        ),
        (
            cl.Conv2D(1, 3, dilation_rate=(2, 3)),
            (9, 9, 1),
            "width: the window skips 2 columns between neighbouring taps.",
        ),
        (cl.Conv2D(8, 3, groups=2), (9, 9, 4), "filters 4 to 7 read channels 2 and 3."),
        (cl.Conv2D(3, 3, groups=3), (9, 9, 3), "filter 2 reads channel 2."),
    ],
)
def test_the_notes_say_what_a_reader_would_trip_over(layer, shape, note):
    assert note in explain(layer, shape).notes


def test_equal_axes_are_told_once_and_unequal_ones_apart():
    layer = cl.Conv2D(8, (3, 5))
    assert "height and width: 28 -> 26" in str(explain(cl.Conv2D(8, 3), (28, 28, 1)))
    text = str(explain(layer, (28, 28, 1)))
    assert "height: 28 -> 26" in text
    assert "width: 28 -> 24" in text


def test_the_text_is_aligned_and_fits_a_terminal():
    text = str(explain(cl.Conv2D(8, 3, strides=2, padding="same"), (28, 28, 1)))
    assert all(len(line) <= 80 for line in text.splitlines())
    equations = [line for line in text.splitlines() if re.match(r" +[KmP]\w* = ", line)]
    assert len({line.index("=") for line in equations}) == 1
    assert "P = max((m - 1)*s + K - n, 0) = max((14 - 1)*2 + 3 - 28, 0) = 1" in text
    assert "N = W + B = 72 + 8 = 80" in text
    assert "M = m_h*m_w*W = 14*14*72 = 14112" in text


class _Reader(html.parser.HTMLParser):
    """Collects tags, attributes and text; fails on tags that do not close."""

    def __init__(self, text):
        super().__init__()
        self.open, self.words, self.links, self.scopes = [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        if tag != "br":
            self.open.append(tag)
        self.scopes += [value for name, value in attrs if name == "scope"]
        self.links += [value for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_the_html_is_well_formed_accessible_and_stands_alone():
    explained = explain(cl.Conv2D(8, 3, name="a<b>&"), (28, 28, 1))
    markup = explained._repr_html_()
    read = _Reader(markup)
    assert read.links == []
    assert "url(" not in markup
    assert read.scopes.count("col") == 8
    assert read.scopes.count("row") == len(explained.axes[0].steps) + len(explained.counts)
    assert "(28 - 3)//1 + 1" in read.words
    assert "a<b>&" in "".join(read.words)


@settings(deadline=None, max_examples=40)
@given(_arguments(), _SIZES)
def test_every_latex_line_compiles(arguments, sizes):
    layer = cl.Conv2D(**arguments)
    try:
        latex = explain(layer, _shape(layer, sizes, 6)).latex()
    except ShapeError:
        return
    parser = MathTextParser("path")
    lines = [line for line in latex.splitlines() if "&" in line]
    assert len(lines) >= 8
    for line in lines:
        # mathtext knows neither alignment nor line breaks nor bold text
        plain = line.replace("&", "").removesuffix(r"\\").replace(r"\textbf", r"\mathbf")
        parser.parse(f"${plain.strip()}$")
    assert latex.count(r"\begin{aligned}") == latex.count(r"\end{aligned}")
    assert latex.count("$$") % 2 == 0


@pytest.mark.parametrize("shape", [28, None, "28,28,1", (28.0, 28, 1), (28, "28", 1)])
def test_a_shape_that_is_no_shape_is_refused(shape):
    with pytest.raises(ArgumentError, match=r"sequence of sizes(.|\n)*Use e\.g\. \(28, 28, 1\)"):
        explain(cl.Conv2D(8, 3), shape)


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (cl.Conv2D(8, 7), (5, 28, 1), "axis 'height': the kernel reaches 7 .* has 5"),
        (cl.Conv2D(8, 3), (28, 28), "same length as input"),
        (cl.Conv2D(8, 3, groups=2), (28, 28, 3), "evenly divisible by the number of groups"),
    ],
)
def test_the_layer_s_refusals_pass_through_with_their_remedy(layer, shape, message):
    with pytest.raises(ShapeError, match=message) as caught:
        explain(layer, shape)
    assert caught.value.remedy


def test_what_is_no_layer_is_refused():
    with pytest.raises(ArgumentError, match=r"explain takes a convolutional layer"):
        explain(28, (28, 28, 1))


def test_explaining_does_not_build_the_layer():
    layer = cl.Conv2D(8, 3)
    explain(layer, (28, 28, 1))
    assert not layer.built


@pytest.mark.parametrize(
    ("layer", "shape", "notes"),
    [
        (cl.Conv2D(8, 3), (10**12, 28, 1), ()),
        (cl.Conv2D(1, 3, strides=(2, 1)), (10**8, 28, 1), ("height: row 99999999 is never read.",)),
        (
            cl.Conv2D(1, 1, strides=(2, 1)),
            (10**8, 28, 1),
            ("height: rows 1, 3, 5 and so on are never read.",),
        ),
        (
            cl.Conv2D(1, 3, strides=(99999999999999999999, 1)),
            (28, 28, 1),
            ("height: rows 3 to 27 are never read.",),
        ),
        (
            cl.Conv2D(2 * 10**12, 3, groups=2),
            (28, 28, 2),
            (
                "filters 0 to 999999999999 read channel 0.",
                "filters 1000000000000 to 1999999999999 read channel 1.",
            ),
        ),
    ],
)
def test_sizes_without_bound_are_explained_at_once(layer, shape, notes):
    assert explain(layer, shape).notes == notes


@pytest.mark.parametrize("arguments", [{}, {"groups": 2}, {"use_bias": False}])
def test_the_weights_of_a_low_rank_update_are_counted(arguments):
    layer = cl.Conv2D(4, (2, 3), lora_rank=3, **arguments)
    explained = explain(layer, (9, 9, 4))
    cost = layer.cost((None, 9, 9, 4))
    layer.build((None, 9, 9, 4))
    assert explained.parameters == cost.params == layer.count_params()
    assert explained.macs == cost.macs
    assert "Weights of the low-rank update." in str(explained)


def test_whole_floats_as_strides_are_explained_as_integers():
    found = explain(cl.Conv2D(1, 3, strides=(2.0, 2)), (28, 28, 1))
    assert found.output_shape == (None, 13, 13, 1)
    assert found.axes[0].geometry.stride == 2


L = cl.layers
FAMILIES = [
    (L.Conv1D(4, 3, padding="causal"), (10, 2)),
    (L.Conv3D(4, 3, strides=2, padding="same"), (9, 8, 7, 2)),
    (L.DepthwiseConv2D(3, depth_multiplier=2), (9, 8, 3)),
    (L.SeparableConv1D(4, 3, use_bias=False), (9, 3)),
    (L.SeparableConv2D(4, 3, padding="same", depth_multiplier=2), (9, 8, 3)),
    (L.Conv1DTranspose(4, 4, strides=3, padding="same"), (9, 3)),
    (L.Conv2DTranspose(4, 2, strides=3, output_padding=1), (9, 8, 3)),
    (L.Conv3DTranspose(4, 3, dilation_rate=2), (4, 3, 5, 2)),
    (L.ConvLSTM1D(4, 3), (5, 9, 2)),
    (L.ConvLSTM2D(4, 3, data_format="channels_first"), (5, 2, 9, 8)),
    (L.LocallyConnected2D(4, 3), (9, 8, 2)),
    (L.MaxPooling2D(3, strides=2, padding="same"), (9, 8, 3)),
    (L.AveragePooling1D(3), (9, 3)),
    (L.GlobalAveragePooling2D(), (9, 8, 3)),
    (L.Cropping2D(((1, 2), 3)), (9, 8, 3)),
    (L.ZeroPadding3D(1), (4, 3, 5, 2)),
    (L.UpSampling1D(3), (9, 3)),
    (L.UpSampling2D(2, interpolation="lanczos3"), (9, 8, 3)),
]


@pytest.mark.parametrize(("layer", "shape"), FAMILIES, ids=lambda v: type(v).__name__)
def test_every_layer_is_explained_with_its_own_numbers(layer, shape):
    found = explain(layer, shape)
    whole = (None, *shape)
    assert found.output_shape == tuple(layer.compute_output_shape(whole))
    cost = layer.cost(whole)
    assert (found.parameters, found.macs) == (cost.params, cost.macs)
    layer.build((2, *shape))
    assert list(found.weights.values()) == [w.shape for w in layer.get_weights()]
    assert found.parameters == layer.count_params()
    counted = {count.symbol: count.result for count in found.counts}
    if counted:
        assert (counted["N"], counted["M"]) == (cost.params, cost.macs)
    axes = [axis for step in layer.geometry(whole) for axis in step]
    for told, geometry in zip(found.axes, axes, strict=True):
        results = {step.symbol: step.result for step in told.steps}
        assert results["m"] == geometry.size_out
    assert all(len(line) <= 80 for line in str(found).splitlines())
    _Reader(found.html())
    parse = MathTextParser("path").parse
    for step in [step for axis in found.axes for step in axis.steps] + list(found.counts):
        parse(f"${step.latex()}$")


def test_what_a_transposed_convolution_leaves_is_told():
    found = explain(L.Conv1DTranspose(1, 4, padding="same", output_padding=0), (9, 1))
    assert any("TensorFlow refuses this layer" in note for note in found.notes)
    found = explain(L.Conv1DTranspose(1, 2, strides=5), (9, 1))
    assert any("3 of every 5 cells lie between the stamps" in note for note in found.notes)
    found = explain(L.Conv1DTranspose(1, 3, strides=2), (9, 1))
    assert any("checkerboard" in note for note in found.notes)
    plain = explain(L.Conv1DTranspose(1, 4, strides=2), (9, 1))
    assert not any("checkerboard" in note for note in plain.notes)


def test_the_two_steps_of_a_layer_are_told_apart():
    text = str(explain(L.SeparableConv2D(4, 3), (9, 9, 2)))
    assert "depthwise height and width: 9 -> 7" in text
    assert "pointwise height and width: 7 -> 7" in text
    text = str(explain(L.ConvLSTM1D(4, 3), (5, 9, 2)))
    assert "input steps: 9 -> 7" in text
    assert "recurrent steps: 7 -> 7" in text
