"""The debugger: findings to the left, the network's graph in the middle, one layer to the right.

What is debugged is a `Case`; a fix makes another of it. The case's diagnosis and trace are shown;
no shape is computed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
from numpy.typing import ArrayLike

from convlab.errors import ArgumentTypeError, ConvlabError
from convlab.inspector.diagnosis import Diagnosis, Finding, Fix
from convlab.layers.base import Layer
from convlab.models.model import Model
from convlab.widgets.debugger.case import Case
from convlab.widgets.debugger.export import Export
from convlab.widgets.debugger.findings_panel import FindingsPanel
from convlab.widgets.debugger.head import Head
from convlab.widgets.debugger.layer_stage import refused
from convlab.widgets.debugger.network_view import NetworkView
from convlab.widgets.debugger.opening import Opening
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
        case: what is debugged, without a fix that is only looked at.
        x: the input of the feature maps; set it to look at another, or to None for the usual one.
        maps: whether feature maps are shown; may be set.
        theme: "light", "dark", "projector" or "auto" (as the system has it); may be set.
        state: all of it as plain data; see `debug_state`.
    """

    def __init__(self, case: Case, x: ArrayLike | None = None) -> None:
        self._history = History(case)
        self._error: ConvlabError | None = None
        self.head = Head(self)
        self.view = NetworkView(case, x, self._refuse, self.head.say)
        self.problems = FindingsPanel(self._finding_opened, self.preview, self.apply)
        self.opening = Opening(self.take, self._reshaped, self._refuse)
        self.export = Export(self)
        left = widgets.VBox([self.opening, self.problems])
        left.add_class("cd-left")
        body = widgets.HBox([left, self.view])
        body.add_class("cd-body")
        super().__init__([self.head, self.export, body])
        self.add_class("cx-explorer")
        self.add_class("cd-debugger")
        self.theme = "light"
        self._refresh()
        if x is not None:
            self.maps = True

    # -- what Python may read and set ----------------------------------------------------------

    @property
    def layer(self) -> Layer | None:
        """The selected layer."""
        return self.view.selected

    @layer.setter
    def layer(self, layer: Layer | str | None) -> None:
        self.view.select(layer)

    @property
    def selection(self) -> tuple[int, ...]:
        """The place of the unit that is picked."""
        return self.view.units.index

    @selection.setter
    def selection(self, index: Sequence[int] | None) -> None:
        self.view.pick(None if index is None or len(index) == 0 else tuple(index))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the network."""
        return self._findings

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
        self._findings = told
        self.problems.show(told, applied=self.case.applied)
        self.view.show(self.case, told)

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
        self.head.say(error=error)

    @property
    def model(self) -> Model | None:
        """The network that is shown; None where only text was read."""
        return self.view.units.case.diagnosis.model

    @model.setter
    def model(self, subject: Any) -> None:
        self.take(Case(subject, str(getattr(subject, "name", None) or type(subject).__name__)))

    @property
    def diagnosis(self) -> Diagnosis:
        """All that was found."""
        return self.case.diagnosis

    @property
    def case(self) -> Case:
        """What is debugged, without a fix that is only looked at."""
        present: Case = self._history.present
        return present

    @property
    def x(self) -> Any:
        """The input of the feature maps, without the batch; a list for several inputs."""
        return self.view.units.inputs()

    @x.setter
    def x(self, x: ArrayLike | None) -> None:
        self.view.give(x)

    @property
    def maps(self) -> bool:
        """Whether feature maps are shown."""
        return self.view.maps

    @maps.setter
    def maps(self, shown: bool) -> None:
        self.head.show_maps(bool(shown))
        if self.view.maps != bool(shown):
            self.view.maps = bool(shown)

    @property
    def theme(self) -> str:
        """The colours and sizes: "light", "dark", "projector" or "auto"."""
        return str(self.view.graph.theme)

    @theme.setter
    def theme(self, theme: str) -> None:
        self.view.graph.theme = theme  # refuses what is no theme
        self.view.stage.theme = theme
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

        return link_of(self.state)

    # -- what is debugged ------------------------------------------------------------------------

    def take(self, case: Case) -> None:
        """Shows another network.

        Raises:
            ConvlabError: it cannot be diagnosed; what was shown stays.
        """
        _ = case.diagnosis
        self.maps = False
        self.view.give(None)
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
        """Draws the network as a fix makes it; None draws it as it is."""
        self.error = None
        if fix is None:
            self._show(self.case, None)
            return
        case = self._mended(fix)
        if case is not None:
            self._show(case, fix)
            self.view.graph.look(fix.changes[0].layer)

    def apply(self, fix: Fix) -> None:
        """Takes a fix: the network is traced and drawn anew; `undo` comes back."""
        case = self._mended(fix)
        if case is not None:
            self._go_to(case)

    def _mended(self, fix: Fix) -> Case | None:
        try:
            case = self.case.mended(fix)
            _ = case.diagnosis
        except (ValueError, TypeError) as error:
            self._refuse(refused(error))
            return None
        return case

    def _reshaped(self, name: str, shape: Any) -> None:
        if getattr(self.case, name) != shape:
            case = self.case.asked(name, shape)
            _ = case.diagnosis  # what is refused is refused before it is shown
            self._go_to(case)

    def _go_to(self, case: Case) -> None:
        self._history.add(case)
        self._refresh()

    def _refuse(self, error: ConvlabError | None) -> None:
        self.error = error
        if error is not None:
            self.opening.show(self.case)

    def _refresh(self) -> None:
        self.error = None
        case = self.case
        self.view.leave()
        self.head.show(case.title, self._history)
        self.opening.show(case)
        self._findings = case.diagnosis.findings
        self.problems.show(self._findings, case.diagnosis.fixes, case.nothing, case.applied)
        self._show(case, None)
        self.export.show()

    def _show(self, case: Case, fix: Fix | None) -> None:
        """Draws the case, or one that a fix has made and that is only looked at."""
        self.head.say(preview=fix)
        self.problems.show_preview(fix)
        findings = self._findings if fix is None else case.diagnosis.findings
        self.view.show(case, findings, fix)

    def _finding_opened(self, number: int) -> None:
        self.preview(None)
        self.problems.unfold(number)
        try:
            self.layer = self._findings[number].layer
        except ConvlabError as error:
            self._refuse(error)  # a finding in text of which no network was read
