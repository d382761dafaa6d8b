"""Record what Keras does with made-up uses of every layer: `python record_keras_cases.py`.

Writes keras_cases.json (arguments, shapes, refusals) and keras_cases.npz (inputs, weights,
outputs) beside this file, for test_recorded.py, which needs no Keras.
"""

import json
import os
from pathlib import Path

import made_up
import numpy as np

SEEDS = range(700_000, 700_016)
HERE = Path(__file__).parent


def main():
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras

    cases, arrays = [], {}
    for name in made_up.CLASSES:
        for seed in SEEDS:
            case, kept = made_up.make_case(name, seed), {}

            def data(shapes, case=case, seed=seed, kept=kept):
                kept["data"] = made_up.make_data(case, shapes, seed)
                return kept["data"]

            result = made_up.outcome(keras.layers, case, data)
            if made_up.is_exception(case, result):
                continue
            key = f"{name}_{seed}"
            if "data" in kept:
                x, weights = kept["data"]
                arrays |= {f"{key}_x": x, **{f"{key}_w{i}": w for i, w in enumerate(weights)}}
            arrays |= {f"{key}_y{i}": y for i, y in enumerate(result.pop("y", []))}
            result.pop("message", None)
            result.pop("again", None)
            where = {"key": key, "class": name, "seed": seed, "case": repr(case)}
            cases.append(where | {"keras": result})
    about = {"keras": keras.__version__, "backend": keras.backend.backend(), "cases": cases}
    text = json.dumps(about, indent=None, separators=(",", ":"))
    (HERE / "keras_cases.json").write_text(text.replace('{"key"', '\n{"key"') + "\n")
    np.savez_compressed(HERE / "keras_cases.npz", **arrays)
    print(f"{len(cases)} cases, {sum(c['keras']['kind'] == 'refused' for c in cases)} refused")


if __name__ == "__main__":
    main()
