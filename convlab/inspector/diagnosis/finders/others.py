"""What is wrong in a way that no other finder knows: told in the layer's own words."""

from __future__ import annotations

from collections.abc import Iterator

from convlab.errors import ConvlabError
from convlab.inspector.diagnosis.change import Change, argument
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fixing.choosing import bounded, ranked


def find(context: Context) -> Iterator[Finding]:
    """Every call that raises."""
    for row in context.network.errors:
        call = context.calls[row]
        error = call.error
        if error is None:
            continue
        ours = isinstance(error, ConvlabError)
        rule = error.rule if isinstance(error, ConvlabError) else f"{type(error).__name__}: {error}"
        finding = Finding(
            kind="other",
            layer=call.name,
            message=f"{call.layer.class_name} '{call.name}': {rule}",
            row=row,
            rule=rule,
            received=error.received if isinstance(error, ConvlabError) else "",
            remedy=error.remedy if isinstance(error, ConvlabError) else "",
        )
        candidates = bounded(context, _candidates(context, row)) if ours else ()
        yield finding.with_fixes(ranked(context.fixes(candidates, finding=finding)))


def _candidates(context: Context, row: int) -> Iterator[tuple[Change, ...]]:
    """The changes of arguments that the error itself names."""
    call = context.calls[row]
    for fix in getattr(call.error, "fixes", ()):
        yield tuple(
            argument(call.name, name, getattr(call.layer, name, None), new)
            for name, new in fix.items()
        )
