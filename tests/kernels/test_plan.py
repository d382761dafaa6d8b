"""A plan says what the tap tables say, and is refused when it does not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlab.errors import ConvlabError
from convlab.geometry import AxisGeometry, convolution
from convlab.kernels import convolution_plan
from convlab.kernels.plan import _check

gathers = st.builds(
    AxisGeometry,
    st.integers(1, 9),
    kernel=st.integers(1, 4),
    stride=st.integers(1, 3),
    dilation=st.integers(1, 3),
    pad_before=st.integers(-1, 5),
    pad_after=st.integers(0, 5),
)
scatters = st.builds(
    AxisGeometry,
    st.integers(1, 6),
    kernel=st.integers(1, 4),
    stride=st.integers(1, 4),
    dilation=st.integers(1, 3),
    crop_before=st.just(0),
    crop_after=st.integers(-3, 0),
    transposed=st.just(True),
)


def table_of(plan, size_out, kernel):
    """The tap table of the last axis, as the kernel will read it out of the plan."""
    table = np.full((size_out, kernel), -1)
    for group in range(len(plan.group_taps) - 1):
        for i in range(plan.group_outputs[group], plan.group_outputs[group + 1]):
            for t in range(plan.group_taps[group], plan.group_taps[group + 1]):
                table[plan.outputs[i], plan.tap_index[t]] = plan.bases[i] + plan.tap_offset[t]
    return table


@settings(max_examples=300, deadline=None)
@given(gathers | scatters)
def test_a_plan_says_what_the_taps_say(axis):
    plan = convolution_plan((axis,))
    np.testing.assert_array_equal(table_of(plan, axis.size_out, axis.kernel), axis.taps())
    assert plan.size_in.tolist() == [1, 1, axis.size_in]
    np.testing.assert_array_equal(plan.taps_1, [[0]])


def test_the_inner_outputs_form_one_group():
    plan = convolution_plan((convolution(100, kernel=3, padding="same"),))
    assert sorted(np.diff(plan.group_outputs)) == [1, 1, 98]


def test_the_phases_of_a_transposed_axis_form_groups():
    plan = convolution_plan((AxisGeometry(20, kernel=4, stride=2, crop_before=1, transposed=True),))
    assert sorted(np.diff(plan.group_outputs))[-2:] == [19, 19]


def test_plans_are_kept():
    axes = (convolution(7, 3), convolution(8, 3))
    assert convolution_plan(axes) is convolution_plan((convolution(7, 3), convolution(8, 3)))


PLAN = convolution_plan((AxisGeometry(9, kernel=3, pad_before=1, pad_after=1),) * 3)


@pytest.mark.parametrize(
    "damage",
    [
        {"bases": PLAN.bases + 1},
        {"bases": PLAN.bases - 1},
        {"bases": PLAN.bases[:-1]},
        {"tap_offset": PLAN.tap_offset + 5},
        {"tap_index": PLAN.tap_index + 1},
        {"outputs": PLAN.outputs + 1},
        {"outputs": np.zeros_like(PLAN.outputs)},
        {"taps_0": PLAN.taps_0 + 1},
        {"taps_1": PLAN.taps_1[:-1]},
        {"taps_1": PLAN.taps_1 - 1},
        {"size_in": PLAN.size_in - 1},
        {"size_out": PLAN.size_out + 1},
        {"group_outputs": PLAN.group_outputs + 1},
        {"group_taps": PLAN.group_taps + 1},
        {"kernel_2": 9},
    ],
    ids=lambda damage: next(iter(damage)),
)
def test_no_damaged_plan_passes(damage):
    with pytest.raises(ConvlabError, match="The plan of a convolution leaves its arrays"):
        _check(PLAN._replace(**damage), kernel=[3, 3, 3])
