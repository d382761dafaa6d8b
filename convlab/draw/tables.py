"""matplotlib's colour maps as lookup tables, for pictures that are coloured elsewhere."""

from __future__ import annotations

from functools import cache

import matplotlib
import numpy as np

from convlab.draw.style import TABLES


@cache
def lookup_tables() -> dict[str, bytes]:
    r"""The 256 colours of each map, as bytes of red, green, blue, alpha.

    Returns:
        Kind of values -> 1,024 bytes.

    Example:
        >>> lookup_tables()["grey"][-4:]
        b'\xff\xff\xff\xff'
    """
    return {kind: _table(name).tobytes() for kind, name in TABLES.items()}


def _table(name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(matplotlib.colormaps[name](np.arange(256), bytes=True), dtype=np.uint8)
