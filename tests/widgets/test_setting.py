"""Settings: what makes a picture, and what a change keeps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab import layers
from convlab.errors import ArgumentError, ConvlabError, ShapeError
from convlab.widgets.chosen_input import Input, input_of
from convlab.widgets.filters import named_kernel
from convlab.widgets.history import History
from convlab.widgets.setting import CUSTOM, Setting, setting_of

GRID = Input(kind="counting", size=6)


def test_a_setting_builds_the_layer_with_named_kernels():
    setting = Setting({"filters": 2, "kernel_size": 3}, GRID, names=("box blur", "identity"))
    layer, x = setting.build()
    kernel, bias = layer.get_weights()
    assert np.allclose(kernel[:, :, 0, 0], 1 / 9)
    assert np.array_equal(kernel[:, :, 0, 1], named_kernel("identity", 3, 3))
    assert not bias.any()
    assert np.array_equal(layer(x[None])[0, :, :, 1], x[1:-1, 1:-1, 0])


def test_channels_first_moves_the_channels():
    arguments = {"filters": 1, "kernel_size": 3, "data_format": "channels_first"}
    layer, x = Setting(arguments, Input("photograph", 12)).build()
    assert x.shape == (3, 12, 12)
    assert layer(x[None]).shape == (1, 1, 10, 10)


def test_a_typed_weight_stays_when_filters_or_sizes_change():
    setting = Setting({"filters": 2, "kernel_size": 3}, GRID, names=("identity", "identity"))
    edited = setting.with_weight((0, 1, 0, 1), 7.0, (3, 3, 1, 2))
    assert edited.name_of(1) == CUSTOM
    assert edited.name_of(0) == "identity"
    kernel = edited.build()[0].get_weights()[0]
    assert kernel[0, 1, 0, 1] == 7
    wider = edited.with_arguments(kernel_size=5, filters=3).build()[0].get_weights()[0]
    assert wider[1, 2, 0, 1] == 7
    assert np.array_equal(wider[..., 0, 0], named_kernel("identity", 5, 5))
    smaller = edited.with_arguments(kernel_size=1).build()[0].get_weights()[0]
    assert smaller[0, 0, 0, 1] == 1  # its middle


def test_naming_one_filter_leaves_the_others():
    setting = Setting({"filters": 3, "kernel_size": 3}, GRID)
    before = setting.build()[0].get_weights()[0]
    after = setting.with_name(1, "emboss", (3, 3, 1, 3)).build()[0].get_weights()[0]
    assert np.array_equal(after[..., 1][:, :, 0], named_kernel("emboss", 3, 3))
    assert np.array_equal(after[..., [0, 2]], before[..., [0, 2]])


def test_a_bias_is_kept_per_filter():
    setting = Setting({"filters": 2, "kernel_size": 3}, GRID).with_bias(1, 0.5, 2)
    assert setting.build()[0].get_weights()[1].tolist() == [0, 0.5]
    assert setting.with_arguments(filters=3).build()[0].get_weights()[1].tolist() == [0, 0.5, 0]
    assert len(setting.with_arguments(use_bias=False).build()[0].get_weights()) == 1


@given(
    st.integers(1, 4), st.integers(1, 4), st.integers(1, 6), st.integers(1, 4), st.integers(1, 3)
)
def test_any_change_after_an_edit_builds_or_is_refused(rows, columns, filters, groups, stride):
    setting = Setting({"filters": 2, "kernel_size": 3}, Input("photograph", 8))
    edited = setting.with_weight((2, 2, 2, 1), 5.0, (3, 3, 3, 2)).with_bias(0, 1.0, 2)
    changed = edited.with_arguments(
        kernel_size=(rows, columns), filters=filters, groups=groups, strides=stride
    )
    if 3 % groups or filters % groups:
        with pytest.raises(ConvlabError, match="evenly divisible by the number of groups"):
            changed.build()
    else:
        layer, x = changed.build()
        assert layer(x[None]).shape[-1] == filters


def test_a_setting_of_a_built_layer_has_its_weights():
    layer = layers.Conv2D(2, 3, strides=2, padding="same", activation="relu")
    layer.build((None, 9, 9, 1))
    weights = [np.random.default_rng(0).normal(size=w.shape) for w in layer.get_weights()]
    layer.set_weights(weights)
    again, x = setting_of(layer).build()
    assert repr(again) == repr(layer)
    assert np.array_equal(again(x[None]), layer(x[None]))


@pytest.mark.parametrize("channels", [1, 3, 5])
def test_a_built_layer_gets_an_input_of_its_channels(channels):
    layer = layers.Conv2D(2, 3)
    layer.build((None, 9, 9, channels))
    assert setting_of(layer).build()[1].shape[-1] == channels


@pytest.mark.parametrize(
    ("shape", "data_format", "shown"),
    [
        ((5, 6), "channels_last", (5, 6, 1)),
        ((5, 6, 2), "channels_last", (5, 6, 2)),
        ((7, 5, 6, 2), "channels_last", (5, 6, 2)),
        ((2, 5, 6), "channels_first", (5, 6, 2)),
        ((7, 2, 5, 6), "channels_first", (5, 6, 2)),
    ],
)
def test_arrays_from_python(shape, data_format, shown):
    x = np.arange(np.prod(shape)).reshape(shape)
    got = input_of(x, data_format).values()
    assert got.shape == shown
    assert got.flat[-1] in x


@pytest.mark.parametrize("shape", [(3,), (1, 2, 3, 4, 5), (0, 4, 4, 1)])
def test_arrays_of_another_rank_are_refused(shape):
    with pytest.raises(ShapeError, match=r"shows one example.*\nReceived shape"):
        input_of(np.zeros(shape), "channels_last")


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
