"""Layers, inputs, models and operations from calls of Keras's names."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from convlab import layers
from convlab.errors import ConvlabError
from convlab.layers.base import Layer
from convlab.layers.input_layer import Input, InputLayer
from convlab.layers.node import Tensor, replaced, tensors_in
from convlab.layers.operators import Operator, Slot, from_keras3, from_tf
from convlab.layers.outline import ARGUMENTS, Outline
from convlab.models.code.reading import chains, meanings, ready
from convlab.models.code.reading.older import modern_call
from convlab.models.code.reading.refusing import CodeRefused, not_known, refused_by
from convlab.models.code.reading.values import (
    Data,
    Function,
    Inline,
    Instance,
    Name,
    Shape,
    Unknown,
    unknown_in,
)
from convlab.models.limits import Limits
from convlab.models.model import Model
from convlab.models.sequential import Sequential

if TYPE_CHECKING:
    from convlab.models.code.reading.interpreter import Interpreter

NOTHING = object()
"""Says that a name makes no layer."""

_NO_SHAPE = ("_initializer", "_regularizer", "_constraint", "activation")
_IDLE = ("dtype", "trainable", "weights", "seed", "name", "autocast", "rate", "init")
_SPATIAL = ("data_format",)
_OPENING = ("input_shape", "batch_input_shape", "input_dim", "batch_size")
_PLAIN = (int, str, tuple, list)
_INPUTS = ("Input", "InputLayer")
_MODELS = ("Model", "Functional")


def make(to: Interpreter, callee: Name, args: list[Any], kwargs: dict[str, Any], line: int) -> Any:
    """What a call of one of Keras's names makes; `NOTHING` where the name makes nothing."""
    if callee.last in _INPUTS and meanings.is_home(callee):
        return _input(to, callee, args, kwargs, line)
    if callee.last in _MODELS and meanings.is_home(callee):
        return _model(to, args, kwargs, line)
    if callee.last == "Sequential" and meanings.is_home(callee):
        return _sequential(to, args, kwargs, line)
    if meanings.is_application(callee):
        return ready.make(to, callee.last, args, kwargs, line)
    older = modern_call(callee.last, args, kwargs) if meanings.is_home(callee) else None
    if callee.last == "Merge" and meanings.is_home(callee):
        return _merged_models(to, args, kwargs, line)
    if older is not None and callee.last == "merge":
        inputs = older[1].pop("inputs")
        cls = meanings.layer_class(Name(f"keras.layers.{older[0]}"))
        if cls is None:
            return NOTHING
        return to.call(layer_of(to, cls, [], older[1], line), [inputs], {}, line)
    if older is not None:
        callee, args, kwargs = Name(f"keras.layers.{older[0]}"), [], older[1]
    if callee.last in meanings.MERGES and callee.path.startswith("keras.layers."):
        return _merged(to, callee.last, args, kwargs, line)
    if meanings.is_outlined(callee):
        return _outlined(to, callee.last, args, kwargs, line)
    cls = meanings.layer_class(callee)
    if cls is None:
        return NOTHING
    if meanings.is_lambda(cls):
        return _inline(args, kwargs, line)
    return layer_of(to, cls, args, kwargs, line)


def layer_of(
    to: Interpreter, cls: type[Layer], args: list[Any], kwargs: dict[str, Any], line: int
) -> Layer:
    """A layer; arguments that change no shape may be what they like."""
    names = list(inspect.signature(cls).parameters)
    given = dict(zip(names, args, strict=False)) | kwargs
    if len(args) > len(names):
        raise CodeRefused(
            f"{cls.__name__} takes {len(names)} arguments.",
            line=line,
            received=f"{len(args)}",
            remedy="Write them by name.",
        )
    told = {name: _argument(cls, name, value, line) for name, value in given.items()}
    told = {name: value for name, value in told.items() if value is not NOTHING}
    if cls is layers.Activation and "activation" in given:
        told.setdefault("activation", "linear")  # one of the text's own, which changes no shape
    if to.data_format is not None and "data_format" in names:
        told.setdefault("data_format", to.data_format)
    to.count_layer(line)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about `input_shape`, which is the text's own
            made = cls(**told)
    except ConvlabError as error:
        raise refused_by(error, line, layer=cls.__name__, arguments=told) from None
    to.note_made(made, line)
    return made


