"""Receptive fields of chains of layers, against paths that are walked one by one.

The oracle knows no formula: for one unit it goes back through the taps of each layer, along one
axis at a time, and writes down where every path ends.
"""

import itertools
from collections import Counter

import naive
import numpy as np
import pytest

import convlab as cl
from convlab import layers

FIRST = {"data_format": "channels_first"}


class Axis:
    """One axis of a chain: the settings of each layer, and the cells that each output reads."""

    def __init__(self, size):
        self.sizes = [size]
        self.reads = []  # per layer: a function from an output to the cells that its taps lie on
        self.period = 1  # so many units further on, what is read repeats

    def add(self, size, reads):
        self.sizes.append(size)
        self.reads.append(reads)

    def conv(self, k, s, d, padding):
        before, _, size = naive.pads(self.sizes[-1], k, s, d, padding)
        self.add(size, lambda o: [o * s + tap * d - before for tap in range(k)])

    def transposed(self, k, s, padding):
        n = self.sizes[-1]
        size, cut = naive.transposed_size(n, k, s, padding, None)
        self.period *= s
        self.add(
            size, lambda o: [i for i in range(n) for tap in range(k) if i * s + tap - cut == o]
        )

    def repeated(self, times):
        self.period *= times
        self.add(self.sizes[-1] * times, lambda o: [o // times])

    def shifted(self, before, after):
        """Padded, or cropped by negative numbers."""
        self.add(self.sizes[-1] + before + after, lambda o: [o - before])

    def ends(self, unit, depth=None):
        """Where each path from a unit ends: each cell as often as paths lead there."""
        depth = len(self.reads) if depth is None else depth
        if depth == 0:
            return Counter([unit])
        inside = [i for i in self.reads[depth - 1](unit) if 0 <= i < self.sizes[depth - 1]]
        return sum((self.ends(i, depth - 1) for i in inside), Counter())

    def counts(self, unit):
        """The number of paths to each cell."""
        ends = self.ends(unit)
        return np.array([ends[cell] for cell in range(self.sizes[0])])


def chain(seed, rank, first, size, kinds=None, fastest=3):
    """A drawn chain of layers over axes of some size, and its axes for the oracle."""
    rng = np.random.default_rng(seed)
    axes = [Axis(size + a) for a in range(rank)]
    sizes = tuple(axis.sizes[0] for axis in axes)
    symbol = start = cl.Input((2, *sizes) if first else (*sizes, 2))
    for kind in rng.choice(kinds or [*STEPS], size=rng.integers(2, 5)):
        symbol = STEPS[kind](rng, axes, rank, fastest, FIRST if first else {})(symbol)
    return start, symbol, axes


def each(rng, low, high, rank):
    return tuple(int(n) for n in rng.integers(low, high + 1, rank))


def conv(rng, axes, rank, fastest, form):
    kernel, strides, dilation = each(rng, 1, 4, rank), each(rng, 1, fastest, rank), (1,) * rank
    if rng.random() < 0.5:
        strides, dilation = dilation, each(rng, 1, 3, rank)
    padding = str(rng.choice(["valid", "same"]))
    for axis, k, s, d in zip(axes, kernel, strides, dilation, strict=True):
        axis.conv(k, s, d, padding)
    made = getattr(layers, f"Conv{rank}D")
    return made(2, kernel, strides, padding, dilation_rate=dilation, **form)


def pool(rng, axes, rank, fastest, form):
    size, strides = each(rng, 1, 3, rank), each(rng, 1, fastest, rank)
    name, padding = str(rng.choice(["Max", "Average"])), str(rng.choice(["valid", "same"]))
    for axis, k, s in zip(axes, size, strides, strict=True):
        axis.conv(k, s, 1, padding)
    return getattr(layers, f"{name}Pooling{rank}D")(size, strides, padding, **form)


def transposed(rng, axes, rank, fastest, form):
    kernel, strides = each(rng, 1, 4, rank), each(rng, 1, fastest, rank)
    padding = str(rng.choice(["valid", "same"]))
    for axis, k, s in zip(axes, kernel, strides, strict=True):
        axis.transposed(k, s, padding)
    return getattr(layers, f"Conv{rank}DTranspose")(2, kernel, strides, padding, **form)


def repeat(rng, axes, rank, _, form):
    times = each(rng, 2, 3, 1) * rank
    for axis in axes:
        axis.repeated(times[0])
    if rank == 1:
        return in_last(layers.UpSampling1D(times[0]), form)
    return getattr(layers, f"UpSampling{rank}D")(times, **form)


def pad(rng, axes, rank, _, form):
    pairs = tuple(each(rng, 0, 2, 2) for _ in range(rank))
    for axis, (before, after) in zip(axes, pairs, strict=True):
        axis.shifted(before, after)
    return getattr(layers, f"ZeroPadding{rank}D")(pairs[0] if rank == 1 else pairs, **form)


def crop(rng, axes, rank, _, form):
    pairs = tuple(each(rng, 0, 2, 2) for _ in range(rank))
    for axis, (before, after) in zip(axes, pairs, strict=True):
        axis.shifted(-before, -after)
    if rank == 1:
        return in_last(layers.Cropping1D(pairs[0]), form)
    return getattr(layers, f"Cropping{rank}D")(pairs, **form)


def in_last(layer, form):
    """A layer that takes the channels last alone, between two that turn them."""
    if not form:
        return layer
    return lambda x: layers.Permute((2, 1))(layer(layers.Permute((2, 1))(x)))


STEPS = {
    "conv": conv,
    "pool": pool,
    "transposed": transposed,
    "repeat": repeat,
    "pad": pad,
    "crop": crop,
}

GATHERS = ["conv", "pool", "pad", "crop"]

DRAWS = [
    pytest.param(rank, first, seed, id=f"{rank}D-{'first' if first else 'last'}-{seed}")
    for rank, first, seed in itertools.product((1, 2, 3), (False, True), range(8))
]


@pytest.mark.parametrize(("rank", "first", "seed"), DRAWS)
def test_cells_and_path_counts_are_those_walked(rank, first, seed):
    start, symbol, axes = chain(seed, rank, first, size={1: 14, 2: 11, 3: 9}[rank])
    model = cl.Model(start, symbol)
    rng = np.random.default_rng(seed)
    corners = [(0,) * rank, tuple(axis.sizes[-1] - 1 for axis in axes)]
    drawn = [tuple(int(rng.integers(axis.sizes[-1])) for axis in axes) for _ in range(3)]
    for unit in corners + drawn:
        field = cl.receptive_field(model, index=unit)
        counts = [axis.counts(o) for axis, o in zip(axes, unit, strict=True)]
        whole = counts[0]
        for more in counts[1:]:
            whole = np.multiply.outer(whole, more)
        np.testing.assert_array_equal(field.paths, whole)
        np.testing.assert_array_equal(field.mask.all(axis=0 if first else -1), whole > 0)
        np.testing.assert_array_equal(field.mask.any(axis=0 if first else -1), whole > 0)
        for cells, along in zip(field.indices, counts, strict=True):
            expected = np.flatnonzero(along) if whole.any() else []
            np.testing.assert_array_equal(cells, expected)


@pytest.mark.parametrize(("rank", "first", "seed"), DRAWS)
def test_size_stride_padding_and_centre_are_those_of_units_inside(rank, first, seed):
    start, symbol, axes = chain(seed, rank, first, size=1500)
    model = cl.Model(start, symbol)
    field = cl.receptive_field(model)
    for at, axis in enumerate(axes):
        begin = axis.sizes[-1] // 2 // axis.period * axis.period  # a unit like the first
        walked = [sorted(axis.ends(begin + o)) for o in range(2 * axis.period)]
        ends = [(cells[0], cells[-1]) if cells else None for cells in walked]
        assert field.size[at] == max(last - first + 1 for first, last in filter(None, ends))
        for one, next_one in zip(ends, ends[axis.period :], strict=False):
            if one:
                assert next_one[0] - one[0] == field.stride[at] * axis.period
        for o, bounds in list(enumerate(ends))[:4]:
            unit = tuple(begin + o if a == at else 0 for a in range(rank))
            expected = sum(bounds) / 2 if bounds else None
            assert cl.receptive_field(model, index=unit).center[at] == expected
        moved = begin * field.stride[at]
        assert field.padding[at] == (moved - ends[0][0] if ends[0] else None)
        assert field.center[at] == (sum(ends[0]) / 2 - moved if ends[0] else None)


@pytest.mark.parametrize("seed", range(30))
def test_branches_are_aligned_where_their_fields_have_one_centre(seed):
    of = {"size": 2000, "kinds": GATHERS, "fastest": 1 + seed % 2}
    start, left, one = chain(seed, 2, first=False, **of)
    other, right, two = chain(seed + 100, 2, first=False, **of)
    sizes = [min(a.sizes[-1], b.sizes[-1]) for a, b in zip(one, two, strict=True)]
    branches = (left, cl.Model(other, right)(start))
    parts = [x[:, : sizes[0], : sizes[1]] for x in branches]
    field = cl.receptive_field(cl.Model(start, layers.Add(name="join")(parts)))
    (join,) = [join for join in field.joins if join.layer == "join"]
    for at, (a, b) in enumerate(zip(one, two, strict=True)):
        unit = sizes[at] // 2
        left, right = centre(a, unit), centre(b, unit)
        if centre(a, unit + 1) - left != centre(b, unit + 1) - right:
            assert (field.aligned[at], field.offset[at]) == (False, None)
            assert field.size[at] is field.stride[at] is field.center[at] is None
        else:
            assert (field.aligned[at], field.offset[at]) == (left == right, abs(left - right))
            reads = sorted({*a.ends(unit), *b.ends(unit)})
            assert field.size[at] == reads[-1] - reads[0] + 1
        assert (join.aligned[at], join.offset[at]) == (field.aligned[at], field.offset[at])


def centre(axis, unit):
    cells = sorted(axis.ends(unit))
    return (cells[0] + cells[-1]) / 2
