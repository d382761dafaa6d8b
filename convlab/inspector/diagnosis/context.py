"""What a finder sees: the network, its trace, what is wanted; and how it proposes fixes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from convlab.geometry import axis_names
from convlab.inspector.diagnosis.change import Change
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.network import Network, Tried
from convlab.inspector.diagnosis.subjects import Subject
from convlab.inspector.diagnosis.verifying import verified_fix
from convlab.inspector.fields import Fields
from convlab.inspector.tracing import Trace, trace_of
from convlab.layers.spatial import Spatial
from convlab.models.calls import Call, Wire

Shape = tuple[int | None, ...]
Goal = Callable[[Tried], bool]


@dataclass(frozen=True)
class Context:
    """A network that is diagnosed.

    Attributes:
        subject: what was handed over.
        network: its calls.
        output_shape: what should come out, with the batch, for each output; None where nothing
            is wanted. A size of None is free.
        remembered: what was found out once for all findings, by name.
    """

    subject: Subject
    network: Network
    output_shape: tuple[Shape | None, ...] | None = None
    remembered: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls in order, one for each row of the trace."""
        return self.network.calls

    @cached_property
    def trace(self) -> Trace:
        """Shapes, costs and receptive fields; made when it is first asked for."""
        return trace_of(self.network.model.name, self.network.spread, self.fields)

    @cached_property
    def fields(self) -> Fields:
        """What the units of every tensor see of the inputs; found when it is first asked for."""
        return Fields(self.network.spread)

    @cached_property
    def readers(self) -> dict[int, list[Call]]:
        """The calls that read a tensor, by the identity of its `Wire`."""
        found: dict[int, list[Call]] = {}
        for call in self.calls:
            for wire in call.inputs:
                found.setdefault(id(wire), []).append(call)
        return found

    @cached_property
    def doubtful(self) -> frozenset[int]:
        """The rows whose shapes depend on a conflict before them."""
        found: set[int] = set()
        rows = self.network.rows
        for row, call in enumerate(self.calls):
            before = [rows[id(wire.source)] for wire in call.inputs if wire.source]
            if any(one in found or self.calls[one].error is not None for one in before):
                found.add(row)
        return frozenset(found)

    def behind(self, row: int) -> frozenset[int]:
        """The rows of the calls that depend on one."""
        if row not in self._behind:
            found: set[int] = set()
            rows = self.network.rows
            for other in range(row + 1, len(self.calls)):
                sources = (wire.source for wire in self.calls[other].inputs)
                before = {rows[id(source)] for source in sources if source is not None}
                if row in before or before & found:
                    found.add(other)
            self._behind[row] = frozenset(found)
        return self._behind[row]

    @cached_property
    def _behind(self) -> dict[int, frozenset[int]]:
        return {}

    def row(self, call: Call) -> int:
        """The row of a call in the trace."""
        return self.network.rows[id(call)]

    def fix(
        self,
        changes: Sequence[Change],
        *,
        finding: Finding | None = None,
        goal: Goal | None = None,
        note: str = "",
        summary: str = "",
        family: str | None = None,
    ) -> Fix | None:
        """The changes as a fix, if they reach what is wanted; None if they do not.

        They are tried on the network. Wanted is that the error of the finding's row is gone, or
        what `goal` says; and in any case, that nothing breaks that was whole.

        Args:
            changes: the changes.
            finding: what is to be mended.
            goal: whether the changed network has what is wanted, in place of the finding's.
            note: what the changes mean for the network.
            summary: all of them in one line; "" joins their texts.
            family: further sizes that do as well.
        """
        return verified_fix(
            self,
            tuple(changes),
            finding=finding,
            goal=goal,
            note=note,
            summary=summary,
            family=family,
        )

    def fixes(
        self, candidates: Iterable[Sequence[Change]], *, finding: Finding | None = None, **more: Any
    ) -> Iterator[Fix]:
        """Of several sets of changes those that are fixes."""
        for changes in candidates:
            found = self.fix(changes, finding=finding, **more)
            if found is not None:
                yield found

    def new_name(self, class_name: str, taken: Iterable[str] = ()) -> str:
        """A name for a layer to insert, such as Keras gives by itself."""
        from convlab.layers.naming import snake_case

        used = {call.name.rpartition("/")[2] for call in self.calls} | set(taken)
        name, count = snake_case(class_name), 0
        while (numbered := f"{name}_{count}" if count else name) in used:
            count += 1
        return numbered

    def axis_word(self, wire: Wire, index: int) -> str:
        """The word for an axis of a tensor: "height", "channels", "batch", "features", "time"."""
        return axis_word(self._rank(wire), index, self.channel_axis(wire), timed=self._timed(wire))

    def channel_axis(self, wire: Wire) -> int:
        """Where the channels of a tensor stand, as the layers around it say; the last by default.

        Seen are the spatial layer that made it, or the first that reads it, through layers that
        keep the axes where they are.
        """
        rank = self._rank(wire)
        for layer in self._spatial_around(wire):
            if rank == layer.input_rank:
                return layer.channel_axis % rank
            if rank == layer.rank + 2:  # the last state of a recurrent layer
                return rank - 1 if layer.channel_axis == -1 else 1
        return rank - 1

    def _timed(self, wire: Wire) -> bool:
        """Whether a tensor's axis behind the batch is time, as a recurrent layer says."""
        rank = self._rank(wire)
        around = self._spatial_around(wire)
        layer = next((one for one in around if rank in (one.input_rank, one.rank + 2)), None)
        return layer is not None and rank == layer.input_rank == layer.rank + 3

    @staticmethod
    def _rank(wire: Wire) -> int:
        return len(wire.spec.shape) if wire.spec else 0

    def _spatial_around(self, wire: Wire) -> Iterator[Spatial]:
        seen: set[int] = set()
        open_ = [wire]
        while open_ and len(seen) < 50:
            one = open_.pop(0)
            if id(one) in seen or one.spec is None:
                continue
            seen.add(id(one))
            around = [one.source] if one.source else []
            for call in [*around, *self.readers.get(id(one), ())]:
                if isinstance(call.layer, Spatial):
                    yield call.layer
                else:
                    open_ += [*call.inputs, *call.outputs]


def axis_word(rank: int, index: int, channel_axis: int, *, timed: bool = False) -> str:
    """The word for an axis of a shape of some rank; where it is `timed`, time comes first.

    >>> [axis_word(4, index, 3) for index in range(4)], axis_word(2, 1, 1), axis_word(4, 2, 1)
    (['batch', 'height', 'width', 'channels'], 'features', 'height')
    >>> [axis_word(5, index, 2, timed=True) for index in range(5)]
    ['batch', 'time', 'channels', 'height', 'width']
    """
    if index == 0:
        return "batch"
    if rank == 2:
        return "features"
    if index == channel_axis:
        return "channels"
    if timed:
        return "time" if index == 1 else axis_word(rank - 1, index - 1, channel_axis - 1)
    if rank > 5:
        return f"axis {index}"
    return axis_names(rank - 2)[index - 1 - (channel_axis < index)]
