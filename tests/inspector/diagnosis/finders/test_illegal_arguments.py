"""Layers that a framework refuses, whatever they read."""

import pytest

import convlab as cl
from convlab import layers
from convlab.inspector.diagnosis import diagnose


def illegal(subject, input_shape=None):
    findings = diagnose(subject, input_shape).findings
    return [one for one in findings if one.kind == "illegal-arguments"]


def test_what_tensorflow_refuses_is_an_error_with_fixes():
    layer = layers.Conv2DTranspose(4, 4, strides=2, padding="same", output_padding=0)
    (finding,) = illegal(layer, (8, 8, 3))
    assert finding.severity == "error"
    assert "Keras on TensorFlow 2." in finding.message
    assert "JAX" not in finding.message
    assert finding.fixes
    assert all(fix.verified for fix in finding.fixes)
    for fix in finding.fixes:
        assert not illegal(fix.apply(), (8, 8, 3))


def test_what_only_others_refuse_is_advice():
    (finding,) = illegal(layers.UpSampling2D(2, interpolation="lanczos3"), (8, 8, 3))
    assert finding.severity == "advice"
    assert "PyTorch 2." in finding.message
    assert [fix.changes[0].new for fix in finding.fixes] == ["bilinear", "nearest"]


@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv2D(4, 3, dilation_rate=2),
        layers.DepthwiseConv2D(3, dilation_rate=2),
        layers.Conv2D(4, 3, data_format="channels_first"),
        layers.Conv2DTranspose(4, 3, strides=2, padding="same", output_padding=1),
        layers.MaxPooling2D(3, padding="same"),
        layers.UpSampling2D(2, interpolation="bicubic"),
    ],
)
def test_what_all_take_is_not_told(layer):
    assert not illegal(layer, (8, 8, 8))


def test_a_layer_called_twice_is_told_of_once():
    x = cl.Input((8, 8, 3))
    up = layers.UpSampling2D(2, interpolation="lanczos5", name="up")
    assert [one.layer for one in illegal(cl.Model(x, up(up(x))))] == ["up"]


def test_it_comes_with_what_the_framework_said():
    code = "x = keras.Input((8, 8, 3))\ny = layers.Conv2D(4, 3, strides=2, dilation_rate=2)(x)"
    (finding,) = illegal(code)
    assert "strides > 1" in finding.rule
    assert all(fix.verified for fix in finding.fixes)
    assert finding.fixes
