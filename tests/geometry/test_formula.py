"""Expressions: what they print is what they compute."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.geometry import convolution, sizes
from convlab.geometry.formula import Number, Symbol, ceil_div, maximum

a, b, c = Symbol("a"), Symbol("b"), Symbol("c")


@st.composite
def expressions(draw, depth=4):
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from([a, b, c, Number(2), Number(3), Number(-1)]))
    left, right = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    divisor = Number(draw(st.integers(1, 4)))
    kind = draw(st.integers(0, 5))
    return [
        left + right,
        left - right,
        left * right,
        left // divisor,
        ceil_div(left, divisor),
        maximum(left, right),
    ][kind]


def evaluate(text, **names):
    """The printed text, read as Python: a judge that shares nothing with the tree."""
    python = text.replace("ceil(", "ceil_div(").replace(" / ", ", ")
    return eval(python, {}, {"ceil_div": lambda p, q: -(-p // q), "max": max, **names})


@given(expressions(), st.integers(-9, 9), st.integers(-9, 9), st.integers(-9, 9))
def test_text_means_what_is_computed(expression, x, y, z):
    names = {"a": x, "b": y, "c": z}
    value = expression.value(**names)
    assert evaluate(str(expression), **names) == value
    assert evaluate(str(expression.substitute(**names))) == value
    assert expression.reduce(**names) == Number(value)


@given(expressions(), st.integers(-9, 9), st.integers(-9, 9), st.integers(-9, 9))
def test_the_short_form_has_the_same_value(expression, x, y, z):
    folded = expression.reduce(b=y)
    value = expression.value(a=x, b=y, c=z)
    assert folded.value(a=x, b=y, c=z) == value
    assert evaluate(str(folded), a=x, c=z) == value


@pytest.mark.parametrize(
    ("expression", "known", "text"),
    [
        (sizes.SAME_SIZE, {"s": 2}, "(n + 1)//2"),
        (sizes.SAME_SIZE, {"s": 1}, "n"),
        (sizes.VALID_SIZE, {"K": 3, "s": 1}, "n - 2"),
        (sizes.VALID_SIZE, {"K": 3, "s": 2}, "(n - 1)//2"),
        (sizes.FULL_SIZE, {"K": 4, "s": 2}, "2*n + 2"),
    ],
)
def test_unknown_sizes_read_well(expression, known, text):
    assert str(expression.reduce(**known)) == text


@given(st.integers(1, 9), st.integers(1, 4), st.integers(1, 3), st.sampled_from(["same", "causal"]))
def test_a_derivation_ends_in_the_geometry(n, k, s, padding):
    axis = convolution(n, k, s, padding=padding)
    results = {step.symbol: step.result for step in axis.derivation()}
    assert results["m"] == axis.size_out
    assert results["K"] == axis.reach
    assert results["P_before"] == axis.pad_before
    index = axis.derivation()[-1]
    for o, row in enumerate(axis.positions()[0].tolist()):
        for t, i in enumerate(row):
            assert index.formula.value(**dict(index.values) | {"o": o, "t": t}) == i


@given(st.integers(1, 12), st.integers(1, 4), st.integers(1, 4))
def test_left_over_cells_are_told_exactly_when_they_exist(n, k, s):
    if n < k:
        return
    axis = convolution(n, k, s)
    told = [step.result for step in axis.derivation() if step.symbol == "u"]
    trailing = len([i for i in axis.never_read() if i >= (axis.size_out - 1) * s + k])
    assert told == ([trailing] if trailing else [])
