"""Layers that join branches: sums, products, extremes, and concatenation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ShapeError
from convlab.geometry import zero_padding
from convlab.geometry.links import Along, Product, broadcast
from convlab.layers.base import Shape
from convlab.layers.joining import Joining, summed_to

Array = NDArray[Any]
Shapes = tuple[Shape, ...]


class Merge(Joining):
    """A layer that joins its inputs cell by cell; sizes of 1 are stretched, as in NumPy.

    An input of fewer axes gets axes of size 1 behind the batch.

    Args:
        **kwargs: the arguments of every layer.
    """

    def __init__(self, **kwargs: Any) -> None:  # so that a config has what Keras's has
        super().__init__(**kwargs)

    def merged(self, arrays: list[Array]) -> Array:
        """The output for arrays of one rank."""
        raise NotImplementedError

    def merged_gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """The gradient of each of the arrays, before sums over what was stretched."""
        raise NotImplementedError

    def check_input_shape(self, input_shape: Any) -> None:
        """Refuse inputs of several batch sizes."""
        batches = {shape[0] for shape in input_shape if shape} - {None}
        if len(batches) > 1:
            raise ShapeError(
                "Cannot merge tensors with different batch sizes. "
                f"Received tensors with shapes {list(input_shape)}",
                received=f"shapes {list(input_shape)}",
                remedy="Give every input the same number of examples.",
                argument="input_shape",
            )

    def compute_output_shape(self, input_shape: Any) -> Shape:
        """The shape to which all inputs can be stretched.

        Raises:
            ShapeError: two sizes differ and neither is 1.
        """
        shapes = self.standard(input_shape)
        sizes = reduce(self._joined, [shape[1:] for shape in shapes])
        batches = {shape[0] for shape in shapes if shape} - {None}
        return (batches.pop() if len(batches) == 1 else None, *sizes)

    def _joined(self, first: Shape, second: Shape) -> Shape:
        if len(first) < len(second):
            first, second = second, first
        kept = len(first) - len(second)
        sizes = list(first[:kept])
        for i, j in zip(first[kept:], second, strict=True):
            if i is None or j is None:
                sizes.append(None)
            elif i != j and 1 not in (i, j):
                raise ShapeError(
                    f"Inputs have incompatible shapes. Received shapes {first} and {second}",
                    received=f"shapes {first} and {second}, without the batch",
                    remedy="Crop or pad one of them, so that their sizes agree.",
                    argument="input_shape",
                )
            else:
                sizes.append(j if i == 1 else i)
        return tuple(sizes)

    def call(self, inputs: list[Array]) -> Array:
        """The output for checked inputs."""
        return self.merged(self._of_one_rank(inputs))

    def backward(self, inputs: list[Array], dy: Array) -> tuple[list[Array], list[Array]]:
        """The gradient of each input."""
        arrays = self._of_one_rank(inputs)
        gradients = self.merged_gradients(arrays, dy)
        return [
            summed_to(gradient, x.shape).reshape(given.shape)
            for gradient, x, given in zip(gradients, arrays, inputs, strict=True)
        ], []

    def dependence(self, input_shape: Any, output: int = 0) -> tuple[Product, ...]:  # noqa: ARG002
        """Each output reads the cell at its own place of every input."""
        shape_out = self.compute_output_shape(input_shape)
        return tuple(broadcast(shape, shape_out) for shape in self.standard(input_shape))

    def _of_one_rank(self, arrays: list[Array]) -> list[Array]:
        rank = max(x.ndim for x in arrays)
        return [x.reshape(x.shape[:1] + (1,) * (rank - x.ndim) + x.shape[1:]) for x in arrays]


class Add(Merge):
    """The sum of its inputs.

    Input shape:
        A list of arrays of one shape, or of shapes that can be stretched to one.

    Output shape:
        That shape.

    Example:
        >>> a = np.array([[1.0, 2.0]])
        >>> Add()([a, a]).tolist()
        [[2.0, 4.0]]
    """

    def merged(self, arrays: list[Array]) -> Array:
        """The sum."""
        return _folded(np.add, arrays)

    def merged_gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """The output's gradient for each."""
        return [dy] * len(arrays)


