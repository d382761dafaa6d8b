"""Named kernels: the textbook's numbers at 3x3, and what each must do at any size and rank."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.errors import ArgumentError
from convlab.widgets.filters import FILTERS, named_kernel

TEXTBOOK = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "sobel x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "sobel y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    "box blur": np.ones((3, 3)) / 9,
    "gaussian": np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16,
}
ONE_AXIS = {
    "derivative": [-1, 0, 1],
    "second derivative": [1, -2, 1],
    "sharpen": [-1, 3, -1],
    "gaussian": [0.25, 0.5, 0.25],
    "identity": [0, 1, 0],
}
SMOOTH_3D = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])
EVERY = [(rank, name) for rank in FILTERS for name in FILTERS[rank]]


def shapes(rank):
    return st.tuples(*[st.integers(1, 11 if rank < 3 else 5)] * rank)


@pytest.mark.parametrize("name", TEXTBOOK)
def test_three_by_three_is_the_textbooks(name):
    assert np.array_equal(named_kernel(name, (3, 3)), TEXTBOOK[name])


@pytest.mark.parametrize("name", ONE_AXIS)
def test_three_taps_are_the_textbooks(name):
    assert np.array_equal(named_kernel(name, (3,)), ONE_AXIS[name])


def test_in_three_axes_a_slope_is_smoothed_along_the_others():
    sobel = named_kernel("sobel z", (3, 3, 3))
    assert np.array_equal(sobel[2], SMOOTH_3D)
    assert np.array_equal(sobel[0], -SMOOTH_3D)
    assert not sobel[1].any()
    assert named_kernel("laplacian", (3, 3, 3))[1, 1, 1] == -6


@pytest.mark.parametrize(("rank", "name"), EVERY)
@given(data=st.data())
def test_every_kernel_exists_at_every_size(rank, name, data):
    size = data.draw(shapes(rank))
    kernel = named_kernel(name, size)
    assert kernel.shape == size
    assert np.isfinite(kernel).all()


@pytest.mark.parametrize("rank", FILTERS)
@given(data=st.data())
def test_blurs_keep_brightness_and_differences_remove_it(rank, data):
    size = data.draw(shapes(rank))
    for name in FILTERS[rank]:
        total = named_kernel(name, size).sum()
        if name in ("box blur", "gaussian", "identity", "sharpen"):
            assert np.isclose(total, 1)
        elif name not in ("emboss", "random"):
            assert np.isclose(total, 0)


def test_very_large_kernels_stay_finite_in_float32():
    for name in FILTERS[2]:
        assert np.isfinite(named_kernel(name, (300, 300)).astype("float32")).all()


def test_random_is_the_same_each_time():
    assert np.array_equal(named_kernel("random", (3, 3)), named_kernel("random", (3, 3)))


def test_an_unknown_name_is_refused():
    with pytest.raises(ArgumentError, match=r"No kernel has that name.\nReceived kernel='x'. Use"):
        named_kernel("x", (3, 3))
