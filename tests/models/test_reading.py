"""Models from text, files and live models: what is read, and how what cannot be is refused."""

import io
import json
import zipfile

import numpy as np
import pytest

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError, FileRefused
from convlab.models.references import Reference, calls_in, reference, shape_in, value

X = np.random.default_rng(0).normal(size=(2, 8, 3)).astype("float32")


def entry(class_name, name, *reads, **config):
    """A layer of a functional model, as Keras 2 writes it."""
    inbound = [[[one, 0, 0, {}] if isinstance(one, str) else one for one in reads]] if reads else []
    config = {"name": name, **config}
    return {"class_name": class_name, "name": name, "config": config, "inbound_nodes": inbound}


def graph(*entries, inputs=("x",), outputs=(), name="read", **more):
    config = {
        "name": name,
        "layers": list(entries),
        "input_layers": [[one, 0, 0] for one in inputs],
        "output_layers": [[one, 0, 0] for one in outputs or (entries[-1]["name"],)],
    }
    return {"class_name": "Functional", "config": config, "keras_version": "2.15.0"} | more


def read(written, **more):
    return cl.model_from_json(json.dumps(written), **more)


INPUT = entry("InputLayer", "x", batch_input_shape=[None, 8, 3], dtype="float32")
CONV = entry("Conv1D", "conv", "x", filters=4, kernel_size=[3], padding="same")


# From JSON


def test_a_graph_in_json():
    model = read(graph(INPUT, CONV, entry("Add", "sum", "conv", "conv"), name="twice"))
    assert model.name == "twice"
    assert [layer.name for layer in model.layers] == ["x", "conv", "sum"]
    assert model.output_shape == (None, 8, 4)
    np.testing.assert_allclose(model(X), 2 * model.get_layer("conv")(X))


def test_a_layer_that_is_called_twice():
    conv = entry("Conv1D", "conv", "x", filters=3, kernel_size=[3], padding="same")
    conv["inbound_nodes"].append([["conv", 0, 0, {}]])
    last = entry("ReLU", "relu", ["conv", 1, 0, {}])
    model = read(graph(INPUT, conv, last))
    assert model.count_params() == 30
    layer = model.get_layer("conv")
    np.testing.assert_allclose(model(X), np.maximum(layer(layer(X)), 0), rtol=1e-6)


def test_several_ends_in_their_order():
    other = entry("InputLayer", "y", batch_input_shape=[None, 8, 3])
    model = read(
        graph(
            INPUT, other, CONV, entry("ReLU", "relu", "y"), inputs=("y", "x"),
            outputs=("conv", "relu"),
        )
    )  # fmt: skip
    assert [tensor.name for tensor in model.inputs] == ["y", "x"]
    first, second = model([X, 2 * X])
    np.testing.assert_allclose(first, model.get_layer("conv")(2 * X))
    np.testing.assert_array_equal(second, np.maximum(X, 0))


def test_a_nested_model():
    inner = graph(INPUT, CONV, name="inner")["config"]
    nested = {"class_name": "Functional", "name": "inner", "config": inner,
              "inbound_nodes": [[["z", 0, 0, {}]], [["z", 0, 0, {}]]]}  # fmt: skip
    outer = entry("InputLayer", "z", batch_input_shape=[None, 8, 3])
    last = entry("Subtract", "sub", ["inner", 1, 0, {}], ["inner", 2, 0, {}])
    model = read(graph(outer, nested, last, inputs=("z",)))
    assert model.get_layer("inner/conv").filters == 4
    assert not model(X).any()
    assert model.count_params() == 40


def test_what_is_read_traces_without_weights():
    model = read(graph(INPUT, CONV))
    assert cl.trace(model).params == model.count_params() == 40


def test_a_model_that_conflicts_is_read_and_marked():
    big = entry("Conv1D", "conv", "x", filters=4, kernel_size=[9])
    model = read(graph(INPUT, big, entry("GlobalMaxPooling1D", "max", "conv")))
    (row,) = cl.trace(model).conflicts
    assert row.name == "conv"
    assert cl.trace(model, (9, 3)).conflicts == ()


# Layers of one's own

MINE = {**entry("Mine", "mine", "x", units=5), "module": "own", "registered_name": "own>Mine"}


