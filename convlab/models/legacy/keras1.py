"""Keras 1's layers under Keras 2's names, as `keras/legacy/interfaces.py` of Keras 2 has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from convlab.errors import ConvlabError
from convlab.geometry import rules
from convlab.geometry.transposed import transposed
from convlab.models.legacy.era import DATA_FORMATS

Config = dict[str, Any]

_CLASSES = {
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
    "Deconvolution2D": "Conv2DTranspose",
    "SeparableConvolution2D": "SeparableConv2D",
    "TimeDistributedDense": "Dense",  # Keras 2's Dense takes any rank
}

_FORMAT = {"dim_ordering": "data_format"}
_PADDED = {"border_mode": "padding", **_FORMAT}
_WEIGHTS = {
    "init": "kernel_initializer",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "bias": "use_bias",
}
_CONV = {
    **_WEIGHTS,
    **_PADDED,
    "nb_filter": "filters",
    "filter_length": "kernel_size",
    "subsample": "strides",
    "subsample_length": "strides",
    "atrous_rate": "dilation_rate",
}
_CONV_LSTM = {
    **_CONV,
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "U_regularizer": "recurrent_regularizer",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
}
_POOL = {**_PADDED, "pool_length": "pool_size", "stride": "strides"}
_RATE = {"p": "rate"}
_NAMES: dict[str, Mapping[str, str]] = {
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose"), _CONV),
    **dict.fromkeys(("LocallyConnected1D", "LocallyConnected2D"), _CONV),
    "SeparableConv2D": {key: name for key, name in _CONV.items() if key != "init"},
    "ConvLSTM2D": _CONV_LSTM,
    "Dense": {**_WEIGHTS, "output_dim": "units"},
    **{f"{kind}Pooling{n}D": _POOL for kind in ("Max", "Average") for n in (1, 2, 3)},
    **{f"Global{kind}Pooling{n}D": _FORMAT for kind in ("Max", "Average") for n in (2, 3)},
    "UpSampling1D": {"length": "size"},
    **{f"{kind}{n}D": _FORMAT for kind in ("UpSampling", "Cropping") for n in (2, 3)},
    **{f"ZeroPadding{n}D": _FORMAT for n in (2, 3)},
    **dict.fromkeys(("Dropout", "GaussianDropout", "SpatialDropout1D"), _RATE),
    **{f"SpatialDropout{n}D": {**_RATE, **_FORMAT} for n in (2, 3)},
    "GaussianNoise": {"sigma": "stddev"},
    "PReLU": {"init": "alpha_initializer"},
    "BatchNormalization": {"beta_init": "beta_initializer", "gamma_init": "gamma_initializer"},
    "InputLayer": {"input_dtype": "dtype"},
}
"""What Keras 2 calls an argument of Keras 1, by the class's name in Keras 2."""

_MERGES = {
    "sum": "Add",
    "sub": "Subtract",
    "mul": "Multiply",
    "ave": "Average",
    "max": "Maximum",
    "min": "Minimum",
    "concat": "Concatenate",
    "dot": "Dot",
}
_MERGE_AXES = {"concat": ("concat_axis", "axis"), "dot": ("dot_axes", "axes")}
_CARRIED = ("name", "trainable", "dtype", "batch_input_shape")


def translated(
    class_name: str, config: Mapping[str, Any], data_format: str | None
) -> tuple[str, Config]:
    """A layer of Keras 1 with Keras 2's class name and arguments.

    A Merge becomes the layer of its mode; one that runs a function, or takes a cosine, has no
    counterpart and stays. So does a BatchNormalization that does not use its moving averages,
    whose class name then says so.

    >>> translated("Merge", {"mode": "concat", "concat_axis": 1, "name": "m"}, None)
    ('Concatenate', {'name': 'm', 'axis': 1})
    >>> translated("BatchNormalization", {"mode": 2}, None)
    ('BatchNormalization(mode=2)', {'mode': 2})
    """
    if class_name == "Merge":
        return _merge(config)
    if class_name == "BatchNormalization" and config.get("mode", 0) != 0:
        return f"BatchNormalization(mode={config['mode']!r:.20})", dict(config)
    class_name = _CLASSES.get(class_name, class_name)
    names = _NAMES.get(class_name, {})
    arguments: Config = {}
    for key, value in config.items():
        new = names.get(key, key)
        arguments[key if new in config or new in arguments else new] = value
    for step in _STEPS.get(class_name, ()):
        step(arguments)
    _settle_format(class_name, arguments, names, data_format)
    _settle_input(class_name, arguments)
    return class_name, arguments


def _merge(config: Mapping[str, Any]) -> tuple[str, Config]:
    mode = config.get("mode", "sum")
    if not isinstance(mode, str) or mode not in _MERGES or config.get("mode_type", "raw") != "raw":
        return "Merge", dict(config)
    arguments = {key: config[key] for key in _CARRIED if key in config}
    if mode in _MERGE_AXES:
        old, new = _MERGE_AXES[mode]
        arguments[new] = config.get(old, -1)
    return _MERGES[mode], arguments


