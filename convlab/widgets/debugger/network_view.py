"""The middle of the debugger: the graph, the selected layer beside it, and the way into the layer.

It shows one `Case` at a time. What of it is selected, picked and folded stays where the next case
has it too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets

from convlab.errors import ArgumentError, ConvlabError
from convlab.inspector.diagnosis import Finding, Fix
from convlab.layers.base import Layer
from convlab.scene.graph import Node, build_drawing
from convlab.widgets.compiling import when_compiled
from convlab.widgets.debugger.case import Case
from convlab.widgets.debugger.folds import Folds
from convlab.widgets.debugger.graph_view import GraphView
from convlab.widgets.debugger.layer_panel import LayerPanel
from convlab.widgets.debugger.layer_stage import LayerStage, refused, selected_cell, why_closed
from convlab.widgets.debugger.marks import marks_of
from convlab.widgets.debugger.units import Index, Units

Say = Callable[..., None]


class NetworkView(widgets.HBox):  # type: ignore[misc]
    """The graph of a case, one of its layers, one of its units.

    Args:
        case: what is shown first.
        x: the input of the feature maps; None takes the usual one.
        refuse: called with the error where something cannot be shown, with None where it can.
        say: called with `busy=` and `left=`: what is waited for, and why some maps are missing.

    Attributes:
        graph: the drawing.
        stage: the stage of the layer that is opened.
        units: the layers and units of the case.
    """

    def __init__(
        self, case: Case, x: Any, refuse: Callable[[ConvlabError | None], None], say: Say
    ) -> None:
        self._refuse, self._say = refuse, say
        self.units = Units(case, x)
        self._folds: Folds | None = None
        self._findings: Sequence[Finding] = ()
        self._fix: Fix | None = None
        self._maps = False
        self.graph = GraphView(self._viewed)
        self.panel = LayerPanel(lambda: self.enter(None), lambda index: self._viewed("pick", index))
        self._stage = LayerStage(self.leave)
        self.stage = self._stage.stage
        self._stage.layout.display = "none"
        self._graph = widgets.HBox([self.graph, self.panel])
        self._graph.add_class("cd-middle")
        super().__init__([self._graph, self._stage])
        self.add_class("cd-view")

    # -- what is shown ----------------------------------------

    def show(self, case: Case, findings: Sequence[Finding], fix: Fix | None = None) -> None:
        """Shows a case.

        Args:
            case: the case.
            findings: what is wrong with it.
            fix: a fix whose changes are in it and are to be shown.
        """
        if case is not self.units.case or self._folds is None:
            self.units = self.units.of(case)
            network = self.units.network
            self._folds = Folds(network).kept(self._folds) if network else None
        self._findings, self._fix = findings, fix
        self._draw()
        if self._maps:
            self._compute()

    def _draw(self) -> None:
        network, graph = self.units.network, self.graph
        with graph.hold_sync():
            if network is None or self._folds is None:
                graph.drawing = graph.maps = graph.cone = None
                graph.nothing = _NOTHING
            else:
                marks = marks_of(network, self._findings, self._fix)
                pictures = self._maps or bool(self.units.index)
                graph.drawing = build_drawing(network, marks, self._folds.opened, pictures)
                graph.cone = self.units.cone() or None
                graph.maps = graph.maps if self._maps else None
            if self._node() is None:
                graph.selected = ""
        self._show_layer()

    def _show_layer(self) -> None:
        node, at = self._node(), self._at()
        if node is None or at is None or node.folded:
            self.panel.show(node, None, "", "")
            self.panel.show_unit(None, (), {})
            return
        call, row = self.units.call(at), self.units.row(at)
        self.panel.show(node, row, repr(call.layer), why_closed(call.layer, row))
        self.panel.show_unit(self.units.sizes(at), self.units.index, self.units.told_inputs())

    def _node(self) -> Node | None:
        drawing = self.graph.drawing
        return drawing.node(self.graph.selected) if drawing and self.graph.selected else None

    def _at(self) -> int | None:
        return self.units.number(self.graph.selected)

    # -- what is selected and picked ----------------------------------------

    @property
    def selected(self) -> Layer | None:
        """The selected layer."""
        at = self._at()
        return None if at is None else self.units.call(at).layer

    def select(self, layer: Layer | str | None) -> None:
        """Selects a layer, unfolds what it lies in, and moves the graph to it.

        Raises:
            ArgumentError: the network has no such layer.
        """
        if layer is None:
            self._select("")
            return
        key = self.units.key_of(layer)
        while (drawing := self.graph.drawing) and (node := drawing.node(key)) and node.folded:
            self._toggle(node.key)
        self._select(key)
        self.graph.look(key)

    def _select(self, key: str) -> None:
        self.graph.selected = key
        if self.units.index and key != self.units.key:
            self.pick(None)
        self._show_layer()

    def pick(self, index: Index | None) -> None:
        """Picks a unit of the selected layer, or none.

        Raises:
            ArgumentError: there is no such unit.
            ShapeError: a size on the way is not known.
        """
        before = bool(self.units.index)
        self.units.pick(self.graph.selected, index)
        if before == bool(index) or self._maps:
            self.graph.cone = self.units.cone() or None
            self._show_layer()
        else:
            self._draw()  # the boxes get room for pictures, or lose it

    # -- what the viewer does; it was checked ----------------------------------------

    def _viewed(self, what: str, value: Any) -> None:
        try:
            _VIEWED[what](self, value)
        except (ValueError, TypeError) as error:
            self._refuse(refused(error))
        else:
            self._refuse(None)

    def _toggle(self, group: str) -> None:
        if self._folds is not None and self.graph.drawing is not None:
            self._folds.toggle(group, self.graph.drawing)
            self._draw()

    def _fold(self, everything: bool) -> None:
        if self._folds is not None:
            self._folds.all(everything)
            self._draw()

    def _pressed(self, unit: Any) -> None:
        self._select(unit["key"])
        self.pick(self.units.place_of(unit["key"], unit["at"]))

    def _nudge(self, by: Sequence[int]) -> None:
        self.pick(self.units.beside(self.graph.selected, by))

    # -- into a layer, and back ----------------------------------------

    def enter(self, key: str | None = None) -> None:
        """Opens a layer: its stage, on what it reads in the network.

        Args:
            key: its key; None opens the selected one.
        """
        if key is not None:
            self._select(key)
        when_compiled(lambda: self._viewed("opened", None), lambda told: self._say(busy=told))

    def _open(self) -> None:
        at = self._at()
        if at is None:
            return
        call, row = self.units.call(at), self.units.row(at)
        closed = why_closed(call.layer, row)
        if closed:
            raise ArgumentError(closed, received=f"the layer '{call.name}'", argument="layer")
        read = self.units.read_by(at)
        self._stage.show(self.units.case.title, self.graph.selected, call.layer, read)
        scene = self.stage.scene
        if scene is not None and len(self.units.index) == scene.rank and not scene.flat:
            self.stage.selection = scene.index(self.units.index, 0)
        self._graph.layout.display = "none"
        self._stage.layout.display = None

    @property
    def inside(self) -> bool:
        """Whether a layer is open."""
        return self._stage.layout.display is None

    def leave(self) -> None:
        """Goes back to the graph, which is where it was left, to the cell that was looked at."""
        if not self.inside:
            return
        self._stage.layout.display = "none"
        self._graph.layout.display = None
        at = self._at()
        places = len(self.units.sizes(at) or ()) if at is not None else 0
        if places:
            self._viewed("pick", selected_cell(self.stage, places))

    # -- feature maps ----------------------------------------

    @property
    def maps(self) -> bool:
        """Whether feature maps are shown."""
        return self._maps

    @maps.setter
    def maps(self, shown: bool) -> None:
        self._maps = shown
        self._say(left=None)
        self._draw()
        if shown:
            when_compiled(self._compute, lambda told: self._say(busy=told))

    def give(self, x: Any) -> None:
        """Takes another input of the feature maps; None is the usual one."""
        self.units.give(x)
        if self._maps:
            self._compute()

    def _compute(self) -> None:
        if self.units.network is None or not self._maps:
            return
        self._say(busy="Computing the feature maps ...")
        try:
            pictures, left = self.units.pictures()
        except (ValueError, TypeError, MemoryError) as error:
            self._refuse(refused(error))
            return
        finally:
            self._say(busy=None)
        self.graph.maps = pictures or None
        self._say(left=left)


_NOTHING = "No network could be read from the text, so there is nothing to draw."

_VIEWED: Mapping[str, Callable[[NetworkView, Any], None]] = {
    "select": NetworkView._select,
    "open": NetworkView.enter,
    "opened": lambda self, _: self._open(),
    "toggle": NetworkView._toggle,
    "fold": NetworkView._fold,
    "unit": NetworkView._pressed,
    "pick": NetworkView.pick,
    "nudge": NetworkView._nudge,
    "leave": lambda self, _: self.pick(None),
}
"""What each of the graph's messages does."""
