"""Code for PyTorch: its classes, an instance, and a function from Keras's layout to Keras's."""

from __future__ import annotations

from convlab.errors import DataError
from convlab.layers.base import Layer
from convlab.models.code.program import Program, of_layer, of_model
from convlab.models.code.python_text import Names, comment
from convlab.models.code.to_torch.classes import TAKEN, Module, Writer
from convlab.models.code.to_torch.helpers import HELPERS
from convlab.models.code.to_torch.piece import IN_ORDER, Place
from convlab.models.model import Model


def written(subject: Layer, input_shape: object = None) -> str:
    """Code for PyTorch that computes what a layer or a model does.

    Raises:
        DataError: PyTorch has no equal of a layer.
    """
    writer = Writer()
    if isinstance(subject, Model):
        program, name = of_model(subject, Names(TAKEN)), "model"
    else:
        program, name = of_layer(subject, input_shape), "layer"
    module = writer.write(program, name.capitalize())
    helpers = [HELPERS[helper].strip("\n") + "\n" for helper in writer.helpers]
    parts = [*helpers, *writer.texts, _ending(module, name, _dtype(program))]
    return "\n\n".join([_heading(program, module, "".join(parts)), *parts])


def _dtype(program: Program) -> str:
    """The dtype in which all layers compute."""
    dtypes = set().union(*(_dtypes(call.layer) for call in program.calls))
    if len(dtypes) > 1:
        raise DataError(
            "PyTorch computes a model in one dtype.",
            received=f"layers that compute in {' and '.join(sorted(dtypes))}",
            remedy="Give all layers the same dtype.",
        )
    return next(iter(dtypes), "float32")


def _dtypes(layer: Layer) -> set[str]:
    """The dtypes in which a layer computes, or the layers of a model; operators have none."""
    if isinstance(layer, Model):
        return set().union(*map(_dtypes, (node.layer for node in layer.graph.calls)))
    return set() if layer.is_operator else {layer.compute_dtype}


def _heading(program: Program, module: Module, code: str) -> str:
    subject = program.subject
    what = f"model '{subject.name}'" if program.is_model else repr(subject)
    lines = comment(f"Computes what Keras's {what} does.")
    if any(place.last != IN_ORDER for _, place in module.inputs + module.outputs):
        lines += comment("Tensors have their channels first, as is usual in PyTorch;")
        lines += comment("run() at the end takes and gives arrays as Keras has them.")
    lines += ["import math", ""] if "math." in code else []
    lines += ["import torch", "from torch import nn"]
    lines += ["from torch.nn import functional as F"] if "F." in code else []
    return "\n".join(lines) + "\n"


def _ending(module: Module, name: str, dtype: str) -> str:
    """The instance, and a function between arrays in Keras's layout."""
    double = ".double()" if dtype == "float64" else ""
    names = [name for name, _ in module.inputs]
    lines = [f"{name} = {module.name}(){double}.eval()"]
    if module.weights:
        lines += [f"# {name}.set_weights(weights)  # what Keras's {name}.get_weights() gives"]
    lines += ["", "", f"def run({', '.join(names)}):"]
    lines += ['    """From arrays as Keras has them to arrays as Keras has them."""']
    for (_, place), given in zip(module.inputs, names, strict=True):
        moved = "" if _stands(place) else f".movedim(-1, {place.last})"
        lines += [f"    {given} = torch.as_tensor({given}, dtype=torch.{dtype}){moved}"]
    lines += ["    with torch.no_grad():", f"        y = {name}({', '.join(names)})"]
    back = ["" if _stands(p) else f".movedim({p.last}, -1)" for _, p in module.outputs]
    if len(back) == 1:
        lines += [f"    return y{back[0]}.numpy()"]
    else:
        each = ", ".join(f"y[{n}]{moved}.numpy()" for n, moved in enumerate(back))
        lines += [f"    return [{each}]"]
    return "\n".join(lines) + "\n"


def _stands(place: Place) -> bool:
    """Whether a value stands as in Keras."""
    return place.last == IN_ORDER or (place.rank or 3) < 3
