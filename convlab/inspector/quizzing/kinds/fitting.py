"""Which input size fits a network that joins branches?"""

from __future__ import annotations

from random import Random
from typing import Any

from convlab import layers
from convlab.inspector.quizzing.question import Question
from convlab.inspector.solving.network.fitting import fitting
from convlab.inspector.tracing import trace
from convlab.layers.input_layer import Input
from convlab.models.model import Model


def ask(draw: Random, level: int) -> Question:
    """A small U-Net: what is the smallest input from some size on that fits?"""
    depth = draw.choice([2, 3]) if level < 4 else draw.choice([3, 4])
    model, code = _u_net(depth, draw.choice([2, 2, 3]))
    least = draw.randrange(50, 150)
    sizes = fitting(model).families["height"]
    accepted = (next(size for size in sizes if size >= least),)

    def judged(size: int) -> str:
        if size < least:
            return f"It has to be {least} or more."
        if size in sizes:
            return f"{size} fits, but a smaller one does, too."
        row = trace(model, (size, size, 1)).conflicts[0]
        heights = " and ".join(str(shape[1]) for shape in row.input_shape)
        return f"With {size} rows, '{row.name}' would have to join {heights} rows."

    return Question(
        kind="fitting",
        prompt=f"Which is the smallest height of {least} or more with which every join fits?",
        code=code,
        form="number",
        accepted=accepted,
        derivation=f"The heights that fit: {sizes}. The next from {least} on is {accepted[0]}.\n"
        + _path(model, accepted[0]),
        judged=judged,
    )


def _u_net(depth: int, factor: int) -> tuple[Model, tuple[str, ...]]:
    """A U-Net, and its code."""
    x: Any = Input((None, None, 1), name="x0")
    inputs, skips, code = x, [], []
    for level in range(depth):
        skips.append(x)
        x = layers.MaxPooling2D(factor, name=f"pool{level + 1}")(x)
        code.append(f"x{level + 1} = MaxPooling2D({factor})(x{level})")
    code.append(f"y{depth} = x{depth}")
    for level in reversed(range(depth)):
        x = layers.UpSampling2D(factor, name=f"up{level + 1}")(x)
        x = layers.Concatenate(name=f"join{level + 1}")([x, skips[level]])
        code.append(f"y{level} = Concatenate()([UpSampling2D({factor})(y{level + 1}), x{level}])")
    return Model(inputs, x), tuple(code)


def _path(model: Model, size: int) -> str:
    rows = trace(model, (size, size, 1)).rows
    return "\n".join(f"{row.name}: {row.output_shape}" for row in rows)
