"""Layers that join branches, against loops over single cells; their gradients and refusals."""

import itertools

import numpy as np
import pytest

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentTypeError, DataError, ShapeError

# What each makes of the values at one place, in order.
OF_ONE_CELL = {
    "Add": sum,
    "Multiply": lambda values: np.prod(values, dtype=np.float64),
    "Average": lambda values: sum(values) / len(values),
    "Maximum": max,
    "Minimum": min,
    "Subtract": lambda values: values[0] - values[1],
}
SHAPES = {
    "one": [(2, 3, 4)],
    "two alike": [(2, 3, 4), (2, 3, 4)],
    "three alike": [(2, 5), (2, 5), (2, 5)],
    "channels stretched": [(2, 3, 4, 5), (2, 3, 4, 1)],
    "both stretched": [(2, 3, 1), (2, 1, 4)],
    "of fewer axes": [(2, 3, 4), (2, 4)],
    "fewer first": [(2, 4), (2, 3, 4), (2, 1, 4)],
    "three of three ranks": [(2, 5), (2, 4, 1), (2, 3, 4, 5)],
    "a single example": [(1, 3), (1, 3)],
    "no examples": [(0, 3), (0, 3)],
}


def arrays_of(shapes, seed=0):
    random = np.random.default_rng(seed)
    return [random.normal(size=shape).astype("float32") for shape in shapes]


def naive(function, arrays):
    """Cell by cell; an array of fewer axes has axes of one cell behind the batch."""
    rank = max(x.ndim for x in arrays)
    arrays = [x.reshape(x.shape[0], *[1] * (rank - x.ndim), *x.shape[1:]) for x in arrays]
    out = np.zeros([max(sizes) for sizes in zip(*(x.shape for x in arrays), strict=True)])
    if not all(len(x) for x in arrays):
        return out[:0]
    for place in itertools.product(*map(range, out.shape)):
        out[place] = function(
            [
                float(x[tuple(i if n > 1 else 0 for i, n in zip(place, x.shape, strict=True))])
                for x in arrays
            ]
        )
    return out


def cases():
    for name, shapes in itertools.product(OF_ONE_CELL, SHAPES):
        if name != "Subtract" or len(SHAPES[shapes]) == 2:
            yield pytest.param(name, SHAPES[shapes], id=f"{name}, {shapes}")


@pytest.mark.parametrize(("name", "shapes"), list(cases()))
def test_values_and_shapes(name, shapes):
    layer, arrays = getattr(layers, name)(), arrays_of(shapes)
    found, expected = layer(arrays), naive(OF_ONE_CELL[name], arrays)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-7)
    assert layer.compute_output_shape(shapes) == expected.shape
    assert layer.compute_output_shape([(None, *s[1:]) for s in shapes]) == (
        None,
        *expected.shape[1:],
    )
    symbols = [cl.Input(shape[1:]) for shape in shapes]
    assert layer(symbols).shape == (None, *expected.shape[1:])
    function = getattr(layers, name.lower())
    np.testing.assert_array_equal(function(arrays), found)


@pytest.mark.parametrize(("name", "shapes"), list(cases()))
def test_gradients_are_finite_differences(name, shapes):
    layer = getattr(layers, name)(dtype="float64")
    arrays = [x.astype("float64") for x in arrays_of(shapes, seed=1)]
    y = layer(arrays)
    dy = np.random.default_rng(2).normal(size=y.shape)
    found, weights = layer.vjp(arrays, dy)
    assert weights == []
    step = 1e-6
    for which, x in enumerate(arrays):
        assert found[which].shape == x.shape
        assert found[which].dtype == np.float64
        for place in itertools.product(*map(range, x.shape)):
            sides = []
            for sign in (1, -1):
                moved = [a.copy() for a in arrays]
                moved[which][place] += sign * step
                sides.append(np.sum(layer(moved) * dy))
            slope = (sides[0] - sides[1]) / (2 * step)
            assert found[which][place] == pytest.approx(slope, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Maximum", [[2.0, 3.0], [0, 0], [0, 0]]), ("Minimum", [[2.0, 3.0], [0, 0], [0, 0]])],
)
def test_where_inputs_are_equal_the_first_takes_the_gradient(name, expected):
    x = np.array([[1.0, 5.0]])
    found = getattr(layers, name)().vjp([x, x, x], np.array([[2.0, 3.0]])).inputs
    assert [dx.ravel().tolist() for dx in found] == expected


AXES = [
    ([(2, 3, 4), (2, 3, 5)], -1),
    ([(2, 3, 4), (2, 1, 4), (2, 2, 4)], 1),
    ([(2, 3, 4), (1, 3, 4)], 0),
    ([(2, 3, 4), (2, 3, 4)], -2),
    ([(2, 3)], 1),
    ([(2, 3, 0), (2, 3, 2)], 2),
]


@pytest.mark.parametrize(("shapes", "axis"), AXES)
def test_concatenate(shapes, axis):
    layer, arrays = layers.Concatenate(axis=axis), arrays_of(shapes)
    found = layer(arrays)
    along, before = axis % len(shapes[0]), 0
    for x in arrays:
        for place in itertools.product(*map(range, x.shape)):
            there = list(place)
            there[along] += before
            assert found[tuple(there)] == x[place]
        before += x.shape[along]
    assert found.shape[along] == before
    assert layer.compute_output_shape(shapes) == found.shape
    np.testing.assert_array_equal(layers.concatenate(arrays, axis=axis), found)
    dy = np.random.default_rng(1).normal(size=found.shape).astype("float32")
    dxs = layer.vjp(arrays, dy).inputs
    assert [dx.shape for dx in dxs] == shapes
    np.testing.assert_array_equal(np.concatenate(dxs, axis), dy)


