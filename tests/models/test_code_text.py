"""How text of code is made: values, names, and lines that mean the same when they are broken."""

import ast

import numpy as np
import pytest

from convlab.errors import DataError
from convlab.models.code.folding import PYTHON, Folding, fold
from convlab.models.code.python_text import Names, Raw, call, comment, identifier, literal
from convlab.models.code.r_text import literal as in_r

LINES = [
    "y = (first - second) / (third + fourth)",
    "y = x[:, ::2, None] + f(x, key='a, b', other=\"c) (d\")[0]",
    "y = f([g(1, 2), h((3,), {'a': [4, 5]})])",
    "    y = f({'a': 1, 'b': (2, 3)}, strict=False)",
    "y = f('it\\'s, (so)', \"[\")",
    "y = f(alone)",
    "y = f()",
    "y = (alone)",
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("width", [1, 10, 20, 100])
def test_a_broken_line_means_the_same(line, width):
    broken = fold(line, PYTHON._replace(width=width))
    assert ast.dump(ast.parse(broken.strip())) == ast.dump(ast.parse(line.strip()))


def test_a_list_alone_keeps_its_brackets_together():
    assert fold("f([one, two])", Folding(width=8)) == "f([\n    one,\n    two,\n])"


def test_a_comment_is_not_broken():
    assert fold("# a (b, c)", Folding(width=3)) == "# a (b, c)"
    assert comment("word " * 40)[0] == "# " + "word " * 18 + "word"
    assert comment("one\nimport os") == ["# one import os"]


VALUES = [
    1,
    -2.5,
    True,
    None,
    "a",
    "it's",
    'say "x"',
    "both ' and \"",
    "line\nbreak",
    "\x1b",
    "é\\",
]


@pytest.mark.parametrize("value", [*VALUES, (1,), [(1, 2), {"a": None}], slice(1, None), ...])
def test_a_literal_is_the_value(value):
    assert eval(literal(value)) == value


@pytest.mark.parametrize("value", [float("inf"), -np.inf])
def test_infinity(value):
    assert eval(literal(value)) == value


def test_numpy_values_are_plain():
    assert literal(np.float32(0.5)) == literal(np.float64(0.5)) == "0.5"
    assert literal(np.array([[1, 2]])) == "[[1, 2]]"
    assert literal(np.bool_(True)) == "True"
    assert in_r(np.int64(3)) == "3L"
    assert in_r(2**40) == "1099511627776.0"
    assert in_r(float("nan")) == "NaN"
    assert in_r(-np.inf) == "-Inf"


def test_what_has_no_literal():
    with pytest.raises(DataError, match="Code holds plain values"):
        literal(object())


def test_names_are_given_once_and_are_names():
    names = Names(["x"])
    assert [names.new(n) for n in ("x", "x", "a b", "a/b", "1", "lambda", "")] == [
        *("x_2", "x_3", "a_b", "a_b_2", "_1", "lambda_", "_"),
    ]
    assert identifier("é") == "_"
    assert call("f", Raw("x"), "x") == 'f(x, "x")'
