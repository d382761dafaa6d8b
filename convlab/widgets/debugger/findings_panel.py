"""To the left of the graph: what is wrong, the arithmetic that led there, and what mends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import ipywidgets as widgets

from convlab.inspector.diagnosis import Finding, Fix
from convlab.inspector.diagnosis.telling import steps_told

MOST_FIXES = 5
"""So many fixes are shown at first."""


class FindingsPanel(widgets.VBox):  # type: ignore[misc]
    """A list of findings, one of them open, with its fixes as cards.

    Args:
        chosen: called with the number of the finding that the viewer opens.
        preview: called with the fix to look at, or None to look at the network as it is.
        apply: called with the fix to take.
    """

    def __init__(
        self,
        chosen: Callable[[int], None],
        preview: Callable[[Fix | None], None],
        apply: Callable[[Fix], None],
    ) -> None:
        self._chosen, self._preview, self._apply = chosen, preview, apply
        self._findings: tuple[Finding, ...] = ()
        self._together: tuple[Fix, ...] = ()
        self._open = 0
        self._more = False
        self._previewed: Fix | None = None
        self.cards: list[FixCard] = []
        super().__init__()
        self.add_class("cd-findings")

    def show(
        self,
        findings: Sequence[Finding],
        together: Sequence[Fix] = (),
        nothing: str = "",
        applied: Sequence[Fix] = (),
    ) -> None:
        """Shows findings.

        Args:
            findings: what to show.
            together: what mends all of them at once.
            nothing: what to say where there are none.
            applied: what was mended before.
        """
        self._findings, self._together = tuple(findings), tuple(together)
        self._open, self._more, self._previewed = 0, False, None
        self._nothing, self._applied = nothing, tuple(applied)
        self._render()

    def unfold(self, number: int) -> None:
        """Opens a finding."""
        self._open, self._more = number, False
        self._render()

    def show_preview(self, fix: Fix | None) -> None:
        """Shows which fix is looked at."""
        self._previewed = fix
        for card in self.cards:
            card.show_preview(card.fix is fix)

    def _render(self) -> None:
        self.cards = []
        errors = sum(one.severity == "error" for one in self._findings)
        parts: list[widgets.Widget] = [widgets.HTML(f"<h2>{_count(errors, self._findings)}</h2>")]
        if not self._findings and self._nothing:
            parts.append(_text(self._nothing, "cd-nothing"))
        if errors > 1 and self._together:
            parts += [
                _text("To mend all of it at once", "cd-together"),
                *self._fixes(self._together),
            ]
        for number, finding in enumerate(self._findings):
            parts.append(self._finding(number, finding))
        if self._applied:
            parts.append(widgets.HTML("<h2>Applied</h2>"))
            parts += [_applied(fix) for fix in self._applied]
        self.children = tuple(parts)

    def _finding(self, number: int, finding: Finding) -> widgets.Widget:
        button = widgets.Button(description=finding.message, tooltip=finding.kind)
        button.add_class("cd-message")
        button.on_click(lambda _: self._chosen(number))
        parts: list[widgets.Widget] = [button]
        if number == self._open:
            parts += self._opened(finding)
        box = widgets.VBox(parts)
        for name in ("cd-finding", f"cd-{finding.severity}", "cd-open" * (number == self._open)):
            if name:
                box.add_class(name)
        return box

    def _opened(self, finding: Finding) -> list[widgets.Widget]:
        parts = []
        if finding.path:
            parts.append(widgets.HTML(_steps(finding)))
        if finding.proof:
            parts.append(_text(finding.proof))
        if not finding.fixes and finding.remedy:
            parts.append(_text(finding.remedy))
        return [*parts, *self._fixes(finding.fixes)]

    def _fixes(self, fixes: Sequence[Fix]) -> list[widgets.Widget]:
        shown = fixes if self._more else fixes[:MOST_FIXES]
        cards = [FixCard(fix, self._preview, self._apply) for fix in shown]
        self.cards += cards
        parts: list[widgets.Widget] = list(cards)
        if len(fixes) > len(shown):
            more = widgets.Button(description=f"{len(fixes) - len(shown)} more ways")
            more.add_class("cd-more")
            more.on_click(lambda _: self._show_more())
            parts.append(more)
        return parts

    def _show_more(self) -> None:
        self._more = True
        self._render()


class FixCard(widgets.VBox):  # type: ignore[misc]
    """A fix: what it does, what that means, the code, and buttons that try and take it.

    Args:
        fix: what is offered.
        preview: called with it, or with None to go back.
        apply: called with it.
    """

    def __init__(
        self, fix: Fix, preview: Callable[[Fix | None], None], apply: Callable[[Fix], None]
    ) -> None:
        self.fix = fix
        self._shown = False
        self._look = widgets.Button(description="Preview", tooltip=f"Look at: {fix.summary}")
        self._look.on_click(lambda _: preview(None if self._shown else fix))
        self._take = widgets.Button(description="Apply", tooltip=f"Apply: {fix.summary}")
        self._take.on_click(lambda _: apply(fix))
        can = fix.subject is None or fix.subject.model is not None
        buttons = widgets.HBox([self._look, self._take] if can else [])
        buttons.add_class("cd-buttons")
        super().__init__([widgets.HTML(_told(fix)), buttons])
        self.add_class("cd-fix")

    def show_preview(self, shown: bool) -> None:
        """Shows whether it is looked at."""
        self._shown = shown
        self._look.description = "Back" if shown else "Preview"
        (self.add_class if shown else self.remove_class)("cd-previewed")


def _applied(fix: Fix) -> widgets.Widget:
    """A fix that was taken, with its code to carry away."""
    card = widgets.VBox([widgets.HTML(_told(fix, code="open"))])
    card.add_class("cd-fix")
    card.add_class("cd-applied")
    return card


def _steps(finding: Finding) -> str:
    """The arithmetic, a line a layer."""
    lines = [
        f'<div class="cd-step{" cd-deep" * line.startswith(" ")}">{escape(line.strip())}</div>'
        for line in steps_told(finding.path)
    ]
    return f'<div class="cd-steps">{"".join(lines)}</div>'


def _told(fix: Fix, code: str = "") -> str:
    checked = "verified" if fix.verified else "not verified"
    why = "applied to a copy and traced again" if fix.verified else "not traced"
    family = f"also {fix.family}" if fix.family else ""
    about = "; ".join(escape(part) for part in (fix.note, family) if part)
    diff = f"<details {code}><summary>code</summary><pre>{_diff(fix.code)}</pre></details>"
    return (
        f'<div class="cd-summary"><b>{escape(fix.summary)}</b> '
        f'<span class="cd-{checked.replace(" ", "-")}" title="{why}">{checked}</span></div>'
        + (f'<div class="cd-note">{about}</div>' if about else "")
        + (diff if fix.code else "")
    )


def _diff(code: str) -> str:
    """A diff with its added and removed lines marked."""
    told = []
    for line in code.splitlines():
        kind = {"+": "cd-plus", "-": "cd-minus"}.get(line[:1]) if line[:3] not in _HEADS else None
        told.append(f'<span class="{kind}">{escape(line)}</span>' if kind else escape(line))
    return "\n".join(told)


_HEADS = ("+++", "---")


def _count(errors: int, findings: Sequence[Finding]) -> str:
    advice = len(findings) - errors
    told = [f"{errors} problem{'s' * (errors != 1)}"] if errors else []
    told += [f"{advice} remark{'s' * (advice != 1)}"] if advice else []
    return ", ".join(told) or "No problem found"


def _text(text: str, name: str = "cd-text") -> widgets.HTML:
    return widgets.HTML(f'<div class="{name}">{escape(text)}</div>')
