"""The explorer: controls to the left, the stage to the right, and the way from one to the other.

A control changes a `Setting`; the setting builds a layer and an input; their scene goes to the
stage. A setting that is refused leaves the last good picture and shows the message beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import ArgumentError, ArgumentTypeError, ConvlabError, DataError, ShapeError
from convlab.models.code import to_code
from convlab.scene import Scene, build_scene
from convlab.widgets.beside import Beside
from convlab.widgets.carry_away import CarryAway
from convlab.widgets.column import Column
from convlab.widgets.compiling import when_compiled
from convlab.widgets.controls import fix_label
from convlab.widgets.families import SHOWN, room_of, shown_class
from convlab.widgets.given import channels_of, setting_of
from convlab.widgets.header import Header
from convlab.widgets.history import History
from convlab.widgets.inputs import Input, Room, input_of
from convlab.widgets.setting import Setting
from convlab.widgets.stage import HIDDEN, THEMES, Stage
from convlab.widgets.state import encoded, told_setting
from convlab.widgets.weights import Form, forms

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
    """

    def __init__(self, setting: Setting) -> None:
        self._history = History(setting)
        self._shown = setting  # what the picture shows: the last setting that was not refused
        self._layer: Any = None
        self._x: NDArray[Any] = np.empty(0)
        self._given: NDArray[Any] | None = None  # an output set from Python
        self._error: ConvlabError | None = None
        self._touched = ""  # the argument whose control was moved last
        self._remembered: dict[Room, Input] = {}  # the last input of each kind of layer
        self._time: int | None = None
        self.stage = Stage()
        self.stage.observe(self._selection_moved, "selection")
        self.stage.on_weight(self._weight_typed)
        self.stage.on_fix(self._fix_pressed)
        self._beside = Beside(self.stage)
        super().__init__([self._header(), self._carried(), self._body()])
        self.add_class("cx-explorer")
        self.theme = "light"
        self._show_controls(setting)
        when_compiled(self._refresh, self._busy)

    # -- what Python may read and set ----------------------------------------------------------

    @property
    def layer(self) -> Any:
        """The layer of the picture shown."""
        if self._layer is None:
            self._refresh()  # the kernels may still be compiling beside
        if self._layer is None:
            raise self._error or RuntimeError("the explorer shows no layer")
        return self._layer

    @layer.setter
    def layer(self, layer: Any) -> None:
        chosen: Input | None = self._history.present.input
        channels = channels_of(layer)
        if chosen is None or room_of(shown_class(type(layer))) != chosen.room:
            chosen = None  # the present input has another rank
        elif channels not in (None, chosen.values().shape[-1]):
            chosen = None  # or other channels than the layer was built for
        self._add(setting_of(layer, chosen))

    @property
    def x(self) -> NDArray[Any]:
        """The input of the picture shown, without the batch axis."""
        return self._x

    @x.setter
    def x(self, x: ArrayLike) -> None:
        present = self._history.present
        self._add(replace(present, input=input_of(x, self.layer.data_format, present.room)))

    @property
    def output(self) -> NDArray[Any]:
        """The output shown: what the layer gives for `x`, without the batch axis."""
        layer = self.layer
        return np.asarray(layer(self._x[None])[0]) if self._given is None else self._given

    @output.setter
    def output(self, y: ArrayLike) -> None:
        """Shows another array in its place until the next change: another framework's, say.

        The stage then names, cell by cell, the differences that rounding does not explain.
        """
        own = self.layer(self._x[None])[0]
        given = np.asarray(y, dtype=own.dtype)
        if given.shape != own.shape:
            raise ShapeError(
                "An output to be shown has the shape of the layer's own.",
                received=f"shape {given.shape}; the layer's is {own.shape}",
                remedy="Leave out the batch axis, and keep the layer's data format.",
                argument="output",
            )
        self._given = given
        self.stage.show(self._scene(self._shown, self.layer, self._x))

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
        scene = self.stage.scene
        steps = scene.time.steps if scene is not None and scene.time else 0
        if type(step) is not int or not 0 <= step < steps:
            raise ArgumentError(
                f"The input has {steps} time steps." if steps else "The layer has no time.",
                received=f"time={step!r:.80}",
                remedy=f"Use an integer from 0 to {steps - 1}." if steps else "Use a ConvLSTM.",
                argument="time",
            )
        self._time = step
        self._show(self._shown, self.layer, self._x)
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
        self._column.complain(error, self._touched, self._apply)

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
        setting = told_setting(self._shown)
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
        self._history.undo()
        self._refresh()

    def redo(self) -> None:
        """Goes one setting forward again."""
        self._history.redo()
        self._refresh()

    def reset(self) -> None:
        """Goes to the first setting and to the middle of its output; `undo` comes back."""
        self._time = None
        self._add(self._history.first)
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
        self._beside.pin(setting or self._shown)
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
                "Export": ("Files, a link, code", self._toggle_carried),
            },
            lambda theme: setattr(self, "theme", theme),
            self._hide,
        )
        return self._top

    def _carried(self) -> widgets.Widget:
        self._carry = CarryAway(self._exported, self._code, self._link_told)
        self._carry.layout.display = "none"
        return self._carry

    def _body(self) -> widgets.Widget:
        self._column = Column(self, self._refuse)
        body = widgets.HBox([self._column, self._beside])
        body.add_class("cx-body")
        return body

    # -- from a control to a setting -------------------------------------------------------------

    def choose_layer(self, name: str) -> None:
        """Shows a layer of another class, with what both have in common."""
        present = self._history.present
        if SHOWN[name] is not shown_class(present.layer_class):
            self._remembered[present.room] = present.input
            self._touched = "layer"
            cls = SHOWN[name]
            self._add(present.with_layer(cls, self._remembered.get(room_of(cls))))

    def set_argument(self, name: str, value: Any) -> None:
        """Sets an argument of the layer; what is refused is told beside its control."""
        self._touched = name
        self._add(self._history.present.with_arguments(**{name: value}))

    def change_input(self, **changes: Any) -> None:
        """Sets fields of the `Input`."""
        self._touched = "input"
        self._add(self._history.present.with_input(**changes))

    def name_kernel(self, form: Form, filter: int, name: str) -> None:
        """Sets a kernel that has a name, in one filter."""
        self._add(self._shown.with_name(form, filter, name))

    def type_bias(self, filter: int, value: float) -> None:
        """Sets the bias of one filter."""
        self._add(self._shown.with_bias(self.layer, filter, value))

    def go_to_time(self, step: int) -> None:
        """Shows a time step that a control asks for."""
        if self._layer is None:
            return
        try:
            self.time = step
        except ArgumentError as error:
            self._refuse(error)

    def _apply(self, fix: Mapping[str, Any]) -> None:
        self._add(self._history.present.with_arguments(**fix))

    def _fix_pressed(self, index: int) -> None:
        if self._error is not None:
            self._apply(self._error.fixes[index])

    def _weight_typed(self, name: str, index: tuple[int, ...], value: float) -> None:
        self._add(self._shown.with_weight(forms(self.layer)[name], index, value))

    def _toggle_pin(self) -> None:
        (self.pin if self._beside.pinned is None else self.unpin)()

    def _hide(self, what: Any) -> None:
        self.stage.hide = what if what in HIDDEN else None

    def _selection_moved(self, _: Any) -> None:
        if self._layer is not None:
            self._column.show_weights(self._shown, self._layer, self._filter)

    @property
    def _filter(self) -> int:
        """The channel of the selected output cell."""
        scene = self.stage.scene
        if scene is None or len(self.selection) != len(scene.selectable):
            return 0
        return scene.place(self.selection)[1]

    def _add(self, setting: Setting) -> None:
        self._history.add(setting)
        self._refresh()

    # -- from a setting to a picture -------------------------------------------------------------

    def _refresh(self) -> None:
        setting = self._history.present
        self._top.buttons["Undo"].disabled = not self._history.can_undo
        self._top.buttons["Redo"].disabled = not self._history.can_redo
        try:
            layer, x = setting.build()
            self._given = None
            self._show(setting, layer, x)  # first of all: this is what the viewer waits for
        except (ValueError, TypeError, MemoryError, OverflowError) as error:
            self._show_controls(setting)
            self.error = error if isinstance(error, ConvlabError) else _unforeseen(error)
            return
        self._top.show_code(repr(layer))
        self.error = None
        self._show_controls(setting)
        self._show_beside()
        if self._carry.layout.display is None:
            self._carry.show()

    def _show(self, setting: Setting, layer: Any, x: NDArray[Any]) -> None:
        scene = self._scene(setting, layer, x)
        self._shown, self._layer, self._x = setting, layer, x
        self.stage.show(scene)

    def _scene(self, setting: Setting, layer: Any, x: NDArray[Any]) -> Scene:
        time = None
        if setting.room.timed and self._time is not None:
            time = min(self._time, len(x) - 1)
        given = None if self._given is None else self._given[None]
        return build_scene(
            layer, x[None], picture=setting.input.is_picture, output=given, time=time
        )

    def _show_controls(self, setting: Setting) -> None:
        self._column.show(setting)
        if self._layer is not None:
            self._column.show_weights(self._shown, self._layer, self._filter)
        self._column.show_time(self.stage.scene)

    def _show_beside(self) -> None:
        self._beside.show(self._shown, self._time)
        self._top.buttons["Compare"].description = (
            "Compare" if self._beside.pinned is None else "End comparing"
        )

    def _refuse(self, error: ConvlabError) -> None:
        """A message that no control of ours could have sent: the picture stays, and says so."""
        self._show_controls(self._history.present)
        self.error = error

    def _busy(self, message: str | None) -> None:
        self.stage.busy = message

    # -- what is carried away --------------------------------------------------------------------

    def _toggle_carried(self) -> None:
        hidden = self._carry.layout.display == "none"
        self._carry.layout.display = None if hidden else "none"
        if hidden:
            self._carry.show()

    def _exported(self, kind: str) -> bytes:
        from convlab.draw import exported  # matplotlib is slow to import, and rarely asked for

        scene = self.stage.scene
        looks: dict[str, Any] = {
            "theme": "light" if self.theme == "auto" else self.theme,
            "picture": self._shown.input.is_picture,
            "filter": self._filter,
            "time": self.time,
            "reading": self.stage.reading,
        }
        if scene is not None and self.stage.reading == "gather":  # else the cells are the input's
            place, _ = scene.place(self.selection)
            sizes = scene.steps[-1].output.values.shape[:-1]
            looks["step"] = int(np.ravel_multi_index(place, sizes))
        return exported(self.layer, self._x[None], kind, **looks)

    def _code(self, language: str) -> str:
        return to_code(self.layer, language, (None, *self._x.shape))

    def _link_told(self) -> tuple[str, str, str]:
        state = self.state
        out = state.get("left out", ())
        note = f"Not part of it: {', '.join(out)}." if out else ""
        return encoded(state), f"import convlab as cl\ncl.explore_state({state!r})", note


def _unforeseen(error: Exception) -> DataError:
    return DataError(
        "This setting cannot be computed.",
        received=f"{type(error).__name__}: {error}"[:200],
        remedy="Undo it, or change it.",
    )
