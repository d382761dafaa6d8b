"""`animate`: a kernel that slides over an input, as an object that can be shown and saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.draw.style import THEMES
from convlab.errors import ArgumentError, DataError
from convlab.layers.base_conv import BaseConv
from convlab.scene import Scene, build_scene

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

    from convlab.draw.board import Board

USUAL_FRAMES = 240  # what `steps=None` shows at most
MOST_FRAMES = 1000
SAMPLES = 8  # pictures that a GIF's palette is made of
SHOWN_FRAMES = 64  # more than that, a notebook shows a still


class Animation:
    """A scene in motion. Show it in a notebook, or `save` it.

    Attributes:
        scene: what is shown, as data.
        steps: the numbers of the output cells that are visited, counted row by row.
    """

    def __init__(
        self, scene: Scene, steps: tuple[int, ...], filter: int, channel: int, theme: str
    ) -> None:
        self.scene, self.steps = scene, steps
        self._filter, self._channel, self._theme = filter, channel, theme

    def __len__(self) -> int:
        return len(self.steps)

    def __repr__(self) -> str:
        return f"<Animation of {self.scene.code}: {len(self)} of {self._cells} steps>"

    def still(self, step: int | None = None) -> Figure:
        """One step as a matplotlib figure.

        Args:
            step: the number of the output cell, counted row by row; negative counts from the end.
                None shows the middle one.

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
            step: the number of the output cell that is selected at first; None takes the middle.
            fps: how many steps a second it plays, 0.1 to 50, in whole numbers.

        Raises:
            ArgumentError: there is no such step, or the speed is out of range.
        """
        from convlab.draw.files import check_speed
        from convlab.draw.tables import lookup_tables
        from convlab.scene.page import html_page

        check_speed(fps)
        place = divmod(self._chosen(step), self._columns)
        return html_page(
            self.scene,
            theme=self._theme,
            tables=lookup_tables(),
            selection=self.scene.index(place, self._filter),
            speed=max(1, round(fps)),
        )

    def _chosen(self, step: int | None) -> int:
        """A step counted from 0; the middle one where none is named."""
        if step is None:
            return (self._cells // self._columns // 2) * self._columns + self._columns // 2
        return _checked_step(step, self._cells)

    def frames(self, *, progress: bool = False) -> Iterator[Image]:
        """The pictures, one by one, in RGB, 1000 pixels wide.

        Args:
            progress: whether to show a progress bar.
        """
        from tqdm.auto import tqdm

        board = self._board()
        for step in tqdm(
            self.steps, desc="Drawing", unit="frame", disable=not progress, leave=False
        ):
            self._select(board, step)
            yield board.frame()

    def save(
        self,
        path: str | Path,
        *,
        fps: float = 8,
        step: int | None = None,
        dpi: int = 100,
        progress: bool = True,
    ) -> Path:
        """Write a file; its suffix says which kind.

        Args:
            path: `.gif` or `.mp4` for the animation; `.png`, `.svg` or `.pdf` for one step;
                `.html` for a page that stands alone, in which every cell can be visited.
            fps: frames a second, 0.1 to 50; a page takes the nearest whole number.
            step: which output cell a still or a page shows at first, counted row by row; None
                takes the middle.
            dpi: the resolution of a PNG: 100 makes it 1000 pixels wide.
            progress: whether to show a progress bar.

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
        for step in (*sorted(chosen), self._cells - 1):
            self._select(board, step)
            samples.append(board.frame())
        return samples

    def _board(self) -> Board:
        from convlab.draw.board import Board

        return Board(self.scene, self._filter, self._channel, THEMES[self._theme])

    def _select(self, board: Board, step: int) -> None:
        board.select(*divmod(step, self._columns), note=f"step {step + 1:,} of {self._cells:,}")

    @property
    def _columns(self) -> int:
        return self.scene.steps[-1].axes[-1].size_out

    @property
    def _cells(self) -> int:
        return _cells(self.scene)

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


