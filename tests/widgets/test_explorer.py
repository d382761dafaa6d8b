"""The explorer without a browser: what Python reads and sets, and what a message may not do."""

import numpy as np
import pytest
from traitlets import TraitError

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError, ArgumentTypeError, DataError, ShapeError
from convlab.widgets.filters import named_kernel


@pytest.fixture
def explorer():
    return cl.explore()


def row(explorer, name):
    return explorer._column.rows[name]


def move(explorer, name, value):
    """What a slider's message does."""
    row(explorer, name)._editors[0].value = value


def test_it_opens_on_something_alive(explorer):
    assert explorer.error is None
    assert explorer.x.shape == (28, 28, 1)
    assert 0 <= explorer.x.min() < explorer.x.max() <= 1
    assert np.array_equal(
        explorer.layer.get_weights()[0][..., 0, 0], named_kernel("sobel x", (3, 3))
    )
    assert np.abs(explorer.output).max() > 1
    assert len(explorer.selection) == 3


def test_what_is_shown_is_the_layers_own_output(explorer):
    scene = explorer.stage.scene
    assert np.array_equal(scene.steps[0].output.values, explorer.output)
    assert np.array_equal(scene.steps[0].input.values, explorer.x)


@pytest.mark.parametrize(
    ("name", "value", "attribute", "expected"),
    [
        ("kernel_size", 5, "kernel_size", (5, 5)),
        ("strides", 3, "strides", (3, 3)),
        ("padding", "valid", "padding", "valid"),
        ("dilation_rate", 2, "dilation_rate", (2, 2)),
        ("filters", 7, "filters", 7),
        ("data_format", "channels_first", "data_format", "channels_first"),
        ("use_bias", False, "use_bias", False),
    ],
)
def test_each_control_changes_its_argument(explorer, name, value, attribute, expected):
    move(explorer, name, value)
    assert explorer.error is None
    assert getattr(explorer.layer, attribute) == expected
    assert explorer.output.shape == explorer.layer(explorer.x[None])[0].shape


def test_an_axis_of_its_own(explorer):
    explorer._column.arguments._alike.value = False
    row(explorer, "kernel_size")._editors[1].value = 5
    assert explorer.layer.kernel_size == (3, 5)


def test_an_illegal_setting_keeps_the_picture_and_offers_the_remedy(explorer):
    move(explorer, "dilation_rate", 2)
    shown = explorer.stage.scene
    move(explorer, "strides", 2)
    assert isinstance(explorer.error, ArgumentError)
    assert explorer.stage.scene is shown
    assert explorer.layer.strides == (1, 1)
    assert explorer.stage.error["rule"].startswith("`strides > 1` not supported")
    assert explorer.stage.error["remedy"]
    box = row(explorer, "strides").children[1]
    labels = [button.description for button in box.children]
    assert labels == ["strides=1", "dilation_rate=1"]
    box.children[1].click()
    assert explorer.error is None
    assert (explorer.layer.strides, explorer.layer.dilation_rate) == ((2, 2), (1, 1))
    assert len(row(explorer, "strides").children) == 1


def test_a_remedy_beside_the_picture_mends_it_too(explorer):
    move(explorer, "strides", 2)
    move(explorer, "dilation_rate", 2)
    assert explorer.stage.error["fixes"] == ["strides=1", "dilation_rate=1"]
    explorer.stage._received(None, {"fix": 7}, [])
    assert explorer.error is not None
    explorer.stage._received(None, {"fix": 0}, [])
    assert explorer.error is None
    assert (explorer.layer.strides, explorer.layer.dilation_rate) == ((1, 1), (2, 2))


def test_the_message_stands_at_the_control_that_was_moved(explorer):
    move(explorer, "strides", 2)
    move(explorer, "dilation_rate", 2)
    assert len(row(explorer, "dilation_rate").children) == 2
    assert len(row(explorer, "strides").children) == 1


def test_a_small_grid_opens_at_a_size_whose_numbers_can_be_read(explorer):
    explorer._column.input._kind.value = "counting"
    assert explorer.x.shape == (7, 7, 1)
    explorer._column.input._size.value = 9
    explorer._column.input._kind.value = "edge"
    assert explorer.x.shape == (9, 9, 1)
    explorer._column.input._kind.value = "photograph"
    assert explorer.x.shape == (28, 28, 3)


