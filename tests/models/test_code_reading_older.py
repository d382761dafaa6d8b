"""Code as Keras 1 spelt it: the shapes are those of the same calls in Keras 3's words."""

import pytest

from convlab.models.code.reading import CodeRefused, read_code

PAIRS = [
    (
        "Convolution2D(8, 3, 5, border_mode='same', subsample=(2, 2), input_shape=(20, 30, 3))",
        "Conv2D(8, (3, 5), padding='same', strides=2, input_shape=(20, 30, 3))",
    ),
    (
        "Convolution2D(8, 3, 5, input_shape=(20, 30, 3))",
        "Conv2D(8, (3, 5), input_shape=(20, 30, 3))",
    ),
    (
        "Convolution2D(8, 3, 5, dim_ordering='th', input_shape=(3, 20, 30))",
        "Conv2D(8, (3, 5), data_format='channels_first', input_shape=(3, 20, 30))",
    ),
    (
        "Convolution1D(nb_filter=8, filter_length=3, border_mode='same', subsample_length=2, "
        "init='uniform', W_regularizer=l2(0.01), input_shape=(20, 3))",
        "Conv1D(8, 3, padding='same', strides=2, input_shape=(20, 3))",
    ),
    (
        "Convolution3D(8, 3, 4, 5, border_mode='valid', input_shape=(9, 9, 9, 1))",
        "Conv3D(8, (3, 4, 5), input_shape=(9, 9, 9, 1))",
    ),
    (
        "AtrousConvolution2D(8, 3, 3, atrous_rate=(2, 2), input_shape=(20, 30, 3))",
        "Conv2D(8, 3, dilation_rate=2, input_shape=(20, 30, 3))",
    ),
    (
        "MaxPooling2D((2, 2), border_mode='same', input_shape=(5, 7, 3))",
        "MaxPooling2D((2, 2), padding='same', input_shape=(5, 7, 3))",
    ),
    (
        "MaxPooling1D(pool_length=3, stride=2, input_shape=(9, 4))",
        "MaxPooling1D(3, strides=2, input_shape=(9, 4))",
    ),
    ("Dense(output_dim=4, init='normal', input_dim=9)", "Dense(4, input_shape=(9,))"),
    ("LSTM(output_dim=4, input_shape=(9, 2))", "LSTM(4, input_shape=(9, 2))"),
    # of today, for all its old name
    (
        "Convolution2D(8, (3, 5), strides=2, input_shape=(20, 30, 3))",
        "Conv2D(8, (3, 5), strides=2, input_shape=(20, 30, 3))",
    ),
    (
        "Conv2D(8, 3, 2, input_shape=(20, 30, 3))",
        "Conv2D(8, 3, strides=2, input_shape=(20, 30, 3))",
    ),
]


@pytest.mark.parametrize(("old", "new"), PAIRS, ids=lambda text: text.partition("(")[0])
def test_a_layer_is_that_of_today(old, new):
    shapes = [read_code(f"model = Sequential([{one}])").model.output_shape for one in (old, new)]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(
    ("mode", "shape"),
    [
        ("mode='concat', concat_axis=-1", (None, 9, 9, 8)),
        ("mode='sum'", (None, 9, 9, 4)),
        ("'mul'", (None, 9, 9, 4)),
    ],
)
def test_merge_is_the_layer_of_its_mode(mode, shape):
    text = f"""
from keras.layers import Input, merge
x = Input((9, 9, 4))
model = Model(input=x, output=merge([x, x], {mode}))
"""
    assert read_code(text).model.output_shape == shape


def test_a_word_of_no_time_is_refused():
    with pytest.raises(CodeRefused, match="border"):
        read_code("model = Sequential([Conv2D(8, 3, border='same', input_shape=(9, 9, 1))])")
