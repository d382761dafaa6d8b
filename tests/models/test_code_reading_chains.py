"""Sequential models of more than layers, and words that set how all layers are read."""

import pytest

import convlab as cl
from convlab.models.code.reading import read_code

MERGED = """
left = Sequential()
left.add(Convolution1D(8, 3, input_shape=(20, 4)))
left.add(Flatten())
right = Sequential()
right.add(Dense(8, input_shape=(5,)))
model = Sequential()
model.add(Merge([left, right], mode='concat', concat_axis=-1))
model.add(Dense(3))
"""

OWN_LAYER = """
class Twice(keras.layers.Layer):
    def __init__(self, filters):
        super().__init__()
        self.conv = Conv2D(filters, 3)
    def call(self, x):
        return self.conv(x) + 0 * self.conv(x)
model = Sequential()
model.add(Conv2D(4, 3, input_shape=(12, 12, 4)))
model.add(Twice(4))
model.add(Flatten())
"""

LAMBDA = """
model = Sequential()
model.add(Lambda(lambda x: x / 127.5 - 1., input_shape=(16, 32, 3)))
model.add(Cropping2D(((5, 3), (0, 0))))
model.add(Flatten())
"""

OF_ITS_OWN = """
model = Sequential()
model.parts = [Conv2D(4, 3, input_shape=(8, 8, 1)), Flatten()]
for part in model.parts:
    model.add(part)
"""

PARTIAL = """
from functools import partial
Conv = partial(keras.layers.Conv2D, kernel_size=3, padding='same')
x = inputs = Input((8, 8, 1))
x = Conv(4, strides=2)(x)
x = Conv(5, kernel_size=1)(x)
model = Model(inputs, x)
"""

SHAPES = [
    (MERGED, (None, 3)),
    (OWN_LAYER, (None, 256)),
    (LAMBDA, (None, 8 * 32 * 3)),
    (OF_ITS_OWN, (None, 144)),
    (PARTIAL, (None, 4, 4, 5)),
]


@pytest.mark.parametrize(("text", "shape"), SHAPES)
def test_what_comes_out(text, shape):
    assert read_code(text).model.output_shape == shape


def test_merged_models_are_one_network_with_two_inputs():
    read = read_code(MERGED)
    assert [tensor.shape for tensor in read.model.inputs] == [(None, 20, 4), (None, 5)]


def test_a_chain_that_is_called_is_called_whole():
    text = LAMBDA + "outer = Model(inp := Input((16, 32, 3)), model(inp))\n"
    assert read_code(text).models[-1].output_shape == (None, 768)


@pytest.mark.parametrize(
    "said",
    [
        "K.set_image_dim_ordering('th')",
        "K.set_image_data_format('channels_first')",
        "keras.config.set_image_data_format('channels_first')",
    ],
)
def test_where_the_channels_stand_is_said_once(said):
    text = f"{said}\nx = Input((3, 9, 8))\ny = MaxPooling2D(2)(Conv2D(5, 2)(x))\n"
    assert read_code(text).model.output_shape == (None, 5, 4, 3)


@pytest.mark.parametrize(
    ("call", "shape"),
    [
        ("Convolution2D(4, 3, 3, border_mode='same')", (None, 9, 9, 4)),
        ("Convolution2D(4, 3, 3)", (None, 7, 7, 4)),
        ("Convolution2D(4, 3, 3, padding='same')", (None, 3, 3, 4)),
        ("Convolution2D(4, 3, 3, kernel_initializer='he_normal')", (None, 3, 3, 4)),
    ],
)
def test_two_numbers_are_a_kernel_in_keras_1_and_a_stride_since(call, shape):
    assert read_code(f"y = {call}(Input((9, 9, 1)))").model.output_shape == shape


@pytest.mark.parametrize(
    "call", ["Activation(swish_of_my_own)", "BatchNormalization(mode=2, axis=1)"]
)
def test_what_changes_no_shape_is_passed_over(call):
    assert read_code(f"y = {call}(Input((9, 9, 1)))").model.output_shape == (None, 9, 9, 1)


def test_a_shape_that_the_text_computes_is_mended_with_the_text():
    text = """
x = inputs = Input((6, 6, 2))
x = Conv2D(4, 7)(x)
x = Reshape((x.shape[1] * x.shape[2], x.shape[3]))(x)
model = Model(inputs, Conv1D(2, 1)(x))
"""
    fix = cl.diagnose(text).errors[0].fixes[0]
    assert fix.verified == "trace"
    assert str(fix.changes[0]) == "padding='same' in conv2d"
    assert fix.apply().output_shape == (None, 36, 2)
    assert 'padding="same"' in fix.code


def test_a_model_at_each_step_is_written_and_read_again():
    text = """
base = MobileNet(weights=None, include_top=False, pooling='avg', input_shape=(64, 64, 3))
film = Input((None, 64, 64, 3))
model = Model(film, TimeDistributed(base)(film))
"""
    model = read_code(text).model
    assert cl.model_from_json(model.to_json()).output_shape == (None, None, 1024)
