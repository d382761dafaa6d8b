"""What Conv2D refuses, each with Keras's sentence, the argument, and changes that mend it."""

import numpy as np
import pytest

from convlab.errors import ArgumentError, ConvlabError, DataError, ShapeError
from convlab.layers import Conv2D

# (arguments, a part of the message, the argument to blame)
CONSTRUCTOR = [
    ({"filters": 0}, "Expected a strictly positive value. Received filters=0", "filters"),
    ({"filters": -3}, "Expected a strictly positive value", "filters"),
    ({"filters": [3]}, "Expected a strictly positive value. Received filters=[3]", "filters"),
    ({"filters": float("inf")}, "The number of filters must be evenly divisible", "groups"),
    ({"filters": 10**9, "groups": 7}, "The number of filters must be evenly divis", "groups"),
    ({"groups": "2"}, "The number of groups must be a positive integer", "groups"),
    ({"filters": 2.5}, "The number of filters must be evenly divisible", "groups"),
    ({"kernel_size": (1, 2, 3)}, "The `kernel_size` argument must be a tuple of 2", "kernel_size"),
    ({"kernel_size": 0}, "that do not satisfy `value > 0`", "kernel_size"),
    ({"kernel_size": np.int64(3)}, "The `kernel_size` argument must be a tuple", "kernel_size"),
    ({"kernel_size": 3.0}, "The `kernel_size` argument must be a tuple of 2", "kernel_size"),
    ({"strides": (1, 0)}, "The `strides` argument must be a tuple of 2 integers", "strides"),
    ({"dilation_rate": None}, "The `dilation_rate` argument must be a tuple", "dilation_rate"),
    ({"padding": "full"}, "The `padding` argument must be a list/tuple or one of", "padding"),
    ({"padding": "causal"}, "Only Conv1D has causal padding", "padding"),
    ({"padding": None}, "The `padding` argument must be a list/tuple or one of", "padding"),
    ({"data_format": "nhwc"}, "The `data_format` argument must be one of", "data_format"),
    ({"groups": 0}, "The number of groups must be a positive integer", "groups"),
    ({"groups": 3}, "The number of filters must be evenly divisible by the number", "groups"),
    ({"groups": None}, "The number of groups must be a positive integer", "groups"),
    ({"strides": 2, "dilation_rate": (1, 2)}, "`strides > 1` not supported in conj", "strides"),
    ({"activation": "ReLU"}, "Could not interpret activation function identifier", "activation"),
    (
        {"kernel_initializer": "foo"},
        "Could not interpret initializer identifier: foo",
        "kernel_initializer",
    ),
    (
        {"bias_initializer": "constant"},
        "The initializer 'constant' needs a value",
        "bias_initializer",
    ),
    (
        {"kernel_regularizer": "l1_l2"},
        "Could not interpret regularizer identifier: l1_l2",
        "kernel_regularizer",
    ),
    (
        {"bias_constraint": "maxnorm"},
        "Could not interpret constraint identifier",
        "bias_constraint",
    ),
    ({"dtype": "int8"}, "Cannot convert 'int8' to a mixed precision DTypePolicy", "dtype"),
    ({"trainable": 1}, "Expected `trainable` to be a boolean", "trainable"),
    ({"name": "a/b"}, "cannot contain character `/`", "name"),
    ({"foo": 1}, "Unrecognized keyword arguments passed to Conv2D: {'foo': 1}", "foo"),
]


@pytest.mark.parametrize(("arguments", "message", "argument"), CONSTRUCTOR)
def test_arguments(arguments, message, argument):
    with pytest.raises(ValueError) as caught:
        Conv2D(**{"filters": 4, "kernel_size": 3, **arguments})
    assert message in str(caught.value)
    assert isinstance(caught.value, ArgumentError)
    assert caught.value.argument == argument


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kernel_size": 3}, "filters"),
        ({"filters": 3}, "kernel_size"),
        ({"filters": "4", "kernel_size": 3}, "Expected a strictly positive value"),
    ],
)
def test_type_errors(arguments, message):
    with pytest.raises(TypeError, match=message):
        Conv2D(**arguments)