def _outlined(
    to: Interpreter, name: str, args: list[Any], kwargs: dict[str, Any], line: int
) -> Layer:
    """A layer of which the shapes alone are known; only what they depend upon must be told."""
    own = ARGUMENTS[name]
    by_place = [one for one, default in own.items() if default is None]
    given = dict(zip(by_place, args, strict=False)) | kwargs
    inner, called = given.pop("layer", None), given.pop("name", None)
    shape = {one: given.pop(one) for one in _OPENING if one in given and one not in own}
    unknown = unknown_in([*shape.values(), *(given.get(one) for one in own), inner])
    if unknown is not None:
        raise not_known(f"An argument of {name}", unknown.why, line)
    plain = {one: value for one, value in given.items() if isinstance(value, _PLAIN)}
    to.count_layer(line)
    called = called if isinstance(called, str) else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about `input_shape`, which is the text's own
            made = Outline(name, plain, inner, name=called, **shape)
    except ConvlabError as error:
        raise refused_by(error, line, layer=name, arguments=plain) from None
    to.note_made(made, line)
    return made


def _argument(cls: type[Layer], name: str, value: Any, line: int) -> Any:
    """An argument as the layer takes it; `NOTHING` for one that is not told and changes nothing."""
    free = name.endswith(_NO_SHAPE) or name in _IDLE
    if isinstance(value, Name):
        value = value.last
    odd = isinstance(value, Function | Instance | Inline | Data) or unknown_in(value) is not None
    if odd and free:
        return NOTHING
    if odd:
        unknown = unknown_in(value)
        why = unknown.why if unknown else "a function or an object of the text's own"
        raise not_known(f"The argument {name} of {cls.__name__}", f"{name}: {why}", line)
    if name.endswith(_NO_SHAPE) and isinstance(value, str):
        return value if _is_known(cls, name, value) else NOTHING
    return value


def _is_known(cls: type[Layer], name: str, value: str) -> bool:
    """Whether a name of an activation and the like is one of Keras's."""
    homes = {"activation": layers.activations, "_initializer": layers.initializers}
    homes |= {"_regularizer": layers.regularizers, "_constraint": layers.constraints}
    home: Any = next(module for ending, module in homes.items() if name.endswith(ending))
    try:
        home.get(value)
    except ConvlabError:
        return False
    return cls is not None


def input_of(to: Interpreter, shape: Shape, line: int) -> Tensor:
    """What goes in, of a shape with the batch."""
    return _checked(to, {"batch_shape": shape}, line)


def _input(
    to: Interpreter, callee: Name, args: list[Any], kwargs: dict[str, Any], line: int
) -> Any:
    names = ("shape", "batch_size")
    given = dict(zip(names, args, strict=False)) | kwargs
    if "batch_input_shape" in given:
        given["batch_shape"] = given.pop("batch_input_shape")
    if "input_shape" in given:
        given["shape"] = given.pop("input_shape")
    told: dict[str, Any] = {}
    for name, value in given.items():
        if name not in ("shape", "batch_size", "batch_shape", "name", "dtype"):
            continue
        unknown = unknown_in(value)
        if unknown is not None and name in ("shape", "batch_shape"):
            raise not_known("The shape of an input", f"{name}: {unknown.why}", line)
        if unknown is None:
            told[name] = value.last if isinstance(value, Name) else value
    if isinstance(told.get("shape"), int):
        told["shape"] = (told["shape"],)
    made = _checked(to, told, line)
    return made.node.layer if callee.last == "InputLayer" else made


def _checked(to: Interpreter, told: Mapping[str, Any], line: int) -> Tensor:
    shape = told.get("batch_shape") or told.get("shape") or ()
    if isinstance(shape, list | tuple) and len(shape) > Limits().rank:
        raise CodeRefused(
            f"An input has at most {Limits().rank} axes.",
            line=line,
            received=f"{len(shape)}",
            remedy="Give the shape of one example.",
        )
    to.count_layer(line)
    try:
        made = Input(**told)
    except ConvlabError as error:
        raise refused_by(error, line) from None
    to.note_made(made.node.layer, line)
    return made


def _model(to: Interpreter, args: list[Any], kwargs: dict[str, Any], line: int) -> Any:
    given = dict(zip(("inputs", "outputs", "name"), args, strict=False)) | kwargs
    inputs = given.get("inputs", given.get("input"))
    outputs = given.get("outputs", given.get("output"))
    unknown = unknown_in((inputs, outputs))
    if unknown is not None:
        raise not_known("The inputs and outputs of a model", unknown.why, line)
    name = given.get("name")
    try:
        made = Model(inputs, outputs, name=name if isinstance(name, str) else None)
    except ConvlabError as error:
        raise refused_by(error, line) from None
    to.note_model(made)
    to.note_made(made, line)
    return made


