"""A network spread out into calls, on which changes are tried without a copy of it.

A change touches few calls: what lies behind them is inferred again by the layers themselves, as
far as shapes differ, and everything else keeps what was found once. `edits` applies the same
changes to a copy, for those that are taken.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from convlab.errors import ConvlabError, ShapeError
from convlab.inspector.diagnosis.change import Change
from convlab.inspector.diagnosis.edits import inserted_layer, layers_with
from convlab.layers.base import Layer
from convlab.layers.input_layer import InputLayer
from convlab.layers.node import Node, Spec
from convlab.models.calls import Call, Wire, calls_of, misfit, outcome
from convlab.models.model import Model

PER_TRIAL = 10
"""What a trial costs whatever it touches, counted in calls: layers are made for it."""

Outcome = tuple[Any, list[Spec | None], Exception | None]


class Network:
    """The calls of a model, for inputs of some shapes.

    Args:
        model: the network; it is not altered.
        specs: what goes in, for each input.

    Attributes:
        calls: the calls in order; a row of the trace each.
        outputs: what comes out.
        errors: for the rows where something is wrong, what.
        work: how many calls were looked at again so far, in all that was tried, and a little more.
        named: the rows of a layer's calls, by its name.
        of_layer: the same by the layer's identity.
        reading: the rows of the calls that read a tensor, by the identity of its `Wire`.
    """

    def __init__(self, model: Model, specs: Sequence[Spec | None]) -> None:
        self.model = model
        self.specs = tuple(specs)
        found = calls_of(model, specs)
        self.calls, self.outputs = found.calls, found.outputs
        self.spread = found
        self.work = 0
        self._remembered: dict[Any, Outcome] = {}
        self.errors: dict[int, Exception] = {}
        for row, call in enumerate(self.calls):
            specs = [wire.spec for wire in call.inputs]
            error = call.error or _not_buildable(call.layer, call.shape)
            error = error or nothing_left(specs, [wire.spec for wire in call.outputs])
            if error is not None:
                self.errors[row] = error
        self._inputs = {id(call): n for n, call in enumerate(c for c in self.calls if c.is_input)}
        self._trials: dict[Any, Tried] = {}
        self.rows = {id(call): row for row, call in enumerate(self.calls)}
        self.named: dict[str, list[int]] = {}
        self.of_layer: dict[int, list[int]] = {}
        self.reading: dict[int, list[int]] = {}
        for row, call in enumerate(self.calls):
            self.named.setdefault(call.name, []).append(row)
            self.of_layer.setdefault(id(call.layer), []).append(row)
            for wire in call.inputs:
                self.reading.setdefault(id(wire), []).append(row)

    def row(self, name: str) -> int:
        """The row of a layer's first call."""
        return next(row for row, call in enumerate(self.calls) if call.name == name)

    def call_number(self, call: Call) -> int:
        """Which of its layer's calls in the graph a call is."""
        alike = [other for other in self.calls if other.name == call.name]
        if call.node is None:  # a nested model's input, one for each of its calls
            return next(n for n, other in enumerate(alike) if other is call)
        nodes = [id(other.node) for other in alike]
        return list(dict.fromkeys(nodes)).index(id(call.node))

    def tried(self, changes: Iterable[Change], until: int | None = None) -> Tried:
        """What the network would be with some changes; it is not altered.

        Args:
            changes: the changes.
            until: the last row that is looked at; None is all of them.

        Raises:
            ConvlabError: a layer does not accept an argument.
        """
        given = tuple(changes)
        key = (until, repr(given))
        if key not in self._trials:
            self._trials[key] = tried = _Try(self, given).run(until)
            self.work += len(tried.touched) + PER_TRIAL
        return self._trials[key]

    def known(self, changes: Iterable[Change]) -> bool:
        """Whether these changes were tried already, which costs nothing again."""
        return (None, repr(tuple(changes))) in self._trials

    def ask(self, node: Node, layer: Layer, specs: Sequence[Spec | None]) -> Outcome:
        """What a call gives, of the network's own layer or of one in its place."""
        if layer is not node.layer:  # it lives no longer than what is tried
            return _asked(node, layer, specs)
        key = (id(node), tuple(specs))
        if key not in self._remembered:
            self._remembered[key] = _asked(node, layer, specs)
        return self._remembered[key]


