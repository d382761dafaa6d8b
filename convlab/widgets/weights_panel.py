"""The controls of the weights of one filter: its kernel by name, its bias."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from convlab.widgets.controls import ArgumentRow, Control, Handler, Row
from convlab.widgets.filters import FILTERS
from convlab.widgets.setting import CUSTOM, Setting
from convlab.widgets.stage import LARGEST

if TYPE_CHECKING:
    from convlab.layers import Conv2D

_WIDE = {"layout": widgets.Layout(flex="1 1 0", min_width="0")}


class WeightsPanel(widgets.VBox):  # type: ignore[misc]
    """Shows the weights of the filter on the stage and reports what the viewer changes.

    Args:
        named: called with the name of the kernel that the viewer chose.
        biased: called with the bias that the viewer typed.
        handler: called with "use_bias" and whether the layer has biases.
        refuse: called with the error when a message cannot be used.
    """

    def __init__(
        self,
        named: Callable[[str], None],
        biased: Callable[[float], None],
        handler: Handler,
        refuse: Callable[[Any], None],
    ) -> None:
        self._named, self._biased = named, biased
        self._quiet = False
        self._kernel = widgets.Dropdown(
            options=(*FILTERS, CUSTOM), description="kernel of the filter shown", **_WIDE
        )
        self._bias = widgets.FloatText(description="bias of the filter shown", **_WIDE)
        for editor in (self._kernel, self._bias):
            editor.add_class("cx-editor")
        self._kernel.observe(self._choose, "value")
        self._bias.observe(self._type, "value")
        help = "A kernel by name; click a cell of the kernel to type a number"
        use_bias = Control(
            "use_bias", "use bias", "Whether each filter adds a number", options=(True, False)
        )
        self.rows: dict[str, Row] = {
            "kernel": Row("kernel", [self._kernel], help),
            "use_bias": ArgumentRow(use_bias, (), handler, refuse),
            "bias": Row("bias", [self._bias], "The number that this filter adds to every sum"),
        }
        self._title = widgets.HTML("<h2>Weights</h2>")
        super().__init__([self._title, *self.rows.values()])

    def show(self, setting: Setting, layer: Conv2D, index: int) -> None:
        """Shows the weights of one filter without reporting them."""
        self._quiet = True
        try:
            self._kernel.value = setting.name_of(index)
            self._bias.value = float(layer.get_weights()[1][index]) if layer.use_bias else 0.0
        finally:
            self._quiet = False
        self.rows["bias"].layout.display = None if layer.use_bias else "none"
        self._title.value = f"<h2>Weights of filter {index}</h2>"

    def _choose(self, change: Any) -> None:
        if not self._quiet and change["new"] in FILTERS:
            self._named(change["new"])

    def _type(self, change: Any) -> None:
        if not self._quiet and abs(change["new"]) <= LARGEST:  # NaN is not
            self._biased(float(change["new"]))
