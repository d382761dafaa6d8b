"""`read_code`: a text of plain layer calls as the models that it builds."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from convlab.errors import ConvlabError
from convlab.layers.naming import named_anew
from convlab.layers.node import watched_by
from convlab.models.code.reading.interpreter import Interpreter
from convlab.models.code.reading.refusing import CodeRefused
from convlab.models.code.reading.source_text import parsed
from convlab.models.code.reading.statements import Left, Returned
from convlab.models.code.reading.values import Scope
from convlab.models.forgiving import Forgiving
from convlab.models.model import Model


@dataclass(frozen=True)
class CodeRead:
    """What a text of code builds.

    Attributes:
        models: the models, in the order in which the text makes them; what it builds without
            making a model of it comes last. Their shapes may conflict.
        model: the one that is meant: the first that cannot be built, or else the last.
        made: the line on which each layer is made, by its name; from 1.
        called: the line on which each layer is first called, by its name.
        input_shapes: the shape of the array that `model` is called on in the text, or a list of
            them; None where it is called on none.
        output_shape: the shape of the target that `model` is fitted to; None where the text tells
            none.
        ready: the names of the layers that a network of `keras.applications` brings with it: the
            text has no line that makes them.
        cut: whether the text behind a conflict could not be read for want of the sizes there.
    """

    models: tuple[Model, ...]
    model: Model
    made: Mapping[str, int]
    called: Mapping[str, int]
    input_shapes: Any = None
    output_shape: Any = None
    ready: frozenset[str] = frozenset()
    cut: bool = False


def read_code(text: str) -> CodeRead:
    """Read the models that a text of plain layer calls builds; no part of it is executed.

    Read are imports under any name, assignments, `Sequential`, `add`, functional calls, `Input`,
    `Model`, loops, functions, subclassed models, arithmetic on small numbers, and f-strings. What
    has nothing to do with the network (data, training, plots) is passed over. Shapes that conflict
    stop nothing: `convlab.diagnose` tells of them.

    Args:
        text: Python code, at most 200,000 characters.

    Raises:
        CodeRefused: a layer or a number is needed that the text does not tell, a layer's arguments
            cannot be, or the text builds no network; the message says on which line.

    Example:
        >>> found = read_code('''
        ... from tensorflow.keras import layers as L, Input, Model
        ... x = inputs = Input((28, 28, 1))
        ... for i in range(2):
        ...     x = L.Conv2D(8 * 2**i, 3, strides=2, name=f"conv{i}")(x)
        ... model = Model(inputs, x)
        ... ''')
        >>> found.model.output_shape, found.called["conv1"]
        ((None, 6, 6, 16), 5)
    """
    tree = parsed(text)
    reading, calls = Interpreter(), Forgiving()
    with named_anew(), watched_by(calls):
        cut = _run(reading, tree.body, calls)
        models = [*reading.models, *_others(reading, calls)]
    if not models:
        raise CodeRefused(
            "The text builds a network: layers called on an Input, or a Sequential model.",
            line=1,
            received="no call of a layer",
            remedy="Paste the lines from the input to the last layer.",
        )
    meant = _meant(models, calls)
    return CodeRead(
        tuple(models),
        meant,
        reading.made,
        reading.called,
        _one_or_all(reading.given.get(id(meant))),
        _one_or_all(reading.wanted.get(id(meant))),
        frozenset(reading.ready),
        cut,
    )


def _run(reading: Interpreter, body: list[ast.stmt], calls: Forgiving) -> bool:
    """Read the lines; whether they are cut short, for want of a shape that is in dispute.

    Keras stops at the conflict itself: what stands behind it may be made of the sizes there.
    """
    try:
        with suppress(Returned, Left):  # the lines of a function's body: here they end
            reading.run(body, Scope())
    except CodeRefused:
        if not calls.errors:
            raise
        return True
    return False


def _others(reading: Interpreter, calls: Forgiving) -> list[Model]:
    """What is built without being made a model of: unfinished, or of a class of the text's own."""
    known = {id(node) for model in reading.models for node in _nodes(model)}
    try:
        networks = calls.networks()
    except ConvlabError:  # two layers of one name, of which a model would complain, too
        return []
    return [
        network
        for network in networks
        if any(id(node) not in known for node in network.graph.calls)
    ]


def _nodes(model: Model) -> list[Any]:
    return list(model.graph.nodes)


def _meant(models: list[Model], calls: Forgiving) -> Model:
    """The first network of which a call was refused, or else the last that was made."""
    refused = {id(node) for node in calls.refused_nodes}
    broken = [model for model in models if any(id(node) in refused for node in _nodes(model))]
    return broken[0] if broken else models[-1]


def _one_or_all(shapes: Any) -> Any:
    return None if not shapes else shapes[0] if len(shapes) == 1 else list(shapes)
