"""The explorer of every layer of the family, in both data formats, without a browser."""

import re

import numpy as np
import pytest
from ipywidgets import HTML

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError, ConvlabError
from convlab.widgets import explore_state
from convlab.widgets.arguments import controls_of
from convlab.widgets.families import SHOWN, opening_arguments
from convlab.widgets.filters import named_kernel
from convlab.widgets.weights import bias_form, forms

FORMATS = ("channels_last", "channels_first")
EVERY = [
    (name, data_format)
    for name, cls in SHOWN.items()
    for data_format in FORMATS
    if data_format == "channels_last" or "data_format" in controls_of(cls)
]
SMALL = {"head phantom": 6, "bouncing cube": 4, "bouncing digit": 8, "moving pulse": 8}


def small(explorer):
    """The same at a size that is quickly computed."""
    chosen = explorer.session.history.present.input
    size = SMALL.get(chosen.kind, 14)
    frames = {"frames": 3} if chosen.room.timed else {}
    explorer.session.change_input(size=size, **frames)
    assert explorer.error is None
    return explorer


def opened(name, data_format):
    cls = SHOWN[name]
    format = {"data_format": data_format} if "data_format" in controls_of(cls) else {}
    return small(cl.explore(cls(**{**opening_arguments(cls), **format})))


def row(explorer, name):
    return explorer._column.rows[name]


def shown_output(explorer):
    """The last step's output of the scene, in the user's order."""
    scene = explorer.stage.scene
    values = scene.steps[-1].output.values
    if scene.flat:
        return values.reshape(-1)
    return np.moveaxis(values, -1, 0) if scene.data_format == "channels_first" else values


def own_output(explorer):
    """What the layer computes; of a sequence, the output of the time step shown."""
    y = explorer.output
    if explorer.time is not None and explorer.layer.return_sequences:
        return y[explorer.time]
    return y.reshape(-1) if explorer.stage.scene.flat else y


@pytest.mark.parametrize(("name", "data_format"), EVERY)
def test_it_opens_on_the_layers_own_output(name, data_format):
    explorer = opened(name, data_format)
    assert explorer.error is None
    assert explorer.stage.error is None
    assert type(explorer.layer) is SHOWN[name]
    assert np.array_equal(shown_output(explorer), own_output(explorer))
    assert len(explorer.selection) == len(explorer.stage.scene.selectable)
    assert explorer._column.menu.value == name


OTHER = {
    "kernel_size": 2,
    "pool_size": 3,
    "size": 3,
    "strides": 3,
    "padding": "valid",
    "dilation_rate": 2,
    "interpolation": "bilinear",
    "filters": 3,
    "depth_multiplier": 3,
    "groups": 1,
    "data_format": "channels_last",
    "keepdims": True,
    "return_sequences": False,
    "go_backwards": True,
    "activation": "relu",
    "recurrent_activation": "hard_sigmoid",
    "use_bias": False,
    "unit_forget_bias": False,
    "output_padding": "1",
}


def turned(explorer, name):
    """Moves a control to another value, and gives what the layer's argument should then be."""
    control, rank = explorer._column.rows[name].control, explorer.layer.rank
    editors = row(explorer, name)._editors
    if control.form == "sides":
        items = [editor.value for editor in editors]
        editors[1].value = 2
        return control.argument([items[0], 2, *items[2:]], rank)
    value = OTHER[name]
    if isinstance(value, bool):
        value = not editors[0].value
    elif editors[0].value == value:
        value = {"padding": "same", "data_format": "channels_first", "groups": 1}.get(name, 2)
    if control.labels:
        value = str(value)
    editors[0].value = value
    value = int(value) if control.labels else value
    return value if control.form == "one" else (value,) * rank


@pytest.mark.parametrize(("name", "data_format"), EVERY)
def test_each_control_changes_its_argument(name, data_format):
    explorer = opened(name, data_format)
    controls = controls_of(SHOWN[name])
    assert set(controls) <= set(explorer._column.rows)
    for argument in controls:
        if argument == "output_padding":
            row(explorer, "dilation_rate")._editors[0].value = 1
            row(explorer, "strides")._editors[0].value = 2
        elif argument == "dilation_rate":
            row(explorer, "strides")._editors[0].value = 1
        elif argument == "strides" and "dilation_rate" in controls:
            row(explorer, "dilation_rate")._editors[0].value = 1
        expected = turned(explorer, argument)
        assert explorer.error is None, argument
        value = getattr(explorer.layer, argument)
        if argument.endswith("activation"):
            value = value.__name__
        assert value == expected, argument
        assert np.array_equal(shown_output(explorer), own_output(explorer)), argument


