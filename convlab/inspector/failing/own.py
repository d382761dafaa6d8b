"""Models and layers whose class is the user's: their `call` is read, with the layers they have.

A tensor inside such a `call` has no history. But the source of the method is there, and so are the
layers that it names: `convlab.models.code.reading` reads the code, and nothing is run again.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from convlab.errors import ConvlabError
from convlab.inspector.failing import live, partial
from convlab.inspector.failing.frames import LayerCall
from convlab.layers.naming import named_anew
from convlab.layers.node import watched_by
from convlab.models.code.reading.interpreter import Interpreter
from convlab.models.code.reading.meanings import name_of
from convlab.models.code.reading.plain import is_plain
from convlab.models.code.reading.values import (
    Data,
    Function,
    Instance,
    Scope,
    Unknown,
    UserClass,
)
from convlab.models.forgiving import Forgiving
from convlab.models.model import Model

_DEPTH = 6
_MOST = 500
_OUTER = ("keras", "tf_keras", "tensorflow", "numpy", "math", "convlab")


def graph_within(call: LayerCall) -> Model | None:
    """The graph that the `call` of a user's model makes, up to the call that fails and on.

    Args:
        call: the call of the model.

    Returns:
        The graph, whose shapes conflict; None where the code cannot be read, or shows no conflict.
    """
    reading, calls = Interpreter(), Forgiving()
    live_objects = _Converted()
    args = [_given(one) for one in call.args]
    try:
        with named_anew(), watched_by(calls):
            reading.call(live_objects.instance(call.layer, 0), args, {}, 1)
        networks = calls.networks()
    except (ConvlabError, RecursionError):
        return None
    refused = {id(node) for node in calls.refused_nodes}
    return next(
        (one for one in networks if any(id(node) in refused for node in one.graph.nodes)), None
    )


def _given(value: Any) -> Any:
    """What goes in: of tensors the shapes."""
    if isinstance(value, list | tuple):
        return [_given(one) for one in value]
    shape = live.shape_of(value)
    return value if shape is None and is_plain(value) else Data(shape or ())


class _Converted:
    """The user's live objects as what the reader of code knows."""

    def __init__(self) -> None:
        self.layers: dict[int, Any] = {}
        self.kept: list[Any] = []  # what an id stands for must live on

    def instance(self, layer: Any, depth: int) -> Instance:
        """A model or layer of the user's: its attributes, and its methods as source."""
        made = Instance(UserClass(live.class_name(layer), (), self._methods(layer, depth), 1))
        self._keep(layer, made)
        for name, value in [*vars(layer).items()][:_MOST]:
            made.attributes[name] = self.value(value, depth + 1)
        made.attributes["__built__"] = True
        return made

    def _keep(self, layer: Any, made: Any) -> None:
        self.layers[id(layer)] = made
        self.kept.append(layer)

    def value(self, value: Any, depth: int) -> Any:
        """A live value as the reader has it; `Unknown` for what it cannot use."""
        if id(value) in self.layers:
            return self.layers[id(value)]
        if live.is_own(value) and depth < _DEPTH:
            return self.instance(value, depth)
        if live.is_layer(value):
            return self._layer(value)
        if isinstance(value, list | tuple) and depth < _DEPTH:
            return [self.value(one, depth + 1) for one in value[:_MOST]]
        if isinstance(value, Mapping) and depth < _DEPTH:
            return {name: self.value(value[name], depth + 1) for name in [*value][:_MOST]}
        if isinstance(value, ModuleType):
            return name_of(value.__name__)
        if isinstance(value, FunctionType) and not _is_outer(value.__module__):
            return self._function(value, depth) or Unknown(value.__name__, 1)
        if _is_outer(getattr(value, "__module__", None)) and hasattr(value, "__name__"):
            return name_of(_public(value.__module__, value.__name__))
        return value if is_plain(value) else Unknown(f"a {type(value).__name__}", 1)

    def _layer(self, layer: Any) -> Any:
        try:
            made: Any = partial.layer_of(layer)
        except (ConvlabError, AttributeError, KeyError, TypeError):
            made = Unknown(f"the layer {live.name_of(layer):.60}", 1)
        self._keep(layer, made)
        return made

    def _methods(self, layer: Any, depth: int) -> dict[str, Any]:
        methods: dict[str, Any] = {}
        for name, function in _functions(type(layer)):
            found = self._function(function, depth)
            if found is not None:
                methods.setdefault(name, found)
        return methods

    def _function(self, function: FunctionType, depth: int) -> Function | None:
        """A function as its source, with the names around it that it uses."""
        node = _source(function)
        if node is None:
            return None
        known = function.__globals__
        used = [name for name in function.__code__.co_names if name in known]
        scope = Scope()
        found = Function(node, scope)
        if depth < _DEPTH:
            scope.names |= {
                name: found if known[name] is function else self.value(known[name], depth + 1)
                for name in used
            }
        return found


def _functions(cls: type) -> Iterator[tuple[str, FunctionType]]:
    """The methods that the user's classes have, the nearest first."""
    for one in cls.__mro__:
        if not _is_outer(one.__module__):
            for name, value in vars(one).items():
                function = inspect.unwrap(value) if callable(value) else value
                if isinstance(function, FunctionType) and name != "__init__":
                    yield name, function


def _source(function: FunctionType) -> ast.FunctionDef | None:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError, ValueError, RecursionError):
        return None
    first = tree.body[0] if tree.body else None
    return first if isinstance(first, ast.FunctionDef) else None


def _is_outer(module: Any) -> bool:
    return isinstance(module, str) and module.partition(".")[0] in _OUTER


def _public(module: str, name: str) -> str:
    """Keras's public name of what it defines in `keras.src`: by its kind, and its own name."""
    parts = module.split(".")
    home = next((part for part in ("layers", "ops", "backend") if part in parts), "")
    root = "keras" if parts[0] in ("keras", "tf_keras") else parts[0]
    return ".".join(part for part in (root, home, name) if part)
