"""Time every layer against Keras's own call: `python benchmarks/layers.py [--seconds 0.5]`.

Both are timed in turn, in one process, on the same input and weights; what is printed is the median
of each and their ratio (below 1, convlab is faster). Keras runs eagerly on TensorFlow, as a user
calls a layer.
"""

import argparse
import os
import statistics
import time

import numpy as np

# (class, arguments, input shape)
WORK = [
    ("Conv1D", {"filters": 128, "kernel_size": 3, "padding": "same"}, (1, 1000, 128)),
    ("Conv2D", {"filters": 8, "kernel_size": 3}, (1, 28, 28, 1)),
    ("Conv2D", {"filters": 64, "kernel_size": 3, "padding": "same"}, (1, 56, 56, 64)),
    (
        "Conv2D",
        {"filters": 128, "kernel_size": 3, "groups": 8, "padding": "same"},
        (1, 56, 56, 128),
    ),
    ("Conv3D", {"filters": 32, "kernel_size": 3, "padding": "same"}, (1, 8, 28, 28, 32)),
    ("DepthwiseConv1D", {"kernel_size": 5, "padding": "same"}, (1, 4000, 64)),
    ("DepthwiseConv2D", {"kernel_size": 3, "padding": "same"}, (1, 112, 112, 32)),
    ("SeparableConv1D", {"filters": 64, "kernel_size": 5}, (1, 1000, 64)),
    ("SeparableConv2D", {"filters": 128, "kernel_size": 3, "padding": "same"}, (1, 56, 56, 64)),
    ("Conv1DTranspose", {"filters": 64, "kernel_size": 4, "strides": 2}, (1, 500, 64)),
    ("Conv2DTranspose", {"filters": 256, "kernel_size": 4, "strides": 2}, (1, 8, 8, 512)),
    ("Conv2DTranspose", {"filters": 64, "kernel_size": 3, "padding": "same"}, (1, 56, 56, 64)),
    ("Conv3DTranspose", {"filters": 16, "kernel_size": 2, "strides": 2}, (1, 8, 14, 14, 32)),
    ("MaxPooling2D", {"pool_size": 2}, (1, 112, 112, 64)),
    ("MaxPooling2D", {"pool_size": 3, "strides": 2, "padding": "same"}, (1, 112, 112, 64)),
    ("AveragePooling2D", {"pool_size": 2}, (1, 112, 112, 64)),
    ("GlobalAveragePooling2D", {}, (1, 56, 56, 256)),
    ("GlobalMaxPooling2D", {}, (1, 56, 56, 256)),
    ("ZeroPadding2D", {"padding": 1}, (1, 112, 112, 64)),
    ("Cropping2D", {"cropping": 2}, (1, 112, 112, 64)),
    ("UpSampling2D", {"size": 2}, (1, 56, 56, 64)),
    ("UpSampling2D", {"size": 2, "interpolation": "bilinear"}, (1, 56, 56, 64)),
    ("UpSampling2D", {"size": 2, "interpolation": "bicubic"}, (1, 56, 56, 64)),
    ("UpSampling3D", {"size": 2}, (1, 8, 28, 28, 32)),
    ("ConvLSTM2D", {"filters": 16, "kernel_size": 3, "padding": "same"}, (1, 8, 28, 28, 8)),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.5, help="how long each layer is timed")
    parser.add_argument("--only", default="", help="only classes whose name contains this")
    options = parser.parse_args()
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras

    import convlab

    print(f"{'layer':<58}{'convlab':>10}{'Keras':>10}{'ratio':>8}")
    ratios = []
    for name, arguments, shape in WORK:
        if options.only not in name:
            continue
        x = np.random.default_rng(0).standard_normal(shape).astype("float32")
        ours, theirs = (getattr(m, name)(**arguments) for m in (convlab, keras.layers))
        theirs.build(shape)
        ours.build(shape)
        ours.set_weights(theirs.get_weights())
        tensor = keras.ops.convert_to_tensor(x)
        np.testing.assert_allclose(ours(x), np.asarray(theirs(tensor)), atol=1e-3)
        mine, peer = interleaved(lambda f=ours, a=x: f(a), lambda f=theirs, a=tensor: f(a), options)
        ratios.append(mine / peer)
        shown = ", ".join(f"{k}={v!r}" for k, v in arguments.items())
        label = f"{name}({shown})"[:46] + " " + "x".join(map(str, shape[1:]))
        print(f"{label:<58}{mine * 1e3:>8.2f}ms{peer * 1e3:>8.2f}ms{mine / peer:>8.2f}")
    print(f"geometric mean of the ratios: {statistics.geometric_mean(ratios):.2f}")


def interleaved(first, second, options):
    """The median seconds of each, called in turn."""
    times = ([], [])
    end = time.perf_counter() + options.seconds
    while time.perf_counter() < end or len(times[0]) < 5:
        for call, kept in zip((first, second), times, strict=True):
            start = time.perf_counter()
            call()
            kept.append(time.perf_counter() - start)
    return tuple(statistics.median(kept) for kept in times)


if __name__ == "__main__":
    main()
