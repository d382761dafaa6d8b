"""The course: the notebooks, read as lessons and run cell by cell.

The notebooks stand in `notebooks/`, which a wheel carries along; each is a lesson of the app's
Learn page. Only these are run, never a file of the user's.
"""

from __future__ import annotations

import ast
import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import convlab

_PACKAGED = Path(__file__).parents[1] / "notebooks"
_CHECKOUT = Path(convlab.__file__).parents[1] / "notebooks"

SILENT = "# NBVAL"
"""Lines that begin so are told to the tests, not to the reader."""


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson.

    Args:
        kind: "markdown" or "code".
        source: its text.
    """

    kind: str
    source: str


@dataclass(frozen=True)
class Lesson:
    """A notebook of the course.

    Args:
        name: the file's name without its suffix, such as "02-padding-and-strides".
        title: its first heading.
        cells: what stands in it, in order.
        folder: where it stands: its code reads files beside it.
    """

    name: str
    title: str
    cells: tuple[Cell, ...]
    folder: Path


def lessons() -> tuple[Lesson, ...]:
    """The lessons, in order.

    Example:
        >>> lessons()[0].name, lessons()[0].cells[0].kind
        ('01-conv2d', 'markdown')
    """
    folder = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
    return tuple(_read(path) for path in sorted(folder.glob("[0-9]*.ipynb")))


def _read(path: Path) -> Lesson:
    told = json.loads(path.read_text("utf-8"))["cells"]
    cells = tuple(Cell(cell["cell_type"], _shown("".join(cell["source"]))) for cell in told)
    title = cells[0].source.partition("\n")[0].removeprefix("# ")
    return Lesson(path.stem, title, cells, path.parent)


def _shown(source: str) -> str:
    return "\n".join(line for line in source.split("\n") if not line.startswith(SILENT))


@dataclass(frozen=True)
class Outcome:
    """What a cell gave.

    Args:
        printed: what it wrote.
        shown: what it displayed: the value of its last line, and figures.
    """

    printed: str
    shown: tuple[Any, ...]


def run(lesson: Lesson) -> Iterator[tuple[Cell, Outcome | None]]:
    r"""Run a lesson's cells one by one, in a namespace of their own; of text nothing is run.

    Example:
        >>> lesson = Lesson("a", "A", (Cell("code", "x = 2\nprint(x)\nx * 3"),), Path("."))
        >>> [outcome for _, outcome in run(lesson)]
        [Outcome(printed='2\n', shown=(6,))]
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in lesson.cells:
        yield cell, None if cell.kind != "code" else _run(cell.source, names, lesson.folder)


def _run(source: str, names: dict[str, Any], folder: Path) -> Outcome:
    from IPython.utils.capture import capture_output

    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.chdir(folder), capture_output() as captured:
        exec(compile(tree, "lesson", "exec"), names)  # our own notebook
        value = None
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "lesson", "eval"), names)
    shown = [*captured.outputs, *_figures()]
    return Outcome(captured.stdout, tuple(shown if value is None else [*shown, value]))


def _figures() -> list[Any]:
    """The figures that pyplot holds open, for a cell to show; they are closed."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    figures = [pyplot.figure(number) for number in pyplot.get_fignums()]
    pyplot.close("all")
    return figures
