"""Layers that disturb a network while it is trained, and are the identity afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from numpy.typing import NDArray

from convlab.errors import ArgumentError
from convlab.geometry import arguments
from convlab.layers import config, inference, input_spec, regularizers
from convlab.layers.amounts import within
from convlab.layers.base import Shape
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


class Dropout(Noise):
    """Keras's `Dropout`: the identity in a trained network.

    Args:
        rate: the part of the numbers that training drops.
        noise_shape: the shape of what is drawn in training; None is the input's.
        seed: the seed of it.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Raises:
        ArgumentError: a rate outside 0 to 1, an odd noise shape; a call with `training=True`.

    Example:
        >>> import numpy as np
        >>> Dropout(0.5)(np.array([1.0, 2.0]))
        array([1., 2.], dtype=float32)
    """

    plain_tuples = True

    def __init__(
        self, rate: float, noise_shape: Any = None, seed: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.rate = _part("rate", rate)
        self.noise_shape = _checked_noise_shape(noise_shape)
        self.seed = checked_seed(seed)


class AlphaDropout(Noise):
    """Keras's `AlphaDropout`: the identity in a trained network.

    Args:
        rate: the part of the numbers that training replaces.
        noise_shape: the shape of what is drawn in training; None is the input's.
        seed: the seed of it.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Raises:
        ArgumentError: a rate outside 0 to 1; a call with `training=True`.

    Example:
        >>> import numpy as np
        >>> AlphaDropout(0.5)(np.array([1.0, 2.0]))
        array([1., 2.], dtype=float32)
    """

    plain_tuples = True

    def __init__(
        self, rate: float, noise_shape: Any = None, seed: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.rate = _part("rate", rate)
        self.noise_shape = noise_shape
        self.seed = checked_seed(seed)


class GaussianDropout(Noise):
    """Keras's `GaussianDropout`: the identity in a trained network.

    Args:
        rate: in training, numbers are multiplied by some of deviation `sqrt(rate / (1 - rate))`.
        seed: the seed of them.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Raises:
        ArgumentError: a rate outside 0 to 1; a call with `training=True`.

    Example:
        >>> import numpy as np
        >>> GaussianDropout(0.5)(np.array([1.0, 2.0]))
        array([1., 2.], dtype=float32)
    """

    disturbs = "multiplies by random numbers"

    def __init__(self, rate: float, seed: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = _part("rate", rate)
        self.seed = checked_seed(seed)


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
        self.stddev = _part("stddev", stddev)
        self.seed = checked_seed(seed)


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


class BaseSpatialDropout(Noise):
    """A dropout of whole channels; it takes few of the arguments that all layers have."""

    rank: ClassVar[int]
    disturbs = "drops channels at random"

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a wrong rank."""
        input_spec.check_rank(self, input_shape, exactly=self.rank + 2)

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The input's shape.

        Raises:
            ShapeError: the rank is wrong.
        """
        shape = super().compute_output_shape(input_shape)
        self.check_input_shape(shape)
        return shape

    def get_config(self) -> dict[str, Any]:
        """The arguments as Keras has them: without `trainable`, and the dtype by name."""
        own = super().get_config()
        del own["trainable"]
        return own | {"dtype": self.dtype}


class SpatialDropout1D(BaseSpatialDropout):
    """Keras's `SpatialDropout1D`: the identity in a trained network.

    Args:
        rate: the part of the channels that training drops.
        seed: the seed of it.
        name: a name; None gives an automatic one.
        dtype: a float type or policy; None is `config.floatx()`.

    Input shape:
        (batch, steps, channels).

    Output shape:
        The input's.

    Raises:
        ArgumentError: a rate outside 0 to 1; a call with `training=True`.

    Example:
        >>> import numpy as np
        >>> SpatialDropout1D(0.5)(np.ones((1, 3, 1))).ravel()
        array([1., 1., 1.], dtype=float32)
    """

    rank = 1

    def __init__(
        self, rate: float, seed: Any = None, name: str | None = None, dtype: Any = None
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        self.rate = _part("rate", rate)
        self.seed = checked_seed(seed)


class SpatialDropout2D(BaseSpatialDropout):
    """Keras's `SpatialDropout2D`: the identity in a trained network.

    Args:
        rate: the part of the channels that training drops.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        seed: the seed of it.
        name: a name; None gives an automatic one.
        dtype: a float type or policy; None is `config.floatx()`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first.

    Output shape:
        The input's.

    Raises:
        ArgumentError: a rate outside 0 to 1; a call with `training=True`.

    Example:
        >>> import numpy as np
        >>> SpatialDropout2D(0.5)(np.ones((1, 1, 3, 1))).ravel()
        array([1., 1., 1.], dtype=float32)
    """

    rank = 2

    def __init__(
        self,
        rate: float,
        data_format: str | None = None,
        seed: Any = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        self.rate = _part("rate", rate)
        self.data_format = arguments.data_format(data_format, config.image_data_format())
        self.seed = checked_seed(seed)


class SpatialDropout3D(BaseSpatialDropout):
    """Keras's `SpatialDropout3D`: the identity in a trained network.

    Args:
        rate: the part of the channels that training drops.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        seed: the seed of it.
        name: a name; None gives an automatic one.
        dtype: a float type or policy; None is `config.floatx()`.

    Input shape:
        (batch, depth, height, width, channels), or (batch, channels, depth, height, width) with
        channels_first.

    Output shape:
        The input's.

    Raises:
        ArgumentError: a rate outside 0 to 1; a call with `training=True`.

    Example:
        >>> import numpy as np
        >>> SpatialDropout3D(0.5)(np.ones((1, 1, 1, 3, 1))).ravel()
        array([1., 1., 1.], dtype=float32)
    """

    rank = 3

    def __init__(
        self,
        rate: float,
        data_format: str | None = None,
        seed: Any = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        self.rate = _part("rate", rate)
        self.data_format = arguments.data_format(data_format, config.image_data_format())
        self.seed = checked_seed(seed)


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

    accepts = "fi"

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


def _part(name: str, value: Any) -> Any:
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


def _checked_noise_shape(shape: Any) -> tuple[Any, ...] | None:
    """The shape of what a dropout draws; refuses what Keras refuses."""
    if shape is None:
        return None
    try:
        sizes = tuple(shape)
    except TypeError:
        sizes = (shape,)
        rule = "Expected an iterable of integers (e.g., a tuple or list)."
    else:
        rule = "Expected all dimensions to be positive integers or None."
        good = all(size is None or (isinstance(size, int) and size > 0) for size in sizes)
        if good and not isinstance(shape, str):
            return sizes
    raise ArgumentError(
        f"Invalid value received for argument `noise_shape`. {rule} Received: noise_shape={shape}",
        received=f"noise_shape={shape}",
        remedy="Use None for the input's shape.",
        argument="noise_shape",
        fixes=[{"noise_shape": None}],
    )
