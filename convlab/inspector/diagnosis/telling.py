"""A diagnosis as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from convlab.inspector.diagnosis.finding import Finding, Step
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.words import count
from convlab.layers.naming import printable

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.diagnosis import Diagnosis

MOST_FIXES = 5
"""So many fixes are shown of each finding; all stand in `.fixes`."""

MOST_STEPS = 14


def diagnosis_text(diagnosis: Diagnosis, width: int = 100) -> str:
    """All findings, each with its arithmetic and its fixes."""
    parts = [heading(diagnosis)]
    parts += [finding_text(finding, width) for finding in shown(diagnosis)]
    return "\n\n".join(parts)


def shown(diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """The findings that are told in full: the errors; the advice where there are none."""
    return diagnosis.errors or diagnosis.advice


def heading(diagnosis: Diagnosis) -> str:
    """What was diagnosed, and how much was found; graphs that nobody named have no name."""
    name = diagnosis.model.name if diagnosis.model else ""
    errors, advice = len(diagnosis.errors), len(diagnosis.advice)
    told = count(errors, "error") if errors else "no error"
    if advice:
        told += f", {count(advice, 'piece', 'pieces')} of advice"
        told += " (in .advice)" if errors else ""
    return told if name in _NAMELESS else f"{printable(name)}: {told}"


_NAMELESS = ("", "layer", "network", "up_to_the_failure", "failing_call")


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
            yield f"through {printable(steps[-1].layer)}:"
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
