"""Layers that vary the images while a network is trained, and are the identity afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import arguments
from convlab.layers import config, dtypes, inference
from convlab.layers.base import Shape
from convlab.layers.elementwise import Elementwise
from convlab.layers.noise import checked_seed

Array = NDArray[Any]

_FILL_MODES = ("reflect", "wrap", "constant", "nearest")
_INTERPOLATIONS = ("nearest", "bilinear")


class Augmentation(Elementwise):
    """A layer over images that is the identity unless `training=True`, which is refused.

    In Keras these layers vary an image when they are called alone, and not in a model that
    predicts. Here `training` is False unless it is given.
    """

    accepts = "fiub"
    built_at_once = False
    floats_only: ClassVar[bool] = True
    """Whether integers become floats."""

    varies: ClassVar[str]
    """What the layer does in training."""

    def __init__(
        self, *, data_format: Any = None, bounding_box_format: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = arguments.data_format(data_format, config.image_data_format())
        self.bounding_box_format = bounding_box_format

    def output_dtype(self, *dtypes_in: str) -> str:
        """The compute dtype; some layers leave integers as they are."""
        return self.compute_dtype if self.floats_only else super().output_dtype(*dtypes_in)

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse what is neither an image nor a batch of images."""
        if len(input_shape) not in (3, 4):
            raise ShapeError(
                "Expected image tensor to have rank 3 (single image) or 4 (batch of images). "
                f"Received: data.shape={input_shape}",
                received=f"data.shape={input_shape}",
                remedy=f"{self!r} needs an input (batch, height, width, channels).",
                argument="input_shape",
            )

    def call(self, inputs: Array, training: bool = False) -> Array:
        """The checked input."""
        if training:
            inference.refuse_training(self, self.varies)
        return dtypes.cast(inputs, self.compute_dtype) if self.floats_only else inputs

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:  # noqa: ARG002
        """The gradient passes."""
        return dy, []

    def get_config(self) -> dict[str, Any]:
        """The arguments; the data format too, and a format of boxes where there is one."""
        own = super().get_config() | {"data_format": self.data_format}
        if self.bounding_box_format is not None:
            own["bounding_box_format"] = self.bounding_box_format
        return own


