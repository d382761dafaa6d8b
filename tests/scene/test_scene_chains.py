"""Layers in a row, time steps, what is refused."""

import numpy as np
import pytest

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError, DataError, ShapeError
from convlab.scene import build_scene
from convlab.scene.building.work import shown


def ones(*shape):
    return np.ones(shape, "float32")


def noise(*shape):
    return np.random.default_rng(3).normal(size=shape).astype("float32")


def test_a_chain_is_its_layers_in_a_row():
    x = noise(2, 6, 7, 3)
    chain = [
        layers.ZeroPadding2D(1),
        layers.SeparableConv2D(4, 3, activation="relu"),
        layers.MaxPooling2D(2),
    ]
    scene = build_scene(chain, x, item=1)
    names = ["padding", "depthwise", "pointwise", "pooling"]
    assert [step.name for step in scene.steps] == names
    expected = x[1:]
    for layer in chain:
        expected = layer(expected)
    assert np.array_equal(scene.steps[-1].output.values, expected[0])
    for before, after in zip(scene.steps, scene.steps[1:], strict=False):
        assert after.input is before.output
    assert scene.layer == "ZeroPadding2D, SeparableConv2D, MaxPooling2D"
    assert scene.code == f"[{', '.join(map(repr, chain))}]"
    assert scene.parameters == sum(layer.count_params() for layer in chain)
    assert scene.macs == chain[1].cost((1, 8, 9, 3)).macs
    assert scene.full_cost is None
    assert (scene.input_shape, scene.output_shape) == ((None, 6, 7, 3), (None, 3, 3, 4))
    assert scene.facts[0] == "1 padding: zeros are added: 1 at every end of every axis"
    assert scene.facts[-1].startswith("4 pooling: ")


@pytest.mark.parametrize("begun", [True, False])
def test_a_sequential_is_a_chain(begun):
    layer = layers.Conv2D(2, 3)
    inner = cl.Sequential([layer])
    model = cl.Sequential([*([cl.Input((5, 5, 1))] if begun else []), inner, layers.MaxPooling2D()])
    x = noise(1, 5, 5, 1)
    scene = build_scene(model, x)
    assert [step.name for step in scene.steps] == ["convolution", "pooling"]
    assert np.array_equal(scene.steps[-1].output.values, model(x)[0])
    assert scene.code == f"Sequential([{layer!r}, MaxPooling2D()])"


def test_padding_as_torch_has_it_differs_from_same_at_a_stride():
    x = noise(1, 6, 6, 1)
    conv = {"filters": 1, "kernel_size": 3, "strides": 2, "kernel_initializer": "ones"}
    keras = build_scene(layers.Conv2D(**conv, padding="same"), x)
    torch = build_scene([layers.ZeroPadding2D(1), layers.Conv2D(**conv)], x)
    assert keras.selectable == torch.selectable == (3, 3, 1)
    assert not np.array_equal(keras.steps[-1].output.values, torch.steps[-1].output.values)


def test_a_picture_stays_one_while_it_is_only_moved():
    x = np.random.default_rng(0).random((1, 6, 6, 3)).astype("float32")
    chain = [layers.ZeroPadding2D(1), layers.AveragePooling2D(2), layers.Conv2D(1, 2)]
    scene = build_scene(chain, x, picture=True)
    assert [step.input.colour for step in scene.steps] == [True, True, True]
    assert [step.input.norm.table for step in scene.steps] == ["grey"] * 3
    assert not scene.steps[-1].output.colour


