"""`convlab trace`: every layer of a model in a file, printed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from convlab.errors import ArgumentError, DataError


def trace(
    file: Annotated[
        str, typer.Argument(help="A .keras or .h5 file, or the JSON that to_json() gave; - reads.")
    ],
    input: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            "-i",
            metavar="SIZES",
            help="What goes in instead, such as 224,224,3; once for each input.",
        ),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Comma-separated values.")] = False,
    json: Annotated[bool, typer.Option("--json", help="JSON.")] = False,
) -> None:
    """Trace shapes, costs and receptive fields through a model, layer by layer.

    The model is read as data: nothing in the file is executed. The exit code is 1 where shapes
    conflict, so that a build can stop there.
    """
    from convlab.inspector import trace as follow
    from convlab.models import load_model

    if csv and json:
        raise ArgumentError(
            "A trace is printed in one form.",
            received="--csv and --json",
            remedy="Leave one of them out.",
        )
    try:
        source: Any = sys.stdin.buffer.read() if file == "-" else Path(file)
        model = load_model(source, weights=False)
    except OSError as error:
        raise DataError(
            "The file can be opened.",
            received=f"{file}: {error.strerror}",
            remedy="Check the path.",
        ) from None
    found = follow(model, shapes(input))
    if csv:
        typer.echo(found.to_csv(), nl=False)
    elif json:
        typer.echo(found.to_json())
    else:
        _print(found)
    if found.conflicts:
        raise typer.Exit(1)


def shapes(given: list[str] | None) -> Any:
    """The shapes that an option gives: None, one, or a list of several."""
    from convlab.models.source import parse_shape

    found = [parse_shape(text) for text in given or ()]
    return None if not found else found[0] if len(found) == 1 else found


def _print(found: Any) -> None:
    """Print the table: in colour and folded to its width on a terminal, else as it is."""
    from rich.console import Console

    from convlab.inspector import tabular

    console = Console()
    if not console.is_terminal:
        typer.echo(found.text())
        return
    console.print(tabular.table(found))
    console.print(tabular.totals(found), markup=False, emoji=False)
