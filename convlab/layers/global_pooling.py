"""Global pooling: one window that spans the whole input."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ShapeError
from convlab.geometry import AxisGeometry, arguments, axis_names, convolution
from convlab.geometry.links import Along, Dependence, Every, Product
from convlab.layers import config, dtypes
from convlab.layers.base import Shape
from convlab.layers.weightless import Weightless

Array = NDArray[Any]


class BaseGlobalPooling(Weightless):
    """A pooling over all cells of `rank` spatial axes."""

    built_at_once = True

    accepts = "fiub"

    def __init__(
        self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = arguments.data_format(data_format, config.image_data_format())
        self.keepdims = keepdims

    @property
    def spatial_axes(self) -> tuple[int, ...]:
        """Where the spatial axes stand in an input."""
        first = 1 if self.channel_axis == -1 else 2
        return tuple(range(first, first + self.rank))

    def geometry(self, input_shape: Sequence[int | None]) -> tuple[tuple[AxisGeometry, ...], ...]:
        """How input and output are related: along each axis, one output reads every input.

        Raises:
            ShapeError: the rank is wrong, or a spatial size is not known or 0.

        Example:
            >>> from convlab.layers import GlobalMaxPooling1D
            >>> GlobalMaxPooling1D().geometry((None, 3, 1))[0][0].taps()
            array([[0, 1, 2]])
        """
        sizes = self.spatial_sizes(self.ranked(input_shape))
        for name, size in zip(axis_names(self.rank), sizes, strict=True):
            if not size:
                raise ShapeError(
                    f"The window of {self!r} spans the whole {name}, which must be known and not "
                    "0 to say what it reads.",
                    received=f"input shape {tuple(input_shape)}",
                    remedy=f"Give the {name} a size.",
                    argument="input_shape",
                )
        return (tuple(convolution(size, kernel=size or 1) for size in sizes),)

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape for an input shape, in which any size may be None.

        Raises:
            ShapeError: the rank is wrong.

        Example:
            >>> from convlab.layers import GlobalAveragePooling2D
            >>> GlobalAveragePooling2D().compute_output_shape((None, None, None, 3))
            (None, 3)
            >>> GlobalAveragePooling2D(keepdims=True).compute_output_shape((None, 7, 7, 3))
            (None, 1, 1, 3)
        """
        shape = self.ranked(input_shape)
        channels = shape[self.channel_axis]
        if not self.keepdims:
            return (shape[0], channels)
        return self.whole_shape(shape[0], (1,) * self.rank, channels)

    def dependence(self, input_shape: Any, output: int = 0) -> tuple[Dependence | None, ...]:  # noqa: ARG002
        """Which cells of the input the outputs read: every one of their own channel."""
        shape = self.ranked(input_shape)
        channel = self.channel_axis % len(shape)
        links = [
            Every() if axis != channel else Along(axis if self.keepdims else 1)
            for axis in range(1, len(shape))
        ]
        return (Product(tuple(links)),)

    def _spread(self, values: Array) -> Array:
        """What belongs to whole inputs, `(batch, channels)`, in the shape that broadcasts."""
        sizes = (1,) * self.rank
        batch, channels = values.shape[0], values.shape[-1 if self.channel_axis == -1 else 1]
        return values.reshape([size or 0 for size in self.whole_shape(batch, sizes, channels)])


class BaseGlobalMaxPooling(BaseGlobalPooling):
    """The largest number of each channel; NaN where there is one."""

    def call(self, inputs: Array) -> Array:
        """The maxima of a checked input."""
        if not all(inputs.shape[axis] for axis in self.spatial_axes):
            raise ShapeError(
                "There is no maximum of no numbers.",
                received=f"input of shape {inputs.shape}",
                remedy="Use an input of size 1 or more along every spatial axis.",
                argument="input_shape",
            )
        return np.asarray(inputs.max(axis=self.spatial_axes, keepdims=bool(self.keepdims)))

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """Equal maxima share the gradient evenly, as in TensorFlow."""
        is_max = inputs == inputs.max(axis=self.spatial_axes, keepdims=True)
        shares = is_max / np.maximum(is_max.sum(axis=self.spatial_axes, keepdims=True), 1)
        return (shares * self._spread(dy)).astype(dy.dtype), []


def _summed(x: Array) -> Array:
    """The sum over the middle axis, of sums of about its root: rounded less than one long sum."""
    block = max(math.isqrt(x.shape[1]), 1)
    if x.shape[1] <= block:
        return np.asarray(x.sum(axis=1))
    return np.asarray(np.add.reduceat(x, np.arange(0, x.shape[1], block), axis=1).sum(axis=1))


