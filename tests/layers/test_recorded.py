"""Every layer against recorded outcomes of Keras: needs no Keras. See record_keras_cases.py."""

import json
from collections import Counter
from pathlib import Path

import made_up
import numpy as np
import pytest

from convlab import layers

HERE = Path(__file__).parent
CASES = json.loads((HERE / "keras_cases.json").read_text())["cases"]


@pytest.fixture(scope="module")
def arrays():
    with np.load(HERE / "keras_cases.npz") as file:
        return dict(file)


@pytest.mark.parametrize("name", made_up.CLASSES)
def test_as_keras(name, arrays):
    for recorded in CASES:
        if recorded["class"] != name:
            continue
        key, theirs = recorded["key"], dict(recorded["keras"])
        case = made_up.make_case(name, recorded["seed"])
        assert repr(case) == recorded["case"], "made_up.py has changed: record the cases again"

        def data(shapes, key=key, case=case):
            x = made_up.laid_out(arrays[f"{key}_x"], case["layout"])
            return x, [arrays[f"{key}_w{i}"] for i in range(len(shapes))]

        outputs = [k for k in arrays if k.startswith(f"{key}_y")]
        theirs["y"] = [arrays[f"{key}_y{i}"] for i in range(len(outputs))]
        made_up.agree(made_up.outcome(layers, case, data), theirs, case)


def test_the_record_holds_both_kinds_of_every_layer():
    found = Counter((case["class"], case["keras"]["kind"]) for case in CASES)
    for name in made_up.CLASSES:
        assert found[name, "accepted"] >= 5, name
        assert found[name, "refused"] >= 1, name
