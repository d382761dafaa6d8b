"""What mends a join whose inputs do not agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from convlab.errors import ConvlabError
from convlab.geometry import AxisGeometry
from convlab.inspector.diagnosis.change import Change, argument, insert, remove
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.fixing import arguments
from convlab.inspector.diagnosis.fixing.choosing import bounded, ranked
from convlab.inspector.diagnosis.fixing.completing import completed
from convlab.inspector.diagnosis.fixing.formats import format_candidates, swapped_inputs
from convlab.inspector.diagnosis.fixing.inputs import other_sizes
from convlab.inspector.diagnosis.fixing.meeting import (
    LARGEST,
    Style,
    as_branch,
    cropping_at,
    padding_at,
    place,
    resizing_at,
    targets,
)
from convlab.inspector.diagnosis.fixing.projecting import projecting_at
from convlab.inspector.diagnosis.joins import clashes, is_concatenation
from convlab.inspector.diagnosis.network import Tried
from convlab.inspector.diagnosis.origins import size_origin
from convlab.inspector.diagnosis.verifying import MOST_IN_ALL
from convlab.inspector.diagnosis.walking import Hop, parting, way_back
from convlab.layers.base_conv import BaseConv
from convlab.layers.cropping import BaseCropping
from convlab.layers.merging import Concatenate
from convlab.layers.pooling import BasePooling
from convlab.layers.up_sampling import BaseUpSampling
from convlab.layers.zero_padding import BaseZeroPadding
from convlab.models.calls import Call

Changes = tuple[Change, ...]
Ways = Mapping[int, Sequence[Hop]]

MOST_LAYERS = 14
"""So many layers of the branches are tried with other arguments, the likeliest first."""


def join_fixes(context: Context, finding: Finding, ways: Ways) -> tuple[Fix, ...]:
    """The fixes of a join, ranked."""
    return ranked(_fixes(context, finding, ways))


def _fixes(context: Context, finding: Finding, ways: Ways) -> Iterator[Fix]:
    row = finding.row or 0
    call = context.calls[row]
    found = clashes(call, [wire.spec for wire in call.inputs])
    yield from context.fixes(_axes(context, call), finding=finding)
    everywhere = completed(context, channels_at, row=row)
    if everywhere:
        yield from context.fixes([everywhere], finding=finding)
    swapped = swapped_inputs(context)
    if swapped:
        candidates = bounded(context, format_candidates(context, swapped))
        yield from context.fixes(candidates, finding=finding)
    spatial = [axis for axis in found if axis not in (0, context.channel_axis(call.inputs[0]))]
    if spatial:
        yield from _met(context, finding, row, len(call.inputs))
        yield from other_sizes(context, finding)
        candidates = _one_layer(context, row, ways, found)
        yield from context.fixes(bounded(context, candidates), finding=finding)
    yield from context.fixes(_channels(context, row, found), finding=finding)
    yield from context.fixes(_projections(context, call, found), finding=finding)
    each = completed(context, projecting_at, row=row)
    if each and len(each) > 1:
        yield from context.fixes([each], finding=finding)


def _met(context: Context, finding: Finding, row: int, branches: int) -> Iterator[Fix]:
    """Branches cropped, padded, resized, or kept at their size from where they part."""
    styles: list[tuple[Style, str]] = [
        (padding_at, "zeros stand at the edge of the smaller branch"),
        (cropping_at, "the edge of the larger branch is lost"),
        *((as_branch(n), "") for n in range(branches)),
        (resizing_at, "the smaller branch is resampled"),
        (keeping_at, "no size changes but by strides"),
        (unstrided_at, "the branch is no longer thinned out"),
    ]
    for style, note in styles:
        if context.network.work > MOST_IN_ALL:
            return
        changes = completed(context, style, row=row)
        if changes:
            fix = context.fix(changes, finding=finding, note=note)
            if fix is not None:
                yield fix


def keeping_at(context: Context, tried: Tried, row: int) -> Changes | None:
    """`padding="same"` in every layer of the branches that takes cells off without it."""
    call = context.calls[row]
    found = clashes(call, [tried.spec(wire) for wire in call.inputs])
    begin = parting(context, call.inputs)
    changes: list[Change] = []
    for axis in found:
        for wire in call.inputs:
            for hop in way_back(context, wire, axis, begin):
                layer = hop.call.layer
                if arguments.has_padding(layer) and _is_valid(layer) and loses(hop):
                    change = argument(hop.call.name, "padding", "valid", "same")
                    changes += [] if change in changes else [change]
    return tuple(changes) or None


def unstrided_at(context: Context, tried: Tried, row: int) -> Changes | None:
    """A stride of 1 in the last layer that strides on each branch that came out too small."""
    wanted = targets(context, tried, row, LARGEST)
    call = context.calls[row]
    begin = parting(context, call.inputs) if wanted else None
    changes: list[Change] = []
    for axis, size in (wanted or {}).items():
        for wire in call.inputs:
            spec = tried.spec(wire)
            if spec is None or spec.shape[axis] == size:
                continue
            hops = reversed(way_back(context, wire, axis, begin))
            strided = next((hop.call for hop in hops if _strides_on(tried.layer(hop.call))), None)
            if strided is None:
                return None
            change = argument(strided.name, "strides", getattr(strided.layer, "strides", None), 1)
            changes += [] if change in changes else [change]
    return tuple(changes) or None


def _strides_on(layer: object) -> bool:
    """Whether a layer is a convolution of a stride."""
    return isinstance(layer, BaseConv) and any(stride > 1 for stride in layer.strides)


def loses(hop: Hop) -> bool:
    """Whether a layer drops or adds cells; one whose sizes are in doubt, if its window can."""
    relation = hop.relation
    if isinstance(relation, AxisGeometry) and relation.size_in is None:
        return relation.reach > relation.stride
    return bool(hop.lost)


def _is_valid(layer: object) -> bool:
    return getattr(layer, "padding", None) == "valid"


def _axes(context: Context, call: Call) -> Iterator[Changes]:
    """Another axis along which a `Concatenate` puts its inputs."""
    layer = call.layer
    if not isinstance(layer, Concatenate) or not call.inputs[0].spec:
        return
    rank = len(call.inputs[0].spec.shape)
    channel = context.channel_axis(call.inputs[0])
    if layer.axis % rank == channel:
        return  # as it should be: along another axis it would fit only by chance
    for axis in dict.fromkeys((channel, *range(rank - 1, 0, -1))):
        if axis != layer.axis % rank:
            new = axis if layer.axis >= 0 else axis - rank
            yield (argument(call.name, "axis", layer.axis, new),)


def channels_at(context: Context, tried: Tried, row: int) -> Changes | None:
    """The channels as the axis of a `Concatenate`."""
    call = context.calls[row]
    layer = tried.layer(call)
    spec = tried.spec(call.inputs[0]) if call.inputs else None
    if not isinstance(layer, Concatenate) or spec is None:
        return None
    rank, channel = len(spec.shape), context.channel_axis(call.inputs[0])
    if layer.axis % rank == channel:
        return None
    new = channel if layer.axis >= 0 else channel - rank
    return (argument(call.name, "axis", layer.axis, new),)


def _one_layer(
    context: Context, row: int, ways: Ways, found: Mapping[int, Sequence[int | None]]
) -> Iterator[Changes]:
    """Another argument of one layer on the branches, where the sizes then agree at the join."""
    for hop, branch in likely_layers(ways):
        if context.network.work > MOST_IN_ALL:
            return
        for changes in variants(hop, found, branch):
            try:
                tried = context.network.tried(changes, until=row)
            except ConvlabError:
                continue
            if row not in tried.errors:
                yield changes


def likely_layers(ways: Ways) -> list[tuple[Hop, int]]:
    """The layers that may mend a join, the likeliest first: those that lose cells, the last."""
    hops = [(hop, n) for n, way in ways.items() for hop in reversed(way) if hop.relation]
    shared = {id(hop.call): (hop, n) for hop, n in hops}
    ordered = sorted(
        shared.values(),
        key=lambda one: (not one[0].lost, getattr(one[0].relation, "stride", 1) == 1),
    )
    return ordered[:MOST_LAYERS]


def variants(hop: Hop, found: Mapping[int, Sequence[int | None]], branch: int) -> Iterator[Changes]:
    """A layer's other arguments as changes; `found` has the axes and sizes at the place."""
    layer, shape = hop.call.layer, hop.call.shape
    if not isinstance(shape, tuple):
        return
    shift = hop.axis_in - hop.axis_out
    axes = [axis + shift for axis in found]
    more = {
        axis + shift: (sizes[1 - branch if branch < 2 else 0] or 0) - (sizes[branch] or 0)
        for axis, sizes in found.items()
        if len(sizes) > 1
    }
    for given in (
        *arguments.amounts(layer, shape, more),
        *arguments.other_padding(layer),
        *arguments.output_paddings(layer, shape, axes),
        *arguments.windows(layer, shape, axes),
    ):
        yield tuple(
            argument(hop.call.name, name, getattr(layer, name), new) for name, new in given.items()
        )
    if isinstance(layer, BasePooling | BaseUpSampling | BaseCropping | BaseZeroPadding):
        yield (remove(hop.call.name),)


