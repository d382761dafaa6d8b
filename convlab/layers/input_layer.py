"""Where a network begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError
from convlab.geometry.links import Dependence, elementwise
from convlab.layers import config
from convlab.layers.base import Cost, Layer, Shape, standard_shape
from convlab.layers.node import Node, Spec, Tensor

Array = NDArray[Any]

_DTYPES = ("float", "bfloat", "int", "uint", "bool", "string", "complex")


class InputLayer(Layer):
    """The first layer of a model: it says which shape goes in, and hands it on.

    Args:
        shape: the shape of one example.
        batch_size: how many examples, or None.
        dtype: the dtype; None is `config.floatx()`.
        sparse: accepted and ignored: arrays are dense.
        batch_shape: the whole shape, instead of `shape` and `batch_size`.
        name: a name, or None for an automatic one.
        ragged: accepted and ignored.
        optional: accepted and ignored.

    Raises:
        ArgumentError: no shape, or two of them.

    Example:
        >>> InputLayer((28, 28, 1)).batch_shape
        (None, 28, 28, 1)
    """

    weighted = False
    built_at_once = True
    accepts = "fiub"

    def __init__(
        self,
        shape: Any = None,
        batch_size: int | None = None,
        dtype: str | None = None,
        sparse: bool | None = None,
        batch_shape: Any = None,
        name: str | None = None,
        ragged: bool | None = None,
        optional: bool = False,
    ) -> None:
        super().__init__(name=name, autocast=False)
        if (shape is None) == (batch_shape is None):
            raise ArgumentError(
                "An input has a `shape`, or else a `batch_shape`.",
                received=f"shape={shape!r}, batch_shape={batch_shape!r}",
                remedy="Use Input((28, 28, 1)), without the batch.",
                argument="shape",
            )
        if batch_shape is None:
            batch_shape = (batch_size, *standard_shape(shape))
        self.batch_shape = standard_shape(batch_shape)
        self.input_dtype = str(dtype) if dtype is not None else config.floatx()
        if not self.input_dtype.startswith(_DTYPES):
            raise ArgumentError(
                "The `dtype` of an input is the name of a dtype.",
                received=f"dtype={dtype!r}",
                remedy='Use dtype="float32".',
                argument="dtype",
            )
        self.sparse, self.ragged, self.optional = bool(sparse), bool(ragged), bool(optional)

    @property
    def dtype(self) -> str:
        """The dtype of what goes in."""
        return self.input_dtype

    @property
    def shape(self) -> Shape:
        """The shape of one example."""
        return self.batch_shape[1:]

    @property
    def batch_size(self) -> int | None:
        """How many examples, or None."""
        return self.batch_shape[0] if self.batch_shape else None

    @property
    def spec(self) -> Spec:
        """The shape and dtype of what goes in."""
        return Spec(self.batch_shape, self.input_dtype)

    def get_config(self) -> dict[str, Any]:
        """The arguments, as Keras writes them."""
        return {
            "batch_shape": self.batch_shape,
            "dtype": self.input_dtype,
            "sparse": self.sparse,
            "ragged": self.ragged,
            "name": self.name,
            "optional": self.optional,
        }

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The shape that goes in."""
        return standard_shape(input_shape)

    def cost(self, input_shape: Sequence[int | None]) -> Cost:  # noqa: ARG002
        """Nothing."""
        return Cost(params=0, macs=0)

    def dependence(self, input_shape: Any, output: int = 0) -> tuple[Dependence | None, ...]:  # noqa: ARG002
        """Each cell is handed on."""
        return (elementwise(len(standard_shape(input_shape))),)

    def call(self, inputs: Array) -> Array:
        """The input itself."""
        return inputs

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:  # noqa: ARG002
        """The output's gradient."""
        return dy, []

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments that make this layer."""
        named = {"name": self.name} if self._named else {}
        return {"batch_shape": self.batch_shape, "dtype": self.input_dtype} | named


def Input(  # noqa: N802 -- Keras names it so
    shape: Any = None,
    batch_size: int | None = None,
    dtype: str | None = None,
    sparse: bool | None = None,
    batch_shape: Any = None,
    name: str | None = None,
    tensor: Tensor | None = None,
    optional: bool = False,
) -> Tensor:
    """A symbol to call layers on, of which a model is made.

    Args:
        shape: the shape of one example, without the batch; a size that varies is None.
        batch_size: how many examples, or None.
        dtype: the dtype; None is `config.floatx()`.
        sparse: accepted and ignored.
        batch_shape: the whole shape, instead of `shape` and `batch_size`.
        name: the name of the input.
        tensor: a symbol that is handed back.
        optional: accepted and ignored.

    Raises:
        ArgumentError: no shape, or two of them.

    Example:
        >>> from convlab import layers
        >>> x = Input((28, 28, 1))
        >>> layers.Conv2D(8, 3, strides=2)(x).shape
        (None, 13, 13, 8)
    """
    if tensor is not None:
        return tensor
    if isinstance(shape, int | np.integer):
        raise ArgumentError(
            "The `shape` of an input is a tuple.",
            received=f"shape={shape!r}",
            remedy=f"Use Input(({shape},)).",
            argument="shape",
        )
    layer = InputLayer(shape, batch_size, dtype, sparse, batch_shape, name, optional=optional)
    return Node(layer).output(0, layer.spec)
