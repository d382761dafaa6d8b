"""Settings: what makes a picture, and what a change keeps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab import layers
from convlab.errors import ArgumentError, ConvlabError, ShapeError
from convlab.widgets.arguments import controls_of
from convlab.widgets.families import SHOWN, opening_arguments, opening_input_of
from convlab.widgets.filters import named_kernel
from convlab.widgets.given import setting_of
from convlab.widgets.history import History
from convlab.widgets.inputs import Input, Room, input_of, input_with
from convlab.widgets.setting import Kernel, Setting
from convlab.widgets.weights import CUSTOM, forms

GRID = Input(kind="counting", size=6)


def kernel_form(setting):
    layer, _ = setting.build()
    return forms(layer)["kernel"]


def kernel_of(setting):
    return setting.build()[0].get_weights()[0]


def opened(cls):
    return Setting(opening_arguments(cls), opening_input_of(cls), cls)


def test_a_setting_builds_the_layer_with_named_kernels():
    kernels = {"kernel": Kernel(("box blur", "identity"))}
    layer, x = Setting({"filters": 2, "kernel_size": 3}, GRID, kernels=kernels).build()
    kernel, bias = layer.get_weights()
    assert np.allclose(kernel[:, :, 0, 0], 1 / 9)
    assert np.array_equal(kernel[:, :, 0, 1], named_kernel("identity", (3, 3)))
    assert not bias.any()
    assert np.array_equal(layer(x[None])[0, :, :, 1], x[1:-1, 1:-1, 0])


def test_channels_first_moves_the_channels():
    arguments = {"filters": 1, "kernel_size": 3, "data_format": "channels_first"}
    layer, x = Setting(arguments, Input("photograph", 12)).build()
    assert x.shape == (3, 12, 12)
    assert layer(x[None]).shape == (1, 1, 10, 10)


def test_channels_first_keeps_time_before_the_channels():
    arguments = {"filters": 1, "kernel_size": 3, "data_format": "channels_first"}
    cls = layers.ConvLSTM2D
    layer, x = Setting(arguments, opening_input_of(cls), cls).build()
    assert x.shape == (6, 1, 14, 14)
    assert layer(x[None]).shape == (1, 1, 12, 12)


def test_a_typed_weight_stays_when_filters_or_sizes_change():
    kernels = {"kernel": Kernel(("identity", "identity"))}
    setting = Setting({"filters": 2, "kernel_size": 3}, GRID, kernels=kernels)
    form = kernel_form(setting)
    edited = setting.with_weight(form, (0, 1, 0, 1), 7.0)
    assert edited.name_of(form, 1) == CUSTOM
    assert edited.name_of(form, 0) == "identity"
    assert kernel_of(edited)[0, 1, 0, 1] == 7
    wider = kernel_of(edited.with_arguments(kernel_size=5, filters=3))
    assert wider[1, 2, 0, 1] == 7
    assert np.array_equal(wider[..., 0, 0], named_kernel("identity", (5, 5)))
    assert kernel_of(edited.with_arguments(kernel_size=1))[0, 0, 0, 1] == 1  # its middle


def test_naming_one_filter_leaves_the_others():
    setting = Setting({"filters": 3, "kernel_size": 3}, GRID)
    before = kernel_of(setting)
    after = kernel_of(setting.with_name(kernel_form(setting), 1, "emboss"))
    assert np.array_equal(after[..., 1][:, :, 0], named_kernel("emboss", (3, 3)))
    assert np.array_equal(after[..., [0, 2]], before[..., [0, 2]])


def test_a_bias_is_kept_per_filter():
    plain = Setting({"filters": 2, "kernel_size": 3}, GRID)
    setting = plain.with_bias(plain.build()[0], 1, 0.5)
    assert setting.build()[0].get_weights()[1].tolist() == [0, 0.5]
    assert setting.with_arguments(filters=3).build()[0].get_weights()[1].tolist() == [0, 0.5, 0]
    assert len(setting.with_arguments(use_bias=False).build()[0].get_weights()) == 1


@given(
    st.integers(1, 4), st.integers(1, 4), st.integers(1, 6), st.integers(1, 4), st.integers(1, 3)
)
def test_any_change_after_an_edit_builds_or_is_refused(rows, columns, filters, groups, stride):
    setting = Setting({"filters": 2, "kernel_size": 3}, Input("photograph", 8))
    edited = setting.with_weight(kernel_form(setting), (2, 2, 2, 1), 5.0)
    edited = edited.with_bias(edited.build()[0], 0, 1.0)
    changed = edited.with_arguments(
        kernel_size=(rows, columns), filters=filters, groups=groups, strides=stride
    )
    if 3 % groups or filters % groups:
        with pytest.raises(ConvlabError, match="evenly divisible by the number of groups"):
            changed.build()
    else:
        layer, x = changed.build()
        assert layer(x[None]).shape[-1] == filters


FORMATS = ("channels_last", "channels_first")


def of_format(setting, data_format):
    known = controls_of(setting.layer_class)
    return setting.with_arguments(data_format=data_format) if "data_format" in known else setting


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", SHOWN)
def test_every_layer_opens(name, data_format):
    layer, x = of_format(opened(SHOWN[name]), data_format).build()
    y = np.asarray(layer(x[None]))
    assert y.std() > 0 or y.size < 9
    assert type(layer) is SHOWN[name]


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", [name for name, cls in SHOWN.items() if cls.weighted])
def test_every_weight_of_every_layer_can_be_typed(name, data_format):
    setting = of_format(opened(SHOWN[name]), data_format)
    if "use_bias" not in controls_of(SHOWN[name]):
        pytest.skip("no weights")
    layer, _ = setting.build()
    draw = np.random.default_rng(0)
    for form in forms(layer).values():
        index = tuple(int(draw.integers(size)) for size in form.shape)
        position = [weight.name for weight in layer.weights].index(form.name)
        before = layer.get_weights()[position]
        after = setting.with_weight(form, index, 7.25).build()[0].get_weights()[position]
        assert after[index] == 7.25
        assert (before != after).sum() == 1
        again = form.own(form.normal(before))
        assert np.array_equal(again, before)


@pytest.mark.parametrize("name", ["LocallyConnected1D", "LocallyConnected2D"])
@pytest.mark.parametrize("data_format", FORMATS)
def test_a_locally_connected_layer_has_two_kernels(name, data_format):
    """In the second half of the last axis another one: the outputs say which place reads which."""
    setting = of_format(opened(SHOWN[name]), data_format)
    layer, x = setting.build()
    (form,) = forms(layer).values()
    y = np.moveaxis(layer(x[None])[0], 0 if data_format == "channels_first" else -1, -1)
    conv = getattr(layers, name.replace("LocallyConnected", "Conv"))(2, 3, data_format=data_format)
    conv.build((None, *x.shape))
    taps = (3,) * layer.rank
    names = form.options
    for filter in range(2):
        for half, kernel in ((0, names[filter]), (-1, names[filter + 1])):
            weights = np.repeat(named_kernel(kernel, taps)[..., None, None], 2, axis=-1)
            conv.set_weights([weights, np.zeros(2)])
            expected = np.moveaxis(
                conv(x[None])[0], 0 if data_format == "channels_first" else -1, -1
            )
            assert np.allclose(y[..., half, filter], expected[..., half, filter], atol=1e-4)


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", [name for name in SHOWN if "use_bias" in controls_of(SHOWN[name])])
def test_a_setting_of_a_built_layer_has_its_weights(name, data_format):
    cls = SHOWN[name]
    arguments = {**opening_arguments(cls), "data_format": data_format}
    layer = cls(**arguments)
    _, x = of_format(opened(cls), data_format).build()
    layer.build((None, *x.shape))
    draw = np.random.default_rng(0)
    layer.set_weights([draw.normal(size=weight.shape) for weight in layer.get_weights()])
    again, shown = setting_of(layer).build()
    assert repr(again) == repr(layer)
    assert np.array_equal(again(shown[None]), layer(shown[None]))


@pytest.mark.parametrize("name", SHOWN)
def test_from_any_layer_to_any_other(name):
    """What both have is kept, what is new opens; it builds, or is refused in words."""
    start = opened(SHOWN[name])
    for other, cls in SHOWN.items():
        changed = start.with_layer(cls)
        assert changed.layer_class is cls
        layer, x = changed.build()
        assert x.ndim == changed.room.rank + changed.room.timed + 1
        assert (changed.input == start.input) == (changed.room == start.room)
        if "kernel_size" in changed.arguments and "kernel_size" in start.arguments:
            assert layer.kernel_size == (3,) * layer.rank, other


def test_kernel_size_strides_and_padding_are_kept():
    told = {"filters": 3, "kernel_size": (5, 3), "strides": (2, 1), "padding": "valid"}
    start = Setting(told, Input("photograph", 12))
    layer, x = start.with_layer(layers.Conv2DTranspose).build()
    assert (layer.filters, layer.kernel_size, layer.strides) == (3, (5, 3), (2, 1))
    assert (layer.padding, x.shape) == ("valid", (12, 12, 3))
    assert start.with_layer(layers.Conv3D).made().kernel_size == (5, 3, 3)
    assert start.with_layer(layers.Conv1D).made().strides == (2,)
    assert start.with_layer(layers.MaxPooling2D).made().strides == (2, 1)


def test_what_was_left_as_it_opened_opens_anew():
    start = opened(layers.Conv2D)
    assert start.with_layer(layers.MaxPooling2D).made().strides == (2, 2)
    assert start.with_layer(layers.Conv2DTranspose).made().strides == (2, 2)
    recurrent = start.with_layer(layers.ConvLSTM2D)
    assert recurrent.shown_arguments()["activation"] == "tanh"
    relu = start.with_arguments(activation="relu").with_layer(layers.ConvLSTM2D)
    assert relu.shown_arguments()["activation"] == "relu"
    causal = opened(layers.Conv1D).with_arguments(padding="causal")
    assert causal.with_layer(layers.Conv2D).made().padding == "same"


def test_an_input_of_another_room_is_refused():
    setting = Setting({"filters": 1, "kernel_size": 3}, Input("heartbeat", 20, Room(1)))
    with pytest.raises(ShapeError, match="reads an input of 2 spatial axes"):
        setting.build()


@pytest.mark.parametrize("channels", [1, 3, 5])
def test_a_built_layer_gets_an_input_of_its_channels(channels):
    layer = layers.Conv2D(2, 3)
    layer.build((None, 9, 9, channels))
    assert setting_of(layer).build()[1].shape[-1] == channels


@pytest.mark.parametrize("room", [Room(1), Room(2), Room(3), Room(2, True)])
@pytest.mark.parametrize("channels", [1, 2, 4])
def test_an_input_of_so_many_channels(room, channels):
    chosen = input_with(channels, room)
    assert chosen.room == room
    assert chosen.values().shape[-1] == channels


@pytest.mark.parametrize(
    ("shape", "data_format", "room", "shown"),
    [
        ((5, 6), "channels_last", Room(2), (5, 6, 1)),
        ((5, 6, 2), "channels_last", Room(2), (5, 6, 2)),
        ((7, 5, 6, 2), "channels_last", Room(2), (5, 6, 2)),
        ((2, 5, 6), "channels_first", Room(2), (5, 6, 2)),
        ((7, 2, 5, 6), "channels_first", Room(2), (5, 6, 2)),
        ((5,), "channels_last", Room(1), (5, 1)),
        ((2, 5), "channels_first", Room(1), (5, 2)),
        ((4, 5, 6, 2), "channels_last", Room(3), (4, 5, 6, 2)),
        ((3, 5, 6), "channels_last", Room(2, True), (3, 5, 6, 1)),
        ((3, 2, 5, 6), "channels_first", Room(2, True), (3, 5, 6, 2)),
        ((9, 3, 2, 5, 6), "channels_first", Room(2, True), (3, 5, 6, 2)),
    ],
)
def test_arrays_from_python(shape, data_format, room, shown):
    x = np.arange(np.prod(shape)).reshape(shape)
    got = input_of(x, data_format, room).values()
    assert got.shape == shown
    assert got.flat[-1] in x


@pytest.mark.parametrize(
    ("shape", "room"),
    [
        ((3,), Room(2)),
        ((1, 2, 3, 4, 5), Room(2)),
        ((0, 4, 4, 1), Room(2)),
        ((2, 3, 4, 5), Room(1)),
        ((4, 4), Room(2, True)),
    ],
)
def test_arrays_of_another_rank_are_refused(shape, room):
    with pytest.raises(ShapeError, match=r"shows one example.*\nReceived shape"):
        input_of(np.zeros(shape), "channels_last", room)


@pytest.mark.parametrize("kind", ["upload", "array", "../../etc/passwd"])
def test_an_input_that_is_not_there_is_refused(kind):
    with pytest.raises(ArgumentError, match="There is no such input yet"):
        Input(kind).values()


def test_history_forgets_what_was_undone_and_the_oldest():
    history = History(0)
    for step in (1, 2, 3):
        history.add(step)
    history.undo()
    history.undo()
    assert history.present == 1
    history.add(9)
    assert not history.can_redo
    history.undo()
    assert history.present == 1
    for step in range(History.LIMIT * 2):
        history.add(step)
    for _ in range(History.LIMIT * 2):
        history.undo()
    assert history.present == History.LIMIT
    assert history.first == 0
