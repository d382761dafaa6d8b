"""Conv2D against recorded outcomes of Keras: needs no Keras. See record_keras_cases.py."""

import json
from pathlib import Path

import conv_cases
import numpy as np
import pytest

from convlab.layers import Conv2D

HERE = Path(__file__).parent
CASES = json.loads((HERE / "conv2d_cases.json").read_text())["cases"]


@pytest.fixture(scope="module")
def arrays():
    with np.load(HERE / "conv2d_cases.npz") as file:
        return dict(file)


@pytest.mark.parametrize("recorded", CASES, ids=lambda c: f"{c['seed']}-{c['keras']['kind']}")
def test_as_keras(recorded, arrays):
    seed, theirs = recorded["seed"], dict(recorded["keras"])
    case = {
        "arguments": conv_cases.literal(recorded["arguments"]),
        "shape": conv_cases.literal(recorded["shape"]),
        "integers": recorded["integers"],
    }

    def data(shapes):
        return arrays[f"{seed}_x"], [arrays[f"{seed}_w{i}"] for i in range(len(shapes))]

    if theirs["kind"] == "accepted":
        theirs["y"] = arrays[f"{seed}_y"]
        for name in ("output_shape", "unknown_shape"):
            if theirs[name] != "refused":
                theirs[name] = tuple(theirs[name])
        theirs["weights"] = [tuple(shape) for shape in theirs["weights"]]
    conv_cases.agree(conv_cases.outcome(Conv2D, case, data), theirs, case)


def test_the_record_holds_both_kinds():
    kinds = [case["keras"]["kind"] for case in CASES]
    assert kinds.count("accepted") > 60
    assert kinds.count("refused") > 20
