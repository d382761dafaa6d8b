"""Layer calls and shapes read from text: as data, with a remedy for whatever is not data."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlab.errors import ArgumentError, ConvlabError
from convlab.layers import Conv2D
from convlab.models.source import MAX_CHARACTERS, parse_call, parse_shape


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("Conv2D(8, 3)", Conv2D(8, 3)),
        ("  Conv2D(8, 3)\n", Conv2D(8, 3)),
        ("Conv2D(8, (3, 5), strides=2)", Conv2D(8, (3, 5), strides=2)),
        ("Conv2D(8, [3, 5])", Conv2D(8, (3, 5))),
        ("Conv2D(filters=8, kernel_size=3,)", Conv2D(8, 3)),
        ("Conv2D(8, 3, 2, 'same')", Conv2D(8, 3, strides=2, padding="same")),
        ("layers.Conv2D(8, 3)", Conv2D(8, 3)),
        ("keras.layers.Conv2D(8, 3)", Conv2D(8, 3)),
        ("cl.Conv2D(8, +3)", Conv2D(8, 3)),
        ("Conv2D(8, 3, use_bias=False, activation=None)", Conv2D(8, 3, use_bias=False)),
        (
            "Conv2D(\n    8,\n    3,  # the kernel\n    activation='relu',\n)",
            Conv2D(8, 3, activation="relu"),
        ),
    ],
)
def test_a_call_becomes_the_layer_it_describes(text, same_as):
    layer = parse_call(text)
    config, expected = layer.get_config(), same_as.get_config()
    config.pop("name"), expected.pop("name")
    assert config == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not one layer call"),
        ("x = Conv2D(8, 3)", "not one layer call"),
        ("Conv2D(8, 3); Conv2D(8, 3)", "not one layer call"),
        ("Conv2D(8, 3", "not one layer call: '\\(' was never closed"),
        ("Conv2D(8, 3, padding='same", "not one layer call: unterminated string"),
        ("Conv2D(8, 3\0)", "not one layer call"),
        ("Conv2D(8, " + "(" * 300, "not one layer call: too many nested"),
        ("Conv2D(" + "-" * 9000 + "1)", "not one layer call"),
        ("Conv2D(8, 3)" + " " * MAX_CHARACTERS, "at most 10000 characters"),
        ("Conv2D", "Expected one layer call.\nReceived Conv2D"),
        ("28", "Expected one layer call"),
        ("Conv2D(8, 3)(x)", r"named by its class.*\nReceived Conv2D\(8, 3\)"),
        ("[Conv2D][0](8, 3)", "named by its class"),
        ("conv2d(8, 3)", "no layer named 'conv2d'.\nReceived conv2d. Did you mean Conv2D"),
        ("keras.layers.Conv22D(8, 3)", "no layer named 'Conv22D'(.|\n)*Did you mean Conv2D"),
        ("Flatten_(8)", "no layer named 'Flatten_'"),
        ("os.system('ls')", "no layer named 'system'"),
        ("__import__('os')", "no layer named '__import__'"),
        ("Layer()", "no layer named 'Layer'"),
        ("Conv2D(n, 3)", "plain values(.|\n)*Received n as argument 1 of Conv2D.*itself"),
        ("Conv2D(8, 3, activation=relu)", "Received activation=relu.*in quotes, such as 'relu'"),
        ("Conv2D(8, 3, activation=keras.activations.relu)", "such as 'relu'"),
        ("Conv2D(2*4, 3)", r"Received 2 \* 4 as argument 1 of Conv2D.*nothing in it is computed"),
        ("Conv2D(8, 3, strides=print(1))", r"Received strides=print\(1\)"),
        ("Conv2D(8, 3, name=f'{1}')", r"Received name=f'\{1\}'"),
        ("Conv2D(8, -True)", "Received -True as argument 2"),
        ("Conv2D(8, 3j)", "Received 3j"),
        ("Conv2D(8, b'3')", "Received b'3'"),
        ("Conv2D(8, ...)", r"Received \.\.\."),
        ("Conv2D(8, *[3])", r"Received \*\[3\]"),
        ("Conv2D(8, kernel_size={1: 2})", "Received kernel_size="),
        ("Conv2D(8, **{'kernel_size': 3})", "written out, once"),
        ("Conv2D(8, 3, strides=1, strides=2)", "(written out, once|keyword argument repeated)"),
        ("Conv2D(8, " + "[" * 20 + "3" + "]" * 20 + ")", "nested at most 12 deep"),
        ("Conv2D(8)", "missing a required argument: 'kernel_size'(.|\n)*filters, kernel_size, st"),
        ("Conv2D(8, 3, filters=8)", "multiple values for argument 'filters'"),
    ],
)
def test_whatever_is_not_a_plain_call_is_refused_with_a_remedy(text, message):
    with pytest.raises(ArgumentError, match=message) as caught:
        parse_call(text)
    assert caught.value.rule
    assert caught.value.remedy


def test_the_close_matches_are_offered_as_fixes():
    with pytest.raises(ArgumentError, match="Did you mean") as caught:
        parse_call("Conv2d(8, 3)")
    assert {"layer": "Conv2D"} in caught.value.fixes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Conv2D(0, 3)", "filters=0"),
        ("Conv2D(8, 3, padding='full')", "Received: full|padding"),
        ("Conv2D(8, 3, foo=1)", "foo"),
        ("Conv2D(5, 3, groups=2)", "evenly divisible by the number of groups"),
    ],
)
def test_the_layer_s_own_refusals_pass_through(text, message):
    with pytest.raises(ConvlabError, match=message):
        parse_call(text)


def test_nothing_is_executed(tmp_path):
    witness = tmp_path / "witness"
    with pytest.raises(ArgumentError, match="plain values"):
        parse_call(f"Conv2D(8, open({str(witness)!r}, 'w'))")
    assert not witness.exists()


@settings(deadline=None)
@given(st.text(max_size=60) | st.text("Conv2D()[]{}*-+.,=:'\"3 \\lambdx", max_size=60))
def test_arbitrary_text_raises_argument_error_or_gives_a_layer(text):
    try:
        layer = parse_call(text)
    except ConvlabError:
        return
    assert isinstance(layer, Conv2D)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 12) | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(
    st.lists(_VALUES, max_size=6),
    st.dictionaries(
        st.sampled_from(["filters", "kernel_size", "strides", "padding", "groups", "activation"]),
        _VALUES,
        max_size=3,
    ),
)
def test_any_plain_values_give_a_layer_or_an_error_in_three_parts(args, kwargs):
    written = [repr(arg) for arg in args] + [f"{name}={v!r}" for name, v in kwargs.items()]
    try:
        layer = parse_call(f"Conv2D({', '.join(written)})")
    except ConvlabError as error:
        assert error.rule  # noqa: PT017 - any of its subclasses is right here
        return
    assert isinstance(layer, Conv2D)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("28,28,1", (28, 28, 1)),
        ("(28, 28, 1)", (28, 28, 1)),
        ("[28, 28, 1]", (28, 28, 1)),
        ("28x28x1", (28, 28, 1)),
        ("28 × 28 × 1", (28, 28, 1)),
        ("None,28,28,1", (None, 28, 28, 1)),
        ("(None, None, None, 3)", (None, None, None, 3)),
        ("7", (7,)),
        ("(7,)", (7,)),
    ],
)
def test_shapes_are_read(text, shape):
    assert parse_shape(text) == shape


@pytest.mark.parametrize("text", ["", "()", "28,,1", "28,-1", "1e3", "a,b", "28.0", "2" * 30, ","])
def test_a_text_that_is_no_shape_is_refused(text):
    with pytest.raises(ArgumentError, match=r"each a whole number or None(.|\n)*such as 28,28,1"):
        parse_shape(text)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_arbitrary_text_as_a_shape_raises_argument_error_only(text):
    try:
        shape = parse_shape(text)
    except ArgumentError:
        return
    assert all(size is None or size >= 0 for size in shape)
