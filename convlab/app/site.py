"""The app: its pages under one row of names, and which of them an address asks for."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs

import ipywidgets as widgets

from convlab.app.pages import PAGES

_CSS = Path(__file__).with_name("site.css")


class Site(widgets.VBox):  # type: ignore[misc]
    """The pages under one row of names. A page is made when it is first looked at.

    Args:
        query: what follows the `?` in the address: `page=debug`; `state=`, what the link of the
            explorer or of the debugger holds; `example=`, a network; `lesson=`, a lesson's name.

    Attributes:
        names: the row of names.
        pages: the pages that were looked at, by name.
    """

    def __init__(self, query: str = "") -> None:
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        first = next(iter(PAGES))
        page = "Learn" if asked.get("lesson") else asked.get("page", "").capitalize()
        self._begin = page if page in PAGES else first
        self._asked = asked
        self.pages: dict[str, widgets.Widget] = {}
        super().__init__()
        self.add_class("cv-site")
        self._style = widgets.HTML(f"<style>{_CSS.read_text('utf-8')}</style>")
        self._style.layout.display = "none"
        self.names = widgets.ToggleButtons(
            options=list(PAGES), tooltips=[page.about for page in PAGES.values()]
        )
        self.names.add_class("cv-names")
        self.names.observe(lambda change: self.show(change["new"]), "value")
        if self._begin == first:
            self.show(first)
        else:
            self.names.value = self._begin

    def show(self, name: str) -> None:
        """Show the page of a name; the address speaks of the one that it opens alone."""
        if name not in self.pages:
            asked = self._asked if name == self._begin else {}
            self.pages[name] = PAGES[name].make(asked, self.names)
        self.children = (self._style, self.pages[name])


def query() -> str:
    """What follows the `?` in the address that a viewer opened; Voila hands it to the kernel."""
    return os.environ.get("QUERY_STRING", "")
