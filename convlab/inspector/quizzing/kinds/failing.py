"""Which layer fails?"""

from __future__ import annotations

from random import Random

from convlab import layers
from convlab.inspector.quizzing.question import Mistake, Question, named, without_the_right
from convlab.inspector.tracing import Trace, trace
from convlab.layers.base import Layer
from convlab.layers.input_layer import Input
from convlab.models.sequential import Sequential

NONE = "none of them"


def ask(draw: Random, level: int) -> Question:
    """A chain and an input that may be too small: where does it stop?"""
    count = 3 + min(level, 3)
    chain = [_layer(draw, place) for place in range(count)]
    size = draw.choice([8, 10, 12, 14, 16, 20, 24, 32])
    model = Sequential([Input((None, None, 1), name="image"), *chain])
    found = trace(model, (size, size, 1))
    names = tuple(layer.name for layer in chain)
    accepted = (found.conflicts[0].name if found.conflicts else NONE,)
    mistakes = [Mistake(name, _words(found, name)) for name in names]
    mistakes.append(Mistake(NONE, "One of them has a window that does not fit."))
    return Question(
        kind="failing",
        prompt=f"An input of {size} x {size} goes through these layers. Which is the first that "
        "fails, since its window is larger than what it reads?",
        code=tuple(map(named, chain)),
        form="choice",
        accepted=accepted,
        derivation=_derivation(found),
        mistakes=without_the_right(mistakes, accepted),
        choices=(*names, NONE),
    )


def _layer(draw: Random, place: int) -> Layer:
    if place % 2:
        return layers.MaxPooling2D(2, name=f"pool{place // 2 + 1}")
    return layers.Conv2D(8, draw.choice([3, 5]), name=f"conv{place // 2 + 1}")


def _words(found: Trace, name: str) -> str:
    """What a layer reads and gives that does not fail, or comes after the one that does."""
    row = found[name]
    if row.conflict or (found.conflicts and row.output_shape[1] is None):
        return f"'{name}' is not reached: a layer before it fails."
    return f"'{name}' does fit: it reads {row.input_shape[1]} rows and gives {row.output_shape[1]}."


def _derivation(found: Trace) -> str:
    lines: list[str] = []
    for row in found.rows:
        if row.conflict:
            return "\n".join([*lines, f"{row.name}: {row.conflict}"])
        lines.append(f"{row.name}: {row.output_shape}")
    return "\n".join([*lines, "Every window fits."])
