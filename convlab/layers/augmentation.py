"""Layers that vary the images while a network is trained, and are the identity afterwards."""

from __future__ import annotations

from typing import Any

from convlab.errors import ArgumentError
from convlab.layers.base_augmentation import Augmentation, Resampled, bounds, checked_factor
from convlab.layers.noise import checked_seed


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


class RandomRotation(Resampled):
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
        super().__init__(
            fill_mode, interpolation, seed, fill_value, data_format=data_format, **kwargs
        )
        self.factor = bounds("factor", factor or 0.0, -1, 1)


class RandomZoom(Resampled):
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
        super().__init__(
            fill_mode, interpolation, seed, fill_value, data_format=data_format, **kwargs
        )
        self.height_factor = checked_factor("height_factor", height_factor, open_low=True)
        self.width_factor = (
            None
            if width_factor is None
            else checked_factor("width_factor", width_factor, open_low=True)
        )


class RandomTranslation(Resampled):
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
        super().__init__(
            fill_mode, interpolation, seed, fill_value, data_format=data_format, **kwargs
        )
        self.height_factor = checked_factor("height_factor", height_factor)
        self.width_factor = checked_factor("width_factor", width_factor)


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
        self.factor = bounds("factor", factor, 0, 1)
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
        self.factor = bounds("factor", factor or 0.0, -1, 1)
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
