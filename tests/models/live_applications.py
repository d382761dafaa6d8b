"""Every network of keras.applications against the installed Keras, structure, weights and values.

test_applications.py runs the tests of this file in processes of their own, which TensorFlow leaves
with them.
"""

import gc

import applications
import numpy as np
import pytest

import convlab as cl

pytestmark = pytest.mark.keras

# How far from the truth we may be, in units of Keras's own distance from it. Both round every sum
# to 24 bits, in different orders; each layer passes the error on, enlarged by up to a half per
# block in a network of random weights, so no fixed number fits both ends of a network.
FACTOR = 4
# A few units of the last place of the largest value: where Keras happens to be exact.
FLOOR = 1e-6


def pytest_generate_tests(metafunc):
    if "network" in metafunc.fixturenames:
        metafunc.parametrize("network", applications.names())


def test_there_are_forty():
    assert len(applications.names()) >= 40


def test_structure(keras, network):
    """Shapes and parameters of every layer, of which every third is frozen."""
    model = applications.structure(network)
    for layer in model.layers[::3]:
        layer.trainable = False
    trace = cl.trace(cl.model_from_json(model.to_json()))
    assert not applications.differences(trace.rows, applications.table(model))


@pytest.mark.parametrize("name", applications.FILES)
def test_files(keras, name, tmp_path):
    """Saved as .keras and .h5, and live: the same layers, weights bit for bit, same activations."""
    model = applications.with_random_weights(name)
    weights, expected = model.get_weights(), applications.table(model)
    x = applications.images(model, count=1, seed=7)
    theirs, truth = activations(model, x), activations(in_float64(model), x)
    for path in applications.save(model, tmp_path):
        assert path.stat().st_size < 100 * 2**20
        ours = cl.load_model(path)
        assert not applications.differences(cl.trace(ours).rows, expected)
        same_weights(ours.get_weights(), weights)
        maps = ours.feature_maps(x)
        assert maps.keys() >= truth.keys()
        same_activations(maps, theirs, truth)
        path.unlink()  # read when its weights are first asked for, and no longer
    ours = cl.from_keras(model)
    assert not applications.differences(cl.trace(ours).rows, expected)
    same_weights(ours.get_weights(), weights)
    same_activations({model.layers[-1].name: ours.predict(x)}, theirs, truth)
    gc.collect()


@pytest.mark.parametrize("name", applications.LARGER)
def test_larger_ones_live(keras, name):
    """The layers that only these have (LayerScale, CustomScaleLayer) compute the same too.

    Small: TensorFlow takes minutes over ConvNeXt's grouped convolutions in double precision.
    """
    model = applications.with_random_weights(name, input_shape=(96, 128, 3))
    x = applications.images(model, count=1, seed=7)
    maps = cl.from_keras(model).feature_maps(x)
    theirs, truth = activations(model, x), activations(in_float64(model), x)
    assert maps.keys() >= truth.keys()
    same_activations(maps, theirs, truth)


def activations(model, x):
    """The output of every layer, by name; of a nested model its last."""
    import keras

    layers = [x for x in model.operations if not isinstance(x, keras.layers.InputLayer)]
    outputs = {layer.name: layer.output for layer in layers}
    found = keras.Model(model.input, outputs)(x, training=False)
    return {name: np.asarray(y) for name, y in found.items()}


def in_float64(model):
    """The same network in double precision."""
    import keras

    def doubled(layer):
        config = layer.get_config()
        return type(layer).from_config(config | ({"dtype": "float64"} if "dtype" in config else {}))

    copy = keras.models.clone_model(model, clone_function=doubled)
    copy.set_weights(model.get_weights())
    for layer in copy.layers:
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()
    return copy


def same_weights(ours, theirs):
    assert len(ours) == len(theirs)
    for value, expected in zip(ours, theirs, strict=True):
        assert value.dtype == expected.dtype
        np.testing.assert_array_equal(value, expected)


def same_activations(ours, theirs, truth):
    """Each as near to double precision as Keras's, or as its worst layer before, times FACTOR."""
    unit = FLOOR
    for name, expected in truth.items():
        scale = np.abs(expected).max()
        unit = max(unit, np.abs(theirs[name] - expected).max() / scale)
        if name in ours:
            assert ours[name].shape == expected.shape, name
            error = np.abs(ours[name] - expected).max() / scale
            assert error <= FACTOR * unit, f"{name}: {error:.2g}, Keras's {unit:.2g}"
