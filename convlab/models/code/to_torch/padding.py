"""Keras's paddings in PyTorch, which pads both sides alike unless told otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from convlab.geometry import arguments, convolution
from convlab.layers.base import Shape
from convlab.models.code.python_text import literal, short
from convlab.models.code.to_torch.piece import Step

Pads = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Padding:
    """How a window layer is padded.

    Attributes:
        steps: the statement that pads beforehand.
        argument: the `padding` of the module itself, alike on both sides; None is none.
        helpers: the functions that the statement calls.
    """

    steps: tuple[Step, ...] = ()
    argument: int | tuple[int, ...] | None = None
    helpers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Windows:
    """The windows of a layer, an item for each spatial axis.

    Attributes:
        kernel: the taps.
        stride: the steps.
        dilation: the distances between taps.
        padding: Keras's name of the padding.
        sizes: the input's sizes; None where they are not known.
    """

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    padding: str
    sizes: Shape | None = None

    def padded(self, fill: str = "") -> Padding:
        """How Keras's padding is said in PyTorch.

        Args:
            fill: what is padded with, as an expression; zeros without it.
        """
        if self.padding == "valid":
            return Padding()
        axes = [
            convolution(None, *window, self.padding)
            for window in zip(self.kernel, self.stride, self.dilation, strict=True)
        ]
        known = [axis.kernel == 1 or axis.pad_before is not None for axis in axes]
        if not all(known):
            return self._at_run_time(fill)
        pads = tuple((0, 0) if axis.kernel == 1 else axis.pads for axis in axes)
        if pads == ((0, 0),) * len(pads):
            return Padding()
        if all(before == after for before, after in pads):
            return Padding(argument=short(tuple(before for before, _ in pads)))
        why = (
            "Causal: all padding comes before the first step."
            if self.padding == "causal"
            else f"Keras's 'same' pads {words(pads)}; {_symmetric(pads)}."
        )
        return Padding((Step(pad("{x}", pads, fill), why),))

    def _at_run_time(self, fill: str) -> Padding:
        """With a stride, the padding depends on the size of the input."""
        why = "Keras's 'same' depends on the size, and its odd zero goes behind the last cell."
        if self.sizes is not None and None not in self.sizes:
            windows = zip(self.sizes, self.kernel, self.stride, self.dilation, strict=True)
            pads = tuple(convolution(*window, self.padding).pads for window in windows)
            why = f"Keras's 'same' pads {words(pads, self.sizes)}; {_symmetric(pads)}."
        arguments = ", ".join(map(literal, (self.kernel, self.stride, self.dilation)))
        value = f", value={fill}" if fill else ""
        return Padding((Step(f"pad_same({{x}}, {arguments}{value})", why),), helpers=("pad_same",))


def words(pads: Pads, cells: Shape = ()) -> str:
    """Pads in words: alike along all axes, or axis by axis.

    Args:
        pads: before and after, for each axis.
        cells: the sizes for which they are so; none where they are so for all.

    >>> words(((0, 1), (0, 1)), (28, 28))
    '28 cells by 0 before and 1 after'
    >>> words(((0, 1), (1, 1)))
    'height by 0 before and 1 after, width by 1 before and 1 after'
    """
    each = [f"by {before} before and {after} after" for before, after in pads]
    if len(set(each)) == 1 and len(set(cells)) < 2:
        return f"{cells[0]} cells {each[0]}" if cells else each[0]
    names = arguments.axis_names(len(pads))
    axes = [f"{name} {size}" for name, size in zip(names, cells, strict=True)] if cells else names
    return ", ".join(f"{axis} {by}" for axis, by in zip(axes, each, strict=True))


def _symmetric(pads: Pads) -> str:
    """What PyTorch's own padding would do in their place."""
    most = short(tuple(max(pair) for pair in pads))
    if all(before == after for before, after in pads):
        return f"so would PyTorch's padding={most} here, but not at every size"
    return f"PyTorch's padding={most} would pad both sides alike"


def pad(x: str, pads: Sequence[tuple[int, int]], fill: str = "") -> str:
    """The call of `F.pad`, whose numbers begin with the last axis.

    >>> pad("x", ((0, 1), (2, 3)))
    'F.pad(x, (2, 3, 0, 1))'
    """
    value = f", value={fill}" if fill else ""
    return f"F.pad({x}, {literal(tuple(_flat(reversed(pads))))}{value})"


def _flat(pairs: Iterable[tuple[int, int]]) -> Iterable[int]:
    return (number for pair in pairs for number in pair)
