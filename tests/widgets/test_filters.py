"""Named kernels: the textbook's numbers at 3x3, and what each must do at any size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.errors import ArgumentError
from convlab.widgets.filters import FILTERS, filter_bank, filter_name, named_kernel

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
sizes = st.tuples(st.integers(1, 11), st.integers(1, 11))


@pytest.mark.parametrize("name", TEXTBOOK)
def test_three_by_three_is_the_textbooks(name):
    assert np.array_equal(named_kernel(name, 3, 3), TEXTBOOK[name])


@given(st.sampled_from(sorted(FILTERS)), sizes)
def test_every_kernel_exists_at_every_size(name, size):
    kernel = named_kernel(name, *size)
    assert kernel.shape == size
    assert np.isfinite(kernel).all()


@given(sizes)
def test_blurs_keep_brightness_and_differences_remove_it(size):
    for name in ("box blur", "gaussian", "identity", "sharpen"):
        assert np.isclose(named_kernel(name, *size).sum(), 1)
    for name in ("sobel x", "sobel y", "laplacian"):
        assert np.isclose(named_kernel(name, *size).sum(), 0)


def test_very_large_kernels_stay_finite_in_float32():
    for name in FILTERS:
        assert np.isfinite(named_kernel(name, 300, 300).astype("float32")).all()


def test_random_is_the_same_each_time():
    assert np.array_equal(named_kernel("random", 3, 3), named_kernel("random", 3, 3))


def test_a_bank_divides_by_the_channels():
    bank = filter_bank(("sobel x",), (3, 3, 2, 3))
    assert np.array_equal(bank[:, :, 1, 0], named_kernel("sobel x", 3, 3) / 2)
    assert np.array_equal(bank[:, :, 0, 1], named_kernel(filter_name((), 1), 3, 3) / 2)


def test_an_unknown_name_is_refused():
    with pytest.raises(ArgumentError, match=r"No kernel has that name.\nReceived kernel='x'. Use"):
        named_kernel("x", 3, 3)
