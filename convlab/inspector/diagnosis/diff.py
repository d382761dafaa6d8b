"""A fix as a unified diff of code."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from convlab.errors import ConvlabError
from convlab.inspector.diagnosis.change import Change
from convlab.inspector.diagnosis.edits import applied

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.subjects import Subject


def diff_of(subject: Subject, changes: Sequence[Change]) -> str:
    """The changes as a diff of the Keras code that makes the network.

    Where Keras has no equal of a layer, so that there is no code, it is a diff of its layers.
    """
    if subject.model is None:
        return ""
    before = subject.as_given(applied(subject.model, (), subject.specs))
    after = subject.as_given(applied(subject.model, changes, subject.specs))
    lines = difflib.unified_diff(_lines(before), _lines(after), "before.py", "after.py", n=2)
    return "".join(f"{line.rstrip(chr(10))}\n" for line in lines)


def _lines(made: object) -> list[str]:
    from convlab.layers.base import Layer
    from convlab.models.code import to_code
    from convlab.models.model import Model

    try:
        text = to_code(made, "keras")
    except ConvlabError:
        layers: list[Layer] = made.operations if isinstance(made, Model) else []
        return [f"{layer.name} = {layer!r}\n" for layer in layers]
    return [f"{line}\n" for line in text.splitlines() if not line.startswith("# ")]
