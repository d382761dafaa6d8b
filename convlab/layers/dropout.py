"""Layers that drop numbers while a network is trained, and are the identity afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from numpy.typing import NDArray

from convlab.errors import ArgumentError
from convlab.geometry import arguments
from convlab.layers import config, input_spec
from convlab.layers.base import Shape
from convlab.layers.noise import Noise, checked_seed, part

Array = NDArray[Any]


class Dropping(Noise):
    """A layer that drops a part of the numbers.

    Args:
        rate: the part.
        seed: the seed of what is drawn; where nothing is dropped, Keras does not look at it.
        **kwargs: those of every layer.
    """

    def __init__(self, rate: float, seed: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = part("rate", rate)
        self.seed = checked_seed(seed) if rate else seed


class Dropout(Dropping):
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
        super().__init__(rate, seed, **kwargs)
        self.noise_shape = _checked_noise_shape(noise_shape)


class AlphaDropout(Dropping):
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
        super().__init__(rate, seed, **kwargs)
        self.noise_shape = noise_shape


class GaussianDropout(Dropping):
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
        super().__init__(rate, seed, **kwargs)


class BaseSpatialDropout(Dropping):
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

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments, without those that it does not take."""
        own = super().arguments()
        return {name: own[name] for name in own if name not in ("trainable", "autocast")}

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
        super().__init__(rate, seed, name=name, dtype=dtype)


class BaseFormattedDropout(BaseSpatialDropout):
    """A dropout of whole channels, which may stand first."""

    def __init__(
        self,
        rate: float,
        data_format: str | None = None,
        seed: Any = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(rate, seed, name=name, dtype=dtype)
        self.data_format = arguments.data_format(data_format, config.image_data_format())


class SpatialDropout2D(BaseFormattedDropout):
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


class SpatialDropout3D(BaseFormattedDropout):
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
