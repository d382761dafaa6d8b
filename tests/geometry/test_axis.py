"""AxisGeometry against a relation enumerated by hand, cell by cell."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import HOLE, PADDING, READ, AxisGeometry, convolution

gathers = st.builds(
    AxisGeometry,
    st.integers(0, 9),
    kernel=st.integers(1, 4),
    stride=st.integers(1, 3),
    dilation=st.integers(1, 3),
    pad_before=st.integers(0, 3),
    pad_after=st.integers(0, 3),
)


def scatter(size, kernel, stride, dilation, before, after):
    """A scatter whose borders are cropped, at most by as much as there is."""
    whole = (size - 1) * stride + (kernel - 1) * dilation + 1
    before = min(before, whole)
    crops = before, min(after, whole - before)
    return AxisGeometry(size, kernel, stride, dilation, 0, 0, *crops, transposed=True)


scatters = st.builds(
    scatter,
    st.integers(1, 9),
    st.integers(1, 4),
    st.integers(1, 5),
    st.integers(1, 4),
    st.integers(0, 4),
    st.integers(0, 4),
)


def reads(axis, output, tap):
    """The input that output `output` reads through `tap`, searched instead of solved for."""
    for i in range(axis.size_in):
        if axis.transposed:
            hit = i * axis.stride + tap * axis.dilation - axis.crop_before == output
        else:
            hit = i == output * axis.stride + tap * axis.dilation - axis.pad_before
        if hit:
            return i
    return -1


@given(gathers)
def test_taps_are_the_relation(axis):
    expected = [[reads(axis, o, t) for t in range(axis.kernel)] for o in range(axis.size_out)]
    assert axis.taps().tolist() == expected


@given(gathers)
def test_transpose_exchanges_inputs_and_outputs(axis):
    back = axis.transpose()
    assert (back.size_in, back.size_out) == (axis.size_out, axis.size_in)
    expected = [[reads(back, o, t) for t in range(back.kernel)] for o in range(back.size_out)]
    assert back.taps().tolist() == expected
    assert np.array_equal(back.taps(), axis.readers())
    assert np.array_equal(back.transpose().taps(), axis.taps())


@given(gathers)
def test_counts_and_marks_agree_with_the_taps(axis):
    coordinates, marks = axis.positions()
    assert np.array_equal(marks == READ, axis.taps() >= 0)
    assert set(np.unique(marks)) <= {READ, PADDING}
    assert np.array_equal(coordinates[marks == READ], axis.taps()[marks == READ])
    counts = [(axis.taps() == i).sum() for i in range(axis.size_in)]
    assert axis.read_counts().tolist() == counts
    assert axis.never_read() == tuple(i for i, count in enumerate(counts) if not count)


def test_a_scatter_has_holes_between_its_stamps():
    axis = AxisGeometry(2, kernel=1, stride=3, transposed=True)
    _, marks = axis.positions()
    assert marks[:, 0].tolist() == [READ, HOLE, HOLE, READ]
    extended = AxisGeometry(2, kernel=1, stride=3, crop_after=-2, transposed=True)
    assert extended.size_out == 6
    assert extended.positions()[1][-1, 0] == HOLE


def test_a_negative_pad_crops():
    axis = AxisGeometry(5, kernel=1, pad_before=-1, pad_after=-2)
    assert axis.taps().tolist() == [[1], [2]]
    assert axis.never_read() == (0, 3, 4)


def test_tables_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        AxisGeometry(4, kernel=2).taps()[0, 0] = 9


def test_equal_geometries_are_equal_and_hash_alike():
    assert AxisGeometry(4, kernel=2) == AxisGeometry(4, kernel=2)
    assert len({AxisGeometry(4, kernel=2), AxisGeometry(4, kernel=2)}) == 1


@pytest.mark.parametrize("name", ["kernel", "stride", "dilation"])
def test_counts_below_one_are_refused(name):
    with pytest.raises(ArgumentError, match=rf"`{name}` of 1 or more.\nReceived {name}=0"):
        AxisGeometry(4, **{"kernel": 2, name: 0})


def test_negative_sizes_are_refused():
    with pytest.raises(ShapeError, match="No axis can have a negative size"):
        AxisGeometry(-1, kernel=1)
    with pytest.raises(ShapeError, match="the output size is -1"):
        AxisGeometry(1, kernel=1, crop_before=2, transposed=True)


def test_an_unknown_size_has_no_table():
    axis = convolution(None, 3, stride=2, padding="same")
    assert axis.size_out is None
    for table in (axis.taps, axis.positions, axis.readers, axis.read_counts, axis.transpose):
        with pytest.raises(ShapeError, match="not known while the input's size is None"):
            table()
    with pytest.raises(ShapeError, match="The padding is not known"):
        _ = axis.pads


@given(gathers)
def test_the_derivation_ends_in_the_size_that_the_axis_has(axis):
    for told in (axis, axis.transpose()):
        assert {s.symbol: s.result for s in told.derivation()}["m"] == told.size_out


@pytest.mark.parametrize(
    "axis",
    [AxisGeometry(3, kernel=2, pad_before=-5), AxisGeometry(3, kernel=5, padding="valid")],
)
def test_where_no_window_fits_the_derivation_says_none(axis):
    (size,) = (step for step in axis.derivation() if step.symbol == "m")
    assert (size.result, axis.size_out) == (0, 0)
    assert str(size.formula).startswith("max(")


def test_a_scatter_is_told_as_a_scatter():
    lines = [str(step) for step in convolution(5, 3, 2).transpose().derivation()]
    assert lines == [
        "K = (k - 1)*d + 1 = (3 - 1)*1 + 1 = 3",
        "f = (n - 1)*s + K = (2 - 1)*2 + 3 = 5",
        "m = f - C_before - C_after = 5 - 0 - 0 = 5",
        "i = (o + C_before - d*t)//s = (o + 0 - 1*t)//2 = (o - t)//2",
    ]


@given(gathers, st.integers(-4, 0), scatters)
def test_unread_runs_are_the_cells_that_the_table_lacks(axis, crop, stamps):
    for found in (axis, replace(axis, pad_before=crop), stamps):
        unread = np.flatnonzero(found.read_counts() == 0).tolist()
        assert [cell for run in found.unread() for cell in run] == unread
        assert all(a.stop < b.start for a, b in pairwise(found.unread()))


@given(gathers | scatters)
def test_pairs_are_counted_as_in_the_table(axis):
    assert axis.read_pairs() == np.count_nonzero(axis.taps() >= 0)


def test_pairs_of_a_huge_axis_cost_nothing():
    assert AxisGeometry(10**12, kernel=10**9).read_pairs() == (10**12 - 10**9 + 1) * 10**9
    assert AxisGeometry(10**12, 10**9, stride=7, transposed=True).read_pairs() == 10**21


@pytest.mark.parametrize(
    ("axis", "first"),
    [
        (AxisGeometry(10**12, kernel=3, stride=2), range(10**12 - 1, 10**12)),
        (AxisGeometry(10**12, kernel=1, stride=3), range(1, 3)),
        (AxisGeometry(28, kernel=3, stride=10**20), range(3, 28)),
        (AxisGeometry(10**12, kernel=2, crop_before=10**11, transposed=True), range(10**11 - 1)),
        (AxisGeometry(10**12 + 1, kernel=2, dilation=10**12), range(1, 10**12)),
    ],
)
def test_unread_cells_of_a_huge_axis_cost_nothing(axis, first):
    assert next(axis.unread()) == first


def test_large_tables_are_not_kept():
    small, large = AxisGeometry(100, kernel=3), AxisGeometry(100_000, kernel=3)
    assert small.taps() is small.taps()
    assert large.taps() is not large.taps()