def test_a_picture_that_overshoots_gets_a_wider_range():
    x = np.zeros((1, 4, 4, 1), "float32")
    x[0, 1:3, 1:3] = 1
    grid = build_scene(layers.UpSampling2D(2, interpolation="bicubic"), x, picture=True)
    norm = grid.steps[0].output.norm
    assert norm.table == "grey"
    assert norm.low == grid.steps[0].output.values.min() < 0
    assert norm.high == grid.steps[0].output.values.max() > 1


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_each_time_step_is_the_layer_on_what_was_read_so_far(backwards, data_format):
    how = {"go_backwards": backwards, "data_format": data_format, "padding": "same"}
    layer = layers.ConvLSTM2D(2, 3, **how)
    x = noise(1, 4, 5, 3, 2) if data_format == "channels_last" else noise(1, 4, 2, 5, 3)
    layer.build(x.shape)
    for time in (0, 2, 3, -1):
        scene = build_scene(layer, x, time=time)
        done = time % 4 + 1
        read = x[:, -done:] if backwards else x[:, :done]
        assert np.array_equal(scene.steps[-1].output.values, shown(layer, layer(read)))
        assert (scene.time.step, scene.time.steps) == (done - 1, 4)
        assert scene.time.read == (4 - done if backwards else done - 1)
        x_t = x[0, scene.time.read]
        x_t = x_t if data_format == "channels_last" else np.moveaxis(x_t, 0, -1)
        assert np.array_equal(scene.steps[0].input.values, x_t)
    assert build_scene(layer, x).time.step == 3


def test_the_parts_of_the_sums_are_named_and_those_that_the_gates_read():
    scene = build_scene(layers.ConvLSTM1D(3, 2), noise(1, 2, 5, 1))
    inputs, state, gates = scene.steps
    assert inputs.parts == state.parts == gates.gates.names == ("input", "forget", "cell", "output")
    assert gates.channels.tolist() == [[0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]]
    assert gates.gates.x is inputs.output
    assert gates.gates.h is state.output
    assert np.array_equal(gates.input.values, inputs.output.values + state.output.values)


def test_a_stateful_layer_keeps_its_state():
    layer = layers.ConvLSTM1D(2, 3, stateful=True)
    x = noise(3, 2, 5, 1)
    scene = build_scene(layer, x, item=2)  # builds it for the whole batch
    assert [state.tolist() for state in layer.states] == [np.zeros((3, 3, 2)).tolist()] * 2
    first = layer(x)
    kept = [state.copy() for state in layer.states]
    again = build_scene(layer, x, item=2)
    assert np.array_equal(again.steps[-1].output.values, first[2])
    assert np.array_equal(again.steps[-1].output.values, scene.steps[-1].output.values)
    for state, before in zip(layer.states, kept, strict=True):
        assert np.array_equal(state, before)
    assert "the state begins at zero here, not at what the layer keeps" in scene.facts


def test_recurrent_layers_in_a_row_show_what_the_next_one_reads():
    first = layers.ConvLSTM1D(2, 2, return_sequences=True, go_backwards=True)
    second = layers.ConvLSTM1D(1, 2, go_backwards=True)
    x = noise(1, 5, 6, 1)
    for time in range(5):
        scene = build_scene([first, second], x, time=time)
        sequence = first(x)
        assert np.array_equal(scene.steps[2].output.values, sequence[0, scene.time.read])
        assert np.array_equal(scene.steps[3].input.values, scene.steps[2].output.values)
        expected = second(sequence[:, 4 - time :])
        assert np.array_equal(scene.steps[-1].output.values, expected[0])


def test_what_follows_a_recurrent_layer_reads_its_last_state():
    chain = [layers.ConvLSTM1D(2, 2), layers.Conv1D(1, 2)]
    x = noise(1, 3, 6, 1)
    scene = build_scene(chain, x)
    assert np.array_equal(scene.steps[-1].output.values, chain[1](chain[0](x))[0])
    assert scene.time.step == 2
    with pytest.raises(ArgumentError, match=r"(?s)state after its last step.*time=1"):
        build_scene(chain, x, time=1)
    chain = [layers.ConvLSTM2D(1, 1, return_sequences=True), layers.MaxPooling3D(1)]
    with pytest.raises(ArgumentError, match=r"return_sequences=True"):
        build_scene(chain, ones(1, 2, 3, 3, 1))


@pytest.mark.parametrize(
    ("subject", "message"),
    [
        ([], r"at least one layer"),
        (cl.Sequential(), r"at least one layer"),
        (layers.Dense(2), r"(?s)shows convolutional layers.*Dense"),
        ("Conv2D", r"(?s)shows convolutional layers.*'Conv2D'"),
        ([layers.Conv2D(1, 1), layers.Flatten()], r"(?s)shows convolutional layers.*Flatten"),
        (
            [layers.Conv1D(1, 1, data_format="channels_first"), layers.Cropping1D(1)],
            r"(?s)one data format.*Conv1D in channels_first, Cropping1D in channels_last",
        ),
    ],
)
def test_what_is_no_chain_is_refused(subject, message):
    with pytest.raises(ArgumentError, match=message):
        build_scene(subject, ones(1, 4, 4, 1))


