"""States and links: what comes back, and what a stranger's link may not ask for."""

import base64
import contextlib
import copy
import json
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError, ConvlabError, DataError
from convlab.widgets import explore_state
from convlab.widgets.setting import Setting
from convlab.widgets.state import decoded, encoded, read_setting, told_setting

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@pytest.fixture
def state():
    explorer = cl.explore(layers.Conv2D(2, 3, strides=2, padding="same", activation="relu"))
    explorer.session.change_input(kind="counting", size=9)
    explorer.session.type_weight("kernel", (0, 1, 0, 1), 2.5)
    explorer.selection = (1, 2, 1)
    explorer.theme = "dark"
    explorer.look("map", "counts")
    return explorer.state


def test_a_state_is_plain_json_and_comes_back(state):
    again = explore_state(json.loads(json.dumps(state)))
    assert again.state == state
    assert again.theme == "dark"
    assert again.selection == (1, 2, 1)
    assert again.stage.map == "counts"
    assert again.layer.get_weights()[0][0, 1, 0, 1] == 2.5
    assert repr(again.layer) == "Conv2D(2, 3, strides=2, padding='same', activation='relu')"


def test_a_link_is_short_and_of_letters_that_an_address_may_hold():
    link = cl.explore().link
    assert len(link) < 500
    assert set(link) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_the_python_code_opens_the_same():
    explorer = cl.explore(layers.MaxPooling1D(3))
    explorer._carry.toggle()
    code = explorer._carry.carrier.code
    state = code.removeprefix("import convlab as cl\ncl.explore_state(").removesuffix(")")
    assert repr(explore_state(eval(state)).layer) == repr(explorer.layer)


def test_what_a_link_cannot_hold_is_said():
    explorer = cl.explore(layers.Conv2D(1, 3, activation=lambda v: v * 2), np.ones((6, 6)))
    out = explorer.state["left out"]
    assert out == ["activation: a function of your own", "the array from Python"]
    explorer._carry.toggle()
    assert "a function of your own" in explorer._carry.carrier.note
    again = explore_state(explorer.state)
    assert again.x.shape == (28, 28, 1)
    assert "left out" not in again.state


def test_a_large_kernel_is_left_out_and_said():
    explorer = cl.explore(layers.Conv2D(32, 11))
    explorer.session.type_weight("kernel", (0, 0, 0, 0), 1.0)
    assert "left out" not in explorer.state
    explorer = cl.explore(layers.Conv2D(32, 13))
    explorer.session.type_weight("kernel", (0, 0, 0, 0), 1.0)
    assert explorer.state["left out"] == ["the numbers of the kernel"]
    assert explore_state(explorer.link).error is None


def test_what_python_set_beyond_the_controls_comes_back():
    explorer = cl.explore(layers.Conv2D(40, 13, strides=9, padding="same", activation="mish"))
    assert repr(explore_state(explorer.link).layer) == repr(explorer.layer)


WRONG = [
    ("version", 2, "version"),
    ("version", None, "version"),
    ("layer", "Dense", "layer"),
    ("layer", "os.system", "layer"),
    ("layer", ["Conv2D"], "layer"),
    ("arguments", {"kernel_initializer": "ones"}, "arguments"),
    ("arguments", {"lora_rank": 3}, "arguments"),
    ("arguments", [], "arguments"),
    ("arguments", {"filters": 10**6}, "filters"),
    ("arguments", {"filters": -1}, "filters"),
    ("arguments", {"filters": True}, "filters"),
    ("arguments", {"filters": 2.0}, "filters"),
    ("arguments", {"filters": 2, "kernel_size": [3, 10**9]}, "kernel_size"),
    ("arguments", {"filters": 2, "kernel_size": [3] * 9}, "kernel_size"),
    ("arguments", {"filters": 2, "kernel_size": 3, "activation": "__import__"}, "activation"),
    ("arguments", {"filters": 2, "kernel_size": 3, "padding": "full"}, "padding"),
    ("input", {"kind": "../../etc/passwd"}, "input"),
    ("input", {"kind": "upload"}, "input"),
    ("input", {"kind": "array"}, "input"),
    ("input", {"kind": "heartbeat"}, "input"),
    ("input", {"kind": "counting", "size": 10**6}, "size"),
    ("input", {"kind": "counting", "size": True}, "size"),
    ("input", {"kind": "counting", "size": "9"}, "size"),
    ("input", {"kind": "numbers", "text": "1 " * 10**6}, "text"),
    ("input", {"kind": "numbers", "text": 3}, "text"),
    ("input", {"image": "x"}, "input"),
    ("kernels", {"gamma": {}}, "kernels"),
    ("kernels", {"kernel": {"names": "identity"}}, "names"),
    ("kernels", {"kernel": {"names": ["x" * 99]}}, "names"),
    ("kernels", {"kernel": {"values": {"shape": [2], "values": [1]}}}, "values"),
    ("kernels", {"kernel": {"values": {"shape": [10**9], "values": []}}}, "values"),
    ("kernels", {"kernel": {"values": {"shape": [1], "values": [1e300]}}}, "values"),
    ("kernels", {"kernel": {"values": {"shape": [1], "values": [float("nan")]}}}, "values"),
    ("kernels", {"kernel": {"values": {"shape": [1], "values": ["1"]}}}, "values"),
    ("bias", [1, 2], "values"),
    ("selection", "0", "selection"),
    ("selection", {"a": 1}, "selection"),
    ("view", {"_esm": "x"}, "view"),
    ("view", {"map": "colours"}, "view"),
    ("view", {"in_view": 7}, "view"),
    ("view", [], "view"),
    ("theme", "blue", "theme"),
    ("theme", ["dark"], "theme"),
    ("unknown", 1, "state"),
    ("beside", {"version": 1, "layer": "Lambda"}, "layer"),
    ("beside", 3, "state"),
]