@pytest.mark.parametrize(
    ("arguments", "shape", "message"),
    [
        ({"filters": None}, (1, 5, 5, 1), "Found invalid dimension 'None'"),
        ({"filters": 2.0}, (1, 5, 5, 1), "Found invalid dimension '2.0'"),
        ({"kernel_size": (3.0, 3.0)}, (1, 5, 5, 1), "`kernel_size` argument must hold integers"),
        ({"padding": (1, 1)}, (1, 5, 5, 1), "`padding` must be either `'valid'` or `'same'`"),
        ({}, (1, 5, 5), "Kernel shape must have the same length as input"),
        ({}, (1, 5, 5), "One example alone is x\\[None\\]"),
        ({}, (1, 5, 5, 5, 1), "needs an input \\(batch, height, width, channels\\)"),
        ({}, (1, 2, 5, 1), "Computed output size would be zero or negative"),
        ({"padding": "same"}, (1, 0, 5, 1), "The input has no cell along this axis"),
        ({"groups": 2}, (1, 5, 5, 3), "The number of input channels must be evenly divisible"),
        ({}, "shape", "Cannot convert 'shape' to a shape"),
        ({}, (1, 5, -5, 1), "Cannot convert"),
        ({}, 5, "Cannot convert '5' to a shape"),
        ({"kernel_initializer": np.ones((2, 2, 1, 4))}, (1, 5, 5, 1), "Expected `shape` to be"),
        ({"weights": [np.ones(3)]}, (1, 5, 5, 1), "with a weight list of length 1"),
    ],
)
def test_build(arguments, shape, message):
    layer = Conv2D(**{"filters": 4, "kernel_size": 3, **arguments})
    with pytest.raises(ValueError, match=message):
        layer.build(shape)


def test_unknown_channels_are_a_type_error_as_in_keras():
    with pytest.raises(TypeError, match="needs to know the number of input channels"):
        Conv2D(4, 3).build((1, 5, 5, None))


def test_a_second_build():
    layer = Conv2D(4, 3)
    layer.build((1, 5, 5, 1))
    with pytest.raises(ValueError, match="to a layer that is already built"):
        layer.build((1, 5, 5, 1))


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ([[[[1.0]]]], "Only input tensors may be passed as positional arguments"),
        (None, "Only input tensors may be passed"),
        ("image.png", "Only input tensors may be passed"),
        (np.ones((1, 5, 5, 2), "int32"), 'Use x.astype\\("float32"\\)'),
        (np.ones((1, 5, 5, 2), bool), "needs floats"),
        (np.ones((1, 5, 5, 2), complex), "needs floats"),
        (np.full((1, 5, 5, 2), "a"), "needs floats"),
        (np.ones((1, 5, 5, 2), object), "needs floats"),
    ],
)
def test_inputs(inputs, message):
    with pytest.raises(DataError, match=message):
        Conv2D(4, 3)(inputs)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((1, 5, 5, 3), "expected axis -1 of input shape to have value 2"),
        ((1, 5, 5), "Kernel shape must have the same length as input"),
        ((1, 1, 5, 2), "Computed output size would be zero or negative"),
    ],
)
def test_inputs_that_do_not_fit_a_built_layer(shape, message):
    layer = Conv2D(4, 3)
    layer.build((None, 5, 5, 2))
    with pytest.raises(ShapeError, match=message):
        layer(np.ones(shape, "float32"))


def test_the_message_of_an_input_that_is_too_small():
    with pytest.raises(ShapeError) as caught:
        Conv2D(8, 7).compute_output_shape((None, 5, 28, 1))
    assert str(caught.value) == (
        "Computed output size would be zero or negative. "
        "Conv2D(8, 7) on axis 'height': the kernel reaches 7 but the padded input has 5.\n"
        "Received input shape (None, 5, 28, 1), padding='valid'. "
        "Use padding='same', kernel_size <= 5, or an input of height >= 7."
    )
    assert caught.value.argument == "kernel_size"
    assert caught.value.fixes == ({"padding": "same"}, {"kernel_size": (5, 7)})


def fixes_of(arguments, shape=None):
    with pytest.raises(ConvlabError) as caught:
        Conv2D(**arguments).build(shape)
    return caught.value.fixes


@pytest.mark.parametrize(
    ("arguments", "shape", "expected"),
    [
        ({"strides": 2, "dilation_rate": 2}, None, ({"strides": 1}, {"dilation_rate": 1})),
        (
            {"filters": 6, "groups": 4},
            None,
            ({"groups": 3}, {"groups": 6}, {"filters": 4}, {"filters": 8}),
        ),
        ({"filters": 12, "groups": 4}, (1, 9, 9, 6), ({"groups": 3}, {"groups": 6}, {"groups": 1})),
        ({"groups": 0}, None, ({"groups": 1},)),
        (
            {"dilation_rate": 3},
            (1, 5, 5, 1),
            ({"padding": "same"}, {"kernel_size": (2, 2)}, {"dilation_rate": 1}),
        ),
        ({"kernel_size": (9, 4)}, (1, 5, 3, 1), ({"padding": "same"}, {"kernel_size": (5, 3)})),
    ],
)
def test_every_fix_mends_it(arguments, shape, expected):
    arguments = {"filters": 4, "kernel_size": 3, **arguments}
    assert fixes_of(arguments, shape) == expected
    for fix in expected:
        Conv2D(**{**arguments, **fix}).build(shape or (1, 9, 9, 12))


def test_float_inputs_without_autocast():
    layer = Conv2D(1, 2, autocast=False)
    with pytest.raises(DataError, match="does not cast"):
        layer(np.ones((1, 4, 4, 1)))
    assert layer(np.ones((1, 4, 4, 1), "float32")).shape == (1, 3, 3, 1)
