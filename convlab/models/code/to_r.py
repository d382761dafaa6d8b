"""Code for R's package keras3, whose functions are Keras's layers under other names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from convlab.layers.base import Layer, Shape
from convlab.layers.joining import Joining
from convlab.layers.node import leaves
from convlab.layers.operators.layer import Operator
from convlab.layers.operators.template import Slot
from convlab.models.code.arguments import automatic
from convlab.models.code.folding import R, fold
from convlab.models.code.program import (
    Call,
    Program,
    Value,
    has_weights,
    of_layer,
    of_model,
    values_in,
)
from convlab.models.code.python_text import Names
from convlab.models.code.r_functions import arguments, function_of
from convlab.models.code.r_text import call, literal, shape_of
from convlab.models.code.refused import no_equal
from convlab.models.model import Model
from convlab.models.sequential import Sequential

_SYMBOLS = {"add": "+", "subtract": "-", "multiply": "*", "true_divide": "/", "power": "^"}


def written(subject: Layer, input_shape: object = None) -> str:
    """Code for R's keras3 that makes the same layer or model, with other weights.

    Raises:
        DataError: it has no equal of a layer.
    """
    if isinstance(subject, Model):
        body, name = _Models().write(subject, "model"), "model"
    else:
        program = of_layer(subject, input_shape)
        shape = program.inputs[0].shape
        made = call(function_of(subject), arguments(subject, shape, keep_name=False))
        body, name = [*_folded(f"layer <- {made}"), *_built(program)], "layer"
    setting = f"# set_weights({name}, weights)  # a list of arrays, as get_weights({name}) gives it"
    ending = [setting] if has_weights(subject) else []
    return "\n".join(["library(keras3)", "", *body, *ending]) + "\n"


def _built(program: Program) -> list[str]:
    (call_,) = program.calls
    shape = program.inputs[0].shape
    if not call_.layer.weighted or shape is None or isinstance(call_.layer, Joining):
        return []
    return [f"layer$build(shape({', '.join(map(literal, (None, *shape[1:])))}))"]


def _folded(line: str) -> list[str]:
    return fold(line, R).split("\n")


class _RNames(Names):
    """Names of variables in R, which begin with a letter."""

    def new(self, wanted: str) -> str:
        """A name like the wanted one that no other has."""
        cleaned = wanted.lstrip("_0123456789. ")
        return super().new(cleaned if cleaned == wanted else f"x_{cleaned or wanted.strip('_ .')}")


class _Models:
    """Writes a model, and before it the models that it holds."""

    def __init__(self) -> None:
        self.names = _RNames(("model", "layer", "weights", "c", "list", "shape", *_RESERVED))
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
        spec = model.inputs[0].spec
        first = {} if spec is None else {"input_shape": shape_of(spec.shape[1:])}
        lines = [f"{variable} <- {call('keras_model_sequential', first | _name(model))}"]
        for node in model.graph.calls:
            before = node.inputs[0].spec
            lines += self._piped(node.layer, None if before is None else before.shape)
        self.lines += " |>\n".join(lines).split("\n")

    @staticmethod
    def _piped(layer: Layer, shape: Shape | None) -> list[str]:
        made = call(function_of(layer), arguments(layer, shape, keep_name=True))
        return [fold(f"  {made}", R)]

    def _functional(self, model: Model, variable: str) -> None:
        program = of_model(model, self.names)
        for tensor, value in zip(model.graph.flat_inputs, program.inputs, strict=True):
            self._say(value.name, _input(tensor.node.layer, value))
        times = Counter(id(call_.layer) for call_ in program.calls)
        for call_ in program.calls:
            self._call(call_, shared=times[id(call_.layer)] > 1)
        ends = {
            "inputs": _names(program.inputs),
            "outputs": _names(values_in(program.outputs)),
        }
        self._say(variable, call("keras_model", ends | _name(model)))

    def _call(self, call_: Call, *, shared: bool) -> None:
        layer, inputs = call_.layer, call_.inputs
        if len(call_.outputs) > 1:
            result = f"c({', '.join(value.name for value in call_.outputs)}) %<-%"
        else:
            result = f"{call_.outputs[0].name} <-"
        if set(call_.kwargs) - {"training", "mask"}:
            raise no_equal(layer, "r", "it is called with more", "Call it on its input alone.")
        if isinstance(layer, Operator):
            expression = _operation(layer, inputs)
        elif shared or isinstance(layer, Model):
            expression = f"{self._variable(layer, inputs[0].shape)}({_names(inputs)})"
        else:
            words = arguments(layer, inputs[0].shape, keep_name=True)
            made = call(function_of(layer), words)
            if isinstance(layer, Joining):
                end = made.index("(") + 1
                comma = ", " if words else ""
                expression = f"{made[:end]}{_listed(inputs)}{comma}{made[end:]}"
            else:
                expression = f"{inputs[0].name} |> {made}"
        self.lines += _folded(f"{result} {expression}")

    def _variable(self, layer: Layer, shape: Shape | None) -> str:
        """The variable of what is called more than once, or of a model."""
        if id(layer) not in self.variables:
            name = self.variables[id(layer)] = self.names.new(f"{layer.name}_layer")
            if isinstance(layer, Model):
                self.write(layer, name)
            else:
                words = arguments(layer, shape, keep_name=True)
                self._say(name, call(function_of(layer), words))
        return self.variables[id(layer)]

    def _say(self, variable: str, expression: str) -> None:
        self.lines += _folded(f"{variable} <- {expression}")


_RESERVED = ("if", "else", "repeat", "while", "function", "for", "next", "break", "in", "T", "F")


def _names(values: Iterable[Value]) -> str:
    """One variable, or a list of them."""
    values = list(values)
    return values[0].name if len(values) == 1 else _listed(values)


def _listed(values: Iterable[Value]) -> str:
    return f"list({', '.join(value.name for value in values)})"


def _input(layer: Layer, value: Value) -> str:
    batch, *sizes = value.shape or (None,)
    shape = {"shape": shape_of(tuple(sizes))} if batch is None else {}
    shape |= {} if batch is None else {"batch_shape": shape_of(value.shape or ())}
    dtype = {} if value.dtype == "float32" else {"dtype": literal(value.dtype)}
    name = {} if automatic(layer) else {"name": literal(layer.name)}
    return call("keras_input", shape | dtype | name)


def _name(model: Model) -> dict[str, str]:
    return {} if automatic(model) else {"name": literal(model.name)}


def _operation(layer: Operator, inputs: list[Value]) -> str:
    """An operation of two operands, each a value or a number."""
    simple = all(isinstance(a, Slot | int | float) for a in leaves(list(layer.args)))
    if layer.operation not in _SYMBOLS or layer.kwargs or not simple:
        raise no_equal(
            layer,
            "r",
            f"convlab does not write the operation {layer.operation!r}",
            "Use a layer in its place, or write it yourself.",
        )
    words = [inputs[a.index].name if isinstance(a, Slot) else literal(a) for a in layer.args]
    return f"{words[0]} {_SYMBOLS[layer.operation]} {words[1]}"
