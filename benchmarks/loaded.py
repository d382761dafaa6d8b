"""A busy machine, made on purpose; and our own layers in a process that uses one thread."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from timing import Timer, timer
from workloads import Workload


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """So many processes that never rest."""
    started = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)
    ]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


class Serial:
    """Our layers in a process of their own, with NUMBA_NUM_THREADS=1: what threads must not lose.

    It works when it is asked to and waits otherwise, so that it can take its turn among others.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        threads = os.environ.get("NUMBA_NUM_THREADS")
        os.environ["NUMBA_NUM_THREADS"] = "1"
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        os.environ["NUMBA_NUM_THREADS"] = threads or ""
        if threads is None:
            del os.environ["NUMBA_NUM_THREADS"]

    def timer(self, work: Workload) -> Timer:
        """Times calls of a workload; the one before it is forgotten."""
        self._line.send(work)

        def timed(calls: int) -> float:
            self._line.send(calls)
            return self._line.recv()

        return timed

    def close(self) -> None:
        self._line.close()
        self._process.join()


def _serve(line: Connection) -> None:
    from ours import layer_call

    while True:
        try:
            asked = line.recv()
        except EOFError:
            return
        if isinstance(asked, Workload):
            timed = timer(layer_call(asked, *asked.arrays()))
        else:
            line.send(timed(asked))
