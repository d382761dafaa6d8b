"""The gradients of convolutions, against sums over every single multiplication."""

import itertools

import naive
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convlab.geometry import AxisGeometry, convolution
from convlab.kernels import (
    convolve,
    depthwise,
    depthwise_input_gradient,
    depthwise_kernel_gradient,
    exchanged,
    input_gradient,
    kernel_gradient,
)


def multiplications(x, kernel, strides, dilation, padding, groups):
    """Every product of a convolution: where in x, where in the kernel, where in the output."""
    rank, depth, filters = kernel.ndim - 2, *kernel.shape[-2:]
    how = zip(x.shape[1:-1], kernel.shape, strides, dilation, strict=False)
    axes = [naive.pads(n, k, s, d, padding) for n, k, s, d in how]
    shape = (len(x), *(size for _, _, size in axes), filters)
    for place in np.ndindex(*shape):
        for tap in np.ndindex(*kernel.shape[:rank]):
            cell = [
                place[1 + a] * strides[a] + tap[a] * dilation[a] - axes[a][0] for a in range(rank)
            ]
            if any(not 0 <= cell[a] < x.shape[1 + a] for a in range(rank)):
                continue
            group = place[-1] // (filters // groups)
            for c in range(depth):
                yield (place[0], *cell, group * depth + c), (*tap, c, place[-1]), place


@st.composite
def problems(draw):
    rank = draw(st.integers(1, 3))
    groups = draw(st.integers(1, 3))
    padding = draw(st.sampled_from(["valid", "same", "causal"]))
    kernels = [draw(st.integers(1, 3)) for _ in range(rank)]
    strides = [draw(st.integers(1, 3)) for _ in range(rank)]
    dilation = [draw(st.integers(1, 2)) for _ in range(rank)]
    room = {1: 9, 2: 4, 3: 2}[rank]
    sizes = [
        (k - 1) * d + 1 + draw(st.integers(0, room)) for k, d in zip(kernels, dilation, strict=True)
    ]
    channels, filters = (groups * draw(st.integers(1, 2)) for _ in range(2))
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    x = rng.integers(-9, 10, (draw(st.integers(1, 2)), *sizes, channels))
    kernel = rng.integers(-9, 10, (*kernels, channels // groups, filters))
    how = list(zip(sizes, kernels, strides, dilation, strict=True))
    axes = tuple(convolution(n, k, s, d, padding) for n, k, s, d in how)
    dy = rng.integers(-9, 10, (len(x), *(axis.size_out for axis in axes), filters))
    dtype = draw(st.sampled_from(["float32", "float64"]))
    arrays = [array.astype(dtype) for array in (x, kernel, dy)]
    return *arrays, axes, groups, (strides, dilation, padding, groups)


@settings(max_examples=40, deadline=None)
@given(problems())
def test_equals_the_sum_of_all_products_on_integers(problem):
    x, kernel, dy, axes, groups, how = problem
    dx, dkernel = np.zeros_like(x), np.zeros_like(kernel)
    for cell, tap, place in multiplications(x, kernel, *how):
        dx[cell] += kernel[tap] * dy[place]
        dkernel[tap] += x[cell] * dy[place]
    for found, expected in [
        (input_gradient(dy, kernel, axes, groups), dx),
        (kernel_gradient(x, dy, axes, groups), dkernel),
    ]:
        assert found.dtype == x.dtype
        assert found.flags["C_CONTIGUOUS"]
        np.testing.assert_array_equal(found, expected)


@settings(max_examples=25, deadline=None)
@given(problems())
def test_depthwise_is_one_group_for_each_channel(problem):
    """A depthwise kernel `(*sizes, C, M)` is a grouped one `(*sizes, 1, C * M)`."""
    x, kernel, dy, axes, groups, _ = problem
    assume(kernel.shape[-2] == 1)
    by_channel = kernel.reshape(*kernel.shape[:-2], groups, -1)
    y = depthwise(x, by_channel, None, axes)
    np.testing.assert_array_equal(y, convolve(x, kernel, None, axes, groups))
    np.testing.assert_array_equal(
        depthwise_input_gradient(dy, by_channel, axes), input_gradient(dy, kernel, axes, groups)
    )
    found = depthwise_kernel_gradient(x, dy, axes)
    assert found.shape == by_channel.shape
    assert found.dtype == x.dtype
    np.testing.assert_array_equal(found.reshape(kernel.shape), kernel_gradient(x, dy, axes, groups))


@pytest.mark.parametrize(
    ("axis", "what"),
    [
        (AxisGeometry(5, kernel=3, stride=2, transposed=True), "stamps that overlap"),
        (AxisGeometry(4, kernel=2, stride=3, transposed=True), "stamps with gaps"),
        (
            AxisGeometry(4, kernel=3, stride=2, crop_before=1, crop_after=-2, transposed=True),
            "cut in front, longer at the end",
        ),
        (AxisGeometry(6, kernel=3, pad_before=-1), "a crop in front"),
        (AxisGeometry(3, kernel=2, dilation=4, pad_before=2, pad_after=6), "taps that miss"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_relation_has_its_adjoint(axis, what):
    rng = np.random.default_rng(0)
    x = rng.integers(-9, 10, (2, axis.size_in, 3)).astype("float64")
    kernel = rng.integers(-9, 10, (axis.kernel, 3, 4)).astype("float64")
    y = convolve(x, kernel, None, (axis,))
    dy = rng.integers(-9, 10, y.shape).astype("float64")
    assert np.sum(y * dy) == np.sum(x * input_gradient(dy, kernel, (axis,)))
    assert np.sum(y * dy) == np.sum(kernel * kernel_gradient(x, dy, (axis,)))


def test_exchanged_channels():
    rng = np.random.default_rng(0)
    for groups, depth, width in itertools.product((1, 2, 3), (1, 2), (1, 3)):
        kernel = rng.standard_normal((2, 3, depth, groups * width))
        turned = exchanged(kernel, groups)
        assert turned.shape == (2, 3, width, groups * depth)
        assert turned.flags["C_CONTIGUOUS"]
        for g, c, f in np.ndindex(groups, depth, width):
            np.testing.assert_array_equal(
                turned[..., f, g * depth + c], kernel[..., c, g * width + f]
            )
        np.testing.assert_array_equal(exchanged(turned, groups), kernel)


def test_a_long_sum_loses_nothing():
    """In single precision, 2**24 + 1 would be 2**24, three times."""
    x = np.array([2.0**24, 1, 1, 1], "float32").reshape(1, 4, 1)
    dy, axes = np.ones((1, 4, 1), "float32"), (AxisGeometry(4, kernel=1),)
    for gradient in (kernel_gradient, depthwise_kernel_gradient):
        assert gradient(x, dy, axes).item() == 2.0**24 + 4  # the float32 next to + 3


def test_nothing_to_sum():
    x, dy = np.ones((0, 4, 2), "float32"), np.ones((0, 3, 4), "float32")
    axes = (AxisGeometry(4, kernel=2),)
    for gradient, shape in [(kernel_gradient, (2, 2, 4)), (depthwise_kernel_gradient, (2, 2, 2))]:
        found = gradient(x, dy, axes)
        assert found.shape == shape
        assert not found.any()
    assert input_gradient(dy, np.ones((2, 2, 4), "float32"), axes).shape == (0, 4, 2)
