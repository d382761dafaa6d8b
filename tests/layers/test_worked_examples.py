"""The worked examples of Keras's documentation, and small sums that one can check by hand."""

import numpy as np
import pytest

from convlab import layers

SHAPES = [  # of Keras's docstrings: layer, input shape, output shape
    (layers.Conv1D(32, 3, activation="relu"), (4, 10, 128), (4, 8, 32)),
    (layers.Conv2D(32, 3, activation="relu"), (4, 10, 10, 128), (4, 8, 8, 32)),
    (layers.Conv3D(32, 3, activation="relu"), (4, 10, 10, 10, 128), (4, 8, 8, 8, 32)),
    (layers.Conv1DTranspose(32, 3, 2, activation="relu"), (4, 10, 128), (4, 21, 32)),
    (layers.Conv2DTranspose(32, 2, 2, activation="relu"), (4, 10, 8, 128), (4, 20, 16, 32)),
    (
        layers.Conv3DTranspose(32, 2, 2, activation="relu"),
        (4, 10, 8, 12, 128),
        (4, 20, 16, 24, 32),
    ),
    (layers.DepthwiseConv1D(3, 3, activation="relu"), (4, 10, 12), (4, 3, 12)),
    (layers.DepthwiseConv2D(kernel_size=3, activation="relu"), (4, 10, 10, 12), (4, 8, 8, 12)),
    (layers.SeparableConv1D(3, 4, 3, activation="relu"), (4, 10, 12), (4, 3, 3)),
    (layers.SeparableConv2D(3, 4, 3, "valid"), (4, 10, 10, 12), (4, 3, 3, 3)),
    (layers.Cropping1D(1), (2, 3, 2), (2, 1, 2)),
    (layers.Cropping2D(((2, 2), (4, 4))), (2, 28, 28, 3), (2, 24, 20, 3)),
    (layers.Cropping3D((2, 4, 2)), (2, 28, 28, 10, 3), (2, 24, 20, 6, 3)),
    (layers.ZeroPadding1D(2), (2, 2, 3), (2, 6, 3)),
    (layers.ZeroPadding2D(1), (1, 1, 2, 2), (1, 3, 4, 2)),
    (layers.ZeroPadding3D(2), (1, 1, 2, 2, 3), (1, 5, 6, 6, 3)),
    (layers.UpSampling1D(2), (2, 2, 3), (2, 4, 3)),
    (layers.UpSampling2D((1, 2)), (2, 2, 1, 3), (2, 2, 2, 3)),
    (layers.UpSampling3D(2), (2, 1, 2, 1, 3), (2, 2, 4, 2, 3)),
    (layers.GlobalAveragePooling1D(), (2, 3, 4), (2, 4)),
    (layers.GlobalAveragePooling2D(), (2, 4, 5, 3), (2, 3)),
    (layers.GlobalMaxPooling3D(), (2, 4, 5, 4, 3), (2, 3)),
    (layers.MaxPooling3D(3), (2, 30, 30, 30, 3), (2, 10, 10, 10, 3)),
    (layers.ConvLSTM2D(8, 3, return_sequences=True), (2, 3, 6, 6, 1), (2, 3, 4, 4, 8)),
]


@pytest.mark.parametrize(("layer", "shape", "expected"), SHAPES, ids=lambda v: str(v)[:30])
def test_shapes_of_keras_s_docstrings(layer, shape, expected):
    assert layer(np.ones(shape, "float32")).shape == expected
    assert tuple(layer.compute_output_shape(shape)) == expected


def test_cropping_around_a_convolution():
    """Keras's older example: (28, 28, 3) -> (24, 20, 3) -> (24, 20, 64) -> (20, 16, 64)."""
    shape = (None, 28, 28, 3)
    shapes = []
    for layer in (
        layers.Cropping2D(cropping=((2, 2), (4, 4)), input_shape=(28, 28, 3)),
        layers.Conv2D(64, (3, 3), padding="same"),
        layers.Cropping2D(cropping=((2, 2), (2, 2))),
    ):
        shape = layer.compute_output_shape(shape)
        shapes.append(shape[1:])
    assert shapes == [(24, 20, 3), (24, 20, 64), (20, 16, 64)]


def one(layer, x, *weights):
    """A layer with given weights on one short sequence."""
    x = np.asarray(x, "float32").reshape(1, -1, 1)
    layer.build(x.shape)
    shapes = [weight.shape for weight in layer.weights]
    layer.set_weights([np.reshape(w, s) for w, s in zip(weights, shapes, strict=True)])
    return layer(x).ravel().tolist()