@pytest.mark.parametrize(("name", "value", "argument"), WRONG)
def test_a_state_is_read_strictly(state, name, value, argument):
    changed = {**copy.deepcopy(state), name: value}
    with pytest.raises(DataError, match=r"A saved state has no such .*\nReceived") as error:
        explore_state(changed)
    assert error.value.argument == argument
    assert error.value.remedy


@pytest.mark.parametrize("selection", [[99, 0, 0], [0, 0], [0.5, 0, 0], [True, 0, 0]])
def test_a_selection_outside_is_refused(state, selection):
    with pytest.raises(ArgumentError, match="A selection is an index of the output"):
        explore_state({**state, "selection": selection})


def test_a_time_outside_is_refused():
    state = cl.explore(layers.ConvLSTM1D(1, 3)).state
    with pytest.raises(ArgumentError, match="The input has 6 time steps"):
        explore_state({**state, "time": 10**9})


def test_a_state_that_no_layer_can_have_is_refused_by_the_layer(state):
    state["arguments"] |= {"dilation_rate": [2, 2]}
    with pytest.raises(ArgumentError, match="`strides > 1` not supported"):
        explore_state(state)


@pytest.mark.parametrize(
    "change",
    [
        lambda explorer: setattr(explorer, "selection", (0, 1, 1)),
        lambda explorer: setattr(explorer, "theme", "dark"),
        lambda explorer: explorer.look("map", "counts"),
        lambda explorer: explorer.session.set_argument("strides", (2, 2)),
        lambda explorer: explorer.pin(),
    ],
)
def test_the_open_panels_link_is_that_of_the_present_state(change):
    explorer = cl.explore()
    explorer._carry.toggle()
    before = explorer._carry.carrier.link
    change(explorer)
    assert before != explorer._carry.carrier.link == explorer.link


def test_the_channels_of_feature_maps_travel():
    explorer = cl.explore()
    explorer.session.change_input(kind="feature maps", size=40, channels=64)
    again = explore_state(explorer.link)
    assert again.x.shape == (40, 40, 64)
    assert np.array_equal(again.output, explorer.output)
    assert "channels" not in cl.explore().state["input"]


@pytest.mark.parametrize(
    ("kind", "channels"), [("feature maps", 65), ("feature maps", 0), ("ones", 2)]
)
def test_channels_that_cannot_be_chosen_are_refused(kind, channels):
    told = {"version": 1, "layer": "Conv2D", "input": {"kind": kind, "channels": channels}}
    with pytest.raises(DataError, match="A saved state has no such channels"):
        read_setting(told)


def test_a_link_may_not_ask_for_hours():
    heavy = {
        "version": 1,
        "layer": "Conv3D",
        "arguments": {"filters": 256, "kernel_size": [11, 11, 11], "padding": "same"},
        "input": {"kind": "ones", "size": 32},
    }
    with pytest.raises(DataError, match=r"controls and links .*\nReceived 11,165,237,248 mul"):
        read_setting(heavy)
    flood = {"version": 1, "layer": "UpSampling3D", "arguments": {"size": [24, 24, 24]}}
    with pytest.raises(DataError, match="controls and links"):
        read_setting(flood)


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "!!!", "AAAA", "é", "a" * 70_000,
        encoded({})[:-3],
        base64.urlsafe_b64encode(zlib.compress(b"not json")).decode(),
        base64.urlsafe_b64encode(zlib.compress(b"[" * 200_000)).decode(),
        base64.urlsafe_b64encode(zlib.compress(b'{"a": NaN}')).decode(),
        base64.urlsafe_b64encode(zlib.compress(b"0" * 50_000_000)).decode()[:60_000],
    ],
)  # fmt: skip
def test_a_damaged_link_is_refused(text):
    with pytest.raises(DataError, match="A saved state has no such"):
        explore_state(text)


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: raw.hex()))
def test_any_text_is_a_link_or_refused(text):
    with pytest.raises(DataError):
        read_setting(decoded(text))


@given(JSON, st.sampled_from(["layer", "arguments", "input", "kernels", "bias", "version"]))
def test_any_data_is_a_setting_or_refused(value, name):
    plain = {**told_setting(Setting({"filters": 1, "kernel_size": 3})), name: value}
    with contextlib.suppress(ConvlabError):
        assert read_setting(plain).layer_class is layers.Conv2D
