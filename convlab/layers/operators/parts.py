"""Operations that put arrays together, and take them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry.links import Along, At, Dependence, Link, Product
from convlab.geometry.moving import cropping
from convlab.layers import merging
from convlab.layers.base import Shape
from convlab.layers.operators.operation import Kind, Operation, Shapes, axis_of, whole_numbers

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


@dataclass(frozen=True)
class Stack(Operation):
    """Arrays of one shape side by side along a new axis."""

    axis: int = 0

    def shape(self, shapes: Shapes) -> Shape:
        """The operands' shape with the new axis in it."""
        if len({len(shape) for shape in shapes}) > 1 or any(
            len({*sizes} - {None}) > 1 for sizes in zip(*shapes, strict=True)
        ):
            raise ShapeError(
                "Only arrays of one shape are stacked.",
                received=f"shapes {', '.join(map(str, shapes))}",
                remedy="Crop or pad one of them, so that their sizes agree.",
                argument="input_shape",
            )
        known = [
            next((s for s in sizes if s is not None), None) for sizes in zip(*shapes, strict=True)
        ]
        axis = axis_of(self.axis, len(known) + 1)
        return (*known[:axis], len(shapes), *known[axis:])

    def value(self, arrays: list[Array]) -> Array:
        """The output."""
        return np.stack(arrays, axis=self.axis)

    def gradients(self, arrays: list[Array], dy: Array) -> list[Array]:  # noqa: ARG002
        """The output's gradient at each operand's place."""
        return [*np.moveaxis(dy, self.axis, 0)]

    def links(self, shapes: Shapes, output: int) -> list[Dependence | None]:  # noqa: ARG002
        """Only the outputs at its place of the new axis read an operand."""
        rank = len(shapes[0]) + 1
        axis = axis_of(self.axis, rank)
        if axis == 0 or rank == 1:
            return [None] * len(shapes)
        links = tuple(Along(a) for a in range(1, rank) if a != axis)
        return [Product(links, only=((axis, place),)) for place in range(len(shapes))]


@dataclass(frozen=True)
class Split(Operation):
    """An array cut along an axis: in equal parts, or before the places of a list."""

    indices_or_sections: Any
    axis: int = 0

    def shape(self, shapes: Shapes) -> list[Shape]:
        """The shape of each part."""
        (shape,) = shapes
        axis = axis_of(self.axis, len(shape))
        return [(*shape[:axis], size, *shape[axis + 1 :]) for size in self._sizes(shape[axis])]

    def value(self, arrays: list[Array]) -> list[Array]:
        """The parts."""
        (x,) = arrays
        sizes = [size or 0 for size in self._sizes(x.shape[axis_of(self.axis, x.ndim)])]
        return [y.copy() for y in np.split(x, np.cumsum(sizes)[:-1], axis=self.axis)]

    def gradients(self, arrays: list[Array], dy: list[Array]) -> list[Array]:  # noqa: ARG002
        """The parts' gradients behind one another."""
        return [np.concatenate(dy, axis=self.axis)]

    def links(self, shapes: Shapes, output: int) -> list[Dependence | None]:
        """A part is what is left when all others are cropped."""
        (shape,) = shapes
        axis = axis_of(self.axis, len(shape))
        size = shape[axis]
        if axis == 0 or size is None:
            return [None]
        sizes = [part or 0 for part in self._sizes(size)]
        if not sizes[output]:
            return [Product(tuple(At(()) for _ in shape[1:]))]
        before = sum(sizes[:output])
        relation = cropping(size, before, size - before - sizes[output])
        links = (Along(a, relation if a == axis else None) for a in range(1, len(shape)))
        return [Product(tuple(links))]

    def _sizes(self, size: int | None) -> list[int | None]:
        """The sizes of the parts along the axis."""
        places = self.indices_or_sections
        if isinstance(places, list | tuple | np.ndarray):
            inner = whole_numbers(places, "indices_or_sections")
            if size is None:
                return [None] * (len(inner) + 1)
            ends = [min(end if end >= 0 else end + size, size) for end in inner]
            return [b - a for a, b in zip([0, *ends], [*ends, size], strict=True)]
        (parts,) = whole_numbers([places], "indices_or_sections")
        if not 0 < parts <= _MOST_PARTS or (size is not None and size % parts):
            raise ShapeError(
                f"An axis is split into equal parts, at most {_MOST_PARTS}.",
                received=f"indices_or_sections={places}, for a size of {size}",
                remedy="Use a number that divides the size, or a list of places.",
                argument="indices_or_sections",
            )
        return [None if size is None else size // parts] * parts


@dataclass(frozen=True)
class Unstack(Operation):
    """The slices of an array along an axis, which goes."""

    num: int | None = None
    axis: int = 0

    def shape(self, shapes: Shapes) -> list[Shape]:
        """The shape of each slice."""
        (shape,) = shapes
        axis = axis_of(self.axis, len(shape))
        count = shape[axis] if self.num is None else self.num
        if count is None or count > _MOST_PARTS or shape[axis] not in (None, count):
            raise ArgumentError(
                f"The number of slices is the size of the axis, at most {_MOST_PARTS}.",
                received=f"num={self.num}, for a size of {shape[axis]}",
                remedy="Give `num`, or an input of a known size.",
                argument="num",
            )
        return [shape[:axis] + shape[axis + 1 :]] * count

    def value(self, arrays: list[Array]) -> list[Array]:
        """The slices."""
        return [y.copy() for y in np.moveaxis(arrays[0], self.axis, 0)]

    def gradients(self, arrays: list[Array], dy: list[Array]) -> list[Array]:  # noqa: ARG002
        """The slices' gradients, stacked."""
        return [np.stack(dy, axis=self.axis)]

    def links(self, shapes: Shapes, output: int) -> list[Dependence | None]:
        """A slice reads one place of the axis."""
        (shape,) = shapes
        axis = axis_of(self.axis, len(shape))
        if axis == 0:
            return [None]
        links: list[Link] = [Along(a - (a > axis)) for a in range(1, len(shape))]
        links[axis - 1] = At((output,))
        return [Product(tuple(links))]


_MOST_PARTS = 2**14

OPERATIONS: dict[str, Kind] = {
    "concatenate": Kind(Concatenate, ("xs",), listed=True),
    "stack": Kind(Stack, ("x",), listed=True),
    "split": Kind(Split),
    "unstack": Kind(Unstack),
}
