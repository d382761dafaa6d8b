"""Initial values: laws and bounds, repetition, Keras's forms."""

import math
import random

import numpy as np
import pytest

from convlab.layers import initializers

SHAPE = (5, 5, 16, 32)
FAN_IN, FAN_OUT = 5 * 5 * 16, 5 * 5 * 32


@pytest.mark.parametrize(
    ("name", "variance"),
    [
        ("glorot_uniform", 2 / (FAN_IN + FAN_OUT)),
        ("glorot_normal", 2 / (FAN_IN + FAN_OUT)),
        ("he_uniform", 2 / FAN_IN),
        ("he_normal", 2 / FAN_IN),
        ("lecun_uniform", 1 / FAN_IN),
        ("lecun_normal", 1 / FAN_IN),
        ("variance_scaling", 1 / FAN_IN),
        ("random_normal", 0.05**2),
        ("random_uniform", 0.1**2 / 12),
        ("truncated_normal", (0.05 * 0.87962566) ** 2),
    ],
)
def test_variance(name, variance):
    values = initializers.get(name)(SHAPE)
    assert values.dtype == np.float32
    assert values.var() == pytest.approx(variance, rel=0.05)
    assert abs(values.mean()) < 5 * math.sqrt(variance / values.size)


@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("glorot_uniform", math.sqrt(6 / (FAN_IN + FAN_OUT))),
        ("he_uniform", math.sqrt(6 / FAN_IN)),
        ("lecun_uniform", math.sqrt(3 / FAN_IN)),
        ("he_normal", 2 * math.sqrt(2 / FAN_IN) / 0.87962566103423978),
        ("truncated_normal", 0.1),
        ("random_uniform", 0.05),
    ],
)
def test_bounds_are_reached_and_not_passed(name, bound):
    largest = np.abs(initializers.get(name)(SHAPE, "float64")).max()
    assert 0.98 * bound < largest <= bound


def test_fans():
    assert initializers.compute_fans((3, 3, 4, 8)) == (36, 72)
    assert initializers.compute_fans((6, 8)) == (6, 8)
    assert initializers.compute_fans((7,)) == (7, 7)
    assert initializers.compute_fans(()) == (1, 1)
    assert initializers.compute_fans((2, 3, 5), input_axes=(0,), output_axes=(1, 2)) == (2, 15)


def test_the_same_seed_and_the_same_instance_repeat():
    first = initializers.HeNormal(seed=3)
    np.testing.assert_array_equal(first(SHAPE), initializers.HeNormal(seed=3)(SHAPE))
    assert (first(SHAPE) != initializers.HeNormal(seed=4)(SHAPE)).any()
    unseeded = initializers.HeNormal()
    np.testing.assert_array_equal(unseeded(SHAPE), unseeded(SHAPE))
    assert (unseeded(SHAPE) != initializers.HeNormal()(SHAPE)).any()
    assert initializers.HeNormal(seed=-1)(SHAPE).shape == SHAPE


def test_pythons_seed_makes_unseeded_ones_repeat():
    random.seed(1)
    first = initializers.RandomNormal()((3,))
    random.seed(1)
    np.testing.assert_array_equal(first, initializers.RandomNormal()((3,)))


@pytest.mark.parametrize("shape", [(4, 4), (3, 3, 2, 5), (2, 9)])
def test_orthogonal(shape):
    matrix = 2 * np.asarray(initializers.Orthogonal(seed=0)(shape, "float64"))
    matrix = matrix.reshape(-1, shape[-1])
    gram = matrix.T @ matrix if matrix.shape[0] >= matrix.shape[1] else matrix @ matrix.T
    np.testing.assert_allclose(gram, 4 * np.eye(len(gram)), atol=1e-12)
    with pytest.raises(ValueError, match="must be at least two-dimensional"):
        initializers.Orthogonal()((3,))


def test_constants():
    assert (initializers.Constant(2.5)((2, 3)) == 2.5).all()
    assert (initializers.get("ones")((2,)) == 1).all()
    assert (initializers.get("zero")((2,), "float64") == 0).all()
    np.testing.assert_array_equal(initializers.Identity(3)((2, 2)), [[3, 0], [0, 3]])
    with pytest.raises(ValueError, match="can only be used for 2D matrices"):
        initializers.Identity()((2, 2, 2))


def test_get():
    assert initializers.get(None) is None
    assert isinstance(initializers.get("HeNormal"), initializers.HeNormal)
    assert isinstance(initializers.get(initializers.Ones), initializers.Ones)
    assert isinstance(initializers.get("uniform"), initializers.RandomUniform)
    config = {"class_name": "Constant", "config": {"value": 3}}
    assert (initializers.get(config)((2,)) == 3).all()
    assert initializers.get(np.ones) is np.ones


@pytest.mark.parametrize(
    ("identifier", "message"),
    [
        ("foo", "Could not interpret initializer identifier: foo"),
        (3, "Could not interpret initializer identifier: 3"),
        ({"class_name": "Foo"}, "Could not interpret initializer identifier"),
        ({"class_name": "HeNormal", "config": {"x": 1}}, "Could not make the initializer HeNormal"),
        ("constant", "The initializer 'constant' needs a value"),
    ],
)
def test_unknown(identifier, message):
    with pytest.raises(ValueError, match=message):
        initializers.get(identifier)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: initializers.VarianceScaling(scale=0), "Argument `scale` must be positive"),
        (lambda: initializers.VarianceScaling(mode="fan"), "Invalid `mode` argument: fan"),
        (lambda: initializers.VarianceScaling(distribution="x"), "Invalid `distribution` argument"),
        (lambda: initializers.HeNormal(seed="a"), "`seed` argument should be an integer"),
    ],
)
def test_bad_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    "initializer",
    [
        initializers.Zeros(),
        initializers.Constant(2.0),
        initializers.RandomNormal(1.0, 2.0, seed=3),
        initializers.VarianceScaling(2.0, "fan_out", "normal", 7),
        initializers.Orthogonal(gain=2, seed=1),
        initializers.Values(np.arange(25.0).reshape(5, 5)),
    ],
)
def test_round_trip(initializer):
    again = initializers.deserialize(initializers.serialize(initializer))
    np.testing.assert_array_equal(again((5, 5)), initializer((5, 5)))
    assert initializers.serialize(again) == initializers.serialize(initializer)


def test_custom_objects():
    class Threes(initializers.Initializer):
        def values(self, shape):
            return np.full(shape, 3)

    written = initializers.serialize(Threes())
    assert written["registered_name"] == "Threes"
    assert (initializers.deserialize(written, {"Threes": Threes})((2,)) == 3).all()
    with pytest.raises(ValueError, match="Could not interpret"):
        initializers.deserialize(written)


def test_the_base_is_abstract():
    with pytest.raises(NotImplementedError):
        initializers.Initializer()((2,))
