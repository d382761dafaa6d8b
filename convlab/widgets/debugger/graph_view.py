"""The graph as a widget: a drawing goes to the browser once, and is moved and zoomed there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import anywidget
import traitlets

from convlab.draw.tables import lookup_tables
from convlab.scene import graph_module, graph_style
from convlab.scene.graph import Drawing, Small, packed
from convlab.scene.wire import plain
from convlab.widgets.stage import THEMES

Told = Callable[[str, Any], None]


def _drawing_to_plain(drawing: Drawing | None, _: Any) -> Any:
    return None if drawing is None else plain(drawing)


def _pictures_to_plain(pictures: Mapping[str, Small] | None, _: Any) -> Any:
    return packed(pictures) if pictures else None


class GraphView(anywidget.AnyWidget):
    """A network's drawing, which answers to the mouse, the keyboard and fingers.

    Args:
        told: called with what the viewer did and with what: "select" or "open" a layer's key,
            "toggle" a group's, "fold" all or nothing, "unit" a key and a place, "nudge" by how
            many places, "leave".

    Attributes:
        drawing: what is drawn.
        nothing: what to say where there is no drawing.
        selected: the key of the selected node, or "".
        maps: small pictures of what the layers give, by their keys.
        cone: which cells of each are read by the unit that was picked.
        theme: "light", "dark", "projector" or "auto".
    """

    _esm = graph_module()
    _css = graph_style()

    drawing = traitlets.Instance(Drawing, allow_none=True).tag(sync=True, to_json=_drawing_to_plain)
    nothing = traitlets.Unicode("").tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)
    maps: Any = traitlets.Any(None, allow_none=True).tag(sync=True, to_json=_pictures_to_plain)
    cone: Any = traitlets.Any(None, allow_none=True).tag(sync=True, to_json=_pictures_to_plain)
    tables = traitlets.Dict().tag(sync=True)
    theme = traitlets.Enum(THEMES, "light").tag(sync=True)

    def __init__(self, told: Told) -> None:
        self._told = told
        super().__init__(tables=lookup_tables())
        self.add_class("cd-graph")
        self.on_msg(self._received)

    def look(self, key: str) -> None:
        """Moves the drawing so that a layer is in the middle."""
        self.send({"look": {"key": key}})

    # What comes from the browser is not trusted: what cannot be is dropped

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Takes the selected layer from the browser, and nothing else."""
        key = sync_data.get("selected")
        if self.drawing is not None and _is_key(self.drawing, key):
            super().set_state({"selected": key})
            self._told("select", key)

    def _received(self, _: Any, content: Any, __: Any) -> None:
        if not isinstance(content, Mapping) or self.drawing is None:
            return
        for name, value in content.items():
            if name in _CHECKS and _CHECKS[name](self.drawing, value):
                self._told(name, value)


def _is_key(drawing: Drawing, key: Any) -> bool:
    return isinstance(key, str) and drawing.node(key) is not None


def _is_group(drawing: Drawing, key: Any) -> bool:
    folded = any(node.key == key and node.folded for node in drawing.nodes)
    return folded or any(frame.key == key for frame in drawing.frames)


def _is_place(place: Any) -> bool:
    return isinstance(place, list) and len(place) == 2 and all(type(at) is int for at in place)


def _is_unit(drawing: Drawing, unit: Any) -> bool:
    known = isinstance(unit, Mapping) and _is_key(drawing, unit.get("key"))
    return known and _is_place(unit.get("at"))


_CHECKS: Mapping[str, Callable[[Drawing, Any], bool]] = {
    "open": _is_key,
    "toggle": _is_group,
    "fold": lambda _, value: isinstance(value, bool),
    "unit": _is_unit,
    "nudge": lambda _, value: _is_place(value),
    "leave": lambda *_: True,
}
