"""All that was found in a network: prints as text, as HTML, as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.context import Context
    from convlab.inspector.diagnosis.subjects import Subject
    from convlab.inspector.tracing import Trace
    from convlab.models.model import Model


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """What was found in a network. Print it.

    Attributes:
        findings: the errors in the order of the graph, then the advice.
        subject: what was diagnosed.
        fixes: what mends every error at once, smallest first.
    """

    findings: tuple[Finding, ...]
    subject: Subject
    context: Context | None = field(default=None, compare=False)
    fixes: tuple[Fix, ...] = field(default=(), compare=False)

    @property
    def ok(self) -> bool:
        """Whether no error was found; there may be advice."""
        return not self.errors

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings with which the network cannot be built or run, or misses what is wanted."""
        return tuple(one for one in self.findings if one.severity == "error")

    @property
    def advice(self) -> tuple[Finding, ...]:
        """The findings with which it runs."""
        return tuple(one for one in self.findings if one.severity == "advice")

    @property
    def model(self) -> Model | None:
        """The network that was followed; None where only text was read."""
        return self.subject.model

    @property
    def trace(self) -> Trace | None:
        """Shapes, costs and receptive fields of every layer; None where there is no network."""
        return self.context.trace if self.context else None

    def text(self, width: int = 100) -> str:
        """What was found, as text."""
        from convlab.inspector.diagnosis.telling import diagnosis_text

        return diagnosis_text(self, width)

    def html(self) -> str:
        """What was found, in HTML that stands alone and takes its page's colours."""
        from convlab.inspector.diagnosis.page import diagnosis_html

        return diagnosis_html(self)

    def to_json(self, indent: int | None = 2) -> str:
        """What was found, as JSON."""
        told: dict[str, Any] = {
            "ok": self.ok,
            "model": self.model.name if self.model else None,
            "findings": [finding.plain() for finding in self.findings],
            "fixes": [fix.plain() for fix in self.fixes],
        }
        return json.dumps(told, indent=indent, default=str)

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html()
