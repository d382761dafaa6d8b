"""One step on the page: its pictures, what is lit on them, and the numbers below."""

from __future__ import annotations

from matplotlib.artist import Artist
from matplotlib.collections import Collection, LineCollection, PolyCollection
from matplotlib.colors import to_rgb

from convlab.draw.figure.arrangement import MARGIN, WIDTH, Arrangement, Picture
from convlab.draw.figure.painter import Painter
from convlab.draw.figure.panel import Corners
from convlab.draw.figure.pictures import Strip
from convlab.draw.figure.side_by_side import side_by_side
from convlab.draw.figure.strips import strips
from convlab.draw.figure.words import Word
from convlab.draw.reading.looks import Look, Reading
from convlab.draw.reading.sums import ACROSS, SlotRow
from convlab.draw.reading.terms import Place
from convlab.draw.style import tap_hues

SLOT_HEIGHT = 52
LABEL = 70  # room for the name of a channel before its terms
TINTED = 24  # from this size of a cell on there is room for its hue beside its value


class Row:
    """One step of a scene.

    Args:
        painter: what paints.
        reading: the step, how it is read, and what of it is shown.
        top: where its room begins, in pixels.
        body: how high pictures that stand side by side may be.
        veiled: whether outputs still to come are hidden.

    Attributes:
        bottom: where its room ends.
        moving: what is drawn anew in every frame, lowest first.
    """

    def __init__(
        self, painter: Painter, reading: Reading, top: float, body: float, *, veiled: bool
    ) -> None:
        self.veiled = veiled
        self.painter, self.reading, self.theme = painter, reading, painter.theme
        step = reading.step
        taps = 1
        for axis in step.axes:
            taps *= axis.kernel
        self.hues = tap_hues(taps, self.theme.tap_lightness)
        self.shown: Arrangement = (
            strips(painter, reading, top)
            if len(step.axes) == 1
            else side_by_side(painter, reading, top, body)
        )
        self.base = self.shown.bottom + reading.lines * SLOT_HEIGHT + 28
        self.bottom = self.base + 12
        self.moving: list[Artist] = [*self._live(), *self._make_veil(), *self._make_marks()]

    def select(self, place: Place) -> list[Word]:
        """Move to a cell; what is written changes with it."""
        look = self.reading.look(place)
        self._show_values(look)
        self._move_marks(look)
        ink = self.theme.ink
        words = [
            Word(MARGIN, self.base, look.name, self.theme.accent, 15, bold=True),
            Word(MARGIN + 16 + 10.2 * len(look.name), self.base, look.total, ink, 15),
        ]
        for picture in (self.shown.input, self.shown.kernel, self.shown.output):
            if picture is not None and picture.moving:
                words += picture.numbers()
        for line, row in enumerate(look.slots[: self.reading.lines]):
            words += self._slot_words(line, row)
        return words

    # --- what moves ---------------------------------------------------------------------------

    def _live(self) -> list[Artist]:
        pictures = (self.shown.input, self.shown.kernel, self.shown.output)
        return [artist for picture in pictures if picture for artist in picture.moving]

    def _make_veil(self) -> list[Artist]:
        """What hides the cells still to come."""
        self._veil = PolyCollection([], fc=self.theme.back, alpha=0.94, lw=0, zorder=5)
        return [self._add(self._veil)]

    def _make_marks(self) -> list[Artist]:
        """The taps in their hues on a halo, lines between them, frames, and bars at the terms."""
        theme = self.theme
        cell = max(self.shown.input.cell, 1.0)
        wide = min(2.0, cell / 7)
        self._lit = [
            PolyCollection([], ec=theme.halo, lw=wide + 1.2, zorder=6),
            PolyCollection([], fc="none", lw=wide, zorder=6),
        ]
        self._links = [
            LineCollection([], colors=theme.halo, lw=4.0, zorder=5),
            LineCollection([], lw=2.0, zorder=5),
        ]
        self._frames = [
            PolyCollection([], fc="none", ec=colour, lw=line, zorder=7)
            for colour, line in ((theme.halo, 4.0), (theme.accent, 2.0))
        ]
        self._taps = PolyCollection([], fc="none", lw=2, zorder=5)
        self._chips = PolyCollection([], lw=0, zorder=3)
        marks = (*self._links, *self._lit, *self._frames, self._taps, self._chips)
        return [self._add(mark) for mark in marks]

    def _add(self, mark: Collection) -> Artist:
        self.painter.page.add_collection(mark, autolim=False)
        return mark

    def _show_values(self, look: Look) -> None:
        """The numbers that come to be, and the weights that each place has of its own."""
        if look.output is not None:
            output = self.shown.output
            output.update(look.output[:, None] if isinstance(output, Strip) else look.output)
        if look.kernel is not None and self.shown.kernel is not None:
            kernel = self.shown.kernel
            whole = isinstance(kernel, Strip)
            kernel.update(look.kernel if whole else look.kernel[..., self.reading.depth])

    def _move_marks(self, look: Look) -> None:
        squares, hues = self._lit_squares(look)
        fills = [(*to_rgb(hue), self._alpha(picture)) for hue, picture in hues]
        for collection in self._lit:
            collection.set_verts(squares)
        self._lit[0].set_facecolor(fills)
        self._lit[1].set_edgecolor([hue for hue, _ in hues])
        frames = [
            *self.shown.input.around(look.frame_input),
            *self.shown.output.around(look.frame_output),
        ]
        for collection in self._frames:
            collection.set_verts(frames)
        hidden = look.hidden if self.veiled else None
        self._veil.set_verts([] if hidden is None else self.shown.output.after(hidden))
        self._move_links(look)
        self._move_taps(look)
        self._move_chips(look)

    @staticmethod
    def _alpha(picture: Picture) -> float:
        return 0.5 if picture.cell < TINTED else 0.16

    def _lit_squares(self, look: Look) -> tuple[list[Corners], list[tuple[str, Picture]]]:
        both = ((self.shown.input, look.lit_input), (self.shown.output, look.lit_output))
        lit = [(picture, place, tap) for picture, cells in both for place, tap in cells]
        squares = [picture.square(place, _inset(picture)) for picture, place, _ in lit]
        return squares, [(self.hues[tap], picture) for picture, _, tap in lit]

    def _move_links(self, look: Look) -> None:
        """From the cells that are lit to the one that is framed on the other side."""
        if not self.shown.linked:
            return
        inputs, output = self.shown.input, self.shown.output
        level, bottom = inputs.box[1] + inputs.box[3], output.box[1]
        pairs = [(place, look.frame_output[0], tap) for place, tap in look.lit_input]
        pairs += [(look.frame_input[0], place, tap) for place, tap in look.lit_output]
        segments = [
            [(_middle(inputs, one), level), (_middle(output, other), bottom)]
            for one, other, _ in pairs
        ]
        for collection in self._links:
            collection.set_segments(segments)
        self._links[1].set_color([self.hues[tap] for *_, tap in pairs])

    def _move_taps(self, look: Look) -> None:
        """Each tap of the kernel in its hue; strong are those that are in use."""
        kernel = self.shown.kernel
        if kernel is None:
            return
        used = {tap for _, tap in (*look.lit_input, *look.lit_output)}
        sizes = tuple(axis.kernel for axis in self.reading.step.axes)
        squares, hues = [], []
        for tap, hue in enumerate(self.hues):
            place: list[int] = []
            rest = tap
            for size in reversed(sizes):
                rest, at = divmod(rest, size)
                place.insert(0, at)
            squares.append(kernel.square(tuple(place), min(3.0, kernel.cell / 8)))
            hues.append((*to_rgb(hue), 1.0 if tap in used else 0.25))
        self._taps.set_verts(squares)
        self._taps.set_edgecolor(hues)

    # --- the numbers below --------------------------------------------------------------------

    def _move_chips(self, look: Look) -> None:
        """A bar in the hue of its tap before each term."""
        bars, hues = [], []
        for line, row in enumerate(look.slots[: self.reading.lines]):
            for place, slot in enumerate(row[1]):
                if slot.tap is not None:
                    x, y = self._slot_place(line, place, row)
                    bars.append([(x, y), (x + 4, y), (x + 4, y + 42), (x, y + 42)])
                    hues.append(self.hues[slot.tap])
        self._chips.set_verts(bars)
        self._chips.set_facecolor(hues)

    def _slot_place(self, line: int, place: int, row: SlotRow) -> tuple[float, float]:
        deep = len(self.reading.step.channels[0]) > 1 and row[1][0].tap is not None
        start = MARGIN + (LABEL if deep else 0)
        width = (WIDTH - MARGIN - start) / ACROSS
        return start + width * place, self.shown.bottom + SLOT_HEIGHT * line

    def _slot_words(self, line: int, row: SlotRow) -> list[Word]:
        label, slots = row
        muted, ink, accent = self.theme.muted, self.theme.ink, self.theme.accent
        top = self.shown.bottom + SLOT_HEIGHT * line
        words = [Word(MARGIN, top + 10, label, muted, 12)]
        for place, slot in enumerate(slots):
            x, y = self._slot_place(line, place, row)
            inks = (accent,) * 3 if slot.strong else (ink, ink, muted)
            words += [
                Word(x + 10, y + 10 + 15 * i, text, colour, 12, bold=slot.strong)
                for i, (text, colour) in enumerate(zip(slot.lines, inks, strict=True))
                if text
            ]
        return words


def _inset(picture: Picture) -> float:
    return 3.0 if picture.cell >= 12 else 1.0 if picture.cell >= 4 else 0.0


def _middle(picture: Picture, place: Place) -> float:
    """The middle of a cell from left to right."""
    (x0, _), (x1, _), *_ = picture.square(place)
    return (x0 + x1) / 2
