"""Kernels that are larger than the map they slide over: some taps meet nothing but padding.

The weights of such taps are never trained, and the layer is one with a smaller kernel. It is the
plainest sign of a receptive field far larger than the input: a network made for 224 pixels that is
fed 32, or a dilated convolution whose rate is larger than the map (L.-C. Chen et al., "Rethinking
atrous convolution for semantic image segmentation", 2017).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from convlab.geometry import AxisGeometry
from convlab.inspector.diagnosis.change import Change, argument, input_shape
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.network import Tried
from convlab.inspector.diagnosis.relations import per_axis, relations
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.kernel_layer import KernelLayer
from convlab.models.calls import Call

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.context import Context, Goal

_MOST_TIMES = 16
"""An input is tried with up to so many times its size."""


def live_taps(axis: AxisGeometry) -> list[int]:
    """The taps that read an input cell for some output.

    >>> from convlab.geometry import convolution
    >>> live_taps(convolution(1, 3, padding="same")), live_taps(convolution(2, 3, padding="same"))
    ([1], [0, 1, 2])
    """
    known = axis.size_in is not None and axis.size_out
    if not known or axis.reach + axis.stride <= (axis.size_in or 0) + 1:
        return list(range(axis.kernel))  # a window lies within the input: every tap meets a cell
    return [tap for tap in range(axis.kernel) if (axis.taps()[:, tap] >= 0).any()]


def find(context: Context) -> Iterator[Finding]:
    """The first layer with idle taps; the others are counted."""
    now = context.network.tried(())
    idle = [call for call in context.calls if _is_idle(now, call)]
    if idle:
        finding = _finding(context, idle)
        yield finding.with_fixes(tuple(_fixes(context, idle, finding)))


def _is_idle(tried: Tried, call: Call) -> bool:
    layer = tried.layer(call)
    if call.repeated or not isinstance(layer, KernelLayer) or isinstance(layer, BaseConvTranspose):
        return False
    spec = tried.spec(call.inputs[0])
    found = relations(layer, spec.shape if spec else None)
    return any(len(live_taps(r.geometry)) < r.geometry.kernel for r in found)


def _finding(context: Context, idle: Sequence[Call]) -> Finding:
    call, found = idle[0], relations(idle[0].layer, idle[0].shape)
    all_taps = math.prod(relation.geometry.kernel for relation in found)
    live = math.prod(len(live_taps(relation.geometry)) for relation in found)
    short = [r for r in found if len(live_taps(r.geometry)) < r.geometry.kernel]
    sizes = " x ".join(str(relation.geometry.size_in) for relation in found)
    others = len(idle) - 1
    more = f"; so it is in {others} further layer{'s' * (others > 1)}" if others else ""
    return Finding(
        "receptive-field-large",
        call.name,
        f"{call.name} reads a map of {sizes}: {all_taps - live} of its {all_taps} taps meet "
        f"nothing but padding{more}.",
        severity="advice",
        row=context.row(call),
        axis=short[0].axis,
        axes=tuple(relation.axis for relation in short),
        index=short[0].place,
        rule="A kernel is no larger than the map that it reads: the weights of taps that meet only "
        "padding are never trained.",
        received=f"{call.layer!r} on a map of {sizes}",
        remedy="Use a larger input, fewer strides, or a smaller kernel or dilation.",
    )


def _fixes(context: Context, idle: Sequence[Call], finding: Finding) -> Iterator[Fix]:
    """The smallest larger input; a dilation of 1 where that will do; else smaller kernels."""

    def no_idle(tried: Tried) -> bool:
        return not any(_is_idle(tried, call) for call in context.calls)

    yield from _larger_input(context, finding, no_idle)
    changes = [_no_dilation(call) for call in idle], [_smaller_kernel(call) for call in idle]
    yield from context.fixes(changes, finding=finding, goal=no_idle)


def _larger_input(context: Context, finding: Finding, no_idle: Goal) -> Iterator[Fix]:
    begun = [call for call in context.calls if call.is_input]
    wire = begun[0].outputs[0]
    if len(begun) != 1 or wire.spec is None:
        return
    shape = wire.spec.shape
    words = [context.axis_word(wire, index) for index in range(len(shape))]

    def fed(more: int) -> tuple[Change, ...]:
        sizes = zip(shape, words, strict=True)
        new = tuple(s + more if s is not None and w in finding.axes else s for s, w in sizes)
        return (input_shape(begun[0].name, shape, new),)

    def fix(more: int) -> Fix | None:
        return context.fix(fed(more), finding=finding, goal=no_idle)

    known = [s for s, w in zip(shape, words, strict=True) if s is not None and w in finding.axes]
    enough = max(known, default=0) * (_MOST_TIMES - 1)
    found = fix(enough) if known else None
    too_few = 0
    while found and enough - too_few > 1:  # the larger the input, the fewer taps are idle
        middle = (enough + too_few) // 2
        smaller = fix(middle)
        if smaller:
            enough, found = middle, smaller
        else:
            too_few = middle
    if found:
        yield found


def _no_dilation(call: Call) -> Change:
    layer: Any = call.layer
    return argument(call.name, "dilation_rate", per_axis(layer.dilation_rate), 1)


def _smaller_kernel(call: Call) -> Change:
    """As many taps as meet a cell."""
    layer: Any = call.layer
    live = tuple(len(live_taps(one.geometry)) for one in relations(layer, call.shape))
    return argument(call.name, "kernel_size", per_axis(layer.kernel_size), per_axis(live))
