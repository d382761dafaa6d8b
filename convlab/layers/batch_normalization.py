"""Batch normalization, as it is computed once a network is trained: by the moving statistics."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ArgumentTypeError, ShapeError
from convlab.layers import dtypes, inference, initializers, input_spec
from convlab.layers.affine import Affine, spread, wide
from convlab.layers.base import Shape
from convlab.layers.elementwise import axes_within
from convlab.layers.registry import interpret
from convlab.layers.weight import Weight

Array = NDArray[Any]


class BatchNormalization(Affine):
    """Keras's `BatchNormalization`, by the statistics that training left.

    It computes `gamma * (x - moving_mean) / sqrt(moving_variance + epsilon) + beta`.

    Args:
        axis: the axis of the channels.
        momentum: how slowly training moves the statistics; of no effect here.
        epsilon: what is added to the variance.
        center: whether `beta` is added.
        scale: whether `gamma` multiplies.
        beta_initializer: what gives the first values of `beta`.
        gamma_initializer: the same for `gamma`.
        moving_mean_initializer: the same for the mean.
        moving_variance_initializer: the same for the variance.
        beta_regularizer: a penalty on `beta`.
        gamma_regularizer: a penalty on `gamma`.
        beta_constraint: a constraint of `beta`.
        gamma_constraint: a constraint of `gamma`.
        renorm: whether training corrects its statistics; adds three weights, of no effect here.
        renorm_clipping: limits of that correction, a dictionary with rmax, rmin, dmax.
        renorm_momentum: how slowly its statistics move.
        synchronized: whether training shares statistics between devices; of no effect here.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`, `weights`.

    Input shape:
        Any with the channels along `axis`, whose number must be known.

    Output shape:
        The input's.

    Raises:
        ArgumentError: an argument that Keras refuses; a call with `training=True` while the layer
            is trainable, which would change the statistics.

    Example:
        >>> import numpy as np
        >>> layer = BatchNormalization(epsilon=0.0)
        >>> layer.build((None, 1))
        >>> layer.set_weights([[2.0], [5.0], [1.0], [4.0]])  # gamma, beta, mean, variance
        >>> layer(np.array([[1.0], [3.0]])).tolist()
        [[5.0], [7.0]]
    """

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: Any = None,
        renorm_momentum: float = 0.99,
        synchronized: bool = False,
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
        self.axis = _number("axis", axis, int)
        self.momentum = _number("momentum", momentum, float)
        self.epsilon = _number("epsilon", epsilon, float)
        interpret(
            self,
            initializers.get,
            moving_mean_initializer=moving_mean_initializer,
            moving_variance_initializer=moving_variance_initializer,
        )
        self.renorm = renorm
        self.renorm_clipping = _checked_clipping(renorm_clipping) if renorm else renorm_clipping
        self.renorm_momentum = renorm_momentum
        self.synchronized = synchronized
        self._moving: tuple[Weight, ...] = ()

    moving_mean_initializer: Any
    moving_variance_initializer: Any

    @property
    def moving_mean(self) -> Weight | None:
        """The mean that training left, `(channels,)`; None before the layer is built."""
        return self._moving[0] if self._moving else None

    @property
    def moving_variance(self) -> Weight | None:
        """The variance that training left, `(channels,)`; None before the layer is built."""
        return self._moving[1] if self._moving else None

    # Shapes

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a shape that lacks the axis, or does not fit the weights."""
        if self._moving and self.build_shape is not None:
            input_spec.check_rank(self, input_shape, exactly=len(self.build_shape))
            input_spec.check_sizes(self, input_shape, {self.axis: self._moving[0].shape[0]})
        axes_within(self.axis, input_shape)

    def count_weights(self, shape: Shape) -> int:
        """Two to seven numbers for each channel."""
        each = 2 + bool(self.scale) + bool(self.center) + 3 * bool(self.renorm)
        return each * input_spec.known_size(self, shape, self.axis)

    def create_weights(self, input_shape: Shape) -> None:
        """Make gamma, beta, and the moving statistics, which no optimizer changes."""
        size = input_spec.known_size(self, input_shape, self.axis)
        self.add_gamma_and_beta((size,))
        mean, variance = self.moving_mean_initializer, self.moving_variance_initializer
        self._moving = tuple(
            self.add_weight(name, (size,), start, trainable=False)
            for name, start in (("moving_mean", mean), ("moving_variance", variance))
        )
        if self.renorm:
            root = _Root(variance)
            for name, start in (
                ("moving_stddev", root),
                ("renorm_mean", mean),
                ("renorm_stddev", root),
            ):
                self.add_weight(name, (size,), start, trainable=False)

    # The computation

    def call(self, inputs: Array, training: bool = False, mask: Any = None) -> Array:
        """The output for a checked input; a mask matters in training only."""
        if training and self.trainable:
            inference.refuse_training(
                self,
                "normalizes by the statistics of the batch, and changes its own",
                {"trainable": False},
            )
        self._check_mask(mask, inputs.shape)
        x = wide(inputs)
        scale, shift = self._scale_and_shift(x)
        with np.errstate(all="ignore"):
            y = x * scale
            y += shift
        return dtypes.cast(y, self.compute_dtype)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients for a checked input and each weight; the statistics are constants.

        The gradients of the moving statistics, which no optimizer changes, are those of the
        formula all the same.
        """
        x, dy = wide(inputs), wide(dy)
        axes = axes_within(self.axis, x.shape)
        scale, _ = self._scale_and_shift(x)
        mean = spread(self._moving[0], axes, x, 0.0)
        root = 1 / np.sqrt(spread(self._moving[1], axes, x, 1.0) + x.dtype.type(self.epsilon))
        normal = (x - mean) * root
        weights = self.affine_gradients(normal, dy, axes)
        others = tuple(axis for axis in range(x.ndim) if axis not in axes)
        pushed = dy * scale
        weights.append(-pushed.sum(axis=others, dtype=np.float64))
        weights.append(-0.5 * (pushed * normal * root).sum(axis=others, dtype=np.float64))
        weights += [np.zeros(weight.shape) for weight in self.weights[len(weights) :]]
        return pushed, weights

    def _scale_and_shift(self, x: Array) -> tuple[Array, Array]:
        """`y = x * scale + shift`, with one number for each channel."""
        axes = axes_within(self.axis, x.shape)
        mean = spread(self._moving[0], axes, x, 0.0)
        variance = spread(self._moving[1], axes, x, 1.0)
        with np.errstate(all="ignore"):
            scale = 1 / np.sqrt(variance + x.dtype.type(self.epsilon))
            scale = scale * spread(self.gamma, axes, x, 1.0)
            return scale, spread(self.beta, axes, x, 0.0) - mean * scale

    def _check_mask(self, mask: Any, shape: Shape) -> None:
        if mask is not None and np.ndim(mask) != len(shape) - 1:
            raise ShapeError(
                "The mask provided should be one dimension less than the inputs. Received: "
                f"mask.shape={np.shape(mask)}, inputs.shape={shape}",
                received=f"mask.shape={np.shape(mask)}, inputs.shape={shape}",
                remedy=f"Give a mask of shape {shape[:-1]}.",
                argument="mask",
            )


class _Root:
    """An initializer: the square root of what another one gives."""

    def __init__(self, initializer: Any) -> None:
        self.initializer = initializer

    def __call__(self, shape: Any, dtype: Any = None) -> Array:
        root: Array = np.sqrt(self.initializer(shape, dtype=dtype))
        return root


def _number(name: str, value: Any, kind: type) -> Any:
    """A number in its plain type, as Keras takes it."""
    try:
        return kind(value)
    except (TypeError, ValueError, OverflowError) as error:
        refused = ArgumentTypeError if isinstance(error, TypeError) else ArgumentError
        raise refused(
            f"The argument `{name}` is one number.",
            received=f"{name}={value!r}",
            remedy=f"Use {name}=-1." if name == "axis" else f"Use {name}=0.001.",
            argument=name,
        ) from None


def _checked_clipping(clipping: Any) -> dict[str, Any]:
    """The limits of renormalization; refuses what Keras refuses."""
    limits = dict(clipping or {})
    known = ["rmax", "rmin", "dmax"]
    rmax, rmin, dmax = (limits.get(name) for name in known)
    if set(limits) - set(known):
        rule = (
            "Received invalid keys for `renorm_clipping` argument: "
            f"{limits}. Supported values: {known}."
        )
    elif rmax is not None and rmin is not None and rmax < rmin:
        rule = "rmax should be greater than rmin in the `renorm_clipping` argument."
    elif dmax is not None and dmax < 0:
        rule = "dmax should be non-negative in the `renorm_clipping` argument."
    else:
        return limits
    raise ArgumentError(
        rule,
        received=f"renorm_clipping={limits}",
        remedy="Use e.g. renorm_clipping={'rmax': 3.0, 'rmin': 0.3, 'dmax': 5.0}.",
        argument="renorm_clipping",
        fixes=[{"renorm_clipping": None}],
    )
