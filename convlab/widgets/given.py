"""From a layer that was handed over to the setting that shows it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

from convlab.layers import initializers
from convlab.widgets.families import family_class, opening_input_of, room_of
from convlab.widgets.inputs import Input, input_with
from convlab.widgets.setting import Kernel, Setting, named_activations, opening_value
from convlab.widgets.weights import CUSTOM, bias_form, forms

_NOT_SHOWN = ("name", "weights", "input_shape", "input_dim", "batch_input_shape", "batch_size")


def setting_of(layer: Any, chosen: Input | None = None) -> Setting:
    """The setting that shows a layer.

    A built layer shows its weights, and so does one whose initializers say what they will be. Only
    a layer that would begin at random shows named kernels in their place.

    Args:
        layer: one of the explorer's layers.
        chosen: the input; by default one with as many channels as the layer was built for.

    Raises:
        ArgumentTypeError: it is no such layer.
        ArgumentError: it has more than one kernel (LoRA).
        ShapeError: it refuses the input.

    Example:
        >>> from convlab.layers import Conv2D
        >>> setting_of(Conv2D(2, 3)).arguments["kernel_size"]
        (3, 3)
    """
    family = family_class(layer)
    arguments = {k: v for k, v in layer.arguments().items() if k not in _NOT_SHOWN}
    # a picture begins from a state of zeros, and shows what the state becomes
    arguments |= {name: False for name in ("return_state", "stateful") if name in arguments}
    built_for = channels_of(layer)
    if chosen is None and built_for is None:
        chosen = opening_input_of(family)
    setting = Setting(
        named_activations(arguments),
        chosen or input_with(built_for or 1, room_of(family)),
        type(layer),
    )
    shape = _shape(setting, layer)
    layer.check(shape)
    if not layer.weighted or (not layer.built and _begins_at_random(layer)):
        return setting
    if not layer.built:
        layer = deepcopy(layer)  # the caller's own stays as it is
        layer.build(shape)
    return _with_weights_of(setting, layer)


def _with_weights_of(setting: Setting, layer: Any) -> Setting:
    """The setting with the numbers of a built layer."""
    arrays = dict(zip((weight.name for weight in layer.weights), layer.get_weights(), strict=True))
    kernels = {
        name: Kernel((CUSTOM,) * form.order.shape[-1], form.normal(arrays[name]))
        for name, form in forms(layer).items()
    }
    bias = bias_form(layer)
    return replace(
        setting, kernels=kernels, bias=None if bias is None else bias.normal(arrays["bias"])
    )


def channels_of(layer: Any) -> int | None:
    """The channels that a layer was built for; None before it is built for an input."""
    family_class(layer)
    shape = layer.build_shape
    return None if shape is None or not layer.weighted else shape[layer.channel_axis]


def _begins_at_random(layer: Any) -> bool:
    """Whether its weights would be drawn as Keras's defaults draw them."""
    names = [name for name in layer.arguments() if name.endswith("initializer")]
    usual = {name: opening_value(type(layer), name) for name in names}
    return layer.given_weights is None and all(
        initializers.serialize(getattr(layer, name)) == initializers.serialize(usual[name])
        for name in names
    )


def _shape(setting: Setting, layer: Any) -> tuple[int | None, ...]:
    *sizes, channels = setting.input.values().shape
    if layer.data_format == "channels_first":
        sizes.insert(int(setting.room.timed), channels)
        return (None, *sizes)
    return (None, *sizes, channels)
