"""The layers between the convolutions: gradients, adjoints, and what depends on what."""

import warnings

import made_up_core
import numpy as np
import pytest

from convlab import layers
from convlab.geometry.links import Product

SEEDS = range(8)
FLOATS = [name for name in made_up_core.LAYERS if name != "ActivityRegularization"]


def made(name, seed, **more):
    """A built layer with drawn weights, the shape of its input, and what draws further numbers."""
    rng = np.random.default_rng([seed, *name.encode(), 3])
    arguments, shape = made_up_core.make(name, rng)
    arguments = {k: v for k, v in arguments.items() if "regularizer" not in k} | more
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of `alpha` and `rms_scaling`
        layer = getattr(layers, name)(**arguments)
    layer.build(shape)
    layer.set_weights([np.abs(rng.standard_normal(w.shape)) + 0.3 for w in layer.weights])
    return layer, shape, rng


@pytest.mark.parametrize("name", made_up_core.LINEAR)
def test_the_adjoint_identity(name):
    """<A x, y> = <x, A* y>."""
    for seed in SEEDS:
        more = {"activation": None} if name == "Dense" else {"dtype": "float64"}
        if name == "ReLU":
            continue
        layer, shape, rng = made(name, seed, **more | {"dtype": "float64"})
        x = rng.standard_normal(shape)
        forward = layer(x) - layer(np.zeros(shape))
        dy = rng.standard_normal(forward.shape)
        dx = layer.vjp(x, dy).inputs
        assert dx.shape == x.shape
        scale = np.sqrt(np.sum(forward**2) * np.sum(dy**2))
        assert abs(np.sum(forward * dy) - np.sum(x * dx)) <= 1e-11 * max(scale, 1), (layer, shape)


@pytest.mark.parametrize("name", FLOATS)
def test_gradients_are_those_of_differences(name):
    """Each gradient against central differences in double precision, away from corners."""
    for seed in SEEDS[:4]:
        more = {"interpolation": "bilinear"} if name == "Resizing" else {}
        layer, shape, rng = made(name, seed, dtype="float64", **more)
        x = rng.standard_normal(shape)
        dy = rng.standard_normal(layer(x).shape)
        found = layer.vjp(x, dy)
        direction = rng.standard_normal(shape)
        step = 1e-6

        def total(moved, layer=layer, dy=dy):
            return np.sum(layer(moved) * dy)

        slope = (total(x + step * direction) - total(x - step * direction)) / (2 * step)
        expected = np.sum(found.inputs * direction)
        assert abs(slope - expected) <= 2e-4 * max(abs(slope), 1), (layer, shape)
        for weight, gradient in zip(layer.weights, found.weights, strict=True):
            assert gradient.shape == weight.shape
            if not weight.trainable:
                continue
            start, along = weight.numpy(), rng.standard_normal(weight.shape)
            rounded = weight.dtype == "float32"  # a low-rank update is
            width = 1e-2 if rounded else step
            weight.assign(start + width * along)
            above = total(x)
            weight.assign(start - width * along)
            slope = (above - total(x)) / (2 * width)
            weight.assign(start)
            expected = np.sum(gradient * along)
            coarse = 2e-2 if rounded else 2e-4
            assert abs(slope - expected) <= coarse * max(abs(slope), 1), (layer, weight)


@pytest.mark.keras
@pytest.mark.parametrize("name", FLOATS)
def test_gradients_are_tensorflows(keras, name):
    import tensorflow as tf

    theirs = made_up_core.namespace(keras)
    for seed in SEEDS[:5]:
        layer, shape, rng = made(name, seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            other = getattr(theirs, name).from_config(layer.get_config())
        other.build(shape)
        other.set_weights(layer.get_weights())
        x = rng.standard_normal(shape).astype("float32")
        x[np.abs(x) < 0.1] = 0  # corners, too
        dy = rng.standard_normal(layer(x).shape).astype("float32")
        with tf.GradientTape() as tape:
            inputs = tf.convert_to_tensor(x)
            weights = [w.value for w in other.trainable_weights]
            tape.watch([inputs, *weights])
            total = tf.reduce_sum(other(inputs, training=False) * dy)
        if getattr(layer, "interpolation", "") == "area":
            continue  # of which TensorFlow has no gradient
        expected = tape.gradient(total, [inputs, *weights])
        found = layer.vjp(x, dy)
        own = [g for w, g in zip(layer.weights, found.weights, strict=True) if trains(layer, w)]
        assert len(own) == len(weights)
        for ours, reference in zip([found.inputs, *own], expected, strict=True):
            reference = np.zeros(ours.shape) if reference is None else np.asarray(reference)
            scale = max(1.0, float(np.abs(reference).max(initial=0)))
            np.testing.assert_allclose(ours, reference, atol=3e-5 * scale, err_msg=repr(layer))


def trains(layer, weight):
    return weight.trainable and layer.trainable


@pytest.mark.parametrize("name", made_up_core.LAYERS)
def test_an_output_depends_on_what_dependence_says(name):
    """One output's gradient is 0 elsewhere, and on ordinary numbers not 0 there."""
    missed = 0
    for seed in SEEDS:
        layer, shape, rng = made(name, seed, dtype="float64")
        x = rng.uniform(0.1, 0.9, (1, *shape[1:]))  # where rectifiers have a slope
        if name == "Resizing" and len(shape) == 3:
            continue  # an image without a batch has no axis to leave out
        y = layer(x)
        if not y.size:
            continue
        unit = tuple(int(rng.integers(size)) for size in y.shape[1:])
        dy = np.zeros(y.shape)
        dy[(0, *unit)] = 1
        moved = layer.vjp(x, dy).inputs[0] != 0
        cells = np.zeros(y.shape[1:], bool)
        cells[unit] = True
        (dependence,) = layer.dependence(x.shape)
        read = np.broadcast_to(dependence.pull(cells, x.shape[1:]), x.shape[1:])
        assert not (moved & ~read).any(), (layer, shape, unit)
        missed += bool((read & ~moved).any())
    # a group of one number, a weight of 0 and the like: here and there
    assert missed <= len(SEEDS) // 2, name


def test_paths_are_counted():
    layer = layers.Resizing(2, 2, interpolation="area")
    (dependence,) = layer.dependence((1, 4, 4, 1))
    assert isinstance(dependence, Product)
    paths = dependence.pull(np.ones((2, 2, 1), int), (4, 4, 1))
    assert paths[..., 0].tolist() == [[1] * 4] * 4


def test_an_image_without_sizes_depends_on_what_is_not_known():
    assert layers.Resizing(2, 2).dependence((None, None, 4, 3)) == (None,)
