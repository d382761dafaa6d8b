"""Made-up uses of every layer, valid and not, and what a package does with them.

`make_case` makes a case from a number; `outcome` runs it on Keras and on convlab alike, since both
offer the same interface; `agree` compares the two. `record_keras_cases.py` keeps Keras's outcomes
in a file; `test_live_keras.py` asks Keras itself.
"""

import os
import subprocess
import warnings
from contextlib import suppress
from pathlib import Path

import numpy as np


def _seed():
    """Every commit has cases of its own, and a run of it can be repeated."""
    if "CONVLAB_SEED" in os.environ:
        return int(os.environ["CONVLAB_SEED"])
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return 0  # not a checkout
    return int(done.stdout[:7], 16)


SEED = _seed()

RANKED = {
    "Conv": (1, 2, 3),
    "DepthwiseConv": (1, 2),
    "SeparableConv": (1, 2),
    "ConvTranspose": (1, 2, 3),
    "MaxPooling": (1, 2, 3),
    "AveragePooling": (1, 2, 3),
    "GlobalMaxPooling": (1, 2, 3),
    "GlobalAveragePooling": (1, 2, 3),
    "Cropping": (1, 2, 3),
    "ZeroPadding": (1, 2, 3),
    "UpSampling": (1, 2, 3),
    "ConvLSTM": (1, 2, 3),
}


def class_name(family, rank):
    return f"Conv{rank}DTranspose" if family == "ConvTranspose" else f"{family}{rank}D"


CLASSES = {class_name(f, rank): (f, rank) for f, ranks in RANKED.items() for rank in ranks}

ACTIVATIONS = [
    *["relu", "relu6", "tanh", "sigmoid", "softmax", "elu", "gelu", "silu", "linear", "softplus"],
    *["selu", "leaky_relu", "hard_sigmoid", "softsign", "mish", "log_softmax", "exponential"],
]

# Values that replace an argument of a valid case. Keras refuses most of them, and takes some.
ODD = {
    "filters": [0, -1, 2.5, 2.0, None, "4", True, np.int64(2), [2]],
    "kernel_size": [0, (3, 0), (1, 2, 3, 4), 3.0, None, "3", [], -1, np.int64(3), True, {2}],
    "strides": [0, (1, 0, 1), (1,), 1.5, None, -2, "2", np.int64(1), True, [1]],
    "dilation_rate": [0, (1, 2, 3, 4), "a", None, -1, 1.0, True],
    "padding": ["full", "causal", "", None, 1, (1, 1), "SAME", "Valid", ["same"], True],
    "data_format": ["nhwc", "channels-last", 1, "Channels_First", None, True],
    "groups": [0, -2, 5, 7, 1.5, None, "2", True],
    "depth_multiplier": [0, -1, 1.5, 2.0, "2", True, np.int64(2), None],
    "output_padding": [-1, 0, 1, 5, "1", (None, None), (0, 0, 0, 0), 1.5, True],
    "activation": ["ReLU", "nope", 3, "swish", None, "glu"],
    "recurrent_activation": ["nope", "hard_sigmoid", 3],
    "kernel_initializer": ["nope", 5, {"class_name": "Nope", "config": {}}, "Zeros", None],
    "depthwise_initializer": ["nope", "HeNormal"],
    "bias_regularizer": ["l1_l2", "L3", 2, "l1l2"],
    "kernel_constraint": ["maxnorm", 1, "max_norm"],
    "depthwise_regularizer": ["l1_l2", "L2"],
    "pool_size": [0, -1, (2,), 2.5, None, "2", (2, 2, 2, 2), True, np.int64(2), [1]],
    "cropping": [-1, (1, -1), 1.5, None, "ab", (1, 2, 3, 4), 100, True, ((1, 2), 1), {}, 0],
    "zeros": [-1, (1, -1), 1.5, None, "ab", (1, 2, 3, 4), True, ((1, 2), 1), {}, 0],
    "size": [0, -1, (2,), 1.5, None, "2", True, np.int64(2), (1, 2, 3, 4), [1, 2]],
    "interpolation": ["cubic", None, "BILINEAR", "area", 3],
    "keepdims": [True, 1, 0, None],
    "use_bias": [False, 0, 1, None],
    "dropout": [0.5, 2, -1],
    "name": [3, "a/b"],
    "dtype": ["float33", "half", "float16", "bfloat16", "mixed_float16", "float64"],
    "trainable": ["yes", 1],
    "unknown": [1],
    "data_fromat": ["channels_first"],
}
COMMON = ("name", "dtype", "trainable", "unknown", "data_fromat")
ARGUMENTS = {
    "Conv": "filters kernel_size strides padding data_format dilation_rate groups activation "
    "use_bias kernel_initializer bias_regularizer kernel_constraint",
    "DepthwiseConv": "kernel_size strides padding depth_multiplier data_format dilation_rate "
    "activation use_bias depthwise_initializer bias_regularizer depthwise_regularizer groups",
    "SeparableConv": "filters kernel_size strides padding data_format dilation_rate "
    "depth_multiplier activation use_bias depthwise_initializer depthwise_regularizer",
    "ConvTranspose": "filters kernel_size strides padding output_padding data_format "
    "dilation_rate activation use_bias kernel_initializer bias_regularizer groups",
    "MaxPooling": "pool_size strides padding data_format",
    "AveragePooling": "pool_size strides padding data_format",
    "GlobalMaxPooling": "data_format keepdims",
    "GlobalAveragePooling": "data_format keepdims",
    "Cropping": "cropping data_format",
    "ZeroPadding": "padding data_format",
    "UpSampling": "size data_format interpolation",
    "ConvLSTM": "filters kernel_size strides padding data_format dilation_rate activation "
    "recurrent_activation use_bias kernel_initializer bias_regularizer dropout",
}
WEIGHTLESS = ("MaxPooling", "AveragePooling", "Global", "Cropping", "ZeroPadding", "UpSampling")


