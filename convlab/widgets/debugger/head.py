"""The line above the debugger: its name, undo, feature maps, the theme, and what is to be said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any, Protocol

import ipywidgets as widgets

from convlab.errors import ConvlabError
from convlab.widgets.controls import action_button
from convlab.widgets.debugger.picture import PictureUpload
from convlab.widgets.header import style, theme_list
from convlab.widgets.history import History

_CSS = Path(__file__).with_name("debugger.css")


class Hands(Protocol):
    """What the line calls."""

    theme: str
    maps: bool
    x: Any
    export: Any

    def undo(self) -> None:
        """One step back."""

    def redo(self) -> None:
        """One step forward."""

    def reset(self) -> None:
        """To the first."""


class Head(widgets.VBox):  # type: ignore[misc]
    """The debugger's first line, and below it what is to be said.

    Args:
        hands: told what the viewer presses.

    Attributes:
        line: the first line, into which the app puts the names of its pages.
        theme: the list of themes.
    """

    def __init__(self, hands: Hands) -> None:
        self._title = widgets.HTML()
        self._title.add_class("cx-code")
        actions = {
            "Undo": ("Go one step back", hands.undo),
            "Redo": ("Go one step forward again", hands.redo),
            "Reset": ("Go to what was opened first", hands.reset),
            "Export": ("Code, structure, a report, a link", lambda: hands.export.toggle()),
        }
        self.buttons = {text: action_button(text, *told) for text, told in actions.items()}
        self._maps = widgets.ToggleButton(
            description="Feature maps",
            tooltip="What each layer gives for an input, in its box",
            layout=widgets.Layout(width="auto"),
        )
        self._maps.observe(lambda change: setattr(hands, "maps", change["new"]), "value")
        self.picture = PictureUpload(
            lambda picture: setattr(hands, "x", picture), lambda error: self.say(error=error)
        )
        self.picture.layout.display = "none"
        self.theme = theme_list(lambda theme: setattr(hands, "theme", theme))
        brand = widgets.HTML('<h1 class="cx-brand">convlab</h1>')
        shown = [*self.buttons.values(), self._maps, self.picture, self.theme]
        self.line = widgets.HBox([brand, self._title, *shown, style(), _style()])
        self.line.add_class("cx-header")
        self._said = widgets.HTML()
        self._said.add_class("cd-said")
        self._parts: dict[str, str] = {}
        super().__init__([self.line, self._said])
        self.say()

    def show(self, title: str, history: History) -> None:
        """Shows what is debugged, and where in the history it is."""
        self._title.value = f"<code>{escape(title)}</code>"
        self.buttons["Undo"].disabled = not history.can_undo
        self.buttons["Redo"].disabled = not history.can_redo

    def show_maps(self, shown: bool) -> None:
        """Shows whether feature maps are shown."""
        self._maps.value = shown
        self.picture.layout.display = None if shown else "none"

    def say(self, **told: Any) -> None:
        """Says something, or with None no more of it.

        Args:
            **told: `error`, a ConvlabError; `preview`, the fix that is only looked at; `busy`, what
                is waited for; `left`, why some feature maps are missing.
        """
        self._parts |= {name: _WORDS[name](what) if what else "" for name, what in told.items()}
        said = "".join(self._parts.get(name, "") for name in _WORDS)
        self._said.value = said
        self._said.layout.display = None if said else "none"


def _error(error: ConvlabError) -> str:
    told = error.told
    received = f"Received {told['received']}." if told["received"] else ""
    parts = {"rule": told["rule"], "received": received, "remedy": told["remedy"]}
    lines = "".join(
        f'<p class="cd-{name}">{escape(part)}</p>' for name, part in parts.items() if part
    )
    return f'<div class="cd-alert" role="alert">{lines}</div>'


def _status(text: str) -> str:
    return f'<div class="cd-status" role="status">{escape(text)}</div>'


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "error": _error,
    "preview": lambda fix: _status(f"Preview: {fix.summary}. Nothing is changed yet."),
    "busy": _status,
    "left": lambda reason: _status(f"Feature maps: {reason}."),
}


def _style() -> widgets.HTML:
    sheet = widgets.HTML(f"<style>{_CSS.read_text('utf-8')}</style>")
    sheet.layout.display = "none"
    return sheet
