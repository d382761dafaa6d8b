"""What an operation says of itself: shape, dtype, value, gradients, and what it reads."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ArgumentTypeError, ShapeError
from convlab.geometry.links import Dependence
from convlab.layers.base import Shape
from convlab.layers.operators.promotion import promoted

Array = NDArray[Any]
Shapes = Sequence[Shape]


class Operation:
    """A function of arrays, with its settings, such as an axis, as attributes."""

    def dtype(self, kinds: Sequence[str]) -> str:
        """The dtype of the output for operands of these dtypes."""
        return promoted(*kinds)

    def shape(self, shapes: Shapes) -> Any:
        """The output's shape, or a list of shapes where there are several outputs."""
        raise NotImplementedError

    def value(self, arrays: list[Array]) -> Any:
        """The output, or a list of outputs, for operands that are cast."""
        raise NotImplementedError

    def gradients(self, arrays: list[Array], dy: Any) -> list[Array]:
        """The gradient of each operand, of its shape; `dy` is a list for several outputs."""
        raise NotImplementedError

    def links(self, shapes: Shapes, output: int) -> Sequence[Dependence | None]:
        """How each operand is read by an output; None where that is not known.

        It is not known, either, where an output reads several examples of the batch.
        """
        raise NotImplementedError

    def macs(self, shapes: Shapes) -> int | None:  # noqa: ARG002
        """The multiply-adds for one example."""
        return 0

    def cast(self, arrays: Sequence[Array], kinds: Sequence[str]) -> list[Array]:
        """The operands in the dtype in which the operation computes."""
        dtype = promoted(*kinds)
        return [np.asarray(x, "float32" if dtype == "bfloat16" else dtype) for x in arrays]


@dataclass(frozen=True)
class Kind:
    """How an operation is made of the arguments of a call.

    Attributes:
        make: gives the operation; its parameters are the settings.
        operands: the names of what it computes with, which come first in a call.
        listed: whether its one operand is a list.
    """

    make: Callable[..., Operation]
    operands: tuple[str, ...] = ("x",)
    listed: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all arguments, in the order of a call."""
        return (*self.operands, *inspect.signature(self.make).parameters)

    def bind(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[list[Any], Operation]:
        """The operands of a call, and the operation with its settings.

        Raises:
            ArgumentTypeError: an argument is missing, is not known, or is given twice.
        """
        known = inspect.signature(self.make).parameters
        order = self.names
        given = dict(zip(order, args, strict=False))
        unknown = [key for key in kwargs if key not in order or key in given]
        given |= {key: value for key, value in kwargs.items() if key not in unknown}
        required = [*self.operands, *(key for key, p in known.items() if p.default is p.empty)]
        missing = [key for key in required if key not in given]
        if unknown or missing or len(args) > len(order):
            what = f"has no place for `{unknown[0]}`" if unknown else "got too many arguments"
            raise ArgumentTypeError(
                f"The operation {name} {f'lacks `{missing[0]}`' if missing else what}.",
                received=f"{len(args)} by position, and by name {', '.join(kwargs) or 'none'}",
                remedy=f"It takes {', '.join(order)}.",
                argument=[*missing, *unknown, None][0],
            )
        operands = [given.pop(key) for key in self.operands]
        if self.listed:
            operands = self._several(name, operands[0])
        return operands, self.make(**given)

    def _several(self, name: str, operands: Any) -> list[Any]:
        if isinstance(operands, list | tuple) and operands:
            return list(operands)
        raise ArgumentTypeError(
            f"The operation {name} takes a list of arrays.",
            received=f"{operands!r:.200}",
            remedy="Use [a, b].",
            argument=self.operands[0],
        )


def broadcast_shape(shapes: Shapes) -> Shape:
    """The shape to which all shapes can be stretched, as Keras says for sizes that are None.

    Raises:
        ShapeError: two sizes differ and neither is 1.

    Example:
        >>> broadcast_shape([(None, 6, 4), (1, 4), (2, 1, 4)])
        (2, 6, 4)
    """
    rank = max(len(shape) for shape in shapes)
    sizes: list[int | None] = [1] * rank
    for shape in shapes:
        for axis, size in enumerate(shape, rank - len(shape)):
            now = sizes[axis]
            if now == 1 or (now is None and size != 1):
                sizes[axis] = size
            elif size not in (1, None, now):
                raise ShapeError(
                    f"Cannot broadcast shape, the failure dim has value {now}, which cannot be "
                    f"broadcasted to {size}. "
                    f"Input shapes are: {' and '.join(map(str, shapes))}.",
                    received=f"shapes {' and '.join(map(str, shapes))}",
                    remedy="Crop or pad one of them, so that their sizes agree or one is 1.",
                    argument="input_shape",
                )
    return tuple(sizes)


def axis_of(axis: Any, rank: int) -> int:
    """An axis counted from the front.

    Raises:
        ShapeError: there is no such axis.
    """
    if not isinstance(axis, int | np.integer) or not -rank <= axis < rank:
        raise ShapeError(
            f"An axis of {rank} is from {-rank} to {rank - 1}.",
            received=f"axis={axis!r}",
            remedy="Use axis=-1, the last one.",
            argument="axis",
        )
    return int(axis) % rank


def axes_of(axis: Any, rank: int) -> tuple[int, ...]:
    """Some axes counted from the front, rising; None means all of them.

    >>> axes_of(-1, 4), axes_of([2, 1], 4), axes_of(None, 2)
    ((3,), (1, 2), (0, 1))
    """
    if axis is None:
        return tuple(range(rank))
    several = axis if isinstance(axis, list | tuple) else (axis,)
    return tuple(sorted({axis_of(one, rank) for one in several}))


def whole_numbers(values: Any, argument: str) -> list[int]:
    """The whole numbers of a setting.

    Raises:
        ArgumentError: it is something else.
    """
    several = list(values) if isinstance(values, list | tuple | np.ndarray) else [values]
    if all(isinstance(v, int | np.integer) and not isinstance(v, bool) for v in several):
        return [int(value) for value in several]
    raise ArgumentError(
        f"The setting `{argument}` is of whole numbers.",
        received=f"{argument}={values!r:.120}",
        remedy=f"Use e.g. {argument}=1.",
        argument=argument,
    )