def pick(rng, choices):
    return choices[int(rng.integers(len(choices)))]


def chance(rng, part):
    return bool(rng.random() < part)


def sizes(rng, rank, high, low=1):
    """An argument for each axis in one of the forms that Keras takes."""
    values = tuple(int(v) for v in rng.integers(low, high + 1, rank))
    return pick(rng, [values[0], values, list(values), values])


def _pairs(rng, rank, high):
    pair = [tuple(int(v) for v in rng.integers(0, high + 1, 2)) for _ in range(rank)]
    if rank == 1:
        return pick(rng, [pair[0][0], pair[0]])
    return pick(rng, [pair[0][0], tuple(p[0] for p in pair), tuple(pair), (pair[0][0], *pair[1:])])


def _windowed(rng, rank):
    arguments = {"kernel_size": sizes(rng, rank, 4), "padding": pick(rng, ["valid", "same"])}
    if chance(rng, 0.5):
        arguments["strides"] = sizes(rng, rank, 3)
    return arguments


def _spread(rng, rank, arguments):
    """Dilation instead of strides, sometimes."""
    if chance(rng, 0.25):
        arguments.pop("strides", None)
        arguments["dilation_rate"] = sizes(rng, rank, 3)


def _weighted(rng, arguments, kernels):
    chances = [
        ("activation", pick(rng, ACTIVATIONS), 0.5),
        ("use_bias", False, 0.25),
        ("bias_initializer", pick(rng, ["ones", "RandomNormal"]), 0.15),
        ("bias_regularizer", "l2", 0.1),
        ("activity_regularizer", pick(rng, ["l1", "L2"]), 0.15),
        ("bias_constraint", "non_neg", 0.05),
        ("trainable", False, 0.1),
    ]
    for kernel in kernels:
        chances += [
            (f"{kernel}_initializer", pick(rng, ["he_normal", "LecunUniform", "zeros"]), 0.15),
            (f"{kernel}_regularizer", pick(rng, ["l1", "l2", "L1L2"]), 0.15),
            (f"{kernel}_constraint", pick(rng, ["max_norm", "non_neg", "UnitNorm"]), 0.1),
        ]
    arguments |= {name: value for name, value, part in chances if chance(rng, part)}


def _conv(rng, rank):
    groups = pick(rng, [1, 1, 1, 1, 2, 3])
    arguments = {"filters": groups * int(rng.integers(1, 4)), **_windowed(rng, rank)}
    if groups > 1:
        arguments["groups"] = groups
    if rank == 1 and chance(rng, 0.25):
        arguments["padding"] = pick(rng, ["causal", "CAUSAL"])
    _spread(rng, rank, arguments)
    _weighted(rng, arguments, ["kernel"])
    return arguments, groups * int(rng.integers(1, 4))


