"""Every layer with NUMBA_DISABLE_JIT=1 gives what it gives with the JIT: forward and backward."""

import os
import subprocess
import sys
from pathlib import Path

import made_up
import numpy as np
import pytest

from convlab import layers
from convlab.errors import ShapeError

NAMES = [*made_up.CLASSES, "LocallyConnected1D", "LocallyConnected2D"]
SEEDS = range(6)
DRAWN = ("integers", "floats")


def arrays_of(name, drawn, seed):
    """What a made-up layer gives: its output, the gradients of its input and its weights."""
    rng = np.random.default_rng([seed, *name.encode(), 11])
    draw = rng.standard_normal if drawn == "floats" else lambda shape: rng.integers(-6, 7, shape)
    if name in made_up.CLASSES:
        family, rank = made_up.CLASSES[name]
        arguments, channels = made_up.MAKE[family](rng, rank)
    else:
        rank, channels = int(name[-2]), 3
        arguments = {"filters": 2, "kernel_size": 2, "strides": 1 + seed % 2}
    arguments = {k: v for k, v in arguments.items() if "regularizer" not in k}
    arguments.pop("return_state", None)
    if drawn == "integers":
        arguments.pop("activation", None)
    layer = getattr(layers, name)(**arguments, dtype=("float32", "float64")[seed % 2])
    lead = [2] + [2] * ("LSTM" in name)
    shape = (*lead, *(int(size) for size in rng.integers(3, 6, rank)), channels)
    try:
        layer.build(shape)
    except ShapeError:  # the kernel does not fit
        return []
    layer.set_weights([draw(weight.shape) for weight in layer.weights])
    x = draw(shape).astype(layer.dtype)
    y = layer(x)
    dx, gradients = layer.vjp(x, draw(y.shape))
    return [y, dx, *gradients]


def computed():
    """The arrays of every layer, by class, numbers and place."""
    return {
        f"{name} {drawn} {seed} {place}": array
        for name in NAMES
        for drawn in DRAWN
        for seed in SEEDS
        for place, array in enumerate(arrays_of(name, drawn, seed))
    }


@pytest.fixture(scope="module")
def without_the_jit(tmp_path_factory):
    """What a process without the JIT computes."""
    path = tmp_path_factory.mktemp("plain") / "arrays.npz"
    code = "import sys, numpy, test_jit_off as t, numba; assert numba.config.DISABLE_JIT; "
    result = subprocess.run(
        [sys.executable, "-c", f"{code} numpy.savez(sys.argv[1], **t.computed())", path],
        cwd=Path(__file__).parent,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    with np.load(path) as arrays:
        return dict(arrays)


@pytest.fixture(scope="module")
def with_the_jit():
    return computed()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_with_the_jit_and_without(name, with_the_jit, without_the_jit):
    """To the bit on integers, but for gates, whose numbers are none."""
    keys = [key for key in with_the_jit if key.startswith(f"{name} ")]
    assert len({key.split()[2] for key in keys}) >= 3  # so many cases at least had an output
    assert keys == [key for key in without_the_jit if key.startswith(f"{name} ")]
    for key in keys:
        found, expected = without_the_jit[key], with_the_jit[key]
        assert found.dtype == expected.dtype
        if " integers " in key and "LSTM" not in name:
            np.testing.assert_array_equal(found, expected, err_msg=key)
        else:
            steps = 64 * np.finfo(found.dtype).eps * max(1.0, np.abs(expected).max(initial=0))
            np.testing.assert_allclose(found, expected, rtol=0, atol=steps, err_msg=key)
