"""What gives an output the shape that is wanted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

from convlab.errors import ConvlabError
from convlab.inspector.diagnosis.change import Change, argument, insert
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.fixing import arguments
from convlab.inspector.diagnosis.fixing.channels import with_size
from convlab.inspector.diagnosis.fixing.choosing import bounded, ranked
from convlab.inspector.diagnosis.fixing.inputs import fed, fitting_of
from convlab.inspector.diagnosis.fixing.joins import likely_layers, variants
from convlab.inspector.diagnosis.fixing.meeting import fitted, resampled
from convlab.inspector.diagnosis.network import Tried
from convlab.inspector.diagnosis.origins import size_origin
from convlab.inspector.diagnosis.walking import Hop, way_back
from convlab.inspector.diagnosis.wanting import fits
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.dense import Dense
from convlab.layers.reshaping import Reshape
from convlab.models.calls import Call, Wire

Changes = tuple[Change, ...]

MOST_TOGETHER = 4
"""So many transposed convolutions at most get another output padding together."""

LARGEST_START = 64
"""The largest side that is tried where a picture is made of numbers."""


def output_fixes(context: Context, number: int, axes: Sequence[int]) -> tuple[Fix, ...]:
    """The fixes of one output, ranked; `axes` are those with another size than wanted."""
    wanted = context.output_shape or ()

    def reached(tried: Tried) -> bool:
        """Whether this output fits, and no other does not that did before."""
        pairs = zip(tried.outputs, context.network.outputs, wanted, strict=True)
        return fits(tried.outputs[number], wanted[number]) and all(
            fits(now, want) or not fits(wire.spec, want) for now, wire, want in pairs
        )

    wire = context.network.outputs[number]
    candidates = bounded(context, _candidates(context, wire, number, axes))
    found = list(context.fixes(candidates, goal=reached))
    found += _other_inputs(context, reached)
    return ranked(found)


def _other_inputs(context: Context, reached: object) -> Iterator[Fix]:
    sizes = fitting_of(context)
    for shapes in sizes.input_shapes(3) if sizes is not None else ():
        fix = context.fix(fed(context, shapes), goal=reached)  # type: ignore[arg-type]
        if fix is not None:
            yield fix


def _candidates(
    context: Context, wire: Wire, number: int, axes: Sequence[int]
) -> Iterator[Changes]:
    wanted = (context.output_shape or ())[number]
    spec = wire.spec
    if spec is None or wanted is None:
        return
    if len(spec.shape) != len(wanted):
        yield from _of_other_rank(context, wire, number)
        return
    channel = context.channel_axis(wire)
    target = [size if want is None else want for size, want in zip(spec.shape, wanted, strict=True)]
    if channel in axes:
        yield from _filters(context, wire, channel, target[channel])
    spatial = [axis for axis in axes if axis != channel]
    if not spatial or any(target[axis] is None for axis in spatial):
        return
    amounts = {axis: (target[axis] or 0) - (spec.shape[axis] or 0) for axis in spatial}
    end = fitted(context, wire, spec, amounts, None, number, [])
    if end:
        yield end
    image = resampled(context, wire, spec, dict(enumerate(target)), None, number, [])
    if image is not None:
        yield (image,)
    hops = way_back(context, wire, spatial[0])
    found = {axis: (spec.shape[axis], target[axis]) for axis in spatial}
    for hop, _ in likely_layers({0: hops}):
        yield from variants(hop, found, 0)
    yield from _together(hops, spatial)
    yield from _from_numbers(hops, spatial)
    yield from _kept_then_cropped(context, wire, number, hops, spatial, target)


def _filters(context: Context, wire: Wire, channel: int, wanted: int | None) -> Iterator[Changes]:
    """Another number of filters in the layer that makes the channels of the output."""
    origin = size_origin(context, wire, channel)
    reader = next((call for call in context.calls if wire in call.inputs), None)
    if wanted is None or origin is None:
        return
    for name in ("filters", "units"):
        old = getattr(origin.layer, name, None)
        if isinstance(old, int):
            yield (argument(origin.name, name, old, wanted),)
    if reader is not None and origin.is_input:
        yield from with_size(context, origin, context.row(reader), channel, wanted)


def _together(hops: Sequence[Hop], axes: Sequence[int]) -> Iterator[Changes]:
    """One output padding in several transposed convolutions."""
    ups = [hop for hop in hops if isinstance(hop.call.layer, BaseConvTranspose)]
    options: dict[str, list[Change]] = {}
    for hop in ups:
        for given in arguments.output_paddings(hop.call.layer, hop.call.shape, axes):
            if set(given) == {"output_padding"}:
                layer: BaseConvTranspose = hop.call.layer  # type: ignore[assignment]
                change = argument(
                    hop.call.name, "output_padding", layer.output_padding, given["output_padding"]
                )
                options.setdefault(repr(given), []).append(change)
    for many in range(2, MOST_TOGETHER + 1):
        for changes in options.values():
            yield from combinations(changes, many)


def _from_numbers(hops: Sequence[Hop], axes: Sequence[int]) -> Iterator[Changes]:
    """Another first side where a `Reshape` makes a picture of a `Dense` layer's numbers."""
    begin = hops[0].wire.source if hops else None
    if begin is None or not isinstance(begin.layer, Reshape) or not begin.inputs:
        return
    dense = _dense_before(begin)
    old = begin.layer.target_shape
    if dense is None or -1 in old:
        return
    shift = hops[0].axis_in - hops[-1].axis_out
    places = [axis + shift - 1 for axis in axes]
    if any(not 0 <= place < len(old) for place in places):
        return
    for side in range(1, LARGEST_START + 1):
        new = tuple(side if n in places else size for n, size in enumerate(old))
        if new != old:
            yield (
                argument(dense.name, "units", dense.layer.units, math.prod(new)),  # type: ignore[attr-defined]
                argument(begin.name, "target_shape", old, new),
            )


