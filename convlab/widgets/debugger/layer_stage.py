"""From the graph into one layer, and to one of its cells: the explorer's stage on real shapes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets as widgets
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ConvlabError
from convlab.inspector.tracing import Row
from convlab.scene import build_scene
from convlab.widgets.controls import action_button
from convlab.widgets.families import SHOWN
from convlab.widgets.stage import Stage

Array = NDArray[Any]

MOST_CELLS = 6 * 10**6
"""Numbers that go to the browser for one layer."""

MOST_PARAMS = 6 * 10**6


def why_closed(layer: Any, row: Row) -> str:
    """Why a layer cannot be opened; "" where it can.

    >>> from convlab import Input, Model, layers, trace
    >>> x = Input((8, 8, 1))
    >>> rows = trace(Model(x, layers.Conv2D(2, 3, name="conv")(x))).rows
    >>> why_closed(layers.Conv2D(2, 3), rows[1]), why_closed(layers.Dense(2), rows[1])
    ('', 'The stage shows layers that convolve, pool, pad, crop and resize.')
    """
    if not isinstance(layer, tuple(SHOWN.values())):
        return "The stage shows layers that convolve, pool, pad, crop and resize."
    if row.conflict or row.output_shape is None or row.input_shape is None:
        return "It is opened when its shapes fit."
    sizes = (*row.input_shape[1:], *row.output_shape[1:])
    if None in sizes:
        return "It is opened for an input of known sizes."
    cells = sum(math.prod(shape[1:]) for shape in (row.input_shape, row.output_shape))
    if cells > MOST_CELLS or (row.params or 0) > MOST_PARAMS:
        return f"It is too large to be shown cell by cell: {cells:,} numbers go in and out."
    return ""


@dataclass(frozen=True, eq=False)
class Read:
    """What a layer reads.

    Attributes:
        x: batch first.
        note: what to know of it.
        picture: whether it is a picture, in grey or in colour.
    """

    x: Array
    note: str
    picture: bool = False


class LayerStage(widgets.VBox):  # type: ignore[misc]
    """One layer of the network, at work on what it reads there.

    Args:
        back: called to go back to the graph.
    """

    def __init__(self, back: Callable[[], None]) -> None:
        self.stage = Stage()
        self._path = widgets.HTML()
        self._path.add_class("cd-path")
        self.back = action_button("‹ Back to the graph", "The graph is where you left it", back)
        line = widgets.HBox([self.back, self._path])
        line.add_class("cd-back")
        super().__init__([line, self.stage])
        self.add_class("cd-stage")

    def show(self, model: str, key: str, layer: Any, given: Read) -> None:
        """Shows a layer.

        Args:
            model: the network's name.
            key: the layer's.
            layer: the layer.
            given: what it reads.

        Raises:
            ConvlabError: it cannot be shown.
        """
        scene = build_scene(layer, given.x, picture=given.picture)
        said = f'<span class="cd-note">{escape(given.note)}</span>'
        self._path.value = f"{escape(model)} › <b>{escape(key)}</b> {said}"
        self.stage.show(scene)


def selected_cell(stage: Stage, places: int) -> tuple[int, ...]:
    """The place of the stage's cell along the axes that are not the channels'."""
    if stage.scene is None or not stage.selection:
        return ()
    place, _ = stage.scene.place(stage.selection)
    return tuple(int(at) for at in place)[-places:] if places else ()


def refused(error: Exception) -> ConvlabError:
    """What went wrong, as an error of ours."""
    if isinstance(error, ConvlabError):
        return error
    return ArgumentError(
        "The layer cannot be shown.",
        received=f"{type(error).__name__}: {error}"[:200],
        remedy="Open another layer.",
        argument="layer",
    )
