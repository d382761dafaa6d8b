"""Channels where the layers take them: another input, its axes permuted, another data format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from convlab.inspector.diagnosis.change import Change, argument, input_shape, insert
from convlab.inspector.diagnosis.context import Context, Shape
from convlab.inspector.diagnosis.fixing.meeting import place
from convlab.layers.merging import Concatenate
from convlab.layers.spatial import Spatial
from convlab.models.calls import Call

Changes = tuple[Change, ...]

FEW = 4
"""Pictures have so many channels at most, as far as one can guess."""


def formats(context: Context) -> set[str]:
    """The data formats of the layers over two or three axes."""
    layers = (call.layer for call in context.calls)
    return {layer.data_format for layer in layers if isinstance(layer, Spatial) and layer.rank > 1}


def looks_swapped(context: Context, call: Call) -> bool:
    """Whether an input's few channels seem to stand where the layers take them not to."""
    spec = call.outputs[0].spec
    if spec is None or len(spec.shape) < 3 or None in spec.shape[1:]:
        return False
    first, last = spec.shape[1] or 0, spec.shape[-1] or 0
    if context.channel_axis(call.outputs[0]) == 1:
        first, last = last, first
    return first <= FEW < last


def swapped_inputs(context: Context) -> list[Call]:
    """The inputs whose channels seem to stand at the wrong end."""
    return [one for one in context.calls if one.is_input and looks_swapped(context, one)]


def format_candidates(context: Context, swapped: Sequence[Call]) -> Iterator[Changes]:
    """The inputs' axes swapped, or all layers told another data format."""
    if swapped:
        yield tuple(_fed(context, call) for call in swapped)
        permuted = [_permuted(context, call) for call in swapped]
        if all(permuted):
            yield tuple(change for change in permuted if change is not None)
    for wanted in ("channels_last", "channels_first"):
        changes = tuple(_formatted(context, wanted))
        if changes:
            yield changes
            if swapped:
                yield (*(_fed(context, call) for call in swapped), *changes)


def moved(shape: Shape, *, first: bool) -> Shape:
    """A shape with its channels, which stand at the other end, where they are taken to be."""
    return (shape[0], shape[-1], *shape[1:-1]) if first else (shape[0], *shape[2:], shape[1])


def _fed(context: Context, call: Call) -> Change:
    wire = call.outputs[0]
    shape = wire.spec.shape if wire.spec else ()
    return input_shape(call.name, shape, moved(shape, first=context.channel_axis(wire) == 1))


def _permuted(context: Context, call: Call) -> Change | None:
    """A `Permute` behind an input that one layer reads."""
    wire = call.outputs[0]
    readers = context.readers.get(id(wire), [])
    rank = len(wire.spec.shape) if wire.spec else 0
    if len(readers) != 1 or readers[0].node is None:
        return None
    axes = tuple(range(rank))
    dims = moved(axes, first=context.channel_axis(wire) == 1)[1:]
    row = context.row(readers[0])
    branch = next(n for n, one in enumerate(readers[0].inputs) if one is wire)
    return insert(
        "Permute",
        {"dims": dims},
        name=context.new_name("Permute"),
        source=call.name,
        text=f"permute the axes {dims} after {call.name}",
        **place(context, row, branch),
    )


def _formatted(context: Context, wanted: str) -> Iterator[Change]:
    """Every layer told the same data format, and every join the axis of the channels."""
    seen: set[int] = set()
    for call in context.calls:
        layer = call.layer
        if id(layer) in seen:
            continue
        seen.add(id(layer))
        if isinstance(layer, Spatial) and "data_format" in layer.arguments():
            if layer.data_format != wanted:
                yield argument(call.name, "data_format", layer.data_format, wanted)
        elif isinstance(layer, Concatenate):
            axis = 1 if wanted == "channels_first" else -1
            rank = len(call.inputs[0].spec.shape) if call.inputs[0].spec else 0
            if rank > 3 and layer.axis % rank != axis % rank:
                yield argument(call.name, "axis", layer.axis, axis)
