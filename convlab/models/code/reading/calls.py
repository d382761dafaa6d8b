"""Calls: layers are made and called, models put together, the text's own functions read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from convlab.layers.base import Layer
from convlab.layers.node import Tensor, tensors_in
from convlab.models.code.reading import builtin, chains, making, meanings, methods
from convlab.models.code.reading.refusing import CodeRefused, not_known
from convlab.models.code.reading.statements import run_function
from convlab.models.code.reading.values import (
    Data,
    Function,
    Inline,
    Instance,
    Method,
    Name,
    Partial,
    Unknown,
    UserClass,
    unknown_in,
)
from convlab.models.model import Model

if TYPE_CHECKING:
    from convlab.models.code.reading.interpreter import Interpreter

_IGNORED = ("training", "mask")

_OF_KERAS_1 = {"th": "channels_first", "tf": "channels_last"}
_OF_KERAS_2 = {name: name for name in _OF_KERAS_1.values()}
_FORMATS: Mapping[str, Mapping[Any, str]] = {
    "keras.backend.set_image_dim_ordering": _OF_KERAS_1,
    "keras.backend.set_image_data_format": _OF_KERAS_2,
    "keras.config.set_image_data_format": _OF_KERAS_2,
}
"""What sets where the channels stand in all layers that do not say it themselves."""


def call(
    to: Interpreter, callee: Any, args: list[Any], kwargs: dict[str, Any], line: int, shown: str
) -> Any:
    """The value of a call; `Unknown` where the text does not tell it."""
    if isinstance(callee, Unknown):
        return _consequence(callee, args, kwargs, line)
    if isinstance(callee, Layer):
        return call_layer(to, callee, args, kwargs, line)
    if isinstance(callee, Function):
        return call_function(to, callee, args, kwargs, line)
    if isinstance(callee, UserClass):
        return _instance(to, callee, args, kwargs, line)
    if isinstance(callee, Instance):
        return _call_instance(to, callee, args, kwargs, line)
    if isinstance(callee, Partial):
        return to.call(callee.callee, [*callee.args, *args], {**callee.kwargs, **kwargs}, line)
    if isinstance(callee, Inline):
        return call_function(to, callee.function, args, {}, line)
    if isinstance(callee, Method):
        return methods.call(to, callee, args, kwargs, line)
    if isinstance(callee, Name):
        return _named(to, callee, args, kwargs, line)
    return Unknown(f"a call of {shown}", line)


def _consequence(callee: Unknown, args: list[Any], kwargs: dict[str, Any], line: int) -> Unknown:
    """What is not known gives what is not known; of a tensor that would lose the network."""
    if next(tensors_in((args, kwargs)), None) is not None:
        raise not_known("A layer that is called", callee.why, line)
    return callee


def _named(
    to: Interpreter, callee: Name, args: list[Any], kwargs: dict[str, Any], line: int
) -> Any:
    """A call of something of a library."""
    if callee.path.startswith("builtins."):
        return builtin.call(callee.last, args, kwargs, line)
    if callee.path == "functools.partial" and args:
        return Partial(args[0], tuple(args[1:]), kwargs)
    if callee.path == "keras.activations.get" and args:
        return Name(f"keras.activations.{args[0] or 'linear'}")
    if callee.path in _FORMATS and args:
        to.data_format = _FORMATS[callee.path].get(args[0], to.data_format)
        return None
    made = making.make(to, callee, args, kwargs, line)
    if made is not making.NOTHING:
        return made
    tensors = next(tensors_in((args, kwargs)), None) is not None
    if tensors and meanings.operation(callee) is not None:
        return making.operate(to, callee, args, kwargs, line)
    known = builtin.of_library(callee, args, kwargs, line)
    if known is not builtin.NOTHING:
        return known
    if tensors:
        raise CodeRefused(
            "The layers and operations that are read are those that convlab has.",
            line=line,
            received=f"{callee.path}(...)",
            remedy="Put a layer of Keras with the same shapes in its place.",
        )
    return Unknown(f"{callee.path}(...), which is not run", line)


def call_layer(
    to: Interpreter, layer: Layer, args: Sequence[Any], kwargs: dict[str, Any], line: int
) -> Any:
    """A layer, or a model, called on tensors."""
    kwargs = {name: value for name, value in kwargs.items() if name not in _IGNORED}
    unknown = unknown_in((args, kwargs))
    if unknown is not None and next(tensors_in((args, kwargs)), None) is None:
        return unknown
    if unknown is not None:
        raise not_known(f"What {layer.name} is called on", unknown.why, line)
    data = [one for one in _flat(args) if isinstance(one, Data)]
    if data:
        if isinstance(layer, Model):
            to.note_given(layer, [one.shape for one in data])
            return Unknown("what a model computes", line)
        args = [_inputs(to, one, line) for one in args]
    if isinstance(layer, Model):
        layer = chains.whole(to, layer)
    to.count_layer(line, _calls_in(layer, {}))
    to.note_called(layer, line)
    return layer(*args, **kwargs)


def _calls_in(layer: Layer, known: dict[int, int]) -> int:
    """How many calls a call of a layer is: of a model, those of all models within it too."""
    if not isinstance(layer, Model):
        return 1
    if id(layer) not in known:
        inner = [node.layer for node in layer.graph.calls] if layer.built else layer.operations
        known[id(layer)] = 1 + sum(_calls_in(one, known) for one in inner)
    return known[id(layer)]


def _flat(structure: Any) -> list[Any]:
    if isinstance(structure, list | tuple):
        return [one for part in structure for one in _flat(part)]
    return [structure]


def _inputs(to: Interpreter, given: Any, line: int) -> Any:
    """Arrays of which only the shapes are told, as what goes in."""
    if isinstance(given, list | tuple):
        return [_inputs(to, one, line) for one in given]
    if isinstance(given, Data):
        return making.input_of(to, (None, *given.shape[1:]), line)
    return given


def call_function(
    to: Interpreter, function: Function, args: Sequence[Any], kwargs: dict[str, Any], line: int
) -> Any:
    """A function of the text's own, read with the arguments of the call."""
    given = [function.owner, *args] if function.owner is not None else list(args)
    spec = function.node.args
    names = [one.arg for one in (*spec.posonlyargs, *spec.args)]
    bound: dict[str, Any] = dict(zip(names, given, strict=False))
    if spec.vararg is not None:
        bound[spec.vararg.arg] = tuple(given[len(names) :])
    elif len(given) > len(names):
        raise _not_called_so(f"{len(given)} arguments for {len(names)}", line)
    only_named = [one.arg for one in spec.kwonlyargs]
    known = {name: one for name, one in kwargs.items() if name in (*names, *only_named)}
    bound |= known
    more = {name: one for name, one in kwargs.items() if name not in known}
    if spec.kwarg is not None:
        bound[spec.kwarg.arg] = more
    elif more:
        raise _not_called_so(f"the argument {next(iter(more))!r}", line)
    positional = zip(names[len(names) - len(spec.defaults) :], spec.defaults, strict=True)
    for name, default in (*positional, *zip(only_named, spec.kw_defaults, strict=True)):
        if name not in bound and default is not None:
            bound[name] = to.evaluate(default, function.scope)
    missing = [name for name in (*names, *only_named) if name not in bound]
    if missing:
        raise _not_called_so(f"no argument {missing[0]!r}", line)
    return run_function(to, function, bound)