def _depthwise(rng, rank):
    arguments = _windowed(rng, rank)
    if chance(rng, 0.4):
        arguments["depth_multiplier"] = int(rng.integers(1, 4))
    if rank == 2 and "strides" in arguments:  # TensorFlow takes equal ones only
        arguments["strides"] = int(rng.integers(1, 4))
    _spread(rng, rank, arguments)
    _weighted(rng, arguments, ["depthwise"])
    return arguments, int(rng.integers(1, 5))


def _separable(rng, rank):
    arguments, channels = _depthwise(rng, rank)
    _weighted(rng, arguments, ["pointwise"])
    return {"filters": int(rng.integers(1, 5)), **arguments}, channels


def _transposed(rng, rank):
    arguments = {"filters": int(rng.integers(1, 4)), **_windowed(rng, rank)}
    if chance(rng, 0.5):
        strides = arguments.get("strides", 1)
        low = min(strides) if not isinstance(strides, int) else strides
        arguments["output_padding"] = int(rng.integers(0, low))
    else:
        _spread(rng, rank, arguments)
    _weighted(rng, arguments, ["kernel"])
    return arguments, int(rng.integers(1, 4))


def _pooling(rng, rank):
    arguments = {"pool_size": sizes(rng, rank, 4), "padding": pick(rng, ["valid", "same"])}
    if chance(rng, 0.5):
        arguments["strides"] = sizes(rng, rank, 3)
    return arguments, int(rng.integers(1, 4))


def _global(rng, rank):
    return {"keepdims": True} if chance(rng, 0.4) else {}, int(rng.integers(1, 4))


def _cropping(rng, rank):
    return {"cropping": _pairs(rng, rank, 2)}, int(rng.integers(1, 4))


def _padding(rng, rank):
    return {"padding": _pairs(rng, rank, 3)}, int(rng.integers(1, 4))


def _upsampling(rng, rank):
    arguments = {"size": int(rng.integers(1, 4)) if rank == 1 else sizes(rng, rank, 3)}
    if rank == 2 and chance(rng, 0.7):
        kinds = ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"]
        arguments["interpolation"] = pick(rng, kinds)
    return arguments, int(rng.integers(1, 4))


def _lstm(rng, rank):
    arguments = {"filters": int(rng.integers(1, 4)), **_windowed(rng, rank)}
    _spread(rng, rank, arguments)
    _weighted(rng, arguments, ["kernel", "recurrent"])
    if arguments.get("activation") == "exponential":
        arguments["activation"] = "tanh"  # else the state explodes, and every rounding with it
    for name in ("return_sequences", "return_state", "go_backwards"):
        if chance(rng, 0.4):
            arguments[name] = True
    if chance(rng, 0.2):
        arguments["unit_forget_bias"] = False
    return arguments, int(rng.integers(1, 4))


MAKE = {
    "Conv": _conv,
    "DepthwiseConv": _depthwise,
    "SeparableConv": _separable,
    "ConvTranspose": _transposed,
    "MaxPooling": _pooling,
    "AveragePooling": _pooling,
    "GlobalMaxPooling": _global,
    "GlobalAveragePooling": _global,
    "Cropping": _cropping,
    "ZeroPadding": _padding,
    "UpSampling": _upsampling,
    "ConvLSTM": _lstm,
}


def make_case(name, seed):
    """A case of a class from a seed: arguments, input shape, and what the data are."""
    family, rank = CLASSES[name]
    rng = np.random.default_rng([seed, *name.encode()])
    arguments, channels = MAKE[family](rng, rank)
    high = {1: 12, 2: 9, 3: 6}[rank]
    spatial = [int(v) for v in rng.integers(3, high + 1, rank)]
    first = chance(rng, 0.3) and name not in ("Cropping1D", "UpSampling1D")
    if first:
        arguments["data_format"] = pick(rng, ["channels_first", "Channels_First"])
    inner = [channels, *spatial] if first else [*spatial, channels]
    lead = [int(rng.integers(1, 4))] + ([int(rng.integers(1, 4))] if family == "ConvLSTM" else [])
    shape = [*lead, *inner]
    dtype = "float32"
    if family.startswith(WEIGHTLESS) and chance(rng, 0.2):
        dtype = pick(rng, ["int32", "uint8", "float64", "int64", "float16", "bool"])
    elif chance(rng, 0.1):
        dtype = pick(rng, ["float64", "float16", "int32", "bool", "int64"])
    arguments["name"] = f"case_{seed}"
    if chance(rng, 0.1):
        arguments["dtype"] = pick(rng, ["float64", "float16"])
    if chance(rng, 0.3):
        odd = [*ARGUMENTS[family].split(), *COMMON]
        chosen = pick(rng, odd)
        values = ODD["zeros" if (family, chosen) == ("ZeroPadding", "padding") else chosen]
        arguments[chosen] = pick(rng, values)
    elif chance(rng, 0.12):
        shape = pick(rng, _odd_shapes(shape, rank))
    return {
        "class": name,
        "arguments": arguments,
        "shape": tuple(shape),
        "dtype": dtype,
        "integers": chance(rng, 0.5),
        "layout": pick(rng, ["C", "C", "C", "F", "strided", "readonly"]),
    }


