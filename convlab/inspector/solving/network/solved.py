"""What `solve` found for a network: data that prints well."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from convlab.inspector.diagnosis.change import Change
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.solving.bounds import in_words
from convlab.inspector.solving.network.size_set import SizeSet
from convlab.models.model import Model

_SHOWN = 10


@dataclass(frozen=True)
class NetworkSolution:
    """Changes with which a network fits together and gives what is wanted.

    Attributes:
        fix: the changes, tried and traced.
        input_shape: what goes in, batch first; a list for several inputs.
        output_shape: what then comes out.
    """

    fix: Fix
    input_shape: Any
    output_shape: Any

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes; none where the network does as it is."""
        return self.fix.changes

    @property
    def summary(self) -> str:
        """The changes in a line."""
        return self.fix.summary or "as it is"

    @property
    def code(self) -> str:
        """The changes as a unified diff of code."""
        return self.fix.code

    def apply(self) -> Model:
        """A new model with the changes in it; the original is not altered."""
        made: Model = self.fix.apply()
        return made

    def __str__(self) -> str:
        return f"{self.summary}: {self.input_shape} -> {self.output_shape}"


@dataclass(frozen=True, repr=False)
class NetworkSolved:
    """The input sizes and the changes with which a network gives what is wanted. Print it.

    Attributes:
        subject: the network's name.
        input_shape: what goes in, as far as it was given.
        output_shape: what is wanted; None where the network only has to fit together.
        families: the input sizes that do without any change, by the name of the axis.
        proved: whether the families hold for all sizes; else up to what `bounds` says.
        solutions: the network as it is, other inputs and changes of layers, smallest first.
        proof: why no input size does without a change; empty where one does.
        bounds: what was tried.
    """

    subject: str
    input_shape: Any
    output_shape: Any
    families: Mapping[str, SizeSet]
    proved: bool
    solutions: Sequence[NetworkSolution]
    proof: str
    bounds: Mapping[str, Sequence[Any]]

    def text(self, shown: int = _SHOWN) -> str:
        """What was found as plain text."""
        wanted = f", wanted output {self.output_shape}" if self.output_shape is not None else ""
        lines = [f"{self.subject}: input {self.input_shape}{wanted}", "", "Input sizes that do:"]
        lines += [f"  {name}: {sizes}" for name, sizes in self.families.items()]
        lines += [f"  {self._why()}"]
        if self.proof:
            lines += ["", "Why none:"]
            for line in self.proof.split("\n"):
                lines += textwrap.wrap(line, 92, initial_indent="  - ", subsequent_indent="    ")
        lines += [
            "",
            "Smallest changes:" if self.solutions else "No change inside the bounds does.",
        ]
        lines += [f"  {place}. {one}" for place, one in enumerate(self.solutions[:shown], 1)]
        if len(self.solutions) > shown:
            lines.append(f"  ... and {len(self.solutions) - shown} more")
        return "\n".join([*lines, "", self._bounds()])

    def html(self, shown: int = _SHOWN) -> str:
        """What was found in HTML that stands alone and takes its page's colours."""
        sizes = "".join(
            f"<tr><th>{escape(name)}</th><td>{escape(str(found))}</td></tr>"
            for name, found in self.families.items()
        )
        rows = "".join(
            f"<tr><td>{escape(one.summary)}</td><td>{escape(str(one.input_shape))} → "
            f"{escape(str(one.output_shape))}</td></tr>"
            for one in self.solutions[:shown]
        )
        proof = "".join(f"<li>{escape(line)}</li>" for line in self.proof.split("\n") if line)
        return (
            f'<div class="convlab-solved"><p><b>{escape(self.subject)}</b></p>'
            f"<table>{sizes}</table><p>{escape(self._why())}</p>"
            + (f"<ul>{proof}</ul>" if proof else "")
            + (f"<table>{rows}</table>" if rows else "<p>No change inside the bounds does.</p>")
            + f"<p><small>{escape(self._bounds())}</small></p></div>"
        )

    def to_json(self, indent: int | None = 2) -> str:
        """What was found as JSON."""
        told = {
            "subject": self.subject,
            "input_shape": self.input_shape,
            "output_shape": self.output_shape,
            "families": {name: str(sizes) for name, sizes in self.families.items()},
            "proved": self.proved,
            "solutions": [
                one.fix.plain() | {"input_shape": one.input_shape, "output_shape": one.output_shape}
                for one in self.solutions
            ],
            "proof": self.proof,
            "bounds": {name: list(values) for name, values in self.bounds.items()},
        }
        return json.dumps(told, indent=indent, default=str)

    def _why(self) -> str:
        if not self.families:
            return "(no layer moves a window over what goes in: its size is not varied)"
        if self.proved:
            return "(for all sizes: the formulas repeat with their period)"
        return (
            f"(traced, each size of {in_words(self.bounds['input size'])}, axes of one size alike)"
        )

    def _bounds(self) -> str:
        told = ", ".join(f"{name} {in_words(values)}" for name, values in self.bounds.items())
        return f"Bounds: {told}" if told else "No layer was changed."

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html()
