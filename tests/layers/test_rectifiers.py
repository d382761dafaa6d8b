"""Activations as layers: worked examples, integers, weights, refusals."""

import warnings

import numpy as np
import pytest

from convlab.errors import ArgumentError, ArgumentTypeError, DataError, ShapeError
from convlab.layers import (
    ELU,
    Activation,
    Identity,
    LeakyReLU,
    PReLU,
    ReLU,
    Softmax,
    ThresholdedReLU,
)

X = np.array([[-4.0, -0.5, 0.0, 0.5, 3.0, 9.0]])


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (ReLU(), [0, 0, 0, 0.5, 3, 9]),
        (ReLU(max_value=6), [0, 0, 0, 0.5, 3, 6]),
        (ReLU(negative_slope=0.5), [-2, -0.25, 0, 0.5, 3, 9]),
        (ReLU(threshold=1.0), [0, 0, 0, 0, 3, 9]),
        (ReLU(4.0, 0.5, 1.0), [-2.5, -0.75, -0.5, -0.25, 3, 4]),
        (LeakyReLU(0.5), [-2, -0.25, 0, 0.5, 3, 9]),
        (PReLU("ones"), [-4, -0.5, 0, 0.5, 3, 9]),
        (ThresholdedReLU(0.5), [0, 0, 0, 0, 3, 9]),
        (Activation("relu6"), [0, 0, 0, 0.5, 3, 6]),
        (Identity(), [-4, -0.5, 0, 0.5, 3, 9]),
    ],
)
def test_worked_examples(layer, expected):
    y = layer(X)
    assert y.tolist() == [expected]
    assert y.dtype == np.float32
    assert layer.compute_output_shape((None, None)) == (None, None)


def test_curves():
    np.testing.assert_allclose(ELU(2.0)(X)[0, :2], 2 * np.expm1([-4, -0.5]), rtol=1e-6)
    np.testing.assert_allclose(Activation("tanh")(X), np.tanh(X), rtol=1e-6)


def test_integers():
    x = np.array([[-4, 3, 9]])
    assert ReLU(max_value=6)(x).tolist() == [[0, 3, 6]]
    assert ReLU(max_value=6)(x).dtype == x.dtype
    for layer in (ReLU(negative_slope=0.5), LeakyReLU(0.5)):
        assert layer(x).tolist() == [[-2, 3, 9]]
        assert layer(x).dtype.name == layer.output_dtype("int64") == "float32"
    assert Activation("linear")(x > 0).dtype == bool
    with pytest.raises(DataError, match=r"(?s)needs floats.*astype"):
        Activation("sigmoid")(x)
    for layer in (ELU(), Softmax(), PReLU()):
        with pytest.raises(DataError, match=r"(?s)needs floats.*astype"):
            layer(x)


def test_glu_halves_the_last_axis():
    layer = Activation("glu")
    assert layer(np.zeros((1, 4))).shape == layer.called_shape((1, 4)) == (1, 2)


def test_shared_axes():
    layer = PReLU("ones", shared_axes=[1, 2])
    layer.build((None, None, None, 3))
    assert layer.alpha.shape == (1, 1, 3)
    assert layer(-np.ones((1, 5, 6, 3))).shape == (1, 5, 6, 3)
    assert PReLU().cost((None, 4, 3)).params == 12
    assert PReLU(shared_axes=1).cost((None, None, 3)).params == 3
    with pytest.raises(ShapeError, match=r"(?s)expected axis 3 .* value 3.*or make a new layer"):
        layer(np.ones((1, 5, 6, 4)))
    with pytest.raises(ShapeError, match=r"(?s)should have a defined dimension.*Give axis 1"):
        PReLU().build((None, None, 3))
    with pytest.raises(ShapeError, match=r"(?s)`shared_axes` are axes.*Leave out the batch"):
        PReLU(shared_axes=7).build((None, 3))
    with pytest.raises(AttributeError, match="build the layer"):
        _ = PReLU().alpha


def test_softmax():
    x = np.log(np.array([[[1.0, 2.0], [3.0, 4.0]]]))
    np.testing.assert_allclose(Softmax()(x), [[[1 / 3, 2 / 3], [3 / 7, 4 / 7]]], rtol=1e-6)
    np.testing.assert_allclose(Softmax([1, 2])(x), [[[0.1, 0.2], [0.3, 0.4]]], rtol=1e-6)
    np.testing.assert_allclose(Softmax(None)(x), [[[0.1, 0.2], [0.3, 0.4]]], rtol=1e-6)
    assert repr(Softmax((1,))) == "Softmax(axis=(1,))"
    with pytest.raises(ShapeError, match=r"(?s)Axis 5 is out of bounds.*Use an axis from -3 to 2"):
        Softmax(5)(x)
    with pytest.raises(ShapeError, match=r"(?s)needs an axis.*axis=-1"):
        Softmax([])(x)
    with pytest.raises(ArgumentError, match=r"(?s)whole number.*axis=-1"):
        Softmax("a")(x)


def test_a_masked_softmax():
    x, mask = np.array([[1.0, 5.0, 1.0]]), np.array([[True, False, True]])
    assert Softmax()(x, mask=mask).tolist() == [[0.5, 0, 0.5]]
    assert Softmax()(x, mask=mask * 1.0).tolist() == [[0.5, 0, 0.5]]
    assert Softmax()(x, mask=mask & False).tolist() == [[0, 0, 0]]
    with pytest.raises(ShapeError, match=r"(?s)must be broadcastable.*Give booleans of shape"):
        Softmax()(x, mask=np.ones(2, bool))
    with pytest.raises(DataError, match=r"(?s)mask holds booleans.*mask > 0.5"):
        Softmax()(x, mask=np.array(["a", "b", "c"]))


def test_alpha_of_older_keras():
    with pytest.warns(UserWarning, match="Use `negative_slope` instead"):
        layer = LeakyReLU(alpha=0.1)
    assert layer.get_config()["negative_slope"] == 0.1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        LeakyReLU.from_config(layer.get_config())


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: ReLU(max_value=-1), "max_value of a ReLU layer cannot be a negative"),
        (lambda: ReLU(negative_slope=None), "negative_slope of a ReLU layer cannot be None"),
        (lambda: ReLU(threshold=-1), "threshold of a ReLU layer cannot be None or"),
        (lambda: LeakyReLU(-0.1), "negative_slope value of a Leaky ReLU layer cannot be"),
        (lambda: ThresholdedReLU(None), "Theta of a Thresholded ReLU layer cannot be None"),
        (lambda: ThresholdedReLU(-1), "theta value of a Thresholded ReLU layer should be >=0"),
    ],
)
def test_refusals(make, part):
    with pytest.raises(ArgumentError, match=part) as info:
        make()
    assert info.value.received
    assert info.value.remedy
    assert info.value.fixes


def test_what_is_no_number():
    with pytest.raises(ArgumentTypeError, match=r"(?s)`threshold` is one number.*without quotes"):
        ReLU(threshold="a")
