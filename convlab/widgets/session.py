"""What the viewer's hands do to a setting, step by step, apart from how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from numpy.typing import ArrayLike

from convlab.widgets.families import SHOWN, room_of, shown_class
from convlab.widgets.given import channels_of, setting_of
from convlab.widgets.history import History
from convlab.widgets.inputs import Input, Room, input_of
from convlab.widgets.picture import Picture
from convlab.widgets.setting import Setting
from convlab.widgets.weights import Form, forms
from convlab.widgets.work import MOST, Work, check_work


class Session:
    """The settings of one sitting: where the viewer is, what is shown, how they go on.

    A new setting may be refused when it is built; then `picture` stays behind the history.

    Args:
        setting: the first one.
        changed: called whenever the present setting is another.

    Attributes:
        history: the settings so far.
        picture: what is shown, of the last setting that was not refused; None before the first.
        touched: the argument whose control was moved last.
    """

    def __init__(self, setting: Setting, changed: Callable[[], None]) -> None:
        self.history = History(setting)
        self.picture: Picture | None = None
        self.touched = ""
        self._changed = changed
        self._handed = setting  # from Python, which may ask for as much work as it likes
        self._allowed = MOST
        self._remembered: dict[Room, Input] = {}  # the last input of each kind of layer

    @property
    def present(self) -> Setting:
        """The setting that the controls show."""
        setting: Setting = self.history.present
        return setting

    @property
    def shown(self) -> Setting:
        """The setting of the picture."""
        return self.present if self.picture is None else self.picture.setting

    def compute(self) -> Picture:
        """The picture of the present setting.

        Raises:
            ConvlabError: the setting is refused, or is more work than the controls may ask for.
        """
        picture = Picture.of(self.present)
        if self.present is self._handed:
            self._allowed = Work(*map(max, self._allowed, picture.work))
        check_work(picture.work, self._allowed)
        return picture

    def undo(self) -> None:
        """Goes one setting back."""
        self.history.undo()
        self._changed()

    def redo(self) -> None:
        """Goes one setting forward again."""
        self.history.redo()
        self._changed()

    def reset(self) -> None:
        """Goes to the first setting; `undo` comes back."""
        self._add(self.history.first)

    def show_layer(self, layer: Any) -> None:
        """Shows a layer of Python's, on the present input where it can read it."""
        chosen: Input | None = self.present.input
        channels = channels_of(layer)
        if chosen is None or room_of(shown_class(type(layer))) != chosen.room:
            chosen = None  # the present input has another rank
        elif channels not in (None, chosen.values().shape[-1]):
            chosen = None  # or other channels than the layer was built for
        self._hand_over(setting_of(layer, chosen))

    def show_input(self, x: ArrayLike, data_format: str) -> None:
        """Shows an array of Python's as the input."""
        self._hand_over(replace(self.present, input=input_of(x, data_format, self.present.room)))

    def choose_layer(self, name: str) -> None:
        """Shows a layer of another class, with what both have in common."""
        present = self.present
        if SHOWN[name] is not shown_class(present.layer_class):
            self._remembered[present.room] = present.input
            self.touched = "layer"
            cls = SHOWN[name]
            self._add(present.with_layer(cls, self._remembered.get(room_of(cls))))

    def set_argument(self, name: str, value: Any) -> None:
        """Sets an argument of the layer; what is refused is told beside its control."""
        self.touched = name
        self._add(self.present.with_arguments(**{name: value}))

    def apply(self, fix: Mapping[str, Any]) -> None:
        """Sets the arguments that an error's remedy names."""
        self._add(self.present.with_arguments(**fix))

    def change_input(self, **changes: Any) -> None:
        """Sets fields of the `Input`."""
        self.touched = "input"
        self._add(self.present.with_input(**changes))

    # What follows changes what the viewer sees: the picture, not a setting that was refused

    def name_kernel(self, form: Form, filter: int, name: str) -> None:
        """Sets a kernel that has a name, in one filter."""
        self._add(self.shown.with_name(form, filter, name))

    def type_bias(self, filter: int, value: float) -> None:
        """Sets the bias of one filter."""
        if self.picture is not None:
            self._add(self.shown.with_bias(self.picture.layer, filter, value))

    def type_weight(self, name: str, index: tuple[int, ...], value: float) -> None:
        """Sets one number of a weight of the layer, at the layer's own index."""
        if self.picture is not None:
            self._add(self.shown.with_weight(forms(self.picture.layer)[name], index, value))

    def _hand_over(self, setting: Setting) -> None:
        """A setting of Python's: a viewer may go on with as much work as it takes."""
        self._handed = setting
        self._add(setting)

    def _add(self, setting: Setting) -> None:
        self.history.add(setting)
        self._changed()
