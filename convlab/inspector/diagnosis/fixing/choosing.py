"""From candidates to fixes: tried, each once, ranked; and no more work than a bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from convlab.inspector.diagnosis.change import Change
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.verifying import MOST_IN_ALL

Changes = tuple[Change, ...]

MOST_WORK = 6000
"""So many calls are looked at again for one finding at most; a few microseconds each."""

MOST_FIXES = 12


def ranked(fixes: Iterable[Fix]) -> tuple[Fix, ...]:
    """The fixes, the smallest cost first; none that another one is a part of."""
    kept: list[Fix] = []
    for fix in sorted(fixes, key=lambda fix: (fix.cost, len(fix.changes))):
        if not any(_within(smaller.changes, fix.changes) for smaller in kept):
            kept.append(fix)
    return tuple(kept[:MOST_FIXES])


def _within(some: Changes, others: Changes) -> bool:
    """Whether all of some changes are among others; what they give may be lists."""
    return all(change in others for change in some)


def bounded(context: Context, candidates: Iterable[Changes]) -> Iterator[Changes]:
    """Candidates until the work of trying them is more than the bound."""
    begin = context.network.work
    if begin > MOST_IN_ALL:
        return
    for changes in candidates:
        yield changes
        if context.network.work - begin > MOST_WORK:
            return


def tried_fixes(
    context: Context, finding: Finding, candidates: Iterable[Changes], **more: Any
) -> Iterator[Fix]:
    """Of some candidates those that mend a finding."""
    for changes in bounded(context, candidates):
        fix = context.fix(changes, finding=finding, **more)
        if fix is not None:
            yield fix
