"""Steps of time among convolutions: recurrent layers, TimeDistributed, attention."""

import pytest

import convlab as cl
from convlab.inspector.failing import failure_of


def first(code):
    found = cl.diagnose(code).findings[0]
    return found, str(found.fixes[0]) if found.fixes else None


def test_the_time_before_a_recurrent_layer_is_kept_by_time_distributed():
    code = """
model = Sequential()
model.add(Conv2D(8, 3, input_shape=(4, 20, 20, 1)))
model.add(MaxPooling2D())
model.add(TimeDistributed(Flatten()))
model.add(LSTM(5))
"""
    found, _ = first(code)
    assert (found.kind, found.layer) == ("rank", "conv2d")
    fix = found.fixes[0]
    assert [(change.kind, change.class_name) for change in fix.changes] == [
        ("replace", "TimeDistributed")
    ] * 2
    assert cl.trace(fix.apply()).output_shape == (None, 5)


@pytest.mark.parametrize(
    ("code", "kind", "layer", "fix"),
    [
        (
            "x = Input((20, 8))\nmodel = Model(x, Conv1D(4, 3)(LSTM(8)(x)))",
            "rank",
            "conv1d",
            "return_sequences=True in lstm",
        ),
        (
            "x = Input((20, 8))\nh = Bidirectional(LSTM(8))(x)\n"
            "model = Model(x, TimeDistributed(Dense(3))(h))",
            "rank",
            "time_distributed",
            "return_sequences=True in bidirectional",
        ),
        (
            "x = Input((30, 64, 64))\nmodel = Model(x, TimeDistributed(Conv2D(8, 3))(x))",
            "missing-channel-axis",
            "time_distributed",
            "feed 30 x 64 x 64 x 1",
        ),
        (
            "x = Input((8, 3, 8, 8))\nmodel = Model(x, TimeDistributed(MaxPooling2D(5))(x))",
            "negative-size",
            "time_distributed",
            "padding='same' in time_distributed",
        ),
        (
            "x = Input((25, 6, 256))\nmodel = Model(x, LSTM(8)(Reshape((42, 1024))(x)))",
            "reshape",
            "reshape",
            "target_shape=(25, 1536) in reshape",
        ),
        (
            "x = Input((14, 14, 16))\nr = Reshape((196, 16))(x)\n"
            "model = Model(x, Add()([MultiHeadAttention(2, 8)(r, r), x]))",
            "rank",
            "add",
            "reshape to 14 x 14 x 16 after multi_head_attention",
        ),
        (
            "x = Input((9, 9, 64))\ns = Dense(32)(GlobalAveragePooling2D()(x))\n"
            "model = Model(x, Multiply()([x, s]))",
            "channels",
            "multiply",
            "units=64 in dense",
        ),
        (
            "x = Input((28, 6))\ny = Bidirectional(LSTM(8, return_sequences=True))(x)\n"
            "model = Model(x, Dense(7)(y))\nmodel.fit(np.zeros((5, 28, 6)), np.zeros((5, 7)))",
            "output-size",
            "dense",
            "return_sequences=False in bidirectional",
        ),
    ],
)
def test_the_smallest_fix_is_told_first(code, kind, layer, fix):
    found, told = first(code)
    assert (found.kind, found.layer) == (kind, layer)
    assert told.startswith(fix)


def test_targets_that_are_numbers_of_classes_say_nothing_of_the_shape():
    code = """
model = Sequential([Conv2D(4, 3, input_shape=(9, 9, 1)), Flatten(), Dense(10)])
model.fit(np.zeros((5, 9, 9, 1)), np.zeros((5,)))
"""
    assert cl.diagnose(code).ok


def test_channels_that_come_first_are_told_to_all_layers_or_all_joins():
    code = """
x = Input((3, 32, 32))
a = Conv2D(16, 3, padding='same')(x)
b = Conv2D(12, 3, padding='same')(a)
c = Conv2D(12, 3, padding='same')(concatenate([a, b], axis=1))
model = Model(x, concatenate([b, c], axis=1))
"""
    found, _ = first(code)
    told = [{change.name for change in fix.changes} for fix in found.fixes]
    assert {"data_format"} in told
    assert {"axis"} in told


def test_a_shortcut_gets_the_stride_of_the_branch():
    code = """
x = Input((7, 7, 8))
y = Conv2D(16, 3, strides=2, padding='same')(x)
model = Model(x, add([Conv2D(16, 1, name='shortcut')(x), y]))
"""
    assert first(code)[1].startswith("strides=2 in shortcut")


def test_a_text_whose_shapes_differ_in_the_last_size_alone_speaks_of_another_axis():
    text = """Traceback (most recent call last):
  File "a.py", line 3, in <module>
    res = concatenate([a, b], axis=1)
ValueError: A `Concatenate` layer requires inputs with matching shapes except for the \
concatenation axis. Received: input_shape=[(None, 80, 112, 8), (None, 80, 112, 16)]
"""
    assert failure_of(text).arguments["axis"] == 1
    assert first(text)[1].startswith("axis=3 in concatenate")
