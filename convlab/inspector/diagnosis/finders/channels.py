"""Channels that a layer cannot take: others than its weights are for, or such as groups divide."""

from __future__ import annotations

from collections.abc import Iterator

from convlab.errors import ConvlabError
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fixing.channels import channel_fixes, group_fixes
from convlab.inspector.diagnosis.origins import size_origin
from convlab.layers.base import Layer
from convlab.layers.base_conv import BaseConv
from convlab.layers.spatial import Spatial


def find(context: Context) -> Iterator[Finding]:
    """The layers whose weights or groups do not fit what comes in."""
    for row in context.network.errors:
        call = context.calls[row]
        layer, shape = call.layer, call.shape
        if not isinstance(shape, tuple) or len(shape) < 2 or call.error is None:
            continue
        axis = channel_place(layer, len(shape))
        built = layer.build_shape if layer.built and layer.weighted else None
        if isinstance(layer, BaseConv) and (shape[axis] or 0) % layer.groups:
            yield _groups(context, row, axis)
        elif (
            built
            and len(built) == len(shape)
            and built[axis] != shape[axis]
            and _else_fits(layer, shape)
        ):
            yield _channels(context, row, axis, built[axis] or 0)


def channel_place(layer: Layer, rank: int) -> int:
    """Where the channels, or the features, of what a layer reads stand."""
    axis = layer.channel_axis if isinstance(layer, Spatial) else getattr(layer, "axis", -1)
    return axis % rank if isinstance(axis, int) and -rank <= axis < rank else rank - 1


def _else_fits(layer: Layer, shape: tuple[int | None, ...]) -> bool:
    """Whether a new layer of the same kind would take the shape."""
    try:
        layer.replace(name=layer.name).check(shape)
    except ConvlabError:
        return False
    return True


def _channels(context: Context, row: int, axis: int, built: int) -> Finding:
    call = context.calls[row]
    wire = call.inputs[0]
    word = context.axis_word(wire, axis)
    origin = size_origin(context, wire, axis)
    source = f" from '{origin.name}'" if origin is not None else ""
    finding = Finding(
        kind="channels",
        layer=call.name,
        message=f"{call.layer.class_name} '{call.name}' has weights for {built} {word}, and reads "
        f"{call.shape[axis]}{source}.",
        row=row,
        axis=word,
        axes=(word,),
        index=axis,
        rule=getattr(call.error, "rule", str(call.error)),
        received=f"input shape {call.shape}, for weights of {built} {word}",
        remedy=f"Give it {built} {word}, or make a new layer.",
        culprit=origin.name if origin is not None and not origin.is_input else None,
    )
    return finding.with_fixes(channel_fixes(context, finding, axis, built, origin))


def _groups(context: Context, row: int, axis: int) -> Finding:
    call = context.calls[row]
    layer: BaseConv = call.layer  # type: ignore[assignment]
    origin = size_origin(context, call.inputs[0], axis)
    source = f" from '{origin.name}'" if origin is not None else ""
    finding = Finding(
        kind="groups",
        layer=call.name,
        message=f"{layer.class_name} '{call.name}' divides {call.shape[axis]} channels{source} "
        f"into {layer.groups} groups, which does not come out even.",
        row=row,
        axis="channels",
        axes=("channels",),
        index=axis,
        rule="The number of input channels must be evenly divisible by the number of groups.",
        received=f"groups={layer.groups}, input shape {call.shape}",
        remedy="Use a number of groups that divides the channels and the filters.",
        culprit=origin.name if origin is not None and not origin.is_input else None,
    )
    return finding.with_fixes(group_fixes(context, finding, axis, origin))
