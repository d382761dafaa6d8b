"""The transposed axis against a scatter written out, and against Keras's documented sizes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.errors import ArgumentError
from convlab.geometry import convolution, transposed
from convlab.geometry.transposed import added

AXES = st.fixed_dictionaries(
    {
        "size_in": st.integers(1, 9),
        "kernel": st.integers(1, 6),
        "stride": st.integers(1, 5),
        "padding": st.sampled_from(["valid", "same"]),
    }
)


def scatter(size_in, kernel, stride, dilation, before, size_out):
    """The (input, tap) pairs that land on each output, by stamping."""
    landed = [[] for _ in range(size_out)]
    for cell in range(size_in):
        for tap in range(kernel):
            place = cell * stride + tap * dilation - before
            if 0 <= place < size_out:
                landed[place].append((cell, tap))
    return landed


@given(AXES, st.integers(1, 3), st.none() | st.integers(0, 4))
def test_the_taps_are_a_scatter(axis, dilation, extra):
    if extra is not None and extra >= axis["stride"]:
        extra = axis["stride"] - 1
    made = transposed(**axis, dilation=dilation, output_padding=extra)
    before, size = made.crop_before, made.size_out
    stamped = scatter(axis["size_in"], axis["kernel"], axis["stride"], dilation, before, size)
    taps = made.taps()
    for output, landed in enumerate(stamped):
        read = [(int(cell), tap) for tap, cell in enumerate(taps[output]) if cell >= 0]
        assert sorted(read) == sorted(landed)


@given(AXES, st.integers(1, 3), st.none() | st.integers(0, 4))
def test_the_size_is_keras_s(axis, dilation, extra):
    n, k, s, padding = (axis[name] for name in ("size_in", "kernel", "stride", "padding"))
    reach = k + (k - 1) * (dilation - 1)
    if extra is None:
        expected = n * s if padding == "same" else n * s + max(reach - s, 0)
    else:
        pad = reach // 2 if padding == "same" else 0
        expected = (n - 1) * s + reach - 2 * pad + extra
    assert transposed(n, k, s, dilation, padding, extra).size_out == expected
    unknown = transposed(None, k, s, dilation, padding, extra)
    known = transposed(n, k, s, dilation, padding, extra)
    assert unknown.size_out is None
    assert (unknown.crop_before, unknown.crop_after) == (known.crop_before, known.crop_after)


@given(AXES)
def test_the_transpose_of_a_convolution_that_fits_is_the_transposed_axis(axis):
    """Where a convolution's windows cover the input, the transposed layer undoes its shape."""
    conv = convolution(axis["size_in"] * axis["stride"] + 9, axis["kernel"], axis["stride"])
    back = conv.transpose()
    np.testing.assert_array_equal(back.taps(), conv.readers())
    np.testing.assert_array_equal(back.transpose().taps(), conv.taps())


WORKED = [  # x=[1, 10]: kernel, stride, dilation, padding, output_padding, outputs
    ([1, 2, 3], 2, 1, "same", None, [1, 2, 13, 20]),
    ([1, 2, 3], 2, 1, "same", 0, [2, 13, 20]),
    ([1, 2, 3], 2, 1, "same", 1, [1, 2, 13, 20]),
    ([1, 2, 3, 4], 2, 1, "same", None, [2, 13, 24, 30]),
    ([1, 2, 3, 4], 3, 1, "same", 1, [2, 3, 14, 20]),
    ([1, 2], 3, 1, "valid", None, [1, 2, 0, 10, 20, 0]),
    ([1, 2], 3, 1, "valid", 0, [1, 2, 0, 10, 20]),
    ([1, 2], 1, 2, "valid", None, [1, 10, 2, 20]),
    ([1, 2, 3], 2, 1, "valid", 1, [1, 2, 13, 20, 30, 0]),
]


@pytest.mark.parametrize(("kernel", "stride", "dilation", "padding", "extra", "outputs"), WORKED)
def test_worked_examples(kernel, stride, dilation, padding, extra, outputs):
    taps = transposed(2, len(kernel), stride, dilation, padding, extra).taps()
    x = [1, 10]
    sums = [sum(x[cell] * kernel[tap] for tap, cell in enumerate(row) if cell >= 0) for row in taps]
    assert sums == outputs


def test_the_derivation_finds_the_size_and_the_crops():
    axis = transposed(14, 4, 2, padding="same", output_padding=1)
    found = {step.symbol: step.result for step in axis.derivation()}
    assert found["m"] == axis.size_out == 27
    assert (found["C_before"], found["C_after"]) == (axis.crop_before, axis.crop_after)
    unknown = {step.symbol: step for step in transposed(None, 3, 2).derivation()}
    assert unknown["m"].outcome == "2*n + 1"
    assert unknown["E"].outcome == "0"


def test_another_padding_is_refused():
    with pytest.raises(ArgumentError, match=r"(?s)'valid', 'same'.*padding='causal'.*Use padding"):
        transposed(4, 3, padding="causal")


def test_no_input_gives_the_cells_that_the_arithmetic_leaves():
    assert transposed(0, 3, 2).size_out == 1
    assert transposed(0, 3, 2).taps().tolist() == [[-1, -1, -1]]


@given(AXES, st.integers(1, 3), st.integers(0, 4))
def test_added_cells_are_those_that_output_padding_0_lacks(axis, dilation, extra):
    extra = min(extra, axis["stride"] - 1)
    made = transposed(**axis, dilation=dilation, output_padding=extra)
    before, after = added(made)
    assert before + after == extra
    assert min(before, after) >= 0
    if axis["padding"] == "same" and axis["size_in"] == 1:
        return  # the smallest output may have no cell to compare with
    least = transposed(**axis, dilation=dilation, output_padding=0)
    assert np.array_equal(made.taps()[before : before + least.size_out], least.taps())


@given(AXES, st.integers(1, 3))
def test_without_output_padding_only_what_no_stamp_reaches_is_added(axis, dilation):
    made = transposed(**axis, dilation=dilation)
    before, after = added(made)
    assert before == 0
    assert after == max(0, -made.crop_after)
    assert (made.taps()[made.size_out - after :] < 0).all()
