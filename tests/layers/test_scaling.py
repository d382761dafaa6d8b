"""Rescaling, LayerScale and CustomScaleLayer: worked examples, configs, refusals."""

import numpy as np
import pytest

from convlab.errors import ArgumentError, ShapeError
from convlab.layers import CustomScaleLayer, LayerScale, Rescaling, config


def test_rescaling():
    pixels = np.array([[0, 255]], "uint8")
    assert Rescaling(1 / 127.5, -1)(pixels).tolist() == [[-1, 1]]
    assert Rescaling([1, 2], [0, 1])(pixels).tolist() == [[0, 511]]
    assert Rescaling(2)(np.ones((1, 1))).dtype == np.float32
    assert Rescaling([1, 2]).called_shape((None, 3, 1)) == (None, 3, 2)
    x = np.ones((1, 3, 1))
    assert Rescaling([1, 2]).vjp(x, np.ones((1, 3, 2))).inputs.ravel().tolist() == [3, 3, 3]


def test_channels_first_by_default():
    config.set_image_data_format("channels_first")
    try:
        layer = Rescaling([1, 2])
        assert layer(np.ones((1, 2, 3, 3)))[0, :, 0, 0].tolist() == [1, 2]
    finally:
        config.set_image_data_format("channels_last")


@pytest.mark.parametrize("value", [0.5, [1, 2.0], np.float32(0.5), np.array(2.0), np.array([1, 2])])
def test_configs_are_plain(value):
    layer = Rescaling(value, offset=value)
    again = Rescaling.from_config(layer.get_config())
    x = np.ones((1, 2))
    np.testing.assert_array_equal(again(x), layer(x))
    assert not isinstance(layer.get_config()["scale"], np.generic)


def test_what_rescaling_refuses():
    for value in ("a", None, [[1], [1, 2]]):
        with pytest.raises(ArgumentError, match=r"(?s)`scale` is a number.*scale=0.5"):
            Rescaling(value)(np.ones((1, 2)))
    with pytest.raises(ShapeError, match=r"(?s)one for each channel.*Use one number, or 2"):
        Rescaling([1, 2, 3])(np.ones((1, 2)))
    with pytest.raises(ArgumentError, match=r"(?s)array in Keras's form.*get_config"):
        Rescaling.from_config({"scale": {"class_name": "Nope"}})


def test_layer_scale():
    layer = LayerScale(0.5, 3)
    assert layer(np.array([[2, 4, 6]])).tolist() == [[1, 2, 3]]
    assert [(w.name, w.shape, w.trainable) for w in layer.weights] == [("gamma", (3,), True)]
    assert layer.cost((None, 7, 3)).params == 3
    assert layer.get_config()["projection_dim"] == 3
    with pytest.raises(ShapeError, match=r"(?s)expected axis -1 .* value 3"):
        layer(np.ones((1, 4)))
    with pytest.raises(AttributeError, match="build the layer"):
        _ = LayerScale(1, 1).gamma


def test_custom_scale_layer():
    a, b = np.array([[1.0, 2.0]]), np.array([[4.0, 8.0]])
    layer = CustomScaleLayer(0.25)
    assert layer([a, b]).tolist() == [[2, 4]]
    first, second = layer.vjp([a, b], np.ones((1, 2))).inputs
    assert (first.tolist(), second.tolist()) == ([[1, 1]], [[0.25, 0.25]])
    assert layer.compute_output_shape([(None, None, 3), (None, None, 3)]) == (None, None, 3)
    assert CustomScaleLayer.from_config(layer.get_config()).scale == 0.25
    with pytest.raises(ShapeError, match=r"(?s)exactly 2 inputs.*\[a, b\]"):
        layer([a, b, b])
    with pytest.raises(ShapeError, match=r"(?s)incompatible shapes.*Crop or pad"):
        layer([a, np.ones((1, 3))])


@pytest.mark.keras
def test_custom_scale_layer_as_keras(keras):
    from keras.src.applications.inception_resnet_v2 import CustomScaleLayer as Theirs

    rng = np.random.default_rng(1)
    a, b = rng.standard_normal((2, 3, 4, 5, 6)).astype("float32")
    np.testing.assert_array_equal(CustomScaleLayer(0.17)([a, b]), np.asarray(Theirs(0.17)([a, b])))
