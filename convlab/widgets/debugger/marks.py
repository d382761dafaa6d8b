"""From findings to what is said of layers and edges in the drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from convlab.inspector.diagnosis import Finding, Fix
from convlab.inspector.notes import LINES
from convlab.scene.graph import Mark, Marks, Network


def marks_of(network: Network, findings: Iterable[Finding], fix: Fix | None = None) -> Marks:
    """What is said in a drawing.

    Args:
        network: what is drawn.
        findings: what is wrong with it.
        fix: a fix whose changes are in it, and are to be shown as such.
    """
    marks, keys = Marks(), network.keys()
    reads = network.reads()
    for finding in findings:
        at = _row(network, finding)
        if at is None:
            continue
        error = finding.severity == "error"
        marks.add_node(keys[at], Mark("error" if error else "advice", finding.message))
        if finding.culprit:
            marks.add_node(finding.culprit, Mark("culprit", blame(finding)))
        comes_in = error and finding.kind != "output-size"
        for branch, source in enumerate(reads[at] if comes_in else ()):
            blamed = finding.culprit and finding.branch in (None, branch)
            note = blame(finding) if blamed and len(reads[at]) > 1 else ""
            marks.add_edge(keys[source], keys[at], Mark("error", note))
    for change in fix.changes if fix else ():
        marks.add_node(change.layer, Mark("changed", str(change)))
    return marks


def _row(network: Network, finding: Finding) -> int | None:
    if finding.row is not None and finding.row < len(network.trace.rows):
        return finding.row
    rows = enumerate(network.trace.rows)
    return next((at for at, row in rows if row.name == finding.layer), None)


def blame(finding: Finding) -> str:
    """What the culprit did, in a few words: "pool4 drops 1 row"."""
    lost = {step.axis: step.lost for step in finding.path if step.layer == finding.culprit}
    told = [_amount(axis, count) for axis, count in lost.items() if count]
    if not told:
        return f"through {finding.culprit}"
    verb = "drops" if all(count > 0 for count in lost.values() if count) else "adds"
    return f"{finding.culprit} {verb} {_joined(told)}"


def _amount(axis: str, count: int) -> str:
    one, many = LINES.get(axis, ("cell", "cells"))
    return f"{abs(count)} {one if abs(count) == 1 else many}"


def _joined(words: Sequence[str]) -> str:
    return " and ".join(words)
