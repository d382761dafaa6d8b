"""Why a layer turns an input shape into its output shape: the arithmetic, axis by axis."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import AxisGeometry, Step, axis_names
from convlab.inspector import typeset
from convlab.inspector.counts import Count, convolution_counts
from convlab.inspector.notes import axis_notes, channel_notes
from convlab.layers.base import Layer
from convlab.layers.base_conv import BaseConv

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class AxisExplanation:
    """The arithmetic of one spatial axis.

    Attributes:
        name: "height", "width", "depth" or "steps".
        geometry: which input each output reads along the axis.
        steps: the derivation: formula, numbers, result and reason of each line.
        notes: what else is worth knowing, in sentences.
    """

    name: str
    geometry: AxisGeometry
    steps: tuple[Step, ...]
    notes: tuple[str, ...]

    @property
    def size_out(self) -> str:
        """The output's size in text: a number, or an expression over the unknown `n`."""
        return next(step.outcome for step in self.steps if step.symbol == "m")


@dataclass(frozen=True, repr=False)
class Explanation:
    """What `explain` found. Print it, or show it in a notebook.

    Attributes:
        layer: the call that makes the layer.
        input_shape: with its batch axis.
        output_shape: with its batch axis.
        axes: the arithmetic of each spatial axis.
        channels: the input's channels, or None where they are not known.
        filters: the output's channels.
        kernel_shape: the shape of the stored kernel.
        counts: weights, biases, parameters and multiplications, derived like the sizes.
        channel_notes: which channels a filter reads, where there are groups.
    """

    layer: str
    input_shape: Shape
    output_shape: Shape
    axes: tuple[AxisExplanation, ...]
    channels: int | None
    filters: int
    kernel_shape: Shape
    counts: tuple[Count, ...]
    channel_notes: tuple[str, ...]

    @property
    def parameters(self) -> int | None:
        """How many weights and biases the layer has; None while the channels are not known."""
        return self._count("N")

    @property
    def macs(self) -> int | None:
        """Multiplications for one example; None while a size is not known."""
        return self._count("M")

    @property
    def notes(self) -> tuple[str, ...]:
        """Every remark, those on an axis led by its name."""
        on_axes = tuple(f"{axis.name}: {note}" for axis in self.axes for note in axis.notes)
        return (*on_axes, *self.channel_notes)

    def _count(self, symbol: str) -> int | None:
        return next(count.result for count in self.counts if count.symbol == symbol)

    def text(self) -> str:
        """The explanation as plain text."""
        return typeset.text(self)

    def html(self) -> str:
        """The explanation as tables in HTML that stands alone and takes its page's colours."""
        return typeset.html(self)

    def latex(self) -> str:
        """The equations in LaTeX, each set of them in an `aligned` block."""
        return typeset.latex(self)

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__  # a console shows the explanation, not the expression trees behind it

    def _repr_html_(self) -> str:
        return self.html()


def explain(layer: Layer, input_shape: Sequence[int | None]) -> Explanation:
    """Derive a layer's output shape, parameters and multiplications, step by step.

    Args:
        layer: a convolutional layer, built or not.
        input_shape: with or without its batch axis; a size that is not known is None.

    Returns:
        The derivation as data; `print` it, or let a notebook show it.

    Raises:
        ArgumentError: `input_shape` is not a sequence of sizes, or the layer is not a layer.
        ShapeError: the layer cannot take this shape; the message names the axis and the remedy.

    Example:
        >>> import convlab as cl
        >>> found = cl.explain(cl.Conv2D(8, 3, strides=2), (28, 28, 1))
        >>> found.output_shape, found.parameters
        ((None, 13, 13, 8), 80)
        >>> print(found.axes[0].steps[1])
        m = (n - K)//s + 1 = (28 - 3)//2 + 1 = 13
        >>> found.notes
        ('height: row 27 is never read.', 'width: column 27 is never read.')
    """
    if not isinstance(layer, BaseConv):
        raise ArgumentError(
            "explain takes a convolutional layer, and the shape of its input.",
            received=f"{layer!r:.80}",
            remedy="Use e.g. explain(Conv2D(8, 3), (28, 28, 1)).",
            argument="layer",
        )
    shape = _with_batch(layer, input_shape)
    layer.check(shape)
    output_shape = tuple(layer.compute_output_shape(shape))
    (geometries,) = layer.geometry(shape)
    axes = tuple(_axes(geometries))
    channels = shape[1] if layer.data_format == "channels_first" else shape[-1]
    if channels == 0:
        raise ShapeError(
            "A convolution reads at least one channel.",
            received=f"input shape {shape}",
            remedy=f"Give axis {layer.channel_axis} a size of 1 or more.",
            argument="input_shape",
        )
    kernel_shape = layer.kernel_shape(shape)
    return Explanation(
        layer=repr(layer),
        input_shape=shape,
        output_shape=output_shape,
        axes=axes,
        channels=channels,
        filters=layer.filters,
        kernel_shape=kernel_shape,
        counts=convolution_counts(
            {axis.name: axis.geometry.kernel for axis in axes},
            {axis.name: axis.geometry.size_out for axis in axes},
            channels,
            layer.filters,
            layer.groups,
            bias=layer.use_bias,
            lora_rank=layer.lora_rank or 0,
        ),
        channel_notes=tuple(channel_notes(channels, layer.filters, layer.groups)),
    )


def _axes(geometries: Sequence[AxisGeometry]) -> Iterator[AxisExplanation]:
    for name, geometry in zip(axis_names(len(geometries)), geometries, strict=True):
        notes = tuple(axis_notes(name, geometry))
        yield AxisExplanation(name, geometry, geometry.derivation(), notes)


def _with_batch(layer: BaseConv, input_shape: Sequence[int | None]) -> Shape:
    """The shape as integers and None, led by a batch axis."""
    rank = len(layer.kernel_size)
    try:
        shape = tuple(None if size is None else operator.index(size) for size in input_shape)
    except TypeError:  # not iterable, or a size that is no integer
        example = ", ".join(["28"] * rank)
        raise ArgumentError(
            "An input shape is a sequence of sizes, each a whole number or None.",
            received=f"input_shape={input_shape!r}",
            remedy=f"Use e.g. ({example}, 1), or with its batch axis (None, {example}, 1).",
            argument="input_shape",
        ) from None
    return (None, *shape) if len(shape) == rank + 1 else shape
