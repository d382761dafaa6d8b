"""Layers of Keras 1 and 2 in Keras 3's terms: against what those versions wrote and computed."""

import copy
import json
import warnings
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_keras1 import values

from convlab import layers
from convlab.errors import ArgumentError, ArgumentTypeError, ConvlabError, FileRefused
from convlab.layers import activations
from convlab.models.legacy import (
    as_graph,
    data_format_of,
    is_keras1,
    modern,
    modern_weights,
)
from convlab.models.legacy.objects import keras2_hard_sigmoid
from convlab.models.reading import load_model, model_from_json

HERE = Path(__file__).parent / "legacy"
ROWS = json.loads((HERE / "keras1_layers.json").read_text())
MODELS = [json.loads(path.read_text()) for path in sorted(HERE.glob("keras1_*_*.json"))]


def made(class_name, arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a layer that opens a model has an input shape
        return getattr(layers, class_name)(**arguments)


def computed(layer, arrays, inputs):
    """The layer's output with these weights; one input or several."""
    inputs = inputs if len(inputs) > 1 else inputs[0]
    if arrays:
        layer.build(inputs.shape)
        layer.set_weights(arrays)
    return layer(inputs)


# What Keras 1.2.2 wrote and computed


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['class_name']}: {row['why']}")
def test_a_layer_of_keras_1_computes_what_keras_1_computed(row):
    old, config = row["class_name"], row["config"]
    before = copy.deepcopy(config)
    weights = [values(shape, 1 + at) for at, shape in enumerate(row["weights"])]
    if old == "BatchNormalization":
        weights = [abs(array) for array in weights]
    name, arguments = modern(
        old, config, "1.2.2", {"tf": "channels_last", "th": "channels_first"}[row["data_format"]]
    )
    if name == "TimeDistributed":
        name, arguments = arguments["layer"]["class_name"], arguments["layer"]["config"]
    inputs = [values((2, *shape), 0.5 * at) for at, shape in enumerate(row["input_shapes"])]
    output = computed(made(name, arguments), modern_weights(old, config, weights, "1.2.2"), inputs)
    expected = np.array(row["output"], "float32").reshape(row["output_shape"])
    assert output.shape == expected.shape
    np.testing.assert_allclose(output, expected, atol=2e-5)
    assert config == before


def test_the_rows_hold_every_convolutional_layer_of_keras_1():
    named = {row["class_name"] for row in ROWS}
    pools = {f"{kind}Pooling{n}D" for kind in ("Max", "Average") for n in (1, 2, 3)}
    moved = {f"{kind}{n}D" for kind in ("UpSampling", "ZeroPadding", "Cropping") for n in (1, 2, 3)}
    convolutions = {f"Convolution{n}D" for n in (1, 2, 3)} | {"Deconvolution2D", "ConvLSTM2D"}
    assert named >= pools | {f"Global{pool}" for pool in pools} | moved | convolutions
    assert named >= {"AtrousConvolution1D", "AtrousConvolution2D", "SeparableConvolution2D"}


# Row by row: why, version, the class and config of old, the class and arguments of today

