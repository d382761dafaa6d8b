"""A convolution of arrays: plan, pack, allocate, and let the kernel fill."""

from __future__ import annotations

import ctypes
from functools import lru_cache
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ShapeError
from convlab.geometry import AxisGeometry
from convlab.kernels.choice import portable
from convlab.kernels.packing import Packed, packed
from convlab.kernels.regions import Regions, Shapes, regions
from convlab.kernels.tables import Descriptor
from convlab.kernels.threads import over_rows, run
from convlab.kernels.work import dense_item

Array = NDArray[Any]

_SERIAL_WORK = 1_000_000
"""Multiply-adds below which a second thread costs more than it saves."""

_ITEM_WORK = 4_000_000
"""Multiply-adds of a work item."""

_FEW_TILES = 64
"""Where an image has no more tiles, items share the blocks of filters too."""


def convolve(
    x: Array,
    kernel: Array,
    bias: Array | None,
    axes: tuple[AxisGeometry, ...],
    groups: int = 1,
    *,
    exchanged: bool = False,
) -> Array:
    """Convolve (as the field means it: the kernel is not flipped), and add the bias.

    Args:
        x: float32 or float64 `(batch, *sizes, channels)`.
        kernel: the same dtype, `(*kernel sizes, channels / groups, filters)`.
        bias: the same dtype, `(filters,)`, or None.
        axes: the geometry of each of one to three spatial axes.
        groups: into how many equal parts channels and filters are divided.
        exchanged: whether the kernel's last two axes are exchanged, as a transposed layer keeps it.

    Returns:
        An array of the same dtype, `(batch, *output sizes, filters)`.

    Raises:
        ShapeError: the arrays do not fit the geometry.

    Example:
        >>> x = np.arange(4, dtype="float32").reshape(1, 4, 1)
        >>> kernel = np.array([1, 10], "float32").reshape(2, 1, 1)
        >>> convolve(x, kernel, None, (AxisGeometry(4, kernel=2),)).ravel()
        array([10., 21., 32.], dtype=float32)
    """
    _check(x, kernel, bias, axes, groups, exchanged=exchanged)
    return prepared(x.shape, kernel, bias, axes, groups, exchanged=exchanged)(x)


def prepared(
    shape: tuple[int, ...],
    kernel: Array,
    bias: Array | None,
    axes: tuple[AxisGeometry, ...],
    groups: int = 1,
    *,
    exchanged: bool = False,
) -> Prepared:
    """A convolution of inputs of one shape, but for their numbers; the arguments must fit.

    Args:
        shape: of the input.
        kernel: as `convolve` takes it, and so on.
        bias: the same.
        axes: the same.
        groups: the same.
        exchanged: the same.
    """
    filters = kernel.shape[-2] if exchanged else kernel.shape[-1]
    sizes = tuple(axis.size_out or 0 for axis in axes)
    whole = (shape[0], *sizes, filters)
    if 0 in whole:
        return Prepared(whole, kernel.dtype, None, None)
    job = _job(axes, shape[0], kernel.dtype.name, shape[-1], filters, groups)
    held = packed(kernel, bias, groups, job.width, exchanged=exchanged)
    return Prepared(whole, kernel.dtype, job, held)


class Prepared:
    """A convolution that needs nothing but an input: planned, and its weights packed.

    Args:
        shape: of the output.
        dtype: of input and output.
        job: the job; None where the output has no number.
        held: the packed weights.
    """

    __slots__ = ("_descriptor", "_dtype", "_held", "_job", "_kind", "_shape")

    def __init__(
        self, shape: tuple[int, ...], dtype: np.dtype[Any], job: _Job | None, held: Packed | None
    ) -> None:
        self._shape, self._dtype, self._job, self._held = shape, dtype, job, held
        if job is not None and held is not None:
            descriptor = job.descriptor.copy()
            places = [Descriptor.WEIGHTS, Descriptor.BIAS]
            descriptor[places] = [array.ctypes.data for array in held]
            self._kind = ctypes.c_int64 * Descriptor.FIELDS
            self._descriptor = descriptor.tobytes()

    def __call__(self, x: Array) -> Array:
        """The output for an input, which must have the shape and the dtype."""
        y = np.empty(self._shape, self._dtype)
        job = self._job
        if job is None:
            return y
        if not (x.flags.c_contiguous and x.flags.aligned):
            x = np.require(x, requirements=["C_CONTIGUOUS", "ALIGNED"])
        if not job.item:
            _do_plainly(job, x, y, cast("Packed", self._held))
            return y
        descriptor = self._kind.from_buffer_copy(self._descriptor)
        descriptor[0] = x.ctypes.data
        descriptor[1] = y.ctypes.data
        run(job.item, ctypes.addressof(descriptor), job.items, shared=job.shared)
        return y


