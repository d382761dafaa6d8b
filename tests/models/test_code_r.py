"""Code for R is checked against the documented signatures of the package keras3, and read back."""

import re

import code_cases
import numpy as np
import pytest
from test_code_models import MODELS

import convlab as cl
from convlab import layers
from convlab.models import to_code

# Source: the package keras3 for R, https://github.com/rstudio/keras3: the functions in
# R/layers-convolutional.R, R/layers-pooling.R, R/layers-reshaping.R, R/layers-rnn.R,
# R/layers-activations.R, R/layers-normalization.R, R/layers-merging.R and so on, whose usage is
# printed in man/<function>.Rd. `...` takes what Keras's layer takes besides, such as name, dtype,
# and the output_padding of a transposed convolution.
_CONV = (
    "object filters kernel_size strides padding data_format dilation_rate groups activation "
    "use_bias kernel_initializer bias_initializer kernel_regularizer bias_regularizer "
    "activity_regularizer kernel_constraint bias_constraint ..."
)
_TRANSPOSED = _CONV.replace("groups ", "")
_DEPTHWISE = (
    "object kernel_size strides padding depth_multiplier data_format dilation_rate activation "
    "use_bias depthwise_initializer bias_initializer depthwise_regularizer bias_regularizer "
    "activity_regularizer depthwise_constraint bias_constraint ..."
)
_SEPARABLE = (
    "object filters kernel_size strides padding data_format dilation_rate depth_multiplier "
    "activation use_bias depthwise_initializer pointwise_initializer bias_initializer "
    "depthwise_regularizer pointwise_regularizer bias_regularizer activity_regularizer "
    "depthwise_constraint pointwise_constraint bias_constraint ..."
)
_CONV_LSTM = (
    "object filters kernel_size strides padding data_format dilation_rate activation "
    "recurrent_activation use_bias kernel_initializer recurrent_initializer bias_initializer "
    "unit_forget_bias kernel_regularizer recurrent_regularizer bias_regularizer "
    "activity_regularizer kernel_constraint recurrent_constraint bias_constraint dropout "
    "recurrent_dropout seed return_sequences return_state go_backwards stateful ... unroll"
)
_POOLING = "object pool_size strides padding data_format name ..."
_AFFINE = "center scale beta_initializer gamma_initializer"
_AFFINE_REST = "beta_regularizer gamma_regularizer beta_constraint gamma_constraint"

