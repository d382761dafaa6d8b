"""Scenes against the geometry and the layers that they are made from."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scenes import scene_of

from convlab.errors import DataError, ShapeError
from convlab.geometry import AxisGeometry, convolution
from convlab.layers import Conv2D
from convlab.scene import Axis, Grid, Norm, build_scene, facts, indices
from convlab.scene.building.kernels import kernel_step


@given(
    st.integers(1, 9), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3),
    st.sampled_from(["valid", "same"]),
)  # fmt: skip
def test_axis_is_the_geometry(size, kernel, stride, dilation, padding):
    assume(padding == "same" or (kernel - 1) * dilation < size)
    geometry = convolution(size, kernel, stride, dilation, padding)
    axis = Axis.of("height", geometry)
    assert (axis.size_in, axis.size_out, axis.kernel) == (size, geometry.size_out, kernel)
    assert np.array_equal(axis.taps, geometry.taps())
    assert np.array_equal(axis.readers, geometry.readers())
    positions, marks = geometry.positions()
    assert np.array_equal(axis.positions, positions)
    assert np.array_equal(axis.marks, marks)
    assert axis.never_read == geometry.never_read()
    assert (axis.pad_before, axis.pad_after) == geometry.pads
    assert np.array_equal(axis.read_counts(), geometry.read_counts())
    assert [line.parts[-1] for line in axis.derivation] == [
        step.outcome for step in geometry.derivation()
    ]


def test_scatter_holes_are_no_padding():
    axis = Axis.of("steps", AxisGeometry(3, kernel=2, stride=3, transposed=True))
    assert (axis.pad_before, axis.pad_after) == (0, 0)
    assert 2 in axis.marks


def test_build_scene_holds_the_layers_own_values():
    x = np.random.default_rng(0).normal(size=(3, 6, 5, 4)).astype("float32")
    layer = Conv2D(6, (3, 2), strides=(2, 1), padding="same", groups=2, activation="relu")
    scene = build_scene(layer, x, item=1)
    (step,) = scene.steps
    assert np.array_equal(step.input.values, x[1])
    assert np.array_equal(step.output.values, layer(x)[1])
    assert np.array_equal(step.linear, layer.convolve(x)[1])
    assert np.array_equal(step.kernel.values, layer.get_weights()[0])
    assert step.activation == "relu"
    assert scene.input_shape == (None, 6, 5, 4)
    assert scene.output_shape == (None, 3, 5, 6)
    assert scene.parameters == layer.count_params()
    assert scene.macs == layer.cost(x.shape).macs
    assert scene.code == "Conv2D(6, (3, 2), strides=(2, 1), padding='same', groups=2, " + (
        "activation='relu')"
    )


def test_channels_first_is_shown_channels_last_and_indexed_its_own_way():
    last = scene_of((6, 7, 2), filters=3)
    first = scene_of((6, 7, 2), filters=3, first=True)
    assert np.array_equal(first.steps[0].output.values, last.steps[0].output.values)
    assert first.output_shape == (None, 3, 4, 5)
    assert (first.selectable, last.selectable) == ((3, 4, 5), (4, 5, 3))
    assert first.index((1, 2), 0) == (0, 1, 2)
    assert first.place((0, 1, 2)) == last.place((1, 2, 0)) == ((1, 2), 0)


def test_groups_read_their_own_channels():
    scene = scene_of((4, 4, 4), filters=4, groups=2)
    assert scene.steps[0].channels.tolist() == [[0, 1], [0, 1], [2, 3], [2, 3]]


@pytest.mark.parametrize(
    ("values", "table", "norm"),
    [
        ([0.0, 9.0], None, Norm("magnitude", 0.0, 9.0)),
        ([3.0, 9.0], None, Norm("magnitude", 0.0, 9.0)),  # magnitudes start at zero
        ([-4.0, 1.0], None, Norm("signed", -4.0, 4.0)),  # signed values are centred at zero
        ([0.0, 0.0], None, Norm("magnitude", 0.0, 1.0)),  # never an empty range
        ([0.0, 0.0], "signed", Norm("signed", -1.0, 1.0)),
        ([0.2, 0.4], "grey", Norm("grey", 0.0, 1.0)),  # black stays black
        ([0.2, 4.0], "grey", Norm("grey", 0.0, 4.0)),
        ([np.nan, np.inf, 2.0], None, Norm("magnitude", 0.0, 2.0)),
    ],
)
def test_norm(values, table, norm):
    assert Norm.of(np.array(values), table) == norm


def test_a_picture_is_grey_or_in_colour_and_signed_values_are_neither():
    assert scene_of(integers=False, picture=True).steps[0].input.norm.table == "grey"
    colour = scene_of((6, 6, 3), integers=False, picture=True).steps[0].input
    assert colour.colour
    signed = build_scene(Conv2D(1, 1), -np.ones((1, 2, 2, 1), "float32"), picture=True)
    assert signed.steps[0].input.norm.table == "signed"


def test_facts_name_what_is_never_read():
    axes = [Axis.of("height", convolution(6, 3, 2)), Axis.of("width", convolution(9, 2, 4))]
    assert facts(axes) == ("row 5 is never read", "columns 2, 3 and 6 to 8 are never read")
    assert facts([Axis.of("width", convolution(4, 2, 2))]) == ("each input cell is read once",)
    assert indices([1, 2, 3, 7]) == "1 to 3 and 7"


def test_half_precision_travels_as_float32():
    layer = Conv2D(1, 2, dtype="float16")
    scene = build_scene(layer, np.ones((1, 3, 3, 1), "float16"))
    assert scene.dtype == "float16"
    assert scene.roundoff == np.finfo("float16").eps / 2
    assert scene.steps[0].output.values.dtype == np.float32


def test_an_example_that_is_not_there_is_refused():
    with pytest.raises(DataError, match="item=2 of a batch of 2"):
        build_scene(Conv2D(1, 1), np.ones((2, 2, 2, 1), "float32"), item=2)
    with pytest.raises(ShapeError, match="reaches 3 but the padded input has 2"):
        build_scene(Conv2D(1, 3), np.ones((1, 2, 2, 1), "float32"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"inputs": np.ones((3, 1))}, "The input of a step has the sizes of its axes"),
        ({"kernel": np.ones((3, 1, 2))}, "The kernel of a step"),
        ({"linear": np.ones((3, 1))}, "The linear output of a step"),
        ({"output": np.ones((4, 2))}, "The output of a step"),
        ({"inputs": np.ones((4, 3)), "kernel": np.ones((2, 2, 2))}, "without remainder"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change, message):
    arrays = {
        "inputs": np.ones((4, 1)), "kernel": np.ones((2, 1, 2)), "bias": None,
        "linear": np.ones((3, 2)), "output": np.ones((3, 2)), **change,
    }  # fmt: skip
    source = Grid(arrays.pop("inputs"), Norm("magnitude", 0.0, 1.0))
    with pytest.raises(ShapeError, match=message):
        kernel_step([Axis.of("steps", AxisGeometry(4, kernel=2))], source, **arrays)


def test_a_scene_cannot_be_changed():
    scene = scene_of()
    with pytest.raises(AttributeError):
        scene.layer = "Dense"
    assert replace(scene, layer="Dense").layer == "Dense"
