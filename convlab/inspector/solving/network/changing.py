"""Changes of single arguments of a network's layers, all of them inside bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from convlab.errors import ConvlabError
from convlab.inspector.diagnosis import change
from convlab.inspector.diagnosis.change import Change
from convlab.inspector.solving.knobs import Knobs, knobs_of
from convlab.layers.spatial import Spatial
from convlab.models.model import Model

BOUNDS: Mapping[str, Any] = {
    "kernel_size": range(1, 8),
    "pool_size": range(1, 5),
    "strides": range(1, 5),
    "dilation_rate": range(1, 4),
    "output_padding": (None, 0, 1, 2, 3),
    "size": range(1, 5),
    "cropping": range(9),
    "padding": range(9),
}
"""The values that are tried in a network, whose layers are many."""


def argument_changes(model: Model, prefix: str = "") -> Iterator[Change]:
    """Every other value of one argument of one layer over spatial axes.

    Args:
        model: the network; layers of nested models are "outer/inner".
        prefix: what stands before the names of its layers.
    """
    for layer in model.operations:
        if isinstance(layer, Model):
            yield from argument_changes(layer, f"{prefix}{layer.name}/")
        elif isinstance(layer, Spatial):
            yield from _of_layer(layer, f"{prefix}{layer.name}")


def _of_layer(layer: Spatial, name: str) -> Iterator[Change]:
    try:
        knobs = knobs_of(layer, {})
    except ConvlabError:
        return  # nothing of it decides on a size
    for argument in knobs.tried:
        old = getattr(layer, argument)
        for new in _values(knobs, argument):
            if new != old:
                yield change.argument(name, argument, _short(old), _short(new))


def _values(knobs: Knobs, argument: str) -> Iterator[Any]:
    """The values of an argument in full form, other than the layer's own among them."""
    rank = knobs.layer.rank
    if argument not in knobs.own:
        yield from knobs.tried["padding"]
        return
    bounds = BOUNDS[argument]
    if argument in ("cropping", "padding"):
        pairs = [(before, after) for before in bounds for after in bounds]
        yield from pairs if rank == 1 else ((pair,) * rank for pair in pairs)
        return
    plain = isinstance(getattr(knobs.layer, argument), int)  # UpSampling1D's
    for value in bounds:
        yield value if value is None or plain else (value,) * rank


def _short(value: Any) -> Any:
    """An argument in the shortest form that means the same."""
    if isinstance(value, tuple) and len(set(value)) == 1 and not isinstance(value[0], tuple):
        return value[0]
    return value