SIGNATURES = {
    **{f"layer_conv_{r}d": _CONV for r in (1, 2, 3)},
    **{f"layer_conv_{r}d_transpose": _TRANSPOSED for r in (1, 2, 3)},
    **{f"layer_depthwise_conv_{r}d": _DEPTHWISE for r in (1, 2)},
    **{f"layer_separable_conv_{r}d": _SEPARABLE for r in (1, 2)},
    **{f"layer_conv_lstm_{r}d": _CONV_LSTM for r in (1, 2, 3)},
    **{f"layer_{kind}_pooling_{r}d": _POOLING for r in (1, 2, 3) for kind in ("max", "average")},
    **{
        f"layer_global_{kind}_pooling_{r}d": "object data_format keepdims ..."
        for r in (1, 2, 3)
        for kind in ("max", "average")
    },
    "layer_cropping_1d": "object cropping ...",
    "layer_cropping_2d": "object cropping data_format ...",
    "layer_cropping_3d": "object cropping data_format ...",
    "layer_zero_padding_1d": "object padding ...",
    "layer_zero_padding_2d": "object padding data_format ...",
    "layer_zero_padding_3d": "object padding data_format ...",
    "layer_upsampling_1d": "object size ...",
    "layer_upsampling_2d": "object size data_format interpolation ...",
    "layer_upsampling_3d": "object size data_format ...",
    "layer_dense": "object units activation use_bias kernel_initializer bias_initializer "
    "kernel_regularizer bias_regularizer activity_regularizer kernel_constraint bias_constraint "
    "...",
    "layer_flatten": "object data_format ...",
    "layer_reshape": "object target_shape ...",
    "layer_permute": "object dims ...",
    "layer_repeat_vector": "object n ...",
    "layer_activation": "object activation ...",
    "layer_activation_relu": "object max_value negative_slope threshold ...",
    "layer_activation_leaky_relu": "object negative_slope ...",
    "layer_activation_elu": "object alpha ...",
    "layer_activation_softmax": "object axis ...",
    "layer_activation_parametric_relu": "object alpha_initializer alpha_regularizer "
    "alpha_constraint shared_axes ...",
    "layer_identity": "object ...",
    "layer_dropout": "object rate noise_shape seed ...",
    "layer_gaussian_dropout": "object rate seed ...",
    "layer_gaussian_noise": "object stddev seed ...",
    "layer_spatial_dropout_2d": "object rate data_format seed name dtype",
    "layer_activity_regularization": "object l1 l2 ...",
    "layer_batch_normalization": f"object axis momentum epsilon {_AFFINE} moving_mean_initializer "
    f"moving_variance_initializer {_AFFINE_REST} synchronized ...",
    "layer_layer_normalization": f"object axis epsilon center scale rms_scaling beta_initializer "
    f"gamma_initializer {_AFFINE_REST} ...",
    "layer_group_normalization": f"object groups axis epsilon {_AFFINE} {_AFFINE_REST} ...",
    "layer_unit_normalization": "object axis ...",
    "layer_normalization": "object axis mean variance invert ...",
    "layer_rescaling": "object scale offset ...",
    "layer_resizing": "object height width interpolation crop_to_aspect_ratio data_format ...",
    "layer_random_flip": "object mode seed ...",
    **{f"layer_{n}": "inputs ..." for n in ("add", "average", "maximum", "minimum", "multiply")},
    "layer_subtract": "inputs ...",
    "layer_concatenate": "inputs ... axis",
    "keras_input": "shape batch_size dtype sparse ragged batch_shape name tensor optional",
    "keras_model": "inputs outputs ...",
    "keras_model_sequential": "layers name ...",
    "regularizer_l1": "l1",
    "regularizer_l2": "l2",
    "regularizer_l1_l2": "l1 l2",
    "constraint_maxnorm": "max_value axis",
    "constraint_minmaxnorm": "min_value max_value rate axis",
}
PASSED = {
    *("name", "dtype", "trainable", "autocast", "activity_regularizer", "input_shape"),
    *("output_padding", "data_format"),
    *("antialias", "pad_to_aspect_ratio", "fill_mode", "fill_value"),
}
"""What `...` hands on to the Keras layer, though the usage does not name it."""

# A reader of the little of R that is written

TOKEN = re.compile(
    r"""\s*(?:\#[^\n]*\n?)?\s*(?P<token>"(?:[^"\\]|\\.)*"|<-|%<-%|\|>|[-+*/^(),=$]|
    [A-Za-z.][\w.]*|\d+\.?\d*(?:e[-+]?\d+)?L?)""",
    re.VERBOSE,
)


class Reader:
    """Reads calls with arguments by name into (function, arguments) pairs, and checks them."""

    def __init__(self, text):
        self.tokens, place = [], 0
        text = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE).rstrip() + " "
        while text[place:].strip():
            match = TOKEN.match(text, place)
            assert match, f"not R: {text[place : place + 40]!r}"
            self.tokens.append(match["token"])
            place = match.end()
        self.calls = []

    def statements(self):
        while self.tokens:
            self.expression()
            if self.tokens and self.tokens[0] in ("<-", "%<-%", "|>", "$", *"+-*/^"):
                self.tokens.pop(0)
        return self.calls

    def expression(self):
        token = self.tokens.pop(0)
        if token == "-":
            return -self.expression()
        if token[0] == '"':
            return re.sub(r"\\u\{(\w+)\}|\\(.)", _unescaped, token[1:-1])
        if token[0].isdigit():
            return int(token[:-1]) if token.endswith("L") else float(token)
        if self.tokens and self.tokens[0] == "(":
            return self.call(token)
        constants = {"TRUE": True, "FALSE": False, "NULL": None, "NA": None, "Inf": float("inf")}
        return constants.get(token, ("variable", token))

    def call(self, function):
        self.tokens.pop(0)
        positional, named = [], {}
        while self.tokens[0] != ")":
            if len(self.tokens) > 1 and self.tokens[1] == "=":
                name = self.tokens.pop(0)
                self.tokens.pop(0)
                assert name not in named, f"{name} twice"
                named[name] = self.expression()
            else:
                positional.append(self.expression())
            if self.tokens[0] == ",":
                self.tokens.pop(0)
        self.tokens.pop(0)
        if function in ("c", "list", "shape"):
            return tuple(positional) if function != "list" else list(positional)
        self.calls.append((function, positional, named))
        return (function, named)


def _unescaped(match):
    return chr(int(match[1], 16)) if match[1] else match[2]


