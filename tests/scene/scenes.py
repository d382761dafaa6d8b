"""Small layers at work, made by hand."""

import numpy as np

from convlab.layers import Conv2D
from convlab.scene import build_scene


def scene_of(shape=(6, 7, 1), *, integers=True, picture=False, first=False, **arguments):
    """A scene of Conv2D with known weights on a known input of `shape` (channels last)."""
    random = np.random.default_rng(7)
    values = random.integers(0, 10, shape) if integers else random.random(shape)
    x = np.asarray(values, "float32")[None]
    arguments = {"filters": 2, "kernel_size": 3, "bias_initializer": "ones", **arguments}
    if first:
        x, arguments["data_format"] = np.moveaxis(x, -1, 1), "channels_first"
    layer = Conv2D(**arguments)
    layer.build(x.shape)
    kernel, *bias = layer.get_weights()
    weights = random.integers(-3, 4, kernel.shape) if integers else random.normal(size=kernel.shape)
    layer.set_weights([np.asarray(weights, "float32"), *bias])
    return build_scene(layer, x, picture=picture)
