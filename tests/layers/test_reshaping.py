"""Flatten, Reshape, Permute and RepeatVector: worked examples, unknown sizes, refusals."""

import numpy as np
import pytest

from convlab.errors import ArgumentError, ArgumentTypeError, ShapeError
from convlab.geometry.links import Along
from convlab.layers import Flatten, Permute, RepeatVector, Reshape

X = np.arange(24.0).reshape(1, 2, 3, 4)


def test_flatten():
    assert Flatten()(X).tolist() == [list(range(24))]
    first = Flatten(data_format="channels_first")
    assert first(X).tolist() == [X[0].transpose(1, 2, 0).ravel().tolist()]
    assert Flatten()(np.ones(3)).shape == (3, 1)
    assert Flatten().compute_output_shape((None, 3, None)) == (None, None)
    assert Flatten().compute_output_shape((5,)) == (5, 1)
    with pytest.raises(ShapeError, match=r"(?s)min_ndim=1, found ndim=0.*needs an input"):
        Flatten().compute_output_shape(())


def test_what_flatten_reads_with_the_channels_first():
    (dependence,) = Flatten("channels_first").dependence(X.shape)
    unit = np.zeros(24, bool)
    unit[5] = True
    (place,) = np.argwhere(dependence.pull(unit, (2, 3, 4)))
    assert X[(0, *place)] == Flatten("channels_first")(X)[0, 5]


def test_reshape():
    assert Reshape((3, -1))(X).tolist() == X.reshape(1, 3, 8).tolist()
    assert Reshape((-1, 4)).compute_output_shape((None, 6, 2)) == (None, 3, 4)
    assert Reshape((-1, 4)).compute_output_shape((None, None, 2)) == (None, None, 4)
    assert Reshape((2, 4)).compute_output_shape((None, None)) == (None, 2, 4)
    assert Reshape(()).compute_output_shape((7,)) == (7,)
    assert repr(Reshape((2, 2))) == "Reshape((2, 2))"
    assert Reshape([2, 2]).get_config()["target_shape"] == (2, 2)


@pytest.mark.parametrize("target", [(5, 5), (-1, 7), (0, -1), (24, 24)])
def test_numbers_that_do_not_fill_the_shape(target):
    with pytest.raises(
        ShapeError, match=r"(?s)total size.*must be unchanged.*product is 24"
    ) as info:
        Reshape(target)(X)
    assert Reshape(**info.value.fixes[0])(X).shape == (1, 24)


def test_targets_that_are_none():
    with pytest.raises(ArgumentError, match=r"(?s)at most one unknown dimension.*Use sizes"):
        Reshape((-1, -1))
    with pytest.raises(ArgumentError, match=r"(?s)non-negative integer.*Use sizes"):
        Reshape((-2, 3))
    with pytest.raises(ArgumentTypeError, match=r"(?s)tuple of sizes.*target_shape=\(-1,\)"):
        Reshape(4)


def test_permute():
    layer = Permute((3, 1, 2))
    assert layer(X).tolist() == X.transpose(0, 3, 1, 2).tolist()
    assert layer.compute_output_shape((None, 2, None, 4)) == (None, 4, 2, None)
    (product,) = layer.dependence(X.shape)
    assert product.links == (Along(2), Along(3), Along(1))
    assert repr(Permute((1,))) == "Permute((1,))"
    with pytest.raises(ShapeError, match=r"(?s)expected ndim=4, found ndim=3.*needs an input"):
        layer.compute_output_shape((None, 2, 3))


@pytest.mark.parametrize("dims", [(0, 1), (1, 1), (2, 3), ("a",)])
def test_orders_that_are_none(dims):
    refused = (ArgumentError, ArgumentTypeError)
    with pytest.raises(refused, match=r"(?s)(must be consecutive|counted from 1).*dims"):
        Permute(dims)


def test_repeat_vector():
    layer = RepeatVector(2)
    assert layer(np.array([[1, 3]])).tolist() == [[[1, 3], [1, 3]]]
    assert layer.compute_output_shape((None, None)) == (None, 2, None)
    with pytest.raises(ShapeError, match=r"(?s)expected ndim=2, found ndim=3.*\(batch, features\)"):
        layer(np.ones((1, 2, 3)))
    with pytest.raises(ArgumentTypeError, match=r"(?s)integer value for `n`.*n=2"):
        RepeatVector(1.5)
    with pytest.raises(ArgumentError, match=r"(?s)positive integer.*n=2"):
        RepeatVector(0)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int64", "float16"])
def test_every_dtype_is_kept(dtype):
    x = np.ones((2, 3, 4), dtype)
    kept = "float32" if dtype == "float16" else dtype
    for layer in (Flatten(), Reshape((-1,)), Permute((2, 1))):
        assert layer(x).dtype == kept
        assert layer.output_dtype(dtype) == kept
        assert layer.cost(x.shape).macs == 0
