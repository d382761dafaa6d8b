"""An output of another shape than the one that is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from convlab.inspector.diagnosis.context import Context, Shape
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fixing.outputs import output_fixes
from convlab.inspector.diagnosis.walking import Hop, steps_of, way_back
from convlab.inspector.diagnosis.words import listed, sizes_told
from convlab.inspector.wanting import fits
from convlab.models.calls import Wire


def find(context: Context) -> Iterator[Finding]:
    """The outputs that do not have the wanted shape; those that a conflict hides are left out."""
    for number, wanted in enumerate(context.output_shape or ()):
        wire = context.network.outputs[number]
        if wanted is None or wire.spec is None or wire.source is None:
            continue
        hidden = context.row(wire.source) in context.doubtful or wire.source.error is not None
        if not fits(wire.spec, wanted) and not (hidden and None in wire.spec.shape[1:]):
            yield _finding(context, number, wire, wanted)


def _finding(context: Context, number: int, wire: Wire, wanted: Shape) -> Finding:
    source = wire.source
    shape = wire.spec.shape if wire.spec else ()
    same_rank = len(shape) == len(wanted)
    axes = [
        axis
        for axis in range(1, len(shape))
        if same_rank and wanted[axis] is not None and wanted[axis] != shape[axis]
    ]
    axes.sort(key=lambda axis: axis == context.channel_axis(wire))  # sizes before channels
    words = [context.axis_word(wire, axis) for axis in axes]
    hops = way_back(context, wire, axes[0]) if axes else []
    culprit = _culprit(hops)
    name = source.name if source is not None else ""
    finding = Finding(
        kind="output-size",
        layer=name,
        message=_message(name, shape, wanted, axes, words),
        row=context.row(source) if source is not None else None,
        axis=words[0] if words else None,
        axes=tuple(words),
        index=axes[0] if axes else None,
        rule="The output has the shape that is wanted.",
        received=f"output shape {shape}, for {wanted}",
        remedy="Crop or pad the output, or change what a layer on the way makes of its size.",
        culprit=culprit,
        path=tuple(steps_of(context, hops)),
    )
    return finding.with_fixes(output_fixes(context, number, wanted))


def _culprit(hops: Sequence[Hop]) -> str | None:
    """The last layer that drops or adds cells."""
    lossy = [hop.call.name for hop in hops if hop.lost]
    return lossy[-1] if lossy else None


def _message(
    name: str, shape: Shape, wanted: Shape, axes: Sequence[int], words: Sequence[str]
) -> str:
    if not axes:
        return f"The output of '{name}' has the shape {shape}, and {wanted} is wanted."
    got = sizes_told([shape[axis] for axis in axes])
    want = sizes_told([wanted[axis] for axis in axes])
    return f"The output of '{name}' has {listed(words)} {got}, and {want} is wanted."
