"""From the text of a traceback to a `Failure`."""

from __future__ import annotations

import re
from dataclasses import replace

from convlab.inspector.failing.failure import Failure
from convlab.inspector.failing.texts.lines import bounded, message_of, user_lines
from convlab.inspector.failing.texts.names import class_and_name, known_class, layer_in
from convlab.inspector.failing.texts.rebuilt import layer_from, model_of
from convlab.inspector.failing.texts.sentences import told_by
from convlab.inspector.failing.texts.told import Told, shapes_in
from convlab.inspector.failing.wording import gave_its_input, kind_of, spoken

_VERSIONS = (
    (
        "keras",
        "3",
        re.compile(r"Arguments received by \w+\.call|/keras/src/ops/|KerasTensor shape"),
    ),
    ("keras", "2", re.compile(r"Call arguments received by|/keras/engine/|keras/src/engine/")),
)
_FRAMEWORKS = (
    ("convlab", re.compile(r"convlab\.errors\.|/convlab/layers/")),
    ("torch", re.compile(r"/torch/nn/|Given groups=\d+, weight of size|mat1 and mat2")),
    ("keras", re.compile(r"[Kk]eras|layer")),
    ("tensorflow", re.compile(r"tensorflow|\{\{node")),
)


def failure_of_text(text: str) -> Failure:
    """What the text of a traceback tells; a text that is none tells at least its own words."""
    lines = bounded(text)
    _, message = message_of(lines)
    whole, said = "\n".join(lines), spoken(message)
    class_name, name = class_and_name(message)
    if class_name is not None and known_class(class_name) is None:
        class_name, name = None, class_and_name(said)[1]  # the model around the layer
    told = _told(said, message, class_name)
    mine = tuple(user_lines(lines))
    layer = layer_in(mine)
    if layer is None or not _fits(layer.class_name, class_name or told.layer_class):
        layer = layer_from(class_name, name, told)
    loss = told.kind == "output-size"
    model = None if layer is None or loss else model_of(layer, told)
    return Failure(
        message=said,
        kind=told.kind or kind_of(said, class_name),
        framework=next((name for name, found in _FRAMEWORKS if found.search(whole)), None),
        versions={key: number for key, number, found in _VERSIONS if found.search(whole)},
        layer_class=layer.class_name if layer else class_name or told.layer_class,
        layer_name=layer.name if layer and model else name,
        arguments={} if layer is None else layer.arguments(),
        argument_shapes=told.shapes,
        model=model,
        output_shape=told.wanted,
        lines=mine,
    )


def _told(said: str, message: str, class_name: str | None) -> Told:
    """What the message tells, and what Keras adds of the arguments of the innermost call."""
    told, no_room = told_by(said), gave_its_input(said, class_name)
    if told.shapes and not no_room:
        return told
    received = message[message.find("rguments received by") :]
    tensors = re.findall(r"(?:Tensor\(|KerasTensor )shape=(\([^()\n]{0,120}\))", received[:10_000])
    shapes = tuple(shape for one in tensors for shape in shapes_in(one))
    kind = "negative-size" if no_room else told.kind
    return replace(told, shapes=shapes, kind=kind) if class_name else told


def _fits(found: str, said: str | None) -> bool:
    """Whether the layer in the user's line can be the one of which the message speaks."""
    return said is None or found == said or known_class(said) is None
