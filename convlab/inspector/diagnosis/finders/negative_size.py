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
from convlab.inspector.diagnosis.walking import steps_of, way_back
from convlab.inspector.diagnosis.words import listed, sizes_told
from convlab.layers.cropping import BaseCropping
from convlab.layers.spatial import Spatial
from convlab.models.calls import Call


def find(context: Context) -> Iterator[Finding]:
    """The layers that have no output along an axis."""
    for row in context.network.errors:
        axes = too_small(context.calls[row])
        if axes:
            yield _finding(context, row, axes)


def too_small(call: Call) -> list[int]:
    """The spatial axes along which a layer has no output, by their place in the shape."""
    layer, shape = call.layer, call.shape
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
    places = spatial_axes(layer, len(call.shape))
    numbers = [places.index(axis) for axis in axes]
    if isinstance(layer, BaseCropping):
        pairs: Any = [layer.cropping] if layer.rank == 1 else layer.cropping
        return f"is {sizes_told([sum(pairs[n]) for n in numbers])}"
    alone = (1,) * len(places)
    sizes = getattr(layer, "pool_size", getattr(layer, "kernel_size", alone))
    dilation = getattr(layer, "dilation_rate", alone)
    spans = [AxisGeometry(None, int(sizes[n]), dilation=int(dilation[n])).reach for n in numbers]
    return f"spans {sizes_told(spans)}"
