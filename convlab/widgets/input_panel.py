"""The controls of the input: which signal, picture, volume or film, how large, a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import ipywidgets as widgets

from convlab.errors import ArgumentError, ConvlabError, DataError
from convlab.widgets.controls import Row
from convlab.widgets.inputs import BOUNDS, KINDS, TYPED, Input, Room
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
        self._text = widgets.Textarea(
            description="numbers", rows=5, continuous_update=False, **_WIDE
        )
        self._file = widgets.FileUpload(multiple=False, description="Choose a file", icon="")
        self._caption = widgets.HTML()
        self._caption.add_class("cx-caption")
        for widget in (self._kind, self._size, self._frames, self._text):
            widget.add_class("cx-editor")
        self._kind.observe(self._kind_chosen, "value")
        self._size.observe(lambda change: self._sized("size", change["new"]), "value")
        self._frames.observe(lambda change: self._sized("frames", change["new"]), "value")
        self._text.observe(self._typed, "value")
        self._file.observe(self._uploaded, "value")
        self.rows = {
            "input": Row("input", [self._kind], "What the layer reads"),
            "size": Row("size", [self._size], "How many cells along each axis"),
            "frames": Row("frames", [self._frames], "How many pictures the film has"),
            "numbers": Row("numbers", [self._text], "Numbers separated by spaces or commas"),
            "upload": Row("file", [self._file], "A file of yours"),
        }
        super().__init__([*self.rows.values(), self._caption])

    def show(self, chosen: Input) -> None:
        """Shows an input without reporting it."""
        bounds = BOUNDS[chosen.room]
        self._quiet = True
        try:
            options = _options(chosen)
            if self._kind.options != options:
                self._kind.options = options
            self._kind.value = chosen.kind
            self._size.max = max(bounds.largest, chosen.size)
            self._size.min = bounds.smallest
            self._size.value = chosen.size
            self._frames.max = max(bounds.frames, chosen.frames)
            self._frames.value = chosen.frames
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
        elif kind in known and (
            shown.kind not in known or known[kind].size != known[shown.kind].size
        ):
            self._report(kind=kind, size=known[kind].size)  # at which it is seen best
        else:
            self._report(kind=kind)

    def _sized(self, field: str, value: Any) -> None:
        if self._quiet:
            return
        bounds = BOUNDS[self._shown.room]
        low, high = (bounds.smallest, bounds.largest) if field == "size" else (1, bounds.frames)
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