def test_a_layer_that_is_not_known_stops_nothing():
    model = read(graph(INPUT, CONV, MINE, entry("ReLU", "relu", "mine"), outputs=("conv", "relu")))
    mine = model.get_layer("mine")
    assert mine.class_name == "Mine"
    assert mine.get_config() == {"name": "mine", "units": 5}
    found = cl.trace(model)
    assert found["conv"].output_shape == (None, 8, 4)
    assert found["relu"].output_shape is None
    words = r"What Mine computes is not known here.\n.*custom_objects=\{'Mine': its class\}"
    with pytest.raises(ArgumentError, match=words):
        model(X)


@pytest.mark.parametrize("key", ["Mine", "own>Mine"])
def test_a_rule_for_a_layer_of_ones_own(key):
    model = read(
        graph(INPUT, MINE, entry("ReLU", "relu", "mine")),
        custom_objects={key: lambda shape: (*shape[:-1], 5)},
    )
    assert model.output_shape == (None, 8, 5)


def test_a_class_for_a_layer_of_ones_own():
    class Mine(layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = units

        def compute_output_shape(self, input_shape):
            return (*input_shape[:-1], self.units)

        def call(self, x):
            return np.repeat(x[..., :1], self.units, axis=-1)

    model = read(graph(INPUT, MINE), custom_objects={"Mine": Mine})
    assert isinstance(model.get_layer("mine"), Mine)
    np.testing.assert_array_equal(model(X), np.repeat(X[..., :1], 5, axis=-1))


def test_an_activation_of_ones_own():
    conv = entry("Conv1D", "conv", "x", filters=2, kernel_size=[3], activation="my_activation")
    model = read(graph(INPUT, conv))
    assert cl.trace(model)["conv"].output_shape == (None, 6, 2)
    words = r"What this activation computes is not known here.\n.*'my_activation'.*custom_objects"
    with pytest.raises(ArgumentError, match=words):
        model(X)
    told = read(graph(INPUT, conv), custom_objects={"my_activation": lambda x: x * 0 + 7})
    assert (told(X) == 7).all()


def test_an_initializer_of_ones_own_is_done_without():
    written = {"module": "own", "class_name": "Mine", "config": {}, "registered_name": "own>Mine"}
    conv = entry("Conv1D", "conv", "x", filters=2, kernel_size=[3], kernel_initializer=written)
    assert read(graph(INPUT, conv)).output_shape == (None, 6, 2)


def test_custom_objects_that_are_nothing():
    words = r"A custom object is a class of layers, or a function.*\n.*custom_objects=\{'Mine': 3\}"
    with pytest.raises(ArgumentError, match=words):
        read(graph(INPUT, MINE), custom_objects={"Mine": 3})
    with pytest.raises(ArgumentError, match=r"The rule given for Mine makes a shape of a shape"):
        read(graph(INPUT, MINE), custom_objects={"Mine": lambda shape: "no"}).get_layer(
            "mine"
        ).compute_output_shape((None, 3))


def test_a_class_of_the_same_name_as_one_of_keras_s_is_opaque():
    conv = CONV | {"module": "own.layers", "registered_name": "own>Conv1D"}
    assert type(read(graph(INPUT, conv)).get_layer("conv")).__name__ == "Opaque"


def test_functions_in_files_are_never_run():
    """A Lambda's bytecode stays what it is: text."""
    code = "4wEAAAAAAAAAAAAAAAEAAAACAAAAQwAAAHMIAAAAfABkAZQAUwA="
    written = {"class_name": "__lambda__", "config": {"code": code, "defaults": None}}
    model = read(graph(INPUT, entry("Lambda", "function", "x", function=written)))
    with pytest.raises(ArgumentError, match="What Lambda computes is not known here"):
        model(X)
    told = entry("Lambda", "function", "x", function=written, output_shape=[4, 2])
    assert read(graph(INPUT, told)).output_shape == (None, 4, 2)


# What cannot be

BROKEN = [
    ("no object", [], "written as a JSON object"),
    ("no class", {"config": {}}, "A layer is written as"),
    ("a layer alone", {"class_name": "Dense", "config": {"units": 3}},
     r"describes a Sequential or Functional model.*\n.*class_name='Dense'"),
    ("layers", graph(INPUT) | {"config": graph(INPUT)["config"] | {"layers": 3}},
     "A model has a list of layers"),
    ("twice", graph(INPUT, CONV, CONV), r"names of their own.\n.*'conv' twice"),
    ("unknown layer", graph(INPUT, entry("ReLU", "relu", "y")),
     r"reads only layers of its model.\n.*no layer 'y'"),
    ("unknown call", graph(INPUT, entry("ReLU", "relu", ["x", 3, 0, {}])),
     r"reads only calls that the file has.\n.*call 3 of 1 calls of the layer 'x'"),
    ("unknown end", graph(INPUT, outputs=("y",)), "reads only layers of its model"),
    ("cycle", graph(INPUT, entry("ReLU", "a", "b"), entry("ReLU", "b", "a")), "has no cycles"),
    ("loose", graph(INPUT, entry("InputLayer", "y", batch_shape=[None, 3]),
                    entry("ReLU", "relu", "y")),
     r"Graph disconnected.*\n.*need the input 'y'"),
    ("odd call", graph(INPUT, CONV | {"inbound_nodes": 3}), "Received"),
    ("odd place", graph(INPUT, entry("ReLU", "relu", ["x", -1, 0, {}])),
     "named by a layer, the number of a call"),
    ("kernel", graph(INPUT, entry("Conv1D", "conv", "x", filters=-4, kernel_size=[3])),
     r"describes a Conv1D that cannot be:.*\n.*name='conv'"),
    ("no filters", graph(INPUT, entry("Conv1D", "conv", "x", kernel_size=[3])),
     r"describes a Conv1D that cannot be:.*filters"),
    ("input", graph(entry("InputLayer", "x")), "An input has a shape"),
    ("subclass", {"class_name": "MyModel", "config": {"a": 1}},
     "a class of its own cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "words"), [one[1:] for one in BROKEN], ids=[one[0] for one in BROKEN]
)
def test_what_cannot_be_is_refused(written, words):
    with pytest.raises(FileRefused, match=words) as caught:
        read(written)
    assert all((caught.value.rule, caught.value.received, caught.value.remedy))


# Calls as files have them

TENSOR = {
    "class_name": "__keras_tensor__",
    "config": {"shape": [None, 8], "dtype": "float32", "keras_history": ["a", 1, 2]},
}
A = Reference("a", 1, 2, (None, 8))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ([], []),
        ([{"args": [TENSOR], "kwargs": {"training": True, "axis": 1}}], [([A], {"axis": 1})]),
        ([{"args": [[TENSOR, TENSOR]]}], [([[A, A]], {})]),
        ([[["a", 0, 0, {}]]], [([Reference("a", 0, 0)], {})]),
        ([[["a", 0, 0, {}], ["b", 1, 2]]], [([[Reference("a", 0, 0), Reference("b", 1, 2)]], {})]),
        ([["a", 0, 0, {"y": ["b", 0, 1], "k": 3}]],
         [([Reference("a", 0, 0)], {"y": Reference("b", 0, 1), "k": 3})]),
        ([[["a", 0, 0, {"y": ["_CONSTANT_VALUE", -1, 0.5]}]]],
         [([Reference("a", 0, 0)], {"y": 0.5})]),
        ([[["_CONSTANT_VALUE", -1, 2.0, {}]]], [([2.0], {})]),
        ([[["a", 0, 0, {"training": False, "mask": None, "axis": 2}]]],
         [([Reference("a", 0, 0)], {"axis": 2})]),
    ],
)  # fmt: skip
def test_calls(written, expected):
    assert list(calls_in(written)) == expected


