"""Fixes that leave nothing wrong: only with these is a network built from end to end.

A fix is found for one place. Where others are wrong as well, it is put together with fixes of
those; what still leaves an error is not called verified.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from convlab.errors import ConvlabError
from convlab.inspector.diagnosis.change import Change
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.fixing.choosing import ranked
from convlab.inspector.diagnosis.network import Tried
from convlab.inspector.legality import verdicts
from convlab.inspector.legality.features import features_of
from convlab.inspector.wanting import fits
from convlab.layers.base import Layer

Changes = tuple[Change, ...]

MOST_WORK = 8000
"""So many calls are looked at again at most, to put fixes of several places together."""

MOST_PARTNERS = 4
"""So many fixes of another place are tried beside one, the smallest first."""


def whole(context: Context, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings, with fixes that leave nothing wrong; advice has none while there are errors."""
    errors = [finding for finding in findings if finding.severity == "error"]
    bound = context.network.work + MOST_WORK
    for finding in findings:
        if finding.severity == "error":
            fixes = (_completed(context, fix, finding, errors, bound) for fix in finding.fixes)
            yield finding.with_fixes(_best(list(fixes)))
        elif errors:
            yield finding.with_fixes(())
        else:
            yield finding.with_fixes(tuple(f for f in finding.fixes if _is_whole(context, f)))


def _best(fixes: Sequence[Fix]) -> tuple[Fix, ...]:
    """Those that are verified; where none is, what mends one place at least."""
    return ranked([fix for fix in fixes if fix.verified] or fixes)


def _is_whole(context: Context, fix: Fix, refused: Sequence[Finding] = ()) -> bool:
    """Whether a fix leaves nothing wrong."""
    if len(fix.mends) < len(context.network.errors):
        return False
    if context.output_shape is None and not refused:
        return True
    tried = _tried(context, fix.changes)
    return tried is not None and reached(context, tried) and not _left(context, tried, refused)


def _left(context: Context, tried: Tried, refused: Sequence[Finding]) -> list[Finding]:
    """Of the layers that TensorFlow refuses by their arguments, those that it still does."""
    return [
        finding
        for finding in refused
        if finding.row is not None and _is_refused(tried.layer(context.calls[finding.row]))
    ]


def _is_refused(layer: Layer) -> bool:
    """Whether TensorFlow, on which Keras runs by default, refuses a layer by its arguments."""
    if not features_of(layer.class_name):
        return False
    verdict = verdicts(layer.class_name, layer.arguments()).get("tensorflow")
    return verdict is not None and not verdict.accepted


def reached(context: Context, tried: Tried) -> bool:
    """Whether nothing is wrong, and what comes out is wanted."""
    wanted = context.output_shape or ()
    return not tried.errors and all(
        fits(spec, shape) for spec, shape in zip(tried.outputs, wanted, strict=False)
    )


def _completed(
    context: Context, fix: Fix, finding: Finding, errors: Sequence[Finding], bound: int
) -> Fix:
    """A fix with what else has to change, or, where that is not found, as one that is not verified.

    An error that is left is met with the smallest fix of it that breaks nothing.
    """
    refused = [one for one in errors if one.kind == "illegal-arguments"]
    if _is_whole(context, fix, refused):
        return fix
    changes = fix.changes
    for _ in errors:
        tried = _tried(context, changes)
        if tried is None or tried.broken or context.network.work > bound:
            break
        left = _left(context, tried, refused)
        if reached(context, tried) and not left:
            found = context.fix(changes, finding=finding, goal=lambda now: reached(context, now))
            return found or replace(fix, verified=False)
        more = _partner(context, tried, changes, errors, left)
        if more is None:
            break
        changes = more
    return replace(fix, verified=False)


def _partner(
    context: Context,
    tried: Tried,
    changes: Changes,
    errors: Sequence[Finding],
    refused: Sequence[Finding],
) -> Changes | None:
    """The changes and those of a fix for the first error that is left."""
    left = next((one for one in errors if one.row in tried.errors or one in refused), None)
    if left is None:  # what comes out is another than wanted
        left = next((one for one in errors if one.kind == "output-size"), None)
    for other in left.fixes[:MOST_PARTNERS] if left else ():
        more = (*changes, *_named_anew(context, other.changes, changes))
        now = _tried(context, more)
        if now is not None and not now.broken and len(now.errors) <= len(tried.errors):
            if left is not None and left.row in tried.errors and left.row in now.errors:
                continue
            if left in refused and left in _left(context, now, refused):
                continue
            return more
    return None


def _named_anew(context: Context, more: Changes, changes: Changes) -> Iterator[Change]:
    """Further changes; a layer that is put in has a name of its own."""
    taken = {change.layer for change in changes}
    for change in more:
        if change in changes:
            continue
        if change.class_name and change.kind != "replace" and change.layer in taken:
            change = replace(change, layer=context.new_name(change.class_name, taken))
        taken.add(change.layer)
        yield change


def _tried(context: Context, changes: Changes) -> Tried | None:
    places = [(c.kind, c.layer, c.name) for c in changes if c.kind in ("argument", "input_shape")]
    if len(set(places)) < len(places):
        return None  # two values for one argument
    try:
        return context.network.tried(changes)
    except ConvlabError:
        return None
