"""Ranks from top to bottom: each node below all that it reads, each label between two ranks.

Source: K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual understanding of hierarchical
system structures", 1981. An edge over several ranks is led through a bend in each; the bend before
its end is as large as its label, so that nothing is drawn over a label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Size = tuple[float, float]


@dataclass
class Ranks:
    """Nodes, bends and labels, rank by rank.

    Attributes:
        sizes: width and height of each; the nodes come first.
        nodes: how many of them are nodes.
        ranks: the numbers in each rank, from left to right. Nodes stand in the even ranks.
        above: for each what it hangs on in the rank above.
        below: for each what hangs on it.
        chains: for each edge what it is led through, from node to node.
    """

    sizes: list[Size]
    nodes: int
    ranks: list[list[int]] = field(default_factory=list)
    above: list[list[int]] = field(default_factory=list)
    below: list[list[int]] = field(default_factory=list)
    chains: list[list[int]] = field(default_factory=list)

    def label(self, edge: int) -> int:
        """The number of an edge's label."""
        return self.chains[edge][-2]

    def is_bend(self, number: int) -> bool:
        """Whether it is a bend or label of an edge, and no node."""
        return number >= self.nodes


def ranked(
    nodes: Sequence[Size], edges: Sequence[tuple[int, int]], labels: Sequence[Size]
) -> Ranks:
    """Nodes and edges in ranks.

    Args:
        nodes: width and height of each.
        edges: source and target; without cycles.
        labels: width and height of each edge's label.

    >>> ranks = ranked([(9, 9)] * 3, [(0, 1), (1, 2), (0, 2)], [(5, 5)] * 3)
    >>> [len(rank) for rank in ranks.ranks], ranks.chains[2]
    ([1, 2, 2, 2, 1], [0, 5, 6, 7, 2])
    """
    rank_of = _longest_paths(len(nodes), edges)
    made = Ranks(list(nodes), len(nodes))
    made.ranks = [[] for _ in range(2 * max(rank_of, default=0) + 1)]
    for number, rank in enumerate(rank_of):
        made.ranks[2 * rank].append(number)
    for (source, target), label in zip(edges, labels, strict=True):
        chain = [source]
        last = 2 * rank_of[target] - 1
        for rank in range(2 * rank_of[source] + 1, last + 1):
            chain.append(len(made.sizes))
            made.ranks[rank].append(len(made.sizes))
            made.sizes.append(label if rank == last else (0.0, 0.0))
        made.chains.append([*chain, target])
    made.above = [[] for _ in made.sizes]
    made.below = [[] for _ in made.sizes]
    for chain in made.chains:
        for upper, lower in pairwise(chain):
            made.below[upper].append(lower)
            made.above[lower].append(upper)
    return made


def _longest_paths(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """For each node how many edges the longest path to it has; a source stands near its reader."""
    reads: list[list[int]] = [[] for _ in range(count)]
    read_by: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        reads[target].append(source)
        read_by[source].append(target)
    rank = [0] * count
    waiting = [len(sources) for sources in reads]
    ready = [number for number in range(count) if not reads[number]]
    for number in ready:
        for target in read_by[number]:
            rank[target] = max(rank[target], rank[number] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    for number in range(count):
        if not reads[number] and read_by[number]:
            rank[number] = min(rank[target] for target in read_by[number]) - 1
    return rank