def documented(text):
    """The calls of a text, each of which fits its documented signature."""
    calls = [call for call in Reader(text).statements() if call[0] not in NO_LAYERS]
    for function, _, named in calls:
        assert function in SIGNATURES, f"{function} is not a function of keras3"
        signature = set(SIGNATURES[function].split())
        for name in named:
            dots = "..." in signature and name in PASSED
            assert name in signature or dots, f"{function} has no {name}"
    return calls


NO_LAYERS = ("library", "set_weights", "build")


def same(found, expected):
    """Whether what R was given means what the layer has."""
    if isinstance(expected, tuple | list):
        found = [found] * len(expected) if not isinstance(found, tuple | list) else found
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(found, tuple) and found and isinstance(found[0], str):
        return True  # an object, such as a regularizer
    return found == expected


@pytest.mark.parametrize("name", [n for n in code_cases.CLASSES if "Locally" not in n])
def test_layers_fit_the_documented_signatures(name):
    for seed in range(code_cases.EACH):
        layer, _ = code_cases.make_layer(name, seed)
        ((function, positional, named),) = documented(to_code(layer, "r"))
        config = layer.get_config()
        assert not positional
        for argument, value in named.items():
            assert same(value, config[argument]), (argument, value, config[argument])
        again = type(layer)(**named)  # what is not said has Keras's default
        for argument in set(config) - {"name"}:
            assert again.get_config()[argument] == config[argument], (layer, argument)
        assert function.startswith("layer_")


@pytest.mark.parametrize("make", MODELS[:5])
def test_models_fit_the_documented_signatures(make):
    calls = documented(to_code(make(), "r"))
    model = make()
    made = [function for function, _, _ in calls if function.startswith("layer_")]
    assert len(made) == len([one for one in model.layers if not isinstance(one, layers.InputLayer)])


def test_axes_are_counted_from_the_end():
    """From the front they would count from 1 in R, and from 0 in Python."""
    layer = layers.BatchNormalization(axis=1)
    ((_, _, named),) = documented(to_code(layer, "r", (None, 6, 7, 3)))
    assert named == {"axis": -3}


def test_objects():
    layer = layers.Conv1D(
        2,
        3,
        kernel_regularizer=layers.regularizers.L1L2(0.1, 0.2),
        kernel_constraint=layers.constraints.MaxNorm(3.0, axis=[0, 1]),
        kernel_initializer=layers.initializers.RandomNormal(0.0, 0.3),
    )
    code = to_code(layer, "r")
    documented(code)
    assert "regularizer_l1_l2(l1 = 0.1, l2 = 0.2)" in code
    assert "constraint_maxnorm(max_value = 3, axis = c(1L, 2L))" in code
    assert "initializer" not in code  # the weights are set


def test_short_and_readable():
    layer = layers.Conv2D(8, 3, padding="same", activation="relu")
    layer.build((None, 28, 28, 1))
    assert to_code(layer, "r") == (
        "library(keras3)\n\n"
        "layer <- layer_conv_2d(\n"
        "  filters = 8L,\n"
        "  kernel_size = c(3L, 3L),\n"
        '  padding = "same",\n'
        '  activation = "relu"\n'
        ")\n"
        "layer$build(shape(NULL, 28L, 28L, 1L))\n"
        "# set_weights(layer, weights)  # a list of arrays, as get_weights(layer) gives it\n"
    )


def test_a_chain_is_piped():
    model = cl.Sequential([cl.Input((8, 8, 1)), layers.Conv2D(4, 3), layers.Flatten()])
    assert to_code(model, "r").splitlines()[2:5] == [
        "model <- keras_model_sequential(input_shape = c(8L, 8L, 1L)) |>",
        "  layer_conv_2d(filters = 4L, kernel_size = c(3L, 3L)) |>",
        "  layer_flatten()",
    ]


@pytest.mark.parametrize(
    "layer",
    [
        layers.Reshape((5,)),
        layers.Permute((2, 1)),
        layers.PReLU(shared_axes=[1, 2]),
        layers.Rescaling(np.array([1.0, 2.0])),
        layers.Normalization(mean=[1.0, 2.0], variance=[0.5, 0.25]),
        layers.ThresholdedReLU(0.5),
        layers.Resizing(4, 5, antialias=True),
        layers.SpatialDropout2D(0.3),
        layers.RandomFlip(),
    ],
    ids=repr,
)
def test_layers_between(layer):
    assert len(documented(to_code(layer, "r"))) == 1
