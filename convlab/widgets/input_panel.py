"""The controls of the input: which picture or grid, how large, typed numbers, a file."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets

from convlab.errors import ArgumentError, ConvlabError, DataError
from convlab.widgets import inputs
from convlab.widgets.chosen_input import Input
from convlab.widgets.controls import Row

SMALLEST, LARGEST = 3, inputs.LARGEST_SIDE
GRID_SIZE, PICTURE_SIZE = 7, 28  # at which numbers can be read, and a face recognised
_KINDS = {
    **{name: name for name in (*inputs.PICTURES, *inputs.GRIDS)},
    "numbers typed in": "numbers",
    "a picture of yours": "upload",
}
_WIDE = {"layout": widgets.Layout(flex="1 1 0", min_width="0")}


class InputPanel(widgets.VBox):  # type: ignore[misc]
    """Shows the present input and reports what the viewer changes.

    Args:
        changed: called with the fields of `Input` that the viewer changed.
        refuse: called with the error when what arrives cannot be used.
    """

    def __init__(
        self, changed: Callable[..., None], refuse: Callable[[ConvlabError], None]
    ) -> None:
        self._report, self._refuse = changed, refuse
        self._quiet = False
        self._shown = Input()
        self._kind = widgets.Dropdown(options=_KINDS, description="input", **_WIDE)
        self._size = widgets.IntSlider(
            PICTURE_SIZE, min=SMALLEST, max=LARGEST, description="size", **_WIDE
        )
        self._text = widgets.Textarea(
            description="numbers", rows=5, continuous_update=False, **_WIDE
        )
        self._file = widgets.FileUpload(
            accept=".png,.jpg,.jpeg",
            multiple=False,
            description="Choose a file",
            icon="",
            tooltip="PNG or JPEG",
        )
        self._caption = widgets.HTML()
        self._caption.add_class("cx-caption")
        for widget in (self._kind, self._size, self._text):
            widget.add_class("cx-editor")
        self._kind.observe(self._kind_chosen, "value")
        self._size.observe(self._told("size", range(SMALLEST, LARGEST + 1)), "value")
        self._text.observe(self._told("text"), "value")
        self._file.observe(self._uploaded, "value")
        self.rows = {
            "input": Row("input", [self._kind], "What the kernel slides over"),
            "size": Row("size", [self._size], "Height and width of the input, in pixels"),
            "numbers": Row(
                "numbers", [self._text], "A line a row, numbers separated by spaces or commas"
            ),
            "upload": Row("file", [self._file], "A picture of yours, 16 MiB at most"),
        }
        super().__init__([*self.rows.values(), self._caption])

    def show(self, chosen: Input) -> None:
        """Shows an input without reporting it."""
        self._quiet = True
        try:
            if chosen.kind == "array" and "array" not in _options(self._kind):
                self._kind.options = {"an array from Python": "array", **_KINDS}
            self._kind.value = chosen.kind
            self._size.value = chosen.size
            self._text.value = chosen.text
        finally:
            self._quiet = False
        self._shown = chosen
        self._show_rows(chosen.kind)
        self._caption.value = caption(chosen)

    def _show_rows(self, kind: str) -> None:
        visible = {
            "size": kind not in ("numbers", "array"),
            "numbers": kind == "numbers",
            "upload": kind == "upload",
        }
        for name, shown in visible.items():
            self.rows[name].layout.display = None if shown else "none"

    def _kind_chosen(self, change: Any) -> None:
        kind = change["new"]
        if self._quiet:
            return
        if kind == "upload" and self._shown.image is None:
            self._show_rows(kind)  # there is no picture yet: the present one stays until there is
            self._caption.value = "PNG or JPEG, 16 MiB at most. Until then the picture stays."
        elif kind not in (*_KINDS.values(), "array"):
            self._refuse(_unknown("kind", kind))
        elif (kind in inputs.GRIDS) != (self._shown.kind in inputs.GRIDS):
            self._report(kind=kind, size=GRID_SIZE if kind in inputs.GRIDS else PICTURE_SIZE)
        else:
            self._report(kind=kind)

    def _told(self, field: str, allowed: range | None = None) -> Callable[[Any], None]:
        def tell(change: Any) -> None:
            value = change["new"]
            if self._quiet:
                return
            known = value in allowed if allowed else isinstance(value, str)
            if not known:
                self._refuse(_unknown(field, value))
            elif field == "text" and len(value) > inputs.MAX_TYPED_TEXT:
                self._refuse(_too_long(value))  # and not kept: it would fill the undo history
            else:
                self._report(**{field: value})

        return tell

    def _uploaded(self, change: Any) -> None:
        if self._quiet or not change["new"]:
            return
        content, name = (change["new"][0].get(part) for part in ("content", "name"))
        self._quiet = True
        self._file.value = ()  # so that the same file can be chosen again
        self._quiet = False
        if not isinstance(content, bytes | memoryview):
            self._refuse(_unknown("file", type(content).__name__))
            return
        try:
            image = inputs.decoded(content)
        except DataError as error:
            self._refuse(error)
        else:
            self._report(kind="upload", image=image, file=str(name)[-80:])


def caption(chosen: Input) -> str:
    """What to know of an input, in one line."""
    about = {**inputs.PICTURES, **inputs.GRIDS}.get(chosen.kind, "")
    if chosen.kind == "upload":
        about = f"{escape(chosen.file)}, transparent parts on white"
    scaled = "values scaled to 0-1" if chosen.is_picture else ""
    return "; ".join(part for part in (about, scaled) if part)


def _options(dropdown: widgets.Dropdown) -> tuple[Any, ...]:
    options = dropdown.options
    return tuple(options.values() if isinstance(options, dict) else options)


def _too_long(text: str) -> DataError:
    return DataError(
        f"Typed numbers may have {inputs.MAX_TYPED_TEXT:,} characters at most.",
        received=f"{len(text):,} characters",
        remedy="Type fewer numbers, or use convlab.explore(layer, x) in a notebook.",
        argument="numbers",
    )


def _unknown(field: str, value: Any) -> ArgumentError:
    return ArgumentError(
        f"The input has no such {field}.",
        received=f"{field}={value!r}"[:80],
        remedy="Choose one from the list.",
        argument="input",
    )
