"""A question, its answer, and what it says to a wrong one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from convlab.geometry import AxisGeometry, axis_names
from convlab.layers.base import Layer
from convlab.layers.registry import constructor_call

Answer = Any
"""A tuple of sizes, a whole number, or a word."""


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that many give, and where it comes from.

    Attributes:
        answer: what is answered.
        words: what was forgotten or mistaken, in a sentence.
    """

    answer: Answer
    words: str


@dataclass(frozen=True)
class Verdict:
    """What is said to an answer.

    Attributes:
        right: whether it is right; None where it could not be read.
        words: why, in a sentence or two.
    """

    right: bool | None
    words: str


@dataclass(frozen=True)
class Question:
    """A question about a layer or a network. `check` judges an answer.

    Attributes:
        kind: "shape", "parameters", "field", "argument", "failing" or "fitting".
        prompt: what is asked, in a sentence or two.
        code: the layers that are meant, a line each.
        form: how it is answered: "shape", "number" or "choice".
        accepted: the right answers; mostly one.
        derivation: the arithmetic that leads to it, as text.
        mistakes: wrong answers that are recognised.
        choices: what may be chosen.
        axis: an axis that the question is about, for a picture; None for none.
        judged: says of a wrong answer what it would give; None where nothing can be said.
    """

    kind: str
    prompt: str
    code: tuple[str, ...]
    form: str
    accepted: tuple[Answer, ...]
    derivation: str
    mistakes: tuple[Mistake, ...] = ()
    choices: tuple[str, ...] = ()
    axis: AxisGeometry | None = None
    judged: Callable[[Answer], str] | None = field(default=None, compare=False, repr=False)

    @property
    def answer(self) -> Answer:
        """The right answer; of several the first."""
        return self.accepted[0]

    @property
    def answer_text(self) -> str:
        """The right answer as it is written."""
        return " or ".join(map(written, self.accepted[:4]))

    @property
    def hint(self) -> str:
        """How an answer is to be written."""
        if self.form == "shape":
            return "a shape such as 13, 13, 8 (the batch may be left out)"
        return "a whole number" if self.form == "number" else f"one of {', '.join(self.choices)}"

    def check(self, text: str) -> Verdict:
        """Judge an answer as it is typed.

        Args:
            text: the answer.

        Example:
            >>> question = Question("shape", "?", (), "shape", ((14, 14, 8),), "",
            ...     (Mistake((13, 13, 8), "The division is rounded up."),))
            >>> question.check("(None, 14, 14, 8)").right
            True
            >>> question.check("13 x 13 x 8").words
            'The division is rounded up.'
            >>> question.check("a lot").right is None
            True
        """
        found = read(text, self.form, self.choices)
        if found is None:
            return Verdict(None, f"This cannot be read: write {self.hint}.")
        if found in self.accepted:
            return Verdict(True, "Right.")
        for mistake in self.mistakes:
            if mistake.answer == found:
                return Verdict(False, mistake.words)
        if self.judged is not None:
            return Verdict(False, self.judged(found))
        return Verdict(False, self._apart(found))

    def _apart(self, found: Answer) -> str:
        """How a wrong answer differs."""
        if self.form == "shape":
            if len(found) != len(self.answer):
                return f"The output has {len(self.answer)} sizes behind the batch."
            names = (*axis_names(len(found) - 1), "channels")
            pairs = zip(names, found, self.answer, strict=True)
            wrong = [name for name, given, right in pairs if given != right]
            return f"Not yet: look at {' and '.join(wrong)} again."
        if self.form == "number":
            return f"Not yet: it is {'less' if found > self.answer else 'more'}."
        return "No: another one."


def written(answer: Answer) -> str:
    """An answer in text.

    >>> written((14, 14, 8)), written(80), written("same")
    ('(None, 14, 14, 8)', '80', 'same')
    """
    if isinstance(answer, tuple):
        return f"(None, {', '.join(map(str, answer))})"
    return str(answer)


def named(layer: Layer) -> str:
    """A layer of a chain, with its name before the call that makes it.

    >>> from convlab.layers import Conv2D
    >>> named(Conv2D(8, 3, name="conv1"))
    'conv1 = Conv2D(8, 3)'
    """
    shown = {name: value for name, value in layer.changed_arguments().items() if name != "name"}
    return f"{layer.name} = {constructor_call(layer, shown)}"


_NUMBER = re.compile(r"\d+|\d{1,3}([ ,_]\d{3})+")  # its thousands may stand apart


def read(text: str, form: str, choices: tuple[str, ...] = ()) -> Answer | None:
    """An answer from what was typed; None where it cannot be read.

    >>> read("None, 14,14, 8", "shape"), read("1,024", "number"), read("B", "choice", ("a", "b"))
    ((14, 14, 8), 1024, 'b')
    >>> read("13, 13", "number") is None
    True
    """
    plain = text.strip()[:200]
    if form == "choice":
        words = {choice.lower(): choice for choice in choices}
        return words.get(plain.strip("'\"").lower())
    if form == "number":
        digits = re.sub(r"[\s,_]", "", plain)
        return int(digits) if _NUMBER.fullmatch(plain) and len(digits) <= 18 else None
    sizes = re.split(r"\s*[,x×\s]\s*", plain.strip("()[] ").strip(", "))
    if sizes and sizes[0] in ("None", "?", "batch"):
        sizes = sizes[1:]
    good = bool(sizes) and all(re.fullmatch(r"\d{1,9}", size) for size in sizes)
    return tuple(map(int, sizes)) if good else None


def without_the_right(mistakes: list[Mistake], accepted: tuple[Answer, ...]) -> tuple[Mistake, ...]:
    """Mistakes of which each has an answer of its own, and none a right one."""
    found: dict[Answer, Mistake] = {}
    for mistake in mistakes:
        if mistake.answer is not None and mistake.answer not in accepted:
            found.setdefault(mistake.answer, mistake)
    return tuple(found.values())
