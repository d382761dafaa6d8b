"""Normalizations of each example by its own mean and variance."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ArgumentTypeError, ShapeError
from convlab.geometry.links import Along, Dependence, Every, Grouped, Product
from convlab.layers import dtypes, input_spec, refusals
from convlab.layers.affine import Affine, wide
from convlab.layers.base import Shape, standard_shape
from convlab.layers.elementwise import axes_within
from convlab.layers.weight import Weight

Array = NDArray[Any]


class OwnStatistics(Affine):
    """A layer that normalizes by statistics of the input, which it takes in its own dtype."""

    epsilon: float

    def prepare(self, inputs: Any) -> Array:
        """Check an input as a call does, and build the layer if need be; the dtype stays."""
        super().prepare(inputs)
        return self._checked_array(inputs)

    def moments(self, x: Array, axes: Sequence[int]) -> tuple[Array, Array]:
        """The mean, and one over the root of the variance plus epsilon; in the dtype of `x`."""
        mean = x.mean(axis=tuple(axes), keepdims=True, dtype=np.float64).astype(x.dtype)
        squares = np.square(x - mean)
        variance = squares.mean(axis=tuple(axes), keepdims=True, dtype=np.float64).astype(x.dtype)
        return mean, 1 / np.sqrt(variance + x.dtype.type(self.epsilon))


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

    # Shapes and weights

    def mixed_axes(self, shape: Shape) -> tuple[int, ...]:
        """The axes over which the mean is taken."""
        return axes_within(self.axis, shape)

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a shape that lacks an axis, or does not fit the weights."""
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
        with np.errstate(all="ignore"):
            mean, inverse = self.moments(x, self.mixed_axes(x.shape))
            inverse = inverse * self._spread(self.gamma, x, 1)
            y = x * inverse
            if not self.rms_scaling:
                y += self._spread(self.beta, x, 0) - mean * inverse
        return dtypes.cast(y.astype(inputs.dtype, copy=False), self.compute_dtype)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients for a checked input and for each weight."""
        x, dy = wide(inputs), wide(dy)
        axes = self.mixed_axes(x.shape)
        mean, inverse = self.moments(x, axes)
        centred = (x - mean) * inverse
        normal = x * inverse if self.rms_scaling else centred
        pushed = dy * self._spread(self.gamma, x, 1)
        dx = pushed - centred * (pushed * normal).mean(axis=axes, keepdims=True)
        if not self.rms_scaling:
            dx -= pushed.mean(axis=axes, keepdims=True)
        weights = self.affine_gradients(normal, dy, axes)
        shape = self.weight_shape(x.shape)
        return dx * inverse, [gradient.reshape(shape) for gradient in weights]

    def _spread(self, weight: Weight | None, x: Array, default: float) -> Array:
        """A weight in a shape that broadcasts; its numbers in the order of the input's axes."""
        if weight is None:
            return np.asarray(default, x.dtype)
        axes = self.mixed_axes(x.shape)
        sizes = [size if axis in axes else 1 for axis, size in enumerate(x.shape)]
        return weight.value.astype(x.dtype, copy=False).reshape(sizes)


