"""Images of another size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab import kernels
from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import arguments, axis_names
from convlab.geometry.aspect import cropped, padded
from convlab.geometry.links import Along, Dependence, Product
from convlab.geometry.resampling import RESIZINGS, Resampling
from convlab.layers import config, dtypes
from convlab.layers.base import Cost, Shape, standard_shape
from convlab.layers.kernel_layer import known_product
from convlab.layers.spatial import Spatial

Array = NDArray[Any]


class Resizing(Spatial):
    """Keras's `Resizing`: images are resampled to a given size.

    Args:
        height: the output's height.
        width: the output's width.
        interpolation: `"nearest"`, `"bilinear"`, `"bicubic"`, `"lanczos3"`, `"lanczos5"` or
            `"area"`.
        crop_to_aspect_ratio: whether the longer side is cropped first, to the output's proportions.
        pad_to_aspect_ratio: whether the shorter side is padded first, to the output's proportions.
        fill_mode: what it is padded with: `"constant"`.
        fill_value: the constant.
        antialias: whether an image that shrinks is smoothed; nearest and area never are.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first;
        or one image, without a batch.

    Output shape:
        The same with the new height and width.

    Raises:
        ArgumentError: an argument that Keras refuses; many of them in a call only.

    Example:
        >>> import numpy as np
        >>> Resizing(1, 2, "area")(np.array([1.0, 3.0, 5.0, 7.0]).reshape(1, 1, 4, 1)).ravel()
        array([2., 6.], dtype=float32)
    """

    rank = 2
    weighted = False
    accepts = "fiu"

    def __init__(
        self,
        height: int,
        width: int,
        interpolation: str = "bilinear",
        crop_to_aspect_ratio: bool = False,
        pad_to_aspect_ratio: bool = False,
        fill_mode: str = "constant",
        fill_value: float = 0.0,
        antialias: bool = False,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.height = height
        self.width = width
        self.interpolation = interpolation
        self.data_format = arguments.data_format(data_format, config.image_data_format())
        self.crop_to_aspect_ratio = crop_to_aspect_ratio
        self.pad_to_aspect_ratio = pad_to_aspect_ratio
        self.fill_mode = fill_mode
        self.fill_value = fill_value
        self.antialias = bool(antialias)

    # Shapes

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse what is no image, and arguments that Keras refuses in a call."""
        self._check_arguments()
        if len(input_shape) not in (3, 4):
            order = ("batch", *axis_names(2), "channels")
            if self.channel_axis == 1:
                order = ("batch", "channels", *axis_names(2))
            raise ShapeError(
                "Expected image tensor to have rank 3 (single image) or 4 (batch of images). "
                f"Received: data.shape={input_shape}",
                received=f"data.shape={input_shape}",
                remedy=f"{self!r} needs an input ({', '.join(order)}).",
                argument="input_shape",
            )

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape for an input shape, in which any size may be None.

        Raises:
            ShapeError: the rank is wrong.

        Example:
            >>> Resizing(224, 224).compute_output_shape((None, None, None, 3))
            (None, 224, 224, 3)
        """
        shape = standard_shape(input_shape)
        self.check_input_shape(shape)
        batched = self._batched(shape)
        whole = self.whole_shape(batched[0], self._sizes_out, batched[self.channel_axis])
        return whole if len(shape) == 4 else whole[1:]

    def geometry(self, input_shape: Sequence[int | None]) -> tuple[tuple[Any, ...], ...]:
        """How input and output are related along height and width.

        Returns:
            One step of two axes, each a `Resampling`; of a window of the input where it is cropped
            or padded first.

        Raises:
            ShapeError: the rank is wrong, or the proportions are not known on which a window
                depends.
        """
        shape = standard_shape(input_shape)
        self.check_input_shape(shape)
        sizes = self.spatial_sizes(self._batched(shape))
        windows: tuple[tuple[int, int | None], ...] = ((0, None), (0, None))
        if self.crop_to_aspect_ratio or self.pad_to_aspect_ratio:
            known = tuple(size for size in sizes if size is not None)
            if len(known) < len(sizes):
                raise ShapeError(
                    "Where an image is cropped or padded depends on its height and width.",
                    received=f"input shape {shape}",
                    remedy="Give both a size.",
                    argument="input_shape",
                )
            rule = cropped if self.crop_to_aspect_ratio else padded
            windows = rule(known, self._sizes_out)
        return (
            tuple(
                Resampling(size, new, self.interpolation, self.antialias, None, *window)
                for size, new, window in zip(sizes, self._sizes_out, windows, strict=True)
            ),
        )

    def dependence(
        self,
        input_shape: Any,
        output: int = 0,  # noqa: ARG002
    ) -> tuple[Dependence | None, ...]:
        """Each output reads the inputs around its place; not known without a height or width."""
        shape = self._batched(standard_shape(input_shape))
        sizes = self.spatial_sizes(shape)
        if None in sizes:
            return (None,)
        height, width = (
            Along(axis, relation)
            for axis, relation in enumerate(self.geometry(shape)[0], self._first_spatial)
        )
        links = (height, width, Along(3)) if self._first_spatial == 1 else (Along(1), height, width)
        return (Product(links),)

    def cost(self, input_shape: Sequence[int | None]) -> Cost:
        """No weights; one multiplication for each tap of each new cell, axis after axis.

        Example:
            >>> Resizing(4, 4).cost((None, 8, 8, 1))
            Cost(params=0, macs=96)
        """
        self.check(input_shape)
        shape = self._batched(standard_shape(input_shape))
        if self.interpolation == "nearest":
            return Cost(params=0, macs=0)
        if None in self.spatial_sizes(shape):
            return Cost(params=0, macs=None)
        height, width = self.geometry(shape)[0]
        channels = shape[self.channel_axis]
        first = known_product((height.window, width.size_out, width.kernel, channels))
        second = known_product((height.size_out, width.size_out, height.kernel, channels))
        return Cost(0, None if first is None or second is None else first + second)

    # The computation

    def call(self, inputs: Array) -> Array:
        """The output for a checked input; integers are rounded, half to even, and saturate."""
        batch = inputs if inputs.ndim == 4 else inputs[None]
        axes = self.geometry(batch.shape)[0]
        x = self._windowed(self.channels_last(batch), axes)
        inner = tuple(axis.inside for axis in axes)
        if self.interpolation == "nearest":
            y = kernels.picked(x, inner)
        else:
            y = self._mixed(x, inner, inputs.dtype)
        y = self.own_format(y)
        return y if inputs.ndim == 4 else y[0]

    def _mixed(self, x: Array, axes: tuple[Resampling, ...], dtype: np.dtype[Any]) -> Array:
        exact = np.float64 if dtype == np.float64 else np.float32
        y = kernels.resampled(x.astype(exact, copy=False), axes)
        if dtype.kind in "iu":
            return dtypes.saturated(np.rint(y), dtype)
        return dtypes.cast(y, self.compute_dtype)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """Each input gets the weighted gradients of the outputs that read it."""
        batch = inputs if inputs.ndim == 4 else inputs[None]
        axes = self.geometry(batch.shape)[0]
        exact = dtypes.kernel_dtype(self.compute_dtype)
        pushed = self.channels_last(dy if inputs.ndim == 4 else dy[None]).astype(exact)
        inner = kernels.resampled_gradient(pushed, tuple(axis.inside for axis in axes))
        dx = self.own_format(_without_window(inner, axes))
        return dx if inputs.ndim == 4 else dx[0], []

    def _windowed(self, x: Array, axes: tuple[Resampling, ...]) -> Array:
        """The window that is resampled, of an image in channels_last."""
        if all(axis.length is None for axis in axes):
            return x
        if self.crop_to_aspect_ratio:
            (top, rows), (left, columns) = ((axis.start, axis.window or 0) for axis in axes)
            return np.ascontiguousarray(x[:, top : top + rows, left : left + columns])
        before = [-axis.start for axis in axes]
        pads = ((0, 0), *((pad, pad) for pad in before), (0, 0))
        return np.pad(x, pads, constant_values=np.asarray(self.fill_value).astype(x.dtype))

    # The rest

    @property
    def _sizes_out(self) -> tuple[int, int]:
        return self.height, self.width

    @property
    def _first_spatial(self) -> int:
        return 1 if self.channel_axis == -1 else 2

    def _batched(self, shape: Shape) -> Shape:
        """The shape with a batch: that of one image is of one."""
        return (1, *shape) if len(shape) == 3 else shape

    def _check_arguments(self) -> None:
        if self.interpolation not in RESIZINGS:
            raise ArgumentError(
                "Invalid value for argument `interpolation`. Expected of one "
                f"{RESIZINGS}. Received: interpolation={self.interpolation}",
                received=f"interpolation={self.interpolation!r}",
                remedy='Use interpolation="bilinear".',
                argument="interpolation",
                fixes=[{"interpolation": "bilinear"}, {"interpolation": "nearest"}],
            )
        if self.fill_mode != "constant":
            raise ArgumentError(
                "Invalid value for argument `fill_mode`. Only `'constant'` is supported. "
                f"Received: fill_mode={self.fill_mode}",
                received=f"fill_mode={self.fill_mode!r}",
                remedy='Use fill_mode="constant".',
                argument="fill_mode",
                fixes=[{"fill_mode": "constant"}],
            )
        if self.pad_to_aspect_ratio and self.crop_to_aspect_ratio:
            raise ArgumentError(
                "Only one of `pad_to_aspect_ratio` & `crop_to_aspect_ratio` can be `True`.",
                received="both of them",
                remedy="Use one of them, or none.",
                argument="pad_to_aspect_ratio",
                fixes=[{"pad_to_aspect_ratio": False}, {"crop_to_aspect_ratio": False}],
            )
        for name, size in (("height", self.height), ("width", self.width)):
            if not isinstance(size, int | np.integer) or size < 1:
                raise ArgumentError(
                    f"The `{name}` of the output is a whole number of 1 or more.",
                    received=f"{name}={size!r}",
                    remedy=f"Use e.g. {name}=224.",
                    argument=name,
                    fixes=[{name: 224}],
                )


def _without_window(gradient: Array, axes: tuple[Resampling, ...]) -> Array:
    """The gradient of a window as that of the whole input, in channels_last."""
    if all(axis.length is None for axis in axes):
        return gradient
    sizes = [axis.size_in or 0 for axis in axes]
    whole = np.zeros((len(gradient), *sizes, gradient.shape[-1]), gradient.dtype)
    of_whole, of_window = [], []
    for axis, size in zip(axes, sizes, strict=True):
        first, last = max(axis.start, 0), min(axis.start + (axis.window or 0), size)
        of_whole.append(slice(first, last))
        of_window.append(slice(first - axis.start, last - axis.start))
    whole[:, of_whole[0], of_whole[1]] = gradient[:, of_window[0], of_window[1]]
    return whole
