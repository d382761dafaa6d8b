"""Every layer's numbers, recomputed from its scene's tables alone, against the layer itself."""

import numpy as np
import pytest
from made_up_scenes import CASES, CLASSES, scene_of_case
from recompute import activated, gated, reduced

from convlab import layers
from convlab.scene import build_scene
from convlab.scene.building.work import shown

SEEDS = range(5)
ROUNDOFF = 2.0**-24


def all_cases(function):
    function = pytest.mark.parametrize("seed", SEEDS)(function)
    return pytest.mark.parametrize(("name", "data_format"), CASES)(function)


@all_cases
def test_the_tables_give_the_layers_numbers(name, data_format, seed):
    layer, x, scene = scene_of_case(name, data_format, seed)
    for step in scene.steps:
        if step.reduce == "gates":
            continue
        results, magnitudes = reduced(step)
        assert results.shape == step.linear.shape == step.output.values.shape
        terms = 4 + np.prod([axis.kernel for axis in step.axes]) * step.channels.shape[1]
        error = np.abs(results - step.linear)
        assert (error <= terms * ROUNDOFF * magnitudes + 1e-30).all(), step.name
        if step.activation != "linear":
            expected = activated(step, data_format)
            np.testing.assert_allclose(step.output.values, expected, rtol=1e-6, atol=1e-7)
        else:
            assert np.array_equal(step.output.values, step.linear)
    if not name.startswith("ConvLSTM"):
        assert np.array_equal(scene.steps[-1].output.values, shown(layer, layer(x[1:])))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("name", [name for name in CLASSES if name.startswith("ConvLSTM")])
def test_the_gates_give_the_state(name, data_format, seed):
    layer, x, scene = scene_of_case(name, data_format, seed)
    step = scene.steps[-1]
    (i, f, g, o), c, h = gated(step, data_format)
    for gate, expected in zip("ifgo", (i, f, g, o), strict=True):
        np.testing.assert_allclose(getattr(step.gates, gate), expected, rtol=2e-5, atol=2e-6)
    np.testing.assert_allclose(step.gates.c, c, rtol=2e-5, atol=2e-5)
    np.testing.assert_allclose(step.output.values, h, rtol=2e-5, atol=2e-5)
    output = layer(x[1:])
    output = output[0] if layer.return_state else output
    output = output[:, -1] if layer.return_sequences else output  # the last time step
    assert np.array_equal(step.output.values, shown(layer, output))


@all_cases
def test_a_selection_indexes_the_users_array(name, data_format, seed):
    layer, x, scene = scene_of_case(name, data_format, seed)
    output = layer(x[1:])
    output = output[0] if isinstance(output, tuple) else output
    if scene.time is not None and layer.return_sequences:
        output = output[:, scene.time.step]
    assert scene.selectable == output.shape[1:]
    values = scene.steps[-1].output.values
    for at in np.ndindex(*values.shape):
        *place, channel = at
        index = scene.index(place, channel)
        assert output[0][index] == values[at]
        assert scene.place(index) == (tuple(place), channel)


@all_cases
def test_a_weight_is_named_as_the_layer_has_it(name, data_format, seed):
    layer, _, scene = scene_of_case(name, data_format, seed)
    for step in scene.steps:
        if step.kernel is None:
            assert (step.weight_index, step.weight_shape) == ((), ())
            continue
        weight = getattr(layer, step.weight_name).value
        assert step.weight_shape == weight.shape
        met = np.zeros(weight.shape, int)
        rank = len(step.axes)
        for at in np.ndindex(*step.kernel.values.shape):
            place, rest = (at[:rank], at[rank:]) if step.local else ((), at)
            *taps, depth, filter = rest
            own = step.weight_at(taps, depth, filter, place)
            assert weight[own] == step.kernel.values[at]
            met[own] += 1
        assert (met == 1).all()  # every weight once


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64", "mixed_float16"])
@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv2D(3, 3, strides=2, padding="same"),
        layers.Conv2DTranspose(2, 3, strides=2, padding="same"),
        layers.SeparableConv2D(3, 2, depth_multiplier=2),
        layers.LocallyConnected2D(2, 2),
        layers.AveragePooling2D(3, padding="same"),
        layers.MaxPooling2D(3, padding="same"),
        layers.UpSampling2D(2, interpolation="bilinear"),
        layers.ConvLSTM1D(2, 3),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_the_numbers_of_every_dtype(layer, dtype):
    layer = layer.replace(dtype=dtype)
    x = np.random.default_rng(5).normal(size=(1, 5, 6, 2)).astype("float32")
    scene = build_scene(layer, x)
    assert scene.dtype == layer.compute_dtype
    assert scene.roundoff == {"float64": 2.0**-53, "bfloat16": 2.0**-8}.get(dtype, 2.0**-11)
    for step in scene.steps:
        if step.reduce == "gates":
            continue
        results, magnitudes = reduced(step)
        terms = 4 + np.prod([axis.kernel for axis in step.axes]) * step.channels.shape[1]
        error = np.abs(results - step.linear)
        assert (error <= terms * scene.roundoff * magnitudes + 1e-30).all(), step.name


def test_nan_and_infinity_are_shown():
    x = np.array([[1.0], [np.nan], [3.0], [-np.inf]], "float32")[None]
    (largest,) = build_scene(layers.MaxPooling1D(2), x).steps
    assert largest.output.values.ravel().tolist() == [1.0, 3.0]  # NaN loses, as in TensorFlow
    (mean,) = build_scene(layers.AveragePooling1D(2), x).steps
    assert np.isnan(mean.output.values[0, 0])
    assert mean.output.values[1, 0] == -np.inf
    assert mean.output.norm.low < mean.output.norm.high