@pytest.mark.parametrize("name", SHOWN)
def test_a_message_beyond_a_controls_bounds_is_refused_in_words(name):
    explorer = opened(name, "channels_last")
    for argument, control in controls_of(SHOWN[name]).items():
        if control.options:
            continue
        before, shown = repr(explorer.layer), explorer.stage.scene
        editor = row(explorer, argument)._editors[0]
        editor.set_state({"max": 10**9, "min": -(10**9), "value": 10**6})
        assert isinstance(explorer.error, ArgumentError), argument
        assert f"The control for `{argument}` has a bound of its own" in explorer.error.rule
        assert explorer.error.remedy
        assert len(row(explorer, argument).children) == 2
        assert repr(explorer.layer) == before
        assert explorer.stage.scene is shown


REFUSED = [
    ("Conv1D", {"groups": 2}, "groups", "evenly divisible"),
    ("Conv2D", {"strides": (2, 2), "dilation_rate": (2, 2)}, "dilation_rate", "not supported"),
    ("Conv3D", {"padding": "valid", "kernel_size": (7, 7, 7)}, "kernel_size", "reaches 7"),
    ("Conv1DTranspose", {"output_padding": (2,)}, "output_padding", "strictly less than"),
    ("Conv2DTranspose", {"dilation_rate": (2, 2)}, "dilation_rate", "not supported"),
    ("Conv3DTranspose", {"output_padding": (3, 3, 3)}, "output_padding", "strictly less than"),
    ("DepthwiseConv1D", {"padding": "valid", "kernel_size": (15,)}, "kernel_size", "reaches 15"),
    ("DepthwiseConv2D", {"padding": "valid", "dilation_rate": (8, 8)}, "dilation_rate", "reaches"),
    ("SeparableConv1D", {"padding": "valid", "kernel_size": (15,)}, "kernel_size", "reaches 15"),
    ("SeparableConv2D", {"padding": "valid", "kernel_size": (15, 3)}, "kernel_size", "reaches 15"),
    ("LocallyConnected1D", {"kernel_size": (15,)}, "kernel_size", "reaches 15"),
    ("LocallyConnected2D", {"kernel_size": (15, 3)}, "kernel_size", "reaches 15"),
    ("MaxPooling1D", {"pool_size": (15,)}, "pool_size", "spans 15"),
    ("MaxPooling2D", {"pool_size": (15, 3)}, "pool_size", "spans 15"),
    ("MaxPooling3D", {"pool_size": (7, 2, 2)}, "pool_size", "spans 7"),
    ("AveragePooling1D", {"pool_size": (15,)}, "pool_size", "spans 15"),
    ("AveragePooling2D", {"pool_size": (15, 3)}, "pool_size", "spans 15"),
    ("AveragePooling3D", {"pool_size": (7, 2, 2)}, "pool_size", "spans 7"),
    ("UpSampling2D", {"interpolation": "cubic"}, "interpolation", "interpolation"),
    ("ZeroPadding2D", {"padding": ((-1, 0), (0, 0))}, "padding", "padding"),
    ("Cropping1D", {"cropping": (7, 7)}, "cropping", "smaller than the input length"),
    ("Cropping2D", {"cropping": ((7, 7), (0, 0))}, "cropping", "smaller than the corresponding"),
    ("Cropping3D", {"cropping": ((3, 3), (0, 0), (0, 0))}, "cropping", "smaller than"),
    ("ConvLSTM1D", {"strides": (2,), "dilation_rate": (2,)}, "dilation_rate", "not compatible"),
    ("ConvLSTM2D", {"padding": "valid", "kernel_size": (9, 9)}, "kernel_size", "reaches 9"),
    ("ConvLSTM3D", {"padding": "valid", "kernel_size": (5, 5, 5)}, "kernel_size", "reaches 5"),
]


