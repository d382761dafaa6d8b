"""Layers that put the same numbers in another shape, order or number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ArgumentTypeError, ShapeError
from convlab.geometry import arguments
from convlab.geometry.links import Along, Dependence, Product, Reshaped
from convlab.layers import config, input_spec
from convlab.layers.base import Cost, Layer, Shape, standard_shape

Array = NDArray[Any]


class Reshaping(Layer):
    """A layer without weights that moves numbers and changes none: it keeps every dtype."""

    weighted = False
    accepts = "fiub"
    plain_tuples = True

    def cost(self, input_shape: Sequence[int | None]) -> Cost:
        """No weights, and no multiplications.

        Example:
            >>> from convlab.layers import Flatten
            >>> Flatten().cost((None, 7, 7, 512))
            Cost(params=0, macs=0)
        """
        self.check(input_shape)
        return Cost(params=0, macs=0)

    def checked_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The shape as a tuple; refuses one that the layer cannot take."""
        shape = standard_shape(input_shape)
        self.check_input_shape(shape)
        return shape


class Flatten(Reshaping):
    """Keras's `Flatten`: one axis of all numbers of an example.

    Args:
        data_format: `"channels_last"`, `"channels_first"` (the channels then vary fastest, as if
            they came last); None is `config.image_data_format()`.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, ...).

    Output shape:
        (batch, product of the other sizes); None if one of them is.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> Flatten()(np.zeros((1, 2, 3))).shape
        (1, 6)
    """

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = arguments.data_format(data_format, config.image_data_format())

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a shape without a batch."""
        input_spec.check_rank(self, input_shape, at_least=1)

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape for an input shape, in which any size may be None.

        Raises:
            ShapeError: there is no batch.

        Example:
            >>> Flatten().compute_output_shape((None, 7, 7, 512))
            (None, 25088)
            >>> Flatten().compute_output_shape((None, None, 7, 512))
            (None, None)
        """
        batch, *sizes = self.checked_shape(input_shape)
        return (batch, None if None in sizes else math.prod(size or 0 for size in sizes))

    def dependence(
        self,
        input_shape: Any,
        output: int = 0,  # noqa: ARG002
    ) -> tuple[Dependence | None, ...]:
        """Each output reads one input."""
        shape = self.checked_shape(input_shape)
        sizes_out = self.compute_output_shape(shape)[1:]
        if not self._reorders(len(shape)):
            return (Reshaped.between(shape[1:], sizes_out),)
        order = (*range(1, len(shape) - 1), 0)  # the channels, first of the axes, vary fastest
        return (Reshaped(sizes_out, (None,) * len(order), order),)

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        size = math.prod(inputs.shape[1:])
        return self._channels_last(inputs).reshape(len(inputs), size)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradient in the input's shape; there are no weights."""
        back = dy.reshape(self._channels_last(inputs).shape)
        return (np.moveaxis(back, -1, 1) if self._reorders(inputs.ndim) else back), []

    def _reorders(self, rank: int) -> bool:
        return self.data_format == "channels_first" and rank > 2

    def _channels_last(self, x: Array) -> Array:
        return np.moveaxis(x, 1, -1) if self._reorders(x.ndim) else x


