"""Keras's argument forms: what passes, what is refused, and how the refusal reads."""

import numpy as np
import pytest

from convlab.errors import ArgumentError, ArgumentTypeError
from convlab.geometry import arguments


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (3, (3, 3)),
        (True, (1, 1)),  # a bool is an int
        ([1, 2], (1, 2)),
        ((np.int64(2), 3), (2, 3)),
        ({1: "a", 2: "b"}, (1, 2)),  # a dict gives its keys
        ((3.0, 3.0), (3.0, 3.0)),  # refused when the layer is built
    ],
)
def test_tuple_of_accepts(value, result):
    got = arguments.tuple_of(value, 2, "strides")
    assert got == result
    assert [type(item) for item in got] == [type(item) for item in result]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, r"Received strides=0, including values \{0\} that do not satisfy `value > 0`"),
        ((1, -2), r"including values \{-2\} that do not satisfy `value > 0`"),
        (None, r"Received strides=None\."),
        (2.0, r"Received strides=2\.0\."),
        (np.int64(2), r"Received strides=2\."),  # a bare NumPy integer is no int
        ((1, 2, 3), r"Received strides=\(1, 2, 3\)"),
        ((1, "a"), r"including element a of type <class 'str'>"),
        ((1, None), r"including element None of type"),
        ((1, float("nan")), r"including element nan of type"),
        (object(), r"Received strides=<object"),
    ],
)
def test_tuple_of_refuses(value, words):
    with pytest.raises(
        ArgumentError, match="^The `strides` argument must be a tuple of 2"
    ) as error:
        arguments.tuple_of(value, 2, "strides")
    error.match(words)
    error.match("Use an integer or a tuple of 2")
    assert error.value.argument == "strides"


def test_digits_in_a_string_are_a_type_error_as_in_keras():
    with pytest.raises(ArgumentTypeError, match="including element 3 of type <class 'str'>"):
        arguments.tuple_of("33", 2, "strides")


def test_zero_passes_where_it_is_allowed():
    assert arguments.tuple_of(0, 2, "output_padding", allow_zero=True) == (0, 0)
    with pytest.raises(ArgumentError, match="`value >= 0`"):
        arguments.tuple_of(-1, 2, "output_padding", allow_zero=True)


def test_whole_refuses_floats():
    assert arguments.whole((3, 3), "kernel_size") == (3, 3)
    with pytest.raises(
        ArgumentError, match=r"must hold integers.\nReceived kernel_size=\(3.0, 3\)"
    ):
        arguments.whole((3.0, 3), "kernel_size")


@pytest.mark.parametrize("value", ["valid", "SAME", "Same"])
def test_padding_is_lower_cased(value):
    assert arguments.conv_padding(value) == value.lower()


@pytest.mark.parametrize("value", ["full", "causal", None, 1, ""])
def test_padding_refuses(value):
    with pytest.raises(
        ArgumentError, match="^The `padding` argument must be a list/tuple or one of"
    ):
        arguments.conv_padding(value)


def test_causal_padding_belongs_to_conv1d():
    assert arguments.conv_padding("causal", allow_causal=True) == "causal"
    with pytest.raises(ArgumentError, match="Only Conv1D has causal padding"):
        arguments.conv_padding("causal")


def test_a_tuple_passes_as_padding_until_the_layer_is_built():
    assert arguments.conv_padding((1, 1)) == (1, 1)


def test_data_format():
    assert arguments.data_format(None, "channels_first") == "channels_first"
    assert arguments.data_format("Channels_First", "channels_last") == "channels_first"
    with pytest.raises(ArgumentError, match="^The `data_format` argument must be one of"):
        arguments.data_format("nhwc", "channels_last")
