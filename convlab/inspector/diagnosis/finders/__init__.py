"""One module per kind of finding: `find(context)` gives what it finds, in graph order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from convlab.inspector.diagnosis.finders import join_sizes
from convlab.inspector.diagnosis.finding import Finding

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.context import Context

Finder = Callable[["Context"], Iterator[Finding]]

FINDERS: tuple[Finder, ...] = (join_sizes.find,)
"""All of them. A call of a layer that raises belongs to the first that tells of it."""
