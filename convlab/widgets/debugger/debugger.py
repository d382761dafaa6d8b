"""The debugger: findings to the left, the network's graph in the middle, one layer to the right.

What is debugged is a `Case`; a fix makes another of it. The case's diagnosis and trace are drawn;
no shape is computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets
from numpy.typing import ArrayLike

from convlab.errors import ArgumentError, ArgumentTypeError, ConvlabError
from convlab.inspector.diagnosis import Diagnosis, Finding, Fix
from convlab.layers.base import Layer
from convlab.models.model import Model
from convlab.scene.graph import build_drawing
from convlab.scene.graph.folding import group_paths
from convlab.widgets.compiling import when_compiled
from convlab.widgets.debugger.case import Case
from convlab.widgets.debugger.findings_panel import FindingsPanel
from convlab.widgets.debugger.graph_view import GraphView
from convlab.widgets.debugger.head import Head
from convlab.widgets.debugger.layer_panel import LayerPanel
from convlab.widgets.debugger.layer_stage import LayerStage, refused, selected_cell, why_closed
from convlab.widgets.debugger.marks import marks_of
from convlab.widgets.debugger.opening import Opening
from convlab.widgets.debugger.units import Index, Units
from convlab.widgets.history import History
from convlab.widgets.stage import THEMES


class Debugger(widgets.VBox):  # type: ignore[misc]
    """The debugger of a network: a widget. Make it with `convlab.debug`.

    Attributes:
        layer: the selected layer, or None; set it to a layer or to its name.
        selection: the place of the picked unit in that layer's output, channels left out; () where
            none is picked. Set it to see what the unit sees in every layer before.
        findings: what is wrong; set it to show findings of your own.
        error: why something that was asked for cannot be shown, or None; may be set.
        model: the network that is shown; set it, or anything else that `convlab.debug` takes, to
            show another.
        diagnosis: all that was found in it.
        x: the input of the feature maps; set it to look at another, or to None for the usual one.
        maps: whether feature maps are shown; may be set.
        theme: "light", "dark", "projector" or "auto" (as the system has it); may be set.
    """

    def __init__(self, case: Case, x: ArrayLike | None = None) -> None:
        self._history = History(case)
        self._shown = case  # what the graph shows: the present case, or it with a fix
        self._error: ConvlabError | None = None
        self._unfolded: set[str] | None = None
        self._units = Units(case, x)
        self.graph = GraphView(self._viewed)
        self._findings = FindingsPanel(self._finding_opened, self.preview, self.apply)
        self._opening = Opening(self.take, self._reshaped, self._refuse)
        self._layer = LayerPanel(self.open_layer, self._picked)
        self._stage = LayerStage(self.close_layer)
        self._stage.layout.display = "none"
        self.head = Head(self)
        super().__init__([self.head, self._body()])
        self.add_class("cx-explorer")
        self.add_class("cd-debugger")
        self.theme = "light"
        self._refresh()
        if x is not None:
            self.maps = True

    def _body(self) -> widgets.Widget:
        left = widgets.VBox([self._opening, self._findings])
        left.add_class("cd-left")
        self._middle = widgets.HBox([self.graph, self._layer])
        self._middle.add_class("cd-middle")
        body = widgets.HBox([left, self._middle, self._stage])
        body.add_class("cd-body")
        return body

    # -- what Python may read and set ----------------------------------------------------------

    @property
    def layer(self) -> Layer | None:
        """The selected layer."""
        at = self._units.number(self.graph.selected)
        return None if at is None else self._units.call(at).layer

    @layer.setter
    def layer(self, layer: Layer | str | None) -> None:
        if layer is None:
            self._select("")
            return
        key = self._units.key_of(layer)
        self._unfold_around(key)
        self._select(key)
        self.graph.look(key)

    @property
    def selection(self) -> Index:
        """The place of the unit that is picked."""
        return self._units.index

    @selection.setter
    def selection(self, index: Sequence[int] | None) -> None:
        self._pick(None if index is None or len(index) == 0 else tuple(index))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the network."""
        return self._told

    @findings.setter
    def findings(self, findings: Sequence[Finding] | Diagnosis) -> None:
        told = findings.findings if isinstance(findings, Diagnosis) else tuple(findings)
        if not all(isinstance(one, Finding) for one in told):
            raise ArgumentTypeError(
                "Findings are what convlab.diagnose gives.",
                received=f"{findings!r:.80}",
                remedy="Use convlab.diagnose(model).findings.",
                argument="findings",
            )
        self._show_findings(told)
        self._draw()

    @property
    def error(self) -> ConvlabError | None:
        """Why something that was asked for cannot be shown."""
        return self._error

    @error.setter
    def error(self, error: ConvlabError | None) -> None:
        if error is not None and not isinstance(error, ConvlabError):
            raise ArgumentTypeError(
                "The debugger's error is a ConvlabError, or None.",
                received=f"error={error!r:.80}",
                remedy="Use convlab.errors.ArgumentError('the rule', received=..., remedy=...).",
                argument="error",
            )
        self._error = error
        self.head.show_error(error)

    @property
    def model(self) -> Model | None:
        """The network that is shown; None where only text was read."""
        return self._shown.diagnosis.model

    @model.setter
    def model(self, subject: Any) -> None:
        self.take(Case(subject, getattr(subject, "name", None) or type(subject).__name__))

    @property
    def diagnosis(self) -> Diagnosis:
        """All that was found."""
        return self._shown.diagnosis

    @property
    def case(self) -> Case:
        """What is debugged, without the fix that is only looked at."""
        present: Case = self._history.present
        return present

    @property
    def x(self) -> Any:
        """The input of the feature maps; a list for several inputs."""
        return self._units.inputs()

    @x.setter
    def x(self, x: ArrayLike | None) -> None:
        self._units.give(x)
        if self.maps:
            self._show_maps()

    @property
    def maps(self) -> bool:
        """Whether feature maps are shown."""
        return bool(self.head.maps.value)

    @maps.setter
    def maps(self, shown: bool) -> None:
        self.head.maps.value = bool(shown)

    @property
    def theme(self) -> str:
        """The colours and sizes: "light", "dark", "projector" or "auto"."""
        return str(self.graph.theme)

    @theme.setter
    def theme(self, theme: str) -> None:
        self.graph.theme = theme  # refuses what is no theme
        self._stage.stage.theme = theme
        for other in THEMES:
            self.remove_class(f"cx-{other}")
        self.add_class(f"cx-{theme}")
        self.head.theme.value = theme

    @property
    def state(self) -> dict[str, Any]:
        """What is shown, as plain data: `debug_state` opens it again."""
        from convlab.widgets.debugger.state import told  # it stands upon this module

        return told(self)

    @property
    def link(self) -> str:
        """The state as it stands behind `?state=` in the address of the app."""
        from convlab.widgets.debugger.state import link_of  # it stands upon this module

        return link_of(self)

    # -- what is debugged ------------------------------------------------------------------------

    def take(self, case: Case) -> None:
        """Shows another network.

        Raises:
            ConvlabError: it cannot be diagnosed; what was shown stays.
        """
        _ = case.diagnosis
        self._unfolded = None
        self.maps = False
        self._go_to(case)

    def undo(self) -> None:
        """Goes one step back."""
        self._history.undo()
        self._refresh()

    def redo(self) -> None:
        """Goes one step forward again."""
        self._history.redo()
        self._refresh()

    def reset(self) -> None:
        """Goes to what was debugged at first; `undo` comes back."""
        self._go_to(self._history.first)

    def preview(self, fix: Fix | None) -> None:
        """Draws the network as a fix makes it, or as it is."""
        if fix is None:
            self._show(self.case)
            self._findings.show_preview(None)
        elif self._mend(fix, lambda case: self._show(case, fix)):
            self._findings.show_preview(fix)
            self.graph.look(fix.changes[0].layer)

    def apply(self, fix: Fix) -> None:
        """Takes a fix: the network is traced and drawn anew, and `undo` comes back."""
        self._mend(fix, self._go_to)

    def _mend(self, fix: Fix, then: Any) -> bool:
        try:
            case = self.case.mended(fix)
            _ = case.diagnosis
        except (ConvlabError, ValueError) as error:
            self._refuse(refused(error))
            return False
        then(case)
        return True

    def _reshaped(self, name: str, shape: Any) -> None:
        if getattr(self.case, name) != shape:
            case = self.case.asked(name, shape)
            _ = case.diagnosis
            self._go_to(case)

    def _go_to(self, case: Case) -> None:
        self._history.add(case)
        self._refresh()

    def _refuse(self, error: ConvlabError) -> None:
        self.error = error
        self._opening.show(self.case)

    # -- from a case to a drawing ----------------------------------------------------------------

    def _refresh(self) -> None:
        self.error = None
        self.close_layer()
        case = self.case
        self.head.show(case, self._history)
        self._opening.show(case)
        self._show(case)
        diagnosis = case.diagnosis
        nothing = "" if self._units.network else "The text tells of no network that can be drawn."
        self._show_findings(diagnosis.findings, diagnosis.fixes, nothing)
        self._draw()

    def _show_findings(
        self, findings: tuple[Finding, ...], together: Sequence[Fix] = (), nothing: str = ""
    ) -> None:
        self._told = findings
        self._findings.show(findings, together, nothing)

    def _show(self, case: Case, fix: Fix | None = None) -> None:
        """Draws a case; with a fix, one that is only looked at."""
        self._shown = case
        self._units = self._units.of(case)
        self.head.show_preview(fix)
        (self.add_class if fix else self.remove_class)("cd-previewing")
        self._told = case.diagnosis.findings
        self._draw(fix)
        if self.maps:
            self._show_maps()

    def _draw(self, fix: Fix | None = None) -> None:
        network = self._units.network
        with self.graph.hold_sync():
            if network is None:
                self.graph.drawing = self.graph.maps = self.graph.cone = None
            else:
                marks = marks_of(network, self._told, fix)
                pictures = self.maps or bool(self._units.index)
                self.graph.drawing = build_drawing(network, marks, self._unfolded, pictures)
                self.graph.cone = self._units.cone() or None
                if not self.maps:
                    self.graph.maps = None
            if self._node() is None:
                self.graph.selected = ""
        self._show_layer()

    # -- the graph -------------------------------------------------------------------------------

    def _viewed(self, what: str, value: Any) -> None:
        """What the viewer did to the graph; it was checked."""
        try:
            _VIEWED[what](self, value)
        except (ConvlabError, ValueError) as error:
            self._refuse(refused(error))

    def _select(self, key: str) -> None:
        if key != self.graph.selected:
            self.graph.selected = key
            if self._units.index:
                self._pick(None)
        self._show_layer()

    def _node(self) -> Any:
        drawing = self.graph.drawing
        return drawing.node(self.graph.selected) if drawing and self.graph.selected else None

    def _toggle(self, group: str) -> None:
        unfolded = self._unfolded_groups()
        self._unfolded = unfolded ^ {group}
        self._draw()

    def _fold(self, everything: bool) -> None:
        self._unfolded = set() if everything else self._groups()
        self._draw()

    def _groups(self) -> set[str]:
        network = self._units.network
        if network is None:
            return set()
        names = [call.name for call in network.calls.calls]
        return {group for path in group_paths(names, network.reads()) for group in path}

    def _unfolded_groups(self) -> set[str]:
        if self._unfolded is not None:
            return self._unfolded
        drawing = self.graph.drawing
        folded = {node.key for node in drawing.nodes if node.folded} if drawing else set()
        return {group for group in self._groups() if group not in folded}

    def _unfold_around(self, key: str) -> None:
        drawing = self.graph.drawing
        while drawing and (node := drawing.node(key)) and node.folded and node.key != key:
            self._toggle(node.key)
            drawing = self.graph.drawing

    def _finding_opened(self, number: int) -> None:
        self.preview(None)
        self._findings.unfold(number)
        self.layer = self._told[number].layer

    # -- one layer, one unit -----------------------------------------------------------------------

    def _show_layer(self) -> None:
        node = self._node()
        at = self._units.number(self.graph.selected)
        if node is None or at is None or (node.folded and node.key == self.graph.selected):
            self._layer.show(node, None, "", "")
            self._layer.show_unit(None, (), {})
            return
        call, row = self._units.call(at), self._units.row(at)
        self._layer.show(node, row, repr(call.layer), why_closed(call.layer, row))
        self._layer.show_unit(self._units.sizes(at), self._units.index, self._units.told_inputs())

    def _picked(self, index: Index | None) -> None:
        self._viewed("pick", index)

    def _pick(self, index: Index | None) -> None:
        before = bool(self._units.index)
        self._units.pick(self.graph.selected, index)
        if before == bool(index) or self.maps:
            self.graph.cone = self._units.cone() or None
            self._show_layer()
        else:
            self._draw()  # the boxes get room for pictures, or lose it

    def _pick_pressed(self, unit: Any) -> None:
        self._select(unit["key"])
        self._pick(self._units.place_of(unit["key"], unit["at"]))

    def _nudge(self, by: Sequence[int]) -> None:
        self._pick(self._units.beside(self.graph.selected, by))

    def open_layer(self, key: str | None = None) -> None:
        """Opens a layer: its stage, on what it reads in the network."""
        if key is not None:
            self._select(key)
        when_compiled(self._open_selected, self.head.show_busy)

    def _open_selected(self) -> None:
        at = self._units.number(self.graph.selected)
        if at is None:
            return
        call, row = self._units.call(at), self._units.row(at)
        closed = why_closed(call.layer, row)
        try:
            if closed:
                raise ArgumentError(closed, received=call.name, remedy="Open another layer.")
            x, note = self._units.read_by(at)
            self._stage.show(self._shown.title, self.graph.selected, call.layer, x, note)
            self._units.go_to_cell(self._stage.stage, at)
        except (ValueError, TypeError, MemoryError) as error:
            self._refuse(refused(error))
            return
        self._middle.layout.display = "none"
        self._stage.layout.display = None

    def close_layer(self) -> None:
        """Goes back to the graph, which is where it was left, to the unit that was looked at."""
        if self._stage.layout.display == "none":
            return
        self._stage.layout.display = "none"
        self._middle.layout.display = None
        at = self._units.number(self.graph.selected)
        if at is not None:
            self._viewed("pick", selected_cell(self._stage.stage, len(self._units.sizes(at) or ())))

    # -- feature maps ------------------------------------------------------------------------------

    def toggle_maps(self, _: Any = None) -> None:
        """Shows feature maps, or takes them away."""
        self._draw()
        if self.maps:
            when_compiled(self._show_maps, self.head.show_busy)

    def _show_maps(self) -> None:
        if self._units.network is None:
            return
        try:
            pictures, left = self._units.pictures()
        except (ValueError, MemoryError) as error:
            self._refuse(refused(error))
            return
        self.graph.maps = pictures or None
        self.head.show_left(left)


_VIEWED: Mapping[str, Callable[[Debugger, Any], None]] = {
    "select": Debugger._select,
    "open": Debugger.open_layer,
    "toggle": Debugger._toggle,
    "fold": Debugger._fold,
    "unit": Debugger._pick_pressed,
    "pick": Debugger._pick,
    "nudge": Debugger._nudge,
    "leave": lambda self, _: self._pick(None),
}
"""What each of the graph's messages does."""
