"""What is wrong with a network, or could be better, and where: plain data that prints."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.fix import Fix

ERRORS = (
    "join-sizes",
    "negative-size",
    "channels",
    "groups",
    "rank",
    "missing-batch-axis",
    "missing-channel-axis",
    "data-format",
    "reshape",
    "unknown-size",
    "output-size",
    "illegal-arguments",
    "other",
)
"""The kinds of findings with which a network cannot be built or run, or misses what is wanted."""

ADVICE = (
    "misaligned",
    "never-read",
    "checkerboard",
    "receptive-field-small",
    "receptive-field-large",
)
"""The kinds of findings with which a network runs."""


@dataclass(frozen=True)
class Place:
    """Where in a network something shows.

    Attributes:
        node: the layer's name; of a layer in a nested model "outer/inner", as in a trace.
        axis: "height", "width", "depth", "steps", "channels", "features" or "batch"; None where
            it is no matter of one axis.
        index: the axis's place in the shape, the batch counted as 0; None where axis is None.
    """

    node: str
    axis: str | None = None
    index: int | None = None


@dataclass(frozen=True)
class Step:
    """What one layer makes of a size on the way to a finding.

    Attributes:
        layer: the layer's name.
        axis: the word of the axis.
        text: the arithmetic, such as "floor((25 - 2)/2) + 1 = 12".
        size_in: the size that goes in; None at an input, and where it is not known.
        size_out: the size that comes out.
        branch: the index of the join's input that the step leads to; None before the branches part.
        lost: how many cells the layer drops (or, negative, adds) that its stride would keep.
    """

    layer: str
    axis: str
    text: str
    size_in: int | None
    size_out: int | None
    branch: int | None = None
    lost: int = 0

    def __str__(self) -> str:
        return f"{self.layer}: {self.text}"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or could be better.

    Attributes:
        kind: one of `ERRORS` or `ADVICE`.
        layer: the name of the layer where it shows; of a join, the join's.
        message: one sentence, with the sizes.
        severity: "error" or "advice".
        row: the index of the call in the trace; None where there is no graph.
        axis: the word of the axis; None where it is no matter of one.
        axes: the words of all axes that show the same.
        index: the place of `axis` in the shape, the batch counted as 0.
        rule: what must hold, a sentence.
        received: what was there instead.
        remedy: what to do, a sentence.
        culprit: the name of the layer that caused it, such as the one that rounded; None where it
            is the layer itself, or not known.
        branch: of a join, the index of the input on which the culprit lies.
        path: the arithmetic that leads to the place.
        fixes: what mends it, smallest first.
        proof: words that say why nothing mends it, where `fixes` is empty.
    """

    kind: str
    layer: str
    message: str
    severity: str = "error"
    row: int | None = None
    axis: str | None = None
    axes: tuple[str, ...] = ()
    index: int | None = None
    rule: str = ""
    received: str = ""
    remedy: str = ""
    culprit: str | None = None
    branch: int | None = None
    path: tuple[Step, ...] = ()
    fixes: tuple[Fix, ...] = field(default=(), compare=False)
    proof: str = ""

    @property
    def place(self) -> Place:
        """Where it shows."""
        return Place(self.layer, self.axis, self.index)

    def with_fixes(self, fixes: tuple[Fix, ...], proof: str = "") -> Finding:
        """The same finding with fixes."""
        return replace(self, fixes=fixes, proof=proof or self.proof)

    def plain(self) -> dict[str, Any]:
        """The finding as JSON has it."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        told["path"] = [vars(step) for step in self.path]
        told["fixes"] = [fix.plain() for fix in self.fixes]
        return told

    def __str__(self) -> str:
        from convlab.inspector.diagnosis.telling import finding_text

        return finding_text(self)
