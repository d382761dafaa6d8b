"""The controls of a layer's arguments: plain ipywidgets, grouped as a person thinks.

They do no arithmetic. A change is checked against the control's own bounds, since a message from
a browser may hold anything, and is then handed on by the name of its argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from convlab.errors import ArgumentError, ConvlabError

Handler = Callable[[str, Any], None]


@dataclass(frozen=True)
class Control:
    """One argument of the layer, as the viewer meets it.

    Args:
        name: the argument, in Keras's spelling.
        label: what stands before the control.
        help: what it does, in one line.
        low: the smallest integer.
        high: the largest.
        options: the values to choose from, in the place of a range.
        per_axis: whether each spatial axis has a value of its own.
    """

    name: str
    label: str
    help: str
    low: int = 1
    high: int = 1
    options: tuple[Any, ...] = ()
    per_axis: bool = False

    def check(self, value: Any) -> Any:
        """The value, when the control could have sent it.

        Raises:
            ArgumentError: it could not.
        """
        items = value if self.per_axis and isinstance(value, tuple) else (value,)
        for item in items:
            whole = isinstance(item, int) and not isinstance(item, bool)
            if item not in self.options and not (whole and self.low <= item <= self.high):
                raise ArgumentError(
                    f"The control for `{self.name}` has a bound of its own.",
                    received=f"{self.name}={value!r}"[:80],
                    remedy=f"Choose {self._choices()}.",
                    argument=self.name,
                )
        return value

    def _choices(self) -> str:
        if self.options:
            return f"one of {', '.join(map(str, self.options))}"
        return f"an integer from {self.low} to {self.high}"


class Row(widgets.VBox):  # type: ignore[misc]
    """A labelled control with a place below it for what is wrong with its value."""

    def __init__(self, label: str, editors: Sequence[widgets.Widget], help: str) -> None:
        self._help = help
        self._label = widgets.HTML()
        self._label.add_class("cx-label")
        self.caption = label
        self._line = widgets.HBox([self._label, *editors])
        self._line.add_class("cx-line")
        super().__init__([self._line])
        self.add_class("cx-row")

    @property
    def caption(self) -> str:
        """What stands before the editors."""
        return self._caption

    @caption.setter
    def caption(self, label: str) -> None:
        self._caption = label
        self._label.value = f'<span title="{self._help}">{label}</span>'

    def complain(self, box: widgets.Widget | None) -> None:
        """Shows a box below the control, or takes it away."""
        self.children = (self._line, box) if box else (self._line,)
        (self.add_class if box else self.remove_class)("cx-wrong")


class ArgumentRow(Row):
    """The row of one `Control`: sliders for integers, a list or two buttons for names.

    Args:
        control: what to show.
        axes: the names of the spatial axes.
        handler: called with the argument's name and its new value.
        refuse: called with the error when a message holds what the control could not send.
    """

    def __init__(
        self,
        control: Control,
        axes: Sequence[str],
        handler: Handler,
        refuse: Callable[[ConvlabError], None],
    ) -> None:
        self.control = control
        self._handler, self._refuse = handler, refuse
        self._linked = True
        self._quiet = False
        names = axes if control.per_axis else [""]
        self._editors = [_editor(control, name) for name in names]
        for editor in self._editors:
            editor.observe(self._changed, "value")
        super().__init__(control.label, self._editors, control.help)
        self.link(True)

    def link(self, linked: bool) -> None:
        """One editor for all axes, or one for each."""
        self._linked = linked
        for editor in self._editors[1:]:
            editor.layout.display = "none" if linked else None

    @property
    def unlike(self) -> bool:
        """Whether the axes have values of their own."""
        return len({editor.value for editor in self._editors}) > 1

    def show(self, value: Any) -> None:
        """Shows a value that comes from elsewhere, without telling the handler."""
        values = value if isinstance(value, tuple) else (value,) * len(self._editors)
        if len(set(values)) > 1:
            self.link(False)
        self._quiet = True
        try:
            for editor, item in zip(self._editors, values, strict=True):
                _widen(editor, item)
                editor.value = item
        finally:
            self._quiet = False

    def _changed(self, change: Any) -> None:
        if self._quiet:
            return
        first = change["owner"] is self._editors[0]
        values = [editor.value for editor in self._editors]
        if self._linked and first:
            values = [change["new"]] * len(values)
        value = tuple(values) if self.control.per_axis else values[0]
        try:
            self.control.check(value)
        except ConvlabError as error:
            self._refuse(error)
        else:
            self._handler(self.control.name, value)


def _editor(control: Control, axis: str) -> widgets.Widget:
    label = f"{control.label}, {axis}" if axis else control.label
    common = {"tooltip": control.help, "layout": widgets.Layout(flex="1 1 0", min_width="0")}
    if not control.options:
        editor = widgets.IntSlider(control.low, min=control.low, max=control.high, step=1, **common)
    elif control.options == (True, False):
        editor = widgets.Checkbox(True, indent=False, **common)
    elif len(control.options) == 2 and sum(map(len, control.options)) < 16:  # room for two buttons
        editor = widgets.ToggleButtons(options=control.options, **common)
        editor.style.button_width = "auto"
    else:
        editor = widgets.Dropdown(options=control.options, **common)
    editor.add_class("cx-editor")
    editor.description = label  # read aloud; the visible caption stands before the editor
    editor.description_allow_html = False
    return editor


def _widen(editor: widgets.Widget, value: Any) -> None:
    """Makes room for a value set from Python that is beyond the editor's own choices."""
    if isinstance(editor, widgets.IntSlider):
        editor.max = max(editor.max, value)
    elif hasattr(editor, "options"):
        pairs = [o if isinstance(o, tuple) else (str(o), o) for o in editor.options]
        if value not in [known for _, known in pairs]:
            editor.options = (*pairs, (getattr(value, "__name__", str(value)), value))


def fix_label(fix: Mapping[str, Any]) -> str:
    """A change of arguments as Keras's code has it.

    >>> fix_label({"padding": "same"})
    "padding='same'"
    """
    return ", ".join(f"{name}={value!r}" for name, value in fix.items())


def fix_buttons(fixes: Iterable[dict[str, Any]], apply: Callable[[dict[str, Any]], None]) -> Any:
    """A button for each change of arguments that mends an error."""
    buttons = []
    for fix in fixes:
        text = fix_label(fix)
        button = widgets.Button(description=text, tooltip=f"Set {text}")
        button.layout.width = "auto"
        button.on_click(lambda _, fix=fix: apply(fix))
        buttons.append(button)
    box = widgets.HBox(buttons)
    box.add_class("cx-fixes")
    return box


def group(title: str, rows: Sequence[widgets.Widget]) -> widgets.Widget:
    """Rows in a panel under a title."""
    heading = [widgets.HTML(f"<h2>{title}</h2>")] if title else []
    panel = widgets.VBox([*heading, *rows])
    panel.add_class("cx-group")
    return panel


def action_button(text: str, help: str, action: Callable[[], None]) -> widgets.Button:
    """A button that does one thing."""
    button = widgets.Button(description=text, tooltip=help, layout=widgets.Layout(width="auto"))
    button.on_click(lambda _: action())
    return button
