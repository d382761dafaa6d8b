"""The gradient of every activation: differences, corners, extremes, and TensorFlow's own."""

import math

import numpy as np
import pytest

from convlab import layers
from convlab.errors import ArgumentError, DataError, ShapeError
from convlab.layers import activations
from convlab.layers.activations import vjp

MIXING = ["glu", "log_softmax", "softmax", "sparsemax"]
SINGLE = sorted({*activations.NAMES} - {*MIXING, "threshold"})
SMOOTH = [-7.3, -4.1, -2.2, -1.3, -0.7, -0.3, 0.2, 0.4, 0.9, 1.7, 2.6, 4.4, 7.9]

# The slope at a corner, as TensorFlow takes it.
CORNERS = [
    ("relu", 0, 0),
    ("relu6", 0, 0),
    ("relu6", 6, 0),
    ("leaky_relu", 0, 0.2),
    ("elu", 0, 1),
    ("selu", 0, activations.SELU_SCALE),
    ("celu", 0, 2),  # max(x, 0) and min(x, 0) have a slope there, both
    ("hard_tanh", 1, 1),
    ("hard_tanh", -1, 1),
    ("hard_sigmoid", 3, 0),
    ("hard_sigmoid", -3, 0),
    ("hard_silu", 3, 1),
    ("hard_silu", -3, 0),
    ("hard_shrink", 0.5, 0),
    ("hard_shrink", -0.5, 0),
    ("soft_shrink", 0.5, 0),
    ("soft_shrink", -0.5, 0),
    ("sparse_sigmoid", 1, 0),
    ("sparse_sigmoid", -1, 0),
    ("sparse_plus", 1, 1),
    ("sparse_plus", -1, 0),
]


def slope(name, x):
    return vjp(name, x, np.ones_like(x))


@pytest.mark.parametrize("name", SINGLE)
def test_as_differences_of_the_function(name):
    x, step = np.array(SMOOTH), 1e-6
    f = activations.get(name)
    differences = (f(x + step) - f(x - step)) / (2 * step)
    np.testing.assert_allclose(slope(name, x), differences, rtol=2e-9, atol=2e-9)
    np.testing.assert_allclose(vjp(name, x, -3 * x), differences * -3 * x, rtol=2e-9, atol=2e-8)


