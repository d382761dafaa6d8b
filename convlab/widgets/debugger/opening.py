"""What to debug: an example, a file, or text that is pasted; and on which shapes."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from convlab.errors import ArgumentError, ConvlabError, DataError
from convlab.models import Limits, load_model
from convlab.models.examples import EXAMPLES
from convlab.widgets.controls import action_button, group
from convlab.widgets.debugger.case import Case, example_case, text_case

MAX_FILE = 16 * 2**20
MAX_TEXT = 2**18
"""Characters that may be pasted."""

_FILES = ".keras,.h5,.hdf5,.json,.py,.txt"
_OWN = "(yours)"
_WIDE = {"layout": widgets.Layout(flex="1 1 0", min_width="0")}


class Opening(widgets.VBox):  # type: ignore[misc]
    """Controls that choose what is debugged.

    Args:
        opened: called with the case that the viewer opens.
        changed: called with "input_shape" or "output_shape" and the new shape, or None.
        refuse: called with the error where something cannot be opened.
    """

    def __init__(
        self,
        opened: Callable[[Case], None],
        changed: Callable[[str, Any], None],
        refuse: Callable[[ConvlabError], None],
    ) -> None:
        self._opened, self._changed, self._refuse = opened, changed, refuse
        self._quiet = False
        options = [(_OWN, ""), *((told.title, name) for name, told in EXAMPLES.items())]
        self.examples = widgets.Dropdown(options=options, description="network", **_WIDE)
        self.examples.observe(lambda change: self._chosen(change["new"]), "value")
        self.file = widgets.FileUpload(
            multiple=False, accept=_FILES, description="Open a file\n", icon=""
        )
        self.file.add_class("cd-upload")
        self.file.observe(self._uploaded, "value")
        self.paste = action_button("Paste text", "to_json(), a traceback, or code", self._toggle)
        self.text = widgets.Textarea(
            rows=8,
            description="text to read",
            placeholder="Paste what model.to_json() gave, a traceback, or code such as\n"
            "x = Input((28, 28, 1))\ny = Conv2D(8, 3)(x)\n\nIt is read, never run.",
        )
        self.read = action_button("Read it", "Diagnose the text", self._pasted)
        self._pasting = widgets.VBox([self.text, self.read])
        self._pasting.layout.display = "none"
        self._about = widgets.HTML()
        self._about.add_class("cx-caption")
        self.shapes = {
            "input_shape": _shape_text("input", "as the network says, or 572, 572, 1"),
            "output_shape": _shape_text("wanted output", "any, or 28, 28, 1"),
        }
        for name, field in self.shapes.items():
            field.observe(lambda change, name=name: self._typed(name, change["new"]), "value")
        for widget in (self.examples, self.text, *self.shapes.values()):
            widget.add_class("cd-field")
        ways = widgets.HBox([self.file, self.paste])
        ways.add_class("cd-ways")
        rows = [self.examples, self._about, ways, self._pasting, *self.shapes.values()]
        super().__init__([group("Network", rows)])

    def show(self, case: Case) -> None:
        """Shows what is debugged, without reporting it."""
        self._quiet = True
        try:
            self.examples.options = [
                (_OWN if case.example else case.title[:40] or _OWN, ""),
                *self.examples.options[1:],
            ]
            self.examples.value = case.example
            self._about.value = case.about
            for name, field in self.shapes.items():
                field.value = told_shape(getattr(case, name))
        finally:
            self._quiet = False

    def _chosen(self, name: str) -> None:
        if not self._quiet and name:
            self._try(lambda: self._opened(example_case(name)))

    def _toggle(self) -> None:
        hidden = self._pasting.layout.display == "none"
        self._pasting.layout.display = None if hidden else "none"

    def _pasted(self) -> None:
        self._try(self._read)

    def _read(self) -> None:
        self._opened(text_case(bounded(self.text.value), "pasted text"))
        self._pasting.layout.display = "none"

    def _uploaded(self, change: Any) -> None:
        if self._quiet or not change["new"]:
            return
        content, name = (change["new"][0].get(part) for part in ("content", "name"))
        self._quiet = True
        self.file.value = ()  # so that the same file can be chosen again
        self._quiet = False
        if isinstance(content, bytes | memoryview):
            self._try(lambda: self._opened(file_case(str(name)[-80:], bytes(content))))

    def _typed(self, name: str, text: str) -> None:
        if not self._quiet:
            self._try(lambda: self._changed(name, shape_of(text, name)))

    def _try(self, action: Callable[[], None]) -> None:
        try:
            action()
        except ConvlabError as error:
            self._refuse(error)


def _shape_text(label: str, hint: str) -> widgets.Text:
    return widgets.Text(description=label, placeholder=hint, continuous_update=False, **_WIDE)


def told_shape(shape: Any) -> str:
    """A shape as it is typed: the inverse of `shape_of`.

    >>> told_shape((28, 28, 1)), told_shape([(8,), (9,)]), told_shape(None)
    ('28, 28, 1', '[(8,), (9,)]', '')
    """
    if shape is None:
        return ""
    text = str(list(shape) if isinstance(shape, list) else tuple(shape))
    return text[1:-1].rstrip(",") if text.startswith("(") else text


def shape_of(text: str, argument: str) -> Any:
    """A shape as it is typed: sizes, or lists of them for several inputs; None of no text.

    Raises:
        ArgumentError: it is none.

    >>> shape_of("572, 572, 1", "input_shape"), shape_of("[(8, 8), (None, 3)]", "input_shape")
    ((572, 572, 1), [(8, 8), (None, 3)])
    """
    written = (
        text.replace("×", ",").replace("x", ",").strip().strip("()") if "[" not in text else text
    )
    if not written.strip():
        return None
    try:
        value = ast.literal_eval(f"({written},)" if "[" not in written else written)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        value = None
    shapes = value if isinstance(value, list) else [value]
    if len(text) < 400 and value and all(_is_shape(one) for one in shapes):
        return value
    raise ArgumentError(
        "A shape is written as its sizes, without the batch.",
        received=f"{text!r:.80}",
        remedy="Write e.g. 28, 28, 1; for several inputs [(28, 28, 1), (10,)].",
        argument=argument,
    )


def _is_shape(shape: Any) -> bool:
    if not isinstance(shape, tuple) or not 0 < len(shape) <= 8:
        return False
    return all(size is None or (type(size) is int and 0 < size < 2**31) for size in shape)


def file_case(name: str, content: bytes) -> Case:
    """The case of a file from a stranger.

    Raises:
        DataError: it is too large, or cannot be read.
    """
    if len(content) > MAX_FILE:
        raise DataError(
            "A file may have 16 MiB at most.",
            received=f"{len(content) / 2**20:.1f} MiB",
            remedy="Give the structure alone: model.to_json().",
            argument="file",
        )
    if name.endswith((".py", ".txt")):
        return text_case(bounded(content.decode("utf-8", "replace")), name)
    limits = Limits(file_bytes=MAX_FILE, weights_bytes=4 * MAX_FILE)
    return Case(load_model(content, limits=limits), name)


def bounded(text: str) -> str:
    """The text, if it is no longer than may be pasted."""
    if len(text) > MAX_TEXT:
        raise DataError(
            f"A text may have {MAX_TEXT:,} characters at most.",
            received=f"{len(text):,} characters",
            remedy="Paste the part that fails, or open a file.",
            argument="text",
        )
    return text
