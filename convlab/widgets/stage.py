"""The stage as a widget: a scene goes to the browser once, and is played there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import anywidget
import numpy as np
import traitlets

from convlab.draw.tables import lookup_tables
from convlab.errors import ArgumentError
from convlab.scene import LayerStep, Scene, as_plain, input_as_plain, stage_module, stage_style

THEMES = ("light", "dark", "projector", "auto")
SPEEDS = (1, 2, 5, 10, 20, 30, 60)
"""Steps a second that the stage offers; any whole number up to the last may be set."""

LARGEST = 1e30
"""The largest weight that may be typed: far above any use, far below float32's infinity."""

READINGS = ("gather", "scatter")
MAPS = ("values", "counts", "never", "field", "overlap")
HIDDEN = ("shape", "cell", "taps")
"""What may be hidden until the viewer has predicted it."""

_FROM_BROWSER = ("selection", "playing", "speed", "in_view", "reading", "map")

WeightHandler = Callable[[str, tuple[int, ...], float], None]
FixHandler = Callable[[int], None]


def _scene_to_plain(scene: Scene | None, _: Any) -> dict[str, Any] | None:
    return None if scene is None else as_plain(scene, input_apart=True)


class _Checked(traitlets.Any):
    """Any value but None; what else it must be, a validator says."""

    allow_none = False


