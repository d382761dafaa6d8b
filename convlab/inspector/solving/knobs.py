"""What can be turned on a layer, and which values are tried: its arguments, and the rules of size.

Which values are legal is not written here: the layer's own constructor is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from convlab.errors import ArgumentError, ConvlabError
from convlab.geometry import AxisGeometry, Resampling
from convlab.inspector.solving.bounds import asked, in_words, usual
from convlab.layers.construction import argument_names
from convlab.layers.cropping import BaseCropping
from convlab.layers.spatial import Spatial
from convlab.layers.up_sampling import BaseUpSampling
from convlab.layers.zero_padding import BaseZeroPadding

SYMBOLS: Mapping[str, tuple[str, ...]] = {
    "kernel_size": ("k",),
    "pool_size": ("k",),
    "strides": ("s",),
    "dilation_rate": ("d",),
    "output_padding": ("p",),
    "size": ("r",),
    "cropping": ("C_before", "C_after"),
    "padding": ("P_before", "P_after"),  # of zeros, that is: elsewhere it names a rule
}
"""The symbols that an argument's numbers have in the formulas of the geometry."""


@dataclass(frozen=True)
class Rule:
    """One way in which a layer's output size is reckoned.

    Attributes:
        chosen: the arguments that choose it, such as `{"padding": "same"}`.
        axis: an axis of it, of unknown size; its derivation has the formula.
        parity: 0 or 1 where it holds for an even or an odd reach only; else None.
    """

    chosen: Mapping[str, Any]
    axis: AxisGeometry | Resampling
    parity: int | None = None

    @property
    def numbered(self) -> bool:
        """Whether the output padding is a number in it."""
        return "output_padding" in self.chosen and self.chosen["output_padding"] is not None

    @property
    def scatters(self) -> bool:
        """Whether its axes are those of a transposed convolution."""
        return "output_padding" in self.chosen


@dataclass(frozen=True)
class Knobs:
    """A layer's arguments that decide on its sizes.

    Attributes:
        layer: the layer as it is.
        own: its values: of an argument with numbers, one for each axis (a pair where it has two
            ends); of `output_padding` None where it has none.
        tried: the values that are tried of each argument, its bounds.
        held: the arguments that keep the values that they have.
        rules: the rules among which `padding` and `output_padding` choose.
        together: whether strides and dilation may both be more than 1.
    """

    layer: Spatial
    own: Mapping[str, tuple[Any, ...] | None]
    tried: Mapping[str, tuple[Any, ...]]
    held: frozenset[str]
    rules: tuple[Rule, ...]
    together: bool

    @property
    def numbers(self) -> tuple[str, ...]:
        """The arguments that are numbers, but for the output padding."""
        return tuple(name for name in self.own if name != "output_padding")

    def values(self, name: str, axis: int) -> tuple[Any, ...]:
        """The values of an argument that are tried along an axis."""
        own = self.own.get(name)
        return (own[axis],) if name in self.held and own is not None else self.tried[name]


def knobs_of(
    layer: Spatial,
    bounds: Mapping[str, Any],
    vary: Iterable[str] | None = None,
    needed: int = 0,
) -> Knobs:
    """The knobs of a layer.

    Args:
        layer: the layer.
        bounds: the values to try of some arguments, instead of the usual ones.
        vary: the arguments that may change; None is all of them.
        needed: how many cells or times a layer that crops, pads or repeats may have to make.

    Raises:
        ArgumentError: the layer has no such argument, or none at all that decides on its sizes.
    """
    own = dict(_own(layer))
    names = [*own, "padding"] if "padding" in _names(layer) and "padding" not in own else [*own]
    if not names:
        raise ArgumentError(
            f"No argument of {layer.class_name} turns one size into another.",
            received=repr(layer),
            remedy="Use a convolution, a pooling, a cropping, a padding or an upsampling.",
            argument="layer",
        )
    for name in (*bounds, *(vary or ())):
        if name not in names:
            raise ArgumentError(
                f"{layer.class_name} has no argument `{name}` that decides on its sizes.",
                received=f"`{name}` in bounds or vary",
                remedy=f"Its arguments are {', '.join(names)}.",
                argument=name,
            )
    held = frozenset() if vary is None else frozenset(names) - {*vary, *bounds}
    values = {}
    for name in names:
        mine = own.get(name, (getattr(layer, name),))
        if name in bounds:
            values[name] = asked(name, bounds[name])
        elif name in held:
            values[name] = (None,) if mine is None else tuple(dict.fromkeys(mine))
        else:
            values[name] = usual(name, mine or (), needed if _counted(layer) else 0)
    rules = tuple(_rules(layer, values))
    if not rules:
        raise ArgumentError(
            f"{layer.class_name} accepts none of these values.",
            received=", ".join(f"{name} {in_words(given)}" for name, given in values.items()),
            remedy="Leave `bounds` away.",
            argument="bounds",
        )
    if "padding" in rules[0].chosen:
        values["padding"] = tuple(dict.fromkeys(rule.chosen["padding"] for rule in rules))
    return Knobs(layer, own, values, held, rules, _together(layer))


