"""An operation as a layer: what `x + 1` is in a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, DataError, ShapeError
from convlab.geometry.links import Dependence
from convlab.layers import dtypes, room
from convlab.layers.base import Cost, Gradients, Shape
from convlab.layers.joining import Joining
from convlab.layers.naming import automatic_name
from convlab.layers.node import Spec, Tensor, replaced
from convlab.layers.operators.promotion import kind_of
from convlab.layers.operators.table import class_name_of, kind
from convlab.layers.operators.template import Slot, read, slots_in, written

Array = NDArray[Any]


class Operator(Joining):
    """A layer that does one operation; it is called on a list of arrays.

    It computes in the dtype of its inputs, as Keras's operations do, and casts nothing.

    Args:
        operation: its name in `keras.ops`, such as "add", "get_item" or "mean".
        args: the operation's arguments, with `Slot(i)` in the place of input i.
        kwargs: the same for arguments by name.
        name: a name; None gives Keras's automatic one, such as true_divide_1.
        class_name: what a summary calls the layer; None is Keras's class, such as "TrueDivide".
        **rest: the arguments of every layer.

    Input shape:
        A list of as many shapes as there are slots.

    Output shape:
        The operation's; a tuple of shapes for one that has several outputs.

    Raises:
        ArgumentError: an operation that is not known, or slots that do not count up from 0.
        ArgumentTypeError: arguments that the operation does not take.

    Example:
        >>> half = Operator("multiply", [Slot(0), 0.5])
        >>> half([np.array([[2.0, 3.0]], "float32")])
        array([[1. , 1.5]], dtype=float32)
    """

    accepts = "fiub"
    is_operator = True

    def __init__(
        self,
        operation: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any] | None = None,
        name: str | None = None,
        class_name: str | None = None,
        **rest: Any,
    ) -> None:
        found = kind(operation)
        super().__init__(name=name or automatic_name(class_name_of(operation)), **rest)
        self._named = bool(name)
        self.operation = operation
        self.args = read(list(args))
        self.kwargs = read(dict(kwargs)) if kwargs else None
        self.shown_class = None if class_name == class_name_of(operation) else class_name
        self._operands, self._operation = found.bind(operation, self.args, self.kwargs or {})
        self._slots = [operand for operand in self._operands if isinstance(operand, Slot)]
        places = sorted(slot.index for slot in slots_in((self.args, self.kwargs or {})))
        if places != [*range(len(self._slots))] or not places:
            raise ArgumentError(
                f"The inputs of the operation {operation} stand where arrays do, each once.",
                received=f"args={self.args!r:.200}, kwargs={self.kwargs!r:.200}",
                remedy="Use Slot(0) for the first input, Slot(1) for the second.",
                argument="args",
            )

    @property
    def class_name(self) -> str:
        """What a summary calls the layer."""
        return self.shown_class or class_name_of(self.operation)

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments that make this layer."""
        return super().arguments() | {"class_name": self.shown_class}

    def get_config(self) -> dict[str, Any]:
        """The arguments, in forms that JSON has.

        Example:
            >>> Operator("add", [Slot(0), 2], name="a").get_config()["args"]
            [{'class_name': '__slot__', 'config': {'index': 0}}, 2]
        """
        config = super().get_config()
        template = {"args": written(self.args), "kwargs": written(self.kwargs)}
        return config | template | {"class_name": self.shown_class}

    # Shapes

    def standard(self, input_shape: Any) -> tuple[Shape, ...]:
        """The inputs' shapes; refuses another number of them."""
        shapes = super().standard(input_shape)
        if len(shapes) != len(self._slots):
            raise ShapeError(
                f"{self!r} is called on a list of {len(self._slots)} inputs.",
                received=f"{len(shapes)} inputs",
                remedy="Give one for each slot.",
                argument="input_shape",
            )
        return shapes

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The output's shape, or a tuple of shapes; any size may be None.

        Raises:
            ShapeError: the operation cannot take such inputs.

        Example:
            >>> mean = Operator("mean", [Slot(0)], {"axis": [1, 2]})
            >>> mean.compute_output_shape([(None, 6, 6, 4)])
            (None, 4)
        """
        return self._operation.shape(self._shapes_of(input_shape))

    def infer(self, inputs: Any, *_: Any, **__: Any) -> Any:
        """A `Spec` of the output, or a tuple of them."""
        found: Any = self.check([spec.shape for spec in inputs])
        dtype = self._operation.dtype(self._filled([spec.dtype for spec in inputs], kind_of))
        several = isinstance(found, list)
        return tuple(Spec(shape, dtype) for shape in found) if several else Spec(found, dtype)

    def called_shape(self, input_shape: Any) -> Any:
        """The output's shape, or a list of shapes."""
        return self.compute_output_shape(input_shape)

    def dependence(self, input_shape: Any, output: int = 0) -> tuple[Dependence | None, ...]:
        """How each input is read; None where that is not known, or examples are mixed."""
        shapes = self._shapes_of(input_shape)
        links = self._operation.links(shapes, output)
        return tuple(self._of_slots(links))

    # Numbers

    def prepare(self, inputs: Any) -> Any:
        """Check the inputs as a call does."""
        if not isinstance(inputs, list | tuple) or not inputs:
            raise DataError(
                f"{self!r} is called on a list of arrays.",
                received=f"inputs={inputs!r:.200}",
                remedy="Use layer([a]).",
            )
        arrays = [self._checked_array(x) for x in inputs]
        found: Any = self.check([x.shape for x in arrays])
        for shape in found if isinstance(found, list) else (found,):
            room.check("output", shape, max(x.itemsize for x in arrays))
        if self.build_shape is None:
            self.build([x.shape for x in arrays])
        return arrays

    def call(self, inputs: list[Array]) -> Any:
        """The output for checked inputs, or a tuple of outputs."""
        kinds = self._kinds(inputs)
        dtype = self._operation.dtype(kinds)
        with np.errstate(all="ignore"):
            found = self._operation.value(self._cast(inputs))
            if isinstance(found, list):
                return tuple(dtypes.cast(y, dtype) for y in found)
            return dtypes.cast(found, dtype)

    def backward(self, inputs: list[Array], dy: Any) -> tuple[list[Array], list[Array]]:
        """The gradient of each input, for that of the output or a list of them."""
        with np.errstate(all="ignore"):
            found = self._operation.gradients(self._cast(inputs), dy)
        slots = self._of_slots(found)
        return [np.asarray(dx, x.dtype) for dx, x in zip(slots, inputs, strict=True)], []

    def vjp(self, inputs: Any, output_gradient: Any) -> Gradients:
        """The backward pass; `inputs` of what it gives is a list.

        Args:
            inputs: a list of float arrays, as for a call.
            output_gradient: an array of the output's shape, or a list for several outputs.

        Raises:
            DataError: an input of integers has no gradient, and a gradient is of real numbers.
            ShapeError: `output_gradient` has another shape than the output.

        Example:
            >>> x = np.array([[2.0, 3.0]])
            >>> Operator("square", [Slot(0)]).vjp([x], np.ones((1, 2))).inputs
            [array([[4., 6.]])]
        """
        arrays = self.prepare(inputs)
        if not all(np.issubdtype(x.dtype, np.floating) for x in arrays):
            raise DataError(
                "Only floats have a gradient.",
                received=f"inputs of dtypes {', '.join(str(x.dtype) for x in arrays)}",
                remedy='Use x.astype("float32").',
            )
        expected: Any = self.check(self._shapes(arrays))
        if not isinstance(expected, list):
            return Gradients(
                *self.backward(arrays, self.checked_gradient(output_gradient, expected))
            )
        if not isinstance(output_gradient, list | tuple) or len(output_gradient) != len(expected):
            raise ShapeError(
                f"{self!r} has several outputs: give a list of {len(expected)} gradients.",
                received=f"{type(output_gradient).__name__} of {len(output_gradient)}",
                remedy="Give one for each output.",
            )
        several = [
            self.checked_gradient(dy, shape)
            for dy, shape in zip(output_gradient, expected, strict=True)
        ]
        return Gradients(*self.backward(arrays, several))

    def cost(self, input_shape: Any) -> Cost:
        """No weights."""
        return Cost(params=0, macs=self._operation.macs(self._shapes_of(input_shape)))

    # Slots

    def _shapes_of(self, input_shape: Any) -> list[Shape]:
        return self._filled(self.standard(input_shape), np.shape)

    def _kinds(self, arrays: Sequence[Array]) -> list[str]:
        return self._filled([x.dtype.name for x in arrays], kind_of)

    def _cast(self, arrays: Sequence[Array]) -> list[Array]:
        return self._operation.cast(self._filled(arrays, np.asarray), self._kinds(arrays))

    def _filled(self, items: Sequence[Any], constant: Any) -> list[Any]:
        """For each operand what stands for its input, or what is made of the constant."""
        return [
            items[operand.index] if isinstance(operand, Slot) else constant(operand)
            for operand in self._operands
        ]

    def _of_slots(self, found: Sequence[Any]) -> list[Any]:
        """Of what was found for each operand, that of the inputs in their order."""
        by_slot = {
            operand.index: item
            for operand, item in zip(self._operands, found, strict=True)
            if isinstance(operand, Slot)
        }
        return [by_slot[index] for index in range(len(by_slot))]


def operate(operation: str, *args: Any, **kwargs: Any) -> Any:
    """Do an operation on symbols: its `Operator`, made and called.

    Args:
        operation: its name.
        *args: its arguments, of which some are, or hold, a `Tensor`.
        **kwargs: the same by name.

    Returns:
        A `Tensor`, or a tuple of them.

    Example:
        >>> from convlab.layers.node import Node, Spec, Tensor
        >>> x = Tensor(Node(Operator("relu", [Slot(0)])), spec=Spec((None, 4), "float32"))
        >>> operate("subtract", 2, x).shape
        (None, 4)
    """
    tensors: list[Tensor] = []

    def slot(tensor: Tensor) -> Slot:
        tensors.append(tensor)
        return Slot(len(tensors) - 1)

    args, kwargs = replaced((args, kwargs), slot)
    return Operator(operation, args, kwargs)(tensors)
