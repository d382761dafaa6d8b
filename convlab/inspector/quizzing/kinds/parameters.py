"""How many parameters has a layer?"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from convlab import layers
from convlab.inspector.quizzing import drawing
from convlab.inspector.quizzing.derivations import of_parameters
from convlab.inspector.quizzing.question import Mistake, Question, without_the_right
from convlab.layers.spatial import Spatial


def ask(draw: Random, level: int) -> Question:
    """A layer and an input: how many numbers are trained?"""
    layer, channels = _layer(draw, level)
    shape = drawing.input_shape(draw, layer, channels)
    accepted = (layer.cost(shape).params,)
    return Question(
        kind="parameters",
        prompt=f"The input has the shape {shape}. How many parameters has the layer?",
        code=(repr(layer),),
        form="number",
        accepted=accepted,
        derivation=of_parameters(layer, shape),
        mistakes=without_the_right(list(_mistakes(layer, shape)), accepted),
    )


def _layer(draw: Random, level: int) -> tuple[Spatial, int]:
    """A layer with weights, and the channels of its input."""
    kernel, filters = draw.choice([3, 5]), draw.choice([4, 8, 16])
    if level == 1:
        return layers.Conv2D(filters, kernel), draw.choice([1, 3])
    if level > 2 and draw.random() < 0.4:
        groups = draw.choice([2, 4])
        return layers.Conv2D(filters, kernel, groups=groups, use_bias=draw.random() < 0.5), 8
    made: Spatial = draw.choice(
        [
            layers.DepthwiseConv2D(kernel, depth_multiplier=draw.choice([1, 2])),
            layers.SeparableConv2D(filters, kernel),
            layers.Conv2DTranspose(filters, kernel, strides=2),
            layers.Conv2D(filters, (kernel, 1), padding="same"),
            layers.Conv1D(filters, kernel, use_bias=False),
        ]
    )
    return made, draw.choice([3, 4, 6])


def _mistakes(layer: Any, shape: tuple[Any, ...]) -> Iterator[Mistake]:
    def counted(changes: dict[str, Any], at: tuple[Any, ...] = shape) -> int:
        made = layer.replace(name=layer.name, **changes)
        params: int = made.cost(at).params
        return params

    if layer.use_bias:
        yield Mistake(counted({"use_bias": False}), "The biases are missing.")
    else:
        yield Mistake(counted({"use_bias": True}), "This layer has no biases: use_bias=False.")
    one_channel = (*shape[:-1], getattr(layer, "groups", 1))
    yield Mistake(counted({}, one_channel), "A filter has weights for every channel that it reads.")
    yield Mistake(
        counted({"use_bias": False}, one_channel),
        "A filter has weights for every channel that it reads; and there are biases.",
    )
    if getattr(layer, "groups", 1) > 1:
        yield Mistake(counted({"groups": 1}), "With groups, a filter reads its own group only.")
    if hasattr(layer, "filters") and getattr(layer, "groups", 1) == 1:
        yield Mistake(counted({"filters": 1}), "That is one filter; there are more.")
    yield Mistake(layer.cost(shape).macs, "These are the multiplications, not the parameters.")
