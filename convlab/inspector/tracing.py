"""Every layer of a network: shapes, parameters, operations, memory and receptive field."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from convlab.errors import ConvlabError
from convlab.geometry import AxisGeometry, axis_names
from convlab.inspector import tabular
from convlab.inspector.costs import costs_of
from convlab.inspector.field import ReceptiveField
from convlab.inspector.fields import Fields
from convlab.inspector.given import given_specs
from convlab.inspector.notes import axis_notes
from convlab.inspector.symbols import sizes_of, text_of
from convlab.layers.opaque import Opaque
from convlab.layers.spatial import Spatial
from convlab.models.calls import Call, Calls, Wire, calls_of
from convlab.models.model import Model

Shape = tuple[int | None, ...]

_MOST_RUNS = 100


@dataclass(frozen=True)
class Row:
    """One call of one layer.

    Attributes:
        name: the layer's name; of a layer in a nested model "outer/inner".
        class_name: the name of its class.
        input_shape: what it reads, batch first; a list for several inputs; None where that is not
            known.
        output_shape: what it gives; a list for several outputs; None where that is not known.
        params: the numbers in its weights; None where that is not known.
        trainable_params: those that training would change.
        macs: multiply-adds for one example, those with padding too; None while a size is None.
        executed_macs: those with cells of the input, and whose product reaches the output.
        flops: operations for one example; the rules are those of `convlab.inspector.costs`.
        activation_bytes: the memory of its output for one example.
        receptive_field: what its units see of the first input that they read; None if none.
        pads: for each spatial axis what "same" and others put (before, after); None where the
            layer pads nothing or it is not known.
        never_read: for each spatial axis the runs of input cells that no output reads.
        reads: the names of the layers whose output it reads.
        conflict: what is wrong with the shapes, or None.
        notes: what else is worth knowing, in sentences.
        shape_text: the output's shape with formulas for sizes that are not known.
        repeated: whether the layer was called before; its parameters count once.
    """

    name: str
    class_name: str
    input_shape: Any
    output_shape: Any
    params: int | None
    trainable_params: int | None
    macs: int | None
    executed_macs: int | None
    flops: int | None
    activation_bytes: int | None
    receptive_field: ReceptiveField | None
    pads: tuple[tuple[int, int], ...] | None
    never_read: tuple[tuple[range, ...], ...]
    reads: tuple[str, ...]
    conflict: str | None
    notes: tuple[str, ...]
    shape_text: str
    repeated: bool


@dataclass(frozen=True, repr=False)
class Trace:
    """The layers of a network in the order in which they are computed. Print it.

    Attributes:
        name: the model's name.
        rows: the layers.
        output_shape: what the model gives; a list for several outputs.
    """

    name: str
    rows: tuple[Row, ...]
    output_shape: Any

    def __getitem__(self, name: str) -> Row:
        """The row of a layer by its name."""
        return next(row for row in self.rows if row.name == name)

    def total(self, column: str) -> int | None:
        """The sum of a column such as "params" or "macs"; None where a part is not known."""
        once = column in ("params", "trainable_params")
        values = [getattr(row, column) for row in self.rows if not (once and row.repeated)]
        return None if None in values else sum(values)

    @property
    def params(self) -> int | None:
        """The numbers in all weights."""
        return self.total("params")

    @property
    def trainable_params(self) -> int | None:
        """Those that training would change."""
        return self.total("trainable_params")

    @property
    def macs(self) -> int | None:
        """Multiply-adds for one example."""
        return self.total("macs")

    @property
    def flops(self) -> int | None:
        """Operations for one example."""
        return self.total("flops")

    @property
    def activation_bytes(self) -> int | None:
        """The memory of all outputs for one example, as in training."""
        return self.total("activation_bytes")

    @property
    def conflicts(self) -> tuple[Row, ...]:
        """The layers whose shapes do not fit."""
        return tuple(row for row in self.rows if row.conflict)

    def to_csv(self) -> str:
        """The table as comma-separated values, with a line of names.

        A name that a spreadsheet would compute, such as "=1+1", has an apostrophe before it.
        """
        out = io.StringIO()
        writer = csv.DictWriter(out, fieldnames=list(_COLUMNS), lineterminator="\n")
        writer.writeheader()
        for row in self.rows:
            writer.writerow({k: _cell(v) for k, v in _plain(row).items() if k in _COLUMNS})
        return out.getvalue()

    def to_json(self, indent: int | None = 2) -> str:
        """The table as JSON: the rows, the sums, and whether shapes conflict."""
        totals = ("params", "trainable_params", "macs", "executed_macs", "flops")
        told = {
            "model": self.name,
            "output_shape": self.output_shape,
            "rows": [_plain(row) for row in self.rows],
            "totals": {name: self.total(name) for name in (*totals, "activation_bytes")},
            "conflicts": [row.name for row in self.conflicts],
        }
        return json.dumps(told, indent=indent)

    def text(self, width: int | None = None) -> str:
        """The table as text, so many columns wide; None fits it to its content."""
        return tabular.text(self, width)

    def html(self) -> str:
        """The table in HTML that stands alone and takes its page's colours."""
        return tabular.html(self)

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html()


