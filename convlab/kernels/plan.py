"""From the tap tables of `AxisGeometry` to the integers that the kernels loop over.

A plan holds no arithmetic of its own: it sorts the rows of each tap table by what they read, so
that a kernel can treat outputs that read the same pattern together and skip padding and holes
without a test per tap.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ConvlabError
from convlab.geometry import AxisGeometry

Indices = NDArray[np.int64]

_NOT_READ = np.iinfo(np.int64).min  # no offset: in a scatter, these may be negative

RANK = 3
"""Every convolution is 3-D inside: one of lower rank has leading axes of size one."""


class AxisPlan(NamedTuple):
    """What the outputs of one axis read; those whose taps lie equally form a group.

    Attributes:
        groups: int64 `(groups, 5)`: how many outputs, the first and the step to the next one, the
            input index from which their offsets count, for the first and the step to the next.
        taps: for each group the taps that read an input, and the input index that each reads, less
            that from which it counts.
        size_in: input cells.
        size_out: output cells.
        kernel: taps.
    """

    groups: Indices
    taps: tuple[tuple[Indices, Indices], ...]
    size_in: int
    size_out: int
    kernel: int


COUNT, OUT, OUT_STEP, IN, IN_STEP = range(5)  # the columns of `AxisPlan.groups`


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
def axis_plan(axis: AxisGeometry) -> AxisPlan:
    """The plan of one axis of known size.

    Example:
        >>> plan = axis_plan(AxisGeometry(5, kernel=3, pad_before=1, pad_after=1))
        >>> plan.groups.tolist()
        [[1, 0, 1, 0, 1], [3, 1, 1, 0, 1], [1, 4, 1, 3, 1]]
        >>> [taps.tolist() for taps, _ in plan.taps]
        [[1, 2], [0, 1, 2], [0, 1]]
    """
    table = axis.taps()
    groups, taps = _groups(table)
    plan = AxisPlan(groups, taps, axis.size_in or 0, len(table), axis.kernel)
    check(plan)
    return plan


def _groups(table: Indices) -> tuple[Indices, tuple[tuple[Indices, Indices], ...]]:
    """The rows of a tap table, sorted into groups of equal offsets from the first cell read."""
    read = table >= 0
    first = np.argmax(read, axis=1)
    bases = np.where(read.any(axis=1), table[np.arange(len(table)), first], 0)
    offsets = np.where(read, table - bases[:, None], _NOT_READ)
    patterns: dict[bytes, list[int]] = {}
    for output, row in enumerate(offsets):
        patterns.setdefault(row.tobytes(), []).append(output)
    groups, taps = [], []
    for alike in patterns.values():
        (tap,) = np.nonzero(read[alike[0]])
        for outputs in _evenly(np.array(alike), bases):
            step = outputs[1] - outputs[0] if len(outputs) > 1 else 1
            ahead = bases[outputs[1]] - bases[outputs[0]] if len(outputs) > 1 else 1
            groups.append((len(outputs), outputs[0], step, bases[outputs[0]], ahead))
            taps.append((tap, offsets[alike[0]][tap]))
    return np.array(groups, np.int64).reshape(-1, 5), tuple(taps)


def _evenly(outputs: Indices, bases: Indices) -> list[Indices]:
    """Outputs in parts in which they, and what they read, are equally far from each other."""
    steps = np.stack([np.diff(outputs), np.diff(bases[outputs])])
    changes = np.flatnonzero((np.diff(steps, axis=1) != 0).any(axis=0)) + 2
    if len(changes) > len(outputs) // 4:
        changes = np.arange(1, len(outputs))
    return np.split(outputs, changes)


def check(plan: AxisPlan) -> None:
    """Prove that no index of an axis leaves its array: the kernels do not look again.

    Raises:
        ConvlabError: one does, which is a defect of convlab.
    """
    covered = [np.arange(count) * step + first for count, first, step, *_ in plan.groups.tolist()]
    fits = len(plan.groups) == len(plan.taps) and np.array_equal(
        np.sort(np.concatenate([np.empty(0, np.int64), *covered])), np.arange(plan.size_out)
    )
    for group, (tap, offset) in zip(plan.groups, plan.taps, strict=fits):
        reads = group[IN] + np.array([[0], [(group[COUNT] - 1) * group[IN_STEP]]]) + offset
        fits &= _within(tap, 0, plan.kernel) and _within(reads, 0, plan.size_in)
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
