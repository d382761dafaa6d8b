"""What can be carried away from the debugger: code, structure, a report, a link."""

from __future__ import annotations

from html import escape
from typing import Any, Protocol

import ipywidgets as widgets

from convlab.errors import ArgumentError, ConvlabError
from convlab.models.code import to_code
from convlab.widgets.carry_away import Carrier
from convlab.widgets.controls import action_button
from convlab.widgets.debugger.case import Case

FILES = {
    "Keras code": ("py", "text/x-python", "The network as it stands, as Keras calls"),
    "Structure": ("json", "application/json", "What model.to_json() gives; Keras reads it"),
    "Report": ("html", "text/html", "What was found, as a page"),
    "Findings": ("json", "application/json", "What was found, for programs"),
}
"""Button -> the kind of file, its media type, what it is good for."""


class Shown(Protocol):
    """What is carried away."""

    @property
    def case(self) -> Case:
        """What is debugged."""

    @property
    def state(self) -> dict[str, Any]:
        """What the link opens again."""

    @property
    def link(self) -> str:
        """The state as text."""


class Export(widgets.HBox):  # type: ignore[misc]
    """Buttons for files and a link; at first hidden.

    Args:
        shown: what is carried away.
    """

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self.carrier = Carrier()
        self.carrier.add_class("cx-carrier")
        buttons = [
            action_button(text, help, lambda text=text: self._save(text))  # type: ignore[misc]
            for text, (_, __, help) in FILES.items()
        ]
        super().__init__([widgets.HTML("<h2>Save</h2>"), *buttons, self.carrier])
        self.layout.display = "none"
        for name in ("cx-group", "cx-saves", "cd-export"):
            self.add_class(name)

    def toggle(self) -> None:
        """Shows the buttons, or hides them."""
        self.layout.display = None if self.layout.display == "none" else "none"
        self.show()

    def show(self) -> None:
        """Brings the link to the present state; while hidden it waits."""
        if self.layout.display == "none":
            return
        state = self._shown.state
        left = state.get("left out", ())
        self.carrier.link = self._shown.link
        self.carrier.code = f"import convlab as cl\ncl.debug_state({state!r})"
        self.carrier.note = f"Not part of it: {', '.join(left)}." if left else ""

    def _save(self, text: str) -> None:
        kind, media_type, _ = FILES[text]
        try:
            content = exported(self._shown.case, text)
        except (ConvlabError, ValueError, TypeError) as error:
            self.carrier.status = f"{error}"[:300]
            return
        self.carrier.status = ""
        name = text.lower().replace(" ", "_")
        self.carrier.hand_over(f"{name}.{kind}", media_type, content.encode(errors="replace"))


def exported(case: Case, text: str) -> str:
    """The content of one of `FILES`.

    Raises:
        ConvlabError: the network cannot be written so.
    """
    diagnosis = case.diagnosis
    if text == "Report":
        head = f"<!doctype html><meta charset='utf-8'><title>{escape(case.title)}</title>"
        return head + diagnosis.html()
    if text == "Findings":
        return diagnosis.to_json()
    if diagnosis.model is None:
        raise ArgumentError(
            "Code and structure are those of a network.",
            received="text of which no network could be read",
            remedy="Open a model, or code of plain layer calls.",
        )
    return to_code(diagnosis.model, "keras") if text == "Keras code" else diagnosis.model.to_json()
