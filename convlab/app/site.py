"""The app: its pages, and which of them an address asks for."""

from __future__ import annotations

import os
from urllib.parse import parse_qs

import ipywidgets as widgets

from convlab.app.learn import Learn
from convlab.widgets import explore
from convlab.widgets.explorer import Explorer

PAGES = ("Explore", "Learn")


class Site(widgets.VBox):  # type: ignore[misc]
    """The pages under one row of names. A page is made when it is first looked at.

    Args:
        query: what follows the `?` in the address: `page=learn`, `lesson=` a lesson's name.
    """

    def __init__(self, query: str = "") -> None:
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        self._explorer: Explorer | None = None
        self._learn: Learn | None = None
        self._lesson = asked.get("lesson", "")
        super().__init__()
        self.add_class("cv-site")
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
        """The explorer, opened on its example."""
        if self._explorer is None:
            self._explorer = explore()
            self._explorer.theme = "auto"  # the page is ours, so it may look as the system does
        return self._explorer

    def show(self, page: str) -> None:
        """Show the page of a name."""
        if page == "Learn":
            self._show_learn()
        else:
            self.children = (self.names, self.explorer)

    def _show_learn(self) -> None:
        if self._learn is None:
            self._learn = Learn()
            self.children = (self.names, self._learn)
            self._learn.study(self._lesson)
        self.children = (self.names, self._learn)


def query() -> str:
    """What follows the `?` in the address that a viewer opened; Voila hands it to the kernel."""
    return os.environ.get("QUERY_STRING", "")
