"""The stage's traits, without a browser: what Python may set, and what the browser may not."""

import numpy as np
import pytest

from convlab.errors import ArgumentError
from convlab.layers import Conv2D
from convlab.scene import build_scene
from convlab.widgets.stage import Stage


def scene_of(size=6, **arguments):
    layer = Conv2D(**{"filters": 2, "kernel_size": 3, **arguments})
    shape = (
        (1, 1, size, size + 1) if layer.data_format == "channels_first" else (1, size, size + 1, 1)
    )
    return build_scene(layer, np.ones(shape, "float32"))


@pytest.fixture
def stage():
    return Stage(scene_of())  # the output is (4, 5, 2)


@pytest.fixture
def sent(stage, monkeypatch):
    """The states that are sent to the browser, as dicts."""
    messages = []

    def send(data=None, metadata=None, buffers=None):
        messages.append(data["state"] if data["method"] == "update" else data)

    monkeypatch.setattr(stage.comm, "send", send)
    return messages


def test_a_scene_opens_on_its_middle(stage):
    assert stage.selection == (2, 2, 0)
    assert stage.step == 2 * 5 + 2 + 1
    assert Stage().selection == ()
    assert Stage().step == 0


def test_another_scene_keeps_the_part_of_the_picture(stage):
    stage.selection = (3, 4, 1)  # the last cell
    stage.show(scene_of(strides=2))  # (2, 3, 2)
    assert stage.selection == (1, 2, 1)
    stage.show(scene_of(data_format="channels_first", filters=1))
    assert stage.selection == (0, 3, 4)
    assert stage.step == 4 * 5
    stage.selection = (0, 2, 1)
    stage.show(scene_of(data_format="channels_first", filters=2))
    assert stage.selection == (0, 2, 1)


def test_a_scene_travels_in_one_message(stage, sent):
    stage.error = {"rule": "a", "received": "b", "remedy": "c"}
    sent.clear()
    stage.show(scene_of(strides=2))
    (state,) = sent
    assert set(state) == {"scene", "selection", "error"}  # the input is what it was
    assert state["error"] is None
    assert state["selection"] == (1, 1, 0)
    stage.show(scene_of(strides=2, size=7))
    assert set(sent[-1]) >= {"scene", "input"}


def test_values_travel_as_binary_buffers(stage):
    state = stage.get_state()
    step = state["scene"]["steps"][0]
    assert step["input"]["values"] == {"same": state["input"]["id"]}
    arrays = [state["input"], step["kernel"]["values"]]
    assert all(isinstance(array["data"], bytes) for array in arrays)
    assert {name: len(table) for name, table in stage.tables.items()} == {
        "magnitude": 1024, "signed": 1024, "grey": 1024,
    }  # fmt: skip


def test_numpy_integers_select_too(stage):
    stage.selection = tuple(np.array([3, 1, 0]))
    assert stage.selection == (3, 1, 0)
    assert all(type(index) is int for index in stage.selection)


BAD_SELECTIONS = [
    (4, 0, 0), (0, 5, 0), (0, 0, 2), (-1, 0, 0), (0, 0), (0, 0, 0, 0), (0.0, 0, 0), (True, 0, 0),
    ("0", 0, 0), None, 3, "000", {"row": 1}, (None, 0, 0), (10**40, 0, 0),
]  # fmt: skip


@pytest.mark.parametrize("index", BAD_SELECTIONS)
def test_python_is_told_why_a_selection_is_refused(stage, index):
    with pytest.raises(ArgumentError, match=r"index of the output .* \(4, 5, 2\)"):
        stage.selection = index
    assert stage.selection == (2, 2, 0)


def test_no_selection_without_a_scene():
    with pytest.raises(ArgumentError, match="Show a scene first"):
        Stage().selection = (0, 0, 0)


@pytest.mark.parametrize("index", [list(i) if isinstance(i, tuple) else i for i in BAD_SELECTIONS])
def test_a_selection_from_the_browser_is_checked(stage, sent, index):
    stage.set_state({"selection": index})
    assert stage.selection == (2, 2, 0)
    assert sent[-1] == {"selection": (2, 2, 0)}  # the browser is told what is true


