"""Normalizations of each example by its own mean and variance."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentTypeError, ShapeError
from convlab.layers import config, dtypes, input_spec
from convlab.layers.affine import Affine, in_dtype, spread, wide
from convlab.layers.amounts import added
from convlab.layers.base import Shape
from convlab.layers.elementwise import axes_within

Array = NDArray[Any]


class OwnStatistics(Affine):
    """A layer that normalizes by statistics of the input, which it takes in its own dtype."""

    epsilon: Any

    @property
    def added_epsilon(self) -> float:
        """What is added to the variance.

        Raises:
            ArgumentError: it is no number.
        """
        return added(self.epsilon)

    def prepare(self, inputs: Any) -> Array:
        """Check an input as a call does, and build the layer if need be; the dtype stays."""
        super().prepare(inputs)
        return self._checked_array(inputs)

    def moments(self, x: Array, axes: Sequence[int]) -> tuple[Array, Array]:
        """The mean, and one over the root of the variance plus epsilon; in the dtype of `x`."""
        mean = _mean(x, axes)
        centred = x - mean
        variance = _mean(np.square(centred, out=centred), axes)
        return mean, 1 / np.sqrt(variance + x.dtype.type(self.added_epsilon))

    def normalized(
        self, x: Array, axes: Sequence[int], weighted: Sequence[int], *, centred: bool = True
    ) -> Array:
        """The output before it is rounded.

        Args:
            x: the input.
            axes: over which the statistics are taken.
            weighted: along which gamma and beta lie.
            centred: whether the mean is taken away, and beta added.
        """
        with np.errstate(all="ignore"):
            mean, inverse = self.moments(x, axes)
            inverse = inverse * spread(self.gamma, weighted, x, 1)
            y: Array = x * inverse
            if centred:
                y += spread(self.beta, weighted, x, 0) - mean * inverse
        return y


class LayerNormalization(OwnStatistics):
    """Keras's `LayerNormalization`: each example less its mean, divided by its deviation.

    Args:
        axis: the axis or axes over which the mean is taken.
        epsilon: what is added to the variance.
        center: whether a weight `beta` is added.
        scale: whether a weight `gamma` multiplies.
        beta_initializer: what gives the first values of `beta`.
        gamma_initializer: the same for `gamma`.
        beta_regularizer: a penalty on `beta`.
        gamma_regularizer: a penalty on `gamma`.
        beta_constraint: a constraint of `beta`.
        gamma_constraint: a constraint of `gamma`.
        rms_scaling: Keras's deprecated form, which divides by the deviation and subtracts nothing.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`, `weights`.

    Input shape:
        Any with such axes, whose sizes must be known.

    Output shape:
        The input's.

    Raises:
        ArgumentTypeError: an axis that is no integer and no list of them.
        ShapeError: there is no such axis, or its size is not known.

    Example:
        >>> import numpy as np
        >>> LayerNormalization(epsilon=0.0)(np.array([[1.0, 3.0], [5.0, 5.5]])).tolist()
        [[-1.0, 1.0], [-1.0, 1.0]]
    """

    def __init__(
        self,
        axis: Any = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        *,
        rms_scaling: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            center=center,
            scale=scale,
            beta_initializer=beta_initializer,
            gamma_initializer=gamma_initializer,
            beta_regularizer=beta_regularizer,
            gamma_regularizer=gamma_regularizer,
            beta_constraint=beta_constraint,
            gamma_constraint=gamma_constraint,
            **kwargs,
        )
        if rms_scaling:
            warnings.warn(
                "`rms_scaling=True` is deprecated: it divides by the deviation, not by the root "
                "of the mean square. Use RMSNormalization.",
                stacklevel=2,
            )
        self.axis = one_or_several(axis)
        self.epsilon = epsilon
        self.rms_scaling = rms_scaling

    @property
    def added_epsilon(self) -> float:
        """What is added to the variance; None is `config.epsilon()`."""
        return config.epsilon() if self.epsilon is None else added(self.epsilon)

    # Shapes and weights

    def mixed_axes(self, shape: Shape) -> tuple[int, ...]:
        """The axes over which the mean is taken."""
        return axes_within(self.axis, shape)

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a shape that lacks an axis, or does not fit the weights."""
        _ = self.added_epsilon
        axes = self.mixed_axes(input_shape)
        if len(set(axes)) != len(axes):
            raise ShapeError(
                "Each axis is normalized once.",
                received=f"axis={self.axis}, input shape {input_shape}",
                remedy=f"Use axis={sorted(set(axes))}.",
                argument="axis",
                fixes=[{"axis": sorted(set(axes))}],
            )
        if self.build_shape is not None:
            built = {axis: self.build_shape[axis] for axis in self._axes()}
            input_spec.check_rank(self, input_shape, at_least=len(axes))
            input_spec.check_sizes(self, input_shape, built)

    def weight_shape(self, shape: Shape) -> tuple[int, ...]:
        """The sizes of the axes, in the order of Keras's weights: as the arguments sort."""
        return tuple(input_spec.known_size(self, shape, axis) for axis in self._axes())

    def count_weights(self, shape: Shape) -> int:
        """One or two numbers for each cell of the axes."""
        each = bool(self.scale or self.rms_scaling) + bool(self.center and not self.rms_scaling)
        return each * int(np.prod(self.weight_shape(shape)))

    def create_weights(self, input_shape: Shape) -> None:
        """Make gamma and beta; from here on, `axis` is a list, as in Keras."""
        shape = self.weight_shape(input_shape)
        self.add_gamma_and_beta(
            shape,
            gamma=self.scale or self.rms_scaling,
            beta=self.center and not self.rms_scaling,
        )
        self.axis = list(self._axes())

    def _axes(self) -> tuple[int, ...]:
        return tuple(sorted(self.axis)) if isinstance(self.axis, list) else (self.axis,)

    # The computation

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        x = wide(inputs)
        axes = self.mixed_axes(x.shape)
        y = self.normalized(x, axes, axes, centred=not self.rms_scaling)
        return dtypes.cast(in_dtype(y, inputs.dtype), self.compute_dtype)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients for a checked input and for each weight."""
        x, dy = wide(inputs), wide(dy)
        axes = self.mixed_axes(x.shape)
        mean, inverse = self.moments(x, axes)
        centred = (x - mean) * inverse
        normal = x * inverse if self.rms_scaling else centred
        pushed = dy * spread(self.gamma, axes, x, 1)
        dx = pushed - centred * (pushed * normal).mean(axis=axes, keepdims=True)
        if not self.rms_scaling:
            dx -= pushed.mean(axis=axes, keepdims=True)
        weights = self.affine_gradients(normal, dy, axes)
        shape = self.weight_shape(x.shape)
        return dx * inverse, [gradient.reshape(shape) for gradient in weights]


def _mean(x: Array, axes: Sequence[int]) -> Array:
    """The mean over some axes, rounded little: NumPy adds pairwise along the last ones alone."""
    last = tuple(axes) == tuple(range(x.ndim - len(axes), x.ndim))
    mean = x.mean(axis=tuple(axes), keepdims=True, dtype=x.dtype if last else np.float64)
    return np.asarray(mean, x.dtype)


def one_or_several(axis: Any) -> Any:
    """An axis as an integer, or several as a list.

    Raises:
        ArgumentTypeError: it is neither.

    Example:
        >>> one_or_several((1, 2)), one_or_several(-1)
        ([1, 2], -1)
    """
    if isinstance(axis, list | tuple):
        return list(axis)
    if isinstance(axis, int):
        return int(axis)
    raise ArgumentTypeError(
        f"Expected an int or a list/tuple of ints for the argument 'axis', but received: {axis!r}",
        received=f"axis={axis!r}",
        remedy="Use axis=-1, the last one.",
        argument="axis",
        fixes=[{"axis": -1}],
    )
