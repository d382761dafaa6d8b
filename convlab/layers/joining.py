"""Layers of several inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import DataError, ShapeError
from convlab.layers import dtypes, room
from convlab.layers.base import Cost, Gradients, Layer, Shape, standard_shape

Array = NDArray[Any]


class Joining(Layer):
    """A layer without weights that is called on a list of arrays."""

    weighted = False
    accepts = "fiu"

    def standard(self, input_shape: Any) -> tuple[Shape, ...]:
        """The inputs' shapes, each as a tuple."""
        nested = isinstance(input_shape, list | tuple) and len(input_shape) > 0
        if not nested or not all(isinstance(shape, list | tuple) for shape in input_shape):
            raise ShapeError(
                f"A `{self.class_name}` layer should be called on a list of at least 1 input.",
                received=f"input_shape={input_shape!r:.200} (not a list of shapes)",
                remedy=f"Use {self.class_name}()([a, b]).",
                argument="input_shape",
            )
        return tuple(standard_shape(shape) for shape in input_shape)

    def prepare(self, inputs: Any) -> Any:
        """Check the inputs as a call does, and cast them to the dtype that they share."""
        if not isinstance(inputs, list | tuple) or not inputs:
            raise DataError(
                f"A `{self.class_name}` layer should be called on a list of at least 1 input.",
                received=f"inputs={' '.join(repr(inputs).split()):.200} (not a list of arrays)",
                remedy=f"Use {self.class_name}()([a, b]).",
            )
        arrays = [self._checked_array(x) for x in inputs]
        shapes = [x.shape for x in arrays]
        shape = self.check(shapes)
        if self.build_shape is None:
            self.build(shapes)
        room.check("output", [size or 0 for size in shape], arrays[0].itemsize)
        if self.autocast and any(np.issubdtype(x.dtype, np.floating) for x in arrays):
            return [dtypes.cast(x, self.compute_dtype) for x in arrays]
        return arrays

    def cost(self, input_shape: Any) -> Cost:
        """No weights, and no products of weights."""
        self.check(input_shape)
        return Cost(params=0, macs=0)

    def backward(self, inputs: Any, dy: Array) -> tuple[Any, list[Array]]:
        """The gradient of each input."""
        raise NotImplementedError

    def vjp(self, inputs: Any, output_gradient: Any) -> Gradients:
        """The backward pass; `inputs` of what it gives is a list.

        Args:
            inputs: a list of float arrays, as for a call.
            output_gradient: an array of the output's shape.

        Raises:
            DataError: an input of integers has no gradient, and a gradient is of real numbers.
            ShapeError: `output_gradient` has another shape than the output.

        Example:
            >>> from convlab.layers import Multiply
            >>> a, b = np.array([[2.0, 3.0]]), np.array([[5.0, 7.0]])
            >>> Multiply().vjp([a, b], np.ones((1, 2))).inputs
            [array([[5., 7.]], dtype=float32), array([[2., 3.]], dtype=float32)]
        """
        arrays = self.prepare(inputs)
        if not all(np.issubdtype(x.dtype, np.floating) for x in arrays):
            raise DataError(
                "Only floats have a gradient.",
                received=f"inputs of dtypes {', '.join(str(x.dtype) for x in arrays)}",
                remedy='Use x.astype("float32").',
            )
        dy = self.checked_gradient(output_gradient, self.called_shape(self._shapes(arrays)))
        gradients, _ = self.backward(arrays, dtypes.cast(dy, self.compute_dtype))
        return Gradients([dtypes.cast(dx, self.compute_dtype) for dx in gradients], [])

    @staticmethod
    def _shapes(arrays: Sequence[Array]) -> Any:
        return tuple(x.shape for x in arrays)


def summed_to(gradient: Array, shape: Sequence[int]) -> Array:
    """The gradient of an operand that was stretched: summed over where it was repeated.

    >>> summed_to(np.ones((2, 3)), (2, 1))
    array([[3.],
           [3.]])
    """
    extra = gradient.ndim - len(shape)
    gradient = gradient.sum(axis=tuple(range(extra))) if extra else gradient
    axes = tuple(a for a, size in enumerate(shape) if size == 1 != gradient.shape[a])
    return gradient.sum(axis=axes, keepdims=True) if axes else gradient
