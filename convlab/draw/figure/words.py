"""Words on the page: set by matplotlib where they stay, by a faster pen where they change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, findfont
from PIL import Image, ImageDraw, ImageFont

POINTS = 0.72  # points in a pixel, at 100 dots per inch
FAMILY = "DejaVu Sans"  # the font that matplotlib ships


_ANCHORS = {"left": "ls", "center": "ms", "right": "rs"}  # Pillow's names, on the base line


@dataclass(frozen=True)
class Word:
    """A line of text.

    Args:
        x: where it stands, in pixels of the page.
        y: its base line, downwards.
        text: what it says.
        colour: as `#rrggbb` or a name.
        size: of the font, in pixels.
        bold: whether it is bold.
        align: "left", "center" or "right": which part of it stands at `x`.
    """

    x: float
    y: float
    text: str
    colour: str
    size: float
    bold: bool = False
    align: str = "left"


def write(page: Axes, word: Word, zorder: float = 5) -> None:
    """Set a word with matplotlib, as part of the figure."""
    page.text(
        word.x,
        word.y,
        word.text,
        color=word.colour,
        fontsize=word.size * POINTS,
        fontweight="bold" if word.bold else "normal",
        family=FAMILY,
        ha=word.align,
        va="baseline",
        zorder=zorder,
        parse_math=False,
    )


class Pen:
    """Sets words straight into a picture, some hundred times faster than a figure does."""

    def __init__(self, picture: Image.Image) -> None:
        self._draw: Any = ImageDraw.Draw(picture)

    def write(self, word: Word) -> None:
        """Set one word."""
        font = _font(word.size, word.bold)
        anchor = _ANCHORS[word.align]
        self._draw.text((word.x, word.y), word.text, fill=word.colour, font=font, anchor=anchor)


@lru_cache(maxsize=32)
def _font(size: float, bold: bool) -> ImageFont.FreeTypeFont:
    weight = "bold" if bold else "normal"
    path = findfont(FontProperties(family=FAMILY, weight=weight))
    return ImageFont.truetype(path, size)
