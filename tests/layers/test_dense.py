"""Dense: worked examples, shapes, costs, refusals."""

import numpy as np
import pytest

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry.links import Along, Every
from convlab.layers import Dense


def test_a_worked_example():
    layer = Dense(2, activation="relu")
    layer.build((None, 3))
    layer.set_weights([[[1, 0], [2, 1], [0, -1]], [0.5, -10]])
    assert layer(np.array([[1.0, 2.0, 3.0]])).tolist() == [[5.5, 0.0]]
    assert [(w.name, w.shape) for w in layer.weights] == [("kernel", (3, 2)), ("bias", (2,))]


def test_more_axes_are_rows():
    layer = Dense(4, use_bias=False)
    x = np.random.default_rng(1).standard_normal((2, 3, 5, 6)).astype("float32")
    y = layer(x)
    assert y.shape == layer.compute_output_shape(x.shape) == (2, 3, 5, 4)
    np.testing.assert_allclose(y[1, 2, 3], x[1, 2, 3] @ layer.kernel.value, rtol=1e-5)
    assert layer.compute_output_shape((None, None, 6)) == (None, None, 4)
    assert Dense(4).compute_output_shape((None, None)) == (None, 4)


def test_cost_and_dependence():
    assert Dense(10).cost((None, 7, 512)) == (Dense(10).cost((3, 7, 512)))
    assert Dense(10).cost((None, 7, 512)).macs == 7 * 5120
    assert Dense(10, use_bias=False).cost((None, 512)).params == 5120
    assert Dense(10).cost((None, None, 512)).macs is None
    assert Dense(10, lora_rank=2).cost((None, 512)).params == 5130 + 2 * 522
    (product,) = Dense(10).dependence((None, 7, 5))
    assert product.links == (Along(1), Every())


def test_a_low_rank_update_leaves_the_kernel_alone():
    layer = Dense(3, lora_rank=2)
    layer.build((None, 4))
    names = ["kernel", "bias", "lora_kernel_a", "lora_kernel_b"]
    assert [w.name for w in layer.weights] == names
    assert [w.name for w in layer.trainable_weights] == names[1:]
    layer.set_weights([np.zeros((4, 3)), np.zeros(3), np.ones((4, 2)), np.ones((2, 3))])
    assert layer(np.ones((1, 4))).tolist() == [[8, 8, 8]]
    assert "lora_rank" in layer.get_config()
    assert "lora_rank" not in Dense(3).get_config()


def test_integers_become_floats():
    layer = Dense(1, kernel_initializer="ones", dtype="float16")
    assert layer(np.array([[1, 2]], "uint8")).dtype == np.float16
    assert layer.output_dtype("uint8") == "float16"


@pytest.mark.parametrize("units", [0, -1, 2.5, "4", None, np.int64(2)])
def test_units(units):
    with pytest.raises(ArgumentError, match=r"(?s)invalid value for `units`.*whole number"):
        Dense(units)


def test_refusals():
    with pytest.raises(ArgumentError, match=r"(?s)Quantized weights.*quantization_config=None"):
        Dense(2, quantization_config="int8")
    with pytest.raises(ShapeError, match=r"(?s)min_ndim=2, found ndim=1.*\(batch, ..., features\)"):
        Dense(2)(np.ones(3))
    with pytest.raises(ShapeError, match=r"(?s)should have a defined dimension.*Give axis -1"):
        Dense(2).build((3, None))
    layer = Dense(2)
    layer.build((None, 3))
    with pytest.raises(ShapeError, match=r"(?s)expected axis -1 .* value 3.*or make a new layer"):
        layer(np.ones((1, 4)))
    with pytest.raises(ArgumentError, match=r"(?s)Lora is incompatible.*lora_rank=None"):
        Dense(2, lora_rank=1, kernel_constraint="non_neg").build((None, 3))
    with pytest.raises(AttributeError, match="build the layer"):
        _ = Dense(2).kernel