_COLUMNS = (
    "name",
    "class_name",
    "input_shape",
    "output_shape",
    "params",
    "trainable_params",
    "macs",
    "executed_macs",
    "flops",
    "activation_bytes",
    "receptive_field",
    "stride",
    "padding",
    "center",
    "conflict",
)


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes a text for a formula by; names come from files of strangers."""


def _plain(row: Row) -> dict[str, Any]:
    """A row as JSON has it."""
    field = row.receptive_field
    told = {name: getattr(row, name) for name in Row.__dataclass_fields__}
    told["receptive_field"] = None if field is None else list(field.size)
    for name in ("stride", "padding", "center"):
        values = getattr(field, name) if field else ()
        told[name] = [None if v is None else float(v) if v % 1 else int(v) for v in values]
    told["never_read"] = [[[run.start, run.stop] for run in runs] for runs in row.never_read]
    return told


def _cell(value: Any) -> Any:
    """A value in one cell of a CSV file: sizes with x between them, and no formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    if isinstance(value, list | tuple):
        if any(isinstance(one, list | tuple) for one in value):
            return " ".join(str(_cell(one)) for one in value)
        return "x".join("None" if one is None else str(one) for one in value)
    return value


def trace(model: Any, input_shape: Any = None) -> Trace:
    """Follow shapes, costs and receptive fields through a network, layer by layer.

    It never raises on shapes that conflict: the layer is marked, and what can be known without it
    is told.

    Args:
        model: a network, or a live Keras model.
        input_shape: what goes in, instead of what the model says, with or without the batch; a
            list for several inputs. A size that is not known is None, and stays a formula.

    Raises:
        ArgumentError: it is no model.
        ShapeError: `input_shape` is none, or there are not as many as inputs.

    Example:
        >>> import convlab as cl
        >>> from convlab import layers
        >>> model = cl.Sequential([cl.Input((None, 1)), layers.Conv1D(4, 3, strides=2, name="conv",
        ...     padding="same"), layers.MaxPooling1D(2, name="pool")])
        >>> found = trace(model)
        >>> [(row.name, row.shape_text, row.params) for row in found.rows[1:]]
        [('conv', '(None, (n+1)//2, 4)', 16), ('pool', '(None, (n+1)//4, 4)', 0)]
        >>> found["pool"].receptive_field.size, trace(model, (28, 1)).macs
        ((5,), 168)
    """
    if not isinstance(model, Model):
        from convlab.models import from_keras

        model = from_keras(model, weights=False)
    return trace_of(model.name, calls_of(model, given_specs(model, input_shape)))


