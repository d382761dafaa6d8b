"""Transposed convolutions whose outputs collect unequal numbers of taps.

Where the stride does not divide the kernel, neighbouring outputs collect different numbers of
taps, in a pattern that repeats with the stride; in two dimensions the axes multiply, and training
rarely evens it out. Source: A. Odena, V. Dumoulin and C. Olah, "Deconvolution and checkerboard
artifacts", Distill, 2016, which advises a kernel that the stride divides, or a resize before a
convolution.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from convlab.geometry import AxisGeometry
from convlab.geometry.span import pattern
from convlab.inspector.diagnosis.change import Change, argument, exchange, insert
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.network import Tried
from convlab.inspector.diagnosis.relations import Relation, both, per_axis, relations
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.models.calls import Call

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.context import Context


def overlaps(axis: AxisGeometry) -> tuple[int, ...]:
    """How many taps the outputs far from the edges collect, for as many as the stride.

    >>> from convlab.geometry.transposed import transposed
    >>> overlaps(transposed(8, 3, 2)), overlaps(transposed(8, 4, 2))
    ((2, 1), (2, 2))
    """
    found = pattern(axis)
    return () if found is None else tuple(len(read) for read in found.offsets)


def find(context: Context) -> Iterator[Finding]:
    """The transposed convolutions with uneven overlap."""
    for call in context.calls:
        layer = call.layer
        if isinstance(layer, BaseConvTranspose) and not call.repeated and call.error is None:
            uneven = [r for r in relations(layer, call.shape) if _uneven(r.geometry)]
            if uneven:
                finding = _finding(context, call, uneven)
                yield finding.with_fixes(tuple(_fixes(context, call, finding)))


def _uneven(axis: AxisGeometry) -> bool:
    return len(set(overlaps(axis))) > 1


def _finding(context: Context, call: Call, uneven: Sequence[Relation]) -> Finding:
    first = uneven[0]
    axis = first.geometry
    axes = tuple(relation.axis for relation in uneven)
    counts = sorted(set(overlaps(axis)))
    shows = "which can show as a checkerboard"
    collected = f"{' and '.join(map(str, counts))} taps in turn, {shows}"
    if counts[0] == 0:
        collected += ": where there are none, only the bias is left"
    return Finding(
        "checkerboard",
        call.name,
        f"{call.name}: along {both(axes)}, the stride {axis.stride} does not divide the kernel of "
        f"{axis.kernel}, so neighbouring outputs collect {collected}.",
        severity="advice",
        row=context.row(call),
        axis=first.axis,
        axes=axes,
        index=first.place,
        rule="The outputs of a transposed convolution collect equally many taps where the stride "
        "divides the kernel.",
        received=repr(call.layer),
        remedy="Use a kernel that is a multiple of the stride, or resize and convolve (Odena, "
        "Dumoulin and Olah, 2016).",
    )


def _fixes(context: Context, call: Call, finding: Finding) -> Iterator[Fix]:
    """A kernel that the stride divides; or nearest upsampling and a convolution."""
    sizes = [wire.spec for wire in context.network.outputs]

    def even(tried: Tried) -> bool:
        spec = tried.spec(call.inputs[0])
        layer = tried.layer(call)
        found = relations(layer, spec.shape if spec else None)
        return bool(found) and not any(_uneven(relation.geometry) for relation in found)

    def even_and_alike(tried: Tried) -> bool:
        return even(tried) and tried.outputs == sizes

    def resized(tried: Tried) -> bool:
        return tried.outputs == sizes

    kernels = list(_other_kernels(call))
    note = "every output then collects equally many taps; the kernel has other weights"
    found = list(context.fixes(kernels, finding=finding, goal=even_and_alike, note=note))
    if not found:
        other = f"{note}, and the output another size"
        found = list(context.fixes(kernels, finding=finding, goal=even, note=other))
    yield from found
    apart = _upsampled(context, call)
    if apart:
        told = "every output then reads as many taps as its neighbours; the weights are others"
        fix = context.fix(
            apart,
            finding=finding,
            goal=resized,
            note=told,
            summary=f"{apart[0].class_name}, then {apart[1].class_name}, in the place of "
            f"{call.name}",
        )
        if fix:
            yield fix


def _other_kernels(call: Call) -> Iterator[tuple[Change, ...]]:
    """The next larger kernel that the stride divides, and the next smaller one."""
    layer: Any = call.layer
    pairs = list(zip(layer.kernel_size, layer.strides, strict=True))
    larger = tuple(-(-kernel // stride) * stride for kernel, stride in pairs)
    smaller = tuple(max(kernel // stride, 1) * stride for kernel, stride in pairs)
    for size in dict.fromkeys((larger, smaller)):
        change = argument(call.name, "kernel_size", per_axis(layer.kernel_size), per_axis(size))
        yield (change,)
        if layer.output_padding is not None:
            extra = argument(call.name, "output_padding", per_axis(layer.output_padding), None)
            yield change, extra


def _upsampled(context: Context, call: Call) -> tuple[Change, ...]:
    """The layer as a nearest upsampling and a convolution; none where that is another size."""
    layer: Any = call.layer
    source = call.inputs[0].source
    plain = layer.padding == "same" and max(layer.dilation_rate) == 1
    if source is None or not plain or (layer.rank == 1 and layer.data_format == "channels_first"):
        return ()
    names = ["filters", "kernel_size", "padding", "activation", "use_bias"]
    first = {"data_format": "channels_first"} if layer.data_format == "channels_first" else {}
    config = {name: getattr(layer, name) for name in names} | first
    up = f"UpSampling{layer.rank}D"
    before = insert(
        up,
        {"size": per_axis(layer.strides), **first},
        name=context.new_name(up),
        source=source.name,
        target=call.name,
    )
    return before, exchange(call.name, f"Conv{layer.rank}D", config)
