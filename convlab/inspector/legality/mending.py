"""Which other arguments are taken, where a layer's are not."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from convlab import layers
from convlab.inspector.legality.reading import verdicts
from convlab.layers.registry import parameters

EVERYWHERE = ("tensorflow", "jax", "torch")
"""A change of arguments must do on these."""


def mending(class_name: str, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Changes of one argument with which Keras takes a layer on every framework.

    Args:
        class_name: the layer's class.
        arguments: its arguments by name.

    Returns:
        The changes, those first that keep the most of what was asked for; none where the arguments
        are taken as they are, or no such change is known.

    Example:
        >>> mending("Conv2D", {"filters": 8, "kernel_size": 3, "strides": 2, "dilation_rate": 2})
        [{'dilation_rate': 1}, {'strides': 1}]
        >>> mending("UpSampling2D", {"interpolation": "lanczos3"})
        [{'interpolation': 'bilinear'}, {'interpolation': 'nearest'}]
    """
    found = verdicts(class_name, arguments)
    refused = [found[backend] for backend in EVERYWHERE if backend in found]
    refused = [verdict for verdict in refused if not verdict.accepted]
    if not refused:
        return []
    known = {name: one.default for name, one in parameters(getattr(layers, class_name)).items()}
    given = {**known, **arguments}
    names = dict.fromkeys(chain.from_iterable(verdict.arguments for verdict in refused))
    changes = (
        {name: value}
        for name in sorted(names, key=_LEAST_MISSED.index)
        for value in _others(class_name, name, given)
    )
    return [change for change in changes if _taken(class_name, {**arguments, **change})]


_LEAST_MISSED = (
    "padding",
    "output_padding",
    "groups",
    "interpolation",
    "dilation_rate",
    "strides",
    "kernel_size",
    "data_format",
    "cropping",
    "pool_size",
    "size",
    "keepdims",
)


def _taken(class_name: str, arguments: Mapping[str, Any]) -> bool:
    found = verdicts(class_name, arguments)
    if not all(verdict.accepted for name, verdict in found.items() if name in EVERYWHERE):
        return False
    try:
        getattr(layers, class_name)(**arguments)
    except (ValueError, TypeError):
        return False
    return True


def _each(sizes: Any, more: int) -> Iterator[Any]:
    """A size, or one per axis, by so much larger; nothing of what is no size."""
    if isinstance(sizes, int):
        yield sizes + more
    elif isinstance(sizes, tuple) and all(isinstance(size, int) for size in sizes):
        yield tuple(size + more for size in sizes)


def _others(class_name: str, name: str, given: Mapping[str, Any]) -> Iterator[Any]:
    """Other values of an argument."""
    match name:
        case "padding" | "cropping" if (
            not isinstance(given[name], str) and "Conv" not in class_name
        ):
            yield 0
        case "padding":
            yield from ("same", "valid")
        case "output_padding":
            yield from (None, 0)
            yield from _each(given["strides"], -1)
        case "groups":
            if isinstance(given["filters"], int) and isinstance(given["groups"], int):
                yield math.gcd(given["filters"], given["groups"])
            yield 1
        case "interpolation":
            yield from ("bilinear", "nearest")
        case "kernel_size":
            yield from _each(given[name], 1)
        case "data_format":
            yield "channels_last"
        case "dilation_rate" | "strides":
            yield 1