class Subtract(Merge):
    """The first of two inputs less the second.

    Example:
        >>> a = np.array([[1.0, 2.0]])
        >>> Subtract()([a, np.ones((1, 2))]).tolist()
        [[0.0, 1.0]]
    """

    def check_input_shape(self, input_shape: Any) -> None:
        """Refuse any number of inputs but two."""
        super().check_input_shape(input_shape)
        if len(input_shape) != 2:
            raise ShapeError(
                "A `Subtract` layer should be called on exactly 2 inputs. "
                f"Received: input_shape={list(input_shape)}",
                received=f"{len(input_shape)} inputs",
                remedy="Use Subtract()([a, b]).",
                argument="input_shape",
            )

    def merged(self, arrays: list[Array]) -> Array:
        """The difference."""
        return arrays[0] - arrays[1]

    def merged_gradients(self, arrays: list[Array], dy: Array) -> list[Array]:  # noqa: ARG002
        """The output's gradient, and its negative."""
        return [dy, -dy]


class Multiply(Merge):
    """The product of its inputs, cell by cell.

    Example:
        >>> a = np.array([[1.0, 2.0]])
        >>> Multiply()([a, a, a]).tolist()
        [[1.0, 8.0]]
    """

    def merged(self, arrays: list[Array]) -> Array:
        """The product."""
        return _folded(np.multiply, arrays)

    def merged_gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """The output's gradient times all other inputs."""
        return [reduce(np.multiply, arrays[:i] + arrays[i + 1 :], dy) for i in range(len(arrays))]


class Average(Merge):
    """The mean of its inputs.

    Example:
        >>> Average()([np.zeros((1, 2)), np.ones((1, 2))]).tolist()
        [[0.5, 0.5]]
    """

    def merged(self, arrays: list[Array]) -> Array:
        """The sum, divided by the number of inputs."""
        total = _folded(np.add, arrays)
        if not np.issubdtype(total.dtype, np.floating):
            total = total.astype(self.compute_dtype)
        mean: Array = total / total.dtype.type(len(arrays))
        return mean

    def merged_gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """An equal share of the output's gradient."""
        return [dy / dy.dtype.type(len(arrays))] * len(arrays)


class _Extreme(Merge):
    """The largest or smallest of the inputs; where two are equal, the first takes the gradient."""

    choose: Callable[[Array, Array], Array]
    better: Callable[[Array, Array], Any]

    def merged(self, arrays: list[Array]) -> Array:
        """The extreme, cell by cell."""
        chosen: Array = _folded(type(self).choose, arrays)
        return chosen

    def merged_gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """The output's gradient where the input is the extreme, pair by pair as TensorFlow."""
        running = [arrays[0]]
        for x in arrays[1:]:
            running.append(type(self).choose(running[-1], x))
        gradients = []
        for x, before in zip(arrays[:0:-1], running[-2::-1], strict=True):
            share = type(self).better(x, before).astype(dy.dtype)
            gradients.append(dy * share)
            dy = summed_to(dy * (1 - share), before.shape)
        return [dy, *reversed(gradients)]


class Maximum(_Extreme):
    """The largest of its inputs, cell by cell.

    Example:
        >>> Maximum()([np.zeros((1, 2)), np.array([[-1.0, 1.0]])]).tolist()
        [[0.0, 1.0]]
    """

    choose = np.maximum
    better = np.greater


class Minimum(_Extreme):
    """The smallest of its inputs, cell by cell.

    Example:
        >>> Minimum()([np.zeros((1, 2)), np.array([[-1.0, 1.0]])]).tolist()
        [[-1.0, 0.0]]
    """

    choose = np.minimum
    better = np.less


