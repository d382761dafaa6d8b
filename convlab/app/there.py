"""What waits for a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget


class There(anywidget.AnyWidget):
    """Nothing to see: it says when a browser shows it for the first time.

    What is made before may be lost on its way to a page that is not there yet.

    Args:
        then: called once, when a browser is there.
    """

    _esm = Path(__file__).with_name("there.js")

    def __init__(self, then: Callable[[], None]) -> None:
        self._then: Callable[[], None] | None = then
        super().__init__()
        self.layout.display = "none"
        self.on_msg(self._told)

    def _told(self, *_: Any) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()
