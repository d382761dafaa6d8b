"""The app: its pages, and which of them an address asks for."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs

import ipywidgets as widgets

from convlab.app.learn import Learn
from convlab.errors import ConvlabError
from convlab.widgets import explore, explore_state
from convlab.widgets.explorer import Explorer

_CSS = Path(__file__).with_name("site.css")

PAGES = ("Explore", "Learn")


class Site(widgets.VBox):  # type: ignore[misc]
    """The pages under one row of names. A page is made when it is first looked at.

    Args:
        query: what follows the `?` in the address: `page=learn`; `lesson=`, a lesson's name;
            `state=`, what the explorer's link holds.
    """

    def __init__(self, query: str = "") -> None:
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        self._explorer: Explorer | None = None
        self._learn: Learn | None = None
        self._lesson, self._state = asked.get("lesson", ""), asked.get("state", "")
        super().__init__()
        self.add_class("cv-site")
        self._style = widgets.HTML(f"<style>{_CSS.read_text('utf-8')}</style>")
        self._style.layout.display = "none"
        self.names = widgets.ToggleButtons(options=PAGES, tooltips=("Every layer", "The course"))
        self.names.add_class("cv-names")
        self.names.observe(lambda change: self.show(change["new"]), "value")
        learning = asked.get("page", "").lower() == "learn" or bool(self._lesson)
        if learning:
            self.names.value = "Learn"
        else:
            self.show("Explore")

    @property
    def explorer(self) -> Explorer:
        """The explorer, in the state that the address holds or on its example."""
        if self._explorer is None:
            self._explorer = opened(self._state)
            header = self._explorer.children[0]
            brand, *rest = header.children
            header.children = (brand, self.names, *rest)
        return self._explorer

    def show(self, page: str) -> None:
        """Show the page of a name."""
        if page == "Explore":
            self.children = (self._style, self.explorer)
        elif self._learn is None:
            self._learn = Learn(self.names)
            self.children = (self._style, self._learn)
            self._learn.present(self._lesson)
        else:
            self.children = (self._style, self._learn)


def opened(state: str) -> Explorer:
    """The explorer in a state, or on its example; with the reason where a state is refused."""
    refused: ConvlabError | None = None
    explorer: Explorer | None = None
    if state:
        try:
            explorer = explore_state(state)
        except ConvlabError as error:
            refused = error
    if explorer is None:
        explorer = explore()
        explorer.theme = "auto"  # the page is ours, so it may look as the system does
    if refused is not None:
        explorer.error = refused
    return explorer


def query() -> str:
    """What follows the `?` in the address that a viewer opened; Voila hands it to the kernel."""
    return os.environ.get("QUERY_STRING", "")
