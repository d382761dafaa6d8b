"""A model's layers in short, as `model.summary()` prints them."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from convlab.layers.base import Layer
from convlab.layers.naming import printable
from convlab.layers.opaque import Opaque
from convlab.models.calls import Call, calls_of
from convlab.models.model import Model


class Line(NamedTuple):
    """One layer of a summary."""

    name: str
    class_name: str
    shape: str
    params: int | None
    reads: str


def summary(model: Model, line_length: int | None, expand_nested: bool) -> str:
    """The layers, their output shapes and parameters, and the sums.

    Args:
        model: the network.
        line_length: how wide the text may be; None fits it to its content.
        expand_nested: whether the layers of nested models have lines of their own.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    lines = list(_lines(model, expand_nested))
    table = Table(
        title=Text(f'Model: "{printable(model.name)}"'),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    branches = any("," in line.reads for line in lines)
    for head, justify in (("Layer (type)", "left"), ("Output Shape", "left"), ("Param #", "right")):
        table.add_column(head, justify=justify, overflow="fold")  # type: ignore[arg-type]
    if branches:
        table.add_column("Connected to", overflow="fold")
    for line in lines:
        params = "?" if line.params is None else f"{line.params:,}"
        cells = [f"{line.name} ({line.class_name})", line.shape, params]
        table.add_row(*(Text(printable(cell)) for cell in cells + [line.reads] * branches))
    out = io.StringIO()
    console = Console(
        file=out, width=line_length or 1000, color_system=None, force_jupyter=False, emoji=False
    )
    console.print(table)
    text = "\n".join(row.rstrip() for row in out.getvalue().splitlines())
    return f"{text}\n{_totals(model)}"


def _lines(model: Model, expand_nested: bool) -> Iterator[Line]:
    calls = calls_of(model, [tensor.spec for tensor in model.inputs]).calls
    seen: set[str] = set()
    for place, call in enumerate(calls):
        outer = call.name.partition("/")[0]
        if "/" in call.name and not expand_nested:
            if outer not in seen:
                seen.add(outer)
                yield _nested(model, outer, [c for c in calls[place:] if _within(c, outer)])
        elif call.name not in seen:
            seen.add(call.name)
            layer, reads = call.layer, _reads(call, expand_nested)
            yield Line(call.name, layer.class_name, _shape(call), _params(layer), reads)


def _within(call: Call, outer: str) -> bool:
    return call.name.startswith(f"{outer}/")


def _nested(model: Model, name: str, calls: list[Call]) -> Line:
    layer = model.get_layer(name)
    reads = [
        wire.source.name
        for call in calls
        for wire in call.inputs
        if wire.source and not _within(wire.source, name)
    ]
    joined = ", ".join(dict.fromkeys(reads))
    return Line(name, layer.class_name, _shape(calls[-1]), _params(layer), joined)


def _shape(call: Call) -> str:
    shapes = [str(wire.spec.shape) if wire.spec else "?" for wire in call.outputs]
    return ", ".join(shapes)


def _reads(call: Call, expand_nested: bool) -> str:
    names = [wire.source.name for wire in call.inputs if wire.source]
    return ", ".join(names if expand_nested else [name.partition("/")[0] for name in names])


def _params(layer: Layer) -> int | None:
    if isinstance(layer, Model):
        parts = [_params(inner) for inner in layer.layers]
        return None if None in parts else sum(part or 0 for part in parts)
    if isinstance(layer, Opaque):
        return layer.params
    if layer.weighted and not layer.built:
        return None
    return sum(math.prod(weight.shape) for weight in layer.weights)


def _totals(model: Model) -> str:
    total: Any = _params(model)
    if total is None:
        return "Total params: not known, since a layer's input is not"
    trainable = sum(math.prod(weight.shape) for weight in model.trainable_weights)
    return (
        f"Total params: {total:,}\nTrainable params: {trainable:,}\n"
        f"Non-trainable params: {total - trainable:,}"
    )
