"""Where in its rank each node stands: long edges straight, neighbours near one another.

Source: U. Brandes and B. Köpf, "Fast and simple horizontal coordinate assignment", 2001: four
alignments, each pushed together, and the mean of the two in the middle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import ceil, floor

from convlab.scene.graph.ranking import Ranks

GAP = 22.0
"""Pixels between nodes of a rank; between the bends of two edges it is less."""

BEND_GAP = 14.0

Conflicts = set[tuple[int, int]]


def places(ranks: Ranks) -> list[float]:
    """The centre of each node, bend and label along its rank."""
    conflicts = _conflicts(ranks)
    found: list[list[float]] = []
    for downwards in (True, False):
        for mirrored in (False, True):
            turned = ranks.ranks if downwards else ranks.ranks[::-1]
            turned = [rank[::-1] for rank in turned] if mirrored else turned
            near = ranks.above if downwards else ranks.below
            root = _aligned(turned, near, conflicts)
            placed = _pushed(turned, root, lambda a, b: _apart(ranks, a, b))
            found.append([-place for place in placed] if mirrored else placed)
    return _middle(found)


def _apart(ranks: Ranks, one: int, other: int) -> float:
    """How far the centres of two neighbours are apart at least."""
    gap = BEND_GAP if ranks.is_bend(one) and ranks.is_bend(other) else GAP
    return (ranks.sizes[one][0] + ranks.sizes[other][0]) / 2 + gap


def _conflicts(ranks: Ranks) -> Conflicts:
    """Pieces of edges that would cross a piece between two bends, which shall be straight."""
    found: Conflicts = set()
    for upper, lower in pairwise(ranks.ranks):
        place = {number: at for at, number in enumerate(upper)}
        begin = scanned = 0
        for at, number in enumerate(lower):
            inner = _inner(ranks, number)
            if inner is None and at < len(lower) - 1:
                continue
            end = len(upper) if inner is None else place[inner]
            for other in lower[scanned : at + 1]:
                for near in ranks.above[other]:
                    crosses = not begin <= place[near] <= end
                    if crosses and not (ranks.is_bend(near) and ranks.is_bend(other)):
                        found.add((near, other))
            scanned, begin = at + 1, end
    return found


def _inner(ranks: Ranks, number: int) -> int | None:
    """The bend above a bend."""
    if not ranks.is_bend(number):
        return None
    above = ranks.above[number][0]
    return above if ranks.is_bend(above) else None


def _aligned(
    ranks: Sequence[Sequence[int]], near: Sequence[Sequence[int]], conflicts: Conflicts
) -> dict[int, int]:
    """For each the first of the column that it stands in, with one of its middle neighbours."""
    place = {number: at for rank in ranks for at, number in enumerate(rank)}
    root = {number: number for number in place}
    for rank in ranks:
        taken = -1
        for number in rank:
            around = sorted(near[number], key=place.__getitem__)
            middle = (len(around) - 1) / 2
            for at in sorted({floor(middle), ceil(middle)}) if around else ():
                other = around[at]
                refused = (other, number) in conflicts or (number, other) in conflicts
                if root[number] == number and not refused and taken < place[other]:
                    root[number] = root[other]
                    taken = place[other]
    return root


def _pushed(
    ranks: Sequence[Sequence[int]], root: dict[int, int], apart: Callable[[int, int], float]
) -> list[float]:
    """The columns as far to the left as they go, then back to what stands to their right."""
    right: dict[int, dict[int, float]] = {column: {} for column in root.values()}
    waiting = dict.fromkeys(right, 0)
    for rank in ranks:
        for one, other in pairwise(rank):
            a, b = root[one], root[other]
            if b not in right[a]:
                waiting[b] += 1
            right[a][b] = max(right[a].get(b, 0.0), apart(one, other))
    place = dict.fromkeys(right, 0.0)
    ready = [column for column in right if not waiting[column]]
    for column in ready:
        for other, far in right[column].items():
            place[other] = max(place[other], place[column] + far)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    for column in reversed(ready):
        if right[column]:
            room = min(place[other] - far for other, far in right[column].items())
            place[column] = max(place[column], room)
    return [place[root[number]] for number in range(len(root))]


def _middle(found: Sequence[Sequence[float]]) -> list[float]:
    """The mean of the two middle ones of four, which are laid over the narrowest."""
    if not found[0]:
        return []
    narrow = min(found, key=lambda one: max(one) - min(one))
    moved = []
    for number, one in enumerate(found):
        edge = max if number % 2 else min
        shift = edge(narrow) - edge(one)
        moved.append([place + shift for place in one])
    told = []
    for four in zip(*moved, strict=True):
        middle = sorted(four)[1:3]
        told.append(sum(middle) / 2)
    return told
