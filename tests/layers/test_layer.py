"""The life of a layer: names, weights, losses, constraints, config, repr."""

import pickle

import numpy as np
import pytest

from convlab.layers import (
    Conv2D,
    Cropping2D,
    GlobalAveragePooling1D,
    MaxPooling2D,
    PReLU,
    SpatialDropout2D,
    ZeroPadding2D,
    constraints,
    initializers,
    naming,
    regularizers,
)
from convlab.layers.base import Layer, standard_shape


@pytest.fixture(autouse=True)
def fresh_names():
    naming.reset_names()


@pytest.fixture
def x():
    return np.random.default_rng(0).standard_normal((2, 6, 6, 3)).astype("float32")


def shouted(x):
    return 2 * x


def test_automatic_names_count():
    assert [Conv2D(1, 1).name for _ in range(3)] == ["conv2d", "conv2d_1", "conv2d_2"]
    assert Conv2D(1, 1, name="mine").name == "mine"


def test_built_on_the_first_call(x):
    layer = Conv2D(4, 3)
    assert not layer.built
    assert layer.weights == []
    with pytest.raises(AttributeError, match="You must build the layer before accessing `kernel`"):
        _ = layer.kernel
    with pytest.raises(ValueError, match="but the layer isn't built"):
        layer.count_params()
    layer(x)
    assert layer.built
    assert [(w.name, w.shape) for w in layer.weights] == [("kernel", (3, 3, 3, 4)), ("bias", (4,))]
    assert np.asarray(layer.kernel).dtype == np.float32
    assert "kernel: float32 (3, 3, 3, 4)" in repr(layer.kernel)


@pytest.mark.parametrize(("make", "at_once"), [(Cropping2D, False), (MaxPooling2D, True)])
def test_a_layer_without_weights(make, at_once, x):
    """As in Keras, a pooling counts as built at once, and a cropping once it has seen an input."""
    layer = make(1)
    assert layer.built == at_once
    layer(x)
    assert layer.built
    layer.build((None, 8, 8, 1))  # any number of times: there is nothing to make
    assert layer.count_params() == 0


def test_further_arguments_by_position_or_by_name():
    layer, sequence = GlobalAveragePooling1D(), np.array([[[1.0], [3.0]]], "float32")
    mask = np.array([[True, False]])
    assert layer(sequence, mask) == layer(sequence, mask=mask) == 1
    with pytest.raises(TypeError, match="takes 1 arguments beside the input, each once"):
        layer(sequence, mask, mask=mask)
    with pytest.raises(TypeError, match="Give the input alone"):
        Cropping2D(1)(np.zeros((1, 4, 4, 1)), mask)


def test_weights_are_copied_in_and_out(x):
    layer = Conv2D(4, 3)
    layer.build(x.shape)
    values = [np.ones((3, 3, 3, 4)), np.ones(4)]
    layer.set_weights(values)
    values[0][:] = 7
    layer.get_weights()[0][:] = 7
    assert (layer.kernel.value == 1).all()
    layer.kernel.assign(np.zeros((3, 3, 3, 4)))
    assert (layer(x) == 1).all()


def test_wrong_weights(x):
    layer = Conv2D(4, 3)
    with pytest.raises(ValueError, match="Build the layer first"):
        layer.set_weights([np.ones(4)])
    layer.build(x.shape)
    before = layer.get_weights()
    with pytest.raises(ValueError, match="with a weight list of length 1"):
        layer.set_weights([np.ones((3, 3, 3, 4))])
    with pytest.raises(ValueError, match=r"is not compatible with provided weight shape \(5,\)"):
        layer.set_weights([np.ones((3, 3, 3, 4)), np.ones(5)])
    for kept, now in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(kept, now)  # refused as a whole
    with pytest.raises(ValueError, match="The shape of the weight 'bias' is"):
        layer.bias.assign(np.ones(5))


def test_weights_given_to_the_constructor(x):
    kernel, bias = np.ones((3, 3, 3, 2)), np.array([1.0, 2.0])
    layer = Conv2D(2, 3, weights=[kernel, bias])
    layer.build(x.shape)
    np.testing.assert_array_equal(layer.bias.value, bias)


def test_the_shape_keywords_of_older_keras():
    with pytest.warns(UserWarning, match="Do not pass an `input_shape`"):
        layer = Conv2D(2, 3, input_shape=(8, 8, 1))
    assert layer.batch_input_shape == (None, 8, 8, 1)
    with pytest.warns(UserWarning, match="Do not pass"):
        layer = Conv2D(2, 3, input_shape=(8, 8, 1), batch_size=4)
    assert layer.batch_input_shape == (4, 8, 8, 1)
    with pytest.warns(UserWarning, match="Do not pass"):
        layer = Conv2D(2, 3, batch_input_shape=(5, 8, 8, 1))
    assert layer.batch_input_shape == (5, 8, 8, 1)
    assert layer.replace(filters=3).batch_input_shape == (5, 8, 8, 1)
    assert Conv2D(2, 3).batch_input_shape is None


