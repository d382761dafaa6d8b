"""Padding: zeros are added at the ends of the spatial axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from convlab.errors import ArgumentError
from convlab.geometry import AxisGeometry, arguments
from convlab.geometry.moving import zero_padding
from convlab.layers import config
from convlab.layers.base import Shape
from convlab.layers.copying import Copying


class BaseZeroPadding(Copying):
    """A padding of `rank` spatial axes with zeros."""

    padding: tuple[Any, ...]

    def geometry(self, input_shape: Sequence[int | None]) -> tuple[tuple[AxisGeometry, ...], ...]:
        """How input and output are related: one step, one `AxisGeometry` per spatial axis.

        Raises:
            ShapeError: the rank is wrong.

        Example:
            >>> from convlab.layers import ZeroPadding1D
            >>> ZeroPadding1D((1, 2)).geometry((None, 2, 1))[0][0].taps().ravel()
            array([-1,  0,  1, -1, -1])
        """
        sides = (self.padding,) if self.rank == 1 else self.padding
        sizes = self.spatial_sizes(self.ranked(input_shape))
        return (tuple(zero_padding(size, *side) for size, side in zip(sizes, sides, strict=True)),)

    def called_shape(self, input_shape: Shape) -> Shape:
        """The output's shape in a call, which refuses a negative padding, as in Keras."""
        if self.rank > 1 and min(map(min, self.padding)) < 0:
            raise ArgumentError(
                "`padding` cannot be negative.",
                received=f"padding={self.padding}",
                remedy="Use 0 or more, or a Cropping layer.",
                argument="padding",
                fixes=[{"padding": 0}],
            )
        return super().called_shape(input_shape)


def _older(padding: Any) -> Any:
    """The pair that older Keras's `{"left_pad": a, "right_pad": b}` means."""
    if isinstance(padding, Mapping) and padding and set(padding) <= {"left_pad", "right_pad"}:
        return (padding.get("left_pad", 0), padding.get("right_pad", 0))
    return padding


class ZeroPadding1D(BaseZeroPadding):
    """Keras's `ZeroPadding1D`: adds zeros at the ends.

    Args:
        padding: how many zeros come before and after the steps, an integer or a pair; older
            Keras's {"left_pad": 1, "right_pad": 2} too.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, steps, channels), or (batch, channels, steps) with channels_first.

    Output shape:
        The same with new sizes.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> ZeroPadding1D((1, 2))(np.array([[[5.0], [6.0]]])).ravel()
        array([0., 5., 6., 0., 0.], dtype=float32)
    """

    rank = 1

    def __init__(
        self,
        padding: Any = 1,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = arguments.data_format(data_format, config.image_data_format())
        self.padding = arguments.tuple_of(_older(padding), 2, "padding", allow_zero=True)


class ZeroPadding2D(BaseZeroPadding):
    """Keras's `ZeroPadding2D`: adds zeros at the ends.

    Args:
        padding: how many zeros are added, an integer for every side, or for each axis an integer
            or a pair (before, after).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first.

    Output shape:
        The same with new sizes.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> ZeroPadding2D(1)(np.ones((1, 1, 2, 1)))[0, :, :, 0]
        array([[0., 0., 0., 0.],
               [0., 1., 1., 0.],
               [0., 0., 0., 0.]], dtype=float32)
    """

    rank = 2

    def __init__(
        self,
        padding: Any = (1, 1),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = arguments.data_format(data_format, config.image_data_format())
        self.padding = arguments.pairs(padding, self.rank, "padding")


class ZeroPadding3D(BaseZeroPadding):
    """Keras's `ZeroPadding3D`: adds zeros at the ends.

    Args:
        padding: how many zeros are added, an integer for every side, or for each axis an integer
            or a pair (before, after).
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
        >>> ZeroPadding3D(2).compute_output_shape((1, 2, 2, 2, 3))
        (1, 6, 6, 6, 3)
    """

    rank = 3

    def __init__(
        self,
        padding: Any = ((1, 1), (1, 1), (1, 1)),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = arguments.data_format(data_format, config.image_data_format())
        self.padding = arguments.pairs(padding, self.rank, "padding")
