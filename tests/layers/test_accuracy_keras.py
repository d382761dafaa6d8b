"""How accurate every layer is on real data, beside the installed Keras."""

import numpy as np
import pytest

from convlab import layers
from convlab.layers import Conv2D

pytestmark = pytest.mark.keras

# (batch, size, channels, filters, kernel, arguments): short chains of sums and long ones
ACCURACY = [
    (1, 56, 64, 64, 3, {}),
    (2, 14, 256, 128, 3, {}),
    (1, 28, 256, 128, 1, {}),
    (1, 64, 3, 32, 7, {"strides": 2}),
    (1, 28, 64, 64, 3, {"dilation_rate": 2}),
    (2, 28, 32, 32, 3, {"groups": 4}),
    (4, 28, 1, 8, 3, {}),
    (1, 20, 40, 24, 5, {"padding": "valid"}),
]


def test_accuracy_on_real_data(keras):
    """Contract: rms error against float64 at most 1.05 of TensorFlow's; the worst, twice its."""
    rng = np.random.default_rng(0)
    squares = np.zeros(2)
    for batch, size, channels, filters, kernel, more in ACCURACY:
        arguments = {"filters": filters, "kernel_size": kernel, "padding": "same"} | more
        x = rng.standard_normal((batch, size, size, channels)).astype("float32")
        exact = Conv2D(**arguments, dtype="float64", bias_initializer="random_normal")
        truth = exact(x.astype("float64"))
        weights = [w.astype("float32") for w in exact.get_weights()]
        exact.set_weights(weights)
        truth = exact(x.astype("float64"))
        errors = []
        for cls in (Conv2D, keras.layers.Conv2D):
            layer = cls(**arguments)
            layer.build(x.shape)
            layer.set_weights(weights)
            errors.append(np.abs(np.asarray(layer(x)) - truth) / np.sqrt(np.mean(truth**2)))
        ours, theirs = (error.max() for error in errors)
        assert ours <= 2 * theirs, (arguments, ours, theirs)
        squares += [np.mean(error**2) for error in errors]
    ours, theirs = np.sqrt(squares / len(ACCURACY))
    assert ours <= 1.05 * theirs, (ours, theirs)


def test_the_reference_in_float64_is_right(keras):
    """Our float64, which judges the accuracy, equals TensorFlow's."""
    x = np.random.default_rng(1).standard_normal((2, 9, 8, 5))
    ours = Conv2D(7, 3, dtype="float64", padding="same")
    theirs = keras.layers.Conv2D(7, 3, dtype="float64", padding="same")
    y = ours(x)
    theirs.build(x.shape)
    theirs.set_weights(ours.get_weights())
    np.testing.assert_allclose(y, np.asarray(theirs(x)), rtol=1e-12, atol=1e-13)


# (class, arguments, input shape)
SUITE = [
    ("Conv1D", {"filters": 64, "kernel_size": 3}, (2, 200, 64)),
    ("Conv3D", {"filters": 16, "kernel_size": 3, "padding": "same"}, (1, 6, 14, 14, 16)),
    ("DepthwiseConv2D", {"kernel_size": 3, "padding": "same"}, (1, 56, 56, 32)),
    ("DepthwiseConv2D", {"kernel_size": 7, "padding": "same"}, (1, 28, 28, 32)),
    ("DepthwiseConv1D", {"kernel_size": 5}, (1, 500, 32)),
    ("SeparableConv2D", {"filters": 64, "kernel_size": 3}, (1, 28, 28, 64)),
    ("Conv1DTranspose", {"filters": 32, "kernel_size": 4, "strides": 2}, (1, 100, 64)),
    ("Conv2DTranspose", {"filters": 32, "kernel_size": 4, "strides": 2}, (1, 16, 16, 64)),
    ("Conv2DTranspose", {"filters": 64, "kernel_size": 4, "strides": 2}, (1, 8, 8, 512)),
    ("Conv3DTranspose", {"filters": 8, "kernel_size": 3, "strides": 2}, (1, 6, 8, 8, 16)),
    ("AveragePooling2D", {"pool_size": 3, "padding": "same"}, (1, 56, 56, 32)),
    ("AveragePooling2D", {"pool_size": 7}, (1, 56, 56, 32)),
    ("GlobalAveragePooling1D", {}, (1, 5000, 8)),
    ("GlobalAveragePooling2D", {}, (1, 56, 56, 64)),
    ("UpSampling2D", {"size": 3, "interpolation": "bilinear"}, (1, 20, 20, 8)),
    ("UpSampling2D", {"size": 3, "interpolation": "bicubic"}, (1, 20, 20, 8)),
    ("UpSampling2D", {"size": 3, "interpolation": "lanczos3"}, (1, 20, 20, 8)),
    ("UpSampling2D", {"size": 2, "interpolation": "lanczos5"}, (1, 20, 20, 8)),
    ("ConvLSTM1D", {"filters": 8, "kernel_size": 3, "padding": "same"}, (1, 5, 50, 8)),
    ("ConvLSTM2D", {"filters": 8, "kernel_size": 3, "padding": "same"}, (1, 5, 14, 14, 8)),
]


@pytest.mark.parametrize(("name", "arguments", "shape"), SUITE, ids=lambda v: str(v)[:40])
def test_every_layer_is_as_accurate_as_tensorflow(keras, name, arguments, shape):
    """Each case alone keeps what the contract asks of the suite as a whole."""
    x = np.random.default_rng(0).standard_normal(shape).astype("float32")
    exact = getattr(layers, name)(**arguments, dtype="float64")
    both = [getattr(m, name)(**arguments) for m in (layers, keras.layers)]
    exact.build(shape)
    weights = [w.astype("float32") for w in exact.get_weights()]
    exact.set_weights(weights)
    truth = exact(x.astype("float64"))
    errors = []
    for layer in both:
        layer.build(shape)
        layer.set_weights(weights)
        errors.append(np.abs(np.asarray(layer(x)) - truth))
    ours, theirs = (np.sqrt(np.mean(error**2)) for error in errors)
    assert ours <= 1.05 * theirs, (ours, theirs)
    assert errors[0].max() <= 2 * errors[1].max()
