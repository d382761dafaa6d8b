"""Locally connected layers against recorded outcomes of Keras 2. See record_keras2_cases.py."""

import json
from pathlib import Path

import numpy as np
import pytest

from convlab import layers
from convlab.errors import ArgumentError, ShapeError

HERE = Path(__file__).parent
CASES = json.loads((HERE / "keras2_cases.json").read_text())["cases"]


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: f"{n}-{CASES[n]['class']}")
def test_as_keras_2(number):
    case = CASES[number]
    make = getattr(layers, case["class"])
    if "refused" in case:
        with pytest.raises(ValueError, match="eceived"):
            make(**case["arguments"]).build(case["shape"])
        return
    layer = make(**case["arguments"])
    layer.build(case["shape"])
    with np.load(HERE / "keras2_cases.npz") as arrays:
        layer.set_weights([arrays[f"{number}_w{i}"] for i in range(case["weights"])])
        x, expected = arrays[f"{number}_x"], arrays[f"{number}_y"]
    y = layer(x)
    assert list(layer.compute_output_shape(case["shape"])) == case["output_shape"]
    if case["arguments"].get("activation") == "tanh":
        np.testing.assert_allclose(y, expected, atol=1e-6)
    else:
        np.testing.assert_array_equal(y, expected)
    np.testing.assert_allclose([float(loss) for loss in layer.losses], case["losses"], rtol=1e-6)


def test_the_record_holds_both_kinds():
    refused = [case for case in CASES if "refused" in case]
    assert len(refused) >= 4
    assert len(CASES) - len(refused) >= 8


def test_every_place_has_its_own_kernel():
    layer = layers.LocallyConnected1D(1, 2, use_bias=False)
    layer.build((None, 4, 1))
    layer.set_weights([np.array([[[1], [0]], [[0], [1]], [[1], [1]]])])
    assert layer(np.array([[[1.0], [10], [100], [1000]]])).ravel().tolist() == [1, 100, 1100]
    (axis,) = layer.geometry((None, 4, 1))[0]
    assert axis.size_out == 3
    assert layer.cost((None, 4, 1)).params == 6


def test_refusals():
    with pytest.raises(ArgumentError, match=r'(?s)only "valid".*ZeroPadding'):
        layers.LocallyConnected2D(1, 2, padding="same")
    with pytest.raises(ArgumentError, match=r"(?s)Unrecognized implementation.*implementation=1"):
        layers.LocallyConnected2D(1, 2, implementation=4)
    with pytest.raises(ShapeError, match=r"(?s)fully-defined.*Give every spatial axis a size"):
        layers.LocallyConnected1D(1, 2).build((None, None, 1))
    layer = layers.LocallyConnected1D(1, 2)
    layer.build((None, 4, 1))
    with pytest.raises(ShapeError, match=r"(?s)expected shape.*keep the sizes"):
        layer(np.ones((1, 5, 1)))


def test_config_round_trip():
    layer = layers.LocallyConnected2D(4, (2, 3), strides=2, activation="relu", name="local")
    again = layers.LocallyConnected2D.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert (
        repr(layer) == "LocallyConnected2D(4, (2, 3), strides=2, activation='relu', name='local')"
    )
