"""The softmax as a layer, along one axis or over several."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import DataError, ShapeError
from convlab.layers import activations, dtypes
from convlab.layers.base import Shape
from convlab.layers.elementwise import Elementwise, axes_within

Array = NDArray[Any]


class Softmax(Elementwise):
    """Keras's `Softmax`: `exp(x)` divided by its sum along one axis or over several.

    Args:
        axis: the axis, or a list of them.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        Any with such axes.

    Output shape:
        The input's.

    Raises:
        ShapeError: there is no such axis.

    Example:
        >>> import numpy as np
        >>> Softmax()(np.array([[0.0, 0.0]]))
        array([[0.5, 0.5]], dtype=float32)
        >>> Softmax()(np.array([[1.0, 5.0]]), mask=np.array([[True, False]]))
        array([[1., 0.]], dtype=float32)
    """

    plain_tuples = True

    def __init__(self, axis: Any = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def mixed_axes(self, shape: Shape) -> tuple[int, ...]:
        """The axes over which numbers are divided by their sum; None is all."""
        return tuple(range(len(shape))) if self.axis is None else axes_within(self.axis, shape)

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a shape that lacks an axis."""
        if not self.mixed_axes(input_shape):
            raise ShapeError(
                "A softmax needs an axis.",
                received=f"axis={self.axis!r}, input shape {input_shape}",
                remedy="Use axis=-1, the last one.",
                argument="axis",
                fixes=[{"axis": -1}],
            )

    def call(self, inputs: Array, mask: Any = None) -> Array:
        """The output for a checked input; where a boolean mask is False, it is 0."""
        kept = None if mask is None else self._checked_mask(mask, inputs.shape)
        x = inputs if kept is None else np.where(kept, inputs, self._far_below(inputs))
        y = activations.softmax(x, axis=self.mixed_axes(inputs.shape))
        y = y if kept is None else np.where(kept, y, 0).astype(inputs.dtype)
        return dtypes.cast(y, self.compute_dtype)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradient for a checked input, without a mask."""
        axes = self.mixed_axes(inputs.shape)
        y = activations.softmax(inputs, axis=axes)
        return y * (dy - np.sum(y * dy, axis=axes, keepdims=True)), []

    def _far_below(self, x: Array) -> Any:
        """What Keras puts for a masked number."""
        return x.dtype.type(-3e4 if self.compute_dtype == "float16" else -1e9)

    def _checked_mask(self, mask: Any, shape: Shape) -> Array:
        kept = np.asarray(mask)
        sizes = zip(kept.shape[::-1], shape[::-1], strict=False)
        if kept.ndim > len(shape) or any(size not in (1, of) for size, of in sizes):
            raise ShapeError(
                "The `mask` must be broadcastable to `inputs`. Each mask dimension must be 1 or "
                f"match the corresponding input dimension. Received: inputs.shape={shape}, "
                f"mask.shape={kept.shape}",
                received=f"inputs.shape={shape}, mask.shape={kept.shape}",
                remedy=f"Give booleans of shape {shape}.",
                argument="mask",
            )
        if kept.dtype.kind not in "fiub":
            raise DataError(
                "A mask holds booleans.",
                received=f"an array of dtype {kept.dtype}",
                remedy="Use mask > 0.5.",
            )
        return kept if kept.dtype == bool else kept > 0.5
