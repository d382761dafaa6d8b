"""Record what Keras 1.2.2 writes and computes: needs its source and TensorFlow 2.

    python record_keras1.py path/to/Keras-1.2.2/keras

Keras 1.2.2 runs on TensorFlow's `compat.v1`, with one line of its backend changed in a copy. Writes
keras1_layers.json (a layer a row), models as .json and .h5, and keras1_outputs.json, into the
folder legacy. Inputs and weights are not written: `values` makes them again.
"""

import collections.abc
import inspect
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent / "legacy"
ARGUMENTS = collections.namedtuple("ARGUMENTS", "args varargs keywords defaults")


def values(shape, place):
    """Numbers between -1 and 1, different for each place (0 on: inputs, 1 on: weights)."""
    numbers = np.arange(1, 1 + int(np.prod(shape)), dtype="float64")
    return np.sin(numbers * (1 + 0.1 * place)).reshape(shape).astype("float32")


def keras1(source):
    """The package, made to run with a Python and a TensorFlow that came later."""
    home = Path(tempfile.mkdtemp())
    shutil.copytree(source, home / "keras")
    backend = home / "keras" / "backend" / "tensorflow_backend.py"
    old, new = "import tensorflow as tf", "import tensorflow.compat.v1 as tf"
    backend.write_text(backend.read_text().replace(old, new))
    os.environ |= {"KERAS_BACKEND": "tensorflow", "HOME": str(home), "TF_CPP_MIN_LOG_LEVEL": "3"}
    inspect.getargspec = lambda function: ARGUMENTS(*inspect.getfullargspec(function)[:4])
    for name in ("Iterable", "Callable", "Mapping"):
        setattr(collections, name, getattr(collections.abc, name))
    sys.path.insert(0, str(home))
    import tensorflow.compat.v1 as tf
    from tensorflow.python.ops import control_flow_ops

    tf.disable_v2_behavior()
    control_flow_ops.while_loop = tf.while_loop
    import keras

    return keras


def one_axis(k):
    """Layers along one axis; what each row is about, the layer, the shape of an example."""
    shape = (7, 2)
    words = {
        "W_regularizer": k.regularizers.l1l2(0.01, 0.02),
        "activity_regularizer": k.regularizers.activity_l2(0.01),
        "W_constraint": k.constraints.maxnorm(2),
    }
    layers = k.layers
    yield (
        "words of one axis",
        layers.Convolution1D(
            3, 3, border_mode="same", subsample_length=2, activation="relu", **words
        ),
        shape,
    )
    yield "no bias", layers.Convolution1D(2, 2, bias=False, init="he_normal"), shape
    yield "dilation in a class", layers.AtrousConvolution1D(2, 3, atrous_rate=2), shape
    yield "pool_length, stride", layers.MaxPooling1D(pool_length=3, stride=2), shape
    yield "no stride", layers.AveragePooling1D(pool_length=2, border_mode="same"), shape
    yield "length", layers.UpSampling1D(length=2), shape
    yield "an integer", layers.ZeroPadding1D(2), shape
    yield "two numbers", layers.ZeroPadding1D((1, 2)), shape
    yield "by side", layers.ZeroPadding1D({"right_pad": 2}), shape
    yield "a pair", layers.Cropping1D((1, 2)), shape
    yield "all of it", layers.GlobalMaxPooling1D(), shape
    yield "all of it", layers.GlobalAveragePooling1D(), shape
    yield "unshared kernels", layers.LocallyConnected1D(2, 3, subsample_length=2), shape
    yield "Keras 2's Dense", layers.TimeDistributedDense(3, activation="tanh"), shape
    yield "a layer within", layers.TimeDistributed(layers.Dense(3)), shape
    yield "p", layers.SpatialDropout1D(0.5), shape


def no_axis(k):
    """Layers that know no axis, or only one."""
    layers = k.layers
    yield "p", layers.Dropout(0.25), (5,)
    yield "sigma", layers.GaussianNoise(0.5), (5,)
    yield "p", layers.GaussianDropout(0.5), (5,)
    yield "output_dim", layers.Dense(3, init="uniform", b_regularizer="l2"), (5,)
    yield "a slope of 0.2", layers.Dense(3, activation="hard_sigmoid"), (5,)
    yield "a slope of 0.2", layers.Activation("hard_sigmoid"), (9,)
    for name in ("softmax", "elu", "softplus", "softsign", "relu", "tanh", "sigmoid", "linear"):
        yield "the same function", layers.Activation(name), (5,)
    yield "alpha", layers.LeakyReLU(0.1), (5,)
    yield "init", layers.PReLU(init="one"), (3, 2)
    yield "alpha", layers.ELU(0.5), (5,)
    yield "theta", layers.ThresholdedReLU(0.5), (5,)
    yield "averages", layers.BatchNormalization(epsilon=0.01, momentum=0.9), (3, 2)
    yield "an axis", layers.BatchNormalization(axis=1), (2, 3, 4)
    yield "as it lies", layers.Flatten(), (2, 3, 2)
    yield "as it lies", layers.Reshape((3, 4)), (2, 6)
    yield "dims", layers.Permute((2, 1)), (2, 3)
    yield "n", layers.RepeatVector(2), (3,)
    yield "coefficients", layers.ActivityRegularization(l1=0.1, l2=0.2), (3,)


