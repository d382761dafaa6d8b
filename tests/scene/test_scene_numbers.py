"""Every layer's numbers, recomputed from its scene's tables alone, against the layer itself."""

import numpy as np
import pytest
from made_up_scenes import CASES, CLASSES, scene_of_case
from recompute import activated, gated, reduced

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
