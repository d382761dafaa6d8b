"""Code for Keras 3."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from convlab.layers.base import Layer
from convlab.layers.construction import required
from convlab.layers.locally_connected import LocallyConnected
from convlab.layers.node import replaced, with_leaves
from convlab.layers.opaque import Opaque
from convlab.layers.operators.layer import Operator
from convlab.layers.operators.template import filled
from convlab.layers.outline import ARGUMENTS, Outline
from convlab.layers.rectifiers import ThresholdedReLU
from convlab.layers.scaling import CustomScaleLayer, LayerScale
from convlab.layers.weight import Weight
from convlab.models.code.arguments import Made, arguments_of, automatic
from convlab.models.code.folding import fold
from convlab.models.code.program import Call, Program, Value, has_weights, of_layer, of_model
from convlab.models.code.python_text import Names, Raw, call, index, literal
from convlab.models.code.refused import no_equal
from convlab.models.model import Model
from convlab.models.sequential import Sequential

_TAKEN = ("keras", "layers", "ops", "np", "model", "weights")


def written(subject: Layer, input_shape: object = None) -> str:
    """Code for Keras 3 that makes the same layer or model, with other weights.

    Raises:
        DataError: Keras 3 has no equal of a layer.
    """
    if isinstance(subject, Model):
        body = _Models().write(subject, "model")
        name = "model"
        imports = ["import keras", "from keras import layers"]
        imports[1] += ", ops" if any("ops." in line for line in body) else ""
    else:
        program = of_layer(subject, input_shape)
        made = constructor(subject, keep_name=False)
        imports = ["import keras"] if "keras." in made else []
        imports += ["from keras import layers"]
        body = [fold(f"layer = {made}"), *_built(program)]
        name = "layer"
    ending = [f"# {name}.set_weights(weights)  # {_listed(subject)}"]
    ending = ending if has_weights(subject) else []
    return "\n".join([*imports, "", *body, *ending]) + "\n"


def _built(program: Program) -> list[str]:
    """The statement that makes the weights, where the shape is known."""
    (call_,) = program.calls
    shapes = [value.shape for value in program.inputs]
    if not call_.layer.weighted or None in shapes or len(shapes) > 1:
        return []
    return [f"layer.build({literal((None, *(shapes[0] or ())[1:]))})"]


def _listed(subject: Layer) -> str:
    """What weights are set, if they are few."""
    if isinstance(subject, Model) or not subject.weights:
        return "a list, as get_weights() gives it"
    return ", ".join(map(_weight, subject.weights))


def _weight(weight: Weight) -> str:
    return f"{weight.name} {weight.shape}"


def constructor(layer: Layer, *, keep_name: bool) -> str:
    """The call that makes a layer.

    >>> from convlab.layers import Conv2D
    >>> constructor(Conv2D(8, 3, kernel_regularizer="l2", name="stem"), keep_name=True)
    'layers.Conv2D(8, 3, kernel_regularizer="l2", name="stem")'
    """
    if isinstance(layer, Outline):
        return _outlined(layer, keep_name=keep_name)
    if isinstance(layer, LocallyConnected | CustomScaleLayer | LayerScale | Operator):
        raise _without_equal(layer)
    if not type(layer).__module__.startswith("convlab.layers.") or isinstance(layer, Opaque):
        raise no_equal(
            layer,
            "keras",
            "its class is not Keras's",
            "Leave it out of the model, and write it yourself.",
        )
    given = arguments_of(layer, "keras", keep_name=keep_name)
    name = layer.class_name
    if isinstance(layer, ThresholdedReLU):  # Keras 3 has it as an argument of ReLU
        name = "ReLU"
        given = {"threshold": float(given.pop("theta", layer.theta))} | given
    words = {key: _argument(value) for key, value in given.items()}
    first = [words.pop(key) for key in required(type(layer)) if key in words]
    return call(f"layers.{name}", *first, **words)


def _outlined(layer: Outline, *, keep_name: bool) -> str:
    """The call of a layer of which the shapes alone are known, with what decides upon them."""
    given = layer.changed_arguments()
    if not keep_name or automatic(layer):
        del given["name"]
    if layer.inner is not None:
        given["layer"] = Raw(constructor(layer.inner, keep_name=False))
    own = ARGUMENTS[layer.class_name]
    first = [given.pop(name) for name in list(given) if name in own and own[name] is None]
    return call(f"layers.{layer.class_name}", *first, **given)


def _argument(value: Any) -> Any:
    """An argument as it is written; an object of Keras's as a call."""
    if not isinstance(value, Made):
        return value
    config = {key: _argument(item) for key, item in value.config.items()}
    return Raw(call(f"keras.{value.kind}s.{value.name}", **config))


def _without_equal(layer: Layer) -> Exception:
    remedy = "Use to_code(layer, 'torch')."
    if isinstance(layer, LocallyConnected):
        remedy = "Use Keras 2, which is the package tf_keras, or to_code(layer, 'torch')."
    return no_equal(layer, "keras", "its class is not among Keras's layers", remedy)