class BaseGlobalAveragePooling(BaseGlobalPooling):
    """The mean of each channel; of integers in floats. The mean of no cells is NaN."""

    def call(self, inputs: Array) -> Array:
        """The means of a checked input."""
        return self.mean(inputs)

    def mean(self, x: Array) -> Array:
        """The means over the spatial axes."""
        name = x.dtype.name if x.dtype.kind == "f" else config.floatx()
        exact = dtypes.kernel_dtype(name)
        cells = math.prod(x.shape[axis] for axis in self.spatial_axes)
        flat = self.channels_last(x).reshape(len(x), cells, x.shape[self.channel_axis])
        total = _summed(flat.astype(exact, copy=False))
        if self.keepdims:
            total = self._spread(total)
        with np.errstate(invalid="ignore", divide="ignore"):
            return dtypes.cast(total / total.dtype.type(cells), name)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """Every cell gets an equal share."""
        cells = max(int(np.prod([inputs.shape[axis] for axis in self.spatial_axes])), 1)
        shares = self._spread(dy) / dy.dtype.type(cells)
        return np.broadcast_to(shares, inputs.shape).copy(), []


class GlobalMaxPooling1D(BaseGlobalMaxPooling):
    """Keras's `GlobalMaxPooling1D`: the largest number of each channel.

    Args:
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        keepdims: whether the spatial axes stay, with size 1.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, steps, channels), or (batch, channels, steps) with channels_first.

    Output shape:
        (batch, channels); with keepdims the input's shape with sizes of 1.

    Example:
        >>> import numpy as np
        >>> GlobalMaxPooling1D()(np.arange(8.0).reshape(1, 8, 1))
        array([[7.]], dtype=float32)
    """

    rank = 1


class GlobalMaxPooling2D(BaseGlobalMaxPooling):
    """Keras's `GlobalMaxPooling2D`: the largest number of each channel.

    Args:
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        keepdims: whether the spatial axes stay, with size 1.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first.

    Output shape:
        (batch, channels); with keepdims the input's shape with sizes of 1.

    Example:
        >>> import numpy as np
        >>> GlobalMaxPooling2D()(np.arange(8.0).reshape(1, 2, 4, 1))
        array([[7.]], dtype=float32)
    """

    rank = 2


class GlobalMaxPooling3D(BaseGlobalMaxPooling):
    """Keras's `GlobalMaxPooling3D`: the largest number of each channel.

    Args:
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        keepdims: whether the spatial axes stay, with size 1.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, depth, height, width, channels), or (batch, channels, depth, height, width) with
        channels_first.

    Output shape:
        (batch, channels); with keepdims the input's shape with sizes of 1.

    Example:
        >>> import numpy as np
        >>> GlobalMaxPooling3D()(np.arange(8.0).reshape(1, 2, 2, 2, 1))
        array([[7.]], dtype=float32)
    """

    rank = 3


class GlobalAveragePooling1D(BaseGlobalAveragePooling):
    """Keras's `GlobalAveragePooling1D`: the mean of each channel.

    Args:
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        keepdims: whether the spatial axes stay, with size 1.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, steps, channels), or (batch, channels, steps) with channels_first.

    Output shape:
        (batch, channels); with keepdims the input's shape with sizes of 1.

    Example:
        >>> import numpy as np
        >>> GlobalAveragePooling1D()(np.arange(8.0).reshape(1, 8, 1))
        array([[3.5]], dtype=float32)
    """

    rank = 1

    def call(self, inputs: Array, mask: Any = None) -> Array:
        """The means of a checked input, over the steps that a mask `(batch, steps)` keeps.

        Example:
            >>> layer = GlobalAveragePooling1D()
            >>> layer(np.array([[[1.0], [5.0]]]), mask=np.array([[True, False]]))
            array([[1.]], dtype=float32)
        """
        if mask is None:
            return self.mean(inputs)
        kept = np.expand_dims(np.asarray(mask, bool), self.channel_axis)
        total = np.where(kept, inputs, 0).sum(axis=self.spatial_axes, keepdims=bool(self.keepdims))
        count = kept.astype(inputs.dtype).sum(axis=self.spatial_axes, keepdims=bool(self.keepdims))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(total / count, total.dtype)


class GlobalAveragePooling2D(BaseGlobalAveragePooling):
    """Keras's `GlobalAveragePooling2D`: the mean of each channel.

    Args:
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        keepdims: whether the spatial axes stay, with size 1.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first.

    Output shape:
        (batch, channels); with keepdims the input's shape with sizes of 1.

    Example:
        >>> import numpy as np
        >>> GlobalAveragePooling2D()(np.arange(8.0).reshape(1, 2, 4, 1))
        array([[3.5]], dtype=float32)
    """

    rank = 2


class GlobalAveragePooling3D(BaseGlobalAveragePooling):
    """Keras's `GlobalAveragePooling3D`: the mean of each channel.

    Args:
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        keepdims: whether the spatial axes stay, with size 1.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, depth, height, width, channels), or (batch, channels, depth, height, width) with
        channels_first.

    Output shape:
        (batch, channels); with keepdims the input's shape with sizes of 1.

    Example:
        >>> import numpy as np
        >>> GlobalAveragePooling3D()(np.arange(8.0).reshape(1, 2, 2, 2, 1))
        array([[3.5]], dtype=float32)
    """

    rank = 3


GlobalMaxPool1D, GlobalMaxPool2D = GlobalMaxPooling1D, GlobalMaxPooling2D
GlobalMaxPool3D = GlobalMaxPooling3D
GlobalAvgPool1D, GlobalAvgPool2D = GlobalAveragePooling1D, GlobalAveragePooling2D
GlobalAvgPool3D = GlobalAveragePooling3D
