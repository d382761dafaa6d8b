"""Weights in the order in which the tiles read them, packed once for as long as they live."""

from __future__ import annotations

import weakref
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Packed(NamedTuple):
    """Weights and bias by block of filters.

    Attributes:
        weights: float `(blocks, rows, width)`; filters that do not exist are zero.
        bias: float `(blocks, width)`.
    """

    weights: Array
    bias: Array


_KEPT: dict[tuple[Any, ...], tuple[Any, Any, Packed]] = {}


def packed(
    kernel: Array, bias: Array | None, groups: int, width: int, *, exchanged: bool
) -> Packed:
    """The weights and the bias of a convolution, packed; kept if neither can be written to.

    Args:
        kernel: `(*kernel sizes, channels / groups, filters)`.
        bias: `(filters,)`, or None.
        groups: into how many parts channels and filters are divided.
        width: filters of a block.
        exchanged: whether the kernel's last two axes are exchanged.
    """
    if kernel.flags.writeable or (bias is not None and bias.flags.writeable):
        return _pack(kernel, bias, groups, width, exchanged=exchanged)
    key = (id(kernel), id(bias), groups, width, exchanged)
    found = _KEPT.get(key)
    if found is not None:
        return found[2]
    made = _pack(kernel, bias, groups, width, exchanged=exchanged)

    def forget(_: Any) -> None:
        _KEPT.pop(key, None)

    other = kernel if bias is None else bias
    _KEPT[key] = (weakref.ref(kernel, forget), weakref.ref(other, forget), made)
    return made


def _pack(kernel: Array, bias: Array | None, groups: int, width: int, *, exchanged: bool) -> Packed:
    if exchanged:
        kernel = kernel.swapaxes(-1, -2)
    filters = kernel.shape[-1] // groups
    blocks = -(-filters // width)
    rows = kernel.size // max(kernel.shape[-1], 1)
    weights = aligned((groups * blocks, rows, width), kernel.dtype)
    starts = aligned((groups * blocks, width), kernel.dtype)
    starts[...] = 0
    for block in range(groups * blocks):
        first = block // blocks * filters + block % blocks * width
        end = min(first + width, (block // blocks + 1) * filters)
        target = weights[block].reshape(*kernel.shape[:-1], width)
        target[..., : end - first] = kernel[..., first:end]
        target[..., end - first :] = 0
        if bias is not None:
            starts[block, : end - first] = bias[first:end]
    return Packed(weights, starts)


def aligned(shape: tuple[int, ...], dtype: Any) -> Array:
    """An array without values that begins where a vector may be loaded at once."""
    count = int(np.prod(shape)) * np.dtype(dtype).itemsize
    buffer = np.empty(count + 64, np.uint8)
    first = -buffer.ctypes.data % 64
    array: Array = buffer[first : first + count].view(dtype).reshape(shape)
    return array
