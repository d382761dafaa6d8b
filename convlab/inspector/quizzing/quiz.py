"""Questions by seed and level: the same ones for whoever has both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from convlab.errors import ArgumentError
from convlab.inspector.quizzing.kinds import (
    argument,
    failing,
    field,
    fitting,
    parameters,
    shape,
)
from convlab.inspector.quizzing.question import Question

LEVELS: Mapping[int, str] = {
    1: "one convolution or pooling",
    2: "dilation, transposed, copying layers; fields of two or three layers",
    3: "output padding, groups, longer chains, arguments to find",
    4: "networks that join branches",
}
"""The levels, and what each brings."""

_KINDS: Mapping[int, tuple[Callable[[Random, int], Question], ...]] = {
    1: (shape.ask, shape.ask, parameters.ask, field.ask),
    2: (shape.ask, parameters.ask, field.ask, argument.ask),
    3: (shape.ask, argument.ask, field.ask, failing.ask, parameters.ask),
    4: (fitting.ask, argument.ask, field.ask, failing.ask, shape.ask),
}

MOST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Quiz:
    """The questions of a seed and a level, without end.

    Args:
        seed: any whole number from 0 on; the same one gives the same questions.
        level: 1 to 4.

    Raises:
        ArgumentError: there is no such seed or level.

    Example:
        >>> quiz = Quiz(seed=7, level=1)
        >>> quiz.question(1) == Quiz(seed=7, level=1).question(1)
        True
    """

    seed: int = 0
    level: int = 1

    def __post_init__(self) -> None:
        for name, low, high in (("seed", 0, MOST_SEED), ("level", 1, max(LEVELS))):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise ArgumentError(
                    f"The {name} of a quiz is a whole number from {low} to {high}.",
                    received=f"{name}={value!r:.40}",
                    remedy=f"Use e.g. {name}={low}.",
                    argument=name,
                )

    def question(self, number: int) -> Question:
        """A question by its number, from 1 on.

        The kinds take turns, begun anew in another order each round; a text as seed is hashed in
        the same way by every Python.
        """
        kinds = list(_KINDS[self.level])
        turn, place = divmod(number - 1, len(kinds))
        Random(f"order/{self.seed}/{self.level}/{turn}").shuffle(kinds)
        return kinds[place](Random(f"{self.seed}/{self.level}/{number}"), self.level)

    def questions(self, count: int) -> tuple[Question, ...]:
        """The first questions."""
        return tuple(self.question(number) for number in range(1, count + 1))
