"""Which frameworks take the layer's arguments: a line that opens to a table."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from convlab.inspector.legality import Verdict, Verdicts, verdicts
from convlab.inspector.legality.verdict import NAMES

_CSS = Path(__file__).with_name("legality.css")


class Legality(widgets.VBox):  # type: ignore[misc]
    """Says on which frameworks Keras takes a layer, and why not on others.

    Where all of them do it stands in the corner of the panel below it, and takes no room.

    Attributes:
        line: the text.
    """

    def __init__(self) -> None:
        self.line = widgets.HTML()
        sheet = widgets.HTML(f"<style>{_CSS.read_text('utf-8')}</style>")
        sheet.layout.display = "none"
        super().__init__([self.line, sheet])
        self.add_class("cx-legality")

    def show(self, class_name: str, arguments: Mapping[str, Any]) -> None:
        """Shows what is recorded of a layer; nothing of one of which nothing is."""
        found = verdicts(class_name, arguments)
        self.layout.display = None if found else "none"
        if found:
            told = _line(found)
            self.line.value = (
                f"<details{_apart(found)}>"
                f'<summary title="What Keras {escape(found.keras)} takes">{told}</summary>'
                f"<dl>{''.join(map(_row, found.values()))}</dl></details>"
            )


def _line(found: Verdicts) -> str:
    """The verdicts in one line: of those that refuse why, or that all is well."""
    told = _everywhere(found)
    refused = [verdict for verdict in told if not verdict.accepted]
    differing = [verdict for verdict in told if verdict.differs]
    if len(refused) == len(told):
        return '<b class="cx-refused">✗ no framework takes it</b>'
    if refused:
        reason = escape(refused[0].reason)
        return f'<b class="cx-refused">✗ {_names(refused)}</b>: not with {reason}'
    if differing:
        return f"<b>≠ {_names(differing)}</b>: other numbers with {escape(differing[0].reason)}"
    return f"✓ {_names(told)}"


def _everywhere(found: Verdicts) -> list[Verdict]:
    """The verdicts of the frameworks themselves: without oneDNN is for the table alone."""
    return [verdict for name, verdict in found.items() if name != "tensorflow-plain"]


def _names(told: list[Verdict]) -> str:
    return ", ".join(NAMES[verdict.backend] for verdict in told)


def _apart(found: Verdicts) -> str:
    """Whether the line needs room of its own."""
    told = _everywhere(found)
    some = any(v.differs or not v.accepted for v in told) and any(v.accepted for v in told)
    return ' class="cx-apart"' if some else ""


def _row(verdict: Verdict) -> str:
    said = f"<small>{escape(verdict.error)}: {escape(verdict.message)}</small>"
    return (
        f"<dt>{escape(verdict.name)}</dt><dd>{escape(verdict.short)}"
        f"{said if verdict.error else ''}</dd>"
    )