def test_what_the_browser_may_change(stage):
    stage.set_state({"selection": [1, 0, 1], "playing": True, "speed": 60})
    assert (stage.selection, stage.playing, stage.speed) == ((1, 0, 1), True, 60)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("speed", 0), ("speed", 61), ("speed", 1.5), ("speed", "10"), ("speed", True),
        ("speed", 10**30), ("playing", 1), ("playing", "yes"), ("playing", None),
        ("scene", None), ("scene", {"steps": []}), ("error", {"rule": "forged"}), ("busy", "no"),
        ("theme", "dark"), ("tables", {}), ("editable", True), ("_esm", "alert(1)"), ("_css", ""),
    ],
)  # fmt: skip
def test_what_the_browser_may_not_change(stage, sent, name, value):
    before = getattr(stage, name)
    stage.set_state({name: value})
    assert getattr(stage, name) is before or getattr(stage, name) == before


def test_an_unknown_name_from_the_browser_is_dropped(stage, sent):
    stage.set_state({"no_such_trait": 1, "selection": [0, 0, 0]})
    assert stage.selection == (0, 0, 0)
    assert not hasattr(stage, "no_such_trait")


@pytest.mark.parametrize(
    "error",
    ["text", {}, {"received": "x"}, 3, {"rule": "a", "fixes": "b"}, {"rule": "a", "fixes": [1]}],
)
def test_an_error_has_three_parts(stage, error):
    with pytest.raises(ArgumentError, match="shown by its three parts"):
        stage.error = error


def test_an_error_may_lack_all_but_its_rule(stage):
    stage.error = {"rule": "the rule", "received": None}
    assert stage.error == {"rule": "the rule", "received": "", "remedy": ""}


@pytest.mark.parametrize("speed", [0, 61])
def test_speeds_have_bounds(stage, speed):
    with pytest.raises(Exception, match="speed"):
        stage.speed = speed


def weights(stage):
    typed = []
    stage.on_weight(lambda name, index, value: typed.append((name, index, value)))
    return typed


def test_a_typed_weight_reaches_its_handler(stage):
    assert not stage.editable
    typed = weights(stage)
    assert stage.editable
    stage._handle_custom_msg({"weight": [2, 0, 0, 1], "value": -1.5, "pass": 0}, [])
    assert typed == [("kernel", (2, 0, 0, 1), -1.5)]


@pytest.mark.parametrize(
    "message",
    [
        {"weight": [3, 0, 0, 1], "value": 1.0},
        {"weight": [0, 0, 0, 1], "value": 1.0, "pass": 1},
        {"weight": [0, 0, 0, 1], "value": 1.0, "pass": "0"},
        {"weight": [0, 0, 0, 1], "value": 1.0, "pass": None},
        {"weight": [0, 0, 0], "value": 1.0},
        {"weight": None, "value": 1.0},
        {"weight": [0, 0, 0, 0], "value": "1"},
        {"weight": [0, 0, 0, 0], "value": float("nan")},
        {"weight": [0, 0, 0, 0], "value": float("inf")},
        {"weight": [0, 0, 0, 0], "value": 1e31},
        {"weight": [0, 0, 0, 0], "value": 10**400},
        {"weight": [0, 0, 0, 0], "value": True},
        {"weight": [0, 0, 0, 0]},
        {},
        [],
        "weight",
    ],
)
def test_a_weight_that_cannot_be_is_dropped(stage, message):
    typed = weights(stage)
    stage._handle_custom_msg(message, [])
    assert typed == []


@pytest.mark.parametrize(
    ("pressed", "told"), [(1, [1]), (0, [0]), (2, []), (-1, []), (True, []), ("0", []), (None, [])]
)
def test_a_pressed_fix_reaches_its_handler(stage, pressed, told):
    found = []
    stage.on_fix(found.append)
    stage._handle_custom_msg({"fix": 0}, [])
    assert found == []  # no error is shown, so nothing can be mended
    stage.error = {"rule": "a", "fixes": ["padding='same'", "kernel_size=2"]}
    assert stage.error["fixes"] == ["padding='same'", "kernel_size=2"]
    stage._handle_custom_msg({"fix": pressed}, [])
    assert found == told
