"""A script that builds a model with Keras builds the same one with convlab."""

import copy
import json
import pickle
import re
import warnings

import numpy as np
import pytest
import scripts

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError, ArgumentTypeError, DataError, FileRefused, ShapeError
from convlab.layers.naming import reset_names
from convlab.models.code.reading import read_code

NAMED_OTHERWISE = {"from the middle of another model": {"keras_tensor_1CLONE": "first_input"}}
"""Keras names a tensor by a number, and an input made of one by that name and "CLONE"."""


@pytest.fixture(params=scripts.SCRIPTS, scope="module")
def pair(request, keras):
    """The model that Keras makes of a script, and ours."""
    keras.utils.clear_session()
    reset_names()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # both warn about `input_shape`
        source = scripts.SCRIPTS[request.param]
        theirs, ours = (scripts.run(source, name)["model"] for name in ("keras", "convlab"))
    return theirs, ours, NAMED_OTHERWISE.get(request.param, {})


@pytest.mark.keras
def test_a_script_makes_the_same_model(keras, pair):
    theirs, ours, names = pair
    assert ours.name == theirs.name
    assert [layer.name for layer in ours.layers] == [
        names.get(layer.name, layer.name) for layer in theirs.layers
    ]
    assert [layer.class_name for layer in ours.layers] == [
        type(layer).__name__ for layer in theirs.layers
    ]
    assert ours.input_shape == theirs.input_shape
    assert ours.output_shape == theirs.output_shape
    assert ours.count_params() == theirs.count_params()
    assert [layer.trainable for layer in ours.layers] == [one.trainable for one in theirs.layers]
    for kind in ("weights", "trainable_weights", "non_trainable_weights"):
        assert told(getattr(ours, kind)) == told(getattr(theirs, kind)), kind
    for ends in ("inputs", "outputs"):
        assert [(t.shape, t.dtype) for t in getattr(ours, ends)] == [
            (t.shape, t.dtype) for t in getattr(theirs, ends)
        ]
    for our, their in zip(ours.layers, theirs.layers, strict=True):
        name = our.name
        assert ours.get_layer(name) is our
        if not isinstance(our, cl.Model) and name not in names.values():
            assert plain(our.get_config()) == plain(their.get_config()), name
            if name in [layer.name for layer in theirs.layers] and their._inbound_nodes:
                assert shapes(keras, our.output) == shapes(keras, their.output), name


@pytest.mark.keras
def test_a_script_makes_a_model_that_computes_the_same(keras, pair):
    theirs, ours, _ = pair
    random = np.random.default_rng(1)
    values = [
        random.uniform(0.5, 2, w.shape) if w.name == "moving_variance" else random.normal(
            size=w.shape
        ) * 0.3
        for w in theirs.weights
    ]  # fmt: skip
    theirs.set_weights(values)
    ours.set_weights(values)
    inputs = [
        random.normal(size=[3, *(8 if size is None else size for size in t.shape[1:])])
        for t in theirs.inputs
    ]
    inputs = [x.astype(t.dtype) for x, t in zip(inputs, theirs.inputs, strict=True)]
    given = dict(zip([t.name for t in ours.inputs], inputs, strict=True))
    by_name = isinstance(ours.input, dict)
    given = given if by_name else inputs if len(inputs) > 1 else inputs[0]
    expected = keras.tree.map_structure(np.asarray, theirs(given, training=False))
    for found in (ours.predict(given, batch_size=2), ours(given), ours(given, training=False)):
        keras.tree.assert_same_structure(found, expected)
        for our, their in zip(keras.tree.flatten(found), keras.tree.flatten(expected), strict=True):
            assert our.dtype == their.dtype
            close = 4e-3 if their.dtype == "float16" else 3e-6
            np.testing.assert_allclose(our, their, rtol=close, atol=close * np.abs(their).max())


