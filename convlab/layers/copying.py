"""What cropping, padding and repeating share: each output is a copy of one input, or zero."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from convlab import kernels
from convlab.geometry import AxisGeometry
from convlab.layers import dtypes
from convlab.layers.weightless import Weightless

Array = NDArray[Any]


class Copying(Weightless):
    """A layer that copies cells, and so keeps every dtype."""

    accepts = "fiub"

    def _axes(self, x: Array) -> tuple[AxisGeometry, ...]:
        axes: tuple[AxisGeometry, ...] = self.geometry(x.shape)[0]
        return axes

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        y = kernels.moved(self.channels_last(inputs), self._axes(inputs))
        return self.own_format(y)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """Each input gets the gradients of its copies; there are no weights."""
        exact = self.channels_last(dy).astype(dtypes.kernel_dtype(self.compute_dtype))
        return self.own_format(kernels.moved_back(exact, self._axes(inputs))), []
