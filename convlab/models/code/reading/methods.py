"""Methods of plain values, tensors and models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlab.errors import ConvlabError
from convlab.layers.base import Layer
from convlab.layers.node import Tensor
from convlab.models.code.reading import making, plain
from convlab.models.code.reading.refusing import CodeRefused, refused_by
from convlab.models.code.reading.values import Data, Instance, Method, Unknown, unknown_in
from convlab.models.model import Model
from convlab.models.sequential import Sequential

if TYPE_CHECKING:
    from convlab.models.code.reading.interpreter import Interpreter

_LISTS = ("append", "extend", "insert", "pop", "reverse", "index", "copy", "as_list", "count")
_TEXTS = ("format", "lower", "upper", "strip", "split", "replace", "join", "startswith", "endswith")
_DICTS = ("items", "keys", "values", "get", "update", "copy", "pop")
_RUNS = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "__call__", "call")


def call(
    to: Interpreter, method: Method, args: list[Any], kwargs: dict[str, Any], line: int
) -> Any:
    """The value of a call of a method."""
    owner, name = method.owner, method.name
    if isinstance(owner, Model):
        return _of_model(to, owner, name, args, kwargs, line)
    if isinstance(owner, Tensor) and name == "get_shape":
        return list(owner.shape) if owner.spec else Unknown("the shape behind a conflict", line)
    if isinstance(owner, Layer):
        return _of_layer(to, owner, name, args, kwargs, line)
    if isinstance(owner, Instance):
        return _of_instance(to, owner, name, args, kwargs, line)
    if isinstance(owner, tuple) and name in ("as_list", "count", "index"):
        owner = list(owner)
    if isinstance(owner, list) and name in _LISTS:
        return _of_list(owner, name, args, line)
    if isinstance(owner, dict) and name in _DICTS:
        return _of_dict(owner, name, args, line)
    if isinstance(owner, str) and name in _TEXTS:
        return _of_text(owner, name, args, kwargs, line)
    return Unknown(f"the method {name}() of a {type(owner).__name__}", line)


def _of_model(
    to: Interpreter, model: Model, name: str, args: list[Any], kwargs: dict[str, Any], line: int
) -> Any:
    if name == "add" and isinstance(model, Sequential) and args:
        return making.add_to(to, model, args[0], line)
    if name == "pop" and isinstance(model, Sequential):
        return model.pop()
    if name == "build" and isinstance(model, Sequential):
        shape = args[0] if args else kwargs.get("input_shape")
        return None if unknown_in(shape) or shape is None else model.build(shape)
    if name == "get_layer":
        found = (args or [kwargs.get("name")])[0]
        return _got(model, found, kwargs.get("index"), line)
    if name in _RUNS:
        x, y = (_data(_nth(args, kwargs, place, key)) for place, key in ((0, "x"), (1, "y")))
        if x:
            to.note_given(model, x)
        if y and name in ("fit", "evaluate", "train_on_batch", "test_on_batch"):
            to.note_wanted(model, y)
    return Unknown(f"what {name}() of a model gives", line)


def _nth(args: list[Any], kwargs: dict[str, Any], place: int, key: str) -> Any:
    return args[place] if place < len(args) else kwargs.get(key)


def _data(value: Any) -> list[Any]:
    several = value if isinstance(value, list | tuple) else [value]
    return [one.shape for one in several if isinstance(one, Data)]


def _got(model: Model, name: Any, index: Any, line: int) -> Any:
    try:
        if isinstance(index, int):
            return model.get_layer(index=index)
        return model.get_layer(name) if isinstance(name, str) else Unknown("a layer", line)
    except ConvlabError as error:
        raise refused_by(error, line) from None


def _of_layer(
    to: Interpreter, layer: Layer, name: str, args: list[Any], kwargs: dict[str, Any], line: int
) -> Any:
    if name in ("__call__", "call"):
        return to.call(layer, args, kwargs, line)
    if name == "compute_output_shape" and len(args) == 1 and not unknown_in(args):
        try:
            return layer.compute_output_shape(args[0])
        except ConvlabError as error:
            return Unknown(f"compute_output_shape: {error.rule}", line)
    return Unknown(f"the method {name}() of a layer", line)


def _of_instance(
    to: Interpreter, owner: Instance, name: str, args: list[Any], kwargs: dict[str, Any], line: int
) -> Any:
    """What Keras's `Model` and `Layer` give a class of the text's own."""
    if name in ("predict", "fit", "evaluate", "train_on_batch", "predict_on_batch") and args:
        to.call(owner, args[:1], {}, line)
        return Unknown(f"what {name}() of a model gives", line)
    if name == "build":
        shape = args[0] if args else kwargs.get("input_shape")
        if isinstance(shape, list | tuple) and not unknown_in(shape) and shape:
            to.call(owner, [making.input_of(to, tuple(shape), line)], {}, line)
        return None
    return Unknown(f"the method {name}() of {owner.cls.name}", line)


def _of_list(owner: list[Any], name: str, args: list[Any], line: int) -> Any:
    if name == "as_list":
        return list(owner)
    try:
        found = getattr(owner, name)(*(list(one) if name == "extend" else one for one in args))
    except (TypeError, ValueError, IndexError) as error:
        raise _odd(f"{name}(): {error}", line) from None
    plain.bounded(owner, line)
    return found


def _of_dict(owner: dict[Any, Any], name: str, args: list[Any], line: int) -> Any:
    try:
        found = getattr(owner, name)(*args)
    except (TypeError, ValueError, KeyError) as error:
        raise _odd(f"{name}(): {error!s:.80}", line) from None
    plain.bounded(owner, line)
    return list(found) if name in ("items", "keys", "values") else found


def _of_text(owner: str, name: str, args: list[Any], kwargs: dict[str, Any], line: int) -> Any:
    unknown = unknown_in((args, kwargs))
    if unknown is not None:
        return unknown
    if not plain.is_plain(args) or not plain.is_plain(list(kwargs.values())):
        return Unknown("a text with what is no plain value", line)
    if name in ("replace", "join"):
        size = sum(len(str(one)) for one in (owner, *args)) ** 2
        if size > plain.MAX_ITEMS**2:
            raise _odd("a text that grows", line)
    return (
        plain.formatted(lambda: getattr(owner, name)(*args, **kwargs), owner, line)
        if (name not in ("split", "startswith", "endswith"))
        else getattr(owner, name)(*args)
    )


def _odd(received: str, line: int) -> CodeRefused:
    return CodeRefused(
        "What the text computes are small numbers, texts and lists.",
        line=line,
        received=received,
        remedy="Write the value itself.",
    )