@pytest.mark.keras
def test_a_script_makes_a_model_that_survives_the_way_through_keras(keras, pair):
    theirs, ours, names = pair
    read = cl.from_keras(theirs)
    assert read.name == ours.name
    assert [names.get(layer.name, layer.name) for layer in read.layers] == [
        layer.name for layer in ours.layers
    ]
    assert told(read.weights) == told(ours.weights)
    for our, their in zip(read.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(our, their)


@pytest.mark.keras
def test_a_summary_tells_what_keras_tells(pair):
    theirs, ours, names = pair
    lines = []
    ours.summary(print_fn=lambda text, line_break=False: lines.extend(text.splitlines()))
    ours.weights  # noqa: B018 -- both are built
    for layer in theirs.layers:
        name = names.get(layer.name, layer.name)
        line = next(line for line in lines if line.split(" (")[0].strip() == name)
        assert f"{layer.count_params():,}" in line
        assert type(layer).__name__ in line
    assert any(f"{theirs.count_params():,}" in line for line in lines[-4:])


def told(weights):
    return [(weight.name, tuple(weight.shape), str(weight.dtype)) for weight in weights]


def shapes(keras, structure):
    return keras.tree.flatten(keras.tree.map_structure(lambda t: t.shape, structure))


def plain(config):
    """A config as JSON would have it; of objects only their class counts."""
    if isinstance(config, dict):
        return {name: plain(one) for name, one in config.items() if name not in DIFFERENT}
    if isinstance(config, list | tuple):
        return [plain(one) for one in config]
    return config


DIFFERENT = ("module", "registered_name", "build_config", "seed")


# Without Keras


def test_a_submodel_of_what_a_layer_gives():
    x = cl.Input((16, 16, 3))
    y = layers.Conv2D(4, 3, name="first")(x)
    z = layers.Conv2D(2, 3, name="second")(y)
    part = cl.Model(y, z)
    assert [layer.name for layer in part.layers] == ["first_input", "second"]
    assert part.input_shape == (None, 14, 14, 4)
    whole = cl.Model(x, [y, z])
    data = np.random.default_rng(0).normal(size=(2, 16, 16, 3))
    first, second = whole(data)
    np.testing.assert_array_equal(part(first), second)
    assert whole.get_layer("second").output is z


def test_a_submodel_that_joins_what_two_layers_give():
    x = cl.Input((8, 3), name="x")
    a = layers.Conv1D(4, 3, name="a")(x)
    b = layers.Conv1D(4, 3, name="b")(x)
    joined = cl.Model([a, b], layers.Add(name="join")([a, b]))
    assert [layer.name for layer in joined.layers] == ["a_input", "b_input", "join"]
    assert joined([np.ones((1, 6, 4)), np.ones((1, 6, 4))]).sum() == 48


def test_a_layer_without_calls_has_no_output():
    with pytest.raises(ArgumentError, match="never been called and thus has no defined output"):
        layers.Dense(3).output  # noqa: B018


def test_a_call_that_is_refused_leaves_no_trace():
    layer = layers.Conv2D(4, 7, name="wide")
    with pytest.raises(ShapeError, match="the kernel reaches 7"):
        layer(cl.Input((5, 5, 1)))
    y = layer(cl.Input((9, 9, 1)))
    assert layer.output is y


def test_missing_inputs_and_outputs_are_named():
    x = cl.Input((4,))
    with pytest.raises(ArgumentTypeError, match="made of its inputs and outputs"):
        cl.Model(x)
    with pytest.raises(ArgumentError, match="The `outputs` of a model are symbolic tensors"):
        cl.Model(x, np.ones((1, 4)))


def test_an_output_that_needs_another_input_is_refused():
    a, b = cl.Input((4,), name="a"), cl.Input((4,), name="b")
    with pytest.raises(ShapeError, match=r"the outputs need the input 'b'.*Add it to `inputs`"):
        cl.Model(a, layers.Add()([a, b]))


def test_two_layers_of_one_name_are_refused():
    x = cl.Input((4,))
    y = layers.Dense(2, name="same")(layers.Dense(2, name="same")(x))
    with pytest.raises(ArgumentError, match=r"two layers named 'same'"):
        cl.Model(x, y)


@pytest.fixture
def small():
    x = cl.Input((28, 28, 1), name="image")
    y = layers.Conv2D(2, 3, name="conv")(x)
    return cl.Model(x, layers.GlobalMaxPooling2D(name="pool")(y), name="small")


def test_layers_by_name_and_place(small):
    assert small.get_layer(index=1) is small.get_layer("conv")
    with pytest.raises(ArgumentError, match=r"index 3 but model only has 3 layers"):
        small.get_layer(index=3)
    with pytest.raises(ArgumentError, match=r"No such layer: convv.*\n.*image, conv, pool"):
        small.get_layer("convv")


def test_a_last_axis_of_one_may_be_left_out_or_added(small):
    x = np.random.default_rng(0).normal(size=(2, 28, 28, 1))
    expected = small(x)
    np.testing.assert_array_equal(small(x[..., 0]), expected)
    np.testing.assert_array_equal(small(x[..., None]), expected)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (np.ones((28, 28, 1)), r"Give it a batch axis: x\[None\]"),
        (np.ones((1, 28, 27, 1)), r"has the shape \(None, 28, 28, 1\).*\n.*\(1, 28, 27, 1\)"),
        (np.array(["word"]), "holds real numbers"),
        ([np.ones((1, 28, 28, 1))] * 2, r"takes 1 input\(s\): image"),
        ({"picture": np.ones((1, 28, 28, 1))}, r"takes 1 input\(s\): image"),
    ],
)
def test_other_inputs_are_refused(small, given, words):
    with pytest.raises((DataError, ShapeError), match=words):
        small(given)