def test_losses_in_order(x):
    layer = Conv2D(
        4,
        3,
        activation="relu",
        kernel_regularizer=regularizers.L1L2(0.5, 0.25),
        bias_regularizer="l2",
        activity_regularizer=regularizers.L1(2.0),
        bias_initializer="ones",
    )
    assert layer.losses == []
    layer.build(x.shape)
    assert len(layer.losses) == 2  # no activity before a call
    y = layer(x)
    kernel = layer.kernel.value
    expected = [
        2 * np.abs(y).sum() / 2,
        0.5 * np.abs(kernel).sum() + 0.25 * (kernel**2).sum(),
        0.01 * 4,
    ]
    np.testing.assert_allclose(layer.losses, expected, rtol=1e-5)
    layer(x[:1])
    np.testing.assert_allclose(layer.losses[0], 2 * np.abs(y[:1]).sum(), rtol=1e-5)
    layer.trainable = False
    assert len(layer.losses) == 1
    assert layer.trainable_weights == []
    assert len(layer.non_trainable_weights) == 2


def test_an_orthogonal_regularizer_complains_when_losses_are_read(x):
    layer = Conv2D(4, 3, kernel_regularizer="orthogonal_regularizer")
    layer(x)
    with pytest.raises(ValueError, match="must have rank 2"):
        _ = layer.losses


def test_constraints_act_when_asked(x):
    layer = Conv2D(4, 3, kernel_constraint="non_neg", bias_constraint=constraints.UnitNorm())
    layer.build(x.shape)
    assert layer.kernel.value.min() < 0
    layer.bias.assign(np.full(4, 3.0))
    layer.apply_constraints()
    assert layer.kernel.value.min() == 0
    np.testing.assert_allclose(layer.bias.value, 0.5, rtol=1e-6)


ROUND_TRIPS = [
    {},
    {"strides": 2, "padding": "SAME", "activation": "swish", "use_bias": False},
    {"kernel_initializer": initializers.HeNormal(seed=3), "bias_initializer": "ones"},
    {"kernel_regularizer": "l1", "bias_regularizer": regularizers.L2(0.5)},
    {"kernel_constraint": constraints.MaxNorm(3, axis=[0, 1, 2]), "trainable": False},
    {"dtype": "mixed_float16", "data_format": "channels_first", "groups": 2},
    {"kernel_initializer": np.arange(36.0).reshape(3, 3, 1, 4)},
    {"activity_regularizer": {"class_name": "L2", "config": {"l2": 0.1}}},
    {"bias_initializer": None, "dilation_rate": (1, 2)},
]


@pytest.mark.parametrize("arguments", ROUND_TRIPS)
def test_config_round_trip(arguments):
    layer = Conv2D(4, 3, **arguments)
    again = Conv2D.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()


def test_config_of_an_unknown_key():
    with pytest.raises(TypeError, match="Error when deserializing class 'Conv2D'"):
        Conv2D.from_config({"filters": 1, "kernel_size": 1, "nope": 2})
    with pytest.raises(TypeError, match="kernel_size"):
        Conv2D.from_config({"filters": 1})
    with pytest.raises(ValueError, match="strictly positive"):
        Conv2D.from_config({"filters": 0, "kernel_size": 1})


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (
            lambda: Conv2D(8, 3, strides=(2, 2), padding="SAME"),
            "Conv2D(8, 3, strides=2, padding='same')",
        ),
        (lambda: Conv2D(8, (3, 5), use_bias=False), "Conv2D(8, (3, 5), use_bias=False)"),
        (lambda: Conv2D(8, 3, activation="swish"), "Conv2D(8, 3, activation='silu')"),
        (lambda: Conv2D(8, 3, activation=shouted), "Conv2D(8, 3, activation=shouted)"),
        (lambda: Conv2D(8, 3, activation="linear", name="a"), "Conv2D(8, 3, name='a')"),
        (lambda: Conv2D(8, 3, dtype="float64"), "Conv2D(8, 3, dtype='float64')"),
        (
            lambda: Conv2D(8, 3, kernel_initializer=initializers.HeNormal(seed=1)),
            "Conv2D(8, 3, kernel_initializer=HeNormal(seed=1))",
        ),
        (
            lambda: Conv2D(8, 3, kernel_initializer="HeNormal"),
            "Conv2D(8, 3, kernel_initializer='he_normal')",
        ),
        (lambda: Conv2D(8, 3, kernel_regularizer="l1"), "Conv2D(8, 3, kernel_regularizer='l1')"),
        (
            lambda: Conv2D(8, 3, kernel_initializer=np.ones((3, 3, 1, 8))),
            "Conv2D(8, 3, kernel_initializer=<array of shape (3, 3, 1, 8)>)",
        ),
        # pairs that are equal are not one pair: (1, 2) would be 1 along one axis, 2 along the other
        (lambda: ZeroPadding2D(((1, 2), (1, 2))), "ZeroPadding2D(padding=((1, 2), (1, 2)))"),
        (lambda: ZeroPadding2D(((2, 2), (2, 2))), "ZeroPadding2D(padding=2)"),
        (lambda: SpatialDropout2D(0.5), "SpatialDropout2D(0.5)"),
        (lambda: PReLU(), "PReLU()"),
    ],
)
def test_repr_is_the_constructor_call(layer, text):
    assert repr(layer()) == text


