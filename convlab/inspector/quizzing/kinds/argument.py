"""Which argument gives a size?"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from convlab.errors import ConvlabError
from convlab.inspector.quizzing import drawing
from convlab.inspector.quizzing.derivations import of_shape
from convlab.inspector.quizzing.question import Question
from convlab.inspector.solving.layer import solve_layer
from convlab.inspector.solving.solved import Solved
from convlab.layers.spatial import Spatial


def ask(draw: Random, level: int) -> Question:
    """A layer with one argument left open, and the sizes: which value is it?"""
    while True:
        layer = drawing.convolution(draw, min(level, 2))
        if level > 2 and draw.random() < 0.5:
            layer = drawing.transposed(draw, 3)
        argument = draw.choice(_open(layer, level))
        shape = drawing.input_shape(draw, layer)
        sizes = layer.spatial_sizes(shape)
        out = layer.spatial_sizes(tuple(layer.compute_output_shape(shape)))
        found = question(layer, argument, sizes[0] or 0, out[0] or 0)
        trivial = sizes[0] == out[0] and argument != "padding"
        if found is not None and len(set(sizes)) == 1 and not trivial:
            return found


def _open(layer: Spatial, level: int) -> list[str]:
    """The arguments that may be asked for."""
    known = ["strides", "kernel_size", "padding"]
    if level > 1 and hasattr(layer, "dilation_rate") and not hasattr(layer, "output_padding"):
        known.append("dilation_rate")
    if getattr(layer, "output_padding", None) is not None:
        known = ["output_padding"]
    return known


def question(layer: Spatial, argument: str, size_in: int, size_out: int) -> Question | None:
    """The question of which value of an argument leads from one size to another.

    None where every value does, so that there is nothing to ask.
    """
    found = solve_layer(layer, size_in, size_out, {}, [argument])
    accepted = tuple(one.arguments[argument] for one in found.solutions)
    tried = found.bounds[argument]
    if len(accepted) > len(tried) // 2:
        return None

    def judged(value: Any) -> str:
        try:
            given = int(value) if str(value).isdigit() else None if value == "None" else value
            made = layer.replace(name=layer.name, **{argument: given})
            shape = made.whole_shape(None, (size_in,) * made.rank, 4)
            size = made.spatial_sizes(tuple(made.compute_output_shape(shape)))[0]
        except ConvlabError as error:
            return error.rule
        return f"{argument}={value!r} gives {size}, not {size_out}."

    words = argument in ("padding", "output_padding")
    return Question(
        kind="argument",
        prompt=f"Each spatial axis is to go from {size_in} to {size_out}. Which `{argument}` "
        "does it, with everything else as it stands?",
        code=(_open_code(layer, argument),),
        form="choice" if words else "number",
        accepted=tuple(str(value) for value in accepted) if words else accepted,
        derivation=_derivation(found),
        choices=tuple(str(value) for value in _offered(layer, argument, tried)) if words else (),
        judged=judged,
    )


def _offered(layer: Any, argument: str, tried: Sequence[Any]) -> Sequence[Any]:
    """What may be chosen: of the output paddings the legal ones, and one that is not."""
    return (None, *range(max(layer.strides) + 1)) if argument == "output_padding" else tried


def _open_code(layer: Spatial, argument: str) -> str:
    """The layer's call with a question mark for the argument."""
    shown = layer.changed_arguments() | {argument: "?"}
    first = [str(shown.pop(name)) for name in ("filters", "kernel_size") if name in shown]
    others = [f"{n}={'?' if v == '?' else repr(v)}" for n, v in shown.items() if n != "name"]
    return f"{layer.class_name}({', '.join([*first, *others])})"


def _derivation(found: Solved) -> str:
    first = found.solutions[0]
    made: Any = first.apply()
    shape = made.whole_shape(None, (found.size_in,) * made.rank, 4)
    values = [one.arguments for one in found.solutions[:6]]
    told = [", ".join(f"{name}={value[name]!r}" for name in (*first.changes,)) for value in values]
    lead = [f"Does it: {' or '.join(told)}"] if len(told) > 1 and all(told) else []
    return "\n".join([*lead, of_shape(made, shape)])
