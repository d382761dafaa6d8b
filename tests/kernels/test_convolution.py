"""The kernel against the naive oracle, in one to three dimensions, and its refusals."""

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlab.errors import ShapeError
from convlab.geometry import AxisGeometry, convolution
from convlab.kernels import convolution as convolution_module
from convlab.kernels import convolve, threads


@st.composite
def problems(draw):
    rank = draw(st.integers(1, 3))
    top = {1: 40, 2: 9, 3: 5}[rank]
    axes, rules = [], []
    padding = draw(st.sampled_from(["valid", "same", "causal"]))
    for _ in range(rank):
        kernel, stride, dilation = (draw(st.integers(1, 3)) for _ in range(3))
        size = draw(st.integers((kernel - 1) * dilation + 1, top + 6))
        axes.append(convolution(size, kernel, stride, dilation, padding))
        rules.append((size, kernel, stride, dilation))
    groups = draw(st.integers(1, 3))
    channels = groups * draw(st.integers(1, 3))
    filters = groups * draw(st.sampled_from([1, 2, 5, 17, 33]))
    batch = draw(st.integers(1, 2))
    dtype = draw(st.sampled_from(["float32", "float64"]))
    return axes, rules, padding, groups, channels, filters, batch, dtype


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(0, 2**31), st.booleans())
def test_equals_the_oracle_on_integers(problem, seed, biased):
    axes, rules, padding, groups, channels, filters, batch, dtype = problem
    rng = np.random.default_rng(seed)
    sizes, kernels, strides, dilations = zip(*rules, strict=True)
    filters = min(filters, 6) if np.prod(sizes) > 60 else filters  # the oracle is slow
    filters -= filters % groups
    filters = max(filters, groups)
    x = rng.integers(-9, 10, (batch, *sizes, channels)).astype(dtype)
    kernel = rng.integers(-9, 10, (*kernels, channels // groups, filters)).astype(dtype)
    bias = rng.integers(-9, 10, filters).astype(dtype) if biased else None
    y = convolve(x, kernel, bias, tuple(axes), groups)
    assert y.dtype == dtype
    expected = naive.conv(x, kernel, bias, strides, dilations, padding, groups)
    np.testing.assert_array_equal(y, expected)


@pytest.mark.parametrize("width", [1, 5, 6, 7, 13, 14, 15, 29])
@pytest.mark.parametrize("filters", [1, 16, 31, 32, 33, 65])
def test_widths_and_filters_around_a_tile(width, filters):
    rng = np.random.default_rng(width * filters)
    x = rng.integers(-9, 10, (1, width, 5)).astype("float32")
    kernel = rng.integers(-9, 10, (1, 5, filters)).astype("float32")
    y = convolve(x, kernel, None, (AxisGeometry(width, kernel=1),))
    np.testing.assert_array_equal(y, x @ kernel[0])


def test_a_transposed_axis_works_from_the_same_plan():
    """Every relation that the geometry can express is computed: here, stamps that overlap."""
    axis = AxisGeometry(4, kernel=3, stride=2, crop_before=1, crop_after=-2, transposed=True)
    x, kernel = np.array([1.0, 10.0, 100.0, 1000.0]), np.array([1.0, 2.0, 3.0])
    full = np.zeros(4 * 2 + 3)
    for i, value in enumerate(x):
        full[2 * i : 2 * i + 3] += value * kernel
    y = convolve(x.reshape(1, 4, 1), kernel.reshape(3, 1, 1), np.array([0.5]), (axis,))
    np.testing.assert_array_equal(y.ravel(), full[1:] + 0.5)


def test_threads_change_nothing(monkeypatch):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((3, 11, 9, 4)).astype("float32")
    kernel = rng.standard_normal((3, 3, 4, 7)).astype("float32")
    axes = (convolution(11, 3, padding="same"), convolution(9, 3, padding="same"))
    serial = convolve(x, kernel, None, axes)
    monkeypatch.setattr(convolution_module, "_SERIAL_WORK", 0)
    monkeypatch.setattr(convolution_module, "_ITEM_WORK", 900)
    monkeypatch.setattr(threads, "threads", lambda: 5)
    for cached in (convolution_module._job, threads._pool):
        cached.cache_clear()
    np.testing.assert_array_equal(convolve(x, kernel, None, axes), serial)
    for cached in (convolution_module._job, threads._pool):
        cached.cache_clear()


def test_nothing_to_do():
    axes = (AxisGeometry(4, kernel=2),)
    kernel = np.ones((2, 3, 5), "float32")
    assert convolve(np.ones((0, 4, 3), "float32"), kernel, None, axes).shape == (0, 3, 5)


@pytest.mark.parametrize(
    "change",
    [
        {"x": np.ones((1, 5, 3), "float32")},
        {"x": np.ones((1, 4, 2), "float32")},
        {"x": np.ones((1, 4, 3), "float64")},
        {"x": np.ones((4, 3), "float32")},
        {"kernel": np.ones((3, 3, 5), "float32")},
        {"kernel": np.ones((2, 3, 5), "int32"), "x": np.ones((1, 4, 3), "int32"), "bias": None},
        {"bias": np.ones(4, "float32")},
        {"groups": 3},
        {"axes": (AxisGeometry(4, kernel=2),) * 2},
    ],
    ids=str,
)
def test_arrays_that_do_not_fit_never_reach_the_kernel(change):
    arguments = {
        "x": np.ones((1, 4, 3), "float32"),
        "kernel": np.ones((2, 3, 5), "float32"),
        "bias": np.ones(5, "float32"),
        "axes": (AxisGeometry(4, kernel=2),),
    }
    assert convolve(**arguments).shape == (1, 3, 5)
    with pytest.raises(ShapeError, match="do not fit its geometry"):
        convolve(**arguments | change)
