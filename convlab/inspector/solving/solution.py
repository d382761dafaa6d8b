"""One answer: a layer's arguments that turn one size into another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

from convlab.layers.base import Layer
from convlab.layers.construction import required

Size = int | tuple[int, ...]


@dataclass(frozen=True, repr=False)
class Solution:
    """Arguments with which a layer turns one size into another.

    Attributes:
        layer: the layer as it was.
        arguments: the arguments that decide on its sizes, in their shortest form.
        changes: those of them that differ from the layer's.
        size_in: the input's size, or sizes where the axes differ.
        size_out: the output's.
        note: what to know of it; empty where nothing is.
        of_class: whether a class was asked for, so that other arguments are placeholders.
    """

    layer: Layer
    arguments: Mapping[str, Any]
    changes: Mapping[str, Any]
    size_in: Size
    size_out: Size
    note: str = ""
    of_class: bool = False

    def apply(self) -> Layer:
        """A new layer with the changes, not built; the original stays as it is."""
        return self.layer.replace(**self.changes)

    @property
    def code(self) -> str:
        """The call that makes the layer."""
        made = self.layer.replace(**{"name": self.layer.name, **self.changes})
        made._named = self.layer._named
        if not self.of_class:
            return repr(made)
        shown = made.changed_arguments()
        first = [_written(shown.pop(n), n in self.arguments, n) for n in required(type(made))]
        others = [f"{name}={value!r}" for name, value in shown.items() if name in self.arguments]
        return f"{made.class_name}({', '.join(first + others)})"

    @property
    def summary(self) -> str:
        """What changes, in a line."""
        if self.of_class:
            needed = {*self.changes, *required(type(self.layer))}
            told = {name: value for name, value in self.arguments.items() if name in needed}
            return ", ".join(f"{name}={value!r}" for name, value in told.items()) or "as it is"
        changed = ", ".join(f"{name}={value!r}" for name, value in self.changes.items())
        return changed or "as it is"

    def __str__(self) -> str:
        return f"{self.summary}: {self.size_in} -> {self.size_out}"

    def __repr__(self) -> str:
        return f"<{self}>"


def _written(value: Any, decided: bool, name: str) -> str:
    """A required argument: its value where it decides on sizes, else its name."""
    return repr(value) if decided else name


class Solutions(Sequence[Solution]):
    """Solutions in order, each made when it is looked at: there may be very many."""

    def __init__(self, count: int, make: Callable[[int], Solution]) -> None:
        self._count, self._make = count, make

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Solution: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Solution, ...]: ...

    def __getitem__(self, index: int | slice) -> Solution | tuple[Solution, ...]:
        if isinstance(index, slice):
            return tuple(self._make(place) for place in range(*index.indices(self._count)))
        place = range(self._count)[index]
        return self._make(place)

    def __iter__(self) -> Iterator[Solution]:
        return map(self._make, range(self._count))

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self[:3]))
        more = f", ... {self._count - 3} more" if self._count > 3 else ""
        return f"[{shown}{more}]"
