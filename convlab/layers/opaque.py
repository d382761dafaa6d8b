"""Layers whose insides are not known: they stand in a network, and stop nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.layers.base import Cost, Layer, Shape, standard_shape
from convlab.layers.node import Spec

Array = NDArray[Any]
Rule = Callable[[Any], Any]


class NotKnown(ShapeError):  # noqa: N818 -- it is no conflict
    """A shape that nobody has told: no conflict, but no answer either."""


class Opaque(Layer):
    """A layer of a class that convlab does not have, such as one from a file.

    Args:
        class_name: the name of its class.
        config: its arguments, as the file has them; never interpreted.
        rule: what makes of the input's shape (a list of shapes for several inputs) the output's
            shape; None where nobody has told.
        name: its name.
        **kwargs: accepted as for every layer.

    Example:
        >>> layer = Opaque("Attention", rule=lambda shape: (*shape[:-1], 8))
        >>> layer.compute_output_shape((None, 7, 7, 3))
        (None, 7, 7, 8)
    """

    weighted = False

    def __init__(
        self,
        class_name: str,
        config: Mapping[str, Any] | None = None,
        rule: Rule | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        self._class_name = class_name
        super().__init__(name=name, **kwargs)
        self.config = dict(config or {})
        self.rule = rule
        self.recorded: dict[Any, list[Shape]] = {}
        self.params: int | None = None

    @property
    def class_name(self) -> str:
        """The name of its class."""
        return self._class_name

    def record(self, shapes_in: Any, shapes_out: Sequence[Shape]) -> None:
        """Keep which shapes came out for which went in, as the file tells it."""
        self.recorded[_key(shapes_in)] = list(shapes_out)

    def standard(self, input_shape: Any) -> Any:
        """The input's shape, or the shapes of several inputs."""
        nested = isinstance(input_shape, list | tuple) and any(
            isinstance(shape, list | tuple) for shape in input_shape
        )
        if nested:
            return tuple(standard_shape(shape) for shape in input_shape)
        return standard_shape(input_shape)

    def infer(self, *args: Any, **kwargs: Any) -> Any:
        """What a call would give, by the rule or by what the file tells.

        Raises:
            NotKnown: neither says it.
        """
        specs = list(_specs((args, kwargs)))
        dtype = next((spec.dtype for spec in specs), "float32")
        shapes = [spec.shape for spec in specs]
        found = self.shapes_for(shapes[0] if len(shapes) == 1 else shapes)
        outputs = [Spec(shape, dtype) for shape in found]
        return outputs[0] if len(outputs) == 1 else tuple(outputs)

    def shapes_for(self, shapes: Any) -> list[Shape]:
        """The shapes of the outputs for the shapes of the inputs.

        Raises:
            NotKnown: nobody has told.
            ArgumentError: the rule fails, or gives no shape.
        """
        if self.rule is not None:
            try:
                given = self.rule(shapes)
                several = isinstance(given, list) and all(
                    isinstance(s, list | tuple) for s in given
                )
                return [standard_shape(s) for s in (given if several else [given])]
            except Exception as error:
                raise ArgumentError(
                    f"The rule given for {self.class_name} makes a shape of a shape.",
                    received=f"{type(error).__name__}: {error}, for the shape {shapes}",
                    remedy="Give a function that takes the input's shape, batch first, and gives "
                    "the output's.",
                    argument="custom_objects",
                ) from error
        if _key(shapes) in self.recorded:
            return self.recorded[_key(shapes)]
        raise NotKnown(
            f"What {self.class_name} makes of a shape is not known here.",
            received=f"the layer '{self.name}', for the shape {shapes}",
            remedy=f"Give its rule: custom_objects={{'{self.class_name}': function of a shape}}.",
            argument="custom_objects",
        )

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The output's shape, by the rule or by what the file tells."""
        found = self.shapes_for(self.standard(input_shape))
        return found[0] if len(found) == 1 else found

    def cost(self, input_shape: Any) -> Cost:  # noqa: ARG002
        """The parameters as far as the file tells; how much is computed is not known."""
        return Cost(params=self.params or 0, macs=None)

    def dependence(self, input_shape: Any, output: int = 0) -> tuple[None, ...]:  # noqa: ARG002
        """Not known."""
        shape = self.standard(input_shape)
        nested = bool(shape) and isinstance(shape[0], tuple)
        return (None,) * (len(shape) if nested else 1)

    def build_for(self, inputs: Any, *_: Any) -> None:
        """Nothing is known to build."""

    def call(self, *_: Any, **__: Any) -> Any:
        """Refused: what the layer computes is not known."""
        raise self._not_computed()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """For symbols the symbols that it gives; arrays are refused."""
        if list(_arrays((args, kwargs))):
            raise self._not_computed()
        return super().__call__(*args, **kwargs)

    def _not_computed(self) -> ArgumentError:
        return ArgumentError(
            f"What {self.class_name} computes is not known here.",
            received=f"the layer '{self.name}'",
            remedy=f"Give a layer of your own: custom_objects={{'{self.class_name}': its class}}.",
            argument="custom_objects",
        )

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments that make this layer."""
        return {"class_name": self.class_name, "config": self.config or None, "name": self.name}

    def get_config(self) -> dict[str, Any]:
        """The arguments as the file has them."""
        return {"name": self.name, **self.config}


class Lambda(Opaque):
    """A function as a layer: one of your own, never one that a file contains.

    Args:
        function: a function of an array, or of a list of arrays.
        output_shape: the shape of one example of the output, or a function that makes it of the
            input's shape, batch first; None tries the function on zeros.
        mask: accepted and ignored.
        arguments: further arguments by name for the function.
        name: a name, or None for an automatic one.
        **kwargs: accepted as for every layer.

    Example:
        >>> double = Lambda(lambda x: x * 2)
        >>> double(np.ones((1, 2))).tolist(), double.compute_output_shape((None, 2))
        ([[2.0, 2.0]], (None, 2))
    """

    def __init__(
        self,
        function: Callable[..., Any],
        output_shape: Any = None,
        mask: Any = None,
        arguments: Mapping[str, Any] | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        del mask, kwargs
        if not callable(function):
            raise ArgumentError(
                "The `function` of a Lambda layer can be called.",
                received=f"function={function!r:.80}",
                remedy="Use Lambda(lambda x: x * 2). Functions in files are never run.",
                argument="function",
            )
        super().__init__("Lambda", rule=self._rule(output_shape), name=name)
        self.function, self.output_shape = function, output_shape
        self.function_arguments = dict(arguments or {})

    def _rule(self, output_shape: Any) -> Rule:
        if callable(output_shape):
            rule: Rule = output_shape
            return rule
        if output_shape is None:
            return self._tried
        return lambda shape: (_first(shape)[0], *standard_shape(output_shape))

    def _tried(self, shapes: Any) -> Shape:
        nested = isinstance(shapes, list)
        zeros = [
            np.zeros([1 if size is None else size for size in shape], np.float32)
            for shape in (shapes if nested else [shapes])
        ]
        found: Shape = np.shape(
            self.function(zeros if nested else zeros[0], **self.function_arguments)
        )
        batch, *sizes = _first(shapes)
        if batch is None and found:
            found = (None, *found[1:])
        if None in sizes:  # an axis of unknown size was tried with 1
            found = tuple(None if a and size == 1 else size for a, size in enumerate(found))
        return found

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The function's value; for symbols, a symbol."""
        if list(_arrays((args, kwargs))):
            return np.asarray(self.function(*args, **self.function_arguments))
        return Layer.__call__(self, *args, **kwargs)

    def __repr__(self) -> str:
        return f"Lambda({getattr(self.function, '__name__', self.function)})"


def _first(shapes: Any) -> Shape:
    shape: Shape = shapes[0] if isinstance(shapes, list) else shapes
    return shape


def _key(shapes: Any) -> Any:
    """What is compared of shapes: all but the batch."""
    if shapes is None:
        return None
    if isinstance(shapes, list):
        return tuple(_key(shape) for shape in shapes)
    return tuple(shapes)[1:]


def _specs(structure: Any) -> Any:
    if isinstance(structure, Spec):
        yield structure
    elif isinstance(structure, Mapping):
        for value in structure.values():
            yield from _specs(value)
    elif isinstance(structure, list | tuple):
        for value in structure:
            yield from _specs(value)


def _arrays(structure: Any) -> Any:
    if isinstance(structure, Mapping):
        structure = list(structure.values())
    if isinstance(structure, list | tuple):
        for value in structure:
            yield from _arrays(value)
    elif hasattr(structure, "__array__"):
        yield structure
