"""Every activation against its definition, written with the math module in float64."""

import math

import numpy as np
import pytest

from convlab.layers import activations

X = [-9.0, -3.5, -3.0, -1.0, -0.75, -0.5, -0.1, 0.0, 0.1, 0.5, 0.75, 1.0, 3.0, 3.5, 7.0]


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def softplus(x):
    return math.log1p(math.exp(x))


def clip(x, low, high):
    return max(low, min(high, x))


DEFINITIONS = {
    "linear": lambda x: x,
    "relu": lambda x: max(x, 0),
    "relu6": lambda x: clip(x, 0, 6),
    "leaky_relu": lambda x: x if x > 0 else 0.2 * x,
    "elu": lambda x: x if x > 0 else math.exp(x) - 1,
    "selu": lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x)),
    "celu": lambda x: x if x > 0 else math.expm1(x),
    "softplus": softplus,
    "softsign": lambda x: x / (1 + abs(x)),
    "squareplus": lambda x: (x + math.sqrt(x * x + 4)) / 2,
    "soft_shrink": lambda x: math.copysign(max(abs(x) - 0.5, 0), x),
    "hard_shrink": lambda x: x if abs(x) > 0.5 else 0,
    "tanh_shrink": lambda x: x - math.tanh(x),
    "tanh": math.tanh,
    "hard_tanh": lambda x: clip(x, -1, 1),
    "sigmoid": sigmoid,
    "log_sigmoid": lambda x: math.log(sigmoid(x)),
    "hard_sigmoid": lambda x: clip(x + 3, 0, 6) / 6,
    "sparse_sigmoid": lambda x: clip((x + 1) / 2, 0, 1),
    "sparse_plus": lambda x: 0 if x <= -1 else (x + 1) ** 2 / 4 if x < 1 else x,
    "silu": lambda x: x * sigmoid(x),
    "swish": lambda x: x * sigmoid(x),
    "hard_silu": lambda x: x * clip(x + 3, 0, 6) / 6,
    "hard_swish": lambda x: x * clip(x + 3, 0, 6) / 6,
    "gelu": lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2,
    "mish": lambda x: x * math.tanh(softplus(x)),
    "exponential": math.exp,
}
ALONG_AN_AXIS = {"softmax", "log_softmax", "sparsemax", "glu"}


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_as_defined(name, dtype):
    x = np.array(X, dtype)
    y = activations.get(name)(x)
    assert y.dtype == dtype
    expected = [DEFINITIONS[name](v) for v in x.astype("float64").tolist()]
    tolerance = 1e-6 if dtype == "float32" else 1e-14
    np.testing.assert_allclose(y, expected, rtol=tolerance, atol=tolerance)


def test_every_name_is_tested():
    assert set(activations.NAMES) <= set(DEFINITIONS) | ALONG_AN_AXIS | {"threshold"}


def test_softmax():
    x = np.array([[1.0, 2.0, 3.0], [1000.0, 0.0, -1000.0]])
    e = [math.exp(v) for v in (1, 2, 3)]
    y = activations.softmax(x)
    np.testing.assert_allclose(y, [[v / sum(e) for v in e], [1, 0, 0]], atol=1e-15)
    np.testing.assert_allclose(activations.softmax(x.T, axis=0), y.T)
    np.testing.assert_allclose(activations.log_softmax(x)[0], np.log(y[0]))
    assert activations.softmax(np.zeros((0, 3))).shape == (0, 3)


def test_sparsemax_is_kerass_own():
    np.testing.assert_allclose(activations.sparsemax(np.array([1.0, 1.0])), [0, 0])
    np.testing.assert_allclose(activations.sparsemax(np.array([0.1, 0.4])), [0.15, 0.45])


def test_glu_halves_the_axis():
    x = np.array([[1.0, 2.0, 0.0, 100.0]])
    np.testing.assert_allclose(activations.glu(x), [[0.5, 2.0]])
    with pytest.raises(ValueError, match="axis size must be divisible by 2"):
        activations.glu(np.ones(3))


def test_arguments():
    x = np.array([-2.0, 1.0, 3.0, 9.0])
    np.testing.assert_allclose(activations.relu(x, negative_slope=0.5), [-1, 1, 3, 9])
    np.testing.assert_allclose(activations.relu(x, max_value=5), [0, 1, 3, 5])
    np.testing.assert_allclose(activations.relu(x, threshold=2), [0, 0, 3, 9])
    np.testing.assert_allclose(
        activations.relu(x, negative_slope=0.5, threshold=2), [-2, -0.5, 3, 9]
    )
    np.testing.assert_allclose(activations.threshold(x, 2, -1), [-1, -1, 3, 9])
    np.testing.assert_allclose(activations.elu(x, 2)[0], 2 * math.expm1(-2))
    np.testing.assert_allclose(
        activations.gelu(x, approximate=True), activations.gelu(x), atol=1e-2
    )


@pytest.mark.parametrize("name", sorted({*activations.NAMES} - {"threshold", "glu"}))
def test_extremes_give_no_warning_and_no_false_number(name, recwarn):
    x = np.array([-np.inf, -1e30, 1e30, np.inf, np.nan], "float32")
    y = activations.get(name)(x.reshape(5, 1))
    assert y.dtype == np.float32
    assert not list(recwarn)
    if name not in {"softmax", "log_softmax", "sparsemax"}:
        bounded = {"hard_shrink", "soft_shrink", "sparse_sigmoid", "sparse_plus", "leaky_relu"}
        assert np.isnan(y[4]).all() or name in bounded


def test_lists_and_integers_become_floats():
    assert activations.relu([-1, 2]).tolist() == [0.0, 2.0]
    assert activations.sigmoid(np.array([0])).dtype == np.float32


def test_get():
    assert activations.get(None) is activations.linear
    assert activations.get(np.tanh) is np.tanh
    assert activations.get("hard_swish") is activations.hard_silu
    assert activations.get({"class_name": "function", "config": "relu"}) is activations.relu
    with pytest.raises(ValueError, match="Could not interpret activation function identifier: R"):
        activations.get("ReLU")
    with pytest.raises(ValueError, match="identifier: 3"):
        activations.get(3)


def test_serialize():
    assert activations.serialize(activations.silu) == "silu"
    assert activations.deserialize("silu") is activations.silu
    written = activations.serialize(sigmoid)
    assert written["class_name"] == "function"
    assert activations.deserialize(written, {"sigmoid": softplus}) is softplus
    with pytest.raises(ValueError, match="Could not interpret"):
        activations.deserialize("softplus_of_mine")
