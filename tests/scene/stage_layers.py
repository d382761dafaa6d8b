"""One layer or two of every class of the family, with known weights, and an input for each."""

import numpy as np

from convlab import layers as cl

FIRST = {"data_format": "channels_first"}

# the class, its arguments, the input's shape: channels last, without the batch
_ROWS = {
    "Conv1D": (
        cl.Conv1D,
        {"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same"},
        (11, 2),
    ),
    "Conv2D": (
        cl.Conv2D,
        {"filters": 2, "kernel_size": (3, 2), "strides": 2, "padding": "same"},
        (7, 6, 2),
    ),
    "Conv2D in groups": (cl.Conv2D, {"filters": 4, "kernel_size": 3, "groups": 2}, (6, 7, 4)),
    "Conv3D": (
        cl.Conv3D,
        {"filters": 2, "kernel_size": 3, "strides": (1, 2, 1), "padding": "same"},
        (4, 5, 4, 2),
    ),
    "Conv1DTranspose": (
        cl.Conv1DTranspose,
        {"filters": 2, "kernel_size": 4, "strides": 3, "padding": "same"},
        (5, 2),
    ),
    "Conv2DTranspose": (
        cl.Conv2DTranspose,
        {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 1},
        (4, 5, 2),
    ),
    "Conv3DTranspose": (
        cl.Conv3DTranspose,
        {"filters": 2, "kernel_size": 3, "strides": 2},
        (2, 3, 2, 2),
    ),
    "DepthwiseConv1D": (cl.DepthwiseConv1D, {"kernel_size": 3, "depth_multiplier": 2}, (9, 2)),
    "DepthwiseConv2D": (
        cl.DepthwiseConv2D,
        {"kernel_size": 3, "depth_multiplier": 2, "padding": "same"},
        (6, 5, 2),
    ),
    "SeparableConv1D": (cl.SeparableConv1D, {"filters": 3, "kernel_size": 3}, (9, 2)),
    "SeparableConv2D": (
        cl.SeparableConv2D,
        {"filters": 3, "kernel_size": 3, "strides": 2},
        (7, 7, 2),
    ),
    "LocallyConnected1D": (cl.LocallyConnected1D, {"filters": 2, "kernel_size": 3}, (8, 2)),
    "LocallyConnected2D": (cl.LocallyConnected2D, {"filters": 2, "kernel_size": (3, 2)}, (5, 6, 2)),
    "MaxPooling1D": (cl.MaxPooling1D, {"pool_size": 2}, (9, 2)),
    "MaxPooling2D": (
        cl.MaxPooling2D,
        {"pool_size": 3, "strides": 2, "padding": "same"},
        (7, 8, 2),
    ),
    "MaxPooling3D": (cl.MaxPooling3D, {"pool_size": 2}, (4, 5, 4, 2)),
    "AveragePooling1D": (cl.AveragePooling1D, {"pool_size": 3, "padding": "same"}, (7, 2)),
    "AveragePooling2D": (cl.AveragePooling2D, {"pool_size": 3, "padding": "same"}, (7, 8, 2)),
    "AveragePooling3D": (cl.AveragePooling3D, {"pool_size": 2}, (4, 4, 6, 2)),
    "GlobalMaxPooling1D": (cl.GlobalMaxPooling1D, {}, (7, 2)),
    "GlobalMaxPooling2D": (cl.GlobalMaxPooling2D, {}, (4, 5, 2)),
    "GlobalMaxPooling3D": (cl.GlobalMaxPooling3D, {}, (2, 3, 4, 2)),
    "GlobalAveragePooling1D": (cl.GlobalAveragePooling1D, {}, (7, 2)),
    "GlobalAveragePooling2D": (cl.GlobalAveragePooling2D, {"keepdims": True}, (4, 5, 2)),
    "GlobalAveragePooling3D": (cl.GlobalAveragePooling3D, {}, (2, 3, 4, 2)),
    "Cropping2D": (cl.Cropping2D, {"cropping": ((1, 0), (2, 1))}, (6, 7, 2)),
    "Cropping3D": (cl.Cropping3D, {"cropping": 1}, (4, 5, 6, 2)),
    "ZeroPadding2D": (cl.ZeroPadding2D, {"padding": ((1, 0), (2, 1))}, (5, 4, 2)),
    "ZeroPadding3D": (cl.ZeroPadding3D, {"padding": 1}, (2, 3, 2, 2)),
    "UpSampling2D": (cl.UpSampling2D, {"size": (2, 3)}, (4, 3, 2)),
    "UpSampling2D, bilinear": (
        cl.UpSampling2D,
        {"size": 2, "interpolation": "bilinear"},
        (4, 5, 2),
    ),
    "UpSampling2D, bicubic": (cl.UpSampling2D, {"size": 2, "interpolation": "bicubic"}, (4, 5, 2)),
    "UpSampling3D": (cl.UpSampling3D, {"size": 2}, (2, 3, 2, 2)),
    "ConvLSTM1D": (cl.ConvLSTM1D, {"filters": 2, "kernel_size": 3, "padding": "same"}, (3, 7, 2)),
    "ConvLSTM2D": (
        cl.ConvLSTM2D,
        {"filters": 2, "kernel_size": 3, "padding": "same"},
        (3, 5, 4, 2),
    ),
    "ConvLSTM3D": (
        cl.ConvLSTM3D,
        {"filters": 2, "kernel_size": 2, "padding": "same"},
        (2, 3, 2, 3, 2),
    ),
}
_CHANNELS_LAST_ONLY = {
    "Conv1D, causal": (
        cl.Conv1D,
        {"filters": 2, "kernel_size": 3, "dilation_rate": 2, "padding": "causal"},
        (11, 2),
    ),
    "Cropping1D": (cl.Cropping1D, {"cropping": (1, 2)}, (9, 2)),
    "ZeroPadding1D": (cl.ZeroPadding1D, {"padding": (1, 2)}, (6, 2)),
    "UpSampling1D": (cl.UpSampling1D, {"size": 3}, (5, 2)),
}
STEPS = [name for name in _ROWS if name.startswith(("Separable", "ConvLSTM"))]
TRANSPOSED = [name for name in _ROWS if name.endswith("DTranspose")]

CASES = {
    **{f"{name}, channels last": (name, {}) for name in {**_ROWS, **_CHANNELS_LAST_ONLY}},
    **{f"{name}, channels first": (name, FIRST) for name in _ROWS},
}


def layer_of(name, **arguments):
    """The layer of that row, built, with random weights, and a batch of one random input."""
    cls, own, shape = {**_ROWS, **_CHANNELS_LAST_ONLY}[name]
    layer = cls(**own, **arguments)
    random = np.random.default_rng(11)
    x = random.normal(size=(1, *shape)).astype("float32")
    if layer.data_format == "channels_first":
        x = np.moveaxis(x, -1, 2 if name.startswith("ConvLSTM") else 1)
    layer.build(x.shape)
    layer.set_weights([random.normal(size=w.shape).astype("float32") for w in layer.get_weights()])
    return layer, x
