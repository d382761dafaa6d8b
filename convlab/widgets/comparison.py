"""Two layers, or chains of layers, side by side on the same input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import ArgumentError, ConvlabError, ShapeError
from convlab.layers.input_layer import InputLayer
from convlab.models import Sequential
from convlab.scene import Scene, build_scene
from convlab.widgets.beside import mark_stages
from convlab.widgets.compiling import when_compiled
from convlab.widgets.controls import group
from convlab.widgets.families import family_class, room_of
from convlab.widgets.given import channels_of, setting_of
from convlab.widgets.header import code_of, style, theme_list
from convlab.widgets.input_panel import InputPanel
from convlab.widgets.inputs import Input, input_of, input_with
from convlab.widgets.setting import Setting
from convlab.widgets.slider_names import SliderNames
from convlab.widgets.stage import THEMES, Stage

Array = NDArray[Any]


class Side:
    """One of the two: its layers in a row, and the stage that shows them.

    Args:
        subject: a layer, a list of layers, or a `Sequential`.
        chosen: the input of the first layer.

    Attributes:
        stage: shows the layers at work.
        output: what the last layer gives, without the batch axis.
    """

    def __init__(self, subject: Any, chosen: Input) -> None:
        self.stage = Stage()
        self.output: Array = np.empty(0)
        self._layers = list(_flat(subject))
        self._settings: list[Setting] = []
        for layer in self._layers:
            self._settings.append(setting_of(layer, chosen))
            if layer is not self._layers[-1]:
                chosen = _handed_on(*replace(self._settings[-1], input=chosen).build())
        code = widgets.HTML(code_of(self.code))
        code.add_class("cx-code")
        self.box = widgets.VBox([code, self.stage])
        self.box.add_class("cx-stage-holder")

    @property
    def code(self) -> str:
        """The call that makes the layer; of several, a list of them."""
        calls = [repr(layer) for layer in self._layers]
        return calls[0] if len(calls) == 1 else f"[{', '.join(calls)}]"

    def scene(self, chosen: Input) -> tuple[Scene, Array]:
        """The scene on an input, and what the last layer gives.

        Raises:
            ConvlabError: a layer refuses what it is to read.
        """
        made: list[Any] = []
        first: Array | None = None
        handed = chosen
        for setting in self._settings:
            layer, x = replace(setting, input=handed).build()
            first = x if first is None else first
            made.append(layer)
            if setting is not self._settings[-1]:
                handed = _handed_on(layer, x)
        subject = made[0] if len(made) == 1 else made
        output = np.asarray(layer(x[None])[0])
        return build_scene(subject, np.asarray(first)[None], picture=chosen.is_picture), output


class Comparison(widgets.VBox):  # type: ignore[misc]
    """Two stages on the same input, which move together: a widget. Make it with `convlab.compare`.

    Attributes:
        x: the input, without the batch axis, channels last; set it to compare on another.
        stages: the two stages; the `selection` of each may be read and set.
        outputs: what each of the two gives, without the batch axis.
        error: why the input chosen last cannot be read; None when it is shown.
        theme: "light", "dark", "projector" or "auto" (as the system has it); may be set.
    """

    def __init__(self, one: Side, other: Side, chosen: Input) -> None:
        self._sides = (one, other)
        self.stages = (one.stage, other.stage)
        self.error: ConvlabError | None = None
        self._chosen = self._shown = chosen
        together = uuid4().hex
        for stage in self.stages:
            stage.group = together
        super().__init__([self._header(), self._body()])
        self.add_class("cx-explorer")
        self.theme = "light"
        self._input.show(chosen)
        when_compiled(self._refresh, self._busy)

    @property
    def x(self) -> Array:
        """The input, without the batch axis, channels last."""
        return self._shown.values()

    @x.setter
    def x(self, x: ArrayLike) -> None:
        self._take(input_of(x, "channels_last", self._chosen.room))

    @property
    def outputs(self) -> tuple[Array, Array]:
        """What each of the two gives, without the batch axis."""
        return (self._sides[0].output, self._sides[1].output)

    @property
    def theme(self) -> str:
        """The colours and sizes: "light", "dark", "projector" or "auto"."""
        return str(self.stages[0].theme)

    @theme.setter
    def theme(self, theme: str) -> None:
        for stage in self.stages:
            stage.theme = theme  # refuses what is no theme
        for other in THEMES:
            self.remove_class(f"cx-{other}")
        self.add_class(f"cx-{theme}")
        self._themes.value = theme

    def _header(self) -> widgets.Widget:
        self._themes = theme_list(lambda theme: setattr(self, "theme", theme))
        brand = widgets.HTML('<h1 class="cx-brand">convlab</h1>')
        about = widgets.HTML("two settings on one input, moving together")
        about.add_class("cx-code")
        header = widgets.HBox([brand, about, self._themes, style()])
        header.add_class("cx-header")
        return header

    def _body(self) -> widgets.Widget:
        self._input = InputPanel(
            lambda **changes: self._take(replace(self._chosen, **changes)), self._refuse
        )
        above = group("", [self._input, SliderNames()])
        above.add_class("cx-above")
        self._both = widgets.HBox([side.box for side in self._sides])
        self._both.add_class("cx-stages")
        self._both.add_class("cx-two")
        return widgets.VBox([above, self._both])

    def _take(self, chosen: Input) -> None:
        self._chosen = chosen
        self._input.show(chosen)
        self._refresh()

    def _refresh(self) -> None:
        try:
            made = [side.scene(self._chosen) for side in self._sides]
        except ConvlabError as error:
            self._refuse(error)  # both pictures stay: they show one input
            return
        self._shown, self.error = self._chosen, None
        self._input.rows["input"].complain(None)
        for side, (scene, output) in zip(self._sides, made, strict=True):
            side.stage.show(scene)
            side.output = output
        mark_stages(self._both, self.stages)

    def _refuse(self, error: ConvlabError) -> None:
        self.error = error
        self._input.rows["input"].complain(widgets.HTML())
        for stage in self.stages:
            stage.error = error.told

    def _busy(self, message: str | None) -> None:
        for stage in self.stages:
            stage.busy = message


def compare(one: Any, other: Any, x: ArrayLike | None = None) -> Comparison:
    """Two layers side by side on the same input: what one setting changes.

    Args:
        one: a layer, or several in a row as a list or a `Sequential`.
        other: the same; `[ZeroPadding2D(1), Conv2D(8, 3, strides=2)]` is PyTorch's padding beside
            Keras's `Conv2D(8, 3, strides=2, padding="same")`.
        x: as for `explore`, in the data format of the first layer; by default what it opens with.

    Returns:
        A widget whose two pictures move together; see `Comparison`.

    Raises:
        ShapeError: the two read inputs of different rank, or cannot read this one.
        ArgumentTypeError: one is no layer of the explorer's.

    Example:
        >>> import numpy as np
        >>> from convlab import layers
        >>> both = compare(
        ...     layers.Conv2D(1, 3, padding="same"), layers.Conv2D(1, 3), np.ones((6, 6)))
        >>> [output.shape for output in both.outputs]
        [(6, 6, 1), (4, 4, 1)]
    """
    first, second = (next(_flat(subject)) for subject in (one, other))
    room = room_of(family_class(first))
    if room_of(family_class(second)) != room:
        raise ShapeError(
            "Two layers are compared on one input.",
            received=f"{type(first).__name__} and {type(second).__name__}",
            remedy="Compare layers of the same number of axes.",
            argument="other",
        )
    if x is not None:
        chosen = input_of(x, first.data_format, room)
    else:
        known = (channels_of(first), channels_of(second), 1)
        chosen = input_with(next(filter(None, known)), room)
    return Comparison(Side(one, chosen), Side(other, chosen), chosen)


def _flat(subject: Any) -> Iterator[Any]:
    """The layers of a chain, in order; of one layer, itself."""
    if isinstance(subject, Sequential):
        subject = subject.operations
    if not isinstance(subject, Sequence) or isinstance(subject, str):
        yield subject
        return
    layers = [one for one in subject if not isinstance(one, InputLayer)]
    if not layers:
        raise ArgumentError(
            "A chain has at least one layer.",
            received=f"{subject!r:.80}",
            remedy="Give a layer such as Conv2D(8, 3), or a list of layers.",
            argument="layer",
        )
    for one in layers:
        yield from _flat(one)


def _handed_on(layer: Any, x: Array) -> Input:
    """What a layer gives, as the input of the next."""
    return input_of(layer(x[None]), layer.data_format, room_of(family_class(layer)))
