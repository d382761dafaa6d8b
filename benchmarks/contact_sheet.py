"""Every layer's view in the real app, at two sizes of the window, and all of them on one sheet.

    python benchmarks/contact_sheet.py [--into docs] [--only Conv1D ...] [--shots folder]

Writes `contact-sheet.png`; with --shots, each view in full as well.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import matplotlib
from app_page import Explorer, chromium, served_app
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page

from convlab.widgets.families import SHOWN

SIZES = ((1280, 720), (1920, 1080))
THUMB = (400, 225)
ACROSS = 8  # thumbnails in a row: four views at two sizes
CAPTION = 18
COLOURS = 48  # of the sheet's palette


class View(NamedTuple):
    """One picture of the sheet.

    Args:
        title: what is said under it.
        layer: the class taken from the list.
        act: what the viewer does then.
        lasting: whether that would stay when another layer is taken.
    """

    title: str
    layer: str
    act: Callable[[Page], None] | None = None
    lasting: bool = False


def press(role: str, name: str) -> Callable[[Page], None]:
    return lambda page: page.locator(".cl-stage").get_by_role(role, name=name).first.click()


def choose(caption: str, option: str) -> Callable[[Page], None]:
    row = f".cx-row:has(.cx-label:has-text('{caption}')) select"
    return lambda page: page.locator(row).first.select_option(label=option)


def from_list(name: str, option: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("combobox", name=name).first.select_option(label=option)


def header(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name, exact=True).first.click()


VIEWS = [View(name, name) for name in SHOWN] + [
    View("Conv1D, causal", "Conv1D", choose("padding", "causal")),
    View("Conv2DTranspose, scatter", "Conv2DTranspose", press("button", "scatter")),
    View("Conv1DTranspose, scatter", "Conv1DTranspose", press("button", "scatter")),
    View("SeparableConv2D, pointwise", "SeparableConv2D", press("tab", "pointwise")),
    View("UpSampling2D, bilinear", "UpSampling2D", choose("interpolation", "bilinear")),
    View("ConvLSTM1D, gates", "ConvLSTM1D", press("tab", "gates")),
    View("ConvLSTM2D, gates", "ConvLSTM2D", press("tab", "gates")),
    View(
        "Conv2D, one cell to predict",
        "Conv2D",
        from_list("predict", "predict: one cell"),
        lasting=True,
    ),
    View("Conv2D, to be carried away", "Conv2D", header("Export"), lasting=True),
    View("Conv2D, compared", "Conv2D", header("Compare"), lasting=True),
    View("Conv2D, dark", "Conv2D", from_list("theme", "dark"), lasting=True),
    View("Conv2D, projector", "Conv2D", from_list("theme", "projector"), lasting=True),
]


def shots(explorer: Explorer, view: View) -> list[Image.Image]:
    """The view at each size of the window."""
    explorer.choose_layer(view.layer)
    if view.act:
        view.act(explorer.page)
    explorer.page.mouse.move(0, 0)  # nothing is pointed at
    taken = []
    for width, height in SIZES:
        explorer.page.set_viewport_size({"width": width, "height": height})
        explorer.rest()
        taken.append(Image.open(io.BytesIO(explorer.page.screenshot())).convert("RGB"))
    return taken


def sheet(taken: dict[str, list[Image.Image]]) -> Image.Image:
    """All of them small on one picture, the sizes of a view side by side."""
    wide, high = THUMB[0] + 8, THUMB[1] + CAPTION + 8
    views = ACROSS // len(SIZES)
    rows = -(-len(taken) // views)
    whole = Image.new("RGB", (ACROSS * wide + 8, rows * high + 8), "white")
    pen = ImageDraw.Draw(whole)
    font = ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf", 12)
    for number, (title, pictures) in enumerate(taken.items()):
        row, column = divmod(number, views)
        for which, (picture, size) in enumerate(zip(pictures, SIZES, strict=True)):
            left, top = 8 + (column * len(SIZES) + which) * wide, 8 + row * high
            whole.paste(picture.resize(THUMB, Image.Resampling.LANCZOS), (left, top + CAPTION))
            pen.text((left, top), f"{title}: {size[0]} x {size[1]}", "black", font)
    return whole.quantize(COLOURS, dither=Image.Dither.NONE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--into", type=Path, default=Path("docs"))
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--shots", type=Path)
    options = parser.parse_args()
    taken, explorer = {}, None
    with served_app() as address, chromium() as browser:
        for view in [v for v in VIEWS if not options.only or v.title in options.only]:
            explorer = explorer or Explorer(browser, address)
            explorer.page.get_by_role("button", name="Reset", exact=True).click()
            taken[view.title] = shots(explorer, view)
            print(view.title, flush=True)
            for picture in taken[view.title] if options.shots else []:
                name = view.title.replace(", ", "-").replace(" ", "-")
                picture.save(options.shots / f"{name}-{picture.width}.png")
            if view.lasting:
                explorer.leave()
                explorer = None
    sheet(taken).save(options.into / "contact-sheet.png", optimize=True)


if __name__ == "__main__":
    main()
