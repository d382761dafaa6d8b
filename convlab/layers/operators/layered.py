"""Operations that a layer does: pooling, and images of another size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from numpy.typing import NDArray

from convlab.errors import ShapeError
from convlab.geometry.links import Dependence
from convlab.layers import pooling
from convlab.layers.base import Layer, Shape
from convlab.layers.operators.operation import Kind, Operation, Shapes, whole_numbers
from convlab.layers.resizing import Resizing

Array = NDArray[Any]


class Layered(Operation):
    """What a layer of one input does.

    Args:
        make: of the number of axes and a dtype: the layer.
    """

    def __init__(self, make: Callable[[int, str | None], Layer]) -> None:
        self.make = make

    def dtype(self, kinds: Sequence[str]) -> str:
        """The operand's."""
        return kinds[0]

    def shape(self, shapes: Shapes) -> Shape:
        """The layer's output shape."""
        return tuple(self._layer(shapes).compute_output_shape(shapes[0]))

    def value(self, arrays: list[Array]) -> Any:
        """The layer's output."""
        return self.make(arrays[0].ndim, _float(arrays[0]))(arrays[0])

    def gradients(self, arrays: list[Array], dy: Array) -> list[Array]:
        """The layer's backward pass."""
        layer = self.make(arrays[0].ndim, _float(arrays[0]))
        return [layer.vjp(arrays[0], dy).inputs]

    def links(self, shapes: Shapes, output: int) -> Sequence[Dependence | None]:
        """The layer's dependence."""
        return self._layer(shapes).dependence(shapes[0], output)

    def macs(self, shapes: Shapes) -> int | None:
        """The layer's."""
        return self._layer(shapes).cost(shapes[0]).macs

    def _layer(self, shapes: Shapes) -> Layer:
        return self.make(len(shapes[0]), None)


def _float(x: Array) -> str | None:
    return x.dtype.name if x.dtype.kind == "f" else None


def _resize(
    size: Any,
    interpolation: str = "bilinear",
    antialias: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    fill_mode: str = "constant",
    fill_value: float = 0.0,
    data_format: str | None = None,
) -> Layered:
    height, width = (*whole_numbers(size, "size"), 0, 0)[:2]

    def make(_: int, dtype: str | None) -> Layer:
        return Resizing(
            height,
            width,
            interpolation,
            crop_to_aspect_ratio,
            pad_to_aspect_ratio,
            fill_mode,
            fill_value,
            antialias,
            data_format,
            dtype=dtype,
            name="resize",
        )

    return Layered(make)


_POOLINGS: dict[str, tuple[type[Layer], ...]] = {
    "max_pool": (pooling.MaxPooling1D, pooling.MaxPooling2D, pooling.MaxPooling3D),
    "average_pool": (pooling.AveragePooling1D, pooling.AveragePooling2D, pooling.AveragePooling3D),
}


def _pool(operation: str) -> Kind:
    def made(
        pool_size: Any, strides: Any = None, padding: str = "valid", data_format: Any = None
    ) -> Layered:
        def make(rank: int, dtype: str | None) -> Layer:
            if not 3 <= rank <= 5:
                raise ShapeError(
                    "One, two or three axes are pooled, between the batch and the channels.",
                    received=f"an input of {rank} axes",
                    remedy="Use an input of 3, 4 or 5 axes.",
                    argument="input_shape",
                )
            cls: Any = _POOLINGS[operation][rank - 3]
            found: Layer = cls(
                pool_size, strides, padding, data_format, dtype=dtype, name=operation
            )
            return found

        return Layered(make)

    return Kind(made, ("inputs",))


OPERATIONS: dict[str, Kind] = {
    "resize": Kind(_resize, ("images",)),
    **{name: _pool(name) for name in _POOLINGS},
}
