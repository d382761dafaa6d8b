"""The cone of one unit: what it sees of every layer before it, down to the input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError
from convlab.inspector.channels import channel_axes
from convlab.inspector.reach import Reaches
from convlab.inspector.reaches import reaches_of
from convlab.inspector.units import cells_on_the_way, one_unit
from convlab.models.calls import Calls, Wire

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Seen:
    """What a unit reads of what one layer gives.

    Attributes:
        mask: booleans over the layer's axes but the batch and the channels.
        spans: along each of these axes the first and the last cell that is read.
    """

    mask: Mask
    spans: tuple[tuple[int, int], ...]

    @property
    def size(self) -> tuple[int, ...]:
        """From the first to the last cell that is read, both included, along each axis."""
        return tuple(last - first + 1 for first, last in self.spans)


@dataclass(frozen=True)
class Cones:
    """The cones of the units of a network.

    Args:
        calls: the network for inputs of known sizes.
    """

    calls: Calls

    @cached_property
    def _reaches(self) -> Mapping[int, Reaches]:
        return reaches_of(self.calls)

    @cached_property
    def _channels(self) -> Mapping[int, int]:
        return channel_axes(self.calls, self._reaches)

    def places(self, number: int) -> tuple[int, ...]:
        """The axes, the batch left out and counted from 0, along which a call's units have places.

        Args:
            number: of the call.
        """
        wire = self.calls.calls[number].outputs[0]
        rank = len(wire.spec.shape) - 1 if wire.spec else 0
        channel = self._channels[id(wire)]
        return tuple(axis for axis in range(rank) if axis + 1 != channel)

    def of(self, number: int, index: Sequence[int]) -> dict[int, Seen]:
        """What one unit of a call's output sees.

        Args:
            number: of the call.
            index: the unit's place along the axes of `places`; its channel is left open.

        Returns:
            By the numbers of the calls that it is made of, itself included.

        Raises:
            ArgumentError: there is no such unit, or a layer on the way does not tell what it reads.
            ShapeError: a size on the way is not known.

        Example:
            >>> import convlab as cl
            >>> from convlab.models.calls import calls_of
            >>> x = cl.Input((9, 1))
            >>> y = cl.layers.Conv1D(1, 3)(cl.layers.MaxPooling1D(2)(x))
            >>> cones = Cones(calls_of(cl.Model(x, y), [x.spec]))
            >>> {number: seen.spans for number, seen in cones.of(2, [1]).items()}
            {2: ((1, 1),), 1: ((1, 3),), 0: ((2, 7),)}
        """
        wire = self.calls.calls[number].outputs[0]
        unit = one_unit(self._sizes(wire, number), self._place(number, wire, index), False)
        place = {id(call): at for at, call in enumerate(self.calls.calls)}
        found: dict[int, Seen] = {}
        for call, output, cells in cells_on_the_way(self.calls, self._channels, wire, unit):
            at = place[id(call)]
            if output.index == 0 or at not in found:
                found[at] = _seen(cells, self._channels[id(output)])
        return found

    def _sizes(self, wire: Wire, number: int) -> list[int]:
        sizes = wire.spec.shape[1:] if wire.spec else (None,)
        if None in sizes:
            raise ArgumentError(
                "A unit is picked where the sizes are known.",
                received=f"the layer '{self.calls.calls[number].name}', of sizes {sizes}",
                remedy="Mend what is before it, or give input_shape=(height, width, channels).",
                argument="layer",
            )
        return [size or 0 for size in sizes]

    def _place(self, number: int, wire: Wire, index: Sequence[int]) -> dict[int, int]:
        axes, sizes = self.places(number), self._sizes(wire, number)
        whole = all(isinstance(at, int | np.integer) for at in index)
        if (
            len(index) != len(axes)
            or not whole
            or not all(0 <= at < sizes[axis] for axis, at in zip(axes, index, strict=True))
        ):
            raise ArgumentError(
                "A unit is named by its place along the layer's axes, channels left out.",
                received=f"index={tuple(index)!r:.80}",
                remedy=f"Use whole numbers below {tuple(sizes[axis] for axis in axes)}.",
                argument="selection",
            )
        return {axis: int(at) for axis, at in zip(axes, index, strict=True)}


def _seen(cells: NDArray[Any], channel: int) -> Seen:
    """The cells over the axes that are not the channels'."""
    mask: NDArray[Any] = np.asarray(cells.any(axis=channel - 1) if channel else cells, bool)
    spans = []
    for axis in range(mask.ndim):
        rest = tuple(other for other in range(mask.ndim) if other != axis)
        lines = np.flatnonzero(mask.any(axis=rest))
        spans.append((int(lines[0]), int(lines[-1])) if len(lines) else (0, -1))
    return Seen(mask, tuple(spans))
