"""The line above the debugger: its name, undo, feature maps, the theme, and what went wrong."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any, Protocol

import ipywidgets as widgets

from convlab.errors import ConvlabError
from convlab.inspector.diagnosis import Fix
from convlab.widgets.controls import action_button
from convlab.widgets.debugger.case import Case
from convlab.widgets.header import style, theme_list
from convlab.widgets.history import History

_CSS = Path(__file__).with_name("debugger.css")


class Hands(Protocol):
    """What the line calls."""

    theme: str

    def undo(self) -> None:
        """One step back."""

    def redo(self) -> None:
        """One step forward."""

    def reset(self) -> None:
        """To the first."""

    def toggle_maps(self, change: Any = None) -> None:
        """Feature maps, or none."""


class Head(widgets.VBox):  # type: ignore[misc]
    """The debugger's first line, and below it what is to be said.

    Args:
        hands: told what the viewer presses.

    Attributes:
        line: the first line, into which the app puts the names of its pages.
        maps: whether feature maps are shown.
        theme: the list of themes.
    """

    def __init__(self, hands: Hands) -> None:
        self._title = widgets.HTML()
        self._title.add_class("cx-code")
        self.buttons = {
            "Undo": action_button("Undo", "Go one step back", hands.undo),
            "Redo": action_button("Redo", "Go one step forward again", hands.redo),
            "Reset": action_button("Reset", "Go to what was opened first", hands.reset),
        }
        self.maps = widgets.ToggleButton(
            description="Feature maps",
            tooltip="What each layer gives for an input, in its box",
            layout=widgets.Layout(width="auto"),
        )
        self.maps.observe(hands.toggle_maps, "value")
        self.theme = theme_list(lambda theme: setattr(hands, "theme", theme))
        brand = widgets.HTML('<h1 class="cx-brand">convlab</h1>')
        self.line = widgets.HBox(
            [brand, self._title, *self.buttons.values(), self.maps, self.theme, style(), _style()]
        )
        self.line.add_class("cx-header")
        self._said = widgets.HTML()
        self._said.add_class("cd-said")
        self._parts = {"error": "", "preview": "", "busy": "", "left": ""}
        super().__init__([self.line, self._said])
        self._tell()

    def show(self, case: Case, history: History) -> None:
        """Shows what is debugged, and where in the history it is."""
        self._title.value = f"<code>{escape(case.title)}</code>"
        self.buttons["Undo"].disabled = not history.can_undo
        self.buttons["Redo"].disabled = not history.can_redo
        self._tell(left="")

    def show_error(self, error: ConvlabError | None) -> None:
        """Shows an error in its three parts, or takes it away."""
        told = "" if error is None else "".join(f"<p>{escape(part)}</p>" for part in _parts(error))
        self._tell(error=f'<div class="cd-alert" role="alert">{told}</div>' if told else "")

    def show_preview(self, fix: Fix | None) -> None:
        """Says that a fix is only looked at."""
        told = f"Preview: {escape(fix.summary)}. Nothing is changed yet." if fix else ""
        self._tell(preview=f'<div class="cd-status" role="status">{told}</div>' if told else "")

    def show_busy(self, message: str | None) -> None:
        """Says what is waited for."""
        told = f'<div class="cd-status" role="status">{escape(message)}</div>' if message else ""
        self._tell(busy=told)

    def show_left(self, reason: str) -> None:
        """Says why some feature maps are missing."""
        told = f"Feature maps: {escape(reason)}." if reason else ""
        self._tell(left=f'<div class="cd-status" role="status">{told}</div>' if told else "")

    def _tell(self, **parts: str) -> None:
        self._parts |= parts
        told = "".join(self._parts.values())
        self._said.value = told
        self._said.layout.display = None if told else "none"


def _parts(error: ConvlabError) -> list[str]:
    told = error.told
    received = f"Received {told['received']}." if told["received"] else ""
    return [part for part in (told["rule"], received, told["remedy"]) if part]


def _style() -> widgets.HTML:
    sheet = widgets.HTML(f"<style>{_CSS.read_text('utf-8')}</style>")
    sheet.layout.display = "none"
    return sheet
