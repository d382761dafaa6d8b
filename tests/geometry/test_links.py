"""What sets of outputs read, against tables in which every output lists the cells that it reads."""

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.geometry import convolution, nearest, transposed, zero_padding
from convlab.geometry.links import (
    Along,
    At,
    Every,
    Grouped,
    Picked,
    Product,
    Recurrent,
    Reshaped,
    broadcast,
    elementwise,
)

SIZE = st.integers(1, 4)


@st.composite
def links(draw, axis):
    """A link to an axis of the output, the sizes of both, and for each output what it reads."""
    kind = draw(st.sampled_from(["same", "relation", "grouped", "picked"]))
    n = draw(SIZE)
    if kind == "same":
        return Along(axis), n, n, [[o] for o in range(n)]
    if kind == "relation":
        made = draw(st.sampled_from(RELATIONS))(n)
        taps = [[int(cell) for cell in row if cell >= 0] for row in made.taps()]
        return Along(axis, made), n, made.size_out, taps
    if kind == "grouped":
        inputs, outputs = draw(SIZE), draw(SIZE)
        cells = [[*range(g * inputs, (g + 1) * inputs)] for g in range(n) for _ in range(outputs)]
        return Grouped(axis, inputs, outputs), n * inputs, n * outputs, cells
    indices = draw(st.lists(st.integers(-1, n - 1), min_size=1, max_size=5))
    return Picked(axis, tuple(indices)), n, len(indices), [[i] * (i >= 0) for i in indices]


RELATIONS = [
    lambda n: convolution(n, 3, padding="same"),
    lambda n: convolution(n, 2, stride=2, padding="same"),
    lambda n: transposed(n, 3, 2),
    lambda n: zero_padding(n, 1, 2),
    lambda n: nearest(n, 2),
]


@st.composite
def products(draw):
    """A product of links, the sizes of the input and of the output, and what each output reads."""
    order = draw(st.permutations([1, 2, 3]))[: draw(st.integers(1, 3))]
    rank_out = max(order)
    made = [draw(links(axis)) for axis in order]
    unlinked = draw(st.lists(st.sampled_from(["every", "at"]), max_size=2))
    for kind in unlinked:
        n = draw(SIZE)
        places = draw(st.lists(st.integers(0, n - 1), unique=True)) if kind == "at" else range(n)
        link = At(tuple(places)) if kind == "at" else Every()
        made.insert(draw(st.integers(0, len(made))), (link, n, None, list(places)))
    sizes_out = [1] * rank_out
    for link, _, size_out, _ in made:
        if size_out is not None:
            sizes_out[link.axis - 1] = size_out
    sizes_out = [n if a + 1 in order else draw(SIZE) for a, n in enumerate(sizes_out)]
    free = [axis for axis in range(1, rank_out + 1) if axis not in order]
    only = tuple((axis, draw(st.integers(0, sizes_out[axis - 1] - 1))) for axis in free[:1])
    product = Product(tuple(link for link, *_ in made), only)
    sizes = tuple(size for _, size, _, _ in made)

    def reads(output):
        """The cells that one output reads, each as often as paths lead there."""
        if any(output[a - 1] != place for a, place in only):
            return []
        parts = [
            cells if size_out is None else cells[output[link.axis - 1]]
            for link, _, size_out, cells in made
        ]
        return list(itertools.product(*parts))

    return product, sizes, tuple(sizes_out), reads


def listed(outputs, reads, sizes):
    """How often cells are read by some outputs, each of which counts as often as it says."""
    found = Counter()
    for output, times in outputs.items():
        for cell in reads(output):
            found[cell] += times
    counts = np.zeros(sizes, int)
    for cell, times in found.items():
        counts[cell] = times
    return counts


@given(products(), st.randoms(use_true_random=False))
def test_what_outputs_read_and_how_often(made, random):
    product, sizes, sizes_out, reads = made
    places = list(itertools.product(*map(range, sizes_out)))
    some = {place: random.randint(1, 3) for place in places if random.random() < 0.4}
    if any(isinstance(link, Grouped) for link in product.links):
        some = dict(itertools.islice(some.items(), 1))  # the outputs of a group count once
    counts = np.zeros(sizes_out, int)
    for place, times in some.items():
        counts[place] = times
    expected = listed(some, reads, sizes)
    np.testing.assert_array_equal(np.broadcast_to(product.pull(counts, sizes), sizes), expected)
    found = product.pull(counts > 0, sizes)
    assert found.dtype == bool
    np.testing.assert_array_equal(np.broadcast_to(found, sizes), expected > 0)


@given(products())
def test_an_axis_of_outputs_all_alike_may_stand_as_one(made):
    product, sizes, sizes_out, _ = made
    whole = product.pull(np.ones(sizes_out, bool), sizes)
    short = product.pull(np.ones([1] * len(sizes_out), bool), sizes)
    np.testing.assert_array_equal(*(np.broadcast_to(found, sizes) for found in (whole, short)))


@pytest.mark.parametrize("make", RELATIONS)
@pytest.mark.parametrize("size", [1, 4, 5])
def test_outputs_all_alike_count_as_often_as_they_read(make, size):
    axis = make(size)
    product = Product((Along(1, axis),))
    whole = product.pull(np.ones(axis.size_out, int), (size,))
    short = product.pull(np.ones(1, int), (size,))
    np.testing.assert_array_equal(np.broadcast_to(short, (size,)), whole)


