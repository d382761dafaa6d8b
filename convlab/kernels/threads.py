"""Work items shared among the processors that this process may use."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from threading import Lock, Semaphore, Thread
from typing import Any

import numpy as np


def over_rows(fill: Callable[[tuple[int, int]], None], rows: int, *, shared: bool) -> None:
    """Call a kernel for all rows of an output, in equal parts, one a thread.

    Args:
        fill: fills the rows from the first number up to the second.
        rows: how many rows there are.
        shared: whether other threads may help.
    """
    count = min(rows, threads() if shared else 1)
    edges = [rows * part // count for part in range(count + 1)]
    if count == 1:
        fill((0, rows))
    else:
        list(_executor().map(fill, pairwise(edges)))


def run(item: int, descriptor: int, count: int, *, shared: bool) -> None:
    """Do the items 0 to `count - 1` of a job.

    Args:
        item: the address of what does one.
        descriptor: the address that it is given.
        count: how many there are.
        shared: whether other threads may help.
    """
    if not shared or count < 2 or threads() < 2:
        _alone()(item, descriptor, count)
    else:
        _pool().run(item, descriptor, count)


@cache
def threads() -> int:
    """How many threads compute: `NUMBA_NUM_THREADS`, or the processors this process may use."""
    given = os.environ.get("NUMBA_NUM_THREADS", "")
    if given.isdigit() and int(given):
        return int(given)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _jobs() -> dict[str, Any]:
    """The functions of `vector.jobs`; Python's lock is free while they run."""
    from convlab.kernels.vector.assembling import assembled
    from convlab.kernels.vector.jobs import write_jobs

    counts = {"alone": 3, "sleepers": 2, "share": 4, "serve": 2}
    found = assembled("jobs", write_jobs)
    return {
        name: ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * count)(found[name])
        for name, count in counts.items()
    }


@cache
def _alone() -> Any:
    return _jobs()["alone"]


class Pool:
    """The threads beside the caller's.

    Args:
        count: how many.
    """

    def __init__(self, count: int) -> None:
        from convlab.kernels.vector.jobs import BLOCK, LINE, NEXT, NOTHING

        self._block = np.zeros((BLOCK + LINE) // 8, np.int64)
        begin = self._block.ctypes.data
        self._control = begin + -begin % LINE
        self._block[(self._control - begin + NEXT) // 8] = NOTHING
        self._asleep = np.zeros(1, np.int64)
        self._asleep_at = self._asleep.ctypes.data
        self._jobs = _jobs()
        self._wake = Semaphore(0)
        self._busy = Lock()
        for _ in range(count):
            Thread(target=self._live, name="convlab", daemon=True).start()

    def _live(self) -> None:
        seen = np.zeros(1, np.int64)
        at, serve = seen.ctypes.data, self._jobs["serve"]
        while True:
            serve(self._control, at)
            self._wake.acquire()

    def run(self, item: int, descriptor: int, count: int) -> None:
        """Do all items of a job, shared; alone while another caller's job is being done."""
        if not self._busy.acquire(blocking=False):
            self._jobs["alone"](item, descriptor, count)
            return
        try:
            self._jobs["sleepers"](self._control, self._asleep_at)
            if self._asleep[0]:
                self._wake.release(int(self._asleep[0]))
            self._jobs["share"](self._control, item, descriptor, count)
        finally:
            self._busy.release()


@cache
def _pool() -> Pool:
    return Pool(threads() - 1)


@cache
def _executor() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads(), thread_name_prefix="convlab")


if hasattr(os, "register_at_fork"):  # a forked process has the pool, but not its threads
    os.register_at_fork(after_in_child=_pool.cache_clear)
    os.register_at_fork(after_in_child=_executor.cache_clear)