def _odd_shapes(shape, rank):
    """Another rank, a size of one, no batch, other channels."""
    small = [shape[0], *[1] * (len(shape) - 2), shape[-1]]
    return [shape[:-1], [*shape, 2], small, [*shape[:-1], shape[-1] + 1], [*shape[:-2], 1, 7]]


def make_data(case, shapes, seed):
    """An input and weights for a case; integers keep every partial sum exact."""
    rng = np.random.default_rng([seed, 1])

    def draw(shape):
        if case["integers"] or np.dtype(case["dtype"]).kind in "iub":
            return rng.integers(-8, 9, shape).astype("float32")
        return rng.standard_normal(shape).astype("float32")

    x = draw(case["shape"])
    x = np.abs(x) if case["dtype"] == "uint8" else x
    return laid_out(x.astype(case["dtype"]), case["layout"]), [draw(shape) for shape in shapes]


def laid_out(x, layout):
    """The same array with another layout in memory."""
    if layout == "F":
        return np.asfortranarray(x)
    if layout == "strided":
        return np.repeat(x, 2, axis=0)[::2]
    if layout == "readonly":
        x.setflags(write=False)
    return x


def outcome(package, case, data):
    """What a package does with a case: everything comparable, or the refusal.

    data: a function from the weights' shapes to (input, weights).
    """
    stage = "constructor"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layer = getattr(package, case["class"])(**case["arguments"])
            stage = "build"
            layer.build(case["shape"])
            shapes = [tuple(w.shape) for w in layer.get_weights()]
            x, weights = data(shapes)
            layer.set_weights(weights)
            stage = "call"
            if type(layer).__module__.startswith("keras"):
                _spare_tensorflow(layer, case)
            outputs = layer(x)
            outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
            arrays = [as_array(y) for y in outputs]
            return {
                "kind": "accepted",
                "weights": shapes,
                # NumPy has no bfloat16: convlab keeps such numbers as rounded float32
                "dtypes": [dtype.replace("bfloat16", "float32") for _, dtype in arrays],
                "y": [array for array, _ in arrays],
                "output_shape": _shape_or_error(layer, case["shape"]),
                "unknown_shape": _shape_or_error(layer, _unknown(case["shape"], 1)),
                "unknown_batch": _shape_or_error(layer, _unknown(case["shape"], 0)),
                "params": int(layer.count_params()),
                "trainable": len(layer.trainable_weights),
                "losses": [float(as_array(loss)[0]) for loss in layer.losses],
                "config": listed(layer.get_config()),
                "again": listed(type(layer).from_config(layer.get_config()).get_config()),
            }
    except Exception as error:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        kind = next((k for k in ("TypeError", "ValueError") if k in kinds), kinds[0])
        return {"kind": "refused", "stage": stage, "error": kind, "message": str(error)[:300]}


def _spare_tensorflow(layer, case):
    """Refuse what convlab refuses too: a pooling that can end TensorFlow's whole process.

    It divides by zero where no window fits, and where a stride is 0.
    """
    if not hasattr(layer, "pool_size"):
        return
    shape = case["shape"]
    sizes = shape[2:] if layer.data_format == "channels_first" else shape[1:-1]
    too_small = any(pool > size for pool, size in zip(layer.pool_size, sizes, strict=False))
    if 0 in layer.strides or (too_small and str(layer.padding).lower() == "valid"):
        raise ValueError("no window fits, or the stride is 0")


def as_array(y):
    """An output as a NumPy array, and the name of its dtype; bfloat16 as float32."""
    y = y if hasattr(y, "dtype") else np.asarray(y)
    dtype = getattr(y.dtype, "name", str(y.dtype))
    if dtype != "bfloat16":
        return np.asarray(y), dtype
    import tensorflow as tf

    return tf.cast(y, "float32").numpy(), dtype


