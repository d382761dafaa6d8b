"""A model of Keras with every layer of the convolutional family, in each rank, in every form."""

import numpy as np
import pytest

import convlab as cl

pytestmark = pytest.mark.keras

FAMILIES = [
    *["Conv", "DepthwiseConv", "SeparableConv", "ConvTranspose", "MaxPooling", "AveragePooling"],
    *["GlobalMaxPooling", "GlobalAveragePooling", "Cropping", "ZeroPadding", "UpSampling"],
    "ConvLSTM",
]
SPATIAL = {1: (13,), 2: (9, 10), 3: (6, 5, 7)}


def class_name(family, rank):
    return f"Conv{rank}DTranspose" if family == "ConvTranspose" else f"{family}{rank}D"


def every_layer(keras, rank):
    """A graph of two inputs and outputs, with joins, operators, a shared layer and a nested model.

    Also: groups, dilation, multipliers, uneven pads and crops, a bilinear upsampling, states.
    """
    layers = keras.layers

    def layer(family, *arguments, **options):
        return getattr(layers, class_name(family, rank))(*arguments, **options)

    def uneven(*pairs):
        return pairs[0] if rank == 1 else pairs[:rank]

    image = keras.Input((*SPATIAL[rank], 4), name="image")
    clip = keras.Input((3, *SPATIAL[rank], 2), name="clip")

    y = layer("ZeroPadding", uneven((1, 2), (2, 0), (0, 1)))(image)
    y = layer("Cropping", uneven((1, 2), (2, 0), (0, 1)))(y)
    y = layer("Conv", 6, 3, padding="same", groups=2, activation="relu")(y)
    if rank < 3:
        y = layer("DepthwiseConv", 3, padding="same", depth_multiplier=2, activation="tanh")(y)
        y = layer("SeparableConv", 6, 3, padding="same", dilation_rate=2)(y)
    shared = layer("Conv", 6, 3, padding="same", activation="gelu")
    y = shared(shared(y)) * 0.5 + y

    down = layer("MaxPooling", 2, padding="same")(y)
    down = layer("AveragePooling", 2, strides=1, padding="same")(down)
    up = layer("ConvTranspose", 6, 3, strides=2, padding="same", activation="elu")(down)
    again = layer("UpSampling", 2, **({"interpolation": "bilinear"} if rank == 2 else {}))(down)
    joined = layers.Add()([up, again])

    memory = layer("ConvLSTM", 3, 3, padding="same", return_sequences=True)(clip)
    memory = layer("ConvLSTM", 3, 2, padding="same", go_backwards=True)(memory)
    inner = keras.Input((*SPATIAL[rank], 3))
    nested = keras.Model(inner, layer("Conv", 6, 1, name="inside")(inner), name="nested")
    joined_too = layers.Concatenate()([y, nested(memory)])

    features = [
        layer("GlobalMaxPooling")(joined),
        layer("GlobalAveragePooling")(joined_too),
        layers.Flatten()(layer("GlobalAveragePooling", keepdims=True)(joined)),
    ]
    logits = layers.Dense(5, name="logits")(layers.Concatenate()(features))
    return keras.Model([image, clip], [joined, logits], name=f"every_layer_{rank}d")


def classes(model):
    found = {type(layer).__name__ for layer in model.layers}
    inner = (layer for layer in model.layers if hasattr(layer, "layers"))
    return found.union(*(classes(layer) for layer in inner))


@pytest.fixture(scope="module", params=SPATIAL, ids="{}D".format)
def judged(request, keras):
    """A model with random weights, inputs, and what Keras computes for them."""
    rng = np.random.default_rng(request.param)
    keras.backend.clear_session()
    model = every_layer(keras, request.param)
    model.set_weights([rng.normal(0, 0.3, w.shape) for w in model.get_weights()])
    inputs = [rng.normal(0, 1, (2, *shape[1:])).astype("float32") for shape in model.input_shape]
    return model, inputs, [np.asarray(y) for y in model(inputs)]


def from_json(model, folder):
    ours = cl.model_from_json(model.to_json())
    ours.set_weights(model.get_weights())
    return ours


def from_file(ending):
    def load(model, folder):
        path = folder / f"model{ending}"
        model.save(path)
        return cl.load_model(path)

    return load


FORMS = {
    "live": lambda model, folder: cl.from_keras(model),
    "json": from_json,
    "keras": from_file(".keras"),
    "h5": from_file(".h5"),
}


@pytest.mark.parametrize("form", FORMS)
def test_outputs_are_equal(judged, form, tmp_path):
    model, inputs, expected = judged
    ours = FORMS[form](model, tmp_path)
    assert ours.count_params() == model.count_params()
    assert [layer.name for layer in ours.layers] == [layer.name for layer in model.layers]
    for value, theirs in zip(ours.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(value, theirs)
    for found in (ours.predict(inputs), ours(inputs)):
        for y, theirs in zip(found, expected, strict=True):
            assert y.shape == theirs.shape
            np.testing.assert_allclose(y, theirs, rtol=0, atol=1e-5 * np.abs(theirs).max())


def test_every_class_is_there(keras, judged):
    model, *_ = judged
    rank = int(model.name[-2])
    names = {class_name(family, rank) for family in FAMILIES}
    of_the_rank = {name for name in names if hasattr(keras.layers, name)}
    assert len(of_the_rank) == {1: 12, 2: 12, 3: 10}[rank]
    assert of_the_rank <= classes(model)


def test_the_outputs_depend_on_every_weight(judged):
    """Else a weight that is lost or swapped could go unseen."""
    model, inputs, expected = judged
    weights = model.get_weights()
    for place, value in enumerate(weights):
        model.set_weights([*weights[:place], value + 0.1, *weights[place + 1 :]])
        changed = [np.asarray(y) for y in model(inputs)]
        differ = [np.abs(y - z).max() > 1e-4 for y, z in zip(changed, expected, strict=True)]
        assert any(differ), model.weights[place].path
    model.set_weights(weights)
