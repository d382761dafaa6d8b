"""Models of Keras with every layer: of the convolutional family, and between them; for each rank.

As a script it records what Keras 2 makes of them, which has layers that Keras 3 has not; it needs
the package tf-keras:

    python every_layer.py
"""

import os
from pathlib import Path

import numpy as np

RECORDED = Path(__file__).with_name("recorded")

FAMILIES = [
    *["Conv", "DepthwiseConv", "SeparableConv", "ConvTranspose", "MaxPooling", "AveragePooling"],
    *["GlobalMaxPooling", "GlobalAveragePooling", "Cropping", "ZeroPadding", "UpSampling"],
    "ConvLSTM",
]
# The layers between, with their arguments; the versions of Keras differ in a few.
NORMALISING = {
    "BatchNormalization": {"epsilon": 0.01},
    "LayerNormalization": {"axis": (1, -1), "scale": False},
    "GroupNormalization": {"groups": 3},
    "UnitNormalization": {},
    "RMSNormalization": {},
}
ACTIVATING = {
    "Activation": {"activation": "swish"},
    "ReLU": {"max_value": 1.5, "negative_slope": 0.1, "threshold": 0.2},
    "LeakyReLU": {},
    "PReLU": {},
    "ELU": {"alpha": 0.7},
    "ThresholdedReLU": {"theta": 0.3},
    "Softmax": {"axis": 1},
}
TRAINING = {
    "Dropout": {"rate": 0.3},
    "GaussianDropout": {"rate": 0.3},
    "GaussianNoise": {"stddev": 0.3},
    "AlphaDropout": {"rate": 0.3},
    "ActivityRegularization": {"l1": 0.01},
    "Identity": {},
}
OF_IMAGES = {
    "Resizing": {"height": 7, "width": 12},
    "RandomFlip": {"mode": "horizontal"},
    "RandomRotation": {"factor": 0.2},
    "RandomTranslation": {"height_factor": 0.2, "width_factor": 0.1},
    "RandomZoom": {"height_factor": 0.2},
    "RandomContrast": {"factor": 0.2},  # Keras itself fails to save a RandomBrightness as .h5
}
MERGING = ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"]
OTHERS = [
    *["Dense", "Flatten", "Reshape", "Permute", "RepeatVector", "Rescaling", "Normalization"],
    "Concatenate",
]
SPATIAL = {1: (13,), 2: (9, 10), 3: (6, 5, 7)}


def class_name(family, rank):
    return f"Conv{rank}DTranspose" if family == "ConvTranspose" else f"{family}{rank}D"