def _counted(layer: Spatial) -> bool:
    """Whether the sizes themselves say how large the numbers get."""
    return isinstance(layer, BaseCropping | BaseZeroPadding | BaseUpSampling)


def _names(layer: Spatial) -> list[str]:
    return argument_names(type(layer))


def _own(layer: Spatial) -> Iterator[tuple[str, tuple[Any, ...] | None]]:
    """The layer's own numbers, for each axis."""
    names = _names(layer)
    if isinstance(layer, BaseCropping | BaseZeroPadding):
        name = "cropping" if isinstance(layer, BaseCropping) else "padding"
        sides = getattr(layer, name)
        yield name, (tuple(sides),) if layer.rank == 1 else tuple(map(tuple, sides))
        return
    for name in SYMBOLS:
        if name not in names or name == "padding":
            continue
        value = getattr(layer, name)
        yield name, (value,) * layer.rank if isinstance(value, int) else value


def unknown_shape(layer: Spatial) -> tuple[None, ...]:
    """An input shape of which nothing is known but its rank."""
    return (None,) * layer.input_rank


def _rules(layer: Spatial, values: Mapping[str, tuple[Any, ...]]) -> Iterator[Rule]:
    """The rules that the layer accepts."""
    if not isinstance(layer, BaseCropping | BaseZeroPadding) and "padding" in values:
        for padding in values["padding"]:
            yield from _of_padding(layer, str(padding).lower(), values)
    else:
        yield Rule({}, layer.geometry(unknown_shape(layer))[0][0])


def _of_padding(
    layer: Spatial, padding: str, values: Mapping[str, tuple[Any, ...]]
) -> Iterator[Rule]:
    chosen: dict[str, Any] = {"padding": padding}
    if "output_padding" not in values:
        axis = _accepted(layer, chosen)
        if axis is not None:
            yield Rule(chosen, axis)
        return
    numbers = [value for value in values["output_padding"] if value is not None]
    for extra in ([None] if None in values["output_padding"] else []) + numbers[:1]:
        chosen = {"padding": padding, "output_padding": extra}
        axis = _accepted(layer, chosen)
        if axis is None:
            continue
        # with "same", a given output padding is counted from a size that depends on the parity
        parities = (0, 1) if padding == "same" and extra is not None else (None,)
        yield from (Rule(chosen, axis, parity) for parity in parities)


def _accepted(layer: Spatial, chosen: Mapping[str, Any]) -> AxisGeometry | Resampling | None:
    """An axis of the layer with these arguments; None where it refuses them."""
    plain: dict[str, Any] = {}
    if "output_padding" in chosen:
        plain = {"strides": (chosen["output_padding"] or 0) + 1, "dilation_rate": 1}
    try:
        made = layer.replace(**{"name": layer.name, **plain, **chosen})
        return made.geometry(unknown_shape(layer))[0][0]
    except ConvlabError:
        return None


def _together(layer: Spatial) -> bool:
    """Whether the layer accepts strides and dilation of more than 1 at once."""
    if not {"strides", "dilation_rate"} <= {*_names(layer)}:
        return True
    try:
        both: dict[str, Any] = {"strides": 2, "dilation_rate": 2}
        if "output_padding" in _names(layer):
            both["output_padding"] = None
        layer.replace(**{"name": layer.name, **both})
    except ConvlabError:
        return False
    return True