class _Models:
    """Writes a model, and before it the models that it holds."""

    def __init__(self) -> None:
        self.names = Names(_TAKEN)
        self.lines: list[str] = []
        self.variables: dict[int, str] = {}

    def write(self, model: Model, variable: str) -> list[str]:
        """The statements that make a model under the name of a variable."""
        chain = isinstance(model, Sequential) and not any(
            isinstance(layer, Model) for layer in model.operations
        )
        (self._sequential if chain else self._functional)(model, variable)
        return self.lines

    def _sequential(self, model: Model, variable: str) -> None:
        first = [Raw(_input(model, 0))] if model.inputs[0].spec is not None else []
        made = [Raw(constructor(layer, keep_name=True)) for layer in model.operations]
        self._say(variable, call("keras.Sequential", [*first, *made], **_name(model)))

    def _functional(self, model: Model, variable: str) -> None:
        program = of_model(model, self.names)
        for place, value in enumerate(program.inputs):
            self._say(value.name, _input(model, place))
        times = Counter(id(call_.layer) for call_ in program.calls)
        for call_ in program.calls:
            self._call(call_, shared=times[id(call_.layer)] > 1)
        inputs = with_leaves(replaced(model.graph.inputs, _the(program)), _expression)
        outputs = with_leaves(program.outputs, _expression)
        self._say(variable, call("keras.Model", inputs, outputs, **_name(model)))

    def _call(self, call_: Call, *, shared: bool) -> None:
        layer = call_.layer
        result = ", ".join(value.name for value in call_.outputs)
        if isinstance(layer, Operator):
            self._say(result, _operation(layer, call_.inputs))
            return
        function = self._function(layer, shared=shared)
        args = with_leaves(call_.args, _expression)
        kwargs = with_leaves(dict(call_.kwargs), _expression)
        self._say(result, call(function, *args, **kwargs))

    def _function(self, layer: Layer, *, shared: bool) -> str:
        """What is called: a variable of what is called more than once, and of a model."""
        if id(layer) in self.variables:
            return self.variables[id(layer)]
        if not shared and not isinstance(layer, Model):
            return constructor(layer, keep_name=True)
        name = self.variables[id(layer)] = self.names.new(f"{layer.name}_layer")
        if isinstance(layer, Model):
            self.write(layer, name)
        else:
            self._say(name, constructor(layer, keep_name=True))
        return name

    def _say(self, variable: str, expression: str) -> None:
        self.lines += fold(f"{variable} = {expression}").split("\n")


def _the(program: Program) -> Any:
    """The value that stands for a tensor of the inputs."""
    values = iter(program.inputs)
    return lambda _: next(values)


def _expression(leaf: Any) -> Any:
    if isinstance(leaf, np.ndarray):
        return Raw(call("np.array", leaf.tolist(), leaf.dtype.name))
    return Raw(leaf.name) if isinstance(leaf, Value) else leaf


def _input(model: Model, place: int) -> str:
    """The call that makes an input."""
    tensor = model.graph.flat_inputs[place]
    batch, *sizes = tensor.shape
    shape: dict[str, Any] = {} if batch is None else {"batch_shape": tensor.shape}
    dtype = {} if tensor.dtype == "float32" else {"dtype": tensor.dtype}
    layer = tensor.node.layer
    name = {} if automatic(layer) or isinstance(model, Sequential) else {"name": layer.name}
    positional = () if shape else (tuple(sizes),)
    return call("keras.Input", *positional, **shape, **dtype, **name)


def _name(model: Model) -> dict[str, str]:
    return {} if automatic(model) else {"name": model.name}


_SYMBOLS = {"add": "+", "subtract": "-", "multiply": "*", "true_divide": "/", "power": "**"}
_ELSEWHERE = {"resize": "image.resize"}


def _operation(layer: Operator, inputs: Iterable[Value]) -> str:
    """An operation on symbols: `x * 0.5`, `x[:, 1:]`, or a function of `keras.ops`."""
    names = [Raw(value.name) for value in inputs]
    args = [_expression(argument) for argument in filled(list(layer.args), names)]
    kwargs = filled(dict(layer.kwargs or {}), names)
    operation = layer.operation
    if operation in _SYMBOLS and len(args) == 2:
        return f"{literal(args[0])} {_SYMBOLS[operation]} {literal(args[1])}"
    if operation == "get_item" and len(args) == 2:
        return f"{args[0]}[{index(args[1])}]"
    if operation == "squared_difference":
        return f"ops.square({literal(args[0])} - {literal(args[1])})"
    if operation == "add_n" and len(args) == 1:
        return " + ".join(map(literal, args[0]))
    return call(f"ops.{_ELSEWHERE.get(operation, operation)}", *args, **kwargs)
