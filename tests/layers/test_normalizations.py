"""Normalizations: worked examples, weights and their order, training, refusals."""

import numpy as np
import pytest

from convlab.errors import ArgumentError, ArgumentTypeError, ShapeError
from convlab.geometry.links import Along, Every, Grouped
from convlab.layers import (
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    Normalization,
    RMSNormalization,
    UnitNormalization,
)

X = np.random.default_rng(3).standard_normal((2, 4, 5, 6)).astype("float32")


def drawn(layer, shape=X.shape):
    rng = np.random.default_rng(4)
    layer.build(shape)
    layer.set_weights([rng.uniform(0.5, 2, w.shape) for w in layer.weights])
    return layer


@pytest.mark.parametrize("axis", [1, 3, -1, -2])
def test_batch_normalization_is_its_formula(axis):
    layer = drawn(BatchNormalization(axis=axis, epsilon=0.01))
    names = ["gamma", "beta", "moving_mean", "moving_variance"]
    assert [w.name for w in layer.weights] == names
    assert [w.name for w in layer.trainable_weights] == names[:2]
    sizes = [X.shape[axis] if a == axis % 4 else 1 for a in range(4)]
    gamma, beta, mean, variance = (w.reshape(sizes) for w in layer.get_weights())
    expected = gamma * (X - mean) / np.sqrt(variance + 0.01) + beta
    np.testing.assert_allclose(layer(X), expected, rtol=2e-5, atol=2e-6)
    assert layer.cost((None, *X.shape[1:])).params == 4 * X.shape[axis]


def test_frozen_and_bare():
    layer = drawn(BatchNormalization(center=False, scale=False))
    assert [w.name for w in layer.weights] == ["moving_mean", "moving_variance"]
    assert layer.trainable_weights == []
    whole = drawn(BatchNormalization())
    whole.trainable = False
    assert len(whole.non_trainable_weights) == 4
    renormed = drawn(BatchNormalization(renorm=True))
    names = ["moving_stddev", "renorm_mean", "renorm_stddev"]
    assert [w.name for w in renormed.weights][4:] == names


def test_training_is_refused_where_it_would_differ():
    layer = drawn(BatchNormalization())
    with pytest.raises(ArgumentError, match=r"(?s)In training, BatchNorm.*training=False") as info:
        layer(X, training=True)
    assert info.value.fixes == ({"trainable": False},)
    frozen = drawn(BatchNormalization(trainable=False))
    np.testing.assert_array_equal(frozen(X, training=True), layer(X, training=False))


def test_sixteen_bits_are_computed_in_thirty_two():
    layer = drawn(BatchNormalization(dtype="float16"), (None, 1))
    layer.set_weights([[1], [0], [60000], [1]])
    assert layer(np.array([[60000.0]])).tolist() == [[0.0]]
    assert layer(np.array([[1.0]])).dtype == np.float16


def test_what_batch_normalization_refuses():
    with pytest.raises(ShapeError, match=r"(?s)Axis 7 is out of bounds.*Use an axis from"):
        BatchNormalization(axis=7).build((None, 3))
    with pytest.raises(ShapeError, match=r"(?s)should have a defined dimension.*Give axis"):
        BatchNormalization().build((None, None))
    layer = drawn(BatchNormalization())
    with pytest.raises(ShapeError, match=r"(?s)expected ndim=4, found ndim=3"):
        layer(X[0])
    with pytest.raises(ShapeError, match=r"(?s)expected axis -1 .* value 6"):
        layer(X[..., :5])
    with pytest.raises(ShapeError, match=r"(?s)one dimension less.*Give a mask of shape"):
        layer(X, mask=np.ones(3))
    with pytest.raises(ArgumentTypeError, match=r"(?s)`axis` is one number.*axis=-1"):
        BatchNormalization(axis=[1, 2])
    with pytest.raises(ArgumentError, match=r"(?s)`epsilon` is one number.*epsilon=0.001"):
        BatchNormalization(epsilon="a")
    for clipping in ({"x": 1}, {"rmax": 1, "rmin": 2}, {"dmax": -1}):
        with pytest.raises(ArgumentError, match=r"(?s)renorm_clipping.*Use e.g."):
            BatchNormalization(renorm=True, renorm_clipping=clipping)


