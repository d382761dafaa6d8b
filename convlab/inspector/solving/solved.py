"""What `solve` found for a layer: data that prints well."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from convlab.inspector.solving.bounds import in_words
from convlab.inspector.solving.solution import Solution

_SHOWN = 12


@dataclass(frozen=True, repr=False)
class Solved:
    """The arguments of a layer that turn one size into another. Print it.

    Attributes:
        subject: the layer, or the class, that was asked for.
        size_in: the input size that was asked for; None where every one was looked for.
        size_out: the output size that was asked for, likewise.
        solutions: every answer inside the bounds, the smallest change first.
        proof: why there is none; where there are some, why none under other rules, such as
            another padding. Empty where every rule has an answer.
        bounds: the values that were tried of each argument.
    """

    subject: str
    size_in: Any
    size_out: Any
    solutions: Sequence[Solution]
    proof: str
    bounds: Mapping[str, Sequence[Any]]

    def text(self, shown: int = _SHOWN) -> str:
        """The answers as plain text, the first of them."""
        lines = [f"{self.subject}: {self._asked()}", ""]
        lines += [
            f"  {place}. {self._line(s)}" for place, s in enumerate(self.solutions[:shown], 1)
        ]
        if len(self.solutions) > shown:
            lines.append(f"  ... and {len(self.solutions) - shown:,} more")
        if not self.solutions:
            lines.append("  None inside the bounds.")
        if self.proof:
            lines += ["", "Why not otherwise:" if self.solutions else "Why:"]
            for line in self.proof.split("\n"):
                lines += textwrap.wrap(line, 92, initial_indent="  - ", subsequent_indent="    ")
        return "\n".join([*lines, "", f"Bounds: {self._bounds()}"])

    def html(self, shown: int = _SHOWN) -> str:
        """The answers as a table that stands alone and takes its page's colours."""
        rows = "".join(
            f"<tr><td>{escape(s.summary)}</td><td>{s.size_in} → {s.size_out}</td>"
            f"<td><code>{escape(s.code)}</code><br><small>{escape(s.note)}</small></td></tr>"
            for s in self.solutions[:shown]
        )
        more = len(self.solutions) - shown
        rest = f"<p>and {more:,} more</p>" if more > 0 else ""
        table = (
            "<table><thead><tr><th>change</th><th>size</th><th>code</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>{rest}"
            if rows
            else "<p>None inside the bounds.</p>"
        )
        proof = "".join(f"<li>{escape(line)}</li>" for line in self.proof.split("\n") if line)
        return (
            f'<div class="convlab-solved"><p><code>{escape(self.subject)}</code>: '
            f"{escape(self._asked())}</p>{table}"
            + (f"<ul>{proof}</ul>" if proof else "")
            + f"<p><small>Bounds: {escape(self._bounds())}</small></p></div>"
        )

    def to_json(self, indent: int | None = 2) -> str:
        """The answers, the proof and the bounds as JSON."""
        told = {
            "subject": self.subject,
            "size_in": self.size_in,
            "size_out": self.size_out,
            "solutions": [_plain(solution) for solution in self.solutions],
            "proof": self.proof,
            "bounds": {name: list(values) for name, values in self.bounds.items()},
        }
        return json.dumps(told, indent=indent)

    def _asked(self) -> str:
        before = "which sizes" if self.size_in is None else str(self.size_in)
        after = "which sizes" if self.size_out is None else str(self.size_out)
        count = len(self.solutions)
        return f"{before} -> {after}, {count:,} answer{'' if count == 1 else 's'}"

    def _line(self, solution: Solution) -> str:
        return f"{solution}{f'  ({solution.note})' if solution.note else ''}"

    def _bounds(self) -> str:
        return ", ".join(f"{name} {in_words(values)}" for name, values in self.bounds.items())

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html()


def _plain(solution: Solution) -> dict[str, Any]:
    """A solution as JSON has it."""
    return {
        "changes": dict(solution.changes),
        "arguments": dict(solution.arguments),
        "size_in": solution.size_in,
        "size_out": solution.size_out,
        "code": solution.code,
        "note": solution.note,
    }
