"""Upsampling: cells are repeated, or new ones are computed between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab import kernels
from convlab.errors import ArgumentError, ArgumentTypeError
from convlab.geometry import AxisGeometry, arguments
from convlab.geometry.moving import nearest
from convlab.geometry.resampling import INTERPOLATIONS, Resampling, upsampling
from convlab.layers import config, dtypes
from convlab.layers.base import Cost, Shape
from convlab.layers.copying import Copying
from convlab.layers.kernel_layer import known_product

Array = NDArray[Any]


class BaseUpSampling(Copying):
    """An upsampling of `rank` spatial axes that repeats each cell."""

    size: Any

    @property
    def factors(self) -> tuple[int, ...]:
        """How many times as many cells the output has, along each axis."""
        return (self.size,) if self.rank == 1 else arguments.whole(self.size, "size")

    def geometry(self, input_shape: Sequence[int | None]) -> tuple[tuple[AxisGeometry, ...], ...]:
        """How input and output are related: one step, one `AxisGeometry` per spatial axis.

        Raises:
            ShapeError: the rank is wrong.

        Example:
            >>> from convlab.layers import UpSampling1D
            >>> UpSampling1D(2).geometry((None, 2, 1))[0][0].taps().max(axis=1)
            array([0, 0, 1, 1])
        """
        sizes = self.spatial_sizes(self.ranked(input_shape))
        return (tuple(map(nearest, sizes, self.factors)),)


class UpSampling1D(BaseUpSampling):
    """Keras's `UpSampling1D`: repeats each step.

    Args:
        size: how often, an integer.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, steps, channels).

    Output shape:
        The same with new sizes.

    Raises:
        ArgumentTypeError: `size` is no integer.
        ArgumentError: `size` is not positive.

    Example:
        >>> import numpy as np
        >>> UpSampling1D(2)(np.array([[[1.0], [2.0]]])).ravel()
        array([1., 1., 2., 2.], dtype=float32)
    """

    rank = 1

    def __init__(self, size: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(size, int) or isinstance(size, bool):
            raise ArgumentTypeError(
                f"Expected an integer value for `size`, got {type(size)}.",
                received=f"size={size!r}",
                remedy="Use an integer, such as size=2.",
                argument="size",
                fixes=[{"size": 2}],
            )
        if size <= 0:
            raise ArgumentError(
                f"Argument `size` should be a positive integer. Received: size={size}",
                received=f"size={size}",
                remedy="Use 1 or more, such as size=2.",
                argument="size",
                fixes=[{"size": 2}],
            )
        self.size = size


class UpSampling2D(BaseUpSampling):
    """Keras's `UpSampling2D`: repeats rows and columns, or computes new ones between them.

    Args:
        size: how many times as many, an integer or (height, width).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        interpolation: `"nearest"` (cells are repeated), `"bilinear"`, `"bicubic"`, `"lanczos3"`,
            `"lanczos5"`, or `"area"`, which is nearest here.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first.

    Output shape:
        The same with new sizes.

    Raises:
        ArgumentError: an argument that Keras refuses; an unknown interpolation when it is called.

    Example:
        >>> import numpy as np
        >>> x = np.array([0.0, 4.0, 8.0]).reshape(1, 1, 3, 1)
        >>> UpSampling2D((1, 2))(x).ravel()
        array([0., 0., 4., 4., 8., 8.], dtype=float32)
        >>> UpSampling2D((1, 2), interpolation="bilinear")(x).ravel()
        array([0., 1., 3., 5., 7., 8.], dtype=float32)
    """

    rank = 2

    def __init__(
        self,
        size: Any = (2, 2),
        data_format: str | None = None,
        interpolation: str = "nearest",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = arguments.data_format(data_format, config.image_data_format())
        self.size = arguments.tuple_of(size, 2, "size")
        if not isinstance(interpolation, str):
            raise _unknown_interpolation(interpolation)
        self.interpolation = interpolation.lower()

    @property
    def repeats(self) -> bool:
        """Whether cells are repeated, or else mixed."""
        return self.interpolation in ("nearest", "area")

    def geometry(self, input_shape: Sequence[int | None]) -> tuple[tuple[Any, ...], ...]:
        """How input and output are related along height and width.

        Returns:
            One step of two axes: `AxisGeometry` where cells are repeated, else `Resampling`.

        Raises:
            ShapeError: the rank is wrong.
            ArgumentError: the interpolation is not known.
        """
        if not self.repeats and self.interpolation not in INTERPOLATIONS:
            raise _unknown_interpolation(self.interpolation)
        sizes = self.spatial_sizes(self.ranked(input_shape))
        kinds = (self.interpolation,) * 2
        return (tuple(map(upsampling, sizes, self.factors, kinds)),)

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape for an input shape, in which any size may be None.

        Example:
            >>> UpSampling2D(2, interpolation="bilinear").compute_output_shape((1, 3, None, 5))
            (1, 6, None, 5)
        """
        shape = self.ranked(input_shape)
        axes = map(nearest, self.spatial_sizes(shape), self.factors)
        sizes = (axis.size_out for axis in axes)
        return self.whole_shape(shape[0], sizes, shape[self.channel_axis])

    def called_shape(self, input_shape: Shape) -> Shape:
        """The output's shape in a call, which refuses an unknown interpolation, as in Keras."""
        self.geometry(input_shape)
        return super().called_shape(input_shape)

    def cost(self, input_shape: Sequence[int | None]) -> Cost:
        """No weights; one multiplication for each tap of each new cell, axis after axis.

        Example:
            >>> UpSampling2D(2, interpolation="bilinear").cost((None, 4, 4, 1))
            Cost(params=0, macs=192)
        """
        self.check(input_shape)
        if self.repeats:
            return Cost(params=0, macs=0)
        shape = self.ranked(input_shape)
        height, width = self.geometry(shape)[0]
        channels = shape[self.channel_axis]
        first = known_product((height.size_in, width.size_out, width.kernel, channels))
        second = known_product((height.size_out, width.size_out, height.kernel, channels))
        return Cost(0, None if first is None or second is None else first + second)

    def call(self, inputs: Array) -> Array:
        """The output for a checked input; integers are rounded, half to even, and saturate."""
        if inputs.dtype.kind == "b" and self.interpolation != "nearest":
            raise ArgumentError(
                f'interpolation="{self.interpolation}" mixes numbers.',
                received=f"an array of dtype {inputs.dtype}",
                remedy='Use x.astype("float32"), or interpolation="nearest".',
                argument="interpolation",
            )
        if self.repeats:
            return super().call(inputs)
        exact = np.float64 if inputs.dtype == np.float64 else np.float32
        x = self.channels_last(inputs).astype(exact, copy=False)
        y = self.own_format(kernels.resampled(x, self._resamplings(inputs)))
        if inputs.dtype.kind in "iu":
            return dtypes.saturated(np.rint(y), inputs.dtype)
        return dtypes.cast(y, self.compute_dtype) if self.autocast else y.astype(inputs.dtype)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """Each input gets the weighted gradients of the outputs that read it."""
        if self.repeats:
            return super().backward(inputs, dy)
        exact = self.channels_last(dy).astype(dtypes.kernel_dtype(self.compute_dtype))
        return self.own_format(kernels.resampled_gradient(exact, self._resamplings(inputs))), []

    def _resamplings(self, x: Array) -> tuple[Resampling, ...]:
        return self.geometry(x.shape)[0]


class UpSampling3D(BaseUpSampling):
    """Keras's `UpSampling3D`: repeats the cells along three axes.

    Args:
        size: how often, an integer or (depth, height, width).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, depth, height, width, channels), or (batch, channels, depth, height, width) with
        channels_first.

    Output shape:
        The same with new sizes.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> UpSampling3D((1, 1, 2))(np.array([1.0, 2.0]).reshape(1, 1, 1, 2, 1)).ravel()
        array([1., 1., 2., 2.], dtype=float32)
    """

    rank = 3

    def __init__(
        self, size: Any = (2, 2, 2), data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = arguments.data_format(data_format, config.image_data_format())
        self.size = arguments.tuple_of(size, 3, "size")


def _unknown_interpolation(interpolation: Any) -> ArgumentError:
    names = ("nearest", *INTERPOLATIONS, "area")
    return ArgumentError(
        "Invalid value for argument `interpolation`. Expected one of "
        f"{{{', '.join(map(repr, names))}}}. Received: interpolation={interpolation}",
        received=f"interpolation={interpolation!r}",
        remedy='Use interpolation="nearest" or interpolation="bilinear".',
        argument="interpolation",
        fixes=[{"interpolation": "nearest"}, {"interpolation": "bilinear"}],
    )
