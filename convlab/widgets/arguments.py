"""What the explorer offers of a layer's arguments: one description for each, no arithmetic.

Which of them a layer has, its signature says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from convlab import layers
from convlab.errors import ArgumentError
from convlab.layers.construction import argument_names

Form = Literal["one", "axes", "sides"]


@dataclass(frozen=True)
class Control:
    """One argument of the layer, as the viewer meets it.

    Args:
        name: the argument, in Keras's spelling.
        label: what stands before the control.
        help: what it does, in one line.
        low: the smallest integer.
        high: the largest.
        options: the values to choose from, in the place of a range.
        labels: what the options are called, where that is not their own text.
        form: "one" value, one for each of the "axes", or two for each: its "sides".
    """

    name: str
    label: str
    help: str
    low: int = 1
    high: int = 1
    options: tuple[Any, ...] = ()
    labels: tuple[str, ...] = ()
    form: Form = "one"

    def allows(self, value: Any) -> bool:
        """Whether the control could have sent this item."""
        if self.options:
            return any(value is option or _same(value, option) for option in self.options)
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole and self.low <= value <= self.high

    def check(self, items: Sequence[Any]) -> None:
        """Refuses items that the control could not have sent.

        Raises:
            ArgumentError: one is out of the range, or none of the options.
        """
        wrong = [item for item in items if not self.allows(item)]
        if wrong:
            raise ArgumentError(
                f"The control for `{self.name}` has a bound of its own.",
                received=f"{self.name}={wrong[0]!r}"[:80],
                remedy=f"Choose {self._choices()}.",
                argument=self.name,
            )

    def items(self, value: Any, rank: int) -> tuple[Any, ...]:
        """An argument as the items of its editors, in their order.

        >>> CONTROLS["kernel_size"].items(3, 2), _CROPPING.items(((1, 2), (3, 4)), 2)
        ((3, 3), (1, 2, 3, 4))
        """
        if self.form == "one":
            return (value,)
        if self.form == "axes":
            return tuple(value) if isinstance(value, tuple | list) else (value,) * rank
        if not isinstance(value, tuple | list):
            return (value,) * (2 * rank)
        flat = [item if isinstance(item, tuple | list) else (item, item) for item in value]
        return tuple(value) if rank == 1 else tuple(side for pair in flat for side in pair)

    def argument(self, items: Sequence[Any], rank: int) -> Any:
        """The argument that the editors' items make: the inverse of `items`.

        >>> _CROPPING.argument((1, 2, 3, 4), 2), CONTROLS["output_padding"].argument((None, 1), 2)
        (((1, 2), (3, 4)), None)
        """
        if self.form == "one":
            return items[0]
        if self.form == "axes" or rank == 1:
            return None if None in items else tuple(items)
        return tuple(zip(items[::2], items[1::2], strict=True))

    def _choices(self) -> str:
        if self.options:
            return f"one of {', '.join(map(str, self.options))}"
        return f"an integer from {self.low} to {self.high}"


def _same(value: Any, option: Any) -> bool:
    return type(value) is type(option) and bool(value == option)


ACTIVATIONS = (
    "linear", "relu", "leaky_relu", "relu6", "elu", "selu", "gelu", "silu", "sigmoid",
    "hard_sigmoid", "tanh", "softplus", "softsign", "softmax",
)  # fmt: skip
_YES_NO = (True, False)

_STRIDES = Control("strides", "strides", "How far the window moves at each step", 1, 8, form="axes")
_PADDING = Control(
    "padding",
    "padding",
    "valid: the window stays inside; same: zeros around keep the size",
    options=("valid", "same"),
)
_CROPPING = Control(
    "cropping", "cropping", "How many cells are cut off before and after", 0, 16, form="sides"
)
_SIZE = Control("size", "size", "How often each cell is repeated", 1, 6, form="axes")

CONTROLS: Mapping[str, Control] = {
    control.name: control
    for control in (
        Control(
            "kernel_size", "kernel size", "How many cells the window covers", 1, 11, form="axes"
        ),
        Control("pool_size", "pool size", "How many cells the window covers", 1, 8, form="axes"),
        _SIZE,
        _CROPPING,
        _STRIDES,
        _PADDING,
        Control("dilation_rate", "dilation", "How far apart the taps lie", 1, 8, form="axes"),
        Control(
            "output_padding",
            "output padding",
            "How many cells the output has at its end beyond the last whole stride",
            options=(None, 0, 1, 2, 3, 4, 5, 6, 7),
            labels=("None", "0", "1", "2", "3", "4", "5", "6", "7"),
            form="axes",
        ),
        Control(
            "interpolation",
            "interpolation",
            "How the new cells are computed from the old",
            options=("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"),
        ),
        Control("filters", "filters", "How many kernels, and so output channels", 1, 64),
        Control(
            "depth_multiplier", "multiplier", "How many outputs each input channel gives", 1, 8
        ),
        Control("groups", "groups", "Into how many blocks channels and filters are divided", 1, 8),
        Control(
            "data_format",
            "data format",
            "Where the channels stand in the shape",
            options=("channels_last", "channels_first"),
        ),
        Control("keepdims", "keepdims", "Whether the output keeps axes of size 1", options=_YES_NO),
        Control(
            "return_sequences",
            "sequences",
            "return_sequences: the output of every time step, or the last alone",
            options=_YES_NO,
        ),
        Control(
            "go_backwards", "backwards", "go_backwards: time runs from the end", options=_YES_NO
        ),
        Control(
            "activation", "activation", "What is done to each sum at the end", options=ACTIVATIONS
        ),
        Control(
            "recurrent_activation",
            "of the gates",
            "recurrent_activation: what is done to the sums of the three gates",
            options=ACTIVATIONS,
        ),
        Control(
            "unit_forget_bias",
            "forget bias 1",
            "unit_forget_bias: whether the forget gate begins open",
            options=_YES_NO,
        ),
        Control("use_bias", "use bias", "Whether each filter adds a number", options=_YES_NO),
    )
}
"""Argument -> how it is shown."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Geometry": (
        "kernel_size", "pool_size", "size", "cropping", "strides", "padding", "dilation_rate",
        "output_padding", "interpolation", "keepdims",
    ),
    "Channels": ("filters", "depth_multiplier", "groups", "data_format"),
    "Time": ("return_sequences", "go_backwards"),
    "Activation": ("activation", "recurrent_activation"),
}  # fmt: skip
"""Title -> the arguments below it, where a layer has them."""

