"""Sizes that are not known, told as formulas of the input's: "(n+1)//2"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convlab.geometry.formula import Expression, Number, Symbol
from convlab.geometry.links import Along, Product, Recurrent, Reshaped
from convlab.inspector.reaches import dependences
from convlab.models.calls import Call, Calls, Wire

Sizes = tuple[Expression | None, ...]
"""Of each axis behind the batch; None where no formula tells it."""


def sizes_of(calls: Calls) -> dict[int, Sizes]:
    """The sizes of every tensor as formulas of the sizes of the inputs, by the id of its `Wire`.

    A size of the first input's axis a is the symbol "n_a"; of another input k, "n_k_a".
    """
    known: dict[int, Sizes] = {}
    begun = 0
    for call in calls.calls:
        for wire in call.outputs:
            if wire.spec is None:
                continue
            if call.is_input:
                lead = f"n_{begun}_" if begun else "n_"
                known[id(wire)] = tuple(
                    Symbol(f"{lead}{axis}") if size is None else Number(size)
                    for axis, size in enumerate(wire.spec.shape[1:], 1)
                )
            elif None in wire.spec.shape[1:]:
                known[id(wire)] = _behind(call, wire, known)
            else:
                known[id(wire)] = tuple(Number(size or 0) for size in wire.spec.shape[1:])
        begun += call.is_input
    return known


def _behind(call: Call, wire: Wire, known: Mapping[int, Sizes]) -> Sizes:
    """The sizes that a call gives, from those that it takes."""
    shape = wire.spec.shape[1:] if wire.spec else ()
    found: list[Expression | None] = [None if size is None else Number(size) for size in shape]
    for given, dependence in zip(call.inputs, dependences(call, wire.index), strict=True):
        links: tuple[Any, ...] = ()
        if isinstance(dependence, Product | Reshaped):
            links = dependence.links
        elif isinstance(dependence, Recurrent):
            links = (None, *dependence.step.links)
        for size, link in zip(known.get(id(given), ()), links, strict=False):
            if isinstance(link, Along) and size is not None:
                place = link.axis - 1 + isinstance(dependence, Recurrent) * dependence_shift(call)
                if 0 <= place < len(found) and found[place] is None:
                    found[place] = _through(size, link.relation)
    return tuple(found)


def dependence_shift(call: Call) -> int:
    """By how many axes the output of a recurrent layer leads its state: one, with sequences."""
    return int(bool(getattr(call.layer, "return_sequences", False)))


def _through(size: Expression, relation: Any) -> Expression | None:
    """The size of an axis behind a layer's relation."""
    if relation is None:
        return size
    step = next((s for s in relation.derivation() if s.symbol == "m"), None)
    if step is None:
        return None
    numbers = {name: value for name, value in step.values if value is not None and name != "n"}
    reduced: Expression = step.formula.reduce(**numbers, n=size)
    return reduced


def text_of(shape: Any, sizes: Sizes | None, alone: bool) -> str:
    """A shape in text, with formulas for what is not known.

    Args:
        shape: the shape, batch included.
        sizes: the formulas of its sizes behind the batch.
        alone: whether the network has one input: then "n" is the input's size along the same
            axis, and needs no number.
    """
    if shape is None:
        return "?"
    parts = [str(shape[0])] if shape else []
    for place, size in enumerate(shape[1:], 1):
        formula = sizes[place - 1] if sizes else None
        if size is not None or formula is None:
            parts.append("None" if size is None else str(size))
            continue
        own = f"n_{place}"
        if alone and formula.symbols() == (own,):
            formula = formula.reduce(**{own: Symbol("n")})
        parts.append(str(formula).replace(" ", ""))
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