class GroupNormalization(OwnStatistics):
    """Keras's `GroupNormalization`: like a layer normalization, of each group of channels.

    Args:
        groups: how many groups of channels; -1 is one for each channel (instance normalization).
        axis: the axis of the channels.
        epsilon: what is added to the variance.
        center: whether a weight `beta` is added.
        scale: whether a weight `gamma` multiplies.
        beta_initializer: what gives the first values of `beta`.
        gamma_initializer: the same for `gamma`.
        beta_regularizer: a penalty on `beta`.
        gamma_regularizer: a penalty on `gamma`.
        beta_constraint: a constraint of `beta`.
        gamma_constraint: a constraint of `gamma`.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`, `weights`.

    Input shape:
        Any with the channels along `axis`, whose number must be known and divided by the groups.

    Output shape:
        The input's.

    Raises:
        ArgumentError: a number of groups that Keras refuses.
        ShapeError: channels that the groups do not divide.

    Example:
        >>> import numpy as np
        >>> GroupNormalization(2, epsilon=0.0)(np.array([[1.0, 3.0, 5.0, 5.5]])).tolist()
        [[-1.0, 1.0, -1.0, 1.0]]
    """

    def __init__(
        self,
        groups: int = 32,
        axis: int = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        if not isinstance(groups, int) or (groups <= 0 and groups != -1):
            raise ArgumentError(
                "Received an invalid value for argument `groups`, expected a positive integer "
                f"(or `-1` for instance normalization). Received: groups={groups}",
                received=f"groups={groups}",
                remedy="Use a divisor of the number of channels, or -1.",
                argument="groups",
                fixes=[{"groups": -1}],
            )
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
        self.groups = int(groups)
        self.axis = axis
        self.epsilon = epsilon

    # Shapes and weights

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a shape that lacks the axis, and channels that the groups do not divide."""
        if self.build_shape is not None:
            input_spec.check_rank(self, input_shape, exactly=len(self.build_shape))
            input_spec.check_sizes(self, input_shape, {self.axis: self.build_shape[self.axis]})
        (axis,) = axes_within([self.axis], input_shape)
        if axis == 0:
            raise ShapeError(
                "The channels are not the batch.",
                received=f"axis={self.axis}, input shape {input_shape}",
                remedy="Use axis=-1, the last one.",
                argument="axis",
                fixes=[{"axis": -1}],
            )
        channels = input_shape[axis]
        groups = channels if self.groups == -1 else self.groups
        if channels is None or groups is None or (channels >= groups and not channels % groups):
            return
        fixes = [{"groups": near} for near in refusals.nearest_divisors(channels, groups)]
        relation = (
            f"cannot be more than the number of channels ({channels})."
            if channels < groups
            else f"must be a multiple of the number of channels ({channels})."
        )
        raise ShapeError(
            f"Number of groups ({groups}) {relation}",
            received=f"groups={groups}, input shape {input_shape}",
            remedy="Use a number of groups that divides the channels.",
            argument="groups",
            fixes=fixes,
        )

    def count_weights(self, shape: Shape) -> int:
        """One or two numbers for each channel."""
        each = bool(self.scale) + bool(self.center)
        return each * input_spec.known_size(self, shape, self.axis)

    def create_weights(self, input_shape: Shape) -> None:
        """Make gamma and beta; from here on, `groups` is the number of groups, as in Keras."""
        channels = input_spec.known_size(self, input_shape, self.axis)
        self.groups = channels if self.groups == -1 else self.groups
        self.add_gamma_and_beta((channels,))

    def dependence(
        self,
        input_shape: Any,
        output: int = 0,  # noqa: ARG002
    ) -> tuple[Dependence | None, ...]:
        """Each output reads all cells of its group of channels."""
        shape = standard_shape(input_shape)
        (axis,) = axes_within(self.axis, shape)
        channels = input_spec.known_size(self, shape, axis)
        each = 1 if self.groups == -1 else channels // self.groups
        link = Along(axis) if each == 1 else Grouped(axis, each, each)
        return (Product(tuple(link if a == axis else Every() for a in range(1, len(shape)))),)

    # The computation

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        x, axes = self._grouped(inputs)
        with np.errstate(all="ignore"):
            mean, inverse = self.moments(x, axes)
            inverse = inverse * self._spread(self.gamma, x, 1)
            y = x * inverse
            y += self._spread(self.beta, x, 0) - mean * inverse
        y = y.reshape(inputs.shape).astype(inputs.dtype, copy=False)
        return dtypes.cast(y, self.compute_dtype)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients for a checked input and for each weight."""
        (x, axes), (dy, _) = self._grouped(inputs), self._grouped(dy)
        mean, inverse = self.moments(x, axes)
        normal = (x - mean) * inverse
        pushed = dy * self._spread(self.gamma, x, 1)
        dx = pushed - pushed.mean(axis=axes, keepdims=True)
        dx -= normal * (pushed * normal).mean(axis=axes, keepdims=True)
        at = self._group_axis(inputs.ndim)
        weights = self.affine_gradients(normal, dy, (at, at + 1))
        return (dx * inverse).reshape(inputs.shape), [gradient.ravel() for gradient in weights]

    def _group_axis(self, rank: int) -> int:
        """Where the axis of the groups stands, with the channels of a group behind it."""
        return int(self.axis) % rank

    def _grouped(self, inputs: Array) -> tuple[Array, tuple[int, ...]]:
        """The input with an axis of groups, and the axes over which the mean is taken."""
        at = self._group_axis(inputs.ndim)
        shape = inputs.shape
        sizes = (*shape[:at], self.groups, shape[at] // self.groups, *shape[at + 1 :])
        axes = tuple(axis for axis in range(1, len(sizes)) if axis != at)
        return wide(inputs).reshape(sizes), axes

    def _spread(self, weight: Weight | None, x: Array, default: float) -> Array:
        if weight is None:
            return np.asarray(default, x.dtype)
        at = self._group_axis(x.ndim - 1)
        sizes = [size if axis in (at, at + 1) else 1 for axis, size in enumerate(x.shape)]
        return weight.value.astype(x.dtype, copy=False).reshape(sizes)


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
