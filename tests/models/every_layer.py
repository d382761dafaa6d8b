"""A model of Keras with every layer of the convolutional family, for each rank.

As a script it records what Keras 2 makes of it, which has layers that Keras 3 has not; it needs the
package tf-keras:

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
SPATIAL = {1: (13,), 2: (9, 10), 3: (6, 5, 7)}


def class_name(family, rank):
    return f"Conv{rank}DTranspose" if family == "ConvTranspose" else f"{family}{rank}D"


def every_layer(keras, rank):
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
    return keras.Model([image, clip], [joined, logits], name=f"every_layer_{rank}d")


def classes(model):
    found = {type(layer).__name__ for layer in model.layers}
    inner = (layer for layer in model.layers if hasattr(layer, "layers"))
    return found.union(*(classes(layer) for layer in inner))


def with_random_weights(keras, rank):
    """The model, two inputs for it, and its two outputs."""
    rng = np.random.default_rng(rank)
    keras.backend.clear_session()
    model = every_layer(keras, rank)
    model.set_weights([rng.normal(0, 0.3, w.shape) for w in model.get_weights()])
    inputs = [rng.normal(0, 1, (2, *shape[1:])).astype("float32") for shape in model.input_shape]
    return model, inputs, [np.asarray(y) for y in model(inputs)]


def record():
    import tf_keras

    for rank in SPATIAL:
        model, inputs, outputs = with_random_weights(tf_keras, rank)
        path = RECORDED / f"keras2_{rank}d"
        model.save(path.with_suffix(".h5"))
        path.with_suffix(".json").write_text(model.to_json() + "\n")
        arrays = {"x0": inputs[0], "x1": inputs[1], "y0": outputs[0], "y1": outputs[1]}
        weights = {f"w{place}": value for place, value in enumerate(model.get_weights())}
        np.savez_compressed(path.with_suffix(".npz"), **arrays, **weights)


if __name__ == "__main__":
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    record()
