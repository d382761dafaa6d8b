"""From a network's calls to its drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from convlab.inspector.tracing import Trace
from convlab.models.calls import Call, Calls
from convlab.scene.graph.data import Drawing, Edge, Node
from convlab.scene.graph.folding import MANY, Path, folded, group_paths
from convlab.scene.graph.marking import Marks
from convlab.scene.graph.ordering import order
from convlab.scene.graph.ranking import ranked
from convlab.scene.graph.routing import placed_drawing
from convlab.scene.graph.words import detail_of, family_of, shape_text

_LETTER, _SMALL = 7.8, 6.4  # pixels of a letter of the title, and of what is below it
_NARROW, _WIDE = 108.0, 292.0
_HEIGHT, _PICTURE = 42.0, 84.0
_SIGN = 20.0  # pixels of the sign of a state
_LINE = 16.0  # pixels of a line of an edge's label


@dataclass(frozen=True)
class Network:
    """The calls of a network with what is told of them: what is drawn.

    Args:
        calls: the calls.
        trace: their rows, in the same order.
    """

    calls: Calls
    trace: Trace

    def keys(self) -> list[str]:
        """A name for each call, as `Model.feature_maps` has it: "name", "name:1"."""
        times: dict[str, int] = {}
        keys = []
        for call in self.calls.calls:
            count = times.get(call.name, 0)
            times[call.name] = count + 1
            keys.append(f"{call.name}:{count}" if count else call.name)
        return keys

    def reads(self) -> list[list[int]]:
        """For each call the numbers of those that it reads, in the order of its inputs."""
        number = {id(call): at for at, call in enumerate(self.calls.calls)}
        return [
            [number[id(wire.source)] for wire in call.inputs if wire.source]
            for call in self.calls.calls
        ]


def build_drawing(
    network: Network,
    marks: Marks | None = None,
    opened: Iterable[str] | None = None,
    pictures: bool = False,
) -> Drawing:
    """The drawing of a network: its layers from top to bottom, branches side by side.

    Args:
        network: what is drawn.
        marks: what is to be said of layers and edges.
        opened: the groups that are not folded; None folds them where there are many layers, but
            for those with something to be said in them.
        pictures: whether the boxes have room for a picture.

    Example:
        >>> import convlab as cl
        >>> from convlab.models.calls import calls_of
        >>> x = cl.Input((8, 8, 1), name="image")
        >>> model = cl.Model(x, cl.layers.Conv2D(4, 3, name="conv")(x), name="small")
        >>> calls = calls_of(model, model.input_specs())
        >>> drawing = build_drawing(Network(calls, cl.trace(model)))
        >>> [(node.key, node.detail) for node in drawing.nodes], drawing.edges[0].text
        ([('image', ''), ('conv', '4, 3×3')], '8 × 8 × 1')
    """
    marks = marks or Marks()
    keys, reads = network.keys(), network.reads()
    paths = _paths(network)
    if opened is None:
        opened = _opened_at_first(paths, keys, marks)
    drawn = folded(paths, opened)
    nodes, number = _nodes(network, keys, paths, drawn, marks, pictures)
    edges = _edges(network, keys, reads, number, marks)
    ranks = ranked(
        [(node.width, node.height) for node in nodes],
        [(edge.source, edge.target) for edge in edges],
        [_label_size(edge) for edge in edges],
    )
    order(ranks)
    return placed_drawing(network.trace.name, nodes, edges, ranks, paths)


def groups_of(network: Network) -> set[str]:
    """The names of all groups that can be folded."""
    return {group for path in _paths(network) for group in path}


def _paths(network: Network) -> list[Path]:
    calls = network.calls.calls
    first = any(getattr(call.layer, "data_format", "") == "channels_first" for call in calls)
    specs = [call.outputs[0].spec for call in calls]
    sizes = [spec and (spec.shape[2:] if first else spec.shape[1:-1]) for spec in specs]
    return group_paths([call.name for call in calls], network.reads(), sizes)


def _opened_at_first(paths: Sequence[Path], keys: Sequence[str], marks: Marks) -> set[str]:
    if len(paths) <= MANY:
        return {group for path in paths for group in path}
    told = [path for path, key in zip(paths, keys, strict=True) if key in marks.nodes]
    return {group for path in told for group in path}


def _nodes(
    network: Network,
    keys: Sequence[str],
    paths: Sequence[Path],
    drawn: Sequence[str | None],
    marks: Marks,
    pictures: bool,
) -> tuple[list[Node], list[int]]:
    """The nodes, and for each call the number of its node."""
    numbers: dict[str, int] = {}
    members: list[list[int]] = []
    number = []
    for at, group in enumerate(drawn):
        own = numbers.setdefault(f"/{group}" if group else keys[at], len(members))
        if own == len(members):
            members.append([])
        members[own].append(at)
        number.append(own)
    nodes = []
    for rows in members:
        group = drawn[rows[0]]
        if group is None:
            node = _layer_node(network, keys[rows[0]], rows[0], paths[rows[0]])
        else:
            path = paths[rows[0]]
            node = _group_node(network, group, rows, keys, path[: path.index(group)])
        nodes.append(_sized(marks.on(node), pictures))
    return nodes, number


def _layer_node(network: Network, key: str, at: int, path: Path) -> Node:
    call, row = network.calls.calls[at], network.trace.rows[at]
    return Node(
        key=key,
        rows=(at,),
        title=call.layer.class_name,
        detail=detail_of(call.layer),
        family=family_of(call.layer),
        shape=_shape_of(call),
        params=row.params,
        group=path[-1] if path else "",
    )


def _group_node(
    network: Network, group: str, rows: Sequence[int], keys: Sequence[str], path: Path
) -> Node:
    params = [network.trace.rows[at].params for at in rows if not network.trace.rows[at].repeated]
    return Node(
        key=group,
        rows=tuple(rows),
        title=f"{len(rows)} layers",
        detail=_classes(network.calls.calls[at] for at in rows),
        family="group",
        shape=_shape_of(network.calls.calls[rows[-1]]),
        params=None if None in params else sum(count or 0 for count in params),
        group=path[-1] if path else "",
        folded=tuple(keys[at] for at in rows),
    )


def _classes(calls: Iterable[Call]) -> str:
    """The classes in a group: those that have to do with places first, then the most frequent."""
    counts: dict[str, int] = {}
    plain = set()
    for call in calls:
        counts[call.layer.class_name] = counts.get(call.layer.class_name, 0) + 1
        if family_of(call.layer) == "other":
            plain.add(call.layer.class_name)
    told = sorted(counts.items(), key=lambda one: (one[0] in plain, -one[1]))
    return ", ".join(f"{count} {name}" for name, count in told[:2])


def _shape_of(call: Call) -> str:
    shapes = [wire.spec.shape if wire.spec else None for wire in call.outputs]
    return ", ".join(shape_text(shape) for shape in shapes)


def _sized(node: Node, pictures: bool) -> Node:
    own = node.key.rpartition("/")[2]
    title = _LETTER * len(node.title) + _SMALL * (len(node.detail) + 2)
    width = min(max(title, _SMALL * len(own)) + 34, _WIDE)
    height = _PICTURE if pictures else _HEIGHT
    extra = _SIGN * bool(node.state or node.folded) + (height - 8) * pictures
    return replace(node, width=max(width, _NARROW) + extra, height=height)


def _edges(
    network: Network,
    keys: Sequence[str],
    reads: Sequence[Sequence[int]],
    number: Sequence[int],
    marks: Marks,
) -> list[Edge]:
    """What crosses from one node to another; of what is read twice over, once."""
    edges: dict[tuple[int, ...], Edge] = {}
    for at, call in enumerate(network.calls.calls):
        sources = [wire for wire in call.inputs if wire.source]
        for branch, (wire, source) in enumerate(zip(sources, reads[at], strict=True)):
            if number[source] == number[at]:
                continue
            text = shape_text(wire.spec.shape if wire.spec else None)
            edge = marks.along(
                Edge(number[source], number[at], branch, text), keys[source], keys[at]
            )
            alone = len(sources) > 1 and number.count(number[at]) == 1
            edges.setdefault((number[source], number[at], source, branch * alone), edge)
    return list(edges.values())


def _label_size(edge: Edge) -> tuple[float, float]:
    lines = [edge.text, edge.note] if edge.note else [edge.text]
    return max(map(len, lines)) * _SMALL + 8, len(lines) * _LINE
