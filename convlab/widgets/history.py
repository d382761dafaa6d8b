"""Undo and redo."""

from __future__ import annotations

from typing import Any


class History:
    """The settings so far, and where in them the viewer is.

    >>> history = History("a")
    >>> history.add("b"); history.undo(); history.present
    'a'
    >>> history.redo(); history.present
    'b'
    """

    LIMIT = 200

    def __init__(self, first: Any) -> None:
        self._first = first
        self._past: list[Any] = [first]
        self._position = 0

    @property
    def present(self) -> Any:
        """Where the viewer is."""
        return self._past[self._position]

    @property
    def first(self) -> Any:
        """Where the viewer began: what a reset goes to."""
        return self._first

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return self._position > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a step forward."""
        return self._position + 1 < len(self._past)

    def add(self, setting: Any) -> None:
        """A new step; what had been undone is forgotten, and so are the oldest of too many."""
        self._past[self._position + 1 :] = [setting]
        del self._past[: -self.LIMIT]
        self._position = len(self._past) - 1

    def undo(self) -> None:
        """One step back, if there is one."""
        self._position -= self.can_undo

    def redo(self) -> None:
        """One step forward, if there is one."""
        self._position += self.can_redo
