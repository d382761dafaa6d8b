"""What the layers share whose output has the input's shape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry.links import Along, Dependence, Every, Product
from convlab.layers.base import Cost, Layer, Shape, standard_shape


class Elementwise(Layer):
    """A layer that gives a number for each number: from that one, or from those of some axes.

    A layer of the family says along which axes numbers depend on each other (`mixed_axes`), if
    along any, and how many weights it has (`count_weights`), if it has weights.
    """

    weighted = False
    built_at_once = True

    def mixed_axes(self, shape: Shape) -> Iterable[int]:  # noqa: ARG002
        """The axes along which an output depends on every input; 0 is the batch."""
        return ()

    def count_weights(self, shape: Shape) -> int:  # noqa: ARG002
        """How many numbers the weights hold, for an input shape."""
        return 0

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape, which is the input's; any size may be None.

        Raises:
            ShapeError: the layer cannot take such an input.

        Example:
            >>> from convlab.layers import ReLU
            >>> ReLU().compute_output_shape((None, None, 8))
            (None, None, 8)
        """
        return standard_shape(input_shape)

    def cost(self, input_shape: Sequence[int | None]) -> Cost:
        """The number of weights; such layers count no multiply-adds.

        Example:
            >>> from convlab.layers import BatchNormalization
            >>> BatchNormalization().cost((None, 28, 28, 8))
            Cost(params=32, macs=0)
        """
        self.check(input_shape)
        return Cost(params=self.count_weights(standard_shape(input_shape)), macs=0)

    def dependence(
        self,
        input_shape: Any,
        output: int = 0,  # noqa: ARG002
    ) -> tuple[Dependence | None, ...]:
        """Each output reads the input at its place, and whole axes where numbers are mixed."""
        shape = standard_shape(input_shape)
        mixed = set(self.mixed_axes(shape))
        axes = range(1, len(shape))
        return (Product(tuple(Every() if axis in mixed else Along(axis) for axis in axes)),)


def axes_within(axis: Any, shape: Shape) -> tuple[int, ...]:
    """The axes that an argument `axis` means for a shape, rising and not negative.

    Args:
        axis: an integer or several, negative from the end.
        shape: the input's shape, batch included.

    Raises:
        ShapeError: there is no such axis.
        ArgumentError: an axis is no integer.

    Example:
        >>> axes_within((-1, 1), (None, 28, 28, 8))
        (1, 3)
    """
    axes = tuple(axis) if isinstance(axis, list | tuple) else (axis,)
    for one in axes:
        if not isinstance(one, int):
            raise ArgumentError(
                "An `axis` is a whole number.",
                received=f"axis={axis!r}",
                remedy="Use axis=-1, the last one.",
                argument="axis",
                fixes=[{"axis": -1}],
            )
        if not -len(shape) <= one < len(shape):
            raise ShapeError(
                f"Axis {one} is out of bounds for input shape {shape}. Received: axis={axis}",
                received=f"axis={axis}",
                remedy=f"Use an axis from {-len(shape)} to {len(shape) - 1}.",
                argument="axis",
                fixes=[{"axis": -1}] if shape else [],
            )
    return tuple(sorted(one % len(shape) for one in axes))
