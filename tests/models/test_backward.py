"""The backward pass of whole networks, against finite differences in float64."""

import numpy as np
import pytest

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError, DataError, ShapeError

STEP = 1e-6


@pytest.fixture(autouse=True)
def double():
    cl.config.set_floatx("float64")
    yield
    cl.config.set_floatx("float32")


def chain():
    return cl.Sequential(
        [
            cl.Input((6, 5, 2)),
            layers.Conv2D(3, 3, padding="same", activation="tanh"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(2, padding="same"),
            layers.Conv2DTranspose(2, 3, strides=2, activation="softplus"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )


def residual():
    x = cl.Input((6, 2))
    y = layers.Conv1D(2, 3, padding="same", activation="sigmoid")(x)
    y = layers.Add()([x, y])
    z = layers.AveragePooling1D(2)(y)
    z = layers.UpSampling1D(2)(z)
    return cl.Model(x, layers.Concatenate()([layers.Multiply()([y, z]), x]))


def shared():
    layer = layers.Conv1D(2, 3, padding="causal", activation="tanh")
    x = cl.Input((5, 2))
    return cl.Model(x, layer(layer(x)) * 2 - layer(x))


def nested():
    a = cl.Input((4, 2), name="a")
    b = cl.Input((4, 2), name="b")
    inner = cl.Model([a, b], [layers.Subtract()([a, b]), layers.Dense(3)(a)], name="inner")
    x = cl.Input((4, 2))
    first, second = inner([x, layers.Dense(2, activation="tanh")(x)])
    again, _ = inner([first, x])
    return cl.Model(x, layers.Concatenate()([first, second, again]))


def several():
    a, b = cl.Input((4, 2), name="a"), cl.Input((3,), name="b")
    y = layers.Conv1D(3, 2)(a)
    z = layers.Add()([layers.GlobalAveragePooling1D()(y), b])
    return cl.Model([a, b], [y, z, a])


def gated():
    """A gate that is made of a global average."""
    x = cl.Input((4, 4, 3))
    gate = layers.GlobalAveragePooling2D(keepdims=True)(x)
    gate = layers.Dense(3, activation="sigmoid")(gate)
    y = layers.LayerNormalization()(layers.Multiply()([x, gate]))
    return cl.Model(x, layers.GlobalMaxPooling2D()(y))


def sliced():
    x = cl.Input((6, 3))
    y = x[:, 1:-1] ** 2 / (abs(x[:, :-2]) + 2)
    return cl.Model(x, layers.Permute((2, 1))(layers.Reshape((4, 3))(-y)))


def frozen():
    model = chain()
    model.layers[0].trainable = False
    return model


NETWORKS = [chain, residual, shared, nested, several, gated, sliced, frozen]


def as_list(value):
    return list(value) if isinstance(value, list | tuple) else [value]


def drawn(model, seed=0):
    random = np.random.default_rng(seed)
    model.set_weights([random.uniform(0.3, 1, w.shape) * (-1) ** random.integers(2, size=w.shape)
                       if "variance" not in w.name else random.uniform(1, 2, w.shape)
                       for w in model.weights])  # fmt: skip
    inputs = [random.normal(size=(2, *t.shape[1:])) for t in model.inputs]
    outputs = [random.normal(size=y.shape) for y in as_list(model(one_or_all(inputs)))]
    return inputs, outputs


def one_or_all(arrays):
    return arrays if len(arrays) > 1 else arrays[0]


@pytest.mark.parametrize("network", NETWORKS, ids=lambda made: made.__name__)
def test_gradients_are_finite_differences(network):
    model = network()
    inputs, dys = drawn(model)

    def loss():
        return sum(
            np.sum(y * dy) for y, dy in zip(as_list(model(one_or_all(inputs))), dys, strict=True)
        )

    found, weights = model.vjp(one_or_all(inputs), one_or_all(dys))
    assert len(weights) == len(model.weights)
    random = np.random.default_rng(1)
    for x, slopes in zip(inputs, as_list(found), strict=True):
        assert slopes.shape == x.shape
        for place in random.integers(x.size, size=24):
            assert slopes.flat[place] == pytest.approx(slope(loss, x, place), rel=2e-5, abs=1e-7)
    for weight, slopes in zip(model.weights, weights, strict=True):
        assert slopes.shape == weight.shape
        if "moving" in weight.name:  # no loss moves them
            continue
        value = weight.numpy()
        for place in random.integers(value.size, size=8):

            def moved(weight=weight, value=value):
                weight.assign(value)
                return loss()

            expected = slope(moved, value, place)
            moved()
            assert slopes.flat[place] == pytest.approx(expected, rel=2e-5, abs=1e-7), weight.name


def slope(loss, array, place):
    """A central difference at one place of an array that the loss reads."""
    before = array.flat[place]
    sides = []
    for sign in (1, -1):
        array.flat[place] = before + sign * STEP
        sides.append(loss())
    array.flat[place] = before
    return (sides[0] - sides[1]) / (2 * STEP)


def test_of_several_outputs_none_stands_for_no_gradient():
    model = several()
    inputs, dys = drawn(model)
    whole = [model.vjp(inputs, [dy if i == at else None for i, dy in enumerate(dys)])
             for at in range(3)]  # fmt: skip
    together = model.vjp(inputs, dys)
    for at in range(2):
        summed = sum(part.inputs[at] for part in whole)
        np.testing.assert_allclose(summed, together.inputs[at], rtol=1e-12)
    assert not whole[0].inputs[1].any(), "the first output does not read the second input"
    assert not any(slope.any() for slope in whole[2].weights), "the third is the first input"
    nothing = model.vjp(inputs, [None] * 3)
    assert not any(part.any() for part in (*nothing.inputs, *nothing.weights))


def test_a_chain_is_its_layers_one_after_another():
    model = chain()
    (x,), (dy,) = drawn(model)
    values = [x]
    for layer in model.layers:
        values.append(layer(values[-1]))
    expected = []
    for layer, value in zip(model.layers[::-1], values[-2::-1], strict=True):
        dy, weights = layer.vjp(value, dy)
        expected = weights + expected
    found = model.vjp(x, drawn(model)[1][0])
    np.testing.assert_allclose(found.inputs, dy, rtol=1e-12)
    for one, other in zip(found.weights, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


@pytest.mark.keras
def test_the_tensorflow_tape_gives_the_same(keras):
    tf = pytest.importorskip("tensorflow")
    x = keras.Input((8, 8, 3), dtype="float64")
    options = {"dtype": "float64"}
    conv = keras.layers.Conv2D(3, 3, padding="same", activation="tanh", **options)
    y = conv(conv(x))
    y = keras.layers.Add(**options)([x, y])
    y = keras.layers.MaxPooling2D(2, **options)(y)
    z = keras.layers.Conv2DTranspose(2, 3, strides=2, **options)(y)
    theirs = keras.Model(x, [keras.layers.GlobalAveragePooling2D(**options)(z), y])
    ours = cl.from_keras(theirs)
    (data,), dys = drawn(ours)
    theirs.set_weights(ours.get_weights())
    with tf.GradientTape() as tape:
        given = tf.constant(data)
        tape.watch(given)
        outputs = theirs(given)
    sources = [given, *(weight.value for weight in theirs.weights)]
    first, *others = tape.gradient(outputs, sources, output_gradients=[tf.constant(d) for d in dys])
    found = ours.vjp(data, dys)
    np.testing.assert_allclose(found.inputs, first, rtol=1e-9, atol=1e-12)
    for one, other in zip(found.weights, others, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


# Refusals


def test_a_gradient_of_another_shape():
    model = chain()
    (x,), _ = drawn(model)
    words = r"has the output's shape.\n.*\(2, 4\), for the output shape \(2, 3\).*np.ones"
    with pytest.raises(ShapeError, match=words):
        model.vjp(x, np.ones((2, 4)))
    with pytest.raises(DataError, match="A gradient holds real numbers"):
        model.vjp(x, np.full((2, 3), "a"))


def test_a_gradient_for_each_output():
    model = several()
    inputs, dys = drawn(model)
    words = r"a gradient for each output.*\n.*2 gradients for 3 outputs"
    with pytest.raises(ShapeError, match=words):
        model.vjp(inputs, dys[:2])


def test_an_input_of_another_shape():
    with pytest.raises(ShapeError, match=r"has the shape \(None, 6, 5, 2\)"):
        chain().vjp(np.ones((1, 6, 5, 3)), np.ones((1, 3)))


def test_a_layer_without_a_backward_pass_is_named():
    x = cl.Input((4,))
    model = cl.Model(x, layers.Lambda(lambda x: x * 2, name="mine")(x))
    with pytest.raises(ArgumentError, match=r"backward pass of Lambda is not known.\n.*'mine'"):
        model.vjp(np.ones((1, 4)), np.ones((1, 4)))


def test_what_goes_wrong_on_the_way_names_the_layer():
    x = cl.Input((None, None, 1))
    model = cl.Model(x, layers.Conv2D(1, 5, name="wide")(x))
    with pytest.raises(ShapeError, match="the kernel reaches 5") as caught:
        model.vjp(np.ones((1, 4, 4, 1)), np.ones((1, 1, 1, 1)))
    assert caught.value.__notes__ == ["In the layer 'wide'."]
