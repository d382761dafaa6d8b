"""A fix made in the text of code, and the text read again: a shape there may depend on another.

`Reshape((x.shape[1], -1))` behind a conflict is made of a shape that no fix of the graph mends;
with the fix in the text, the text itself says what becomes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from convlab.errors import ConvlabError
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.diff import specs_like, unified
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.fixing.choosing import ranked
from convlab.inspector.diagnosis.network import Network
from convlab.inspector.diagnosis.rewriting import rewritten
from convlab.inspector.diagnosis.subjects import Subject
from convlab.models.code.reading import read_code

Look = Callable[[Context], tuple[Finding, ...]]
"""What is wrong with a network, with what mends it."""

MOST_READ = 6
"""So many fixes of a finding are tried in the text, the smallest first."""


def read_again(context: Context, finding: Finding, look: Look) -> Finding:
    """The finding with those of its fixes that mend the text, where the graph is not enough.

    It is not where no fix mends it, and where the text was not read to its end.

    Args:
        context: the network.
        finding: what is wrong with it.
        look: looks at the text that has a fix in it.
    """
    read = context.subject.read
    if read is None or (any(fix.verified for fix in finding.fixes) and not read.cut):
        return finding
    tried = finding.fixes[:MOST_READ]
    whole = ranked(found for fix in tried for found in _in_text(context, fix, look))
    return finding.with_fixes(whole) if whole else finding


def _in_text(context: Context, fix: Fix, look: Look) -> Iterator[Fix]:
    """The fix, and with it what is still wrong then, if the text builds a whole network."""
    changed = _changed(context, context, fix)
    if changed is None:
        return
    left = look(changed)
    if not left:
        yield _whole(context, fix, changed)
    for more in left[0].fixes if left else ():
        both = _changed(context, changed, more) if more.verified else None
        if both is not None and not look(both):
            together = replace(
                more,
                changes=(*fix.changes, *more.changes),
                summary=f"{fix.summary}; {more.summary}",
                cost=fix.cost + more.cost,
            )
            yield _whole(context, together, both)
            return


def _changed(context: Context, before: Context, fix: Fix) -> Context | None:
    """The network of a text with a fix in it; None where the text cannot be changed so."""
    subject = before.subject
    if subject.read is None or subject.source is None:
        return None
    text = rewritten(subject.source, subject.read, fix.changes)
    if text is None:
        return None
    try:
        read = read_code(text)
        specs = tuple(specs_like(read.model, context.subject, fix.changes))
    except ConvlabError:
        return None
    again = Subject(text, read.model, specs, source=text, read=read)
    return Context(again, Network(read.model, specs), context.output_shape)


def _whole(context: Context, fix: Fix, changed: Context) -> Fix:
    """A fix after which nothing is wrong, with the text that it makes."""
    before, after = context.subject.source or "", changed.subject.source or ""
    told = unified(before.splitlines(), after.splitlines(), "code.py")
    mends = tuple(context.network.errors)
    return replace(
        fix, verified="trace", text=after, told=told, mends=mends, subject=context.subject
    )
