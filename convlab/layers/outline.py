"""Keras's layers that convlab does not compute, and of which it knows the shapes.

They stand beside convolutions in so many networks that a shape error cannot be followed without
them. Source: `compute_output_shape` of the layers in `keras/src/layers/rnn`, `core/embedding.py`
and `attention`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

from convlab.errors import ArgumentTypeError, ShapeError
from convlab.layers.base import Layer, Shape, standard_shape
from convlab.layers.input_spec import check_rank
from convlab.layers.opaque import Opaque
from convlab.layers.reshaping import Permute, RepeatVector
from convlab.layers.spatial import Spatial

_RECURRENT = {"units": None, "return_sequences": False, "return_state": False}

ARGUMENTS: Mapping[str, Mapping[str, Any]] = {
    "Embedding": {"input_dim": None, "output_dim": None},
    "SimpleRNN": _RECURRENT,
    "GRU": _RECURRENT,
    "LSTM": _RECURRENT,
    "Bidirectional": {"layer": None, "merge_mode": "concat"},
    "TimeDistributed": {"layer": None},
    "Masking": {},
    "Dot": {"axes": None},
    "Attention": {},
    "AdditiveAttention": {},
    "MultiHeadAttention": {"num_heads": None, "key_dim": None, "output_shape": None},
}
"""The arguments that decide upon shapes, with their defaults; those of None come by place."""

RECURRENT = ("SimpleRNN", "GRU", "LSTM")


class Outline(Opaque):
    """A layer of Keras that is not computed here, and of which the shapes are known.

    Args:
        class_name: one of `ARGUMENTS`.
        config: its arguments; what decides upon no shape is kept, and not looked at.
        inner: the layer that it wraps, of `Bidirectional` and `TimeDistributed`.
        name: its name.
        **kwargs: `input_shape` and the like.

    Raises:
        ArgumentTypeError: an argument that decides upon the shape is not there.

    Example:
        >>> Outline("LSTM", {"units": 8, "return_sequences": True}).compute_output_shape(
        ...     (None, 7, 3)
        ... )
        (None, 7, 8)
    """

    def __init__(
        self,
        class_name: str,
        config: Mapping[str, Any] | None = None,
        inner: Layer | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        config = dict(config or {})
        if class_name == "Embedding" and config.get("input_length"):  # which Keras 3 ignores
            kwargs = {"input_shape": (config["input_length"],)} | kwargs
        self.inner = inner
        super().__init__(class_name, config, name=name, **kwargs)
        self._check()

    def _check(self) -> None:
        needed = [name for name, default in ARGUMENTS[self.class_name].items() if default is None]
        for name in needed[: 1 if self.class_name in RECURRENT else None]:
            value = self.inner if name == "layer" else self.config.get(name)
            whole = isinstance(value, Layer) or (isinstance(value, int) and value > 0)
            whole = whole or (name == "axes" and isinstance(value, int | list | tuple))
            if not whole and name != "output_shape":
                raise ArgumentTypeError(
                    f"{self.class_name} needs its argument `{name}`.",
                    received=f"{name}={value!r:.60}",
                    remedy=f"Give {name}.",
                    argument=name,
                )

    @property
    def return_sequences(self) -> bool:
        """Whether every step is given, and not the last alone."""
        inner = getattr(self.inner, "return_sequences", False)
        return bool(self.config.get("return_sequences", inner))

    @property
    def is_recurrent(self) -> bool:
        """Whether `return_sequences` is one of its arguments."""
        return self.class_name in RECURRENT or self.class_name == "Bidirectional"

    @property
    def input_rank(self) -> int | None:
        """How many axes it takes, the batch included; None where several numbers will do."""
        if self.class_name in RECURRENT:
            return 3
        inner = None if self.inner is None else rank_of(self.inner)
        return inner and inner + (self.class_name == "TimeDistributed")

    def shapes_for(self, shapes: Any) -> list[Shape]:
        """The shapes of the outputs for the shapes of the inputs.

        Raises:
            ShapeError: the layer cannot take such an input.
        """
        several = bool(shapes) and isinstance(shapes[0], list | tuple)
        first = standard_shape(shapes[0] if several else shapes)
        if self.input_rank is not None:
            check_rank(self, first, exactly=self.input_rank)
        return _RULES[self.class_name](self, [*map(standard_shape, shapes)] if several else [first])

    def replace(self, **changes: Any) -> Self:
        """A new layer with some arguments changed; those of the layer within reach that one."""
        name = changes.pop("name", None)
        inner = changes.pop("layer", self.inner)
        own = ARGUMENTS[self.class_name]
        within = {} if inner is None else {n: v for n, v in changes.items() if n not in own}
        if within and inner is not None:
            inner = inner.replace(**within)
        config = {**self.config, **{n: v for n, v in changes.items() if n not in within}}
        return type(self)(self.class_name, config, inner, name=name)

    def changed_arguments(self) -> dict[str, Any]:
        """The arguments that decide upon shapes, as far as they are no defaults."""
        told = {**self.config, "layer": self.inner}
        own = ARGUMENTS[self.class_name]
        found = {name: told[name] for name in own if told.get(name, own[name]) != own[name]}
        return found | {"name": self.name}

    def get_config(self) -> dict[str, Any]:
        """The arguments as a file has them."""
        config = super().get_config() | {"name": self.name}
        config.pop("input_length", None)
        if self.inner is not None:
            config["layer"] = {
                "module": "keras.layers",
                "class_name": self.inner.class_name,
                "config": self.inner.get_config(),
            }
        return config

    def __repr__(self) -> str:
        told = {name: value for name, value in self.changed_arguments().items() if name != "name"}
        return f"{self.class_name}({', '.join(f'{n}={value!r}' for n, value in told.items())})"


def rank_of(layer: Layer) -> int | None:
    """How many axes a layer takes, the batch included; None where several numbers will do.

    >>> from convlab.layers import Conv2D, Dense
    >>> rank_of(Conv2D(4, 3)), rank_of(Dense(4)), rank_of(Outline("LSTM", {"units": 4}))
    (4, None, 3)
    """
    if isinstance(layer, Spatial | Outline):
        return layer.input_rank
    if isinstance(layer, Permute):
        return len(layer.dims) + 1
    return 2 if isinstance(layer, RepeatVector) else None


def _embedded(layer: Outline, shapes: list[Shape]) -> list[Shape]:
    return [(*shapes[0], layer.config["output_dim"])]


def _recurrent(layer: Outline, shapes: list[Shape]) -> list[Shape]:
    batch, steps, _ = shapes[0]
    units = layer.config["units"]
    last: Shape = (batch, steps, units) if layer.return_sequences else (batch, units)
    states = 2 if layer.class_name == "LSTM" else 1
    return [last, *[(batch, units)] * (states if layer.config.get("return_state") else 0)]


def _both_ways(layer: Outline, shapes: list[Shape]) -> list[Shape]:
    if layer.inner is None:
        return shapes
    found: Any = layer.inner.compute_output_shape(shapes[0])
    out, *states = found if isinstance(found, list) else [found]
    mode = layer.config.get("merge_mode", "concat")
    joined = (*out[:-1], out[-1] * 2) if mode == "concat" else out
    return [*([out, out] if mode is None else [joined]), *states, *states]


def _each_step(layer: Outline, shapes: list[Shape]) -> list[Shape]:
    check_rank(layer, shapes[0], at_least=3)
    batch, steps, *sizes = shapes[0]
    if layer.inner is None:
        return shapes
    found = layer.inner.compute_output_shape((batch, *sizes))
    return [(batch, steps, *found[1:])]


def _attended(layer: Outline, shapes: list[Shape]) -> list[Shape]:
    if len(shapes) < 2:
        raise ShapeError(
            f"{layer.class_name} layer must be called on a list of inputs, namely [query, value] "
            "or [query, value, key].",
            received=f"one input of shape {shapes[0]}",
            remedy="Give [x, x] for self-attention.",
            argument="input_shape",
        )
    if layer.class_name != "MultiHeadAttention":
        return [(*shapes[0][:-1], shapes[1][-1])]
    given = layer.config.get("output_shape")
    sizes = given if isinstance(given, list | tuple) else [given or shapes[0][-1]]
    return [(*shapes[0][:-1], *sizes)]


def _dotted(layer: Outline, shapes: list[Shape]) -> list[Shape]:
    if len(shapes) != 2:
        raise ShapeError(
            "A `Dot` layer should be called on a list of 2 inputs.",
            received=f"{len(shapes)} inputs",
            remedy="Use Dot(axes)([a, b]).",
            argument="input_shape",
        )
    axes = layer.config["axes"]
    pair = (axes, axes) if isinstance(axes, int) else tuple(axes)
    first, second = ([*shape] for shape in shapes)
    if not all(-len(shape) <= axis < len(shape) for axis, shape in zip(pair, shapes, strict=True)):
        raise ShapeError(
            "The axes of a `Dot` layer are axes of its inputs.",
            received=f"axes={axes} for inputs of shapes {first} and {second}",
            remedy="Use axes=-1 for the last of each.",
            argument="axes",
        )
    a, b = first.pop(pair[0]), second.pop(pair[1])
    if None not in (a, b) and a != b:
        raise ShapeError(
            f"Incompatible input shapes: axis values {a} (at axis {pair[0]}) != {b} "
            f"(at axis {pair[1]}).",
            received=f"full input shapes: {shapes[0]}, {shapes[1]}",
            remedy="Give both the same size along these axes.",
            argument="input_shape",
        )
    out = (*first, *second[1:])
    return [out if len(out) > 1 else (*out, 1)]


_RULES: Mapping[str, Callable[[Outline, list[Shape]], list[Shape]]] = {
    "Embedding": _embedded,
    **dict.fromkeys(RECURRENT, _recurrent),
    "Bidirectional": _both_ways,
    "TimeDistributed": _each_step,
    "Dot": _dotted,
    "Masking": lambda _, shapes: shapes,
    **dict.fromkeys(("Attention", "AdditiveAttention", "MultiHeadAttention"), _attended),
}
