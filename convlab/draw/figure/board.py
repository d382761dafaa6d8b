"""The page: one row of pictures for each step of a scene, and what moves between frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.style
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image

from convlab.draw.choice import Choice
from convlab.draw.figure.arrangement import MARGIN, WIDTH
from convlab.draw.figure.gates_row import GatesRow
from convlab.draw.figure.painter import Painter
from convlab.draw.figure.row import Row
from convlab.draw.figure.words import Pen, Word, write
from convlab.draw.reading.terms import Place
from convlab.draw.style import Theme

HEAD, FOOT = 40, 38  # pixels for the layer above the first row, and for the facts below the last
FACT, LONGEST = 18, 138  # pixels of a line of facts, and how many letters it holds
HEADING = 26  # for the name of a step, where there are several
BODIES = {1: 330, 2: 240}  # how high pictures side by side may be, by the number of rows
LEAST_BODY = 190


class Board:
    """A scene as one matplotlib figure, of which one cell is selected.

    What moves is drawn over a copy of what does not, and words are set with a faster pen than
    matplotlib's while frames are drawn; `finish` puts them into the figure for a still.

    Args:
        choice: the scene, and what of it to show.
        theme: the colours.
    """

    def __init__(self, choice: Choice, theme: Theme) -> None:
        self.choice, self.theme = choice, theme
        self.moving_words: list[Word] = []
        self._ground: Any = None
        with matplotlib.style.context("default"):
            self._lay_out()

    def _lay_out(self) -> None:
        self.figure = Figure(dpi=100, facecolor=self.theme.back)
        self.canvas: Any = FigureCanvasAgg(self.figure)
        self.page = self.figure.add_axes((0, 0, 1, 1))
        self.rows = self._paint_rows()
        self.facts = _in_lines(self.choice.scene.facts)
        self.height = round(self.rows[-1].bottom + FOOT + FACT * (len(self.facts) - 1))
        self.figure.set_size_inches(WIDTH / 100, self.height / 100)
        self._paint_words()
        self.moving: list[Artist] = [artist for row in self.rows for artist in row.moving]
        self.page.set(xlim=(0, WIDTH), ylim=(self.height, 0), aspect="auto")
        self.page.set_axis_off()

    def _paint_rows(self) -> list[Row | GatesRow]:
        painter = Painter(self.page, self.theme)
        readings = self.choice.readings
        if self.choice.gates is not None:
            return [GatesRow(painter, self.choice.gates, HEAD)]
        body = BODIES.get(len(readings), LEAST_BODY)
        rows: list[Row | GatesRow] = []
        top: float = HEAD
        for number, reading in enumerate(readings, start=1):
            if len(readings) > 1:
                self._paint_heading(number, reading.step.name, top)
                top += HEADING
            last = number == len(readings)  # a step before it has made all its outputs
            rows.append(Row(painter, reading, top, body, veiled=last))
            top = rows[-1].bottom + 8
        return rows

    def _paint_heading(self, number: int, name: str, top: float) -> None:
        write(
            self.page, Word(MARGIN, top + 18, f"{number}  {name}", self.theme.accent, 14, bold=True)
        )
        if number > 1:
            line = Line2D((MARGIN, WIDTH - MARGIN), (top, top), color=self.theme.line, lw=1)
            self.page.add_line(line)

    def _paint_words(self) -> None:
        theme, scene = self.theme, self.choice.scene
        code = scene.code if len(scene.code) <= 110 else f"{scene.code[:109]}…"
        size = min(15.0, 820 / (0.7 * max(len(code), 1)))
        write(self.page, Word(MARGIN, 28, code, theme.ink, size, bold=True))
        for line, facts in enumerate(reversed(self.facts)):
            write(self.page, Word(MARGIN, self.height - 16 - FACT * line, facts, theme.muted, 12))

    def select(self, place: Place, note: str = "") -> None:
        """Move to a cell of what is played: of the output, or of the input that is scattered.

        Args:
            place: one integer per spatial axis.
            note: what to write in the corner, such as the number of the step.
        """
        self.moving_words = [Word(WIDTH - MARGIN, 28, note, self.theme.muted, 12, align="right")]
        for row, own in zip(self.rows, self.choice.places(place), strict=True):
            self.moving_words += row.select(own)

    def frame(self) -> Image.Image:
        """The picture as it stands, in RGB. Only what moves is drawn anew."""
        if self._ground is None:
            self._ground = self._draw_ground()
        self.canvas.restore_region(self._ground)
        for artist in self.moving:
            self.page.draw_artist(artist)
        size = (WIDTH, self.height)
        picture = Image.frombuffer("RGBA", size, self.canvas.buffer_rgba()).convert("RGB")
        pen = Pen(picture)
        for word in self.moving_words:
            pen.write(word)
        return picture

    def finish(self) -> Figure:
        """The figure with its words in place, to be saved as a still."""
        with matplotlib.style.context("default"):
            for word in self.moving_words:
                write(self.page, word)
        self.moving_words = []
        return self.figure

    def _draw_ground(self) -> Any:
        for artist in self.moving:
            artist.set_visible(False)
        with matplotlib.style.context("default"):
            self.canvas.draw()
        for artist in self.moving:
            artist.set_visible(True)
        return self.canvas.copy_from_bbox(self.figure.bbox)


def _in_lines(facts: Sequence[str]) -> list[str]:
    """The facts side by side, in as few lines as hold them."""
    lines = [""]
    for fact in facts:
        joined = f"{lines[-1]}   {fact}".strip()
        if len(joined) <= LONGEST:
            lines[-1] = joined
        else:
            lines.append(fact)
    return [line for line in lines if line] or [""]