def _asked(node: Node, layer: Layer, specs: Sequence[Spec | None]) -> Outcome:
    shape, found, error = outcome(node, layer, specs)
    return shape, found, error or _not_buildable(layer, shape) or nothing_left(specs, found)


@dataclass
class Tried:
    """A network with changes.

    Attributes:
        network: the network without them.
        changes: the changes.
        errors: for the rows where something is wrong, what.
        rebuilt: the names of layers whose weights, which were trained or read, do not fit any more.
        anew: the names of all layers that need weights of another shape than they have.
        touched: the rows that were looked at again.
    """

    network: Network
    changes: tuple[Change, ...]
    errors: dict[int, Exception]
    rebuilt: tuple[str, ...]
    anew: tuple[str, ...]
    touched: frozenset[int]
    specs: Mapping[int, Spec | None] = field(repr=False, default_factory=dict)
    ends: Mapping[int, Spec | None] = field(repr=False, default_factory=dict)
    layers: Mapping[int, Layer] = field(repr=False, default_factory=dict)

    def layer(self, call: Call) -> Layer:
        """The layer that a call is of with the changes."""
        return self.layers.get(id(call.layer), call.layer)

    def spec(self, wire: Wire) -> Spec | None:
        """What a tensor is with the changes."""
        return self.specs.get(id(wire), wire.spec)

    @property
    def outputs(self) -> list[Spec | None]:
        """What comes out of the network."""
        wires = self.network.outputs
        return [self.ends.get(n, self.spec(wire)) for n, wire in enumerate(wires)]

    @property
    def broken(self) -> dict[int, Exception]:
        """What is wrong now, and was not before."""
        return {row: e for row, e in self.errors.items() if row not in self.network.errors}


