"""Feature maps, and what a unit reads of them, as small pictures for the boxes of a drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.scene.data import Norm, Table

LARGEST = 64
"""Cells of a small picture along its sides, at most."""

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Small:
    """A picture of one byte a cell.

    Attributes:
        cells: `(rows, columns)`; of a feature map which of 256 colours, of cells that are read 0
            or 1.
        sizes: how many rows and columns of the layer it stands for.
        table: which table of colours.
        text: what it shows, in words.
    """

    cells: NDArray[np.uint8]
    sizes: tuple[int, int]
    table: Table = "magnitude"
    text: str = ""


def plane(values: Array, places: Sequence[int]) -> Array:
    """One example as rows and columns: the mean of its channels; of a volume the middle slice.

    A signal is a row a channel; what has no places is one row.

    Args:
        values: one example, without the batch.
        places: its axes that are not the channels'.

    >>> plane(np.arange(8.0).reshape(2, 2, 2), (0, 1)).tolist()
    [[0.5, 2.5], [4.5, 6.5]]
    >>> plane(np.ones((5, 3)), (0,)).shape, plane(np.ones(7), ()).shape
    ((3, 5), (1, 7))
    """
    if len(places) == 0:
        return values.reshape(1, -1)
    if len(places) == 1:
        return np.moveaxis(values, places[0], -1).reshape(-1, values.shape[places[0]])
    rest = tuple(axis for axis in range(values.ndim) if axis not in places)
    return _middle(values.mean(axis=rest) if rest else values)


def _middle(values: Array) -> Array:
    while values.ndim > 2:
        values = values[len(values) // 2]
    return values


def small_map(values: Array, places: Sequence[int], table: Table | None = None) -> Small:
    """A feature map, coloured by its own range.

    Args:
        values: one example, without the batch.
        places: its axes that are not the channels'.
        table: which table of colours; by default one for its signs.
    """
    whole = plane(np.asarray(values, np.float64), places)
    means = _reduced(whole, np.add) / _reduced(np.ones_like(whole), np.add)
    norm = Norm.of(means, table)
    share = np.nan_to_num((means - norm.low) / (norm.high - norm.low))
    cells = np.clip(share * 256, 0, 255).astype(np.uint8)
    return Small(cells, (whole.shape[0], whole.shape[1]), norm.table)


def small_mask(mask: Array, text: str = "", channels: int = 1) -> Small:
    """Which cells are read; of a volume, of any of its slices.

    Args:
        mask: booleans over the axes that are not the channels'.
        text: what is read, in words.
        channels: how many rows a signal has.
    """
    deep = tuple(range(mask.ndim - 2))
    flat: Array = np.asarray(mask.any(axis=deep)) if deep else mask
    if flat.ndim < 2:
        flat = np.broadcast_to(flat.reshape(1, -1), (channels, flat.size))
    cells = _reduced(flat.astype(np.uint8), np.maximum).astype(np.uint8)
    return Small(cells, (flat.shape[0], flat.shape[1]), text=text)


def _reduced(values: Array, gather: np.ufunc) -> Array:
    """The rows and columns gathered into `LARGEST` at most."""
    for axis, size in enumerate(values.shape):
        if size > LARGEST:
            starts = np.arange(LARGEST) * size // LARGEST
            values = gather.reduceat(values, starts, axis=axis)
    return values


def packed(pictures: Mapping[str, Small]) -> dict[str, Any]:
    """Small pictures as they travel: what each is, and all of their bytes in one.

    >>> told = packed({"conv": Small(np.ones((2, 3), np.uint8), (4, 6))})
    >>> told["items"]["conv"], len(told["data"])
    ({'width': 3, 'height': 2, 'at': 0, 'sizes': [4, 6], 'table': 'magnitude', 'text': ''}, 6)
    """
    items, parts, at = {}, [], 0
    for key, picture in pictures.items():
        height, width = picture.cells.shape
        told = {"width": width, "height": height, "at": at, "sizes": list(picture.sizes)}
        items[key] = {**told, "table": picture.table, "text": picture.text}
        parts.append(picture.cells.tobytes())
        at += height * width
    return {"items": items, "data": b"".join(parts)}
