"""The controls of the input: which signal, picture, volume or film, how large, a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from typing import Any

import ipywidgets as widgets

from convlab.errors import ArgumentError, ConvlabError, DataError
from convlab.widgets.controls import Row
from convlab.widgets.inputs import BOUNDS, KINDS, TYPED, Input, Kind, Room
from convlab.widgets.inputs import numbers as typed_numbers
from convlab.widgets.inputs.pictures import decoded

_UPLOADS: Mapping[Room, tuple[str, str, str]] = {
    Room(1): ("a table of yours", ".csv,.txt,.tsv", "CSV, a line a step, 1 MiB at most"),
    Room(2): ("a picture of yours", ".png,.jpg,.jpeg", "PNG or JPEG, 16 MiB at most"),
}
"""Room -> what its list calls a file, which files, and what is said about them."""

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
        self._kind = widgets.Dropdown(options=_options(self._shown), description="input", **_WIDE)
        self._size = widgets.IntSlider(description="size", **_WIDE)
        self._frames = widgets.IntSlider(description="frames", min=1, **_WIDE)
        self._channels = widgets.IntSlider(description="channels", min=1, **_WIDE)
        self._text = widgets.Textarea(
            description="numbers", rows=5, continuous_update=False, **_WIDE
        )
        self._file = widgets.FileUpload(multiple=False, description="Choose a file", icon="")
        self._caption = widgets.HTML()
        self._caption.add_class("cx-caption")
        self._numbers = {"size": self._size, "frames": self._frames, "channels": self._channels}
        for widget in (self._kind, *self._numbers.values(), self._text):
            widget.add_class("cx-editor")
        self._kind.observe(self._kind_chosen, "value")
        for name, slider in self._numbers.items():
            slider.observe(partial(self._sized, name), "value")
        self._text.observe(self._typed, "value")
        self._file.observe(self._uploaded, "value")
        self.rows = {
            "input": Row("input", [self._kind], "What the layer reads"),
            "size": Row("size", [self._size], "How many cells along each axis"),
            "frames": Row("frames", [self._frames], "How many pictures the film has"),
            "channels": Row("channels", [self._channels], "How many maps the layer reads"),
            "numbers": Row("numbers", [self._text], "Numbers separated by spaces or commas"),
            "upload": Row("file", [self._file], "A file of yours"),
        }
        super().__init__([*self.rows.values(), self._caption])

    def show(self, chosen: Input) -> None:
        """Shows an input without reporting it."""
        self._quiet = True
        try:
            options = _options(chosen)
            if self._kind.options != options:
                self._kind.options = options
            self._kind.value = chosen.kind
            for name, (low, high) in _bounds(chosen.room).items():
                value = getattr(chosen, name)
                slider = self._numbers[name]
                slider.max = max(high, value)
                slider.min = low
                slider.value = value
            self._text.value = chosen.typed
            self._file.accept = _UPLOADS.get(chosen.room, ("", "", ""))[1]
        finally:
            self._quiet = False
        self._shown = chosen
        self._show_rows(chosen.kind)
        self._caption.value = caption(chosen)

    def _show_rows(self, kind: str) -> None:
        named = kind in KINDS[self._shown.room]
        visible = {
            "size": named or (kind == "upload" and self._shown.room == Room(2)),
            "frames": named and self._shown.room.timed,
            "channels": named and KINDS[self._shown.room][kind].channels > 0,
            "numbers": kind == "numbers",
            "upload": kind == "upload",
        }
        for name, shown in visible.items():
            self.rows[name].layout.display = None if shown else "none"

    def _kind_chosen(self, change: Any) -> None:
        kind, shown = change["new"], self._shown
        if self._quiet:
            return
        known = KINDS[shown.room]
        if kind not in [value for _, value in _options(shown)]:
            self._refuse(_unknown("kind", kind))
        elif kind == "upload" and shown.image is None and shown.kind != "upload":
            self._show_rows(kind)  # there is no file yet: the present picture stays until there is
            about = _UPLOADS[shown.room][2]
            self._caption.value = f"{about}. Until then the picture stays."
        elif kind in known:
            self._report(kind=kind, **_opening(known[kind], known.get(shown.kind)))
        else:
            self._report(kind=kind)

    def _sized(self, field: str, change: Any) -> None:
        value = change["new"]
        if self._quiet:
            return
        low, high = _bounds(self._shown.room)[field]
        if isinstance(value, int) and low <= value <= high:
            self._report(**{field: value})
        else:
            self._refuse(_unknown(field, value))

    def _typed(self, change: Any) -> None:
        text = change["new"]
        if self._quiet:
            return
        if len(text) > typed_numbers.MAX_TYPED_TEXT:
            self._refuse(_too_long(text))  # and not kept: it would fill the undo history
        else:
            self._report(text=text)

    def _uploaded(self, change: Any) -> None:
        if self._quiet or not change["new"]:
            return
        content, name = (change["new"][0].get(part) for part in ("content", "name"))
        self._quiet = True
        self._file.value = ()  # so that the same file can be chosen again
        self._quiet = False
        if not isinstance(content, bytes | memoryview) or self._shown.room not in _UPLOADS:
            self._refuse(_unknown("file", type(content).__name__))
            return
        try:
            read = self._read(content)
        except DataError as error:
            self._refuse(error)
        else:
            self._report(kind="upload", file=str(name)[-80:], **read)

    def _read(self, content: bytes | memoryview) -> dict[str, Any]:
        if self._shown.room == Room(1):
            return {"array": typed_numbers.table(content)}
        named = KINDS[self._shown.room]
        size = self._shown.size if self._shown.is_picture else next(iter(named.values())).size
        return {"image": decoded(content), "size": size}


def _bounds(room: Room) -> dict[str, tuple[int, int]]:
    """The field of `Input` that a slider sets -> the least and the most of it."""
    smallest, largest, frames, channels = BOUNDS[room]
    return {"size": (smallest, largest), "frames": (1, frames), "channels": (1, channels)}


def _opening(kind: Kind, shown: Kind | None) -> dict[str, int]:
    """The numbers that another kind is seen best with; what both open with alike stays."""
    size = {} if shown is not None and kind.size == shown.size else {"size": kind.size}
    return {**size, "channels": kind.channels or 1}


def caption(chosen: Input) -> str:
    """What to know of an input, in one line."""
    named = KINDS[chosen.room].get(chosen.kind)
    about = named.about if named else ""
    if chosen.kind == "upload":
        told = "transparent parts on white" if chosen.image is not None else "a column a channel"
        about = f"{escape(chosen.file)}, {told}"
    if chosen.kind == "numbers":
        about = TYPED[chosen.room][2]
    scaled = "values scaled to 0-1" if chosen.is_picture and chosen.room == Room(2) else ""
    return "; ".join(part for part in (about, scaled) if part)


def _options(chosen: Input) -> tuple[tuple[str, str], ...]:
    """What the list of a room holds: what is shown, and the kind that it stands for."""
    options = [(name, name) for name in KINDS[chosen.room]]
    if chosen.room in TYPED:
        options.append(("numbers typed in", "numbers"))
    if chosen.room in _UPLOADS:
        options.append((_UPLOADS[chosen.room][0], "upload"))
    if chosen.kind == "array":
        options.insert(0, ("an array from Python", "array"))
    return tuple(options)


def _too_long(text: str) -> DataError:
    return DataError(
        f"Typed numbers may have {typed_numbers.MAX_TYPED_TEXT:,} characters at most.",
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
