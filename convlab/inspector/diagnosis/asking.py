"""`diagnose`: what is wrong with a network, where, why, and what mends it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.diagnosis import Diagnosis
from convlab.inspector.diagnosis.finders import FINDERS
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fixing.choosing import ranked
from convlab.inspector.diagnosis.fixing.nearby import nearby_inputs, searched
from convlab.inspector.diagnosis.fixing.reread import read_again
from convlab.inspector.diagnosis.fixing.whole import whole
from convlab.inspector.diagnosis.network import Network
from convlab.inspector.diagnosis.refusals import refused_findings
from convlab.inspector.diagnosis.subjects import Subject, subject_of
from convlab.inspector.wanting import wanted_shapes


def diagnose(subject: Any, input_shape: Any = None, *, output_shape: Any = None) -> Diagnosis:
    """Find what is wrong with a network, why, and what mends it.

    Args:
        subject: a model (of convlab or Keras), a layer, an exception, the text of a traceback or
            of plain layer calls, JSON, or a path of a file.
        input_shape: what goes in, with or without the batch, instead of what the model says; a
            list for several inputs.
        output_shape: what should come out, likewise; a size of None is free.

    Returns:
        What was found: print it, or read `.findings`.

    Raises:
        ArgumentError: the subject is none of these.
        ShapeError: `input_shape` or `output_shape` is none, or there are not as many as needed.

    Example:
        >>> import convlab as cl
        >>> from convlab import layers
        >>> x = cl.Input((100, 100, 3))
        >>> y = layers.MaxPooling2D(name="pool")(x)
        >>> diagnose(cl.Model(x, y)).ok
        True
    """
    found = subject_of(subject, input_shape)
    if found.model is None:
        findings = tuple(refused_findings(found))
        if not findings and found.refusal is not None:
            raise found.refusal
        return Diagnosis(findings, found)
    network = Network(found.model, found.specs)
    if output_shape is None:
        wanted = _told_output(found, len(network.outputs))
        return diagnosed(Context(found, network, wanted))
    return diagnosed(Context(found, network, wanted_shapes(network.spread, output_shape)))


def _told_output(subject: Subject, number: int) -> tuple[Any, ...] | None:
    """The outputs that code or an exception says are wanted, each with its batch.

    Targets of one number for an example may be the numbers of classes; of them nothing is taken.
    """
    told = subject.failure or subject.read
    given = told.output_shape if told is not None else None
    if given is None:
        return None
    several = all(isinstance(one, list | tuple) for one in given)
    shapes = list(given) if several else [given]
    if len(shapes) != number or any(len(shape) < 2 for shape in shapes):
        return None
    return tuple((None, *shape[1:]) for shape in shapes)


def diagnosed(context: Context) -> Diagnosis:
    """What all finders find in a network, errors first."""
    findings = [
        read_again(context, finding, _errors) if finding.severity == "error" else finding
        for finding in whole(context, list(_found(context)))
    ]
    order = {"error": 0, "advice": 1}
    findings.sort(key=lambda one: (order[one.severity], -1 if one.row is None else one.row))
    errors = [finding for finding in findings if finding.severity == "error"]
    all_at_once = ranked(fix for one in errors for fix in one.fixes if fix.verified)
    return Diagnosis(tuple(findings), context.subject, context, all_at_once)


def _errors(context: Context) -> tuple[Finding, ...]:
    """The errors of a network, as they are found and mended in its graph."""
    findings = whole(context, list(_found(context)))
    return tuple(finding for finding in findings if finding.severity == "error")


def _found(context: Context) -> Iterator[Finding]:
    """What the finders find; an error of a call belongs to the first that tells of it."""
    told: set[int | None] = set()
    for find in FINDERS:
        for finding in find(context):
            if finding.severity == "error" and finding.row is not None:
                if finding.row in told and finding.kind != "output-size":
                    continue
                told.add(finding.row)
                if not finding.fixes and finding.kind != "output-size":
                    found = ranked(nearby_inputs(context, finding))
                    finding = finding.with_fixes(found, searched(found))
            yield finding
