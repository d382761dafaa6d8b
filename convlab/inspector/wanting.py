"""The output shape that a user wants, in the form in which it is compared."""

from __future__ import annotations

import math
from typing import Any

from convlab.errors import ShapeError
from convlab.inspector.channels import channel_axes
from convlab.inspector.reaches import reaches_of
from convlab.layers.base import standard_shape
from convlab.layers.node import Spec
from convlab.models.calls import Calls, Wire

Shape = tuple[int | None, ...]


def wanted_shapes(calls: Calls, given: Any) -> tuple[Shape | None, ...]:
    """The wanted shapes with the batch, one for each output; a size of None is free.

    Args:
        calls: the network's.
        given: a shape with or without the batch, or without batch and channels, as the size of a
            picture is told; a list of them, or None for an output that may be anything, where
            there are several outputs.

    Raises:
        ShapeError: there are not as many as outputs, or one is no shape.
    """
    outputs = calls.outputs
    nested = isinstance(given, list | tuple) and any(
        one is None or isinstance(one, list | tuple) for one in given
    )
    several = len(outputs) > 1 or (
        nested and all(one is None or isinstance(one, list | tuple) for one in given)
    )
    shapes = list(given) if several and isinstance(given, list | tuple) else [given]
    if len(shapes) != len(outputs):
        raise ShapeError(
            f"There is a wanted shape for each of the {len(outputs)} outputs.",
            received=f"output_shape={given!r}",
            remedy="Give a list of shapes, with None for an output that may be anything.",
            argument="output_shape",
        )
    return tuple(
        None if shape is None else _whole(calls, wire, shape)
        for wire, shape in zip(outputs, shapes, strict=True)
    )


def _is_rearranged(wire: Wire, shape: Shape) -> bool:
    """Whether a shape of as many axes has the numbers of one example: no batch is among them."""
    sizes = wire.spec.shape[1:] if wire.spec is not None else ()
    if None in sizes or None in shape or shape[0] == 1:
        return False
    return math.prod(one or 0 for one in shape) == math.prod(one or 0 for one in sizes)


def _whole(calls: Calls, wire: Wire, given: Any) -> Shape:
    """A wanted shape with its batch; None stands for channels that are not told."""
    shape = standard_shape(given)
    rank = len(wire.spec.shape) if wire.spec is not None else 0
    if len(shape) == rank - 1 or (len(shape) == rank and _is_rearranged(wire, shape)):
        return (None, *shape)
    if len(shape) == rank - 2 and shape and shape[0] is not None:
        place = channel_axes(calls, reaches_of(calls))[id(wire)] - 1
        return (None, *shape[:place], None, *shape[place:]) if place >= 0 else shape
    return shape if len(shape) == rank or shape[:1] == (None,) else (None, *shape)


def fits(spec: Spec | None, wanted: Shape | None) -> bool:
    """Whether an output has the wanted shape; the batch is not compared.

    >>> fits(Spec((None, 28, 28, 1), "float32"), (None, 28, None, 1))
    True
    """
    if wanted is None:
        return True
    if spec is None or len(spec.shape) != len(wanted):
        return False
    pairs = zip(spec.shape[1:], wanted[1:], strict=True)
    return all(want is None or size == want for size, want in pairs)
