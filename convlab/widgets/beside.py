"""Two stages side by side: the one that the controls change, and one that was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

import ipywidgets as widgets

from convlab.errors import ConvlabError
from convlab.scene import Scene
from convlab.widgets.controls import mark
from convlab.widgets.header import code_of
from convlab.widgets.picture import Picture
from convlab.widgets.setting import Setting
from convlab.widgets.stage import Stage


class Beside(widgets.HBox):  # type: ignore[misc]
    """Holds a stage, and when something is pinned another to its left; both move together.

    Args:
        stage: the one that is always there.

    Attributes:
        stage: the other one.
        pinned: the setting that was kept, or None.
    """

    def __init__(self, stage: Stage) -> None:
        self._main = stage
        self.stage = Stage()
        widgets.dlink(
            (stage, "hide"), (self.stage, "hide")
        )  # or one would tell what the other asks
        self.pinned: Setting | None = None
        self._code = widgets.HTML()
        self._code.add_class("cx-code")
        self._now = widgets.HTML()
        self._now.add_class("cx-code")
        self._kept = widgets.VBox([self._code, self.stage])
        self._kept.add_class("cx-stage-holder")
        self._changing = widgets.VBox([self._now, stage])
        self._changing.add_class("cx-stage-holder")
        self._now.layout.display = "none"
        super().__init__([self._changing])
        self.add_class("cx-stages")

    def pin(self, setting: Setting | None) -> None:
        """Keeps a setting in the other stage, or takes it away."""
        self.pinned = setting
        together = setting is not None
        group = uuid4().hex if together else None
        self.stage.group = self._main.group = group
        self._now.layout.display = None if together else "none"
        self.children = (self._kept, self._changing) if together else (self._changing,)
        mark(self, "cx-two", together)

    def show(self, setting: Setting, time: int | None) -> None:
        """Shows what was pinned, on the input of the present setting where it can read it."""
        if self.pinned is None:
            return
        pinned = self.pinned
        if pinned.room == setting.room:
            pinned = replace(pinned, input=setting.input)
        self._now.value = code_of(repr(setting.made()))
        self._code.value = code_of(repr(pinned.made()))
        try:
            scene = Picture.of(pinned).scene(time)
        except ConvlabError as error:
            self.stage.error = error.told
            return
        self.stage.show(scene)
        mark_stages(self, (self.stage, self._main))


def mark_stages(box: widgets.Box, stages: Sequence[Stage]) -> None:
    """Tells the style sheet what both of two stages must have room for: strips, tabs."""
    scenes = [stage.scene for stage in stages if stage.scene is not None]
    mark(box, "cx-strips", any(scene.rank == 1 for scene in scenes))
    mark(box, "cx-tabbed", any(map(_has_tools, scenes)))


def _has_tools(scene: Scene) -> bool:
    """Whether there is a step or a reading to choose, above the pictures."""
    (first, *more) = scene.steps
    stamps = first.kernel is not None and all(axis.stamps is not None for axis in first.axes)
    return bool(more) or stamps
