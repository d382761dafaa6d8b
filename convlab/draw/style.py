"""Colours and numbers as the browser's stage shows them, without any plotting library."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

TABLES = {"magnitude": "viridis", "signed": "RdBu_r", "grey": "gray"}
"""The colour map of each table of a scene. Signed values are centred at its white middle."""

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Theme:
    """The colours of a figure: those of the stage's style sheet.

    Args:
        back: the page.
        ink: text.
        muted: text that matters less, and frames.
        line: the lines between cells.
        accent: the selected output cell and its window.
        halo: the outline that lifts a frame off the cells below.
        hatch: the strokes of padding.
        hatch_back: the ground of padding.
        tap_lightness: the OKLCH lightness of the hues of the taps.
    """

    back: str
    ink: str
    muted: str
    line: str
    accent: str
    halo: str
    hatch: str
    hatch_back: str
    tap_lightness: float


THEMES = {
    "light": Theme(
        back="#ffffff",
        ink="#1a1f26",
        muted="#57606a",
        line="#c9d0d8",
        accent="#c2185b",
        halo="#ffffff",
        hatch="#a3adb8",
        hatch_back="#eef1f4",
        tap_lightness=0.62,
    ),
    "dark": Theme(
        back="#14171c",
        ink="#e8ebef",
        muted="#a2abb6",
        line="#3a414b",
        accent="#ff6fae",
        halo="#14171c",
        hatch="#58616d",
        hatch_back="#23282f",
        tap_lightness=0.74,
    ),
    "projector": Theme(
        back="#ffffff",
        ink="#000000",
        muted="#2b3138",
        line="#5a636e",
        accent="#b00050",
        halo="#ffffff",
        hatch="#6a7480",
        hatch_back="#ffffff",
        tap_lightness=0.55,
    ),
}


def tap_hues(taps: int, lightness: float) -> tuple[str, ...]:
    """A hue for each tap, evenly around the colour wheel, as `#rrggbb`.

    >>> tap_hues(2, 0.6)
    ('#d24c49', '#009ab0')
    """
    return tuple(oklch(lightness, 0.17, (25 + 360 * tap / taps) % 360) for tap in range(taps))


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """An OKLCH colour in sRGB, clipped where a screen cannot show it.

    Args:
        lightness: 0 to 1.
        chroma: 0 (grey) to about 0.37.
        hue: in degrees.

    Source: Björn Ottosson, "A perceptual color space for image processing" (2020).

    >>> oklch(1.0, 0.0, 0.0)
    '#ffffff'
    """
    a, b = (chroma * turn(math.radians(hue)) for turn in (math.cos, math.sin))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _encoded(part)):02x}" for part in linear)


def _encoded(linear: float) -> float:
    """One linear light as an sRGB component."""
    light = min(max(linear, 0.0), 1.0)
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def ink_on(red: float, green: float, blue: float) -> str:
    """The ink, black or white, that reads better on a colour of components 0-1.

    >>> ink_on(1.0, 1.0, 0.5), ink_on(0.0, 0.0, 0.4)
    ('black', 'white')
    """
    shares = ((0.2126, red), (0.7152, green), (0.0722, blue))
    luminance = sum(share * _decoded(part) for share, part in shares)
    return "black" if luminance > 0.179 else "white"


def _decoded(part: float) -> float:
    """One sRGB component as linear light."""
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def number(value: float, digits: int = 6) -> str:
    """A number with so many significant digits at most, and a true minus sign.

    >>> number(0.1 + 0.2), number(-2.0), number(12345678.0, 3), number(float("inf"))
    ('0.3', '−2', '1.23e7', '∞')
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    rounded = float(f"{value:.{digits}g}")
    if rounded == 0:
        return "0"
    if 1e-4 <= abs(rounded) < 1e7:
        text = np.format_float_positional(rounded, trim="-")
    else:
        mantissa, exponent = f"{rounded:.{digits - 1}e}".split("e")
        text = f"{float(mantissa):g}e{int(exponent)}"
    return text.replace("-", MINUS)


def fitted(value: float, room: int) -> str | None:
    """As many digits, six at most, as `room` characters hold; None when none do.

    >>> fitted(0.123456, 5), fitted(123.4, 2)
    ('0.123', None)
    """
    fewest = 1 if abs(value) < 1 else 2
    texts = (number(value, digits) for digits in range(6, fewest - 1, -1))
    return next((text for text in texts if len(text) <= room), None)
