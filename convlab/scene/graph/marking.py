"""What is to be said of layers and edges: errors, advice, the layer that lost a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from convlab.scene.graph.data import Edge, Node, State

_Key = TypeVar("_Key")

_WEIGHT: Mapping[State, int] = {"": 0, "changed": 1, "advice": 2, "culprit": 3, "error": 4}


@dataclass(frozen=True)
class Mark:
    """What is said of a node or an edge."""

    state: State
    note: str = ""


@dataclass
class Marks:
    """What is said of each.

    Attributes:
        nodes: by the name of the layer.
        edges: by the names of the layers at both ends.
    """

    nodes: dict[str, Mark] = field(default_factory=dict)
    edges: dict[tuple[str, str], Mark] = field(default_factory=dict)

    def add_node(self, key: str, mark: Mark) -> None:
        """Say it of a layer, unless something graver is said already."""
        _add(self.nodes, key, mark)

    def add_edge(self, source: str, target: str, mark: Mark) -> None:
        """Say it of an edge, unless something graver is said already."""
        _add(self.edges, (source, target), mark)

    def on(self, node: Node) -> Node:
        """The node with its mark; of folded layers, the gravest."""
        found = [self.nodes[key] for key in (node.folded or (node.key,)) if key in self.nodes]
        if not found:
            return node
        mark = max(found, key=lambda one: _WEIGHT[one.state])
        return replace(node, state=mark.state, note=mark.note)

    def along(self, edge: Edge, source: str, target: str) -> Edge:
        """The edge with its mark."""
        mark = self.edges.get((source, target))
        return replace(edge, state=mark.state, note=mark.note) if mark else edge


def _add(marks: dict[_Key, Mark], key: _Key, mark: Mark) -> None:
    before = marks.get(key)
    if before is None or _WEIGHT[before.state] < _WEIGHT[mark.state]:
        marks[key] = mark
