"""The normalization of each group of channels by its own mean and variance."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry.links import Along, Dependence, Every, Grouped, Product
from convlab.layers import dtypes, input_spec, refusals
from convlab.layers.affine import in_dtype, spread, wide
from convlab.layers.base import Shape, standard_shape
from convlab.layers.elementwise import axes_within
from convlab.layers.layer_normalization import OwnStatistics

Array = NDArray[Any]


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
        _ = self.added_epsilon
        if self.build_shape is not None:
            input_spec.check_rank(self, input_shape, exactly=len(self.build_shape))
            input_spec.check_sizes(self, input_shape, {self.axis: self.build_shape[self.axis]})
        (axis,) = axes_within([self.axis], input_shape)
        if axis == 0 and self.axis != 0:  # Keras takes 0 itself, and fails on its other name
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
        if axis == 0:  # the groups are of examples: each keeps the cells of the last axis apart
            last = len(shape) - 1
            return (Product(tuple(Along(a) if a == last else Every() for a in range(1, last + 1))),)
        each = 1 if self.groups == -1 else channels // self.groups
        link = Along(axis) if each == 1 else Grouped(axis, each, each)
        return (Product(tuple(link if a == axis else Every() for a in range(1, len(shape)))),)

    # The computation

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        x, axes = self._grouped(inputs)
        y = self.normalized(x, axes, self._weighted(inputs.ndim))
        y = in_dtype(y.reshape(inputs.shape), inputs.dtype)
        return dtypes.cast(y, self.compute_dtype)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients for a checked input and for each weight."""
        (x, axes), (dy, _) = self._grouped(inputs), self._grouped(dy)
        mean, inverse = self.moments(x, axes)
        normal = (x - mean) * inverse
        weighted = self._weighted(inputs.ndim)
        pushed = dy * spread(self.gamma, weighted, x, 1)
        dx = pushed - pushed.mean(axis=axes, keepdims=True)
        dx -= normal * (pushed * normal).mean(axis=axes, keepdims=True)
        weights = self.affine_gradients(normal, dy, weighted)
        return (dx * inverse).reshape(inputs.shape), [gradient.ravel() for gradient in weights]

    def _weighted(self, rank: int) -> tuple[int, int]:
        """The axis of the groups, and behind it that of the channels of a group."""
        at = int(self.axis) % rank
        return at, at + 1

    def _grouped(self, inputs: Array) -> tuple[Array, tuple[int, ...]]:
        """The input with an axis of groups, and the axes over which the mean is taken."""
        at, _ = self._weighted(inputs.ndim)
        shape = inputs.shape
        sizes = (*shape[:at], self.groups, shape[at] // self.groups, *shape[at + 1 :])
        kept = at or len(sizes) - 1  # with groups of examples, Keras leaves out the last axis
        axes = tuple(axis for axis in range(1, len(sizes)) if axis != kept)
        return wide(inputs).reshape(sizes), axes
