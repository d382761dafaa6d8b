"""An animation: a scene that is played cell by cell, to be shown and saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from convlab.draw.choice import Choice, check_index
from convlab.draw.style import THEMES
from convlab.scene import Scene

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

    from convlab.draw.figure.board import Board

SAMPLES = 8  # pictures that a GIF's palette is made of
SHOWN_FRAMES = 64  # more than that, a notebook shows a still


Progress = bool | Callable[[int, int], None]


class Animation:
    """A scene in motion. Show it in a notebook, or `save` it.

    Attributes:
        scene: what is shown, as data.
        steps: the numbers of the cells that are visited, counted row by row: of the output, or of
            the input that is scattered.
    """

    def __init__(self, choice: Choice, steps: tuple[int, ...], theme: str) -> None:
        self.scene: Scene = choice.scene
        self.steps = steps
        self._choice, self._theme = choice, theme

    def __len__(self) -> int:
        return len(self.steps)

    def __repr__(self) -> str:
        return f"<Animation of {self.scene.code}: {len(self)} of {self._choice.cells} steps>"

    def still(self, step: int | None = None) -> Figure:
        """One step as a matplotlib figure.

        Args:
            step: the number of the cell, counted row by row; negative counts from the end. None
                shows the middle one.

        Raises:
            ArgumentError: there is no such step.
        """
        board = self._board()
        self._select(board, self._chosen(step))
        return board.finish()

    def page(self, step: int | None = None, fps: float = 8) -> str:
        """A page in HTML that stands alone: hover, play, the numbers and their reasons.

        It needs no kernel and no network, and shows all filters and channels.

        Args:
            step: the number of the cell that is selected at first; None takes the middle.
            fps: how many steps a second it plays, 0.1 to 50: the nearest that the page offers.

        Raises:
            ArgumentError: there is no such step, or the speed is out of range.
        """
        from convlab.draw.files import check_speed
        from convlab.draw.tables import lookup_tables
        from convlab.scene.page import SPEEDS, html_page

        check_speed(fps)
        return html_page(
            self.scene,
            theme=self._theme,
            tables=lookup_tables(),
            selection=self._choice.selection(self._chosen(step)),
            reading=self._choice.reading,
            speed=min(SPEEDS, key=lambda speed: abs(speed - fps)),
        )

    def frames(self, *, progress: Progress = False) -> Iterator[Image]:
        """The pictures, one by one, in RGB, 1000 pixels wide.

        Args:
            progress: as in `save`.
        """
        board = self._board()
        for step in _watched(self.steps, progress):
            self._select(board, step)
            yield board.frame()

    def save(
        self,
        path: str | Path,
        *,
        fps: float = 8,
        step: int | None = None,
        dpi: int = 100,
        progress: Progress = True,
    ) -> Path:
        """Write a file; its suffix says which kind.

        Args:
            path: `.gif` or `.mp4` for the animation; `.png`, `.svg` or `.pdf` for one step;
                `.html` for a page that stands alone, in which every cell can be visited.
            fps: frames a second, 0.1 to 50; a page takes the nearest that it offers.
            step: which cell a still or a page shows at first, counted row by row; None takes the
                middle.
            dpi: the resolution of a PNG: 100 makes it 1000 pixels wide.
            progress: whether to show a progress bar; or a function of two numbers, how many frames
                are drawn and how many there will be, which is called before each.

        Returns:
            The path written to.

        Raises:
            ArgumentError: an unknown suffix, a folder that does not exist, a speed or step out of
                range, or `.mp4` where ffmpeg is not installed.
        """
        from convlab.draw import files

        target = files.checked_target(path)
        if target.suffix.lower() in files.STILLS:
            files.save_still(self.still(step), target, dpi)
        elif target.suffix.lower() in files.PAGES:
            target.write_text(self.page(step, fps), encoding="utf-8", newline="\n")
        else:
            files.save_movie(self.frames(progress=progress), self._samples(), target, fps)
        return target

    def _samples(self) -> list[Image]:
        """A few pictures that have all important colours: the cells lit, hidden and shown."""
        board = self._board()
        chosen = {self.steps[len(self) * part // SAMPLES] for part in range(SAMPLES)}
        samples = []
        for step in (*sorted(chosen), self._choice.cells - 1):
            self._select(board, step)
            samples.append(board.frame())
        return samples

    def _board(self) -> Board:
        from convlab.draw.figure.board import Board

        return Board(self._choice, THEMES[self._theme])

    def _select(self, board: Board, step: int) -> None:
        note = f"step {step + 1:,} of {self._choice.cells:,}"
        board.select(self._choice.place(step), note)

    def _chosen(self, step: int | None) -> int:
        """A step counted from 0; the middle one where none is named."""
        if step is None:
            return self._choice.middle
        check_index("step", step, self._choice.cells, negative=True)
        return step % self._choice.cells

    def _repr_png_(self) -> bytes:
        from convlab.draw import files

        return files.still_bytes(self.still())

    def _repr_html_(self) -> str | None:
        """The animation itself while it is small; otherwise the notebook shows the still."""
        from convlab.draw import files

        if len(self) > SHOWN_FRAMES:
            return None
        words = f"{self.scene.code}: the kernel slides"
        return files.gif_tag(self.frames(), self._samples(), words)


def _watched(steps: tuple[int, ...], progress: Progress) -> Iterator[int]:
    """The steps, while their progress is told."""
    if callable(progress):
        for done, step in enumerate(steps):
            progress(done, len(steps))
            yield step
        return
    from tqdm.auto import tqdm

    yield from tqdm(steps, desc="Drawing", unit="frame", disable=not progress, leave=False)
