"""Arguments that do not go together on a framework, as the recorded table has it.

A layer that TensorFlow refuses, which is what Keras runs on by default, is an error; one that only
JAX or PyTorch refuses is worth knowing before the backend is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from convlab.inspector.diagnosis.change import argument
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.legality import Verdict, Verdicts, verdicts
from convlab.inspector.legality.features import features_of
from convlab.inspector.legality.mending import EVERYWHERE, mending
from convlab.models.calls import Call

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.context import Context


def find(context: Context) -> Iterator[Finding]:
    """The layers that a framework refuses whatever their input."""
    for call in context.calls:
        if call.repeated or call.error is not None or not features_of(call.layer.class_name):
            continue
        found = verdicts(call.layer.class_name, call.layer.arguments())
        if refusing(found):
            finding = finding_of(call.name, repr(call.layer), found, row=context.row(call))
            yield finding.with_fixes(tuple(_fixes(context, call, finding)))


def refusing(found: Verdicts) -> list[Verdict]:
    """The verdicts that refuse, of the frameworks that run anywhere."""
    return [found[name] for name in EVERYWHERE if name in found and not found[name].accepted]


def finding_of(name: str, received: str, found: Verdicts, row: int | None = None) -> Finding:
    """The finding that verdicts make of a layer.

    Args:
        name: the layer's name.
        received: the call that makes it.
        found: what the frameworks say of it, of which one at least refuses.
        row: its row in the trace.
    """
    refused = refusing(found)
    first, everywhere = refused[0], len(refused) == len(EVERYWHERE)
    where = "Keras" if everywhere else "Keras on " + " and ".join(one.name for one in refused)
    return Finding(
        "illegal-arguments",
        name,
        f"{name}: {where} refuses {first.reason}.",
        severity="error" if first.backend == "tensorflow" else "advice",
        row=row,
        rule=f"{first.error}: {first.message}",
        received=received,
        remedy=f"Change {' or '.join(first.arguments)}.",
    )


def _fixes(context: Context, call: Call, finding: Finding) -> Iterator[Fix]:
    """Another value of one of the arguments, which every framework takes."""
    layer = call.layer
    arguments = layer.arguments()
    for change in mending(layer.class_name, arguments):
        changes = [
            argument(call.name, name, arguments[name], value) for name, value in change.items()
        ]
        fix = context.fix(
            changes,
            finding=finding,
            goal=lambda _: True,
            note="TensorFlow, JAX and PyTorch take it",
        )
        if fix:
            yield fix
