"""The controls of a layer's arguments: plain ipywidgets, grouped as a person thinks.

They do no arithmetic. A change is checked against the control's own bounds, since a message from
a browser may hold anything, and is then handed on by the name of its argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from convlab.errors import ConvlabError
from convlab.widgets.arguments import Control

Handler = Callable[[str, Any], None]
Refuse = Callable[[ConvlabError], None]

_WIDE = {"flex": "1 1 0", "min_width": "0"}


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
        self._label.value = f'<span title="{escape(self._help)}">{escape(label)}</span>'

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
        self, control: Control, axes: Sequence[str], handler: Handler, refuse: Refuse
    ) -> None:
        self.control = control
        self._rank = len(axes)
        self._handler, self._refuse = handler, refuse
        self._linked = True
        self._quiet = False
        self._items = dict(zip(control.labels, control.options, strict=bool(control.labels)))
        self._editors = [_editor(control, name) for name in _places(control, axes)]
        for editor in self._editors:
            editor.observe(self._changed, "value")
        super().__init__(control.label, self._arranged(axes), control.help)
        self.link(True)

    def _arranged(self, axes: Sequence[str]) -> list[widgets.Widget]:
        """The editors side by side; of sides, a line for each axis."""
        if self.control.form != "sides":
            return self._editors
        before, after = widgets.HTML("before"), widgets.HTML("after")
        heads = widgets.HBox([widgets.HTML(), before, after])
        heads.add_class("cx-heads")
        lines = [heads]
        for axis, name in enumerate(axes):
            caption = widgets.HTML(escape(name))
            caption.add_class("cx-axis")
            lines.append(widgets.HBox([caption, *self._editors[2 * axis : 2 * axis + 2]]))
        box = widgets.VBox(lines, layout=widgets.Layout(**_WIDE))
        box.add_class("cx-sides")
        return [box]

    @property
    def linkable(self) -> bool:
        """Whether one editor can stand for all axes."""
        return self.control.form == "axes" and len(self._editors) > 1

    def link(self, linked: bool) -> None:
        """One editor for all axes, or one for each."""
        self._linked = linked and self.linkable
        if self.linkable:
            for editor in self._editors[1:]:
                editor.layout.display = "none" if linked else None

    @property
    def unlike(self) -> bool:
        """Whether the axes have values of their own."""
        return self.linkable and len({editor.value for editor in self._editors}) > 1

    def show(self, value: Any) -> None:
        """Shows a value that comes from elsewhere, without telling the handler."""
        items = self.control.items(value, self._rank)
        if len(set(items)) > 1:
            self.link(False)
        self._quiet = True
        try:
            for editor, item in zip(self._editors, items, strict=True):
                value = self._labelled(item) if self._items else item
                _widen(editor, value)
                editor.value = value
        finally:
            self._quiet = False

    def _labelled(self, item: Any) -> str:
        """What stands in the list for an item; a list of ipywidgets holds no None."""
        label = next((told for told, known in self._items.items() if known is item), str(item))
        self._items[label] = item  # one beyond the list, set from Python
        return label

    def _changed(self, change: Any) -> None:
        if self._quiet:
            return
        items = [self._items.get(editor.value, editor.value) for editor in self._editors]
        if self._linked:
            items = [self._items.get(change["new"], change["new"])] * len(items)
        try:
            self.control.check(items)
        except ConvlabError as error:
            self._refuse(error)
        else:
            self._handler(self.control.name, self.control.argument(items, self._rank))


def _places(control: Control, axes: Sequence[str]) -> list[str]:
    """What each editor of a control stands for."""
    if control.form == "one":
        return [""]
    if control.form == "axes":
        return list(axes)
    return [f"{axis}, {side}" for axis in axes for side in ("before", "after")]


def _editor(control: Control, place: str) -> widgets.Widget:
    label = f"{control.label}, {place}" if place else control.label
    common = {"tooltip": control.help, "layout": widgets.Layout(**_WIDE)}
    bounds = {"min": control.low, "max": control.high, "step": 1}
    if control.form == "sides":
        editor = widgets.BoundedIntText(control.low, **bounds, **common)
    elif not control.options:
        editor = widgets.IntSlider(control.low, **bounds, **common)
    elif control.options == (True, False):
        editor = widgets.Checkbox(True, indent=False, **common)
    elif control.labels:
        editor = widgets.SelectionSlider(options=control.labels, **common)
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
    if isinstance(editor, widgets.IntSlider | widgets.BoundedIntText):
        editor.max = max(editor.max, value)
        editor.min = min(editor.min, value)
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
    heading = [widgets.HTML(f"<h2>{escape(title)}</h2>")] if title else []
    for one in heading:
        one.add_class("cx-title")
    panel = widgets.VBox([*heading, *rows])
    panel.add_class("cx-group")
    if len(panel.children) >= LONG:
        panel.add_class("cx-long")
    return panel


LONG = 5
"""So many rows stand in two columns where controls are given little height."""


def mark_long(panel: widgets.Widget, rows: widgets.Box) -> None:
    """Tells the style sheet whether many rows are shown of a box within a group."""
    shown = [
        row
        for row in rows.children
        if row.layout.display != "none" and "cx-caption" not in row._dom_classes
    ]
    mark(panel, "cx-long-inside", len(shown) >= LONG)


def mark(widget: widgets.DOMWidget, name: str, holds: bool) -> None:
    """Gives a widget a class of the style sheet, or takes it away.

    A selector that looks for it itself (`:has`) would be asked again at every change of the page.
    """
    (widget.add_class if holds else widget.remove_class)(name)


def action_button(text: str, help: str, action: Callable[[], None]) -> widgets.Button:
    """A button that does one thing."""
    button = widgets.Button(description=text, tooltip=help, layout=widgets.Layout(width="auto"))
    button.on_click(lambda _: action())
    return button