TABLE = [
    ("a kernel's sizes are one argument", "1.2.2", "Convolution2D",
     {"nb_filter": 8, "nb_row": 3, "nb_col": 5},
     "Conv2D", {"filters": 8, "kernel_size": (3, 5)}),
    ("in three axes, too", "1.2.2", "Convolution3D",
     {"nb_filter": 8, "kernel_dim1": 1, "kernel_dim2": 2, "kernel_dim3": 3, "dim_ordering": "th"},
     "Conv3D", {"filters": 8, "kernel_size": (1, 2, 3), "data_format": "channels_first"}),
    ("penalties on weights had a name within", "1.1.0", "Dense",
     {"output_dim": 8, "W_regularizer": {"name": "WeightRegularizer", "l1": 0.0, "l2": 0.5}},
     "Dense",
     {"units": 8,
      "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.5}}}),
    ("so had penalties on outputs", "1.0.8", "Dense",
     {"output_dim": 8, "activity_regularizer": {"name": "ActivityRegularizer", "l1": 1.0}},
     "Dense",
     {"units": 8, "activity_regularizer": {"class_name": "L1L2", "config": {"l1": 1.0}}}),
    ("and constraints, whose arguments were short", "1.2.2", "Dense",
     {"output_dim": 8, "W_constraint": {"name": "MinMaxNorm", "low": 0.1, "high": 1, "axis": 0},
      "b_constraint": {"name": "NonNeg"}},
     "Dense",
     {"units": 8, "bias_constraint": {"class_name": "NonNeg", "config": {}},
      "kernel_constraint": {"class_name": "MinMaxNorm",
                            "config": {"min_value": 0.1, "max_value": 1, "axis": 0}}}),
    ("a word may stand for each", "1.2.2", "Dense",
     {"output_dim": 8, "init": "zero", "W_regularizer": "l1l2", "W_constraint": "maxnorm",
      "b_regularizer": "activity_l2"},
     "Dense",
     {"units": 8, "kernel_initializer": "zeros", "kernel_constraint": "MaxNorm",
      "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.01, "l2": 0.01}},
      "bias_regularizer": "l2"}),
    ("the first layer has the input's shape in three ways", "1.2.2", "Dense",
     {"output_dim": 8, "input_dim": 3, "batch_input_shape": [None, 3], "input_dtype": "float32"},
     "Dense", {"units": 8, "batch_input_shape": [None, 3]}),
    ("by hand, in one", None, "Convolution1D",
     {"nb_filter": 8, "filter_length": 3, "input_dim": 2, "input_length": 9},
     "Conv1D",
     {"filters": 8, "kernel_size": 3, "data_format": "channels_last",
      "batch_input_shape": [None, 9, 2]}),
    ("an input's dtype is its own", "1.2.2", "InputLayer",
     {"batch_input_shape": [None, 9], "input_dtype": "int32", "sparse": False, "name": "x"},
     "InputLayer", {"batch_shape": [None, 9], "dtype": "int32", "name": "x"}),
    ("no size given outright, none to keep", "1.2.2", "Deconvolution2D",
     {"nb_filter": 2, "nb_row": 3, "nb_col": 3, "output_shape": [None, None, None, 2]},
     "Conv2DTranspose", {"filters": 2, "kernel_size": (3, 3)}),
    ("axis and averages", "1.2.2", "BatchNormalization",
     {"mode": 0, "axis": 1, "epsilon": 0.001, "beta_init": "one"},
     "BatchNormalization", {"axis": 1, "epsilon": 0.001, "beta_initializer": "ones"}),
    ("a bias that begins at one", "1.2.2", "ConvLSTM2D",
     {"nb_filter": 2, "nb_row": 2, "nb_col": 2, "forget_bias_init": "zero", "dropout_U": 0.5},
     "ConvLSTM2D",
     {"filters": 2, "kernel_size": (2, 2), "unit_forget_bias": False, "recurrent_dropout": 0.5}),
    ("Keras 2.0 still wrote Merge", "2.0.6", "Merge",
     {"mode": "concat", "mode_type": "raw", "concat_axis": -1, "dot_axes": -1, "arguments": {},
      "output_shape": None, "output_shape_type": "raw", "name": "merge_2", "layers": []},
     "Concatenate", {"axis": -1, "name": "merge_2"}),
    ("names of layers had a path", "2.4.0", "Dense", {"units": 8, "name": "block/top"},
     "Dense", {"units": 8, "name": "block_top"}),
    ("an axis in a list", "2.2.4-tf", "BatchNormalization", {"axis": [3], "fused": True},
     "BatchNormalization", {"axis": 3}),
    ("what tells how to train", "2.15.0", "BatchNormalization",
     {"axis": -1, "renorm": True, "virtual_batch_size": None, "adjustment": None},
     "BatchNormalization", {"axis": -1, "renorm": True}),
    ("a class that had a number", "2.1.6-tf", "BatchNormalizationV1", {"axis": [1]},
     "BatchNormalization", {"axis": 1}),
    ("a class for several devices", "2.9.0", "SyncBatchNormalization", {"axis": [1]},
     "BatchNormalization", {"axis": 1}),
    ("one slope, one name", "2.15.0", "LeakyReLU", {"alpha": 0.1},
     "LeakyReLU", {"negative_slope": 0.1}),
    ("an array of one", "2.0.9", "LeakyReLU", {"alpha": {"type": "ndarray", "value": 0.1}},
     "LeakyReLU", {"negative_slope": 0.1}),
    ("lists of one", "2.2.4-tf", "ReLU", {"max_value": [6.0], "negative_slope": [0.0]},
     "ReLU", {"max_value": 6.0, "negative_slope": 0.0}),
    ("a depthwise layer has no other kernel", "2.3.0-tf", "DepthwiseConv2D",
     {"kernel_size": [3, 3], "groups": 1, "filters": None,
      "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
      "kernel_regularizer": None, "kernel_constraint": None},
     "DepthwiseConv2D", {"kernel_size": [3, 3]}),
    ("a separable layer has two", "2.15.0", "SeparableConv2D",
     {"filters": 4, "kernel_size": [3, 3], "dilation_rate": [2, 2], "groups": 1,
      "kernel_initializer": "zeros", "kernel_regularizer": None, "kernel_constraint": None},
     "SeparableConv2D", {"filters": 4, "kernel_size": [3, 3], "dilation_rate": [2, 2]}),
    ("a transposed layer had groups, but one", "2.9.0", "Conv2DTranspose",
     {"filters": 4, "kernel_size": [3, 3], "output_padding": None, "groups": 1},
     "Conv2DTranspose", {"filters": 4, "kernel_size": [3, 3], "output_padding": None}),
    ("TensorFlow 1 wrote dtypes of initializers", "2.2.4-tf", "Conv2D",
     {"filters": 4, "kernel_size": [3, 3],
      "kernel_initializer": {"class_name": "VarianceScaling",
                             "config": {"scale": 2.0, "mode": "fan_out", "dtype": "float32",
                                        "distribution": "truncated_normal", "seed": None}}},
     "Conv2D",
     {"filters": 4, "kernel_size": [3, 3],
      "kernel_initializer": {"class_name": "VarianceScaling",
                             "config": {"scale": 2.0, "mode": "fan_out", "seed": None,
                                        "distribution": "truncated_normal"}}}),
    ("a policy has a name", "2.6.0", "Dense",
     {"units": 4, "dtype": {"class_name": "Policy", "config": {"name": "mixed_float16"}}},
     "Dense", {"units": 4, "dtype": "mixed_float16"}),
    ("or is left to the input", "2.0.0-tf", "Dense",
     {"units": 4, "dtype": {"class_name": "Policy", "config": {"name": "_infer"}}},
     "Dense", {"units": 4}),
    ("a function by its name", "2.15.0", "Activation",
     {"activation": {"module": "builtins", "class_name": "function", "config": "relu6",
                     "registered_name": "function"}},
     "Activation", {"activation": "relu6"}),
    ("TensorFlow's function has a number", "2.4.0", "Dense",
     {"units": 4, "activation": "softmax_v2"}, "Dense", {"units": 4, "activation": "softmax"}),
    ("a pooling of one axis had no format", "2.0.9", "MaxPooling1D", {"pool_size": [2]},
     "MaxPooling1D", {"pool_size": [2], "data_format": "channels_last"}),
    ("nor had Flatten, which took all as it lay", "2.1.6", "Flatten", {"name": "flat"},
     "Flatten", {"name": "flat", "data_format": "channels_last"}),
    ("later it had", "2.2.5", "Flatten", {"data_format": "channels_first"},
     "Flatten", {"data_format": "channels_first"}),
    ("a path before the class", "2.5.0", "keras.layers.experimental.preprocessing.Rescaling",
     {"scale": 0.5, "offset": 0}, "Rescaling", {"scale": 0.5, "offset": 0}),
    ("mean and variance were weights", "2.3.0-tf", "Normalization", {"axis": [-1]},
     "Normalization", {"axis": [-1]}),
    ("shapes and tuples as dictionaries", "2.9.0", "Conv2D",
     {"filters": 4, "kernel_size": {"class_name": "__tuple__", "items": [3, 3]},
      "batch_input_shape": {"class_name": "TensorShape", "items": [None, 8, 8, 1]}},
     "Conv2D",
     {"filters": 4, "kernel_size": [3, 3], "batch_input_shape": [None, 8, 8, 1]}),
    ("a recurrence said how it runs", "2.15.0", "ConvLSTM2D",
     {"filters": 2, "kernel_size": [2, 2], "unroll": True, "time_major": False},
     "ConvLSTM2D", {"filters": 2, "kernel_size": [2, 2]}),
    ("dropout of whole maps had a shape of noise", "2.15.0", "SpatialDropout2D",
     {"rate": 0.5, "noise_shape": None, "seed": None, "trainable": True},
     "SpatialDropout2D", {"rate": 0.5, "seed": None}),
    ("inputs may be neither sparse nor ragged", "2.9.0", "InputLayer",
     {"batch_input_shape": [None, 8], "dtype": "float32", "sparse": False, "ragged": False},
     "InputLayer", {"batch_shape": [None, 8], "dtype": "float32"}),
    ("Keras 3 is taken at its word", "3.4.1", "Dense", {"units": 4, "activation": "hard_sigmoid"},
     "Dense", {"units": 4, "activation": "hard_sigmoid"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("version", "old", "config", "new", "arguments"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_a_config_of_old_is_the_arguments_of_today(version, old, config, new, arguments):
    before = copy.deepcopy(config)
    assert modern(old, config, version) == (new, arguments)
    assert config == before
    assert type(made(new, arguments)).__name__ == new


# What has no counterpart is left, to be refused or to be unknown

LEFT = [
    ("a function is never run", "1.2.2", "Merge",
     {"mode": ["4wEAAAA=", None, None], "mode_type": "lambda"}, "Merge"),
    ("nor looked up", "1.2.2", "Merge", {"mode": "sum", "mode_type": "function"}, "Merge"),
    ("a cosine has an axis that Dot has not", "1.2.2", "Merge", {"mode": "cos"}, "Merge"),
    ("statistics of the batch itself", "1.2.2", "BatchNormalization", {"mode": 2},
     "BatchNormalization(mode=2)"),
    ("statistics of each example", "1.2.2", "BatchNormalization", {"mode": 1},
     "BatchNormalization(mode=1)"),
    ("no such layer today", "1.2.2", "ParametricSoftplus", {"beta_init": 5.0},
     "ParametricSoftplus"),
    ("no such layer today", "1.2.2", "Highway", {"init": "zero", "bias": True}, "Highway"),
    ("another package's class", "2.4.0", "Addons>GroupNormalization", {"groups": 2},
     "Addons>GroupNormalization"),
    ("a path that is not Keras's", "2.4.0", "my.keras.layers.Dense", {}, "my.keras.layers.Dense"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("version", "old", "config", "name"), [row[1:] for row in LEFT], ids=[row[0] for row in LEFT]
)
def test_what_has_no_counterpart_stays(version, old, config, name):
    assert modern(old, config, version) == (name, config)
    assert not hasattr(layers, name)


REFUSED = [
    ("Theano's padding", "1.2.2", "Convolution2D",
     {"nb_filter": 1, "nb_row": 3, "nb_col": 3, "border_mode": "full"}, "padding"),
    ("an argument of nobody's", "1.2.2", "Dense", {"output_dim": 1, "wings": 2}, "wings"),
    ("half of a kernel", "1.2.2", "Convolution2D", {"nb_filter": 1, "nb_row": 3}, "kernel_size"),
    ("two words for one thing", "1.2.2", "Dense", {"output_dim": 1, "units": 2}, "output_dim"),
    ("two old words for one thing", "1.2.2", "Convolution1D",
     {"nb_filter": 1, "filter_length": 3, "subsample": 1, "subsample_length": 2}, "subsample"),
    ("a size that is impossible", "1.2.2", "Deconvolution2D",
     {"nb_filter": 1, "nb_row": 3, "nb_col": 3, "output_shape": [None, 1, 1, 1]}, "output_shape"),
    ("sides of another layer", "1.2.2", "ZeroPadding2D", {"padding": {"front": 1}}, "padding"),
    ("a batch in parts", "2.6.0", "BatchNormalization", {"virtual_batch_size": 4}, "virtual"),
    ("groups that a transposed layer never had", "2.6.0", "Conv2DTranspose",
     {"filters": 2, "kernel_size": 3, "groups": 2}, "groups"),
    ("time before the batch", "2.6.0", "ConvLSTM2D",
     {"filters": 2, "kernel_size": 3, "time_major": True}, "time_major"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("version", "old", "config", "argument"),
    [row[1:] for row in REFUSED],
    ids=[row[0] for row in REFUSED],
)
def test_an_argument_without_counterpart_is_refused_by_the_layer(version, old, config, argument):
    name, arguments = modern(old, config, version)
    with pytest.raises((ArgumentError, ArgumentTypeError), match=argument):
        made(name, arguments)


@pytest.mark.parametrize(
    ("class_name", "config"), [("Dense", [1]), ("Dense", None), (None, {}), (["Dense"], {})]
)
def test_what_is_no_layer_is_refused(class_name, config):
    with pytest.raises(FileRefused, match="class's name and a dictionary"):
        modern(class_name, config, "1.2.2")


PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.floats()
ODD = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["class_name", "config", "items", "name", "type", "value", "left_pad"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=6,
)
KEYS = sorted({key for row in ROWS for key in row["config"]} | {"mode", "axis", "groups", "layer"})
NAMES = sorted({row["class_name"] for row in ROWS} | {row[2] for row in TABLE})


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(NAMES),
    st.dictionaries(st.sampled_from(KEYS), ODD, max_size=5),
    st.sampled_from([None, "1.2.2", "2.6.0", "3.0.0", "x", "9" * 5000]),
)
def test_odd_configs_are_translated_or_refused(name, config, version):
    try:
        modern(name, config, version)
        modern_weights(name, config, [np.ones((2, 2, 2, 2)), np.ones(2)], version, "theano")
    except ConvlabError:
        pass


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_what_is_translated_is_not_translated_again(row):
    *_, new, arguments = row
    assert modern(new, arguments) == (new, arguments)


# Weights


def test_theano_slides_kernels_that_are_turned_round():
    kernel = values((3, 5, 2, 4), 1)
    config = {"filters": 4, "kernel_size": [3, 5], "data_format": "channels_last"}
    (turned,) = modern_weights("Conv2D", config, [kernel], "2.0.9", "theano")
    np.testing.assert_array_equal(turned, kernel[::-1, ::-1])
    (kept,) = modern_weights("Conv2D", config, [kernel], "2.0.9", "cntk")
    np.testing.assert_array_equal(kept, kernel)


@pytest.mark.parametrize(
    ("name", "shapes", "turned"),
    [
        ("Conv1D", [(3, 2, 4), (4,)], 1),
        ("Conv3D", [(3, 2, 2, 2, 4), (4,)], 1),
        ("Conv2DTranspose", [(3, 2, 4, 2), (4,)], 1),
        ("ConvLSTM2D", [(3, 2, 2, 8), (3, 2, 2, 8), (8,)], 2),
        ("DepthwiseConv2D", [(3, 2, 2, 4), (8,)], 1),
        ("Dense", [(3, 4), (4,)], 0),
        ("LocallyConnected2D", [(6, 8, 4), (2, 3, 4)], 0),
    ],
)
def test_the_kernels_of_theano_are_turned_and_nothing_else(name, shapes, turned):
    arrays = [values(shape, 1) for shape in shapes]
    found = modern_weights(name, {}, arrays, "2.1.6", "theano")
    for at, (was, now) in enumerate(zip(arrays, found, strict=True)):
        expected = np.flip(was, tuple(range(was.ndim - 2))) if at < turned else was
        np.testing.assert_array_equal(now, expected)


def test_a_kernel_of_one_axis_from_before_keras_1_2():
    config = {"nb_filter": 4, "filter_length": 3}
    late = values((3, 1, 2, 4), 1)
    early = late.transpose(3, 2, 0, 1)
    for kernel in (late, early):
        found, bias = modern_weights("Convolution1D", config, [kernel, np.ones(4)], "1.1.0")
        np.testing.assert_array_equal(found, late[:, 0])
        assert bias.shape == (4,)


def test_arrays_that_fit_no_rule_stay_and_are_refused_by_the_layer():
    config = {"nb_filter": 4, "nb_row": 3, "nb_col": 3, "dim_ordering": "th", "bias": False}
    (kept,) = modern_weights("Convolution2D", config, [np.ones((4, 2, 9))], "1.2.2")
    layer = made(*modern("Convolution2D", config, "1.2.2"))
    layer.build((None, 2, 8, 8))
    with pytest.raises(ConvlabError, match=r"\(4, 2, 9\)"):
        layer.set_weights([kept])


# Activations


def test_hard_sigmoid_changed_its_slope_with_keras_3():
    x = np.array([-2.6, -2.5, 0.0, 1.0, 3.0], "float32")
    np.testing.assert_allclose(keras2_hard_sigmoid(x), [0, 0, 0.5, 0.7, 1])
    assert keras2_hard_sigmoid(x).dtype == "float32"
    assert not np.allclose(activations.hard_sigmoid(x), keras2_hard_sigmoid(x))
    for version in ("1.2.2", "2.15.0"):
        _, arguments = modern("ConvLSTM2D", {"recurrent_activation": "hard_sigmoid"}, version)
        assert arguments["recurrent_activation"] is keras2_hard_sigmoid


def test_the_old_hard_sigmoid_has_its_gradient():
    x, dy = np.array([-3.0, 0.0, 2.0, 2.6]), np.ones(4)
    np.testing.assert_allclose(activations.vjp(keras2_hard_sigmoid, x, dy), [0, 0.2, 0.2, 0])


def test_a_layer_as_an_activation_is_translated_in_its_place():
    config = {"units": 4, "activation": {"class_name": "LeakyReLU", "config": {"alpha": 0.1}}}
    _, arguments = modern("Dense", config, "2.3.1")
    expected = {"class_name": "LeakyReLU", "config": {"negative_slope": 0.1}}
    assert arguments["activation"] == expected


# Whole models


def test_keras_1_is_told_by_version_or_words():
    assert all(is_keras1(model) for model in MODELS)
    assert all(is_keras1({"config": model["config"]}) for model in MODELS)
    old = {"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"units": 1}}]}
    assert not is_keras1(old)  # a list, as in Keras 2.0
    assert is_keras1(old, "1.2.2")
    assert not is_keras1({**MODELS[0], "keras_version": "2.0.0"})
    for odd in (None, [], "x", {"class_name": 1, "config": {}}, {"config": [[[]]]}):
        assert not is_keras1(odd)


def test_the_data_format_is_that_of_the_layers_that_name_one():
    branches, channels_first = (
        json.loads((HERE / f"keras1_{name}.json").read_text())
        for name in ("two_branches", "channels_first")
    )
    assert data_format_of(channels_first) == "channels_first"
    assert data_format_of(branches) is None
    one, other = ({"class_name": "X", "config": {"dim_ordering": way}} for way in ("th", "tf"))
    assert data_format_of([one, {"layers": [one]}]) == "channels_first"
    assert data_format_of([one, other]) is None
    assert data_format_of({"class_name": "X", "config": {"dim_ordering": ["th"]}}) is None


def test_branches_that_a_sequential_merges_are_a_graph():
    entry = json.loads((HERE / "keras1_two_branches.json").read_text())
    before = copy.deepcopy(entry)
    graph = as_graph(entry)
    assert entry == before
    listed = {layer["name"]: layer for layer in graph["config"]["layers"]}
    model = model_from_json(json.dumps(graph))
    assert model.input_shape == [(None, 5, 2), (None, 3)]
    with h5py.File(HERE / "keras1_two_branches.h5") as file:
        groups = file["model_weights"]
        for layer in model.layers:
            if layer.name in groups:
                group = groups[layer.name]
                arrays = [group[name][()] for name in group.attrs["weight_names"]]
                old = listed[layer.name]
                layer.set_weights(modern_weights(old["class_name"], old["config"], arrays, "1.2.2"))
    inputs = [values((2, *shape[1:]), 0.5 * at) for at, shape in enumerate(model.input_shape)]
    expected = json.loads((HERE / "keras1_outputs.json").read_text())["keras1_two_branches"]
    np.testing.assert_allclose(model(inputs), expected, atol=2e-5)


@pytest.mark.parametrize("name", ["keras1_two_branches", "keras1_channels_first"])
def test_a_file_of_keras_1_gives_what_keras_1_gave(name):
    model = load_model(HERE / f"{name}.h5")
    inputs = [values((2, *tensor.shape[1:]), 0.5 * at) for at, tensor in enumerate(model.inputs)]
    expected = json.loads((HERE / "keras1_outputs.json").read_text())[name]
    np.testing.assert_allclose(
        model(inputs if len(inputs) > 1 else inputs[0]), expected, rtol=2e-6, atol=2e-5
    )
    assert model_from_json((HERE / f"{name}.json").read_text()).output_shape == (None, 2)


def test_a_layer_that_two_branches_name_is_called_twice():
    first = {"class_name": "Dense", "config": {"name": "a", "batch_input_shape": [None, 4]}}
    shared = {"class_name": "Dense", "config": {"name": "b"}}
    branches = [
        {"class_name": "Sequential", "config": [one, shared]} for one in (first, named(first))
    ]
    graph = as_graph(sequential(merge(branches)))["config"]
    calls = {layer["name"]: layer["inbound_nodes"] for layer in graph["layers"]}
    assert calls["b"] == [[["a", 0, 0]], [["other", 0, 0]]]
    assert calls["m"] == [[["b", 0, 0], ["b", 1, 0]]]


def named(entry):
    return {**entry, "config": {**entry["config"], "name": "other"}}


def merge(branches):
    return {"class_name": "Merge", "config": {"name": "m", "layers": branches}}


def sequential(*entries):
    return {"class_name": "Sequential", "config": list(entries)}


def test_what_does_not_begin_with_branches_stays_as_it_is():
    plain = sequential({"class_name": "Dense", "config": {"name": "a"}})
    for entry in (
        None,
        [],
        {},
        plain,
        sequential(),
        sequential(merge([])),
        sequential(merge(None)),
    ):
        assert as_graph(entry) is entry


@pytest.mark.parametrize(
    ("branches", "rule"),
    [
        ([None], "has a name"),
        ([{"class_name": "Dense", "config": {"name": "a"}}], "says the shape of its input"),
        ([{"class_name": "Dense", "config": {"batch_input_shape": [None, 1]}}], "has a name"),
        ([sequential()], "has a name"),
    ],
)
def test_branches_of_which_no_graph_can_be_made_are_refused(branches, rule):
    with pytest.raises(FileRefused, match=rule):
        as_graph(sequential(merge(branches)))


def test_branches_within_branches_are_followed_to_a_depth():
    first = {"class_name": "Dense", "config": {"name": "a", "batch_input_shape": [None, 4]}}
    entry = sequential(merge([first, first]))
    graph = as_graph(sequential(merge([entry, first])))["config"]
    assert graph["input_layers"] == [["a_input", 0, 0]]
    for _ in range(40):
        entry = sequential(merge([entry]))
    with pytest.raises(FileRefused, match="nested at most 32 deep"):
        as_graph(entry)


# Live, against Keras 2

CONV = {"filters": 3, "kernel_size": 2}
LIVE = [
    ("Conv1D", {**CONV, "padding": "causal", "dilation_rate": 2}, (7, 2)),
    ("Conv2D", {**CONV, "activation": "swish", "kernel_regularizer": "l1_l2"}, (5, 4, 2)),
    ("Conv2D", {**CONV, "activation": "softmax", "kernel_constraint": "max_norm"}, (5, 4, 2)),
    ("Conv3D", {**CONV, "strides": 2, "kernel_initializer": "he_normal"}, (4, 4, 4, 2)),
    ("Conv1DTranspose", {**CONV, "strides": 2}, (7, 2)),
    ("Conv2DTranspose", {**CONV, "strides": 2, "output_padding": 1}, (4, 4, 2)),
    ("Conv3DTranspose", {**CONV, "strides": 2}, (2, 3, 2, 2)),
    ("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 2}, (5, 4, 2)),
    ("SeparableConv1D", {**CONV, "depth_multiplier": 2}, (7, 2)),
    ("SeparableConv2D", {**CONV, "dilation_rate": 2, "padding": "same"}, (5, 4, 2)),
    ("ConvLSTM1D", {**CONV, "return_sequences": True}, (3, 5, 2)),
    ("ConvLSTM2D", {**CONV, "padding": "same"}, (3, 4, 4, 2)),
    ("LocallyConnected1D", CONV, (7, 2)),
    ("LocallyConnected2D", CONV, (5, 4, 2)),
    ("BatchNormalization", {"axis": 1}, (5, 4, 2)),
    ("BatchNormalization", {"center": False}, (5, 4, 2)),
    ("BatchNormalization", {"renorm": True}, (5, 4, 2)),
    ("LayerNormalization", {}, (4, 6)),
    ("LayerNormalization", {"axis": [1]}, (4, 6)),
    ("GroupNormalization", {"groups": 2}, (5, 4)),
    ("UnitNormalization", {}, (4, 6)),
    ("Dense", {"units": 3, "activation": "hard_sigmoid"}, (5,)),
    ("Dense", {"units": 3, "activation": "gelu", "bias_initializer": "ones"}, (5,)),
    ("ReLU", {"max_value": 6, "negative_slope": 0.1, "threshold": 0.2}, (5,)),
    ("LeakyReLU", {"alpha": 0.1}, (5,)),
    ("PReLU", {"shared_axes": [1]}, (5, 2)),
    ("ELU", {"alpha": 0.5}, (5,)),
    ("ThresholdedReLU", {"theta": 0.5}, (5,)),
    ("Softmax", {"axis": [1, 2]}, (5, 2)),
    ("UpSampling1D", {"size": 3}, (5, 2)),
    ("UpSampling2D", {"size": [2, 1]}, (3, 4, 2)),
    ("UpSampling2D", {"size": 2, "interpolation": "bilinear"}, (3, 4, 2)),
    ("UpSampling3D", {}, (2, 1, 2, 2)),
    ("ZeroPadding1D", {"padding": [1, 2]}, (5, 2)),
    ("ZeroPadding2D", {"padding": [[1, 2], [0, 1]]}, (3, 4, 2)),
    ("ZeroPadding3D", {}, (2, 1, 2, 2)),
    ("Cropping1D", {"cropping": [1, 2]}, (5, 2)),
    ("Cropping2D", {"cropping": [[1, 1], [0, 1]]}, (3, 4, 2)),
    ("Cropping3D", {}, (3, 4, 3, 2)),
    *((f"{kind}Pooling1D", {}, (5, 2)) for kind in ("Max", "Average", "GlobalMax")),
    *((f"{kind}Pooling2D", {"padding": "same"}, (5, 4, 2)) for kind in ("Max", "Average")),
    *((f"{kind}Pooling3D", {"strides": 1}, (2, 3, 2, 2)) for kind in ("Max", "Average")),
    *((f"Global{kind}Pooling2D", {"keepdims": True}, (5, 4, 2)) for kind in ("Max", "Average")),
    ("Flatten", {"data_format": "channels_first"}, (2, 5, 4)),
    ("Reshape", {"target_shape": [4, -1]}, (2, 6)),
    ("Permute", {"dims": [2, 1]}, (2, 6)),
    ("RepeatVector", {"n": 2}, (3,)),
    ("Rescaling", {"scale": 0.5, "offset": 1.0}, (5, 2)),
    ("Normalization", {"mean": 2.0, "variance": 4.0}, (5, 2)),
    ("Resizing", {"height": 4, "width": 3}, (8, 6, 2)),
    *((name, {"rate": 0.5}, (5,)) for name in ("Dropout", "GaussianDropout", "AlphaDropout")),
    ("SpatialDropout1D", {"rate": 0.5}, (5, 2)),
    ("SpatialDropout2D", {"rate": 0.5}, (5, 4, 2)),
    ("SpatialDropout3D", {"rate": 0.5}, (5, 4, 1, 2)),
    ("GaussianNoise", {"stddev": 0.5}, (5,)),
    ("ActivityRegularization", {"l1": 0.5}, (5,)),
    *(("Activation", {"activation": name}, (9,)) for name in (
        "elu", "exponential", "gelu", "hard_sigmoid", "leaky_relu", "linear", "mish", "relu",
        "selu", "sigmoid", "softmax", "softplus", "softsign", "swish", "tanh",
    )),
]  # fmt: skip


def written(value):
    """Arrays, and TensorFlow's wrapped dictionaries, in JSON."""
    return value.tolist() if isinstance(value, np.ndarray) else dict(value)


@pytest.mark.parametrize(
    ("name", "arguments", "shape"), LIVE, ids=[f"{name} {given}" for name, given, _ in LIVE]
)
def test_a_layer_of_keras_2_computes_what_keras_2_computes(name, arguments, shape):
    keras2 = pytest.importorskip("tf_keras")
    old = getattr(keras2.layers, name)(**arguments)
    old.build((None, *shape))
    weights = [values(w.shape, 1 + at) for at, w in enumerate(old.get_weights())]
    if name == "BatchNormalization":
        weights = [abs(array) for array in weights]
    old.set_weights(weights)
    x = 3 * values((2, *shape), 0)
    config = json.loads(json.dumps(old.get_config(), default=written))
    config["batch_input_shape"] = [None, *shape]
    class_name, found = modern(name, config, "2.15.0")
    found.pop("batch_input_shape")
    assert class_name == name
    found = computed(made(name, found), modern_weights(name, config, weights, "2.15.0"), [x])
    np.testing.assert_allclose(found, np.asarray(old(x)), atol=2e-5)
