"""Made-up uses of Conv2D, valid and not, and what a package does with them.

`outcome` runs on Keras and on convlab alike, since both offer the same interface; `agree` compares
the two. `record_keras_cases.py` keeps Keras's outcomes in a file, `test_conv2d_keras.py` asks Keras
live.
"""

import ast
import warnings

import numpy as np

NAMES = ["relu", "relu6", "tanh", "sigmoid", "softmax", "elu", "gelu", "silu", "linear", "softplus"]

# One of these replaces the argument of a valid case; Keras refuses nearly all of them.
BAD = [
    *[("filters", v) for v in (0, -1, 2.5, 2.0, None, "4")],
    *[("kernel_size", v) for v in (0, (3, 0), (1, 2, 3), 3.0, (3.0, 3.0), None, "3", [], -1)],
    *[("strides", v) for v in (0, (1, 0), (1,), 1.5, None, -2)],
    *[("dilation_rate", v) for v in (0, (1, 2, 3), "a", None)],
    *[("padding", v) for v in ("full", "causal", "", None, 1, (1, 1))],
    *[("data_format", v) for v in ("nhwc", "channels-last", 1)],
    *[("groups", v) for v in (0, -2, 5, 7)],
    *[("activation", v) for v in ("ReLU", "nope", 3)],
    *[("kernel_initializer", v) for v in ("nope", 5, {"class_name": "Nope", "config": {}})],
    *[("bias_regularizer", v) for v in ("l1_l2", "L3", 2)],
    *[("kernel_constraint", v) for v in ("maxnorm", 1)],
    *[("name", v) for v in (3, "a/b")],
    *[("dtype", v) for v in ("float33", "half")],
    *[("trainable", v) for v in ("yes", 1)],
    *[("unknown", 1), ("data_fromat", "channels_first"), ("input_shap", (4, 4, 1))],
]
BAD_SHAPES = [(2, 5, 5), (2, 5, 5, 3, 3), (2, 1, 1, 3), (1, 2, 9, 6)]


def _pick(rng, choices):
    return choices[int(rng.integers(len(choices)))]


def _size(rng, high):
    """An argument for two axes in one of the forms that Keras takes."""
    a, b = (int(v) for v in rng.integers(1, high + 1, 2))
    return _pick(rng, [a, (a, b), [a, b], (a, b)])


def make_case(seed):
    """A case from a seed: `arguments`, input `shape`, and whether the data are `integers`."""
    rng = np.random.default_rng(seed)
    groups = _pick(rng, [1, 1, 1, 1, 2, 3])
    channels = groups * int(rng.integers(1, 4))
    arguments = {
        "filters": groups * int(rng.integers(1, 4)),
        "kernel_size": _size(rng, 4),
        "padding": _pick(rng, ["valid", "same", "SAME", "Valid"]),
        "name": f"case_{seed}",
    }
    shape = [int(rng.integers(1, 4)), *(int(v) for v in rng.integers(4, 10, 2)), channels]
    if groups > 1:
        arguments["groups"] = groups
    spread = _pick(rng, ["strides", "dilation_rate", None])
    if spread:
        arguments[spread] = _size(rng, 3)
    if rng.random() < 0.3:
        arguments["data_format"] = _pick(rng, ["channels_first", "Channels_First"])
        shape = [shape[0], shape[3], shape[1], shape[2]]
    if rng.random() < 0.5:
        arguments["activation"] = _pick(rng, NAMES)
    chances = (
        ("use_bias", False, 0.3),
        ("kernel_regularizer", _pick(rng, ["l1", "l2", "L1L2"]), 0.15),
        ("bias_regularizer", "l2", 0.1),
        ("activity_regularizer", "l1", 0.15),
        ("kernel_constraint", _pick(rng, ["max_norm", "non_neg", "UnitNorm"]), 0.1),
        ("kernel_initializer", _pick(rng, ["he_normal", "HeUniform", "zeros", "orthogonal"]), 0.2),
        ("bias_initializer", _pick(rng, ["ones", "RandomNormal"]), 0.15),
        ("trainable", False, 0.1),
        ("dtype", "float64", 0.15),
    )
    arguments |= {name: value for name, value, chance in chances if rng.random() < chance}
    if rng.random() < 0.25:
        name, value = _pick(rng, BAD)
        arguments[name] = value
    elif rng.random() < 0.08:
        shape = list(_pick(rng, BAD_SHAPES))
    return {"arguments": arguments, "shape": tuple(shape), "integers": bool(rng.random() < 0.5)}


