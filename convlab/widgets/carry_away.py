"""The panel of what a viewer can carry away: files, a link, code."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

from convlab.errors import ConvlabError
from convlab.scene.assets import heard
from convlab.widgets.controls import action_button
from convlab.widgets.state import encoded

FILES = {
    "PNG": ("png", "image/png", "This step as a picture"),
    "SVG": ("svg", "image/svg+xml", "This step as a drawing that can be scaled"),
    "PDF": ("pdf", "application/pdf", "This step for print"),
    "GIF": ("gif", "image/gif", "The whole play as an animation"),
    "MP4": ("mp4", "video/mp4", "The whole play as a film; needs ffmpeg"),
    "HTML": ("html", "text/html", "A page that plays by itself, without a server"),
}
"""Button -> the kind of file, its media type, what it is good for."""

EVERY = 8  # frames, after which the viewer is told of them
LANGUAGES = {"Keras": "keras", "PyTorch": "torch", "R": "r"}


class Carrier(anywidget.AnyWidget):
    """Hands files and texts over to the browser.

    Attributes:
        link: the state as it stands in an address, or what follows the address, from its "?" on.
        code: the Python that opens the explorer in this state.
        note: what neither of them holds.
        status: what is being done.
    """

    _esm = heard(Path(__file__).with_name("carrier.js").read_text("utf-8"))

    link = traitlets.Unicode("").tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)
    status = traitlets.Unicode("").tag(sync=True)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Takes nothing from the browser."""

    def hand_over(self, name: str, media_type: str, content: bytes) -> None:
        """Lets the browser save a file."""
        self.send({"download": name, "type": media_type}, [content])


class CarryAway(widgets.VBox):  # type: ignore[misc]
    """Buttons for files, a link, and the layer's code in three languages; at first hidden.

    Args:
        export: makes the bytes of a kind of file, and tells how many frames of how many it has.
        code: makes the code for a framework.
        state: what the link opens again: `Explorer.state`.
    """

    def __init__(
        self,
        export: Callable[[str, Callable[[int, int], None]], bytes],
        code: Callable[[str], str],
        state: Callable[[], dict[str, Any]],
    ) -> None:
        self._export, self._write, self._state = export, code, state
        self.carrier = Carrier()
        self.carrier.add_class("cx-carrier")
        files = [
            action_button(text, help, lambda text=text: self._save(text))  # type: ignore[misc]
            for text, (_, __, help) in FILES.items()
        ]
        self._language = widgets.ToggleButtons(options=LANGUAGES, description="code")
        self._language.style.button_width = "auto"
        self._language.add_class("cx-editor")
        self._language.observe(lambda _: self.show_code(), "value")
        self._text = widgets.Textarea(description="code of the layer", disabled=False, rows=7)
        self._text.add_class("cx-editor")
        self._text.add_class("cx-listing")
        row = widgets.HBox([widgets.HTML("<h2>Save</h2>"), *files, self.carrier])
        row.add_class("cx-saves")
        languages = widgets.HBox([widgets.HTML("<h2>Code</h2>"), self._language])
        languages.add_class("cx-saves")
        super().__init__([row, languages, self._text])
        self.layout.display = "none"
        self.add_class("cx-group")
        self.add_class("cx-carry")

    def toggle(self) -> None:
        """Shows the panel, or hides it again."""
        if self.layout.display is None:
            self.layout.display = "none"
        else:
            self.layout.display = None
            self.show()

    def show(self) -> None:
        """Brings the link and the code to the present state; a hidden panel waits."""
        self.show_link()
        self.show_code()

    def show_link(self) -> None:
        """Brings the link alone to the present state."""
        if self.layout.display is not None:
            return
        state = self._state()
        out = state.get("left out", ())
        self.carrier.link = encoded(state)
        self.carrier.code = f"import convlab as cl\ncl.explore_state({state!r})"
        self.carrier.note = f"Not part of it: {', '.join(out)}." if out else ""

    def show_code(self) -> None:
        """Brings the code alone to the present layer."""
        if self.layout.display is not None:
            return
        try:
            self._text.value = self._write(self._language.value)
        except ConvlabError as error:
            self._text.value = f"# {error}".replace("\n", "\n# ")

    def _save(self, text: str) -> None:
        kind, media_type, _ = FILES[text]
        self.carrier.status = f"making the {text} ..."
        try:
            content = self._export(kind, partial(self._count, text))
        except ConvlabError as error:
            self.carrier.status = f"{error}"
        except (OSError, ValueError, MemoryError) as error:
            self.carrier.status = f"The {text} could not be made: {error}"[:300]
        else:
            self.carrier.status = ""
            self.carrier.hand_over(f"convlab.{kind}", media_type, content)

    def _count(self, text: str, done: int, frames: int) -> None:
        if done % EVERY == 0:
            self.carrier.status = f"making the {text}: {done} of {frames} frames"
