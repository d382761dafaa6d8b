"""Made-up layers of every class in both data formats, on made-up inputs, and their scenes."""

import numpy as np
from layer_classes import CLASSES

from convlab import layers
from convlab.scene import build_scene

LAST_ONLY = ("Cropping1D", "UpSampling1D")
CASES = [
    (name, data_format)
    for name in CLASSES
    for data_format in ("channels_last", "channels_first")
    if data_format == "channels_last" or name not in LAST_ONLY
]


def _each(rng, rank, low, high):
    return tuple(int(size) for size in rng.integers(low, high + 1, rank))


def _window(rng, rank):
    """A kernel, and either strides or dilation."""
    found = {"kernel_size": _each(rng, rank, 1, 3), "padding": str(rng.choice(["valid", "same"]))}
    if rng.random() < 0.6:
        found["strides"] = _each(rng, rank, 1, 3)
    elif rng.random() < 0.7:
        found["dilation_rate"] = _each(rng, rank, 1, 2)
    return found


def _filtered(rng, rank):
    activation = str(rng.choice(["linear", "relu", "tanh", "softmax"]))
    return {"filters": int(rng.integers(1, 4)), "activation": activation} | _window(rng, rank)


def _conv(rng, rank):
    groups = int(rng.integers(1, 3))
    found = _filtered(rng, rank) | {"groups": groups, "use_bias": bool(rng.random() < 0.7)}
    found["filters"] *= groups
    if rank == 1 and rng.random() < 0.4:
        found["padding"] = "causal"
    return found, groups * int(rng.integers(1, 3))


def _transposed(rng, rank):
    found = _filtered(rng, rank)
    if "strides" in found and rng.random() < 0.7:
        found["output_padding"] = tuple(int(rng.integers(0, s)) for s in found["strides"])
    return found, int(rng.integers(1, 4))


def _depthwise(rng, rank):
    found = _window(rng, rank) | {"depth_multiplier": int(rng.integers(1, 4))}
    return found, int(rng.integers(1, 4))


def _separable(rng, rank):
    found, channels = _depthwise(rng, rank)
    return found | _filtered(rng, rank), channels


def _local(rng, rank):
    found = _filtered(rng, rank) | {"padding": "valid"}
    found.pop("dilation_rate", None)
    return found, int(rng.integers(1, 4))


def _pooling(rng, rank):
    found = {"pool_size": _each(rng, rank, 1, 3), "padding": str(rng.choice(["valid", "same"]))}
    if rng.random() < 0.6:
        found["strides"] = _each(rng, rank, 1, 3)
    return found, int(rng.integers(1, 4))


def _global(rng, rank):
    return {"keepdims": bool(rng.random() < 0.4)}, int(rng.integers(1, 4))


def _sides(rng, rank, high):
    pairs = tuple(_each(rng, 2, 0, high) for _ in range(rank))
    return pairs[0] if rank == 1 else pairs


def _upsampling(rng, rank):
    found = {"size": int(rng.integers(1, 4)) if rank == 1 else _each(rng, rank, 1, 3)}
    if rank == 2:
        kinds = ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"]
        found["interpolation"] = str(rng.choice(kinds))
    return found, int(rng.integers(1, 4))


def _lstm(rng, rank):
    found = _filtered(rng, rank) | {"activation": str(rng.choice(["tanh", "relu", "softmax"]))}
    for flag in ("return_sequences", "go_backwards", "return_state"):
        found[flag] = bool(rng.random() < 0.4)
    return found, int(rng.integers(1, 4))


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
    "Cropping": lambda rng, rank: ({"cropping": _sides(rng, rank, 1)}, 2),
    "ZeroPadding": lambda rng, rank: ({"padding": _sides(rng, rank, 2)}, 2),
    "UpSampling": _upsampling,
    "ConvLSTM": _lstm,
}


def made_up(name, data_format, seed):
    """A layer of a class with random weights, a batch for it, and the example that is shown."""
    family, rank = CLASSES[name]
    rng = np.random.default_rng([seed, *name.encode(), *data_format.encode()])
    arguments, channels = MAKE[family](rng, rank)
    if name not in LAST_ONLY:
        arguments["data_format"] = data_format
    sizes = _each(rng, rank, 5, {1: 11, 2: 8, 3: 6}[rank])
    lead = (2, 3) if family == "ConvLSTM" else (2,)
    first = data_format == "channels_first"
    shape = (*lead, channels, *sizes) if first else (*lead, *sizes, channels)
    layer = getattr(layers, name)(**arguments)
    layer.build(shape)
    layer.set_weights([rng.normal(size=w.shape).astype("float32") for w in layer.get_weights()])
    return layer, rng.normal(size=shape).astype("float32")


def scene_of_case(name, data_format, seed):
    """A made-up layer, its batch, and the scene of the batch's second example."""
    layer, x = made_up(name, data_format, seed)
    return layer, x, build_scene(layer, x, item=1)
