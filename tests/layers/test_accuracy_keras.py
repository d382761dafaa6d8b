"""How accurate the convolution is on real data, beside the installed Keras."""

import numpy as np
import pytest

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
