"""Every refusal says the rule, what was received, and what to do instead."""

import numpy as np
import pytest

import convlab as cl
from convlab.errors import ArgumentTypeError, ConvlabError
from convlab.layers import Conv2D, activations, config, initializers, regularizers

X = np.ones((1, 5, 5, 2), "float32")
SHAPE = (None, 5, 5, 2)


def built():
    layer = Conv2D(4, 3)
    layer.build(SHAPE)
    return layer


# (what is refused, a call, a part of its message)
REFUSALS = [
    ("no filters", lambda: Conv2D(0, 3), "Expected a strictly positive value"),
    ("filters in quotes", lambda: Conv2D("4", 3), "Expected a strictly positive value"),
    ("no groups", lambda: Conv2D(4, 3, groups=0), "number of groups must be a positive integer"),
    ("groups", lambda: Conv2D(5, 3, groups=2), "filters must be evenly divisible"),
    ("groups, many", lambda: Conv2D(10**9, 3, groups=7), "filters must be evenly divisible"),
    ("groups, float", lambda: Conv2D(4, 3, groups=2.0).build(SHAPE), "invalid dimension '1.0'"),
    ("groups, input", lambda: Conv2D(3, 3, groups=3).build(SHAPE), "channels must be evenly"),
    ("filters, float", lambda: Conv2D(8.0, 3).build(SHAPE), "invalid dimension '8.0'"),
    ("filters, None", lambda: Conv2D(None, 3).build(SHAPE), "invalid dimension 'None'"),
    ("kernel_size", lambda: Conv2D(4, 0), "`kernel_size` argument must be a tuple"),
    ("kernel, float", lambda: Conv2D(4, (3.0, 3)).build(SHAPE), "must hold integers"),
    ("strides, part", lambda: Conv2D(4, 3, strides=(1.5, 2)).build(SHAPE), "must hold integers"),
    ("strides", lambda: Conv2D(4, 3, strides=2, dilation_rate=2), "not supported in conjunction"),
    ("padding", lambda: Conv2D(4, 3, padding="full"), "`padding` argument must be"),
    ("padding", lambda: Conv2D(4, 3, padding=(1, 1)).build(SHAPE), "`padding` must be either"),
    ("data_format", lambda: Conv2D(4, 3, data_format="nhwc"), "`data_format` argument must be"),
    ("activation", lambda: Conv2D(4, 3, activation="ReLU"), "Could not interpret activation"),
    ("unknown keyword", lambda: Conv2D(4, 3, foo=1), "Unrecognized keyword arguments"),
    ("name", lambda: Conv2D(4, 3, name="a/b"), "cannot contain character `/`"),
    ("trainable", lambda: Conv2D(4, 3, trainable=1), "Expected `trainable` to be a boolean"),
    ("dtype", lambda: Conv2D(4, 3, dtype="int8"), "Cannot convert 'int8' to a mixed precision"),
    ("dtype, dict", lambda: Conv2D(4, 3, dtype={"config": 3}), "to a mixed precision"),
    ("weights", lambda: Conv2D(4, 3, weights=3), "are a list of arrays"),
    ("missing filters", lambda: Conv2D(), "Conv2D is missing the required argument `filters`"),
    ("missing kernel_size", lambda: Conv2D(4), "missing the required argument `kernel_size`"),
    ("lora_rank", lambda: Conv2D(4, 3, lora_rank="a"), "rank of a LoRA update"),
    ("lora_rank", lambda: Conv2D(4, 3, lora_rank=-1), "rank of a LoRA update"),
    (
        "lora_rank and constraint",
        lambda: Conv2D(4, 3, lora_rank=1, kernel_constraint="non_neg").build(SHAPE),
        "Lora is incompatible with kernel constraints",
    ),
    ("initializer", lambda: Conv2D(4, 3, kernel_initializer="foo"), "interpret initializer"),
    ("constant", lambda: initializers.get("constant"), "needs a value"),
    ("no content", lambda: initializers.get({"class_name": "__numpy__"}), "needs numbers and"),
    (
        "integers",
        lambda: initializers.get(
            {"class_name": "__numpy__", "config": {"value": [1], "dtype": "int32"}}
        ),
        "needs numbers and a float type",
    ),
    (
        "no such dtype",
        lambda: initializers.get(
            {"class_name": "__numpy__", "config": {"value": [1], "dtype": "zzz"}}
        ),
        "needs numbers and a float type",
    ),
    (
        "config of another",
        lambda: initializers.get({"class_name": "Zeros", "config": {"gain": 1}}),
        "Could not make the initializer Zeros",
    ),
    ("seed", lambda: initializers.RandomNormal(seed="a"), "`seed` argument should be an integer"),
    ("scale", lambda: initializers.VarianceScaling(scale=0), "`scale` must be positive"),
    ("mode", lambda: initializers.VarianceScaling(mode="fan"), "Invalid `mode` argument"),
    ("identity", lambda: initializers.Identity()((2, 2, 2)), "can only be used for 2D matrices"),
    ("orthogonal", lambda: initializers.Orthogonal()((2,)), "at least two-dimensional"),
    ("values", lambda: initializers.Values(np.ones(2))((3,)), "Expected `shape` to be"),
    ("l1", lambda: regularizers.L1(-1), "expected a non-negative float"),
    ("l2", lambda: regularizers.L1L2(l2=float("inf")), "expected a non-negative float"),
    ("mode", lambda: regularizers.OrthogonalRegularizer(mode="x"), "argument `mode`"),
    ("rank", lambda: regularizers.OrthogonalRegularizer()(np.ones(3)), "must have rank 2"),
    ("regularizer", lambda: regularizers.get("l1_l2"), "interpret regularizer"),
    ("glu", lambda: activations.glu(np.ones(3)), "axis size must be divisible by 2"),
    ("floatx", lambda: config.set_floatx("int8"), "Unknown `floatx` value"),
    ("format", lambda: config.set_image_data_format("nhwc"), "`data_format` argument must be"),
    ("format None", lambda: config.set_image_data_format(None), "`data_format` argument must be"),
    ("input, list", lambda: Conv2D(4, 3)([[1.0]]), "Only input tensors"),
    ("input, integers", lambda: Conv2D(4, 3)(X.astype(int)), "needs floats"),
    ("input, rank", lambda: Conv2D(4, 3)(X[0]), "Kernel shape must have the same length"),
    ("input, channels", lambda: built()(X[..., :1]), "is incompatible with the layer"),
    ("input, size", lambda: Conv2D(4, 9)(X), "Computed output size would be zero or negative"),
    ("shape", lambda: Conv2D(4, 3).build("shape"), "to a shape"),
    ("built twice", lambda: built().build(SHAPE), "already built"),
    ("unknown channels", lambda: Conv2D(4, 3).build((1, 5, 5, None)), "number of input channels"),
    ("not built", lambda: Conv2D(4, 3).count_params(), "isn't built"),
    ("set_weights, number", lambda: built().set_weights([]), "with a weight list of length 0"),
    ("set_weights, early", lambda: Conv2D(4, 3).set_weights([X]), "with a weight list of length"),
    ("set_weights, shape", lambda: built().set_weights([X, X]), "is not compatible with"),
    ("set_weights, none", lambda: built().set_weights(3), "are a list of arrays"),
    ("assign", lambda: built().kernel.assign(X), "The shape of the weight 'kernel'"),
    ("from_config", lambda: Conv2D.from_config({"x": 1}), "Error when deserializing class"),
    ("explain, no channels", lambda: cl.explain(Conv2D(4, 3), (5, 5, 0)), "at least one channel"),
    ("explain, filters", lambda: cl.explain(Conv2D(8.0, 3), (5, 5, 1)), "invalid dimension '8.0'"),
    ("explain, filters", lambda: cl.explain(Conv2D(None, 3), (5, 5, None)), "dimension 'None'"),
    (
        "explain, groups",
        lambda: cl.explain(Conv2D(4, 3, groups=2.0), (5, 5, 2)),
        "invalid dimension '1.0'",
    ),
    ("animate, layer", lambda: cl.animate("x"), "shows convolutional layers, and those that pool"),
    ("animate, item", lambda: cl.animate(Conv2D(1, 3), item="a"), "chosen by its index"),
    ("save, dpi", lambda: cl.animate(Conv2D(1, 3)).save("o.png", dpi=0), "dots per inch"),
    ("save, fps", lambda: cl.animate(Conv2D(1, 3)).save("o.gif", fps="a"), "frames a second"),
    ("save, suffix", lambda: cl.animate(Conv2D(1, 3)).save("o"), "suffix says what to write"),
]


@pytest.mark.parametrize(
    ("call", "message"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS]
)
def test_a_refusal_says_what_was_received_and_what_to_do(call, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConvlabError, match=message) as caught:
        call()
    assert caught.value.received
    assert caught.value.remedy
    assert str(caught.value).count(caught.value.received) == 1


@pytest.mark.parametrize("arguments", [{}, {"filters": 3}, {"kernel_size": 3}])
def test_a_missing_argument_is_named(arguments):
    with pytest.raises(ArgumentTypeError, match="Conv2D is missing the required") as caught:
        Conv2D(**arguments)
    assert caught.value.argument not in arguments
    assert f"`{caught.value.argument}`" in caught.value.rule
