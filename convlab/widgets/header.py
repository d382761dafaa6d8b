"""The line above the pictures: the name, the layer's call, undo, the prediction, the theme."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from convlab.widgets.controls import action_button

_CSS = Path(__file__).with_name("explorer.css")
_THEMES = {
    "system": "auto",
    "light": "light",
    "dark": "dark",
    "projector": "projector",
}
_PREDICT = {
    "predict: off": "",
    "predict: shape": "shape",
    "predict: one cell": "cell",
    "predict: taps": "taps",
}


class Header(widgets.HBox):  # type: ignore[misc]
    """The explorer's first line.

    Args:
        actions: for each button its text, what it does in a few words, and what it calls.
        themed: called with the theme that the viewer chose.
        hidden: called with what the viewer wants to predict, or None.
    """

    def __init__(
        self,
        actions: dict[str, tuple[str, Callable[[], None]]],
        themed: Callable[[str], None],
        hidden: Callable[[str | None], None],
    ) -> None:
        brand = widgets.HTML('<h1 class="cx-brand">convlab</h1>')
        self._code = widgets.HTML()
        self._code.add_class("cx-code")
        self.buttons = {text: action_button(text, *told) for text, told in actions.items()}
        self.predict = _list(_PREDICT, "predict", "Hide it until you have said what it is")
        self.predict.add_class("cx-predict")
        self.predict.observe(lambda change: hidden(change["new"] or None), "value")
        self.theme = theme_list(themed)
        super().__init__(
            [brand, self._code, *self.buttons.values(), self.predict, self.theme, style()]
        )
        self.add_class("cx-header")

    def show_hidden(self, what: str | None) -> None:
        """Shows what is hidden, without reporting it anew."""
        self.predict.value = what or ""

    def show_code(self, code: str) -> None:
        """Shows the call that makes the layer."""
        self._code.value = code_of(code)


def style() -> widgets.HTML:
    """The explorer's style sheet, to be placed among its children."""
    sheet = widgets.HTML(f"<style>{_CSS.read_text('utf-8')}</style>")
    sheet.layout.display = "none"
    return sheet


def code_of(code: str) -> str:
    """A call as HTML, which may take several lines; all of it is under the pointer too."""
    broken = escape(code).replace("(", "(<wbr>")  # a line may end there, rather than inside a word
    return f'<code title="{escape(code)}">{broken}</code>'


def theme_list(themed: Callable[[str], None]) -> widgets.Dropdown:
    """The list of themes alone."""
    themes = _list(_THEMES, "theme", "Colours and sizes")
    themes.observe(lambda change: themed(change["new"]), "value")
    return themes


def _list(options: dict[str, Any], label: str, help: str) -> widgets.Dropdown:
    """A list with its name before it."""
    chosen = widgets.Dropdown(options=options, description=label, tooltip=help)
    chosen.add_class("cx-theme")
    return chosen
