"""`convlab solve`: the arguments or the input sizes that give a wanted size, printed."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convlab.errors import ArgumentError, DataError

if TYPE_CHECKING:
    from convlab.models.model import Model


def solve(
    subject: Annotated[
        str,
        typer.Argument(
            help="A layer's name or call, such as Conv2D or 'Conv2D(8, 3)'; or a model: a .keras "
            "or .h5 file, or the JSON that to_json() gave; - reads it."
        ),
    ],
    before: Annotated[
        str | None,
        typer.Option(
            "--in", "-i", metavar="SIZES", help="The input's size, such as 28 or 28,32; or unknown."
        ),
    ] = None,
    after: Annotated[
        str | None, typer.Option("--out", "-o", metavar="SIZES", help="The wanted size.")
    ] = None,
    bound: Annotated[
        list[str] | None,
        typer.Option(
            "--try",
            "-t",
            metavar="NAME=VALUES",
            help="The values to try of an argument, such as kernel_size=1..7 or padding=same.",
        ),
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="An argument that may change; by default all may."),
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="So many answers are printed.")] = 12,
    json: Annotated[bool, typer.Option("--json", help="JSON, with every answer.")] = False,
) -> None:
    """Find the arguments of a layer, or the inputs of a model, that give a wanted size.

    The subject is read as data: nothing in it is executed. The exit code is 1 where there is no
    answer inside the bounds.
    """
    from convlab.inspector.solving import solve as find

    if _is_layer(subject):
        found: Any = find(
            _layer(subject),
            size_in=_sizes(before),
            size_out=_sizes(after),
            bounds=dict(map(_bound, bound or ())) or None,
            vary=vary,
        )
    else:
        if bound or vary:
            raise ArgumentError(
                "Of a model, no arguments are named.",
                received=" ".join([*(f"--try {b}" for b in bound or ()), *(vary or ())]),
                remedy="Leave --try and --vary away, or name a layer.",
            )
        found = _of_model(_read(subject), before, after)
    typer.echo(found.to_json() if json else found.text(most))
    if not found.solutions:
        raise typer.Exit(1)


def _of_model(model: Model, before: str | None, after: str | None) -> Any:
    from convlab.inspector.solving import solve as find
    from convlab.inspector.solving.network.shapes import input_of, output_of
    from convlab.models.source import parse_shape

    return find(
        model,
        input_shape=None if before is None else input_of(model, parse_shape(before)),
        output_shape=None if after is None else output_of(model, parse_shape(after)),
    )


def _is_layer(subject: str) -> bool:
    """Whether it is a layer's name or call rather than a file."""
    return "(" in subject or (re.fullmatch(r"[\w.]+", subject) is not None and _known(subject))


def _known(subject: str) -> bool:
    from convlab import layers

    name = subject.rpartition(".")[2]
    return isinstance(getattr(layers, name, None), type) or not Path(subject).suffix


def _layer(subject: str) -> Any:
    """The layer that a call makes, or the class that a name means."""
    from convlab import layers
    from convlab.layers.spatial import Spatial
    from convlab.models.source import parse_call

    if "(" in subject:
        return parse_call(subject)
    found = getattr(layers, subject.rpartition(".")[2], None)
    if isinstance(found, type) and issubclass(found, Spatial):
        return found
    raise ArgumentError(
        f"There is no layer over spatial axes named {subject!r}.",
        received=subject,
        remedy="Write e.g. Conv2D, 'Conv2D(8, 3, strides=2)', or the path of a model's file.",
        argument="subject",
    )


def _read(subject: str) -> Model:
    from convlab.models import load_model

    try:
        return load_model(
            sys.stdin.buffer.read() if subject == "-" else Path(subject), weights=False
        )
    except OSError as error:
        raise DataError(
            "The file can be opened.",
            received=f"{subject}: {error.strerror}",
            remedy="Check the path.",
        ) from None


def _sizes(text: str | None) -> Any:
    """One size for all axes, or one for each."""
    from convlab.models.source import parse_shape

    if text is None:
        return None
    sizes = parse_shape(text)
    return sizes[0] if len(sizes) == 1 else sizes


def _bound(text: str) -> tuple[str, Any]:
    """An argument and the values to try: "kernel_size=1..7", "strides=1,2", "padding=same"."""
    name, equals, values = text.partition("=")
    if not equals or not values:
        raise ArgumentError(
            "Values to try are written as a name, an equals sign and the values.",
            received=f"--try {text}",
            remedy="Write e.g. --try kernel_size=1..7 or --try padding=same,valid.",
            argument="try",
        )
    if span := re.fullmatch(r"(\d{1,4})\.\.(\d{1,4})", values):
        return name, range(int(span[1]), int(span[2]) + 1)
    return name, [_value(one) for one in values.split(",")]


def _value(text: str) -> Any:
    if text == "None":
        return None
    return int(text) if re.fullmatch(r"\d{1,6}", text) else text
