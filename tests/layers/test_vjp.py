"""The backward pass: adjoint identities, and TensorFlow's gradients through the real Keras."""

import made_up
import numpy as np
import pytest

from convlab import layers
from convlab.errors import ArgumentError, DataError, ShapeError
from convlab.layers import activations

LOCAL = ["LocallyConnected1D", "LocallyConnected2D"]
MAXIMA = [f"{kind}Pooling{rank}D" for kind in ("Max", "GlobalMax") for rank in (1, 2, 3)]
LSTMS = [f"ConvLSTM{rank}D" for rank in (1, 2, 3)]
LINEAR = [name for name in made_up.CLASSES if name not in (*MAXIMA, *LSTMS)]


def made(name, seed):
    """A valid case of a class without oddities: a layer's arguments and an input shape."""
    family, rank = made_up.CLASSES[name]
    rng = np.random.default_rng([seed, *name.encode(), 5])
    arguments, channels = made_up.MAKE[family](rng, rank)
    lead = [int(rng.integers(1, 3))] + [int(rng.integers(1, 4))] * (name in LSTMS)
    sizes = [int(v) for v in rng.integers(4, {1: 12, 2: 8, 3: 6}[rank], rank)]
    arguments = {k: v for k, v in arguments.items() if "regularizer" not in k}
    return arguments, (*lead, *sizes, channels), rng


def built(name, arguments, shape, rng, integers=False, **more):
    """A layer with drawn weights; None where its kernel does not fit into the input."""
    layer = getattr(layers, name)(**arguments | more)
    try:
        layer.build(shape)
    except ShapeError:
        return None
    draw = (lambda s: rng.integers(-4, 5, s)) if integers else rng.standard_normal
    layer.set_weights([draw(weight.shape) for weight in layer.weights])
    return layer


def channels_first(name, arguments, shape):
    """The same case in channels_first, where the class has it; the axis to move."""
    if name in ("Cropping1D", "UpSampling1D"):
        return arguments, shape
    axis = 2 if name in LSTMS else 1
    moved = (*shape[:axis], shape[-1], *shape[axis:-1])
    return arguments | {"data_format": "channels_first"}, moved


@pytest.mark.parametrize("integers", [True, False])
@pytest.mark.parametrize("name", LINEAR)
def test_the_adjoint_identity(name, integers):
    """<A x, y> = <x, A* y>, exactly on integers."""
    checked = 0
    for seed in range(12):
        arguments, shape, rng = made(name, seed)
        if "activation" in arguments:
            arguments["activation"] = None
        if seed % 3 == 0:
            arguments, shape = channels_first(name, arguments, shape)
        layer = built(name, arguments, shape, rng, integers, dtype="float64")
        if layer is None:
            continue
        draw = (lambda s, r=rng: r.integers(-9, 10, s) * 1.0) if integers else rng.standard_normal
        x = draw(shape)
        forward = layer(x) - layer(np.zeros(shape))
        dy = draw(forward.shape)
        dx = layer.vjp(x, dy).inputs
        assert dx.shape == x.shape
        left, right = np.sum(forward * dy), np.sum(x * dx)
        mixing = arguments.get("interpolation", "nearest") != "nearest"
        divides = "Average" in name or mixing
        if integers and not divides:
            assert left == right, (arguments, shape)
        else:
            scale = np.sqrt(np.sum(forward**2) * np.sum(dy**2))
            assert abs(left - right) <= 1e-12 * max(scale, 1), (arguments, shape)
        checked += 1
    assert checked >= 6


