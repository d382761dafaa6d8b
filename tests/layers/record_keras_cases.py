"""Record what Keras does with made-up uses of Conv2D: `python tests/layers/record_keras_cases.py`.

Writes conv2d_cases.json (arguments, shapes, refusals) and conv2d_cases.npz (inputs, weights,
outputs) beside this file, for test_conv2d_recorded.py, which needs no Keras.
"""

import json
import os
from pathlib import Path

import conv_cases
import numpy as np

SEEDS = range(1000, 1120)
HERE = Path(__file__).parent


def main():
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras

    cases, arrays = [], {}
    for seed in SEEDS:
        case = conv_cases.make_case(seed)
        kept = {}

        def data(shapes, case=case, seed=seed, kept=kept):
            kept["data"] = conv_cases.make_data(case, shapes, seed)
            return kept["data"]

        result = conv_cases.outcome(keras.layers.Conv2D, case, data)
        if conv_cases.hits_defect(case, result):
            continue
        if "data" in kept:
            x, weights = kept["data"]
            arrays |= {f"{seed}_x": x, **{f"{seed}_w{i}": w for i, w in enumerate(weights)}}
        if "y" in result:
            arrays[f"{seed}_y"] = result.pop("y")
        result["message"] = result.get("message", "").splitlines()[:1]
        texts = {"arguments": repr(case["arguments"]), "shape": repr(case["shape"])}
        cases.append({"seed": seed, **texts, "integers": case["integers"], "keras": result})
    about = {"keras": keras.__version__, "backend": keras.backend.backend(), "cases": cases}
    (HERE / "conv2d_cases.json").write_text(json.dumps(about, indent=1) + "\n")
    np.savez_compressed(HERE / "conv2d_cases.npz", **arrays)
    print(f"{len(cases)} cases, {sum(c['keras']['kind'] == 'refused' for c in cases)} refused")


if __name__ == "__main__":
    main()
