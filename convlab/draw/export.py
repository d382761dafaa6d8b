"""`exported`: a layer at work as the bytes of a file, for a download."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from numpy.typing import ArrayLike

from convlab.draw.animating import animate
from convlab.errors import ArgumentError

KINDS = ("png", "svg", "pdf", "gif", "mp4", "html")

_SAVING = ("fps", "step", "dpi", "progress")


def exported(layer: Any, x: ArrayLike | None, kind: str, **options: Any) -> bytes:
    """What `animate(layer, x).save("name.kind")` writes.

    Args:
        layer: a layer, as `animate` takes it.
        x: its input; None takes a small one.
        kind: "png", "svg" or "pdf" for one step; "gif" or "mp4" for an animation; "html" for a
            page that stands alone.
        options: what `animate` and `Animation.save` take by name, such as `theme="dark"`,
            `filter=1`, `step=74` or `fps=12`. No progress is shown unless `progress=True`.

    Raises:
        ArgumentError: there is no such kind, or an option is out of range.

    Example:
        >>> import convlab as cl
        >>> exported(cl.Conv2D(1, 3), None, "png")[1:4]
        b'PNG'
    """
    if kind not in KINDS:
        raise ArgumentError(
            f"The kind of a file is one of {', '.join(map(repr, KINDS))}.",
            received=f"kind={kind!r}",
            remedy="Use kind='png' for a picture, or kind='html' for a page to step through.",
            argument="kind",
        )
    saving = {name: options.pop(name) for name in _SAVING if name in options}
    movie = animate(layer, x, **options)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"convlab.{kind}"
        return movie.save(path, **{"progress": False, **saving}).read_bytes()
