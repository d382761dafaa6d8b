"""Which input sizes fit a network: proved by its formulas where they tell all, else by tracing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry.formula import Number, Symbol
from convlab.inspector.given import given_specs
from convlab.inspector.solving.network.conditions import (
    Condition,
    conditions_of,
    sizes_of_all,
    stretched_sizes,
)
from convlab.inspector.solving.network.size_set import SizeSet
from convlab.inspector.solving.network.varied import Axis, alike, axes_of, merged, resized
from convlab.inspector.symbols import Sizes, sizes_of
from convlab.inspector.wanting import wanted_shapes
from convlab.layers.joining import Joining
from convlab.layers.node import Spec
from convlab.models.calls import Calls, calls_of
from convlab.models.model import Model

Shape = tuple[int | None, ...]

TRACED = 256
"""Where formulas do not tell all, the input sizes up to this one are traced, each of them."""

MOST_CALLS = 2_000
"""So many calls along an axis are followed where sizes are not to be traced one by one."""


@dataclass(frozen=True)
class Fitting:
    """The input sizes with which a network fits together, and gives what is wanted.

    Attributes:
        model: the network.
        specs: what goes in; its spatial sizes are only what answers are to be near to.
        wanted: the shapes that are wanted of the outputs, batch first; None is any size.
        axes: the axes of the input whose sizes are looked for.
        conditions: what the sizes have to fulfil, as equations of formulas.
        families: the sizes along each axis, by its name; each may be chosen freely.
        proved: whether the families hold for all sizes, by the period of the formulas; else they
            were traced, size by size, up to `TRACED`: axes of one size together, while the others
            keep the size that they have.
    """

    model: Model
    specs: tuple[Spec, ...]
    wanted: tuple[Shape, ...]
    axes: tuple[Axis, ...]
    conditions: tuple[Condition, ...]
    families: Mapping[str, SizeSet]
    proved: bool

    def input_shapes(self, many: int = 8) -> list[Any]:
        """The input shapes that fit, the nearest to the network's own first; squares for one."""
        return [self.input_shape(sizes) for sizes in self.nearest(many)]

    def nearest(self, many: int = 8) -> list[dict[str, int]]:
        """The same as sizes by the names of the axes."""
        if not self.families:  # no axis, or no formula tells what its sizes have to be
            return []
        names = [axis.name for axis in self.axes]
        nears = [axis.near for axis in self.axes]
        per_axis = [self.families[axis.name].nearest(axis.near, many) for axis in self.axes]
        if len({*nears}) == 1 and all(sizes == per_axis[0] for sizes in per_axis):
            found = [(size,) * len(names) for size in per_axis[0]]  # squares stay squares
        else:
            found = sorted(product(*per_axis), key=lambda sizes: _far(sizes, nears))[:many]
        return [dict(zip(names, sizes, strict=True)) for sizes in found]

    def input_shape(self, sizes: Mapping[str, int]) -> Any:
        """The shape that goes in, batch first; a list for several inputs."""
        shapes = [spec.shape for spec in resized(self.specs, self.axes, sizes)]
        return shapes[0] if len(shapes) == 1 else shapes

    def output_shape(self, sizes: Mapping[str, int]) -> Any:
        """What the network gives, traced."""
        calls = calls_of(self.model, resized(self.specs, self.axes, sizes))
        shapes = [wire.spec.shape if wire.spec else None for wire in calls.outputs]
        return shapes[0] if len(shapes) == 1 else shapes


def _far(sizes: Sequence[int], nears: Sequence[int]) -> tuple[int, tuple[int, ...]]:
    return sum(abs(a - b) for a, b in zip(sizes, nears, strict=True)), tuple(sizes)