@pytest.mark.parametrize(("name", "arguments", "touched", "words"), REFUSED)
def test_an_illegal_setting_keeps_the_picture_and_a_remedy_mends_it(
    name, arguments, touched, words
):
    explorer = opened(name, "channels_last")
    shown, layer = explorer.stage.scene, repr(explorer.layer)
    present = explorer.session.history.present
    explorer.session.history.add(present.with_arguments(**arguments))
    explorer.session.set_argument(touched, arguments[touched])
    assert isinstance(explorer.error, ConvlabError)
    assert words in explorer.error.rule
    assert explorer.error.received
    assert explorer.error.remedy
    assert explorer.stage.error["rule"] == explorer.error.rule
    assert explorer.stage.scene is shown
    assert repr(explorer.layer) == layer
    assert len(row(explorer, touched).children) == 2
    if explorer.error.fixes:
        explorer.stage._received(None, {"fix": 0}, [])
        assert explorer.error is None
        assert len(row(explorer, touched).children) == 1
    explorer.reset()
    assert explorer.error is None


@pytest.mark.parametrize(("name", "data_format"), EVERY)
def test_a_state_comes_back(name, data_format):
    explorer = opened(name, data_format)
    for form in forms(explorer.layer).values():
        explorer.session.type_weight(form.name, tuple(size - 1 for size in form.shape), 0.375)
    if bias_form(explorer.layer) is not None:
        explorer.session.type_bias(0, 1.5)
    explorer.selection = tuple(size - 1 for size in explorer.stage.scene.selectable)
    again = explore_state(explorer.link)
    assert repr(again.layer) == repr(explorer.layer)
    assert np.array_equal(again.x, explorer.x)
    assert again.selection == explorer.selection
    assert again.time == explorer.time
    if "left out" in explorer.state:  # a kernel of many numbers: locally connected
        assert name.startswith("LocallyConnected")
        return
    assert np.array_equal(again.output, explorer.output)
    assert again.state == explorer.state


@pytest.mark.parametrize("name", [name for name, cls in SHOWN.items() if controls_of(cls)])
def test_undo_redo_and_reset_over_layers(name):
    explorer = cl.explore()
    explorer.session.choose_layer(name)
    assert explorer.error is None
    assert type(explorer.layer) is SHOWN[name]
    explorer.undo()
    assert type(explorer.layer) is layers.Conv2D
    assert explorer._column.menu.value == "Conv2D"
    explorer.redo()
    assert type(explorer.layer) is SHOWN[name]
    assert explorer._column.menu.value == name
    explorer.reset()
    assert repr(explorer.layer) == "Conv2D(4, 3, padding='same')"


@pytest.mark.parametrize("name", SHOWN)
def test_the_code_and_a_picture_can_be_carried_away(name):
    explorer = opened(name, "channels_last")
    explorer._carry.toggle()
    gone = name.startswith("Locally")  # Keras 3 has them no more, and the remedy says who has
    assert ("tf_keras" if gone else f"layers.{name}(") in explorer._carry._text.value
    code = explorer._carry.carrier.code
    assert explorer._carry.carrier.link == explorer.link
    assert code.startswith("import convlab as cl")


def test_a_weight_typed_on_the_stage_reaches_the_step_in_view():
    explorer = cl.explore(layers.SeparableConv2D(2, 3, depth_multiplier=2), np.ones((5, 5, 3)))
    explorer.stage._received(None, {"weight": [2, 0, 0, 5], "value": 4.0, "pass": 0}, [])
    assert explorer.layer.get_weights()[0][2, 0, 2, 1] == 4  # channel 5 // 2, multiplier 5 % 2
    explorer.stage._received(None, {"weight": [0, 0, 5, 1], "value": 9.0, "pass": 1}, [])
    assert explorer.layer.get_weights()[1][0, 0, 5, 1] == 9
    explorer = cl.explore(layers.Conv1DTranspose(3, 4), np.ones((5, 2)))
    explorer.stage._received(None, {"weight": [3, 1, 2], "value": 5.0}, [])
    assert explorer.layer.get_weights()[0][3, 2, 1] == 5  # filters before channels


def test_the_input_of_a_rank_comes_back_with_it():
    explorer = cl.explore()
    explorer.session.change_input(kind="MRI scan, grey", size=20)
    explorer.session.choose_layer("Conv1D")
    assert explorer.x.shape == (72, 1)
    explorer.session.choose_layer("MaxPooling2D")
    assert explorer.x.shape == (20, 20, 1)


