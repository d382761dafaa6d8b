"""The Quiz page: a seed and a level from the address, so that a class has the same questions."""

from __future__ import annotations

from collections.abc import Mapping

from convlab.errors import ConvlabError
from convlab.widgets.quiz import QuizBoard, quiz


def opened_quiz(asked: Mapping[str, str]) -> QuizBoard:
    """The quiz that an address asks for with `seed=`, `level=` and `question=`.

    What is no number, or no such seed or level, is left away.

    >>> board = opened_quiz({"seed": "7", "level": "2", "question": "3"})
    >>> board.seed, board.level, board.number
    (7, 2, 3)
    >>> opened_quiz({"seed": "x", "level": "9"}).level
    1
    """
    seed, level, number = (
        _number(asked.get(name, ""), 1) for name in ("seed", "level", "question")
    )
    try:
        board = quiz(seed, level, number)
    except ConvlabError:
        board = quiz(1, 1, number)
    board.theme = "auto"  # the page is ours, so it may look as the system does
    return board


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else default
