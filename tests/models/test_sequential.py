"""Chains of layers: deferred, built, grown, shortened, one within another."""

import json

import numpy as np
import pytest

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError, ArgumentTypeError, DataError, ShapeError

X = np.random.default_rng(0).normal(size=(2, 8, 8, 3)).astype("float32")


def chain():
    return cl.Sequential([layers.Conv2D(4, 3, name="conv"), layers.Flatten(name="flat")])


# Deferred


def test_a_chain_that_knows_no_input_says_so():
    model = chain()
    assert not model.built
    assert [layer.name for layer in model.layers] == ["conv", "flat"]
    with pytest.raises(ArgumentError, match=r"no defined input shape yet.\n.*build\(input_shape\)"):
        model.count_params()
    with pytest.raises(ShapeError, match="shape of this tensor is not known yet"):
        model.output_shape  # noqa: B018


@pytest.mark.parametrize(
    "begin",
    [
        lambda model: model.build((None, 8, 8, 3)),
        lambda model: model.build([2, 8, 8, 3]),
        lambda model: model(X),
        lambda model: model.predict(X),
        lambda model: model(cl.Input((8, 8, 3))),
        lambda model: cl.Sequential([cl.Input((8, 8, 3)), model]),
    ],
    ids=["build", "build of a list", "call", "predict", "symbol", "in another"],
)
def test_a_chain_learns_its_input_once(begin):
    model = chain()
    begin(model)
    assert model.built
    assert model.count_params() == 3 * 3 * 3 * 4 + 4
    assert model.output_shape[1:] == (6 * 6 * 4,)
    assert model(X).shape == (2, 144)
    assert len(model.get_layer("conv").inbound_nodes) >= 1
    before = model.get_weights()
    model.build((None, 8, 8, 3))
    for found, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(found, old)


def test_after_its_first_input_another_shape_is_refused():
    model = chain()
    model(X)
    with pytest.raises(ShapeError, match=r"has the shape \(2, 8, 8, 3\).*\n.*\(2, 9, 9, 3\)"):
        model(np.ones((2, 9, 9, 3)))


def test_a_shape_that_cannot_be_leaves_the_chain_deferred():
    model = cl.Sequential([layers.ReLU(), *chain().layers])
    with pytest.raises(ShapeError, match="the kernel reaches 3"):
        model.build((None, 2, 2, 3))
    for layer in model.layers:
        with pytest.raises(ArgumentError, match="has never been called"):
            layer.output  # noqa: B018
    model.build((None, 8, 8, 3))
    assert model.output_shape == (None, 144)
    assert model.layers[0].output.shape == (None, 8, 8, 3)


# Growing and shrinking


def test_add_and_pop():
    model = cl.Sequential([cl.Input((8, 8, 3))], name="grown")
    for layer in (layers.Conv2D(4, 3), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(5)):
        model.add(layer)
    assert model.output_shape == (None, 5)
    assert model(X).shape == (2, 5)
    gone = model.pop()
    assert isinstance(gone, layers.Dense)
    assert model.output_shape == (None, 36)
    assert model(X).shape == (2, 36)
    model.add(layers.Dense(2))
    assert model(X).shape == (2, 2)
    while model.layers:
        model.pop()
    with pytest.raises(ArgumentError, match=r"no layers in the model.\n.*Add a layer first"):
        model.pop()
    model.add(layers.Flatten())
    assert model.output_shape == (None, 192), "the input is kept"


def test_a_chain_without_an_input_is_shortened():
    model = chain()
    assert model.pop().name == "flat"
    assert model(X).shape == (2, 6, 6, 4)
    model.pop()
    assert model.layers == []


def test_a_layer_that_does_not_fit_is_not_added():
    model = cl.Sequential([cl.Input((8, 8, 3)), layers.Conv2D(4, 3)])
    with pytest.raises(ShapeError, match="the kernel reaches 7"):
        model.add(layers.Conv2D(4, 7))
    assert len(model.layers) == 1
    model.add(layers.Conv2D(4, 5))
    assert model.output_shape == (None, 2, 2, 4)


def test_layers_of_one_name_are_refused():
    model = chain()
    words = r"should have unique names. Name 'flat' is already.*\n.*Update the `name` argument"
    with pytest.raises(ArgumentError, match=words):
        model.add(layers.Flatten(name="flat"))
    same = layers.ReLU()
    with pytest.raises(ArgumentError, match="should have unique names"):
        cl.Sequential([same, same])


@pytest.mark.parametrize("thing", [3, "Conv2D", None, np.ones(3), layers.Conv2D])
def test_what_is_no_layer_is_refused(thing):
    with pytest.raises(ArgumentTypeError, match=r"Only instances of `keras.Layer` can be added"):
        chain().add(thing)


def test_one_input_and_first():
    words = r"already been configured to use another input.\n.*input first, and only one"
    with pytest.raises(ArgumentError, match=words):
        chain().add(cl.Input((3,)))
    with pytest.raises(ArgumentError, match=words):
        cl.Sequential([cl.Input((3,)), cl.Input((3,))])