@pytest.mark.parametrize("axis", [-1, 2, [1, 3], (2, 3)])
def test_layer_normalization_is_its_formula(axis):
    layer = drawn(LayerNormalization(axis=axis, epsilon=0.01))
    axes = tuple(a % 4 for a in axis) if isinstance(axis, (list, tuple)) else (axis % 4,)
    sizes = [X.shape[a] if a in axes else 1 for a in range(4)]
    gamma, beta = (w.reshape(sizes) for w in layer.get_weights())
    centred = X - X.mean(axes, keepdims=True)
    expected = gamma * centred / np.sqrt(X.var(axes, keepdims=True) + 0.01) + beta
    np.testing.assert_allclose(layer(X), expected, rtol=1e-4, atol=1e-5)
    (product,) = layer.dependence(X.shape)
    assert product.links == tuple(Every() if a in axes else Along(a) for a in (1, 2, 3))
    assert layer.get_config()["axis"] == list(axis if isinstance(axis, (list, tuple)) else [axis])


def test_layer_normalization_takes_an_input_in_its_own_dtype():
    x = np.array([[1e6, 1e6 + 1]])
    assert LayerNormalization(epsilon=0.0)(x).tolist() == [[-1, 1]]  # not cast to float32 first
    with pytest.warns(UserWarning, match="deprecated"):
        layer = LayerNormalization(rms_scaling=True, epsilon=0.0)
    assert layer(np.array([[1.0, 3.0]])).tolist() == [[1, 3]]
    assert [w.name for w in layer.weights] == ["gamma"]


@pytest.mark.parametrize(("groups", "axis"), [(2, -1), (-1, -1), (1, 1), (4, 1), (5, 2)])
def test_group_normalization_is_its_formula(groups, axis):
    layer = drawn(GroupNormalization(groups, axis, epsilon=0.01))
    moved = np.moveaxis(X, axis, 1)
    count = moved.shape[1] if groups == -1 else groups
    parts = moved.reshape(2, count, -1)
    spread = np.sqrt(parts.var(2, keepdims=True) + 0.01)
    normal = ((parts - parts.mean(2, keepdims=True)) / spread).reshape(moved.shape)
    gamma, beta = (w.reshape(1, -1, 1, 1) for w in layer.get_weights())
    expected = np.moveaxis(normal * gamma + beta, 1, axis)
    np.testing.assert_allclose(layer(X), expected, rtol=1e-4, atol=1e-5)
    assert layer.get_config()["groups"] == count


def test_groups_of_examples():
    """Keras allows the axis 0, and then takes the mean for each cell of the last axis apart."""
    x = np.concatenate([X, 2 * X])
    layer = drawn(GroupNormalization(2, 0, epsilon=0.01), x.shape)
    parts = x.reshape(2, 2, *X.shape[1:])
    mean = parts.mean((1, 2, 3), keepdims=True)
    normal = (parts - mean) / np.sqrt(parts.var((1, 2, 3), keepdims=True) + 0.01)
    gamma, beta = (w.reshape(2, 2, 1, 1, 1) for w in layer.get_weights())
    expected = (normal * gamma + beta).reshape(x.shape)
    np.testing.assert_allclose(layer(x), expected, rtol=1e-4, atol=1e-5)
    (product,) = layer.dependence(x.shape)
    assert product.links == (Every(), Every(), Along(3))


def test_what_a_group_reads():
    (product,) = GroupNormalization(2).dependence((None, 4, 5, 6))
    assert product.links == (Every(), Every(), Grouped(3, 3, 3))
    (product,) = GroupNormalization(-1).dependence((None, 4, 5, 6))
    assert product.links == (Every(), Every(), Along(3))


