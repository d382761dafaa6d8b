"""What a drawing of a network is made of: frozen dataclasses of plain data, sizes in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["", "error", "advice", "culprit", "changed"]
"""What is to be said of a node or an edge: "culprit" lost what is missing at an "error"."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Node:
    """A layer, or layers that are folded into one.

    Args:
        key: its name; of a layer's later calls "name:1", as in `Model.feature_maps`.
        rows: which rows of the trace it stands for.
        title: the class of the layer, or what is folded.
        detail: its arguments in short.
        family: which family its class belongs to, which colours it.
        shape: what it gives.
        params: the numbers in its weights; None where that is not known.
        state: what is to be said of it.
        note: the same in a sentence.
        group: the innermost group that it lies in and that can be folded, or "".
        folded: the names of the layers that are folded into it.
        x: its centre.
        y: its centre.
        width: of its box.
        height: of its box.
        rank: how many ranks lie above it.
    """

    key: str
    rows: tuple[int, ...]
    title: str
    detail: str
    family: str
    shape: str
    params: int | None
    state: State = ""
    note: str = ""
    group: str = ""
    folded: tuple[str, ...] = ()
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    rank: int = 0


@dataclass(frozen=True)
class Edge:
    """What one node hands on to another.

    Args:
        source: the number of the node that gives it.
        target: the number of the node that reads it.
        branch: which of the target's inputs it is.
        text: its shape.
        state: what is to be said of it.
        note: the same in a few words, below the shape.
        points: from the source's box to the target's.
        label: the centre of the text.
    """

    source: int
    target: int
    branch: int
    text: str
    state: State = ""
    note: str = ""
    points: tuple[Point, ...] = ()
    label: Point = (0.0, 0.0)


@dataclass(frozen=True)
class Frame:
    """The box around a group that is not folded.

    Args:
        key: the group's name.
        left: its edge.
        top: its edge.
        width: from edge to edge.
        height: from edge to edge.
    """

    key: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Drawing:
    """A network, drawn from top to bottom.

    Args:
        name: the model's.
        nodes: the layers, each after those that it reads.
        edges: what they hand on.
        frames: the groups that are not folded, the outer before the inner.
        width: of all of it.
        height: of all of it.
    """

    name: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    frames: tuple[Frame, ...]
    width: float
    height: float

    def node(self, key: str) -> Node | None:
        """The node of a layer, or that it is folded into; None where there is none."""
        for node in self.nodes:
            if node.key == key or key in node.folded:
                return node
        return None