def family(keras, rank):
    """A graph of two inputs and outputs, with joins, operators, a shared layer and a nested model.

    Also: groups, dilation, multipliers, uneven pads and crops, a bilinear upsampling, states; in
    Keras 2 the locally connected layers.
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
    if hasattr(layers, f"LocallyConnected{rank}D"):
        local = layer("LocallyConnected", 3, 3, strides=2, activation="tanh")(y)
        features.append(layers.Flatten()(local))
    logits = layers.Dense(5, name="logits")(layers.Concatenate()(features))
    return keras.Model([image, clip], [joined, logits], name=f"family_{rank}d")


def between(keras, rank):
    """A graph of the layers that stand between convolutions, and of operators on tensors."""
    layers = keras.layers

    def fitting(table):
        """The layers that this Keras has."""
        return [getattr(layers, n)(**options) for n, options in table.items() if hasattr(layers, n)]

    def through(table, x):
        return layers.Concatenate()([layer(x) for layer in fitting(table)])

    image = keras.Input((*SPATIAL[rank], 4), name="image")
    y = layers.Rescaling(0.5, offset=0.1)(image)
    y = layers.Normalization(axis=(1, -1))(y)
    y = layers.Normalization(mean=[0.1, 0.2, 0.0, -0.1], variance=[0.5, 1.0, 2.0, 3.0])(y)
    y = layers.Dense(6, activation="gelu")(y)
    y = layers.Dense(6)(through(NORMALISING, y))
    y = layers.BatchNormalization(axis=1, center=False)(y)
    y = layers.Dense(6)(through(ACTIVATING, y))
    y = layers.PReLU(shared_axes=tuple(range(1, rank + 1)))(y)
    for layer in fitting(TRAINING | {f"SpatialDropout{rank}D": {"rate": 0.3}}):
        y = layer(y)

    other = layers.Permute((*range(rank, 0, -1), rank + 1))(y)
    other = layers.Reshape((*SPATIAL[rank], -1))(other)
    total = layers.LayerNormalization()(-y)
    for name in MERGING:
        total = total * 0.5 + getattr(layers, name)()([y, other])
    total = 1 - total / (other**2 + 2)
    maps = layers.Concatenate(axis=1)([total[:, 1:], total[:, :2], abs(y) - 0.25])

    pooled = getattr(layers, class_name("GlobalAveragePooling", rank))()(maps)
    features = [layers.Flatten()(x) for x in (layers.RepeatVector(3)(pooled), total)]
    if rank == 2:
        for layer in fitting(OF_IMAGES):
            maps = layer(maps)
        maps = layers.Resizing(14, 13, "nearest", crop_to_aspect_ratio=True)(maps)
    logits = layers.Dense(5, activation="softmax")(layers.Concatenate()(features))
    return keras.Model(image, [maps, logits], name=f"between_{rank}d")


MODELS = {"family": family, "between": between}


def slashes(keras, rank):
    """Names that Keras 3 does not allow, as tf.keras's DenseNet and MobileNetV3 have them."""
    layers = keras.layers
    image = keras.Input((*SPATIAL[rank], 3), name="an/image")
    y = getattr(layers, class_name("Conv", rank))(4, 3, name="conv1/conv")(image)
    y = layers.BatchNormalization(name="conv1/bn")(y)
    inner = keras.Input(y.shape[1:], name="in/side")
    nested = keras.Model(inner, layers.PReLU(name="in/relu")(inner), name="nest/ed")
    chain = keras.Sequential([layers.Dense(5, name="one/more")], name="ch/ain")
    maps = nested(y)
    return keras.Model(image, [maps, chain(maps)], name="slashes")


def expected_classes(keras, which, rank):
    """The names of the classes that a model is to have."""
    names = {class_name(family, rank) for family in FAMILIES}
    if which == "between":
        names = {*NORMALISING, *ACTIVATING, *TRAINING, *MERGING, *OTHERS, f"SpatialDropout{rank}D"}
        names |= {*OF_IMAGES} if rank == 2 else set()
    return {name for name in names if hasattr(keras.layers, name)}


def classes(model):
    found = {type(layer).__name__ for layer in model.layers}
    inner = (layer for layer in model.layers if hasattr(layer, "layers"))
    return found.union(*(classes(layer) for layer in inner))


def with_random_weights(keras, make, rank):
    """The model, inputs for it, and its two outputs."""
    rng = np.random.default_rng(rank)
    keras.backend.clear_session()
    model = make(keras, rank)
    model.set_weights([_random(rng, weight) for weight in model.weights])
    copy_statistics(model)
    shapes = [tensor.shape for tensor in model.inputs]
    inputs = [rng.normal(0, 1, (2, *shape[1:])).astype("float32") for shape in shapes]
    return model, inputs, [np.asarray(y) for y in computed(model, inputs, training=False)]


def _random(rng, weight):
    if "int" in str(weight.dtype):  # how many images a Normalization has seen
        return np.full(weight.shape, 7)
    value = rng.normal(0, 0.3, weight.shape)
    return value**2 + 0.3 if "variance" in weight.name else value


def copy_statistics(model):
    """A Normalization computes with a copy of its weights."""
    for layer in model.layers:
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()


def computed(call, inputs, **options):
    """What a model's call gives; one input goes without a list."""
    return call(inputs if len(inputs) > 1 else inputs[0], **options)


def record():
    import tf_keras

    for make, rank in [*((family, rank) for rank in SPATIAL), (between, 2), (slashes, 2)]:
        model, inputs, outputs = with_random_weights(tf_keras, make, rank)
        path = RECORDED / f"keras2_{make.__name__}_{rank}d"
        for ending in (".h5", ".keras"):
            model.save(path.with_suffix(ending))
        path.with_suffix(".json").write_text(model.to_json() + "\n")
        arrays = {f"x{place}": value for place, value in enumerate(inputs)}
        arrays |= {f"y{place}": value for place, value in enumerate(outputs)}
        arrays |= {f"w{place}": value for place, value in enumerate(model.get_weights())}
        np.savez_compressed(path.with_suffix(".npz"), **arrays)


if __name__ == "__main__":
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    record()
