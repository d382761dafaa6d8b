"""The list of layers, grouped by family."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from convlab.scene.assets import heard
from convlab.widgets.families import FAMILIES, SHOWN


class LayerMenu(anywidget.AnyWidget):
    """A list of the layers' class names in groups.

    Args:
        chosen: called with the name that the viewer chose.

    Attributes:
        value: the name that is shown; what the browser sends is dropped unless it is in the list.
    """

    _esm = heard(Path(__file__).with_name("layer_menu.js").read_text("utf-8"))

    groups: Any = traitlets.List().tag(sync=True)
    label = traitlets.Unicode("layer").tag(sync=True)
    value = traitlets.Unicode("Conv2D").tag(sync=True)

    def __init__(self, chosen: Callable[[str], None]) -> None:
        self._chosen = chosen
        super().__init__(
            groups=[
                [title, [cls.__name__ for cls in classes]] for title, classes in FAMILIES.items()
            ]
        )
        self.add_class("cx-menu")

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Takes a choice from the browser: a name in the list, and nothing else."""
        value = sync_data.get("value")
        if isinstance(value, str) and value in SHOWN:
            super().set_state({"value": value})
            self._chosen(value)
        self.send_state("value")  # so that the browser shows what is true
