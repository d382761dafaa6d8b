"""The receptive field of a layer's units: what of the network's input they see."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import axis_names
from convlab.geometry.span import Span
from convlab.inspector.given import given_specs, outputs_named
from convlab.inspector.reaches import Reach, Reaches, reaches_of
from convlab.inspector.units import cells_read, one_unit
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.spatial import Spatial
from convlab.models.calls import Call, Calls, Wire, calls_of
from convlab.models.model import Model

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
            where that is not known. Of units between which it varies (behind an upsampling), the
            largest. Where a layer reads the whole axis, the size of the input.
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
    _asked: _Asked | None = field(default=None, compare=False)

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

        A path takes one tap in each layer; channels count once, however many there are. Counts
        that 64 bits do not hold are Python's integers.
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

    def _question(self) -> _Asked:
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
            return "not known"
        told = [f"size {self.size[at]}"]
        for name in ("stride", "padding", "center"):
            value = getattr(self, name)[at]
            if value is not None:
                told.append(f"{name} {float(value):g}")
        if self.aligned[at] is False:
            apart = self.offset[at]
            told.append(
                "paths of several strides" if apart is None else f"centres {float(apart):g} apart"
            )
        return ", ".join(told)


def receptive_field(
    model: Model,
    layer: str | int | None = None,
    index: int | Sequence[int] | None = None,
    input_shape: Any = None,
) -> ReceptiveField:
    """What the units of a layer see of the network's input, exactly.

    Args:
        model: a network, or a live Keras model.
        layer: the layer's name (of a nested model "outer/inner"), or its place among
            `model.layers`; None is what the model gives.
        index: one of the layer's units by its place along the spatial axes, and its channel if
            that matters; None tells of all units, and of the cells of the one in the middle.
        input_shape: what goes in, instead of what the model says, with or without the batch; a
            list for several inputs.

    Returns:
        The field in the first input that is reached; `.inputs` has those in all of them.

    Raises:
        ArgumentError: there is no such layer, or no such unit.
        ShapeError: the layer's shape is not known, since shapes conflict before it.

    Example:
        >>> import convlab as cl
        >>> from convlab import layers
        >>> x = cl.Input((32, 1))
        >>> y = layers.Conv1D(1, 3, dilation_rate=2, name="conv")(layers.MaxPooling1D(2)(x))
        >>> field = receptive_field(cl.Model(x, y), "conv", index=1)
        >>> field.size, field.stride, field.padding, field.center
        ((10,), (2,), (0,), (6.5,))
        >>> field.indices
        (array([ 2,  3,  6,  7, 10, 11]),)
    """
    if not isinstance(model, Model):
        from convlab.models import from_keras

        model = from_keras(model, weights=False)
    specs = given_specs(model, input_shape)
    calls = calls_of(model, specs)
    wire = outputs_named(model, calls, layer)
    name = wire.source.name if wire.source else model.name
    fields = fields_of(calls, reaches_of(calls)[id(wire)], name)
    if not fields:
        raise ShapeError(
            "A receptive field is that of a layer which reads an input.",
            received=f"the layer '{name}', which reads none, or none that is known",
            remedy="Look at convlab.trace(model): a conflict before it is marked there.",
            argument="layer",
        )
    which = next(iter(fields))
    return _asked_for(model, calls, wire, which, fields[which], index)


def fields_of(calls: Calls, reaches: Reaches, name: str) -> dict[int, ReceptiveField]:
    """The field in each input that is reached, by the input's number."""
    begun = [call for call in calls.calls if call.is_input]
    return {
        which: _field(calls, call, which, reaches, name)
        for which, call in enumerate(begun)
        if any(key[0] == which for key in reaches)
    }


def _field(calls: Calls, begin: Call, which: int, reaches: Reaches, name: str) -> ReceptiveField:
    axes = spatial_axes(calls, begin)
    sizes = begin.outputs[0].spec.shape if begin.outputs[0].spec else ()
    told = [_axis(reaches.get((which, axis)), sizes[axis]) for axis in axes]
    columns = [tuple(one[part] for one in told) for part in range(8)] if told else [()] * 8
    names = _names(calls, begin, len(axes))
    return ReceptiveField(name, begin.name, names, *columns)


