"""A further call takes a shorter way to the kernel, and never to another result."""

import copy

import numpy as np
import pytest

from convlab import layers
from convlab.errors import ConvlabError

X = np.random.default_rng(0).standard_normal((2, 9, 8, 3)).astype("float32")


def fresh(x=X, **changes):
    """What a new layer of these arguments and the weights 0.1 gives."""
    layer = layers.Conv2D(**{"filters": 4, "kernel_size": 3, **changes})
    layer.build(x.shape)
    layer.set_weights([np.full(w.shape, 0.1) for w in layer.weights])
    return layer(x)


@pytest.fixture
def layer():
    made = layers.Conv2D(4, 3)
    made.build(X.shape)
    made.set_weights([np.full(w.shape, 0.1) for w in made.weights])
    made(X)
    made(X)
    return made


def test_other_weights(layer):
    layer.kernel.assign(np.zeros(layer.kernel.shape))
    np.testing.assert_array_equal(layer(X), np.full((2, 7, 6, 4), np.float32(0.1)))
    layer.bias.assign(np.ones(4))
    np.testing.assert_array_equal(layer(X), np.ones((2, 7, 6, 4), "float32"))


def test_weights_are_not_written_to(layer):
    with pytest.raises(ValueError, match="read-only"):
        layer.kernel.value[0] = 5
    with pytest.raises(ValueError, match="read-only"):
        np.asarray(layer.kernel)[0] = 5
    layer.get_weights()[0][:] = 5  # a copy
    np.testing.assert_array_equal(layer(X), fresh())


@pytest.mark.parametrize(
    ("name", "value", "changes"),
    [
        ("strides", (2, 2), {"strides": 2}),
        ("padding", "same", {"padding": "same"}),
        ("activation", np.tanh, {"activation": np.tanh}),
    ],
)
def test_other_attributes(layer, name, value, changes):
    setattr(layer, name, value)
    np.testing.assert_array_equal(layer(X), fresh(**changes))


def test_other_inputs(layer):
    for x in (
        X[:1],
        X[:, ::2],
        X[:, :, ::-1],
        X.astype("float64"),
        X.astype(">f4"),
        np.asfortranarray(X),
        X[:0],
    ):
        for _ in range(2):
            np.testing.assert_array_equal(layer(x), fresh(x))
    offset = np.frombuffer(b"\0" + X.tobytes(), np.uint8)[1:].view("float32").reshape(X.shape)
    assert not offset.flags.aligned
    np.testing.assert_array_equal(layer(offset), fresh())
    for _ in range(2):
        with pytest.raises(ConvlabError, match="channels"):
            layer(np.ones((1, 9, 8, 2), "float32"))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_computes_by_itself(layer, copied):
    other = copied(layer)
    expected = layer(X)
    other(X)
    np.testing.assert_array_equal(other(X), expected)
    if copied is copy.deepcopy:
        other.kernel.assign(np.zeros(other.kernel.shape))
        np.testing.assert_array_equal(layer(X), expected)


def test_an_output_is_the_callers_own(layer):
    first = layer(X)
    first[:] = 7
    np.testing.assert_array_equal(layer(X), fresh())


def test_what_has_more_to_do_is_not_cut_short():
    regular = layers.Conv2D(1, 1, activity_regularizer="l2", kernel_initializer="ones")
    regular(X)
    regular(2 * X)
    assert regular.losses[0] == pytest.approx(0.01 * float(np.square(2 * X.sum(-1)).sum()) / 2)

    class Doubled(layers.Conv2D):
        def call(self, inputs):
            return 2 * super().call(inputs)

    doubled = Doubled(1, 1, kernel_initializer="ones")
    first = doubled(X)
    np.testing.assert_array_equal(doubled(X), first)
