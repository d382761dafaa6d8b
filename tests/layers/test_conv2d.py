"""Conv2D against the naive oracle, and its own promises: shapes, geometry, cost, dtypes."""

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlab.geometry import AxisGeometry
from convlab.layers import Conv2D, Convolution2D, Cost

pair = st.tuples
sizes = st.integers(1, 9)
ones_to_three = st.integers(1, 3)


@st.composite
def uses(draw):
    """A layer's arguments and an input shape, all of them possible."""
    groups = draw(ones_to_three)
    spread = draw(st.sampled_from(["strides", "dilation_rate"]))
    arguments = {
        "filters": groups * draw(ones_to_three),
        "kernel_size": draw(pair(st.integers(1, 4), st.integers(1, 4))),
        spread: draw(pair(ones_to_three, ones_to_three)),
        "padding": draw(st.sampled_from(["valid", "same"])),
        "groups": groups,
    }
    shape = (draw(st.integers(1, 2)), draw(sizes), draw(sizes), groups * draw(st.integers(1, 2)))
    return arguments, shape


def oracle(arguments, x, weights):
    return naive.conv(
        x,
        *weights,
        strides=arguments.get("strides", 1),
        dilation=arguments.get("dilation_rate", 1),
        padding=arguments["padding"],
        groups=arguments["groups"],
    )


@settings(max_examples=120, deadline=None)
@given(uses(), st.integers(0, 2**31))
def test_equals_the_oracle_exactly_on_integers(use, seed):
    arguments, shape = use
    draw = np.random.default_rng(seed)
    layer = Conv2D(**arguments)
    expected_axes = [
        naive.pads(shape[1 + a], k, *spread, arguments["padding"])
        for a, (k, spread) in enumerate(
            zip(
                arguments["kernel_size"],
                zip(layer.strides, layer.dilation_rate, strict=True),
                strict=True,
            )
        )
    ]
    if any(size == 0 for _, _, size in expected_axes):
        with pytest.raises(ValueError, match="Computed output size would be zero or negative"):
            layer.build(shape)
        return
    layer.build(shape)
    weights = [draw.integers(-9, 10, w.shape).astype("float32") for w in layer.get_weights()]
    layer.set_weights(weights)
    x = draw.integers(-9, 10, shape).astype("float32")
    expected = oracle(arguments, x, weights)
    y = layer(x)
    np.testing.assert_array_equal(y, expected)
    assert y.shape == layer.compute_output_shape(shape) == expected.shape
    assert y.dtype == np.float32

    first = layer.replace(data_format="channels_first", weights=weights)
    np.testing.assert_array_equal(naive.channels_last(first(naive.channels_first(x))), expected)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_real_data(dtype):
    rng = np.random.default_rng(3)
    layer = Conv2D(5, (3, 2), strides=(2, 1), padding="same", dtype=dtype, activation="tanh")
    x = rng.standard_normal((2, 7, 6, 3)).astype(dtype)
    y = layer(x)
    expected = np.tanh(naive.conv(x, *layer.get_weights(), strides=(2, 1), padding="same"))
    np.testing.assert_allclose(y, expected, atol=1e-14 if dtype == "float64" else 1e-6)
    assert y.dtype == dtype


def test_the_value_before_the_activation():
    x = np.random.default_rng(4).standard_normal((1, 5, 5, 2)).astype("float32")
    layer = Conv2D(3, 3, activation="relu", kernel_initializer="ones")
    before = layer.convolve(x)
    assert before.min() < 0
    np.testing.assert_allclose(before, naive.conv(x, *layer.get_weights()), atol=1e-6)
    np.testing.assert_array_equal(layer.activation(before), layer(x))


def test_padding_is_not_multiplied():
    """Infinite weights meet padding without making NaN: padding is skipped."""
    layer = Conv2D(1, 3, padding="same", use_bias=False)
    layer.build((1, 1, 1, 1))
    kernel = np.full((3, 3, 1, 1), np.inf, "float32")
    kernel[1, 1] = 2
    layer.set_weights([kernel])
    assert layer(np.full((1, 1, 1, 1), 3, "float32")).item() == 6


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_pass_through(bad):
    x = np.zeros((1, 3, 3, 1), "float32")
    x[0, 0, 0, 0] = bad
    y = Conv2D(1, 2, kernel_initializer="ones")(x)[0, :, :, 0]
    np.testing.assert_array_equal(y, [[bad, 0], [0, 0]])
    if np.isnan(bad):
        assert np.isnan(Conv2D(1, 3, kernel_initializer="ones", activation="relu")(x)).all()


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_an_empty_batch(data_format):
    shape = (0, 8, 9, 2) if data_format == "channels_last" else (0, 2, 8, 9)
    y = Conv2D(4, 3, data_format=data_format)(np.zeros(shape, "float32"))
    assert y.shape == ((0, 6, 7, 4) if data_format == "channels_last" else (0, 4, 6, 7))


