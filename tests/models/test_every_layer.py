"""A model of Keras with every layer of the convolutional family, in each rank, in every form."""

import numpy as np
import pytest
from every_layer import FAMILIES, RECORDED, SPATIAL, class_name, classes, with_random_weights

import convlab as cl


@pytest.fixture(scope="module", params=SPATIAL, ids="{}D".format)
def judged(request, keras):
    """A model with random weights, inputs, and what Keras computes for them."""
    return with_random_weights(keras, request.param)


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


@pytest.mark.parametrize("form", ["json", "h5"])
@pytest.mark.parametrize("rank", SPATIAL)
def test_recorded_from_keras_2(rank, form):
    """The same graph, and the locally connected layers, as tf-keras wrote it."""
    path = RECORDED / f"keras2_{rank}d.{form}"
    recorded = np.load(path.with_suffix(".npz"))
    weights = [recorded[f"w{place}"] for place in range(len(recorded) - 4)]
    ours = cl.load_model(path)
    if form == "json":
        ours.set_weights(weights)
    if rank < 3:
        assert f"LocallyConnected{rank}D" in [type(layer).__name__ for layer in ours.layers]
    inputs, expected = ([recorded[f"{end}{place}"] for place in (0, 1)] for end in "xy")
    compare(ours, inputs, weights, expected)


def compare(ours, inputs, weights, expected):
    """Weights bit for bit, outputs within rounding."""
    assert ours.count_params() == sum(value.size for value in weights)
    for value, theirs in zip(ours.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(value, theirs)
    for found in (ours.predict(inputs), ours(inputs)):
        for y, theirs in zip(found, expected, strict=True):
            assert y.shape == theirs.shape
            np.testing.assert_allclose(y, theirs, rtol=0, atol=1e-5 * np.abs(theirs).max())


@pytest.mark.keras
def test_every_class_is_there(keras, judged):
    model, *_ = judged
    rank = int(model.name[-2])
    names = {class_name(family, rank) for family in FAMILIES}
    of_the_rank = {name for name in names if hasattr(keras.layers, name)}
    assert len(of_the_rank) == {1: 12, 2: 12, 3: 10}[rank]
    assert of_the_rank <= classes(model)


@pytest.mark.keras
def test_the_outputs_depend_on_every_weight(judged):
    """Else a weight that is lost or swapped could go unseen."""
    model, inputs, expected = judged
    weights = model.get_weights()
    for place, value in enumerate(weights):
        model.set_weights([*weights[:place], value + 0.1, *weights[place + 1 :]])
        changed = [np.asarray(y) for y in model(inputs)]
        differ = [np.abs(y - z).max() > 1e-4 for y, z in zip(changed, expected, strict=True)]
        assert any(differ), model.weights[place].path
    model.set_weights(weights)