def fitting(
    model: Model, input_shape: Any = None, output_shape: Any = None, *, tracing: bool = True
) -> Fitting:
    """Find the input sizes with which a network fits together, and gives what is wanted.

    Args:
        model: the network.
        input_shape: what goes in; None is the network's own. Its spatial sizes are only what
            answers are to be near to; the other axes are kept.
        output_shape: what is wanted: sizes, of which None is any; with or without the batch; a
            list of shapes for several outputs.
        tracing: whether sizes are traced, one by one, where formulas do not tell everything; if
            not, the answer is what the formulas allow, and each size has still to be traced.

    Raises:
        ArgumentError: the shape of what goes in is not known.
        ShapeError: a shape has another rank than the network's.

    Example:
        >>> import convlab as cl
        >>> from convlab import layers
        >>> x = cl.Input((100, 100, 3))
        >>> y = layers.MaxPooling2D(4)(x)
        >>> model = cl.Model(x, layers.UpSampling2D(4)(y))
        >>> found = fitting(model, output_shape=(96, 104, 3))
        >>> [(name, str(sizes)) for name, sizes in found.families.items()]
        [('height', '96 to 99'), ('width', '104 to 107')]
        >>> found.input_shapes(1)
        [(None, 99, 104, 3)]
    """
    specs = _known(model, given_specs(model, input_shape))
    axes = axes_of(model, specs)
    calls = calls_of(model, resized(specs, axes, dict.fromkeys(a.name for a in axes)))
    sizes = sizes_of(calls)
    wanted = _wanted(calls, output_shape)
    found = [*conditions_of(calls, sizes), *_of_outputs(calls, sizes, wanted)]
    conditions = _named(found, axes)
    if any(len(condition.symbols) > 1 for condition in conditions):
        axes = (merged(axes),)  # a formula relates them, as behind a `Permute`
        conditions = _named(found, axes)
    families = _by_formula(axes, conditions)
    trial = Fitting(model, specs, wanted, axes, conditions, families or {}, True)
    if not axes:
        return trial
    if families is not None and _complete(calls, sizes) and all(_samples(trial)):
        most = None if tracing else max(2, MOST_CALLS // len(calls.calls))
        return replace(trial, families=_with_stretched(trial, most))
    if not tracing:
        return replace(trial, proved=False)
    axes = alike(axes)
    trial = replace(trial, axes=axes, conditions=_named(found, axes), proved=False)
    return replace(trial, families=_by_tracing(trial))


def _known(model: Model, specs: Sequence[Spec | None]) -> tuple[Spec, ...]:
    known = tuple(spec for spec in specs if spec is not None)
    if len(known) < len(specs):
        raise ArgumentError(
            "The shape of what goes in is known, but for sizes.",
            received=f"the network '{model.name}', which says no shape",
            remedy="Give input_shape, such as (None, None, 3) for images of any size.",
            argument="input_shape",
        )
    return known


def _wanted(calls: Calls, output_shape: Any) -> tuple[Shape, ...]:
    """The wanted shape of each output, batch first; empty where nothing is wanted."""
    if output_shape is None:
        return ((),) * len(calls.outputs)
    found = tuple(shape or () for shape in wanted_shapes(calls, output_shape))
    for shape, wire in zip(found, calls.outputs, strict=True):
        rank = len(wire.spec.shape) if wire.spec else len(shape)
        if shape and len(shape) != rank:
            raise ShapeError(
                f"The output has {rank} axes with the batch.",
                received=f"output_shape={output_shape!r}",
                remedy=f"Give {rank - 1} sizes; None is any size.",
                argument="output_shape",
            )
    return found


def _of_outputs(
    calls: Calls, sizes: Mapping[int, Sizes], wanted: Sequence[Shape]
) -> Iterator[Condition]:
    for wire, shape in zip(calls.outputs, wanted, strict=True):
        name = wire.source.name if wire.source else ""
        formulas = sizes.get(id(wire), ())
        for axis, (size, target) in enumerate(zip(formulas, shape[1:], strict=False), 1):
            if target is not None and size is not None:
                yield Condition(name, axis, size, Number(target), "output")


def _named(conditions: Sequence[Condition], axes: Sequence[Axis]) -> tuple[Condition, ...]:
    """The conditions with one name for the sizes of each axis."""
    names = {symbol: Symbol(axis.name) for axis in axes for symbol in axis.symbols}
    return tuple(dict.fromkeys(condition.named(names) for condition in conditions))


def _by_formula(axes: Sequence[Axis], conditions: Sequence[Condition]) -> dict[str, SizeSet] | None:
    """The sizes along each axis that fulfil the conditions; None where that cannot be proved."""
    found = {}
    for axis in axes:
        sizes = sizes_of_all([c for c in conditions if c.symbols <= {axis.name}])
        if sizes is None:
            return None
        found[axis.name] = sizes
    return found


def _with_stretched(found: Fitting, most: int | None) -> dict[str, SizeSet]:
    """The families with those sizes for which a join stretches a size of 1, each traced.

    They are as many as there are joins; of each axis the `most` nearest are traced, or all.
    """
    families = dict(found.families)
    for axis in found.axes:
        some = stretched_sizes([c for c in found.conditions if c.symbols == {axis.name}])
        nearest = sorted(some, key=lambda size: abs(size - axis.near))[:most]
        others = {one.name: next(iter(found.families[one.name]), None) for one in found.axes}
        good = [
            size
            for size in nearest
            if holds(
                found, {name: other or size for name, other in others.items()} | {axis.name: size}
            )
            or holds(found, dict.fromkeys(others, size))
        ]
        families[axis.name] = families[axis.name].with_sizes(good)
    return families


def _complete(calls: Calls, sizes: Mapping[int, Sizes]) -> bool:
    """Whether the formulas tell everything that may go wrong."""
    return all(
        (call.error is None or isinstance(call.layer, Joining))
        and all(wire.spec and None not in sizes.get(id(wire), ()) for wire in call.outputs)
        for call in calls.calls
    )


def _samples(found: Fitting) -> Iterator[bool]:
    """Whether some of the answers hold when they are traced, and some neighbours do not."""
    if not all(found.families.values()):
        return
    for sizes in found.nearest(2):
        yield holds(found, sizes)


def holds(found: Fitting, sizes: Mapping[str, int]) -> bool:
    """Whether the network, traced, fits together and gives what is wanted."""
    calls = calls_of(found.model, resized(found.specs, found.axes, sizes))
    return not any(call.error for call in calls.calls) and all(
        not wanted or (wire.spec is not None and _alike(wire.spec.shape, wanted))
        for wire, wanted in zip(calls.outputs, found.wanted, strict=True)
    )


def _alike(shape: Shape, wanted: Shape) -> bool:
    return len(shape) == len(wanted) and all(
        want is None or size == want for size, want in zip(shape, wanted, strict=True)
    )


def _by_tracing(found: Fitting) -> dict[str, SizeSet]:
    """The sizes up to `TRACED` that fit; axes of other sizes keep theirs meanwhile."""
    held = {axis.name: axis.near for axis in found.axes}
    by_formula = _by_formula(found.axes, found.conditions) or {}
    families = {}
    for axis in found.axes:
        possible = by_formula.get(axis.name)
        sizes = [
            size
            for size in range(1, TRACED + 1)
            if (possible is None or size in possible) and holds(found, {**held, axis.name: size})
        ]
        families[axis.name] = SizeSet.of_sizes(sizes, TRACED)
    return families