def _axis(reach: Reach | None, size: int | None) -> tuple[Any, ...]:
    """Size, stride, padding, centre, aligned, offset, reader of all, local size."""
    if reach is None:
        return 0, None, None, None, None, None, "", 0
    span = reach.span
    local = span.size if span else None
    aligned, offset = alignment(span)
    if reach.whole and not reach.unknown:
        centre = None if size is None else (size - 1) / 2
        return size, None, 0, centre, aligned, offset, reach.whole, local
    if reach.unknown or span is None:
        return None, None, None, None, None, None, reach.whole, None
    assert span is not None
    if not reach.steady:
        return local, None, None, None, aligned, offset, "", local
    bounds = span.bounds(0)
    known = bounds is not None and span.placed
    return (
        local,
        _plain(span.stride),
        -bounds[0] if bounds and known else None,
        sum(bounds) / 2 if bounds and known else None,
        aligned,
        offset,
        "",
        local,
    )


def alignment(span: Span | None) -> tuple[bool | None, Number | None]:
    """Whether the paths of a span are centred at one place, and how far apart they are."""
    if span is None or not span.placed:
        return None, None
    if not span.even:
        return False, None
    apart = span.high - span.low
    return apart == 0, _plain(apart)


def _plain(number: Fraction) -> Number:
    return int(number) if number.denominator == 1 else number


def spatial_axes(calls: Calls, begin: Call) -> tuple[int, ...]:
    """The axes of an input that are spatial: all but the batch and the channels."""
    spec = begin.outputs[0].spec
    rank = len(spec.shape) if spec else 0
    reader = _first_reader(calls, begin)
    channel = reader.channel_axis % rank if reader and rank == reader.input_rank else rank - 1
    return tuple(axis for axis in range(1, rank) if axis != channel)


def _first_reader(calls: Calls, begin: Call) -> Spatial | None:
    rank = len(begin.outputs[0].spec.shape) if begin.outputs[0].spec else 0
    layers = (call.layer for call in calls.calls)
    return next(
        (one for one in layers if isinstance(one, Spatial) and one.input_rank == rank), None
    )


def _names(calls: Calls, begin: Call, rank: int) -> tuple[str, ...]:
    reader = _first_reader(calls, begin)
    if isinstance(reader, ConvLSTM) and rank > 1:
        return ("time", *axis_names(rank - 1))
    return tuple(axis_names(rank)) if 0 < rank <= 3 else tuple(f"axis {a + 1}" for a in range(rank))


@dataclass(frozen=True, eq=False)
class _Asked:
    """One unit, and where to look for what it reads."""

    model: Model
    calls: Calls
    wire: Wire
    which: int
    spatial: tuple[int, ...]
    unit: Mapping[int, int]

    def read(self, *, counting: bool) -> Array:
        sizes = self.wire.spec.shape[1:] if self.wire.spec else ()
        if None in sizes:
            raise ShapeError(
                "Which cells a unit reads is told for inputs of known sizes.",
                received=f"units of shape {sizes}",
                remedy="Give input_shape=(height, width, channels).",
                argument="input_shape",
            )
        unit = one_unit([size or 0 for size in sizes], self.unit, counting)
        return cells_read(self.calls, self.wire, unit)[self.which]

    def gradient(self, x: Any, samples: int) -> Array:
        name = self.wire.source.name if self.wire.source else ""
        node = next((n for n in self.model.graph.nodes if n.layer.name == name), None)
        if node is None:
            raise ArgumentError(
                "The effective field is told of the layers of the model itself.",
                received=f"the layer '{name}' of a nested model",
                remedy="Ask the nested model: convlab.receptive_field(model.get_layer(...)).",
                argument="layer",
            )
        part = Model(self.model.inputs, node.output(self.wire.index))
        total: Any = 0
        for given in self._examples(x, samples):
            shape = np.shape(part(given))
            dy = np.zeros(shape, np.float32)
            dy[(slice(None), *(self.unit.get(a, slice(None)) for a in range(len(shape) - 1)))] = 1
            dx = part.vjp(given, dy).inputs
            slope = np.abs((dx if len(part.inputs) == 1 else dx[self.which]).astype(np.float64))
            others = tuple(a for a in range(slope.ndim) if a not in self.spatial)
            total = total + slope.sum(axis=others)
        return np.asarray(total / (total.sum() or 1))

    def _examples(self, x: Any, samples: int) -> Any:
        if x is not None:
            return [x]
        shapes = [
            tuple(1 if a == 0 else size or 0 for a, size in enumerate(call.outputs[0].spec.shape))
            for call in self.calls.calls
            if call.is_input and call.outputs[0].spec
        ]
        rng = np.random.default_rng(0)
        draws = [
            [rng.standard_normal(shape).astype(np.float32) for shape in shapes]
            for _ in range(samples)
        ]
        return [draw if len(draw) > 1 else draw[0] for draw in draws]