def test_the_outputs_of_a_group_count_once():
    grouped = Product((Grouped(1, inputs=2, outputs=3),))
    assert grouped.pull(np.array([1, 2, 1, 0, 0, 4]), (4,)).tolist() == [2, 2, 4, 4]


SHAPES = [(2, 3, 4), (6, 4), (4, 6), (24,), (2, 1, 12), (3, 8), (2, 3, 2, 2), (1, 24)]


@pytest.mark.parametrize(("sizes_in", "sizes_out"), list(itertools.product(SHAPES, SHAPES)))
def test_a_reshape_is_numpy_s(sizes_in, sizes_out):
    made = Reshaped.between(sizes_in, sizes_out)
    cells = np.arange(24).reshape(sizes_out)
    np.testing.assert_array_equal(made.pull(cells, sizes_in), np.arange(24).reshape(sizes_in))
    where = np.indices(sizes_out).reshape(len(sizes_out), -1)
    was = np.indices(sizes_in).reshape(len(sizes_in), -1)
    for a, link in enumerate(made.links):
        if sizes_in[a] == 1:
            continue
        kept = [b + 1 for b in range(len(sizes_out)) if np.array_equal(was[a], where[b])]
        assert [link.axis] == kept if link else not kept


@pytest.mark.parametrize(
    ("sizes_in", "sizes_out", "kept"),
    [
        ((None, 4, 3), (None, 12), [1, None, None]),
        ((None, 4, 3), (None, 2, 2, 3), [1, None, 4]),
        ((None, 4, 3), (None, 4, 6), [None, None, None]),
        ((4, 3, None), (4, 3, None), [1, 2, 3]),
        ((None, None, 3), (None, 3), [None, None, 2]),
        ((None, 5), (7, None), [None, None]),
    ],
)
def test_axes_that_a_reshape_keeps_of_unknown_sizes(sizes_in, sizes_out, kept):
    links = Reshaped.between(sizes_in, sizes_out).links
    assert [link and link.axis for link in links] == kept


def test_a_reshape_that_takes_the_cells_in_another_order():
    sizes = (2, 3, 4)  # the channels first
    made = Reshaped((24,), (None,) * 3, order=(1, 2, 0))
    flat = np.moveaxis(np.arange(24).reshape(sizes), 0, -1).reshape(24)
    np.testing.assert_array_equal(made.pull(flat, sizes), np.arange(24).reshape(sizes))
    assert made.pull(np.ones((1,), bool), sizes).shape == (1, 1, 1)


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("sequences", [False, True])
def test_a_recurrent_layer_step_by_step(sequences, backwards):
    times, width = 4, 5
    step, state = convolution(width, 2), convolution(width - 1, 3, padding="same")
    made = Recurrent(
        Product((Along(1, step), Every())),
        Product((Along(1, state), Every())),
        sequences,
        backwards,
    )
    rng = np.random.default_rng(0)
    shape = (times, width - 1, 1) if sequences else (width - 1, 1)
    given = rng.integers(0, 3, shape)

    def ends(time, place):
        """The cells of the input that a state reads, by every path, without its channels."""
        at = times - 1 - time if backwards else time
        yield from ((at, int(cell)) for cell in step.taps()[place] if cell >= 0)
        if time:
            before = [int(cell) for cell in state.taps()[place] if cell >= 0]
            for cell in [*before, place]:  # and the memory of its own place
                yield from ends(time - 1, cell)

    expected = np.zeros((times, width), int)
    for index in np.argwhere(given):
        time = int(index[0]) if sequences else times - 1
        for cell in ends(time, int(index[-2])):
            expected[cell] += given[tuple(index)]
    found = made.pull(given, (times, width, 1))
    np.testing.assert_array_equal(found[..., 0], expected)
    np.testing.assert_array_equal(made.pull(given > 0, (times, width, 1))[..., 0], expected > 0)


@pytest.mark.parametrize(
    ("shape", "shape_out"),
    [
        ((None, 3, 4), (None, 3, 4)),
        ((None, 1, 4), (None, 3, 4)),
        ((None, 3, 1), (None, 3, 1)),
        ((None, 4), (None, 3, 4)),
        ((1, 1), (None, 3, 4)),
    ],
)
def test_broadcasting_is_numpy_s(shape, shape_out):
    made = broadcast(shape, shape_out)
    sizes, sizes_out = shape[1:], shape_out[1:]
    cells = np.arange(np.prod(sizes)).reshape(sizes)
    spread = np.broadcast_to(cells.reshape((1,) * (len(sizes_out) - len(sizes)) + sizes), sizes_out)
    for output in np.ndindex(*sizes_out):
        unit = np.zeros(sizes_out, bool)
        unit[output] = True
        read = np.broadcast_to(made.pull(unit, sizes), sizes)
        np.testing.assert_array_equal(read, cells == spread[output])


def test_an_axis_of_one_cell_that_is_not_stretched_is_its_own():
    assert broadcast((None, 3, 1), (None, 3, 1)).links == (Along(1), Along(2))
    assert broadcast((None, 3, 1), (None, 3, 4)).links == (Along(1), Every())


def test_elementwise_reads_its_own_place():
    unit = np.zeros((3, 4), bool)
    unit[1, 2] = True
    np.testing.assert_array_equal(elementwise(3).pull(unit, (3, 4)), unit)
