"""Pooling: the largest number, or the mean, of each window."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab import kernels
from convlab.geometry import AxisGeometry, arguments, convolution
from convlab.layers import config, dtypes, refusals
from convlab.layers.base import Shape
from convlab.layers.spatial import each_axis
from convlab.layers.weightless import Weightless

Array = NDArray[Any]
Axes = tuple[AxisGeometry, ...]

_axis = lru_cache(maxsize=256)(convolution)


class BasePooling(Weightless):
    """A pooling over `rank` spatial axes: windows as those of a convolution without dilation."""

    built_at_once = True

    def __init__(
        self,
        pool_size: Any,
        strides: Any = None,
        padding: Any = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.pool_size = arguments.tuple_of(pool_size, self.rank, "pool_size")
        steps = pool_size if strides is None else strides
        self.strides = arguments.tuple_of(steps, self.rank, "strides", allow_zero=True)
        self.padding = padding
        self.data_format = arguments.data_format(data_format, config.image_data_format())

    def _is_default(self, name: str, shown: Any) -> bool:
        if name == "strides" and self.strides == self.pool_size:
            return True
        return super()._is_default(name, shown)

    def geometry(self, input_shape: Sequence[int | None]) -> tuple[Axes, ...]:
        """How input and output are related: one step, one `AxisGeometry` per spatial axis.

        Raises:
            ShapeError: the rank is wrong, or the window reaches further than the padded input.

        Example:
            >>> from convlab.layers import MaxPooling2D
            >>> (height, width), = MaxPooling2D(2).geometry((None, 5, 7, 1))
            >>> height.size_out, width.size_out
            (2, 3)
        """
        shape = self.ranked(input_shape)
        padding = self.padding.lower() if isinstance(self.padding, str) else None
        if padding not in ("valid", "same"):
            raise refusals.unknown_pooling_padding(self.padding)
        axes, errors = each_axis(
            _axis,
            self.spatial_sizes(shape),
            arguments.whole(self.pool_size, "pool_size"),
            arguments.whole(self.strides, "strides"),
            (1,) * self.rank,
            (padding,) * self.rank,
        )
        if any(errors):
            raise refusals.no_window(self, shape, errors)
        return (axes,)

    def called_shape(self, input_shape: Shape) -> Shape:
        """The output's shape in a call, where the padding may be in upper case, as in Keras."""
        return super().compute_output_shape(input_shape)

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape for an input shape, in which any size may be None.

        Raises:
            ShapeError: the rank is wrong, or the window reaches further than the padded input.
            ArgumentError: the padding is not exactly "valid" or "same".

        Example:
            >>> from convlab.layers import MaxPooling2D
            >>> MaxPooling2D(2, padding="same").compute_output_shape((None, 5, None, 3))
            (None, 3, None, 3)
        """
        if self.padding not in ("valid", "same"):
            raise refusals.unknown_pooling_padding(self.padding)
        return super().compute_output_shape(input_shape)

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        axes = self.geometry(inputs.shape)[0]
        return self.own_format(self.pooled(self.channels_last(inputs), axes))

    def pooled(self, x: Array, axes: Axes) -> Array:
        """The output for a channels_last input."""
        raise NotImplementedError

    def pooled_gradient(self, x: Array, dy: Array, axes: Axes) -> Array:
        """The gradient of `sum(pooled(x) * dy)` for `x`."""
        raise NotImplementedError

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradient for a checked input; there are no weights."""
        axes = self.geometry(inputs.shape)[0]
        exact = dtypes.kernel_dtype(self.compute_dtype)
        x, dy = (self.channels_last(array).astype(exact) for array in (inputs, dy))
        return self.own_format(self.pooled_gradient(x, dy, axes)), []


class BaseMaxPooling(BasePooling):
    """The largest number of each window, channel by channel; padding never wins.

    NaN loses against every number, as in TensorFlow; a window of NaN alone gives NaN.
    """

    accepts = "fiu"

    def pooled(self, x: Array, axes: Axes) -> Array:
        """The maxima for a channels_last input."""
        if x.dtype == np.float16:  # the kernels know none; the maxima are the same
            return kernels.window_maxima(x.astype(np.float32), axes).astype(np.float16)
        return kernels.window_maxima(x, axes)

    def pooled_gradient(self, x: Array, dy: Array, axes: Axes) -> Array:
        """The gradient goes to a maximum of each window.

        Of equal maxima the first gets it; in three dimensions each does, as in TensorFlow.
        """
        y = kernels.window_maxima(x, axes)
        return kernels.maxima_gradient(x, y, dy, axes, every=self.rank == 3)


class BaseAveragePooling(BasePooling):
    """The mean of the real cells in each window, channel by channel: padding does not count."""

    def pooled(self, x: Array, axes: Axes) -> Array:
        """The means for a channels_last input."""
        exact = x.astype(dtypes.kernel_dtype(self.compute_dtype), copy=False)
        means = kernels.window_sums(exact, axes) / _counts(axes).astype(exact.dtype)
        return dtypes.cast(means, self.compute_dtype)

    def pooled_gradient(self, x: Array, dy: Array, axes: Axes) -> Array:  # noqa: ARG002
        """Each cell gets its part from every window that reads it."""
        shared = dy / _counts(axes).astype(dy.dtype)
        return kernels.window_sums(shared, tuple(axis.transpose() for axis in axes))


