"""Why a layer turns an input shape into its output shape: the arithmetic, axis by axis."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import AxisGeometry, Resampling, Step, axis_names
from convlab.inspector import typeset
from convlab.inspector.counts import Count
from convlab.inspector.families import layer_counts
from convlab.inspector.notes import axis_notes, layer_notes
from convlab.inspector.weights import weight_shapes
from convlab.layers.base import Cost, Layer
from convlab.layers.kernel_layer import KernelLayer
from convlab.layers.spatial import Spatial

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class AxisExplanation:
    """The arithmetic of one spatial axis.

    Attributes:
        name: "height", "width", "depth" or "steps".
        geometry: which input each output reads along the axis.
        steps: the derivation: formula, numbers, result and reason of each line.
        notes: what else is worth knowing, in sentences.
        step: which of a layer's steps, such as "depthwise"; empty where there is but one.
    """

    name: str
    geometry: AxisGeometry | Resampling
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    step: str = ""

    @property
    def title(self) -> str:
        """The axis's name, led by the step's where there are several."""
        return f"{self.step} {self.name}".strip()

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
        axes: the arithmetic of each spatial axis; of a layer in two steps, of both, in order.
        channels: the input's channels, or None where they are not known.
        channels_out: the output's channels, or None.
        weights: the shapes of the weights by name, kernels first; empty where there are none.
        counts: weights, biases, parameters and multiplications, derived like the sizes.
        cost: parameters and multiplications as the layer itself counts them.
        remarks: which channels are read by what, and what else is worth knowing.
    """

    layer: str
    input_shape: Shape
    output_shape: Shape
    axes: tuple[AxisExplanation, ...]
    channels: int | None
    channels_out: int | None
    weights: Mapping[str, Shape]
    counts: tuple[Count, ...]
    cost: Cost | None
    remarks: tuple[str, ...]

    @property
    def kernel_shape(self) -> Shape | None:
        """The shape of the first kernel; None where the layer has no weights."""
        return next(iter(self.weights.values()), None)

    @property
    def parameters(self) -> int | None:
        """How many weights and biases the layer has; None while the channels are not known."""
        return None if self.cost is None else self.cost.params

    @property
    def macs(self) -> int | None:
        """Multiplications for one example; None while a size is not known."""
        return None if self.cost is None else self.cost.macs

    @property
    def notes(self) -> tuple[str, ...]:
        """Every remark, those on an axis led by its name."""
        on_axes = tuple(f"{axis.title}: {note}" for axis in self.axes for note in axis.notes)
        return (*on_axes, *self.remarks)

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
    if not isinstance(layer, Spatial):
        raise ArgumentError(
            "explain takes a convolutional layer, and the shape of its input.",
            received=f"{layer!r:.80}",
            remedy="Use e.g. explain(Conv2D(8, 3), (28, 28, 1)).",
            argument="layer",
        )
    shape = _with_batch(layer, input_shape)
    layer.check(shape)
    output_shape = tuple(layer.compute_output_shape(shape))
    channels, channels_out = shape[layer.channel_axis], output_shape[layer.channel_axis]
    if channels == 0:
        raise ShapeError(
            "A layer reads at least one channel.",
            received=f"input shape {shape}",
            remedy=f"Give axis {layer.channel_axis} a size of 1 or more.",
            argument="input_shape",
        )
    return Explanation(
        layer=repr(layer),
        input_shape=shape,
        output_shape=output_shape,
        axes=tuple(_axes(layer, shape)),
        channels=channels,
        channels_out=channels_out,
        weights=_weights(layer, shape),
        counts=layer_counts(layer, shape),
        cost=None if channels is None else layer.cost(shape),
        remarks=tuple(layer_notes(layer, channels)),
    )


def _axes(layer: Spatial, shape: Shape) -> Iterator[AxisExplanation]:
    steps = layer.geometry(shape)
    for step, geometries in zip(layer.step_names or ("",) * len(steps), steps, strict=True):
        for name, geometry in zip(axis_names(layer.rank), geometries, strict=True):
            notes = tuple(axis_notes(name, geometry, "zeros" if layer.weighted else "padding"))
            yield AxisExplanation(name, geometry, geometry.derivation(), notes, step)


def _weights(layer: Spatial, shape: Shape) -> dict[str, Shape]:
    """The weights' shapes; while the channels are not known, the kernel's where it can be said."""
    if shape[layer.channel_axis] is not None:
        return weight_shapes(layer, shape)
    return {"kernel": layer.kernel_shape(shape)} if isinstance(layer, KernelLayer) else {}


def _with_batch(layer: Spatial, input_shape: Sequence[int | None]) -> Shape:
    """The shape as integers and None, led by a batch axis."""
    try:
        shape = tuple(None if size is None else operator.index(size) for size in input_shape)
    except TypeError:  # not iterable, or a size that is no integer
        example = ", ".join(["28"] * (layer.input_rank - 2))
        raise ArgumentError(
            "An input shape is a sequence of sizes, each a whole number or None.",
            received=f"input_shape={input_shape!r}",
            remedy=f"Use e.g. ({example}, 1), or with its batch axis (None, {example}, 1).",
            argument="input_shape",
        ) from None
    return (None, *shape) if len(shape) == layer.input_rank - 1 else shape
