"""A drawing of a network as a picture that stands still: SVG, for where no script runs."""

from __future__ import annotations

from html import escape
from zlib import crc32

from convlab.scene.graph.data import Drawing, Edge, Node, State

_COLOURS: dict[State, str] = {
    "": "currentColor",
    "error": "#d33",
    "advice": "#b26a00",
    "culprit": "#b26a00",
    "changed": "#0a7d4f",
}
_SIGNS: dict[State, str] = {
    "": "",
    "error": "\N{MULTIPLICATION SIGN} ",
    "advice": "! ",
    "culprit": "! ",
    "changed": "+ ",
}
_LETTER, _HIGH = 6.4, 16.0
_STYLE = "font: 12px system-ui, sans-serif; color: inherit; max-width: none"


def still(drawing: Drawing) -> str:
    """The drawing as SVG, in the colours of its page; what is wrong is red, and marked by a sign.

    Example:
        >>> from convlab.scene.graph.data import Node
        >>> node = Node("conv", (0,), "Conv2D", "8, 3", "", "8", 1, x=60, y=40, width=90, height=42)
        >>> print(still(Drawing("net", (node,), (), (), 120, 80))[:36])
        <svg role="img" aria-label="net: con
    """
    width, height = drawing.width, drawing.height
    told = ", ".join(_told(node) for node in drawing.nodes)
    label = escape(f"{drawing.name}: {told}", quote=True)
    holes = "".join(map(_hole, drawing.edges))
    mask = f"labels-{crc32(holes.encode()):x}"  # a page may hold several drawings
    lines = "".join(map(_line, drawing.edges))
    words = [*map(_label, drawing.edges), *map(_node, drawing.nodes)]
    return (
        f'<svg role="img" aria-label="{label}" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" style="{_STYLE}">'
        f'<mask id="{mask}" maskUnits="userSpaceOnUse"><rect width="{width:g}" '
        f'height="{height:g}" fill="white"/>{holes}</mask>'
        f'<g mask="url(#{mask})">{lines}</g>{"".join(words)}</svg>'
    )


def _told(node: Node) -> str:
    return f"{node.key} {node.note}".strip()


def _node(node: Node) -> str:
    colour, heavy = _COLOURS[node.state], 2 if node.state else 1
    left, top = node.x - node.width / 2, node.y - node.height / 2
    lines = [f"{_SIGNS[node.state]}{node.key}", f"{node.title} {node.detail}".strip()]
    texts = "".join(
        _text(node.x, node.y - 4 + 15 * at, line, 1 - 0.3 * at, colour)
        for at, line in enumerate(lines)
    )
    return (
        f'<g><title>{escape(node.note or node.shape)}</title><rect x="{left:g}" y="{top:g}" '
        f'width="{node.width:g}" height="{node.height:g}" rx="5" fill="none" stroke="{colour}" '
        f'stroke-width="{heavy}"/>{texts}</g>'
    )


def _line(edge: Edge) -> str:
    colour, heavy = _COLOURS[edge.state], 2 if edge.state else 1
    points = " ".join(f"{x:g},{y:g}" for x, y in edge.points)
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{heavy}" '
        f'opacity="{1 if edge.state else 0.45}"/>'
    )


def _hole(edge: Edge) -> str:
    """Where a line leaves room for its label."""
    lines = _lines(edge)
    (x, y), width = edge.label, _LETTER * max(map(len, lines)) + 8
    high = _HIGH * len(lines)
    return (
        f'<rect x="{x - width / 2:g}" y="{y - high / 2:g}" width="{width:g}" '
        f'height="{high:g}" fill="black"/>'
    )


def _label(edge: Edge) -> str:
    lines, (x, y) = _lines(edge), edge.label
    first = y + 4 - _HIGH / 2 * (len(lines) - 1)
    return "".join(
        _text(x, first + _HIGH * at, line, 1.0 if edge.state else 0.75, _COLOURS[edge.state])
        for at, line in enumerate(lines)
    )


def _lines(edge: Edge) -> list[str]:
    return [edge.text, *([edge.note] if edge.note else [])]


def _text(x: float, y: float, text: str, opacity: float, colour: str) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="middle" fill="{colour}" '
        f'opacity="{opacity:g}">{escape(text)}</text>'
    )
