"""Code for Keras is executed by Keras, and gives the same arrays."""

import numpy as np
import pytest
from code_cases import CLASSES, EACH, assert_same, executed, make_layer

from convlab import layers
from convlab.models import to_code

IN_KERAS_3 = [name for name in CLASSES if not name.startswith("LocallyConnected")]


def run(layer, x):
    """What Keras gives for the code of a layer, with its weights."""
    made = executed(to_code(layer, "keras"))["layer"]
    if layer.weights:
        made.set_weights(layer.get_weights())
    return made(x)


def not_judged(layer, x, y):
    """Where TensorFlow is known to be wrong, or cannot: CONTRACT of the layers, in made_up.py too.

    The bias goes along the width when it is as long as the filters, in channels_first; one channel
    and an output of width one are read beyond the memory; some windows TensorFlow does not compute.
    """
    if not hasattr(layer, "kernel_size"):
        return False
    last = np.asarray(y[0] if isinstance(y, tuple) else y)
    channels_first = layer.data_format == "channels_first"
    channels = last.shape[layer.channel_axis]
    misplaced = channels_first and layer.use_bias and last.shape[-1] == channels > 1
    narrow = 1 in (x.shape[layer.channel_axis], channels) and 1 in last.shape[1:]
    unequal = "Depthwise" in type(layer).__name__ or "Separable" in type(layer).__name__
    unequal = unequal and len(set(layer.strides)) > 1
    refused = layer.padding == "same" and any(
        extra == 0 and ((kernel - 1) * dilation + 1) % 2 == 0
        for extra, kernel, dilation in zip(
            getattr(layer, "output_padding", None) or (),
            layer.kernel_size,
            layer.dilation_rate,
            strict=False,
        )
    )
    slow = type(layer).__name__ == "ConvLSTM3D" and channels_first  # ten seconds each
    return misplaced or narrow or unequal or refused or slow


@pytest.mark.keras
def test_more_than_two_hundred_layers_are_judged(keras):
    made = [make_layer(name, seed) for name in IN_KERAS_3 for seed in range(EACH)]
    judged = sum(not not_judged(layer, x, layer(x)) for layer, x in made)
    assert 200 < judged > 0.8 * len(made)


@pytest.mark.keras
@pytest.mark.parametrize("name", IN_KERAS_3)
def test_layers_compute_the_same(keras, name):
    for seed in range(EACH):
        layer, x = make_layer(name, seed)
        expected = layer(x)
        code = to_code(layer, "keras")
        made = executed(code)["layer"]  # the code runs, whoever is right about the numbers
        assert [tuple(w.shape) for w in made.weights] == [w.shape for w in layer.weights]
        if not not_judged(layer, x, expected):
            assert_same(run(layer, x), expected, f"seed {seed}: {layer!r} on {x.shape}")


@pytest.mark.keras
def test_arguments_that_matter_in_training_stay(keras):
    layer = layers.Conv2D(
        4,
        (3, 5),
        kernel_initializer="he_normal",
        kernel_regularizer=layers.regularizers.L1L2(0.1, 0.2),
        bias_initializer=layers.initializers.RandomNormal(0.0, 0.3),
        kernel_constraint=layers.constraints.MaxNorm(3.0, axis=(0, 1, 2)),
        trainable=False,
        dtype="float64",
    )
    made = executed(to_code(layer, "keras"))["layer"]
    ours, theirs = layer.get_config(), made.get_config()
    for name in set(ours) - {"name"}:
        if name == "kernel_constraint":
            assert theirs[name]["config"] | {"axis": [0, 1, 2]} == ours[name]["config"] | {
                "axis": [0, 1, 2]
            }
        else:
            assert theirs[name] == ours[name], name


@pytest.mark.keras
def test_arrays_as_initializers_are_left_out(keras):
    layer = layers.Conv2D(2, 3, kernel_initializer=np.ones((3, 3, 1, 2)))
    layer.build((None, 8, 8, 1))
    code = to_code(layer, "keras")
    assert "initializer" not in code
    assert executed(code)["layer"].count_params() == 20


def test_the_data_format_is_said_whatever_the_default_is():
    from convlab.layers import config

    config.set_image_data_format("channels_first")
    try:
        layer = layers.Conv2D(2, 3)
        assert 'data_format="channels_first"' in to_code(layer, "keras")
    finally:
        config.set_image_data_format("channels_last")
    assert "data_format" not in to_code(layers.Conv2D(2, 3), "keras")


@pytest.mark.keras
def test_thresholded_relu_is_an_argument_in_keras_3(keras):
    layer = layers.ThresholdedReLU(0.5)
    x = np.array([[-1.0, 0.4, 0.5, 0.6]], "float32")
    assert_same(run(layer, x), layer(x))


@pytest.mark.keras
def test_short_and_readable(keras):
    layer = layers.Conv2D(8, (3, 3), strides=(2, 2), activation="relu", name="mine")
    layer.build((None, 28, 28, 1))
    assert to_code(layer, "keras") == (
        "from keras import layers\n\n"
        'layer = layers.Conv2D(8, 3, strides=2, activation="relu")\n'
        "layer.build((None, 28, 28, 1))\n"
        "# layer.set_weights(weights)  # kernel (3, 3, 1, 8), bias (8,)\n"
    )
