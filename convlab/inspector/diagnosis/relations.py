"""The geometry of a call along its spatial axes, beside the words for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from convlab.geometry import AxisGeometry, axis_names
from convlab.layers.base import Layer
from convlab.layers.spatial import Spatial

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.context import Shape


class Relation(NamedTuple):
    """How outputs read inputs along one spatial axis.

    Attributes:
        axis: the word of the axis: "height", "width", "depth", "steps".
        place: its place in the shape, the batch counted as 0.
        geometry: which inputs are read through which taps.
    """

    axis: str
    place: int
    geometry: AxisGeometry


def relations(layer: Layer, shape: Shape | None) -> tuple[Relation, ...]:
    """The relations of a layer's first step; none of one that has none, or refuses the shape.

    >>> from convlab.layers import MaxPooling2D
    >>> [(r.axis, r.place, r.geometry.size_out) for r in relations(MaxPooling2D(), (1, 5, 7, 3))]
    [('height', 1, 2), ('width', 2, 3)]
    """
    if not isinstance(layer, Spatial) or not isinstance(shape, tuple):
        return ()
    try:
        axes = layer.geometry(shape)[0]
    except (ValueError, TypeError):
        return ()
    end = len(shape) - (layer.channel_axis == -1)
    places = range(end - layer.rank, end)
    found = zip(axis_names(layer.rank), places, axes, strict=True)
    return tuple(Relation(*one) for one in found if isinstance(one[2], AxisGeometry))


def per_axis(values: tuple[int, ...]) -> int | tuple[int, ...]:
    """An argument for each axis, as one number where all are alike.

    >>> per_axis((4, 4)), per_axis((4, 3))
    (4, (4, 3))
    """
    return values[0] if len(set(values)) == 1 else values


def both(axes: tuple[str, ...]) -> str:
    """Axes in words.

    >>> both(("height",)), both(("depth", "height", "width"))
    ('height', 'depth, height and width')
    """
    *head, last = axes
    return f"{', '.join(head)} and {last}" if head else last