def _unknown(shape, place):
    return tuple(None if axis == place else size for axis, size in enumerate(shape))


def _shape_or_error(layer, shape):
    try:
        return listed(layer.compute_output_shape(shape))
    except Exception:
        return "refused"


def listed(value):
    """The same with lists for tuples and plain numbers, as JSON keeps them."""
    if isinstance(value, dict):
        return {key: listed(item) for key, item in value.items()}
    if isinstance(value, np.generic):
        return value.item()
    return [listed(item) for item in value] if isinstance(value, (list, tuple)) else value


# Where TensorFlow is wrong, or cannot, convlab computes what the documentation says. These few
# cases are judged by Keras on the same numbers in channels_last and another float type.

PLAIN = ("ValueError", "TypeError", "AttributeError", "KeyError", "IndexError", "RecursionError")


def cannot(theirs):
    """Whether TensorFlow has no kernel for this on a processor: not a rule of Keras."""
    return theirs["kind"] == "refused" and theirs["error"] not in PLAIN


def bias_is_misplaced(case, theirs):
    """In channels_first, Keras adds the bias along the width when it equals the filters."""
    if (
        theirs["kind"] == "refused"
        or not channels_first(case)
        or not case["arguments"].get("use_bias", True)
    ):
        return False
    y = theirs["y"][0]
    channels = y.shape[2 if case["class"].startswith("ConvLSTM") else 1]
    return "kernel_size" in case["arguments"] and y.shape[-1] == channels > 1


def one_channel_one_column(case, theirs):
    """oneDNN reads beyond its memory for one channel and an output of width one."""
    if theirs["kind"] == "refused" or not case["class"].startswith("Conv"):
        return False
    shape, y = case["shape"], theirs["y"][0].shape
    return 1 in (shape[1], shape[2], shape[-1]) and 1 in (y[-1], y[-2])


def offset_is_wrong(case, theirs):
    """In 3-D, `same` with a stride beyond the kernel, where oneDNN does not compute it."""
    arguments = case["arguments"]
    if theirs["kind"] == "refused" or CLASSES[case["class"]][1] != 3:
        return False
    beyond = np.array(arguments.get("strides") or 0) > arguments.get("kernel_size", 9)
    other = arguments.get("dtype") in ("float16", "bfloat16", "mixed_float16", "float64")
    return other and str(arguments.get("padding")).lower() == "same" and bool(beyond.any())


def is_exception(case, theirs):
    """Whether Keras on TensorFlow is not the judge of this case."""
    predicates = (bias_is_misplaced, one_channel_one_column, offset_is_wrong)
    odd = any(predicate(case, theirs) for predicate in predicates)
    return odd or cannot(theirs)


def relaxed(case, dtype):
    """The same case in channels_last and a dtype, or None where it would mean something else."""
    arguments = {k: v for k, v in case["arguments"].items() if k not in ("data_format", "dtype")}
    if arguments.get("activation") in ("softmax", "log_softmax", "glu"):
        return None  # of the last axis, which is another one then
    shape, axis = list(case["shape"]), 2 if case["class"].startswith("ConvLSTM") else 1
    if channels_first(case):
        shape.append(shape.pop(axis))
    arguments["dtype"] = dtype
    return case | {"arguments": arguments, "shape": tuple(shape), "dtype": dtype}


def relaxed_values(package, case, data, dtype):
    """What Keras computes for the relaxed case, in the format of the case; None if it cannot."""
    other = relaxed(case, dtype)
    if other is None:
        return None
    lstm = case["class"].startswith("ConvLSTM")

    def last(shapes):
        x, weights = data(shapes)
        x = np.moveaxis(x, 2 if lstm else 1, -1) if channels_first(case) else x
        return np.ascontiguousarray(x, dtype), weights

    found = outcome(package, other, last)
    if found["kind"] == "refused" or not all(np.isfinite(y).all() for y in found["y"]):
        return None
    if not channels_first(case):
        return found["y"]
    to = [2 if lstm and y.ndim == len(case["shape"]) else 1 for y in found["y"]]
    return [np.moveaxis(y, -1, axis) for y, axis in zip(found["y"], to, strict=True)]


def channels_first(case):
    """Whether the case has its channels first."""
    return str(case["arguments"].get("data_format")).lower() == "channels_first"


