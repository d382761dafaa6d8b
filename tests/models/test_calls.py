"""A network spread out into calls: conflicts are marked, and what lies behind is followed."""

import pytest

import convlab as cl
from convlab import layers
from convlab.errors import ShapeError
from convlab.layers.node import Spec
from convlab.models.calls import calls_of, likely_shape


def found(model, *shapes):
    specs = [None if shape is None else Spec(shape, "float32") for shape in shapes]
    return calls_of(model, specs or [tensor.spec for tensor in model.inputs])


def shapes(calls):
    return {
        call.name: [wire.spec.shape if wire.spec else None for wire in call.outputs]
        for call in calls.calls
    }


@pytest.fixture
def branches():
    x = cl.Input((16, 16, 3), name="x")
    a = layers.Conv2D(4, 3, strides=2, padding="same", name="a")(x)
    b = layers.MaxPooling2D(2, name="b")(x)
    y = layers.Concatenate(name="join")([a, b])
    return cl.Model(x, layers.GlobalMaxPooling2D(name="end")(y))


def test_calls_in_order_with_what_they_read(branches):
    calls = found(branches).calls
    assert [call.name for call in calls] == ["x", "a", "b", "join", "end"]
    by_name = {call.name: call for call in calls}
    assert [wire.source.name for wire in by_name["join"].inputs] == ["a", "b"]
    assert by_name["join"].shape == [(None, 8, 8, 4), (None, 8, 8, 3)]
    assert by_name["a"].shape == (None, 16, 16, 3)
    assert by_name["x"].is_input
    assert not any(call.is_input for call in calls[1:])
    assert found(branches).outputs[0].spec.shape == (None, 7)
    assert not any(call.error or call.repeated for call in calls)


def test_a_conflict_is_marked_and_the_rest_goes_on(branches):
    """Odd sizes: `same` rounds up, `valid` down."""
    calls = found(branches, (None, 15, 16, 3))
    marked = [call for call in calls.calls if call.error]
    assert [call.name for call in marked] == ["join"]
    assert isinstance(marked[0].error, ShapeError)
    assert "except for the concatenation axis" in str(marked[0].error)
    assert shapes(calls)["join"] == [(None, None, 8, 7)], "the height is in dispute, no more"
    assert shapes(calls)["end"] == [(None, 7)]


def test_several_conflicts_are_marked_each():
    x = cl.Input((20, 20, 1), name="x")
    a = layers.Conv2D(2, 9, name="a")(x)
    b = layers.ZeroPadding2D(1, name="behind")(layers.MaxPooling2D(9, strides=1, name="b")(x))
    model = cl.Model(x, layers.Concatenate(name="join")([a, layers.Cropping2D(1, name="crop")(b)]))
    calls = found(model, (None, 4, 19, 1))
    assert [call.name for call in calls.calls if call.error] == ["b", "a"]
    assert shapes(calls)["a"] == [(None, None, 11, 2)], "the width is in no dispute"
    assert shapes(calls)["behind"] == [(None, None, 13, 1)]
    assert shapes(calls)["join"] == [(None, None, 11, 3)]


def test_what_nobody_can_know_is_none(branches):
    calls = found(branches, None)
    assert all(shape is None for given in shapes(calls).values() for shape in given)
    assert not any(call.error for call in calls.calls)


def test_nested_models_are_spread_out():
    x = cl.Input((8, 1), name="in")
    inner = cl.Model(x, layers.Conv1D(2, 3, name="conv")(x), name="inner")
    outer = cl.Sequential([cl.Input((8, 1)), inner, layers.ReLU(name="relu")], name="outer")
    y = cl.Input((8, 1), name="y")
    model = cl.Model(y, layers.Add(name="sum")([outer(y), outer(y)]))
    calls = found(model).calls
    assert [(call.name, call.repeated) for call in calls] == [
        ("y", False),
        ("outer/" + outer.inputs[0].name, False),
        ("outer/inner/in", False),
        ("outer/inner/conv", False),
        ("outer/relu", False),
        ("outer/" + outer.inputs[0].name, True),
        ("outer/inner/in", True),
        ("outer/inner/conv", True),
        ("outer/relu", True),
        ("sum", False),
    ]
    assert [call.is_input for call in calls].count(True) == 1