def more_axes(k, ordering):
    """Layers along two and three axes, of one dim_ordering."""
    layers, one = k.layers, {"dim_ordering": ordering}

    def shape(*space, channels):
        return (*space, channels) if ordering == "tf" else (channels, *space)

    two, small = shape(5, 4, channels=2), shape(2, 2, channels=2)
    convolution = layers.Convolution2D(3, 3, 2, subsample=(2, 1), **one)
    yield "nb_row, nb_col, subsample", convolution, two
    even = layers.Convolution2D(2, 2, 3, border_mode="same", activation="relu", bias=False, **one)
    yield "an even kernel, padded", even, two
    atrous = layers.AtrousConvolution2D(2, 2, 2, atrous_rate=(2, 2), border_mode="same", **one)
    yield "dilation in a class", atrous, two
    for why, kernel, stride, border_mode, size in (
        ("the size that Keras 2 finds", (3, 3), 2, "valid", (5, 7)),
        ("one cell more", (3, 3), 2, "valid", (6, 8)),
        ("one cell more on one axis", (3, 3), 2, "valid", (5, 8)),
        ("padded, the size that Keras 2 finds", (3, 3), 2, "same", (4, 6)),
        ("padded, one cell less", (3, 3), 2, "same", (3, 5)),
        ("an even kernel, padded", (4, 2), 2, "same", (4, 6)),
        ("an even kernel, padded, one cell less", (4, 2), 2, "same", (3, 5)),
        ("strides that leave holes", (2, 1), 3, "valid", (5, 7)),
    ):
        layer = layers.Deconvolution2D(
            2,
            *kernel,
            output_shape=(2, *shape(*size, channels=2)),  # TensorFlow needs the batch
            subsample=(stride, stride),
            border_mode=border_mode,
            **one,
        )
        yield why, layer, shape(2, 3, channels=2)
    separable = layers.SeparableConvolution2D(
        3, 2, 3, depth_multiplier=2, border_mode="same", **one
    )
    yield "one init for two kernels", separable, two
    yield "windows", layers.MaxPooling2D((2, 3), strides=(2, 1), **one), two
    yield "windows", layers.AveragePooling2D((2, 2), border_mode="same", **one), two
    yield "all of it", layers.GlobalMaxPooling2D(**one), two
    yield "all of it", layers.GlobalAveragePooling2D(**one), two
    yield "no ordering written", layers.UpSampling2D((2, 1), **one), small
    yield "no ordering written", layers.ZeroPadding2D((1, 2), **one), small
    yield "no ordering written, four numbers", layers.ZeroPadding2D((1, 0, 2, 1), **one), small
    sides = {"top_pad": 1, "right_pad": 2}
    yield "no ordering written, by side", layers.ZeroPadding2D(sides, **one), small
    yield "no ordering written", layers.Cropping2D(((1, 2), (0, 1)), **one), two
    yield "no ordering written", layers.SpatialDropout2D(0.5, **one), two
    yield "unshared kernels", layers.LocallyConnected2D(2, 3, 2, subsample=(2, 1), **one), two
    three, small = shape(3, 3, 4, channels=2), shape(2, 1, 2, channels=2)
    yield "kernel_dim", layers.Convolution3D(2, 2, 3, 2, subsample=(1, 1, 2), **one), three
    yield "windows", layers.MaxPooling3D((2, 2, 2), strides=(1, 1, 2), **one), three
    yield "windows", layers.AveragePooling3D((2, 1, 2), **one), three
    yield "all of it", layers.GlobalMaxPooling3D(**one), three
    yield "all of it", layers.GlobalAveragePooling3D(**one), three
    yield "no ordering written", layers.UpSampling3D((1, 2, 1), **one), small
    yield "no ordering written", layers.ZeroPadding3D((0, 1, 0), **one), small
    yield "no ordering written", layers.Cropping3D(((1, 0), (0, 1), (1, 1)), **one), three
    cell = layers.ConvLSTM2D(2, 2, 2, border_mode="same", return_sequences=True, **one)
    yield "gates apart, a slope of 0.2", cell, (3, *shape(3, 3, channels=2))