def compare(ours, keras_layers, case, data):
    """Assert that convlab does what Keras does; says how it was judged."""
    theirs = outcome(keras_layers, case, data)
    garbled = one_channel_one_column(case, theirs)
    shifted = offset_is_wrong(case, theirs)
    if garbled:
        double = case | {"arguments": case["arguments"] | {"dtype": "float64"}}
        with suppress(AssertionError):
            agree(ours, theirs, case)
            return theirs["kind"]  # it may read beyond its memory, and did not
        if shifted or offset_is_wrong(double, theirs):
            return "not judged"  # neither single nor double precision is right
    if cannot(theirs) or bias_is_misplaced(case, theirs) or garbled or shifted:
        if ours["kind"] == "refused":
            assert theirs["kind"] == "refused", (case, ours["message"])
            return theirs["kind"]
        # oneDNN computes in single precision alone: in double, other code does, which is right
        in_double = garbled or one_channel_one_column(case, ours)
        reference = relaxed_values(keras_layers, case, data, "float64" if in_double else "float32")
        if reference is None:
            return "not judged"
        for y, expected in zip(ours["y"], reference, strict=True):
            agree_in_values(y, expected, case, half=y.dtype == np.float16)
        return "documented"
    agree(ours, theirs, case)
    return theirs["kind"]


def agree(ours, theirs, case):
    """Assert that convlab does what Keras does."""
    said = [f"{result['kind']} {result.get('message', '')}" for result in (ours, theirs)]
    told = f"{case}: ours {said[0]!r}, Keras's {said[1]!r}"
    assert ours["kind"] == theirs["kind"], told
    if theirs["kind"] == "refused":
        # a later stage of Keras may be an earlier one of ours, but the constructor's stay there
        assert (ours["stage"] == "constructor") == (theirs["stage"] == "constructor"), told
        if theirs["error"] == "ValueError":
            assert ours["error"] == "ValueError", told
        assert ours["error"] in ("ValueError", "TypeError"), told
        return
    names = ("weights", "dtypes", "output_shape", "unknown_shape", "unknown_batch", "params")
    for name in (*names, "trainable"):
        found = listed(ours[name]), listed(theirs[name])
        assert found[0] == found[1], f"{name}: {found[0]} != {found[1]}: {told}"
    half = case["arguments"].get("dtype") in ("float16", "bfloat16", "mixed_float16")
    rtol = 2e-2 if half else 1e-5
    np.testing.assert_allclose(ours["losses"], theirs["losses"], rtol=rtol, atol=1e-6)
    differ = {k for k, v in theirs["config"].items() if ours["config"].get(k, v) != v}
    differ |= ours["config"].keys() ^ theirs["config"].keys()
    assert not differ, f"config: {differ}: {told}"
    assert ours["again"] == ours["config"], told
    for y, reference in zip(ours["y"], theirs["y"], strict=True):
        agree_in_values(y, reference, case)


def agree_in_values(y, reference, case, half=False):
    """Bit for bit on integers with linear or relu, else within a few units of the last place."""
    assert y.shape == reference.shape, case
    activation = case["arguments"].get("activation", "linear")
    lstm = case["class"].startswith("ConvLSTM")
    mixing = str(case["arguments"].get("interpolation", "nearest")).lower() != "nearest"
    exact = activation in (None, "linear", "relu") and not lstm and not mixing
    if y.dtype == np.float16 and reference.dtype.kind == "f":
        with np.errstate(over="ignore"):  # a wider judge has numbers where 16 bits end in infinity
            reference = reference.astype("float16")
    half = half or case["arguments"].get("dtype") in ("float16", "bfloat16", "mixed_float16")
    same_type = y.dtype == reference.dtype
    if y.dtype.kind in "iub" or (case["integers"] and exact and same_type and not half):
        np.testing.assert_array_equal(y, reference, str(case))
    else:
        finite = np.abs(reference[np.isfinite(reference)]).astype("float64")
        scale = max(1.0, float(finite.max(initial=0)))
        if activation == "exponential":  # what is rounded is the exponent
            scale *= max(1.0, np.log(scale))
        # some of Keras's constants are of single precision
        double = (
            y.dtype == reference.dtype == np.float64
            and activation in (None, "linear", "relu")
            and not mixing
        )
        coarse = 0.1 if lstm else 2e-2  # every step of a recurrence rounds to 16 bits again
        atol = (coarse if half else 1e-12 if double else 4e-6) * scale
        np.testing.assert_allclose(y, reference, rtol=0, atol=atol, err_msg=str(case))
