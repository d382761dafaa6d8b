"""Spans of axes against tables of taps, far from the edges where nothing is cut off."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.geometry import (
    Resampling,
    convolution,
    cropping,
    nearest,
    transposed,
    upsampling,
    zero_padding,
)
from convlab.geometry.span import Span, pattern

CELLS = 960

SMALL = st.integers(1, 3)

CONVOLUTIONS = st.builds(
    lambda k, s, d, padding: lambda n: convolution(n, k, stride=s, dilation=d, padding=padding),
    *(SMALL, SMALL, SMALL),
    st.sampled_from(["valid", "same", "causal"]),
)
TRANSPOSED = st.builds(
    lambda k, s, padding: lambda n: transposed(n, k, s, padding=padding),
    *(st.integers(1, 6), SMALL),
    st.sampled_from(["valid", "same"]),
)
MOVES = st.builds(
    lambda move, before, after: lambda n: move(n, before, after),
    st.sampled_from([zero_padding, cropping]),
    *(st.integers(0, 3),) * 2,
)
REPEATS = st.builds(lambda times: lambda n: nearest(n, times), st.integers(1, 4))
RESIZES = st.builds(
    lambda times, name: lambda n: upsampling(n, times, name),
    *(st.integers(1, 3), st.sampled_from(["bilinear", "bicubic", "lanczos3"])),
)
AXES = CONVOLUTIONS | TRANSPOSED | MOVES | REPEATS | RESIZES


def chained(makers):
    """The axes of a chain of layers, and for each output the cells that it reads."""
    axes, size = [], CELLS
    for make in makers:
        axes.append(make(size))
        size = axes[-1].size_out
    return axes, size


def read(axes, unit):
    """What a unit reads, by the tables of taps and of weights."""
    cells = {unit}
    for axis in reversed(axes):
        taps = axis.taps()
        shares = axis.weights() if hasattr(axis, "weights") else taps >= 0
        cells = {
            int(cell)
            for unit in cells
            for cell, share in zip(taps[unit], shares[unit], strict=True)
            if cell >= 0 and share
        }
    return cells


def through(axes):
    span = Span()
    for axis in axes:
        span = span.through(axis)
    return span


@given(st.lists(AXES, min_size=1, max_size=3))
def test_the_bounds_are_those_of_the_tables(makers):
    axes, size = chained(makers)
    span = through(axes)
    begin = size // 2
    sizes = []
    for unit in range(begin, begin + 2 * span.period):
        cells = read(axes, unit)
        assert span.bounds(unit) == ((min(cells), max(cells)) if cells else None)
        sizes.append(max(cells) - min(cells) + 1 if cells else 0)
    assert span.size == max(sizes)


def test_no_longer_period_than_is_needed():
    down_and_up = through([convolution(8, 2, stride=2), nearest(4, 2)])
    assert (down_and_up.period, down_and_up.advance) == (2, 2)
    wide = through([convolution(8, 7, padding="same")])  # it covers what the other reads
    joined = down_and_up.joined(wide).through(convolution(8, 1))
    assert (joined.period, joined.advance, joined.bounds(0)) == (1, 1, (-3, 3))


@given(st.lists(CONVOLUTIONS | MOVES, min_size=1, max_size=4))
def test_the_middle_of_gathers_is_that_of_the_first_unit(makers):
    span = through(chained(makers)[0])
    first, last = span.bounds(0)
    assert (span.low, span.high) == (Fraction(first + last, 2),) * 2


@given(st.lists(AXES, min_size=1, max_size=2), st.lists(AXES, min_size=1, max_size=2))
def test_joined_spans_hold_what_either_reads(left, right):
    axes = chained(left)[0], chained(right)[0]
    one, two = map(through, axes)
    both = one.joined(two)
    assert both.even == (one.stride == two.stride)
    if not both.even:
        return
    assert (both.low, both.high) == (min(one.low, two.low), max(one.high, two.high))
    for unit in range(-both.period, 2 * both.period):
        parts = [found for found in (one.bounds(unit), two.bounds(unit)) if found]
        hull = (min(a for a, _ in parts), max(b for _, b in parts)) if parts else None
        assert both.bounds(unit) == hull


@given(
    st.lists(CONVOLUTIONS | REPEATS, min_size=1, max_size=3), st.integers(0, 9), st.integers(0, 9)
)
def test_a_few_units_read_the_hull_of_what_each_reads(makers, a, b):
    span = through(chained(makers)[0])
    only = span.only(a, b)
    one, two = span.bounds(a), span.bounds(b)
    for unit in (0, 1, 7):
        assert only.bounds(unit) == (min(one[0], two[0]), max(one[1], two[1]))
    assert only.stride == 0


def test_a_few_units_are_as_far_apart_as_their_centres():
    only = through([convolution(40, 3, stride=2)]).only(3, 5)  # 6 to 8, and 10 to 12
    assert (only.low, only.high, only.size) == (7, 11, 7)


@pytest.mark.parametrize(
    ("size", "placed"), [(8, True), (7, True), (None, False)], ids=["even", "odd", "unknown"]
)
def test_padding_that_hangs_on_an_unknown_size_has_no_place(size, placed):
    axis = convolution(size, 3, stride=2, padding="same")
    assert Span().through(axis).placed == placed
    assert Span().through(axis).through(convolution(5, 3)).placed == placed
    assert Span().joined(Span().through(axis)).placed == placed
    assert Span().through(axis).size == 3


def test_units_between_the_stamps_read_nothing():
    span = Span().through(transposed(9, 1, 3))
    assert [span.bounds(unit) for unit in range(4)] == [(0, 0), None, None, (1, 1)]
    assert span.only(1).bounds(0) is None
    assert span.only(1).size == 0


@pytest.mark.parametrize("kernel", [7, 8, 20])
def test_a_long_kernel_over_units_of_which_some_read_nothing(kernel):
    axes = [transposed(60, 1, 3), convolution(180, kernel)]
    span = through(axes)
    for unit in range(50, 53):
        cells = read(axes, unit)
        assert span.bounds(unit) == (min(cells), max(cells))


def test_the_centre_of_a_pattern_is_the_average_over_a_period():
    assert pattern(convolution(9, 4)).centre == Fraction(3, 2)
    assert pattern(nearest(9, 2)).centre == Fraction(-1, 4)
    assert pattern(transposed(9, 1, 3)).centre == 0


@pytest.mark.parametrize("name", ["nearest", "bilinear", "bicubic", "lanczos3", "area"])
@pytest.mark.parametrize(("size_in", "size_out"), [(240, 160), (240, 96), (90, 240), (60, 60)])
@pytest.mark.parametrize("antialias", [False, True])
def test_resizing_to_a_fixed_size(size_in, size_out, name, antialias):
    axis = Resampling(size_in, size_out, name, antialias=antialias)
    span = Span().through(axis)
    assert span.stride == Fraction(size_in, size_out)
    begin = size_out // 2
    for unit in range(begin, begin + span.period):
        cells = read([axis], unit)
        assert span.bounds(unit) == (min(cells), max(cells))
