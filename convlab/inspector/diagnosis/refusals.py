"""What is told where no network can be followed: a layer that cannot be made, or a text alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from convlab.inspector.diagnosis.finding import ERRORS, Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.fixing import constructors
from convlab.inspector.diagnosis.fixing.choosing import ranked
from convlab.inspector.diagnosis.fixing.constructors import Refused
from convlab.inspector.diagnosis.subjects import Subject
from convlab.inspector.failing import Failure
from convlab.layers.naming import snake_case
from convlab.models.code.reading import CodeRefused
from convlab.models.making import LayerRefused


def refused_findings(subject: Subject) -> Iterator[Finding]:
    """What is wrong where no network could be followed."""
    refusal, failure = subject.refusal, subject.failure
    if isinstance(refusal, LayerRefused):
        yield from _in_file(subject, refusal)
    elif refusal is not None and refusal.layer is not None:
        yield from _in_code(subject, refusal)
    elif failure is not None and _unmade(failure):
        yield from _raised(subject, failure)
    elif failure is not None:
        yield told_finding(subject)


def _in_code(subject: Subject, refusal: CodeRefused) -> Iterator[Finding]:
    refused = Refused(
        refusal.layer or "",
        refusal.arguments,
        str(refusal.arguments.get("name") or snake_case(refusal.layer or "")),
        refusal.rule,
        refusal.received,
        refusal.remedy,
        refusal.fixes,
    )
    yield _finding(refused, [*constructors.in_code(subject, refusal.line, refused)])


def _in_file(subject: Subject, refusal: LayerRefused) -> Iterator[Finding]:
    refused = Refused(
        refusal.class_name,
        {name: _as_tuple(value) for name, value in refusal.config.items()},
        str(refusal.config.get("name") or snake_case(refusal.class_name)),
        refusal.why,
        refusal.received,
        refusal.remedy,
        refusal.fixes,
    )
    if subject.source is not None:
        yield _finding(refused, [*constructors.in_json(subject, refused)])
    else:
        yield _finding(refused, [*constructors.alone(subject, refused)])


def _unmade(failure: Failure) -> bool:
    """Whether it is a constructor that failed."""
    known = failure.kind in ("illegal-arguments", "groups") and failure.layer_class
    return bool(known and failure.model is None and not failure.argument_shapes)


def _raised(subject: Subject, failure: Failure) -> Iterator[Finding]:
    refused = Refused(
        failure.layer_class or "",
        {name: _as_tuple(value) for name, value in failure.arguments.items()},
        str(failure.arguments.get("name") or snake_case(failure.layer_class or "")),
        failure.message.partition("\n")[0],
        ", ".join(f"{name}={value!r}" for name, value in failure.arguments.items()),
    )
    yield _finding(refused, [*constructors.alone(subject, refused)])


def _as_tuple(value: Any) -> Any:
    """An argument as it is written: an exception's frames may have lists."""
    return tuple(map(_as_tuple, value)) if isinstance(value, list) else value


def _finding(refused: Refused, fixes: Sequence[tuple[str, Fix]]) -> Finding:
    name = fixes[0][0] if fixes else refused.name
    return Finding(
        kind="groups" if refused.grouped else "illegal-arguments",
        layer=name,
        message=f"{refused.class_name} '{name}' cannot be made: {refused.rule.rstrip('.')}.",
        axis="channels" if refused.grouped else None,
        axes=("channels",) if refused.grouped else (),
        rule=refused.rule,
        received=refused.received,
        remedy=refused.remedy,
        fixes=ranked(fix for _, fix in fixes),
    )


def told_finding(subject: Subject) -> Finding:
    """What an exception says, where nothing else could be found out."""
    failure = subject.failure
    kind = failure.kind if failure and failure.kind in ERRORS else "other"
    message = failure.message if failure else ""
    shapes = failure.argument_shapes if failure else ()
    return Finding(
        kind=kind or "other",
        layer=(failure.layer_name or failure.layer_class or "") if failure else "",
        message=message,
        rule=message,
        received=f"shapes {', '.join(map(str, shapes))}" if shapes else "",
        remedy=f"{_REMEDIES.get(kind or '', '')} {_MORE}".strip(),
    )


_MORE = "For fixes that are tried, hand over the code or the model: convlab.diagnose(model)."
_REMEDIES = {
    "missing-channel-axis": "Give the data an axis of channels, x[..., np.newaxis], and the Input "
    "the same: a grey picture is (28, 28, 1).",
    "missing-batch-axis": "Give the data an axis of examples: x[np.newaxis] for a single one.",
    "rank": "The layer takes another number of axes: look whether the axis of channels, "
    "x[..., np.newaxis], or that of examples, x[np.newaxis], is missing.",
    "negative-size": "The window does not fit into what is left of the input: use padding='same', "
    "a smaller kernel, one pooling fewer, or a larger input.",
    "join-sizes": "Make the branches equal: feed a size that every stride divides, or crop or pad "
    "one of them.",
    "channels": "The weights were made for another number of channels: feed that number, or make "
    "the layer anew.",
    "groups": "The channels and the filters must both be divisible by groups.",
    "reshape": "The target must hold as many numbers as come in.",
    "output-size": "Compare model.output_shape with the shape of the targets; crop, pad, or change "
    "the input until they are equal.",
    "unknown-size": "Give the Input a number for every size that Flatten or Dense reads.",
}
