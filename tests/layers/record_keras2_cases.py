"""Record what Keras 2 does with its locally connected layers: needs the package tf-keras.

Writes keras2_cases.json and keras2_cases.npz beside this file, for test_locally_connected.py.
"""

import json
import os
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent

# (class, arguments, input shape)
CASES = [
    ("LocallyConnected1D", {"filters": 3, "kernel_size": 2}, (2, 6, 4)),
    ("LocallyConnected1D", {"filters": 2, "kernel_size": 3, "strides": 2}, (1, 9, 2)),
    ("LocallyConnected1D", {"filters": 2, "kernel_size": 1, "use_bias": False}, (3, 4, 1)),
    ("LocallyConnected1D", {"filters": 2, "kernel_size": 2, "activation": "relu"}, (2, 5, 3)),
    ("LocallyConnected1D", {"filters": 4, "kernel_size": 5, "kernel_regularizer": "l2"}, (2, 5, 1)),
    (
        "LocallyConnected1D",
        {"filters": 3, "kernel_size": 2, "data_format": "channels_first"},
        (2, 4, 6),
    ),
    ("LocallyConnected2D", {"filters": 3, "kernel_size": 2}, (2, 4, 5, 2)),
    ("LocallyConnected2D", {"filters": 2, "kernel_size": [3, 1], "strides": [2, 1]}, (1, 7, 4, 3)),
    ("LocallyConnected2D", {"filters": 2, "kernel_size": 2, "activation": "tanh"}, (2, 3, 3, 1)),
    (
        "LocallyConnected2D",
        {"filters": 3, "kernel_size": [2, 3], "data_format": "channels_first"},
        (2, 2, 4, 5),
    ),
    (
        "LocallyConnected2D",
        {"filters": 1, "kernel_size": 2, "strides": 2, "data_format": "channels_first"},
        (1, 3, 6, 6),
    ),
    ("LocallyConnected2D", {"filters": 2, "kernel_size": 2, "padding": "same"}, (1, 4, 4, 1)),
    ("LocallyConnected2D", {"filters": 2, "kernel_size": 5}, (1, 4, 4, 1)),
    ("LocallyConnected2D", {"filters": 2, "kernel_size": 2}, (1, 4, None, 1)),
    ("LocallyConnected1D", {"filters": 2, "kernel_size": 2, "padding": "causal"}, (1, 4, 1)),
    ("LocallyConnected1D", {"filters": 2, "kernel_size": 0}, (1, 4, 1)),
]


def main():
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import tf_keras

    rng = np.random.default_rng(14)
    cases, arrays = [], {}
    for number, (name, arguments, shape) in enumerate(CASES):
        case = {"class": name, "arguments": arguments, "shape": shape}
        try:
            layer = getattr(tf_keras.layers, name)(**arguments)
            layer.build(shape)
            weights = [rng.integers(-4, 5, w.shape).astype("float32") for w in layer.weights]
            layer.set_weights(weights)
            x = rng.integers(-4, 5, shape).astype("float32")
            y = np.asarray(layer(x))
            losses = [float(loss) for loss in layer.losses]
            arrays |= {f"{number}_x": x, f"{number}_y": y}
            arrays |= {f"{number}_w{i}": w for i, w in enumerate(weights)}
            case |= {"losses": losses, "weights": len(weights)}
            case["output_shape"] = list(layer.compute_output_shape(shape))
        except Exception as error:
            case["refused"] = type(error).__name__
        cases.append(case)
    about = {"tf_keras": tf_keras.__version__, "cases": cases}
    (HERE / "keras2_cases.json").write_text(json.dumps(about, indent=1) + "\n")
    np.savez_compressed(HERE / "keras2_cases.npz", **arrays)
    print([case.get("refused", "accepted") for case in cases])


if __name__ == "__main__":
    main()