_SIDES = replace(_CROPPING, name="padding", label="padding", help="How many zeros are added")
_POOL_STRIDES = replace(
    _STRIDES,
    help="How far the window moves at each step; None is the pool size",
    options=(None, 1, 2, 3, 4, 5, 6, 7, 8),
    labels=("None", "1", "2", "3", "4", "5", "6", "7", "8"),
)
_CAUSAL = replace(
    _PADDING,
    help="valid: none; same: zeros around keep the size; causal: all zeros come first",
    options=("valid", "same", "causal"),
)
_VALID = replace(_PADDING, options=("valid",))

_PARTICULAR: Mapping[tuple[str, str], Control] = {
    ("Conv1D", "padding"): _CAUSAL,
    ("UpSampling1D", "size"): replace(_SIZE, form="one"),
    **{(f"LocallyConnected{rank}D", "padding"): _VALID for rank in (1, 2)},
    **{(f"ZeroPadding{rank}D", "padding"): _SIDES for rank in (1, 2, 3)},
    **{
        (f"{kind}Pooling{rank}D", "strides"): _POOL_STRIDES
        for kind in ("Max", "Average")
        for rank in (1, 2, 3)
    },
}
"""Where a class means something else by an argument: (class, argument) -> how it is shown."""


def controls_of(cls: type[layers.Layer]) -> Mapping[str, Control]:
    """The controls of a class: argument -> how it is shown, in the order of `CONTROLS`.

    Where there is no choice there is no control.

    Example:
        >>> list(controls_of(layers.UpSampling2D))
        ['size', 'interpolation', 'data_format']
    """
    own = argument_names(cls)
    found = {
        name: _PARTICULAR.get((cls.__name__, name), control)
        for name, control in CONTROLS.items()
        if name in own
    }
    return {name: control for name, control in found.items() if len(control.options) != 1}


def grouped(cls: type[layers.Layer]) -> Iterator[tuple[str, tuple[Control, ...]]]:
    """The groups of a class that have a control, with their controls.

    >>> [title for title, _ in grouped(layers.ConvLSTM2D)]
    ['Geometry', 'Channels', 'Time', 'Activation']
    """
    known = controls_of(cls)
    for title, names in GROUPS.items():
        found = tuple(known[name] for name in names if name in known)
        if found:
            yield title, found


def carried_over(
    before: type[layers.Layer], after: type[layers.Layer], arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """The arguments that mean the same to another class, in its rank.

    A value for each axis stays where the other class has that axis; a new axis takes the last
    one's. What the other class could not show is left out.

    Args:
        before: the class that has the arguments.
        after: the class that is to have them.
        arguments: the arguments, of which those without a control are left out.

    Example:
        >>> told = {"kernel_size": (3, 5), "padding": "same", "groups": 2}
        >>> carried_over(layers.Conv2D, layers.Conv1DTranspose, told)
        {'kernel_size': (3,), 'padding': 'same'}
    """
    old, new = controls_of(before), controls_of(after)
    kept = {}
    for name in old.keys() & new.keys() & arguments.keys():
        if old[name].form != new[name].form:
            continue
        items = old[name].items(arguments[name], before.rank)  # type: ignore[attr-defined]
        items = _stretched(items, new[name].form, after.rank)  # type: ignore[attr-defined]
        if all(map(new[name].allows, items)):
            kept[name] = new[name].argument(items, after.rank)  # type: ignore[attr-defined]
    return {name: kept[name] for name in CONTROLS if name in kept}


def _stretched(items: tuple[Any, ...], form: Form, rank: int) -> tuple[Any, ...]:
    each = {"one": 1, "axes": 1, "sides": 2}[form]
    wanted = each if form == "one" else each * rank
    missing = max(0, wanted - len(items))
    return (*items, *items[-each:] * missing)[:wanted]
