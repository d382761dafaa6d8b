"""Whole shapes from the sizes along spatial axes, as one says them: "458 by 690"."""

from __future__ import annotations

from collections.abc import Sequence

from convlab.inspector.channels import channel_axes
from convlab.inspector.given import given_specs
from convlab.inspector.reaches import reaches_of
from convlab.inspector.solving.network.varied import axes_of
from convlab.models.calls import calls_of
from convlab.models.model import Model

Shape = tuple[int | None, ...]


def input_of(model: Model, sizes: Sequence[int | None]) -> Shape:
    """The shape of the first input for its sizes along the spatial axes.

    Sizes that are as many as all of its axes are taken as they are.

    Example:
        >>> import convlab as cl
        >>> from convlab import layers
        >>> x = cl.Input((None, None, 3))
        >>> input_of(cl.Model(x, layers.MaxPooling2D(2)(x)), (572, 572))
        (None, 572, 572, 3)
    """
    spec = given_specs(model, None)[0]
    if spec is None or len(sizes) >= len(spec.shape) - 1:
        return tuple(sizes)
    places = [place for axis in axes_of(model, [spec]) for place in axis.places[0]]
    return _filled(spec.shape, places, sizes)


def output_of(model: Model, sizes: Sequence[int | None]) -> Shape:
    """The shape of the first output for its sizes along all axes but the channels'.

    Example:
        >>> import convlab as cl
        >>> from convlab import layers
        >>> x = cl.Input((None, None, 3))
        >>> output_of(cl.Model(x, layers.MaxPooling2D(2)(x)), (286, 286))
        (None, 286, 286, None)
    """
    calls = calls_of(model, given_specs(model, None))
    wire = calls.outputs[0]
    if wire.spec is None or len(sizes) >= len(wire.spec.shape) - 1:
        return tuple(sizes)
    rank = len(wire.spec.shape)
    channel = channel_axes(calls, reaches_of(calls))[id(wire)]
    places = [axis for axis in range(1, rank) if axis != channel]
    return _filled((None,) * rank, places, sizes)


def _filled(shape: Shape, places: Sequence[int], sizes: Sequence[int | None]) -> Shape:
    """A shape with other sizes at some places; one size stands for all of them."""
    whole = list(shape)
    given = list(sizes) * len(places) if len(sizes) == 1 else list(sizes)
    for place, size in zip(places, given, strict=False):
        whole[place] = size
    return tuple(whole)
