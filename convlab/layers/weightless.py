"""What the layers without weights share: a fixed rank, and no cost."""

from __future__ import annotations

from collections.abc import Sequence

from convlab.layers import refusals
from convlab.layers.base import Cost, Shape, standard_shape
from convlab.layers.spatial import Spatial


class Weightless(Spatial):
    """A layer over spatial axes that has no weights and treats every channel alike."""

    weighted = False

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a wrong rank."""
        if len(input_shape) != self.input_rank:
            raise refusals.wrong_ndim(self, input_shape)

    def ranked(self, input_shape: Sequence[int | None]) -> Shape:
        """The shape as a tuple; refuses a wrong rank."""
        shape = standard_shape(input_shape)
        self.check_input_shape(shape)
        return shape

    def cost(self, input_shape: Sequence[int | None]) -> Cost:
        """No weights, and no multiplications.

        Example:
            >>> from convlab.layers import MaxPooling2D
            >>> MaxPooling2D(2).cost((None, 28, 28, 1))
            Cost(params=0, macs=0)
        """
        self.check(input_shape)
        return Cost(params=0, macs=0)

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape for an input shape, in which any size may be None.

        Raises:
            ShapeError: the rank is wrong, or no output is left.
        """
        shape = self.ranked(input_shape)
        sizes = (axis.size_out for axis in self.geometry(shape)[-1])
        return self.whole_shape(shape[0], sizes, shape[self.channel_axis])