class Concatenate(Joining):
    """Its inputs behind one another along an axis.

    Args:
        axis: the axis; all other sizes must agree.
        **kwargs: the arguments of every layer.

    Example:
        >>> Concatenate()([np.zeros((1, 2)), np.ones((1, 1))]).tolist()
        [[0.0, 0.0, 1.0]]
    """

    accepts = "fiub"

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def check_input_shape(self, input_shape: Any) -> None:
        """Refuse inputs whose other sizes differ."""
        ranks = {len(shape) for shape in input_shape}
        fits = len(ranks) == 1 and -min(ranks) <= self.axis < min(ranks)
        if fits:
            axis = self.axis % ranks.pop()
            for a, sizes in enumerate(zip(*input_shape, strict=True)):
                fits &= a == axis or len({size for size in sizes if size is not None}) <= 1
        if not fits:
            raise ShapeError(
                "A `Concatenate` layer requires inputs with matching shapes except for the "
                f"concatenation axis. Received: input_shape={list(input_shape)}",
                received=f"input_shape={list(input_shape)}",
                remedy=f"Crop or pad one of them, so that all sizes but that of axis {self.axis} "
                "agree.",
                argument="input_shape",
            )

    def compute_output_shape(self, input_shape: Any) -> Shape:
        """The inputs' shape, with the sum of their sizes along the axis."""
        shapes = self.standard(input_shape)
        self.check_input_shape(shapes)
        axis = self.axis % len(shapes[0])
        known: list[set[int | None]] = [
            {size for size in sizes if size is not None} for sizes in zip(*shapes, strict=True)
        ]
        joined = [sizes.pop() if sizes else None for sizes in known]
        along = [shape[axis] for shape in shapes]
        joined[axis] = None if None in along else sum(size for size in along if size is not None)
        return tuple(joined)

    def call(self, inputs: list[Array]) -> Array:
        """The output for checked inputs."""
        return np.concatenate(inputs, axis=self.axis)

    def backward(self, inputs: list[Array], dy: Array) -> tuple[list[Array], list[Array]]:
        """Each input's part of the output's gradient."""
        ends = np.cumsum([x.shape[self.axis] for x in inputs])[:-1]
        return np.split(dy, ends, axis=self.axis), []

    def dependence(self, input_shape: Any, output: int = 0) -> tuple[Any, ...]:  # noqa: ARG002
        """Along the axis, an input stands in the output as if padded by what surrounds it."""
        shapes = self.standard(input_shape)
        self.check_input_shape(shapes)
        axis = self.axis % len(shapes[0])
        if axis == 0 or any(shape[axis] is None for shape in shapes):
            return (None,) * len(shapes)
        sizes = [shape[axis] or 0 for shape in shapes]
        starts, rank = [0, *accumulate(sizes)], len(shapes[0])
        found = []
        for start, size in zip(starts, sizes, strict=False):
            placed = zero_padding(size, start, starts[-1] - start - size)
            links = [
                Along(a, placed, beside=True) if a == axis else Along(a) for a in range(1, rank)
            ]
            found.append(Product(tuple(links)))
        return tuple(found)


def _folded(join: Callable[[Array, Array], Array], arrays: Sequence[Array]) -> Array:
    return reduce(join, arrays[1:], arrays[0]) if len(arrays) > 1 else arrays[0].copy()


def add(inputs: Any, **kwargs: Any) -> Any:
    """`Add(**kwargs)(inputs)`."""
    return Add(**kwargs)(inputs)


def subtract(inputs: Any, **kwargs: Any) -> Any:
    """`Subtract(**kwargs)(inputs)`."""
    return Subtract(**kwargs)(inputs)


def multiply(inputs: Any, **kwargs: Any) -> Any:
    """`Multiply(**kwargs)(inputs)`."""
    return Multiply(**kwargs)(inputs)


def average(inputs: Any, **kwargs: Any) -> Any:
    """`Average(**kwargs)(inputs)`."""
    return Average(**kwargs)(inputs)


def maximum(inputs: Any, **kwargs: Any) -> Any:
    """`Maximum(**kwargs)(inputs)`."""
    return Maximum(**kwargs)(inputs)


def minimum(inputs: Any, **kwargs: Any) -> Any:
    """`Minimum(**kwargs)(inputs)`."""
    return Minimum(**kwargs)(inputs)


def concatenate(inputs: Any, axis: int = -1, **kwargs: Any) -> Any:
    """`Concatenate(axis, **kwargs)(inputs)`."""
    return Concatenate(axis=axis, **kwargs)(inputs)
