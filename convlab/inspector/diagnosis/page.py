"""A diagnosis in HTML that stands alone and takes its page's colours."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.telling import heading, shown, steps_told

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.diagnosis import Diagnosis

_STYLE = """
.convlab-diagnosis { color: inherit; line-height: 1.4; max-width: 60em;
  --line: color-mix(in srgb, currentColor 22%, transparent);
  --soft: color-mix(in srgb, currentColor 72%, transparent); }
OWN section { border-left: 3px solid var(--line); padding: 0.1em 0 0.1em 0.9em; margin: 0.9em 0; }
OWN section.error { border-left-color: #d33; }
OWN p { margin: 0.2em 0; }
OWN p.message { font-weight: 600; }
OWN pre { background: none; color: inherit; margin: 0.3em 0; padding: 0; font-size: 0.9em;
  overflow-x: auto; white-space: pre; }
OWN ins, OWN del { text-decoration: none; }
OWN ins { font-weight: 600; color: color-mix(in srgb, currentColor 45%, #1a7f37); }
OWN del { color: color-mix(in srgb, currentColor 45%, #cf222e); }
OWN pre small { font-size: 1em; }
OWN ol { margin: 0.3em 0; padding-left: 1.4em; }
OWN li { margin: 0.15em 0; }
OWN summary { cursor: pointer; }
OWN small { color: var(--soft); }
""".replace("OWN", ".convlab-diagnosis")

_MOST_FIXES = 8


def diagnosis_html(diagnosis: Diagnosis) -> str:
    """All findings, each with its arithmetic, and its fixes with the code behind a click."""
    parts = [_section(finding) for finding in shown(diagnosis)]
    body = "".join(parts)
    return (
        f'<div class="convlab-diagnosis"><style>{_STYLE}</style>'
        f"<p>{escape(heading(diagnosis))}</p>{body}</div>"
    )


def _section(finding: Finding) -> str:
    lines = "\n".join(steps_told(finding.path))
    path = f"<pre>{escape(lines)}</pre>" if lines else ""
    told = [finding.proof] * bool(finding.proof)
    told += [finding.remedy] * bool(finding.remedy and not finding.fixes)
    words = "".join(f"<p>{escape(text)}</p>" for text in told)
    return (
        f'<section class="{finding.severity}"><p class="message">{escape(finding.message)}</p>'
        f"{path}{words}{_fixes(finding.fixes)}</section>"
    )


def _fixes(fixes: tuple[Fix, ...]) -> str:
    items = "".join(f"<li>{_fix(fix)}</li>" for fix in fixes[:_MOST_FIXES])
    return f"<ol>{items}</ol>" if items else ""


def _fix(fix: Fix) -> str:
    checked = "verified" if fix.verified else "not verified"
    told = [f"also {fix.family}"] * bool(fix.family) + [fix.note] * bool(fix.note) + [checked]
    summary = f"{escape(fix.summary)} <small>{escape('; '.join(told))}</small>"
    return f"<details><summary>{summary}</summary><pre>{_diff(fix.code)}</pre></details>"


def _diff(code: str) -> str:
    """A diff whose lines that come and go stand out, by their signs and by their weight."""
    marks = {"+": "ins", "-": "del"}
    lines = []
    for line in code.split("\n"):
        mark = "" if line.startswith(("+++", "---")) else marks.get(line[:1], "")
        text = escape(line)
        lines.append(f"<{mark}>{text}</{mark}>" if mark else f"<small>{text}</small>")
    return "\n".join(lines)
