"""What cannot be read is refused: which line, why, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convlab.errors import ArgumentError, ConvlabError

_LONGEST = 1000


class CodeRefused(ArgumentError):  # noqa: N818 -- refusing is no error
    """A piece of code that is not read.

    Args:
        rule: what is read, as a sentence.
        line: the number of the line in the text, from 1.
        received: what stands there.
        remedy: what to write instead.
        layer: the class of the layer that refuses its arguments, where one does.
        arguments: these arguments, by name.
        **more: as for `ArgumentError`.
    """

    def __init__(
        self,
        rule: str,
        *,
        line: int,
        received: str,
        remedy: str,
        layer: str | None = None,
        arguments: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> None:
        self.line, self.layer, self.arguments = line, layer, dict(arguments or {})
        told = f"line {line}: {_clipped(received)}"
        super().__init__(_clipped(rule), received=told, remedy=_clipped(remedy), **more)


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def not_known(what: str, why: str, line: int) -> CodeRefused:
    """A value that the text does not tell is needed."""
    return CodeRefused(
        f"{what} must be told by the text itself: it is read, and nothing in it is run.",
        line=line,
        received=why,
        remedy="Write the number or the layer in its place.",
    )


def too_much(what: str, most: int, line: int) -> CodeRefused:
    """A text that asks for more than a reader does."""
    return CodeRefused(
        f"A text may ask for at most {most:,} {what}.",
        line=line,
        received="more",
        remedy="Give the part that builds the model alone.",
    )


def refused_by(error: ConvlabError, line: int, **layer: Any) -> CodeRefused:
    """What a layer refuses, with the line; `layer` and `arguments` where they are known."""
    return CodeRefused(
        error.rule,
        line=line,
        received=error.received or "these arguments",
        remedy=error.remedy,
        argument=error.argument,
        fixes=error.fixes,
        **layer,
    )


def odd_values(error: Exception, line: int) -> CodeRefused:
    """Values that no layer is made for."""
    return CodeRefused(
        "Layers take numbers, texts and lists, and tensors in their places.",
        line=line,
        received=f"{type(error).__name__}: {error!s:.120}",
        remedy="Write the call as Keras documents it.",
    )