@pytest.mark.parametrize("name", [n for n in LINEAR if "Conv" in n])
def test_what_is_linear_in_its_weights_equals_its_gradient_times_them(name):
    """Bias and last kernel enter linearly: <y, dy> = <kernel, dkernel> + <bias, dbias>."""
    for seed in range(8):
        arguments, shape, rng = made(name, seed)
        arguments["activation"] = None
        if seed % 2:
            arguments, shape = channels_first(name, arguments, shape)
        layer = built(name, arguments, shape, rng, integers=True, dtype="float64")
        if layer is None:
            continue
        x = rng.integers(-5, 6, shape).astype("float64")
        dy = rng.integers(-5, 6, layer(x).shape).astype("float64")
        weights, gradients = layer.get_weights(), layer.vjp(x, dy).weights
        assert [g.shape for g in gradients] == [w.shape for w in weights]
        skipped = 1 if name.startswith("Separable") else 0
        pairs = list(zip(weights, gradients, strict=True))[skipped:]
        assert sum(np.sum(w * g) for w, g in pairs) == np.sum(layer(x) * dy)
        if skipped:
            offset = np.sum(layer(np.zeros(shape)) * dy)
            assert np.sum(weights[0] * gradients[0]) == np.sum(layer(x) * dy) - offset


@pytest.mark.parametrize("name", LOCAL)
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_locally_connected_layers(name, data_format):
    rng = np.random.default_rng(0)
    rank = int(name[-2])
    layer = getattr(layers, name)(3, 2, strides=2, data_format=data_format, dtype="float64")
    shape = (2, *(7, 6)[:rank], 4) if data_format == "channels_last" else (2, 4, *(7, 6)[:rank])
    layer.build(shape)
    layer.set_weights([rng.integers(-4, 5, w.shape) for w in layer.weights])
    x = rng.integers(-5, 6, shape).astype("float64")
    dy = rng.integers(-5, 6, layer(x).shape).astype("float64")
    dx, gradients = layer.vjp(x, dy)
    pairs = zip(layer.get_weights(), gradients, strict=True)
    assert sum(np.sum(w * g) for w, g in pairs) == np.sum(layer(x) * dy)
    assert np.sum(x * dx) == np.sum((layer(x) - layer(np.zeros(shape))) * dy)


@pytest.mark.parametrize(
    "name", [name for name in made_up.CLASSES if name not in ("Cropping1D", "UpSampling1D")]
)
def test_channels_first_has_the_gradients_of_channels_last(name):
    axis = 2 if name in LSTMS else 1
    checked = 0
    for seed in range(8):
        arguments, shape, rng = made(name, 200 + seed)
        arguments.pop("return_state", None)
        if arguments.get("activation") in ("softmax", "log_softmax"):
            continue  # of the last axis, whatever it is
        last = built(name, arguments, shape, rng)
        if last is None:
            continue
        first = getattr(layers, name)(**channels_first(name, arguments, shape)[0])
        x = rng.integers(-3, 4, shape).astype("float32")
        moved = np.moveaxis(x, -1, axis)
        first.build(moved.shape)
        first.set_weights(last.get_weights())
        y = last(x)
        dy = rng.integers(-3, 4, y.shape).astype("float32")
        at = axis if y.ndim == x.ndim else 1  # the last state alone has no time axis
        found = first.vjp(moved, np.moveaxis(dy, -1, at) if y.ndim > 2 else dy)
        dx, gradients = last.vjp(x, dy)
        np.testing.assert_allclose(np.moveaxis(found.inputs, axis, -1), dx, rtol=1e-5, atol=1e-5)
        for ours, expected in zip(found.weights, gradients, strict=True):
            np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-5)
        checked += 1
    assert checked >= 3


