"""Operations that put arrays together, and take them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.geometry.links import Dependence
from convlab.layers import merging
from convlab.layers.base import Shape
from convlab.layers.operators.operation import Kind, Operation, Shapes

Array = NDArray[Any]


@dataclass(frozen=True)
class Concatenate(Operation):
    """Arrays behind one another along an axis, as the layer of that name."""

    axis: int = 0

    def shape(self, shapes: Shapes) -> Shape:
        """The operands' shape, with the sum of their sizes along the axis."""
        return self._layer().compute_output_shape(shapes)

    def value(self, arrays: list[Array]) -> Array:
        """The output."""
        return np.concatenate(arrays, axis=self.axis)

    def gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """Each operand's part of the output's gradient."""
        return self._layer().backward(arrays, dy)[0]

    def links(self, shapes: Shapes, output: int) -> list[Dependence | None]:
        """Along the axis, an operand stands as if padded by what surrounds it."""
        return [*self._layer().dependence(shapes, output)]

    def _layer(self) -> merging.Concatenate:
        return merging.Concatenate(axis=self.axis, name="concatenate")


OPERATIONS: dict[str, Kind] = {"concatenate": Kind(Concatenate, ("xs",), listed=True)}
