"""Operators from what tf.keras 2.4 to 2.15 writes: layers that call a function of TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from convlab.layers.operators.layer import Operator
from convlab.layers.operators.nodes import from_node
from convlab.layers.operators.reading import made


class Function(NamedTuple):
    """A function of TensorFlow.

    Attributes:
        operation: ours.
        names: its parameters in order, in our names; of one that we lack "-" and the values with
            which it changes nothing.
        keywords: its own names of these parameters, in the same order.
        defaults: settings where TensorFlow's default is another than Keras's.
    """

    operation: str
    names: tuple[str, ...]
    keywords: tuple[str, ...]
    defaults: Mapping[str, Any]


def _function(operation: str, parameters: str, **defaults: Any) -> Function:
    """A function from its parameters: "input=x axis" is our `x`, which TensorFlow calls `input`."""
    pairs = [word.partition("=") for word in parameters.split()]
    names = tuple(ours or theirs for theirs, _, ours in pairs)
    return Function(operation, names, tuple(theirs for theirs, _, _ in pairs), defaults)


_OF_TWO = {
    **{name: name for name in ("add", "subtract", "multiply", "maximum", "minimum")},
    **{name: name for name in ("greater", "greater_equal", "less", "less_equal", "equal")},
    **{name: name for name in ("not_equal", "logical_and", "logical_or", "squared_difference")},
    "divide": "true_divide",
    "truediv": "true_divide",
    "floordiv": "floor_divide",
    "floormod": "mod",
    "mod": "mod",
    "pow": "power",
}
_OF_ONE = {
    **{name: name for name in ("negative", "exp", "expm1", "log", "log1p", "sqrt", "rsqrt")},
    **{name: name for name in ("square", "reciprocal", "sin", "cos", "erf", "floor", "ceil")},
    **{name: name for name in ("sign", "tanh", "sigmoid", "abs")},
    "abs": "absolute",
}
_ACTIVATIONS = ("relu", "relu6", "elu", "selu", "softplus", "softsign")
_REDUCTIONS = {
    **{name: name for name in ("sum", "mean", "max", "min", "prod", "all", "any", "std")},
    "variance": "var",
    "logsumexp": "logsumexp",
}

_FUNCTIONS: dict[str, Function] = {
    **{name: _function(ours, "x=x1 y=x2") for name, ours in _OF_TWO.items()},
    **{name: _function(ours, "x") for name, ours in _OF_ONE.items()},
    **{name: _function(name, "features=x") for name in _ACTIVATIONS},
    **{
        f"reduce_{name}": _function(ours, "input_tensor=x axis keepdims")
        for name, ours in _REDUCTIONS.items()
    },
    "silu": _function("silu", "features=x beta=-1|1.0"),
    "leaky_relu": _function("leaky_relu", "features=x alpha=negative_slope"),
    "gelu": _function("gelu", "features=x approximate", approximate=False),
    "softmax": _function("softmax", "logits=x axis"),
    "log_softmax": _function("log_softmax", "logits=x axis"),
    "bias_add": _function("add", "value=x1 bias=x2 data_format=-NWC|NHWC|NDHWC"),
    "add_n": _function("add_n", "inputs=xs"),
    "identity": _function("identity", "input=x"),
    "stop_gradient": _function("stop_gradient", "input=variable"),
    "cast": _function("cast", "x dtype"),
    "clip_by_value": _function("clip", "t=x clip_value_min=x_min clip_value_max=x_max"),
    "reshape": _function("reshape", "tensor=x shape=newshape"),
    "transpose": _function("transpose", "a=x perm=axes conjugate=-False"),
    "expand_dims": _function("expand_dims", "input=x axis"),
    "squeeze": _function("squeeze", "input=x axis"),
    "getitem": _function("get_item", "tensor=x slice_spec=key var=-None"),
    "concat": _function("concatenate", "values=xs axis"),
    "stack": _function("stack", "values=x axis"),
    "unstack": _function("unstack", "value=x num axis"),
    "split": _function("split", "value=x num_or_size_splits=indices_or_sections axis num=-None"),
    "pad": _function("pad", "tensor=x paddings=pad_width mode constant_values"),
    "tile": _function("tile", "input=x multiples=repeats"),
    "repeat": _function("repeat", "input=x repeats axis"),
    "reverse": _function("flip", "tensor=x axis"),
    "roll": _function("roll", "input=x shift axis"),
    "gather": _function(
        "take", "params=x indices validate_indices=-True|False axis batch_dims=-0", axis=0
    ),
    "matmul": _function(
        "matmul", "a=x1 b=x2 transpose_a transpose_b adjoint_a=-False adjoint_b=-False"
    ),
    "where": _function("where", "condition x=x1 y=x2"),
}

_RESIZE = "images size method=interpolation preserve_aspect_ratio=-False antialias"
_POOL = "input=inputs ksize=pool_size strides padding data_format=-NWC|NHWC|NDHWC"

_FUNCTIONS["image.resize"] = _function("resize", _RESIZE)
for _rank in ("", "1d", "2d", "3d"):
    _FUNCTIONS[f"max_pool{_rank}"] = _function("max_pool", _POOL)
    _FUNCTIONS[f"avg_pool{_rank}"] = _function("average_pool", _POOL)

_HOMES = ("", "math", "nn", "linalg", "__operators__")


def known_tf(function: str) -> Function | None:
    """The function of TensorFlow that a name means; None if it is not known.

    >>> known_tf("math.truediv").operation, known_tf("nn.relu6").operation
    ('true_divide', 'relu6')
    >>> known_tf("strings.split") is None
    True
    """
    function = function.removeprefix("compat.v1.")
    home, _, name = function.rpartition(".")
    return _FUNCTIONS.get(name if home in _HOMES else function)


def from_tf(
    function: str,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    config: Mapping[str, Any] | None = None,
) -> Operator | None:
    """The operator that a layer of tf.keras is which calls a function of TensorFlow.

    Args:
        function: its name, such as "math.multiply"; of a `TensorFlowOpLayer` none, for which the
            config has the node.
        args: what it was called on, with a `Slot` in the place of each tensor.
        kwargs: the same for arguments by name.
        config: the layer's config.

    Returns:
        The operator; None where the function, or an argument of it, is not known.

    Example:
        >>> from convlab.layers.operators import Slot
        >>> from_tf("math.reduce_mean", [Slot(0)], {"axis": [1, 2]}, {"name": "m"})
        Operator('mean', [Slot(0)], kwargs={'axis': [1, 2]}, class_name='TFOpLambda', name='m')
    """
    config = config or {}
    if "node_def" in config:
        return from_node(config, args)
    found = known_tf(function)
    if found is None or len(args) > len(found.names):
        return None
    given: dict[str, Any] = {}
    ours = dict(zip(found.keywords, found.names, strict=True))
    for keyword, value in {**dict(zip(found.keywords, args, strict=False)), **kwargs}.items():
        name = ours.get(keyword, keyword)
        if not name.startswith("-"):
            given[name] = value
        elif value is not None and str(value) not in name[1:].split("|"):
            return None
    given.pop("name", None)
    settings = _adapted(found.operation, {**found.defaults, **given})
    class_name = "SlicingOpLambda" if found.operation == "get_item" else "TFOpLambda"
    return settings and made(found.operation, *settings, config.get("name"), class_name)


def _adapted(operation: str, given: dict[str, Any]) -> tuple[list[Any], dict[str, Any]] | None:
    """The arguments as Keras would have them."""
    match operation:
        case "split":
            given["indices_or_sections"] = _ends(given.get("indices_or_sections"))
            if given["indices_or_sections"] is None:
                return None
        case "pad":
            given["mode"] = str(given.get("mode", "constant")).lower()
        case "softmax" | "log_softmax":
            given["axis"] = -1 if given.get("axis") is None else given["axis"]
        case "max_pool" | "average_pool":
            given["padding"] = str(given.get("padding")).lower()
            given |= {name: _inner(given.get(name)) for name in ("pool_size", "strides")}
    tensors = [given.pop(name) for name in _TENSORS if name in given]
    return tensors, {name: value for name, value in given.items() if value is not None}


_TENSORS = ("condition", "x", "x1", "x2", "xs", "variable", "images", "inputs")
"""Our names of operands, in an order that fits all operations."""


def _inner(sizes: Any) -> Any:
    """The sizes along the pooled axes, of sizes along all."""
    several = isinstance(sizes, list | tuple)
    whole = several and len(sizes) > 2 and sizes[0] == sizes[-1] == 1
    inner = list(sizes[1:-1]) if whole else sizes
    return inner[0] if several and len(inner) == 1 else inner


def _ends(sizes: Any) -> Any:
    """Where parts end, from their sizes, of which the last may be -1; a number stays."""
    if not isinstance(sizes, list | tuple):
        return sizes
    inner = list(sizes)[:-1]
    whole = all(isinstance(size, int) and size >= 0 for size in inner)
    return list(accumulate(inner)) if whole else None
