"""256 colours for all frames of a GIF, and the nearest of them for every pixel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

KEPT = 160  # the commonest colours stay as they are: page, cells, padding
SIZE = 255  # one is left for what stays as it was in the frame before
_UNKNOWN = -1


class Palette:
    """The colours of some pictures of one size, reduced to 256.

    Pillow's own mapping onto a palette is rough: white comes out as grey. Here each colour is
    mapped to its true nearest once, and remembered.

    Args:
        samples: pictures in RGB that have the important colours between them.
    """

    def __init__(self, samples: Sequence[Image.Image]) -> None:
        codes, counts = np.unique(np.stack([*map(_codes, samples)]), return_counts=True)
        by_count = codes[np.argsort(-counts, kind="stable")]
        kept, others = by_count[:KEPT], by_count[KEPT:]
        self.colours = _colours(kept)
        if len(others):
            rest = Image.fromarray(_colours(others)[None])
            reduced = rest.quantize(SIZE - len(kept), Image.Quantize.FASTOCTREE)
            entries = np.array(reduced.getpalette(), np.uint8).reshape(-1, 3)
            self.colours = np.concatenate([self.colours, entries])
        self._nearest = np.full(1 << 24, _UNKNOWN, dtype=np.int16)

    def apply(self, frame: Image.Image) -> Image.Image:
        """The frame in these colours, as an indexed picture."""
        codes = _codes(frame)
        indices = self._nearest[codes]
        if indices.min() == _UNKNOWN:
            new = np.unique(codes[indices == _UNKNOWN])
            self._nearest[new] = self._find(new)
            indices = self._nearest[codes]
        indexed = Image.fromarray(indices.astype(np.uint8))
        indexed.putpalette(self.colours.tobytes())
        return indexed

    def _find(self, codes: NDArray[np.int32]) -> NDArray[np.intp]:
        """The index of the nearest colour for each."""
        wanted = _colours(codes).astype(np.int32)
        known = self.colours.astype(np.int32)
        distance = ((wanted[:, None] - known[None]) ** 2).sum(axis=-1)
        nearest: NDArray[np.intp] = distance.argmin(axis=1)
        return nearest


def _codes(picture: Image.Image) -> NDArray[np.int32]:
    """Each pixel as one integer."""
    pixels = np.asarray(picture, dtype=np.int32)
    codes: NDArray[np.int32] = pixels[..., 0] << 16 | pixels[..., 1] << 8 | pixels[..., 2]
    return codes


def _colours(codes: NDArray[np.int32]) -> NDArray[np.uint8]:
    """The inverse of `_codes`: uint8 `(n, 3)`."""
    return np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=-1).astype(np.uint8)