def test_repr_evaluates_to_the_same_layer():
    layer = Conv2D(8, (3, 5), strides=(2, 1), activation="relu", groups=4, name="a")
    again = eval(repr(layer), {"Conv2D": Conv2D})
    assert again.get_config() == layer.get_config()


def test_replace_of_a_layer_that_takes_few_arguments():
    assert repr(SpatialDropout2D(0.5, name="a").replace(rate=0.2)) == (
        "SpatialDropout2D(0.2, name='a')"
    )


def test_replace_keeps_the_rest():
    kernel = initializers.GlorotUniform(seed=1)
    layer = Conv2D(8, 3, activation=shouted, kernel_initializer=kernel, dtype="float64")
    other = layer.replace(padding="same", strides=2)
    assert repr(other) == repr(layer).replace("3,", "3, strides=2, padding='same',", 1)
    assert other.kernel_initializer is kernel


def test_a_layer_survives_a_pickle(x):
    layer = Conv2D(4, 3, activation="relu", kernel_initializer="he_normal")
    y = layer(x)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(layer))(x), y)


def test_a_refusal_uses_up_no_names():
    with pytest.raises(ValueError, match="zero or negative"):
        Conv2D(1, 5).compute_output_shape((1, 3, 3, 1))
    assert Conv2D(1, 1).name == "conv2d_1"


def test_the_base_computes_nothing():
    for call in (
        lambda: Layer().compute_output_shape((1,)),
        lambda: Layer().geometry((1,)),
        lambda: Layer().cost((1,)),
        lambda: Layer().call(np.ones(1)),
    ):
        with pytest.raises(NotImplementedError):
            call()


def test_standard_shape():
    assert standard_shape([None, np.int64(3)]) == (None, 3)
    with pytest.raises(ValueError, match="Cannot convert"):
        standard_shape((1, 2.5))


@pytest.mark.parametrize("name", ["strides", "dilation_rate"])
def test_whole_floats_count_as_integers_in_strides_and_dilation(name, x):
    layer = Conv2D(2, 3, **{name: (2.0, 2.0)}, kernel_initializer="ones")
    same = Conv2D(2, 3, **{name: 2}, kernel_initializer="ones")
    np.testing.assert_array_equal(layer(x), same(x))
    assert layer.get_config()[name] == (2.0, 2.0)  # as in Keras


def test_bfloat16_arrays_are_floats(x):
    ml_dtypes = pytest.importorskip("ml_dtypes")
    layer = Conv2D(2, 3)
    short = x.astype(ml_dtypes.bfloat16)
    np.testing.assert_array_equal(layer(short), layer(short.astype("float32")))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_the_activity_penalty_has_the_compute_dtype(dtype, x):
    layer = Conv2D(2, 3, dtype=dtype, activity_regularizer="l2")
    layer(x)
    assert layer.losses[0].dtype == dtype


def test_the_activity_penalty_of_bfloat16_is_rounded_to_it(x):
    layer = Conv2D(2, 3, dtype="bfloat16", activity_regularizer="l2")
    layer(x)
    assert np.float32(layer.losses[0]).view(np.uint32) & 0xFFFF == 0


def zeros(shape, dtype=None):
    return np.ones(shape, dtype)


def test_a_function_with_the_name_of_a_default_is_shown():
    assert "bias_initializer=zeros" in repr(Conv2D(1, 1, bias_initializer=zeros))


def test_older_keywords_warn_where_the_layer_is_made():
    with pytest.warns(UserWarning, match="Do not pass an `input_shape`") as caught:
        Conv2D(1, 1, input_shape=(4, 4, 1))
    assert caught[0].filename == __file__
