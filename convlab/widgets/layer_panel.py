"""The controls of a layer's arguments, in groups: those that its class has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from convlab import layers
from convlab.geometry import axis_names
from convlab.widgets.arguments import Control, grouped
from convlab.widgets.controls import ArgumentRow, Handler, Refuse, group


class LayerPanel(widgets.VBox):  # type: ignore[misc]
    """Shows a layer's arguments and reports what the viewer changes.

    The rows of a class are made when it is first shown, and kept for the next time.

    Args:
        handler: called with an argument's name and its new value.
        refuse: called with the error when a message holds what a control could not send.

    Attributes:
        rows: argument -> its row, of the class that is shown.
    """

    def __init__(self, handler: Handler, refuse: Refuse) -> None:
        self._handler, self._refuse = handler, refuse
        self._made: dict[tuple[Control, int], ArgumentRow] = {}
        self._groups: dict[type, list[widgets.Widget]] = {}
        self._rows_of: dict[type, dict[str, ArgumentRow]] = {}
        self.rows: Mapping[str, ArgumentRow] = {}
        self._shown: type[layers.Layer] | None = None
        self._alike = widgets.Checkbox(
            True, indent=False, description="all axes alike", tooltip="One value for every axis"
        )
        self._alike.add_class("cx-link")
        self._alike.observe(lambda change: self.link(change["new"]), "value")
        super().__init__()
        self.add_class("cx-groups")

    def show(self, cls: type[layers.Layer], arguments: Mapping[str, Any]) -> None:
        """Shows the arguments of a class without reporting them."""
        if cls not in self._groups:
            self._make(cls)
        self.rows = self._rows_of[cls]
        if cls is not self._shown:
            self._shown, self.children = cls, tuple(self._groups[cls])
            self._alike.layout.display = "none" if not self._linkable else None
            self.link(self._alike.value)
        for name, row in self.rows.items():
            if name in arguments:
                row.show(arguments[name])

    def link(self, linked: bool) -> None:
        """One editor for all axes, or one for each."""
        for row in self._linkable:
            row.link(linked)

    def link_if_alike(self) -> None:
        """One editor for all axes again, unless some have values of their own."""
        self._alike.value = not any(row.unlike for row in self.rows.values())

    @property
    def _linkable(self) -> list[ArgumentRow]:
        return [row for row in self.rows.values() if row.linkable]

    def _make(self, cls: type[layers.Layer]) -> None:
        rank: int = cls.rank  # type: ignore[attr-defined]
        rows: dict[str, ArgumentRow] = {}
        panels = []
        for title, controls in grouped(cls):
            own = {control.name: self._row(control, rank) for control in controls}
            rows |= own
            extra = [self._alike] if any(row.linkable for row in own.values()) else []
            panels.append(group(title, [*own.values(), *extra]))
        self._rows_of[cls], self._groups[cls] = rows, panels

    def _row(self, control: Control, rank: int) -> ArgumentRow:
        key = (control, rank)
        if key not in self._made:
            self._made[key] = ArgumentRow(control, axis_names(rank), self._handler, self._refuse)
        return self._made[key]
