"""The rules of convolution, against their definition: which windows fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import convolution
from convlab.geometry.rules import largest_kernel

sizes = st.integers(1, 9)
kernels = st.integers(1, 4)
steps = st.integers(1, 3)


def span(kernel, dilation):
    """The cells from first to last tap, counted."""
    return len(range((kernel - 1) * dilation + 1))


def windows(size, kernel, stride, dilation):
    """How many windows fit when the first begins at 0, counted one by one."""
    return sum(1 for start in range(0, size, stride) if start + span(kernel, dilation) <= size)


@given(sizes, kernels, steps, steps)
def test_valid_counts_the_windows_that_fit(n, k, s, d):
    expected = windows(n, k, s, d)
    if not expected:
        with pytest.raises(ShapeError, match=f"the kernel reaches {span(k, d)} but the padded"):
            convolution(n, k, s, d)
    else:
        axis = convolution(n, k, s, d)
        assert axis.size_out == expected
        assert (axis.taps() >= 0).all()


@given(sizes, kernels, steps, steps)
def test_same_keeps_every_strideth_cell_and_splits_the_pads(n, k, s, d):
    axis = convolution(n, k, s, d, "same")
    assert axis.size_out == len(range(0, n, s))
    before, after = axis.pads
    assert after - before in (0, 1)
    # no smaller padding would do
    if before + after:
        assert windows(n + before + after - 1, k, s, d) < axis.size_out


@given(sizes, kernels, steps, steps)
def test_causal_never_reads_ahead(n, k, s, d):
    axis = convolution(n, k, s, d, "causal")
    assert axis.size_out == len(range(0, n, s))
    assert all(i <= o * s for o, row in enumerate(axis.taps()) for i in row)


@pytest.mark.parametrize(
    ("arguments", "size", "pads"),
    [
        ((28, 3, 2, 1, "same"), 14, (0, 1)),  # the odd cell goes to the end
        ((5, 2, 1, 1, "same"), 5, (0, 1)),  # an even kernel pads at the end only
        ((3, 1, 2, 1, "same"), 2, (0, 0)),  # a stride beyond the kernel needs no padding
        ((4, 3, 3, 1, "causal"), 2, (2, 0)),  # the stride does not change causal padding
        ((None, 3, 1, 2, "same"), None, (2, 2)),  # known at stride 1 whatever the size
        ((None, 3, 2, 1, "valid"), None, (0, 0)),
    ],
)
def test_worked_examples(arguments, size, pads):
    axis = convolution(*arguments)
    assert (axis.size_out, axis.pads) == (size, pads)


def test_the_refusal_names_the_smallest_changes():
    with pytest.raises(
        ShapeError, match="Use padding='same', kernel_size <= 5, or an input of size >= 7"
    ) as error:
        convolution(5, 7)
    assert error.value.fixes == ({"padding": "same"}, {"kernel_size": 5})
    for fix in error.value.fixes:
        arguments = {"kernel": 7, "padding": "valid"}
        arguments |= {
            {"kernel_size": "kernel"}.get(name, name): value for name, value in fix.items()
        }
        assert convolution(5, **arguments).size_out > 0


def test_a_dilation_that_is_too_wide_may_be_given_up():
    with pytest.raises(ShapeError, match="dilation_rate=1") as error:
        convolution(5, 3, dilation=3)
    assert {"dilation_rate": 1} in error.value.fixes


def test_an_empty_axis_and_an_unknown_padding_are_refused():
    with pytest.raises(ShapeError, match="no cell along this axis.\nReceived size 0"):
        convolution(0, 1)
    with pytest.raises(
        ArgumentError, match="one of 'valid', 'same', 'causal'.\nReceived padding='full'"
    ):
        convolution(5, 3, padding="full")


@given(st.integers(1, 30), st.integers(1, 5))
def test_largest_kernel_fits_and_no_larger_does(room, dilation):
    k = largest_kernel(room, dilation)
    assert span(k, dilation) <= room < span(k + 1, dilation)
