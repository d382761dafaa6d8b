"""The controls to the left of the stage: the layer, its input, its arguments, its weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from convlab.errors import ConvlabError
from convlab.scene import Scene
from convlab.widgets.controls import Refuse, Row, fix_buttons, group, mark_long
from convlab.widgets.families import shown_class
from convlab.widgets.input_panel import InputPanel
from convlab.widgets.layer_menu import LayerMenu
from convlab.widgets.layer_panel import LayerPanel
from convlab.widgets.legality import Legality
from convlab.widgets.session import Session
from convlab.widgets.setting import Setting
from convlab.widgets.slider_names import SliderNames
from convlab.widgets.weights_panel import WeightsPanel


class Column(widgets.VBox):  # type: ignore[misc]
    """All controls of a setting; they show one without reporting it.

    Args:
        session: told what the viewer changes.
        go_to_time: called with the time step that the viewer asks for.
        refuse: called with the error when what arrives cannot be used.
    """

    def __init__(self, session: Session, go_to_time: Callable[[int], None], refuse: Refuse) -> None:
        self._go_to_time = go_to_time
        self.menu = LayerMenu(session.choose_layer)
        self.step = widgets.IntSlider(
            description="time step", min=0, layout=widgets.Layout(flex="1 1 0", min_width="0")
        )
        self.step.add_class("cx-editor")
        self.step.observe(self._step_moved, "value")
        self._quiet = False
        self.input = InputPanel(session.change_input, refuse)
        self.arguments = LayerPanel(session.set_argument, refuse)
        self.legality = Legality()
        self.weights = WeightsPanel(
            session.name_kernel, session.type_bias, session.set_argument, refuse
        )
        self._fixed: dict[str, Row] = {
            "layer": Row("layer", [self.menu], "Which of Keras's layers"),
            "time": Row("time step", [self.step], "Which time step is shown"),
            **self.input.rows,
            **self.weights.rows,
        }
        self._fixed["layer"].add_class("cx-layer")
        self._weighted = group("", [self.weights])  # its title names the filter
        self._of_input = group("Input", [self.input])
        chosen = group("", [self._fixed["layer"], self._fixed["time"]])
        judged = widgets.VBox([self.legality, self.arguments])
        judged.add_class("cx-legal")
        super().__init__(
            [
                chosen,
                self._of_input,
                judged,
                self._weighted,
                SliderNames(),
            ]
        )
        self.add_class("cx-controls")

    @property
    def rows(self) -> dict[str, Row]:
        """Every control by the name of what it changes."""
        return {**self._fixed, **self.arguments.rows}

    def show(self, setting: Setting) -> None:
        """Shows the layer, its arguments and its input."""
        cls = shown_class(setting.layer_class)
        self.menu.value = cls.__name__
        arguments = setting.shown_arguments()
        self.arguments.show(cls, arguments)
        self.legality.show(cls.__name__, arguments)
        self.input.show(setting.input)
        mark_long(self._of_input, self.input)

    def show_weights(self, setting: Setting, layer: Any, filter: int) -> None:
        """Shows the weights of one filter of the built layer, where it has weights."""
        self._weighted.layout.display = None if layer.weights else "none"
        if layer.weights:
            self.weights.show(setting, layer, filter)
            mark_long(self._weighted, self.weights)

    def show_time(self, scene: Scene | None) -> None:
        """Shows which time step the scene shows, where there is time."""
        time = None if scene is None else scene.time
        self._fixed["time"].layout.display = None if time else "none"
        if time is not None:
            self._quiet = True
            try:
                self.step.max = time.steps - 1
                self.step.value = time.step
            finally:
                self._quiet = False

    def complain(
        self, error: ConvlabError | None, touched: str, apply: Callable[[dict[str, Any]], None]
    ) -> None:
        """Shows an error's remedies beside the control that it belongs to, or takes them away.

        Args:
            error: what is wrong, or None.
            touched: the control that was moved last: the error stands there, if changing it helps.
            apply: called with the change of arguments that the viewer presses.
        """
        wrong = None if error is None else self._row_of(error, touched)
        for name, row in self.rows.items():
            row.complain(fix_buttons(error.fixes, apply) if error and name == wrong else None)

    def _row_of(self, error: ConvlabError, touched: str) -> str:
        if any(touched in fix for fix in error.fixes):
            return touched
        _, __, argument = (error.argument or "").rpartition(" of ")  # "1st entry of padding"
        argument = {"input_shape": "input"}.get(argument, argument)
        return argument if argument in self.rows else touched

    def _step_moved(self, change: Any) -> None:
        if not self._quiet:
            self._go_to_time(change["new"])
