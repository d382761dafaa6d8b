"""`convlab quiz`: a worksheet, and the answers apart from it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convlab.errors import ArgumentError, DataError

MOST = 200


def quiz(
    seed: Annotated[
        int, typer.Option(help="The same seed and level give everybody the same questions.")
    ] = 0,
    level: Annotated[
        int, typer.Option(help="1, one layer, to 4, networks that join branches.")
    ] = 1,
    count: Annotated[int, typer.Option(min=1, max=MOST, help="How many questions.")] = 10,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help=".html, which prints and needs no network, or .md. The answers are written "
            "beside it, as NAME-answers.",
            show_default="Markdown on the screen",
        ),
    ] = None,
    answers: Annotated[
        bool, typer.Option("--answers/--no-answers", help="Whether to write the answers.")
    ] = True,
) -> None:
    """Write questions about shapes, receptive fields and arguments, with their derivations."""
    from convlab.inspector.quizzing import Quiz, worksheet

    asked = Quiz(seed, level)
    if output is None:
        typer.echo(worksheet.markdown_questions(asked, count))
        if answers:
            typer.echo(worksheet.markdown_answers(asked, count))
        return
    if output.suffix not in (".html", ".md"):
        raise ArgumentError(
            "A worksheet is a page in HTML, or Markdown.",
            received=f"--output {output}",
            remedy="Name a file that ends in .html or .md.",
            argument="output",
        )
    html = output.suffix == ".html"
    make = worksheet.html_questions if html else worksheet.markdown_questions
    tell = worksheet.html_answers if html else worksheet.markdown_answers
    _write(output, make(asked, count))
    if answers:
        _write(output.with_stem(f"{output.stem}-answers"), tell(asked, count))


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise DataError(
            "The file can be written.",
            received=f"{file}: {error.strerror}",
            remedy="Check the path.",
        ) from None
    typer.echo(f"Saved {file}")