def _settle_format(
    class_name: str, arguments: Config, names: Mapping[str, str], data_format: str | None
) -> None:
    """Keras 1's dim_ordering in Keras 2's words, or the model's where a layer has none."""
    if "data_format" not in names.values():
        return
    ordering = arguments.pop("data_format", "default")
    if isinstance(ordering, str):
        ordering = DATA_FORMATS.get(ordering, ordering)
    if ordering == "default":
        ordering = "channels_last" if class_name.endswith("1D") else data_format
    if ordering is not None:
        arguments["data_format"] = ordering


def _settle_input(class_name: str, arguments: Config) -> None:
    """The input's shape as `batch_input_shape`; its dtype is the input layer's business."""
    if class_name != "InputLayer":
        arguments.pop("input_dtype", None)
    if class_name not in ("Dense", "Conv1D", "LocallyConnected1D"):
        return
    size = arguments.pop("input_dim", None)
    lengths = [arguments.pop("input_length")] if "input_length" in arguments else []
    if size is not None and not {"batch_input_shape", "input_shape"} & arguments.keys():
        arguments["batch_input_shape"] = [None, *lengths, size]


def _join_kernel_size(arguments: Config) -> None:
    """One argument for the kernel's sizes, which Keras 1 named by axis."""
    for names in (("nb_row", "nb_col"), ("kernel_dim1", "kernel_dim2", "kernel_dim3")):
        if "kernel_size" not in arguments and all(name in arguments for name in names):
            arguments["kernel_size"] = tuple(arguments.pop(name) for name in names)


def _initialize_both(arguments: Config) -> None:
    """One `init` stood for both kernels."""
    if "init" in arguments:
        init = arguments.pop("init")
        arguments.setdefault("depthwise_initializer", init)
        arguments.setdefault("pointwise_initializer", init)


def _drop_mode(arguments: Config) -> None:
    arguments.pop("mode", None)  # 0, which is all that Keras 2 knows


def _forget_bias(arguments: Config) -> None:
    if "forget_bias_init" in arguments:
        arguments["unit_forget_bias"] = arguments.pop("forget_bias_init") in ("one", "ones")


def _pair_padding(arguments: Config) -> None:
    """Padding on one axis: by side, as a pair."""
    if isinstance(padding := arguments.get("padding"), Mapping):
        arguments["padding"] = _by_side(padding, "left_pad", "right_pad")


def _pair_paddings(arguments: Config) -> None:
    """Padding on two axes: by side, or four numbers in a row, as a pair for each axis."""
    padding = arguments.get("padding")
    if isinstance(padding, Mapping):
        padding = _by_side(padding, "top_pad", "bottom_pad", "left_pad", "right_pad")
    if isinstance(padding, list | tuple) and len(padding) == 4:
        arguments["padding"] = (tuple(padding[:2]), tuple(padding[2:]))


def _by_side(padding: Mapping[str, Any], *sides: str) -> Any:
    """The padding of each side, 0 where it has none; as it is if it has other sides."""
    known = padding.keys() <= set(sides)
    return tuple(padding.get(side, 0) for side in sides) if known else padding


def _size_by_padding(arguments: Config) -> None:
    """The output's size, which Keras 1 was given outright, as `output_padding`.

    Where the size is the one that Keras 2 finds by itself, or is left open, nothing is needed.
    A size that is not possible stays, so that the layer refuses it.
    """
    shape = arguments.get("output_shape")
    if not isinstance(shape, list | tuple) or len(shape) != 4:
        return
    sizes = shape[2:] if arguments.get("data_format") == "th" else shape[1:3]
    if None in sizes:
        del arguments["output_shape"]
        return
    kernels, strides = arguments.get("kernel_size", ()), arguments.get("strides", (1, 1))
    padding = arguments.get("padding", "valid")
    try:
        axes = [
            _output_padding(size, kernel, stride, padding)
            for size, kernel, stride in zip(sizes, kernels, strides, strict=True)
        ]
    except (ConvlabError, TypeError, ValueError):
        return  # the numbers are none, or none of a transposed convolution
    if all(is_default for _, is_default in axes):
        del arguments["output_shape"]
    elif all(needed is not None for needed, _ in axes):
        del arguments["output_shape"]
        arguments["output_padding"] = tuple(needed for needed, _ in axes)


def _output_padding(size: int, kernel: int, stride: int, padding: str) -> tuple[int | None, bool]:
    """The output padding that gives a size (None: none does), and whether none is needed."""
    size_in = rules.convolution(size, kernel, stride, padding=padding).size_out
    default = transposed(size_in, kernel, stride, padding=padding).size_out
    least = transposed(size_in, kernel, stride, padding=padding, output_padding=0).size_out
    needed = None if least is None else size - least
    return needed if needed is not None and 0 <= needed < stride else None, default == size


_STEPS: dict[str, tuple[Callable[[Config], None], ...]] = {
    "Conv2D": (_join_kernel_size,),
    "Conv3D": (_join_kernel_size,),
    "LocallyConnected2D": (_join_kernel_size,),
    "SeparableConv2D": (_join_kernel_size, _initialize_both),
    "ConvLSTM2D": (_join_kernel_size, _forget_bias),
    "Conv2DTranspose": (_join_kernel_size, _size_by_padding),
    "BatchNormalization": (_drop_mode,),
    "ZeroPadding1D": (_pair_padding,),
    "ZeroPadding2D": (_pair_paddings,),
}
"""What else changes, by the class's name in Keras 2, in this order."""
