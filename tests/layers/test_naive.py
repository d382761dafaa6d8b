"""Layers against the naive oracle, which writes each of them out, on integers: bit for bit."""

import naive
import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convlab import layers

MOST = {1: 9, 2: 6, 3: 4}


def drawn(data, shape):
    seed = data.draw(st.integers(0, 2**20))
    return np.random.default_rng(seed).integers(-8, 9, shape).astype("float32")


def sizes(data, rank, low, high):
    return tuple(data.draw(st.integers(low, high)) for _ in range(rank))


def agree(name, arguments, weights, x, expected, first):
    """The layer in either data format."""
    if first:
        arguments, x = arguments | {"data_format": "channels_first"}, naive.channels_first(x)
        expected = naive.channels_first(expected)
    layer = getattr(layers, name)(**arguments)
    layer.build(x.shape)
    layer.set_weights(weights)
    y = layer(x)
    assert y.shape == tuple(layer.compute_output_shape(x.shape)) == expected.shape
    np.testing.assert_array_equal(y, expected)


@settings(max_examples=60)
@given(st.data(), st.integers(1, 3), st.sampled_from(["valid", "same"]), st.booleans())
def test_transposed(data, rank, padding, first):
    size, kernel = sizes(data, rank, 1, MOST[rank]), sizes(data, rank, 1, 4 if rank < 3 else 3)
    stride = data.draw(st.integers(1, 4))
    extra = data.draw(st.none() | st.integers(0, stride - 1))
    dilation = data.draw(st.integers(1, 3)) if stride == 1 else 1
    channels, filters = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    x = drawn(data, (2, *size, channels))
    weights = [drawn(data, (*kernel, filters, channels)), drawn(data, filters)]
    expected = naive.transposed(x, *weights, stride, dilation, padding, extra)
    assume(expected.size)
    arguments = {"filters": filters, "kernel_size": kernel, "strides": stride}
    arguments |= {"padding": padding, "dilation_rate": dilation, "output_padding": extra}
    agree(f"Conv{rank}DTranspose", arguments, weights, x, expected, first)


@settings(max_examples=60)
@given(st.data(), st.integers(1, 2), st.sampled_from(["valid", "same"]), st.booleans())
def test_depthwise_and_separable(data, rank, padding, first):
    kernel = sizes(data, rank, 1, 3)
    strides, dilation = sizes(data, rank, 1, 3), sizes(data, rank, 1, 2)
    size = sizes(data, rank, 5, MOST[rank])
    channels, multiplier, filters = (data.draw(st.integers(1, 3)) for _ in range(3))
    x = drawn(data, (2, *size, channels))
    depth = drawn(data, (*kernel, channels, multiplier))
    bias, point_bias = drawn(data, channels * multiplier), drawn(data, filters)
    point = drawn(data, (*(1,) * rank, channels * multiplier, filters))
    how = {"strides": strides, "dilation": dilation, "padding": padding}
    made = naive.depthwise(x, depth, **how)
    arguments = {"kernel_size": kernel, "strides": strides, "padding": padding}
    arguments |= {"dilation_rate": dilation, "depth_multiplier": multiplier}
    agree(f"DepthwiseConv{rank}D", arguments, [depth, bias], x, made + bias, first)
    expected = naive.conv(made, point, point_bias)
    arguments |= {"filters": filters}
    agree(f"SeparableConv{rank}D", arguments, [depth, point, point_bias], x, expected, first)


@settings(max_examples=60)
@given(st.data(), st.integers(1, 3), st.sampled_from(["valid", "same"]), st.booleans())
def test_pooling(data, rank, padding, first):
    size, window = sizes(data, rank, 3, MOST[rank]), sizes(data, rank, 1, 3)
    strides = sizes(data, rank, 1, 4)
    x = drawn(data, (2, *size, 2))
    arguments = {"pool_size": window, "strides": strides, "padding": padding}
    expected = naive.pool(x, window, strides, padding, max)
    agree(f"MaxPooling{rank}D", arguments, [], x, expected, first)
    means = naive.pool(x, window, strides, padding, lambda cells: sum(cells) / len(cells))
    agree(f"AveragePooling{rank}D", arguments, [], x, means.astype("float32"), first)


@settings(max_examples=40)
@given(st.data(), st.booleans())
def test_causal(data, first):
    kernel, stride = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    dilation = data.draw(st.integers(1, 3)) if stride == 1 else 1
    groups = data.draw(st.sampled_from([1, 2]))
    x = drawn(data, (2, data.draw(st.integers(1, 9)), 2 * groups))
    weights = [drawn(data, (kernel, 2, 2 * groups)), drawn(data, 2 * groups)]
    expected = naive.conv(x, *weights, stride, dilation, "causal", groups)
    arguments = {"filters": 2 * groups, "kernel_size": kernel, "strides": stride}
    arguments |= {"dilation_rate": dilation, "padding": "causal", "groups": groups}
    agree("Conv1D", arguments, weights, x, expected, first)