def test_one_input_in_a_list_or_by_its_name(small):
    x = np.random.default_rng(0).normal(size=(2, 28, 28, 1))
    for given in ([x], (x,), {"image": x}):
        np.testing.assert_array_equal(small(given), small(x))
        np.testing.assert_array_equal(small.predict(given), small(x))


def test_inputs_by_name_of_the_dictionary_come_first():
    """Not those of the tensors, should the two disagree."""
    a, b = cl.Input((2,), name="b"), cl.Input((2,), name="a")
    model = cl.Model({"a": a, "b": b}, layers.Subtract()([a, b]))
    found = model({"a": np.array([[3.0, 3.0]]), "b": np.array([[1.0, 2.0]])})
    assert found.tolist() == [[2, 1]]


def test_feature_maps_of_nested_and_shared_layers():
    x = cl.Input((8, 1), name="x")
    inner = cl.Sequential([cl.Input((8, 1)), layers.Conv1D(2, 3, name="conv")], name="inner")
    y = inner(x)
    model = cl.Model(x, layers.Subtract(name="none")([y, y]))
    maps = model.feature_maps(np.ones((1, 8, 1)))
    assert [*maps] == ["x", "inner/" + inner.inputs[0].name, "inner/conv", "inner", "none"]
    np.testing.assert_array_equal(maps["inner"], maps["inner/conv"])
    assert not maps["none"].any()
    only = model.feature_maps(np.ones((1, 8, 1)), ["inner/conv"])
    assert [*only] == ["inner/conv"]
    with pytest.raises(ArgumentError, match="No such layer: deep"):
        model.feature_maps(np.ones((1, 8, 1)), ["inner/deep"])


def test_a_layer_that_is_called_twice_has_two_maps():
    x = cl.Input((4, 4, 1), name="x")
    pool = layers.MaxPooling2D(2, name="pool")
    maps = cl.Model(x, pool(pool(x))).feature_maps(np.arange(16.0).reshape(1, 4, 4, 1))
    assert maps["pool"].ravel().tolist() == [5, 7, 13, 15]
    assert maps["pool:1"].ravel().tolist() == [15]


def test_what_goes_wrong_inside_says_in_which_layer():
    x = cl.Input((None, None, 1))
    inner = cl.Model(x, layers.Conv2D(1, 5, name="wide")(x), name="inner")
    y = cl.Input((None, None, 1))
    model = cl.Model(y, inner(y))
    with pytest.raises(ShapeError, match="the kernel reaches 5") as caught:
        model(np.ones((1, 4, 4, 1)))
    assert caught.value.__notes__ == ["In the layer 'wide'.", "In the layer 'inner'."]


