"""The layers of a case by their keys, what they give, and what one unit of them sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike, NDArray

from convlab.errors import ArgumentError
from convlab.geometry import axis_names
from convlab.inspector.cones import Cones, Seen
from convlab.inspector.notes import LINES
from convlab.inspector.tracing import Row
from convlab.layers.base import Layer
from convlab.models.calls import Call
from convlab.scene.data import Table
from convlab.scene.graph import Network, Small, small_map, small_mask
from convlab.widgets.debugger.case import Case
from convlab.widgets.debugger.inputs import given_input, is_picture, usual_input
from convlab.widgets.debugger.layer_stage import Read
from convlab.widgets.debugger.running import Run, run

Index = tuple[int, ...]
Array = NDArray[Any]


class Units:
    """The layers of a case and their units.

    Args:
        case: what is debugged.
        x: the user's input of the feature maps; None takes the usual one.

    Attributes:
        index: the place of the unit that is picked; () where none is.
        key: the layer that it was picked in.
    """

    def __init__(self, case: Case, x: ArrayLike | None = None) -> None:
        self.case = case
        self.key = ""
        self.index: Index = ()
        self._x = x
        self._run: Run | None = None
        self._seen: dict[int, Seen] = {}
        self._numbers = {}
        if self.network is not None:
            self._numbers = {key: at for at, key in enumerate(self.network.keys())}

    def of(self, case: Case) -> Units:
        """The same for another case; what is picked is picked no more."""
        return self if case is self.case else Units(case, self._x)

    @property
    def network(self) -> Network | None:
        """What is drawn; None where only text was read."""
        return self.case.network

    @property
    def _cones(self) -> Cones:
        cones = self.case.cones
        if cones is None:
            raise _no_layer("", ())
        return cones

    # Layers

    def number(self, key: str) -> int | None:
        """The number of a layer's call; None of a group."""
        return self._numbers.get(key)

    def call(self, at: int) -> Call:
        """A call."""
        return self._cones.calls.calls[at]

    def row(self, at: int) -> Row:
        """A call's row of the trace."""
        network = self.network
        if network is None:
            raise _no_layer("", ())
        return network.trace.rows[at]

    def key_of(self, layer: Layer | str) -> str:
        """The key of a layer.

        Raises:
            ArgumentError: the network has no such layer.
        """
        for key, at in self._numbers.items():
            if layer in (key, self.call(at).name) or self.call(at).layer is layer:
                return key
        raise _no_layer(layer, tuple(self._numbers))

    def sizes(self, at: int) -> Index | None:
        """How many places a call's units have along each axis; None where that is not known."""
        spec = self.call(at).outputs[0].spec
        found = [spec.shape[axis + 1] for axis in self._cones.places(at)] if spec else []
        return None if not found or None in found else tuple(size or 0 for size in found)

    # The unit that is picked

    def pick(self, key: str, index: Index | None) -> None:
        """Picks a unit of a layer, or none.

        Raises:
            ArgumentError: there is no such unit.
            ShapeError: a size on the way is not known.
        """
        at = self.number(key)
        if index and at is None:
            raise _no_layer(key, tuple(self._numbers))
        self._seen = self._cones.of(at, index) if index and at is not None else {}
        self.key, self.index = key, tuple(index or ())

    def place_of(self, key: str, at: Sequence[int]) -> Index:
        """The unit at a row and a column of a layer's picture; of a volume in the middle slice."""
        number = self.number(key)
        sizes = None if number is None else self.sizes(number)
        if not sizes:
            return ()
        middle = tuple(size // 2 for size in sizes[:-2])
        place = (*middle, *at)[-len(sizes) :]
        return tuple(
            max(0, min(int(one), size - 1)) for one, size in zip(place, sizes, strict=True)
        )

    def beside(self, key: str, by: Sequence[int]) -> Index:
        """The unit below and to the right of the one that is picked, or of the middle one."""
        number = self.number(key)
        sizes = None if number is None else self.sizes(number)
        if not sizes:
            return ()
        at = self.index or tuple(size // 2 for size in sizes)
        moved = [
            *at[:-2],
            *(one + step for one, step in zip(at[-2:], by[-len(at) :], strict=False)),
        ]
        return tuple(max(0, min(one, size - 1)) for one, size in zip(moved, sizes, strict=True))

    def cone(self) -> dict[str, Small]:
        """What the unit sees of each layer, as small pictures by the layers' keys."""
        keys = {at: key for key, at in self._numbers.items()}
        told = {}
        for at, seen in self._seen.items():
            spec = self.call(at).outputs[0].spec
            places = self._cones.places(at)
            rows = 1
            if spec and len(places) == 1:
                rows = max(1, _rest(spec.shape[1:], places))
            if places:
                told[keys[at]] = small_mask(seen.mask, seen_text(seen), rows)
        return told

    def told_inputs(self) -> dict[str, str]:
        """What the unit sees of each input, in words."""
        keys = {at: key for key, at in self._numbers.items()}
        return {
            keys[at]: seen_text(seen) for at, seen in self._seen.items() if self.call(at).is_input
        }

    # What the layers give

    def give(self, x: ArrayLike | None) -> None:
        """Takes another input of the feature maps; it is checked when they are computed."""
        self._x, self._run = x, None

    def inputs(self) -> Any:
        """The input of the feature maps, without the batch; a list for several."""
        found = self._inputs()
        return found[0] if len(found) == 1 else found

    def _inputs(self) -> list[Array]:
        begun = [at for at, call in enumerate(self._cones.calls.calls) if call.is_input]
        if self._x is not None:
            given: Any = self._x if len(begun) > 1 else [self._x]
            return [
                given_input(x, self._shape(at), self._cones.places(at))
                for x, at in zip(given, begun, strict=True)
            ]
        return [usual_input(self._shape(at), self._cones.places(at)) for at in begun]

    def _shape(self, at: int) -> tuple[int | None, ...]:
        spec = self.call(at).outputs[0].spec
        return spec.shape[1:] if spec else (None,)

    def run(self) -> Run:
        """What the layers give for the input, as far as it can be computed."""
        network, model = self.network, self.case.diagnosis.model
        if self._run is None and network is not None and model is not None:
            self._run = run(network, model, self._inputs())
        return self._run or Run()

    def pictures(self) -> tuple[dict[str, Small], str]:
        """Small pictures of what the layers give, by their keys; and what to know of them."""
        drawn = any(_is_drawn(call.layer) for call in self._cones.calls.calls)
        found = self.run()
        told = {}
        for key, values in found.maps.items():
            at = self.number(key)
            if at is not None:
                table: Table | None = "grey" if self.call(at).is_input else None
                told[key] = small_map(values[0], self._cones.places(at), table)
        known = ["the weights are random, for the network came without any"] if drawn else []
        return told, "; ".join([*known, *([found.left] if found.left else [])])

    def read_by(self, at: int) -> Read:
        """What a layer reads: what was computed, or else something of that shape."""
        network = self.network
        sources = network.reads()[at] if network else []
        keys = {number: key for key, number in self._numbers.items()}
        maps = self.run().maps
        if len(sources) == 1 and keys[sources[0]] in maps:
            x = maps[keys[sources[0]]]
            begun = self.call(sources[0]).is_input
            return Read(x, f"on what {keys[sources[0]]} gives", begun and is_picture(x[0]))
        shape = self.row(at).input_shape[1:]
        x = usual_input(shape, self._cones.places(sources[0]) if sources else ())[None]
        return Read(x, "on an input of its own size, not that of the network", is_picture(x[0]))


def _is_drawn(layer: Layer) -> bool:
    """Whether a layer has no weights yet, so that they are drawn when they are needed."""
    return layer.weighted and not layer.built and layer.given_weights is None


def _rest(sizes: Sequence[int | None], places: Sequence[int]) -> int:
    """How many channels there are."""
    count = 1
    for axis, size in enumerate(sizes):
        if axis not in places:
            count *= size or 1
    return count


def seen_text(seen: Seen) -> str:
    """What is read, in words: "rows 3 to 9 of 28, columns 0 to 6 of 28"."""
    names = axis_names(len(seen.spans)) if 0 < len(seen.spans) <= 3 else []
    parts = []
    for name, (first, last), size in zip(names, seen.spans, seen.mask.shape, strict=False):
        one, many = LINES.get(name, ("cell", "cells"))
        if last < first:
            return "nothing"
        parts.append(
            f"{one} {first} of {size}" if first == last else f"{many} {first} to {last} of {size}"
        )
    return ", ".join(parts)


def _no_layer(layer: Any, known: Sequence[str]) -> ArgumentError:
    return ArgumentError(
        "The network has no such layer.",
        received=f"{layer!r:.80}",
        remedy=f"Use one of {', '.join(known)[:400]}." if known else "Open a network first.",
        argument="layer",
    )
