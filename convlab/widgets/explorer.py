"""The explorer: controls to the left, the stage to the right, and the way from one to the other.

A control changes a `Setting`; the setting builds a layer and an input; their scene goes to the
stage. A setting that is refused leaves the last good picture and shows the message beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab import layers
from convlab.errors import ArgumentTypeError, ConvlabError, DataError, ShapeError
from convlab.geometry import axis_names
from convlab.scene import build_scene
from convlab.widgets.chosen_input import input_of
from convlab.widgets.compiling import when_compiled
from convlab.widgets.controls import (
    ArgumentRow,
    action_button,
    fix_buttons,
    fix_label,
    group,
)
from convlab.widgets.conv2d_controls import DEFAULTS, GROUPS
from convlab.widgets.history import History
from convlab.widgets.input_panel import InputPanel
from convlab.widgets.setting import Setting, channels_of, setting_of
from convlab.widgets.stage import THEMES, Stage
from convlab.widgets.weights_panel import WeightsPanel

_CSS = Path(__file__).with_name("explorer.css")


class Explorer(widgets.VBox):  # type: ignore[misc]
    """The explorer of one layer: a widget. Make it with `convlab.explore`.

    Attributes:
        layer: the layer of the picture shown; set it to show another.
        x: the input of the picture shown, without the batch axis, in the layer's data format.
        output: what the layer gives for `x`, without the batch axis; set it to look at another
            array in its place.
        selection: the index of the selected output cell, without the batch axis; may be set.
        error: why the present setting cannot be shown, or None; may be set.
        theme: "light", "dark", "projector" or "auto" (as the system has it); may be set.
    """

    def __init__(self, setting: Setting) -> None:
        self._history = History(setting)
        self._shown = setting  # what the picture shows: the last setting that was not refused
        self._layer: layers.Conv2D | None = None
        self._x: NDArray[Any] = np.empty(0)
        self._given: NDArray[Any] | None = None  # an output set from Python
        self._error: ConvlabError | None = None
        self._touched = ""  # the argument whose control was moved last
        self.stage = Stage()
        self.stage.observe(self._selection_moved, "selection")
        self.stage.on_weight(self._weight_typed)
        self.stage.on_fix(self._fix_pressed)
        self._rows: dict[str, Any] = {}
        super().__init__([self._header(), self._body()])
        self.add_class("cx-explorer")
        self.theme = "light"
        self._show_controls(setting)
        when_compiled(self._refresh, self._busy)

    # -- what Python may read and set ----------------------------------------------------------

    @property
    def layer(self) -> layers.Conv2D:
        """The layer of the picture shown."""
        if self._layer is None:
            self._refresh()  # the kernels may still be compiling beside
        if self._layer is None:
            raise self._error or RuntimeError("the explorer shows no layer")
        return self._layer

    @layer.setter
    def layer(self, layer: layers.Conv2D) -> None:
        chosen = self._history.present.input
        if channels_of(layer) not in (None, chosen.values().shape[-1]):
            chosen = None  # the present input has other channels than the layer was built for
        self._add(setting_of(layer, chosen))

    @property
    def x(self) -> NDArray[Any]:
        """The input of the picture shown, without the batch axis."""
        return self._x

    @x.setter
    def x(self, x: ArrayLike) -> None:
        self._add(replace(self._history.present, input=input_of(x, self.layer.data_format)))

    @property
    def output(self) -> NDArray[Any]:
        """The output shown: what the layer gives for `x`, without the batch axis."""
        layer = self.layer
        return np.asarray(layer(self._x[None])[0]) if self._given is None else self._given

    @output.setter
    def output(self, y: ArrayLike) -> None:
        """Shows another array in its place until the next change: another framework's, say.

        The stage then names, cell by cell, the differences that rounding does not explain.
        """
        given, own = np.asarray(y, dtype=self.layer.compute_dtype), self.layer(self._x[None])[0]
        if given.shape != own.shape:
            raise ShapeError(
                "An output to be shown has the shape of the layer's own.",
                received=f"shape {given.shape}; the layer's is {own.shape}",
                remedy="Leave out the batch axis, and keep the layer's data format.",
                argument="output",
            )
        picture = self._shown.input.is_picture
        self._given = given
        self.stage.show(build_scene(self.layer, self._x[None], picture=picture, output=given[None]))

    @property
    def selection(self) -> tuple[int, ...]:
        """The index of the selected output cell, without the batch axis."""
        return tuple(self.stage.selection)

    @selection.setter
    def selection(self, index: tuple[int, ...]) -> None:
        self.stage.selection = index

    @property
    def error(self) -> ConvlabError | None:
        """Why the present setting cannot be shown; None when it is shown."""
        return self._error

    @error.setter
    def error(self, error: ConvlabError | None) -> None:
        if error is not None and not isinstance(error, ConvlabError):
            raise ArgumentTypeError(
                "The explorer's error is a ConvlabError, or None.",
                received=f"error={error!r}",
                remedy="Use convlab.errors.ArgumentError('the rule', received=..., remedy=...).",
                argument="error",
            )
        self._error = error
        self.stage.error = error and {
            **error.told,
            "fixes": [fix_label(fix) for fix in error.fixes],
        }
        for name, row in self._rows.items():
            wrong = error is not None and name == self._row_of(error)
            row.complain(fix_buttons(error.fixes, self._apply) if error and wrong else None)

    @property
    def theme(self) -> str:
        """The colours and sizes: "light", "dark", "projector" or "auto"."""
        return str(self._theme.value)

    @theme.setter
    def theme(self, theme: str) -> None:
        self.stage.theme = theme  # refuses what is no theme
        for other in THEMES:
            self.remove_class(f"cx-{other}")
        self.add_class(f"cx-{theme}")
        self._theme.value = theme

    def undo(self) -> None:
        """Goes one setting back."""
        self._history.undo()
        self._refresh()

    def redo(self) -> None:
        """Goes one setting forward again."""
        self._history.redo()
        self._refresh()

    def reset(self) -> None:
        """Goes to the first setting and to the middle of its output; `undo` comes back."""
        self._add(self._history.first)
        self._link.value = not any(row.unlike for row in self._argument_rows())
        scene = self.stage.scene
        if scene is not None:
            *sizes, _ = scene.steps[-1].output.values.shape
            self.selection = scene.index([size // 2 for size in sizes], 0)

    # -- the parts -----------------------------------------------------------------------------

    def _header(self) -> widgets.Widget:
        style = widgets.HTML(f"<style>{_CSS.read_text('utf-8')}</style>")
        style.layout.display = "none"
        brand = widgets.HTML('<h1 class="cx-brand">convlab</h1>')
        self._code = widgets.HTML()
        self._code.add_class("cx-code")
        self._undo = action_button("Undo", "Go one setting back", self.undo)
        self._redo = action_button("Redo", "Go one setting forward again", self.redo)
        self._reset = action_button("Reset", "Go to the first setting", self.reset)
        self._theme = widgets.Dropdown(
            options={
                "as the system": "auto",
                "light": "light",
                "dark": "dark",
                "projector": "projector",
            },
            tooltip="Colours and sizes",
            description="theme",
        )
        self._theme.add_class("cx-theme")
        self._theme.observe(lambda change: setattr(self, "theme", change["new"]), "value")
        header = widgets.HBox(
            [brand, self._code, self._undo, self._redo, self._reset, self._theme, style]
        )
        header.add_class("cx-header")
        return header

    def _body(self) -> widgets.Widget:
        self._input = InputPanel(self._input_changed, self._refuse)
        self._weights = WeightsPanel(self._kernel_named, self._bias_typed, self._set, self._refuse)
        self._rows |= self._input.rows | self._weights.rows
        panels: list[widgets.Widget] = [group("Input", [self._input])]
        for title, controls in GROUPS.items():
            rows = [ArgumentRow(c, axis_names(2), self._set, self._refuse) for c in controls]
            self._rows |= {row.control.name: row for row in rows}
            extra = [self._link_box()] if title == "Geometry" else []
            panels.append(group(title, [*rows, *extra]))
            if title == "Channels":
                panels.append(group("", [self._weights]))  # its title names the filter
        controls_column = widgets.VBox(panels)
        controls_column.add_class("cx-controls")
        stage = widgets.VBox([self.stage])
        stage.add_class("cx-stage-holder")
        body = widgets.HBox([controls_column, stage])
        body.add_class("cx-body")
        return body

    def _link_box(self) -> widgets.Widget:
        box = widgets.Checkbox(
            True, indent=False, description="height and width alike", tooltip="One value for both"
        )
        box.add_class("cx-link")
        self._link = box

        def relink(change: Any) -> None:
            for row in self._argument_rows():
                if row.control.per_axis:
                    row.link(change["new"])

        box.observe(relink, "value")
        return box

    # -- from a control to a setting -------------------------------------------------------------

    def _set(self, name: str, value: Any) -> None:
        self._touched = name
        self._add(self._history.present.with_arguments(**{name: value}))

    def _apply(self, fix: Mapping[str, Any]) -> None:
        self._add(self._history.present.with_arguments(**fix))

    def _fix_pressed(self, index: int) -> None:
        if self._error is not None:
            self._apply(self._error.fixes[index])

    def _input_changed(self, **changes: Any) -> None:
        self._add(self._history.present.with_input(**changes))

    def _kernel_named(self, name: str) -> None:
        self._add(self._shown.with_name(self._filter, name, self._kernel_shape))

    def _bias_typed(self, value: float) -> None:
        self._add(self._shown.with_bias(self._filter, value, self._kernel_shape[-1]))

    def _weight_typed(self, index: tuple[int, ...], value: float) -> None:
        self._add(self._shown.with_weight(index, value, self._kernel_shape))

    def _selection_moved(self, _: Any) -> None:
        if self._layer is not None:
            self._weights.show(self._shown, self._layer, self._filter)

    @property
    def _filter(self) -> int:
        """The filter of the selected output cell."""
        first = self.layer.data_format == "channels_first"
        index = self.selection[0 if first else -1] if self.selection else 0
        return min(index, self._kernel_shape[-1] - 1)

    @property
    def _kernel_shape(self) -> tuple[int, ...]:
        return tuple(self.layer.get_weights()[0].shape)

    def _add(self, setting: Setting) -> None:
        self._history.add(setting)
        self._refresh()

    # -- from a setting to a picture -------------------------------------------------------------

    def _refresh(self) -> None:
        setting = self._history.present
        self._undo.disabled = not self._history.can_undo
        self._redo.disabled = not self._history.can_redo
        try:
            layer, x = setting.build()
            scene = build_scene(layer, x[None], picture=setting.input.is_picture)
        except (ValueError, TypeError, MemoryError, OverflowError) as error:
            self._show_controls(setting)
            self.error = error if isinstance(error, ConvlabError) else _unforeseen(error)
            return
        self._shown, self._layer, self._x, self._given = setting, layer, x, None
        self.stage.show(scene)  # first of all: this is what the viewer waits for
        self._code.value = f"<code>{escape(repr(layer))}</code>"
        self.error = None
        self._show_controls(setting)

    def _show_controls(self, setting: Setting) -> None:
        for row in self._argument_rows():
            row.show(setting.arguments[row.control.name])
        self._input.show(setting.input)
        if self._layer is not None and setting is self._shown:
            self._weights.show(setting, self._layer, self._filter)

    def _row_of(self, error: ConvlabError) -> str:
        """The control that the message belongs to: the one just touched, if changing it helps."""
        if any(self._touched in fix for fix in error.fixes):
            return self._touched
        return {"input_shape": "input"}.get(error.argument or "", error.argument or "")

    def _argument_rows(self) -> list[ArgumentRow]:
        return [row for row in self._rows.values() if isinstance(row, ArgumentRow)]

    def _refuse(self, error: ConvlabError) -> None:
        """A message that no control of ours could have sent: the picture stays, and says so."""
        self._show_controls(self._history.present)
        self.error = error

    def _busy(self, message: str | None) -> None:
        self.stage.busy = message


def _unforeseen(error: Exception) -> DataError:
    return DataError(
        "This setting cannot be computed.",
        received=f"{type(error).__name__}: {error}"[:200],
        remedy="Undo it, or change it.",
    )


def explore(layer: layers.Conv2D | None = None, x: ArrayLike | None = None) -> Explorer:
    """The explorer of a layer on an input: the kernel slides, every number is explained.

    Args:
        layer: a Conv2D; by default one with four kernels that people know by name. Its weights
            are shown, unless it would begin with random ones: then named kernels are.
        x: `(height, width)`, or with channels in the layer's data format, or a batch of which the
            first is shown; by default a photograph in as many channels as the layer was built for.

    Returns:
        A widget; see `Explorer` for what can be read and set.

    Raises:
        ShapeError: the input has another rank or other channels than the layer.
        DataError: the input holds no real numbers.
        ArgumentTypeError: the layer is no Conv2D.

    Example:
        >>> import numpy as np
        >>> import convlab as cl
        >>> explorer = cl.explore(cl.Conv2D(1, 3, padding="same"), np.ones((6, 6)))
        >>> explorer.output.shape
        (6, 6, 1)
        >>> explorer.selection = (0, 5, 0)
    """
    layer = layers.Conv2D(**DEFAULTS) if layer is None else layer
    data_format = getattr(layer, "data_format", "channels_last")
    return Explorer(setting_of(layer, None if x is None else input_of(x, data_format)))
