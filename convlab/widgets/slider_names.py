"""Names of sliders for whoever hears the page instead of seeing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget


class SliderNames(anywidget.AnyWidget):
    """Gives the handles of the sliders in the box that it stands in the names of their labels."""

    _esm = Path(__file__).with_name("slider_names.js")

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Takes nothing from the browser."""