def test_a_kernel_beyond_its_input_is_told_at_the_kernel(explorer):
    explorer.session.change_input(kind="counting", size=5)
    move(explorer, "padding", "valid")
    move(explorer, "kernel_size", 7)
    assert isinstance(explorer.error, ShapeError)
    assert "the kernel reaches 7 but the padded input has 5" in explorer.error.rule
    assert len(row(explorer, "kernel_size").children) == 2
    move(explorer, "kernel_size", 5)
    assert explorer.error is None
    assert explorer.output.shape == (1, 1, 4)


def test_undo_redo_and_reset(explorer):
    move(explorer, "filters", 2)
    move(explorer, "kernel_size", 5)
    explorer.undo()
    assert (explorer.layer.filters, explorer.layer.kernel_size) == (2, (3, 3))
    assert row(explorer, "kernel_size")._editors[0].value == 3
    explorer.redo()
    assert explorer.layer.kernel_size == (5, 5)
    explorer.selection = (0, 0, 1)
    explorer._column.arguments._alike.value = False
    explorer.reset()
    assert (explorer.layer.filters, explorer.layer.kernel_size) == (4, (3, 3))
    assert explorer.selection == (14, 14, 0)
    assert explorer._column.arguments._alike.value
    explorer.undo()
    assert explorer.layer.kernel_size == (5, 5)


def test_undo_leaves_an_error_behind(explorer):
    move(explorer, "groups", 3)
    assert explorer.error.argument == "groups"
    explorer.undo()
    assert explorer.error is None
    assert row(explorer, "groups")._editors[0].value == 1


def test_weights_are_typed_and_named(explorer):
    explorer.stage._received(None, {"weight": [1, 1, 0, 0], "value": 9.5}, [])
    assert explorer.layer.get_weights()[0][1, 1, 0, 0] == 9.5
    assert explorer._column.weights._kernels["kernel"].list.value == "custom"
    explorer._column.weights._kernels["kernel"].list.value = "box blur"
    assert np.allclose(explorer.layer.get_weights()[0][..., 0], 1 / 9)
    explorer._column.weights._bias.value = 2.5
    assert explorer.layer.get_weights()[1].tolist() == [2.5, 0, 0, 0]
    explorer.undo()
    explorer.undo()
    assert explorer.layer.get_weights()[0][1, 1, 0, 0] == 9.5


def test_the_weights_follow_the_filter_on_the_stage(explorer):
    explorer.selection = (0, 0, 2)
    assert explorer._column.weights._kernels["kernel"].list.value == "box blur"
    assert "filter 2" in explorer._column.weights._title.value
    explorer._column.weights._kernels["kernel"].list.value = "identity"
    assert np.array_equal(explorer.output[..., 2], explorer.x[..., 0])


@pytest.mark.parametrize(
    ("name", "value"),
    [("kernel_size", 10**6), ("strides", 0), ("filters", -1), ("groups", 99)],
)
def test_a_message_beyond_a_sliders_bounds_is_refused(explorer, name, value):
    layer = repr(explorer.layer)
    editor = row(explorer, name)._editors[0]
    editor.set_state({"max": 10**9, "min": -(10**9), "value": value})
    assert isinstance(explorer.error, ArgumentError)
    assert f"The control for `{name}` has a bound of its own" in explorer.error.rule
    assert repr(explorer.layer) == layer


def test_an_input_that_is_not_on_the_list_is_refused(explorer):
    explorer._column.input._kind_chosen({"new": "../../etc/passwd"})
    assert "The input has no such kind" in explorer.error.rule
    assert explorer.x.shape == (28, 28, 1)


def test_typed_numbers_and_what_is_no_number(explorer):
    explorer.session.change_input(kind="numbers", text="1 2 3\n4 5 6\n7 8 9")
    assert explorer.x[..., 0].tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    explorer._column.input._text.value = "1 2\n3"
    assert "rectangle of numbers" in explorer.error.rule
    assert explorer.x.shape == (3, 3, 1)
    assert row(explorer, "numbers").layout.display is None


def test_an_upload_that_is_no_picture_is_told_and_forgotten(explorer):
    explorer._column.input._uploaded({"new": ({"content": b"<svg/>", "name": "../x.svg"},)})
    assert "PNG or a JPEG" in explorer.error.rule
    move(explorer, "filters", 2)
    assert explorer.error is None