def _not_called_so(received: str, line: int) -> CodeRefused:
    return CodeRefused(
        "A function is called with the arguments that it has.",
        line=line,
        received=received,
        remedy="Give each argument once.",
    )


def _instance(
    to: Interpreter, cls: UserClass, args: list[Any], kwargs: dict[str, Any], line: int
) -> Instance:
    made = Instance(cls)
    init = cls.find("__init__")
    if isinstance(init, Function):
        call_function(to, Function(init.node, init.scope, made), args, kwargs, line)
    return made


def _call_instance(
    to: Interpreter, instance: Instance, args: list[Any], kwargs: dict[str, Any], line: int
) -> Any:
    """A model or layer of the text's own: what its `call` makes of tensors."""
    method = instance.cls.find("call") or instance.cls.find("__call__")
    if not isinstance(method, Function):
        return Unknown(f"a call of an object of {instance.cls.name}", line)
    given = [_inputs(to, one, line) for one in args]
    names = {one.arg for one in method.node.args.args}
    named = {name: one for name, one in kwargs.items() if name in names}
    if not any(isinstance(one, Tensor) for one in _flat(given)):
        return unknown_in(given) or Unknown(f"what {instance.cls.name} computes", line)
    build = instance.cls.find("build")
    if isinstance(build, Function) and not instance.attributes.get("__built__"):
        instance.attributes["__built__"] = True
        shapes = [one.shape for one in _flat(given) if isinstance(one, Tensor) and one.spec]
        shape = shapes[0] if len(shapes) == 1 else shapes
        call_function(to, Function(build.node, build.scope, instance), [shape], {}, line)
    return call_function(to, Function(method.node, method.scope, instance), given, named, line)
