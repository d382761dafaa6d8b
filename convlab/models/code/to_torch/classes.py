"""The classes of code for PyTorch: what a module is made of, computes, and takes as weights."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field

from convlab.layers.base import Layer
from convlab.models.code.folding import fold
from convlab.models.code.program import Call, Program, Value, of_model, own_name, values_in
from convlab.models.code.python_text import Names, comment, identifier
from convlab.models.code.refused import no_equal
from convlab.models.code.to_torch.helpers import HELPERS
from convlab.models.code.to_torch.piece import IN_ORDER, Piece, Place, Step
from convlab.models.code.to_torch.pieces import piece_of
from convlab.models.model import Model

_OWN = ("self", "torch", "nn", "F", "math", "w", "weights", "run", "layer", "model")
TAKEN = (*_OWN, *HELPERS, *dir(builtins))
"""Names that stand for something else in the code."""

OF_MODULES = (
    *("add_module", "apply", "bfloat16", "buffers", "call_super_init", "children", "compile"),
    *("cpu", "cuda", "double", "dump_patches", "eval", "extra_repr", "float", "forward"),
    *("get_buffer", "get_extra_state", "get_parameter", "get_submodule", "half", "ipu"),
    *("load_state_dict", "modules", "mtia", "named_buffers", "named_children", "named_modules"),
    *("named_parameters", "parameters", "register_backward_hook", "register_buffer"),
    *("register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook"),
    *("register_full_backward_pre_hook", "register_load_state_dict_post_hook"),
    *("register_load_state_dict_pre_hook", "register_module", "register_parameter"),
    *("register_state_dict_post_hook", "register_state_dict_pre_hook", "requires_grad_"),
    *("set_extra_state", "set_submodule", "share_memory", "state_dict", "to", "to_empty"),
    *("train", "training", "type", "xpu", "zero_grad", "set_weights"),
)
"""What every module of PyTorch has: no layer in it may take these names."""

_INDENT = " " * 8


@dataclass
class Module:
    """A class of PyTorch, as it is written.

    Attributes:
        name: its name.
        inputs: what `forward` takes: names, and how the values stand.
        outputs: the same of what it gives.
        init: the statements of `__init__`.
        forward: those of `forward`.
        weights: those of `set_weights`.
    """

    name: str
    inputs: list[tuple[str, Place]] = field(default_factory=list)
    outputs: list[tuple[str, Place]] = field(default_factory=list)
    init: list[str] = field(default_factory=list)
    forward: list[str] = field(default_factory=list)
    weights: list[str] = field(default_factory=list)

    def text(self, what: str) -> str:
        """The class as text; `what` is the thing whose weights it takes."""
        lines = [f"class {self.name}(nn.Module):"]
        if self.init:
            lines += ["    def __init__(self):", f"{_INDENT}super().__init__()"]
            lines += [fold(_INDENT + line) for line in self.init] + [""]
        names = ", ".join(name for name, _ in self.inputs)
        lines += [f"    def forward(self, {names}):"]
        lines += [fold(_INDENT + line) for line in self.forward]
        lines += [f"{_INDENT}return {', '.join(name for name, _ in self.outputs)}"]
        if self.weights:
            lines += ["", "    def set_weights(self, weights):"]
            lines += [f'{_INDENT}"""Take what Keras\'s {what}.get_weights() gives."""']
            lines += [f"{_INDENT}w = iter(map(torch.as_tensor, weights))"]
            lines += [fold(_INDENT + line) for line in self.weights]
        return "\n".join(lines) + "\n"


class Writer:
    """Writes the classes of a layer or model, and of the models in it."""

    def __init__(self) -> None:
        self.classes = Names(("Layer", "Model"))
        self.helpers: list[str] = []
        self.texts: list[str] = []

    def write(self, program: Program, name: str) -> Module:
        """Write a class of a program, behind those that it uses."""
        module = Module(name)
        _Body(self, module, program).write()
        self.texts.append(module.text("model" if program.is_model else "layer"))
        return module