def make_data(case, shapes, seed):
    """An input and weights for a case; integers keep every partial sum exact."""
    rng = np.random.default_rng([seed, 1])

    def draw(shape):
        if case["integers"]:
            return rng.integers(-8, 9, shape).astype("float32")
        return rng.standard_normal(shape).astype("float32")

    return draw(case["shape"]), [draw(shape) for shape in shapes]


def outcome(cls, case, data):
    """What a package does with a case: everything comparable, or the refusal.

    data: a function from the weights' shapes to (input, weights).
    """
    stage = "constructor"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layer = cls(**case["arguments"])
            stage = "build"
            layer.build(case["shape"])
            shapes = [tuple(w.shape) for w in layer.get_weights()]
            x, weights = data(shapes)
            layer.set_weights(weights)
            stage = "call"
            y = np.asarray(layer(x))
            some_unknown = (None, *case["shape"][1:3], None)
            return {
                "kind": "accepted",
                "weights": shapes,
                "dtype": str(y.dtype),
                "y": y,
                "output_shape": tuple(layer.compute_output_shape(case["shape"])),
                "unknown_shape": _shape_or_error(layer, some_unknown),
                "params": int(layer.count_params()),
                "trainable": len(layer.trainable_weights),
                "losses": [float(loss) for loss in layer.losses],
                "config": listed(layer.get_config()),
            }
    except Exception as error:
        kinds = {kind.__name__ for kind in type(error).__mro__}
        kind = next((k for k in ("TypeError", "ValueError") if k in kinds), type(error).__name__)
        return {"kind": "refused", "stage": stage, "error": kind, "message": str(error)}


def _shape_or_error(layer, shape):
    try:
        return tuple(layer.compute_output_shape(shape))
    except (ValueError, TypeError):
        return "refused"


def listed(value):
    """The same with lists for tuples, as JSON keeps them."""
    if isinstance(value, dict):
        return {key: listed(item) for key, item in value.items()}
    return [listed(item) for item in value] if isinstance(value, (list, tuple)) else value


def hits_defect(case, theirs):
    """Whether Keras on TensorFlow is known to be wrong, or limited, here: then nothing to compare.

    The bias is added along the wrong axis in channels_first when the width equals the filters;
    oneDNN gives garbage for one channel, a stride in width only, and an output of width one; and
    some channels_first convolutions in float64 are not implemented.
    """
    if theirs["kind"] == "refused":
        return theirs["error"] not in ("ValueError", "TypeError", "AttributeError", "KeyError")
    arguments, width = case["arguments"], theirs["output_shape"][-1]
    if str(arguments.get("data_format")).lower() != "channels_first":
        return False
    biased = arguments.get("use_bias", True) and width == arguments["filters"] > 1
    return biased or (width == 1 and case["shape"][1] == arguments.get("groups", 1))


def agree(ours, theirs, case):
    """Assert that convlab does what Keras does."""
    assert ours["kind"] == theirs["kind"], (case, ours, theirs)
    if theirs["kind"] == "refused":
        # a later stage of Keras may be an earlier one of ours, but the constructor's stay there
        assert (ours["stage"] == "constructor") == (theirs["stage"] == "constructor"), case
        if theirs["error"] == "ValueError":
            assert ours["error"] == "ValueError", (case, ours, theirs)
        assert ours["error"] in ("ValueError", "TypeError"), (case, ours)
        return
    for name in ("weights", "dtype", "output_shape", "unknown_shape", "params", "trainable"):
        assert ours[name] == theirs[name], (name, case, ours[name], theirs[name])
    np.testing.assert_allclose(ours["losses"], theirs["losses"], rtol=1e-5, atol=1e-6)
    assert ours["config"] == theirs["config"], case
    agree_in_values(ours["y"], theirs["y"], case)


def agree_in_values(y, reference, case):
    assert y.shape == reference.shape
    exact = case["arguments"].get("activation") in (None, "linear", "relu", "relu6")
    if case["integers"] and exact:
        np.testing.assert_array_equal(y, reference)
    else:
        scale = max(1.0, float(np.abs(reference).max(initial=0)))
        # Keras's gelu has its constants in float32
        float64 = y.dtype == np.float64 and case["arguments"].get("activation") != "gelu"
        atol = (1e-12 if float64 else 2e-6) * scale
        np.testing.assert_allclose(y, reference, rtol=0, atol=atol)


def literal(value):
    """Arguments from their text in a file."""
    return ast.literal_eval(value)
