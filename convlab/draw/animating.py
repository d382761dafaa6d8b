"""`animate`: from a layer and an input to an animation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from convlab.draw.animation import Animation
from convlab.draw.choice import Choice, check_index
from convlab.draw.inputs import as_batch
from convlab.draw.reading.terms import Place
from convlab.draw.style import THEMES
from convlab.errors import ArgumentError, DataError
from convlab.scene import build_scene

USUAL_FRAMES = 240  # what `steps=None` shows at most
MOST_FRAMES = 1000


def animate(
    layer: Any,
    x: ArrayLike | None = None,
    *,
    filter: int = 0,
    channel: int = 0,
    item: int = 0,
    time: int | None = None,
    reading: str = "gather",
    steps: Iterable[int] | None = None,
    picture: bool | None = None,
    theme: str = "light",
) -> Animation:
    """Animate a layer at work: the window slides, and each output number is written out.

    Args:
        layer: a convolutional layer of 1, 2 or 3 spatial axes, or one that pools, pads, crops or
            resizes; or a list of them, one after the other. It is built when it is not yet.
        x: the input without or with its channels, or a batch, in the layer's own data format; for
            a convolutional LSTM with time in front. None takes a small one.
        filter: which of the output's channels to show.
        channel: which of the channels that this filter reads to show, counted from 0.
        item: which example of a batch to show.
        time: which time step of a convolutional LSTM to show; None is the last.
        reading: "gather", where each output collects its inputs, or for a transposed convolution
            "scatter", where each input stamps the kernel on the output.
        steps: the cells to visit, counted row by row, such as `range(0, 196, 2)`, of the output or
            of the input that is scattered; at most 1000. None visits all of them, or every second,
            third, ... along each axis so that there are 240 frames at most.
        picture: whether values 0 to 1 are a picture, shown in grey or in colour. None decides by
            the values.
        theme: "light", "dark" or "projector".

    Returns:
        An object that a notebook shows, and that saves GIF, MP4, PNG, SVG, PDF and HTML.

    Raises:
        ArgumentError: a filter, channel, step, reading or theme that does not exist, too many
            steps, or a layer of another kind.
        ShapeError: the layer refuses the input's shape.

    Example:
        >>> import numpy as np
        >>> import convlab as cl
        >>> movie = cl.animate(cl.Conv2D(1, 3), np.ones((5, 6, 1), "float32"))
        >>> movie
        <Animation of Conv2D(1, 3): 12 of 12 steps>
        >>> cl.animate(cl.Conv2DTranspose(1, 3), np.ones((2, 3), "float32"), reading="scatter")
        <Animation of Conv2DTranspose(1, 3): 6 of 6 steps>
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
    scene = build_scene(layer, batch, item=item, picture=picture, time=time)
    choice = Choice(scene, filter, channel, reading)
    if theme not in THEMES:
        raise ArgumentError(
            f"The theme is one of {', '.join(map(repr, THEMES))}.",
            received=f"theme={theme!r}",
            remedy="Use theme='light'.",
            argument="theme",
        )
    return Animation(choice, _steps(choice, steps), theme)


def _steps(choice: Choice, steps: Iterable[int] | None) -> tuple[int, ...]:
    cells = choice.cells
    chosen = tuple(_usual_steps(choice.sizes) if steps is None else steps)
    if not 1 <= len(chosen) <= MOST_FRAMES:
        raise DataError(
            f"An animation has 1 to {MOST_FRAMES:,} frames.",
            received=f"{len(chosen):,} steps",
            remedy=f"Use e.g. steps=range(0, {cells}, {max(1, cells // USUAL_FRAMES)}).",
            argument="steps",
        )
    for step in chosen:
        check_index("step", step, cells, negative=True)
    return tuple(int(step) % cells for step in chosen)


def _usual_steps(sizes: Place) -> Iterator[int]:
    """Every cell, or every second along each axis, or third, until there are few enough."""
    every = 1
    while np.prod([len(range(0, size, every)) for size in sizes]) > USUAL_FRAMES:
        every += 1
    numbers = np.arange(np.prod(sizes)).reshape(sizes)
    yield from numbers[tuple(slice(None, None, every) for _ in sizes)].ravel().tolist()