def test_what_the_others_refuse():
    with pytest.raises(ArgumentError, match=r"(?s)invalid value for argument `groups`.*or -1"):
        GroupNormalization(0)
    with pytest.raises(ShapeError, match=r"(?s)\(4\) must be a multiple.*divides") as info:
        GroupNormalization(4).build((None, 6))
    assert info.value.fixes == ({"groups": 3}, {"groups": 6})
    with pytest.raises(ShapeError, match=r"(?s)\(32\) cannot be more than.*channels \(6\)"):
        GroupNormalization().build((None, 6))
    with pytest.raises(ShapeError, match=r"(?s)not the batch.*axis=-1"):
        GroupNormalization(1, axis=-2).build((2, 6))
    with pytest.raises(ArgumentTypeError, match=r"(?s)int or a list/tuple of ints.*axis=-1"):
        LayerNormalization(axis="a")
    with pytest.raises(ShapeError, match=r"(?s)normalized once.*axis=\[1\]"):
        LayerNormalization(axis=[1, 1]).build((None, 6))
    with pytest.raises(ArgumentError, match=r"(?s)`epsilon` is one number"):
        LayerNormalization(epsilon="a").build((None, 6))
    with pytest.raises(ShapeError, match=r"(?s)applied to the last axes.*axis=-1"):
        RMSNormalization(axis=1).build((None, 4, 6))
    with pytest.raises(AttributeError, match="build the layer"):
        _ = RMSNormalization().scale


def test_lengths():
    x = np.array([[3.0, 4.0], [0.0, 0.0]])
    np.testing.assert_allclose(UnitNormalization()(x), [[0.6, 0.8], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(UnitNormalization([0, 1])(x), x / 5, rtol=1e-6)
    layer = drawn(RMSNormalization(epsilon=0.0), (None, 2))
    expected = x[:1] / np.sqrt(12.5) * layer.scale.value
    np.testing.assert_allclose(layer(x[:1]), expected, rtol=1e-6)


def test_normalization_of_inputs():
    x = np.array([[1.0, 10.0], [3.0, 30.0]])
    layer = Normalization()
    layer.adapt(x)
    assert [w.name for w in layer.weights] == ["mean", "variance", "count"]
    assert layer.trainable_weights == []
    np.testing.assert_allclose(layer(x), [[-1, -1], [1, 1]], rtol=1e-6)
    back = Normalization(invert=True)
    back.build(x.shape)
    back.set_weights(layer.get_weights())
    np.testing.assert_allclose(back(layer(x)), x, rtol=1e-6)
    given = Normalization(mean=[2, 20], variance=[1, 100])
    np.testing.assert_array_equal(given(x), layer(x))
    assert given.get_config()["mean"] == [2, 20]
    assert given.weights == []
    whole = Normalization(axis=None, mean=1.0, variance=4.0)
    assert whole(np.array([[3]])).tolist() == [[1.0]]


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: Normalization(mean=1.0), "both `mean` and `variance` must be set"),
        (lambda: Normalization(mean=1.0, variance=[1.0]), "must have the same shape"),
        (lambda: Normalization(None, [1.0], [1.0]), "rank of `mean` must be less"),
        (lambda: Normalization(axis=1.5), "an integer, several of them, or None"),
        (lambda: Normalization(axis="a").build((None, 3)), "an integer, several of them, or None"),
        (lambda: Normalization(axis=4).build((None, 3)), r"must be in the range \[-ndim, ndim\)"),
        (lambda: Normalization().build((None, None)), "should have a defined dimension"),
        (lambda: Normalization(-1, [1, 2], [1, 2]).build((None, 3)), "one for each cell"),
        (lambda: Normalization(-1, 1.0, 1.0).adapt(np.ones((2, 3))), "it cannot adapt"),
    ],
)
def test_what_normalization_refuses(make, part):
    with pytest.raises((ArgumentError, ArgumentTypeError, ShapeError), match=part) as info:
        make()
    assert info.value.received
    assert info.value.remedy
