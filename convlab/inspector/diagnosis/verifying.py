"""Whether changes reach what is wanted: they are tried, and every layer is asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from convlab.errors import ConvlabError
from convlab.geometry import convolution
from convlab.inspector.diagnosis.change import Change, argument
from convlab.inspector.diagnosis.edits import applied
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.network import Tried
from convlab.inspector.diagnosis.ranking import cost_of
from convlab.inspector.diagnosis.words import listed
from convlab.layers.base import Layer, Shape
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.input_layer import InputLayer
from convlab.layers.joining import Joining
from convlab.layers.merging import Concatenate
from convlab.layers.node import Spec
from convlab.models.calls import Call, calls_of
from convlab.models.model import Model

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.context import Context


MOST_IN_ALL = 12_000
"""So many calls are looked at again for one network; with more errors, fixes are shared."""


def verified_fix(
    context: Context,
    changes: tuple[Change, ...],
    *,
    finding: Finding | None,
    goal: Callable[[Tried], bool] | None,
    note: str,
    summary: str,
    family: str | None,
) -> Fix | None:
    """The changes as a fix, if they reach what is wanted; None if they do not."""
    if context.network.work > MOST_IN_ALL and not context.network.known(changes):
        return None
    if any(_is_ready(context, change) for change in changes):
        return None
    try:
        changes = _settled(context, context.network.tried(changes))
        tried = context.network.tried(changes)
    except ConvlabError:
        return None  # a layer does not accept such an argument
    if not holds(tried, finding, goal) or not _can_be_made(context, changes):
        return None
    left = _left(context, tried, finding)
    cost, why = cost_of(tried, left)
    mended = tuple(row for row in context.network.errors if row not in tried.errors)
    lost = [f"the weights of {name} are made anew" for name in tried.rebuilt]
    return Fix(
        changes,
        summary or summary_of(changes),
        note="; ".join([note] * bool(note) + lost[:3]),
        cost=cost,
        why=why,
        verified="trace",
        family=family,
        mends=mended,
        subject=context.subject,
    )


def _is_ready(context: Context, change: Change) -> bool:
    """Whether a change is one inside a network of `keras.applications`, which no code makes."""
    read = context.subject.read
    if read is None or not read.ready:
        return False
    place = change.target if change.kind in ("insert", "permute") else change.layer
    return place is not None and place.rpartition("/")[2] in read.ready


def _can_be_made(context: Context, changes: tuple[Change, ...]) -> bool:
    """Whether Keras can make what a trace through all calls finds right."""
    subject, network = context.subject, context.network
    shared = any(
        len(rows) > 1 and network.calls[rows[0]].layer.weighted
        for rows in network.of_layer.values()
    )
    tried = network.tried(changes)
    if any(network.rows[id(call)] not in tried.errors for call, *_ in _misfed(context, tried)):
        return False  # where it is an error, that is told
    nested = _models_inside(changes)
    if subject.model is None or not (shared or nested):
        return True
    made = applied(subject.model, changes, subject.specs)
    return all(_stands_alone(made, path) for path in nested) and (not shared or _shared_agree(made))


def _same(shape: Shape, other: Shape) -> bool:
    """Whether two shapes are equal, where both are known."""
    pairs = zip(shape, other, strict=False)
    return len(shape) == len(other) and all(None in pair or pair[0] == pair[1] for pair in pairs)


def _models_inside(changes: Sequence[Change]) -> set[str]:
    """The nested models in which something changes, by name."""
    return {change.layer.rpartition("/")[0] for change in changes} - {""}


def _stands_alone(model: Model, path: str) -> bool:
    """Whether a nested model fits the shapes that its own inputs name: by them it is made."""
    nested: Any = model
    for name in path.split("/"):
        nested = nested.get_layer(name) if isinstance(nested, Model) else None
    if not isinstance(nested, Model) or not nested.built:
        return True
    calls = calls_of(nested, [tensor.spec for tensor in nested.inputs]).calls
    return all(call.error is None for call in calls)


def _shared_agree(made: Model) -> bool:
    """Whether each layer that is called more than once has weights that do for all its calls."""
    built: dict[int, Layer] = {}
    for call in calls_of(made, [tensor.spec for tensor in made.inputs]).calls:
        layer, shape = call.layer, call.shape
        if isinstance(layer, Model) or not layer.weighted or not isinstance(shape, tuple):
            continue
        try:
            if id(layer) not in built:
                built[id(layer)] = layer.replace(name=layer.name)
                built[id(layer)].build(shape)
            built[id(layer)].infer(Spec(shape, "float32"))
        except ConvlabError:
            return call.error is not None  # which is told already
    return True


def _settled(context: Context, tried: Tried) -> tuple[Change, ...]:
    """The changes, with the sizes that come out of the others where a nested input was left open.

    What a nested model takes was proposed while its sizes were in dispute; Keras builds the nested
    model by that shape alone.
    """
    settled = list(tried.changes)
    for place, change in enumerate(settled):
        if change.kind == "argument" and change.name == "batch_shape" and None in change.new[1:]:
            (wire, *_) = context.calls[context.network.row(change.layer)].inputs or (None,)
            spec = None if wire is None else tried.spec(wire)
            if spec is not None and len(spec.shape) == len(change.new):
                new = (change.new[0], *spec.shape[1:])
                settled[place] = argument(change.layer, "batch_shape", change.old, new)
    return (*settled, *_taken_anew(context, tried))


def _taken_anew(context: Context, tried: Tried) -> Iterator[Change]:
    """The shapes that the inputs of nested models need where something inside was changed.

    A symbolic call is lax about ranks and a last axis of one cell, in Keras too; but the nested
    model is made alone, from the shape that its input names, and takes no other numbers.
    """
    inside = _models_inside(tried.changes)
    for call, old, found in _misfed(context, tried):
        if call.name.rpartition("/")[0] in inside:
            yield argument(call.name, "batch_shape", old, (old[0], *found[1:]))


def _misfed(context: Context, tried: Tried) -> Iterator[tuple[Call, Shape, Shape]]:
    """The inputs of nested models that read another shape than they name, and both shapes."""
    given = {
        change.layer: change.new
        for change in tried.changes
        if change.kind == "argument" and change.name == "batch_shape"
    }
    for call in context.calls:
        if isinstance(call.layer, InputLayer) and call.inputs:
            named = given.get(call.name, call.layer.batch_shape)
            spec = tried.spec(call.outputs[0])
            if spec is not None and not _same(spec.shape[1:], named[1:]):
                yield call, named, spec.shape


def summary_of(changes: Sequence[Change]) -> str:
    """Changes in one line; an argument that many layers get is told once.

    >>> from convlab.inspector.diagnosis.change import argument
    >>> summary_of([argument(f"conv{n}", "padding", "valid", "same") for n in range(2)])
    "padding='same' in conv0 and conv1"
    """
    groups: dict[object, list[Change]] = {}
    for change in changes:
        same = (change.name, repr(change.new)) if change.kind == "argument" else id(change)
        groups.setdefault(same, []).append(change)
    told = []
    for first, *others in groups.values():
        names = [first.layer, *(other.layer for other in others)]
        shown = names if len(names) <= MOST_NAMES else [*names[:2], f"{len(names) - 2} more"]
        told.append(f"{first.name}={first.new!r} in {listed(shown)}" if others else first.text)
    return "; ".join(told)


MOST_NAMES = 4


def holds(
    tried: Tried, finding: Finding | None, goal: Callable[[Tried], bool] | None = None
) -> bool:
    """Whether a changed network has what is wanted, and nothing breaks that was whole."""
    if tried.broken or not all(map(runs, _changed_transposed(tried))):
        return False
    if goal is not None:
        return goal(tried)
    if finding is None or finding.row is None:
        return not tried.errors
    if _is_stretched(tried, finding):
        return False
    name = tried.network.calls[finding.row].name
    structural = any(change.kind in ("replace", "remove") for change in tried.changes)
    return finding.row not in tried.errors and (structural or name not in tried.anew)


def _is_stretched(tried: Tried, finding: Finding) -> bool:
    """Whether sizes meet at a join only because one of them is 1 now, and stretched to the other.

    Keras takes it; but one cell for a whole picture is not what anyone joins.
    """
    call = tried.network.calls[finding.row or 0]
    if finding.kind != "join-sizes" or not isinstance(call.layer, Joining):
        return False
    if isinstance(call.layer, Concatenate):
        return False
    shapes = [spec.shape for wire in call.inputs if (spec := tried.spec(wire)) is not None]
    columns = zip(*shapes, strict=False)
    return any(1 in sizes and len({*sizes} - {None}) > 1 for sizes in columns)


def _left(context: Context, tried: Tried, finding: Finding | None) -> int:
    """How many places behind the finding's are as wrong as before."""
    if finding is None or finding.row is None:
        return 0
    return len(tried.errors.keys() & context.behind(finding.row))


