"""Operations against the installed Keras: values, shapes, dtypes, gradients, what it writes."""

import numpy as np
import pytest
from operator_calls import CALLS, IMAGE, X, Y, inputs_for, named

from convlab.layers.operators import Operator, from_keras3, from_tf
from convlab.layers.operators.template import filled

pytestmark = pytest.mark.keras


def listed(outputs):
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


def function_of(keras, operation):
    return keras.ops.image.resize if operation == "resize" else getattr(keras.ops, operation)


def signed(shapes, seed=0):
    """Values of both signs, and some that are exactly 0, 1 and 6: where functions have corners."""
    rng = np.random.default_rng(seed)
    inputs = [rng.normal(scale=3, size=s).astype("float32") for s in shapes]
    for x in inputs:
        x.ravel()[:4] = [0, 1, 6, -1][: x.size]
    return inputs


@pytest.mark.parametrize(("operation", "args", "kwargs", "shapes"), CALLS, ids=named(CALLS))
def test_values_and_gradients_are_those_of_keras(keras, operation, args, kwargs, shapes):
    import tensorflow as tf

    function = function_of(keras, operation)
    layer = Operator(operation, args, kwargs)
    for inputs in (inputs_for(shapes, "float32"), signed(shapes)):
        tensors = [tf.constant(x) for x in inputs]
        with tf.GradientTape() as tape:
            tape.watch(tensors)
            theirs = listed(function(*filled(args, tensors), **filled(kwargs, tensors)))
            differentiable = theirs[0].dtype.is_floating
            total = sum(tf.reduce_sum(y * y) for y in theirs) if differentiable else None
        ours = listed(layer(inputs))
        for y, expected in zip(ours, theirs, strict=True):
            assert y.dtype.name == expected.dtype.name
            np.testing.assert_allclose(y, expected, rtol=2e-5, atol=2e-6)
        if not differentiable:
            continue
        dy = [2 * np.asarray(y) for y in theirs]
        gradients = layer.vjp(inputs, dy if len(dy) > 1 else dy[0]).inputs
        for dx, expected in zip(gradients, tape.gradient(total, tensors), strict=True):
            expected = 0 * dx if expected is None else expected
            np.testing.assert_allclose(dx, expected, rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize(("operation", "args", "kwargs", "shapes"), CALLS, ids=named(CALLS))
def test_symbols_and_files_are_those_of_keras(keras, operation, args, kwargs, shapes):
    symbols = [keras.KerasTensor((None, *shape[1:]), "float32") for shape in shapes]
    if operation == "reshape":
        args = [X, (-1, *args[1][1:])] if -1 not in args[1] else [X, (1, *args[1][1:])]
    function = function_of(keras, operation)
    outputs = listed(function(*filled(args, symbols), **filled(kwargs, symbols)))
    made_by = outputs[0]._keras_history.operation
    (node,) = made_by._inbound_nodes

    def slots(structure):
        where = {id(symbol): slot for symbol, slot in zip(symbols, (X, Y), strict=False)}
        if isinstance(structure, list | tuple):
            return type(structure)(slots(one) for one in structure)
        return where.get(id(structure), structure)

    layer = from_keras3(
        type(made_by).__name__,
        made_by.get_config(),
        slots(node.arguments.args),
        {name: slots(value) for name, value in node.arguments.kwargs.items()},
    )
    assert (layer.name, layer.class_name) == (made_by.name, type(made_by).__name__)
    shapes_out = layer.compute_output_shape([symbol.shape for symbol in symbols])
    shapes_out = shapes_out if isinstance(shapes_out, list) else [shapes_out]
    if operation == "concatenate" and len(args[0]) == 3:  # with an array of one example
        assert (shapes_out[0][0], outputs[0].shape[0]) == (1, None)
        shapes_out = [(None, *shapes_out[0][1:])]
    assert shapes_out == [y.shape for y in outputs]
    inputs = inputs_for(shapes, "float32")
    expected = listed(function(*filled(args, inputs), **filled(kwargs, inputs)))
    for y, theirs in zip(listed(layer(inputs)), expected, strict=True):
        np.testing.assert_allclose(y, theirs, rtol=2e-5, atol=2e-6)


_DTYPES = ("bool", "uint8", "int8", "int32", "int64", "float16", "float32", "float64")


@pytest.mark.parametrize("operation", ["add", "true_divide", "maximum", "power", "sum", "mean"])
@pytest.mark.parametrize("dtype", _DTYPES)
def test_dtypes_are_those_of_keras(keras, operation, dtype):
    import tensorflow as tf

    x = np.ones((2, 3), dtype)
    if operation in ("sum", "mean"):
        others = [()]
    else:
        others = [(2,), (2.5,), *((np.ones((2, 3), other),) for other in _DTYPES)]
    compared = 0
    for other in others:
        try:
            expected = getattr(keras.ops, operation)(x, *other)
        except (tf.errors.OpError, TypeError):  # TensorFlow has no sum of booleans, and the like
            continue
        compared += 1
        y = Operator(operation, [X, *other])([x])
        assert y.dtype.name == expected.dtype.name, other
        np.testing.assert_allclose(y, expected)
    assert compared >= len(others) - 2


def tf_call(function, *args, shapes=(IMAGE,), **kwargs):
    return function, list(args), kwargs, shapes


TF_CALLS = [
    tf_call("__operators__.add", X, y=1.5),
    tf_call("math.multiply", X, y=Y, shapes=(IMAGE, IMAGE)),
    tf_call("math.subtract", 2.0, y=X),
    tf_call("math.add", X, [1.0, 2.0]),
    tf_call("math.truediv", X, y=2),
    tf_call("math.floordiv", X, y=0.5),
    tf_call("math.floormod", X, y=0.5),
    tf_call("math.pow", X, y=2),
    tf_call("math.squared_difference", X, Y, shapes=(IMAGE, IMAGE)),
    tf_call("math.add_n", [X, Y], shapes=(IMAGE, IMAGE)),
    tf_call("math.negative", X),
    tf_call("math.abs", X),
    tf_call("math.rsqrt", X),
    tf_call("math.sigmoid", X),
    tf_call("nn.relu", X),
    tf_call("nn.relu6", features=X),
    tf_call("nn.silu", X),
    tf_call("nn.gelu", X),
    tf_call("nn.gelu", X, approximate=True),
    tf_call("nn.leaky_relu", X, alpha=0.3),
    tf_call("nn.softmax", X),
    tf_call("nn.softmax", X, axis=1),
    tf_call("nn.bias_add", X, [1.0, 2.0]),
    tf_call("clip_by_value", X, 0.5, clip_value_max=1.0),
    tf_call("cast", X, "float16"),
    tf_call("cast", X, dtype="int32"),
    tf_call("math.reduce_mean", X, axis=[1, 2]),
    tf_call("math.reduce_sum", X, axis=-1, keepdims=True),
    tf_call("math.reduce_max", X, [1, 2]),
    tf_call("math.reduce_variance", X, axis=3),
    tf_call("math.reduce_std", X, axis=3),
    tf_call("math.reduce_logsumexp", X, axis=3),
    tf_call("reshape", X, shape=[-1, 12, 2]),
    tf_call("compat.v1.transpose", X, perm=[0, 3, 1, 2], name="transpose", conjugate=False),
    tf_call("transpose", X),
    tf_call("expand_dims", X, axis=-1),
    tf_call("compat.v1.squeeze", X, axis=[2], shapes=((1, 4, 1, 2),)),
    tf_call("concat", [X, Y], axis=-1, shapes=(IMAGE, IMAGE)),
    tf_call("stack", [X, Y], axis=1, shapes=(IMAGE, IMAGE)),
    tf_call("split", X, num_or_size_splits=2, axis=1),
    tf_call("split", X, [1, 3], axis=1),
    tf_call("split", X, [1, 2, -1], axis=1),
    tf_call("unstack", X, axis=2),
    tf_call("pad", X, [[0, 0], [1, 2], [0, 0], [0, 1]]),
    tf_call("pad", X, [[0, 0], [1, 2], [0, 0], [0, 1]], mode="REFLECT"),
    tf_call("pad", X, paddings=[[0, 0], [1, 2], [0, 0], [0, 0]], constant_values=3.0),
    tf_call("tile", X, [1, 2, 1, 1]),
    tf_call("repeat", X, repeats=2, axis=1),
    tf_call("reverse", X, axis=[1]),
    tf_call("roll", X, shift=1, axis=2),
    tf_call("gather", X, [1, 0], axis=3),
    tf_call("linalg.matmul", X, b=Y, transpose_b=True, shapes=(IMAGE, IMAGE)),
    tf_call("where", [[True], [False], [True]], X, y=Y, shapes=(IMAGE, IMAGE)),
    tf_call("image.resize", X, size=[5, 4]),
    tf_call("image.resize", X, (8, 6), method="nearest"),
    tf_call("nn.max_pool2d", X, ksize=2, strides=2, padding="SAME"),
    tf_call("nn.max_pool", X, [1, 2, 2, 1], [1, 1, 1, 1], "VALID"),
    tf_call("nn.avg_pool", X, ksize=[2, 1], strides=[1], padding="VALID"),
    tf_call("identity", X),
    tf_call("stop_gradient", X),
    tf_call("math.greater", X, y=1.0),
    tf_call("__operators__.getitem", X, slice_spec=[slice(None), slice(1, None, 2), ..., 0]),
    tf_call("__operators__.getitem", X, (slice(None), slice(None, None, -1), None)),
]


@pytest.mark.parametrize(("function", "args", "kwargs", "shapes"), TF_CALLS, ids=named(TF_CALLS))
def test_functions_of_tensorflow(keras, function, args, kwargs, shapes):
    import tensorflow as tf

    theirs = tf
    for part in function.split("."):
        theirs = getattr(theirs, part)
    inputs = inputs_for(shapes, "float32")
    tensors = [tf.constant(x) for x in inputs]
    expected = listed(theirs(*filled(args, tensors), **filled(kwargs, tensors)))
    layer = from_tf(function, args, kwargs, {"name": f"tf.{function}"})
    assert layer.name == f"tf.{function}"
    assert layer.class_name == ("SlicingOpLambda" if "getitem" in function else "TFOpLambda")
    for y, value in zip(listed(layer(inputs)), expected, strict=True):
        assert y.dtype.name == value.dtype.name
        np.testing.assert_allclose(y, value, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("seed", range(12))
def test_random_shapes_are_stretched_as_in_keras(keras, seed):
    rng = np.random.default_rng(seed)
    whole = rng.integers(1, 5, size=4)
    shapes = []
    for _ in range(2):
        shape = [int(rng.choice([1, size])) for size in whole]
        shapes.append(tuple(shape[rng.integers(0, 3) :]))
    inputs = [rng.normal(size=s).astype("float32") for s in shapes]
    for operation in ("add", "subtract", "multiply", "true_divide", "maximum"):
        y = Operator(operation, [X, Y])(inputs)
        np.testing.assert_allclose(y, getattr(keras.ops, operation)(*inputs), rtol=1e-6)
        layer = Operator(operation, [X, Y])
        dx = layer.vjp(inputs, np.ones(y.shape)).inputs
        assert [g.shape for g in dx] == shapes


@pytest.mark.parametrize("seed", range(20))
def test_random_keys_index_as_in_keras(keras, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(3, 5, 4, 6)).astype("float32")

    def end():
        return None if rng.random() < 0.3 else int(rng.integers(-7, 8))

    key = [slice(end(), end(), int(rng.choice([-2, -1, 1, 2, 3]))) for _ in range(3)]
    key[rng.integers(3)] = int(rng.integers(-3, 3))
    key.insert(rng.integers(4), rng.choice([None, ...]))
    layer = Operator("get_item", [X, key])
    expected = x[tuple(key)]
    assert np.array_equal(layer([x]), expected)
    assert layer.compute_output_shape([x.shape]) == expected.shape
    symbol = keras.ops.get_item(keras.KerasTensor(x.shape), tuple(key))
    assert symbol.shape == expected.shape
