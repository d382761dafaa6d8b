"""What is known of code that failed: the layer, what went into it, and the graph up to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from convlab.models.model import Model

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class SourceLine:
    """A line of the user's program that the error passed through.

    Attributes:
        file: the file, as the traceback names it.
        number: the line's number, from 1.
        text: the line without its indentation; "" where it is not known.
        function: the function in which it stands.
    """

    file: str
    number: int
    text: str = ""
    function: str = ""


@dataclass(frozen=True)
class Failure:
    """A call that failed, as far as an exception or the text of a traceback tells it.

    Attributes:
        message: what the framework says is wrong, without what it repeats around it.
        kind: the kind of finding that the message speaks of, such as "join-sizes"; None where it
            is none that is known.
        framework: "keras", "tensorflow", "torch" or "convlab"; None where nothing tells.
        versions: the versions of the frameworks, by name, where they are known.
        layer_class: the class of the layer that failed, or of the operation.
        layer_name: its name among the rows of a trace of `model`, such as "outer/inner".
        arguments: the layer's arguments, as far as they are known.
        argument_shapes: the shapes that went into it, batch first.
        model: the graph up to the failing call, that call included; where only a text is known,
            the failing layer alone. Its shapes conflict: it is for `trace` and `diagnose`, not for
            computing.
        input_shapes: the shapes with which `model` was called, where it was given others than its
            own; a shape, or a list of them for several inputs.
        output_shape: the shape that was wanted of `model`, where the failure is that it gives
            another.
        lines: the user's lines that lead to the failure, the outermost first.
    """

    message: str
    kind: str | None = None
    framework: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    layer_class: str | None = None
    layer_name: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    argument_shapes: tuple[Shape, ...] = ()
    model: Model | None = None
    input_shapes: Any = None
    output_shape: Any = None
    lines: tuple[SourceLine, ...] = ()
