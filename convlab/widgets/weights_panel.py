"""The controls of the weights of one filter: its kernels by name, its bias."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.widgets.arguments import CONTROLS, controls_of
from convlab.widgets.controls import ArgumentRow, Handler, Refuse, Row
from convlab.widgets.families import shown_class
from convlab.widgets.setting import Setting
from convlab.widgets.stage import LARGEST
from convlab.widgets.weights import CUSTOM, GATE_NAMES, Form, bias_form, forms

_WIDE = {"layout": widgets.Layout(flex="1 1 0", min_width="0")}
_LABELS = {
    "kernel": "kernel",
    "depthwise_kernel": "depthwise",
    "pointwise_kernel": "pointwise",
    "recurrent_kernel": "recurrent",
}
_SWITCHES = ("use_bias", "unit_forget_bias")


@dataclass
class _KernelRow:
    """A list of names for the filter shown of one kernel."""

    list: widgets.Dropdown
    row: Row
    form: Form | None = None
    filter: int = 0


class WeightsPanel(widgets.VBox):  # type: ignore[misc]
    """Shows the weights of the filter on the stage and reports what the viewer changes.

    Args:
        named: called with the form of a kernel, the filter in it and the name chosen.
        biased: called with the filter and the bias that the viewer typed.
        handler: called with an argument of the layer and its new value.
        refuse: called with the error when a message cannot be used.
    """

    def __init__(
        self,
        named: Callable[[Form, int, str], None],
        biased: Callable[[int, float], None],
        handler: Handler,
        refuse: Refuse,
    ) -> None:
        self._named, self._biased = named, biased
        self._quiet = False
        self._filter = 0
        self._again: Callable[[], None] = lambda: None
        self._kernels = {name: self._kernel_row(label) for name, label in _LABELS.items()}
        self._gate = widgets.Dropdown(options=GATE_NAMES, value="cell", description="gate", **_WIDE)
        self._channel = widgets.IntSlider(description="depthwise output", min=0, **_WIDE)
        self._bias = widgets.FloatText(description="bias of the filter shown", **_WIDE)
        for editor in (self._gate, self._channel, self._bias):
            editor.add_class("cx-editor")
        self._gate.observe(lambda _: self._quiet or self._again(), "value")
        self._channel.observe(lambda _: self._quiet or self._again(), "value")
        self._bias.observe(self._type, "value")
        self._switches = {
            name: ArgumentRow(CONTROLS[name], (), handler, refuse) for name in _SWITCHES
        }
        self.rows: dict[str, Row] = {
            "gate": Row("gate", [self._gate], "Whose kernels and bias are shown below"),
            "channel": Row("output", [self._channel], "Which output of the depthwise step"),
            **{name: each.row for name, each in self._kernels.items()},
            **self._switches,
            "bias": Row("bias", [self._bias], "The number that this filter adds to every sum"),
        }
        self._title = widgets.HTML("<h2>Weights</h2>")
        self._second = widgets.HTML()
        self._second.add_class("cx-caption")
        self._second.layout.display = "none"
        below = {"kernel": [self._second]}
        shown = [part for name, row in self.rows.items() for part in (row, *below.get(name, []))]
        super().__init__([self._title, *shown])

    def show(self, setting: Setting, layer: Any, index: int) -> None:
        """Shows the weights of one filter without reporting them."""
        self._again = lambda: self.show(setting, layer, index)
        known = forms(layer)
        gated = isinstance(layer, ConvLSTM)
        separable = "depthwise_kernel" in known
        self._quiet = True
        try:
            self._filter = self._gate.index * layer.filters + index if gated else index
            self._show_kernels(setting, known)
            self._show_bias(layer)
            offered = controls_of(shown_class(setting.layer_class))
            for name, row in self._switches.items():
                row.layout.display = None if name in offered else "none"
                if name in offered:
                    row.show(setting.shown_arguments()[name])
        finally:
            self._quiet = False
        self.rows["gate"].layout.display = None if gated else "none"
        self.rows["channel"].layout.display = None if separable else "none"
        self._title.value = f"<h2>Weights of filter {index}</h2>"

    def _show_kernels(self, setting: Setting, known: dict[str, Form]) -> None:
        for name, each in self._kernels.items():
            each.row.layout.display = None if name in known else "none"
            each.form = known.get(name)
            if each.form is None:
                continue
            each.filter = self._filter
            if name == "depthwise_kernel":
                self._channel.max = each.form.order.shape[-1] - 1
                each.filter = self._channel.value
            each.list.options = (*each.form.options, CUSTOM)
            each.list.value = setting.name_of(each.form, each.filter)
            if name == "kernel":
                self._show_second(each.form, each.list.value)

    def _show_second(self, form: Form, name: str) -> None:
        """Of a layer with a kernel at each place: which one it has where the named one ends."""
        told = form.local and name != CUSTOM
        self._second.layout.display = None if told else "none"
        if told:
            line = {1: "step", 2: "column"}[form.rank]
            self._second.value = f"from output {line} {form.half} on: {form.following(name)}"

    def _show_bias(self, layer: Any) -> None:
        form = bias_form(layer)
        self.rows["bias"].layout.display = None if form else "none"
        if form:
            values = form.normal(layer.get_weights()[-1])[..., self._filter]
            self._bias.value = float(values.flat[0])

    def _kernel_row(self, label: str) -> _KernelRow:
        names = widgets.Dropdown(
            options=(CUSTOM,), description=f"{label} of the filter shown", **_WIDE
        )
        names.add_class("cx-editor")
        help = "A kernel by name; click a cell of the kernel to type a number"
        row = _KernelRow(names, Row(label, [names], help))
        names.observe(lambda change: self._choose(row, change["new"]), "value")
        return row

    def _choose(self, row: _KernelRow, name: Any) -> None:
        if not self._quiet and row.form is not None and name in row.form.options:
            self._named(row.form, row.filter, name)

    def _type(self, change: Any) -> None:
        if not self._quiet and abs(change["new"]) <= LARGEST:  # NaN is not
            self._biased(self._filter, float(change["new"]))
