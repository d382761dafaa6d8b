"""Fixes of a layer that its constructor refuses: other arguments, with which it is made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from convlab import layers
from convlab.errors import ConvlabError
from convlab.inspector.diagnosis.change import argument
from convlab.inspector.diagnosis.diff import unified
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.rewriting import with_argument
from convlab.inspector.diagnosis.subjects import Subject
from convlab.inspector.legality.mending import mending
from convlab.layers.base import Layer
from convlab.layers.naming import snake_case
from convlab.layers.refusals import nearest_divisors, nearest_multiples
from convlab.layers.registry import constructor_call
from convlab.models.calls import calls_of
from convlab.models.code.reading import CodeRead, read_code
from convlab.models.model import Model


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

    @property
    def grouped(self) -> bool:
        """Whether its filters cannot be shared out among its groups."""
        filters, groups = self.arguments.get("filters"), self.arguments.get("groups")
        if not (isinstance(filters, int) and isinstance(groups, int) and groups > 0):
            return False
        return filters % groups != 0


def _candidates(refused: Refused) -> Iterator[dict[str, Any]]:
    """Other arguments with which the layer may be made, each once."""
    seen: list[dict[str, Any]] = []
    proposed: list[Mapping[str, Any]] = [*refused.fixes]
    if refused.grouped:
        filters, groups = refused.arguments["filters"], refused.arguments["groups"]
        proposed += [{"filters": one} for one in nearest_multiples(filters, groups)]
        proposed += [{"groups": one} for one in nearest_divisors(filters, groups)]
    proposed += mending(refused.class_name, refused.arguments)
    for change in proposed:
        if dict(change) not in seen:
            seen.append(dict(change))
            yield dict(change)


def in_code(subject: Subject, line: int, refused: Refused) -> Iterator[tuple[str, Fix]]:
    """Fixes in the text of code, each with the layer's name: changed, read again, and followed."""
    text = subject.source or ""
    for given in _candidates(refused):
        new = with_argument(text, line, refused.class_name, given)
        read = None if new is None else _read(new)
        if new is None or read is None or not _agrees(read.model):
            continue
        name = _name_at(read, line, refused)
        yield name, _fix(subject, name, refused, given, "trace", new)


def in_json(subject: Subject, refused: Refused) -> Iterator[tuple[str, Fix]]:
    """Fixes in a model's JSON: its layer changed, read again, and followed."""
    from convlab.models.reading import model_from_json

    for given in _candidates(refused):
        entry = json.loads(subject.source or "")
        for config in _configs(entry, refused):
            config |= given
        new = json.dumps(entry)
        try:
            model = model_from_json(new)
        except ConvlabError:
            continue
        if _agrees(model):
            name = refused.name
            made = model.get_layer(name)
            yield name, _fix(subject, name, refused, given, "trace", new, made)


def _configs(entry: Any, refused: Refused) -> Iterator[dict[str, Any]]:
    """The arguments of the layer, wherever in the JSON they stand."""
    inner = entry.values() if isinstance(entry, dict) else entry if isinstance(entry, list) else ()
    for one in inner:
        yield from _configs(one, refused)
    if isinstance(entry, dict) and entry.get("class_name") == refused.class_name:
        config = entry.get("config")
        if isinstance(config, dict) and config.get("name") == refused.name:
            yield config


def _agrees(model: Model) -> bool:
    calls = calls_of(model, [tensor.spec for tensor in model.inputs]).calls
    return all(call.error is None for call in calls)


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


def alone(subject: Subject, refused: Refused) -> Iterator[tuple[str, Fix]]:
    """Fixes of a layer of which the arguments alone are known: it is made with others."""
    cls = getattr(layers, refused.class_name, None)
    if not isinstance(cls, type):
        return
    for given in _candidates(refused):
        try:
            made = cls(**{**refused.arguments, **given, "name": refused.name})
        except (ConvlabError, TypeError):
            continue
        yield refused.name, _fix(subject, refused.name, refused, given, "made", None, made)


def _fix(
    subject: Subject,
    name: str,
    refused: Refused,
    given: Mapping[str, Any],
    verified: str,
    text: str | None,
    made: Layer | None = None,
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
        told=_lines_of(made, refused, given)
        if made is not None
        else unified((subject.source or "").splitlines(), (text or "").splitlines(), "code.py"),
    )


def _lines_of(made: Layer, refused: Refused, given: Mapping[str, Any]) -> str:
    """The layer as it was and as it is made now."""
    now = made.changed_arguments()
    before = {**now, **{name: refused.arguments.get(name) for name in given}}
    shown = [{n: v for n, v in one.items() if n in now or n in given} for one in (before, now)]
    old, new = (constructor_call(made, one) for one in shown)
    return f"-{old}\n+{new}\n"