class Stage(anywidget.AnyWidget):
    """The pictures of a convolution, which answer to the mouse, the keyboard and a finger.

    Hovering, stepping and playing happen in the browser, without a message. The selection comes
    back to Python when it has come to rest.

    Args:
        scene: what to show at first, or None.

    Attributes:
        scene: what is shown; see `convlab.scene.build_scene`.
        selection: the index of the selected output cell in the layer's own data format, without
            the batch axis; `()` while there is no scene.
        step: the selected cell's place in the order of a play, from 1; 0 without a scene.
        error: what is wrong with the present settings: a mapping of `rule`, `received` and
            `remedy`, shown beside the last good picture; or None. `fixes`, when given, are the
            labels of buttons below it; see `on_fix`.
        busy: what is being waited for, such as "compiling kernels (first run only)"; or None.
        theme: "light", "dark", "projector" or "auto" (as the browser prefers).
        in_view: which of the scene's steps is looked at, where it has several.
        reading: "gather" or, of a transposed convolution, "scatter".
        map: what colours the input and output: one of `MAPS`.
        hide: what is hidden until the viewer has predicted it: one of `HIDDEN`, or None.
        group: stages of the same group move together in the browser; None moves alone.
        playing: set it to start or pause a play. A play started in the browser sends no message,
            so this becomes true only when Python starts it.
        speed: steps a second, 1 to 60.

    Example:
        >>> import numpy as np
        >>> from convlab.layers import Conv2D
        >>> from convlab.scene import build_scene
        >>> stage = Stage(build_scene(Conv2D(2, 3), np.ones((1, 6, 6, 1), "float32")))
        >>> stage.selection
        (2, 2, 0)
        >>> stage.selection = (0, 3, 1)
        >>> stage.step
        4
    """

    _esm = stage_module()
    _css = stage_style()

    scene = traitlets.Instance(Scene, allow_none=True).tag(sync=True, to_json=_scene_to_plain)
    input = traitlets.Dict().tag(sync=True)  # of the scene; it travels only when it changes
    tables = traitlets.Dict().tag(sync=True)
    selection = _Checked(()).tag(sync=True)
    error = traitlets.Any(None, allow_none=True).tag(sync=True)
    busy = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    theme = traitlets.Enum(THEMES, "light").tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    speed = traitlets.Int(10, min=SPEEDS[0], max=SPEEDS[-1]).tag(sync=True)
    editable = traitlets.Bool(False).tag(sync=True)
    in_view = traitlets.Int(0, min=0).tag(sync=True)
    reading = traitlets.Enum(READINGS, "gather").tag(sync=True)
    map = traitlets.Enum(MAPS, "values").tag(sync=True)
    hide = traitlets.Enum(HIDDEN, None, allow_none=True).tag(sync=True)
    group = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    step = traitlets.Int(0, read_only=True)

    def __init__(self, scene: Scene | None = None) -> None:
        self._weight_handlers: list[WeightHandler] = []
        self._fix_handlers: list[FixHandler] = []
        super().__init__(tables=lookup_tables())
        self.on_msg(self._received)
        if scene is not None:
            self.show(scene)

    @property
    def channel(self) -> int:
        """The channel of the selected output cell; 0 while there is none."""
        scene = self.scene
        if scene is None or len(self.selection) != len(scene.selectable):
            return 0
        return scene.place(self.selection)[1]

    def show(self, scene: Scene) -> None:
        """Shows a scene, with the selection kept where the new output has such a cell.

        One message carries all of it; an error or a notice that was shown goes away.

        Args:
            scene: what to show.
        """
        before = self.scene
        with self.hold_sync():
            self.error = self.busy = None
            self.input = input_as_plain(scene)
            self.scene = scene
            self.in_view = self._view_of(before, scene)
            self.selection = _carried_over(before, self.selection, scene)

    def may_look(self, name: str, value: Any) -> bool:
        """Whether "in_view", "reading", "map" or "hide" may have this value."""
        if name == "in_view":
            return self.scene is not None and _is_index([value], [len(self.scene.steps)])
        known = {"reading": READINGS, "map": MAPS, "hide": (*HIDDEN, None)}[name]
        return isinstance(value, str | None) and value in known

    def _view_of(self, before: Scene | None, scene: Scene) -> int:
        """The step to look at in another scene: the same one, where it has the same steps."""
        if before is not None and len(before.steps) == len(scene.steps):
            return int(self.in_view)
        return len(scene.steps) - 1

    def on_weight(self, handler: WeightHandler) -> None:
        """Calls `handler(name, index, value)` when the viewer types a weight into the kernel.

        Args:
            handler: takes the name of one of the layer's weights, the index in it and the new
                value. The stage changes nothing by itself: show the new scene.
        """
        self._weight_handlers.append(handler)
        self.editable = True

    def on_fix(self, handler: FixHandler) -> None:
        """Calls `handler(index)` when the viewer presses one of the buttons of `error["fixes"]`.

        Args:
            handler: takes the index of the label in the list. The stage changes nothing by itself.
        """
        self._fix_handlers.append(handler)

    # What is set from Python is checked, and refused with a reason

    @traitlets.validate("selection")
    def _check_selection(self, proposal: Mapping[str, Any]) -> tuple[int, ...]:
        index = proposal["value"]
        sizes = self.scene.selectable if self.scene is not None else ()
        if _is_index(index, sizes):
            return tuple(int(number) for number in index)
        raise ArgumentError(
            f"A selection is an index of the output without its batch axis, {sizes}.",
            received=f"selection={index!r}",
            remedy=f"Use {len(sizes)} integers, each from 0 to below its size."
            if sizes
            else "Show a scene first.",
            argument="selection",
        )

    @traitlets.validate("error")
    def _check_error(self, proposal: Mapping[str, Any]) -> dict[str, Any] | None:
        error = proposal["value"]
        if error is None:
            return None
        if isinstance(error, Mapping) and error.get("rule") and _are_labels(error.get("fixes")):
            parts = {part: str(error.get(part) or "") for part in ("rule", "received", "remedy")}
            return {**parts, "fixes": list(error["fixes"])} if error.get("fixes") else parts
        raise ArgumentError(
            "An error is shown by its three parts.",
            received=f"error={error!r}",
            remedy="Use a mapping of 'rule', 'received' and 'remedy', or None; 'fixes' may be a "
            "list of labels.",
            argument="error",
        )

    @traitlets.observe("scene", "selection")
    def _count_step(self, _: Any) -> None:
        if self.scene is None or not _is_index(self.selection, self.scene.selectable):
            self.set_trait("step", 0)
            return
        place, _channel = self.scene.place(self.selection)
        step = 0
        for index, axis in zip(place, self.scene.steps[-1].axes, strict=True):
            step = step * axis.size_out + index
        self.set_trait("step", step + 1)

    # What comes from the browser is not trusted: what cannot be is dropped

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Takes a state from the browser: only what the browser may change, only if it can be."""
        taken = {name: value for name, value in sync_data.items() if self._believable(name, value)}
        super().set_state(taken)
        refused = [name for name in sync_data if name not in taken and name in self.keys]
        if refused:
            self.send_state(refused)  # so that the browser shows what is true

    def _believable(self, name: str, value: Any) -> bool:
        if name not in _FROM_BROWSER:
            return False
        if name == "selection":
            return self.scene is not None and _is_index(value, self.scene.selectable)
        if name == "speed":
            return type(value) is int and SPEEDS[0] <= value <= SPEEDS[-1]
        if name in ("in_view", "reading", "map"):
            return self.may_look(name, value)
        return isinstance(value, bool)

    def _received(self, _: Any, content: Any, __: Any) -> None:
        """A typed weight `{"weight": index, "value": number, "pass": step}`, or a pressed
        `{"fix": index}`; the weight's index is that in the step's kernel.
        """  # noqa: D205
        if not isinstance(content, Mapping):
            return
        if "fix" in content:
            self._fix(content["fix"])
        elif self.scene is not None:
            self._weight(self.scene, content)

    def _fix(self, index: Any) -> None:
        if _is_index([index], [len((self.error or {}).get("fixes", ()))]):
            for handler in self._fix_handlers:
                handler(index)

    def _weight(self, scene: Scene, content: Mapping[str, Any]) -> None:
        index: Any = content.get("weight")
        value: Any = content.get("value")
        if type(value) not in (int, float) or not math.isfinite(value) or abs(value) > LARGEST:
            return
        number: Any = content.get("pass", 0)
        if not _is_index([number], [len(scene.steps)]):
            return
        step = scene.steps[number]
        if step.kernel is not None and _is_index(index, step.kernel.values.shape):
            own = _own_index(step, index)
            for handler in self._weight_handlers:
                handler(step.weight_name, own, float(value))


def _own_index(step: LayerStep, index: Sequence[int]) -> tuple[int, ...]:
    """The layer's own index of a weight in a step's kernel."""
    *place, depth, filter = index
    taps = place[-len(step.axes) :]
    return step.weight_at(taps, depth, filter, place[: -len(step.axes)])


def _are_labels(fixes: Any) -> bool:
    listed = isinstance(fixes, list | tuple) and all(isinstance(label, str) for label in fixes)
    return fixes is None or listed


def _is_index(index: Any, sizes: Sequence[int]) -> bool:
    if not isinstance(index, list | tuple) or len(index) != len(sizes):
        return False
    return all(
        isinstance(number, int | np.integer) and type(number) is not bool and 0 <= number < size
        for number, size in zip(index, sizes, strict=True)
    )


def _carried_over(before: Scene | None, selection: Sequence[int], scene: Scene) -> tuple[int, ...]:
    """The selection in another scene: the cell at the same part of it; at first the middle."""
    *sizes, filters = scene.steps[-1].output.values.shape
    if before is None or before.rank != scene.rank or len(selection) != len(before.selectable):
        return scene.index([size // 2 for size in sizes], 0)
    place, channel = before.place(selection)
    old_sizes = before.steps[-1].output.values.shape
    # the first cell stays the first and the last the last, so that a viewer keeps their corner
    part = [
        round(index * (size - 1) / (old - 1)) if old > 1 else size // 2
        for index, size, old in zip(place, sizes, old_sizes, strict=False)
    ]
    return scene.index(part, min(channel, filters - 1))
