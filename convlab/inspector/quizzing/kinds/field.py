"""How large is the receptive field?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from convlab import layers
from convlab.inspector.quizzing.question import Mistake, Question, named, without_the_right
from convlab.inspector.receptive import receptive_field
from convlab.inspector.tracing import trace
from convlab.layers.input_layer import Input
from convlab.layers.spatial import Spatial
from convlab.models.sequential import Sequential


def ask(draw: Random, level: int) -> Question:
    """A chain of layers: how many input rows does a unit at its end see?"""
    count = min(2 + level // 2 + (level > 3), 5)
    chain = [_layer(draw, level, place) for place in range(count)]
    accepted = (_size(chain),)
    axis = chain[0].geometry((None,) * 4)[0][0]
    return Question(
        kind="field",
        prompt="How many rows of the input does one unit of the last layer see "
        "(the height of its receptive field)?",
        code=tuple(map(named, chain)),
        form="number",
        accepted=accepted,
        derivation=_derivation(chain),
        mistakes=without_the_right(list(_mistakes(chain, axis.kernel)), accepted),
    )


def _layer(draw: Random, level: int, place: int) -> Spatial:
    name = f"layer{place + 1}"
    if level > 1 and draw.random() < 0.35:
        return layers.MaxPooling2D(draw.choice([2, 3]), strides=2, name=name)
    given: dict[str, Any] = {}
    if level > 1 and draw.random() < 0.4:
        given["strides"] = 2
    elif level > 2 and draw.random() < 0.6:
        given["dilation_rate"] = draw.choice([2, 3])
    return layers.Conv2D(8, draw.choice([3, 3, 5]), padding="same", name=name, **given)


def _model(chain: Sequence[Spatial]) -> Sequential:
    return Sequential([Input((None, None, 1)), *(one.replace(name=one.name) for one in chain)])


def _size(chain: Sequence[Spatial]) -> int:
    return receptive_field(_model(chain)).size[0] or 0


def _mistakes(chain: Sequence[Spatial], first: int) -> Iterator[Mistake]:
    whole = receptive_field(_model(chain))
    without = [one.replace(name=one.name, strides=1) for one in chain]
    yield Mistake(_size(without), "The strides are forgotten: a step of a later layer is longer.")
    undilated = [
        one.replace(name=one.name, dilation_rate=1) if hasattr(one, "dilation_rate") else one
        for one in chain
    ]
    yield Mistake(_size(undilated), "The dilation is forgotten: taps lie apart.")
    yield Mistake(_size(chain[-1:]), "That is what the last layer sees of the one before it.")
    yield Mistake(_size(chain[:-1]), "The last layer is missing.")
    yield Mistake(first, "That is the first layer alone.")
    yield Mistake(whole.stride[0], "That is how far the fields of neighbours are apart.")
    last = receptive_field(_model([chain[-1], *chain[:-1]]))
    yield Mistake(last.size[0], "The order counts: strides widen what comes after them.")


def _derivation(chain: Sequence[Spatial]) -> str:
    """The field from layer to layer: each adds its reach, less one, times the stride so far."""
    lines, size, stride = ["In the input one cell sees 1 row; neighbours are 1 row apart."], 1, 1
    for row, layer in zip(trace(_model(chain)).rows[1:], chain, strict=True):
        axis = layer.geometry((None,) * 4)[0][0]
        field = row.receptive_field
        if field is None:
            continue
        lines.append(
            f"{row.name}: r = {size} + ({axis.reach} - 1)*{stride} = {field.size[0]}, "
            f"then neighbours are {stride}*{axis.stride} = {field.stride[0]} apart."
        )
        size, stride = field.size[0] or 0, int(field.stride[0] or 0)
    return "\n".join(lines)