def merges(k):
    """Merge, once for each mode that has a class in Keras 2."""
    for mode in ("sum", "mul", "ave", "max"):
        yield "a mode is a class", k.layers.Merge(mode=mode), [(2, 2), (2, 2), (2, 2)]
    yield "concat_axis", k.layers.Merge(mode="concat", concat_axis=1), [(2, 2), (3, 2)]


def row(k, why, layer, shapes):
    """A layer as Keras 1 writes it, and what it gives."""
    inputs = [k.layers.Input(shape) for shape in shapes]
    model = k.models.Model(inputs, layer(inputs if len(inputs) > 1 else inputs[0]))
    weights = [values(array.shape, 1 + at) for at, array in enumerate(layer.get_weights())]
    if isinstance(layer, k.layers.BatchNormalization):
        weights = [abs(array) for array in weights]
    layer.set_weights(weights)
    arrays = [values((2, *shape), 0.5 * at) for at, shape in enumerate(shapes)]
    output = model.predict(arrays if len(arrays) > 1 else arrays[0])
    return {
        "why": why,
        "class_name": type(layer).__name__,
        "config": json.loads(json.dumps(layer.get_config(), default=np.ndarray.tolist)),
        "weights": [list(array.shape) for array in weights],
        "input_shapes": [list(shape) for shape in shapes],
        "data_format": k.backend.image_dim_ordering(),
        "output_shape": list(output.shape),
        "output": [round(float(number), 5) for number in output.ravel()],
    }


def two_branches(k):
    """A Sequential whose first layer merges two of its kind."""
    models, layers = k.models, k.layers
    left = models.Sequential([layers.Convolution1D(3, 2, input_shape=(5, 2)), layers.Flatten()])
    right = models.Sequential([layers.Dense(4, input_dim=3, activation="relu")])
    first = layers.Merge([left, right], mode="concat")
    return models.Sequential([first, layers.Dropout(0.5), layers.Dense(2, activation="softmax")])


def channels_first(k):
    """A graph with a shortcut, a shared layer and a model within, in dim_ordering th."""
    layers = k.layers
    image = layers.Input((2, 8, 6), name="image")
    shared = layers.Convolution2D(2, 3, 3, border_mode="same", activation="relu", name="shared")
    x = layers.merge([shared(shared(image)), image], mode="sum", name="shortcut")
    x = layers.ZeroPadding2D((1, 1), name="pad")(x)
    x = layers.BatchNormalization(axis=1, name="norm")(x)
    inner = k.models.Sequential(name="inner")
    inner.add(layers.Convolution2D(3, 3, 3, subsample=(2, 2), input_shape=(2, 10, 8)))
    inner.add(layers.BatchNormalization(axis=1))
    inner.add(layers.Activation("relu"))
    x = layers.MaxPooling2D((2, 2), name="pool")(inner(x))
    return k.models.Model(image, layers.Dense(2, name="top")(layers.Flatten(name="flat")(x)))


def write_model(k, name, model):
    """A model's .json and .h5; gives the output for `values` as input and weights."""
    for layer in getattr(model, "flattened_layers", model.layers):
        layer.set_weights(
            [abs(values(w.shape, 1 + at)) for at, w in enumerate(layer.get_weights())]
        )
    shapes = model.input_shape if isinstance(model.input_shape, list) else [model.input_shape]
    arrays = [values((2, *shape[1:]), 0.5 * at) for at, shape in enumerate(shapes)]
    output = model.predict(arrays if len(arrays) > 1 else arrays[0])
    (HERE / f"{name}.json").write_text(model.to_json() + "\n")
    model.save(str(HERE / f"{name}.h5"))
    return [[round(float(number), 5) for number in line] for line in output]


def main():
    k = keras1(sys.argv[1])
    rows = [(*case, "tf") for case in (*one_axis(k), *no_axis(k), *merges(k))]
    rows += [(*case, ordering) for ordering in ("tf", "th") for case in more_axes(k, ordering)]
    found = []
    for why, layer, shape, ordering in rows:
        k.backend.set_image_dim_ordering(ordering)
        found.append(row(k, why, layer, shape if isinstance(shape, list) else [shape]))
    text = ",\n".join(json.dumps(each, separators=(",", ":")) for each in found)
    (HERE / "keras1_layers.json").write_text(f"[\n{text}\n]\n")
    outputs = {}
    for make, ordering in ((two_branches, "tf"), (channels_first, "th")):
        k.backend.set_image_dim_ordering(ordering)
        name = f"keras1_{make.__name__}"
        outputs[name] = write_model(k, name, make(k))
    (HERE / "keras1_outputs.json").write_text(json.dumps(outputs) + "\n")
    print(len(found), "layers")


if __name__ == "__main__":
    main()
