"""What mends a number of axes that a layer does not take."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from inspect import signature
from typing import Any

from convlab import layers as keras_layers
from convlab.inspector.diagnosis.change import (
    Change,
    argument,
    exchange,
    input_shape,
    insert,
    remove,
)
from convlab.inspector.diagnosis.context import Context, Shape
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.fixing.choosing import bounded, ranked
from convlab.inspector.diagnosis.fixing.completing import completed
from convlab.inspector.diagnosis.fixing.feeding import as_declared
from convlab.inspector.diagnosis.fixing.meeting import place
from convlab.inspector.diagnosis.network import Tried
from convlab.layers.base import Layer
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.global_pooling import BaseGlobalPooling
from convlab.layers.input_layer import InputLayer
from convlab.layers.outline import Outline, rank_of
from convlab.layers.reshaping import Flatten, Reshape
from convlab.layers.spatial import Spatial
from convlab.models.calls import Call

Changes = tuple[Change, ...]

COLOURS = (1, 3, 4)
"""The channels that pictures have, as far as one can guess."""


def rank_fixes(
    context: Context, finding: Finding, wanted: int, origin: Call | None
) -> tuple[Fix, ...]:
    """The fixes of a layer that reads another number of axes than it takes."""
    candidates = _candidates(context, finding.row or 0, wanted, origin)
    return ranked(context.fixes(bounded(context, candidates), finding=finding))


def _candidates(context: Context, row: int, wanted: int, origin: Call | None) -> Iterator[Changes]:
    call = context.calls[row]
    if wanted == len(call.shape) - 1 and _steps_behind(context, row):
        each = completed(context, at_each_step, row=row)
        if each:
            yield each
            return  # what drops or merges the axis of time breaks what it is for
    if origin is not None and origin.is_input:
        yield from as_declared(context)
    if origin is not None:
        yield from as_named(context, origin, wanted)
        yield from _at_origin(call, origin, wanted)
    if isinstance(call.layer, BaseGlobalPooling):
        yield (remove(call.name),)  # what it makes of a picture is made already
    yield from _reshaped(context, row, wanted)
    other = completed(context, of_rank, row=row)
    if other:
        yield other


def as_named(context: Context, origin: Call, wanted: int) -> Iterator[Changes]:
    """The shape that the input of a nested model names, fed to the network's own input."""
    spec = origin.outputs[0].spec
    if not origin.is_input or spec is None:
        return
    for call in context.calls:
        if isinstance(call.layer, InputLayer) and call.inputs:
            named = (spec.shape[0], *call.layer.batch_shape[1:])
            if call.inputs[0].source is origin and len(named) == wanted:
                yield (input_shape(origin.name, spec.shape, named),)


def _at_origin(call: Call, origin: Call, wanted: int) -> Iterator[Changes]:
    """Changes of the layer that gave the tensor its number of axes, or of the input."""
    layer, shape = origin.layer, origin.outputs[0].spec
    missing = wanted - len(call.shape)
    if origin.is_input and shape is not None:
        for new in fed_shapes(shape.shape, call, missing):
            yield (input_shape(origin.name, shape.shape, new),)
    elif isinstance(layer, BaseGlobalPooling) and not layer.keepdims:
        yield (argument(origin.name, "keepdims", layer.keepdims, True),)
        yield (remove(origin.name),)
    elif _gives_sequences(layer) and missing == 1:
        yield (argument(origin.name, "return_sequences", False, True),)
    elif isinstance(layer, Reshape):
        old = layer.target_shape
        for new in with_axis(old, call) if missing == 1 else without_axis(old, missing):
            yield (argument(origin.name, "target_shape", old, new),)
    elif isinstance(layer, Flatten):
        yield (remove(origin.name),)


def _steps_behind(context: Context, row: int) -> bool:
    """Whether a layer behind a call takes steps of time."""
    return any(_takes_steps(context.calls[one].layer) for one in context.behind(row))


def at_each_step(context: Context, tried: Tried, row: int) -> Changes | None:
    """A layer that reads an axis too many applied to each step."""
    call = context.calls[row]
    layer, spec = tried.layer(call), tried.spec(call.inputs[0]) if call.inputs else None
    wanted = rank_of(layer)
    if wanted is None or spec is None or len(spec.shape) != wanted + 1:
        return None
    if not isinstance(layer, Spatial) or _takes_steps(layer):
        return None
    text = f"TimeDistributed around {call.name}"
    return (exchange(call.name, "TimeDistributed", {"layer": layer.replace(name=None)}, text),)


def _gives_sequences(layer: Layer) -> bool:
    """Whether a layer can give every step instead of the last."""
    return isinstance(layer, ConvLSTM) or (isinstance(layer, Outline) and layer.is_recurrent)


