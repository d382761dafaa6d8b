"""Inputs near the one that is fed, tried one after another where nothing else is known to help."""

from __future__ import annotations

import math
from collections.abc import Iterator

from convlab.inspector.diagnosis.change import Change, input_shape
from convlab.inspector.diagnosis.context import Context, Shape
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.fixing.choosing import bounded
from convlab.layers.reshaping import Reshape
from convlab.models.calls import Call

Changes = tuple[Change, ...]

FARTHEST = 8
"""So many cells off an input is tried, along one axis or along all spatial ones."""

ENOUGH = 2


def nearby_inputs(context: Context, finding: Finding) -> Iterator[Fix]:
    """Fixes that feed another shape near the one that is fed; the first that do."""
    found = 0
    for changes in bounded(context, _candidates(context, finding)):
        fix = context.fix(changes, finding=finding)
        if fix is not None:
            found += 1
            yield fix
        if found == ENOUGH:
            return


def searched(fixes: tuple[Fix, ...]) -> str:
    """What to say where nothing was found."""
    if fixes:
        return ""
    return (
        "Nothing that was tried mends it: no single argument of the layers on the way, no layer "
        f"put in or left out, and no input up to {FARTHEST} cells off."
    )


def _candidates(context: Context, finding: Finding) -> Iterator[Changes]:
    begun = [call for call in context.calls if call.is_input]
    for call in begun:
        yield from _hinted(context, call, finding)
    for far in range(1, FARTHEST + 1):
        for call in begun:
            for off in (-far, far):
                yield from _off(context, call, off)


def _hinted(context: Context, call: Call, finding: Finding) -> Iterator[Changes]:
    """Inputs with an axis fewer, and such as fill the target of a `Reshape`."""
    shape = _shape(call)
    if len(shape) > 2:
        yield from _fed(call, (shape[0], *shape[2:]))
    layer = context.calls[finding.row].layer if finding.row is not None else None
    if not isinstance(layer, Reshape) or -1 in layer.target_shape:
        return
    sizes = [size for size in layer.target_shape if size != 1]
    target = (*sizes, *[1] * (len(shape) - 1 - len(sizes)))
    if len(target) == len(shape) - 1:
        yield from _fed(call, (shape[0], *target))
    filled = math.prod(layer.target_shape)
    for axis in range(1, len(shape)):
        rest = math.prod(size or 1 for a, size in enumerate(shape) if a not in (0, axis))
        if rest and filled % rest == 0:
            yield from _fed(call, (*shape[:axis], filled // rest, *shape[axis + 1 :]))


def _off(context: Context, call: Call, off: int) -> Iterator[Changes]:
    """Inputs that many cells larger or smaller, along all spatial axes or along one axis."""
    shape = _shape(call)
    channel = context.channel_axis(call.outputs[0])
    spatial = [axis for axis in range(1, len(shape)) if axis != channel]
    for axes in (spatial, *([axis] for axis in range(1, len(shape)))):
        if axes:
            yield from _fed(
                call,
                tuple(
                    size + off if a in axes and size is not None else size
                    for a, size in enumerate(shape)
                ),
            )


def _fed(call: Call, new: Shape) -> Iterator[Changes]:
    shape = _shape(call)
    if new != shape and all(size is None or size > 0 for size in new[1:]):
        yield (input_shape(call.name, shape, new),)


def _shape(call: Call) -> Shape:
    spec = call.outputs[0].spec
    return spec.shape if spec is not None else ()
