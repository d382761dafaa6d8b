"""The order within each rank, so that few edges cross: each near the mean of its neighbours."""

from __future__ import annotations

from bisect import bisect_right, insort
from itertools import pairwise

from convlab.scene.graph.ranking import Ranks

SWEEPS = 12
PATIENCE = 3
"""So many sweeps without fewer crossings are enough."""


def order(ranks: Ranks) -> None:
    """Reorder the ranks in place, by sweeps downwards and upwards (Sugiyama et al., 1981)."""
    _by_depth_first(ranks)
    best, fewest, idle = [list(rank) for rank in ranks.ranks], crossings(ranks), 0
    for sweep in range(SWEEPS):
        if not fewest or idle >= PATIENCE:
            break
        _sweep(ranks, downwards=sweep % 2 == 0)
        found = crossings(ranks)
        idle += 1
        if found < fewest:
            best, fewest, idle = [list(rank) for rank in ranks.ranks], found, 0
    ranks.ranks = best


def _by_depth_first(ranks: Ranks) -> None:
    """At first: as a walk along the edges meets them."""
    met: dict[int, int] = {}
    for start in (number for rank in ranks.ranks for number in rank):
        stack = [start]
        while stack:
            number = stack.pop()
            if number not in met:
                met[number] = len(met)
                stack += reversed(ranks.below[number])
    for rank in ranks.ranks:
        rank.sort(key=met.__getitem__)


def _sweep(ranks: Ranks, downwards: bool) -> None:
    neighbours = ranks.above if downwards else ranks.below
    turn = ranks.ranks[1:] if downwards else ranks.ranks[-2::-1]
    place = {number: at for rank in ranks.ranks for at, number in enumerate(rank)}
    for rank in turn:
        mean = {
            number: sum(place[near] for near in neighbours[number]) / len(neighbours[number])
            if neighbours[number]
            else place[number]
            for number in rank
        }
        rank.sort(key=lambda number: (mean[number], place[number]))
        place.update((number, at) for at, number in enumerate(rank))


def crossings(ranks: Ranks) -> int:
    """How many pairs of edges cross.

    >>> from convlab.scene.graph.ranking import ranked
    >>> ranks = ranked([(1, 1)] * 4, [(0, 3), (1, 2)], [(1, 1)] * 2)
    >>> crossings(ranks)
    1
    """
    found = 0
    for upper, lower in pairwise(ranks.ranks):
        place = {number: at for at, number in enumerate(lower)}
        ends: list[int] = []
        for number in upper:
            reached = sorted(place[below] for below in ranks.below[number])
            for end in reached:
                found += len(ends) - bisect_right(ends, end)
            for end in reached:
                insort(ends, end)
    return found