def test_a_nested_model_of_another_input_is_refused():
    x = cl.Input((8, 8, 3))
    inner = cl.Model(x, layers.Conv2D(2, 3)(x), name="inner")
    with pytest.raises(ShapeError, match=r"'inner' has the shape \(None, 8, 8, 3\)"):
        inner(cl.Input((9, 9, 3)))


def test_training_is_refused(small):
    with pytest.raises(ArgumentError, match="does not train them"):
        small.fit(np.ones((1, 28, 28, 1)))
    with pytest.raises(ArgumentError, match="not as they are trained"):
        small(np.ones((1, 28, 28, 1)), training=True)
    assert small.compile("adam", loss="mse") is None


def test_a_copy_computes_the_same(small):
    x = np.ones((1, 28, 28, 1))
    for again in (copy.deepcopy(small), pickle.loads(pickle.dumps(small))):
        np.testing.assert_array_equal(again(x), small(x))
        again.set_weights([w * 0 for w in again.get_weights()])
        assert small(x).any(), "its weights are its own"


@pytest.fixture
def branches():
    x = cl.Input((8, 8, 3), name="x")
    inner = cl.Sequential(
        [
            cl.Input((8, 8, 3), name="in"),
            layers.Conv2D(4, 3, padding="same", name="conv"),
            layers.BatchNormalization(name="norm"),
        ],
        name="inner",
    )
    y = layers.Add(name="sum")([inner(x), layers.Conv2D(4, 1, name="one")(x)])
    return cl.Model(x, layers.Flatten(name="flat")(y), name="[bold]branches")


def printed(model, **options):
    texts = []
    assert model.summary(print_fn=texts.append, **options) is None
    lines = "".join(texts).splitlines()
    return lines, [re.split(r"  +", line.strip()) for line in lines if " (" in line[2:]]


def test_the_summary_of_a_graph(branches):
    lines, rows = printed(branches)
    assert lines[0] == 'Model: "[bold]branches"'
    assert rows == [
        ["Layer (type)", "Output Shape", "Param #", "Connected to"],
        ["x (InputLayer)", "(None, 8, 8, 3)", "0"],
        ["inner (Sequential)", "(None, 8, 8, 4)", "128", "x"],
        ["one (Conv2D)", "(None, 8, 8, 4)", "16", "x"],
        ["sum (Add)", "(None, 8, 8, 4)", "0", "inner, one"],
        ["flat (Flatten)", "(None, 256)", "0", "sum"],
    ]
    assert lines[-3:] == ["Total params: 144", "Trainable params: 136", "Non-trainable params: 8"]


def test_the_summary_of_what_is_nested(branches):
    _, rows = printed(branches, expand_nested=True)
    assert [row[0].split()[0] for row in rows[1:]] == [
        *["x", "inner/in", "inner/conv", "inner/norm", "one", "sum", "flat"]
    ]
    assert rows[3] == ["inner/conv (Conv2D)", "(None, 8, 8, 4)", "112", "inner/in"]
    assert rows[6][3] == "inner/norm, one"


def test_the_summary_keeps_its_width(branches):
    lines, _ = printed(branches, line_length=50)
    assert max(map(len, lines)) <= 50
    text = "".join("".join(lines).split())
    assert all(layer.name in text for layer in branches.layers)


def test_the_summary_of_a_chain_that_knows_no_input(capsys):
    cl.Sequential([layers.Dense(3, name="dense")], name="deferred").summary()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == 'Model: "deferred"'
    assert re.split("  +", next(line for line in lines if "dense" in line).strip()) == [
        *["dense (Dense)", "?", "?"]
    ]
    assert lines[-1] == "Total params: not known, since a layer's input is not"