class RandomFlip(Augmentation):
    """Keras's `RandomFlip`: the identity in a trained network.

    Args:
        mode: `"horizontal"`, `"vertical"` or `"horizontal_and_vertical"`.
        seed: the seed of what is drawn in training.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        **kwargs: `bounding_box_format`, `name`, `trainable`, `dtype`, `activity_regularizer`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first;
        or one image.

    Output shape:
        The input's.

    Raises:
        ArgumentError: an argument that Keras refuses; a call with `training=True`.

    Example:
        >>> import numpy as np
        >>> RandomFlip()(np.array([1.0, 2.0]).reshape(1, 1, 2, 1)).ravel()
        array([1., 2.], dtype=float32)
    """

    varies = "flips images at random"

    def __init__(
        self,
        mode: str = "horizontal_and_vertical",
        seed: Any = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.seed = checked_seed(seed)
        self.mode = mode


class RandomRotation(Augmentation):
    """Keras's `RandomRotation`: the identity in a trained network.

    Args:
        factor: the largest part of a full turn, or (smallest, largest).
        fill_mode: what comes from beyond the edge: `"reflect"`, `"wrap"`, `"constant"`,
            `"nearest"`.
        interpolation: `"bilinear"` or `"nearest"`.
        seed: the seed of what is drawn in training.
        fill_value: the constant.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        **kwargs: `bounding_box_format`, `name`, `trainable`, `dtype`, `activity_regularizer`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first;
        or one image.

    Output shape:
        The input's.

    Raises:
        ArgumentError: an argument that Keras refuses; a call with `training=True`.

    Example:
        >>> import numpy as np
        >>> RandomRotation(0.1)(np.array([1.0, 2.0]).reshape(1, 1, 2, 1)).ravel()
        array([1., 2.], dtype=float32)
    """

    varies = "turns images at random"

    def __init__(
        self,
        factor: Any,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: Any = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.factor = _bounds("factor", factor or 0.0, -1, 1)
        self.seed = checked_seed(seed)
        self.fill_mode = _one_of("fill_mode", fill_mode, _FILL_MODES)
        self.interpolation = _one_of("interpolation", interpolation, _INTERPOLATIONS)
        self.fill_value = fill_value


class RandomZoom(Augmentation):
    """Keras's `RandomZoom`: the identity in a trained network.

    Args:
        height_factor: the largest part by which an image grows or shrinks, or (smallest, largest).
        width_factor: the same for the width; None keeps the proportions.
        fill_mode: what comes from beyond the edge: `"reflect"`, `"wrap"`, `"constant"`,
            `"nearest"`.
        interpolation: `"bilinear"` or `"nearest"`.
        seed: the seed of what is drawn in training.
        fill_value: the constant.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        **kwargs: `bounding_box_format`, `name`, `trainable`, `dtype`, `activity_regularizer`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first;
        or one image.

    Output shape:
        The input's.

    Raises:
        ArgumentError: an argument that Keras refuses; a call with `training=True`.

    Example:
        >>> import numpy as np
        >>> RandomZoom(0.1)(np.array([1.0, 2.0]).reshape(1, 1, 2, 1)).ravel()
        array([1., 2.], dtype=float32)
    """

    varies = "zooms images at random"

    def __init__(
        self,
        height_factor: Any,
        width_factor: Any = None,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: Any = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.height_factor = _checked_factor("height_factor", height_factor, open_low=True)
        self.width_factor = (
            None
            if width_factor is None
            else _checked_factor("width_factor", width_factor, open_low=True)
        )
        self.fill_mode = _one_of("fill_mode", fill_mode, _FILL_MODES)
        self.interpolation = _one_of("interpolation", interpolation, _INTERPOLATIONS)
        self.fill_value = fill_value
        self.seed = checked_seed(seed)


class RandomTranslation(Augmentation):
    """Keras's `RandomTranslation`: the identity in a trained network.

    Args:
        height_factor: the largest part of the height by which an image moves, or (smallest,
            largest).
        width_factor: the same for the width.
        fill_mode: what comes from beyond the edge: `"reflect"`, `"wrap"`, `"constant"`,
            `"nearest"`.
        interpolation: `"bilinear"` or `"nearest"`.
        seed: the seed of what is drawn in training.
        fill_value: the constant.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        **kwargs: `bounding_box_format`, `name`, `trainable`, `dtype`, `activity_regularizer`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first;
        or one image.

    Output shape:
        The input's.

    Raises:
        ArgumentError: an argument that Keras refuses; a call with `training=True`.

    Example:
        >>> import numpy as np
        >>> RandomTranslation(0.1, 0.1)(np.array([1.0, 2.0]).reshape(1, 1, 2, 1)).ravel()
        array([1., 2.], dtype=float32)
    """

    varies = "moves images at random"

    def __init__(
        self,
        height_factor: Any,
        width_factor: Any,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: Any = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.height_factor = _checked_factor("height_factor", height_factor)
        self.width_factor = _checked_factor("width_factor", width_factor)
        self.fill_mode = _one_of("fill_mode", fill_mode, _FILL_MODES)
        self.interpolation = _one_of("interpolation", interpolation, _INTERPOLATIONS)
        self.fill_value = fill_value
        self.seed = checked_seed(seed)


class RandomContrast(Augmentation):
    """Keras's `RandomContrast`: the identity in a trained network.

    Args:
        factor: the largest part by which the contrast changes, or (smallest, largest).
        value_range: the smallest and the largest value of a pixel.
        seed: the seed of what is drawn in training.
        **kwargs: `data_format`, `bounding_box_format`, `name`, `trainable`, `dtype`,
            `activity_regularizer`.

    Input shape:
        (batch, height, width, channels), or one image.

    Output shape:
        The input's.

    Raises:
        ArgumentError: an argument that Keras refuses; a call with `training=True`.

    Example:
        >>> import numpy as np
        >>> RandomContrast(0.1)(np.array([1.0, 2.0]).reshape(1, 1, 2, 1)).ravel()
        array([1., 2.], dtype=float32)
    """

    floats_only = False
    varies = "changes the contrast at random"

    def __init__(
        self, factor: Any, value_range: Any = (0, 255), seed: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.factor = _bounds("factor", factor, 0, 1)
        self.value_range = value_range
        self.seed = checked_seed(seed)


class RandomBrightness(Augmentation):
    """Keras's `RandomBrightness`: the identity in a trained network.

    Args:
        factor: the largest part of the range by which pixels change, or (smallest, largest).
        value_range: the smallest and the largest value of a pixel.
        seed: the seed of what is drawn in training.
        **kwargs: `data_format`, `bounding_box_format`, `name`, `trainable`, `dtype`,
            `activity_regularizer`.

    Input shape:
        (batch, height, width, channels), or one image.

    Output shape:
        The input's.

    Raises:
        ArgumentError: an argument that Keras refuses; a call with `training=True`.

    Example:
        >>> import numpy as np
        >>> RandomBrightness(0.1)(np.array([1.0, 2.0]).reshape(1, 1, 2, 1)).ravel()
        array([1., 2.], dtype=float32)
    """

    floats_only = False
    varies = "changes the brightness at random"

    def __init__(
        self, factor: Any, value_range: Any = (0, 255), seed: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.factor = _bounds("factor", factor or 0.0, -1, 1)
        self.seed = checked_seed(seed)
        if not isinstance(value_range, list | tuple) or len(value_range) != 2:
            raise ArgumentError(
                "The `value_range` argument should be a list of two numbers. "
                f"Received: value_range={value_range}",
                received=f"value_range={value_range}",
                remedy="Use value_range=(0, 255).",
                argument="value_range",
                fixes=[{"value_range": (0, 255)}],
            )
        self.value_range = sorted(value_range)


def _bounds(name: str, factor: Any, low: float, high: float) -> tuple[Any, Any]:
    """The smallest and the largest factor; a number means both signs of it, within the limits."""
    if _is_number(factor) and low <= factor <= high:
        most = abs(factor)
        return max(-most, low), most
    if isinstance(factor, list | tuple) and len(factor) == 2 and all(map(_is_number, factor)):
        first, second = factor
        if first <= high and second >= low:
            return min(factor), max(factor)
    raise ArgumentError(
        f"The `{name}` argument should be a number (or a list of two numbers) in the range "
        f"[{low}, {high}]. Received: {name}={factor}",
        received=f"{name}={factor}",
        remedy=f"Use {name}=0.1.",
        argument=name,
        fixes=[{name: 0.1}],
    )


def _checked_factor(name: str, factor: Any, *, open_low: bool = False) -> Any:
    """A factor of -1 to 1, or two of them; as it was given."""
    both: Sequence[Any] = factor if isinstance(factor, list | tuple) else (factor, factor)
    good = len(both) == 2 and all(
        _is_number(one) and -1 <= one <= 1 and not (open_low and one == -1) for one in both
    )
    if good:
        return factor
    raise ArgumentError(
        f"The `{name}` argument should be a number (or a list of two numbers) in the range "
        f"{'(' if open_low else '['}-1.0, 1.0]. Received: {name}={factor}",
        received=f"{name}={factor}",
        remedy=f"Use {name}=0.1.",
        argument=name,
        fixes=[{name: 0.1}],
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _one_of(name: str, value: Any, known: Sequence[str]) -> Any:
    if value not in known:
        raise ArgumentError(
            f"Unknown `{name}` {value}. Expected of one {tuple(known)}.",
            received=f"{name}={value!r}",
            remedy=f"Use {name}={known[0]!r}.",
            argument=name,
            fixes=[{name: one} for one in known],
        )
    return value