def test_any_memory_layout():
    base = np.random.default_rng(5).integers(-5, 6, (2, 8, 10, 6)).astype("float32")
    layer = Conv2D(3, 3)
    odd = [
        base[:, ::2, ::-1, 1:4],
        np.asfortranarray(base[..., :3]),
        np.broadcast_to(base[:1, :1, :, :3], (2, 8, 10, 3)),
        base[..., :3].astype(">f4"),
    ]
    read_only = base[..., :3].copy()
    read_only.setflags(write=False)
    for x in [*odd, read_only]:
        before = x.copy()
        expected = layer(np.array(x, "float32", order="C"))
        np.testing.assert_array_equal(layer(x), expected)
        np.testing.assert_array_equal(x, before)


def test_the_input_is_cast_to_the_compute_dtype():
    x = np.random.default_rng(6).standard_normal((1, 4, 4, 1))
    assert Conv2D(1, 2)(x).dtype == np.float32
    assert Conv2D(1, 2, dtype="float64")(x.astype("float16")).dtype == np.float64
    assert Conv2D(1, 2, dtype="mixed_float16")(x).dtype == np.float16
    assert Conv2D(1, 2, dtype="mixed_float16").dtype == "float32"
    half = Conv2D(1, 2, dtype="bfloat16")(x)
    assert not (half.view(np.uint32) & 0xFFFF).any()


def test_one_large_batch_equals_its_images():
    """Enough work for several threads."""
    x = np.random.default_rng(7).standard_normal((6, 33, 31, 8)).astype("float32")
    layer = Conv2D(40, 3, padding="same")
    together = layer(x)
    np.testing.assert_array_equal(together, np.concatenate([layer(x[i : i + 1]) for i in range(6)]))
    np.testing.assert_allclose(
        together[:1, :4, :4],
        naive.conv(x[:1], *layer.get_weights(), padding="same")[:, :4, :4],
        atol=1e-5,
    )


@pytest.mark.parametrize(
    ("arguments", "shape", "expected", "why"),
    [
        ({}, (None, 28, 28, 1), (None, 26, 26, 8), "valid loses kernel - 1"),
        ({"padding": "same"}, (None, 28, None, 1), (None, 28, None, 8), "None stays None"),
        ({"strides": (2, 3)}, (5, 9, 9, None), (5, 4, 3, 8), "unknown channels do not matter"),
        ({"dilation_rate": 2}, (1, 9, 9, 1), (1, 5, 5, 8), "a reach of 5"),
        ({"data_format": "channels_first"}, (1, 3, 9, 8), (1, 8, 7, 6), "filters come second"),
    ],
)
def test_output_shapes(arguments, shape, expected, why):
    assert Conv2D(8, 3, **arguments).compute_output_shape(shape) == expected, why
    assert Conv2D(8, 3, **arguments).compute_output_shape(list(shape)) == expected


def test_geometry_is_one_step_of_two_axes():
    ((height, width),) = Conv2D(8, (3, 5), padding="same").geometry((None, 28, None, 1))
    assert height == AxisGeometry(28, 3, pad_before=1, pad_after=1, padding="same")
    assert width.size_out is None
    assert width.kernel == 5


def test_cost():
    layer = Conv2D(6, 3, groups=2, padding="same")
    assert layer.cost((None, 5, 7, 4)) == Cost(params=3 * 3 * 2 * 6 + 6, macs=5 * 7 * 3 * 3 * 2 * 6)
    assert layer.cost((None, None, 7, 4)) == Cost(params=114, macs=None)
    assert not layer.built
    layer.build((None, 5, 7, 4))
    assert layer.count_params() == 114


def test_low_rank_update():
    x = np.random.default_rng(8).standard_normal((1, 4, 4, 2)).astype("float32")
    layer = Conv2D(3, 2, lora_rank=2, lora_alpha=4)
    plain = layer(x)
    kernel, bias, a, _ = layer.get_weights()
    np.testing.assert_allclose(plain, naive.conv(x, kernel, bias), atol=1e-6)
    b = np.ones((2, 3), "float32")
    layer.set_weights([kernel, bias, a, b])
    np.testing.assert_allclose(layer(x), naive.conv(x, kernel + 2 * (a @ b), bias), atol=1e-5)
    assert [w.name for w in layer.trainable_weights] == ["bias", "lora_kernel_a", "lora_kernel_b"]
    with pytest.raises(ValueError, match="Lora is incompatible with kernel constraints"):
        Conv2D(3, 2, lora_rank=2, kernel_constraint="non_neg").build((1, 4, 4, 2))


def test_alias():
    assert Convolution2D is Conv2D
