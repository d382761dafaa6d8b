"""Weights: arrays with a name, a regularizer and a constraint; and what has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.layers import constraints, dtypes, initializers, regularizers, room

Array = NDArray[Any]


class Weight:
    """One weight. `np.asarray(weight)` reads it, `weight.assign(values)` sets it.

    Args:
        name: its name in the layer, such as "kernel".
        value: its initial values, or a function that draws them; it is asked when they are first
            read, so that a network whose weights come from a file draws none.
        dtype: its float type.
        shape: its shape, where the values are drawn later.
        trainable: whether an optimizer would change it.
        regularizer: its penalty, or None.
        constraint: what an optimizer would apply after each step, or None.
    """

    def __init__(
        self,
        name: str,
        value: ArrayLike | Callable[[], Array],
        dtype: str,
        *,
        shape: tuple[int, ...] | None = None,
        trainable: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
    ) -> None:
        self.name = name
        self.dtype = dtype
        self.trainable = trainable
        self.regularizer = regularizer
        self.constraint = constraint
        self._draw: Callable[[], Array] | None = None
        self._drawn: Array | None = None
        self.initial = True  # until others than those of its initializer are set
        if callable(value):
            self._draw, self.shape = value, shape or ()
        else:
            self._drawn = _fixed(dtypes.cast(np.array(value), dtype))
            self.shape = self._drawn.shape

    @property
    def value(self) -> Array:
        """The values; they are read-only, and set with `assign`."""
        if self._drawn is None:
            draw, self._draw = self._draw, None
            self._drawn = _fixed(dtypes.cast(np.array(draw() if draw else 0), self.dtype))
        return self._drawn

    def draw_from(self, draw: Callable[[], Array]) -> None:
        """Let a function give the values when they are first read, in the place of any others."""
        self._draw, self._drawn, self.initial = draw, None, False

    def numpy(self) -> Array:
        """A copy of the values."""
        return self.value.copy()

    def assign(self, value: ArrayLike) -> None:
        """Set the values.

        Raises:
            DataError: they are no real numbers.
            ShapeError: the shape is another one.
        """
        value = dtypes.real(value, f"The weight '{self.name}' holds real numbers.")
        if value.shape != self.shape:
            raise ShapeError(
                f"The shape of the weight '{self.name}' is {self.shape}.",
                received=f"values of shape {value.shape}",
                remedy=f"Give an array of shape {self.shape}.",
            )
        self._draw, self._drawn = None, _fixed(dtypes.cast(value.copy(), self.dtype))
        self.initial = False

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self.value, dtype, copy=copy)

    def __repr__(self) -> str:
        return f"<{self.name}: {self.dtype} {self.shape}>"


def _fixed(values: Array) -> Array:
    """The values, read-only: what the kernels make of them once stays true."""
    values.setflags(write=False)
    return values


class Weighted:
    """What has weights: how they are made, read, set, counted and penalised."""

    name: str
    built: bool
    dtype_policy: dtypes.DTypePolicy

    def __init__(self, *, trainable: bool) -> None:
        self._weights: list[Weight] = []
        self._activity_losses: list[Any] = []
        self._trainable = trainable

    def add_weight(
        self,
        name: str,
        shape: Sequence[Any],
        initializer: Any = None,
        regularizer: Any = None,
        constraint: Any = None,
        *,
        trainable: bool = True,
        dtype: str | None = None,
    ) -> Weight:
        """Make a weight of the layer.

        Args:
            name: its name, such as "kernel".
            shape: its shape.
            initializer: what gives its values; None is glorot_uniform, also for a bias, as in
                Keras.
            regularizer: its penalty, or None.
            constraint: its constraint, or None.
            trainable: whether an optimizer would change it.
            dtype: its float type; None is the layer's.
        """
        whole = tuple(_whole(size, shape) for size in shape)
        room.check(f"weight '{name}'", whole, itemsize=8)  # initial values are drawn in float64
        dtype = dtype or self.dtype_policy.variable_dtype
        initializer = initializers.get("glorot_uniform" if initializer is None else initializer)
        draw = partial(initializer, whole, dtype=dtypes.kernel_dtype(dtype))
        value = draw if type(initializer) in _SURE else np.asarray(draw())
        if isinstance(value, np.ndarray) and value.shape != whole:
            raise ShapeError(
                f"The initializer of the weight '{name}' must give the shape {whole}.",
                received=f"an array of shape {value.shape}",
                remedy=f"Give an array of shape {whole}.",
            )
        weight = Weight(
            name,
            value,
            dtype,
            shape=whole,
            trainable=trainable,
            regularizer=regularizers.get(regularizer),
            constraint=constraints.get(constraint),
        )
        self._weights.append(weight)
        return weight

    @property
    def weights(self) -> list[Weight]:
        """All weights, in Keras's order."""
        return list(self._weights)

    @property
    def trainable_weights(self) -> list[Weight]:
        """The weights that an optimizer would change."""
        return [weight for weight in self._weights if weight.trainable and self.trainable]

    @property
    def non_trainable_weights(self) -> list[Weight]:
        """The weights that an optimizer would leave alone."""
        trainable = self.trainable_weights
        return [weight for weight in self._weights if weight not in trainable]

    variables = weights
    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    @property
    def trainable(self) -> bool:
        """Whether the weights count as trainable."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)

    def get_weights(self) -> list[Array]:
        """Copies of the weights' values, in order."""
        return [weight.numpy() for weight in self._weights]

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Set the weights' values, in order.

        Raises:
            ShapeError: another number of arrays, or an array of another shape.
        """
        if not isinstance(weights, Iterable):
            raise ArgumentError(
                "The weights of a layer are a list of arrays, such as `get_weights()` gives.",
                received=f"weights={weights!r}",
                remedy="Use a list: the kernel, then the bias.",
                argument="weights",
            )
        rule = f"The weights of layer '{self.name}' are real numbers."
        arrays = [dtypes.real(value, rule) for value in weights]
        shapes = [weight.shape for weight in self._weights]
        if len(arrays) != len(shapes):
            raise ShapeError(
                f"You called `set_weights(weights)` on layer '{self.name}' with a weight list of "
                f"length {len(arrays)}, but the layer was expecting {len(shapes)} weights.",
                received=f"arrays of shapes {[value.shape for value in arrays]}",
                remedy=f"The shapes are {', '.join(map(str, shapes))}, in this order."
                if self.built
                else "Build the layer first: layer.build(input_shape).",
            )
        for weight, value in zip(self._weights, arrays, strict=True):
            if weight.shape != value.shape:
                raise ShapeError(
                    f"Layer {self.name} weight shape {weight.shape} is not compatible with "
                    f"provided weight shape {value.shape}.",
                    received=f"shape {value.shape}",
                    remedy=f"The shapes are {', '.join(map(str, shapes))}, in this order.",
                )
        for weight, value in zip(self._weights, arrays, strict=True):
            weight.assign(value)

    def count_params(self) -> int:
        """The number of numbers in the weights.

        Raises:
            ShapeError: the layer is not built, so that the number is not known.
        """
        if not self.built:
            raise ShapeError(
                f"You tried to call `count_params` on layer '{self.name}', but the layer isn't "
                "built.",
                received="a layer without weights yet",
                remedy="Build it first: layer.build(input_shape).",
            )
        return sum(math.prod(weight.shape) for weight in self._weights)

    def apply_constraints(self) -> None:
        """Apply each weight's constraint once, as an optimizer does after a step."""
        for weight in self.trainable_weights:
            if weight.constraint is not None:
                weight.assign(weight.constraint(weight.numpy()))

    @property
    def losses(self) -> list[Any]:
        """The penalties: of the last call's output, then of each trainable weight in order."""
        return self._activity_losses + [
            weight.regularizer(weight.value)
            for weight in self.trainable_weights
            if weight.regularizer is not None
        ]


_SURE = frozenset(
    {
        initializers.Zeros,
        initializers.Ones,
        initializers.GlorotNormal,
        initializers.GlorotUniform,
        initializers.HeNormal,
        initializers.HeUniform,
        initializers.LecunNormal,
        initializers.LecunUniform,
        initializers.RandomNormal,
        initializers.RandomUniform,
        initializers.TruncatedNormal,
        initializers.VarianceScaling,
    }
)
"""Initializers that give, for every shape, an array of it: they can be asked later."""


def _whole(size: Any, shape: Sequence[Any]) -> int:
    if not isinstance(size, (int, np.integer)) or size < 0:
        raise ShapeError(
            f"Cannot convert '{tuple(shape)}' to a shape. Found invalid dimension '{size}'.",
            received=f"size {size!r}",
            remedy="Every size of a weight is a whole number.",
        )
    return int(size)