@pytest.mark.parametrize("name", MIXING)
def test_as_differences_of_a_function_of_a_row(name):
    rng = np.random.default_rng(5)
    f, step = activations.get(name), 1e-6
    x = rng.standard_normal((3, 2, 6))
    dy = rng.standard_normal(f(x).shape)
    expected = np.empty_like(x)
    for place in np.ndindex(x.shape):
        moved = np.zeros_like(x)
        moved[place] = step
        expected[place] = np.sum((f(x + moved) - f(x - moved)) * dy) / (2 * step)
    np.testing.assert_allclose(vjp(name, x, dy), expected, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize(("name", "x", "expected"), CORNERS)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_corners(name, x, expected, dtype):
    found = slope(name, np.array([x], dtype))
    assert found.dtype == dtype
    np.testing.assert_allclose(found, [expected], rtol=np.finfo(dtype).eps)


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_large_values_have_the_slope_of_the_ends(name, dtype, recwarn):
    """Nothing overflows on the way: left end, right end."""
    most = float(np.finfo(dtype).max) / 2
    ends = {
        **dict.fromkeys(["linear", "tanh_shrink", "hard_shrink", "soft_shrink"], (1, 1)),
        **dict.fromkeys(["relu6", "tanh", "hard_tanh", "softsign", "sigmoid"], (0, 0)),
        **dict.fromkeys(["hard_sigmoid", "sparse_sigmoid"], (0, 0)),
        "selu": (0, activations.SELU_SCALE),
        "leaky_relu": (0.2, 1),
        "log_sigmoid": (1, 0),
        "exponential": (0, math.inf),
    }
    tolerance = np.finfo(dtype).eps
    for size in (1000, math.sqrt(most), most):
        found = slope(name, np.array([-size, size], dtype))
        np.testing.assert_allclose(found, ends.get(name, (0, 1)), rtol=tolerance, atol=1e-4)
    assert not list(recwarn)


def test_large_values_in_a_row(recwarn):
    x = np.array([[1e30, 0, -1e30, 1e30], [-1e30] * 4, [1000, 999, -1000, 0]], "float32")
    dy = np.array([[1, 2, 3, 4]] * 3, "float32")
    half = [0.5 - 1.25, 0, 0, 2 - 1.25]  # of 1 and 4, weighted by a half each
    np.testing.assert_allclose(vjp("softmax", x, dy)[0], half)
    np.testing.assert_allclose(vjp("log_softmax", x, dy)[0], [1 - 5, 2, 3, 4 - 5])
    for name in MIXING:
        found = vjp(name, x, dy[:, : activations.get(name)(x).shape[-1]])
        assert np.isfinite(found).all(), name
    assert not list(recwarn)


def test_sparsemax_of_ties():
    # tau = (1 + 1 + ... - 1) / 1: a number that equals tau counts as above it
    np.testing.assert_array_equal(
        vjp("sparsemax", np.array([[1.0, 0.0, 0.0]]), np.array([[2.0, 3.0, 5.0]])), [[-8, 3, 5]]
    )
    np.testing.assert_array_equal(
        vjp("sparsemax", np.array([[0.1, 0.4]]), np.array([[1.0, 1.0]])), [[0, -1]]
    )


@pytest.mark.parametrize("name", [*SINGLE, *MIXING])
def test_nan_and_infinity_stay_in_their_row(name, recwarn):
    for odd in (np.nan, np.inf, -np.inf):
        x = np.array([[0.3, -0.2, 0.1, 2.0]] * 3)
        dy = np.ones(activations.get(name)(x).shape)
        usual = vjp(name, x, dy)
        x[1, 1] = odd
        found = vjp(name, x, dy)
        np.testing.assert_array_equal(found[[0, 2]], usual[[0, 2]])
    assert not list(recwarn)


@pytest.mark.parametrize("name", [*SINGLE, *MIXING])
def test_dtypes_and_shapes(name):
    f = activations.get(name)
    for dtype in ("float16", "float32", "float64", "longdouble"):
        x = np.linspace(-2, 2, 12).reshape(2, 3, 2).astype(dtype)
        found = vjp(name, x, np.ones(f(x).shape))
        assert found.dtype == x.dtype
        assert found.shape == x.shape
        np.testing.assert_allclose(
            found, vjp(name, x.astype("float64"), np.ones(f(x).shape)), atol=6e-3
        )
    assert vjp(name, np.zeros((0, 4)), np.zeros(f(np.zeros((0, 4))).shape)).shape == (0, 4)
    whole = vjp(name, [[-1, 2]], np.ones(f([[-1, 2]]).shape, int))
    assert whole.dtype == np.float32
    x = np.array([[-1, 2]], "float32")
    np.testing.assert_array_equal(whole, vjp(name, x, np.ones(f(x).shape, "float32")))


@pytest.mark.parametrize("name", SINGLE)
def test_of_a_single_number(name):
    assert vjp(name, 0.25, 2.0).shape == ()
    assert vjp(name, 0.25, 2.0) == vjp(name, np.array([0.25]), np.array([2.0]))[0]


def test_nothing_is_written_into():
    x, dy = np.array([[-1.0, 2.0]]), np.array([[3.0, 4.0]])
    for array in (x, dy):
        array.setflags(write=False)
    for name in [*SINGLE, "softmax", "log_softmax", "sparsemax"]:
        vjp(name, x, dy)
    assert vjp("linear", x, dy) is not dy
    assert not np.shares_memory(vjp("linear", x, dy), dy)


def test_names_and_functions_are_the_same():
    x = np.array([-1.0, 2.0])
    expected = vjp("silu", x, x)
    for same in ("swish", activations.silu, {"class_name": "function", "config": "silu"}):
        np.testing.assert_array_equal(vjp(same, x, x), expected)
    np.testing.assert_array_equal(vjp(None, x, x), x)


class Cube:
    def __call__(self, x):
        return x**3

    def gradient(self, x, dy):
        return 3 * x**2 * dy


def test_a_function_with_a_gradient_of_its_own():
    x = np.random.default_rng(0).integers(-3, 4, (1, 4, 4, 2)).astype("float64")
    cubed = layers.Conv2D(2, 2, activation=Cube(), dtype="float64")
    cubed.build(x.shape)
    plain = layers.Conv2D(2, 2, dtype="float64")
    plain.build(x.shape)
    plain.set_weights(cubed.get_weights())
    dy = np.ones(cubed(x).shape)
    expected = plain.vjp(x, 3 * plain(x) ** 2 * dy)
    np.testing.assert_array_equal(cubed.vjp(x, dy).inputs, expected.inputs)


def test_refusals():
    x = np.ones((2, 4))
    with pytest.raises(ArgumentError, match="gradient of this activation is not known") as caught:
        vjp(lambda values: values, x, x)
    assert "lambda" in caught.value.received
    assert "gradient" in caught.value.remedy
    with pytest.raises(ArgumentError, match="gradient of this activation is not known"):
        vjp("threshold", x, x)
    with pytest.raises(ArgumentError, match="Could not interpret activation function"):
        vjp("ReLU", x, x)
    with pytest.raises(ShapeError, match=r"(?s)output's shape.*\(2, 3\).*\(2, 4\)"):
        vjp("relu", x, x[:, :3])
    with pytest.raises(ShapeError, match=r"(?s)output's shape.*\(2, 4\).*\(2, 2\)"):
        vjp("glu", x, x)
    with pytest.raises(ShapeError, match="axis size must be divisible by 2"):
        vjp("glu", x[:, :3], x[:, :1])
    with pytest.raises(ShapeError, match="axis size must be divisible by 2"):
        activations.glu(1.0)
    short = Cube()
    short.gradient = lambda x, dy: dy[:1]
    with pytest.raises(ShapeError, match=r"(?s)input's shape.*\(1, 4\).*\(2, 4\)"):
        vjp(short, x, x)


@pytest.mark.parametrize("values", [1j, "a", [None], np.array([1], object), [b"a"]], ids=repr)
def test_only_real_numbers(values):
    for use in (
        lambda: activations.relu(values),
        lambda: vjp("relu", values, 1.0),
        lambda: vjp("relu", 1.0, values),
    ):
        with pytest.raises(DataError, match=r"(?s)function of real numbers.*Use x.astype"):
            use()


# Where TensorFlow is left out: its exponential linear units and sigmoid lose digits for negative
# numbers (the slope comes from an output near -1), which a tolerance of a few steps at 1 allows.
# What is not finite is compared but for sparse_plus: TensorFlow multiplies the branch that it does
# not take by 0. Its squareplus overflows on the way.
POINTS = [0.0, -0.0, *[s * v for v in (0.25, 0.5, 1, 2, 3, 4, 6, 10) for s in (1, -1)]]
FAR = [s * v for v in (20, 88, 100, 800, 1e4, 1e30, math.inf) for s in (1, -1)]


def tensorflow_gradient(keras, name, x, dy):
    import tensorflow as tf

    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = getattr(keras.activations, name)(x)
    return tape.gradient(y, x, output_gradients=tf.constant(dy)).numpy()


def steps(dtype, count=16):
    """A tolerance of some steps of the numbers around 1."""
    return {"rtol": count * np.finfo(dtype).eps, "atol": count * np.finfo(dtype).eps}


@pytest.mark.keras
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("name", SINGLE)
def test_as_tensorflow(keras, name, dtype):
    x = np.array([*POINTS, *FAR, *np.random.default_rng(1).standard_normal(200) * 3])
    with np.errstate(over="ignore"):
        x = x.astype(dtype)
    corners = np.array([-6, -3, -1, -0.5, 0.5, 1, 3, 6], dtype)
    x = np.concatenate([x, np.nextafter(corners, dtype_end(dtype)), np.nextafter(corners, -x[0])])
    if name in ("sparse_plus", "squareplus"):
        x = x[np.abs(x) < {"float16": 200, "float32": 1e18, "float64": 1e154}[dtype]]
    for dy in (np.ones_like(x), np.linspace(-3, 3, x.size).astype(dtype)):
        expected = tensorflow_gradient(keras, name, x, dy)
        # TensorFlow's gelu and leaky_relu have constants in single precision, in float64 too
        single = dtype == "float64" and name in ("gelu", "leaky_relu")
        np.testing.assert_allclose(
            vjp(name, x, dy), expected, **steps("float32" if single else dtype)
        )


def dtype_end(dtype):
    return np.array(np.inf, dtype)


@pytest.mark.keras
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("name", MIXING)
def test_a_row_as_tensorflow(keras, name, dtype):
    """Ties among the numbers of a row included."""
    rng = np.random.default_rng(2)
    rows = [[0] * 4, [1] * 4, [1000, 0, -1000, 5], [5, 5, 5, 4], [1, 0, 0, 0], [2, 1, 0, 0]]
    drawn = [rng.standard_normal((100, 4)), rng.integers(-2, 3, (100, 4)) / 2]
    x = np.concatenate([rows, *drawn]).astype(dtype)
    dy = rng.standard_normal(activations.get(name)(x).shape).astype(dtype)
    np.testing.assert_allclose(
        vjp(name, x, dy), tensorflow_gradient(keras, name, x, dy), **steps(dtype)
    )
