"""Products of matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ShapeError
from convlab.geometry.links import Along, Dependence, Every, Link, Product, broadcast
from convlab.layers.base import Shape
from convlab.layers.joining import summed_to
from convlab.layers.operators.operation import Kind, Operation, Shapes, broadcast_shape

Array = NDArray[Any]


@dataclass(frozen=True)
class Matmul(Operation):
    """Rows of the first times columns of the second, over the last two axes.

    Attributes:
        transpose_a: whether the last two axes of the first change places before.
        transpose_b: the same of the second.
    """

    transpose_a: bool = False
    transpose_b: bool = False

    def shape(self, shapes: Shapes) -> Shape:
        """The axes before the last two are stretched; then rows, and columns."""
        if min(map(len, shapes)) < 2:
            raise _unfit(shapes)
        a, b = self._turned(shapes)
        if None not in (a[-1], b[-2]) and a[-1] != b[-2]:
            raise _unfit(shapes)
        return (*broadcast_shape([a[:-2], b[:-2], ()]), a[-2], b[-1])

    def value(self, arrays: list[Array]) -> Array:
        """The output."""
        a, b = self._matrices(arrays)
        return np.asarray(np.matmul(a, b))

    def gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """The gradient of each, summed over what was stretched."""
        a, b = self._matrices(arrays)
        found = (dy @ np.swapaxes(b, -1, -2), np.swapaxes(a, -1, -2) @ dy)
        turned = zip(found, (self.transpose_a, self.transpose_b), arrays, strict=True)
        return [summed_to(np.swapaxes(g, -1, -2) if t else g, x.shape) for g, t, x in turned]

    def links(self, shapes: Shapes, output: int) -> list[Dependence | None]:  # noqa: ARG002
        """An output reads a row of the first and a column of the second."""
        shape_out = self.shape(shapes)
        rank = len(shape_out)
        ends: Sequence[list[Link]] = ([Along(rank - 2), Every()], [Every(), Along(rank - 1)])
        found: list[Dependence | None] = []
        for shape, turn, end in zip(
            shapes, (self.transpose_a, self.transpose_b), ends, strict=True
        ):
            leading = broadcast(shape[:-2], shape_out[:-2]).links
            last = end[::-1] if turn else end
            if rank == 2 and len(shape) == 2 and last[0] == Along(0):  # rows are examples
                found.append(Product((last[1],)))
            else:
                whole = len(shape) == rank > 2
                found.append(Product((*leading, *last)) if whole else None)
        return found

    def macs(self, shapes: Shapes) -> int | None:
        """For each output of an example, as many as a row is long."""
        _, *sizes = self.shape(shapes)
        known = [size for size in (*sizes, self._turned(shapes)[0][-1]) if size is not None]
        return math.prod(known) if len(known) == len(sizes) + 1 else None

    def _turned(self, shapes: Shapes) -> list[Shape]:
        pairs = zip(shapes, (self.transpose_a, self.transpose_b), strict=True)
        return [(*s[:-2], s[-1], s[-2]) if turn else tuple(s) for s, turn in pairs]

    def _matrices(self, arrays: list[Array]) -> list[Array]:
        pairs = zip(arrays, (self.transpose_a, self.transpose_b), strict=True)
        return [np.swapaxes(x, -1, -2) if turn else x for x, turn in pairs]


def _unfit(shapes: Shapes) -> ShapeError:
    return ShapeError(
        "Inner dimensions (`x1.shape[-1]` and `x2.shape[-2]`) must be equal. Received: "
        f"x1.shape={shapes[0]}, x2.shape={shapes[1]}",
        received=f"shapes {shapes[0]} and {shapes[1]}",
        remedy="Use matrices with as many columns in the first as rows in the second.",
        argument="input_shape",
    )


OPERATIONS: dict[str, Kind] = {"matmul": Kind(Matmul, ("x1", "x2"))}