@pytest.mark.keras
@pytest.mark.parametrize("name", made_up.CLASSES)
def test_as_tensorflow(keras, name):
    """Gradients of input and weights, activations and ties among maxima included."""
    import tensorflow as tf

    checked = 0
    for seed in range(3 if name == "ConvLSTM3D" else 10):
        arguments, shape, rng = made(name, 100 + seed)
        arguments.pop("return_state", None)
        if arguments.get("activation") == "exponential":
            arguments["activation"] = "tanh"
        if arguments.get("interpolation") == "area":  # TensorFlow has no gradient of it
            arguments["interpolation"] = "bicubic"
        ours = built(name, arguments, shape, rng)
        if ours is None or _garbled(name, arguments, shape, ours):
            continue
        theirs = getattr(keras.layers, name)(**arguments)
        theirs.build(shape)
        theirs.set_weights(ours.get_weights())
        drawn = rng.integers(-3, 4, shape) if name in MAXIMA else rng.standard_normal(shape)
        x = tf.constant(drawn.astype("float32"))
        with tf.GradientTape() as tape:
            tape.watch(x)
            try:
                y = theirs(x)
            except tf.errors.OpError:  # same padding, an even kernel, output_padding=0
                continue
            dy = rng.standard_normal(y.shape).astype("float32")
            loss = tf.reduce_sum(y * dy)
        expected = tape.gradient(loss, [x, *(w.value for w in theirs.weights)])
        dx, gradients = ours.vjp(drawn.astype("float32"), dy)
        for found, wanted in zip([dx, *gradients], expected, strict=True):
            if wanted is None:  # weights that are not trainable
                continue
            wanted = np.asarray(wanted)
            atol = 2e-5 * max(1.0, float(np.abs(wanted).max(initial=0)))
            np.testing.assert_allclose(found, wanted, rtol=0, atol=atol, err_msg=str(arguments))
        checked += 1
    assert checked >= 1