def _do_plainly(job: _Job, x: Array, y: Array, held: Packed) -> None:
    """Let the plain loops do what the vector code does."""
    from convlab.kernels.portable.dense import do_items  # imports Numba
    from convlab.kernels.vector.target import host

    arrays = (plain(x).reshape(-1), y.reshape(-1), *held)
    tables, tile = job.kept[:3], (host().pixels, host().few)
    over_rows(
        lambda part: do_items(job.descriptor, tables, arrays, tile, part),
        job.items,
        shared=job.shared,
    )


class _Job(NamedTuple):
    """A convolution but for its numbers.

    Attributes:
        item: the address of what does a work item.
        descriptor: as in `tables`, but for the first four addresses.
        items: how many work items there are.
        shared: whether threads should share them.
        width: filters of a block.
        kept: what the addresses of the descriptor lie in.
    """

    item: int
    descriptor: Array
    items: int
    shared: bool
    width: int
    kept: Regions


@lru_cache(maxsize=256)
def _job(
    axes: tuple[AxisGeometry, ...],
    images: int,
    dtype: str,
    channels: int,
    filters: int,
    groups: int,
) -> _Job:
    """The job of a convolution, and how it is cut into items."""
    from convlab.kernels.vector.target import host  # imports llvmlite

    target = host()
    depth, group_filters = channels // groups, filters // groups
    vectors = 2 if group_filters > target.lanes(dtype) else 1
    width = vectors * target.lanes(dtype)
    group_blocks = -(-group_filters // width)
    blocks = groups * group_blocks
    chain = _chain(axes, depth)
    shapes = Shapes(channels, depth, filters, chain, target.pixels, target.few)
    tables = regions(axes, shapes)
    work = images * tables.cells_out * tables.taps * depth * filters
    tile_parts, block_parts = _parts(work, images, tables.tiles, blocks)
    descriptor = np.zeros(Descriptor.FIELDS, np.int64)
    descriptor[Descriptor.REGIONS :] = [
        *(table.ctypes.data for table in tables[:3]),
        len(tables.regions),
        tables.cells_in * channels,
        tables.cells_out * filters,
        depth,
        group_filters,
        group_blocks,
        tables.taps * depth,
        tables.tiles,
        tile_parts,
        blocks,
        block_parts,
    ]
    items = images * tile_parts * block_parts
    item = 0 if portable() else dense_item(dtype, vectors)
    return _Job(item, descriptor, items, work > _SERIAL_WORK, width, tables)


def _parts(work: int, images: int, tiles: int, blocks: int) -> tuple[int, int]:
    """Into how many parts the tiles and the blocks of filters of an image are cut."""
    if work <= _SERIAL_WORK:
        return 1, 1
    parts = max(-(-work // _ITEM_WORK // images), 1)
    block_parts = min(blocks, max(parts // 4, 1)) if tiles <= _FEW_TILES else 1
    return max(1, min(tiles, parts // block_parts)), block_parts


def _chain(axes: tuple[AxisGeometry, ...], depth: int) -> int:
    """How many products are summed in one go: about as many as TensorFlow, which is as accurate.

    A transposed convolution with strides it computes tap by tap.
    """
    strided = any(axis.transposed and axis.stride > 1 for axis in axes)
    return max(64, depth) if strided else 768


def plain(array: Array) -> Array:
    """The array, C-contiguous and writeable: Numba would compile anew for another kind."""
    return np.require(array, requirements=["C_CONTIGUOUS", "WRITEABLE"])


def _check(
    x: Array,
    kernel: Array,
    bias: Array | None,
    axes: tuple[AxisGeometry, ...],
    groups: int,
    *,
    exchanged: bool,
) -> None:
    """Refuse what does not fit: the kernel itself looks at no index."""
    channels, filters = kernel.shape[:-3:-1] if exchanged else kernel.shape[-2:]
    fits = (
        x.dtype == kernel.dtype == (kernel if bias is None else bias).dtype
        and x.dtype in (np.float32, np.float64)
        and x.shape[1:] == (*(axis.size_in for axis in axes), channels * groups)
        and kernel.shape[:-2] == tuple(axis.kernel for axis in axes)
        and filters % groups == 0
        and (bias is None or bias.shape == (filters,))
    )
    if not fits:
        raise ShapeError(
            "The arrays of a convolution do not fit its geometry.",
            received=f"x {x.dtype} {x.shape}, kernel {kernel.dtype} {kernel.shape}, "
            f"bias {None if bias is None else bias.shape}, groups={groups}, {axes}",
        )
