"""`convlab explain`: the arithmetic of a layer, printed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Format(StrEnum):
    """How the explanation is written."""

    text = "text"
    html = "html"
    latex = "latex"


def explain(
    layer: Annotated[
        str, typer.Argument(help="The layer, such as 'Conv2D(8, 3, strides=2, padding=\"same\")'.")
    ],
    input: Annotated[
        str,
        typer.Option(
            "--input",
            "-i",
            metavar="SIZES",
            help="The input's shape, with or without the batch, such as 28,28,1 or None,None,3.",
        ),
    ],
    format: Annotated[
        Format, typer.Option("--format", "-f", help="Plain text, an HTML fragment, or LaTeX.")
    ] = Format.text,
) -> None:
    """Explain a layer's output shape, parameters and multiplications, step by step.

    The layer is read as data: nothing in it is executed.
    """
    from convlab.inspector import explain as derive
    from convlab.models.source import parse_call, parse_shape

    explained = derive(parse_call(layer), parse_shape(input))
    if format is Format.html:
        typer.echo(explained.html())
    elif format is Format.latex:
        typer.echo(explained.latex())
    else:
        _print(explained.text())


def _print(text: str) -> None:
    """Print with numbers in colour on a terminal, and as it stands elsewhere."""
    from rich.console import Console

    Console(soft_wrap=True).print(text, markup=False, emoji=False)