def test_a_conflict_inside_a_nested_model():
    x = cl.Input((None, None, 1), name="in")
    inner = cl.Model(x, layers.Conv2D(1, 5, name="wide")(x), name="inner")
    y = cl.Input((None, None, 1), name="y")
    model = cl.Model(y, layers.Conv2D(2, 3, name="after")(inner(y)))
    calls = found(model, (None, 4, 9, 1))
    assert [call.name for call in calls.calls if call.error] == ["inner/wide"]
    assert shapes(calls)["after"] == [(None, None, 3, 2)]


def test_opaque_layers_are_no_conflict():
    text = (
        '{"class_name": "Sequential", "config": {"layers": [{"class_name": "InputLayer", "config": '
        '{"batch_shape": [null, 8, 3]}}, {"class_name": "Mine", "config": {"name": "mine"}, '
        '"registered_name": "own>Mine"}, {"class_name": "Conv1D", "config": {"filters": 2, '
        '"kernel_size": 3, "name": "conv"}}]}}'
    )
    calls = found(cl.model_from_json(text))
    assert not any(call.error for call in calls.calls)
    assert shapes(calls)["mine"] == [None]
    assert shapes(calls)["conv"] == [None]
    told = found(cl.model_from_json(text, {"Mine": lambda shape: (*shape[:-1], 5)}))
    assert shapes(told)["conv"] == [(None, 6, 2)]


def test_a_rule_that_fails_is_a_conflict_of_its_layer():
    x = cl.Input((8, 3), name="x")
    y = layers.Lambda(lambda x: x[:, 5], name="mine")(x)
    model = cl.Model(x, layers.ReLU(name="end")(y))
    calls = found(model, (None, 4, 3))
    (marked,) = [call for call in calls.calls if call.error]
    assert marked.name == "mine"
    assert "IndexError" in str(marked.error)
    assert shapes(calls)["end"] == [None]


def test_each_call_is_told_with_what_it_gives(branches):
    told = []
    calls_of(
        branches,
        [Spec((None, 16, 16, 3), "float32")],
        lambda node, wires: told.append((node.layer.name, [wire.spec.shape for wire in wires])),
    )
    assert told[-1] == ("end", [(None, 7)])
    assert [name for name, _ in told] == ["a", "b", "join", "end"]


@pytest.mark.parametrize(
    ("layer", "shape", "expected"),
    [
        (layers.Add(), [(None, 8, 8, 3), (None, 9, 8, 3)], (None, None, 8, 3)),
        (layers.Add(), [(None, 8), (None, 8, 3)], None),
        (layers.Concatenate(1), [(None, 8, 8, 3), (None, 9, 7, 3)], (None, 17, None, 3)),
        (layers.Conv2D(4, 9), (None, 8, 8, 3), (None, None, None, 4)),
        (layers.Conv2D(4, 9, data_format="channels_first"), (2, 3, 8, 9), (2, 4, None, 1)),
        (layers.MaxPooling1D(9), (None, 8, 3), (None, None, 3)),
        (layers.Cropping2D(((5, 5), (1, 1))), (None, 8, 8, 3), (None, None, 6, 3)),
        (layers.SeparableConv1D(4, 9), (None, 8, 3), (None, None, 4)),
        (layers.ConvLSTM1D(4, 9), (None, 5, 8, 3), (None, None, 4)),
        (layers.ConvLSTM1D(4, 9, return_sequences=True), (2, 5, 8, 3), (2, 5, None, 4)),
        (layers.DepthwiseConv2D(9, depth_multiplier=2), (2, 8, 8, 3), (2, None, None, 6)),
        (layers.Conv2D(4, 9), (None, 8, 3), None),
        (layers.Dense(3), (None, 8), None),
    ],
)
def test_what_a_conflict_leaves_known(layer, shape, expected):
    assert likely_shape(layer, shape) == expected
