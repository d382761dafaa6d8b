"""The Learn page: the lessons of the course, their text, their code and what it gives."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from convlab.app.lessons import Cell, Lesson, Outcome, lessons, run
from convlab.app.there import There

_CSS = Path(__file__).with_name("learn.css")

_BREATH = 0.01
"""Seconds between two cells, in which the page's messages are answered."""


class Learn(widgets.HBox):  # type: ignore[misc]
    """The list of lessons to the left, the open one to the right.

    Args:
        names: the names of the app's pages, to stand above the list.

    Attributes:
        lessons: all of them, by name.
        lesson: the name of the open one; None before the first is opened.
    """

    def __init__(self, names: widgets.Widget | None = None) -> None:
        self.lessons = {lesson.name: lesson for lesson in lessons()}
        self.lesson: str | None = None
        self._buttons = {name: self._button(lesson) for name, lesson in self.lessons.items()}
        above = [widgets.HTML('<h1 class="cv-brand">convlab</h1>'), *([names] if names else [])]
        heading = widgets.HTML("<h2>Lessons</h2>")
        contents = widgets.VBox([*above, heading, *self._buttons.values()])
        contents.add_class("cv-contents")
        self._page = widgets.VBox()
        self._page.add_class("cv-lesson")
        style = widgets.HTML(f"<style>{_CSS.read_text('utf-8')}</style>")
        style.layout.display = "none"
        super().__init__([contents, self._page, style])
        self.add_class("cv-learn")

    def study(self, name: str) -> None:
        """Show a lesson, or the first if none has this name, and run its code cell by cell."""
        for _ in self._studied(name):
            pass

    def present(self, name: str) -> None:
        """Begin a lesson when a browser shows this page.

        A page may take no longer to appear than a cell's timeout; a lesson may.
        """
        self._page.children = (There(lambda: self.begin(name)),)

    def begin(self, name: str) -> None:
        """Study a lesson, and answer the page between its cells if there is an event loop."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.study(name)
        else:
            self._task = loop.create_task(self._study_along(name))

    async def _study_along(self, name: str) -> None:
        for _ in self._studied(name):
            await asyncio.sleep(_BREATH)

    def _studied(self, name: str) -> Iterator[None]:
        """Show a lesson and run it, with a pause after each cell; another lesson ends it."""
        lesson = self.found(name)
        self.lesson = lesson.name
        for other, button in self._buttons.items():
            (button.add_class if other == lesson.name else button.remove_class)("cv-open")
        progress = widgets.IntProgress(0, max=len(lesson.cells), description="running")
        self._page.children = (progress,)
        shown: list[widgets.Widget] = []
        try:
            for cell, outcome in run(lesson):
                shown += _told(cell, outcome)
                progress.value += 1
                if outcome is not None:
                    self._page.children = (*shown, progress)
                yield
                if self._page.children[-1] is not progress:  # another lesson was opened
                    return
        except Exception as error:  # what is shown stays, and the reader is told
            shown.append(_pre(f"The lesson stops here.\n{type(error).__name__}: {error}"))
        self._page.children = (*shown, *self._onward(lesson))

    def found(self, name: str) -> Lesson:
        """The lesson of a name; else the first."""
        return self.lessons.get(name) or next(iter(self.lessons.values()))

    def _button(self, lesson: Lesson) -> widgets.Button:
        button = widgets.Button(description=lesson.title, tooltip=lesson.title)
        button.layout.width = "auto"
        button.on_click(lambda _: self.begin(lesson.name))
        return button

    def _onward(self, lesson: Lesson) -> list[widgets.Widget]:
        names = list(self.lessons)
        following = names[names.index(lesson.name) + 1 :][:1]
        buttons = [self._button(self.lessons[name]) for name in following]
        for button in buttons:
            button.description = f"Next: {button.description}"
            button.add_class("cv-next")
        return buttons


def _told(cell: Cell, outcome: Outcome | None) -> list[widgets.Widget]:
    """A cell as widgets: its text, or its code with what it gave."""
    if outcome is None:
        import mistune

        return [widgets.HTML(f'<div class="cv-text">{mistune.html(cell.source)}</div>')]
    code = f'<pre class="cv-code"><code>{escape(cell.source.strip())}</code></pre>'
    printed = [_pre(outcome.printed)] if outcome.printed else []
    return [widgets.HTML(code), *printed, *(_shown(value) for value in outcome.shown)]


def _pre(text: str) -> widgets.Widget:
    return widgets.HTML(f'<pre class="cv-printed">{escape(text.rstrip())}</pre>')


def _shown(value: Any) -> widgets.Widget:
    """A displayed value as a widget: itself, a figure, HTML, a picture or its text, as Jupyter."""
    if isinstance(value, widgets.Widget):
        return value
    if hasattr(value, "savefig"):
        out = io.BytesIO()
        value.savefig(out, format="png", dpi=110, bbox_inches="tight")
        return _picture(out.getvalue())
    for method, kind in (("_repr_html_", "html"), ("_repr_png_", "png")):
        rich = getattr(value, method, None)
        told = rich() if rich is not None else None
        if told is not None:
            return _picture(told) if kind == "png" else widgets.HTML(told)
    return _pre(repr(value))


def _picture(png: bytes) -> widgets.Widget:
    data = base64.b64encode(png).decode("ascii")
    return widgets.HTML(f'<img class="cv-picture" alt="" src="data:image/png;base64,{data}">')
