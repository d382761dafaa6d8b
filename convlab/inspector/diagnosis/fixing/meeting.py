"""Branches brought to one size before they meet: cropped, padded with zeros, or resampled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from convlab.inspector.diagnosis.change import Change, insert
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.joins import clashes, is_join
from convlab.inspector.diagnosis.network import Tried
from convlab.inspector.diagnosis.words import cells, listed
from convlab.layers.node import Spec
from convlab.models.calls import Wire

Changes = tuple[Change, ...]
Style = Callable[[Context, Tried, int], Changes | None]
"""What to do at a row where something is wrong; None where the style has no answer."""

SMALLEST, LARGEST = "smallest", "largest"


def cropping_at(context: Context, tried: Tried, row: int) -> Changes | None:
    """Crop the larger branches to the smallest."""
    return meeting(context, tried, row, SMALLEST)


def padding_at(context: Context, tried: Tried, row: int) -> Changes | None:
    """Pad the smaller branches with zeros, up to the largest."""
    return meeting(context, tried, row, LARGEST)


def as_branch(branch: int) -> Style:
    """Crop and pad all branches to the size of one of them."""
    return lambda context, tried, row: meeting(context, tried, row, branch)


def meeting(context: Context, tried: Tried, row: int, to: str | int) -> Changes | None:
    """Crop or pad what a join reads, so that it agrees along its spatial axes."""
    wanted = targets(context, tried, row, to)
    if wanted is None:
        return None
    call = context.calls[row]
    found: list[Change] = []
    for branch, wire in enumerate(call.inputs):
        spec = tried.spec(wire)
        if spec is None:
            return None
        amounts = {axis: size - (spec.shape[axis] or 0) for axis, size in wanted.items()}
        taken = [*tried.changes, *found]
        changes = fitted(context, wire, spec, amounts, row, branch, taken)
        if changes is None:
            return None
        found += changes
    return tuple(found) or None


def targets(context: Context, tried: Tried, row: int, to: str | int) -> dict[int, int] | None:
    """To which sizes the branches of a join are to come, along the axes on which they clash."""
    call = context.calls[row]
    if not is_join(call):
        return None
    wanted = {}
    for axis, sizes in clashes(call, [tried.spec(wire) for wire in call.inputs]).items():
        known = [size for size in sizes if size is not None]
        if axis in (0, context.channel_axis(call.inputs[0])) or len(known) < len(sizes):
            return None
        wanted[axis] = (
            known[to] if isinstance(to, int) else min(known) if to == SMALLEST else max(known)
        )
    return wanted or None


def fitted(
    context: Context,
    wire: Wire,
    spec: Spec,
    amounts: Mapping[int, int],
    row: int | None,
    branch: int,
    others: list[Change],
) -> Changes | None:
    """Layers that add zeros to a tensor, or crop it, between the call that made it and a reader.

    Args:
        context: the network.
        wire: the tensor.
        spec: what it is by now.
        amounts: for some axes how many cells are added; negative ones are cropped.
        row: the reader; None is the end of the network.
        branch: which of the reader's inputs, or of the network's outputs, it is.
        others: changes whose layers have names already.
    """
    rank = len(spec.shape) - 2
    channel = context.channel_axis(wire)
    if not 1 <= rank <= 3 or wire.source is None:
        return None
    spatial = [axis for axis in range(1, rank + 2) if axis != channel]
    if any(axis not in spatial for axis, amount in amounts.items() if amount):
        return None
    config = {"data_format": "channels_first"} if channel == 1 and rank > 1 else {}
    if channel == 1 and rank == 1:
        return None  # Cropping1D and ZeroPadding1D read the steps first
    found: list[Change] = []
    for sign, class_name, argument, verb in (
        (-1, "Cropping", "cropping", "crop"),
        (1, "ZeroPadding", "padding", "pad"),
    ):
        each = [max(sign * amounts.get(axis, 0), 0) for axis in spatial]
        if not any(each):
            continue
        pairs = tuple(halves(amount) for amount in each)
        full = f"{class_name}{rank}D"
        words = [
            cells(amount, context.axis_word(wire, axis))
            for axis, amount in zip(spatial, each, strict=True)
            if amount
        ]
        told = f"{verb} {listed(words)}{' of zeros' * (sign > 0)} {where(context, wire, row)}"
        given: dict[str, Any] = {argument: pairs if rank > 1 else pairs[0], **config}
        names = [change.layer for change in (*others, *found)]
        found.append(
            insert(
                full,
                given,
                name=context.new_name(full, names),
                source=wire.source.name,
                text=told,
                **place(context, row, branch),
            )
        )
    return tuple(found)


def place(context: Context, row: int | None, branch: int) -> dict[str, Any]:
    """Before which input of which call something is inserted."""
    if row is None:
        return {"target": None, "branch": branch}
    call = context.calls[row]
    number = context.network.call_number(call)
    return {"target": call.name, "branch": branch, "call": number}


def where(context: Context, wire: Wire, row: int | None) -> str:
    """Behind which layer something is inserted; before which one, where several read it."""
    source = f"after {wire.source.name}" if wire.source else "at the input"
    if row is None or len(context.readers.get(id(wire), ())) < 2:
        return source
    return f"{source} on the way to {context.calls[row].name}"


def halves(amount: int) -> tuple[int, int]:
    """An amount on both sides; an odd cell goes behind, as Keras's "same" puts it.

    >>> halves(1), halves(8)
    ((0, 1), (4, 4))
    """
    return amount // 2, amount - amount // 2


def resizing_at(context: Context, tried: Tried, row: int) -> Changes | None:
    """Resample the smaller of a join's images to the size of the largest."""
    wanted = targets(context, tried, row, LARGEST)
    call = context.calls[row]
    if wanted is None:
        return None
    found: list[Change] = []
    for branch, wire in enumerate(call.inputs):
        spec = tried.spec(wire)
        if spec is None or all(spec.shape[axis] == size for axis, size in wanted.items()):
            continue
        sizes = {**dict(enumerate(spec.shape)), **wanted}
        taken = [*tried.changes, *found]
        change = resampled(context, wire, spec, sizes, row, branch, taken)
        if change is None:
            return None
        found.append(change)
    return tuple(found) or None


def resampled(
    context: Context,
    wire: Wire,
    spec: Spec,
    sizes: Mapping[int, int | None],
    row: int | None,
    branch: int,
    others: list[Change],
) -> Change | None:
    """A `Resizing` behind the call that made an image; None where it is no image."""
    if len(spec.shape) != 4 or wire.source is None:
        return None
    channel = context.channel_axis(wire)
    height, width = (sizes[axis] for axis in range(1, 4) if axis != channel)
    if height is None or width is None:
        return None
    given: dict[str, Any] = {"height": height, "width": width}
    given |= {"data_format": "channels_first"} if channel == 1 else {}
    return insert(
        "Resizing",
        given,
        name=context.new_name("Resizing", [change.layer for change in others]),
        source=wire.source.name,
        text=f"resize to {height} x {width} {where(context, wire, row)}",
        **place(context, row, branch),
    )
