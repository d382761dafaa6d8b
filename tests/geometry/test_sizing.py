"""Output sizes over arrays: the same as those of the axes themselves, one by one."""

import itertools

import numpy as np
import pytest

from convlab.errors import ShapeError
from convlab.geometry import convolution, cropping, nearest, transposed, upsampling, zero_padding
from convlab.geometry.formula import Symbol, ceil_div, maximum
from convlab.geometry.sizing import size_formula, size_steps, sizes_out

NUMBERS = list(itertools.product(range(1, 9), range(1, 5), range(1, 4), range(1, 3)))


def columns():
    return dict(zip("nksd", np.array(NUMBERS).T, strict=True))


@pytest.mark.parametrize("padding", ["valid", "same", "causal"])
def test_convolutions(padding):
    found = sizes_out(convolution(None, 1, padding=padding), **columns())
    for size, (n, k, s, d) in zip(found, NUMBERS, strict=True):
        try:
            assert size == convolution(n, k, s, d, padding).size_out
        except ShapeError:
            assert size <= 0


@pytest.mark.parametrize(
    ("padding", "extra"), [*itertools.product(["valid", "same"], [None, 0, 1])]
)
def test_transposed_convolutions(padding, extra):
    axis = transposed(None, 1, 1, 1, padding, extra)
    found = sizes_out(axis, **columns(), p=extra or 0)
    for size, (n, k, s, d) in zip(found, NUMBERS, strict=True):
        assert size == transposed(n, k, s, d, padding, extra).size_out


def test_copies_and_upsamplings():
    n = np.arange(4, 9)
    assert sizes_out(cropping(None, 1, 2), n=n).tolist() == [1, 2, 3, 4, 5]
    assert sizes_out(zero_padding(None, 1, 2), n=n).tolist() == [7, 8, 9, 10, 11]
    assert sizes_out(nearest(None, 3), n=n, r=2).tolist() == [8, 10, 12, 14, 16]
    assert sizes_out(upsampling(None, 3, "bilinear"), n=n).tolist() == [12, 15, 18, 21, 24]


def test_the_formula_is_that_of_the_derivation():
    axis = convolution(None, 3, padding="same")
    assert str(size_formula(axis)) == "ceil(n / s)"
    assert [step.symbol for step in size_steps(axis)] == ["K", "m"]


def test_a_maximum_of_arrays():
    n = Symbol("n")
    assert maximum(n, 3).values(n=np.arange(5)).tolist() == [3, 3, 3, 3, 4]
    assert ceil_div(n, 2).values(n=np.array([[1, 2], [3, 4]])).tolist() == [[1, 1], [2, 2]]
    assert isinstance(maximum(n, 3).value(n=5), int)
