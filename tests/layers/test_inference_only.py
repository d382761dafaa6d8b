"""Layers that act in training alone: the identity here, and refused with training=True."""

import numpy as np
import pytest

from convlab import layers
from convlab.errors import ArgumentError, ArgumentTypeError, ShapeError

X = np.random.default_rng(1).standard_normal((2, 5, 6, 3)).astype("float32")
IDLE = [
    layers.Dropout(0.5),
    layers.AlphaDropout(0.5),
    layers.GaussianDropout(0.5),
    layers.GaussianNoise(0.5),
    layers.SpatialDropout2D(0.5),
    layers.StochasticDepth(0.5),
    layers.RandomFlip(),
    layers.RandomRotation(0.1),
    layers.RandomZoom(0.1),
    layers.RandomTranslation(0.1, 0.1),
    layers.RandomContrast(0.1),
    layers.RandomBrightness(0.1),
]


@pytest.mark.parametrize("layer", IDLE, ids=lambda layer: type(layer).__name__)
def test_the_identity(layer):
    np.testing.assert_array_equal(layer(X), X)
    np.testing.assert_array_equal(layer(X, training=False), X)
    np.testing.assert_array_equal(layer.vjp(X, 2 * X).inputs, 2 * X)
    assert layer.compute_output_shape((None, None, 6, 3)) == (None, None, 6, 3)
    assert layer.cost((None, 5, 6, 3)).params == 0
    with pytest.raises(ArgumentError, match=r"(?s)In training, .*trained networks.*training=False"):
        layer(X, training=True)


def test_nothing_is_dropped_at_rate_zero():
    for layer in (layers.Dropout(0), layers.GaussianNoise(0.0), layers.SpatialDropout2D(0)):
        np.testing.assert_array_equal(layer(X, training=True), X)
    with pytest.raises(ArgumentError) as info:
        layers.Dropout(0.5)(X, training=True)
    assert info.value.fixes == ({"rate": 0.0},)


def test_integers_stay_or_become_floats():
    x = np.ones((1, 2, 2, 3), "uint8")
    for layer in IDLE:
        assert layer(x).dtype == layer.output_dtype("uint8"), layer
    assert layers.Dropout(0.5)(x).dtype == np.uint8
    assert layers.RandomFlip()(x).dtype == np.float32
    assert layers.RandomContrast(0.1)(x).dtype == np.uint8


def test_activity_regularization():
    layer = layers.ActivityRegularization(l1=0.5, l2=0.25)
    assert layer(np.array([[1.0, -2.0], [0.0, 0.0]])).tolist() == [[1, -2], [0, 0]]
    assert layer.losses == [(0.5 * 3 + 0.25 * 5) / 2]
    config = layer.get_config()
    assert (config["l1"], config["l2"]) == (0.5, 0.25)
    assert "activity_regularizer" not in config
    assert layers.ActivityRegularization.from_config(config).l2 == 0.25


def test_the_config_of_a_spatial_dropout_is_keras_own():
    config = layers.SpatialDropout3D(0.5, name="drop", dtype="float16").get_config()
    assert config == {
        "rate": 0.5,
        "seed": None,
        "name": "drop",
        "dtype": "float16",
        "data_format": "channels_last",
    }
    assert layers.SpatialDropout3D.from_config(config).dtype == "float16"


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: layers.Dropout(1.5), "Expected a float value between 0 and 1"),
        (lambda: layers.GaussianNoise(-1), "`stddev`. Expected a float value between 0 and 1"),
        (lambda: layers.Dropout(0.5, noise_shape=3), "Expected an iterable of integers"),
        (lambda: layers.Dropout(0.5, noise_shape=(0,)), "positive integers or None"),
        (lambda: layers.Dropout(0.5, seed="a"), "`seed` must be an integer"),
        (lambda: layers.RandomRotation(2), r"in the range \[-1, 1\]"),
        (lambda: layers.RandomContrast((0.1,)), r"in the range \[0, 1\]"),
        (lambda: layers.RandomZoom(-1.0), r"in the range \(-1.0, 1.0\]"),
        (lambda: layers.RandomTranslation(0.1, "a"), "`width_factor` argument should be a number"),
        (lambda: layers.RandomZoom(0.1, fill_mode="nope"), "Unknown `fill_mode` nope"),
        (lambda: layers.RandomRotation(0.1, interpolation="cubic"), "Unknown `interpolation`"),
        (lambda: layers.RandomBrightness(0.1, value_range=3), "list of two numbers"),
    ],
)
def test_refusals(make, part):
    with pytest.raises(ArgumentError, match=part) as info:
        make()
    assert info.value.received
    assert info.value.remedy
    assert info.value.fixes


def test_ranks_and_types():
    with pytest.raises(ShapeError, match=r"(?s)rank 3 \(single image\) or 4.*needs an input"):
        layers.RandomFlip()(X[0, 0])
    with pytest.raises(ShapeError, match=r"(?s)expected ndim=3, found ndim=4"):
        layers.SpatialDropout1D(0.5)(X)
    with pytest.raises(ArgumentTypeError, match=r"(?s)`rate` is one number.*without quotes"):
        layers.Dropout("a")
