"""Everything that makes one picture, as one frozen value: what undo goes back to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab import layers
from convlab.errors import ShapeError
from convlab.layers import activations, config
from convlab.layers.registry import parameters
from convlab.widgets.arguments import carried_over, controls_of
from convlab.widgets.families import (
    opening_arguments,
    opening_input_of,
    room_of,
    shown_class,
)
from convlab.widgets.fitting import centred, fitted_bias
from convlab.widgets.inputs import Input, Room
from convlab.widgets.weights import CUSTOM, Form, bias_form, forms

Array = NDArray[Any]


_LEFT = ("strides", "activation", "recurrent_activation")
"""The arguments that another class takes over only where they were changed."""


@dataclass(frozen=True)
class Kernel:
    """What the viewer made of one of a layer's kernels.

    Args:
        names: the name of each filter; filters beyond them have the names that they open with.
        values: the numbers in the normal form, when they are not the named ones alone.
    """

    names: tuple[str, ...] = ()
    values: Array | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Setting:
    """The layer's class, arguments and weights, and its input.

    Args:
        arguments: Keras's arguments of the layer.
        input: what it reads; by default what its class opens with.
        layer_class: one of `families.SHOWN`, or a class derived from it.
        kernels: by the names of its weights, where they are not as they open.
        bias: the biases in their normal form, or None as the layer makes them.

    Example:
        >>> layer, x = Setting({"filters": 1, "kernel_size": (3, 3)}).build()
        >>> layer(x[None]).shape
        (1, 26, 26, 1)
    """

    arguments: Mapping[str, Any]
    input: Input = field(default_factory=Input)
    layer_class: type[layers.Layer] = layers.Conv2D
    kernels: Mapping[str, Kernel] = field(default_factory=dict)
    bias: Array | None = field(default=None, repr=False, compare=False)

    @property
    def room(self) -> Room:
        """How the layer's input lies."""
        return room_of(self.layer_class)

    def shown_arguments(self) -> dict[str, Any]:
        """The arguments with those that were left out, as the controls show them."""
        defaults = {name: known.default for name, known in parameters(self.layer_class).items()}
        if defaults.get("data_format", "") is None:
            defaults["data_format"] = config.image_data_format()
        return named_activations({**defaults, **self.arguments})

    def made(self) -> Any:
        """The layer, not built.

        Raises:
            ConvlabError: the arguments are refused.
        """
        return self.layer_class(**self.arguments)

    def build(self) -> tuple[Any, Array]:
        """The layer with its weights, and one input of its data format, without the batch axis.

        Raises:
            ConvlabError: the arguments, or the input's shape, are refused.
        """
        layer = self.made()
        x = self.input.values()
        _check_room(self.input, self.room)
        if layer.data_format == "channels_first":
            x = np.ascontiguousarray(np.moveaxis(x, -1, int(self.room.timed)))
        layer.build((None, *x.shape))
        layer.set_weights(self._weights(layer))
        return layer, x

    def _weights(self, layer: Any) -> list[Array]:
        """The arrays to set, in the layer's order."""
        kernels = forms(layer)
        arrays = [form.own(self.values(form)) for form in kernels.values()]
        bias = bias_form(layer)
        if bias is not None:
            (begun,) = (weight.value for weight in layer.weights if weight.name == "bias")
            arrays.append(bias.own(fitted_bias(self.bias, bias.normal(np.asarray(begun)))))
        return arrays

    def with_arguments(self, **changes: Any) -> Setting:
        """The setting with other arguments for the layer."""
        return replace(self, arguments={**self.arguments, **changes})

    def with_input(self, **changes: Any) -> Setting:
        """The setting with another input."""
        return replace(self, input=replace(self.input, **changes))

    def with_layer(self, cls: type[layers.Layer], remembered: Input | None = None) -> Setting:
        """The setting of another class, which keeps what both have in common.

        Strides and activations that were left as the class opens with them are not carried over: an
        LSTM without its tanh, or a pooling with strides of 1, would be another thing.

        Args:
            cls: one of `families.SHOWN`.
            remembered: the input to take where the present one does not lie as this class needs.
        """
        kept = carried_over(shown_class(self.layer_class), cls, self.shown_arguments())
        control = controls_of(shown_class(self.layer_class))
        for name in kept.keys() & set(_LEFT):
            usual = control[name].items(opening_value(self.layer_class, name), self.room.rank)
            if control[name].items(self.shown_arguments()[name], self.room.rank) == usual:
                del kept[name]
        chosen = self.input
        if room_of(cls) != self.room:
            chosen = remembered or opening_input_of(cls)
        kernels = self.kernels if room_of(cls) == self.room else {}
        return Setting({**opening_arguments(cls), **kept}, chosen, cls, kernels, self.bias)

    def with_name(self, form: Form, index: int, name: str) -> Setting:
        """The setting with a named kernel in one filter; the other filters keep theirs."""
        values = self.values(form).copy()
        names = self._renamed(form, index, name)
        values[..., index] = form.bank(names)[..., index]
        return self._with_kernel(form, names, values)

    def with_weight(self, form: Form, index: Sequence[int], value: float) -> Setting:
        """The setting with another value in one weight.

        Args:
            form: which of the layer's kernels.
            index: in the layer's own array.
            value: the new number.
        """
        values = self.values(form).copy()
        place = form.place(index)
        values[place] = value
        return self._with_kernel(form, self._renamed(form, place[-1], CUSTOM), values)

    def with_bias(self, layer: Any, index: int, value: float) -> Setting:
        """The setting with another bias in one filter of the built layer."""
        form = bias_form(layer)
        if form is None:
            return self
        bias = form.normal(np.asarray(layer.get_weights()[-1])).astype(float)
        bias[..., index] = value
        return replace(self, bias=bias)

    def name_of(self, form: Form, index: int) -> str:
        """The kernel's name at one filter."""
        return self.names_of(form)[index]

    def names_of(self, form: Form) -> tuple[str, ...]:
        """The kernel's names at all filters."""
        given = self.kernels.get(form.name, Kernel()).names
        known = (*form.options, CUSTOM)
        return tuple(
            given[at] if at < len(given) and given[at] in known else name
            for at, name in enumerate(form.first)
        )

    def values(self, form: Form) -> Array:
        """The weights in the normal form: named kernels anew, edited ones cut or widened."""
        edited = self.kernels.get(form.name, Kernel()).values
        shape = form.order.shape
        if edited is not None and edited.shape == shape:
            return edited
        if edited is None or edited.ndim != len(shape) or form.local:
            edited = np.zeros((*shape[:-1], 0))
        shared = range(edited.shape[-1])
        names = self.names_of(form)
        bank = form.bank(
            [form.plain if n == CUSTOM and at not in shared else n for at, n in enumerate(names)]
        )
        for index in [at for at, name in enumerate(names) if name == CUSTOM and at in shared]:
            bank[..., index] = centred(edited[..., index], shape[:-1])
        return bank

    def _with_kernel(self, form: Form, names: tuple[str, ...], values: Array) -> Setting:
        kernels = {**self.kernels, form.name: Kernel(names, values)}
        return replace(self, kernels=kernels)

    def _renamed(self, form: Form, index: int, name: str) -> tuple[str, ...]:
        names = [*self.names_of(form)]
        names[index] = name
        return tuple(names)


def _check_room(chosen: Input, room: Room) -> None:
    if chosen.room == room:
        return
    wanted = f"{room.rank} spatial axes{' and time' if room.timed else ''}"
    raise ShapeError(
        f"The layer reads an input of {wanted}.",
        received=f"an input of {chosen.room.rank}{' and time' if chosen.room.timed else ''}",
        remedy="Choose another input.",
        argument="input",
    )


def named_activations(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A layer's arguments with its activations by name, where they have one."""
    told = dict(arguments)
    for name in [name for name in told if name.endswith("activation")]:
        serialized = activations.serialize(activations.get(told[name]))
        told[name] = serialized if isinstance(serialized, str) else told[name]
    return told


def opening_value(cls: type[layers.Layer], name: str) -> Any:
    """The value of an argument with which the explorer opens a class."""
    plain = cls(**opening_arguments(shown_class(cls)))
    return named_activations(plain.arguments())[name]
