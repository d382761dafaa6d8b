"""Layers that disturb a network while it is trained, and are the identity afterwards."""

from __future__ import annotations

from typing import Any, ClassVar

from numpy.typing import NDArray

from convlab.errors import ArgumentError
from convlab.layers import inference, regularizers
from convlab.layers.amounts import within
from convlab.layers.elementwise import Elementwise

Array = NDArray[Any]


class Noise(Elementwise):
    """A layer that is the identity unless `training=True`, which is refused where it is not."""

    accepts = "fiub"
    amount: ClassVar[str] = "rate"
    """The argument that says how much is disturbed."""

    disturbs: ClassVar[str] = "drops numbers at random"

    def call(self, inputs: Array, training: bool = False) -> Array:
        """The checked input."""
        if training and getattr(self, self.amount) > 0:
            inference.refuse_training(self, self.disturbs, {self.amount: 0.0})
        return inputs

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:  # noqa: ARG002
        """The gradient passes."""
        return dy, []


class GaussianNoise(Noise):
    """Keras's `GaussianNoise`: the identity in a trained network.

    Args:
        stddev: the deviation of what training adds.
        seed: the seed of it.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Raises:
        ArgumentError: a deviation outside 0 to 1; a call with `training=True`.

    Example:
        >>> import numpy as np
        >>> GaussianNoise(0.5)(np.array([1.0, 2.0]))
        array([1., 2.], dtype=float32)
    """

    amount = "stddev"
    disturbs = "adds random numbers"

    def __init__(self, stddev: float, seed: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.stddev = part("stddev", stddev)
        self.seed = checked_seed(seed) if stddev else seed


class StochasticDepth(Noise):
    """The `StochasticDepth` of `keras.applications`' ConvNeXt: the identity in a trained network.

    Args:
        drop_path_rate: the part of the examples that training drops.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Raises:
        ArgumentError: a call with `training=True`.

    Example:
        >>> import numpy as np
        >>> StochasticDepth(0.1)(np.array([1.0, 2.0]))
        array([1., 2.], dtype=float32)
    """

    built_at_once = False
    amount = "drop_path_rate"
    disturbs = "drops examples at random"

    def __init__(self, drop_path_rate: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.drop_path_rate = drop_path_rate


class ActivityRegularization(Elementwise):
    """Keras's `ActivityRegularization`: the identity, with a penalty on what passes.

    Args:
        l1: the penalty on the absolute values.
        l2: the penalty on the squares.
        **kwargs: `name`, `trainable`, `dtype`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Example:
        >>> import numpy as np
        >>> layer = ActivityRegularization(l1=0.5)
        >>> layer(np.array([[1.0, -3.0]])), layer.losses
        (array([[ 1., -3.]], dtype=float32), [np.float32(2.0)])
    """

    accepts = "fiub"

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **kwargs: Any) -> None:
        super().__init__(activity_regularizer=regularizers.L1L2(l1=l1, l2=l2), **kwargs)
        self.l1 = l1
        self.l2 = l2

    def call(self, inputs: Array) -> Array:
        """The checked input."""
        return inputs

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:  # noqa: ARG002
        """The gradient passes; that of the penalty is not part of it."""
        return dy, []

    def get_config(self) -> dict[str, Any]:
        """The arguments; the penalty follows from them."""
        own = super().get_config()
        del own["activity_regularizer"]
        return own


def part(name: str, value: Any) -> Any:
    """A number of 0 to 1."""
    if not within(name, value, 0, 1):
        raise ArgumentError(
            f"Invalid value received for argument `{name}`. Expected a float value between 0 and "
            f"1. Received: {name}={value}",
            received=f"{name}={value}",
            remedy=f"Use a part of 1, such as {name}=0.5.",
            argument=name,
            fixes=[{name: 0.5}],
        )
    return value


def checked_seed(seed: Any) -> Any:
    """A seed of what training draws: None or an integer, as Keras requires.

    Raises:
        ArgumentError: it is something else.
    """
    if seed is not None and not isinstance(seed, int):
        raise ArgumentError(
            f"Argument `seed` must be an integer. Received: seed={seed}",
            received=f"seed={seed!r}",
            remedy="Use a whole number, or None.",
            argument="seed",
            fixes=[{"seed": None}],
        )
    return seed