def test_sizes_that_are_not_known():
    assert layers.Add().compute_output_shape([(None, None, 3), (None, 4, 3)]) == (None, None, 3)
    assert layers.Concatenate().compute_output_shape([(None, None, 3), (None, 4, None)]) == (
        None,
        4,
        None,
    )
    assert layers.Concatenate(1).compute_output_shape([(None, None, 3), (2, 4, 3)]) == (2, None, 3)


def test_what_comes_in_as_integers_stays_so():
    ones, twos = np.ones((1, 2), "int32"), np.full((1, 2), 2, "int32")
    assert layers.Add()([ones, twos]).dtype == np.int32
    assert layers.Maximum()([ones, twos]).tolist() == [[2, 2]]
    assert layers.Average()([ones, twos]).tolist() == [[1.5, 1.5]]
    assert layers.Concatenate()([ones, twos]).dtype == np.int32
    assert layers.Concatenate()([ones > 0, twos > 2]).tolist() == [[True, True, False, False]]


def test_one_input_is_handed_on_as_an_array_of_its_own():
    x = np.ones((1, 2), "float32")
    y = layers.Add()([x])
    y += 1
    assert x.tolist() == [[1, 1]]


REFUSALS = [
    ("sizes", lambda: layers.Add()(arrays_of([(2, 3), (2, 4)])), ShapeError,
     r"incompatible shapes. Received shapes \(3,\) and \(4,\)\n.*Crop or pad one of them"),
    ("third", lambda: layers.Multiply()(arrays_of([(2, 3), (2, 1), (2, 4)])), ShapeError,
     r"incompatible shapes. Received shapes \(3,\) and \(4,\)"),
    ("batches", lambda: layers.Average()(arrays_of([(2, 3), (3, 3)])), ShapeError,
     r"different batch sizes.*\[\(2, 3\), \(3, 3\)\]\n.*same number of examples"),
    ("three of two", lambda: layers.Subtract()(arrays_of([(2, 3)] * 3)), ShapeError,
     r"exactly 2 inputs.*\n.*Use Subtract\(\)\(\[a, b\]\)"),
    ("one of two", lambda: layers.Subtract()(arrays_of([(2, 3)])), ShapeError, "exactly 2 inputs"),
    ("an array", lambda: layers.Add()(np.ones((2, 3))), DataError,
     r"`Add` layer should be called on a list of at least 1 input.\n.*Use Add\(\)\(\[a, b\]\)"),
    ("a symbol", lambda: layers.Add()(cl.Input((3,))), ShapeError, "called on a list of at least"),
    ("nothing", lambda: layers.Add()([]), DataError, "called on a list of at least 1 input"),
    ("one shape", lambda: layers.Add().compute_output_shape((None, 3)), ShapeError,
     "not a list of shapes"),
    ("words", lambda: layers.Add()([np.array([["a"]])] * 2), DataError, "needs numbers"),
    ("lists", lambda: layers.Add()([[1.0], [2.0]]), DataError, "Only input tensors may be passed"),
    ("booleans", lambda: layers.Add()([np.array([[True]])] * 2), DataError, "needs numbers"),
    ("other sizes", lambda: layers.Concatenate()(arrays_of([(2, 3, 4), (2, 2, 4)])), ShapeError,
     r"except for the concatenation axis.*\(2, 3, 4\), \(2, 2, 4\).*\n.*but that of axis -1 agree"),
    ("ranks", lambda: layers.Concatenate()(arrays_of([(2, 3, 4), (2, 3)])), ShapeError,
     "matching shapes except"),
    ("axis", lambda: layers.Concatenate(axis=3)(arrays_of([(2, 3, 4)] * 2)), ShapeError,
     "matching shapes except"),
    ("gradient", lambda: layers.Add().vjp(arrays_of([(2, 3)] * 2), np.ones((2, 2))), ShapeError,
     r"has the output's shape.\n.*\(2, 2\), for the output shape \(2, 3\)"),
    ("integers", lambda: layers.Add().vjp([np.ones((1, 2), "int32")] * 2, np.ones((1, 2))),
     DataError, r"Only floats have a gradient.\n.*int32, int32.*astype"),
    ("an argument", lambda: layers.Add()(arrays_of([(2, 3)]), axis=1), ArgumentTypeError,
     "call of Add has no argument `axis`"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "error", "words"), [one[1:] for one in REFUSALS], ids=[one[0] for one in REFUSALS]
)
def test_refusals(call, error, words):
    with pytest.raises(error, match=words) as caught:
        call()
    assert all(caught.value.told[part] for part in ("rule", "remedy"))


def test_configs_make_the_layer_again():
    for layer in (layers.Add(name="sum"), layers.Concatenate(axis=1, name="both")):
        again = type(layer).from_config(layer.get_config())
        assert again.get_config() == layer.get_config()
        assert again.name == layer.name
        assert repr(again) == repr(layer)
    assert layers.Concatenate(axis=1).get_config()["axis"] == 1