class _Try:
    """One pass through the calls."""

    def __init__(self, network: Network, changes: tuple[Change, ...]) -> None:
        self.network = network
        self.changes = changes
        self.layers = layers_with(network.model, changes)
        self.removed = {c.layer for c in changes if c.kind == "remove"}
        self.fed = {c.layer: c.new for c in changes if c.kind == "input_shape"}
        self.inserts: dict[tuple[str | None, int, int], list[Layer]] = {}
        for change in changes:
            if change.kind in ("insert", "permute"):
                place = (change.target, change.call, change.branch)
                self.inserts.setdefault(place, []).append(inserted_layer(change))
        self.targets = {target for target, _, _ in self.inserts}
        self.specs: dict[int, Spec | None] = {}
        self.errors = dict(network.errors)
        self.rebuilt: list[str] = []
        self.anew: list[str] = []
        self.touched: set[int] = set()
        self.open: list[int] = []

    def run(self, until: int | None = None) -> Tried:
        network = self.network
        self.open = list(self._first_rows())
        heapq.heapify(self.open)
        while self.open and (until is None or self.open[0] <= until):
            row = heapq.heappop(self.open)
            if row in self.touched:
                continue
            self.touched.add(row)
            call = network.calls[row]
            if call.is_input:
                self._feed(call)
            else:
                self._look(row, call)
        ends = {n: self._end(n, wire) for n, wire in enumerate(network.outputs)}
        return Tried(
            network,
            self.changes,
            self.errors,
            tuple(dict.fromkeys(self.rebuilt)),
            tuple(dict.fromkeys(self.anew)),
            frozenset(self.touched),
            self.specs,
            ends,
            self.layers,
        )

    def _first_rows(self) -> Iterator[int]:
        """The rows that the changes name."""
        for name in {*self.targets, *self.removed, *self.fed}:
            yield from self.network.named.get(name or "", ())
        for layer in self.layers:
            yield from self.network.of_layer.get(layer, ())

    def _feed(self, call: Call) -> None:
        if call.name in self.fed:
            spec = call.outputs[0].spec
            given = Spec(tuple(self.fed[call.name]), spec.dtype if spec else "float32")
            self._settle(call.outputs, [given])

    def _look(self, row: int, call: Call) -> None:
        specs = [self.specs.get(id(wire), wire.spec) for wire in call.inputs]
        self.errors.pop(row, None)
        if call.name in self.targets:
            number = self.network.call_number(call)
            for branch, spec in enumerate(specs):
                layers = self.inserts.get((call.name, number, branch), ())
                specs[branch] = self._through(row, layers, spec)
        layer = self.layers.get(id(call.layer), call.layer)
        if call.node is None or call.name in self.removed:
            refused = misfit(layer, specs[0]) if isinstance(layer, InputLayer) else None
            if refused is not None:
                self.errors.setdefault(row, refused)
            self._settle(call.outputs, specs[:1])
            return
        _, found, error = self.network.ask(call.node, layer, specs)
        if error is not None and self._needs_new_weights(call, layer, specs):
            anew = self.layers[id(call.layer)] = layer.replace(name=layer.name)
            _, found, error = self.network.ask(call.node, anew, specs)
            if error is None:
                self._note_rebuilt(call, layer)
        if error is not None:
            self.errors.setdefault(row, error)
        self._settle(call.outputs, found)

    def _note_rebuilt(self, call: Call, layer: Layer) -> None:
        """Keep whose weights are made anew; those that nobody has set are no loss."""
        self.anew.append(call.name)
        if not all(weight.initial for weight in layer.weights):
            self.rebuilt.append(call.name)

    def _needs_new_weights(self, call: Call, layer: Layer, specs: Sequence[Spec | None]) -> bool:
        """Whether a layer may have refused another shape only because its weights are made."""
        other = specs != [wire.spec for wire in call.inputs]
        return other and layer.weighted and layer.built and not isinstance(layer, Model)

    def _through(self, row: int, layers: Sequence[Layer], spec: Spec | None) -> Spec | None:
        for layer in layers:
            if spec is not None:
                try:
                    spec = layer.infer(spec)
                except ConvlabError as error:
                    self.errors[row], spec = error, None
        return spec

    def _settle(self, wires: Sequence[Wire], found: Sequence[Spec | None]) -> None:
        """Note what differs from what was there."""
        for wire, spec in zip(wires, [*found, *[None] * len(wires)], strict=False):
            if spec != wire.spec:
                self.specs[id(wire)] = spec
                for row in self.network.reading.get(id(wire), ()):
                    heapq.heappush(self.open, row)

    def _end(self, number: int, wire: Wire) -> Spec | None:
        spec = self.specs.get(id(wire), wire.spec)
        layers = self.inserts.get((None, 0, number), ())
        return self._through(len(self.network.calls), layers, spec)


def _not_buildable(layer: Layer, shape: Any) -> Exception | None:
    """Why weights cannot be made of a shape in which a size is None, if they cannot."""
    if not isinstance(shape, tuple) or not layer.weighted or isinstance(layer, Model):
        return None
    if None not in shape[1:] or (layer.built and _as_open(shape, layer.build_shape)):
        return None
    try:
        layer.replace(name=layer.name).build(shape)
    except ConvlabError as error:
        return error
    return None


def _as_open(shape: Sequence[Any], before: Any) -> bool:
    """Whether sizes are unknown only where they were when the weights were made."""
    if not isinstance(before, tuple) or len(before) != len(shape):
        return False
    return all(old is None for new, old in zip(shape, before, strict=True) if new is None)


def nothing_left(
    given: Sequence[Spec | None], found: Sequence[Spec | None]
) -> NothingLeftError | None:
    """Why a call's output has no cell, where its inputs have some; Keras lets a slice do so."""
    if any(spec is not None and 0 in spec.shape[1:] for spec in given):
        return None  # told where it came to be
    for spec in found:
        if spec is not None and 0 in spec.shape[1:]:
            return NothingLeftError(spec.shape)
    return None


class NothingLeftError(ShapeError):
    """An output has no cell along an axis.

    Args:
        shape: the output's.
    """

    def __init__(self, shape: Sequence[int | None]) -> None:
        self.shape = tuple(shape)
        super().__init__(
            "An output has at least one cell along every axis.",
            received=f"the shape {self.shape}",
            remedy="Take a slice that is within the input, or feed a larger input.",
        )
