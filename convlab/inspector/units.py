"""What one unit of a layer reads of the network's inputs: the exact cells, and how many paths."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry.links import Cells, Dependence, Product, Reshaped
from convlab.inspector.reaches import dependences
from convlab.models.calls import Call, Calls, Wire

_MOST_CELLS = 2**28
"""Larger sets of cells are refused: 256 MiB each."""

_LARGEST = 2**62

_TWICE = 16
"""How often, at most, one output reads one cell: a resampling does at an edge."""


def cells_read(
    calls: Calls, channels: Mapping[int, int], wire: Wire, unit: Cells
) -> dict[int, Cells]:
    """The cells of each input that some units of a tensor read.

    Args:
        calls: the network for inputs of known sizes.
        channels: the axis of the channels of each tensor, by the id of its `Wire`.
        wire: the tensor.
        unit: booleans over its axes but the batch (an axis of length 1 for all alike), or how
            many paths begin at each unit.

    Returns:
        For each input of the network that is reached, by its number: the same over the input's
        axes; what is read, or how many paths lead there.

    Raises:
        ArgumentError: a layer on the way does not tell what it reads.
        ShapeError: a size on the way is not known.
    """
    inputs = [call for call in calls.calls if call.is_input]
    return {
        inputs.index(call): cells
        for call, _, cells in cells_on_the_way(calls, channels, wire, unit)
        if call.is_input
    }


def cells_on_the_way(
    calls: Calls, channels: Mapping[int, int], wire: Wire, unit: Cells
) -> Iterator[tuple[Call, Wire, Cells]]:
    """What some units of a tensor read of every tensor before it, from it back to the inputs.

    Args:
        calls: as for `cells_read`.
        channels: as for `cells_read`.
        wire: as for `cells_read`.
        unit: as for `cells_read`.

    Yields:
        The call that makes a tensor, the tensor, and its cells that are read; its own units first.

    Raises:
        ArgumentError: as `cells_read`.
        ShapeError: as `cells_read`.
    """
    marked: dict[int, Cells] = {id(wire): unit}
    for call in reversed(calls.calls):
        for output in call.outputs:
            cells = marked.pop(id(output), None)
            if cells is None:
                continue
            yield call, output, np.broadcast_to(cells, _sizes(output, call))
            if not call.is_input:
                _pull(call, output, cells, channels[id(output)], marked)


def _pull(call: Call, output: Wire, cells: Cells, channel: int, marked: dict[int, Cells]) -> None:
    cells = _roomy(cells, _sizes(output, call))
    for given, dependence in zip(call.inputs, dependences(call, output.index), strict=True):
        if dependence is None:
            raise ArgumentError(
                f"What {call.layer.class_name} reads is not known, and so the field is not.",
                received=f"the layer '{call.name}', on the way back to the input",
                remedy="Ask for a layer before it.",
                argument="layer",
            )
        once = _channels_once(cells, dependence, channel)
        pulled = dependence.pull(once, _sizes(given, call))
        before = marked.get(id(given))
        if before is None:
            marked[id(given)] = pulled
        else:
            both = np.logical_or if pulled.dtype == bool else np.add
            marked[id(given)] = both(before, pulled)


def _channels_once(cells: Cells, dependence: Dependence, channel: int) -> Cells:
    """Paths to channels that all read the same: those to one of them, the one with the most."""
    if cells.dtype == bool or channel == 0 or isinstance(dependence, Reshaped):
        return cells
    apart = isinstance(dependence, Product) and (
        channel in {getattr(link, "axis", 0) for link in dependence.links}
        or channel in {axis for axis, _ in dependence.only}
    )
    return cells if apart else cells.max(axis=channel - 1, keepdims=True)


def _sizes(wire: Wire, call: Call) -> tuple[int, ...]:
    """The sizes of a tensor without the batch; refuses what is not known, or too large."""
    sizes = wire.spec.shape[1:] if wire.spec else (None,)
    if None in sizes:
        raise ShapeError(
            "Which cells a unit reads is told for inputs of known sizes.",
            received=f"the shape {wire.spec.shape if wire.spec else None} at '{call.name}'",
            remedy="Give input_shape=(height, width, channels).",
            argument="input_shape",
        )
    known = tuple(size for size in sizes if size is not None)
    if math.prod(known) > _MOST_CELLS:
        raise ShapeError(
            f"Cells are told of tensors of at most {_MOST_CELLS:,} cells.",
            received=f"the sizes {known} at '{call.name}'",
            remedy="Give a smaller input_shape.",
            argument="input_shape",
        )
    return known


def _roomy(cells: Cells, sizes: Sequence[int]) -> Cells:
    """Counts as Python's integers, once sixty-two bits might not hold what they add up to."""
    if cells.dtype in (bool, object):
        return cells
    largest = int(cells.max(initial=0)) * math.prod(sizes) * _TWICE
    return cells.astype(object) if largest > _LARGEST else cells


def one_unit(sizes: Sequence[int], index: Mapping[int, int], counting: bool) -> NDArray[Any]:
    """One unit of a tensor; axes that are not named are left open, as all alike.

    Args:
        sizes: the tensor's sizes, without the batch.
        index: its place along some axes; 0 is the first behind the batch.
        counting: whether to count paths.
    """
    shape = [size if axis in index else 1 for axis, size in enumerate(sizes)]
    unit: NDArray[Any] = np.zeros(shape, np.int64 if counting else bool)
    unit[tuple(index.get(axis, 0) for axis in range(len(sizes)))] = 1
    return unit