def test_layer_selection_and_theme_can_be_set(explorer):
    layer = layers.Conv2D(2, (1, 5), strides=2, activation="relu", name="mine")
    layer.build((None, 8, 8, 1))
    layer.set_weights([np.full((1, 5, 1, 2), 0.5), np.ones(2)])
    explorer.layer = layer
    assert explorer.layer.get_weights()[1].tolist() == [1, 1]
    assert row(explorer, "kernel_size")._editors[1].value == 5
    assert row(explorer, "kernel_size")._editors[1].layout.display is None
    assert np.array_equal(explorer.output, layer(explorer.x[None])[0])
    explorer.selection = (3, 2, 1)
    assert explorer.selection == (3, 2, 1)
    with pytest.raises(ArgumentError, match="A selection is an index of the output"):
        explorer.selection = (99, 0, 0)
    explorer.theme = "dark"
    assert explorer.stage.theme == "dark"
    explorer.x = np.ones((4, 7))
    assert explorer.x.shape == (4, 7, 1)


def test_another_frameworks_output_can_be_looked_at(explorer):
    own = explorer.output
    explorer.output = own + 1
    assert np.array_equal(explorer.output, own + 1)
    assert np.array_equal(explorer.stage.scene.steps[0].output.values, own + 1)
    with pytest.raises(ShapeError, match=r"the layer's own.\nReceived shape \(1, 28, 28, 4\)"):
        explorer.output = own[None]
    move(explorer, "filters", 2)
    assert np.array_equal(explorer.output, own[..., :2])


def test_the_error_can_be_set_and_taken_away(explorer):
    explorer.error = ArgumentError("A rule.", received="x=1", remedy="Use 2.", argument="strides")
    told = {"rule": "A rule.", "received": "x=1", "remedy": "Use 2."}
    assert {part: explorer.stage.error[part] for part in told} == told
    explorer.error = None
    assert explorer.stage.error is None


def test_a_layer_beyond_the_controls_range_is_shown():
    explorer = cl.explore(layers.Conv2D(40, 13, strides=9, padding="same", activation="softsign"))
    assert explorer.error is None
    assert explorer.layer.kernel_size == (13, 13)
    assert row(explorer, "filters")._editors[0].value == 40


def test_channels_first_is_explored_in_its_own_order():
    layer = layers.Conv2D(2, 3, data_format="channels_first", padding="same")
    explorer = cl.explore(layer, np.arange(50, dtype="float32").reshape(2, 5, 5))
    assert explorer.output.shape == (2, 5, 5)
    explorer.selection = (1, 4, 0)
    assert explorer.stage.channel == 1


def test_initializers_that_say_what_the_weights_are_are_shown():
    layer = layers.Conv2D(1, 3, kernel_initializer="ones", bias_initializer="ones")
    explorer = cl.explore(layer, np.ones((5, 5)))
    assert (explorer.output == 10).all()
    seeded = layers.Conv2D(2, 3, kernel_initializer=cl.initializers.RandomNormal(seed=3))
    assert np.array_equal(cl.explore(seeded).output, seeded(cl.explore().x[None])[0])
    given = layers.Conv2D(1, 1, weights=[np.full((1, 1, 1, 1), 4.0), np.zeros(1)])
    assert (cl.explore(given, np.ones((2, 2))).output == 4).all()


def test_a_layer_of_the_users_own_functions_is_explored():
    layer = layers.Conv2D(
        2, 3, activation=lambda v: v * 2, kernel_initializer=lambda s, dtype=None: np.ones(s),
        kernel_regularizer=lambda w: 0.0,
    )  # fmt: skip
    explorer = cl.explore(layer, np.ones((4, 4)))
    assert (explorer.output == 18).all()
    move(explorer, "filters", 3)
    assert explorer.output.shape == (2, 2, 3)
    move(explorer, "activation", "relu")
    assert explorer.layer.activation is cl.activations.relu


def test_an_own_function_called_linear_is_no_identity():
    def linear(x):
        return 2 * x

    explorer = cl.explore(layers.Conv2D(1, 1, activation=linear, kernel_initializer="ones"))
    step = explorer.stage.scene.steps[0]
    assert np.array_equal(step.output.values, 2 * step.linear)
    assert step.activation == "linear (your own)"


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "mixed_float16", "float64"])
def test_other_dtypes_are_explored(dtype):
    explorer = cl.explore(layers.Conv2D(1, 3, dtype=dtype), np.ones((5, 5)))
    assert explorer.error is None
    assert explorer.output.shape == (3, 3, 1)


def test_a_built_layer_brings_an_input_of_its_channels(explorer):
    layer = layers.Conv2D(1, 3)
    layer.build((None, 6, 6, 3))
    explorer.layer = layer
    assert explorer.error is None
    assert explorer.x.shape == (28, 28, 3)
    assert np.array_equal(explorer.layer.get_weights()[0], layer.get_weights()[0])