@pytest.mark.parametrize(
    ("layer", "shape", "keywords", "error", "message"),
    [
        (layers.MaxPooling2D(2), (2, 4, 4, 1), {"item": 2}, DataError, "item=2 of a batch of 2"),
        (layers.Conv2D(1, 1), (1, 0, 4, 1), {}, DataError, r"input of at least one cell"),
        (layers.Conv2D(1, 1), (1, 4, 4, 0), {}, DataError, r"\(None, 4, 4, 0\)"),
        (
            layers.Conv1DTranspose(1, 2, padding="same", output_padding=0),
            (1, 1, 1),
            {},
            DataError,
            r"output of at least one cell",
        ),
        (
            layers.ConvLSTM1D(1, 1),
            (1, 3, 4, 1),
            {"time": 3},
            DataError,
            "time=3 of a sequence",
        ),
        (layers.Conv2D(1, 1, lora_rank=1), (1, 2, 2, 1), {}, DataError, "LoRA adds two more"),
        (layers.Conv2D(2, 1, activation="glu"), (1, 2, 2, 1), {}, DataError, "keeps the shape"),
        (layers.MaxPooling2D(5), (1, 4, 4, 1), {}, ShapeError, "pool"),
        (layers.ConvLSTM2D(1, 1), (1, 4, 4, 1), {}, ShapeError, "expected ndim=5"),
        (
            layers.Conv2D(1, 1),
            (1, 4, 4, 1),
            {"output": ones(1, 3, 4, 1)},
            ShapeError,
            "output of a",
        ),
    ],
)
def test_what_cannot_be_shown_is_refused(layer, shape, keywords, error, message):
    with pytest.raises(error, match=message):
        build_scene(layer, ones(*shape), **keywords)


def test_another_output_stands_in_the_layers_place():
    layer = layers.ConvLSTM1D(2, 2, return_sequences=True)
    x, given = noise(2, 3, 5, 1), noise(2, 3, 4, 2)
    scene = build_scene(layer, x, item=1, time=1, output=given)
    assert np.array_equal(scene.steps[-1].output.values, given[1, 1])
    relu = layers.DepthwiseConv1D(2, activation="relu")
    x, given = noise(1, 5, 2), noise(1, 4, 2)
    (step,) = build_scene(relu, x, output=given).steps
    assert np.array_equal(step.output.values, given[0])
    assert np.array_equal(step.linear, relu.convolve(x)[0])  # the sums stay the layer's own


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64", "bool", "float64", "float16"])
def test_copies_keep_every_number(dtype):
    x = np.array([0, 1, 3, 120]).astype(dtype).reshape(1, 4, 1)
    layer = layers.ZeroPadding1D(1)
    scene = build_scene(layer, x)
    assert np.array_equal(scene.steps[0].output.values, layer(x)[0].astype("float64"))
    assert scene.dtype == layer(x).dtype.name
    assert (scene.roundoff == 0) == (np.dtype(dtype).kind in "iub")


def test_large_integers_are_shown_exactly():
    x = np.array([2**24 + 1, -(2**31)], "int32").reshape(1, 2, 1)
    scene = build_scene(layers.Cropping1D(0), x)
    assert scene.steps[0].output.values.ravel().tolist() == [2**24 + 1, -(2**31)]


def test_mixed_integers_are_rounded():
    x = np.array([0, 1, 255, 255], "uint8").reshape(1, 2, 2, 1)
    layer = layers.UpSampling2D(2, interpolation="bicubic")
    (step,) = build_scene(layer, x).steps
    assert step.activation == "round"
    assert step.note.endswith("within what uint8 holds")
    assert np.array_equal(step.output.values, np.clip(np.rint(step.linear), 0, 255))
    assert np.array_equal(step.output.values, layer(x)[0])
    assert not np.array_equal(step.linear, step.output.values)