class Reshape(Reshaping):
    """Keras's `Reshape`: the numbers of each example in another shape, in the same order.

    Args:
        target_shape: the new sizes, without the batch; one of them may be -1, which is what
            the others leave.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, ...), of as many numbers an example as the target has.

    Output shape:
        (batch, *target_shape).

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> Reshape((-1, 2))(np.arange(6.0).reshape(1, 6)).tolist()
        [[[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]]
    """

    built_at_once = True

    def __init__(self, target_shape: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target_shape = _checked_target(target_shape)

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a shape without a batch."""
        input_spec.check_rank(self, input_shape, at_least=1)

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape for an input shape; where a size is None, so is what -1 stands for.

        Raises:
            ShapeError: the numbers of an example do not fill the new shape.

        Example:
            >>> Reshape((-1, 4)).compute_output_shape((None, 6, 2))
            (None, 3, 4)
            >>> Reshape((-1, 4)).compute_output_shape((None, None, 2))
            (None, None, 4)
        """
        batch, *sizes = self.checked_shape(input_shape)
        target: Shape = tuple(size if isinstance(size, int) else None for size in self.target_shape)
        if None in sizes or None in target:
            return (batch, *(None if size == -1 else size for size in target))
        total = math.prod(size or 0 for size in sizes)
        known = math.prod(size or 0 for size in target if size != -1)
        if (total != known) if -1 not in target else (not known or total % known):
            raise ShapeError(
                "The total size of the tensor must be unchanged. Received: "
                f"input_shape={tuple(sizes)}, target_shape={target}",
                received=f"input_shape={tuple(sizes)} of {total} numbers, target_shape={target}",
                remedy=f"Use sizes whose product is {total}; one of them may be -1.",
                argument="target_shape",
                fixes=[{"target_shape": (-1,)}],
            )
        return (batch, *(total // known if size == -1 else size for size in target))

    def dependence(
        self,
        input_shape: Any,
        output: int = 0,  # noqa: ARG002
    ) -> tuple[Dependence | None, ...]:
        """Each output reads one input."""
        shape = self.checked_shape(input_shape)
        return (Reshaped.between(shape[1:], self.compute_output_shape(shape)[1:]),)

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        return inputs.reshape([size or 0 for size in self.compute_output_shape(inputs.shape)])

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradient in the input's shape; there are no weights."""
        return dy.reshape(inputs.shape), []


class Permute(Reshaping):
    """Keras's `Permute`: the axes in another order.

    Args:
        dims: for each axis of the output, the axis of the input, counted from 1; the batch stays.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, ...), with as many further axes as `dims` has.

    Output shape:
        The same sizes in the new order.

    Raises:
        ArgumentError: `dims` is no permutation of 1, 2, ....

    Example:
        >>> import numpy as np
        >>> Permute((2, 1))(np.zeros((1, 10, 64))).shape
        (1, 64, 10)
    """

    def __init__(self, dims: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dims = _checked_permutation(dims)

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse another number of axes."""
        input_spec.check_rank(self, input_shape, exactly=len(self.dims) + 1)

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape for an input shape, in which any size may be None.

        Raises:
            ShapeError: another number of axes.

        Example:
            >>> Permute((3, 1, 2)).compute_output_shape((None, 7, None, 8))
            (None, 8, 7, None)
        """
        shape = self.checked_shape(input_shape)
        return (shape[0], *(shape[dim] for dim in self.dims))

    def dependence(
        self,
        input_shape: Any,  # noqa: ARG002
        output: int = 0,  # noqa: ARG002
    ) -> tuple[Dependence | None, ...]:
        """Each axis of the input is read along the axis that it becomes."""
        axes = range(1, len(self.dims) + 1)
        return (Product(tuple(Along(self.dims.index(axis) + 1) for axis in axes)),)

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        return np.ascontiguousarray(inputs.transpose(0, *self.dims))

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:  # noqa: ARG002
        """The gradient in the input's order; there are no weights."""
        return dy.transpose(np.argsort((0, *self.dims))), []


class RepeatVector(Reshaping):
    """Keras's `RepeatVector`: each example's features, several times.

    Args:
        n: how often, a positive integer.
        **kwargs: `name`, `trainable`, `dtype`, `activity_regularizer`, and older Keras's
            `input_shape`, `batch_input_shape`, `batch_size`.

    Input shape:
        (batch, features).

    Output shape:
        (batch, n, features).

    Raises:
        ArgumentTypeError: `n` is no integer.
        ArgumentError: `n` is not positive.

    Example:
        >>> import numpy as np
        >>> RepeatVector(2)(np.array([[1.0, 3.0]])).tolist()
        [[[1.0, 3.0], [1.0, 3.0]]]
    """

    def __init__(self, n: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(n, int) or isinstance(n, bool):
            raise ArgumentTypeError(
                f"Expected an integer value for `n`, got {type(n)}.",
                received=f"n={n!r}",
                remedy="Use an integer, such as n=2.",
                argument="n",
                fixes=[{"n": 2}],
            )
        if n <= 0:
            raise ArgumentError(
                f"Argument `n` should be a positive integer. Received: n={n}",
                received=f"n={n}",
                remedy="Use 1 or more, such as n=2.",
                argument="n",
                fixes=[{"n": 2}],
            )
        self.n = n

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse another number of axes than two."""
        input_spec.check_rank(self, input_shape, exactly=2, order="(batch, features)")

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape for an input shape, in which any size may be None.

        Raises:
            ShapeError: another number of axes than two.

        Example:
            >>> RepeatVector(3).compute_output_shape((None, 32))
            (None, 3, 32)
        """
        batch, features = self.checked_shape(input_shape)
        return (batch, self.n, features)

    def dependence(
        self,
        input_shape: Any,  # noqa: ARG002
        output: int = 0,  # noqa: ARG002
    ) -> tuple[Dependence | None, ...]:
        """Each output reads the feature at its place."""
        return (Product((Along(2),)),)

    def call(self, inputs: Array) -> Array:
        """The output for a checked input."""
        return np.repeat(inputs[:, None], self.n, axis=1)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:  # noqa: ARG002
        """Each input gets the gradients of its copies; there are no weights."""
        return dy.sum(axis=1), []


def _checked_target(target_shape: Any) -> tuple[Any, ...]:
    try:
        sizes = tuple(target_shape)
    except TypeError:
        raise ArgumentTypeError(
            "The `target_shape` is a tuple of sizes, without the batch.",
            received=f"target_shape={target_shape!r}",
            remedy="Use a tuple, such as target_shape=(-1,).",
            argument="target_shape",
            fixes=[{"target_shape": (-1,)}],
        ) from None
    known = [size for size in sizes if isinstance(size, int | np.integer)]
    if any(size < -1 for size in known):
        rule = (
            "Each dimension in `target_shape` must be a non-negative integer, or `-1` for a single "
            "unknown dimension."
        )
    elif known.count(-1) > 1:
        rule = "There must be at most one unknown dimension (-1) in `target_shape`."
    else:
        return tuple(int(size) if isinstance(size, int | np.integer) else size for size in sizes)
    raise ArgumentError(
        f"{rule} Received: target_shape={sizes}.",
        received=f"target_shape={sizes}",
        remedy="Use sizes of 0 or more, and -1 for at most one that follows from the others.",
        argument="target_shape",
        fixes=[{"target_shape": (-1,)}],
    )


def _checked_permutation(dims: Any) -> tuple[int, ...]:
    try:
        axes = tuple(dims)
        good = sorted(axes) == list(range(1, len(axes) + 1))
    except TypeError:
        raise ArgumentTypeError(
            "The `dims` are a tuple of axes, counted from 1.",
            received=f"dims={dims!r}",
            remedy="Use a tuple, such as dims=(2, 1).",
            argument="dims",
        ) from None
    if not good:
        order = tuple(range(len(axes), 0, -1))
        raise ArgumentError(
            "Invalid permutation argument `dims` for Permute Layer. The set of indices in `dims` "
            f"must be consecutive and start from 1. Received dims={dims}",
            received=f"dims={dims}",
            remedy=f"Use each axis once, such as dims={order}.",
            argument="dims",
            fixes=[{"dims": order}],
        )
    return tuple(int(axis) for axis in axes)
