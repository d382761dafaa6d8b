"""Work shared among the processors that this process may use."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise

_SERIAL_WORK = 8_000_000
"""Multiply-adds below which a second thread costs more than it saves."""


def over_rows(fill: Callable[[tuple[int, int]], None], rows: int, work: int) -> None:
    """Call a kernel for all rows of an output, in equal parts, one a thread.

    Args:
        fill: fills the rows from the first number up to the second.
        rows: how many rows there are.
        work: how many multiply-adds they are; little work is done in one part.
    """
    count = min(rows, _threads() if work > _SERIAL_WORK else 1)
    edges = [rows * part // count for part in range(count + 1)]
    if count == 1:
        fill((0, rows))
    else:
        list(_pool().map(fill, pairwise(edges)))


@cache
def _threads() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_threads(), thread_name_prefix="convlab")


if hasattr(os, "register_at_fork"):  # a forked process has the pool, but not its threads
    os.register_at_fork(after_in_child=_pool.cache_clear)