def _takes_steps(layer: Layer) -> bool:
    """Whether a layer takes steps of time behind the batch."""
    return isinstance(layer, ConvLSTM | Outline)


def fed_shapes(shape: Shape, call: Call, missing: int) -> Iterator[Shape]:
    """The shapes that an input may have with one axis more, or fewer."""
    if missing == 1:
        if _takes_steps(call.layer) and not lacks_channels(call):
            yield (shape[0], None, *shape[1:])
            yield (shape[0], 1, *shape[1:])
        elif shape[0] is not None:
            yield (1, *shape)
        if isinstance(call.layer, Spatial) and call.layer.channel_axis == 1:
            yield (shape[0], 1, *shape[1:])
        yield (*shape, 1)
    elif missing < 0:
        yield (shape[0], *shape[1 - missing :])
        if shape[-1] == 1:
            yield shape[:missing]


def lacks_channels(call: Call) -> bool:
    """Whether what `TimeDistributed` reads has its steps, and no channels as pictures have."""
    timed = isinstance(call.layer, Outline) and not call.layer.is_recurrent
    return timed and call.shape[-1] not in COLOURS


def with_axis(target: Sequence[Any], call: Call) -> Iterator[tuple[Any, ...]]:
    """A target shape with an axis of one channel."""
    if isinstance(call.layer, Spatial) and call.layer.channel_axis == 1:
        yield (1, *target)
    yield (*target, 1)
    yield (1, *target)


def without_axis(target: Sequence[Any], missing: int) -> Iterator[tuple[Any, ...]]:
    """A target shape with fewer axes: sizes of 1 left out, else the first ones as one."""
    short = [size for size in target if size != 1]
    if len(short) == len(target) + missing:
        yield tuple(short)
    if len(target) + missing >= 1 and -1 not in target:
        yield (math.prod(target[: 1 - missing]), *target[1 - missing :])


def _reshaped(context: Context, row: int, wanted: int) -> Iterator[Changes]:
    """A `Reshape` before the layer."""
    call = context.calls[row]
    sizes = tuple(call.shape[1:])
    missing = wanted - len(call.shape)
    for target in _targets(sizes, call, missing):
        name = context.new_name("Reshape")
        source = call.inputs[0].source
        if source is None:
            return
        yield (
            insert(
                "Reshape",
                {"target_shape": target},
                name=name,
                source=source.name,
                text=f"reshape to {' x '.join(map(str, target))} after {source.name}",
                **place(context, row, 0),
            ),
        )


def _targets(sizes: Shape, call: Call, missing: int) -> Iterator[tuple[int, ...]]:
    if sizes.count(None) > 1:
        return
    known = tuple(-1 if size is None else size for size in sizes)
    first = isinstance(call.layer, Spatial) and call.layer.channel_axis == 1
    ones = (1,) * missing
    if missing > 0:
        if _takes_steps(call.layer):
            yield (*ones, *known)
        if missing > 1 and len(known) == 1 and known[0] > 0:  # numbers as a picture
            yield from _pictures(known[0], missing, first=first)
        yield (*ones, *known) if first else (*known, *ones)
    elif missing < 0:
        kept = len(known) + missing - 1
        if _takes_steps(call.layer) and -1 not in known[kept:]:  # the first axis stays that of time
            yield (*known[:kept], math.prod(known[kept:]))
        yield from without_axis(known, missing)


def _pictures(numbers: int, axes: int, *, first: bool) -> Iterator[tuple[int, ...]]:
    """Numbers as a square or a cube of the largest side, with the channels that are left."""
    for side in range(math.isqrt(numbers), 1, -1):
        cells = side**axes
        if numbers % cells == 0:
            sides = (side,) * axes
            yield (numbers // cells, *sides) if first else (*sides, numbers // cells)
            return


def of_rank(context: Context, tried: Tried, row: int) -> Changes | None:
    """The same kind of layer for the number of axes that comes in."""
    call = context.calls[row]
    layer = call.layer
    spec = tried.spec(call.inputs[0]) if call.inputs else None
    if not isinstance(layer, Spatial) or spec is None:
        return None
    rank = len(spec.shape) - (layer.input_rank - layer.rank)
    name = layer.class_name.replace(f"{layer.rank}D", f"{rank}D")
    other = getattr(keras_layers, name, None)  # not every kind has three ranks
    if other is None or name == layer.class_name:
        return None
    given = {key: value for key, value in layer.changed_arguments().items() if key != "name"}
    if not set(given) <= set(signature(other).parameters):
        return None
    if any(isinstance(value, tuple) for value in given.values()):
        return None  # which of them belongs to which axis is not known
    return (exchange(call.name, name, given),)
