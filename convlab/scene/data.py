"""What a scene is made of: frozen dataclasses of plain data, for the browser and for figures.

Arrays of values are stored channels last and without the batch axis, whatever the layer's data
format: input `(dim_1, ..., dim_N, C)`, kernel `(k_1, ..., k_N, C // groups, F)`, output
`(out_1, ..., out_N, F)`. `Scene.index` and `Scene.place` translate to the user's own index order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Table = Literal["magnitude", "signed", "grey"]
Values = NDArray[np.floating[Any]]


class Geometry(Protocol):
    """What a scene reads of an axis: `convlab.geometry.AxisGeometry`, or a sibling of it."""

    kernel: int

    @property
    def size_out(self) -> int | None: ...  # noqa: D102
    def taps(self) -> NDArray[np.int64]: ...  # noqa: D102
    def positions(self) -> tuple[NDArray[np.int64], NDArray[np.uint8]]: ...  # noqa: D102
    def readers(self) -> NDArray[np.int64]: ...  # noqa: D102
    def derivation(self) -> Sequence[Any]: ...  # noqa: D102


@dataclass(frozen=True)
class Line:
    """One line of the arithmetic of an axis.

    Args:
        name: what the line finds, such as "output size".
        parts: what stands between the equals signs: symbol, formula, numbers, result.
        reason: why the line is so, in a sentence.
        terms: the symbols of the formula: (symbol, value, meaning).
    """

    name: str
    parts: tuple[str, ...]
    reason: str
    terms: tuple[tuple[str, int | None, str], ...]

    @classmethod
    def of(cls, step: Any) -> Line:
        """The line that `convlab.geometry.Step` tells."""
        return cls(step.name, step.parts(), step.reason, step.terms)


@dataclass(frozen=True, eq=False)
class Axis:
    """One spatial axis: which input each output reads, as tables.

    Args:
        name: "height", "width", "depth" or "steps".
        size_in: the number of input cells.
        size_out: the number of output cells.
        kernel: the number of taps.
        pad_before: how many cells before the first input cell some tap reads.
        pad_after: the same behind the last input cell.
        taps: int32 `(size_out, kernel)`, the input index, -1 where none is read.
        positions: int32 `(size_out, kernel)`, the coordinate, which may lie in the padding.
        marks: uint8 `(size_out, kernel)`, 0 an input cell, 1 padding, 2 a hole of a scatter.
        readers: int32 `(size_in, kernel)`, the output that reads the input, -1 where none does.
        never_read: the inputs that no output reads.
        derivation: the arithmetic from `size_in` to `size_out`, line by line.
    """

    name: str
    size_in: int
    size_out: int
    kernel: int
    pad_before: int
    pad_after: int
    taps: NDArray[np.int32]
    positions: NDArray[np.int32]
    marks: NDArray[np.uint8]
    readers: NDArray[np.int32]
    never_read: tuple[int, ...]
    derivation: tuple[Line, ...] = ()

    @classmethod
    def of(cls, name: str, geometry: Geometry) -> Axis:
        """The tables of an axis whose sizes are known.

        Args:
            name: what the axis is called.
            geometry: the relation between its inputs and outputs.

        Returns:
            The axis as plain data.

        Raises:
            ShapeError: the input's size is not known.

        Example:
            >>> from convlab.geometry import AxisGeometry
            >>> axis = Axis.of("height", AxisGeometry(4, kernel=3, stride=2, pad_after=1))
            >>> axis.size_out, axis.pad_before, axis.pad_after
            (2, 0, 1)
            >>> axis.positions.tolist()
            [[0, 1, 2], [2, 3, 4]]
        """
        readers = geometry.readers().astype(np.int32)
        positions, marks = geometry.positions()
        size_in = len(readers)
        touched = positions[marks != 2]
        return cls(
            name=name,
            size_in=size_in,
            size_out=len(positions),
            kernel=geometry.kernel,
            pad_before=int(max(0, -touched.min(initial=0))),
            pad_after=int(max(0, touched.max(initial=0) + 1 - size_in)),
            taps=geometry.taps().astype(np.int32),
            positions=positions.astype(np.int32),
            marks=marks.astype(np.uint8),
            readers=readers,
            never_read=tuple(np.flatnonzero((readers < 0).all(axis=1)).tolist()),
            derivation=tuple(Line.of(step) for step in geometry.derivation()),
        )

    def read_counts(self) -> NDArray[np.int64]:
        """How many (output, tap) pairs read each input cell; int64 `(size_in,)`."""
        return np.asarray((self.readers >= 0).sum(axis=1), dtype=np.int64)


@dataclass(frozen=True)
class Norm:
    """How values become colours: the range, and which table of colours it indexes.

    Args:
        table: "magnitude" (a perceptual map), "signed" (a diverging one) or "grey" (pictures).
        low: the value of the table's first colour.
        high: the value of its last colour.
    """

    table: Table
    low: float
    high: float

    @classmethod
    def of(cls, values: Values, table: Table | None = None) -> Norm:
        """The range for these values; signed values are centred at zero.

        Args:
            values: any shape; NaN and infinity are left out.
            table: the table to use; by default "signed" when a value is negative.

        Returns:
            A norm whose `low` is below its `high`.

        Example:
            >>> Norm.of(np.array([-1.0, 4.0]))
            Norm(table='signed', low=-4.0, high=4.0)
            >>> Norm.of(np.array([0.25, 0.5]), "grey")
            Norm(table='grey', low=0.0, high=1.0)
        """
        finite = values[np.isfinite(values)]
        lowest, highest = float(finite.min(initial=0)), float(finite.max(initial=0))
        if table is None:
            table = "signed" if lowest < 0 else "magnitude"
        if table == "signed":
            highest = max(-lowest, highest) or 1.0
            return cls(table, -highest, highest)
        if table == "grey" and lowest >= 0 and highest <= 1:
            return cls(table, 0.0, 1.0)  # pictures are scaled to 0-1: black stays black
        return cls(table, lowest, highest if highest > lowest else lowest + 1.0)


@dataclass(frozen=True, eq=False)
class Grid:
    """A picture of numbers.

    Args:
        values: `(dim_1, ..., dim_N, channels)`; a kernel has one more axis, the filters.
        norm: how its values become colours.
        colour: whether its three channels are red, green and blue of 0 to 1.
    """

    values: Values
    norm: Norm
    colour: bool = False


@dataclass(frozen=True, eq=False)
class LayerStep:
    """One pass of windows over an input. Conv2D has one; a separable layer has two.

    Args:
        axes: the spatial axes, in order.
        input: what is read.
        kernel: the weights, `(k_1, ..., k_N, C // groups, F)`.
        bias: `(F,)`, or None without a bias.
        linear: `(out_1, ..., out_N, F)`, what goes into the activation.
        output: `(out_1, ..., out_N, F)`, the array's own values.
        channels: int32 `(F, C // groups)`, the input channels that each filter reads.
        activation: the activation's name; "linear" when there is none.
    """

    axes: tuple[Axis, ...]
    input: Grid
    kernel: Grid
    bias: Values | None
    linear: Values
    output: Grid
    channels: NDArray[np.int32]
    activation: str


@dataclass(frozen=True, eq=False)
class Scene:
    """A layer at work on one example: everything that the stage or a figure shows.

    Args:
        layer: the layer's class name.
        code: the layer's `repr`: the call that makes it.
        data_format: "channels_last" or "channels_first".
        dtype: the name of the layer's compute dtype.
        roundoff: the largest relative error of one rounding in that dtype.
        input_shape: with None for the batch.
        output_shape: with None for the batch.
        parameters: how many weights the layer has.
        macs: multiplications per example, those with padding included.
        steps: what the layer does, in order.
        facts: short sentences about this layer on this input, most important first.
    """

    layer: str
    code: str
    data_format: str
    dtype: str
    roundoff: float
    input_shape: tuple[int | None, ...]
    output_shape: tuple[int | None, ...]
    parameters: int
    macs: int
    steps: tuple[LayerStep, ...]
    facts: tuple[str, ...]

    @property
    def selectable(self) -> tuple[int, ...]:
        """The shape that a selection indexes: the output without its batch, the user's order."""
        *spatial, filters = self.steps[-1].output.values.shape
        return self.index(spatial, filters)

    def index(self, place: Sequence[int], channel: int) -> tuple[int, ...]:
        """The user's index, without the batch, of a place and a channel.

        Args:
            place: one integer per spatial axis.
            channel: the channel or filter.

        Returns:
            `(*place, channel)`, or `(channel, *place)` in channels_first.
        """
        if self.data_format == "channels_first":
            return (channel, *place)
        return (*place, channel)

    def place(self, index: Sequence[int]) -> tuple[tuple[int, ...], int]:
        """The place and the channel that the user's index names: the inverse of `index`."""
        if self.data_format == "channels_first":
            return tuple(index[1:]), index[0]
        return tuple(index[:-1]), index[-1]
