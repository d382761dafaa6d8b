"""A fix as a unified diff of code."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from convlab.errors import ConvlabError
from convlab.inspector.diagnosis.change import Change
from convlab.inspector.diagnosis.edits import applied
from convlab.inspector.diagnosis.rewriting import rewritten
from convlab.layers.base import Layer
from convlab.layers.node import Spec
from convlab.models.calls import Calls, calls_of
from convlab.models.code import to_code
from convlab.models.code.reading import read_code
from convlab.models.model import Model

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.subjects import Subject


def diff_of(subject: Subject, changes: Sequence[Change]) -> str:
    """The changes as a diff of the user's code, or of the Keras code that makes the network.

    Where Keras has no equal of a layer, so that there is no code, it is a diff of its layers.
    """
    if subject.model is None:
        return ""
    after = applied(subject.model, changes, subject.specs)
    own = own_code(subject, changes, after)
    if own is not None and subject.source is not None:
        return unified(subject.source.splitlines(), own.splitlines(), "code.py")
    if "lines" not in subject.remembered:
        before = applied(subject.model, (), subject.specs)
        subject.remembered["lines"] = _lines(subject.as_given(before))
    return unified(subject.remembered["lines"], _lines(subject.as_given(after)), "model.py")


def own_code(subject: Subject, changes: Sequence[Change], after: Model) -> str | None:
    """The user's code with the changes, if what is read of it then is the changed network."""
    if subject.source is None or subject.read is None:
        return None
    text = rewritten(subject.source, subject.read, changes)
    if text is None:
        return None
    try:
        again = read_code(text)
        specs = tuple(specs_like(again.model, subject, changes))
        found = calls_of(again.model, specs)
    except ConvlabError:
        return None
    wanted = calls_of(after, [tensor.spec for tensor in after.inputs])
    same = [wire.spec for wire in found.outputs] == [wire.spec for wire in wanted.outputs]
    return text if same and _errors(found) == _errors(wanted) else None


def specs_like(model: Model, subject: Subject, changes: Sequence[Change]) -> Iterator[Spec | None]:
    """What goes into the network that changed code makes: what was given, if it was not changed."""
    fed = {change.layer for change in changes if change.kind == "input_shape"}
    given = subject.specs if len(subject.specs) == len(model.inputs) else [None] * len(model.inputs)
    for tensor, spec in zip(model.inputs, given, strict=True):
        yield tensor.spec if tensor.name in fed or spec is None else spec


def _errors(calls: Calls) -> int:
    return sum(call.error is not None for call in calls.calls)


def unified(before: Sequence[str], after: Sequence[str], name: str) -> str:
    """Two texts as a unified diff."""
    lines = difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", n=2, lineterm="")
    return "\n".join(lines) + "\n"


def _lines(made: object) -> list[str]:
    try:
        text = to_code(made, "keras")
    except ConvlabError:
        layers: list[Layer] = made.operations if isinstance(made, Model) else []
        return [f"{layer.name} = {layer!r}" for layer in layers]
    return [line for line in text.splitlines() if not line.startswith("# ")]
