"""The state of one reading: budgets, where layers stand in the text, and what was built."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from convlab.errors import ConvlabError
from convlab.layers.base import Layer
from convlab.layers.node import Tensor
from convlab.models.code.reading import calls, expressions, plain, statements
from convlab.models.code.reading.refusing import CodeRefused, odd_values, refused_by, too_much
from convlab.models.code.reading.values import Scope, Shape
from convlab.models.model import Model

MAX_STEPS = 100_000
MAX_LAYERS = 3_000
MAX_DEPTH = 60

_ITEMS_PER_STEP = 16
"""Items of a list that count as a step whenever an expression gives the list."""

_ODD = (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError)
"""What comes of values that no layer is made for."""


@dataclass
class Interpreter:
    """Reads a syntax tree step by step; what it does not know stays unknown until it is needed.

    Attributes:
        models: the models that the text makes, in order.
        made: the line on which each layer is made, by its name.
        called: the line on which each layer is first called, by its name.
        given: the shapes of arrays that finished models are called on, by the model's identity.
        wanted: the shapes of targets that they are fitted to, likewise.
        data_format: where the text says that channels stand in all layers; None where nowhere.
        chains: where a `Sequential` model that begins with tensors ends, by its identity.
        own: what the text gives layers and models as attributes, by their identity and its name.
        ready: the names of the layers that a network of `keras.applications` brings with it.
    """

    models: list[Model] = field(default_factory=list)
    made: dict[str, int] = field(default_factory=dict)
    called: dict[str, int] = field(default_factory=dict)
    given: dict[int, list[Shape]] = field(default_factory=dict)
    wanted: dict[int, list[Shape]] = field(default_factory=dict)
    data_format: str | None = None
    chains: dict[int, Tensor] = field(default_factory=dict)
    own: dict[tuple[int, str], Any] = field(default_factory=dict)
    ready: set[str] = field(default_factory=set)
    _steps: int = 0
    _layers: int = 0
    _depth: int = 0

    def run(self, body: Sequence[ast.stmt], scope: Scope) -> None:
        """Read statements."""
        for statement in body:
            self.step(statement.lineno)
            try:
                statements.run(self, statement, scope)
            except CodeRefused:
                raise
            except ConvlabError as error:
                raise refused_by(error, statement.lineno) from None
            except _ODD as error:
                raise odd_values(error, statement.lineno) from None

    def evaluate(self, node: ast.expr, scope: Scope) -> Any:
        """The value of an expression."""
        self.step(node.lineno)
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH * 4:
                raise too_much("levels of nesting", MAX_DEPTH, node.lineno)
            value = expressions.evaluate(self, node, scope)
            self.step(node.lineno, plain.weight(value, node.lineno) // _ITEMS_PER_STEP)
            return value
        finally:
            self._depth -= 1

    def call(
        self, callee: Any, args: Sequence[Any], kwargs: dict[str, Any], line: int, shown: str = ""
    ) -> Any:
        """The value of a call."""
        self._depth += 4
        try:
            if self._depth > MAX_DEPTH * 4:
                raise too_much("calls within calls", MAX_DEPTH, line)
            plain.bounded((args, kwargs), line)  # an argument may have made another one grow
            return calls.call(self, callee, list(args), kwargs, line, shown)
        finally:
            self._depth -= 4

    def step(self, line: int, many: int = 1) -> None:
        """Count a step, or as many as something costs.

        Raises:
            CodeRefused: there were too many.
        """
        self._steps += many
        if self._steps > MAX_STEPS:
            raise too_much("steps", MAX_STEPS, line)

    def count_layer(self, line: int, many: int = 1) -> None:
        """Count a layer, or a call of one, or of the many that a model is made of.

        Raises:
            CodeRefused: there were too many.
        """
        self._layers += many
        if self._layers > MAX_LAYERS:
            raise too_much("layers and calls of layers", MAX_LAYERS, line)

    def note_made(self, layer: Layer, line: int) -> None:
        """Keep where a layer is made."""
        self.made.setdefault(layer.name, line)

    def note_called(self, layer: Layer, line: int) -> None:
        """Keep where a layer is called."""
        self.called.setdefault(layer.name, line)

    def note_model(self, model: Model) -> None:
        """Keep a model that the text makes."""
        if all(model is not one for one in self.models):
            self.models.append(model)

    def note_given(self, model: Model, shapes: Iterable[Shape]) -> None:
        """Keep what a model is called on."""
        self.given.setdefault(id(model), list(shapes))

    def note_wanted(self, model: Model, shapes: Iterable[Shape]) -> None:
        """Keep what a model is fitted to."""
        self.wanted.setdefault(id(model), list(shapes))
