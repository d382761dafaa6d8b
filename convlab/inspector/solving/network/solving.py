"""Which inputs, and which changes of its layers, make a network fit and give what is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations, islice
from typing import Any

from convlab.inspector.diagnosis.asking import diagnosed
from convlab.inspector.diagnosis.change import Change
from convlab.inspector.diagnosis.change import input_shape as fed
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.network import Network, Tried
from convlab.inspector.diagnosis.subjects import subject_of
from convlab.inspector.solving.network.changing import BOUNDS, argument_changes
from convlab.inspector.solving.network.fitting import TRACED, Fitting, fitting
from convlab.inspector.solving.network.proving import proof
from convlab.inspector.solving.network.solved import NetworkSolution, NetworkSolved
from convlab.inspector.solving.network.varied import resized
from convlab.inspector.wanting import fits, wanted_shapes
from convlab.layers.node import Spec
from convlab.models.model import Model

INPUTS = 5
"""So many other input shapes are told, the nearest ones."""

PAIRS = 4000
"""Of pairs of changes, so many are tried."""


def solve_network(model: Model, input_shape: Any, output_shape: Any) -> NetworkSolved:
    """What `convlab.solve` finds for a network; its arguments are told there."""
    found = fitting(model, input_shape, output_shape)
    search = _Search(found, output_shape)
    # the diagnosis may find the same, and write what was there before in another way
    every = {tuple(replace(c, old=None) for c in one.changes): one for one in search.solutions()}
    solutions = sorted(every.values(), key=lambda one: one.fix.cost)
    bounds: dict[str, Any] = {} if found.proved else {"input size": range(1, TRACED + 1)}
    if search.known:
        bounds |= {"changes of arguments": (1, 2)} | dict(BOUNDS)
    return NetworkSolved(
        subject=model.name,
        input_shape=search.own_shape,
        output_shape=output_shape,
        families=found.families,
        proved=found.proved,
        solutions=tuple(solutions),
        proof=proof(found),
        bounds=bounds,
    )


class _Search:
    """Looks for inputs and for changes that do."""

    def __init__(self, found: Fitting, output_shape: Any) -> None:
        self.found = found
        self.specs = _as_wanted(found)
        shapes = [spec.shape for spec in self.specs]
        self.own_shape = _alone(shapes)
        self.known = not any(None in shape[1:] for shape in shapes)
        network = Network(found.model, self.specs)
        wanted = None if output_shape is None else wanted_shapes(network.spread, output_shape)
        subject = subject_of(found.model, self.own_shape)
        self.context = Context(subject, network, wanted)

    def solutions(self) -> Iterator[NetworkSolution]:
        """The network as it is, with other inputs, and with changes; in no order."""
        if self.known:
            as_it_is = self._fixed(())
            if as_it_is is not None:
                yield as_it_is
        yield from self._inputs()
        if self.known and as_it_is is None:
            yield from self._changes()

    def _inputs(self) -> Iterator[NetworkSolution]:
        """Other shapes that go in."""
        names = [tensor.name for tensor in self.found.model.inputs]
        own = [spec.shape for spec in self.specs]
        for shape in self.found.input_shapes(INPUTS):
            shapes = [shape] if len(own) == 1 else shape
            changes = [
                fed(name, old, new)
                for name, old, new in zip(names, own, shapes, strict=True)
                if old != new
            ]
            one = self._fixed(changes, self._family()) if changes else None
            if one is not None:
                yield one

    def _family(self) -> str:
        families = {str(sizes) for sizes in self.found.families.values()}
        if len(families) == 1:
            return families.pop()
        return ", ".join(f"{name} {sizes}" for name, sizes in self.found.families.items())

    def _changes(self) -> Iterator[NetworkSolution]:
        """Changes of one argument, then of two; and what the diagnosis proposes."""
        single = [(change,) for change in argument_changes(self.found.model)]
        found = list(self._all(single))
        yield from found
        if not found:
            cheap = [c for (c,) in single if c.name in ("padding", "output_padding", "size")]
            apart = (p for p in combinations(cheap, 2) if p[0].layer != p[1].layer)
            yield from self._all(islice(apart, PAIRS))
        for fix in self._diagnosed():
            one = self._fixed(fix.changes, fix.family)
            if one is not None:
                yield one

    def _diagnosed(self) -> Iterator[Fix]:
        """What mends everything, as the diagnosis sees it."""
        diagnosis = diagnosed(self.context)
        yield from diagnosis.fixes
        errors = diagnosis.errors
        if len(errors) == 1:
            yield from errors[0].fixes

    def _all(self, candidates: Iterable[tuple[Change, ...]]) -> Iterator[NetworkSolution]:
        for changes in candidates:
            one = self._fixed(changes)
            if one is not None:
                yield one

    def _fixed(
        self, changes: Iterable[Change], family: str | None = None
    ) -> NetworkSolution | None:
        """The changes as a solution, if with them all is as wanted."""
        reached: list[Tried] = []

        def goal(tried: Tried) -> bool:
            reached.append(tried)
            wanted = self.context.output_shape or (None,) * len(tried.outputs)
            return not tried.errors and all(map(fits, tried.outputs, wanted))

        fix = self.context.fix(tuple(changes), goal=goal, family=family)
        if fix is None:
            return None
        shapes = [spec.shape if spec else None for spec in reached[-1].outputs]
        new = {change.layer: change.new for change in fix.changes if change.kind == "input_shape"}
        given = [
            new.get(tensor.name, spec.shape)
            for tensor, spec in zip(self.found.model.inputs, self.specs, strict=True)
        ]
        return NetworkSolution(fix, _alone(given), _alone(shapes))


def _as_wanted(found: Fitting) -> tuple[Spec, ...]:
    """What goes in; where it has no sizes, those of the output that is wanted.

    Networks of which an output size is asked are mostly those that give back what goes in.
    """
    (wanted, *_), names = found.wanted, [axis.name for axis in found.axes]
    ranks = {len(spec.shape) for spec in found.specs}
    places = [place for axis in found.axes for place in axis.places[0]]
    if len(found.axes) != len(places) or ranks != {len(wanted)}:
        return found.specs
    sizes = {name: wanted[place] for name, place in zip(names, places, strict=True)}
    filled = resized(found.specs, found.axes, sizes)
    return tuple(
        given if None not in given.shape[1:] else spec
        for given, spec in zip(found.specs, filled, strict=True)
    )


def _alone(shapes: list[Any]) -> Any:
    return shapes[0] if len(shapes) == 1 else shapes
