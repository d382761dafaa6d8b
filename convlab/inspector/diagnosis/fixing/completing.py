"""One way of mending, followed until nothing is wrong: a crop here may need another one there."""

from __future__ import annotations

from convlab.errors import ConvlabError
from convlab.inspector.diagnosis.change import Change
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.fixing.meeting import Style

Changes = tuple[Change, ...]

MOST_ROUNDS = 24


def completed(
    context: Context, style: Style, begin: Changes = (), row: int | None = None
) -> Changes | None:
    """The changes of one style that mend a row, and whatever is wrong behind it.

    Args:
        context: the network.
        style: what is done where something is wrong.
        begin: changes that are made already.
        row: what is to be mended; None is everything that is wrong.

    Returns:
        The changes; None where the style has no answer, or comes to no end. What was wrong behind
        the row before may be left, where the style has no answer to that.
    """
    if row is None:
        return _followed(context, style, begin, set(context.network.errors))
    wanted = {row, *(one for one in context.network.errors if one in context.behind(row))}
    found = _followed(context, style, begin, wanted)
    return found or (_followed(context, style, begin, {row}) if len(wanted) > 1 else None)


def _followed(context: Context, style: Style, changes: Changes, wanted: set[int]) -> Changes | None:
    network = context.network
    seen: set[int] = set()
    for _ in range(MOST_ROUNDS):
        try:
            tried = network.tried(changes)
        except ConvlabError:
            return None
        wrong = {row for row in tried.errors if row in wanted or row in tried.broken}
        if not wrong:
            return changes
        first = min(wrong)
        more = style(context, tried, first) if first not in seen else None
        more = tuple(change for change in more or () if change not in changes)
        if not more:
            return None
        seen.add(first)
        changes += more
    return None