class _Body:
    """The statements of one class."""

    def __init__(self, writer: Writer, module: Module, program: Program) -> None:
        self.writer, self.module, self.program = writer, module, program
        self.chain = program.is_chain
        self.places: dict[str, Place] = {}
        self.attributes: dict[int, str] = {}
        self.names = Names(OF_MODULES)
        self.nested: dict[int, Piece] = {}

    def write(self) -> None:
        for value in self.program.inputs:
            self.places[value.name] = Place(value.shape, self._wanted(value))
            self.module.inputs.append(self._told(value))
        for call in self.program.calls:
            self._call(call)
        self.module.outputs = [self._told(value) for value in values_in(self.program.outputs)]

    def _told(self, value: Value) -> tuple[str, Place]:
        return self._name(value), self.places[value.name]

    def _name(self, value: Value) -> str:
        """The variable of a value; in a chain, each takes the place of the one before."""
        return "x" if self.chain else value.name

    def _wanted(self, value: Value) -> int:
        """How an input stands best: as the first layer takes it that does not take it as it is."""
        alike = {value.name}
        for call in self.program.calls:
            inputs = call.inputs
            if not any(v.name in alike for v in inputs):
                continue
            piece = self._piece(call.layer, tuple(Place(v.shape) for v in inputs))
            place = next(n for n, v in enumerate(inputs) if v.name in alike)
            taken = piece.takes[place]
            if taken is not None:
                return taken
            alike |= {output.name for output in call.outputs}
        return IN_ORDER

    # Calls

    def _call(self, call: Call) -> None:
        _check_arguments(call)
        values = call.inputs
        piece = self._piece(call.layer, tuple(self.places[v.name] for v in values))
        self.writer.helpers += [h for h in piece.helpers if h not in self.writer.helpers]
        names = [
            self._moved(value, takes) for value, takes in zip(values, piece.takes, strict=False)
        ]
        outputs = [self._name(value) for value in call.outputs]
        if len(names) == 1 and names != [self._name(values[0])]:
            order = "channels last, as in Keras" if piece.takes[0] == IN_ORDER else "channels first"
            self.module.forward.append(f"{outputs[0]} = {names[0]}  # {order}")
            names = outputs[:1]
        self._steps(piece, call.layer, names, outputs)
        for value, last in zip(call.outputs, piece.gives, strict=False):
            self.places[value.name] = Place(value.shape, last)

    def _piece(self, layer: Layer, places: tuple[Place, ...]) -> Piece:
        if isinstance(layer, Model):
            return self._nested(layer)
        _check_dtype(layer)
        return piece_of(layer, places)

    def _moved(self, value: Value, takes: int | None) -> str:
        """The expression of a value whose last axis stands where it is taken."""
        name, place = self._told(value)
        rank = place.rank
        if takes is None or takes == place.last or (rank is not None and rank < 3):
            return name
        return f"{name}.movedim({place.last}, {takes})"

    def _steps(self, piece: Piece, layer: Layer, names: list[str], outputs: list[str]) -> None:
        self_ = self._attribute(piece, layer) if piece.module else ""
        result = ", ".join(outputs)
        if not piece.steps and names[0] != result:
            self.module.forward.append(f"{result} = {names[0]}")
        for number, step in enumerate(piece.steps):
            given = names if number == 0 else outputs[:1]
            filling = {f"x{n}": name for n, name in enumerate(given)}
            expression = step.expression.format(
                x=given[0], xs=", ".join(given), self=f"self.{self_}", **filling
            )
            self.module.forward += self._why(step)
            if expression != result:
                self.module.forward.append(f"{result} = {expression}")

    @staticmethod
    def _why(step: Step) -> list[str]:
        return [line[8:] for line in comment(step.why, _INDENT)] if step.why else []

    def _attribute(self, piece: Piece, layer: Layer) -> str:
        """The attribute of a layer's module, made when the layer is first called."""
        if id(layer) in self.attributes:
            return self.attributes[id(layer)]
        wanted = layer.name if self.program.is_model else own_name(layer)
        name = self.attributes[id(layer)] = self.names.new(wanted)
        made = piece.module or ""
        if piece.definition:
            cls = self.writer.classes.new(_class_name(layer, self.program.is_model))
            self.writer.texts.append(piece.definition.format(cls=cls).strip("\n") + "\n")
            made = made.format(cls=cls)
        self.module.init.append(f"self.{name} = {made}")
        self.module.weights += [line.format(self=f"self.{name}") for line in piece.weights]
        return name

    def _nested(self, model: Model) -> Piece:
        """A model in a model: a class of its own, whose inputs and outputs stand as it has them."""
        if id(model) in self.nested:
            return self.nested[id(model)]
        name = self.writer.classes.new(_class_name(model, True))
        module = self.writer.write(of_model(model, Names(TAKEN)), name)
        piece = Piece(
            (Step("{self}({xs})"),),
            f"{name}()",
            ("{self}.set_weights(w)",) if module.weights else (),
            tuple(place.last for _, place in module.inputs),
            tuple(place.last for _, place in module.outputs),
        )
        self.nested[id(model)] = piece
        return piece


def _class_name(layer: Layer, of_model: bool) -> str:
    """The name of a class: that of the layer's own, or made of its name in a model."""
    words = layer.name.split("_") if of_model else [layer.class_name]
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return identifier(name)


def _check_arguments(call: Call) -> None:
    """Refuse arguments of a call that change what it computes."""
    known = {"training": (False, None), "mask": (None,), "initial_state": None}
    for name, value in call.kwargs.items():
        harmless = known.get(name, ())
        if harmless is not None and not any(value is one for one in harmless):
            raise no_equal(
                call.layer,
                "torch",
                f"it is called with {identifier(name)}",
                "Call it on its input alone.",
            )


def _check_dtype(layer: Layer) -> None:
    policy = layer.dtype_policy
    if policy.compute_dtype not in ("float32", "float64") or policy.name.startswith("mixed"):
        raise no_equal(
            layer,
            "torch",
            f"with dtype={policy.name!r} it rounds sums elsewhere",
            'Use dtype="float32" or "float64".',
        )
