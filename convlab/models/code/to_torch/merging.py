"""Layers that join branches, in PyTorch."""

from __future__ import annotations

from typing import Any

from convlab.layers.merging import Concatenate, Merge
from convlab.layers.scaling import CustomScaleLayer
from convlab.models.code.python_text import literal
from convlab.models.code.refused import unknown_shape
from convlab.models.code.to_torch.piece import IN_ORDER, Piece, Place, Step

_JOINED = {
    "Add": " + ",
    "Subtract": " - ",
    "Multiply": " * ",
}
_FOLDED = {"Maximum": "torch.maximum", "Minimum": "torch.minimum"}


def merge(layer: Merge, *places: Place) -> Piece:
    """Add, Subtract, Multiply, Average, Maximum, Minimum and CustomScaleLayer."""
    if any(place.shape is None for place in places):
        raise unknown_shape(layer, "the shapes of its inputs")
    last, ranks = common(places), [place.rank or 0 for place in places]
    lacking = [max(ranks) - rank for rank in ranks]
    # an input of fewer axes gets axes of size 1 behind the batch, as in Keras
    names = [_of_rank(f"{{x{n}}}", less) for n, less in enumerate(lacking)]
    takes = (None,) * len(places) if same(places) else (last,) * len(places)
    return Piece((Step(_expression(layer, names)),), takes=takes, gives=(last,))


def _expression(layer: Merge, names: list[str]) -> str:
    kind = layer.class_name
    if isinstance(layer, CustomScaleLayer):
        return f"{names[0]} + {literal(float(layer.scale))} * {names[1]}"
    if kind in _JOINED:
        return _JOINED[kind].join(names)
    if kind == "Average":
        return f"({' + '.join(names)}) / {len(names)}"
    folded = names[0]
    for name in names[1:]:
        folded = f"{_FOLDED[kind]}({folded}, {name})"
    return folded


def _of_rank(name: str, lacking: int) -> str:
    return f"{name}[:{', None' * lacking}]" if lacking else name


def concatenate(layer: Concatenate, *places: Place) -> Piece:
    """Concatenate."""
    if any(place.shape is None for place in places):
        raise unknown_shape(layer, "the shapes of its inputs")
    last = common(places)
    dim = Place(places[0].shape, last).dim(int(layer.axis))
    names = ", ".join(f"{{x{n}}}" for n in range(len(places)))
    takes = (None,) * len(places) if same(places) else (last,) * len(places)
    return Piece((Step(f"torch.cat(({names}), dim={dim})"),), takes=takes, gives=(last,))


def same(places: Any) -> bool:
    """Whether all values stand alike already."""
    return len({(place.last, place.rank) for place in places}) == 1


def common(places: Any) -> int:
    """Where the last axis of all inputs is to stand: where most of it stands, if ranks agree."""
    if len({place.rank for place in places}) > 1:
        return IN_ORDER
    return int(max(place.last for place in places))
