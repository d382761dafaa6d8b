"""From ranks to places: where each box, each edge and each frame of a drawing lies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from convlab.scene.graph.data import Drawing, Edge, Frame, Node, Point
from convlab.scene.graph.folding import Path
from convlab.scene.graph.placing import places
from convlab.scene.graph.ranking import Ranks

MARGIN = 36.0
_HEAD = 28.0  # pixels at the left of an unfolded group, for its name
_AIR = 9.0  # pixels between a box and the label above or below it


def placed_drawing(
    name: str, nodes: Sequence[Node], edges: Sequence[Edge], ranks: Ranks, paths: Sequence[Path]
) -> Drawing:
    """The drawing of nodes and edges whose ranks are in order."""
    across = places(ranks)
    down = _down(ranks)
    left = min((x - w / 2 for x, (w, _) in zip(across, ranks.sizes, strict=True)), default=0.0)
    across = [x - left + MARGIN for x in across]
    rank_of = {number: at // 2 for at, rank in enumerate(ranks.ranks) for number in rank}
    placed = [
        replace(node, x=_round(across[at]), y=_round(down[at]), rank=rank_of[at])
        for at, node in enumerate(nodes)
    ]
    ports = _Ports(placed, ranks, across)
    routed = [
        replace(
            edge,
            points=tuple(_route(ranks, at, across, down, ports)),
            label=(_round(across[ranks.label(at)]), _round(down[ranks.label(at)])),
        )
        for at, edge in enumerate(edges)
    ]
    right = max((x + w / 2 for x, (w, _) in zip(across, ranks.sizes, strict=True)), default=0.0)
    bottom = max((node.y + node.height / 2 for node in placed), default=0.0)
    frames = tuple(_frames(placed, paths))
    size = _round(right + MARGIN), _round(bottom + MARGIN)
    return Drawing(name, tuple(placed), tuple(routed), frames, *size)


def _round(number: float) -> float:
    return round(number, 1)


def _down(ranks: Ranks) -> list[float]:
    """The centre of each from the top."""
    heights = [max((ranks.sizes[n][1] for n in rank), default=0.0) + _AIR for rank in ranks.ranks]
    ends = list(accumulate(heights, initial=MARGIN))
    down = [0.0] * len(ranks.sizes)
    for at, rank in enumerate(ranks.ranks):
        for number in rank:
            down[number] = (ends[at] + ends[at + 1] - _AIR) / 2
    return down


class _Ports:
    """Where on a box's upper and lower side each edge ends: above or below its next bend."""

    def __init__(self, nodes: Sequence[Node], ranks: Ranks, across: Sequence[float]) -> None:
        self.place: dict[tuple[int, int], float] = {}  # edge, and 0 at its source, -1 at its target
        for end, near in ((0, 1), (-1, -2)):
            of_node: dict[int, list[tuple[float, int]]] = {}
            for at, chain in enumerate(ranks.chains):
                of_node.setdefault(chain[end], []).append((across[chain[near]], at))
            for number, wanted in of_node.items():
                self._share(nodes[number], sorted(wanted), end)

    def _share(self, node: Node, wanted: Sequence[tuple[float, int]], end: int) -> None:
        half = node.width / 2 - 12
        apart = min(14.0, 2 * half / max(len(wanted) - 1, 1))
        low = node.x - half
        for number, (place, edge) in enumerate(wanted):
            high = node.x + half - apart * (len(wanted) - 1 - number)
            place = min(max(place, low), high)
            self.place[edge, end] = place
            low = place + apart


def _route(
    ranks: Ranks, edge: int, across: Sequence[float], down: Sequence[float], ports: _Ports
) -> Iterable[Point]:
    """From the lower side of the source, through the bends, to the upper side of the target."""
    source, *bends, target = ranks.chains[edge]
    yield _point(ports.place[edge, 0], down[source] + ranks.sizes[source][1] / 2)
    for bend in bends:
        yield _point(across[bend], down[bend])
    yield _point(ports.place[edge, -1], down[target] - ranks.sizes[target][1] / 2)


def _point(x: float, y: float) -> Point:
    return _round(x), _round(y)


def _frames(nodes: Sequence[Node], paths: Sequence[Path]) -> Iterable[Frame]:
    """The boxes around groups that are not folded, where nothing else lies in them."""
    found: dict[str, list[Node]] = {}
    for node in nodes:
        path = paths[node.rows[0]]
        for group in path[: path.index(node.key)] if node.folded else path:
            found.setdefault(group, []).append(node)
    for group, inside in found.items():
        frame = _around(group, inside)
        strangers = [node for node in nodes if _overlaps(frame, node)]
        if len(strangers) == len(inside):
            yield frame


def _around(group: str, nodes: Sequence[Node]) -> Frame:
    left = min(node.x - node.width / 2 for node in nodes) - _HEAD
    right = max(node.x + node.width / 2 for node in nodes) + 10
    top = min(node.y - node.height / 2 for node in nodes) - 6
    bottom = max(node.y + node.height / 2 for node in nodes) + 6
    return Frame(group, _round(left), _round(top), _round(right - left), _round(bottom - top))


def _overlaps(frame: Frame, node: Node) -> bool:
    across = abs(frame.left + frame.width / 2 - node.x) < (frame.width + node.width) / 2
    return across and abs(frame.top + frame.height / 2 - node.y) < (frame.height + node.height) / 2
