"""The command line: `convlab app`, and what else `convlab --help` lists."""

from __future__ import annotations

import os
import shlex
import sys
from typing import Annotated

import typer

import convlab
from convlab.app.commands.animate import animate
from convlab.app.commands.app import app
from convlab.app.commands.diagnose import diagnose
from convlab.app.commands.explain import explain
from convlab.app.commands.quiz import quiz
from convlab.app.commands.solve import solve
from convlab.app.commands.trace import trace
from convlab.errors import ArgumentError, ConvlabError, DataError

cli = typer.Typer(
    name="convlab",
    help="See, step through and debug a convolutional layer.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_show_locals=False,
)
for command in (app, explain, trace, diagnose, animate, solve, quiz):
    cli.command()(command)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"convlab {convlab.__version__}")
        raise typer.Exit


@cli.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """See, step through and debug a convolutional layer."""


def report(error: ConvlabError) -> None:
    """Print the three parts of an error to the standard error stream."""
    from rich.console import Console
    from rich.text import Text

    rule, received, remedy = map(_shown, (error.rule, error.received, error.remedy))
    lines = [Text.assemble(("Error: ", "bold red"), (rule, "bold"))]
    if received:
        lines.append(Text.assemble(("  Received ", "dim"), received))
    if remedy:
        lines.append(Text.assemble(("  Remedy   ", "green"), remedy))
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text("\n").join(lines))


def _shown(text: str) -> str:
    """A part of an error, which may quote a file, as a terminal may show it."""
    from convlab.layers.naming import printable

    return "\n".join(map(printable, text.split("\n")))


def main() -> None:
    """Run the command line. Bad arguments end in their three-part message and exit code 2.

    So does what a library refuses: its words alone are of use to who typed the command. With
    CONVLAB_DEBUG=1 in the environment its traceback is shown.
    """
    try:
        cli()
    except ConvlabError as error:
        report(error)
        raise SystemExit(2) from None
    except (ValueError, TypeError, OverflowError, MemoryError) as error:
        if os.environ.get("CONVLAB_DEBUG"):
            raise
        report(_told(error))
        raise SystemExit(2) from None


def _told(error: Exception) -> ConvlabError:
    """What Python or a library says, in three parts."""
    command = shlex.join(["convlab", *sys.argv[1:]])
    if isinstance(error, MemoryError):
        return DataError(
            "There is not enough memory for this.", received=command, remedy="Use smaller sizes."
        )
    return ArgumentError(
        f"This cannot be computed: {error}",
        received=command,
        remedy="Check the arguments. CONVLAB_DEBUG=1 shows where it failed.",
    )