def _garbled(name, arguments, shape, layer):
    """Where oneDNN is known to be wrong: one channel, an output of width one, an empty output.

    The gradient of a transposed convolution is a convolution, whose kernel must fit; and where that
    convolution would give another size than the input has, TensorFlow reads beyond its arrays.
    """
    output = layer.compute_output_shape(shape)
    if name.endswith("Transpose"):
        axes = layer.geometry(shape)[0]
        if any(axis.reach > axis.size_out for axis in axes):
            return True
        if arguments.get("padding") != "same":
            return False
        return any(-(-axis.size_out // axis.stride) != axis.size_in for axis in axes)
    return name.startswith("Conv") and shape[-1] == 1 and output[-2] == 1


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_a_transposed_convolution_is_the_gradient_of_a_convolution(rank, padding):
    rng = np.random.default_rng(rank)
    sizes = (6, 4, 8)[:rank]
    conv = getattr(layers, f"Conv{rank}D")(3, 3, strides=2, padding=padding, use_bias=False)
    back = getattr(layers, f"Conv{rank}DTranspose")(
        5, 3, strides=2, padding=padding, use_bias=False, output_padding=1
    )
    x = rng.integers(-5, 6, (2, *sizes, 5)).astype("float32")
    conv.build(x.shape)
    conv.set_weights([rng.integers(-5, 6, conv.kernel.shape)])
    dy = rng.integers(-5, 6, conv(x).shape).astype("float32")
    back.build(dy.shape)
    back.set_weights(conv.get_weights())
    assert back(dy).shape == x.shape
    np.testing.assert_array_equal(conv.vjp(x, dy).inputs, back(dy))
    np.testing.assert_array_equal(back.vjp(dy, x).inputs, conv(x))
    np.testing.assert_array_equal(back.vjp(dy, x).weights[0], conv.vjp(x, dy).weights[0])


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(
    ("kernel", "strides", "dilation"),
    [(1, 1, 1), (2, 1, 1), (2, 2, 1), (3, 1, 1), (4, 2, 1), (5, 3, 1), (2, 3, 1), (3, 1, 2)],
)
def test_with_the_default_output_padding_too(kernel, strides, dilation, padding):
    """Where the strides divide the input (`same`), or its last window ends with it (`valid`)."""
    rng = np.random.default_rng(kernel)
    reach = max((kernel - 1) * dilation + 1, strides)
    sizes = (12, 6) if padding == "same" else (reach + 2 * strides, reach + strides)
    how = {"strides": strides, "dilation_rate": dilation, "padding": padding, "use_bias": False}
    conv, back = layers.Conv2D(4, kernel, **how), layers.Conv2DTranspose(2, kernel, **how)
    x = rng.integers(-5, 6, (1, *sizes, 2)).astype("float32")
    conv.build(x.shape)
    conv.set_weights([rng.integers(-5, 6, conv.kernel.shape)])
    dy = rng.integers(-5, 6, conv(x).shape).astype("float32")
    back.build(dy.shape)
    back.set_weights(conv.get_weights())
    np.testing.assert_array_equal(conv.vjp(x, dy).inputs, back(dy))
    np.testing.assert_array_equal(back.vjp(dy, x).inputs, conv(x))


@pytest.mark.keras
def test_lora_as_tensorflow(keras):
    import tensorflow as tf

    rng = np.random.default_rng(3)
    ours, theirs = (m.Conv2D(4, 3, lora_rank=2, padding="same") for m in (layers, keras.layers))
    x = rng.standard_normal((2, 5, 5, 3)).astype("float32")
    ours.build(x.shape)
    theirs.build(x.shape)
    drawn = {tuple(w.shape): rng.standard_normal(w.shape) for w in ours.weights}
    ours.set_weights([drawn[tuple(w.shape)] for w in ours.weights])
    theirs.set_weights([drawn[tuple(w.shape)] for w in theirs.weights])
    with tf.GradientTape() as tape:
        y = theirs(x)
        dy = rng.standard_normal(y.shape).astype("float32")
        loss = tf.reduce_sum(y * dy)
    trained = {tuple(v.shape): g for v, g in _gradients(tape, loss, theirs)}
    found = dict(zip([w.shape for w in ours.weights], ours.vjp(x, dy).weights, strict=True))
    assert len(trained) == 3  # the bias and both parts of the update
    for shape, gradient in trained.items():
        np.testing.assert_allclose(found[shape], gradient, rtol=1e-4, atol=1e-4)


def _gradients(tape, loss, layer):
    values = [v.value for v in layer.trainable_variables]
    return zip(layer.trainable_variables, tape.gradient(loss, values), strict=True)


def test_refusals():
    layer = layers.Conv2D(2, 3)
    x = np.ones((1, 5, 5, 1), "float32")
    with pytest.raises(ShapeError, match=r"output's shape.*\n.*\(1, 3, 3, 1\)"):
        layer.vjp(x, np.ones((1, 3, 3, 1)))
    with pytest.raises(DataError, match="Only floats have a gradient"):
        layers.UpSampling2D(2).vjp(np.ones((1, 2, 2, 1), "int32"), np.ones((1, 4, 4, 1)))
    own = layers.Conv2D(2, 3, activation=lambda values: values**2)
    with pytest.raises(ArgumentError, match="gradient of this activation is not known"):
        own.vjp(x, np.ones((1, 3, 3, 2)))
    state = layers.ConvLSTM1D(1, 2, return_state=True)
    with pytest.raises(DataError, match="gradient of a ConvLSTM is that of its output"):
        state.vjp(np.ones((1, 2, 4, 1)), np.ones((1, 3, 1)))


def test_half_precision_and_an_empty_batch():
    layer = layers.Conv2D(2, 3, dtype="float16")
    dx, (dkernel, dbias) = layer.vjp(np.ones((2, 5, 5, 1)), np.ones((2, 3, 3, 2)))
    assert {a.dtype.name for a in (dx, dkernel, dbias)} == {"float16"}
    assert dbias.tolist() == [18, 18]
    dx, (dkernel, dbias) = layer.vjp(np.ones((0, 5, 5, 1)), np.ones((0, 3, 3, 2)))
    assert dx.shape == (0, 5, 5, 1)
    assert not dkernel.any()
    assert not dbias.any()


def test_softmax_acts_on_the_last_axis_in_both_formats():
    for data_format in ("channels_last", "channels_first"):
        layer = layers.Conv2D(3, 1, activation="softmax", data_format=data_format)
        x = np.random.default_rng(0).standard_normal((1, 2, 2, 2)).astype("float32")
        np.testing.assert_allclose(layer(x).sum(axis=-1), 1, rtol=1e-6)
        # a constant added to all logits changes nothing
        assert abs(layer.vjp(x, np.ones(layer(x).shape)).inputs).max() < 1e-6
    assert activations.softmax in (activations.get("softmax"),)
