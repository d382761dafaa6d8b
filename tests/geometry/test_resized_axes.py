"""Axes that are resampled to any size: weights, windows, patterns."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.errors import ShapeError
from convlab.geometry import Resampling
from convlab.geometry.aspect import cropped, padded
from convlab.geometry.resampling import RESIZINGS
from convlab.geometry.span import pattern

SIZES = st.integers(1, 40)


@given(SIZES, SIZES, st.sampled_from(RESIZINGS), st.booleans())
def test_weights_add_up_to_one(size, new, kind, antialias):
    axis = Resampling(size, new, kind, antialias)
    taps, weights = axis.taps(), axis.weights()
    assert taps.shape == weights.shape == (new, axis.kernel)
    assert taps.max() < size
    # an area is a difference of two coordinates up to `size`, each rounded to single precision,
    # in units of size / new
    rounding = new * 2.0**-23 if kind == "area" else 0
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=2e-6 + rounding)
    assert (weights[taps < 0] == 0).all()


@given(SIZES, SIZES)
def test_area_is_the_overlap(size, new):
    """Exactly, in fractions: how much of each cell lies in each output's stretch."""
    axis = Resampling(size, new, "area")
    found = np.zeros((new, size))
    for o in range(new):
        for tap, weight in zip(axis.taps()[o], axis.weights()[o], strict=True):
            if tap >= 0:
                found[o, tap] += weight
    scale = Fraction(size, new)
    expected = [
        [max(min(i + 1, (o + 1) * scale) - max(i, o * scale), 0) / scale for i in range(size)]
        for o in range(new)
    ]
    np.testing.assert_allclose(found, np.array(expected, float), atol=1e-5)


@given(SIZES, SIZES)
def test_nearest_takes_the_cell_under_the_centre(size, new):
    taps = Resampling(size, new, "nearest").taps().ravel()
    for o, tap in enumerate(taps):
        centre = Fraction(2 * o + 1, 2) * size / new
        assert tap == centre.__floor__() or abs(centre - round(centre)) < Fraction(1, 1000)


@given(st.integers(1, 12), st.integers(1, 12), st.sampled_from(RESIZINGS), st.booleans())
def test_the_pattern_is_that_of_the_middle(size, new, kind, antialias):
    """Outputs far from the edges read what the pattern says."""
    axis = Resampling(size, new, kind, antialias)
    found = pattern(axis)
    turns = 2 * axis.kernel + 3
    wide = axis.widened(turns)
    first = (turns // 2) * found.period
    for o in range(first, first + found.period):
        taps, weights = wide.taps()[o], wide.weights()[o]
        cells = sorted({int(tap) for tap in taps[(taps >= 0) & (weights != 0)]})
        turn, phase = divmod(o, found.period)
        expected = [cell + turn * found.advance for cell in found.offsets[phase]]
        # single precision may count or leave out a cell at the very edge of a kernel
        assert len(set(cells) ^ set(expected)) <= (0 if kind == "area" else 2)


@given(SIZES, st.integers(1, 12), st.data())
def test_a_window_is_the_axis_of_its_cells(size, new, data):
    start = data.draw(st.integers(-10, size - 1))
    length = data.draw(st.integers(max(1, 1 - start), 40))
    axis = Resampling(size, new, "bilinear", start=start, length=length)
    inside, taps = axis.inside.taps() + start, axis.taps()
    within = (inside >= 0) & (inside < size)
    np.testing.assert_array_equal(taps, np.where(within, inside, -1))


@given(SIZES, SIZES, SIZES, SIZES)
def test_windows_have_the_proportions(height, width, new_height, new_width):
    for (first, length), size in zip(
        cropped((height, width), (new_height, new_width)), (height, width), strict=True
    ):
        assert 0 <= first <= first + length <= size
    for (first, length), size in zip(
        padded((height, width), (new_height, new_width)), (height, width), strict=True
    ):
        assert first <= 0
        assert length == size - 2 * first


def test_what_cannot_be():
    for sizes in ((0, 4), (4, 0)):
        with pytest.raises(ShapeError, match=r"(?s)no cells cannot be resized.*1 or more"):
            Resampling(*sizes, "bilinear")
    with pytest.raises(ShapeError, match=r"(?s)not known.*Give the input a size"):
        Resampling(None, 4, "area").taps()
    with pytest.raises(ShapeError, match="not known"):
        _ = Resampling(None, 4, "bilinear").rate


def test_derivations():
    told = [str(step) for step in Resampling(9, 4, "area").derivation()]
    assert told == ["i = (n*(2*o + 1) - m)//(2*m) = (9*(2*o + 1) - 4)//(2*4) = (18*o + 5)//8"]
    assert "copies" in Resampling(9, 4, "nearest").derivation()[0].reason
    assert "window" in Resampling(9, 4, "area", start=2, length=5).derivation()[0].reason