def _changed_transposed(tried: Tried) -> Iterator[tuple[BaseConvTranspose, tuple[int | None, ...]]]:
    """The transposed convolutions that were looked at again, and what they read."""
    for row in tried.touched:
        call: Call = tried.network.calls[row]
        layer = tried.layer(call)
        spec = tried.spec(call.inputs[0]) if call.inputs else None
        if isinstance(layer, BaseConvTranspose) and spec is not None:
            yield layer, spec.shape


def runs(asked: tuple[BaseConvTranspose, tuple[int | None, ...]]) -> bool:
    """Whether TensorFlow runs a transposed convolution, of which Keras tells any output shape.

    It is computed as the gradient of a convolution, which must lead from the output's size back
    to the input's.

    >>> from convlab.layers import Conv2DTranspose
    >>> runs((Conv2DTranspose(1, 2, strides=2, padding="same", output_padding=0), (1, 7, 7, 1)))
    False
    """
    layer, shape = asked
    try:
        axes = layer.geometry(shape)[0]
    except ConvlabError:
        return True  # an error of the call, which is told as such
    for axis in axes:
        if axis.size_in is None or axis.size_out is None:
            continue
        try:
            back = convolution(
                axis.size_out, axis.kernel, axis.stride, axis.dilation, axis.padding
            ).size_out
        except ConvlabError:
            return False
        if back != axis.size_in:
            return False
    return True
