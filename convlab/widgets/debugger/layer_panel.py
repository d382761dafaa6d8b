"""To the right of the graph: what is to be known of the selected layer, and one of its units."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from convlab.geometry import axis_names
from convlab.inspector.tracing import Row
from convlab.scene.graph import Node
from convlab.widgets.controls import action_button

Index = tuple[int, ...]


class LayerPanel(widgets.VBox):  # type: ignore[misc]
    """The selected layer in words and numbers, and the place of the unit that is picked.

    Args:
        opened: called to open the layer.
        picked: called with the unit's place, or with None to pick none.
    """

    def __init__(self, opened: Callable[[], None], picked: Callable[[Index | None], None]) -> None:
        self._picked = picked
        self._quiet = False
        self._facts = widgets.HTML()
        self._facts.add_class("cd-facts")
        self.opener = action_button(
            "Open the layer", "The kernel slides, every number is told", opened
        )
        self.opener.add_class("cd-open-layer")
        self.places: list[widgets.BoundedIntText] = []
        self._unit = widgets.HBox()
        self._unit.add_class("cd-unit")
        self.clear = action_button("no unit", "Show no cone", lambda: picked(None))
        self._seen = widgets.HTML()
        self._seen.add_class("cd-seen")
        self._heading = widgets.HTML("<h2>What one unit sees</h2>")
        self._asked = widgets.VBox([self._heading, self._unit, self._seen])
        super().__init__([self._facts, self.opener, self._asked])
        self.add_class("cd-layer")

    def show(self, node: Node | None, row: Row | None, code: str, may_open: str) -> None:
        """Shows a layer.

        Args:
            node: its node; None shows how to begin.
            row: its row of the trace; None of a folded group.
            code: the call that makes it.
            may_open: why it cannot be opened, or "".
        """
        self._facts.value = _BEGIN if node is None else _facts(node, row, code)
        self.opener.layout.display = None if row is not None else "none"
        self.opener.disabled = bool(may_open)
        self.opener.tooltip = may_open or "The kernel slides, every number is told"

    def show_unit(
        self, sizes: Sequence[int] | None, index: Sequence[int], seen: Mapping[str, str]
    ) -> None:
        """Shows where the unit is, and what it sees.

        Args:
            sizes: how many places there are along each axis; None where none can be picked.
            index: the unit's place; () where none is picked.
            seen: what it sees, for each input in words.
        """
        self._asked.layout.display = "none" if not sizes else None
        if not sizes:
            return
        self._quiet = True
        try:
            if [place.max + 1 for place in self.places] != list(sizes):
                self.places = [
                    self._place(*told) for told in zip(_names(sizes), sizes, strict=True)
                ]
                self._unit.children = (*self.places, self.clear)
            for place, at in zip(self.places, index or [size // 2 for size in sizes], strict=True):
                place.value = at
        finally:
            self._quiet = False
        self.clear.disabled = not index
        hint = "Press a cell of a map, or type its place." if not index else ""
        lines = "".join(
            f"<li><b>{escape(key)}</b> {escape(text)}</li>" for key, text in seen.items()
        )
        self._seen.value = f"<p>{hint}</p>" if hint else f"<ul>{lines}</ul>"

    def _place(self, name: str, size: int) -> widgets.BoundedIntText:
        place = widgets.BoundedIntText(0, min=0, max=size - 1, description=name)
        place.observe(self._typed, "value")
        return place

    def _typed(self, _: Any) -> None:
        if not self._quiet:
            self._picked(tuple(place.value for place in self.places))


_BEGIN = (
    "<h2>Layer</h2><p>Press a layer to see what it is; press it twice to see how it computes. "
    "Drag to move, turn the wheel, pinch or hold Ctrl to zoom.</p>"
)


def _names(sizes: Sequence[int]) -> list[str]:
    return list(axis_names(len(sizes))) if len(sizes) <= 3 else [str(n) for n in range(len(sizes))]


def _facts(node: Node, row: Row | None, code: str) -> str:
    head = f"<h2>{escape(node.title)}</h2><p class='cd-name'>{escape(node.key)}</p>"
    if row is None:
        listed = "".join(f"<li>{escape(key)}</li>" for key in node.folded)
        return f"{head}<p>{escape(node.detail)}</p><ul class='cd-members'>{listed}</ul>"
    lines = "".join(
        f"<dt>{name}</dt><dd>{escape(told)}</dd>" for name, told in _lines(row).items() if told
    )
    wrong = f"<p class='cd-wrong'>{escape(node.note)}</p>" if node.note else ""
    notes = "".join(f"<li>{escape(note)}</li>" for note in row.notes)
    return f"{head}{wrong}<code>{escape(code)}</code><dl>{lines}</dl>" + (
        f"<ul>{notes}</ul>" if notes else ""
    )


def _lines(row: Row) -> dict[str, str]:
    field = row.receptive_field
    apart = ["?" if step is None else f"{float(step):g}" for step in field.stride] if field else []
    if not set(apart) - {"?"}:
        apart = []  # behind a conflict
    return {
        "reads": _shape(row.input_shape),
        "gives": row.shape_text or _shape(row.output_shape),
        "parameters": "" if row.params is None else f"{row.params:,}",
        "multiply-adds": "" if row.macs is None else f"{row.macs:,}",
        "pads": _alike([f"{before} before, {after} after" for before, after in row.pads or ()]),
        "receptive field": field.short.replace("x", " × ") if field and apart else "",
        "units apart": f"{_alike(apart)} {_cells(apart)} of the input" if apart else "",
    }


def _cells(counts: Sequence[str]) -> str:
    return "cell" if set(counts) == {"1"} else "cells"


def _alike(words: Sequence[str]) -> str:
    """What is told of each axis; once where it is the same for all.

    >>> _alike(["2", "2"]), _alike(["1", "2"])
    ('2', '1; 2')
    """
    return "; ".join(dict.fromkeys(words) if len(set(words)) == 1 else words)


def _shape(shape: Any) -> str:
    if isinstance(shape, list):
        return " and ".join(str(one) for one in shape)
    return "" if shape is None else str(shape)
