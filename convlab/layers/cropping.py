"""Cropping: cells are cut off the ends of the spatial axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import AxisGeometry, arguments
from convlab.geometry.moving import cropping
from convlab.layers import config
from convlab.layers.base import Shape
from convlab.layers.copying import Copying
from convlab.layers.spatial import each_axis


class BaseCropping(Copying):
    """A cropping of `rank` spatial axes."""

    cropping: tuple[Any, ...]

    def geometry(self, input_shape: Sequence[int | None]) -> tuple[tuple[AxisGeometry, ...], ...]:
        """How input and output are related: one step, one `AxisGeometry` per spatial axis.

        Raises:
            ShapeError: the rank is wrong, or nothing is left.

        Example:
            >>> from convlab.layers import Cropping1D
            >>> Cropping1D((1, 2)).geometry((None, 5, 1))[0][0].taps().ravel()
            array([1, 2])
        """
        shape = self.ranked(input_shape)
        sides = (self.cropping,) if self.rank == 1 else self.cropping
        before, after = zip(*sides, strict=True)
        axes, errors = each_axis(cropping, self.spatial_sizes(shape), before, after)
        if any(errors):
            raise self._nothing_left(shape, next(error for error in errors if error))
        return (axes,)

    def _nothing_left(self, shape: Shape, error: ShapeError) -> ShapeError:
        least = min((size for size in self.spatial_sizes(shape) if size is not None), default=1)
        most = min(1, (least - 1) // 2)
        rule = (
            f"`cropping` parameter of `{type(self).__name__}` layer must be smaller than the input "
            "length."
            if self.rank == 1
            else "Values in `cropping` argument should be smaller than the corresponding spatial "
            "dimension of the input."
        )
        return ShapeError(
            f"{rule} Received: input_shape={shape}, cropping={self.cropping}: {error.rule}",
            received=f"input shape {shape}, cropping={self.cropping}",
            remedy=error.remedy,
            argument="cropping",
            fixes=[{"cropping": most}] if least else [],
        )


def _check_not_negative(cropping: Any) -> None:
    if isinstance(cropping, int) and cropping < 0:
        raise ArgumentError(
            f"`cropping` cannot be negative. Received: cropping={cropping}.",
            received=f"cropping={cropping}",
            remedy="Use 0 or more, or a ZeroPadding layer.",
            argument="cropping",
            fixes=[{"cropping": 0}],
        )


class Cropping1D(BaseCropping):
    """Keras's `Cropping1D`: cuts cells off the ends.

    Args:
        cropping: how many steps are cut from the start and the end, an integer or a pair.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, steps, channels).

    Output shape:
        The same with new sizes.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> Cropping1D(1)(np.arange(4.0).reshape(1, 4, 1)).ravel()
        array([1., 2.], dtype=float32)
    """

    rank = 1

    def __init__(self, cropping: Any = (1, 1), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cropping = arguments.tuple_of(cropping, 2, "cropping", allow_zero=True)


class Cropping2D(BaseCropping):
    """Keras's `Cropping2D`: cuts cells off the ends.

    Args:
        cropping: how many cells are cut, an integer for every side, or for each axis an integer
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
        >>> layer = Cropping2D(cropping=((2, 2), (4, 4)))
        >>> layer.compute_output_shape((None, 28, 28, 3))
        (None, 24, 20, 3)
        >>> Cropping2D(1)(np.arange(9.0).reshape(1, 3, 3, 1)).ravel()
        array([4.], dtype=float32)
    """

    rank = 2

    def __init__(
        self,
        cropping: Any = ((0, 0), (0, 0)),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = arguments.data_format(data_format, config.image_data_format())
        _check_not_negative(cropping)
        self.cropping = arguments.pairs(cropping, self.rank, "cropping")


class Cropping3D(BaseCropping):
    """Keras's `Cropping3D`: cuts cells off the ends.

    Args:
        cropping: how many cells are cut, an integer for every side, or for each axis an integer
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
        >>> Cropping3D(cropping=(2, 4, 2)).compute_output_shape((2, 28, 28, 10, 3))
        (2, 24, 20, 6, 3)
    """

    rank = 3

    def __init__(
        self,
        cropping: Any = ((1, 1), (1, 1), (1, 1)),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = arguments.data_format(data_format, config.image_data_format())
        _check_not_negative(cropping)
        self.cropping = arguments.pairs(cropping, self.rank, "cropping")
