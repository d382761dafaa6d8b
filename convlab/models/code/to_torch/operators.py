"""What joins or changes symbols outside of layers, such as `x * 0.5 + y`, in PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlab.layers.operators.layer import Operator
from convlab.layers.operators.template import Slot
from convlab.models.code.python_text import index, index_items, literal
from convlab.models.code.refused import no_equal
from convlab.models.code.to_torch import activations
from convlab.models.code.to_torch.merging import common, same
from convlab.models.code.to_torch.piece import IN_ORDER, Piece, Place, Step

_OF_TWO = {
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "true_divide": "{0} / {1}",
    "power": "{0} ** {1}",
    "maximum": "torch.maximum({0}, {1})",
    "minimum": "torch.minimum({0}, {1})",
}
_OF_ONE = {
    **{name: f"torch.{name}({{0}})" for name in ("exp", "log", "sqrt", "square", "sin", "cos")},
    **{name: f"torch.{name}({{0}})" for name in ("log1p", "expm1", "sign", "rsqrt", "reciprocal")},
    "absolute": "torch.abs({0})",
    "negative": "-{0}",
    "identity": "{0}",
}
_REDUCED = {"mean": "mean", "sum": "sum", "max": "amax", "min": "amin"}


def operator(layer: Operator, *places: Place) -> Piece:
    """An operation on one value or on two, an index, or a reduction over axes."""
    name, args, kwargs = layer.operation, list(layer.args), dict(layer.kwargs or {})
    if name in _OF_TWO and not kwargs and all(map(_simple, args)):
        return _elementwise(name, _OF_TWO[name], args, places)
    if name in _OF_ONE and args == [Slot(0)] and not kwargs:
        return _elementwise(name, _OF_ONE[name], args, places)
    if name == "get_item" and len(args) == 2 and _plain(args[1]):
        return _in_order(f"{{x}}[{index(args[1])}]", places)
    if name in _REDUCED and args[:1] == [Slot(0)] and set(kwargs) <= {"axis", "keepdims"}:
        return _reduced(name, args[1:], kwargs, places)
    if args == [Slot(0)] and not kwargs and name in activations.NAMES:
        return _activation(name, places[0])
    raise no_equal(
        layer,
        "torch",
        f"convlab does not write the operation {name!r}",
        "Use a layer in its place, or write it yourself.",
    )


def _simple(argument: Any) -> bool:
    """An input, or one number."""
    return isinstance(argument, Slot | int | float | np.number)


def _plain(value: Any) -> bool:
    """An index of whole numbers, slices, None and an ellipsis."""
    items = index_items(value)
    ends = [e for i in items if isinstance(i, slice) for e in (i.start, i.stop, i.step)]
    return all(
        item is None or item is Ellipsis or isinstance(item, int | slice) for item in items
    ) and all(end is None or isinstance(end, int) for end in ends)


def _elementwise(name: str, template: str, args: list[Any], places: tuple[Place, ...]) -> Piece:
    alike = same(places)
    last = common(places) if alike or len({p.rank for p in places}) == 1 else IN_ORDER
    words = [f"{{x{a.index}}}" if isinstance(a, Slot) else literal(a) for a in args]
    if name in ("maximum", "minimum"):
        words = [w if w.startswith("{") else f"torch.tensor({w})" for w in words]
    takes = (None,) * len(places) if alike else (last,) * len(places)
    expression = template.format(*words)
    return Piece((Step(expression),) if expression != "{x0}" else (), takes=takes, gives=(last,))


def _reduced(name: str, args: list[Any], kwargs: dict[str, Any], places: Any) -> Piece:
    given = dict(zip(("axis", "keepdims"), args, strict=False)) | kwargs
    axis, keep = given.get("axis"), bool(given.get("keepdims", False))
    axes = None if axis is None else tuple(axis) if isinstance(axis, list | tuple) else (axis,)
    words = [] if axes is None else [f"dim={literal(axes)}"]
    if axes is None and keep:
        words = [f"dim={literal(tuple(range(len(places[0].shape or ()))))}"]
    words += ["keepdim=True"] if keep else []
    return _in_order(f"{{x}}.{_REDUCED[name]}({', '.join(words)})", places)


def _activation(name: str, place: Place) -> Piece:
    expression = activations.expression(name, "{x}", place.dim(-1))
    helpers = ("sparsemax",) if name == "sparsemax" else ()
    return Piece((Step(expression),), gives=(place.last,), helpers=helpers)


def _in_order(expression: str, places: tuple[Place, ...]) -> Piece:
    return Piece((Step(expression),), takes=(IN_ORDER,) * len(places))
