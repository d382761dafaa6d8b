"""Other values of a layer's arguments that give it another size, the least change first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from convlab.errors import ConvlabError
from convlab.layers.base import Layer, Shape
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.cropping import BaseCropping
from convlab.layers.kernel_layer import KernelLayer
from convlab.layers.pooling import BasePooling
from convlab.layers.spatial import Spatial
from convlab.layers.up_sampling import BaseUpSampling
from convlab.layers.zero_padding import BaseZeroPadding

Given = dict[str, Any]

_MOST_STRIDE = 4


def has_padding(layer: Layer) -> bool:
    """Whether a layer has the argument `padding` with the values "valid" and "same"."""
    if not isinstance(layer, KernelLayer | BasePooling | ConvLSTM):
        return False
    return layer.padding in ("valid", "same", "causal")


def other_padding(layer: Layer) -> Iterator[Given]:
    """The other padding of a convolution or a pooling."""
    if has_padding(layer):
        padding = layer.padding  # type: ignore[attr-defined]
        yield {"padding": "same" if padding == "valid" else "valid"}


_MOST_AMOUNTS = 32
"""So many output paddings are tried at most, the smallest ones; a stride is hardly larger."""


def output_paddings(layer: Layer, shape: Shape, axes: Collection[int]) -> Iterator[Given]:
    """Other output paddings of a transposed convolution, alone or with the other padding.

    Args:
        layer: any layer; one of another kind has none.
        shape: what it reads.
        axes: the places of the axes whose size is to change; along others it stays.
    """
    if not isinstance(layer, BaseConvTranspose):
        return
    for padding in (layer.padding, "valid" if layer.padding == "same" else "same"):
        changed = {} if padding == layer.padding else {"padding": padding}
        if changed:
            yield changed
        for amount in range(min(max(map(int, layer.strides)), _MOST_AMOUNTS)):
            found = _output_padding(layer, shape, axes, amount, padding)
            if found is not None and found != layer.output_padding:
                yield {"output_padding": found, **changed}


def _output_padding(
    layer: BaseConvTranspose, shape: Shape, axes: Collection[int], amount: int, padding: str
) -> Any:
    """One amount along some axes, and along the others what keeps their size."""
    places = spatial_axes(layer, len(shape))
    sizes = _sizes(layer, shape)
    found = []
    for n, axis in enumerate(places):
        stride = int(layer.strides[n])
        if axis in axes:
            if amount >= stride:
                return None
            found.append(amount)
            continue
        for kept in range(min(stride, _MOST_AMOUNTS)):
            same = tuple(kept for _ in places)
            try:
                tried = layer.replace(name=layer.name, output_padding=same, padding=padding)
            except ConvlabError:
                continue
            if _sizes(tried, shape)[n] == sizes[n]:
                found.append(kept)
                break
        else:
            return None
    return found[0] if len(set(found)) == 1 else tuple(found)


def windows(layer: Layer, shape: Shape, axes: Collection[int]) -> Iterator[Given]:
    """Other kernels, strides, pools and factors along some axes."""
    if not isinstance(layer, Spatial):
        return
    places = spatial_axes(layer, len(shape))
    if isinstance(layer, BaseUpSampling):
        for factor in range(1, _MOST_STRIDE + 1):
            yield from _with(layer, "size", places, axes, factor)
        return
    name = "pool_size" if isinstance(layer, BasePooling) else "kernel_size"
    old = getattr(layer, name, None)
    if not isinstance(old, tuple):
        return
    for stride in range(1, _MOST_STRIDE + 1):
        yield from _with(layer, "strides", places, axes, stride)
    for more in (1, -1, 2, -2):
        new = tuple(
            max(int(size) + more, 1) if axis in axes else size
            for axis, size in zip(places, old, strict=True)
        )
        if new != old:
            changed: Given = {name: _short(new)}
            if isinstance(layer, BasePooling):
                changed["strides"] = _short(layer.strides)  # which follow the pool by default
            yield changed


def _with(
    layer: Layer, name: str, places: Sequence[int], axes: Collection[int], value: int
) -> Iterator[Given]:
    """One value of an argument along some axes."""
    old = getattr(layer, name)
    values = old if isinstance(old, tuple) else (old,) * len(places)
    new = tuple(
        value if axis in axes else int(one) for axis, one in zip(places, values, strict=True)
    )
    if new != tuple(map(int, values)):
        given: Given = {name: _short(new)}
        if name == "strides" and isinstance(layer, BasePooling):
            given = {"strides": _short(new)}
        yield given


def amounts(layer: Layer, shape: Shape, more: dict[int, int]) -> Iterator[Given]:
    """Another cropping or padding of a layer that crops or pads.

    Args:
        layer: any layer; one of another kind has none.
        shape: what it reads.
        more: for some axes by how many cells the output is to grow.
    """
    if not isinstance(layer, BaseCropping | BaseZeroPadding):
        return
    crops = isinstance(layer, BaseCropping)
    name = "cropping" if crops else "padding"
    given = getattr(layer, name)
    pairs = [given] if layer.rank == 1 else list(given)
    found = []
    for axis, (before, after) in zip(spatial_axes(layer, len(shape)), pairs, strict=True):
        grow = more.get(axis, 0) * (-1 if crops else 1)
        total = int(before) + int(after) + grow
        if total < 0:
            return
        even = before == after or abs(grow) > int(after)
        lead = total // 2 if even else min(int(before), total)
        found.append((lead, total - lead))
    yield {name: found[0] if layer.rank == 1 else tuple(found)}


def spatial_axes(layer: Spatial, rank: int) -> list[int]:
    """The places of a layer's spatial axes in a shape."""
    channel = layer.channel_axis % rank
    return [axis for axis in range(rank - layer.rank - 1, rank) if axis != channel][-layer.rank :]


def _sizes(layer: Spatial, shape: Shape) -> list[int | None]:
    try:
        return [axis.size_out for axis in layer.geometry(shape)[0]]
    except ConvlabError:
        return [-1] * layer.rank


def _short(values: Sequence[Any]) -> Any:
    """One number where all are equal, as a layer takes it."""
    plain = tuple(int(value) for value in values)
    return plain[0] if len(set(plain)) == 1 else plain
