"""The receptive field of a layer's units: what of the network's input they see."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from convlab.errors import ArgumentError, ShapeError
from convlab.inspector.asked import Asked
from convlab.inspector.channels import channel_axes
from convlab.inspector.field import ReceptiveField
from convlab.inspector.fields import Fields
from convlab.inspector.given import given_specs, outputs_named
from convlab.layers.node import Node, Tensor
from convlab.models.calls import Wire, calls_of
from convlab.models.model import Model


def receptive_field(
    model: Any,
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
    made = _Made(model)
    calls = calls_of(model, specs, made.settled)
    known = Fields(calls)
    wire = outputs_named(model, calls, layer)
    name = wire.source.name if wire.source else model.name
    fields = known.of(wire, name)
    if not fields:
        raise ShapeError(
            "A receptive field is that of a layer which reads an input.",
            received=f"the layer '{name}', which reads none, or none that is known",
            remedy="Look at convlab.trace(model): a conflict before it is marked there.",
            argument="layer",
        )
    asker = _Asker(model, known, wire, made.symbol(wire), index)
    told = {found.input: asker.told(which, found) for which, found in fields.items()}
    return replace(next(iter(told.values())), inputs=told)


class _Made:
    """Which wires stand for symbols of the model itself, and not of one within it."""

    def __init__(self, model: Model) -> None:
        self._own = {id(node) for node in model.graph.nodes}
        self._inputs = {id(tensor.node.layer): tensor for tensor in model.inputs}
        self._symbols: dict[Wire, Tensor] = {}

    def settled(self, node: Node, wires: Sequence[Wire]) -> None:
        if id(node) in self._own:
            self._symbols |= {wire: node.output(i) for i, wire in enumerate(wires)}

    def symbol(self, wire: Wire) -> Tensor | None:
        if wire.source is not None and wire.source.is_input:
            return self._inputs.get(id(wire.source.layer))
        return self._symbols.get(wire)


@dataclass(frozen=True)
class _Asker:
    """A tensor, its symbol if the model has one, and which of its units is meant."""

    model: Model
    fields: Fields
    wire: Wire
    symbol: Tensor | None
    index: Any

    @cached_property
    def _channels(self) -> dict[int, int]:
        return channel_axes(self.fields.calls, self.fields.reaches)

    @property
    def sizes(self) -> tuple[int | None, ...]:
        """The sizes of the tensor, without the batch."""
        return self.wire.spec.shape[1:] if self.wire.spec else ()

    def told(self, which: int, found: ReceptiveField) -> ReceptiveField:
        """The field in one of the inputs, for the unit that is meant."""
        spatial = self.fields.spatial[which]
        channel = self._channels[id(self.wire)]
        places = [axis for axis in range(len(self.sizes)) if axis + 1 != channel]
        given = _index(self.index, places, self.sizes)
        unit = given or {axis: (self.sizes[axis] or 1) // 2 for axis in places}
        model, calls = self.model, self.fields.calls
        asked = Asked(model, self.symbol, calls, self._channels, self.wire, which, spatial, unit)
        joins = self.fields.joins_behind(self.wire, which)
        found = replace(found, joins=joins, _asked=asked)
        if not given:
            return found
        center = tuple(
            self._center((which, axis), unit, found.center[at]) for at, axis in enumerate(spatial)
        )
        return replace(found, index=tuple(given[axis] for axis in sorted(given)), center=center)

    def _center(
        self, key: tuple[int, int], unit: Mapping[int, int], other: float | None
    ) -> float | None:
        """Where the field of the unit is centred along an axis."""
        reach = self.fields.reaches[id(self.wire)].get(key)
        if reach is None or reach.whole or reach.span is None or not reach.steady:
            return other
        if not reach.span.even:
            return None
        place = unit.get(reach.axes[0] - 1, 0) if reach.axes else 0
        bounds = reach.span.bounds(place)
        return sum(bounds) / 2 if bounds and reach.span.placed else None


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
