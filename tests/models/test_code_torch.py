"""Code for PyTorch is executed, and gives the same arrays."""

import warnings

import code_cases
import numpy as np
import pytest
from code_cases import CLASSES, EACH, assert_same, executed, make_layer

import convlab as cl
from convlab import layers
from convlab.models import to_code


def run(layer, *arrays, input_shape=None):
    """What the code for a layer or model gives, with its weights."""
    names = executed(to_code(layer, "torch", input_shape))
    module = names["model" if "model" in names else "layer"]
    if layer.weights:
        module.set_weights(layer.get_weights())
    return names["run"](*arrays)


def test_there_are_more_than_two_hundred_and_no_kind_is_missing():
    assert len(CLASSES) * EACH >= 200
    made = [(layer, x) for layer, x in code_cases.every_layer()]
    has = {
        "both formats": {getattr(layer, "data_format", None) for layer, _ in made},
        "paddings": {getattr(layer, "padding", None) for layer, _ in made},
    }
    assert {"channels_first", "channels_last"} <= has["both formats"]
    assert {"valid", "same", "causal"} <= has["paddings"]
    convolutions = [layer for layer, _ in made if hasattr(layer, "kernel_size")]
    assert any(k % 2 == 0 for layer in convolutions for k in layer.kernel_size)
    assert any(max(layer.dilation_rate) > 1 for layer in convolutions)
    assert any(getattr(layer, "groups", 1) > 1 for layer in convolutions)
    assert any(max(layer.strides) > 1 and layer.padding == "same" for layer in convolutions)
    assert any(getattr(layer, "output_padding", None) for layer in convolutions)


@pytest.mark.parametrize("name", CLASSES)
def test_layers_compute_the_same(torch, name):
    for seed in range(EACH):
        layer, x = make_layer(name, seed)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = run(layer, x)
        assert_same(found, layer(x), f"seed {seed}: {layer!r} on {x.shape}")


@pytest.mark.parametrize("size", [11, 12, 13])
@pytest.mark.parametrize("strides", [1, 2, 3])
@pytest.mark.parametrize("cls", [layers.Conv2D, layers.MaxPooling2D, layers.AveragePooling2D])
def test_code_made_for_one_size_is_right_for_another(torch, cls, strides, size):
    """The padding of "same" depends on the size: no number of it is frozen."""
    first = (4,) if cls is layers.Conv2D else ()
    layer = cls(*first, 3, strides=strides, padding="same")
    layer.build((None, 12, 12, 3))
    x = np.random.default_rng(size).normal(size=(1, size, size, 3)).astype("float32")
    names = executed(to_code(layer, "torch", (None, 12, 12, 3)))
    if layer.weights:
        names["layer"].set_weights(layer.get_weights())
    assert_same(names["run"](x), layer(x))


def told(code):
    """The comments of code as running text."""
    return " ".join(line.strip().removeprefix("# ") for line in code.splitlines())


def test_same_padding_is_explained_where_the_frameworks_differ(torch):
    layer = layers.Conv2D(8, 3, strides=2, padding="same")
    code = to_code(layer, "torch", (None, 28, 28, 1))
    assert "28 cells by 0 before and 1 after; PyTorch's padding=1 would pad both sides" in told(
        code
    )
    even = to_code(layers.Conv2D(8, 2, padding="same"), "torch", (None, 28, 28, 1))
    assert "F.pad(x, (0, 1, 0, 1))" in even
    odd = to_code(layers.Conv2D(8, 3, padding="same"), "torch", (None, 28, 28, 1))
    assert "nn.Conv2d(1, 8, 3, padding=1)" in odd
    assert "pad_same" not in odd


def test_worked_by_hand(torch):
    """In steps of 2, PyTorch's padding=1 would begin with 20 + 3 in the place of 1 + 20 + 300."""
    layer = layers.Conv1D(1, 3, strides=2, padding="same", use_bias=False)
    layer.build((None, 4, 1))
    layer.set_weights([np.array([1.0, 2, 3], "float32").reshape(3, 1, 1)])
    x = np.array([1.0, 10, 100, 1000], "float32").reshape(1, 4, 1)
    assert run(layer, x).ravel().tolist() == [321.0, 2100.0]


@pytest.mark.parametrize("name", ["Conv2D", "Conv2DTranspose", "Dense", "ConvLSTM2D"])
def test_before_it_is_built_a_layer_takes_any_number_of_channels(torch, name):
    cls = getattr(layers, name)
    given = (4,) if name == "Dense" else (4, 3)
    layer, shape = cls(*given), (2, 6, 7, 5)
    code = to_code(layer, "torch")
    assert "Lazy" in code
    x = np.random.default_rng(0).normal(size=(shape[0], 3, *shape[1:])).astype("float32")
    x = x if name == "ConvLSTM2D" else x[:, 0]
    expected = layer(x)
    names = executed(code)
    names["layer"].set_weights(layer.get_weights())
    assert_same(names["run"](x), expected)


