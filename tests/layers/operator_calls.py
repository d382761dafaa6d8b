"""Calls of operations that several tests go through: name, arguments, shapes of the inputs."""

import math

import numpy as np

from convlab.layers.operators import Slot

X, Y = Slot(0), Slot(1)
IMAGE = (1, 4, 3, 2)
MATRIX = np.arange(10, dtype="float32").reshape(2, 5) - 4.5


def call(operation, *args, shapes=(IMAGE,), **kwargs):
    return operation, list(args), kwargs, shapes


BOTH = (IMAGE, IMAGE)
CALLS = [
    call("add", X, 1.5),
    call("add", X, Y, shapes=BOTH),
    call("add", X, Y, shapes=(IMAGE, (1, 1, 3, 1))),
    call("add", X, np.arange(2, dtype="float32")),
    call("subtract", 2, X),
    call("subtract", X, Y, shapes=((1, 1, 3, 2), IMAGE)),
    call("multiply", X, Y, shapes=BOTH),
    call("true_divide", X, Y, shapes=(IMAGE, (1, 4, 1, 2))),
    call("true_divide", 1, X),
    call("floor_divide", X, 0.3),
    call("mod", X, 0.7),
    call("power", X, 2),
    call("power", X, Y, shapes=BOTH),
    call("maximum", X, Y, shapes=BOTH),
    call("minimum", X, 1),
    call("greater", X, Y, shapes=BOTH),
    call("less_equal", X, 1.0),
    call("where", np.array([[True], [False], [True]]), X, Y, shapes=BOTH),
    *(call(name, X) for name in ("negative", "absolute", "exp", "expm1", "log", "log1p", "sqrt")),
    *(call(name, X) for name in ("rsqrt", "square", "reciprocal", "sin", "cos", "tanh", "erf")),
    *(call(name, X) for name in ("floor", "ceil", "sign", "sigmoid", "relu", "relu6", "silu")),
    *(call(name, X) for name in ("softplus", "softsign", "selu", "hard_sigmoid", "hard_silu")),
    *(call(name, X) for name in ("log_sigmoid", "hard_tanh", "tanh_shrink", "gelu", "elu")),
    *(call(name, X) for name in ("celu", "leaky_relu", "sparse_plus", "sparse_sigmoid")),
    call("leaky_relu", X, negative_slope=0.3),
    call("elu", X, alpha=0.7),
    call("celu", X, alpha=0.7),
    call("gelu", X, approximate=False),
    call("clip", X, -0.5, 1.2),
    call("softmax", X),
    call("softmax", X, axis=1),
    call("softmax", X, axis=(1, 2)),
    call("log_softmax", X, axis=2),
    *(
        call(name, X, axis=[1, 2])
        for name in ("sum", "mean", "max", "min", "prod", "var", "std", "logsumexp")
    ),
    call("mean", X, axis=-1, keepdims=True),
    call("sum", X, axis=(2, 1, 3)),
    call("reshape", X, (1, 12, 2)),
    call("reshape", X, (1, 2, -1, 3)),
    call("transpose", X, (0, 3, 1, 2)),
    call("swapaxes", X, 1, -1),
    call("moveaxis", X, 3, 1),
    call("expand_dims", X, 2),
    call("squeeze", X, 2, shapes=((1, 4, 1, 2),)),
    call("flip", X, axis=1),
    call("flip", X, axis=(1, 3)),
    call("roll", X, 2, axis=1),
    call("repeat", X, 3, axis=2),
    call("tile", X, (1, 2, 1, 3)),
    call("take", X, [2, 0, -1, 2], axis=1),
    call("pad", X, ((0, 0), (1, 2), (0, 0), (3, 0)), constant_values=2.0),
    call("pad", X, ((0, 0), (3, 2), (1, 2), (0, 1)), mode="reflect"),
    call("pad", X, ((0, 0), (4, 2), (1, 2), (0, 1)), mode="symmetric"),
    call("get_item", X, (slice(None), slice(1, None), slice(None, None, 2), 0)),
    call("get_item", X, (slice(None), -1)),
    call("get_item", X, (slice(None), slice(-3, -1), None, ..., slice(5))),
    call("get_item", X, (slice(None), slice(None, None, -2), slice(2, 0, -1))),
    call("get_item", X, (..., slice(1, 1))),
    call("concatenate", [X, Y], axis=-1, shapes=(IMAGE, (1, 4, 3, 5))),
    call("concatenate", [X, Y, np.ones((1, 2, 3, 2), "float32")], axis=1, shapes=BOTH),
    call("stack", [X, Y], axis=2, shapes=BOTH),
    call("split", X, 2, axis=1),
    call("split", X, [1, 3], axis=1),
    call("unstack", X, axis=2),
    call("max_pool", X, 2, shapes=((1, 5, 4, 2),)),
    call("max_pool", X, 3, strides=2, padding="same"),
    call("average_pool", X, (2, 1), 1, shapes=((1, 5, 4, 2),)),
    call("average_pool", X, 2, padding="same", shapes=((1, 7, 2),)),
    call("resize", X, (5, 7)),
    call("resize", X, (2, 9), interpolation="nearest"),
    call("resize", X, (3, 2), interpolation="bicubic", antialias=True),
    call("matmul", X, Y, shapes=(IMAGE, (1, 4, 2, 3))),
    call("matmul", X, MATRIX),
    call("matmul", X, MATRIX, shapes=((1, 2),)),
]


def named(calls):
    return [f"{operation}-{args[1:]}-{kwargs}"[:60] for operation, args, kwargs, _ in calls]


def inputs_for(shapes, dtype="float64", seed=0):
    """Values with no ties, all positive so that logarithms and roots are defined."""
    rng = np.random.default_rng(seed)
    return [
        (rng.permutation(math.prod(s)).reshape(s) / math.prod(s) * 1.9 + 0.113 + i / 97).astype(
            dtype
        )
        for i, s in enumerate(shapes)
    ]