def test_nothing_cannot_be_built():
    with pytest.raises(ArgumentError, match=r"cannot be built because it has no layers.\n.*add"):
        cl.Sequential(name="none").build((None, 3))


def test_build_refuses_what_is_no_shape():
    with pytest.raises(ShapeError, match="Cannot convert '8' to a shape"):
        chain().build(8)


# Within others


def test_a_chain_within_a_chain_within_a_graph():
    inner = cl.Sequential([layers.Conv2D(4, 3, name="a"), layers.ReLU(name="b")], name="inner")
    middle = cl.Sequential([inner, layers.GlobalMaxPooling2D(name="c")], name="middle")
    x = cl.Input((8, 8, 3), name="x")
    model = cl.Model(x, layers.Dense(2, name="d")(middle(x)))
    assert model.get_layer("middle/inner/a").filters == 4
    assert model.count_params() == 112 + 4 * 2 + 2
    assert [row.name for row in cl.trace(model).rows if row.params] == ["middle/inner/a", "d"]
    a, b = inner.layers
    c, d = middle.layers[1], model.layers[-1]
    np.testing.assert_array_equal(model(X), d(c(b(a(X)))))


def test_a_graph_within_a_chain():
    x = cl.Input((8, 8, 3))
    block = cl.Model(x, layers.Add()([x, layers.Conv2D(3, 3, padding="same")(x)]), name="block")
    model = cl.Sequential([block, layers.Flatten()])
    assert model.output_shape == (None, 192), "the block knows what goes in"
    np.testing.assert_array_equal(model(X), block(X).reshape(2, -1))


def test_one_chain_called_on_two_inputs_shares_its_weights():
    tower = chain()
    a, b = cl.Input((8, 8, 3), name="a"), cl.Input((8, 8, 3), name="b")
    model = cl.Model([a, b], layers.Subtract()([tower(a), tower(b)]))
    assert model.count_params() == 112
    assert not model([X, X]).any()
    np.testing.assert_allclose(model([X, 2 * X]), tower(X) - tower(2 * X))


def test_inner_layers_give_features():
    model = cl.Sequential([cl.Input((8, 8, 3)), layers.Conv2D(4, 3, name="conv"), layers.ReLU()])
    features = cl.Model(model.inputs, [layer.output for layer in model.layers])
    found = features(X)
    np.testing.assert_array_equal(found[0], model.get_layer("conv")(X))
    np.testing.assert_array_equal(found[1], model(X))
    np.testing.assert_array_equal(found[1], np.maximum(found[0], 0))


def test_a_chain_of_nothing_but_an_input_hands_it_on():
    model = cl.Sequential([cl.Input((3,))])
    assert model(np.ones((2, 3))).tolist() == [[1, 1, 1]] * 2


# Configs


@pytest.mark.parametrize("begun", [True, False])
def test_a_chain_in_json(begun):
    """What Keras writes of a chain, by hand."""
    entries = [
        {"class_name": "Conv2D", "config": {"name": "conv", "filters": 4, "kernel_size": [3, 3]}},
        {"class_name": "Flatten", "config": {"name": "flat"}},
    ]
    if begun:
        config = {"batch_shape": [None, 8, 8, 3], "dtype": "float32", "name": "in"}
        entries.insert(0, {"class_name": "InputLayer", "config": config})
    written = {"class_name": "Sequential", "config": {"name": "written", "layers": entries}}
    model = cl.model_from_json(json.dumps(written))
    assert isinstance(model, cl.Sequential)
    assert model.name == "written"
    assert [layer.name for layer in model.layers] == ["conv", "flat"]
    assert model(X).shape == (2, 144)
    model.add(layers.Dense(1))
    assert model(X).shape == (2, 1)


def test_layers_of_a_chain_tell_configs_that_make_it_again():
    model = cl.Sequential([cl.Input((8, 8, 3)), *chain().layers, layers.Dense(2)])
    again = cl.Sequential(
        [cl.Input((8, 8, 3)), *(type(one).from_config(one.get_config()) for one in model.layers)]
    )
    again.set_weights(model.get_weights())
    np.testing.assert_array_equal(again(X), model(X))
    with pytest.raises(ShapeError, match=r"weight list of length 1, but the layer was expecting 4"):
        again.set_weights(model.get_weights()[:1])


# Numbers


def test_predict_a_batch_at_a_time_is_a_call():
    model = cl.Sequential([cl.Input((4,)), layers.Dense(3)])
    x = np.random.default_rng(1).normal(size=(70, 4)).astype("float32")
    for batch_size in (None, 1, 7, 70, 100):
        np.testing.assert_allclose(model.predict(x, batch_size=batch_size), model(x), atol=1e-6)
    assert model.predict(x[:0]).shape == (0, 3)


def test_arrays_that_are_none():
    model = chain()
    with pytest.raises(DataError, match="input of a model holds real numbers"):
        model(np.array([["a"]]))


def test_a_model_is_no_layer_of_its_own():
    model = chain()
    with pytest.raises(ArgumentError, match="no layer of its own"):
        model.add(model)
