"""One small example of every layer that a figure shows, in both data formats."""

import numpy as np

import convlab as cl

LAST_ONLY = ("Cropping1D", "UpSampling1D")  # which in Keras have no data format

RANDOM = np.random.default_rng(3)


def numbers(*shape):
    return RANDOM.normal(size=shape).astype("float32").round(2)


def _cases():
    size = {1: (7,), 2: (4, 5), 3: (3, 3, 4)}
    for rank in (1, 2, 3):
        x = (2, *size[rank], 4)
        yield f"Conv{rank}D", (2, 3), {"strides": 2, "padding": "same"}, x
        yield f"Conv{rank}DTranspose", (2, 3), {"strides": 2, "padding": "same"}, x
        yield f"MaxPooling{rank}D", (2,), {"padding": "same"}, x
        yield f"AveragePooling{rank}D", (3,), {"strides": 2, "padding": "same"}, x
        yield f"GlobalMaxPooling{rank}D", (), {}, x
        yield f"GlobalAveragePooling{rank}D", (), {"keepdims": True}, x
        yield f"ZeroPadding{rank}D", (1,), {}, x
        yield f"Cropping{rank}D", (1,), {}, x
        yield f"ConvLSTM{rank}D", (2, 2), {"padding": "same"}, (2, 3, *size[rank], 2)
    for rank in (1, 2):
        x = (2, *size[rank], 4)
        yield f"SeparableConv{rank}D", (3, 3), {"depth_multiplier": 2, "activation": "relu"}, x
        yield f"DepthwiseConv{rank}D", (2,), {"depth_multiplier": 2}, x
        yield f"LocallyConnected{rank}D", (2, 2), {}, x
    yield (
        "Conv1D",
        (2, 3),
        {"padding": "causal", "dilation_rate": 2, "activation": "tanh"},
        (2, 9, 4),
    )
    yield "Conv2D", (4, (2, 3)), {"groups": 2, "dilation_rate": 2}, (2, 5, 6, 4)
    yield "Conv2DTranspose", (2, 3), {"strides": 2, "output_padding": 1}, (2, 4, 3, 4)
    yield "UpSampling1D", (2,), {}, (2, 4, 4)
    yield "UpSampling2D", ((2, 3),), {}, (2, 3, 3, 4)
    yield "UpSampling2D", (2,), {"interpolation": "bilinear"}, (2, 3, 3, 4)
    yield "UpSampling3D", (2,), {}, (2, 2, 3, 2, 4)


def every_layer():
    """(name, layer, batch) of every case; channels_first where the layer has it."""
    for name, arguments, named, shape in _cases():
        both = () if name in LAST_ONLY else ("channels_last", "channels_first")
        for data_format in both or ("channels_last",):
            named = named | ({"data_format": data_format} if both else {})
            layer = getattr(cl.layers, name)(*arguments, **named)
            x = numbers(*shape)
            if data_format == "channels_first":
                x = np.moveaxis(x, -1, -1 - layer.rank)
            yield f"{name}-{data_format}", layer, x


CASES = list(every_layer())
IDS = [f"{name}-{number}" for number, (name, *_) in enumerate(CASES)]
PAIRS = [(layer, x) for _, layer, x in CASES]
