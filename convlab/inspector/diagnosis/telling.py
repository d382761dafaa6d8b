"""A diagnosis as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from convlab.inspector.diagnosis.finding import Finding, Step
from convlab.inspector.diagnosis.fix import Fix
from convlab.layers.naming import printable

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.diagnosis import Diagnosis

MOST_FIXES = 5
"""So many fixes are shown of each finding; all stand in `.fixes`."""

MOST_STEPS = 14


def diagnosis_text(diagnosis: Diagnosis, width: int = 100) -> str:
    """All findings, each with its arithmetic and its fixes."""
    name = diagnosis.model.name if diagnosis.model else "text"
    parts = [_head(name, len(diagnosis.errors), len(diagnosis.advice))]
    parts += [finding_text(finding, width) for finding in diagnosis.findings]
    several = len(diagnosis.errors) > 1 and diagnosis.fixes
    if several:
        lines = ["To mend all of it at once:"]
        lines += [line for fix in diagnosis.fixes[:MOST_FIXES] for line in _fix(fix, width)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _head(name: str, errors: int, advice: int) -> str:
    counted = [_count(errors, "error")] if errors else ["no error"]
    counted += [_count(advice, "piece", "pieces") + " of advice"] if advice else []
    return f"{printable(name)}: {', '.join(counted)}"


def _count(number: int, word: str, words: str = "") -> str:
    return f"{number} {word if number == 1 else words or word + 's'}"


def finding_text(finding: Finding, width: int = 100) -> str:
    """A finding: what, where, why, and what mends it."""
    mark = "x" if finding.severity == "error" else "-"
    lines = _wrapped(f"{mark} {finding.message}", width, "  ")
    lines += [f"    {line}" for line in steps_told(finding.path)]
    if finding.remedy and not finding.fixes:
        lines += _wrapped(f"    {finding.remedy}", width, "    ")
    if finding.proof:
        lines += _wrapped(f"    {finding.proof}", width, "    ")
    for fix in finding.fixes[:MOST_FIXES]:
        lines += _fix(fix, width)
    more = len(finding.fixes) - MOST_FIXES
    return "\n".join(lines + [f"    ({more} more in .fixes)"] * (more > 0))


def steps_told(path: tuple[Step, ...]) -> Iterator[str]:
    """The arithmetic line by line, of each branch; long ones are shortened in the middle."""
    branches = list(dict.fromkeys(step.branch for step in path))
    for branch in branches:
        steps = [step for step in path if step.branch == branch]
        if branch is not None and len(branches) > 1:
            yield f"input {branch}:"
        shown = list(map(str, steps))
        if len(shown) > MOST_STEPS:
            half = MOST_STEPS // 2
            left = len(shown) - 2 * half
            shown = [*shown[:half], f"... {left} more layers ...", *shown[-half:]]
        yield from (f"  {printable(line)}" for line in shown)


def _fix(fix: Fix, width: int) -> list[str]:
    note = f" ({fix.note})" if fix.note else ""
    family = f" [also {fix.family}]" if fix.family else ""
    checked = "verified" if fix.verified else "not verified"
    return _wrapped(f"  > {fix.summary}{family}: {checked}{note}", width, "    ")


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(
        printable(text), width, subsequent_indent=indent, break_long_words=False
    ) or [""]
