"""A file of what the stage shows, as it shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convlab.widgets.picture import Picture
from convlab.widgets.stage import Stage


def export(picture: Picture, stage: Stage, kind: str, told: Callable[[int, int], None]) -> bytes:
    """The bytes of a file of a kind that `convlab.draw.exported` knows.

    Args:
        picture: what the stage shows.
        stage: says the cell, the channel, the time step, the reading and the theme.
        kind: "png", "svg", "pdf", "gif", "mp4" or "html".
        told: called with how many frames of an animation are drawn, of how many.
    """
    from convlab.draw import exported  # matplotlib is slow to import, and rarely asked for

    time = None if stage.scene is None else stage.scene.time
    looks: dict[str, Any] = {
        "theme": "light" if stage.theme == "auto" else stage.theme,
        "picture": picture.setting.input.is_picture,
        "filter": stage.channel,
        "time": None if time is None else time.step,
        "reading": stage.reading,
    }
    if stage.reading == "gather":  # else the cells are the input's
        looks["step"] = stage.step - 1
    return exported(picture.layer, picture.x[None], kind, progress=told, **looks)
