"""A receptive field as data that prints well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError
from convlab.inspector.asked import Asked

Array = NDArray[Any]
Number = int | Fraction


@dataclass(frozen=True)
class Join:
    """Branches that come together.

    Attributes:
        layer: the layer that joins them.
        aligned: for each axis whether the units of all paths are centred at one place.
        offset: for each axis, how many input cells lie between the outermost centres; None where
            the paths have several strides.
    """

    layer: str
    aligned: tuple[bool, ...]
    offset: tuple[Number | float | None, ...]


@dataclass(frozen=True, repr=False)
class ReceptiveField:
    """What the units of one layer see of one input, for each of the input's spatial axes.

    Attributes:
        layer: the layer's name.
        input: the input's name.
        axes: the names of the axes: "height", "width" and so on.
        size: from the first to the last cell that a unit reads, padding and holes included; None
            where that is not known, and behind paths of several strides. Of units between which
            it varies (behind an upsampling), the largest. Where a layer reads the whole axis, the
            size of the input.
        stride: how many cells lie between the fields of neighbouring units; a fraction behind an
            upsampling; None where there are no neighbours along the axis.
        padding: how many cells the field of the first unit reaches out in front of the input.
        center: where the field is centred, in cells from the first; of the first unit, or of the
            one that was asked for.
        aligned: whether the fields of all paths from the input to the unit have one centre.
        offset: how far the centres of such paths are apart, in input cells; None where they have
            several strides, so that it differs from unit to unit.
        reads_all: for each axis the layer through which every unit reads the whole axis, or "".
        local_size: the size without the paths through such layers, as behind a gate that is made
            of a global average; None where there are no other paths.
        index: the unit that was asked for, or None.
        joins: the joins of branches on the way, from the first to the last.
        inputs: the fields in all inputs that are reached, by their names.
    """

    layer: str
    input: str
    axes: tuple[str, ...]
    size: tuple[int | None, ...]
    stride: tuple[Number | None, ...]
    padding: tuple[int | None, ...]
    center: tuple[float | None, ...]
    aligned: tuple[bool | None, ...]
    offset: tuple[Number | float | None, ...]
    reads_all: tuple[str, ...]
    local_size: tuple[int | None, ...]
    index: tuple[int, ...] | None = None
    joins: tuple[Join, ...] = ()
    inputs: Mapping[str, ReceptiveField] = field(default_factory=dict, compare=False)
    _asked: Asked | None = field(default=None, compare=False)

    # The cells of one unit

    @cached_property
    def mask(self) -> Array:
        """Which cells of the input the unit reads: booleans of the input's shape, batch left out.

        Without an `index` it is the unit in the middle.

        Raises:
            ShapeError: a size is not known; give `input_shape`.
        """
        return self._question().read(counting=False)

    @cached_property
    def indices(self) -> tuple[Array, ...]:
        """Along each axis the cells that the unit reads, rising, holes left out."""
        asked = self._question()
        others = [
            tuple(a for a in range(self.mask.ndim) if a != axis - 1) for axis in asked.spatial
        ]
        return tuple(np.flatnonzero(self.mask.any(axis=rest)) for rest in others)

    @cached_property
    def paths(self) -> Array:
        """How many paths join each cell of the input to the unit, over the spatial axes.

        A path takes one tap in each layer. Channels that read the same count once, however many
        there are: so it is in a network of one channel. Counts that 64 bits do not hold are
        Python's integers.
        """
        asked = self._question()
        counts = asked.read(counting=True)
        channels = tuple(a for a in range(counts.ndim) if a + 1 not in asked.spatial)
        found: Array = counts.max(axis=channels) if channels else counts
        return found

    def effective(self, x: Any = None, weights: bool = True, samples: int = 4) -> Array:
        """The effective receptive field: how strongly the unit's value depends on each cell.

        Source: W. Luo, Y. Li, R. Urtasun and R. Zemel, "Understanding the effective receptive
        field in deep convolutional neural networks", 2016: the gradient of the unit with respect
        to the input, here its magnitude, summed over the channels and scaled to a sum of 1.

        Args:
            x: the input, batch first; None averages over normal noise, as the paper does.
            weights: False takes every weight as one and leaves activations out: the share of the
                paths.
            samples: how many inputs of noise.

        Returns:
            Floats over the input's spatial axes.

        Raises:
            ArgumentError: the layer lies within a nested model.
        """
        if not weights:
            counts = self.paths
            total = counts.sum()
            return np.asarray(counts / (total or 1), np.float64)
        return self._question().gradient(x, samples)

    def _question(self) -> Asked:
        if self._asked is None:
            raise ArgumentError(
                "The cells of a unit are told by convlab.receptive_field.",
                received=f"a summary of the layer '{self.layer}'",
                remedy=f"Use convlab.receptive_field(model, '{self.layer}', index=...).",
            )
        return self._asked

    # In words

    @property
    def short(self) -> str:
        """The size in short: "7x7", "all" where everything is read."""
        if not self.axes:
            return "-"
        if all(self.reads_all):
            return "all"
        if None in self.size:
            return "?"
        return "x".join(str(size) for size in dict.fromkeys([self.size]).popitem()[0])

    def __str__(self) -> str:
        lines = [f"Receptive field of {self.layer} in {self.input}" + self._of_unit()]
        for at, axis in enumerate(self.axes):
            lines.append(f"  {axis}: {self._axis_text(at)}")
        if not self.axes:
            lines.append("  The input has no spatial axes.")
        return "\n".join(lines)

    __repr__ = __str__

    def _of_unit(self) -> str:
        return "" if self.index is None else f", unit {self.index}"

    def _axis_text(self, at: int) -> str:
        if self.reads_all[at]:
            text = f"reads everything, through {self.reads_all[at]}"
            local = self.local_size[at]
            return text if local is None else f"{text}; other paths read {local} cells"
        if self.size[at] is None:
            return "paths of several strides" if self.aligned[at] is False else "not known"
        told = [f"size {self.size[at]}"]
        for name in ("stride", "padding", "center"):
            value = getattr(self, name)[at]
            if value is not None:
                told.append(f"{name} {float(value):g}")
        if self.aligned[at] is False:
            told.append(f"centres {float(self.offset[at] or 0):g} apart")
        return ", ".join(told)
