"""The explorer: controls to the left, the stage to the right, and the way from one to the other.

A control changes the session's setting; the setting builds a picture; its scene goes to the
stage. A setting that is refused leaves the last good picture and shows the message beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
from numpy.typing import ArrayLike, NDArray

from convlab.errors import ArgumentError, ArgumentTypeError, ConvlabError, DataError
from convlab.models.code import to_code
from convlab.widgets.beside import Beside
from convlab.widgets.carry_away import CarryAway
from convlab.widgets.column import Column
from convlab.widgets.compiling import when_compiled
from convlab.widgets.controls import fix_label, mark
from convlab.widgets.export import export
from convlab.widgets.header import Header
from convlab.widgets.picture import Picture
from convlab.widgets.session import Session
from convlab.widgets.setting import Setting
from convlab.widgets.stage import HIDDEN, THEMES, Stage
from convlab.widgets.state import encoded, told_setting

_VIEW = ("in_view", "reading", "map", "hide")


class Explorer(widgets.VBox):  # type: ignore[misc]
    """The explorer of one layer: a widget. Make it with `convlab.explore`.

    Attributes:
        layer: the layer of the picture shown; set it to show another.
        x: the input of the picture shown, without the batch axis, in the layer's data format.
        output: what the layer gives for `x`, without the batch axis; set it to look at another
            array in its place.
        selection: the index of the selected output cell, without the batch axis; may be set.
        time: which time step of a convolutional LSTM is shown; None of other layers. May be set.
        error: why the present setting cannot be shown, or None; may be set.
        theme: "light", "dark", "projector" or "auto" (as the system has it); may be set.
        state: all of it as plain data; see `explore_state`.
        session: the settings so far; its methods do what the controls do.
    """

    def __init__(self, setting: Setting) -> None:
        self.session = Session(setting, self._refresh)
        self._error: ConvlabError | None = None
        self._time: int | None = None
        self.stage = Stage()
        self.stage.observe(self._selection_moved, "selection")
        self.stage.on_weight(self.session.type_weight)
        self.stage.on_fix(self._fix_pressed)
        self._beside = Beside(self.stage)
        self._carry = CarryAway(self._exported, self._code, lambda: self.state)
        self.stage.observe(lambda _: self._carry.show_link(), ["selection", "theme", *_VIEW])
        super().__init__([self._header(), self._carry, self._body()])
        self.add_class("cx-explorer")
        self.theme = "light"
        self._show_controls()
        when_compiled(self._refresh, self._busy)

    # -- what Python may read and set ----------------------------------------------------------

    @property
    def layer(self) -> Any:
        """The layer of the picture shown."""
        return self._picture.layer

    @layer.setter
    def layer(self, layer: Any) -> None:
        self.session.show_layer(layer)

    @property
    def x(self) -> NDArray[Any]:
        """The input of the picture shown, without the batch axis."""
        return self._picture.x

    @x.setter
    def x(self, x: ArrayLike) -> None:
        self.session.show_input(x, self.layer.data_format)

    @property
    def output(self) -> NDArray[Any]:
        """The output shown: what the layer gives for `x`, without the batch axis."""
        return self._picture.output

    @output.setter
    def output(self, y: ArrayLike) -> None:
        """Shows another array in its place until the next change: another framework's, say.

        The stage then names, cell by cell, the differences that rounding does not explain.
        """
        self._show(self._picture.with_output(y))

    @property
    def selection(self) -> tuple[int, ...]:
        """The index of the selected output cell, without the batch axis."""
        return tuple(self.stage.selection)

    @selection.setter
    def selection(self, index: tuple[int, ...]) -> None:
        self.stage.selection = index

    @property
    def time(self) -> int | None:
        """Which time step is shown, from 0; None of a layer without time."""
        scene = self.stage.scene
        return scene.time.step if scene is not None and scene.time else None

    @time.setter
    def time(self, step: int) -> None:
        self._picture.check_time(step)
        self._time = step
        self._show(self._picture)
        self._column.show_time(self.stage.scene)
        self._show_beside()

    @property
    def error(self) -> ConvlabError | None:
        """Why the present setting cannot be shown; None when it is shown."""
        return self._error

    @error.setter
    def error(self, error: ConvlabError | None) -> None:
        if error is not None and not isinstance(error, ConvlabError):
            raise ArgumentTypeError(
                "The explorer's error is a ConvlabError, or None.",
                received=f"error={error!r}",
                remedy="Use convlab.errors.ArgumentError('the rule', received=..., remedy=...).",
                argument="error",
            )
        self._error = error
        self.stage.error = error and {
            **error.told,
            "fixes": [fix_label(fix) for fix in error.fixes],
        }
        self._column.complain(error, self.session.touched, self.session.apply)

    @property
    def theme(self) -> str:
        """The colours and sizes: "light", "dark", "projector" or "auto"."""
        return str(self.stage.theme)

    @theme.setter
    def theme(self, theme: str) -> None:
        self.stage.theme = theme  # refuses what is no theme
        self._beside.stage.theme = theme
        for other in THEMES:
            self.remove_class(f"cx-{other}")
        self.add_class(f"cx-{theme}")
        self._top.theme.value = theme

    @property
    def state(self) -> dict[str, Any]:
        """What is shown, as plain data: `explore_state` opens it again.

        What cannot be told, such as a file of the viewer's, is named in words under "left out".
        """
        setting = told_setting(self.session.shown)
        view = {name: getattr(self.stage, name) for name in _VIEW}
        shown = {"selection": list(self.selection), "time": self.time, "view": view}
        pinned = self._beside.pinned
        compared = {} if pinned is None else {"beside": told_setting(pinned)}
        return {**setting, **shown, **compared, "theme": self.theme}

    @property
    def link(self) -> str:
        """The state as it stands behind `?state=` in the address of the app."""
        return encoded(self.state)

    def undo(self) -> None:
        """Goes one setting back."""
        self.session.undo()

    def redo(self) -> None:
        """Goes one setting forward again."""
        self.session.redo()

    def reset(self) -> None:
        """Goes to the first setting and to the middle of its output; `undo` comes back."""
        self._time = None
        self.session.reset()
        self._column.arguments.link_if_alike()
        scene = self.stage.scene
        if scene is not None:
            *sizes, _ = scene.steps[-1].output.values.shape
            self.selection = scene.index([size // 2 for size in sizes], 0)

    def pin(self, setting: Setting | None = None) -> None:
        """Keeps a picture beside the one that the controls change.

        Args:
            setting: what to keep; None is the picture shown.
        """
        self._beside.pin(setting or self.session.shown)
        self._show_beside()

    def unpin(self) -> None:
        """Takes the picture away that was kept."""
        self._beside.pin(None)
        self._show_beside()

    def look(self, name: str, value: Any) -> bool:
        """Changes how the stage looks at the scene: one of "in_view", "reading", "map", "hide".

        Returns:
            Whether there is such a look.
        """
        if name not in _VIEW or not self.stage.may_look(name, value):
            return False
        setattr(self.stage, name, value)
        self._top.show_hidden(self.stage.hide)
        return True

    # -- the parts -----------------------------------------------------------------------------

    def _header(self) -> widgets.Widget:
        self._top = Header(
            {
                "Undo": ("Go one setting back", self.undo),
                "Redo": ("Go one setting forward again", self.redo),
                "Reset": ("Go to the first setting", self.reset),
                "Compare": ("Keep this picture, and change another beside it", self._toggle_pin),
                "Export": ("Files, a link, code", self._carry.toggle),
            },
            lambda theme: setattr(self, "theme", theme),
            self._hide,
        )
        return self._top

    def _body(self) -> widgets.Widget:
        self._column = Column(self.session, self._time_chosen, self._refuse)
        body = widgets.HBox([self._column, self._beside])
        body.add_class("cx-body")
        return body

    # -- what the viewer does, beyond a new setting ----------------------------------------------

    def _time_chosen(self, step: int) -> None:
        if self.session.picture is None:
            return
        try:
            self.time = step
        except ArgumentError as error:
            self._refuse(error)

    def _fix_pressed(self, index: int) -> None:
        if self._error is not None:
            self.session.apply(self._error.fixes[index])

    def _toggle_pin(self) -> None:
        (self.pin if self._beside.pinned is None else self.unpin)()

    def _hide(self, what: Any) -> None:
        self.stage.hide = what if what in HIDDEN else None

    def _selection_moved(self, _: Any) -> None:
        self._show_weights()

    # -- from a setting to a picture -------------------------------------------------------------

    @property
    def _picture(self) -> Picture:
        """What is shown. Raises the error that stands in its place."""
        if self.session.picture is None:
            self._refresh()  # the kernels may still be compiling beside
        if self.session.picture is None:
            raise self._error or RuntimeError("the explorer shows no layer")
        return self.session.picture

    def _refresh(self) -> None:
        history = self.session.history
        self._top.buttons["Undo"].disabled = not history.can_undo
        self._top.buttons["Redo"].disabled = not history.can_redo
        try:
            picture = self.session.compute()
            self._show(picture)  # first of all: this is what the viewer waits for
        except (ValueError, TypeError, MemoryError, OverflowError) as error:
            self._show_controls()
            self.error = error if isinstance(error, ConvlabError) else _unforeseen(error)
            return
        self._top.show_code(repr(picture.layer))
        self.error = None
        self._show_controls()
        self._show_beside()
        self._carry.show_code()

    def _show(self, picture: Picture) -> None:
        scene = picture.scene(self._time)
        self.session.picture = picture
        self.stage.show(scene)

    def _show_controls(self) -> None:
        self._column.show(self.session.present)
        self._show_weights()
        self._column.show_time(self.stage.scene)

    def _show_weights(self) -> None:
        picture = self.session.picture
        if picture is not None:
            self._column.show_weights(picture.setting, picture.layer, self.stage.channel)

    def _show_beside(self) -> None:
        self._beside.show(self.session.shown, self._time)
        mark(self, "cx-comparing", self._beside.pinned is not None)
        self._top.buttons["Compare"].description = (
            "Compare" if self._beside.pinned is None else "End comparing"
        )
        self._carry.show_link()

    def _refuse(self, error: ConvlabError) -> None:
        """A message that no control of ours could have sent: the picture stays, and says so."""
        self._show_controls()
        self.error = error

    def _busy(self, message: str | None) -> None:
        self.stage.busy = message

    # -- what is carried away --------------------------------------------------------------------

    def _exported(self, kind: str, told: Callable[[int, int], None]) -> bytes:
        return export(self._picture, self.stage, kind, told)

    def _code(self, language: str) -> str:
        return to_code(self.layer, language, (None, *self.x.shape))


def _unforeseen(error: Exception) -> DataError:
    return DataError(
        "This setting cannot be computed.",
        received=f"{type(error).__name__}: {error}"[:200],
        remedy="Undo it, or change it.",
    )
