"""Which layers belong together, so that they can be drawn as one box.

The layers of a nested model do; so do those that their names call a block, as in
`keras.applications`: "conv2_block1_1_conv", "block_3_expand"; and so do branches that part at one
layer and join at another, with nothing that goes by them. What belongs to none of these is a chain,
and of a chain those belong together that give the same sizes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

Path = tuple[str, ...]

_BLOCK = re.compile(r"^(.*?(?:block|stage|cell|unit|mixed|fire)_?\d+[a-z]?)(?=[_.-])")

MANY = 60
"""More layers than this are drawn with their groups folded."""

FEWEST = 3
"""Fewer layers than this are not worth a box."""


def group_paths(
    names: Sequence[str], reads: Sequence[Sequence[int]], sizes: Sequence[Hashable] = ()
) -> list[Path]:
    """The groups around each layer, from the outermost.

    Args:
        names: of the layers in the order of their calls; those of nested models "outer/inner".
        reads: for each the numbers of the layers that it reads.
        sizes: for each those that it gives along its axes, channels left out.

    Returns:
        For each layer the names of its groups; each group can be drawn as one box by itself,
        since no path leaves it and comes back.

    >>> names = ["in", "block1_conv1", "block1_conv2", "block1_pool", "top"]
    >>> group_paths(names, [[], [0], [1], [2], [3]])
    [(), ('block1',), ('block1',), ('block1',), ()]
    """
    named = _only_closed(_grouped(names), reads)
    if len(names) <= MANY:
        return named
    found = named if any(named) else _only_closed(_branching(names, reads), reads)
    chains = _only_closed(_chains(names, reads, sizes, found), reads) if sizes else found
    return [path or chain for path, chain in zip(found, chains, strict=True)]


def _only_closed(wanted: Sequence[Path], reads: Sequence[Sequence[int]]) -> list[Path]:
    """The paths without the groups that are too small, or that a path leaves and comes back to."""
    members: dict[str, list[int]] = {}
    for number, path in enumerate(wanted):
        for group in path:
            members.setdefault(group, []).append(number)
    good = {
        group
        for group, numbers in members.items()
        if len(numbers) >= FEWEST and _is_closed(set(numbers), reads)
    }
    return [tuple(group for group in path if group in good) for path in wanted]


def _branching(names: Sequence[str], reads: Sequence[Sequence[int]]) -> list[Path]:
    """Branches up to the layer at which all of them are one again, by that layer's name.

    >>> reads = [[], [0], [0], [1, 2], [3], [4]]
    >>> _branching(["in", "a", "b", "sum", "relu", "out"], reads)
    [(), ('up to sum',), ('up to sum',), ('up to sum',), (), ()]
    """
    paths: list[Path] = [()] * len(names)
    last_read = list(range(len(names)))
    for number, sources in enumerate(reads):
        for source in sources:
            last_read[source] = number
    begin = 0  # the last layer that all paths go through
    reach = 0  # how far down something before it is read
    for number in range(len(names)):
        if reach <= number:  # nothing goes by this layer
            if 1 < number - begin <= len(names) // 2:
                paths[begin + 1 : number + 1] = [(f"up to {names[number]}",)] * (number - begin)
            begin = number
        reach = max(reach, last_read[number])
    return paths


def _chains(
    names: Sequence[str],
    reads: Sequence[Sequence[int]],
    sizes: Sequence[Hashable],
    grouped: Sequence[Path],
) -> list[Path]:
    """Layers in no group that follow upon one another and give the same sizes, by their ends.

    >>> reads = [[], [0], [1], [2], [3]]
    >>> _chains(["in", "a", "b", "pool", "c"], reads, [8, 8, 8, 4, 4], [()] * 5)
    [(), ('a to b',), ('a to b',), ('pool to c',), ('pool to c',)]
    """
    readers = Counter(source for sources in reads for source in sources)
    run_of: dict[int, list[int]] = {}
    for number, sources in enumerate(reads):
        if not sources or grouped[number]:
            continue
        before = sources[0]
        follows = len(sources) == 1 and readers[before] == 1 and sizes[before] == sizes[number]
        run_of[number] = run_of.get(before, []) if follows else []
        run_of[number].append(number)
    return [
        (f"{names[run[0]]} to {names[run[-1]]}",) if (run := run_of.get(number)) else ()
        for number in range(len(names))
    ]


def _named(name: str) -> tuple[Path, str]:
    """The nested models that a name tells of, and the block that its own part does, or ""."""
    *models, own = name.split("/")
    block = _BLOCK.match(own)
    return tuple(models), block[1] if block and block[1] != own else ""


def _grouped(names: Sequence[str]) -> list[Path]:
    """The groups by their names; a nested model that is called again is another: "name:1"."""
    runs: dict[str, _Run] = {}
    told: list[Path] = []
    for number, name in enumerate(names):
        models, block = _named(name)
        path: list[str] = []
        for model in models:
            group = f"{path[-1]}/{model}" if path else model
            run = runs.setdefault(group, _Run(name, number))
            path.append(run.key(group, name, number))
        if block:
            path.append(f"{path[-1]}/{block}" if path else block)
        told.append(tuple(path))
    return told


@dataclass
class _Run:
    """The layers of one call of a nested model, which follow upon one another.

    Attributes:
        first: the name with which each call begins.
        last: the number of the last layer so far.
        calls: how many calls there were before.
    """

    first: str
    last: int
    calls: int = 0

    def key(self, group: str, name: str, number: int) -> str:
        again = number > self.last and (name == self.first or number > self.last + 1)
        self.calls += again
        self.last = number
        return f"{group}:{self.calls}" if self.calls else group


def _is_closed(members: set[int], reads: Sequence[Sequence[int]]) -> bool:
    """Whether no path leaves the layers and comes back to them."""
    outside: set[int] = set()
    for number in range(min(members) + 1, max(members) + 1):
        behind = any(source in members or source in outside for source in reads[number])
        if number in members:
            if any(source in outside for source in reads[number]):
                return False
        elif behind:
            outside.add(number)
    return True


def folded(paths: Sequence[Path], open_: Iterable[str]) -> list[str | None]:
    """For each layer the group that it is drawn as; None where it is drawn itself.

    >>> folded([(), ("a",), ("a", "a/b")], ["a"])
    [None, None, 'a/b']
    """
    known = set(open_)
    return [next((group for group in path if group not in known), None) for path in paths]