@pytest.mark.parametrize(
    "written", [3, [3], [{"args": 3}], [[["a"]]], [[["a", 0, 0, {}, 5]]], [["a", "b", 0]], [[3]]]
)
def test_calls_that_are_none(written):
    with pytest.raises(FileRefused):
        list(calls_in(written))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (3, 3),
        ([1, [2]], [1, [2]]),
        (TENSOR, A),
        ({"class_name": "__slice__", "config": {"start": 1, "stop": None, "step": 2}},
         slice(1, None, 2)),
        ({"class_name": "__tuple__", "items": [1, TENSOR]}, (1, A)),
        ({"class_name": "__ellipsis__", "config": {}}, ...),
        ({"name": TENSOR}, {"name": A}),
    ],
)  # fmt: skip
def test_values(written, expected):
    assert value(written) == expected


def test_an_array_in_a_call():
    found = value({"class_name": "__numpy__", "config": {"value": [[1, 2]], "dtype": "int32"}})
    assert found.tolist() == [[1, 2]]
    assert found.dtype == np.int32


@pytest.mark.parametrize(
    "written",
    [
        {"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0]}},
        {"class_name": "__keras_tensor__", "config": {}},
        {"class_name": "__numpy__", "config": {"value": [[1], [1, 2]]}},
        {"class_name": "__numpy__", "config": {"value": [1], "dtype": "no"}},
    ],
)
def test_values_that_are_none(written):
    with pytest.raises(FileRefused):
        value(written)


@pytest.mark.parametrize("places", [(3, 0, 0), ("a", -1, 0), ("a", True, 0), ("a", 0, 10**9)])
def test_references_that_are_none(places):
    with pytest.raises(FileRefused, match="named by a layer, the number of a call, and that of an"):
        reference(*places)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ([None, 8], (None, 8)),
        ({"class_name": "__tuple__", "items": [None, 8]}, (None, 8)),
        ([None, -1], None),
        ([True], None),
        ([8.0], None),
        ("88", None),
        (None, None),
        ([], None),
    ],
)
def test_shapes_in_files(written, expected):
    assert shape_in(written) == expected