def _counts(axes: Axes) -> Array:
    """How many real cells each window has, `(*output sizes, 1)`."""
    per_axis = [np.count_nonzero(axis.taps() >= 0, axis=1) for axis in axes]
    grids = np.ix_(*per_axis)
    return np.asarray(math.prod(grids[1:], start=grids[0]))[..., None]


class MaxPooling1D(BaseMaxPooling):
    """Keras's `MaxPooling1D`: the largest number of each window, channel by channel.

    Args:
        pool_size: the window's size, an integer or (steps,).
        strides: the step of the window; None is the window's size.
        padding: `"valid"` (none) or `"same"` (an output has ceil(size / stride) cells).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        name: a name; None gives an automatic one.
        **kwargs: `trainable`, `dtype`, `activity_regularizer`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, steps, channels), or (batch, channels, steps) with channels_first.

    Output shape:
        The same with new sizes.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> MaxPooling1D(2, strides=1)(np.array([1.0, 2, 3, 4, 5]).reshape(1, 5, 1)).ravel()
        array([2., 3., 4., 5.], dtype=float32)
    """

    rank = 1

    def __init__(
        self,
        pool_size: Any = 2,
        strides: Any = None,
        padding: Any = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


class MaxPooling2D(BaseMaxPooling):
    """Keras's `MaxPooling2D`: the largest number of each window, channel by channel.

    Args:
        pool_size: the window's size, an integer or (height, width).
        strides: the step of the window; None is the window's size.
        padding: `"valid"` (none) or `"same"` (an output has ceil(size / stride) cells).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        name: a name; None gives an automatic one.
        **kwargs: `trainable`, `dtype`, `activity_regularizer`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first.

    Output shape:
        The same with new sizes.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> x = np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]).reshape(1, 3, 3, 1)
        >>> MaxPooling2D(2, strides=1)(x)[0, :, :, 0]
        array([[5., 6.],
               [8., 9.]], dtype=float32)
    """

    rank = 2

    def __init__(
        self,
        pool_size: Any = (2, 2),
        strides: Any = None,
        padding: Any = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


class MaxPooling3D(BaseMaxPooling):
    """Keras's `MaxPooling3D`: the largest number of each window, channel by channel.

    Args:
        pool_size: the window's size, an integer or (depth, height, width).
        strides: the step of the window; None is the window's size.
        padding: `"valid"` (none) or `"same"` (an output has ceil(size / stride) cells).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        name: a name; None gives an automatic one.
        **kwargs: `trainable`, `dtype`, `activity_regularizer`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, depth, height, width, channels), or (batch, channels, depth, height, width) with
        channels_first.

    Output shape:
        The same with new sizes.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> MaxPooling3D(2)(np.arange(16.0).reshape(1, 2, 2, 4, 1)).ravel()
        array([13., 15.], dtype=float32)
    """

    rank = 3

    accepts = "f"  # as TensorFlow

    def __init__(
        self,
        pool_size: Any = (2, 2, 2),
        strides: Any = None,
        padding: Any = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


class AveragePooling1D(BaseAveragePooling):
    """Keras's `AveragePooling1D`: the mean of each window, channel by channel.

    Args:
        pool_size: the window's size, an integer or (steps,).
        strides: the step of the window; None is the window's size.
        padding: `"valid"` (none) or `"same"` (an output has ceil(size / stride) cells).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        name: a name; None gives an automatic one.
        **kwargs: `trainable`, `dtype`, `activity_regularizer`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, steps, channels), or (batch, channels, steps) with channels_first.

    Output shape:
        The same with new sizes.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> x = np.array([1.0, 2, 3, 4, 5]).reshape(1, 5, 1)
        >>> AveragePooling1D(2, strides=1, padding="same")(x).ravel()
        array([1.5, 2.5, 3.5, 4.5, 5. ], dtype=float32)
    """

    rank = 1


class AveragePooling2D(BaseAveragePooling):
    """Keras's `AveragePooling2D`: the mean of each window, channel by channel.

    Args:
        pool_size: the window's size, an integer or (height, width).
        strides: the step of the window; None is the window's size.
        padding: `"valid"` (none) or `"same"` (an output has ceil(size / stride) cells).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        name: a name; None gives an automatic one.
        **kwargs: `trainable`, `dtype`, `activity_regularizer`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first.

    Output shape:
        The same with new sizes.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> x = np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]).reshape(1, 3, 3, 1)
        >>> AveragePooling2D(2, strides=1)(x)[0, :, :, 0]
        array([[3., 4.],
               [6., 7.]], dtype=float32)
    """

    rank = 2


class AveragePooling3D(BaseAveragePooling):
    """Keras's `AveragePooling3D`: the mean of each window, channel by channel.

    Args:
        pool_size: the window's size, an integer or (depth, height, width).
        strides: the step of the window; None is the window's size.
        padding: `"valid"` (none) or `"same"` (an output has ceil(size / stride) cells).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        name: a name; None gives an automatic one.
        **kwargs: `trainable`, `dtype`, `activity_regularizer`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, depth, height, width, channels), or (batch, channels, depth, height, width) with
        channels_first.

    Output shape:
        The same with new sizes.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> AveragePooling3D(2)(np.arange(16.0).reshape(1, 2, 2, 4, 1)).ravel()
        array([6.5, 8.5], dtype=float32)
    """

    rank = 3


MaxPool1D, MaxPool2D, MaxPool3D = MaxPooling1D, MaxPooling2D, MaxPooling3D
AvgPool1D, AvgPool2D, AvgPool3D = AveragePooling1D, AveragePooling2D, AveragePooling3D
