"""Cropping, padding, repeating and resampling as axes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import HOLE, PADDING, READ, cropping, nearest, upsampling, zero_padding
from convlab.geometry.resampling import INTERPOLATIONS, Resampling


@given(st.integers(1, 12), st.integers(0, 5), st.integers(0, 5))
def test_cropping_and_padding_undo_each_other(size, before, after):
    padded = zero_padding(size, before, after)
    assert padded.size_out == size + before + after
    assert padded.taps().ravel().tolist() == [-1] * before + list(range(size)) + [-1] * after
    cropped = cropping(padded.size_out, before, after)
    assert cropped.taps().ravel().tolist() == list(range(before, before + size))
    assert cropped.never_read() == (*range(before), *range(before + size, padded.size_out))
    np.testing.assert_array_equal(padded.transpose().taps(), cropped.taps())


@given(st.integers(1, 9), st.integers(1, 5))
def test_nearest_repeats(size, factor):
    axis = nearest(size, factor)
    assert axis.taps().max(axis=1).tolist() == [cell for cell in range(size) for _ in range(factor)]
    assert (np.count_nonzero(axis.taps() >= 0, axis=1) == 1).all()
    assert axis.read_counts().tolist() == [factor] * size


@given(st.integers(1, 12), st.integers(1, 6), st.sampled_from(INTERPOLATIONS))
def test_weights_sum_to_one_and_reading_is_symmetric(size, factor, interpolation):
    axis = upsampling(size, factor, interpolation)
    taps, weights = axis.taps(), axis.weights()
    assert taps.shape == weights.shape == (size * factor, axis.kernel)
    assert taps.max() < size
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-6)
    assert (weights[taps < 0] == 0).all()
    matrix = np.zeros((size * factor, size))
    rows = np.repeat(np.arange(size * factor), axis.kernel).reshape(taps.shape)
    np.add.at(matrix, (rows[taps >= 0], taps[taps >= 0]), weights[taps >= 0])
    # TensorFlow computes the coordinates in single precision, and reads cubics from a table
    atol = 2e-3 if interpolation == "bicubic" else 1e-4
    np.testing.assert_allclose(matrix, matrix[::-1, ::-1], atol=atol)
    assert axis.never_read() == ()
    assert axis.read_counts().sum() == np.count_nonzero(taps >= 0)


CUBIC = [-0.08824, 0.21168, 0.84733, 0.86719, 0.22656, -0.0687, -0.0219, 0]


@pytest.mark.parametrize(
    ("interpolation", "x", "expected"),
    [
        ("bilinear", [0, 4, 8], [0, 1, 3, 5, 7, 8]),
        (
            "bicubic",
            [0, 1, 0, 0],
            [-0.08824, 0.21168, 0.84733, 0.86719, 0.22656, -0.0687, -0.0219, 0],
        ),
    ],
)
def test_worked_examples(interpolation, x, expected):
    axis = upsampling(len(x), 2, interpolation)
    values = np.where(axis.taps() >= 0, np.array(x)[axis.taps()], 0)
    np.testing.assert_allclose((values * axis.weights()).sum(axis=1), expected, atol=5e-6)


def test_a_resampled_axis_has_positions_and_a_derivation():
    axis = upsampling(3, 2, "bicubic")
    coordinates, marks = axis.positions()
    assert coordinates[0].tolist() == [-2, -1, 0, 1]
    assert marks[0].tolist() == [HOLE, HOLE, READ, READ]  # beyond the edge nothing is read
    assert [step.symbol for step in axis.derivation()] == ["m", "i"]
    assert axis.derivation()[0].result == 6
    assert upsampling(None, 3, "bilinear").derivation()[0].outcome == "3*n"


def test_a_window_that_hangs_over_the_input_reads_padding():
    axis = Resampling(2, 4, "bilinear", start=-1, length=4)
    coordinates, marks = axis.positions()
    assert coordinates[:, 0].tolist() == [-1, 0, 1, 2]
    assert marks[:, 0].tolist() == [PADDING, READ, READ, PADDING]


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic", "lanczos3", "lanczos5"])
@pytest.mark.parametrize(("size", "factor"), [(1, 2), (2, 3), (5, 1), (7, 4)])
def test_readers_are_the_taps_seen_from_the_input(interpolation, size, factor):
    axis = upsampling(size, factor, interpolation)
    taps, readers = axis.taps(), axis.readers()
    for cell in range(size):
        outputs = [o for o, row in enumerate(taps) for tap in row if tap == cell]
        assert readers[cell][readers[cell] >= 0].tolist() == outputs
    coordinates, marks = axis.positions()
    assert np.array_equal(np.where(marks == READ, coordinates, -1), taps)
    assert ((marks == READ) == (taps >= 0)).all()


def test_unknown_sizes_stay_unknown():
    for axis in (cropping(None, 1, 2), zero_padding(None, 1, 2), nearest(None, 2)):
        assert axis.size_out is None
        with pytest.raises(ShapeError, match="not known"):
            axis.taps()
    assert upsampling(None, 2, "bilinear").size_out is None
    with pytest.raises(ShapeError, match=r"(?s)not known.*Give the input a size"):
        upsampling(None, 2, "bilinear").weights()


def test_refusals():
    with pytest.raises(ShapeError, match=r"(?s)takes 5 cells and the input has 5.*size >= 6"):
        cropping(5, 2, 3)
    with pytest.raises(ArgumentError, match=r'(?s)resampled by one of.*"bilinear"'):
        upsampling(3, 2, "cubic")
    with pytest.raises(ArgumentError, match=r"(?s)factor of upsampling.*factor=0"):
        upsampling(3, 0, "bilinear")


def test_the_derivations_of_copies():
    told = [str(step) for step in cropping(28, 1, 2).derivation()]
    assert told == ["m = n - C_before - C_after = 28 - 1 - 2 = 25", "i = o + C_before = o + 1"]
    told = [str(step) for step in zero_padding(None, 1, 2).derivation()]
    assert told[0] == "m = n + P_before + P_after = n + 1 + 2 = n + 3"
    assert str(nearest(4, 3).derivation()[1]) == "i = o//r = o//3"
