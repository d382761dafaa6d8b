"""The functions of R's keras3, and their arguments: Keras's, under other names."""

from __future__ import annotations

import re
from typing import Any

from convlab.layers.base import Layer, Shape
from convlab.layers.naming import snake_case
from convlab.layers.rectifiers import ThresholdedReLU
from convlab.models.code.arguments import Made, arguments_of
from convlab.models.code.r_text import call, literal
from convlab.models.code.refused import no_equal

_OF_RANKS = {
    "Conv": "conv_{}d",
    "DepthwiseConv": "depthwise_conv_{}d",
    "SeparableConv": "separable_conv_{}d",
    "MaxPooling": "max_pooling_{}d",
    "AveragePooling": "average_pooling_{}d",
    "GlobalMaxPooling": "global_max_pooling_{}d",
    "GlobalAveragePooling": "global_average_pooling_{}d",
    "Cropping": "cropping_{}d",
    "ZeroPadding": "zero_padding_{}d",
    "UpSampling": "upsampling_{}d",
    "ConvLSTM": "conv_lstm_{}d",
    "SpatialDropout": "spatial_dropout_{}d",
}
_RENAMED = {
    "ReLU": "activation_relu",
    "ThresholdedReLU": "activation_relu",
    "LeakyReLU": "activation_leaky_relu",
    "PReLU": "activation_parametric_relu",
    "ELU": "activation_elu",
    "Softmax": "activation_softmax",
}
_ALIKE = (
    *("Dense", "Flatten", "Reshape", "Permute", "RepeatVector", "Activation", "Identity"),
    *("BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization"),
    *("Normalization", "Rescaling", "Resizing", "Dropout", "GaussianDropout", "GaussianNoise"),
    *("ActivityRegularization", "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation"),
    *("RandomContrast", "RandomBrightness"),
    *("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"),
)
_OBJECTS = {
    "L1": "regularizer_l1",
    "L2": "regularizer_l2",
    "L1L2": "regularizer_l1_l2",
    "MaxNorm": "constraint_maxnorm",
    "NonNeg": "constraint_nonneg",
    "UnitNorm": "constraint_unitnorm",
    "MinMaxNorm": "constraint_minmaxnorm",
}


def function_of(layer: Layer) -> str:
    """The function of R's keras3 that makes a layer.

    Raises:
        DataError: there is none.

    >>> from convlab.layers import Conv2DTranspose, MaxPooling1D
    >>> function_of(Conv2DTranspose(8, 3)), function_of(MaxPooling1D())
    ('layer_conv_2d_transpose', 'layer_max_pooling_1d')
    """
    name = layer.class_name
    own = type(layer).__module__.startswith("convlab.layers.")
    ranked = re.fullmatch(r"(\w+?)([123])D(Transpose)?", name)
    if own and ranked and ranked[1] in _OF_RANKS:
        suffix = "_transpose" if ranked[3] else ""
        return f"layer_{_OF_RANKS[ranked[1]].format(ranked[2])}{suffix}"
    if own and name in _RENAMED:
        return f"layer_{_RENAMED[name]}"
    if own and name in _ALIKE:
        return f"layer_{snake_case(name)}"
    raise no_equal(
        layer,
        "r",
        "no function of it makes such a layer",
        "Leave it out of the model, or use to_code(layer, 'torch').",
    )


def arguments(layer: Layer, shape: Shape | None, *, keep_name: bool) -> dict[str, str]:
    """The arguments of that function, each as R has it.

    Args:
        layer: the layer.
        shape: the shape of its input, from which axes are counted.
        keep_name: whether a name is kept that is not automatic.
    """
    given = arguments_of(layer, "r", keep_name=keep_name)
    if isinstance(layer, ThresholdedReLU):
        given = {"threshold": float(given.pop("theta", layer.theta))} | given
    whole = layer.arguments()  # kernel_size = c(3L, 3L), where Python's short form is 3
    words = {}
    for name, value in given.items():
        value = whole[name] if isinstance(whole.get(name), tuple) else value
        if isinstance(value, Made):
            if value.kind != "initializer":  # the weights are set, whatever they were at first
                words[name] = _object(layer, value)
        elif name in ("axis", "target_shape", "dims", "shared_axes"):
            value = _from_the_end(layer, value, shape) if name == "axis" else value
            words[name] = literal(list(value) if isinstance(value, tuple) else value)
        else:
            words[name] = literal(value)
    return words


def _from_the_end(layer: Layer, axis: Any, shape: Shape | None) -> Any:
    """Axes counted from the end, as -1: those from the front count from 1 in R, not from 0."""
    axes = list(axis) if isinstance(axis, list | tuple) else [axis]
    if any(one >= 0 for one in axes if one is not None):
        if shape is None:
            raise no_equal(
                layer,
                "r",
                "it counts axes from 1, and how many there are is not known here",
                "Count them from the end, as axis=-1, or give the input_shape.",
            )
        axes = [one if one is None or one < 0 else one - len(shape) for one in axes]
    return axes if isinstance(axis, list | tuple) else axes[0]


def _object(layer: Layer, made: Made) -> str:
    if made.name not in _OBJECTS:
        raise no_equal(layer, "r", f"it has no {made.name}", "Leave the argument out.")
    config = dict(made.config)
    if "axis" in config:  # counted from 1 in R
        axes = config["axis"] if isinstance(config["axis"], list | tuple) else [config["axis"]]
        config["axis"] = tuple(axis + 1 if axis >= 0 else axis for axis in axes)
    return call(_OBJECTS[made.name], {name: literal(value) for name, value in config.items()})
