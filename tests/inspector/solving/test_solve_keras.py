"""The answers, against Keras's own shape functions over every size to 64 and small arguments."""

import itertools
import random

import pytest

import convlab as cl
from convlab.inspector.solving import solve

pytestmark = pytest.mark.keras

SIZES = range(1, 65)
KERNELS, STRIDES, DILATIONS = range(1, 6), range(1, 5), range(1, 4)
PADDINGS = ("valid", "same")


def sizes_in_keras(make, every):
    """For each size of the input, the arguments by the size that Keras says comes out."""
    found = {n: {} for n in SIZES}
    for arguments in every:
        try:
            layer = make(**arguments)
        except ValueError:
            continue  # Keras does not take these together
        key = tuple(arguments.values())
        for n in SIZES:
            try:
                (_, size, _) = layer.compute_output_shape((None, n, 3))
            except ValueError:
                continue
            if size > 0:
                found[n].setdefault(size, set()).add(key)
    return found


def ours(layer, names, bounds, n, m=None):
    found = {}
    free = None if m is not None else list(names)
    for one in solve(layer, size_in=n, size_out=m, bounds=bounds, vary=free).solutions:
        key = tuple(one.arguments[name] for name in names)
        found.setdefault(one.size_out, set()).add(key)
    return found


def every(**values):
    return [dict(zip(values, row, strict=True)) for row in itertools.product(*values.values())]


CASES = {
    "Conv1D": (
        {"filters": 2},
        {
            "kernel_size": KERNELS,
            "strides": STRIDES,
            "padding": (*PADDINGS, "causal"),
            "dilation_rate": DILATIONS,
        },
    ),
    "DepthwiseConv1D": (
        {},
        {
            "kernel_size": KERNELS,
            "strides": STRIDES,
            "padding": PADDINGS,
            "dilation_rate": DILATIONS,
        },
    ),
    "SeparableConv1D": (
        {"filters": 2},
        {
            "kernel_size": KERNELS,
            "strides": STRIDES,
            "padding": PADDINGS,
            "dilation_rate": DILATIONS,
        },
    ),
    "Conv1DTranspose": (
        {"filters": 2},
        {
            "kernel_size": KERNELS,
            "strides": STRIDES,
            "padding": PADDINGS,
            "dilation_rate": DILATIONS,
            "output_padding": (None, 0, 1, 2, 3),
        },
    ),
    "MaxPooling1D": ({}, {"pool_size": KERNELS, "strides": STRIDES, "padding": PADDINGS}),
    "AveragePooling1D": ({}, {"pool_size": KERNELS, "strides": STRIDES, "padding": PADDINGS}),
    "UpSampling1D": ({}, {"size": range(1, 6)}),
}


@pytest.mark.parametrize("name", CASES)
def test_every_answer_is_keras_s_and_none_is_missing(keras, name):
    given, bounds = CASES[name]
    names = list(bounds)
    expected = sizes_in_keras(
        lambda **arguments: getattr(keras.layers, name)(**given, **arguments), every(**bounds)
    )
    least = {argument: values[0] for argument, values in bounds.items()}
    layer = getattr(cl, name)(**given, **least)
    for n in SIZES:
        assert ours(layer, names, bounds, n) == expected[n], n
    draw = random.Random(1)
    for _ in range(150):  # asked for one size at a time it is the same
        n, m = draw.choice(SIZES), draw.choice(SIZES)
        found = ours(layer, names, bounds, n, m)
        assert found == ({m: expected[n][m]} if m in expected[n] else {}), (n, m)


@pytest.mark.parametrize("name", ["Cropping1D", "ZeroPadding1D"])
def test_what_is_cut_and_what_is_added(keras, name):
    argument = "cropping" if name == "Cropping1D" else "padding"
    expected = {}
    for pair in itertools.product(range(9), repeat=2):
        layer = getattr(keras.layers, name)(pair)
        for n in range(1, 9):
            try:
                size = layer.compute_output_shape((None, n, 3))[1]
            except ValueError:
                continue
            expected.setdefault((n, size), set()).add(pair)
    for n, m in itertools.product(range(1, 9), range(1, 9)):
        found = solve(getattr(cl, name)(1), size_in=n, size_out=m)
        told = {one.arguments[argument] for one in found.solutions}
        pairs = {one if isinstance(one, tuple) else (one, one) for one in told}
        assert pairs == expected.get((n, m), set()), (n, m)


def test_two_axes_as_keras_has_them(keras):
    """A layer over two axes of several sizes: strides and dilation meet across the axes."""
    bounds = {
        "kernel_size": (1, 3),
        "strides": (1, 2),
        "padding": PADDINGS,
        "dilation_rate": (1, 2),
    }
    options = list(itertools.product((1, 3), (1, 2), (1, 2)))
    expected = {}
    for (k, s, d), (j, t, e) in itertools.product(options, repeat=2):
        for padding in PADDINGS:
            try:
                layer = keras.layers.Conv2D(
                    2, (k, j), strides=(s, t), padding=padding, dilation_rate=(d, e)
                )
                sizes = tuple(layer.compute_output_shape((None, 9, 12, 3))[1:3])
            except ValueError:
                continue
            expected.setdefault(sizes, set()).add(((k, j), (s, t), padding, (d, e)))
    layer = cl.Conv2D(2, 1)
    for sizes, answers in expected.items():
        found = set()
        for one in solve(layer, size_in=(9, 12), size_out=sizes, bounds=bounds).solutions:
            a = one.arguments
            found.add(
                tuple(
                    a[name] if name == "padding" or isinstance(a[name], tuple) else (a[name],) * 2
                    for name in bounds
                )
            )
        assert found == answers, sizes