def test_sums_by_hand():
    conv = {"filters": 1, "use_bias": False}
    same = layers.Conv1D(kernel_size=2, padding="same", **conv)
    assert one(same, [1, 10, 100], [1, 2]) == [21, 210, 100]
    wide = layers.Conv1D(kernel_size=3, strides=2, padding="same", **conv)
    assert one(wide, [1, 10, 100, 1000], [1, 2, 3]) == [321, 2100]
    causal = layers.Conv1D(kernel_size=3, strides=2, padding="causal", **conv)
    assert one(causal, [1, 10, 100, 1000], [1, 2, 3]) == [3, 321]
    spread = layers.Conv1D(kernel_size=2, dilation_rate=2, padding="causal", **conv)
    assert one(spread, [1, 10, 100, 1000], [1, 2]) == [2, 20, 201, 2010]
    back = layers.Conv1DTranspose(1, 3, 2, output_padding=1)
    found = one(back, [1, 10], [1, 2, 3], [0.5])
    assert found == [1.5, 2.5, 13.5, 20.5, 30.5, 0.5]
    mean = layers.AveragePooling1D(4, padding="same")
    np.testing.assert_allclose(one(mean, [1, 2, 4]), [7 / 3], rtol=1e-6)


def test_an_lstm_step_by_hand():
    """One cell, one step, kernels of one tap: the formulas of Shi et al. in NumPy."""
    layer = layers.ConvLSTM1D(1, 1, return_state=True)
    layer.build((1, 2, 1, 1))
    kernel, recurrent, bias = ([0.5, -1, 2, 1], [1, 0.5, -0.5, 2], [0, 1, 0.25, -0.5])
    layer.set_weights([np.reshape(kernel, (1, 1, 4)), np.reshape(recurrent, (1, 1, 4)), bias])
    h = c = 0.0
    for x in (1.0, -2.0):
        z = x * np.array(kernel) + h * np.array(recurrent) + bias
        i, f, o = 1 / (1 + np.exp(-z[[0, 1, 3]]))
        c = f * c + i * np.tanh(z[2])
        h = o * np.tanh(c)
    found = layer(np.array([1.0, -2.0]).reshape(1, 2, 1, 1))
    np.testing.assert_allclose([part.item() for part in found], [h, h, c], rtol=1e-6)


def test_older_forms():
    pad = layers.ZeroPadding1D(padding={"left_pad": 1, "right_pad": 2})
    assert pad(np.ones((1, 2, 1))).ravel().tolist() == [0, 1, 1, 0, 0]
    assert pad.get_config()["padding"] == (1, 2)
    weights = [np.ones((1, 1, 1)), np.array([3.0])]
    with pytest.warns(UserWarning, match="Do not pass an `input_shape`"):
        layer = layers.Conv1D(1, 1, batch_input_shape=(2, 4, 1), weights=weights)
    assert layer.batch_input_shape == (2, 4, 1)
    assert layer(np.zeros((2, 4, 1))).max() == 3


def test_lstm_states_and_masks():
    layer = layers.ConvLSTM1D(1, 2, stateful=True, padding="same")
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 1)).astype("float32")
    first, second = layer(x), layer(x)
    assert not np.allclose(first, second)
    layer.reset_state()
    np.testing.assert_array_equal(layer(x), first)
    again = layer(x, initial_state=[np.zeros((2, 4, 1))] * 2)
    np.testing.assert_array_equal(again, first)
    free = layers.ConvLSTM1D(1, 2, padding="same", return_sequences=True)
    free.build(x.shape)
    free.set_weights(layer.get_weights())
    masked = free(x, mask=np.array([[True, False, True]] * 2))
    np.testing.assert_array_equal(masked[:, 1], masked[:, 0])
    np.testing.assert_array_equal(masked[:, 2], free(x[:, [0, 2]])[:, 1])
    with pytest.raises(ValueError, match=r"(?s)list of two arrays.*\(2, 4, 1\)"):
        layer(x, initial_state=[np.zeros((2, 3, 1))] * 2)
    with pytest.raises(ValueError, match="batch size of the input sequences must be the same"):
        layer(x[:1])
    with pytest.raises(ValueError, match=r"(?s)batch size must be static.*stateful=False"):
        layers.ConvLSTM1D(1, 2, stateful=True).build((None, 3, 4, 1))


def test_lstm_dropout_acts_in_training_alone():
    make = {"filters": 2, "kernel_size": 2, "dropout": 0.5, "recurrent_dropout": 0.5, "seed": 3}
    layer = layers.ConvLSTM1D(**make)
    x = np.ones((4, 3, 6, 2), "float32")
    still = layer(x)
    np.testing.assert_array_equal(layer(x), still)
    dropped = layer(x, training=True)
    assert not np.allclose(dropped, still)
    twin = layers.ConvLSTM1D(**make)
    twin.build(x.shape)
    twin.set_weights(layer.get_weights())
    np.testing.assert_array_equal(twin(x, training=True), dropped)
