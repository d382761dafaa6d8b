"""No plan makes a kernel read or write outside its arrays: drawn convolutions between guard zones.

The zones around what is read hold NaN, which would spread into the sums; those around what is
written hold a number that must still stand there. The sums themselves are those of NumPy over the
tap tables, on integers, and so exact.
"""

import itertools
import os

import numpy as np
import pytest

from convlab.geometry import AxisGeometry, convolution
from convlab.kernels import convolution as kernels
from convlab.kernels.choice import portable
from convlab.kernels.packing import Packed, packed
from convlab.kernels.tables import Descriptor
from convlab.kernels.threads import run

MANY = int(os.environ.get("CONVLAB_GUARDED", "20000"))
PARTS = 8
ZONE = 4096
MARK = -77.0


def guarded(values, filling):
    """A copy of an array, in the middle of a larger one that is filled with a number."""
    zone = np.full(values.size + 2 * ZONE, filling, values.dtype)
    zone[ZONE : ZONE + values.size] = values.reshape(-1)
    return zone, zone[ZONE : ZONE + values.size].reshape(values.shape)


def drawn_axis(rng):
    """A gather or a scatter with everything that an axis may have; at least one output."""
    while True:
        kernel, stride, dilation = (int(rng.integers(1, top)) for top in (5, 4, 4))
        size = int(rng.integers(1, 24)) if rng.random() < 0.7 else int(rng.integers(1, 5))
        kind = rng.integers(4)
        if kind == 0:
            pads = {f"pad_{end}": int(rng.integers(-1, 5)) for end in ("before", "after")}
            axis = attempt(size, kernel, stride, dilation, **pads)
        elif kind == 1:
            crops = {"crop_before": int(rng.integers(0, 3)), "crop_after": int(rng.integers(-3, 3))}
            axis = attempt(size, kernel, stride, dilation, transposed=True, **crops)
        else:
            reach = (kernel - 1) * dilation + 1
            padding = ("same", "causal")[kind - 2] if size < reach else "valid"
            axis = convolution(size, kernel, stride, dilation, padding)
        if axis is not None and axis.size_out:
            return axis


def attempt(size, kernel, stride, dilation, **more):
    """The axis, or None where its sizes make none."""
    try:
        return AxisGeometry(size, kernel, stride, dilation, **more)
    except ValueError:
        return None


def expected(x, kernel, bias, axes, groups):
    """The convolution by NumPy, from the tap tables."""
    *_, depth, filters = kernel.shape
    y = np.zeros((len(x), *(axis.size_out for axis in axes), filters), x.dtype) + bias
    tables = [axis.taps() for axis in axes]
    for tap in itertools.product(*(range(axis.kernel) for axis in axes)):
        columns = [table[:, t] for table, t in zip(tables, tap, strict=True)]
        outputs = [np.flatnonzero(column >= 0) for column in columns]
        inputs = [column[o] for column, o in zip(columns, outputs, strict=True)]
        read = x[np.ix_(range(len(x)), *inputs, range(x.shape[-1]))]
        read = read.reshape(*read.shape[:-1], groups, depth)
        weights = kernel[tap].reshape(depth, groups, filters // groups)
        products = np.einsum("...gd,dgf->...gf", read, weights)
        into = np.ix_(range(len(x)), *outputs, range(filters))
        y[into] += products.reshape(*products.shape[:-2], filters)
    return y


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_outside_is_read_or_written(part, monkeypatch):
    if part % 2:  # cut into as many work items as there may be
        monkeypatch.setattr(kernels, "_SERIAL_WORK", 0)
        monkeypatch.setattr(kernels, "_ITEM_WORK", 300)
    kernels._job.cache_clear()
    for number in range(part, MANY, PARTS):
        rng = np.random.default_rng([number, 7])
        axes = tuple(
            drawn_axis(rng) for _ in range(int(rng.choice([1, 2, 3], p=[0.45, 0.45, 0.1])))
        )
        dtype = ("float32", "float64")[number % 4 == 3]
        groups = int(rng.choice([1, 1, 2, 3]))
        depth = int(rng.choice([1, 2, 3, 5, 8]))
        filters = groups * int(rng.choice([1, 2, 7, 16, 17, 32, 33, 50]))
        images = int(rng.integers(1, 3))
        draw = lambda *shape: rng.integers(-4, 5, shape).astype(dtype)  # noqa: B023, E731
        x = draw(images, *(axis.size_in for axis in axes), groups * depth)
        kernel = draw(*(axis.kernel for axis in axes), depth, filters)
        bias = draw(filters)
        job = kernels._job(axes, images, dtype, groups * depth, filters, groups)
        held = packed(kernel, bias, groups, job.width, exchanged=False)
        y = np.full((images, *(axis.size_out for axis in axes), filters), MARK, dtype)
        _, inside = guarded(x, np.nan)
        zone, out = guarded(y, MARK)
        zones = [guarded(one, np.nan) for one in held]
        arrays = (inside, out, *(one for _, one in zones))
        if portable():
            kernels._do_plainly(job, *arrays[:2], Packed(*arrays[2:]))
        else:
            descriptor = job.descriptor.copy()
            descriptor[: Descriptor.REGIONS] = [array.ctypes.data for array in arrays]
            run(job.item, descriptor.ctypes.data, job.items, shared=number % 2 == 0)
        told = f"number {number}: {axes}, {dtype}, {groups} groups of {depth}, {filters} filters"
        assert np.array_equal(out, expected(x, kernel, bias, axes, groups)), told
        assert (zone[:ZONE] == MARK).all(), told
        assert (zone[-ZONE:] == MARK).all(), told
    kernels._job.cache_clear()
