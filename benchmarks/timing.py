"""Timing candidates against each other on a machine that others may use as well."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable

Timer = Callable[[int], float]
"""Makes so many calls, one after another, and returns the seconds that they took."""

TURN = 1e-3  # seconds of calls that are timed together: a clock read is nothing beside them
REST = 2e-3  # seconds after which the threads of the previous candidate no longer spin
FEWEST = 5  # turns of each
LONG, BEHIND = 20e-3, 8  # seconds of a call, and times the fastest: it has no turns


def timer(call: Callable[[], object]) -> Timer:
    def timed(calls: int) -> float:
        repeats = range(calls)
        start = time.perf_counter()
        for _ in repeats:
            call()
        return time.perf_counter() - start

    return timed


def interleaved(
    timers: dict[str, Timer], seconds: float, behind: float = BEHIND
) -> dict[str, list[float]]:
    """The seconds of a call of each candidate, once for every turn.

    The candidates take turns in an order drawn anew each round, so that what else happens on the
    machine is unfair to none. Before its turn the machine rests and the candidate makes one call
    that is not counted: neither the threads nor the caches of another are in its way. A candidate
    whose calls are long and far behind the fastest's has no more than its three trials.

    Args:
        timers: the candidates.
        seconds: how long all of them together are timed; each has at least `FEWEST` turns.
        behind: how many times the fastest's call is far.
    """
    times = {name: _trials(timed) for name, timed in timers.items()}
    once = {name: min(trials) for name, trials in times.items()}
    far = max(LONG, behind * min(once.values()))
    order, chance = [name for name in timers if once[name] < far], random.Random(0)
    times |= {name: [] for name in order}
    end = time.perf_counter() + seconds
    gc.disable()
    try:
        while time.perf_counter() < end or len(times[order[0]]) < FEWEST:
            chance.shuffle(order)
            for name in order:
                time.sleep(REST)
                timers[name](1)
                calls = max(1, round(TURN / once[name]))
                times[name].append(timers[name](calls) / calls)
                once[name] = min(once[name], times[name][-1])
    finally:
        gc.enable()
    return times


def _trials(timed: Timer) -> list[float]:
    timed(1)  # compiles, plans, allocates
    return [timed(1) for _ in range(3)]
