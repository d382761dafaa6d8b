"""The sentences that an explanation ends with: what a reader would otherwise trip over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from convlab.geometry import AxisGeometry, Resampling
from convlab.geometry.axis import runs
from convlab.layers.base_conv import BaseConv
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.spatial import Spatial

LINES = {"height": ("row", "rows"), "width": ("column", "columns"), "depth": ("slice", "slices")}
"""What an index along an axis is called, one and many."""

ENDS = {"height": ("top", "bottom"), "width": ("left", "right"), "depth": ("front", "back")}
"""What the two ends of an axis are called."""

_TOLD, _BEGUN = 24, 3
"""More runs of indices than the first number are only begun: the second number of them."""


def axis_notes(name: str, axis: AxisGeometry | Resampling, padding: str = "zeros") -> Iterator[str]:
    """Where the padding goes, and which cells are skipped or never read.

    Args:
        name: what the axis is called.
        axis: the relation along it.
        padding: what the cells beyond the edge hold; pooling leaves them out of its windows.

    Example:
        >>> from convlab.geometry import convolution
        >>> list(axis_notes("height", convolution(28, 3, stride=2, padding="same")))
        ['"same" adds 1 row of zeros: 0 at the top, 1 at the bottom.']
        >>> list(axis_notes("width", convolution(28, 3, stride=2)))
        ['column 27 is never read.']
    """
    one, many = LINES.get(name, ("cell", "cells"))
    if isinstance(axis, Resampling):
        how = f'"{axis.interpolation}" mixes up to {axis.kernel} {many}'
        yield f"{how}, with weights that sum to 1."
        return
    if axis.transposed:
        yield from _stamps(many, axis)
    elif axis.padding == "same":
        yield f'"same" {_same(name, axis, padding)}.'
    if axis.padding == "causal" and axis.pad_before:
        zeros = "zero" if axis.pad_before == 1 else "zeros"
        yield f'"causal" puts {axis.pad_before} {zeros} first, so no output reads ahead.'
    if axis.dilation > 1 and axis.kernel > 1:
        window = "stamp" if axis.transposed else "window"
        gap = axis.dilation - 1
        yield f"the {window} skips {gap} {one if gap == 1 else many} between neighbouring taps."
    unread = list(islice(axis.unread(), _TOLD + 1)) if axis.size_in is not None else []
    if unread:
        yield f"{_never_read(name, unread)}."


def _stamps(many: str, axis: AxisGeometry) -> Iterator[str]:
    """How the stamps of a scatter lie beside and over one another."""
    if axis.padding == "nearest":
        return
    holes = axis.stride - axis.reach
    if holes > 0:
        yield f"{holes} of every {axis.stride} {many} lie between the stamps: they get the bias."
    elif axis.dilation == 1 and axis.kernel % axis.stride:
        fewest = axis.kernel // axis.stride
        yield (
            f"the stride does not divide the kernel: {many} get {fewest} or {fewest + 1} taps in "
            "turn, which can show as a checkerboard."
        )
    if axis.crop_after < 0:
        yield f"{-axis.crop_after} of the {many} lie behind the last stamp: they get the bias."


def never_read(name: str, unread: Sequence[int]) -> str:
    """What no output reads, in words.

    >>> never_read("height", [27]), never_read("steps", [3, 7])
    ('row 27 is never read', 'cells 3 and 7 are never read')
    """
    return _never_read(name, list(runs(unread)))


def _never_read(name: str, unread: Sequence[range]) -> str:
    one, many = LINES.get(name, ("cell", "cells"))
    single = len(unread) == 1 and unread[0].stop - unread[0].start == 1
    noun, verb = (one, "is") if single else (many, "are")
    return f"{noun} {_in_words(unread)} {verb} never read"


def _same(name: str, axis: AxisGeometry, padding: str) -> str:
    """What `same` does here: nothing, or so many lines of padding at either end."""
    if axis.pad_before is None:
        return f"pads according to the {name}, which is not known"
    before, after = axis.pads
    if not before + after:
        return "needs no padding here"
    one, many = LINES.get(name, ("cell", "cells"))
    first, last = ENDS.get(name, ("start", "end"))
    lines = f"{before + after} {one if before + after == 1 else many}"
    return f"adds {lines} of {padding}: {before} at the {first}, {after} at the {last}"


def layer_notes(layer: Spatial, channels: int | None) -> Iterator[str]:
    """What to know of a layer as a whole: its channels, and where TensorFlow differs.

    Example:
        >>> from convlab.layers import Conv2DTranspose, MaxPooling2D
        >>> list(layer_notes(MaxPooling2D(2), 3))
        ['every channel is treated alike; nothing is trained.']
        >>> list(layer_notes(Conv2DTranspose(1, 2, padding="same", output_padding=0), 3))
        ['TensorFlow refuses this layer when it is called: ... JAX and torch compute it, as here.']
    """
    if not layer.weighted:
        yield "every channel is treated alike; nothing is trained."
    if isinstance(layer, BaseConv):
        yield from channel_notes(channels, layer.filters, layer.groups)
    if isinstance(layer, BaseConvTranspose) and refused_by_tensorflow(layer):
        yield (
            'TensorFlow refuses this layer when it is called: with padding="same", an even kernel '
            "and output_padding=0, no convolution has this as its gradient. JAX and torch compute "
            "it, as here."
        )


def refused_by_tensorflow(layer: BaseConvTranspose) -> bool:
    """Whether `same`, an even reach and output_padding 0 meet on an axis.

    Source: `tf.nn.conv2d_transpose` checks that the output's size gives the input's under "SAME".
    """
    if layer.padding != "same" or layer.output_padding is None:
        return False
    axes = layer.geometry((None,) * layer.input_rank)[0]
    return any(
        axis.reach % 2 == 0 and extra == 0
        for axis, extra in zip(axes, layer.output_padding, strict=True)
    )


def channel_notes(channels: int | None, filters: int, groups: int) -> Iterator[str]:
    """Which channels a filter reads, where the channels are divided into groups.

    Example:
        >>> list(channel_notes(4, 8, groups=2))
        ['filters 0 to 3 read channels 0 and 1.', 'filters 4 to 7 read channels 2 and 3.']
    """
    if groups == 1 or channels is None:
        return
    reads, makes = channels // groups, filters // groups
    shown = range(groups) if groups <= 4 else (0, groups - 1)
    for group in shown:
        own = range(group * makes, (group + 1) * makes)
        read = range(group * reads, (group + 1) * reads)
        subject = f"filter {own[0]} reads" if makes == 1 else f"filters {_in_words([own])} read"
        yield f"{subject} channel{'' if reads == 1 else 's'} {_in_words([read])}."


def indices(numbers: Sequence[int]) -> str:
    """Indices in words, runs joined.

    >>> indices([3]), indices([3, 4]), indices([0, 5, 6, 7])
    ('3', '3 and 4', '0 and 5 to 7')
    """
    return _in_words(list(runs(numbers)))


def _in_words(found: Sequence[range]) -> str:
    """Runs of numbers in words; of many, the first ones."""
    if len(found) > _TOLD:
        return f"{', '.join(_words(found[:_BEGUN]))} and so on"
    *head, last = _words(found)
    return f"{', '.join(head)} and {last}" if head else last


def _words(found: Iterable[range]) -> list[str]:
    words: list[str] = []
    for run in found:
        joined = run.stop - run.start > 2  # `len` has a limit
        words += [f"{run[0]} to {run[-1]}"] if joined else map(str, run)
    return words