def _channels(
    context: Context, row: int, found: Mapping[int, Sequence[int | None]]
) -> Iterator[Changes]:
    """As many filters on one branch as the other has channels."""
    call = context.calls[row]
    channel = context.channel_axis(call.inputs[0])
    for wire in call.inputs:
        origin = size_origin(context, wire, channel) if channel in found else None
        for size in dict.fromkeys(found.get(channel, ())):
            for name in ("filters", "units"):
                old = getattr(origin.layer, name, None) if origin is not None else None
                if origin is not None and isinstance(old, int) and size and size != old:
                    yield (argument(origin.name, name, old, size),)


def _projections(
    context: Context, call: Call, found: Mapping[int, Sequence[int | None]]
) -> Iterator[Changes]:
    """A convolution of one tap on one branch, as residual networks have it on their shortcut."""
    if is_concatenation(call) or len(call.inputs) != 2:
        return
    shapes = [wire.spec.shape for wire in call.inputs if wire.spec]
    channel = context.channel_axis(call.inputs[0])
    if len(shapes) < 2 or (0 in found):
        return
    row = context.row(call)
    for branch in (0, 1):
        own, other, wire = shapes[branch], shapes[1 - branch], call.inputs[branch]
        if wire.source is None or other[channel] is None:
            continue
        strides = _strides(own, other, channel)
        if strides is None:
            continue
        rank = len(own) - 2
        class_name = f"Conv{rank}D" if rank else "Dense"
        given: dict[str, object] = {"filters": other[channel], "kernel_size": 1}
        if rank == 0:
            given = {"units": other[channel]}
        elif set(strides) != {1}:
            given["strides"] = strides[0] if len(set(strides)) == 1 else strides
        if channel == 1 and rank:
            given["data_format"] = "channels_first"
        told = f"a convolution of 1 tap after {wire.source.name}" if rank else ""
        yield (
            insert(
                class_name,
                given,
                name=context.new_name(class_name),
                source=wire.source.name,
                text=told,
                **place(context, row, branch),
            ),
        )


def _strides(
    own: Sequence[int | None], other: Sequence[int | None], channel: int
) -> tuple[int, ...] | None:
    """The strides that may lead from one size to the other; None where that is larger."""
    found = []
    for axis in range(1, len(own)):
        if axis == channel:
            continue
        size, wanted = own[axis], other[axis]
        if size is None or wanted is None or wanted < 1 or size < wanted:
            return None
        found.append(-(-size // wanted))
    return tuple(found)
