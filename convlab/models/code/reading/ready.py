"""Networks that Keras has ready, in a text: those of `keras.applications`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlab.errors import ConvlabError
from convlab.models.applications.making import application, arguments_of
from convlab.models.code.reading.refusing import not_known, refused_by
from convlab.models.code.reading.values import Unknown, unknown_in
from convlab.models.model import Model

if TYPE_CHECKING:
    from convlab.models.code.reading.interpreter import Interpreter

_SHAPING = ("input_shape", "input_tensor", "include_top", "pooling", "alpha", "minimalistic")


def make(to: Interpreter, name: str, args: list[Any], kwargs: dict[str, Any], line: int) -> Model:
    """The network that a constructor makes; weights and classes may be what they like."""
    given = arguments_of(name, args, kwargs)
    unknown = unknown_in([given.get(one) for one in _SHAPING])
    if unknown is not None:
        raise not_known(f"An argument of {name}", unknown.why, line)
    if isinstance(given.get("weights"), Unknown):  # the name of a file, most often
        given["weights"] = None
    told = {one: value for one, value in given.items() if not isinstance(value, Unknown)}
    try:
        made = application(name, **told)
    except ConvlabError as error:
        raise refused_by(error, line, layer=name, arguments=told) from None
    to.count_layer(line, len(made.graph.nodes))
    to.note_model(made)
    to.note_made(made, line)
    for tensor in made.inputs:
        to.note_made(tensor.node.layer, line)
    to.ready |= {node.layer.name for node in made.graph.calls}
    return made
