"""What a scene is made of: frozen dataclasses of plain data, for the browser and for figures.

Arrays of values are stored channels last and without the batch axis, whatever the layer's data
format: input `(dim_1, ..., dim_N, C)`, kernel `(k_1, ..., k_N, depth, F)`, output
`(out_1, ..., out_N, F)`. `Scene.index` and `Scene.place` translate to the user's own index order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from convlab.layers import Cost
from convlab.scene.axis import Axis

Table = Literal["magnitude", "signed", "grey"]
Reduce = Literal["sum", "mean", "max", "gates"]
Values = NDArray[np.floating[Any]]
Coordinate = str | tuple[tuple[str, int], ...]


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
        lowest, highest = float(values.min(initial=0)), float(values.max(initial=0))
        if not np.isfinite(highest - lowest):  # looked for only where there is one: it takes a copy
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
class Gates:
    """What one time step of a convolutional LSTM computes from its two sums, cell by cell.

    `i`, `f`, `g` and `o` are the activations of the four parts of `x + h`; then
    `c = f * c_before + i * g` and `output = o * shown`.

    Args:
        names: what the four parts are called, in the order of their channels in `x` and `h`.
        activations: the name of each part's activation.
        output_activation: the name of the activation of `c`.
        x: the sums over the input, with the bias: `(out_1, ..., out_N, 4F)`.
        h: the sums over the state before: `(out_1, ..., out_N, 4F)`.
        c_before: `(out_1, ..., out_N, F)`, what the cell remembers from before.
        i: the input gate, of the same shape.
        f: the forget gate.
        g: the candidate, called "cell".
        o: the output gate.
        c: what the cell remembers now.
        shown: the activation of `c`.
        h_out: what the time step gives.
    """

    names: tuple[str, ...]
    activations: tuple[str, ...]
    output_activation: str
    x: Grid
    h: Grid
    c_before: Values
    i: Values
    f: Values
    g: Values
    o: Values
    c: Values
    shown: Values
    h_out: Values


@dataclass(frozen=True, eq=False)
class LayerStep:
    """One pass of windows over an input. Conv2D has one; a separable layer has two.

    Args:
        axes: the spatial axes, in order.
        input: what is read.
        kernel: the weights, `(k_1, ..., k_N, depth, F)` however the layer keeps them; of a locally
            connected layer `(out_1, ..., out_N, k_1, ..., k_N, depth, F)`. None without weights.
        bias: `(F,)`, of a locally connected layer `(out_1, ..., out_N, F)`; None without a bias.
        linear: `(out_1, ..., out_N, F)`, what goes into the activation.
        output: `(out_1, ..., out_N, F)`, the array's own values.
        channels: int32 `(F, depth)`, the input channels that each output channel reads.
        activation: the activation's name; "linear" when there is none.
        name: what the step does, such as "convolution" or "pooling".
        reduce: what becomes of the numbers in a window: their "sum" (weighted by the kernel and
            the axes' weights), their "mean" (the sum divided by how many input cells are read) or
            their "max"; or "gates".
        local: whether every output place has a kernel of its own.
        weight_name: what the layer calls the kernel.
        weight_shape: the shape in which it keeps it.
        weight_index: how it indexes it: for each axis the name of a coordinate, or for several
            coordinates in one the names with their factors, of which the sum is the index. The
            names are "tap0", ..., "out0", ..., "slice" (a position in depth), "channel" (of the
            input), "filter" (a channel of the output) and "multiplier" (its remainder).
        multiplier: how many outputs a depthwise step makes of each channel; else 1.
        groups: into how many groups the channels are divided.
        note: what the activation does, in a sentence; empty without one.
        parts: what equal parts of the output channels are for, in order, where they are for
            different things: the gates of a recurrent layer.
        gates: of a step that reduces by "gates".
    """

    axes: tuple[Axis, ...]
    input: Grid
    kernel: Grid | None
    bias: Values | None
    linear: Values
    output: Grid
    channels: NDArray[np.int32]
    activation: str
    name: str = "convolution"
    reduce: Reduce = "sum"
    local: bool = False
    weight_name: str = "kernel"
    weight_shape: tuple[int, ...] = ()
    weight_index: tuple[Coordinate, ...] = ()
    multiplier: int = 1
    groups: int = 1
    note: str = ""
    parts: tuple[str, ...] = ()
    gates: Gates | None = None

    def weight_at(
        self, taps: Sequence[int], depth: int, filter: int, place: Sequence[int] = ()
    ) -> tuple[int, ...]:
        """The layer's own index of a weight.

        Args:
            taps: one tap per spatial axis.
            depth: the position among the input channels that the filter reads.
            filter: the output channel.
            place: the output place, of a locally connected layer.

        Returns:
            The index in the array that the layer calls `weight_name`.
        """
        known = {f"tap{axis}": tap for axis, tap in enumerate(taps)}
        known |= {f"out{axis}": at for axis, at in enumerate(place)}
        known |= {"slice": depth, "channel": int(self.channels[filter, depth]), "filter": filter}
        known["multiplier"] = filter % self.multiplier
        return tuple(
            known[part] if isinstance(part, str) else sum(known[name] * by for name, by in part)
            for part in self.weight_index
        )


@dataclass(frozen=True)
class Time:
    """Which time step of a recurrent layer is shown.

    Args:
        step: how many steps were made before it.
        steps: how many the sequence has.
        read: the position of the input that it reads, which runs backwards with `go_backwards`.
    """

    step: int
    steps: int
    read: int


@dataclass(frozen=True, eq=False)
class Scene:
    """A layer, or a chain of them, at work on one example: all that a stage or a figure shows.

    Args:
        layer: the layer's class name; of a chain, those of all.
        code: the layer's `repr`: the call that makes it; of a chain, a list of them.
        data_format: "channels_last" or "channels_first".
        dtype: the name of the dtype of the output.
        roundoff: the largest relative error of one rounding in that dtype; 0 of integers.
        input_shape: with None for the batch.
        output_shape: with None for the batch.
        parameters: how many weights the layer has.
        macs: multiplications per example, those with padding included.
        steps: what the layer does, in order.
        facts: short sentences about this layer on this input, most important first.
        flat: whether the output has channels alone, without places: a global pooling's.
        time: which time step is shown, of a recurrent layer.
        full_cost: of a depthwise or separable layer, what the full convolution would cost.
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
    flat: bool = False
    time: Time | None = None
    full_cost: Cost | None = None

    @property
    def rank(self) -> int:
        """How many spatial axes there are."""
        return len(self.steps[-1].axes)

    @property
    def selectable(self) -> tuple[int, ...]:
        """The shape that a selection indexes: the output without its batch, the user's order.

        Of a recurrent layer that gives sequences, the output of one time step.
        """
        *spatial, filters = self.steps[-1].output.values.shape
        return self.index(spatial, filters)

    def index(self, place: Sequence[int], channel: int) -> tuple[int, ...]:
        """The user's index, without the batch, of a place and a channel of the output.

        Args:
            place: one integer per spatial axis.
            channel: the channel or filter.

        Returns:
            `(*place, channel)`, or `(channel, *place)` in channels_first; `(channel,)` of an output
            without places.
        """
        if self.flat:
            return (channel,)
        if self.data_format == "channels_first":
            return (channel, *place)
        return (*place, channel)

    def place(self, index: Sequence[int]) -> tuple[tuple[int, ...], int]:
        """The place and the channel that the user's index names: the inverse of `index`."""
        if self.flat:
            return (0,) * self.rank, index[0]
        if self.data_format == "channels_first":
            return tuple(index[1:]), index[0]
        return tuple(index[:-1]), index[-1]
