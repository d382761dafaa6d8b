"""From the tap tables of `AxisGeometry` to the integers that the kernels loop over.

A plan holds no arithmetic of its own: it sorts the rows of each tap table by what they read, so
that a kernel can treat outputs that read the same pattern together and skip padding and holes
without a test per tap.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ConvlabError
from convlab.geometry import AxisGeometry

Indices = NDArray[np.int64]

_NOT_READ = np.iinfo(np.int64).min  # no offset: in a scatter, these may be negative

RANK = 3
"""Every convolution is 3-D inside: one of lower rank has leading axes of size one."""


class ConvolutionPlan(NamedTuple):
    """What a gather convolution reads, as integers.

    The last axis is grouped: outputs whose taps lie equally around their first one form a group.

    Attributes:
        size_in: input cells per axis, int64 `(3,)`.
        size_out: output cells per axis, int64 `(3,)`.
        taps_0: the tap table of the first axis, int64 `(size_out[0], kernel[0])`, -1 for none.
        taps_1: the tap table of the second axis.
        kernel_2: the number of taps of the last axis.
        outputs: the output indices of the last axis, group by group, int64 `(size_out[2],)`.
        bases: the input index from which the offsets of each of them count.
        group_outputs: where each group begins in `outputs`, and the end, int64 `(groups + 1,)`.
        tap_index: the taps of the last axis that read an input, group by group.
        tap_offset: the input index that each reads, less the base.
        group_taps: where each group begins in `tap_index`, and the end.
    """

    size_in: Indices
    size_out: Indices
    taps_0: Indices
    taps_1: Indices
    kernel_2: int
    outputs: Indices
    bases: Indices
    group_outputs: Indices
    tap_index: Indices
    tap_offset: Indices
    group_taps: Indices


class TapTables(NamedTuple):
    """The tap tables of three axes, as they are: int64 `(size_out, kernel)`, -1 for none."""

    taps_0: Indices
    taps_1: Indices
    taps_2: Indices


@lru_cache(maxsize=256)
def tap_tables(axes: tuple[AxisGeometry, ...]) -> TapTables:
    """The tap tables of one to three axes of known size, led by axes of size one.

    Example:
        >>> tables = tap_tables((AxisGeometry(3, kernel=2),))
        >>> tables.taps_0.tolist(), tables.taps_2.tolist()
        ([[0]], [[0, 1], [1, 2]])
    """
    full = (AxisGeometry(1, kernel=1),) * (RANK - len(axes)) + axes
    tables = TapTables(*(axis.taps() for axis in full))
    for axis, table in zip(full, tables, strict=True):
        fits = table.shape == (axis.size_out, axis.kernel)
        if not (fits and _within(table, -1, axis.size_in or 0)):
            raise _defect(tables)
    return tables


@lru_cache(maxsize=256)
def convolution_plan(axes: tuple[AxisGeometry, ...]) -> ConvolutionPlan:
    """The plan of a convolution over one to three axes of known size.

    Example:
        >>> plan = convolution_plan((AxisGeometry(5, kernel=3, pad_before=1, pad_after=1),))
        >>> plan.outputs.tolist(), plan.group_outputs.tolist()
        ([0, 1, 2, 3, 4], [0, 1, 4, 5])
        >>> plan.tap_index.tolist(), plan.group_taps.tolist()
        ([1, 2, 0, 1, 2, 0, 1], [0, 2, 5, 7])
    """
    full = (AxisGeometry(1, kernel=1),) * (RANK - len(axes)) + axes
    tables = [axis.taps() for axis in full]
    plan = ConvolutionPlan(
        np.array([axis.size_in for axis in full], np.int64),
        np.array([axis.size_out for axis in full], np.int64),
        tables[0],
        tables[1],
        full[2].kernel,
        *_groups(tables[2]),
    )
    _check(plan, kernel=[axis.kernel for axis in full])
    return plan


def _groups(table: Indices) -> tuple[Indices, Indices, Indices, Indices, Indices, Indices]:
    """The rows of a tap table, sorted into groups of equal offsets from the first cell read."""
    read = table >= 0
    first = np.argmax(read, axis=1)
    bases = np.where(read.any(axis=1), table[np.arange(len(table)), first], 0)
    offsets = np.where(read, table - bases[:, None], _NOT_READ)
    changes = np.r_[True, (offsets[1:] != offsets[:-1]).any(axis=1)][: len(table)]
    starts = np.flatnonzero(changes)
    patterns: dict[bytes, list[int]] = {}
    for start, end in pairwise([*starts, len(table)]):
        patterns.setdefault(offsets[start].tobytes(), []).extend(range(start, end))
    groups = list(patterns.values())
    outputs = np.array([output for group in groups for output in group], np.int64)
    taps = [np.flatnonzero(read[group[0]]) for group in groups]
    return (
        outputs,
        bases[outputs],
        _starts([len(group) for group in groups]),
        np.concatenate([np.empty(0, np.int64), *taps]),
        np.concatenate(
            [np.empty(0, np.int64), *(offsets[g[0], t] for g, t in zip(groups, taps, strict=True))]
        ),
        _starts([len(t) for t in taps]),
    )


def _starts(lengths: Sequence[int]) -> Indices:
    return np.cumsum([0, *lengths], dtype=np.int64)


def _check(plan: ConvolutionPlan, kernel: Sequence[int]) -> None:
    """Prove that no index of the plan leaves its array: the kernels do not look again."""
    per_output = np.repeat(np.arange(len(plan.group_taps) - 1), np.diff(plan.group_outputs))
    tables_fit = all(
        table.shape == (plan.size_out[axis], kernel[axis])
        and _within(table, -1, plan.size_in[axis])
        for axis, table in enumerate((plan.taps_0, plan.taps_1))
    )
    lowest, highest = np.zeros(len(plan.group_taps) - 1), np.zeros(len(plan.group_taps) - 1)
    for group, (start, end) in enumerate(pairwise(plan.group_taps)):
        if end > start:
            lowest[group] = plan.tap_offset[start:end].min()
            highest[group] = plan.tap_offset[start:end].max()
    fits = (
        tables_fit
        and np.array_equal(np.sort(plan.outputs), np.arange(plan.size_out[2]))
        and plan.kernel_2 == kernel[2]
        and len(plan.bases) == len(plan.outputs) == plan.group_outputs[-1]
        and len(plan.tap_index) == len(plan.tap_offset) == plan.group_taps[-1]
        and _within(plan.tap_index, 0, kernel[2])
        and _within(plan.bases + lowest[per_output], 0, plan.size_in[2])
        and _within(plan.bases + highest[per_output], 0, plan.size_in[2])
    )
    if not fits:
        raise _defect(plan)


def _defect(plan: object) -> ConvlabError:
    return ConvlabError(
        "The plan of a convolution leaves its arrays.",
        received=f"{plan}",
        remedy="This is a defect of convlab: please report it.",
    )


def _within(values: NDArray[Any], low: int, end: int) -> bool:
    return bool(((values >= low) & (values < end)).all())
