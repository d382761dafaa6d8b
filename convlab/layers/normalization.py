"""The normalization of inputs by given statistics, or by those of data."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import ArgumentError, ArgumentTypeError, ShapeError
from convlab.layers import config, dtypes, input_spec
from convlab.layers.base import Shape
from convlab.layers.elementwise import Elementwise
from convlab.layers.weight import Weight

Array = NDArray[Any]


class Normalization(Elementwise):
    """Keras's `Normalization`: `(x - mean) / sqrt(variance)`.

    The statistics are arguments, or else weights: set by `adapt`, or loaded.

    Args:
        axis: the axis or axes that have statistics of their own; None is one for all numbers.
        mean: a number, or one for each cell of the axes; None keeps a weight.
        variance: the same.
        invert: whether the layer goes back, `x * sqrt(variance) + mean`.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`, `weights`.

    Input shape:
        Any with such axes, whose sizes must be known; of floats or integers.

    Output shape:
        The input's.

    Raises:
        ArgumentError: only one of mean and variance, or two of other shapes.

    Example:
        >>> import numpy as np
        >>> Normalization(mean=3.0, variance=4.0)(np.array([[1.0], [3.0]])).ravel()
        array([-1.,  0.], dtype=float32)
        >>> layer = Normalization()
        >>> layer.adapt(np.array([[0.0, 7.0], [2.0, 9.0]]))
        >>> layer(np.array([[0.0, 9.0]]))
        array([[-1.,  1.]], dtype=float32)
    """

    weighted = True
    built_at_once = False
    accepts = "fiub"

    def __init__(
        self,
        axis: Any = -1,
        mean: Any = None,
        variance: Any = None,
        invert: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.axis = _checked_axes(axis)
        self.invert = invert
        self.mean, self.variance = mean, variance
        _check_statistics(mean, variance, self.axis)
        self._adapted: tuple[Weight, ...] = ()
        self._used: tuple[Array, Array] | None = None

    def output_dtype(self, *dtypes_in: str) -> str:  # noqa: ARG002
        """The compute dtype, of integers too."""
        return self.compute_dtype

    # Shapes

    def kept_axes(self, shape: Shape) -> tuple[int, ...]:
        """The axes that have statistics of their own, rising and not negative.

        Raises:
            ShapeError: there is no such axis, or its size is not known.
        """
        rank = len(shape)
        if not all(isinstance(axis, int | np.integer) for axis in self.axis):
            raise _no_axes(self.axis)
        if any(not -rank <= axis < rank for axis in self.axis):
            raise ShapeError(
                "All `axis` values must be in the range [-ndim, ndim). "
                f"Received inputs with ndim={rank}, while axis={self.axis}",
                received=f"inputs with ndim={rank}, while axis={self.axis}",
                remedy="Use axis=-1, the last one, or axis=None.",
                argument="axis",
                fixes=[{"axis": -1}, {"axis": None}],
            )
        axes = tuple(sorted(axis % rank for axis in self.axis))
        for axis in axes:
            input_spec.known_size(self, shape, axis)
        return axes

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a shape that lacks an axis, or does not fit the statistics."""
        axes = self.kept_axes(input_shape)
        if self._used is None or self.build_shape is None:
            return
        built = [self._used[0].shape[axis] for axis in self.kept_axes(self.build_shape)]
        rank = len(self.build_shape)
        sizes = {axis - rank: size for axis, size in zip(axes, built, strict=True) if size != 1}
        if len(input_shape) < rank:
            input_spec.check_rank(self, input_shape, exactly=rank)
        input_spec.check_sizes(self, input_shape, sizes)

    def count_weights(self, shape: Shape) -> int:
        """A mean and a variance for each cell of the axes, and the count; none if given."""
        if self.mean is not None:
            return 0
        return 1 + 2 * int(np.prod([shape[axis] or 0 for axis in self.kept_axes(shape)]))

    def create_weights(self, input_shape: Shape) -> None:
        """Make the weights mean, variance and count, unless the statistics are given."""
        axes = self.kept_axes(input_shape)
        sizes = [input_shape[axis] or 0 for axis in axes]
        if self.mean is not None:
            self._used = (
                self._given(self.mean, axes, input_shape),
                self._given(self.variance, axes, input_shape),
            )
            return
        self._adapted = (
            self.add_weight("mean", sizes, "zeros", trainable=False),
            self.add_weight("variance", sizes, "ones", trainable=False),
            self.add_weight("count", (), "zeros", trainable=False, dtype="int64"),
        )

    def adapt(self, data: ArrayLike) -> None:
        """Set the statistics to those of data.

        Args:
            data: an array, of the shape of an input.

        Raises:
            ArgumentError: the statistics are given as arguments.
            ShapeError: the layer was built for another shape.
        """
        x = dtypes.real(data, "Statistics are those of real numbers.")
        if self.mean is not None:
            raise ArgumentError(
                "The layer has its mean and variance from its arguments; it cannot adapt.",
                received=f"{self!r}",
                remedy="Leave both out: mean=None, variance=None.",
                argument="mean",
            )
        if self.build_shape is None:
            self.build(x.shape)
        self.check(x.shape)
        axes = self.kept_axes(x.shape)
        others = tuple(axis for axis in range(x.ndim) if axis not in axes)
        mean, variance, _ = self._adapted
        mean.assign(np.mean(x, axis=others))
        variance.assign(np.var(x, axis=others))

    def _given(self, value: Any, axes: tuple[int, ...], shape: Shape) -> Array:
        """A given statistic in a shape that broadcasts over an input; aligned from the right."""
        x = np.asarray(value)
        sizes = [1] * len(shape)
        for place in range(1, x.ndim + 1):
            sizes[axes[-place]] = x.shape[-place]
        whole = [shape[axis] if axis in axes else 1 for axis in range(len(shape))]
        try:
            spread = np.broadcast_to(x.reshape(sizes), [size or 0 for size in whole])
        except ValueError:
            raise ShapeError(
                "The mean and variance are one number, or one for each cell of the axes.",
                received=f"mean of shape {x.shape}, axis={self.axis}, input shape {shape}",
                remedy=f"Give {' x '.join(str(shape[axis]) for axis in axes) or 'one'} numbers.",
                argument="mean",
            ) from None
        return dtypes.cast(spread, self.compute_dtype)

    # The computation

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        x = dtypes.cast(inputs, self.compute_dtype)
        mean, deviation = self._mean_and_deviation(inputs.shape)
        with np.errstate(all="ignore"):
            if self.invert:
                y = dtypes.cast(x * deviation, self.compute_dtype) + mean
            else:
                y = dtypes.cast(x - mean, self.compute_dtype) / deviation
        return dtypes.cast(y, self.compute_dtype)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients; those of mean and variance, which no optimizer changes, are 0."""
        _, deviation = self._mean_and_deviation(inputs.shape)
        dx = dy * deviation if self.invert else dy / deviation
        return dx, [np.zeros(weight.shape) for weight in self.weights]

    def _mean_and_deviation(self, shape: Shape) -> tuple[Array, Array]:
        """What is subtracted and what is divided by, in the compute dtype."""
        if self._used is not None:
            mean, variance = self._used
        else:
            axes = self.kept_axes(shape)
            sizes = [shape[axis] or 0 if axis in axes else 1 for axis in range(len(shape))]
            mean, variance = (
                dtypes.cast(weight.value, self.compute_dtype).reshape(sizes)
                for weight in self._adapted[:2]
            )
        with np.errstate(all="ignore"):
            root = dtypes.cast(np.sqrt(variance), self.compute_dtype)
        return mean, np.maximum(root, dtypes.cast(config.epsilon(), self.compute_dtype))

    def get_config(self) -> dict[str, Any]:
        """The arguments; arrays as lists."""
        own = super().get_config()
        return own | {name: np.array(own[name]).tolist() for name in ("mean", "variance")}


def _checked_axes(axis: Any) -> tuple[Any, ...]:
    if axis is None:
        return ()
    if isinstance(axis, int):
        return (axis,)
    try:
        axes = tuple(axis)
    except TypeError:
        axes = (axis,)
    else:
        return axes
    raise _no_axes(axis)


def _no_axes(axis: Any) -> ArgumentTypeError:
    return ArgumentTypeError(
        "The `axis` is an integer, several of them, or None.",
        received=f"axis={axis!r}",
        remedy="Use axis=-1, the last one, or axis=None.",
        argument="axis",
        fixes=[{"axis": -1}, {"axis": None}],
    )


def _check_statistics(mean: Any, variance: Any, axis: tuple[Any, ...]) -> None:
    """Refuse a mean without a variance, and statistics of several shapes."""
    if (mean is None) != (variance is None):
        raise ArgumentError(
            "When setting values directly, both `mean` and `variance` must be set. "
            f"Received: mean={mean} and variance={variance}",
            received=f"mean={mean} and variance={variance}",
            remedy="Give both, or neither.",
            argument="mean",
            fixes=[{"mean": None, "variance": None}],
        )
    if np.shape(mean) != np.shape(variance):
        raise ArgumentError(
            "When setting values directly, `mean` and `variance` must have the same shape. "
            f"Received: mean shape {np.shape(mean)} and variance shape {np.shape(variance)}",
            received=f"mean shape {np.shape(mean)} and variance shape {np.shape(variance)}",
            remedy="Give as many of both.",
            argument="variance",
        )
    if len(np.shape(mean)) > len(axis):
        raise ArgumentError(
            "The rank of `mean` must be less than or equal to the number of axes "
            f"({len(axis)}). Received: mean shape {np.shape(mean)} for axis {axis}",
            received=f"mean shape {np.shape(mean)} for axis {axis}",
            remedy="Give an axis for each axis of the mean.",
            argument="mean",
        )
