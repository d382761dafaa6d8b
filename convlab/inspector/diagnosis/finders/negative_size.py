"""Sizes that would be zero or negative: a window larger than what is left of the picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from convlab.errors import ConvlabError
from convlab.geometry import AxisGeometry
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fixing.arguments import spatial_axes
from convlab.inspector.diagnosis.fixing.too_small import too_small_fixes
from convlab.inspector.diagnosis.network import NothingLeftError
from convlab.inspector.diagnosis.walking import steps_of, way_back
from convlab.inspector.diagnosis.words import listed, sizes_told
from convlab.layers.base import Layer
from convlab.layers.cropping import BaseCropping
from convlab.layers.outline import Outline
from convlab.layers.spatial import Spatial
from convlab.models.calls import Call


def find(context: Context) -> Iterator[Finding]:
    """The layers that have no output along an axis."""
    for row in context.network.errors:
        error, axes = context.network.errors[row], too_small(context.calls[row])
        if axes:
            yield _finding(context, row, axes)
        elif isinstance(error, NothingLeftError):
            yield _nothing_left(context, row, error)


def _nothing_left(context: Context, row: int, error: NothingLeftError) -> Finding:
    """A slice, say, that takes no cell of its input."""
    call = context.calls[row]
    axes = [axis for axis, size in enumerate(error.shape) if size == 0 and axis]
    words = [context.axis_word(call.outputs[0], axis) for axis in axes]
    given = call.inputs[0].spec if call.inputs else None  # an input has nothing before it
    read = f" of {sizes_told(given.shape[1:])}" if given else ""
    return Finding(
        kind="negative-size",
        layer=call.name,
        message=f"{call.layer.class_name} '{call.name}' gives {sizes_told(error.shape[1:])}{read}: "
        f"along {listed(words)} nothing is left.",
        row=row,
        axis=words[0],
        axes=tuple(words),
        index=axes[0],
        rule=error.rule,
        received=error.received,
        remedy=error.remedy,
    )


def too_small(call: Call) -> list[int]:
    """The spatial axes along which a layer has no output, by their place in the shape."""
    if isinstance(call.layer, Outline) and isinstance(call.shape, tuple):
        return [axis + 1 for axis in _without_output(call, *at_each_step(call))]
    return _without_output(call, call.layer, call.shape)


def at_each_step(call: Call) -> tuple[Layer | None, Any]:
    """The layer that `TimeDistributed` applies to each step, and the shape of a step."""
    inner = getattr(call.layer, "inner", None)
    return inner, (call.shape[0], *call.shape[2:])


def _without_output(call: Call, layer: Layer | None, shape: Any) -> list[int]:
    if not isinstance(layer, Spatial) or not isinstance(shape, tuple):
        return []
    if call.error is None or len(shape) != layer.input_rank:
        return []
    places = spatial_axes(layer, len(shape))
    found = []
    for axis in places:
        alone = tuple(None if a in places and a != axis else s for a, s in enumerate(shape))
        if shape[axis] is not None and not _has_output(layer, alone):
            found.append(axis)
    return found if len(found) < len(places) or _has_output(layer, _open(shape, places)) else []


def _open(shape: Sequence[int | None], places: Sequence[int]) -> tuple[int | None, ...]:
    return tuple(None if a in places else size for a, size in enumerate(shape))


def _has_output(layer: Spatial, shape: tuple[int | None, ...]) -> bool:
    try:
        layer.compute_output_shape(shape)
    except ConvlabError:
        return False
    return True


def _finding(context: Context, row: int, axes: Sequence[int]) -> Finding:
    call = context.calls[row]
    (wire, *_), shape = call.inputs, call.shape
    words = [context.axis_word(wire, axis) for axis in axes]
    hops = way_back(context, wire, axes[0])
    shrinking = [hop for hop in hops if hop.lost > 0 or _strides(hop.relation)]
    wanted = "what is cropped" if isinstance(call.layer, BaseCropping) else "its window"
    finding = Finding(
        kind="negative-size",
        layer=call.name,
        message=(
            f"{call.layer.class_name} '{call.name}' reads {listed(words)} "
            f"{sizes_told([shape[axis] for axis in axes])}, and {wanted} {_spans(call, axes)}: "
            "there would be no output."
        ),
        row=row,
        axis=words[0],
        axes=tuple(words),
        index=axes[0],
        rule="Computed output size would be zero or negative.",
        received=f"input shape {shape}, {call.layer!r}",
        remedy="Feed a larger input, pad it, or shrink it less on the way.",
        culprit=shrinking[-1].call.name if shrinking else None,
        path=tuple(steps_of(context, hops)),
    )
    return finding.with_fixes(too_small_fixes(context, finding, axes))


def _strides(relation: object) -> bool:
    down = isinstance(relation, AxisGeometry) and not relation.transposed
    return down and getattr(relation, "stride", 1) > 1


def _spans(call: Call, axes: Sequence[int]) -> str:
    """How many cells the window takes along the axes."""
    layer: Any = call.layer
    timed = isinstance(layer, Outline)
    if timed:
        layer, _ = at_each_step(call)
    places = spatial_axes(layer, len(call.shape) - timed)
    numbers = [places.index(axis - timed) for axis in axes]
    if isinstance(layer, BaseCropping):
        pairs: Any = [layer.cropping] if layer.rank == 1 else layer.cropping
        return f"is {sizes_told([sum(pairs[n]) for n in numbers])}"
    alone = (1,) * len(places)
    sizes = getattr(layer, "pool_size", getattr(layer, "kernel_size", alone))
    dilation = getattr(layer, "dilation_rate", alone)
    spans = [AxisGeometry(None, int(sizes[n]), dilation=int(dilation[n])).reach for n in numbers]
    return f"spans {sizes_told(spans)}"
