"""Which axis of every tensor is that of the channels: along the others its units have places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convlab.geometry.links import Along, Dependence, Every, Grouped, Picked, Product, Recurrent
from convlab.inspector.reach import Reaches
from convlab.inspector.reaches import dependences
from convlab.layers.spatial import Spatial
from convlab.models.calls import Call, Calls, Wire


def channel_axes(calls: Calls, reaches: Mapping[int, Reaches]) -> dict[int, int]:
    """The axis of the channels of each tensor, by the id of its `Wire`; 0 where there is none.

    What goes in says nothing of it: the first layer over spatial axes does that reads it. From
    there on it is followed through the layers.

    Example:
        >>> import convlab as cl
        >>> from convlab import layers
        >>> from convlab.inspector.reaches import reaches_of
        >>> from convlab.models.calls import calls_of
        >>> x = cl.Input((3, 8, 8))
        >>> y = layers.Conv2D(4, 3)(layers.Permute((2, 3, 1))(x))
        >>> model = cl.Model(x, layers.GlobalAveragePooling2D()(y))
        >>> calls = calls_of(model, [x.spec])
        >>> found = channel_axes(calls, reaches_of(calls))
        >>> [found[id(call.outputs[0])] for call in calls.calls]
        [1, 3, 3, 1]
    """
    known: dict[int, int] = {}
    begun = 0
    for call in calls.calls:
        for wire in call.outputs:
            if call.is_input:
                known[id(wire)] = input_channel(calls, reaches, begun)
            else:
                known[id(wire)] = _of_output(calls, call, wire, known)
        begun += call.is_input
    return known


def first_reader(calls: Calls, reaches: Mapping[int, Reaches], which: int) -> Spatial | None:
    """The first layer over spatial axes that reads an input along as many axes as it has."""
    return next((layer for layer, _ in _readers(calls, reaches, which)), None)


def _readers(calls: Calls, reaches: Mapping[int, Reaches], which: int) -> Any:
    """The layers that read an input's cells along spatial axes, and what they read."""
    begin = [call for call in calls.calls if call.is_input][which]
    rank = _rank(begin.outputs[0])
    for call in calls.calls:
        layer = call.layer
        if isinstance(layer, Spatial) and call.inputs and layer.input_rank == rank:
            found = reaches.get(id(call.inputs[0]), {})
            if any(key[0] == which for key in found):
                yield layer, found


def input_channel(calls: Calls, reaches: Mapping[int, Reaches], which: int) -> int:
    """The axis of an input's channels."""
    rank = _rank([call for call in calls.calls if call.is_input][which].outputs[0])
    if rank <= 2:
        return rank - 1
    for layer, found in _readers(calls, reaches, which):
        channel = layer.channel_axis % rank
        for axis in range(1, rank):
            reach = found.get((which, axis))
            if reach is not None and reach.axes == (channel,) and reach.steady:
                return axis
    return _usual(calls, rank)


def _of_output(calls: Calls, call: Call, wire: Wire, known: Mapping[int, int]) -> int:
    rank = _rank(wire)
    if rank <= 2:
        return rank - 1
    for given, dependence in zip(call.inputs, dependences(call, wire.index), strict=True):
        found = _followed(dependence, known.get(id(given), 0), rank)
        if found is not None:
            return found
    return _usual(calls, rank)


def _followed(dependence: Dependence | None, channel: int, rank: int) -> int | None:
    """The axis of an output's channels, from that of an input's; None where it is not known."""
    match dependence:
        case Recurrent(step, _, sequences):
            found = _followed(Product(step.links), channel - 1, rank - sequences)
            return None if found is None else found + sequences
        case Product(links) if 0 < channel <= len(links):
            match links[channel - 1]:
                case Along(axis) | Grouped(axis) | Picked(axis):
                    return axis
                case Every():  # of which new ones are made, along an axis that reads no other
                    linked = {getattr(link, "axis", 0) for link in links}
                    return max({*range(1, rank)} - linked, default=0)
            return 0  # one channel was taken out
        case Product():
            return 0
    link = dependence.links[channel - 1] if dependence is not None and channel else None
    return link.axis if isinstance(link, Along) else None


def _usual(calls: Calls, rank: int) -> int:
    """Where layers over spatial axes of this rank have the channels; else the last axis."""
    layers = (call.layer for call in calls.calls)
    spatial = (one for one in layers if isinstance(one, Spatial) and one.input_rank == rank)
    layer = next(spatial, None)
    return layer.channel_axis % rank if layer else rank - 1


def _rank(wire: Wire) -> int:
    return len(wire.spec.shape) if wire.spec else 0
