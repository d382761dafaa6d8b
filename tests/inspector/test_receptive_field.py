"""Receptive fields of made-up networks, against what moves when their inputs are disturbed."""

import itertools

import numpy as np
import pytest
from made_up_networks import network

import convlab as cl

IMPULSE = 1e4
MOVED = 1e-11
"""A unit that reads the impulse grows by far more than this share; float64 rounds at 1e-16."""

DRAWS = [
    pytest.param(rank, first, seed, id=f"{rank}D-{'first' if first else 'last'}-{seed}")
    for rank, first, seed in itertools.product((1, 2, 3), (False, True), range(10))
]


def responses(net, examples, which, impulse):
    """The outputs of every layer: first undisturbed, then with an impulse at each cell."""
    cells = examples[which].size
    batch = [np.repeat(x[None], cells + 1, axis=0) for x in examples]
    batch[which].reshape(cells + 1, -1)[np.arange(1, cells + 1), np.arange(cells)] += impulse
    maps = net.model.feature_maps(batch if len(batch) > 1 else batch[0])
    return {name.partition(":")[0]: found for name, found in maps.items()}  # of calls the last


def some_units(rng, net, found, count=4):
    """Some units of some layers: the layer's name, and the unit's place along every axis."""
    names = sorted(found.keys() - {tensor.name for tensor in net.model.inputs})
    for name in rng.permutation(names)[:count]:
        yield str(name), tuple(int(rng.integers(size)) for size in found[name].shape[1:])


def drawn(rank, first, seed, of):
    """A network, an example for each input, and a source of further draws."""
    net = network(seed, rank, first, of)
    rng = np.random.default_rng(seed)
    return net, net.examples(rng), rng


@pytest.mark.parametrize(("rank", "first", "seed"), DRAWS)
def test_a_unit_reads_what_moves_it(rank, first, seed):
    net, examples, rng = drawn(rank, first, seed, "anything")
    for which, example in enumerate(examples):
        found = responses(net, examples, which, IMPULSE)
        for name, index in some_units(rng, net, found):
            values = found[name][(slice(None), *index)]
            moves = (values[1:] - values[0] > MOVED * values[0]).reshape(example.shape)
            told = cl.receptive_field(net.model, name, index).inputs
            told = told.get(net.model.inputs[which].name)
            reads = told.mask if told else np.zeros(example.shape, bool)
            np.testing.assert_array_equal(reads, moves, f"{name} {index}: {net.steps}")
            if told:
                lies_within_what_is_told(told)


def lies_within_what_is_told(field):
    """No cell that the unit reads lies outside of the size around the centre."""
    for cells, size, centre in zip(field.indices, field.size, field.center, strict=True):
        if len(cells) and size is not None:
            assert cells[-1] - cells[0] < size
            if centre is not None:
                assert centre - (size - 1) / 2 <= cells[0]
                assert cells[-1] <= centre + (size - 1) / 2


@pytest.mark.parametrize(("rank", "first", "seed"), DRAWS)
def test_as_many_paths_as_a_one_moves_the_unit_by(rank, first, seed):
    net, examples, rng = drawn(rank, first, seed, "paths")
    for which, example in enumerate(examples):
        found = responses(net, examples, which, 1.0)
        for name, index in some_units(rng, net, found):
            values = found[name][(slice(None), *index)]
            ways = np.rint(values[1:] - values[0]).reshape(example.shape)
            told = cl.receptive_field(net.model, name, index).inputs
            told = told.get(net.model.inputs[which].name)
            if told is None:
                assert not ways.any()
                continue
            np.testing.assert_array_equal(
                told.paths, ways.max(axis=0 if first else -1), str(net.steps)
            )
            shares = told.effective(weights=False)
            np.testing.assert_array_equal(shares, told.paths / max(told.paths.sum(), 1))


@pytest.mark.parametrize(("rank", "first", "seed"), DRAWS[::2])
def test_every_cell_that_is_read_has_a_slope(rank, first, seed):
    net, examples, rng = drawn(rank, first, seed, "smooth")
    given = [x[None] for x in examples]
    given = given if len(given) > 1 else given[0]
    found = net.model.feature_maps(given)
    own = {layer.name for layer in net.model.layers}  # not those of nested models
    found = {name: maps for name, maps in found.items() if name in own}
    for name, index in some_units(rng, net, found, count=3):
        if isinstance(net.model.get_layer(name), cl.Model):
            continue
        for field in cl.receptive_field(net.model, name, index).inputs.values():
            effective = field.effective(given)
            reads = field.mask.any(axis=0 if first else -1)
            np.testing.assert_array_equal(effective > 0, reads, str(net.steps))
            assert effective.sum() == pytest.approx(float(reads.any()))
