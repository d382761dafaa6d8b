"""What of a layer's arguments decides whether a framework takes them.

A layer's arguments are sorted into a *situation*: for each argument one of a few labels, such as
"> 1" for `strides=(2, 2)`. The frameworks were asked about every situation once, and the table says
what they answered; so a situation is all that a reader of the table needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from convlab import layers
from convlab.geometry import AxisGeometry, arguments
from convlab.geometry.resampling import INTERPOLATIONS
from convlab.layers import config
from convlab.layers.registry import parameters

Situation = tuple[str, ...]

ONE, MORE, UNEQUAL = "= 1", "> 1", "unequal"
DEFAULT, ZERO, TOO_MUCH = "=None", "=0", ">= strides"


@dataclass(frozen=True)
class Feature:
    """One argument, sorted into labels.

    Attributes:
        argument: the argument.
        labels: what it may be, the most usual first.
        label: the label of a layer's arguments, all of them given.
        words: what a label is called where it does not read well behind the argument's name.
    """

    argument: str
    labels: tuple[str, ...]
    label: Callable[[Mapping[str, Any], int], str]
    words: Mapping[str, str]

    def phrase(self, labels: Collection[str]) -> str:
        """Some of the labels in words.

        >>> STRIDES.phrase(["> 1", "unequal"]), PADDING.phrase(["'same'"])
        ('strides > 1', "padding='same'")
        """
        if set(labels) == set(self.labels) - {ONE}:
            return f"{self.argument} > 1"
        if len(labels) > len(self.labels) - len(labels):
            others = [label for label in self.labels if label not in labels]
            if others:
                return f"any but {self._joined(others)}"
        return self._joined([label for label in self.labels if label in labels])

    def _joined(self, labels: Iterable[str]) -> str:
        return " or ".join(self._phrase(label) for label in labels)

    def _phrase(self, label: str) -> str:
        if label in self.words:
            return self.words[label]
        apart = "" if label[0] in "=" and label != ONE else " "
        return f"{self.argument}{apart}{label}".replace(f" {ONE}", "=1").replace(" '", "='")


def _tuple(values: Mapping[str, Any], name: str, rank: int) -> tuple[int, ...]:
    return arguments.tuple_of(values[name], rank, name, allow_zero=name == "output_padding")


def _steps(name: str) -> Callable[[Mapping[str, Any], int], str]:
    def label(values: Mapping[str, Any], rank: int) -> str:
        steps = _tuple(values, name, rank)
        return UNEQUAL if len(set(steps)) > 1 else ONE if steps[0] == 1 else MORE

    return label


def _strides_over(window: str) -> Callable[[Mapping[str, Any], int], str]:
    def label(values: Mapping[str, Any], rank: int) -> str:
        size = _tuple(values, window, rank)
        steps = size if values["strides"] is None else _tuple(values, "strides", rank)
        if len(set(steps)) > 1:
            return UNEQUAL
        if any(step > cells for step, cells in zip(steps, size, strict=True)) and steps[0] > 1:
            return f"> {window}"
        return ONE if steps[0] == 1 else MORE

    return label


def _padding(values: Mapping[str, Any], rank: int) -> str:  # noqa: ARG001
    padding = values["padding"]
    if not isinstance(padding, str):
        return "numbers"
    return f"'{padding.lower()}'" if padding.lower() in ("valid", "same", "causal") else "a word"


def _pooling_padding(values: Mapping[str, Any], rank: int) -> str:
    label = _padding(values, rank)
    if label in ("'valid'", "'same'"):
        return label if values["padding"].islower() else "capitals"
    return "a word"


def _data_format(values: Mapping[str, Any], rank: int) -> str:  # noqa: ARG001
    return f"'{arguments.data_format(values['data_format'], config.image_data_format())}'"


def _groups(values: Mapping[str, Any], rank: int) -> str:  # noqa: ARG001
    groups, filters = values["groups"], values["filters"]
    return ONE if groups == 1 else "uneven" if groups < 1 or filters % groups else MORE


def _extra(values: Mapping[str, Any]) -> Any:
    return values.get("output_padding")


def _output_padding(values: Mapping[str, Any], rank: int) -> str:
    if _extra(values) is None:
        return DEFAULT
    extra, steps = (_tuple(values, name, rank) for name in ("output_padding", "strides"))
    if any(more >= step for more, step in zip(extra, steps, strict=True)):
        return TOO_MUCH
    return ZERO if not any(extra) else "> 0" if all(extra) else UNEQUAL


def _parity(values: Mapping[str, Any], rank: int) -> str:
    """Whether the dilated kernel is even along an axis where output_padding adds nothing."""
    kernel, dilation = (_tuple(values, name, rank) for name in ("kernel_size", "dilation_rate"))
    extra = (1,) * rank if _extra(values) is None else _tuple(values, "output_padding", rank)
    reaches = [
        AxisGeometry(None, taps, dilation=d).reach for taps, d in zip(kernel, dilation, strict=True)
    ]
    bare = [reach for reach, more in zip(reaches, extra, strict=True) if not more]
    return "even" if any(reach % 2 == 0 for reach in bare or reaches) else "odd"


def _interpolation(values: Mapping[str, Any], rank: int) -> str:  # noqa: ARG001
    word = str(values["interpolation"]).lower()
    return f"'{word}'" if word in ("nearest", "area", *INTERPOLATIONS) else "a word"


def _amounts(name: str) -> Callable[[Mapping[str, Any], int], str]:
    def label(values: Mapping[str, Any], rank: int) -> str:
        amount = values[name]
        if isinstance(amount, int):
            return "a number" if amount >= 0 else "< 0"
        check = arguments.tuple_of if rank == 1 else arguments.pairs
        check(amount, 2 if rank == 1 else rank, name, **({"allow_zero": True} if rank == 1 else {}))
        return "pairs"

    return label


def _flag(name: str) -> Callable[[Mapping[str, Any], int], str]:
    return lambda values, _: f"={bool(values[name])}"


def _feature(
    argument: str,
    labels: Iterable[str],
    label: Callable[[Mapping[str, Any], int], str],
    **words: str,
) -> Feature:
    return Feature(
        argument, tuple(labels), label, {k.replace("_", " "): v for k, v in words.items()}
    )


_ODD_PADDING = {"numbers": "a tuple as padding", "a_word": "another word as padding"}
_PADDINGS = ("'valid'", "'same'", "'causal'", "numbers", "a word")

STRIDES = _feature("strides", (ONE, MORE, UNEQUAL), _steps("strides"), unequal="unequal strides")
KERNEL_STRIDES = _feature(
    "strides",
    (ONE, MORE, "> kernel_size", UNEQUAL),
    _strides_over("kernel_size"),
    unequal="unequal strides",
)
POOL_STRIDES = _feature(
    "strides",
    (ONE, MORE, "> pool_size", UNEQUAL),
    _strides_over("pool_size"),
    unequal="unequal strides",
)
DILATION = _feature(
    "dilation_rate", (ONE, MORE, UNEQUAL), _steps("dilation_rate"), unequal="unequal dilation_rate"
)
PADDING = _feature("padding", _PADDINGS, _padding, **_ODD_PADDING)
POOL_PADDING = _feature(
    "padding",
    ("'valid'", "'same'", "capitals", "a word"),
    _pooling_padding,
    capitals="padding in capitals",
    a_word="another word as padding",
)
DATA_FORMAT = _feature("data_format", ("'channels_last'", "'channels_first'"), _data_format)
GROUPS = _feature(
    "groups", (ONE, MORE, "uneven"), _groups, uneven="groups that do not divide the filters"
)
OUTPUT_PADDING = _feature(
    "output_padding",
    (DEFAULT, ZERO, "> 0", UNEQUAL, TOO_MUCH),
    _output_padding,
    unequal="output_padding of 0 on some axes only",
)
PARITY = _feature(
    "kernel_size",
    ("odd", "even"),
    _parity,
    odd="an odd kernel (with its dilation)",
    even="an even kernel (with its dilation)",
)
SIZE = _feature("size", (ONE, MORE, UNEQUAL), _steps("size"), unequal="unequal size")
INTERPOLATION = _feature(
    "interpolation",
    ("'nearest'", "'bilinear'", "'bicubic'", "'lanczos3'", "'lanczos5'", "'area'", "a word"),
    _interpolation,
    a_word="another word as interpolation",
)
KEEPDIMS = _feature("keepdims", ("=False", "=True"), _flag("keepdims"))


def _of_amount(name: str) -> Feature:
    return _feature(
        name,
        ("a number", "pairs", "< 0"),
        _amounts(name),
        a_number=f"one {name}",
        pairs=f"{name} in pairs",
    )


_CONV = (PADDING, KERNEL_STRIDES, DILATION, GROUPS, DATA_FORMAT)
_TRANSPOSED = (PADDING, KERNEL_STRIDES, DILATION, OUTPUT_PADDING, PARITY, DATA_FORMAT)
_WINDOW = (PADDING, KERNEL_STRIDES, DILATION, DATA_FORMAT)

_FAMILIES: dict[str, tuple[Feature, ...]] = {
    r"Conv[123]D": _CONV,
    r"Conv[123]DTranspose": _TRANSPOSED,
    r"(Depthwise|Separable)Conv[12]D": _WINDOW,
    r"ConvLSTM[123]D": _WINDOW,
    r"(Max|Average)Pooling[123]D": (POOL_PADDING, POOL_STRIDES, DATA_FORMAT),
    r"Global(Max|Average)Pooling[123]D": (KEEPDIMS, DATA_FORMAT),
    r"UpSampling2D": (INTERPOLATION, SIZE, DATA_FORMAT),
    r"UpSampling3D": (SIZE, DATA_FORMAT),
    r"Cropping1D": (_of_amount("cropping"),),
    r"Cropping[23]D": (_of_amount("cropping"), DATA_FORMAT),
    r"ZeroPadding1D": (_of_amount("padding"),),
    r"ZeroPadding[23]D": (_of_amount("padding"), DATA_FORMAT),
}


def features_of(class_name: str) -> tuple[Feature, ...]:
    """The features that decide about a class of layers; none of a class that the table lacks.

    >>> [feature.argument for feature in features_of("MaxPooling2D")]
    ['padding', 'strides', 'data_format']
    """
    for names, features in _FAMILIES.items():
        if re.fullmatch(names, class_name):
            return features
    return ()


def class_names() -> tuple[str, ...]:
    """The classes of layers that the table speaks of."""
    return tuple(
        name
        for name in layers.__all__
        if features_of(getattr(layers, name).__name__) and getattr(layers, name).__name__ == name
    )


def situation_of(class_name: str, given: Mapping[str, Any]) -> Situation:
    """The labels of a layer's arguments, in the order of `features_of`.

    Args:
        class_name: the layer's class.
        given: its arguments by name; those that are not given have their defaults.

    Raises:
        ArgumentError: an argument has a form that no framework takes, such as a stride of 0.

    >>> situation_of("MaxPooling2D", {"pool_size": 2, "strides": 3})
    ("'valid'", '> pool_size', "'channels_last'")
    """
    cls = getattr(layers, class_name)
    defaults = {name: found.default for name, found in parameters(cls).items()}
    values = {**defaults, **given}
    return tuple(feature.label(values, cls.rank) for feature in features_of(class_name))
