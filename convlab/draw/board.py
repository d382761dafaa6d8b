"""The page: input, kernel and output side by side, the sum below, and what moves between frames."""

from __future__ import annotations

from typing import Any

import matplotlib.style
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from convlab.draw.panel import Panel
from convlab.draw.style import Theme, tap_hues
from convlab.draw.terms import Slot, conclusion, slot_rows, terms
from convlab.draw.words import Pen, Word, write
from convlab.scene import Scene

WIDTH = 1000
HEAD, BODY = 84, 330  # where the panels begin, and how high they are, in pixels
MARGIN = 24
SLOTS = 9  # terms in a line
SLOT_HEIGHT = 52
LABEL = 70  # room for the name of a channel before its terms


class Board:
    """A scene as one matplotlib figure, of which one output cell is selected.

    What moves is drawn over a copy of what does not, and words are set with a faster pen than
    matplotlib's while frames are drawn; `finish` puts them into the figure for a still.

    Args:
        scene: what to show; one step of two axes.
        filter: which of the output's channels.
        channel: which of the channels that this filter reads, counted from 0.
        theme: the colours.
    """

    def __init__(self, scene: Scene, filter: int, channel: int, theme: Theme) -> None:
        self.scene, self.filter, self.depth, self.theme = scene, filter, channel, theme
        (self.step,) = scene.steps
        rows, columns = self.step.axes
        self.taps = rows.kernel * columns.kernel
        self.hues = tap_hues(self.taps, theme.tap_lightness)
        self.channel = int(self.step.channels[filter][channel])
        self.slot_rows = slot_rows(terms(self.step, 0, 0, filter), columns.kernel, SLOTS)
        self.sum_top = HEAD + BODY + 62
        self.height = self.sum_top + len(self.slot_rows) * SLOT_HEIGHT + 78
        self.moving_words: list[Word] = []
        self._ground: Any = None
        with matplotlib.style.context("default"):
            self._lay_out()

    def _lay_out(self) -> None:
        size = (WIDTH / 100, self.height / 100)
        self.figure = Figure(figsize=size, dpi=100, facecolor=self.theme.back)
        self.canvas: Any = FigureCanvasAgg(self.figure)
        self.page = self.figure.add_axes((0, 0, 1, 1))
        self._paint_panels()
        self._paint_words()
        self._paint_chips()
        self.moving: list[Artist] = [*self._make_veils(), *self._make_lit(), *self._make_frames()]
        self.page.set(xlim=(0, WIDTH), ylim=(self.height, 0), aspect="auto")
        self.page.set_axis_off()

    def select(self, row: int, column: int, note: str = "") -> None:
        """Move the window to an output cell.

        Args:
            row: the output's row.
            column: the output's column.
            note: what to write in the corner, such as the number of the step.
        """
        products = terms(self.step, row, column, self.filter)
        self._move_marks(row, column, products[: self.taps])
        index = ", ".join(map(str, self.scene.index((row, column), self.filter)))
        base, ink = self.height - 50, self.theme.ink
        roundoff = self.scene.roundoff
        total = conclusion(self.step, row, column, self.filter, products, roundoff)
        slots = slot_rows(products, self.step.axes[1].kernel, SLOTS)
        self.moving_words = [
            Word(MARGIN, base, f"y[{index}]", self.theme.accent, 15, bold=True),
            Word(MARGIN + 40 + 9.5 * len(index), base, total, ink, 15),
            Word(WIDTH - MARGIN, 28, note, self.theme.muted, 12, align="right"),
            *(word for line, slots in enumerate(slots) for word in self._slot_words(line, slots)),
        ]

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

    def _paint_panels(self) -> None:
        step, theme, page = self.step, self.theme, self.page
        rows, columns = step.axes
        colour = step.input.colour
        self.input = Panel(
            page,
            theme,
            step.input.values if colour else step.input.values[..., self.channel],
            None if colour else step.input.norm,
            (48, HEAD, 360, BODY),
            before=(rows.pad_before, columns.pad_before),
            after=(rows.pad_after, columns.pad_after),
            never_read=(rows.never_read, columns.never_read),
        )
        weights = step.kernel.values[..., self.depth, self.filter]
        self.kernel = Panel(page, theme, weights, step.kernel.norm, (458, HEAD, 156, BODY))
        outputs = step.output.values[..., self.filter]
        self.output = Panel(page, theme, outputs, step.output.norm, (688, HEAD, 288, BODY))
        for panel in (self.input, self.output):
            panel.paint_ticks()
        for panel in (self.input, self.kernel, self.output):
            panel.paint_bar()
        squares = [self.kernel.square(*divmod(tap, columns.kernel), 3) for tap in range(self.taps)]
        page.add_collection(
            PolyCollection(squares, facecolors="none", edgecolors=self.hues, lw=2, zorder=5)
        )

    def _paint_words(self) -> None:
        theme, middle = self.theme, HEAD + BODY / 2 + 9
        code = self.scene.code
        size = min(15.0, 820 / (0.7 * max(len(code), 1)))
        words = [
            Word(MARGIN, 28, code, theme.ink, size, bold=True),
            Word(433, middle, "×", theme.muted, 26, align="center"),
            Word(640, middle, "→", theme.muted, 26, align="center"),
            Word(MARGIN, self.height - 16, "   ".join(self.scene.facts), theme.muted, 12),
        ]
        for panel, title in zip(
            (self.input, self.kernel, self.output), self._titles(), strict=True
        ):
            words.append(Word(panel.middle, 60, title, theme.ink, 13, align="center"))
        for word in words:
            write(self.page, word)

    def _titles(self) -> tuple[str, str, str]:
        step = self.step
        grids = (step.input, step.kernel, step.output)
        place = [" × ".join(map(str, grid.values.shape[:2])) for grid in grids]
        channels, filters = step.input.values.shape[-1], step.output.values.shape[-1]
        pick = f", channel {self.channel}"
        return (
            f"input {place[0]} × {channels}"
            + (pick if channels > 1 and not step.input.colour else ""),
            f"kernel {place[1]}" + (pick if step.channels.shape[1] > 1 else ""),
            f"output {place[2]} × {filters}" + (f", filter {self.filter}" if filters > 1 else ""),
        )

    def _paint_chips(self) -> None:
        """A bar in the hue of its tap before each term."""
        for line, (_, slots) in enumerate(self.slot_rows):
            for place, slot in enumerate(slots):
                if slot.tap is not None:
                    x, y = self._slot_place(line, place)
                    self.page.add_patch(Rectangle((x, y), 4, 42, fc=self.hues[slot.tap], lw=0))

    def _slot_place(self, line: int, place: int) -> tuple[float, float]:
        start = MARGIN + (LABEL if self.slot_rows[0][0] else 0)
        width = (WIDTH - MARGIN - start) / SLOTS
        return start + width * place, self.sum_top + SLOT_HEIGHT * line

    def _slot_words(self, line: int, row: tuple[str, tuple[Slot, ...]]) -> list[Word]:
        label, slots = row
        inks = (self.theme.ink, self.theme.ink, self.theme.muted)
        words = [Word(MARGIN, self._slot_place(line, 0)[1] + 10, label, self.theme.muted, 12)]
        for place, slot in enumerate(slots):
            x, y = self._slot_place(line, place)
            words += [
                Word(x + 10, y + 10 + 15 * i, text, ink, 12)
                for i, (text, ink) in enumerate(zip(slot.lines, inks, strict=True))
            ]
        return words

    def _make_veils(self) -> list[Artist]:
        """What hides the cells still to come: the rest of the row, and the rows below."""
        self._veils = [
            Rectangle((0, 0), 0, 0, fc=self.theme.back, alpha=0.94, lw=0, zorder=5)
            for _ in range(2)
        ]
        return [self.page.add_patch(veil) for veil in self._veils]

    def _make_lit(self) -> list[Artist]:
        """The taps on the input, each in its hue on a halo."""
        alpha = 0.5 if self.input.cell < 24 else 0.16
        fills = [(*to_rgb(hue), alpha) for hue in self.hues]
        squares = [self.input.square(0, 0)] * self.taps
        wide = min(2.0, self.input.cell / 7)
        self._lit = [
            PolyCollection(squares, fc=fills, ec=self.theme.halo, lw=wide + 1.2, zorder=6),
            PolyCollection(squares, fc="none", ec=self.hues, lw=wide, zorder=6),
        ]
        return [self.page.add_collection(collection) for collection in self._lit]

    def _make_frames(self) -> list[Artist]:
        """The window on the input and the cell of the output, each a line on a halo."""
        styles = ((self.theme.halo, 4.0), (self.theme.accent, 2.0))
        self._frames = [
            Rectangle((0, 0), 0, 0, fill=False, ec=colour, lw=line, zorder=7)
            for colour, line in styles * 2
        ]
        return [self.page.add_patch(frame) for frame in self._frames]

    def _move_marks(self, row: int, column: int, taps: Any) -> None:
        inset = 3.0 if self.input.cell >= 12 else 1.0
        squares = [self.input.square(term.row, term.column, inset) for term in taps]
        for collection in self._lit:
            collection.set_verts(squares)
        rows, columns = [term.row for term in taps], [term.column for term in taps]
        window = self.input.around(min(rows), min(columns), max(rows), max(columns))
        cell = self.output.around(row, column, row, column)
        for frame, bounds in zip(self._frames, (window, window, cell, cell), strict=True):
            frame.set_bounds(*bounds)
        for veil, bounds in zip(self._veils, self.output.after(row, column), strict=True):
            veil.set_bounds(*bounds)
