"""Code of small models: by Keras and by PyTorch it gives the same arrays."""

import re

import numpy as np
import pytest
from code_cases import assert_same, executed, outputs_of, with_random_weights

import convlab as cl
from convlab import layers
from convlab.models import to_code


def lenet():
    """A chain, whose Flatten needs Keras's order of the axes."""
    return cl.Sequential(
        [
            cl.Input((20, 18, 1)),
            layers.Conv2D(6, 5, padding="same", activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Conv2D(8, 5, activation="gelu"),
            layers.MaxPooling2D(2, strides=2, padding="same"),
            layers.Flatten(),
            layers.Dense(16, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )


def residual():
    """Blocks with normalization, sums, and a strided "same"."""
    x = cl.Input((16, 15, 3), name="image")
    y = layers.Conv2D(8, 7, strides=2, padding="same", use_bias=False)(x)
    y = layers.ReLU()(layers.BatchNormalization()(y))
    y = layers.MaxPooling2D(3, strides=2, padding="same")(y)
    for strides in (1, 2):
        short = layers.Conv2D(12, 1, strides=strides)(y)
        y = layers.Conv2D(12, 3, strides=strides, padding="same", use_bias=False)(y)
        y = layers.BatchNormalization(scale=False)(y)
        y = layers.Activation("relu")(layers.Add()([y, short]))
    y = layers.SeparableConv2D(6, 3, padding="same")(y)
    y = layers.GlobalAveragePooling2D()(y)
    return cl.Model(x, layers.Dense(4, activation="log_softmax")(y))


def u_net():
    """Down and up again: transposed convolutions, crops, joins along the channels; two outputs."""
    x = cl.Input((12, 12, 2))
    wide = layers.Conv2D(4, 3, padding="same", activation="leaky_relu")(x)
    deep = layers.Conv2D(6, 3, strides=2, padding="same", activation="elu")(wide)
    up = layers.Conv2DTranspose(4, 3, strides=2, padding="same")(deep)
    again = layers.UpSampling2D(2, interpolation="bilinear")(deep)
    inner = layers.Cropping2D(((1, 2), (0, 1)))(layers.ZeroPadding2D(((1, 2), (0, 1)))(wide))
    joined = layers.Concatenate()([inner, up, again])
    joined = layers.LayerNormalization()(joined)
    maps = layers.Conv2D(3, 1, activation="softmax")(joined)
    return cl.Model(x, [maps, layers.GlobalMaxPooling2D()(joined)])


def wave_net():
    """Dilated causal convolutions along one axis, gated; operators on tensors."""
    x = cl.Input((24, 2))
    y = layers.Conv1D(4, 2, padding="causal")(x)
    skips = []
    for dilation in (1, 2, 4):
        given = {"padding": "causal", "dilation_rate": dilation}
        gate = layers.Conv1D(4, 2, activation="sigmoid", **given)(y)
        value = layers.Conv1D(4, 2, activation="tanh", **given)(y)
        gated = layers.Multiply()([value, gate])
        skips.append(layers.Conv1D(4, 1)(gated))
        y = (y + skips[-1]) * 0.5
    total = layers.PReLU(shared_axes=1)(layers.Average()(skips))
    return cl.Model(x, layers.Dense(5, activation="softmax")(total))


def clip():
    """A recurrence over images, read as a volume, then another."""
    x = cl.Input((4, 7, 6, 2), name="clip")
    y = layers.ConvLSTM2D(3, 3, strides=2, padding="same", return_sequences=True)(x)
    volume = layers.Conv3D(4, 2, padding="same", activation="softsign")(y)
    volume = layers.MaxPooling3D((2, 1, 1))(volume)
    last = layers.ConvLSTM2D(3, 2, padding="same", go_backwards=True)(y)
    features = [layers.GlobalAveragePooling3D()(volume), layers.Flatten()(last)]
    return cl.Model(x, layers.Dense(3)(layers.Concatenate()(features)))


def twins():
    """A shared layer, a model in a model called twice, indices, and channels in front."""
    left, right = cl.Input((2, 9, 8), name="left"), cl.Input((2, 9, 8), name="right")
    inner = cl.Input((3, 7, 6))
    y = layers.DepthwiseConv2D(3, padding="same", data_format="channels_first")(inner)
    y = layers.GroupNormalization(3, axis=1)(y)
    nested = cl.Model(inner, layers.Flatten(data_format="channels_first")(y), name="nested")
    shared = layers.Conv2D(3, 3, data_format="channels_first", activation="relu", name="shared")
    a, b = nested(shared(left)), nested(shared(right))
    distance = layers.Reshape((3, -1))(abs(a - b))
    distance = layers.Permute((2, 1))(distance)[:, 2:]
    return cl.Model([left, right], layers.Flatten()(layers.RMSNormalization()(distance)))


def forecast():
    """One recurrence hands its state to another."""
    x = cl.Input((3, 6, 5, 2))
    _, h, c = layers.ConvLSTM2D(3, 3, padding="same", return_state=True)(x)
    later = layers.ConvLSTM2D(3, 2, padding="same", return_sequences=True)
    return cl.Model(x, layers.Softmax()(later(x, initial_state=[h, c])))


MODELS = [lenet, residual, u_net, wave_net, clip, twins, forecast]


def made(make):
    """A model, inputs for it, and its outputs."""
    model = with_random_weights(make())
    rng = np.random.default_rng(5)
    inputs = [rng.normal(size=(2, *t.shape[1:])).astype("float32") for t in model.inputs]
    return model, inputs, outputs_of(model.predict(inputs if len(inputs) > 1 else inputs[0]))


@pytest.mark.parametrize("make", MODELS)
def test_by_pytorch(torch, make):
    model, inputs, expected = made(make)
    names = executed(to_code(model, "torch"))
    names["model"].set_weights(model.get_weights())
    assert_same(names["run"](*inputs), expected)


@pytest.mark.keras
@pytest.mark.parametrize("make", MODELS)
def test_by_keras(keras, make):
    model, inputs, expected = made(make)
    theirs = executed(to_code(model, "keras"))["model"]
    assert [tuple(w.shape) for w in theirs.weights] == [w.shape for w in model.weights]
    theirs.set_weights(model.get_weights())
    found = theirs(inputs if len(inputs) > 1 else inputs[0])
    assert_same(found, expected)


@pytest.mark.keras
@pytest.mark.parametrize("make", MODELS)
def test_the_code_of_what_keras_made_of_it_is_the_same(keras, make):
    """Written, run, read and written again: nothing is lost on the way."""
    code = to_code(make(), "keras")
    again = to_code(cl.from_keras(executed(code)["model"]), "keras")
    assert without_numbers(again) == without_numbers(code)


def without_numbers(code):
    """Code without the numbers in names, and however its lines are broken."""
    return re.sub(r"(_\d+)+\b|\s|,(?=\s*\))", "", code)


def test_a_chain_of_unknown_shape_is_written_all_the_same():
    model = cl.Sequential([layers.Conv2D(4, 3, name="stem"), layers.ReLU()])
    assert to_code(model, "keras").splitlines()[3] == (
        'model = keras.Sequential([layers.Conv2D(4, 3, name="stem"), layers.ReLU()])'
    )


def test_a_model_is_readable(torch):
    code = to_code(lenet(), "torch")
    assert "x = x.movedim(1, -1)  # channels last, as in Keras" in code
    assert all(len(line) <= 100 for line in code.splitlines())


@pytest.mark.parametrize("make", MODELS)
@pytest.mark.parametrize("framework", ["keras", "torch"])
def test_no_line_is_long(make, framework):
    code = to_code(make(), framework)
    assert all(len(line) <= 100 for line in code.splitlines())
