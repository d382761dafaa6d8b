"""Texts and exceptions from strangers: bounded in time and size, and nothing in them is run."""

import time

import pytest

from convlab.inspector.failing import failure_of
from convlab.inspector.failing.texts.lines import MOST_CHARACTERS, bounded
from convlab.inspector.failing.texts.told import sizes

CONCAT = "ValueError: A `Concatenate` layer requires inputs with matching shapes "
LONG = 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n" * LONG,
        "a" * LONG,
        "ValueError: " * (LONG // 12),
        "(" * LONG,
        "ValueError: input_shape=[" + "(None, 1), " * (LONG // 11),
        CONCAT + "[(" * (LONG // 2),
        "ValueError: for '{{node " + "a/" * (LONG // 2),
        "ValueError: for '{{node a/b}} = Conv2D[" + "[1, 1]" * (LONG // 6),
        "ValueError: Exception encountered when calling " + "x." * (LONG // 2),
        "ValueError: layer '" + "a" * LONG,
        "ValueError: Exception encountered when calling a.\n" + "\n" * 7_900 + "x",
        "  File " + '"' * LONG,
        '  File "' + "a" * 300 + '", line ' + "9" * LONG,
        "\x1b[" + "1;" * (LONG // 2),
        'File "a.py", line 1\n    ' + "Conv2D(" * (LONG // 7),
        'File "a.py", line 1\n    x = Conv2D(' + "[" * 900 + ")(x)\nValueError: no",
        "ValueError: expected axis -1 of input shape to have value " + "9" * LONG,
        "ValueError: with input shapes: " + "[?,1,1,1], " * (LONG // 11),
        "ValueError: inputs shape=(None, 4, 4, 1), `kernel shape=(999999999, 3, 1, 1)`, "
        "`dilation_rate=[1 1]`, `strides=(1, 1)`, `padding=valid`",
    ],
    ids=lambda text: repr(text[:40]),
)
def test_any_text_is_read_in_a_moment(text):
    begun = time.process_time()
    found = failure_of(text)
    assert time.process_time() - begun < 2
    assert len(found.message) <= 20_000
    assert len(found.lines) <= 50


def test_a_long_text_keeps_its_end():
    text = "x" * LONG + "\nValueError: Negative dimension size caused by subtracting 3 from 2"
    assert failure_of(text).kind == "negative-size"
    assert sum(map(len, bounded("ab\n" * LONG))) <= MOST_CHARACTERS


@pytest.mark.parametrize("text", ["9" * 11, "1, " * 9 + "1", "1.5", "1e9", "__import__", "-2"])
def test_what_is_no_shape_is_none(text):
    assert sizes(text) is None


def test_the_line_of_a_traceback_is_never_executed(tmp_path):
    mark = tmp_path / "ran"
    line = f"Conv2D(__import__('pathlib').Path({str(mark)!r}).touch() or 3, 3)(x)"
    failure_of(
        f'  File "a.py", line 1, in <module>\n    {line}\nValueError: Negative dimension size'
    )
    assert not mark.exists()


class UnprintableError(ValueError):
    def __str__(self):
        raise RuntimeError("no text")


class Odd:
    """Looks like a layer of Keras, and refuses whatever is asked of it."""

    def __getattr__(self, name):
        raise RuntimeError(name)


Odd.__module__, Odd.__name__ = "keras.src.layers.layer", "Layer"


def test_an_exception_that_cannot_be_printed():
    assert failure_of(UnprintableError()).message == "UnprintableError"


def test_exceptions_that_came_from_each_other():
    one, other = ValueError("a"), ValueError("b")
    one.__context__, other.__cause__ = other, one
    assert failure_of(one).message == "a"


def test_a_layer_that_refuses_to_tell_of_itself():
    def error_handler(fn, args, kwargs):
        raise ValueError("Negative dimension size")

    def __call__():  # noqa: N807 -- Keras's wrapper keeps a function of that name
        return None

    with pytest.raises(ValueError, match="Negative") as caught:
        error_handler(__call__, (Odd(), Odd()), {})
    found = failure_of(caught.value)
    assert (found.kind, found.model, found.layer_class) == ("negative-size", None, "Layer")


def test_a_deep_stack_is_walked_in_a_moment():
    def fall(depth):
        if depth:
            fall(depth - 1)
        raise ValueError("at the bottom")

    with pytest.raises(ValueError, match="bottom") as caught:
        fall(800)
    begun = time.process_time()
    found = failure_of(caught.value)
    assert time.process_time() - begun < 1
    assert len(found.lines) <= 50
