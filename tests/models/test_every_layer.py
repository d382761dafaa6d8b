"""Models of Keras with every layer that we compute, in each rank, in every form."""

import numpy as np
import pytest
from every_layer import (
    MODELS,
    RECORDED,
    SPATIAL,
    classes,
    computed,
    copy_statistics,
    expected_classes,
    with_random_weights,
)

import convlab as cl
from convlab.errors import FileRefused

WHICH = [(which, rank) for which in MODELS for rank in SPATIAL]


@pytest.fixture(scope="module", params=WHICH, ids="{0[0]}-{0[1]}D".format)
def judged(request, keras):
    """A model with random weights, inputs, and what Keras computes for them."""
    which, rank = request.param
    return with_random_weights(keras, MODELS[which], rank)


def from_json(model, folder):
    ours = cl.model_from_json(model.to_json())
    ours.set_weights(model.get_weights())
    return ours


def from_file(ending):
    def load(model, folder):
        path = folder / f"model{ending}"
        model.save(path)
        return cl.load_model(path)

    return load


FORMS = {
    "live": lambda model, folder: cl.from_keras(model),
    "json": from_json,
    "keras": from_file(".keras"),
    "h5": from_file(".h5"),
}


@pytest.mark.keras
@pytest.mark.parametrize("form", FORMS)
def test_outputs_are_equal(judged, form, tmp_path):
    model, inputs, expected = judged
    ours = FORMS[form](model, tmp_path)
    assert [layer.name for layer in ours.layers] == [layer.name for layer in model.layers]
    compare(ours, inputs, model.get_weights(), expected)


@pytest.mark.parametrize("form", ["json", "h5", "keras"])
@pytest.mark.parametrize(
    "name", ["family_1d", "family_2d", "family_3d", "between_2d", "slashes_2d"]
)
def test_recorded_from_keras_2(name, form):
    """The same graphs, and what Keras 3 has not, as tf-keras wrote them."""
    path, weights, inputs, expected = recorded(name)
    ours = cl.load_model(path.with_suffix(f".{form}"))
    if form == "json":
        ours.set_weights(weights)
    if name in ONLY_IN_KERAS_2:
        assert ONLY_IN_KERAS_2[name] in classes(ours)
    compare(ours, inputs, weights, expected)


def recorded(name):
    """The path of a model of Keras 2, its weights, inputs and outputs."""
    path = RECORDED / f"keras2_{name}.npz"
    arrays = np.load(path)
    parts = ([arrays[f"{kind}{n}"] for n in range(_count(arrays, kind))] for kind in "wxy")
    return path, *parts


def _count(arrays, kind):
    return sum(name.startswith(kind) for name in arrays)


ONLY_IN_KERAS_2 = {
    "family_1d": "LocallyConnected1D",
    "family_2d": "LocallyConnected2D",
    "between_2d": "ThresholdedReLU",
}


class Live:
    """A live model, or a layer in it, as far as `from_keras` asks."""

    def __init__(self, name, weights, layers=None, text=None):
        self.name, self.weights, self.text = name, weights, text
        if layers is not None:
            self.layers = layers

    def get_weights(self):
        return self.weights

    def to_json(self):
        return self.text


def test_names_with_slashes_in_a_live_model_of_keras_2():
    path, weights, inputs, expected = recorded("slashes_2d")
    model = Live(
        "slashes",
        weights,
        [
            Live("an/image", []),
            Live("conv1/conv", weights[:2]),
            Live("conv1/bn", weights[2:6]),
            Live("nest/ed", weights[6:7], [Live("in/side", []), Live("in/relu", weights[6:7])]),
            Live("ch/ain", weights[7:], [Live("one/more", weights[7:])]),
        ],
        path.with_suffix(".json").read_text(),
    )
    ours = cl.from_keras(model)
    assert [layer.name for layer in ours.layers] == [
        *("an_image", "conv1_conv", "conv1_bn", "nest_ed", "ch_ain")
    ]
    compare(ours, inputs, weights, expected)
    del model.layers[1]
    with pytest.raises(FileRefused, match="0 arrays for the 2 weights of Conv2D 'conv1_conv'"):
        cl.from_keras(model)


def compare(ours, inputs, weights, expected):
    """Weights bit for bit, outputs within rounding."""
    assert ours.count_params() == sum(value.size for value in weights)
    for value, theirs in zip(ours.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(value, theirs)
    for found in (computed(ours.predict, inputs), computed(ours, inputs)):
        for y, theirs in zip(found, expected, strict=True):
            assert y.shape == theirs.shape
            np.testing.assert_allclose(y, theirs, rtol=0, atol=1e-5 * np.abs(theirs).max())


@pytest.mark.keras
def test_every_class_is_there(keras, judged):
    model, *_ = judged
    which, rank = model.name[:-3], int(model.name[-2])
    expected = expected_classes(keras, which, rank)
    assert len(expected) == {"family": (12, 12, 10), "between": (32, 38, 32)}[which][rank - 1]
    assert expected <= classes(model)


@pytest.mark.keras
def test_the_outputs_depend_on_every_weight(judged):
    """Else a weight that is lost or swapped could go unseen."""
    import tensorflow as tf

    model, inputs, _ = judged
    weights = [w for w in model.weights if "int" not in w.dtype]
    rng = np.random.default_rng(0)
    with tf.GradientTape() as tape:
        tape.watch([w.value for w in weights])
        copy_statistics(model)
        outputs = computed(model, inputs, training=False)
        total = sum(tf.reduce_sum(y * rng.normal(size=y.shape)) for y in outputs)
    copy_statistics(model)
    for weight, slope in zip(
        weights, tape.gradient(total, [w.value for w in weights]), strict=True
    ):
        assert slope is not None, weight.path
        assert np.abs(slope).sum() > 1e-3, weight.path
