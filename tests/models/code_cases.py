"""Made-up layers of the whole family, and small models, of which code is written."""

import numpy as np
from layer_classes import CLASSES

from convlab import layers

EACH = 8

ACTIVATIONS = [
    *["relu", "relu6", "leaky_relu", "elu", "selu", "celu", "softplus", "softsign", "squareplus"],
    *["soft_shrink", "hard_shrink", "tanh_shrink", "tanh", "hard_tanh", "sigmoid", "log_sigmoid"],
    *["hard_sigmoid", "sparse_sigmoid", "sparse_plus", "silu", "hard_silu", "gelu", "mish"],
    *["softmax", "log_softmax", "sparsemax", "linear", "linear", "linear"],
]
INTERPOLATIONS = ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"]
SIZES = {1: (6, 16), 2: (6, 11), 3: (5, 8)}


def pick(rng, choices):
    return choices[int(rng.integers(len(choices)))]


def numbers(rng, rank, low, high):
    return tuple(int(value) for value in rng.integers(low, high + 1, rank))


def _common(rng):
    return {
        "activation": pick(rng, ACTIVATIONS),
        "use_bias": bool(rng.random() < 0.75),
        "data_format": pick(rng, ["channels_last", "channels_first"]),
    }


def _windows(rng, rank, paddings=("valid", "same", "same")):
    """Strides or dilation: Keras refuses both at once."""
    given = {"kernel_size": numbers(rng, rank, 1, 4), "padding": pick(rng, paddings)}
    which = pick(rng, ["strides", "dilation_rate", None])
    return given | ({} if which is None else {which: numbers(rng, rank, 1, 3)})


def _conv(rng, rank):
    groups = pick(rng, [1, 1, 2, 3])
    paddings = ("valid", "same", "same", "causal") if rank == 1 else ("valid", "same", "same")
    given = _windows(rng, rank, paddings) | _common(rng)
    given |= {"filters": groups * int(rng.integers(1, 4)), "groups": groups}
    return given, groups * int(rng.integers(1, 3))


def _transposed(rng, rank):
    given = _windows(rng, rank) | _common(rng) | {"filters": int(rng.integers(1, 4))}
    if rng.random() < 0.5:
        strides = given.get("strides", (1,) * rank)
        given["output_padding"] = tuple(int(rng.integers(0, s)) for s in strides)
    return given, int(rng.integers(1, 4))


def _depthwise(rng, rank):
    given = _windows(rng, rank) | _common(rng) | {"depth_multiplier": int(rng.integers(1, 4))}
    if "strides" in given and rank == 2 and rng.random() < 0.7:
        given["strides"] = (given["strides"][0],) * rank  # TensorFlow takes equal ones only
    return given, int(rng.integers(1, 4))


def _separable(rng, rank):
    given, channels = _depthwise(rng, rank)
    return given | {"filters": int(rng.integers(1, 5))}, channels


def _local(rng, rank):
    given = {"filters": int(rng.integers(1, 4)), "kernel_size": numbers(rng, rank, 1, 3)}
    return given | _common(rng) | {"strides": numbers(rng, rank, 1, 2)}, int(rng.integers(1, 4))


def _pooling(rng, rank):
    given = {"pool_size": numbers(rng, rank, 1, 4), "padding": pick(rng, ["valid", "same"])}
    given["data_format"] = pick(rng, ["channels_last", "channels_first"])
    if rng.random() < 0.6:
        given["strides"] = numbers(rng, rank, 1, 4)
    return given, int(rng.integers(1, 4))


def _global(rng, rank):
    format_ = pick(rng, ["channels_last", "channels_first"])
    return {"data_format": format_, "keepdims": bool(rng.random() < 0.5)}, int(rng.integers(1, 4))


