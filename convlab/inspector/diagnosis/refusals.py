"""Layers that cannot even be made: what code or an exception tells of a constructor's refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from convlab import layers
from convlab.errors import ConvlabError
from convlab.inspector.diagnosis.change import argument
from convlab.inspector.diagnosis.diff import unified
from convlab.inspector.diagnosis.finding import ERRORS, Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.fixing.choosing import ranked
from convlab.inspector.diagnosis.rewriting import with_argument
from convlab.inspector.diagnosis.subjects import Subject
from convlab.inspector.legality.mending import mending
from convlab.layers.naming import snake_case
from convlab.layers.refusals import nearest_divisors, nearest_multiples
from convlab.models.calls import calls_of
from convlab.models.code.reading import CodeRead, CodeRefused, read_code


@dataclass(frozen=True)
class Refused:
    """A layer that was not made.

    Attributes:
        class_name: its class.
        arguments: what it was to be made of.
        name: its name.
        rule: why not.
        received: the call.
        remedy: what the refusal itself proposes.
        fixes: changes of arguments that it proposes.
    """

    class_name: str
    arguments: Mapping[str, Any]
    name: str
    rule: str
    received: str
    remedy: str = ""
    fixes: Sequence[Mapping[str, Any]] = ()


def refused_findings(subject: Subject) -> Iterator[Finding]:
    """What is wrong where no network could be followed."""
    refusal, failure = subject.refusal, subject.failure
    if refusal is not None and refusal.layer is not None:
        refused = Refused(
            refusal.layer,
            refusal.arguments,
            str(refusal.arguments.get("name") or snake_case(refusal.layer)),
            refusal.rule,
            refusal.received,
            refusal.remedy,
            refusal.fixes,
        )
        yield _finding(refused, tuple(_in_code(subject, refusal, refused)))
    elif failure is not None and failure.kind == "illegal-arguments" and failure.layer_class:
        refused = Refused(
            failure.layer_class,
            {name: _as_tuple(value) for name, value in failure.arguments.items()},
            failure.layer_name or snake_case(failure.layer_class),
            failure.message,
            ", ".join(f"{name}={value!r}" for name, value in failure.arguments.items()),
        )
        yield _finding(refused, tuple(_made(subject, refused)))
    elif failure is not None:
        yield told_finding(subject)


def _as_tuple(value: Any) -> Any:
    """An argument as it is written: an exception's frames may have lists."""
    return tuple(map(_as_tuple, value)) if isinstance(value, list) else value


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
        remedy="Hand over the code or the model for more: convlab.diagnose(model).",
    )


def _finding(refused: Refused, fixes: tuple[tuple[str, Fix], ...]) -> Finding:
    grouped = _is_grouped(refused)
    name = fixes[0][0] if fixes else refused.name
    return Finding(
        kind="groups" if grouped else "illegal-arguments",
        layer=name,
        message=f"{refused.class_name} '{name}' cannot be made: {refused.rule.rstrip('.')}.",
        axis="channels" if grouped else None,
        axes=("channels",) if grouped else (),
        rule=refused.rule,
        received=refused.received,
        remedy=refused.remedy,
        fixes=ranked(fix for _, fix in fixes),
    )


def _is_grouped(refused: Refused) -> bool:
    filters, groups = refused.arguments.get("filters"), refused.arguments.get("groups")
    whole = isinstance(filters, int) and isinstance(groups, int) and groups > 0
    return whole and filters % groups != 0  # type: ignore[operator]


def _candidates(refused: Refused) -> Iterator[dict[str, Any]]:
    """Other arguments with which the layer may be made, each once."""
    seen: list[dict[str, Any]] = []
    proposed: list[Mapping[str, Any]] = [*refused.fixes]
    if _is_grouped(refused):
        filters, groups = refused.arguments["filters"], refused.arguments["groups"]
        proposed += [{"filters": one} for one in nearest_multiples(filters, groups)]
        proposed += [{"groups": one} for one in nearest_divisors(filters, groups)]
    proposed += mending(refused.class_name, refused.arguments)
    for change in proposed:
        if dict(change) not in seen:
            seen.append(dict(change))
            yield dict(change)


def _in_code(subject: Subject, refusal: CodeRefused, refused: Refused) -> Iterator[tuple[str, Fix]]:
    """Fixes in the text: changed, read again, and followed."""
    text = subject.source or ""
    for given in _candidates(refused):
        new = with_argument(text, refusal.line, refused.class_name, given)
        read = None if new is None else _read(new)
        if new is None or read is None:
            continue
        specs = [tensor.spec for tensor in read.model.inputs]
        if any(call.error is not None for call in calls_of(read.model, specs).calls):
            continue
        name = _name_at(read, refusal.line, refused)
        yield name, _fix(subject, name, refused, given, "trace", new)


def _read(text: str) -> CodeRead | None:
    try:
        return read_code(text)
    except ConvlabError:
        return None


def _name_at(read: CodeRead, line: int, refused: Refused) -> str:
    """The name of the layer that is made on a line."""
    found = [name for name, where in read.made.items() if where == line]
    prefix = snake_case(refused.class_name)
    alike = [name for name in found if name.startswith(prefix)]
    return (alike or found or [refused.name])[0]


def _made(subject: Subject, refused: Refused) -> Iterator[tuple[str, Fix]]:
    """Fixes of a layer that an exception tells of: it is made with other arguments."""
    cls = getattr(layers, refused.class_name, None)
    if not isinstance(cls, type):
        return
    for given in _candidates(refused):
        try:
            cls(**{**refused.arguments, **given, "name": refused.name})
        except (ConvlabError, TypeError):
            continue
        yield refused.name, _fix(subject, refused.name, refused, given, "made", None)


def _fix(
    subject: Subject,
    name: str,
    refused: Refused,
    given: Mapping[str, Any],
    verified: str,
    text: str | None,
) -> Fix:
    changes = tuple(
        argument(name, key, refused.arguments.get(key), value) for key, value in given.items()
    )
    free = not set(given) & {"filters", "kernel_size", "strides"}
    return Fix(
        changes,
        summary="; ".join(change.text for change in changes),
        cost=1.0 if free else 4.0,
        why="an argument",
        verified=verified,
        subject=subject,
        text=text,
        told=unified((subject.source or "").splitlines(), text.splitlines(), "code.py")
        if text is not None
        else f"-{_call(refused, {})}\n+{_call(refused, given)}\n",
    )


def _call(refused: Refused, given: Mapping[str, Any]) -> str:
    words = {**refused.arguments, **given}
    return f"{refused.class_name}({', '.join(f'{key}={value!r}' for key, value in words.items())})"