def test_the_shape_may_be_given(torch):
    layer = layers.DepthwiseConv2D(3, depth_multiplier=2)
    code = to_code(layer, "torch", (None, 8, 8, 3))
    assert "nn.Conv2d(3, 6, 3, groups=3)" in code
    assert not layer.built


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (3, 7), (5, 1)])
@pytest.mark.parametrize("interpolation", code_cases.INTERPOLATIONS)
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_every_interpolation(torch, interpolation, size, data_format):
    layer = layers.UpSampling2D(size, data_format, interpolation)
    x = np.random.default_rng(4).normal(size=(2, 4, 9, 3)).astype("float32")
    assert_same(run(layer, x), layer(x), repr(layer))


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_every_cell_is_repeated_exactly(torch, rank):
    """However large the factor, and however long the axis: no rounding picks the neighbour."""
    for factor in (3, 7, 25, 41):
        given = factor if rank == 1 else (1,) * (rank - 1) + (factor,)
        layer = getattr(layers, f"UpSampling{rank}D")(given)
        x = np.arange(200, dtype="float32").reshape(1, *(1,) * (rank - 1), 200, 1)
        np.testing.assert_array_equal(run(layer, x), layer(x))


def test_double_precision(torch):
    layer = layers.Conv2D(4, 3, padding="same", dtype="float64")
    x = np.random.default_rng(0).normal(size=(1, 6, 6, 2))
    expected = layer(x)
    found = run(layer, x)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13)
    inside = cl.Input((6, 6, 2), dtype="float64")
    model = cl.Model(inside, cl.Sequential([inside, layer.replace(name="in")])(inside) * 2.0)
    np.testing.assert_allclose(run(model, x), model.predict(x), rtol=0, atol=1e-13)


BETWEEN = [
    layers.Dense(3, activation="softmax"),
    layers.Dense(3, use_bias=False),
    layers.Flatten(),
    layers.Flatten(data_format="channels_first"),
    layers.Reshape((5, -1)),
    layers.Permute((3, 1, 2)),
    layers.Activation("glu"),
    layers.Activation("exponential"),
    layers.ReLU(),
    layers.ReLU(max_value=1.0, negative_slope=0.1, threshold=0.2),
    layers.ReLU(negative_slope=0.3),
    layers.LeakyReLU(),
    layers.ELU(0.7),
    layers.ThresholdedReLU(0.4),
    layers.PReLU("ones"),
    layers.PReLU("ones", shared_axes=(1, 2)),
    layers.Softmax(),
    layers.Softmax(axis=1),
    layers.Softmax(axis=(1, 2)),
    layers.Dropout(0.5),
    layers.SpatialDropout2D(0.5),
    layers.GaussianNoise(0.5),
    layers.ActivityRegularization(0.1),
    layers.Identity(),
    layers.RandomFlip(),
    layers.BatchNormalization(),
    layers.BatchNormalization(axis=1, center=False, epsilon=0.01),
    layers.BatchNormalization(axis=2, scale=False),
    layers.BatchNormalization(scale=False, center=False),
    layers.BatchNormalization(renorm=True),
    layers.LayerNormalization(),
    layers.LayerNormalization(axis=(2, 3), center=False),
    layers.GroupNormalization(groups=2),
    layers.GroupNormalization(groups=-1, axis=1, scale=False),
    layers.UnitNormalization(),
    layers.UnitNormalization(axis=(1, 2)),
    layers.RMSNormalization(),
    layers.Normalization(),
    layers.Normalization(axis=(1, 3)),
    layers.Normalization(axis=None, mean=0.5, variance=2.0),
    layers.Normalization(mean=[0.1, 0.2, 0.3, 0.4], variance=[1.0, 2.0, 3.0, 4.0], invert=True),
    layers.Rescaling(0.5, offset=-1.0),
    layers.Rescaling([1.0, 2.0, 3.0, 4.0]),
    layers.LayerScale(0.5, 4),
    layers.Resizing(7, 9),
    layers.Resizing(3, 4, interpolation="nearest", data_format="channels_first"),
]


@pytest.mark.parametrize("layer", BETWEEN, ids=repr)
def test_layers_between_compute_the_same(torch, layer):
    x = np.random.default_rng(1).normal(size=(2, 6, 5, 4)).astype("float32")
    layer = layer.replace(name="between")
    layer(x)
    code_cases.with_random_weights(layer)
    if layer.weights:
        assert "set_weights" in to_code(layer, "torch")
    assert_same(run(layer, x), layer(x), repr(layer))


@pytest.mark.parametrize("cls", ["Add", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"])
def test_joins_compute_the_same(torch, cls):
    rng = np.random.default_rng(2)
    arrays = [rng.normal(size=(2, 3, 4)).astype("float32") for _ in range(3)]
    layer = getattr(layers, cls)()
    assert_same(run(layer, *arrays, input_shape=[a.shape for a in arrays]), layer(arrays))


@pytest.mark.parametrize("cls", ["Subtract", "Add"])
def test_an_input_of_fewer_axes_gets_axes_behind_the_batch(torch, cls):
    rng = np.random.default_rng(3)
    arrays = [rng.normal(size=s).astype("float32") for s in ((2, 3, 5, 4), (2, 4))]
    layer = getattr(layers, cls)()
    expected = layer(arrays)
    assert_same(run(layer, *arrays), expected)


def test_repeat_vector(torch):
    layer, x = layers.RepeatVector(3), np.arange(6, dtype="float32").reshape(2, 3)
    assert_same(run(layer, x), layer(x))


def test_every_activation_of_keras_is_covered():
    from convlab.layers import activations
    from convlab.models.code.to_torch.activations import NAMES

    assert set(activations.NAMES) - {"threshold", "linear"} == set(NAMES)


def test_a_module_of_pytorch_hides_no_layer(torch):
    """A layer may be called like a method of every module."""
    from convlab.models.code.to_torch.classes import OF_MODULES

    public = {name for name in dir(torch.nn.Module()) if not name.startswith("_")}
    assert public <= {*OF_MODULES, "T_destination"}