def test_freezing():
    model = cl.Sequential([cl.Input((4, 1)), layers.Conv1D(2, 3), layers.BatchNormalization()])
    assert len(model.trainable_weights) == 4
    assert len(model.non_trainable_weights) == 2
    model.trainable = False
    assert [layer.trainable for layer in model.layers] == [False, False]
    assert not model.trainable_weights
    assert len(model.non_trainable_variables) == 6
    model.layers[0].trainable = True
    assert not model.trainable_weights, "the model itself is frozen"


# As Keras writes it


@pytest.mark.keras
def test_keras_reads_what_a_script_s_model_tells_of_itself(keras, pair):
    theirs, ours, _ = pair
    again = keras.models.model_from_json(ours.to_json())
    assert again.name == theirs.name
    assert [layer.name for layer in again.layers] == [layer.name for layer in ours.layers]
    assert again.output_shape == theirs.output_shape
    assert again.count_params() == theirs.count_params()


@pytest.mark.keras
def test_a_script_s_model_comes_back_from_its_config(pair):
    _, ours, _ = pair
    for again in (cl.model_from_json(ours.to_json()), type(ours).from_config(ours.get_config())):
        assert type(again) is type(ours)
        assert again.name == ours.name
        assert unlisted(json.loads(again.to_json())) == unlisted(json.loads(ours.to_json()))
        assert told(again.weights) == told(ours.weights)


def unlisted(written):
    """A config in which an end that stands alone in a list is written as itself, as in Keras 2.

    And without `training`, which is not kept: networks are computed as they are used.
    """
    if isinstance(written, dict):
        found = {name: unlisted(one) for name, one in written.items() if name != "training"}
        for name in found.keys() & {"input_layers", "output_layers"}:
            if isinstance(found[name], list) and len(found[name]) == 1:
                (found[name],) = found[name]
        return found
    return [unlisted(one) for one in written] if isinstance(written, list) else written


def test_a_model_s_config_is_json_and_makes_it_again(branches):
    config = json.loads(json.dumps(branches.get_config()))
    assert config["name"] == "[bold]branches"
    assert [entry["name"] for entry in config["layers"]] == ["x", "inner", "one", "sum", "flat"]
    assert config["layers"][3]["inbound_nodes"][0]["args"][0][0]["config"]["keras_history"] == [
        *["inner", 0, 0]
    ]
    again = cl.Model.from_config(config)
    again.set_weights(branches.get_weights())
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 3))
    np.testing.assert_array_equal(again(x), branches(x))


def test_a_frozen_model_comes_back_frozen(small):
    small.trainable = False
    again = cl.model_from_json(small.to_json())
    assert not again.trainable
    assert not again.trainable_weights
    assert cl.trace(again).trainable_params == 0


def test_what_is_no_text_is_not_written():
    class Mine(layers.Layer):
        def get_config(self):
            return super().get_config() | {"table": object()}

        def compute_output_shape(self, input_shape):
            return input_shape

    model = cl.Sequential([cl.Input((3,)), Mine()])
    with pytest.raises(
        ArgumentTypeError, match=r"no functions or arrays of one's own.\n.*by their"
    ):
        model.to_json()


@pytest.mark.parametrize("config", [{}, {"layers": 3}, {"layers": [{"class_name": "Dense"}]}])
def test_configs_that_make_no_model(config):
    with pytest.raises(FileRefused, match="A model has a list of layers|A layer is written as"):
        cl.Model.from_config(config)


def test_a_network_whose_shapes_conflict_is_written_and_read():
    read = read_code("""
x = Input((None, None, 3))
y = Flatten(name="flat")(Conv2D(4, 3, name="conv")(x))
model = Model(x, Dense(2, name="classes")(Dense(8, name="vector")(y)))
""")
    again = cl.model_from_json(read.model.to_json())
    assert [layer.name for layer in again.layers][1:] == ["conv", "flat", "vector", "classes"]
    rows = [[(row.name, row.shape_text) for row in cl.trace(m).rows] for m in (read.model, again)]
    assert rows[0] == rows[1]
    assert [one.layer for one in cl.diagnose(again).errors] == ["vector"]