# Files


def archive(written):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("config.json", json.dumps(written))
        made.writestr("metadata.json", json.dumps({"keras_version": "3.0.0"}))
    return out.getvalue()


@pytest.mark.parametrize("ending", [".json", ".keras"])
@pytest.mark.parametrize("how", ["path", "text", "bytes", "open"])
def test_every_way_to_name_a_file(tmp_path, ending, how):
    written = graph(INPUT, CONV)
    content = json.dumps(written).encode() if ending == ".json" else archive(written)
    path = tmp_path / f"model{ending}"
    path.write_bytes(content)
    source = {"path": path, "text": str(path), "bytes": content, "open": io.BytesIO(content)}[how]
    assert cl.load_model(source).output_shape == (None, 8, 4)


def test_what_kind_a_file_is_its_content_says(tmp_path):
    path = tmp_path / "model.h5"
    path.write_text(json.dumps(graph(INPUT, CONV)))
    assert cl.load_model(path).name == "read"


# Live models


@pytest.mark.parametrize("thing", [3, "model", None, object(), layers.Dense(3)])
def test_what_is_no_live_model(thing):
    with pytest.raises(ArgumentError, match=r"takes a live Keras model.\n.*load_model\(path\)"):
        cl.from_keras(thing)


def test_one_of_ours_is_itself():
    model = cl.Sequential([cl.Input((3,)), layers.Dense(2)])
    assert cl.from_keras(model) is model


def test_a_model_that_does_not_tell_its_structure():
    class Subclassed:
        layers = ()

        def to_json(self):
            raise NotImplementedError("no get_config")

    with pytest.raises(ArgumentError, match=r"by to_json\(\).\n.*NotImplementedError: no get_conf"):
        cl.from_keras(Subclassed())


@pytest.mark.keras
def test_a_live_model_with_and_without_its_weights(keras):
    theirs = keras.Sequential([keras.Input((8, 3)), keras.layers.Conv1D(4, 3, name="conv")])
    ours = cl.from_keras(theirs)
    np.testing.assert_allclose(ours(X), theirs(X), atol=1e-6)
    new = cl.from_keras(theirs, weights=False)
    assert new.output_shape == (None, 6, 4)
    assert np.abs(new(X) - ours(X)).max() > 0.01
    theirs.set_weights([np.zeros((3, 3, 4)), np.ones(4)])
    assert (ours(X) != 1).any(), "the weights are copies"


@pytest.mark.keras
def test_a_live_layer_that_is_not_known_tells_its_shape_and_parameters(keras):
    class Mine(keras.layers.Layer):
        def build(self, input_shape):
            self.scale = self.add_weight(shape=(7,))

        def call(self, x):
            return x[:, ::2] * self.scale[0]

    x = keras.Input((8, 3))
    ours = cl.from_keras(keras.Model(x, keras.layers.ReLU(name="end")(Mine(name="mine")(x))))
    found = cl.trace(ours)
    assert found["mine"].output_shape == found["end"].output_shape == (None, 4, 3)
    assert found["mine"].params == 7
