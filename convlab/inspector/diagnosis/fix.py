"""A set of changes that mends something, as it is handed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from convlab.errors import ArgumentError
from convlab.inspector.diagnosis.change import Change

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.subjects import Subject


@dataclass(frozen=True)
class Fix:
    """Changes that mend a finding.

    Attributes:
        changes: the changes.
        summary: all of them in one line.
        note: what they mean for the network, such as "loses one row of the picture".
        cost: what a user has to accept, as a number: fixes are ranked by it.
        why: what the cost counts, in words.
        verified: "trace" where the changes were applied and followed through the network, and
            reached what was wanted; "made" where all that is known is one layer, which could be
            made with them; else False.
        family: further sizes that do as well, such as "multiples of 32"; None elsewhere.
        mends: the rows of the trace whose errors are gone with it.
        text: the user's code with the changes, where no network could be made of it before.
        told: these changes as a diff.
    """

    changes: tuple[Change, ...]
    summary: str
    note: str = ""
    cost: float = 0.0
    why: str = ""
    verified: str | bool = False
    family: str | None = None
    mends: tuple[int, ...] = ()
    subject: Subject | None = field(default=None, repr=False, compare=False)
    text: str | None = field(default=None, repr=False, compare=False)
    told: str = field(default="", repr=False, compare=False)

    def apply(self) -> Any:
        """A new model with the changes in it, or a layer where one was diagnosed.

        The original is not altered; layers keep their weights where these still fit.

        Example:
            >>> import convlab as cl
            >>> from convlab.inspector.diagnosis import diagnose
            >>> found = diagnose(cl.layers.Conv2D(8, 7, name="wide"), (5, 5, 1)).findings[0]
            >>> found.fixes[0].apply()
            Conv2D(8, 7, padding='same', name='wide')
        """
        from convlab.inspector.diagnosis.edits import applied
        from convlab.models.code.reading import read_code
        from convlab.models.reading import model_from_json

        if self.text is not None:
            is_json = self.text.lstrip().startswith("{")
            return model_from_json(self.text) if is_json else read_code(self.text).model
        if self.subject is None or self.subject.model is None:
            raise ArgumentError(
                "A fix is applied to a network.",
                received="text of which no network could be read",
                remedy="Change the code by hand, as the fix says.",
            )
        model = applied(self.subject.model, self.changes, self.subject.specs)
        return self.subject.as_given(model)

    @cached_property
    def code(self) -> str:
        """The changes as a unified diff of code: of the user's own, where it is known."""
        from convlab.inspector.diagnosis.diff import diff_of

        if self.told:
            return self.told
        return diff_of(self.subject, self.changes) if self.subject else ""

    def plain(self) -> dict[str, Any]:
        """The fix as JSON has it."""
        told = {"changes": [change.plain() for change in self.changes]}
        names = ("summary", "note", "cost", "why", "verified", "family")
        told |= {name: getattr(self, name) for name in names}
        return told | {"code": self.code}

    def __str__(self) -> str:
        return f"{self.summary} ({'verified' if self.verified else 'not verified'})"