def _dense_before(call: Call) -> Call | None:
    """The `Dense` layer whose numbers come in, through layers that keep their shape."""
    spec = call.inputs[0].spec
    one = call.inputs[0].source
    while one is not None and one.inputs and not isinstance(one.layer, Dense):
        if one.inputs[0].spec != spec:
            return None
        one = one.inputs[0].source
    return one if one is not None and isinstance(one.layer, Dense) else None


def _kept_then_cropped(
    context: Context,
    wire: Wire,
    number: int,
    hops: Sequence[Hop],
    axes: Sequence[int],
    target: Sequence[int | None],
) -> Iterator[Changes]:
    """`padding="same"` in a layer that has none, and what is too much then cropped."""
    for hop in hops:
        layer = hop.call.layer
        if not (arguments.has_padding(layer) and getattr(layer, "padding", "") == "valid"):
            continue
        same = argument(hop.call.name, "padding", "valid", "same")
        try:
            spec = context.network.tried([same]).spec(wire)
        except ConvlabError:
            continue
        if spec is None:
            continue
        amounts = {axis: (target[axis] or 0) - (spec.shape[axis] or 0) for axis in axes}
        end = fitted(context, wire, spec, amounts, None, number, [])
        if end:
            yield (same, *end)


def _of_other_rank(context: Context, wire: Wire, number: int) -> Iterator[Changes]:
    """The output in another shape of as many numbers."""
    wanted = (context.output_shape or ())[number]
    spec = wire.spec
    if wanted is None or spec is None or wire.source is None or None in wanted[1:]:
        return
    class_name, given = "Reshape", {"target_shape": tuple(wanted[1:])}
    if len(wanted) == 2:
        class_name, given = "Flatten", {}
    yield (
        insert(
            class_name,
            given,
            name=context.new_name(class_name),
            source=wire.source.name,
            target=None,
            branch=number,
        ),
    )