def animate(
    layer: Any,
    x: ArrayLike | None = None,
    *,
    filter: int = 0,
    channel: int = 0,
    item: int = 0,
    steps: Iterable[int] | None = None,
    picture: bool | None = None,
    theme: str = "light",
) -> Animation:
    """Animate a convolution: the window slides, and each output number is written out as a sum.

    Args:
        layer: a Conv2D; it is built when it is not yet.
        x: the input, `(height, width)`, `(height, width, channels)` or a batch, in the layer's own
            data format. None takes a small ring of ones.
        filter: which of the output's channels to show.
        channel: which of the channels that this filter reads to show, counted from 0.
        item: which example of a batch to show.
        steps: the output cells to visit, counted row by row, such as `range(0, 196, 2)`; at most
            1000. None visits all of them, or every second, third, ... row and column so that
            there are 240 frames at most.
        picture: whether values 0 to 1 are a picture, shown in grey or in colour. None decides by
            the values.
        theme: "light" or "dark".

    Returns:
        An object that a notebook shows, and that saves GIF, MP4, PNG, SVG and PDF.

    Raises:
        ArgumentError: a filter, channel, step or theme that does not exist, or too many steps.
        ShapeError: the layer refuses the input's shape.

    Example:
        >>> import numpy as np
        >>> import convlab as cl
        >>> movie = cl.animate(cl.Conv2D(1, 3), np.ones((5, 6, 1), "float32"))
        >>> movie
        <Animation of Conv2D(1, 3): 12 of 12 steps>
    """
    batch = as_batch(layer, x)
    if not isinstance(item, int | np.integer):
        raise ArgumentError(
            "An example of the batch is chosen by its index.",
            received=f"item={item!r}",
            remedy="Use an integer, such as item=0.",
            argument="item",
        )
    if picture is None:
        floats = batch.size and np.issubdtype(batch.dtype, np.floating)
        picture = bool(floats and batch.min() >= 0 and batch.max() <= 1)
    scene = build_scene(layer, batch, item=item, picture=picture)
    (step,) = scene.steps
    if len(step.axes) != 2:
        raise ArgumentError(
            "An animation shows two spatial axes.",
            received=f"a layer of {len(step.axes)}",
            remedy="Use a Conv2D.",
            argument="layer",
        )
    filters, depth = step.channels.shape
    _check_index("filter", filter, filters)
    _check_index("channel", channel, depth)
    if theme not in THEMES:
        raise ArgumentError(
            f"The theme is one of {', '.join(map(repr, THEMES))}.",
            received=f"theme={theme!r}",
            remedy="Use theme='light'.",
            argument="theme",
        )
    return Animation(scene, _steps(scene, steps), filter, channel, theme)


def as_batch(layer: Any, x: ArrayLike | None) -> NDArray[Any]:
    """An input with its batch axis and its channels, in the layer's data format.

    Args:
        layer: the layer that will read it.
        x: one plane, one example or a batch; None makes a ring of ones on 9 x 9 zeros.

    Example:
        >>> import convlab as cl
        >>> as_batch(cl.Conv2D(1, 3), [[1.0, 2.0]]).shape
        (1, 1, 2, 1)
    """
    if not isinstance(layer, BaseConv):
        raise ArgumentError(
            "An animation shows a convolutional layer at work.",
            received=f"{layer!r:.80}",
            remedy="Use e.g. animate(Conv2D(1, 3)).",
            argument="layer",
        )
    array = _ring() if x is None else np.asarray(x)
    if array.ndim == 2:
        array = np.expand_dims(array, 0 if layer.data_format == "channels_first" else -1)
    return array[None] if array.ndim == 3 else array


def _ring(size: int = 9) -> NDArray[np.float32]:
    """A ring of ones on zeros, `(size, size)`: it has an edge in every direction."""
    row, column = np.indices((size, size)) - size // 2
    return (np.abs(np.hypot(row, column) - size / 3) < 0.6).astype(np.float32)


def _cells(scene: Scene) -> int:
    rows, columns = scene.steps[-1].axes
    return rows.size_out * columns.size_out


def _steps(scene: Scene, steps: Iterable[int] | None) -> tuple[int, ...]:
    cells = _cells(scene)
    chosen = tuple(_usual_steps(scene) if steps is None else steps)
    if not 1 <= len(chosen) <= MOST_FRAMES:
        raise DataError(
            f"An animation has 1 to {MOST_FRAMES:,} frames.",
            received=f"{len(chosen):,} steps",
            remedy=f"Use e.g. steps=range(0, {cells}, {max(1, cells // USUAL_FRAMES)}).",
            argument="steps",
        )
    return tuple(_checked_step(step, cells) for step in chosen)


def _usual_steps(scene: Scene) -> Iterator[int]:
    """Every cell, or every second row and column, or third, until there are few enough."""
    rows, columns = (axis.size_out for axis in scene.steps[-1].axes)
    every = 1
    while len(range(0, rows, every)) * len(range(0, columns, every)) > USUAL_FRAMES:
        every += 1
    for row in range(0, rows, every):
        yield from range(row * columns, (row + 1) * columns, every)


def _checked_step(step: int, cells: int) -> int:
    """The step counted from 0."""
    _check_index("step", step, cells, negative=True)
    return step % cells


def _check_index(name: str, value: int, count: int, *, negative: bool = False) -> None:
    low = -count if negative else 0
    if not isinstance(value, int | np.integer) or not low <= value < count:
        raise ArgumentError(
            f"There is no {name} {value!r}: there are {count}.",
            received=f"{name}={value!r}",
            remedy=f"Use an integer from {low} to {count - 1}.",
            argument=name,
        )
