"""A plan says what the tap tables say, and is refused when it does not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlab.errors import ConvlabError
from convlab.geometry import AxisGeometry, convolution
from convlab.kernels.plan import axis_plan, check

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


def table_of(plan):
    """The tap table of an axis, as the kernels read it out of the plan."""
    table = np.full((plan.size_out, plan.kernel), -1)
    for (count, first, step, begin, ahead), (taps, offsets) in zip(
        plan.groups.tolist(), plan.taps, strict=True
    ):
        for i in range(count):
            table[first + i * step, taps] = begin + i * ahead + offsets
    return table


@settings(max_examples=300, deadline=None)
@given(gathers | scatters)
def test_a_plan_says_what_the_taps_say(axis):
    np.testing.assert_array_equal(table_of(axis_plan(axis)), axis.taps())


def test_the_inner_outputs_form_one_group():
    plan = axis_plan(convolution(100, kernel=3, padding="same"))
    assert sorted(plan.groups[:, 0]) == [1, 1, 98]


def test_the_phases_of_a_transposed_axis_form_groups():
    plan = axis_plan(AxisGeometry(20, kernel=4, stride=2, crop_before=1, transposed=True))
    assert sorted(plan.groups[:, 0])[-2:] == [19, 19]


def test_plans_are_kept():
    assert axis_plan(convolution(7, 3)) is axis_plan(convolution(7, 3))


PLAN = axis_plan(AxisGeometry(9, kernel=3, pad_before=1, pad_after=1))


def moved(column, by):
    """The groups with one of their columns changed."""
    groups = PLAN.groups.copy()
    groups[:, column] += by
    return {"groups": groups}


def with_taps(index=0, offset=0):
    """The taps of every group, changed."""
    return {"taps": tuple((one + index, other + offset) for one, other in PLAN.taps)}


@pytest.mark.parametrize(
    "damage",
    [
        moved(0, 1),
        moved(0, -1),
        moved(1, 1),
        moved(2, 1),
        moved(3, 1),
        moved(3, -1),
        moved(4, 1),
        {"groups": PLAN.groups[1:]},
        with_taps(index=1),
        with_taps(index=-1),
        with_taps(offset=1),
        with_taps(offset=-1),
        {"taps": PLAN.taps[1:]},
        {"size_in": 8},
        {"size_out": 10},
        {"kernel": 2},
    ],
)
def test_no_damaged_plan_passes(damage):
    with pytest.raises(ConvlabError, match="The plan of a convolution leaves its arrays"):
        check(PLAN._replace(**damage))
