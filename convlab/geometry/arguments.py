"""The forms in which Keras takes its geometric arguments, and what it refuses.

Each function returns the one normal form, or raises an error that begins with Keras's sentence.
Source: Keras 3, `keras/src/utils/argument_validation.py` and `keras/src/backend/config.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from convlab.errors import ArgumentError, ArgumentTypeError, ConvlabError

_AXIS_NAMES = {1: ("steps",), 2: ("height", "width"), 3: ("depth", "height", "width")}

DATA_FORMATS = ("channels_last", "channels_first")


def axis_names(rank: int) -> tuple[str, ...]:
    """The names of the spatial axes of a layer of this rank.

    >>> axis_names(2)
    ('height', 'width')
    """
    return _AXIS_NAMES[rank]


def tuple_of(value: Any, n: int, name: str, *, allow_zero: bool = False) -> tuple[Any, ...]:
    """An integer, or an iterable of `n` integers, as a tuple of `n`.

    Keras's own check: True counts as 1, a bare NumPy integer is refused (inside of a tuple it is
    not), and floats inside of a tuple pass here; `whole` refuses them when the layer is built.

    Args:
        value: what the user gave.
        n: how many integers are needed.
        name: the argument's name, for the message.
        allow_zero: whether 0 is accepted beside the positive integers.

    Raises:
        ArgumentError: not an integer or `n` of them, or one that is too small.
        ArgumentTypeError: digits in a string.

    >>> tuple_of(3, 2, "kernel_size")
    (3, 3)
    >>> tuple_of([1, 2], 2, "strides")
    (1, 2)
    """
    example = f"{name}=2 or {name}=({', '.join(['2'] * n)}{',' if n == 1 else ''})"
    remedy = f"Use an integer or a tuple of {n}, such as {example}."

    def refusal(detail: str = "", refused: type[ConvlabError] = ArgumentError) -> ConvlabError:
        received = f"{name}={value}{detail}"
        rule = f"The `{name}` argument must be a tuple of {n} integers. Received {received}."
        return refused(rule, received=received, remedy=remedy, argument=name)

    if isinstance(value, int):
        items: tuple[Any, ...] = (int(value),) * n
    else:
        if not isinstance(value, Iterable) or getattr(value, "ndim", 1) == 0:  # a NumPy number
            raise refusal()
        items = tuple(value)
        if len(items) != n:
            raise refusal()
    for item in items:
        if isinstance(item, str) or not _is_number(item):
            # Keras compares "3" with 0, which is a TypeError; what is no number at all is not one
            refused = ArgumentTypeError if _is_number(item) else ArgumentError
            raise refusal(f", including element {item} of type {type(item)}", refused)
    low = {item for item in items if (item < 0 if allow_zero else item <= 0)}
    if low:
        bound = ">= 0" if allow_zero else "> 0"
        raise refusal(f", including values {low} that do not satisfy `value {bound}`")
    return tuple(_plain(item) for item in items)


def pairs(value: Any, rank: int, name: str) -> tuple[tuple[Any, Any], ...]:
    """What is cropped or padded before and after, on each of two or three axes.

    Args:
        value: an integer for every side, or one entry per axis: an integer for both of its sides,
            or a pair.
        rank: the number of axes.
        name: the argument's name, for the message.

    Raises:
        ArgumentError: another form, or a negative entry; a bare negative integer passes here.

    >>> pairs(1, 2, "cropping"), pairs(((1, 2), 3), 2, "cropping")
    (((1, 1), (1, 1)), ((1, 2), (3, 3)))
    """
    if isinstance(value, int):
        return ((int(value), int(value)),) * rank
    remedy = f"Use an integer, or a pair for each of the {rank} axes, such as " + (
        f"{name}=(({', '.join(['(1, 1)'] * rank)}))."
    )
    if not hasattr(value, "__len__") or getattr(value, "ndim", 1) == 0:
        raise ArgumentError(
            f"`{name}` should be either an int, a tuple of {rank} ints, or a tuple of {rank} "
            f"tuples of 2 ints. Received: {name}={value}.",
            received=f"{name}={value}",
            remedy=remedy,
            argument=name,
        )
    if len(value) != rank:
        count = "two" if rank == 2 else rank
        raise ArgumentError(
            f"`{name}` should have {count} elements. Received: {name}={value}.",
            received=f"{name}={value}",
            remedy=remedy,
            argument=name,
        )
    try:
        entries = [value[axis] for axis in range(rank)]
    except (KeyError, TypeError):
        raise ArgumentError(
            f"`{name}` should be a tuple of {rank} entries. Received: {name}={value}.",
            received=f"{name}={value}",
            remedy=remedy,
            argument=name,
        ) from None
    places = ("1st", "2nd", "3rd")
    found = (
        tuple_of(entry, 2, f"{place} entry of {name}", allow_zero=True)
        for entry, place in zip(entries, places, strict=False)
    )
    return tuple((before, after) for before, after in found)


def whole(values: tuple[Any, ...], name: str, *, allow_float: bool = False) -> tuple[int, ...]:
    """The tuple as integers.

    Args:
        values: what `tuple_of` gave.
        name: the argument's name, for the message.
        allow_float: whether 2.0 counts as 2, as Keras has it for strides and dilation.

    Raises:
        ArgumentError: an item is no integer.

    >>> whole((3, 3), "kernel_size")
    (3, 3)
    >>> whole((2.0, 2), "strides", allow_float=True)
    (2, 2)
    """
    if allow_float and all(value == int(value) for value in values):
        return tuple(int(value) for value in values)
    if not all(isinstance(value, int) for value in values):
        raise ArgumentError(
            f"The `{name}` argument must hold integers.",
            received=f"{name}={values}",
            remedy=f"Use {name}={tuple(int(value) for value in values)}.",
            argument=name,
        )
    return values


def conv_padding(value: Any, *, allow_causal: bool = False) -> Any:
    """The padding of a convolution, in lower case.

    A list or tuple passes, as in Keras, and is refused when the layer is built.

    Raises:
        ArgumentError: another name, or no string at all.

    >>> conv_padding("SAME")
    'same'
    """
    if isinstance(value, (list, tuple)):
        return value
    allowed = ("valid", "same", "causal") if allow_causal else ("valid", "same")
    if isinstance(value, str) and value.lower() in allowed:
        return value.lower()
    names = ", ".join(map(repr, allowed))
    remedy = f"Use one of {names}."
    if isinstance(value, str) and value.lower() == "causal":
        remedy = "Only Conv1D has causal padding; use padding='valid' or padding='same'."
    raise ArgumentError(
        f"The `padding` argument must be a list/tuple or one of {{{names}}}.",
        received=f"padding={value!r}",
        remedy=remedy,
        argument="padding",
        fixes=({"padding": "same"}, {"padding": "valid"}),
    )


def data_format(value: Any, default: str) -> str:
    """The name of a data format in lower case; None gives the default.

    Raises:
        ArgumentError: another name.

    >>> data_format("Channels_First", default="channels_last")
    'channels_first'
    """
    if value is None:
        return default
    name = str(value).lower()
    if name not in DATA_FORMATS:
        raise ArgumentError(
            "The `data_format` argument must be one of {'channels_first', 'channels_last'}.",
            received=f"data_format={value}",
            remedy="channels_last is (batch, height, width, channels), the default.",
            argument="data_format",
            fixes=({"data_format": "channels_last"}, {"data_format": "channels_first"}),
        )
    return name


def _is_number(item: Any) -> bool:
    try:
        int(item)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _plain(item: Any) -> Any:
    """Booleans and NumPy integers as int; floats stay, to be refused at build as in Keras."""
    return int(item) if isinstance(item, (int, np.integer)) else item
