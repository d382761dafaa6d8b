"""A small picture of one axis: cells, padding and windows, read off its table of taps."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from convlab.geometry import PADDING, AxisGeometry

_CELL, _GAP, _MOST = 16, 3, 40
_WINDOWS = 3


def picture(axis: AxisGeometry | None) -> str:
    """An axis as SVG that stands alone: its input with padding, and its first windows below.

    It does not tell the output's size. Empty where there is nothing to see: no axis, one that is
    too long, or one of a transposed layer.

    Args:
        axis: an axis of known size.

    Example:
        >>> from convlab.geometry import convolution
        >>> picture(convolution(8, 3, stride=2, padding="same")).count('class="window"')
        3
    """
    if axis is None or axis.size_in is None or axis.transposed or not axis.size_out:
        return ""
    places, marks = axis.positions()
    first = min(0, int(places.min()))
    last = max(axis.size_in - 1, int(places[marks == PADDING].max(initial=0)))
    if last - first >= _MOST:
        return ""
    rows = min(_WINDOWS, len(places))
    width = (last - first + 1) * (_CELL + _GAP) + _GAP
    height = (rows + 1) * (_CELL + _GAP) + _GAP
    body = [*_cells(axis.size_in, first, last)]
    for row in range(rows):
        body += _window(places[row] - first, row + 1)
    told = f"{axis.size_in} cells of input and the first {rows} windows of {axis.kernel} taps"
    return (
        f'<svg class="axis" role="img" aria-label="{told}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{"".join(body)}</svg>'
    )


def _cells(size: int, first: int, last: int) -> Iterator[str]:
    for place in range(first, last + 1):
        inside = 0 <= place < size
        kind = "cell" if inside else "padding"
        fill = 'fill="currentColor" fill-opacity="0.18"' if inside else 'fill="none"'
        dashes = "" if inside else ' stroke-dasharray="3 2"'
        yield (
            f'<rect class="{kind}" x="{_at(place - first)}" y="{_GAP}" width="{_CELL}" '
            f'height="{_CELL}" rx="2" {fill} stroke="currentColor" stroke-opacity="0.6"{dashes}/>'
        )


def _window(places: np.ndarray[tuple[int, ...], np.dtype[np.int64]], row: int) -> Iterator[str]:
    """The taps of a window, each under the cell that it reads."""
    y = _GAP + row * (_CELL + _GAP)
    left, right = _at(int(places[0])), _at(int(places[-1])) + _CELL
    yield (
        f'<line class="window" x1="{left}" x2="{right}" y1="{y + _CELL / 2}" '
        f'y2="{y + _CELL / 2}" stroke="#c2185b" stroke-width="2"/>'
    )
    for place in places.tolist():
        x = _at(int(place)) + _CELL / 2
        yield f'<circle cx="{x}" cy="{y + _CELL / 2}" r="{_CELL / 2 - 2}" fill="#c2185b"/>'


def _at(place: int) -> int:
    return _GAP + place * (_CELL + _GAP)