@pytest.mark.parametrize(
    ("chain", "received"),
    [
        ([layers.Conv2D(2, 3), layers.Conv2D(2, 3)], "a list of 2"),
        (cl.Sequential([cl.Input((8, 8, 1)), layers.Conv2D(2, 3)]), "a Sequential"),
    ],
)
def test_a_chain_is_shown_elsewhere_and_the_refusal_says_where(chain, received):
    with pytest.raises(ArgumentTypeError, match=r"arguments of one layer") as refused:
        cl.explore(chain)
    assert refused.value.received == received
    for name in ("compare", "animate", "debug"):
        assert f"convlab.{name}(" in refused.value.remedy
        assert callable(getattr(cl, name))


def test_what_cannot_be_shown_is_refused():
    with pytest.raises(ArgumentError, match="layers of one kernel; LoRA"):
        cl.explore(layers.Conv2D(2, 3, lora_rank=1))
    with pytest.raises(ArgumentTypeError, match=r"shows the layers that.*\nReceived str"):
        cl.explore("Conv2D(8, 3)")
    for x in (np.full((6, 6), "a"), np.ones((3, 3), complex), [[1], [2, 3]]):
        with pytest.raises(DataError, match="An input is an array of real numbers"):
            cl.explore(layers.Conv2D(1, 3), x)
    with pytest.raises(DataError, match="keeps the shape; glu does not"):
        _ = cl.explore(layers.Conv2D(2, 3, activation="glu")).output


def test_what_is_set_wrongly_changes_nothing(explorer):
    shown = explorer.stage.scene
    for name, value, error in [
        ("layer", None, ArgumentTypeError),
        ("x", np.full((6, 6), "a"), DataError),
        ("selection", 5, ArgumentError),
        ("selection", None, ArgumentError),
        ("error", "boom", ArgumentTypeError),
        ("theme", "blue", ValueError),
    ]:
        with pytest.raises((error, TraitError), match=r"."):
            setattr(explorer, name, value)
    assert explorer.stage.scene is shown
    assert explorer.theme == "light"
    assert not explorer.session.history.can_undo


def test_what_fails_unforeseen_is_told_and_undone(explorer):
    def failing(_):
        raise MemoryError("no room")

    explorer.layer = layers.Conv2D(1, 3, activation=failing)
    assert "cannot be computed" in explorer.error.rule
    assert explorer.error.received == "MemoryError: no room"
    explorer.undo()
    assert explorer.error is None


@pytest.mark.parametrize("content", [10**9, "abc", None, [1]])
def test_an_upload_of_another_type_is_refused(explorer, content):
    explorer._column.input._uploaded({"new": ({"content": content},)})
    assert "The input has no such file" in explorer.error.rule


def test_endless_typing_is_refused_and_not_kept(explorer):
    explorer._column.input._text.value = "1 " * 200_000
    assert "characters at most" in explorer.error.rule
    assert not explorer.session.history.can_undo


def test_a_bias_has_a_bound(explorer):
    explorer._column.weights._bias.value = 1e308
    assert explorer.layer.get_weights()[1].tolist() == [0, 0, 0, 0]


def test_arguments_that_do_not_fit_are_refused_at_once():
    layer = layers.Conv2D(2, 3)
    layer.build((None, 8, 8, 3))
    with pytest.raises(ShapeError, match="shows one example"):
        cl.explore(layer, np.ones(5))
    with pytest.raises(ShapeError, match="expected axis -1 of input shape to have value 3"):
        cl.explore(layer, np.ones((8, 8)))
    with pytest.raises(ShapeError, match="the kernel reaches 3 but the padded input has 2"):
        cl.explore(layers.Conv2D(2, 3), np.ones((2, 2)))


def test_float64_layers_keep_their_precision():
    explorer = cl.explore(layers.Conv2D(1, 3, dtype="float64"), np.full((4, 4), 1 / 3))
    assert explorer.output.dtype == np.float64
    assert explorer.stage.scene.steps[0].output.values.dtype == np.float64


def test_nothing_grows_over_many_changes(explorer):
    import gc

    import ipywidgets

    def widgets():
        gc.collect()
        return sum(isinstance(o, ipywidgets.Widget) for o in gc.get_objects())

    for strides in (2, 1) * 3:
        move(explorer, "strides", strides)
    before = widgets()
    for strides in (2, 1) * 20:
        move(explorer, "strides", strides)
    assert widgets() == before
