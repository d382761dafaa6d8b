"""Calls of convlab's own layers that failed."""

from __future__ import annotations

from dataclasses import dataclass
from traceback import walk_tb
from types import FrameType
from typing import Any

from convlab.errors import ConvlabError
from convlab.inspector.failing.frames import arguments_of, exceptions_of
from convlab.layers.base import Layer
from convlab.layers.node import Node, tensors_in
from convlab.models.forgiving import unchecked
from convlab.models.model import Model

_CONNECT = ("convlab.layers.node", "connect")
_CALL = ("convlab.layers.base", "__call__")


@dataclass(frozen=True)
class Failing:
    """A call of a layer of ours that failed.

    Attributes:
        layer: the layer.
        shapes: the shapes that went into it.
        model: the graph up to it; None where it was called on arrays.
    """

    layer: Layer
    shapes: tuple[Any, ...]
    model: Model | None


def call_of(error: BaseException) -> Failing | None:
    """The call of a layer of ours in which an exception was raised; None if it was in none."""
    frames = [frame for one in exceptions_of(error) for frame in _frames(one)]
    for frame in frames:
        if _where(frame) == _CONNECT:
            known = frame.f_locals
            return _on_symbols(known["layer"], known["args"], known["kwargs"])
    for frame in reversed(frames):
        if _where(frame) == _CALL:
            return _on_arrays(frame.f_locals["self"], frame.f_locals["inputs"])
    return None


def making_of(error: BaseException) -> tuple[str, dict[str, Any]] | None:
    """The class of the layer of ours whose constructor refused, and its arguments; None if none."""
    found: tuple[Layer, FrameType] | None = None
    for frame in (frame for one in exceptions_of(error) for frame in _frames(one)):
        layer = frame.f_locals.get("self")
        inside = found is not None and layer is found[0]  # the constructor of a class above it
        if frame.f_code.co_name == "__init__" and isinstance(layer, Layer) and not inside:
            found = layer, frame
    return None if found is None else (found[0].class_name, arguments_of(found[1]))


def _frames(error: BaseException) -> list[FrameType]:
    return [frame for frame, _ in walk_tb(error.__traceback__)]


def _where(frame: FrameType) -> tuple[Any, str]:
    return frame.f_globals.get("__name__"), frame.f_code.co_name


def _on_symbols(layer: Layer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Failing:
    given = list(tensors_in((args, kwargs)))
    shapes = tuple(tensor.shape for tensor in given if tensor.spec is not None)
    try:
        return Failing(layer, shapes, graph_up_to(layer, args, kwargs))
    except ConvlabError:
        return Failing(layer, shapes, None)


def graph_up_to(layer: Layer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Model:
    """The graph of what a call reads and the call itself, whose shapes may conflict.

    Raises:
        ConvlabError: two layers of it have one name.
    """
    node = Node(layer, args, kwargs)
    layer.inbound_nodes.remove(node)  # the call was refused: only the graph knows of it
    return unchecked([node.output(0)], "up_to_the_failure")


def _on_arrays(layer: Layer, inputs: Any) -> Failing:
    given = inputs if isinstance(inputs, list | tuple) else [inputs]
    shapes = tuple(tuple(one.shape) for one in given if hasattr(one, "shape"))
    return Failing(layer, shapes, None)