def _asked_for(
    model: Model, calls: Calls, wire: Wire, which: int, found: ReceptiveField, index: Any
) -> ReceptiveField:
    begin = [call for call in calls.calls if call.is_input][which]
    sizes = wire.spec.shape[1:] if wire.spec else ()
    places = _unit_axes(calls, wire, sizes)
    given = _index(index, places, sizes)
    unit = given or {a: (sizes[a] or 1) // 2 for a in places}
    asked = _Asked(model, calls, wire, which, spatial_axes(calls, begin), unit)
    joins = _joins(calls, wire, which, asked.spatial)
    changed: dict[str, Any] = {"_asked": asked, "joins": joins}
    if given:
        changed["index"] = tuple(given[a] for a in sorted(given))
        changed["center"] = _centers(calls, wire, which, asked, found)
    values = {name: getattr(found, name) for name in ReceptiveField.__dataclass_fields__}
    return ReceptiveField(**(values | changed))


def _unit_axes(calls: Calls, wire: Wire, sizes: Sequence[int | None]) -> list[int]:
    """The axes of a tensor's units that are spatial, counted from behind the batch."""
    layer = wire.source.layer if wire.source else None
    rank = len(sizes)
    channel = rank - 1
    nearest = layer if isinstance(layer, Spatial) else _last_spatial(calls, wire)
    if nearest is not None and rank > 1:
        channel = nearest.channel_axis % (rank + 1) - 1
    return [axis for axis in range(rank) if axis != channel] if rank > 1 else []


def _last_spatial(calls: Calls, wire: Wire) -> Spatial | None:
    found = None
    for call in calls.calls:
        if isinstance(call.layer, Spatial):
            found = call.layer
        if wire in call.outputs:
            break
    return found


def _index(index: Any, places: Sequence[int], sizes: Sequence[int | None]) -> dict[int, int]:
    """A unit by axis, of an index over the spatial axes, or over all of them."""
    if index is None:
        return {}
    try:
        given = (
            [operator.index(index)] if np.ndim(index) == 0 else [operator.index(i) for i in index]
        )
    except TypeError:
        given = []
    axes = list(places) if len(given) == len(places) and places else list(range(len(sizes)))
    fits = len(given) == len(axes) and all(
        sizes[axis] is None or -(sizes[axis] or 0) <= i < (sizes[axis] or 0)
        for axis, i in zip(axes, given, strict=False)
    )
    if not fits or not given:
        shape = ", ".join(str(sizes[a]) for a in (places or range(len(sizes))))
        raise ArgumentError(
            "A unit is named by its place along the layer's spatial axes, and its channel if that "
            "matters.",
            received=f"index={index!r}, for units of shape {tuple(sizes)}",
            remedy=f"Use whole numbers below ({shape}).",
            argument="index",
        )
    return {a: i % (sizes[a] or i + 1) for a, i in zip(axes, given, strict=True)}


def _centers(
    calls: Calls, wire: Wire, which: int, asked: _Asked, found: ReceptiveField
) -> tuple[float | None, ...]:
    reaches = reaches_of(calls)[id(wire)]
    centers: list[float | None] = []
    for at, axis in enumerate(asked.spatial):
        reach = reaches.get((which, axis))
        if reach is None or reach.whole or reach.span is None or not reach.steady:
            centers.append(found.center[at])
            continue
        bounds = reach.span.bounds(asked.unit.get(reach.axes[0] - 1, 0)) if reach.axes else None
        centers.append(sum(bounds) / 2 if bounds and reach.span.placed else None)
    return tuple(centers)


def _joins(calls: Calls, wire: Wire, which: int, spatial: Sequence[int]) -> tuple[Join, ...]:
    """The joins on the way to a tensor."""
    known = reaches_of(calls)
    before = _behind(calls, wire)
    told = (join_of(call, known, which, spatial) for call in calls.calls if id(call) in before)
    return tuple(join for join in told if join is not None)


def _behind(calls: Calls, wire: Wire) -> set[int]:
    """The calls that a tensor is made of."""
    needed = {id(wire)}
    found: set[int] = set()
    for call in reversed(calls.calls):
        if any(id(output) in needed for output in call.outputs):
            found.add(id(call))
            needed |= {id(given) for given in call.inputs}
    return found


def join_of(
    call: Call, known: Mapping[int, Reaches], which: int, spatial: Sequence[int]
) -> Join | None:
    """How the branches that a call joins lie to one another; None where it joins none."""
    branches = [
        given
        for given in call.inputs
        if any(reach.span for key, reach in known.get(id(given), {}).items() if key[0] == which)
    ]
    if len(branches) < 2:
        return None
    reaches = known.get(id(call.outputs[0]), {})
    told = [alignment(reach.span if (reach := reaches.get((which, a))) else None) for a in spatial]
    return Join(
        call.name,
        tuple(aligned is not False for aligned, _ in told),
        tuple(offset for _, offset in told),
    )
