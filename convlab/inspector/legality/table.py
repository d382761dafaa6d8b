"""What Keras on each framework answered: the recorded table, and what it says of a situation.

The table is made by `tests/inspector/legality/record_legality.py`, which asks the real frameworks.
It holds rules, each of which says when which layers are refused on which backends; what no rule
names was accepted, with the numbers that Keras documents.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from convlab.inspector.legality.features import Situation, features_of

STAGES = ("constructor", "symbols", "call", "gradient", "differs")
"""When a layer is refused, in order; "differs" is no refusal: it gives other numbers."""


@dataclass(frozen=True)
class Rule:
    """When layers are refused, or compute something else.

    Attributes:
        layers: the classes.
        backends: the backends, by their names in the table.
        when: for some arguments the labels that it is about; all must hold.
        stage: one of `STAGES`.
        error: the class of the exception, or "".
        message: what it said, of an example.
    """

    layers: tuple[str, ...]
    backends: tuple[str, ...]
    when: Mapping[str, tuple[str, ...]]
    stage: str
    error: str
    message: str

    def covers(self, class_name: str, situation: Situation) -> bool:
        """Whether it speaks of this class in this situation."""
        if class_name not in self.layers:
            return False
        labels = zip(features_of(class_name), situation, strict=True)
        return all(label in self.when.get(f.argument, f.labels) for f, label in labels)

    def words(self, class_name: str, situation: Situation) -> str:
        """What a situation that it covers has that it is about."""
        told = []
        for feature, label in zip(features_of(class_name), situation, strict=True):
            if feature.argument in self.when:
                phrase = feature.phrase(self.when[feature.argument])
                told.append(feature.phrase([label]) if " or " in phrase else phrase)
        return " with ".join(told)


@dataclass(frozen=True)
class Table:
    """All rules, and who was asked.

    Attributes:
        versions: for each backend the versions of Keras and of the framework, and the machine.
        rules: the rules, those of the first stage first.
    """

    versions: Mapping[str, Mapping[str, str]]
    rules: tuple[Rule, ...]

    def rule(self, backend: str, class_name: str, situation: Situation) -> Rule | None:
        """The first rule that speaks of a situation on a backend; None where all is well."""
        return next(self._of(backend, class_name, situation), None)

    def _of(self, backend: str, class_name: str, situation: Situation) -> Iterator[Rule]:
        for rule in self.rules:
            if backend in rule.backends and rule.covers(class_name, situation):
                yield rule


@cache
def recorded() -> Table:
    """The table that travels with the package.

    >>> sorted(recorded().versions)
    ['jax', 'tensorflow', 'tensorflow-plain', 'torch']
    """
    text = resources.files(__package__).joinpath("table.json").read_text(encoding="utf-8")
    return table_of(json.loads(text))


def table_of(told: Mapping[str, object]) -> Table:
    """A table of its JSON."""
    rules = [_rule(rule) for rule in told["rules"]]  # type: ignore[attr-defined]
    return Table(told["versions"], tuple(sorted(rules, key=_order)))  # type: ignore[arg-type]


def _rule(told: Mapping[str, object]) -> Rule:
    plain: dict[str, object] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
    }
    when = {name: tuple(labels) for name, labels in told["when"].items()}  # type: ignore[attr-defined]
    return Rule(**{**plain, "when": when})  # type: ignore[arg-type]


def _order(rule: Rule) -> tuple[int, int]:
    return STAGES.index(rule.stage), len(rule.when)