def _sequential(to: Interpreter, args: list[Any], kwargs: dict[str, Any], line: int) -> Any:
    name = kwargs.get("name")
    made = Sequential(name=name if isinstance(name, str) else None)
    to.note_model(made)
    to.note_made(made, line)
    listed = args[0] if args else kwargs.get("layers")
    for layer in listed if isinstance(listed, list | tuple) else []:
        add_to(to, made, layer, to.made.get(getattr(layer, "name", ""), line))
    return made


def add_to(to: Interpreter, model: Sequential, layer: Any, line: int) -> None:
    """Put a layer at the end of a chain."""
    if isinstance(layer, Unknown):
        raise not_known("A layer of a Sequential model", layer.why, line)
    if chains.added(to, model, layer, line):
        return
    if not isinstance(layer, Layer | Tensor):
        raise CodeRefused(
            "A Sequential model is a list of Keras's layers.",
            line=line,
            received=type(layer).__name__,
            remedy="Put a layer of Keras with the same shapes in its place.",
        )
    to.count_layer(line)
    try:
        model.add(layer)
    except ConvlabError as error:
        raise refused_by(error, line) from None
    if isinstance(layer, Layer) and not isinstance(layer, InputLayer):
        to.note_called(layer, line)


def _merged_models(to: Interpreter, args: list[Any], kwargs: dict[str, Any], line: int) -> Any:
    """Keras 1's `Merge([a, b], mode="concat")`: what the models give, joined."""
    given = {**dict(zip(("layers", "mode"), args, strict=False)), **kwargs}
    listed = given.pop("layers", None)
    tensors = [chains.end_of(to, one) for one in listed] if isinstance(listed, list | tuple) else []
    older = modern_call("merge", [tensors], given) if tensors and None not in tensors else None
    cls = meanings.layer_class(Name(f"keras.layers.{older[0]}")) if older else None
    if older is None or cls is None:
        return Unknown("a Merge of models whose inputs are not told", line)
    older[1].pop("inputs")
    return to.call(layer_of(to, cls, [], older[1], line), [tensors], {}, line)


def _merged(to: Interpreter, name: str, args: list[Any], kwargs: dict[str, Any], line: int) -> Any:
    """`concatenate([a, b])` and the like: a layer, made and called."""
    classes = {one: getattr(layers, one.capitalize()) for one in meanings.MERGES}
    inputs = args[0] if args else kwargs.pop("inputs", None)
    if name == "concatenate" and len(args) > 1:
        kwargs = {"axis": args[1]} | kwargs
    layer = layer_of(to, classes[name], [], kwargs, line)
    return to.call(layer, [inputs], {}, line)


def _inline(args: Sequence[Any], kwargs: Mapping[str, Any], line: int) -> Any:
    """A `Lambda` layer of a function of the text's own."""
    function = args[0] if args else kwargs.get("function")
    if isinstance(function, Function):
        shape = kwargs.get("input_shape")
        return Inline(function, shape if isinstance(shape, list | tuple) else None)
    return Unknown("a Lambda layer whose function is not written out", line)


def operate(
    to: Interpreter, callee: Name, args: list[Any], kwargs: dict[str, Any], line: int
) -> Any:
    """An operation of `keras.ops` or TensorFlow on tensors: a layer of its own."""
    unknown = unknown_in((args, kwargs))
    if unknown is not None:
        raise not_known(f"An argument of {callee.last}", unknown.why, line)
    found = meanings.operation(callee)
    tensors: list[Tensor] = []

    def slot(tensor: Tensor) -> Slot:
        tensors.append(tensor)
        return Slot(len(tensors) - 1)

    given, named = replaced((args, kwargs), slot)
    named.pop("name", None)
    made: Operator | None = None
    if found is not None and found[0] == "tensorflow":
        made = from_tf(found[1], given, named, {})
    elif found is not None:
        made = from_keras3(found[1], {}, given, named)
    if made is None:
        raise CodeRefused(
            "The operations that are read are those that convlab has.",
            line=line,
            received=f"{callee.path}(...) with these arguments",
            remedy="Put a layer of Keras with the same shapes in its place.",
        )
    to.count_layer(line)
    to.note_made(made, line)
    to.note_called(made, line)
    return made(list(tensors_in((args, kwargs))))
