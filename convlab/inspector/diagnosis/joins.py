"""Joins: layers and operators that put branches together, and where these do not agree."""

from __future__ import annotations

from collections.abc import Sequence

from convlab.layers.joining import Joining
from convlab.layers.merging import Concatenate, Merge
from convlab.layers.node import Spec
from convlab.layers.operators.layer import Operator
from convlab.models.calls import Call

_BROADCASTING = frozenset(
    {"add", "subtract", "multiply", "true_divide", "divide", "maximum", "minimum", "power"}
)


def is_join(call: Call) -> bool:
    """Whether a call joins several tensors, cell by cell or side by side."""
    layer = call.layer
    if len(call.inputs) < 2 or not isinstance(layer, Joining):
        return False
    if isinstance(layer, Operator):
        return layer.operation in _BROADCASTING or layer.operation == "concatenate"
    return isinstance(layer, Concatenate | Merge)


def along(call: Call, rank: int) -> int | None:
    """The axis along which a join puts its inputs side by side; None where it stretches them."""
    layer = call.layer
    if isinstance(layer, Concatenate):
        return layer.axis % rank if -rank <= layer.axis < rank else None
    if isinstance(layer, Operator) and layer.operation == "concatenate":
        more = [*layer.args[1:], (layer.kwargs or {}).get("axis")]
        axis = next((one for one in more if isinstance(one, int)), 0)
        return axis % rank if -rank <= axis < rank else None
    return None


def is_concatenation(call: Call) -> bool:
    """Whether a join puts its inputs side by side."""
    layer = call.layer
    beside = isinstance(layer, Operator) and layer.operation == "concatenate"
    return beside or isinstance(layer, Concatenate)


def clashes(call: Call, specs: Sequence[Spec | None]) -> dict[int, tuple[int | None, ...]]:
    """The axes on which the inputs of a join do not agree, and their sizes there.

    Args:
        call: the join.
        specs: what goes in, of one rank.
    """
    shapes = [spec.shape for spec in specs if spec is not None]
    if len(shapes) < len(specs) or len({len(shape) for shape in shapes}) != 1:
        return {}
    beside = along(call, len(shapes[0]))
    found = {}
    for axis, sizes in enumerate(zip(*shapes, strict=True)):
        known = {size for size in sizes if size is not None}
        if not is_concatenation(call) and axis:
            known -= {1}  # it is stretched
        if axis != beside and len(known) > 1:
            found[axis] = tuple(sizes)
    return found