def trace_of(name: str, calls: Calls, fields: Fields | None = None) -> Trace:
    """The trace of a network whose calls, and perhaps fields, are known already."""
    teller = _Teller(calls, fields or Fields(calls))
    rows = tuple(teller.row(call) for call in calls.calls)
    return Trace(name, rows, _shape_of(calls.outputs))


class _Teller:
    """Makes rows of calls."""

    def __init__(self, calls: Calls, fields: Fields) -> None:
        self.calls = calls
        self.fields = fields
        self.sizes = sizes_of(calls)
        self.begun = [call for call in calls.calls if call.is_input]

    def row(self, call: Call) -> Row:
        output = call.outputs[0]
        costs = costs_of(call)
        axes = _axes(call)
        known = all(a.size_in is not None and a.size_out is not None for a in axes)
        return Row(
            name=call.name,
            class_name=call.layer.class_name,
            input_shape=_shape_of(call.inputs) if call.inputs else _shape_of([output]),
            output_shape=_shape_of(call.outputs),
            params=costs.params,
            trainable_params=costs.trainable_params,
            macs=costs.macs,
            executed_macs=costs.executed_macs if known else None,
            flops=costs.flops,
            activation_bytes=costs.activation_bytes,
            receptive_field=self._field(output, call.name),
            pads=_pads(axes),
            never_read=tuple(tuple(islice(a.unread(), _MOST_RUNS)) for a in axes) if known else (),
            reads=tuple(wire.source.name for wire in call.inputs if wire.source),
            conflict=_conflict(call),
            notes=tuple(self._notes(call, axes)),
            shape_text=self._shape_text(call),
            repeated=call.repeated,
        )

    def _field(self, wire: Wire, name: str) -> ReceptiveField | None:
        return next(iter(self.fields.of(wire, name).values()), None)

    def _shape_text(self, call: Call) -> str:
        alone = len(self.begun) == 1
        texts = [
            text_of(wire.spec.shape if wire.spec else None, self.sizes.get(id(wire)), alone)
            for wire in call.outputs
        ]
        return ", ".join(texts)

    def _notes(self, call: Call, axes: Sequence[AxisGeometry]) -> Iterator[str]:
        if call.repeated:
            yield "shares the weights of an earlier call"
        for name, axis in zip(axis_names(len(axes)), axes, strict=True) if axes else ():
            for note in axis_notes(name, axis):
                yield f"{name}: {note}"
        for which in range(len(self.begun)):
            join = self.fields.join(call, which)
            if join is not None and not all(join.aligned):
                apart = [float(one) for one in join.offset if one]
                told = f"{max(apart):g} input cells apart" if apart else "of several strides"
                yield f"the branches that it joins are not aligned: their centres are {told}"
        if isinstance(call.layer, Opaque):
            yield "what it computes is not known here"
        elif call.outputs[0].spec is None and call.error is None:
            yield "its shape is not known, since what it reads is not"


def _axes(call: Call) -> tuple[AxisGeometry, ...]:
    """The axes of the layer's first step; none where it has none."""
    if call.error is not None or not isinstance(call.layer, Spatial) or call.shape is None:
        return ()
    try:
        steps = call.layer.geometry(call.shape)
    except (ValueError, TypeError):
        return ()
    return tuple(axis for axis in steps[0] if isinstance(axis, AxisGeometry))


def _pads(axes: Sequence[AxisGeometry]) -> tuple[tuple[int, int], ...] | None:
    if not axes or any(a.transposed or a.pad_before is None or a.pad_after is None for a in axes):
        return None
    found = tuple(axis.pads for axis in axes)
    return found if any(before or after for before, after in found) else None


def _shape_of(wires: Sequence[Wire]) -> Any:
    shapes = [wire.spec.shape if wire.spec else None for wire in wires]
    return shapes[0] if len(shapes) == 1 else shapes


def _conflict(call: Call) -> str | None:
    if call.error is None:
        return None
    if isinstance(call.error, ConvlabError):
        return str(call.error)
    return f"{type(call.error).__name__}: {call.error}"
