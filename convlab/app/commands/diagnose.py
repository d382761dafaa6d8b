"""`convlab diagnose`: what is wrong with a network, why, and what mends it, printed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from convlab.inspector.diagnosis import Diagnosis


def diagnose(
    file: Annotated[
        str,
        typer.Argument(
            help="A .keras or .h5 file, the JSON that to_json() gave, Python code of plain layer "
            "calls, or the text of a traceback; - reads it from the standard input."
        ),
    ],
    input: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            "-i",
            metavar="SHAPE",
            help="The input's shape, such as 224,224,3; once for each input.",
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="SHAPE",
            help="The shape that is wanted; once for each output.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="JSON, with the code of every fix.")] = False,
    code: Annotated[
        bool, typer.Option("--code", help="Print the smallest fix of all as a diff.")
    ] = False,
) -> None:
    """Find what is wrong with the shapes of a network, why, and what mends it.

    What is handed over is read as data: nothing in it is executed. The exit code is 0 without an
    error, 1 with one, and 2 where the file cannot be read, so that a build can stop there.
    """
    from convlab.app.commands.trace import shapes
    from convlab.inspector.diagnosis import diagnose as find

    found = find(_subject(file), shapes(input), output_shape=shapes(output))
    if json:
        typer.echo(found.to_json())
    else:
        _print(found)
        if code and found.fixes:
            typer.echo(f"\n{found.fixes[0].code}", nl=False)
    if not found.ok:
        raise typer.Exit(1)


def _subject(file: str) -> Any:
    """The file's path; of the standard input the model or the text."""
    from pathlib import Path

    from convlab.inspector.diagnosis import Text

    if file != "-":
        return Path(file)
    data = sys.stdin.buffer.read()
    if data.startswith((b"PK\x03\x04", b"\x89HDF")):
        from convlab.models import load_model

        return load_model(data, weights=False)
    return Text(data.decode(errors="replace"))


def _print(found: Diagnosis) -> None:
    """Print the diagnosis: in colour and folded to its width on a terminal, else as it is."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    if not console.is_terminal:
        typer.echo(found.text())
        return
    for line in found.text(min(console.width, 110)).split("\n"):
        style = "bold red" if line.startswith("x ") else ""
        style = "green" if line.startswith("  > ") else style
        console.print(Text(line, style=style))