def _ends(name):
    def make(rng, rank):
        pairs = tuple(numbers(rng, 2, 0, 2) for _ in range(rank))
        given = {name: pairs[0] if rank == 1 else pairs}
        format_ = pick(rng, ["channels_last", "channels_first"])
        both = name == "padding" or rank > 1
        return given | ({"data_format": format_} if both else {}), int(rng.integers(1, 4))

    return make


def _upsampling(rng, rank):
    if rank == 1:
        return {"size": int(rng.integers(1, 6))}, int(rng.integers(1, 4))
    given = {"size": numbers(rng, rank, 1, 5)}
    given["data_format"] = pick(rng, ["channels_last", "channels_first"])
    if rank == 2:
        given["interpolation"] = pick(rng, INTERPOLATIONS)
    return given, int(rng.integers(1, 4))


def _conv_lstm(rng, rank):
    given = _windows(rng, rank) | _common(rng) | {"filters": int(rng.integers(1, 4))}
    given["activation"] = pick(rng, ["tanh", "relu", "softsign", "hard_sigmoid", "softmax"])
    given["recurrent_activation"] = pick(rng, ["sigmoid", "hard_sigmoid", "softmax"])
    for name in ("return_sequences", "return_state", "go_backwards"):
        given[name] = bool(rng.random() < 0.4)
    return given, int(rng.integers(1, 4))


MAKE = {
    "Conv": _conv,
    "ConvTranspose": _transposed,
    "DepthwiseConv": _depthwise,
    "SeparableConv": _separable,
    "LocallyConnected": _local,
    "MaxPooling": _pooling,
    "AveragePooling": _pooling,
    "GlobalMaxPooling": _global,
    "GlobalAveragePooling": _global,
    "Cropping": _ends("cropping"),
    "ZeroPadding": _ends("padding"),
    "UpSampling": _upsampling,
    "ConvLSTM": _conv_lstm,
}


def make_layer(name, seed):
    """A layer of a class, built, with weights drawn at random; and an input for it."""
    family, rank = CLASSES[name]
    rng = np.random.default_rng([seed, *name.encode()])
    while True:
        arguments, channels = MAKE[family](rng, rank)
        spatial = numbers(rng, rank, *SIZES[rank])
        first = arguments.get("data_format") == "channels_first"
        shape = (channels, *spatial) if first else (*spatial, channels)
        shape = (2, *((3,) if family == "ConvLSTM" else ()), *shape)
        try:
            layer = getattr(layers, name)(**arguments)
            layer.check(shape)
            break
        except ValueError:  # the window does not fit: another one
            continue
    layer.build((None, *shape[1:]))
    layer.set_weights([rng.normal(0, 0.5, w.shape).astype("float32") for w in layer.weights])
    return layer, rng.normal(0, 1, shape).astype("float32")


def every_layer():
    """All of them, one after another."""
    for name in CLASSES:
        for seed in range(EACH):
            yield make_layer(name, seed)


def executed(code):
    """What a text of Python defines when it runs."""
    names = {"__name__": "code"}
    exec(compile(code, "<code>", "exec"), names)
    return names


def outputs_of(result):
    """An output, or several, as a list of arrays."""
    return [np.asarray(y) for y in (result if isinstance(result, list | tuple) else [result])]


def assert_same(found, expected, told=""):
    """The tolerance of single precision: a few units of the last place of the largest number."""
    found, expected = outputs_of(found), outputs_of(expected)
    assert len(found) == len(expected), told
    for y, reference in zip(found, expected, strict=True):
        assert y.shape == reference.shape, told
        scale = max(1.0, float(np.abs(reference).max(initial=0)))
        np.testing.assert_allclose(y, reference, rtol=0, atol=4e-6 * scale, err_msg=told)


def with_random_weights(model, seed=0):
    """The same model; variances are positive."""
    rng = np.random.default_rng(seed)
    values = []
    for weight in model.weights:
        value = rng.normal(0, 0.4, weight.shape)
        values.append((value**2 + 0.3 if "variance" in weight.name else value).astype("float32"))
    model.set_weights(values)
    return model