def test_time_is_stepped_and_refused_beyond():
    explorer = cl.explore(layers.ConvLSTM2D(1, 3, padding="same", return_sequences=True))
    assert explorer.time == 5
    explorer._column.step.value = 2
    assert explorer.time == 2
    assert np.array_equal(explorer.stage.scene.steps[-1].output.values, explorer.output[2])
    explorer.time = 0
    assert explorer._column.step.value == 0
    for step in (6, -1, "1", None, True):
        with pytest.raises(ArgumentError, match="The input has 6 time steps"):
            explorer.time = step
    explorer.session.change_input(frames=1)
    assert explorer.time == 0
    with pytest.raises(ArgumentError, match="has no time"):
        cl.explore().time = 0
    assert cl.explore().time is None


def test_a_pinned_picture_stays_on_the_same_input():
    explorer = cl.explore()
    explorer.pin()
    move = row(explorer, "padding")._editors[0]
    move.value = "valid"
    beside = explorer._beside.stage
    assert beside.scene.output_shape == (None, 28, 28, 4)
    assert explorer.stage.scene.output_shape == (None, 26, 26, 4)
    assert beside.group == explorer.stage.group is not None
    explorer.session.change_input(kind="counting", size=7)
    assert beside.scene.input_shape == (None, 7, 7, 1)
    assert explorer.state["beside"]["arguments"]["padding"] == "same"
    explorer.unpin()
    assert explorer.stage.group is None
    assert "beside" not in explorer.state


def test_what_is_hidden_is_a_switch():
    explorer = cl.explore()
    explorer._top.predict.value = "cell"
    assert explorer.stage.hide == "cell"
    explorer._top.predict.value = ""
    assert explorer.stage.hide is None
    assert not explorer.look("hide", "everything")
    assert not explorer.look("scene", None)


@pytest.mark.parametrize("value", ["Dense", "", None, 3, ["Conv2D"], "__import__"])
def test_a_layer_that_is_not_on_the_list_is_dropped(value):
    explorer = cl.explore()
    explorer._column.menu.set_state({"value": value})
    assert type(explorer.layer) is layers.Conv2D
    assert explorer._column.menu.value == "Conv2D"
    explorer._column.menu.set_state({"groups": [["x", ["y"]]], "_esm": "alert(1)"})
    assert explorer._column.menu.groups[0][0] == "Convolution"
    explorer._column.menu.set_state({"value": "Conv3D"})
    assert type(explorer.layer) is layers.Conv3D


def test_a_file_shows_what_the_stage_shows(monkeypatch):
    """The selected cell, its filter, the reading, the time step: what the viewer looks at."""
    asked = {}
    monkeypatch.setattr("convlab.draw.exported", lambda *_, **looks: asked.update(looks) or b"")
    explorer = cl.explore(cl.Conv2DTranspose(2, 3, strides=2), np.ones((4, 4), "float32"))
    explorer.selection = (2, 5, 1)
    explorer._exported("png", print)
    assert (asked["filter"], asked["step"], asked["reading"]) == (1, 2 * 9 + 5, "gather")
    film = cl.explore(cl.ConvLSTM1D(1, 2))
    film.time = 1
    film._exported("png", print)
    assert asked["time"] == 1


@pytest.mark.parametrize("name", ["LocallyConnected1D", "LocallyConnected2D"])
def test_the_kernels_of_both_halves_are_named(name):
    explorer = cl.explore(getattr(layers, name)(1, 3))
    told = [child.value for child in explorer._column.weights.children if isinstance(child, HTML)]
    line = {"LocallyConnected1D": "step", "LocallyConnected2D": "column"}[name]
    found = [re.fullmatch(rf"from output {line} (\d+) on: (.+)", text) for text in told]
    (start, second), *others = [match.groups() for match in found if match]
    assert not others
    scene = explorer.stage.scene
    kernel = scene.steps[0].kernel.values[..., 0, 0]
    taps = kernel.shape[scene.rank :]
    row = kernel.reshape(-1, kernel.shape[scene.rank - 1], *taps)[0]  # along the last axis
    named = explorer.session.history.present.name_of(forms(explorer.layer)["kernel"], 0)
    for place, name in [(int(start) - 1, named), (int(start), second)]:
        np.testing.assert_allclose(row[place], named_kernel(name, taps), rtol=1e-6)


def test_what_is_hidden_is_hidden_beside_it_too():
    explorer = cl.explore(layers.Conv2D(1, 3))
    explorer.pin()
    explorer.look("hide", "shape")
    assert explorer._beside.stage.hide == "shape"
    explorer.look("hide", None)
    assert explorer._beside.stage.hide is None
