"""The axes of a network's inputs whose sizes are looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convlab.geometry import axis_names
from convlab.inspector.channels import channel_axes, first_reader
from convlab.inspector.reaches import reaches_of
from convlab.layers.node import Spec
from convlab.models.calls import calls_of
from convlab.models.model import Model


@dataclass(frozen=True)
class Axis:
    """An axis whose size is looked for; of several inputs, that of each of them.

    Attributes:
        name: "height", "width", "depth" or "steps"; of axes that have to be equal, all of them.
        places: for each input, the numbers of its axes that have this size.
        near: the size that answers are to be near to; 1 where none is given.
    """

    name: str
    places: tuple[tuple[int, ...], ...]
    near: int = 1

    @property
    def symbols(self) -> tuple[str, ...]:
        """What the sizes are called in the formulas of `convlab.inspector.symbols`."""
        return tuple(
            f"n_{which}_{axis}" if which else f"n_{axis}"
            for which, axes in enumerate(self.places)
            for axis in axes
        )


def axes_of(model: Model, specs: Sequence[Spec]) -> tuple[Axis, ...]:
    """The axes of a network's inputs along which its layers move windows.

    Inputs over as many axes as the first are of one size with it. There are none where the inputs
    are vectors, as those of a generator.
    """
    calls = calls_of(model, specs)
    reaches = reaches_of(calls)
    channels = channel_axes(calls, reaches)
    begun = [call for call in calls.calls if call.is_input]
    spatial: list[tuple[int, ...]] = []
    for which, call in enumerate(begun):
        reader = first_reader(calls, reaches, which)
        rank = len(specs[which].shape)
        others = [axis for axis in range(1, rank) if axis != channels[id(call.outputs[0])]]
        spatial.append(tuple(others[-reader.rank :]) if reader else ())
    rank = next((len(axes) for axes in spatial if axes), 0)
    return tuple(
        _axis(name, [(axes[i],) if len(axes) == rank else () for axes in spatial], specs)
        for i, name in enumerate(axis_names(rank) if rank else ())
    )


def _axis(name: str, places: Sequence[tuple[int, ...]], specs: Sequence[Spec]) -> Axis:
    known = [spec.shape[axis] for spec, axes in zip(specs, places, strict=True) for axis in axes]
    near = next((size for size in known if size is not None), 1)
    return Axis(name, tuple(places), near)


def merged(axes: Sequence[Axis]) -> Axis:
    """Several axes as one: all of one size."""
    places = tuple(
        tuple(one for group in groups for one in group)
        for groups in zip(*(axis.places for axis in axes), strict=True)
    )
    return Axis(" and ".join(axis.name for axis in axes), places, axes[0].near)


def alike(axes: Sequence[Axis]) -> tuple[Axis, ...]:
    """The axes of which answers are to be near to one size, together."""
    groups: dict[int, list[Axis]] = {}
    for axis in axes:
        groups.setdefault(axis.near, []).append(axis)
    return tuple(merged(group) for group in groups.values())


def resized(
    specs: Sequence[Spec], axes: Sequence[Axis], sizes: Mapping[str, int | None]
) -> list[Spec]:
    """The inputs with other sizes, by the names of the axes."""
    shapes = [list(spec.shape) for spec in specs]
    for axis in axes:
        for shape, places in zip(shapes, axis.places, strict=True):
            for place in places:
                shape[place] = sizes[axis.name]
    return [Spec(tuple(shape), spec.dtype) for shape, spec in zip(shapes, specs, strict=True)]
