"""What the layers share that vary the images while a network is trained."""

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


class Resampled(Augmentation):
    """An augmentation that reads between the pixels of an image, and beyond its edge.

    Args:
        fill_mode: what comes from beyond the edge.
        interpolation: how a number between two pixels is made.
        seed: the seed of what is drawn in training.
        fill_value: the constant.
        **kwargs: those of `Augmentation`.
    """

    def __init__(
        self, fill_mode: str, interpolation: str, seed: Any, fill_value: float, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.fill_mode = _one_of("fill_mode", fill_mode, _FILL_MODES)
        self.interpolation = _one_of("interpolation", interpolation, _INTERPOLATIONS)
        self.seed = checked_seed(seed)
        self.fill_value = fill_value


def bounds(name: str, factor: Any, low: float, high: float) -> tuple[Any, Any]:
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


def checked_factor(name: str, factor: Any, *, open_low: bool = False) -> Any:
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
