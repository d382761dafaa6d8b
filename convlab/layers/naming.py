"""Automatic names, as Keras gives them: conv2d, conv2d_1, conv2d_2 and so on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

_used: Counter[str] = Counter()


def snake_case(name: str) -> str:
    """Keras's snake case.

    >>> snake_case("DepthwiseConv2D"), snake_case("ConvLSTM2D"), snake_case("L1L2")
    ('depthwise_conv2d', 'conv_lstm2d', 'l1l2')
    """
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def automatic_name(class_name: str) -> str:
    """The next free automatic name of a class."""
    prefix = snake_case(class_name)
    count = _used[prefix]
    _used[prefix] += 1
    return f"{prefix}_{count}" if count else prefix


def numbered_from(prefix: str, many: int) -> int:
    """The first of many automatic numbers, which are taken with it; 0 stands for none.

    >>> with named_anew():
    ...     numbered_from("conv2d", 3), automatic_name("Conv2D")
    (0, 'conv2d_3')
    """
    first = _used[prefix]
    _used[prefix] += many
    return first


def printable(text: str) -> str:
    r"""Text from a file as a terminal may show it: what is no character is written as an escape.

    >>> printable("conv\x1b]0;\n")
    'conv\\x1b]0;\\n'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def reset_names() -> None:
    """Start counting again, as `keras.utils.clear_session` does."""
    _used.clear()


@contextmanager
def named_anew() -> Iterator[None]:
    """Count from the start inside, as a program does that begins; go on counting after it."""
    before = _used.copy()
    _used.clear()
    try:
        yield
    finally:
        _used.clear()
        _used.update(before)
