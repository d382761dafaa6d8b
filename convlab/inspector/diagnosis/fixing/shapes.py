"""What gives a tensor another shape: at the end of a network, or before what takes it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from convlab.errors import ConvlabError
from convlab.inspector.diagnosis.change import Change, argument, exchange, insert
from convlab.inspector.diagnosis.context import Context, Shape
from convlab.inspector.diagnosis.fixing import arguments
from convlab.inspector.diagnosis.fixing.channels import with_size
from convlab.inspector.diagnosis.fixing.classifying import one_answer
from convlab.inspector.diagnosis.fixing.joins import likely_layers, variants
from convlab.inspector.diagnosis.fixing.meeting import fitted, place, resampled
from convlab.inspector.diagnosis.origins import size_origin
from convlab.inspector.diagnosis.walking import Hop, way_back
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.dense import Dense
from convlab.layers.node import Spec
from convlab.layers.reshaping import Flatten, Reshape
from convlab.models.calls import Call, Wire

Changes = tuple[Change, ...]

MOST_TOGETHER = 4
"""So many transposed convolutions at most get another output padding together."""

LARGEST_START = 64
"""The largest side that is tried where a picture is made of numbers."""


@dataclass(frozen=True)
class Wanted:
    """A tensor and the shape that it should have.

    Attributes:
        wire: the tensor.
        shape: the shape with the batch; a size of None is free.
        row: the call that reads it; None at the end of the network.
        branch: which of the call's inputs, or of the network's outputs, it is.
    """

    wire: Wire
    shape: Shape
    row: int | None
    branch: int

    @property
    def spec(self) -> Spec:
        """What the tensor is now."""
        return self.wire.spec or Spec((), "float32")

    @property
    def target(self) -> list[int | None]:
        """The shape with the sizes that are there where they are free."""
        pairs = zip(self.spec.shape, self.shape, strict=True)
        return [size if want is None else want for size, want in pairs]

    @property
    def axes(self) -> list[int]:
        """The axes with another size than wanted."""
        now, shape = self.spec.shape, self.target
        return [axis for axis in range(1, len(now)) if now[axis] != shape[axis]]


def shape_candidates(context: Context, wanted: Wanted) -> Iterator[Changes]:
    """Changes that may give a tensor the shape that is wanted."""
    if len(wanted.spec.shape) != len(wanted.shape):
        yield from _of_other_rank(context, wanted)
        return
    yield from _pooled(wanted)
    channel = context.channel_axis(wanted.wire)
    spatial = [axis for axis in wanted.axes if axis != channel]
    filters = list(_filters(context, wanted, channel)) if channel in wanted.axes else []
    sizes = _sized(context, wanted, spatial) if spatial else iter(())
    if not filters:
        yield from sizes
    elif not spatial:
        yield from filters
    else:
        for one, other in product(sizes, filters):
            yield (*other, *one)


def _sized(context: Context, wanted: Wanted, axes: Sequence[int]) -> Iterator[Changes]:
    """Changes of the sizes along spatial axes."""
    spec, target, wire = wanted.spec, wanted.target, wanted.wire
    if any(target[axis] is None or spec.shape[axis] is None for axis in axes):
        return
    end = fitted(context, wire, spec, _amounts(wanted, spec, axes), wanted.row, wanted.branch, [])
    if end:
        yield end
    sizes = dict(enumerate(spec.shape)) | {axis: target[axis] for axis in axes}
    image = resampled(context, wire, spec, sizes, wanted.row, wanted.branch, [])
    if image is not None:
        yield (image,)
    hops = way_back(context, wire, axes[0])
    found = {axis: (spec.shape[axis], target[axis]) for axis in axes}
    for hop, _ in likely_layers({0: hops}):
        yield from variants(hop, found, 0)
    yield from _together(hops, axes)
    yield from _from_numbers(hops, axes)
    yield from _kept_then_cropped(context, wanted, hops, axes)


def _amounts(wanted: Wanted, spec: Spec, axes: Sequence[int]) -> dict[int, int]:
    return {axis: (wanted.target[axis] or 0) - (spec.shape[axis] or 0) for axis in axes}


def _filters(context: Context, wanted: Wanted, channel: int) -> Iterator[Changes]:
    """Another number of filters in the layer that makes the channels."""
    origin, size = size_origin(context, wanted.wire, channel), wanted.target[channel]
    if size is None or origin is None:
        return
    for name in ("filters", "units"):
        old = getattr(origin.layer, name, None)
        if isinstance(old, int):
            yield (argument(origin.name, name, old, size),)
    readers = context.readers.get(id(wanted.wire), [])
    if readers and origin.is_input:
        yield from with_size(context, origin, context.row(readers[0]), channel, size)


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
    context: Context, wanted: Wanted, hops: Sequence[Hop], axes: Sequence[int]
) -> Iterator[Changes]:
    """`padding="same"` in a layer that has none, and what is too much then cropped."""
    for hop in hops:
        layer = hop.call.layer
        if not (arguments.has_padding(layer) and getattr(layer, "padding", "") == "valid"):
            continue
        same = argument(hop.call.name, "padding", "valid", "same")
        try:
            spec = context.network.tried([same]).spec(wanted.wire)
        except ConvlabError:
            continue
        if spec is None:
            continue
        amounts = _amounts(wanted, spec, axes)
        end = fitted(context, wanted.wire, spec, amounts, wanted.row, wanted.branch, [])
        if end:
            yield (same, *end)


def _pooled(wanted: Wanted) -> Iterator[Changes]:
    """One number for each channel, instead of one for each channel at each place."""
    call = wanted.wire.source
    if call is None or not isinstance(call.layer, Flatten) or not isinstance(call.shape, tuple):
        return
    rank = len(call.shape) - 2
    if 1 <= rank <= 3 and call.shape[-1] == wanted.target[-1]:
        for kind in ("Average", "Max"):
            yield (exchange(call.name, f"Global{kind}Pooling{rank}D", {}),)


def _last_steps(wanted: Wanted) -> Iterator[Changes]:
    """The last step of a recurrent layer, instead of every one."""
    call = wanted.wire.source
    while call is not None and call.inputs:
        if getattr(call.layer, "return_sequences", False):
            yield (argument(call.name, "return_sequences", True, False),)
        call = call.inputs[0].source


def _of_other_rank(context: Context, wanted: Wanted) -> Iterator[Changes]:
    """The tensor in another shape of as many numbers."""
    source = wanted.wire.source
    if source is None or None in wanted.shape[1:]:
        return
    yield from _last_steps(wanted)
    if len(wanted.shape) == 2 and wanted.row is None and wanted.shape[1]:
        yield from one_answer(context, wanted.wire, wanted.shape[1], wanted.branch)
    class_name, given = "Reshape", {"target_shape": tuple(wanted.shape[1:])}
    if len(wanted.shape) == 2:
        class_name, given = "Flatten", {}
    name = context.new_name(class_name)
    where = place(context, wanted.row, wanted.branch)
    yield (insert(class_name, given, name=name, source=source.name, **where),)
